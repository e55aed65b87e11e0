//! What LiteLLM's real Rust client said of the situations, and which outcomes that means.

use redproof_probe::ProbeOutcome as O;
use serde_json::Value;

/// The pair that was asked: LiteLLM, redis-py.
pub const PAIR: (&str, &str) = ("1.110.2", "8.1.0");

/// What was recorded: `cargo xtask truth native`.
///
/// # Panics
/// When the recording is missing or broken.
pub fn recorded() -> Value {
    let path = format!("{}/../truth/rustls/{}.json", env!("CARGO_MANIFEST_DIR"), PAIR.0);
    let text = std::fs::read_to_string(&path).expect("the recording is committed");
    serde_json::from_str(&text).expect("the recording is JSON")
}

/// Parts of messages, and what they mean; the first that is there counts.
const TELLING: &[(&str, &[O])] = &[
    ("certificate expired", &[O::CertExpired]),
    ("invalid peer certificate: Expired", &[O::CertExpired]),
    ("certificate not valid yet", &[O::CertNotYetValid]),
    ("certificate not valid for name", &[O::HostnameMismatch]),
    ("invalid dns name", &[O::HostnameMismatch]),
    (
        "TLS parameters provided. - InvalidClientConfig: keys may not be consistent",
        &[O::ClientKeyMismatch],
    ),
    ("failed to parse private key as RSA", &[O::CertFileMissing, O::WeakCert]),
    ("TLS parameters provided.", &[O::CertFileMissing]),
    ("UnknownIssuer", &[O::UnknownCa, O::ChainIncomplete]),
    ("BadSignature", &[O::WeakCert, O::UnknownCa]),
    ("UnsupportedSignatureAlgorithmContext", &[O::WeakCert, O::BadKeyUsage]),
    ("invalid peer certificate", &[O::BadKeyUsage]),
    ("certificate does not allow", &[O::BadKeyUsage]),
    ("received fatal alert: HandshakeFailure", &[O::ProtocolVersion, O::ClientCertRequired]),
    ("received fatal alert: ProtocolVersion", &[O::ProtocolVersion]),
    ("received fatal alert: CertificateRequired", &[O::ClientCertRequired]),
    ("received fatal alert", &[O::ClientCertRejected]),
    ("received corrupt message", &[O::NotTlsServer]),
    ("Unable to parse TLS trust anchors", &[O::CaFileInvalid]),
    ("Unable to parse root certificate PEM", &[O::CaFileInvalid]),
    ("Unable to extract private key", &[O::CertFileMissing]),
    ("No such file", &[O::CaFileMissing, O::CertFileMissing]),
    ("Is a directory", &[O::CaFileInvalid]),
    ("reading the Redis TLS key", &[O::ClientKeyEncrypted]),
    ("invalid Redis setting", &[O::InvalidConfig]),
    ("failed to lookup address", &[O::Dns]),
    ("Connection refused", &[O::Refused]),
    ("timed out", &[O::Timeout, O::NotTlsServer]),
    ("Password authentication failed", &[O::AuthFailed]),
    ("Authentication required", &[O::AuthRequired]),
    ("no permissions", &[O::NoPermission]),
    ("DB index is out of range", &[O::WrongDb]),
    ("Hash slot not served", &[O::ClusterDown]),
    ("when used memory >", &[O::ServerState]),
    ("read only replica", &[O::ServerState]),
    ("Link with MASTER is down", &[O::ServerState]),
    ("Not enough good replicas", &[O::ServerState]),
    ("unknown command", &[O::ServerState]),
    ("Parse error", &[O::ProtocolError]),
    // A reset says nothing of why.
    ("Connection reset", &[O::TlsRequired, O::ProtocolError, O::ServerState]),
    ("broken pipe", &[O::TlsRequired, O::ProtocolError, O::ServerState]),
];

/// What was said, in the client's words: nothing where it works.
pub fn said(recorded: &Value) -> Option<String> {
    let texts = [&recorded["startup"]["message"], &recorded["reason"], &recorded["use"]["message"]];
    let text = texts.into_iter().find_map(Value::as_str);
    text.map(ToOwned::to_owned)
}

/// Whether an outcome is what the recording says.
///
/// # Errors
/// Why it is not.
pub fn agrees(recorded: &Value, outcome: &str) -> Result<(), String> {
    let Some(message) = said(recorded) else {
        let works = recorded["use"]["ok"] == true;
        return match (works, outcome) {
            (true, "ok") => Ok(()),
            (true, other) => Err(format!("{other} here, but it works")),
            (false, _) => Err("nothing is recorded".to_owned()),
        };
    };
    let Some((_, outcomes)) = TELLING.iter().find(|(text, _)| message.contains(text)) else {
        return Err(format!("nothing is known of the message `{message}`"));
    };
    if outcomes.iter().any(|known| known.name() == outcome) {
        Ok(())
    } else {
        Err(format!("{outcome} here, but the Rust client says `{message}`"))
    }
}
