//! OpenSSL contexts as CPython's `ssl.create_default_context()` and redis-py set them up.

use std::io;
use std::path::{Path, PathBuf};

use openssl::error::ErrorStack;
use openssl::pkey::PKey;
use openssl::ssl::{SslContext, SslContextBuilder, SslFiletype, SslMethod, SslOptions, SslVersion};
use openssl::x509::X509;
use openssl::x509::store::{X509Lookup, X509Store, X509StoreBuilder};
use openssl::x509::verify::{X509VerifyFlags, X509VerifyParamRef};

use super::roots::DefaultRoots;
use super::{asked, certificate, file};
use crate::options::FileAccess;
use crate::outcome::{Failure, ProbeOutcome, Side};
use crate::small_file;
use crate::tls_settings::{ClientCertificate, TlsSettings};

/// CPython's own suites (`PY_SSL_DEFAULT_CIPHER_STRING`): security level 2 refuses keys below 112
/// bits of strength and SHA-1 signatures.
const CPYTHON_CIPHERS: &str =
    "@SECLEVEL=2:ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:DHE+AES:!aNULL:!eNULL:!aDSS:!SHA1:!AESCCM";

/// The context that redis-py builds from these settings, and in its order: what fails first, fails
/// first here.
pub(crate) fn build(
    settings: &TlsSettings,
    roots: Option<&DefaultRoots>,
    flags: u64,
    files: &FileAccess,
) -> Result<SslContext, Failure> {
    let mut builder = cpython_default(roots).map_err(|error| internal(&error))?;
    verify_with(builder.verify_param_mut(), flags).map_err(|error| internal(&error))?;
    if let Some(certificate) = &settings.client_certificate {
        load_cert_chain(&mut builder, certificate, files)?;
    }
    load_authorities(&mut builder, settings, files)?;
    if let Some(number) = settings.min_version {
        let version = tls_version(number)?;
        builder.set_min_proto_version(version).map_err(|error| internal(&error))?;
    }
    if let Some(ciphers) = &settings.ciphers {
        builder.set_cipher_list(ciphers).map_err(|_| {
            Failure::new(
                ProbeOutcome::InvalidConfig,
                "`ssl_ciphers` selects no cipher that OpenSSL has.",
            )
        })?;
    }
    asked::listen(&mut builder);
    Ok(builder.build())
}

/// What the settings trust, in a store that verifies by these parameters. A context would take three times as long to
/// make as a store, and the one of the handshake has judged the files by then.
pub(super) fn authorities(
    settings: &TlsSettings,
    roots: Option<&DefaultRoots>,
    parameters: &X509VerifyParamRef,
) -> Result<X509Store, ErrorStack> {
    let mut store = X509StoreBuilder::new()?;
    if let Some(roots) = roots {
        roots.keep_in(&mut store)?;
    }
    if let Some(path) = &settings.ca_file {
        let lookup = store.add_lookup(X509Lookup::file())?;
        lookup.load_cert_file(path, SslFiletype::PEM)?;
        // Most have no revocation lists.
        let _ = lookup.load_crl_file(path, SslFiletype::PEM);
    }
    if let Some(path) = &settings.ca_path {
        store.add_lookup(X509Lookup::hash_dir())?.add_dir(path, SslFiletype::PEM)?;
    }
    if let Some(data) = &settings.ca_data {
        for certificate in X509::stack_from_pem(data.as_bytes())? {
            store.add_cert(certificate)?;
        }
    }
    store.set_param(parameters)?;
    Ok(store.build())
}

fn load_authorities(
    builder: &mut SslContextBuilder,
    settings: &TlsSettings,
    files: &FileAccess,
) -> Result<(), Failure> {
    if let Some(path) = &settings.ca_file {
        load_ca_file(builder, path, files)?;
    }
    if let Some(path) = &settings.ca_path {
        let path = Path::new(path);
        // OpenSSL looks into the directory during verification, and a missing one is not an error.
        if path.exists() {
            readable("ssl_ca_path", path, files, ProbeOutcome::CaFileMissing)?;
        }
        builder.load_verify_locations(None, Some(path)).map_err(|error| internal(&error))?;
    }
    settings.ca_data.as_ref().map_or(Ok(()), |data| load_ca_data(builder, data))
}

