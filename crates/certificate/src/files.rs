//! The files at hand: what they hold, and whether OpenSSL loads them.

use std::fmt;

use x509_cert::der::{Decode as _, asn1::AnyRef};
use zeroize::Zeroizing;

use base::finding::Finding;
use base::finding::Severity;

use super::finding::{DOES_NOT_LOAD, KEY_IS_ENCRYPTED, READ_BY_LUCK};
use super::pem::{self, Block, Body};
use super::public_key::{self, PublicKey};
use super::rustls_read::Readable;
use super::secret;
use super::x509::Certificate;

/// More certificates than a system's whole bundle holds are not looked at.
const MOST_CERTIFICATES: usize = 1000;

/// A file as it was dropped, pasted or read. It may hold a private key: it never prints, and is wiped
/// when it goes.
pub struct NamedBytes {
    /// Its name or path.
    pub name: String,
    /// What is in it.
    pub bytes: Zeroizing<Vec<u8>>,
}

impl NamedBytes {
    /// A file of this name.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name: name.into(), bytes: Zeroizing::new(bytes.into()) }
    }
}

impl fmt::Debug for NamedBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.name, self.bytes.len())
    }
}

/// A private key that was seen. Only its public half is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldKey {
    /// Its public half; `None` where it is encrypted, or its kind is not known here.
    pub public: Option<PublicKey>,
    /// `PKCS#8`, `PKCS#1`, `SEC1`
    pub form: &'static str,
    /// Whether it needs a passphrase.
    pub encrypted: bool,
}

/// What a file holds. No private key is among it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// The file's name, or the entry of a Secret: `tls.crt of the Secret redis-tls`.
    pub name: String,
    /// What the configuration may call it: the file's name without directories, the Secret's key.
    pub(super) short_name: String,
    /// Its certificates, in its order.
    pub certificates: Vec<Certificate>,
    /// Its private keys.
    pub keys: Vec<HeldKey>,
    /// Why OpenSSL loads no certificates from it; `None` where it does.
    pub(super) no_certificates: Option<String>,
    /// Why OpenSSL loads no private key from it.
    pub(super) no_key: Option<String>,
    /// What is wrong with the file itself.
    pub(super) findings: Vec<Finding>,
    /// What rustls reads of it.
    pub(super) rustls: Readable,
}

impl Holding {
    /// Whether OpenSSL loads certificates from it, as `ssl_ca_certs` and `ssl_certfile` want.
    pub fn loads_certificates(&self) -> bool {
        self.no_certificates.is_none()
    }

    /// Whether OpenSSL loads a private key from it, as `ssl_keyfile` wants, if it has the passphrase.
    pub fn loads_key(&self) -> bool {
        self.no_key.is_none()
    }
}

/// Whether a file is one for [`read`]: PEM, a certificate or key in DER, or a Secret with such.
pub fn concerns(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.contains("-----BEGIN ")
        || Certificate::read(bytes).is_some()
        || secret::is_manifest(&text)
            && secret::entries(&text)
                .is_ok_and(|entries| entries.iter().any(secret::Entry::concerns))
}

/// Reads files: PEM, or Kubernetes manifests with Secrets. Private keys are dropped on the way, but for their
/// public halves.
pub fn read(files: &[NamedBytes]) -> Vec<Holding> {
    let mut holdings = vec![];
    for file in files {
        let text = String::from_utf8_lossy(&file.bytes);
        if secret::is_manifest(&text) {
            holdings.extend(of_manifest(&file.name, &text));
        } else {
            let short = file.name.rsplit(['/', '\\']).next().unwrap_or(&file.name);
            holdings.push(of_bytes(&file.name, short, &file.bytes));
        }
    }
    holdings
}

fn of_manifest(name: &str, text: &str) -> Vec<Holding> {
    let failed = |why: String, help: &'static str| {
        let mut holding = empty(name, name);
        holding.findings.push(DOES_NOT_LOAD.found(format!("{name} {why}.")).help(help));
        vec![holding]
    };
    let entries = match secret::entries(text) {
        Ok(entries) => entries,
        Err(problem) => return failed(format!("is not YAML: {problem}"), "Correct the manifest."),
    };
    let wanted: Vec<_> = entries.into_iter().filter(secret::Entry::concerns).collect();
    if wanted.is_empty() {
        let help =
            "Give a Secret with `tls.crt`, `tls.key` or `ca.crt` under `data` or `stringData`.";
        return failed("holds no certificate and no key".to_owned(), help);
    }
    wanted
        .iter()
        .map(|entry| {
            let name = format!("{} of the Secret {}", entry.key, entry.secret);
            match &entry.value {
                Ok(bytes) => of_bytes(&name, &entry.key, bytes),
                Err(why) => {
                    let mut holding = empty(&name, &entry.key);
                    let found = DOES_NOT_LOAD
                        .found(format!("{name} {why}: Kubernetes refuses the Secret."));
                    holding
                        .findings
                        .push(found.help("Encode it with `base64`, or move it to `stringData`."));
                    holding
                }
            }
        })
        .collect()
}

fn empty(name: &str, short: &str) -> Holding {
    Holding {
        name: name.to_owned(),
        short_name: short.to_owned(),
        certificates: vec![],
        keys: vec![],
        no_certificates: Some("it holds no certificate".to_owned()),
        no_key: Some("it holds no private key".to_owned()),
        findings: vec![],
        rustls: Readable::nothing(),
    }
}

