//! A certificate: what it says, as far as OpenSSL looks at it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};
use x509_cert::certificate::{Raw, TbsCertificateInner, Version};
use x509_cert::der::asn1::{AnyRef, BitStringRef, ObjectIdentifier};
use x509_cert::der::{Decode, Encode as _, Reader as _, SliceReader};
use x509_cert::ext::pkix::name::GeneralName;
use x509_cert::ext::pkix::{
    AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage,
    KeyUsage, NameConstraints, SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef};

use super::name::{AlternativeName, Distinguished};
use super::public_key::PublicKey;
use super::signature::{Algorithm, Verified};

/// Extensions that OpenSSL looks at, so that they may be critical.
const KNOWN: [&str; 13] = [
    "2.16.840.1.113730.1.1",
    "2.5.29.15",
    "2.5.29.17",
    "2.5.29.19",
    "2.5.29.30",
    "2.5.29.31",
    "2.5.29.32",
    "2.5.29.33",
    "2.5.29.36",
    "2.5.29.37",
    "2.5.29.54",
    "1.3.6.1.5.5.7.1.14",
    "1.3.6.1.5.5.7.48.1.5",
];
const CA_ISSUERS: &str = "1.3.6.1.5.5.7.48.2";

/// What a key may do (`keyUsage`), in the order of its bits.
pub const KEY_USAGES: [&str; 9] = [
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
];

/// A certificate as read.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "what OpenSSL asks of a certificate")]
pub struct Certificate {
    pub(super) subject: Distinguished,
    pub(super) issuer: Distinguished,
    /// The serial number in hex.
    pub serial: String,
    /// Valid from, in seconds since 1970.
    pub not_before: i64,
    /// Valid until, in seconds since 1970.
    pub not_after: i64,
    /// Its public key; `None` where it does not decode.
    pub key: Option<PublicKey>,
    /// How it is signed.
    pub signature: Algorithm,
    /// The names that it is for (`subjectAltName`); `None` where the extension is left out.
    pub names: Option<Vec<AlternativeName>>,
    /// `basicConstraints`: whether it is a CA, and how many CAs may be below it.
    pub constraints: Option<(bool, Option<u8>)>,
    /// `keyUsage`, by the words of [`KEY_USAGES`].
    pub key_usage: Option<Vec<&'static str>>,
    /// `extendedKeyUsage`: `serverAuth`, `clientAuth`, or numbers.
    pub purposes: Option<Vec<String>>,
    /// SHA-256 of the whole, in hex.
    pub fingerprint: String,
    pub(super) subject_key: Option<Vec<u8>>,
    pub(super) authority: Option<AuthorityKeyIdentifier>,
    pub(super) name_constraints: Option<NameConstraints>,
    pub(super) says_where_issuer_is: bool,
    /// Numbers of critical extensions that OpenSSL does not know.
    pub(super) unknown_critical: Vec<String>,
    /// Known extensions that do not decode, by name.
    pub(super) unreadable: Vec<&'static str>,
    /// Numbers of the critical extensions.
    pub(super) critical: Vec<String>,
    pub(super) is_version_3: bool,
    pub(super) has_extensions: bool,
    pub(super) algorithms_agree: bool,
    /// The whole, as it was read.
    pub(super) der: Vec<u8>,
    signed: Vec<u8>,
    seal: Vec<u8>,
}

impl Certificate {
    /// Whether CPython's client offers to verify signatures of its key.
    pub(super) fn key_is_offered(&self) -> bool {
        match &self.key {
            Some(PublicKey::Ec { curve, .. }) => curve.is_offered(),
            Some(PublicKey::Dsa(_) | PublicKey::Other(..)) => false,
            _ => true,
        }
    }

    /// `subjectKeyIdentifier`, in hex.
    pub fn subject_key_identifier(&self) -> Option<String> {
        self.subject_key.as_deref().map(hex)
    }

    /// The key of `authorityKeyIdentifier`, in hex.
    pub fn authority_key_identifier(&self) -> Option<String> {
        self.authority.as_ref()?.key_identifier.as_ref().map(|key| hex(key.as_bytes()))
    }

