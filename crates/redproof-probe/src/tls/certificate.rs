//! A certificate in words.

use std::fmt::Write;
use std::net::IpAddr;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKeyRef, Public};
use openssl::x509::{X509, X509NameRef, X509Ref};

use crate::reply::presentable;
use crate::report::CertificateReport;

const SECONDS_PER_DAY: i64 = 86_400;

/// Everything that a report says of a certificate.
pub(crate) fn describe(certificate: &X509Ref) -> CertificateReport {
    let not_after = unix_seconds(certificate.not_after());
    CertificateReport {
        subject: name(certificate.subject_name()),
        issuer: name(certificate.issuer_name()),
        sans: sans(certificate),
        not_before: rfc3339(unix_seconds(certificate.not_before())),
        not_after: rfc3339(not_after),
        not_after_seconds: not_after,
        days_left: (not_after - now()).div_euclid(SECONDS_PER_DAY),
        key: certificate
            .public_key()
            .map_or_else(|_| "unknown".to_owned(), |key| describe_key(&key)),
        signature: nid_name(certificate.signature_algorithm().object().nid()),
        fingerprint_sha256: certificate
            .digest(MessageDigest::sha256())
            .map_or_else(|_| String::new(), |digest| hex(&digest)),
    }
}

/// The first certificate of a PEM file.
pub(crate) fn of_file(path: &Path) -> Option<CertificateReport> {
    let pem = std::fs::read(path).ok()?;
    X509::from_pem(&pem).ok().map(|certificate| describe(&certificate))
}

/// `O = Example, CN = redis.example`, as `openssl` prints names.
pub(crate) fn name(name: &X509NameRef) -> String {
    let parts: Vec<String> = name
        .entries()
        .map(|entry| {
            let key = entry
                .object()
                .nid()
                .short_name()
                .map_or_else(|_| entry.object().to_string(), str::to_owned);
            let value = entry.data().to_string().unwrap_or_else(|_| "(unreadable)".to_owned());
            format!("{key} = {}", presentable(&value))
        })
        .collect();
    if parts.is_empty() { "(empty)".to_owned() } else { parts.join(", ") }
}

/// The subject alternative names: `DNS:redis.example`, `IP:10.0.0.1`.
pub(crate) fn sans(certificate: &X509Ref) -> Vec<String> {
    let Some(names) = certificate.subject_alt_names() else {
        return Vec::new();
    };
    names
        .iter()
        .take(100)
        .map(|name| {
            if let Some(dns) = name.dnsname() {
                format!("DNS:{}", presentable(dns))
            } else if let Some(bytes) = name.ipaddress() {
                address(bytes)
            } else if let Some(uri) = name.uri() {
                format!("URI:{}", presentable(uri))
            } else if let Some(email) = name.email() {
                format!("email:{}", presentable(email))
            } else {
                "other".to_owned()
            }
        })
        .collect()
}

/// The names that a client may check a host against, for people: the SANs, else the CN.
pub(crate) fn names_for_people(certificate: &X509Ref) -> String {
    let sans = sans(certificate);
    let common_names: Vec<String> = certificate
        .subject_name()
        .entries_by_nid(Nid::COMMONNAME)
        .filter_map(|entry| entry.data().to_string().ok())
        .map(|text| format!("CN {}", presentable(&text)))
        .collect();
    let all = [sans, common_names].concat();
    if all.is_empty() {
        "a certificate without any name".to_owned()
    } else {
        format!("a certificate for {}", all.join(", "))
    }
}

fn address(bytes: &[u8]) -> String {
    let address = <[u8; 4]>::try_from(bytes)
        .map(IpAddr::from)
        .or_else(|_| <[u8; 16]>::try_from(bytes).map(IpAddr::from));
    address.map_or_else(
        |_| format!("IP:(not an address: {})", hex(bytes)),
        |address| format!("IP:{address}"),
    )
}

fn describe_key(key: &PKeyRef<Public>) -> String {
    match key.id() {
        Id::RSA => format!("RSA {}", key.bits()),
        Id::EC => {
            let curve = key
                .ec_key()
                .ok()
                .and_then(|key| key.group().curve_name())
                .map_or_else(|| key.bits().to_string(), nid_name);
            format!("EC {curve}")
        }
        Id::ED25519 => "ED25519".to_owned(),
        Id::ED448 => "ED448".to_owned(),
        Id::DSA => format!("DSA {}", key.bits()),
        _ => format!("{} bits", key.bits()),
    }
}

fn nid_name(nid: Nid) -> String {
    nid.long_name().unwrap_or("unknown").to_owned()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn now() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since_epoch.as_secs()).unwrap_or(i64::MAX)
}

fn unix_seconds(time: &Asn1TimeRef) -> i64 {
    Asn1Time::from_unix(0).and_then(|epoch| epoch.diff(time)).map_or(0, |difference| {
        i64::from(difference.days) * SECONDS_PER_DAY + i64::from(difference.secs)
    })
}

/// Unix seconds as `2026-11-21T07:06:27Z`.
fn rfc3339(seconds: i64) -> String {
    let (days, of_day) = (seconds.div_euclid(SECONDS_PER_DAY), seconds.rem_euclid(SECONDS_PER_DAY));
    let (year, month, day) = civil_from_days(days);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// The proleptic Gregorian date of a day counted from 1970-01-01 (Howard Hinnant's algorithm).
pub(crate) fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = (month_from_march + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn dates_are_gregorian() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(1_795_244_787), "2026-11-21T07:06:27Z");
        assert_eq!(rfc3339(-1), "1969-12-31T23:59:59Z");
    }
}
