//! One chain, two eras of Python: what one takes, the other may refuse.

use openssl::error::ErrorStack;
use openssl::ssl::SslRef;
use openssl::stack::Stack;
use openssl::x509::verify::X509VerifyParam;
use openssl::x509::{X509PurposeId, X509StoreContext};
use redproof_core::finding::{Finding, Severity};
use redproof_core::releases::Python;

use super::judged::Verdict;
use super::trust::{Roots, Trust};
use super::verification::Objection;
use crate::diagnosis::findings::PYTHON_DECIDES;
use crate::outcome::Failure;
use crate::tls_settings::TlsSettings;

/// What the other era says of the chain that a server sent: nothing against it, or why not. `None` where
/// it can't be asked.
pub(super) fn other(
    trust: &Trust,
    settings: &TlsSettings,
    host: &str,
    ssl: &SslRef,
) -> Option<Result<(), Failure>> {
    let chain = chain_of(ssl);
    let verdict = trust.eras.of(settings, &chain, || {
        let refused = |roots| refused(trust, settings, roots, ssl);
        let first =
            if settings.names_authorities() { Roots::ConfiguredOnly } else { Roots::Default };
        let verdict = refused(first)?;
        if verdict.is_err() && first == Roots::ConfiguredOnly {
            return refused(Roots::Default);
        }
        Some(verdict)
    })?;
    Some(verdict.map_err(|objection| objection.failure(host, ssl)))
}

/// What the server sent, in DER.
fn chain_of(ssl: &SslRef) -> Vec<Vec<u8>> {
    let chain = ssl.peer_cert_chain().into_iter().flatten();
    chain.take(100).map(|one| one.to_der().unwrap_or_default()).collect()
}

/// The finding, where the two do not agree. `now` is what the clients' own Python has against the server.
pub(super) fn finding(
    trust: &Trust,
    now: Option<&Failure>,
    other: &Result<(), Failure>,
) -> Option<Finding> {
    let (first, images) = (Python::FIRST_STRICT, Python::OF_IMAGES);
    let before = format!("Python before {first}");
    let from = if trust.is_known() {
        format!("Python {first} and later")
    } else {
        format!("Python {first} and later (LiteLLM's official images run {images})")
    };
    let (severity, message) = match (trust.is_strict(), now, other) {
        (_, None, Ok(())) | (_, Some(_), Err(_)) => return None,
        (false, None, Err(why)) => {
            (Severity::Warning, format!("{from} refuse this server. {}", why.detail))
        }
        (false, Some(_), Ok(())) => (
            Severity::Hint,
            format!("{from} take this server: any trusted certificate may end the chain there."),
        ),
        (true, None, Err(why)) => {
            (Severity::Hint, format!("{before} refuses this server. {}", why.detail))
        }
        (true, Some(_), Ok(())) => (
            Severity::Hint,
            format!("{before} takes this server, which is not checked so strictly."),
        ),
    };
    Some(PYTHON_DECIDES.found(message).severity(severity))
}

/// What the other era objects to first, by the chain alone.
fn refused(trust: &Trust, settings: &TlsSettings, roots: Roots, ssl: &SslRef) -> Option<Verdict> {
    let level = i32::try_from(ssl.security_level()).ok()?;
    let flags = settings.verification.flags(!trust.is_strict());
    let store = trust.authorities(settings, roots, || parameters(flags, level))?;
    let leaf = ssl.peer_certificate()?;
    let mut chain = Stack::new().ok()?;
    for certificate in ssl.peer_cert_chain()?.iter().take(100) {
        chain.push(certificate.to_owned()).ok()?;
    }
    let mut verifier = X509StoreContext::new().ok()?;
    verifier
        .init(&store, &leaf, &chain, |verifier| {
            Ok(if verifier.verify_cert()? { Ok(()) } else { Err(Objection::of(verifier)) })
        })
        .ok()
}

fn parameters(flags: u64, level: i32) -> Result<X509VerifyParam, ErrorStack> {
    let mut parameters = X509VerifyParam::new()?;
    super::context::verify_with(&mut parameters, flags)?;
    parameters.set_purpose(X509PurposeId::SSL_SERVER)?;
    parameters.set_auth_level(level);
    Ok(parameters)
}