/// A context that verifies nothing, to see whether TLS is spoken at all.
pub(crate) fn unverified(small_greeting: bool) -> Result<SslContext, ErrorStack> {
    let mut builder = SslContextBuilder::new(SslMethod::tls_client())?;
    if small_greeting {
        builder.set_groups_list("X25519:P-256:P-384:P-521")?;
        builder.set_sigalgs_list("ECDSA+SHA256:ECDSA+SHA384:RSA-PSS+SHA256:RSA+SHA256")?;
    }
    Ok(builder.build())
}

fn cpython_default(roots: Option<&DefaultRoots>) -> Result<SslContextBuilder, ErrorStack> {
    let mut builder = SslContextBuilder::new(SslMethod::tls_client())?;
    builder.set_options(
        SslOptions::ALL
            | SslOptions::NO_SSLV2
            | SslOptions::NO_SSLV3
            | SslOptions::NO_COMPRESSION
            | SslOptions::CIPHER_SERVER_PREFERENCE
            | SslOptions::SINGLE_DH_USE
            | SslOptions::SINGLE_ECDH_USE
            | SslOptions::ENABLE_MIDDLEBOX_COMPAT
            | SslOptions::IGNORE_UNEXPECTED_EOF,
    );
    builder.set_cipher_list(CPYTHON_CIPHERS)?;
    builder.set_min_proto_version(Some(SslVersion::TLS1_2))?;
    if let Some(roots) = roots {
        roots.trust(&mut builder)?;
    }
    Ok(builder)
}

/// `context.verify_flags = flags`
#[allow(clippy::useless_conversion, reason = "C's `unsigned long` has 32 bits on Windows")]
pub(super) fn verify_with(
    parameters: &mut X509VerifyParamRef,
    flags: u64,
) -> Result<(), ErrorStack> {
    // All flags are within 32 bits.
    let Some(flags) = flags.try_into().ok().map(X509VerifyFlags::from_bits_retain) else {
        return Ok(());
    };
    parameters.clear_flags(!flags)?;
    parameters.set_flags(flags)
}

const A_DIRECTORY: &str = "Name the file in `ssl_ca_certs`: a mounted Secret or ConfigMap is a directory, with a file \
    for each key.";

fn load_ca_file(
    builder: &mut SslContextBuilder,
    path: &str,
    files: &FileAccess,
) -> Result<(), Failure> {
    let path = Path::new(path);
    readable("ssl_ca_certs", path, files, ProbeOutcome::CaFileMissing)?;
    builder.set_ca_file(path).map_err(|error| {
        let why = if path.is_dir() { "it is a directory".to_owned() } else { reason(&error) };
        Failure::new(
            ProbeOutcome::CaFileInvalid,
            format!(
                "`ssl_ca_certs` names {}, which OpenSSL can't load as CA certificates: {why}.",
                path.display()
            ),
        )
        .presented(file::describe(path))
        .expected("CA certificates in PEM")
        .help_or(path.is_dir().then(|| A_DIRECTORY.to_owned()))
        .help_or(file::cure(path, "ssl_ca_certs"))
    })
}

/// `load_verify_locations(cadata=…)`: every PEM certificate of the text, at least one.
fn load_ca_data(builder: &mut SslContextBuilder, data: &str) -> Result<(), Failure> {
    let invalid = || {
        Failure::new(
            ProbeOutcome::CaFileInvalid,
            "`ssl_ca_data` holds no PEM certificate that OpenSSL can load.",
        )
    };
    let certificates = X509::stack_from_pem(data.as_bytes()).map_err(|_| invalid())?;
    if certificates.is_empty() {
        return Err(invalid());
    }
    for certificate in certificates {
        builder.cert_store_mut().add_cert(certificate).map_err(|_| invalid())?;
    }
    Ok(())
}