    /// Reads DER; what follows the certificate is passed over, as OpenSSL does.
    pub fn read(der: &[u8]) -> Option<Self> {
        let mut outer = SliceReader::new(der).ok()?;
        let whole = outer.tlv_bytes().ok()?;
        let sequence = AnyRef::from_der(whole).ok()?;
        let mut inner = SliceReader::new(sequence.value()).ok()?;
        let signed = inner.tlv_bytes().ok()?;
        let algorithm = inner.decode::<AlgorithmIdentifierRef<'_>>().ok()?;
        let seal = inner.decode::<BitStringRef<'_>>().ok()?;
        let tbs = TbsCertificateInner::<Raw>::from_der(signed).ok()?;
        let validity = tbs.validity();
        let seconds =
            |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_secs()).ok();
        let mut certificate =
            Self {
                subject: Distinguished::of(tbs.subject()),
                issuer: Distinguished::of(tbs.issuer()),
                serial: hex(tbs.serial_number().as_bytes()),
                not_before: seconds(validity.not_before)?,
                not_after: seconds(validity.not_after)?,
                key: tbs.subject_public_key_info().to_der().ok().and_then(|der| {
                    PublicKey::of_spki(&SubjectPublicKeyInfoRef::from_der(&der).ok()?)
                }),
                signature: Algorithm::of(&algorithm),
                names: None,
                constraints: None,
                key_usage: None,
                purposes: None,
                fingerprint: hex(&Sha256::digest(whole)),
                subject_key: None,
                authority: None,
                name_constraints: None,
                says_where_issuer_is: false,
                unknown_critical: vec![],
                unreadable: vec![],
                critical: vec![],
                is_version_3: tbs.version() == Version::V3,
                has_extensions: tbs.extensions().is_some_and(|list| !list.is_empty()),
                algorithms_agree: tbs.signature().to_der().ok() == algorithm.to_der().ok(),
                der: whole.to_vec(),
                signed: signed.to_vec(),
                seal: seal.raw_bytes().to_vec(),
            };
        for extension in tbs.extensions().into_iter().flatten() {
            let number = extension.extn_id.to_string();
            certificate.extension(&number, extension.extn_value.as_bytes());
            if extension.critical {
                if !KNOWN.contains(&number.as_str()) {
                    certificate.unknown_critical.push(number.clone());
                }
                certificate.critical.push(number);
            }
        }
        Some(certificate)
    }

    fn extension(&mut self, number: &str, value: &[u8]) {
        let read = match number {
            "2.5.29.14" => SubjectKeyIdentifier::from_der(value)
                .map(|key| self.subject_key = Some(key.0.as_bytes().to_vec()))
                .map_err(|_| "subjectKeyIdentifier"),
            "2.5.29.15" => KeyUsage::from_der(value)
                .map(|usage| {
                    let bits = usage.0.bits();
                    let set = KEY_USAGES.iter().enumerate().filter(|(bit, _)| bits >> bit & 1 == 1);
                    self.key_usage = Some(set.map(|(_, name)| *name).collect());
                })
                .map_err(|_| "keyUsage"),
            "2.5.29.17" => SubjectAltName::from_der(value)
                .map(|names| self.names = Some(names.0.iter().map(alternative).collect()))
                .map_err(|_| "subjectAltName"),
            "2.5.29.19" => BasicConstraints::from_der(value)
                .map(|constraints| {
                    self.constraints = Some((constraints.ca, constraints.path_len_constraint));
                })
                .map_err(|_| "basicConstraints"),
            "2.5.29.30" => NameConstraints::from_der(value)
                .map(|constraints| self.name_constraints = Some(constraints))
                .map_err(|_| "nameConstraints"),
            "2.5.29.35" => AuthorityKeyIdentifier::from_der(value)
                .map(|authority| self.authority = Some(authority))
                .map_err(|_| "authorityKeyIdentifier"),
            "2.5.29.37" => ExtendedKeyUsage::from_der(value)
                .map(|usages| self.purposes = Some(usages.0.iter().map(purpose).collect()))
                .map_err(|_| "extendedKeyUsage"),
            "1.3.6.1.5.5.7.1.1" => {
                let access = AuthorityInfoAccessSyntax::from_der(value);
                self.says_where_issuer_is = access.is_ok_and(|list| {
                    list.0.iter().any(|one| one.access_method.to_string() == CA_ISSUERS)
                });
                Ok(())
            }
            _ => Ok(()),
        };
        self.unreadable.extend(read.err());
    }

    /// Who it is for: `O = Example, CN = redis.example`.
    pub fn subject(&self) -> &str {
        &self.subject.text
    }

    /// Who signed it.
    pub fn issuer(&self) -> &str {
        &self.issuer.text
    }

    /// The common names of the subject.
    pub fn common_names(&self) -> &[String] {
        &self.subject.common_names
    }

    /// The name that fits a host, as it stands in the certificate.
    pub fn fits(&self, host: &str) -> Option<String> {
        super::name::fitting(host, self.names.as_deref().unwrap_or(&[]), &self.subject.common_names)
    }

    /// The whole days until it expires, below zero once it has.
    pub fn days_left(&self, now: i64) -> i64 {
        (self.not_after - now).div_euclid(86_400)
    }

    /// Whether it says that it is signed by itself, as OpenSSL sees it: names, key identifiers, kind of key.
    pub fn is_self_signed(&self) -> bool {
        self.subject.is(&self.issuer) && self.may_be_issued_by(self)
    }

    /// Whether subject and issuer are the same name.
    pub(super) fn is_self_issued(&self) -> bool {
        self.subject.is(&self.issuer)
    }

    /// Whether the other certificate looks like this one's issuer: `ossl_x509_likely_issued`.
    pub(super) fn may_be_issued_by(&self, issuer: &Self) -> bool {
        if !self.issuer.is(&issuer.subject) {
            return false;
        }
        if let Some(authority) = &self.authority {
            let key =
                authority.key_identifier.as_ref().map(x509_cert::der::asn1::OctetString::as_bytes);
            if let (Some(wanted), Some(there)) = (key, &issuer.subject_key)
                && wanted != there
            {
                return false;
            }
            let serial = authority.authority_cert_serial_number.as_ref();
            if serial.is_some_and(|serial| hex(serial.as_bytes()) != issuer.serial) {
                return false;
            }
            if self.issuer_of_issuer().is_some_and(|name| !name.is(&issuer.issuer)) {
                return false;
            }
        }
        let known = !matches!(self.signature, Algorithm::Other(_));
        known && issuer.key.as_ref().is_some_and(|key| self.signature.fits(key))
    }

    /// The name of the issuer's issuer, where the certificate says it (`authorityCertIssuer`).
    pub(super) fn issuer_of_issuer(&self) -> Option<Distinguished> {
        let names = self.authority.as_ref()?.authority_cert_issuer.as_ref()?;
        names.iter().find_map(|name| match name {
            GeneralName::DirectoryName(name) => Some(Distinguished::of(name)),
            _ => None,
        })
    }

    /// Whether the key signed this certificate.
    pub(super) fn is_signed_with(&self, key: &PublicKey) -> Verified {
        self.signature.verify(key, &self.signed, &self.seal)
    }

    /// Whether `keyUsage` is there and allows none of these.
    pub(super) fn forbids(&self, usages: &[&str]) -> bool {
        self.key_usage.as_ref().is_some_and(|set| !set.iter().any(|usage| usages.contains(usage)))
    }

    /// Whether OpenSSL takes it for a CA, and whether by its `basicConstraints` (`X509_check_ca`).
    pub(super) fn authority(&self) -> Authority {
        if self.forbids(&["keyCertSign"]) {
            return Authority::No;
        }
        match self.constraints {
            Some((true, _)) => Authority::Yes,
            None if !self.is_version_3 && self.is_self_signed() => Authority::OldStyle,
            None if self.key_usage.is_some() => Authority::OldStyle,
            Some((false, _)) | None => Authority::No,
        }
    }
}

