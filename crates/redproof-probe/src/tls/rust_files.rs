//! Certificates and keys as LiteLLM's Rust client reads them from files.

use std::fs;
use std::path::{Path, PathBuf};

use openssl::pkey::{Id, PKey};
use redproof_core::certificate::{KeyForm, key_form};
use redproof_core::secret::Secret;
use rustls::crypto::CryptoProvider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::sign::CertifiedKey;
use rustls::{Error, InconsistentKeys};

use super::context::{readable, unreadable};
use super::file;
use crate::options::FileAccess;
use crate::outcome::{Failure, ProbeOutcome, Side};
use crate::small_file;
use crate::tls_settings::{ClientCertificate, TlsSettings};

/// What the settings trust, in PEM; `None` where they name nothing. All that they name counts.
pub(super) fn authorities(
    settings: &TlsSettings,
    files: &FileAccess,
) -> Result<Option<Vec<u8>>, Failure> {
    let mut pem = vec![];
    if let Some(path) = &settings.ca_file {
        let path = Path::new(path);
        pem.push(read("ssl_ca_certs", path, files, ProbeOutcome::CaFileMissing)?);
    }
    if let Some(folder) = &settings.ca_path {
        pem.extend(folder_of_authorities(Path::new(folder), files)?);
    }
    pem.extend(settings.ca_data.as_ref().map(|data| data.clone().into_bytes()));
    Ok((!pem.is_empty() || settings.ca_path.is_some()).then(|| pem.join(&b'\n')))
}

/// What is behind an authority that rustls does not know: it passes over a file without certificates.
pub(super) fn explain_unknown(failure: Failure, settings: &TlsSettings) -> Failure {
    let about = [ProbeOutcome::UnknownCa, ProbeOutcome::ChainIncomplete].contains(&failure.outcome);
    let Some(path) = settings.ca_file.as_ref().map(Path::new).filter(|_| about) else {
        return failure;
    };
    let finds_none = |pem: Vec<u8>| CertificateDer::pem_slice_iter(&pem).next().is_none();
    if !small_file::read(path).is_ok_and(finds_none) {
        return failure;
    }
    let said =
        format!("{} In {} rustls finds no certificate at all.", failure.detail, path.display());
    Failure { detail: said, ..failure }
        .presented(file::describe(path))
        .expected("CA certificates in PEM")
        .help("Make the file of `ssl_ca_certs` plain PEM: `-----BEGIN CERTIFICATE-----` blocks, each whole.")
        .help_or(file::cure(path, "ssl_ca_certs"))
        .side(Side::Client)
}

/// Every file of the directory of `ssl_ca_path`, whatever its name.
fn folder_of_authorities(folder: &Path, files: &FileAccess) -> Result<Vec<Vec<u8>>, Failure> {
    const NAME: &str = "ssl_ca_path";
    let refused = |error| unreadable(NAME, folder, &error, ProbeOutcome::CaFileMissing);
    readable(NAME, folder, files, ProbeOutcome::CaFileMissing)?;
    if !folder.is_dir() {
        let text = format!("`{NAME}` names {}, which is not a directory.", folder.display());
        return Err(Failure::new(ProbeOutcome::CaFileInvalid, text)
            .presented("a file")
            .expected("a directory of CA certificates in PEM")
            .help("Name the file in `ssl_ca_certs`, or its directory in `ssl_ca_path`."));
    }
    let mut read = vec![];
    let mut room = small_file::LARGEST;
    for entry in fs::read_dir(folder).map_err(refused)? {
        let path = entry.map_err(refused)?.path();
        if !path.is_file() || !files.allows(&path) {
            continue;
        }
        let bytes = small_file::read(&path).map_err(refused)?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        room = room.checked_sub(length).ok_or_else(|| {
            let text =
                format!("The files of `{NAME}` hold more than {} MiB.", small_file::LARGEST >> 20);
            Failure::new(ProbeOutcome::CaFileInvalid, text)
        })?;
        read.push(bytes);
    }
    Ok(read)
}

/// A client's certificate and key, as they stand in their files.
pub(super) struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
    /// The key's size, where it is RSA.
    rsa_bits: Option<u32>,
    certfile: PathBuf,
    keyfile: PathBuf,
}

