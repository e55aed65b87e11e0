//! What rustls, and LiteLLM's Rust client before it, reads of a file: less than OpenSSL does.

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::{PemObject as _, SectionKind};
use x509_cert::der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef, UintRef};
use x509_cert::der::{Decode as _, Reader as _, SliceReader};
use x509_cert::spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

const PBES2: &str = "1.2.840.113549.1.5.13";
const PBKDF2: &str = "1.2.840.113549.1.5.12";
const SCRYPT: &str = "1.3.6.1.4.1.11591.4.11";
/// HMAC with SHA-224 to SHA-512. SHA-1, which is PBKDF2's default, is not among them.
const PSEUDO_RANDOM: [&str; 4] =
    ["1.2.840.113549.2.8", "1.2.840.113549.2.9", "1.2.840.113549.2.10", "1.2.840.113549.2.11"];
/// AES-CBC of 128, 192 and 256 bits, and 3DES.
const CIPHERS: [&str; 4] = [
    "2.16.840.1.101.3.4.1.2",
    "2.16.840.1.101.3.4.1.22",
    "2.16.840.1.101.3.4.1.42",
    "1.2.840.113549.3.7",
];

/// A file to rustls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Readable {
    /// Its certificates in DER, or why it is given up.
    pub(super) certificates: Result<Vec<Vec<u8>>, String>,
    /// Its private key.
    pub(super) key: KeyForm,
}

/// The form of a file's private key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyForm {
    /// There is none.
    Missing,
    /// PKCS#8, PKCS#1 or SEC1.
    Plain,
    /// PKCS#8, encrypted by means that the Rust client has.
    Encrypted,
    /// PKCS#8, encrypted by other means.
    EncryptedOddly,
    /// OpenSSL's old form, `Proc-Type: 4,ENCRYPTED`, which the Rust client refuses.
    OldEncrypted,
}

impl Readable {
    /// A file of which nothing is read.
    pub(super) fn nothing() -> Self {
        Self { certificates: Ok(vec![]), key: KeyForm::Missing }
    }

    /// Whether rustls reads no certificate from it.
    pub(super) fn is_without_certificates(&self) -> bool {
        self.certificates.as_ref().map_or(true, Vec::is_empty)
    }

    /// `CertificateDer::pem_slice_iter` and `PrivateKeyDer::from_pem_slice`, as redis-rs calls them.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let certificates = CertificateDer::pem_slice_iter(bytes)
            .map(|one| one.map(|der| der.to_vec()).map_err(|error| error.to_string()))
            .collect();
        Self { certificates, key: key_form(bytes) }
    }
}

/// The form of a file's private key, as LiteLLM's Rust client sees it.
pub fn key_form(bytes: &[u8]) -> KeyForm {
    let has = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
    if has("Proc-Type: 4,ENCRYPTED") {
        return KeyForm::OldEncrypted;
    }
    if has("-----BEGIN ENCRYPTED PRIVATE KEY-----") {
        let known = encrypted(bytes).is_some_and(|der| by_known_means(&der).is_some());
        return if known { KeyForm::Encrypted } else { KeyForm::EncryptedOddly };
    }
    for section in <(SectionKind, Vec<u8>)>::pem_slice_iter(bytes) {
        // What stops rustls stops it here, too.
        let Ok((kind, der)) = section else { return KeyForm::Missing };
        drop(Zeroizing::new(der));
        if matches!(
            kind,
            SectionKind::PrivateKey | SectionKind::RsaPrivateKey | SectionKind::EcPrivateKey
        ) {
            return KeyForm::Plain;
        }
    }
    KeyForm::Missing
}

/// The block `ENCRYPTED PRIVATE KEY` in DER.
fn encrypted(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (_, from) = text.split_once("-----BEGIN ENCRYPTED PRIVATE KEY-----")?;
    let (body, _) = from.split_once("-----END")?;
    base::base64::bytes(&body.split_ascii_whitespace().collect::<String>())
}

/// Whether LiteLLM's decryption, the crate `pkcs5`, has what the key is encrypted by.
fn by_known_means(der: &[u8]) -> Option<()> {
    let whole = AnyRef::from_der(der).ok()?;
    let mut reader = SliceReader::new(whole.value()).ok()?;
    let scheme = reader.decode::<AlgorithmIdentifierRef<'_>>().ok()?;
    let parts = scheme.parameters.filter(|_| scheme.oid == oid(PBES2))?;
    let mut reader = SliceReader::new(parts.value()).ok()?;
    let derivation = reader.decode::<AlgorithmIdentifierRef<'_>>().ok()?;
    let cipher = reader.decode::<AlgorithmIdentifierRef<'_>>().ok()?;
    if !CIPHERS.iter().any(|known| cipher.oid == oid(known)) {
        return None;
    }
    if derivation.oid == oid(SCRYPT) {
        return Some(());
    }
    let parts = derivation.parameters.filter(|_| derivation.oid == oid(PBKDF2))?;
    let mut reader = SliceReader::new(parts.value()).ok()?;
    reader.decode::<&OctetStringRef>().ok()?;
    reader.decode::<UintRef<'_>>().ok()?;
    let mut next = reader.decode::<AnyRef<'_>>().ok()?;
    if next.decode_as::<UintRef<'_>>().is_ok() {
        next = reader.decode::<AnyRef<'_>>().ok()?;
    }
    let function = next.decode_as::<AlgorithmIdentifierRef<'_>>().ok()?;
    PSEUDO_RANDOM.iter().any(|known| function.oid == oid(known)).then_some(())
}

fn oid(number: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(number)
}
