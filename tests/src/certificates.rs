//! Certificates for tests, good and bad, made on the spot.

use std::path::{Path, PathBuf};

use openssl::asn1::{Asn1Object, Asn1OctetString, Asn1Time};
use openssl::bn::{BigNum, MsbOption};
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{Id, PKey, Private};
use openssl::rsa::Rsa;
use openssl::symm::Cipher;
use openssl::x509::extension::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAlternativeName,
    SubjectKeyIdentifier,
};
use openssl::x509::{X509, X509Builder, X509Extension, X509NameBuilder, X509Ref};

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
    /// Another curve.
    Curve(Nid),
    /// RSA with this many bits.
    Rsa(u32),
    /// Edwards curve 25519.
    Ed25519,
    /// Edwards curve 448.
    Ed448,
}

/// What a certificate's key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// The extension is left out.
    Unsaid,
    /// `keyCertSign, cRLSign`.
    Sign,
    /// `digitalSignature`.
    DigitalSignature,
    /// `dataEncipherment`: no use in TLS.
    DataEncipherment,
}

/// What a certificate is for (extended key usage).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The extension is left out.
    Unsaid,
    /// TLS servers.
    Server,
    /// TLS clients.
    Client,
    /// Both.
    Both,
    /// `anyExtendedKeyUsage`.
    Any,
}

/// The hash of the signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "named for what they are")]
pub enum Hash {
    Md5,
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

/// What a certificate is to say.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The common name; empty for none.
    pub common_name: &'static str,
    /// DNS names.
    pub dns: Vec<&'static str>,
    /// IP addresses.
    pub ips: Vec<&'static str>,
    /// URIs.
    pub uris: Vec<&'static str>,
    /// Valid from so many days from now.
    pub from: i64,
    /// Valid until so many days from now.
    pub until: i64,
    /// The key.
    pub key: Key,
    /// `basicConstraints`: `CA:TRUE`, `CA:FALSE`, or left out.
    pub ca: Option<bool>,
    /// How many CAs may be below this one.
    pub path_length: Option<u32>,
    /// What the key may do.
    pub usage: Usage,
    /// What it is for.
    pub purpose: Purpose,
    /// The hash that its signature is over.
    pub hash: Hash,
    /// The only DNS name that certificates below may carry.
    pub only_names: Option<&'static str>,
    /// A critical extension that nobody knows.
    pub unknown_extension: bool,
    /// No key identifiers, as old tools make them.
    pub without_identifiers: bool,
    /// X.509 version 1, without extensions, as `openssl x509 -req` makes it.
    pub version_1: bool,
    /// How many random bits the serial number has.
    pub serial_bits: i32,
}

impl Wish {
    /// A good server certificate for `localhost` and `127.0.0.1`.
    pub fn server() -> Self {
        Self {
            common_name: "redis.test",
            dns: vec!["localhost", "redis.test"],
            ips: vec!["127.0.0.1"],
            uris: Vec::new(),
            from: -1,
            until: 90,
            key: Key::Ec,
            ca: None,
            path_length: None,
            usage: Usage::Unsaid,
            purpose: Purpose::Server,
            hash: Hash::Sha256,
            only_names: None,
            unknown_extension: false,
            without_identifiers: false,
            version_1: false,
            serial_bits: 96,
        }
    }

    /// A good client certificate.
    pub fn client() -> Self {
        Self {
            common_name: "litellm",
            dns: Vec::new(),
            ips: Vec::new(),
            purpose: Purpose::Client,
            ..Self::server()
        }
    }

    /// A certificate authority.
    pub fn authority(common_name: &'static str) -> Self {
        Self {
            common_name,
            ca: Some(true),
            usage: Usage::Sign,
            purpose: Purpose::Unsaid,
            ..Self::server()
        }
        .named(&[], &[])
    }

    /// With these names alone.
    #[must_use]
    pub fn named(self, dns: &[&'static str], ips: &[&'static str]) -> Self {
        Self { dns: dns.to_vec(), ips: ips.to_vec(), ..self }
    }
}