impl Identity {
    /// The files of the settings; the key is in the certificate's where no other is named.
    pub(super) fn read(settings: &ClientCertificate, files: &FileAccess) -> Result<Self, Failure> {
        let certfile = PathBuf::from(settings.certfile.as_deref().unwrap_or_default());
        let certificate = read("ssl_certfile", &certfile, files, ProbeOutcome::CertFileMissing)?;
        let (keyfile, name) = match &settings.keyfile {
            Some(path) => (PathBuf::from(path), "ssl_keyfile"),
            None => (certfile.clone(), "ssl_certfile"),
        };
        let pem = read(name, &keyfile, files, ProbeOutcome::CertFileMissing)?;
        let key = private_key(name, &keyfile, &pem, settings.password.as_ref())?;
        let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&certificate).collect();
        let chain = chain.map_err(|error| {
            Failure::new(
                ProbeOutcome::CertFileMissing,
                format!("rustls does not read the PEM of {}: {error}.", certfile.display()),
            )
            .presented(file::describe(&certfile))
            .expected("the client's certificate in PEM")
        })?;
        let parsed = PKey::private_key_from_der(key.secret_der()).ok();
        let rsa_bits = parsed.filter(|key| key.id() == Id::RSA).map(|key| key.bits());
        Ok(Self { chain, key, rsa_bits, certfile, keyfile })
    }

    /// `ConfigBuilder::with_client_auth_cert`
    pub(super) fn certified(self, provider: &CryptoProvider) -> Result<CertifiedKey, Failure> {
        let Self { chain, key, rsa_bits, certfile, keyfile } = self;
        CertifiedKey::from_der(chain, key, provider).map_err(|error| match error {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => Failure::new(
                ProbeOutcome::ClientKeyMismatch,
                format!(
                    "The private key in {} does not belong to the certificate in {}.",
                    keyfile.display(),
                    certfile.display()
                ),
            ),
            Error::NoCertificatesPresented => Failure::new(
                ProbeOutcome::CertFileMissing,
                format!("{} holds no PEM certificate that rustls reads.", certfile.display()),
            )
            .presented(file::describe(&certfile))
            .expected("the client's certificate in PEM")
            .help_or(file::cure(&certfile, "ssl_certfile")),
            Error::General(why) => {
                let weak = rsa_bits.is_some_and(|bits| bits < 2048);
                let outcome =
                    if weak { ProbeOutcome::WeakCert } else { ProbeOutcome::CertFileMissing };
                Failure::new(
                    outcome,
                    format!("rustls does not sign with the key in {}: {why}.", keyfile.display()),
                )
                .presented("a key of another kind or size")
                .expected("RSA of 2048 to 4096 bits, EC on P-256 or P-384, or Ed25519")
                .help("Issue a client certificate with such a key: LiteLLM's Rust client has no other.")
                .side(crate::outcome::Side::Client)
            }
            error => Failure::new(
                ProbeOutcome::CertFileMissing,
                format!("rustls refuses the certificate in {}: {error}.", certfile.display()),
            )
            .presented("a certificate that rustls does not take")
            .expected("a client certificate of X.509 version 3")
            .help(
                "Issue it as X.509 version 3: `openssl x509 -req … -extfile FILE` with one extension, such as \
                 `extendedKeyUsage=clientAuth`.",
            ),
        })
    }
}

fn private_key(
    name: &str,
    path: &Path,
    pem: &[u8],
    password: Option<&Secret>,
) -> Result<PrivateKeyDer<'static>, Failure> {
    let shown = path.display();
    let encrypted = |text: String, help: &str| {
        Failure::new(ProbeOutcome::ClientKeyEncrypted, text)
            .expected("a key that LiteLLM's Rust client opens")
            .help(help)
    };
    let convert = format!(
        "Convert it: `openssl pkcs8 -topk8 -v2 aes-256-cbc -v2prf hmacWithSHA256 -in {shown} -out {shown}.p8`."
    );
    let password = password.map(Secret::reveal).filter(|text| !text.is_empty());
    match (key_form(pem), password) {
        (KeyForm::OldEncrypted, _) => Err(encrypted(
            format!(
                "{shown} is encrypted in OpenSSL's old form, which the Rust client refuses, with its password too."
            ),
            &convert,
        )),
        (KeyForm::Encrypted | KeyForm::EncryptedOddly, None) => Err(encrypted(
            format!("{shown} is encrypted, and there is no `ssl_password`."),
            "Use a private key without a passphrase, or set `ssl_password`.",
        )),
        (KeyForm::EncryptedOddly, Some(_)) => Err(encrypted(
            format!("{shown} is encrypted by means that LiteLLM's Rust client lacks."),
            &convert,
        )),
        (KeyForm::Encrypted, Some(password)) => {
            PKey::private_key_from_pem_passphrase(pem, password.as_bytes())
                .and_then(|key| key.private_key_to_pkcs8())
                .map(|der| PrivatePkcs8KeyDer::from(der).into())
                .map_err(|_| {
                    encrypted(
                        format!("{shown} is encrypted, and `ssl_password` does not open it."),
                        "Set `ssl_password` to the key's passphrase.",
                    )
                })
        }
        (KeyForm::Plain | KeyForm::Missing, _) => {
            PrivateKeyDer::from_pem_slice(pem).map_err(|_| {
                let text =
                    format!("`{name}` names {shown}, in which rustls finds no PEM private key.");
                Failure::new(ProbeOutcome::CertFileMissing, text)
                    .presented(file::describe(path))
                    .expected("the certificate's private key in PEM")
                    .help("Set `ssl_keyfile` to the PEM private key of the client's certificate.")
                    .help_or(file::cure(path, name))
            })
        }
    }
}

/// A file's bytes, or why the client has none.
fn read(
    name: &str,
    path: &Path,
    files: &FileAccess,
    missing: ProbeOutcome,
) -> Result<Vec<u8>, Failure> {
    readable(name, path, files, missing)?;
    if path.is_dir() {
        let invalid = match missing {
            ProbeOutcome::CaFileMissing => ProbeOutcome::CaFileInvalid,
            other => other,
        };
        let text = format!("`{name}` names {}, which is a directory.", path.display());
        return Err(Failure::new(invalid, text)
            .presented("a directory")
            .expected("a file in PEM")
            .help_or(
                (name == "ssl_ca_certs").then(|| "Name a directory in `ssl_ca_path`.".to_owned()),
            ));
    }
    small_file::read(path).map_err(|error| unreadable(name, path, &error, missing))
}