/// Whether a certificate may sign others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Authority {
    No,
    Yes,
    /// Without `basicConstraints`: good enough for a root.
    OldStyle,
}

/// Whether the missing issuer is itself signed by another authority: the certificate names that one, says
/// where to fetch its issuer, or carries the organisation of a trusted CA.
pub(super) fn issuer_is_intermediate(certificate: &Certificate, trusted: &[&Certificate]) -> bool {
    let issuer = &certificate.issuer;
    if let Some(above) = certificate.issuer_of_issuer() {
        return !above.is(issuer);
    }
    if certificate.says_where_issuer_is {
        return true;
    }
    let text = issuer.text.to_lowercase();
    if ["intermediate", "issuing", "sub ca", "subordinate"].iter().any(|word| text.contains(word)) {
        return true;
    }
    issuer.organisation.is_some()
        && trusted
            .iter()
            .any(|one| one.subject.organisation == issuer.organisation && !one.subject.is(issuer))
}

fn purpose(oid: &ObjectIdentifier) -> String {
    let number = oid.to_string();
    let name = match number.as_str() {
        "1.3.6.1.5.5.7.3.1" => "serverAuth",
        "1.3.6.1.5.5.7.3.2" => "clientAuth",
        "1.3.6.1.5.5.7.3.3" => "codeSigning",
        "1.3.6.1.5.5.7.3.4" => "emailProtection",
        "1.3.6.1.5.5.7.3.8" => "timeStamping",
        "1.3.6.1.5.5.7.3.9" => "OCSPSigning",
        "2.5.29.37.0" => "anyExtendedKeyUsage",
        "1.3.6.1.4.1.311.10.3.3" => "msSGC",
        "2.16.840.1.113730.4.1" => "nsSGC",
        _ => return number,
    };
    name.to_owned()
}

fn alternative(name: &GeneralName) -> AlternativeName {
    match name {
        GeneralName::DnsName(name) => AlternativeName::Dns(name.as_str().to_owned()),
        GeneralName::IpAddress(bytes) => {
            let bytes = bytes.as_bytes();
            let address = <[u8; 4]>::try_from(bytes)
                .map(std::net::IpAddr::from)
                .or_else(|_| <[u8; 16]>::try_from(bytes).map(std::net::IpAddr::from));
            match address {
                Ok(address) => AlternativeName::Ip(address),
                Err(_) => AlternativeName::Other(format!("IP:(not an address: {})", hex(bytes))),
            }
        }
        GeneralName::UniformResourceIdentifier(uri) => {
            AlternativeName::Other(format!("URI:{}", uri.as_str()))
        }
        GeneralName::Rfc822Name(mail) => AlternativeName::Other(format!("email:{}", mail.as_str())),
        GeneralName::DirectoryName(name) => {
            AlternativeName::Other(format!("directory name:{}", Distinguished::of(name).text))
        }
        _ => AlternativeName::Other("a name of another kind".to_owned()),
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a String does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