fn of_bytes(name: &str, short: &str, bytes: &[u8]) -> Holding {
    let mut holding = Holding { rustls: Readable::of(bytes), ..empty(name, short) };
    let blocks = pem::blocks(bytes);
    if blocks.is_empty() {
        let (what, help) = pem::what_else(bytes);
        holding.no_certificates = Some(format!("it {what}"));
        holding.no_key = Some(format!("it {what}"));
        // What it holds is shown all the same.
        holding.certificates.extend(Certificate::read(bytes));
        holding.findings.push(
            DOES_NOT_LOAD
                .found(format!("{name} {what}: OpenSSL loads nothing from it."))
                .help(help),
        );
        return holding;
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        holding.findings.push(READ_BY_LUCK.found(format!("{name} starts with a byte order mark.")));
    }
    for block in &blocks {
        if block.swallows {
            let message = format!(
                "In {name}, the block {} at line {} has no END line: OpenSSL reads on to the next one, and what is \
                 between is lost.",
                block.label, block.line
            );
            let help = "Add the missing `-----END …-----` line.";
            holding
                .findings
                .push(READ_BY_LUCK.found(message).severity(Severity::Warning).help(help));
        }
        let stopped = take(&mut holding, block);
        if let Some(why) = stopped {
            let place =
                format!("the block {} at line {} does not load: {why}", block.label, block.line);
            if holding.keys.is_empty() {
                holding.no_key = Some(place.clone());
            }
            let message = format!("In {name}, {place}. OpenSSL then rejects the whole file.");
            holding.findings.push(not_loaded(message, &block.label));
            holding.no_certificates = Some(place);
        }
    }
    let broken = holding.findings.iter().any(|finding| DOES_NOT_LOAD.is_of(finding));
    if !broken && !holding.certificates.is_empty() {
        holding.no_certificates = None;
    }
    if !holding.keys.is_empty() {
        holding.no_key = None;
    }
    if !broken && holding.certificates.is_empty() && holding.keys.is_empty() {
        let labels: Vec<&str> = blocks.iter().map(|block| block.label.as_str()).collect();
        let message =
            format!("{name} holds no certificate and no private key, but: {}.", labels.join(", "));
        holding.findings.push(not_loaded(message, labels.first().unwrap_or(&"")));
    }
    holding
}

/// Takes what a block holds; where OpenSSL stops at it, says why.
fn take(holding: &mut Holding, block: &Block) -> Option<String> {
    let label = block.label.as_str();
    let der = match &block.body {
        Body::Broken(why) => return Some((*why).to_owned()),
        Body::Encrypted => {
            let form = form(label).unwrap_or("PEM");
            holding.keys.push(HeldKey { public: None, form, encrypted: true });
            return None;
        }
        Body::Der(der) => der,
    };
    match label {
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => {
            if holding.certificates.len() >= MOST_CERTIFICATES {
                return None;
            }
            match Certificate::read(der) {
                Some(certificate) => holding.certificates.push(certificate),
                None if is_key(der) => return Some("it is a private key".to_owned()),
                None => return Some("it is base64, but no certificate".to_owned()),
            }
        }
        "ENCRYPTED PRIVATE KEY" => {
            holding.keys.push(HeldKey { public: None, form: "PKCS#8", encrypted: true });
        }
        _ => {
            let form = form(label)?;
            let public = match form {
                "PKCS#1" => public_key::of_pkcs1(der).map(Some),
                "SEC1" => public_key::of_sec1(der, None),
                "PKCS#8" => public_key::of_pkcs8(der),
                _ => Ok(None),
            };
            match public {
                Ok(public) => holding.keys.push(HeldKey { public, form, encrypted: false }),
                Err(()) => {
                    let found = DOES_NOT_LOAD.found(format!(
                        "In {}, the block {label} at line {} is base64, but no private key.",
                        holding.name, block.line
                    ));
                    holding
                        .findings
                        .push(found.help("Take the key from where it was made once more."));
                }
            }
        }
    }
    None
}

fn form(label: &str) -> Option<&'static str> {
    Some(match label {
        "PRIVATE KEY" | "ANY PRIVATE KEY" => "PKCS#8",
        "RSA PRIVATE KEY" => "PKCS#1",
        "EC PRIVATE KEY" => "SEC1",
        "DSA PRIVATE KEY" => "DSA",
        _ => return None,
    })
}

fn is_key(der: &[u8]) -> bool {
    AnyRef::from_der(der).is_ok()
        && (public_key::of_pkcs8(der).is_ok() || public_key::of_pkcs1(der).is_ok())
}

/// A file that does not load for a block with this label.
fn not_loaded(message: String, label: &str) -> Finding {
    let found = DOES_NOT_LOAD.found(message);
    match label {
        "OPENSSH PRIVATE KEY" => found.help("Convert the key: `ssh-keygen -p -m PEM -f FILE`."),
        "PKCS7" => found.help("Take the certificates out: `openssl pkcs7 -in FILE -print_certs`."),
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
            found.help("This is the request for a certificate: use what the CA sent back.")
        }
        "PUBLIC KEY" | "RSA PUBLIC KEY" => found
            .help("A public key is not a certificate: use the certificate, or the private key."),
        _ => found,
    }
}

/// What to say of an encrypted key.
pub(super) fn encrypted(holding: &Holding) -> Finding {
    KEY_IS_ENCRYPTED.found(format!("The private key in {} is encrypted.", holding.name))
}