/// `SSLContext.load_cert_chain(certfile, keyfile, password)`.
fn load_cert_chain(
    builder: &mut SslContextBuilder,
    certificate: &ClientCertificate,
    files: &FileAccess,
) -> Result<(), Failure> {
    let Some(certfile) = &certificate.certfile else {
        return Err(Failure::new(
            ProbeOutcome::CertFileMissing,
            "`ssl_keyfile` is set without `ssl_certfile`: there is no certificate to present.",
        )
        .help("Set `ssl_certfile` too."));
    };
    let certfile = PathBuf::from(certfile);
    readable("ssl_certfile", &certfile, files, ProbeOutcome::CertFileMissing)?;
    let keyfile = certificate.keyfile.as_ref().map_or_else(|| certfile.clone(), PathBuf::from);
    let key_name = if certificate.keyfile.is_some() { "ssl_keyfile" } else { "ssl_certfile" };
    readable(key_name, &keyfile, files, ProbeOutcome::CertFileMissing)?;
    builder.set_certificate_chain_file(&certfile).map_err(|error| {
        if error.errors().iter().any(|error| TOO_WEAK.contains(&error.reason_code())) {
            return too_weak(&certfile, &error);
        }
        Failure::new(
            ProbeOutcome::CertFileMissing,
            format!(
                "`ssl_certfile` names {}, which holds no PEM certificate that OpenSSL can load: {}.",
                certfile.display(),
                reason(&error)
            ),
        )
        .presented(file::describe(&certfile))
        .expected("the client's certificate in PEM")
        .help("Make the file of `ssl_certfile` the client's PEM certificate.")
        .help_or(file::cure(&certfile, "ssl_certfile"))
        .help_or(file::are_exchanged(&certfile, &keyfile).then(|| {
            "Exchange `ssl_certfile` and `ssl_keyfile`: each names the other's file.".to_owned()
        }))
    })?;
    load_key(builder, key_name, &keyfile, certificate)?;
    builder.check_private_key().map_err(|_| mismatch(&certfile, &keyfile))
}

/// `SSL_R_EE_KEY_TOO_SMALL`, `SSL_R_CA_KEY_TOO_SMALL`, `SSL_R_CA_MD_TOO_WEAK`
const TOO_WEAK: [i32; 3] = [399, 397, 398];

fn too_weak(certfile: &Path, error: &ErrorStack) -> Failure {
    Failure::new(
        ProbeOutcome::WeakCert,
        format!(
            "OpenSSL refuses to present the client certificate in {}: {}.",
            certfile.display(),
            reason(error)
        ),
    )
    .presented(certificate::of_file(certfile).map_or_else(
        || "a weak certificate".to_owned(),
        |seen| format!("{}, {}", seen.key, seen.signature),
    ))
    .expected("RSA of 2048 bits or more, or EC, signed with SHA-256 or better")
    .help("Issue a client certificate with a stronger key, signed with SHA-256.")
    .side(Side::Client)
}

fn load_key(
    builder: &mut SslContextBuilder,
    name: &str,
    path: &Path,
    certificate: &ClientCertificate,
) -> Result<(), Failure> {
    let pem = small_file::read(path)
        .map_err(|error| unreadable(name, path, &error, ProbeOutcome::CertFileMissing))?;
    let mut asked = false;
    let key = PKey::private_key_from_pem_callback(&pem, |buffer| {
        asked = true;
        let password =
            certificate.password.as_ref().map_or(&[][..], |password| password.reveal().as_bytes());
        let length = password.len().min(buffer.len());
        buffer[..length].copy_from_slice(&password[..length]);
        Ok(length)
    });
    match key {
        Ok(key) => builder
            .set_private_key(&key)
            .map_err(|_| mismatch(Path::new(certificate.certfile.as_deref().unwrap_or("")), path)),
        Err(_) if asked => Err(Failure::new(
            ProbeOutcome::ClientKeyEncrypted,
            if certificate.password.is_some() {
                format!("{} is encrypted, and `ssl_password` does not open it.", path.display())
            } else {
                format!("{} is encrypted, and redis-py has no password for it.", path.display())
            },
        )),
        Err(error) => {
            // A file may hold a key that only `SSL_CTX_use_PrivateKey_file` reads.
            if builder.set_private_key_file(path, SslFiletype::PEM).is_ok() {
                return Ok(());
            }
            Err(Failure::new(
                ProbeOutcome::CertFileMissing,
                format!(
                    "`{name}` names {}, which holds no PEM private key that OpenSSL can load: {}.",
                    path.display(),
                    reason(&error)
                ),
            )
            .presented(file::describe(path))
            .expected("the certificate's private key in PEM")
            .help("Set `ssl_keyfile` to the PEM private key of the client's certificate.")
            .help_or(file::cure(path, name)))
        }
    }
}

