//! Names: distinguished ones in words, and a certificate's names against a host, as OpenSSL and CPython
//! match them.

use std::net::IpAddr;

use x509_cert::der::Tag;
use x509_cert::der::Tagged;
use x509_cert::der::asn1::{Any, ObjectIdentifier};
use x509_cert::name::Name;

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");
const ORGANIZATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.10");

/// A distinguished name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Distinguished {
    /// `O = Example, CN = redis.example`, as `openssl` prints it.
    pub(super) text: String,
    /// What two names are compared by: per part its attributes and their values, as OpenSSL makes them
    /// alike (case, white space).
    parts: Vec<Vec<(ObjectIdentifier, Vec<u8>)>>,
    pub(super) common_names: Vec<String>,
    pub(super) organisation: Option<String>,
}

impl Distinguished {
    pub(super) fn of(name: &Name) -> Self {
        let mut it =
            Self { text: String::new(), parts: vec![], common_names: vec![], organisation: None };
        let mut words = vec![];
        for part in name.iter_rdn() {
            let mut canonical = vec![];
            for attribute in part.iter() {
                let value = text(&attribute.value);
                let shown = value.as_deref().map_or_else(|| "(unreadable)".to_owned(), printable);
                words.push(format!("{} = {shown}", key(attribute.oid)));
                if attribute.oid == COMMON_NAME {
                    it.common_names.extend(value.clone());
                } else if attribute.oid == ORGANIZATION {
                    it.organisation = it.organisation.or_else(|| value.clone());
                }
                canonical.push((
                    attribute.oid,
                    value.map_or_else(
                        || attribute.value.value().to_vec(),
                        |text| alike(&text).into_bytes(),
                    ),
                ));
            }
            it.parts.push(canonical);
        }
        it.text = if words.is_empty() { "(empty)".to_owned() } else { words.join(", ") };
        it
    }

    /// Whether OpenSSL takes the two for the same name.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.parts == other.parts
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// Whether the name begins with all of `base`, as `nameConstraints` have it.
    pub(super) fn is_below(&self, base: &Self) -> bool {
        self.parts.starts_with(&base.parts)
    }
}

/// A text without what would move a terminal's cursor.
pub(super) fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(300).collect()
}

fn alike(text: &str) -> String {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    words.join(" ").to_ascii_lowercase()
}

fn key(oid: ObjectIdentifier) -> String {
    let text = oid.to_string();
    let short = match text.as_str() {
        "2.5.4.3" => "CN",
        "2.5.4.4" => "SN",
        "2.5.4.5" => "serialNumber",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "street",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "2.5.4.12" => "title",
        "2.5.4.42" => "GN",
        "2.5.4.46" => "dnQualifier",
        "2.5.4.97" => "organizationIdentifier",
        "0.9.2342.19200300.100.1.1" => "UID",
        "0.9.2342.19200300.100.1.25" => "DC",
        "1.2.840.113549.1.9.1" => "emailAddress",
        _ => return text,
    };
    short.to_owned()
}

fn text(value: &Any) -> Option<String> {
    let bytes = value.value();
    match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::Ia5String => {
            String::from_utf8(bytes.to_vec()).ok()
        }
        Tag::TeletexString => Some(bytes.iter().map(|byte| char::from(*byte)).collect()),
        Tag::BmpString => {
            let units: Vec<u16> =
                bytes.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
            String::from_utf16(&units).ok()
        }
        _ => None,
    }
}

/// One of the names that a certificate is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AlternativeName {
    /// `DNS:redis.example`
    Dns(String),
    /// `IP:10.0.0.1`
    Ip(IpAddr),
    /// Something that no client compares with a host: a URI, an e-mail address, a directory name. The
    /// text says which.
    Other(String),
}

impl std::fmt::Display for AlternativeName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Dns(name) => write!(f, "DNS:{}", printable(name)),
            Self::Ip(address) => write!(f, "IP:{address}"),
            Self::Other(text) => f.write_str(&printable(text)),
        }
    }
}

