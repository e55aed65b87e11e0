//! `litellm.rust_bridge.host.settings.http_settings()`: what LiteLLM's Rust side takes from `litellm_settings` for its own
//! HTTP clients, and reads wherever it makes a Redis client.

use python::{Data, PyResult, Stop, Value};

use crate::process::Process;

/// Reads the settings. Whether a file that they name can be read is not known here: it is taken to be
/// readable, as it has to be wherever LiteLLM runs.
///
/// # Errors
/// `ValueError` for a value of another kind, and for the empty name of a file.
pub(super) fn settings(process: &Process<'_>) -> PyResult<()> {
    let set = |value: &Option<Value>| value.clone().filter(|value| !value.is_none());
    let refused = |value: &Value, expected: &str| {
        let message = format!("http_settings.{expected}");
        Err(Stop::raise("ValueError", message).because_of(&value.origin))
    };
    let kind = |value: &Value| value.type_name().unwrap_or("object");
    if let Some(verify) = set(&process.ssl_verify)
        && !matches!(verify.data, Data::Bool(_) | Data::Str(_) | Data::Unknown(_))
    {
        let kind = kind(&verify);
        let expected = "expected a Boolean, Boolean string, CA path, or None";
        return refused(&verify, &format!("ssl_verify: {expected}, got {kind}"));
    }
    let configured = set(&process.ssl_certificate);
    if let Some(certificate) = &configured
        && !matches!(certificate.data, Data::Str(_) | Data::Unknown(_))
    {
        let kind = kind(certificate);
        return refused(certificate, &format!("ssl_certificate: expected a string, got {kind}"));
    }
    match configured.or_else(|| process.environ("SSL_CERTIFICATE")) {
        Some(certificate) if certificate.as_str() == Some("") => {
            let expected = "expected a readable PEM certificate and private key";
            refused(&certificate, &format!("ssl_certificate: {expected}"))
        }
        _ => Ok(()),
    }
}
