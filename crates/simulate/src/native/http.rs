//! `litellm.rust_bridge.host.settings.http_settings()`: what LiteLLM's Rust side takes from `litellm_settings` for its own
//! HTTP clients, and reads wherever it makes a Redis client.

use python::{Data, PyException, PyResult, Raise, Stop, Value};

use crate::outcome::Opened;
use crate::process::Process;
use crate::router_settings::json_type;

/// Reads the settings. Whether a file that they name can be read is known only where no files are: elsewhere it is noted
/// what its lack would raise.
///
/// # Errors
/// `ValueError` for a value of another kind, and for a file that is not there; an empty name is none.
pub(super) fn settings(process: &Process<'_>) -> PyResult<()> {
    let set = |value: &Option<Value>| value.clone().filter(|value| !value.is_none());
    let refused = |value: &Value, expected: &str| {
        let message = format!("http_settings.{expected}");
        Err(Stop::raise("ValueError", message).because_of(&value.origin))
    };
    if let Some(verify) = set(&process.ssl_verify)
        && !matches!(verify.data, Data::Bool(_) | Data::Str(_) | Data::Unknown(_))
    {
        let kind = json_type(&verify);
        let expected = "expected a Boolean, Boolean string, CA path, or None";
        return refused(&verify, &format!("ssl_verify: {expected}, got {kind}"));
    }
    let configured = set(&process.ssl_certificate);
    if let Some(certificate) = &configured
        && !matches!(certificate.data, Data::Str(_) | Data::Unknown(_))
    {
        let kind = json_type(certificate);
        return refused(certificate, &format!("ssl_certificate: expected a string, got {kind}"));
    }
    let Some(certificate) = configured.or_else(|| process.environ("SSL_CERTIFICATE")) else {
        return Ok(());
    };
    let expected = "expected a readable PEM certificate and private key";
    match certificate.as_str() {
        Some(path) if path.is_empty() || process.has_no_files() => {
            refused(&certificate, &format!("ssl_certificate: {expected}"))
        }
        Some(path) => {
            process.opens(Opened {
                setting: "ssl_certificate",
                path: path.to_owned(),
                whether: format!("whether {path} can be read"),
                missing: PyException {
                    class: "ValueError".to_owned(),
                    message: format!("http_settings.ssl_certificate: {expected}"),
                    origins: vec![certificate.origin.clone()],
                    reason: Raise::Other,
                },
                origin: certificate.origin.clone(),
            });
            Ok(())
        }
        None => Ok(()),
    }
}
