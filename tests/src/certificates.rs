//! Certificates for tests, good and bad, made on the spot.

use std::path::{Path, PathBuf};

use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::symm::Cipher;
use openssl::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName,
    SubjectKeyIdentifier,
};
use openssl::x509::{X509, X509Builder, X509NameBuilder};

const DAY: i64 = 86_400;

/// A certificate with its private key.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate.
    pub certificate: X509,
    /// Its key.
    pub key: PKey<Private>,
}

/// A kind of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// NIST P-256.
    Ec,
    /// RSA with this many bits.
    Rsa(u32),
}

/// What a certificate is to say.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The common name.
    pub common_name: &'static str,
    /// DNS names.
    pub dns: Vec<&'static str>,
    /// IP addresses.
    pub ips: Vec<&'static str>,
    /// Valid from so many days from now.
    pub from: i64,
    /// Valid until so many days from now.
    pub until: i64,
    /// The key.
    pub key: Key,
    /// Whether it is a CA.
    pub ca: bool,
    /// Fit for clients only.
    pub client_only: bool,
    /// Signed with SHA-1.
    pub sha1: bool,
}

impl Wish {
    /// A good server certificate for `localhost` and `127.0.0.1`.
    pub fn server() -> Self {
        Self {
            common_name: "redis.test",
            dns: vec!["localhost", "redis.test"],
            ips: vec!["127.0.0.1"],
            from: -1,
            until: 90,
            key: Key::Ec,
            ca: false,
            client_only: false,
            sha1: false,
        }
    }

    /// A good client certificate.
    pub fn client() -> Self {
        Self {
            common_name: "litellm",
            dns: Vec::new(),
            ips: Vec::new(),
            client_only: true,
            ..Self::server()
        }
    }

    /// A certificate authority.
    pub fn authority(common_name: &'static str) -> Self {
        Self { common_name, dns: Vec::new(), ips: Vec::new(), ca: true, ..Self::server() }
    }
}

impl Identity {
    /// A certificate signed by `issuer`, or by itself.
    ///
    /// # Errors
    /// When OpenSSL refuses the wish.
    pub fn new(wish: &Wish, issuer: Option<&Self>) -> Result<Self, ErrorStack> {
        let key = match wish.key {
            Key::Ec => {
                let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
                PKey::from_ec_key(EcKey::generate(&group)?)?
            }
            Key::Rsa(bits) => PKey::from_rsa(Rsa::generate(bits)?)?,
        };
        let mut name = X509NameBuilder::new()?;
        name.append_entry_by_nid(Nid::COMMONNAME, wish.common_name)?;
        let name = name.build();
        let mut builder = X509::builder()?;
        builder.set_version(2)?;
        let mut serial = BigNum::new()?;
        serial.rand(96, MsbOption::MAYBE_ZERO, false)?;
        builder.set_serial_number(serial.to_asn1_integer()?.as_ref())?;
        builder.set_subject_name(&name)?;
        builder
            .set_issuer_name(issuer.map_or(&*name, |issuer| issuer.certificate.subject_name()))?;
        builder.set_pubkey(&key)?;
        builder.set_not_before(&*at(wish.from)?)?;
        builder.set_not_after(&*at(wish.until)?)?;
        extend(&mut builder, wish, issuer)?;
        let digest = if wish.sha1 { MessageDigest::sha1() } else { MessageDigest::sha256() };
        builder.sign(issuer.map_or(&key, |issuer| &issuer.key), digest)?;
        Ok(Self { certificate: builder.build(), key })
    }

    /// The certificate as PEM.
    ///
    /// # Errors
    /// When OpenSSL can't write it.
    pub fn certificate_pem(&self) -> Result<Vec<u8>, ErrorStack> {
        self.certificate.to_pem()
    }

    /// Writes `name.crt` and `name.key`, the certificates of `chain` after the own one.
    ///
    /// # Errors
    /// When a file can't be written.
    pub fn write(
        &self,
        directory: &Path,
        name: &str,
        chain: &[&Self],
    ) -> Result<Files, Box<dyn std::error::Error>> {
        let files = Files {
            certificate: directory.join(format!("{name}.crt")),
            key: directory.join(format!("{name}.key")),
        };
        let mut pem = self.certificate_pem()?;
        for link in chain {
            pem.extend(link.certificate_pem()?);
        }
        std::fs::write(&files.certificate, pem)?;
        std::fs::write(&files.key, self.key.private_key_to_pem_pkcs8()?)?;
        Ok(files)
    }

    /// Writes the key encrypted with this passphrase.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn write_encrypted_key(
        &self,
        path: &Path,
        passphrase: &str,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let pem = self
            .key
            .private_key_to_pem_pkcs8_passphrase(Cipher::aes_256_cbc(), passphrase.as_bytes())?;
        std::fs::write(path, pem)?;
        Ok(())
    }
}

/// The files of an [`Identity`].
#[derive(Clone, Debug)]
pub struct Files {
    /// PEM certificates.
    pub certificate: PathBuf,
    /// The PEM key.
    pub key: PathBuf,
}

fn extend(
    builder: &mut X509Builder,
    wish: &Wish,
    issuer: Option<&Identity>,
) -> Result<(), ErrorStack> {
    if wish.ca {
        builder.append_extension(BasicConstraints::new().critical().ca().build()?)?;
        builder.append_extension(KeyUsage::new().critical().key_cert_sign().crl_sign().build()?)?;
    } else {
        let mut usage = ExtendedKeyUsage::new();
        if wish.client_only {
            usage.client_auth();
        } else {
            usage.server_auth();
        }
        builder.append_extension(usage.build()?)?;
    }
    let issuer_certificate = issuer.map(|issuer| &*issuer.certificate);
    let subject_key = SubjectKeyIdentifier::new().build(&builder.x509v3_context(None, None))?;
    builder.append_extension(subject_key)?;
    if issuer_certificate.is_some() {
        let authority = AuthorityKeyIdentifier::new()
            .keyid(true)
            .build(&builder.x509v3_context(issuer_certificate, None))?;
        builder.append_extension(authority)?;
    }
    if !wish.dns.is_empty() || !wish.ips.is_empty() {
        let mut names = SubjectAlternativeName::new();
        for dns in &wish.dns {
            names.dns(dns);
        }
        for ip in &wish.ips {
            names.ip(ip);
        }
        let names = names.build(&builder.x509v3_context(issuer_certificate, None))?;
        builder.append_extension(names)?;
    }
    Ok(())
}

fn at(days: i64) -> Result<Asn1Time, ErrorStack> {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs());
    Asn1Time::from_unix(i64::try_from(now).unwrap_or(0) + days * DAY)
}