impl Identity {
    /// A certificate signed by `issuer`, or by itself.
    ///
    /// # Errors
    /// When OpenSSL refuses the wish.
    pub fn new(wish: &Wish, issuer: Option<&Self>) -> Result<Self, ErrorStack> {
        Self::with_key(wish, generate(wish.key)?, issuer)
    }

    /// [`Self::new`] with a key that is there already.
    ///
    /// # Errors
    /// When OpenSSL refuses the wish.
    pub fn with_key(
        wish: &Wish,
        key: PKey<Private>,
        issuer: Option<&Self>,
    ) -> Result<Self, ErrorStack> {
        let mut name = X509NameBuilder::new()?;
        if !wish.common_name.is_empty() {
            name.append_entry_by_nid(Nid::COMMONNAME, wish.common_name)?;
        }
        let name = name.build();
        let mut builder = X509::builder()?;
        builder.set_version(if wish.version_1 { 0 } else { 2 })?;
        let mut serial = BigNum::new()?;
        let top = if wish.serial_bits > 159 { MsbOption::ONE } else { MsbOption::MAYBE_ZERO };
        serial.rand(wish.serial_bits, top, false)?;
        builder.set_serial_number(serial.to_asn1_integer()?.as_ref())?;
        builder.set_subject_name(&name)?;
        builder
            .set_issuer_name(issuer.map_or(&*name, |issuer| issuer.certificate.subject_name()))?;
        builder.set_pubkey(&key)?;
        builder.set_not_before(&*at(wish.from)?)?;
        builder.set_not_after(&*at(wish.until)?)?;
        if !wish.version_1 {
            extend(&mut builder, wish, issuer)?;
        }
        let signer = issuer.map_or(&key, |issuer| &issuer.key);
        let digest = match (signer.id(), wish.hash) {
            // Edwards curves bring their own.
            (Id::ED25519 | Id::ED448, _) => MessageDigest::null(),
            (_, Hash::Md5) => MessageDigest::md5(),
            (_, Hash::Sha1) => MessageDigest::sha1(),
            (_, Hash::Sha224) => MessageDigest::sha224(),
            (_, Hash::Sha384) => MessageDigest::sha384(),
            (_, Hash::Sha256) => MessageDigest::sha256(),
            (_, Hash::Sha512) => MessageDigest::sha512(),
        };
        builder.sign(signer, digest)?;
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

/// What servers, and their clients, are told of TLS.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    /// The authority's certificate.
    pub authority: String,
    /// The own certificate.
    pub certificate: String,
    /// Its key.
    pub key: String,
}

impl TlsFiles {
    /// An identity's files, and those of the authority that is trusted.
    pub fn new(own: &Files, authority: &Files) -> Self {
        Self {
            authority: authority.certificate.display().to_string(),
            certificate: own.certificate.display().to_string(),
            key: own.key.display().to_string(),
        }
    }

