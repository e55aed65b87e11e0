//! A certificate in words.

use std::collections::HashMap;
use std::fmt::Write;
use std::net::IpAddr;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKeyRef, Public};
use openssl::x509::{X509, X509NameRef, X509Ref};
use redproof_core::calendar::rfc3339;
use redproof_core::certificate::Certificate;

use crate::redis::reply::presentable;
use crate::report::CertificateReport;

const SECONDS_PER_DAY: i64 = 86_400;

/// Certificates that servers sent, each read and described once: a thousand nodes may send the same.
#[derive(Debug, Default)]
pub(crate) struct Described(Mutex<HashMap<Vec<u8>, (X509, CertificateReport)>>);

impl Described {
    /// A certificate in DER; `None` where OpenSSL does not read it.
    pub(crate) fn of(&self, der: &[u8]) -> Option<(X509, CertificateReport)> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(described) = known.get(der) {
            return Some(described.clone());
        }
        let certificate = X509::from_der(der).ok()?;
        let report = describe(&certificate);
        let described = (certificate, report);
        known.insert(der.to_owned(), described.clone());
        Some(described)
    }
}

/// Everything that a report says of a certificate.
pub(crate) fn describe(certificate: &X509Ref) -> CertificateReport {
    let not_after = unix_seconds(certificate.not_after());
    let read = certificate.to_der().ok().and_then(|der| Certificate::read(&der));
    let read = read.as_ref();
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
        is_ca: read.and_then(|read| read.constraints).map(|(is_ca, _)| is_ca),
        key_usage: read.and_then(|read| read.key_usage.clone()),
        extended_key_usage: read.and_then(|read| read.purposes.clone()),
        subject_key_identifier: read.and_then(Certificate::subject_key_identifier),
        authority_key_identifier: read.and_then(Certificate::authority_key_identifier),
        fingerprint_sha256: certificate
            .digest(MessageDigest::sha256())
            .map_or_else(|_| String::new(), |digest| hex(&digest)),
    }
}

/// All certificates of a PEM file, up to so many.
pub(crate) fn all_of_file(path: &Path, most: usize) -> Vec<CertificateReport> {
    let pem = crate::small_file::read(path).unwrap_or_default();
    let all = X509::stack_from_pem(&pem).unwrap_or_default();
    all.iter().take(most).map(|certificate| describe(certificate)).collect()
}

/// The first certificate of a PEM file.
pub(crate) fn of_file(path: &Path) -> Option<CertificateReport> {
    let pem = crate::small_file::read(path).ok()?;
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