/// The name that fits the host, as it stands in the certificate; `None` where none does.
///
/// `X509_check_host` and `X509_check_ip` with CPython's flags: no wildcards for part of a label, and the common
/// name counts where no DNS name stands.
pub(super) fn fitting(
    host: &str,
    names: &[AlternativeName],
    common_names: &[String],
) -> Option<String> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return names.contains(&AlternativeName::Ip(address)).then(|| format!("IP:{address}"));
    }
    // CPython refuses it, and OpenSSL would take it for a pattern.
    if host.starts_with('.') {
        return None;
    }
    let dns: Vec<&str> = names
        .iter()
        .filter_map(|name| match name {
            AlternativeName::Dns(name) => Some(name.as_str()),
            AlternativeName::Ip(_) | AlternativeName::Other(_) => None,
        })
        .collect();
    if dns.is_empty() {
        let name = common_names.iter().find(|name| fits(name, host))?;
        return Some(format!("CN {}", printable(name)));
    }
    let name = dns.into_iter().find(|name| fits(name, host))?;
    Some(format!("DNS:{}", printable(name)))
}

/// Whether a DNS name, which may be a wildcard, fits a host.
fn fits(pattern: &str, host: &str) -> bool {
    let Some(suffix) = pattern.strip_prefix('*').filter(|_| is_wildcard(pattern)) else {
        return pattern.eq_ignore_ascii_case(host);
    };
    let Some(label) = host.len().checked_sub(suffix.len()).and_then(|at| {
        let (label, rest) = host.split_at_checked(at)?;
        rest.eq_ignore_ascii_case(suffix).then_some(label)
    }) else {
        return false;
    };
    label == "*"
        || !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// OpenSSL's `valid_star`: `*` is the whole first label, two dots come after it, and the others are proper
/// labels.
fn is_wildcard(pattern: &str) -> bool {
    let Some(rest) = pattern.strip_prefix("*.") else {
        return false;
    };
    let proper = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    rest.contains('.') && rest.split('.').all(proper)
}

#[cfg(test)]
mod tests {
    use super::{AlternativeName, fits, fitting};

    #[test]
    fn wildcards_stand_for_one_whole_label() {
        for (pattern, host, expected) in [
            ("*.redis.test", "a.redis.test", true),
            ("*.redis.test", "A.Redis.Test", true),
            ("*.redis.test", "redis.test", false),
            ("*.redis.test", ".redis.test", false),
            ("*.redis.test", "a.b.redis.test", false),
            ("*.redis.test", "a_b.redis.test", false),
            ("*.redis.test", "é.redis.test", false),
            ("*.redis_1.test", "a.redis_1.test", false),
            ("a*.redis.test", "ab.redis.test", false),
            ("*a.redis.test", "ba.redis.test", false),
            ("a.*.test", "a.redis.test", false),
            ("*.test", "redis.test", false),
            ("*", "localhost", false),
            ("*.redis.test.", "a.redis.test.", false),
            ("redis_1.test", "redis_1.test", true),
            ("redis.test", "redis.test.", false),
        ] {
            assert_eq!(fits(pattern, host), expected, "{pattern} and {host}");
        }
    }

    #[test]
    fn the_common_name_counts_where_no_dns_name_stands() {
        let ip = AlternativeName::Ip([10, 0, 0, 1].into());
        let dns = AlternativeName::Dns("elsewhere.test".to_owned());
        let common = ["localhost".to_owned()];
        assert_eq!(
            fitting("localhost", std::slice::from_ref(&ip), &common).as_deref(),
            Some("CN localhost")
        );
        assert_eq!(fitting("localhost", &[dns], &common), None);
        assert_eq!(fitting("10.0.0.1", &[ip], &common).as_deref(), Some("IP:10.0.0.1"));
        assert_eq!(fitting("127.0.0.1", &[], &["127.0.0.1".to_owned()]), None);
    }
}