    /// `redis-server` arguments for a TLS port alone, without client certificates. Of arguments
    /// that are there twice, the last counts.
    pub fn arguments(&self) -> Vec<&str> {
        vec![
            "--port",
            "0",
            "--tls-port",
            "{port}",
            "--tls-cert-file",
            &self.certificate,
            "--tls-key-file",
            &self.key,
            "--tls-ca-cert-file",
            &self.authority,
            "--tls-auth-clients",
            "no",
            "--tls-replication",
            "yes",
        ]
    }
}

fn extend(
    builder: &mut X509Builder,
    wish: &Wish,
    issuer: Option<&Identity>,
) -> Result<(), ErrorStack> {
    if let Some(ca) = wish.ca {
        let mut constraints = BasicConstraints::new();
        constraints.critical();
        if ca {
            constraints.ca();
        }
        if let Some(length) = wish.path_length {
            constraints.pathlen(length);
        }
        builder.append_extension(constraints.build()?)?;
    }
    let mut usage = KeyUsage::new();
    match wish.usage {
        Usage::Unsaid => {}
        Usage::Sign => drop(usage.key_cert_sign().crl_sign()),
        Usage::DigitalSignature => drop(usage.digital_signature()),
        Usage::DataEncipherment => drop(usage.data_encipherment()),
    }
    if wish.usage != Usage::Unsaid {
        builder.append_extension(usage.critical().build()?)?;
    }
    let mut purpose = ExtendedKeyUsage::new();
    match wish.purpose {
        Purpose::Unsaid => {}
        Purpose::Server => drop(purpose.server_auth()),
        Purpose::Client => drop(purpose.client_auth()),
        Purpose::Both => drop(purpose.server_auth().client_auth()),
        Purpose::Any => drop(purpose.other("anyExtendedKeyUsage")),
    }
    if wish.purpose != Purpose::Unsaid {
        builder.append_extension(purpose.build()?)?;
    }
    let issuer_certificate = issuer.map(|issuer| &*issuer.certificate);
    if !wish.without_identifiers {
        identify(builder, issuer_certificate)?;
    }
    if !(wish.dns.is_empty() && wish.ips.is_empty() && wish.uris.is_empty()) {
        let mut names = SubjectAlternativeName::new();
        for dns in &wish.dns {
            names.dns(dns);
        }
        for ip in &wish.ips {
            names.ip(ip);
        }
        for uri in &wish.uris {
            names.uri(uri);
        }
        let names = names.build(&builder.x509v3_context(issuer_certificate, None))?;
        builder.append_extension(names)?;
    }
    if let Some(name) = wish.only_names {
        builder.append_extension(only_names(name)?)?;
    }
    if wish.unknown_extension {
        let oid = Asn1Object::from_str("1.3.6.1.4.1.55555.1")?;
        let content = Asn1OctetString::new_from_bytes(&[0x05, 0x00])?;
        builder.append_extension(X509Extension::new_from_der(&oid, true, &content)?)?;
    }
    Ok(())
}

fn identify(builder: &mut X509Builder, issuer: Option<&X509Ref>) -> Result<(), ErrorStack> {
    let subject_key = SubjectKeyIdentifier::new().build(&builder.x509v3_context(None, None))?;
    builder.append_extension(subject_key)?;
    if issuer.is_some() {
        let authority = AuthorityKeyIdentifier::new()
            .keyid(true)
            .build(&builder.x509v3_context(issuer, None))?;
        builder.append_extension(authority)?;
    }
    Ok(())
}

/// `nameConstraints` that permits one DNS name and what is below it, in DER.
fn only_names(name: &str) -> Result<X509Extension, ErrorStack> {
    let wrap = |tag: u8, content: &[u8]| {
        let length = u8::try_from(content.len()).unwrap_or(0x7f);
        [&[tag, length], content].concat()
    };
    let subtree = wrap(0x30, &wrap(0x82, name.as_bytes()));
    let constraints = wrap(0x30, &wrap(0xa0, &subtree));
    let content = Asn1OctetString::new_from_bytes(&constraints)?;
    X509Extension::new_from_der(Asn1Object::from_str("2.5.29.30")?.as_ref(), true, &content)
}

fn generate(key: Key) -> Result<PKey<Private>, ErrorStack> {
    let curve = |nid| PKey::from_ec_key(EcKey::generate(EcGroup::from_curve_name(nid)?.as_ref())?);
    match key {
        Key::Ec => curve(Nid::X9_62_PRIME256V1),
        Key::Curve(nid) => curve(nid),
        Key::Rsa(bits) => PKey::from_rsa(Rsa::generate(bits)?),
        Key::Ed25519 => PKey::generate_ed25519(),
        Key::Ed448 => PKey::generate_ed448(),
    }
}

fn at(days: i64) -> Result<Asn1Time, ErrorStack> {
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_secs());
    Asn1Time::from_unix(i64::try_from(now).unwrap_or(0) + days * DAY)
}