fn mismatch(certfile: &Path, keyfile: &Path) -> Failure {
    Failure::new(
        ProbeOutcome::ClientKeyMismatch,
        format!(
            "The private key in {} does not belong to the certificate in {}.",
            keyfile.display(),
            certfile.display()
        ),
    )
}

/// Checks that a file is there and may be read, so that the failure names it.
pub(super) fn readable(
    name: &str,
    path: &Path,
    files: &FileAccess,
    outcome: ProbeOutcome,
) -> Result<(), Failure> {
    if let Err(error) = std::fs::metadata(path) {
        // Where files are out of bounds, whether one exists is too.
        if *files == FileAccess::All {
            return Err(unreadable(name, path, &error, outcome));
        }
    }
    files.check(name, path)?;
    small_file::check(path).map_err(|error| unreadable(name, path, &error, outcome))?;
    if path.is_dir() {
        return Ok(());
    }
    std::fs::File::open(path).map(drop).map_err(|error| unreadable(name, path, &error, outcome))
}

pub(super) fn unreadable(
    name: &str,
    path: &Path,
    error: &io::Error,
    outcome: ProbeOutcome,
) -> Failure {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "which does not exist here".to_owned(),
        io::ErrorKind::PermissionDenied => "which may not be read".to_owned(),
        _ => format!("which can't be read: {error}"),
    };
    let failure = Failure::new(outcome, format!("`{name}` names {}, {why}.", path.display()));
    match error.kind() {
        io::ErrorKind::PermissionDenied => {}
        io::ErrorKind::NotFound => return failure,
        _ => {
            return failure
                .presented("something else than a file that can be read")
                .expected("a regular file in PEM")
                .help(format!("Name a regular file in `{name}`."));
        }
    }
    failure
        .presented(file::permissions(path))
        .expected("a file that LiteLLM's user may read")
        .help(
            "Let LiteLLM's user read the file and enter its directories: `fsGroup` and `defaultMode: 0440` for a \
             mounted Secret, `chmod` and `chown` elsewhere.",
        )
}

/// The numbers of `ssl.TLSVersion`.
fn tls_version(number: i64) -> Result<Option<SslVersion>, Failure> {
    Ok(match number {
        -2 => None,
        769 => Some(SslVersion::TLS1),
        770 => Some(SslVersion::TLS1_1),
        771 => Some(SslVersion::TLS1_2),
        -1 | 772 => Some(SslVersion::TLS1_3),
        _ => {
            return Err(Failure::new(
                ProbeOutcome::InvalidConfig,
                format!(
                    "`ssl_min_version` is {number}, which is not a TLS version: 771 is TLS 1.2."
                ),
            ));
        }
    })
}

fn reason(error: &ErrorStack) -> String {
    error
        .errors()
        .iter()
        .rev()
        .find_map(openssl::error::Error::reason)
        .unwrap_or("no reason given")
        .to_owned()
}

fn internal(error: &ErrorStack) -> Failure {
    Failure::new(ProbeOutcome::Other, format!("OpenSSL refused to set up TLS: {}.", reason(error)))
}
