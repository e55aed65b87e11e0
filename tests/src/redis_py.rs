//! What real redis-py said of the situations, and which outcomes that can mean.

use redproof_core::releases::Python;
use redproof_probe::ProbeOutcome as O;
use serde_json::Value;

/// What was recorded from a release: `cargo run -p redproof-tests --bin record-redis-py`.
///
/// # Panics
/// When the recording is missing or broken.
pub fn recorded(redis_py: &str) -> Value {
    read("redis-py", redis_py)
}

/// [`recorded`], on the Python that verifies strictly and LiteLLM's images run.
///
/// # Panics
/// As [`recorded`].
pub fn recorded_strictly(redis_py: &str) -> Value {
    read("redis-py", &format!("{redis_py}-python-{}", Python::OF_IMAGES))
}

/// What was recorded from LiteLLM on a release: `cargo run -p redproof-tests --bin record-topologies`.
///
/// # Panics
/// When the recording is missing or broken.
pub fn recorded_topologies(redis_py: &str) -> Value {
    read("topologies", redis_py)
}

fn read(kind: &str, redis_py: &str) -> Value {
    let path = format!("{}/../truth/{kind}/{redis_py}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("the recording is committed");
    serde_json::from_str(&text).expect("the recording is JSON")
}

/// Parts of messages, and what they can mean; the first that is there counts.
const TELLING: &[(&str, &[O])] = &[
    ("certificate has expired", &[O::CertExpired]),
    ("certificate is not yet valid", &[O::CertNotYetValid]),
    ("Hostname mismatch", &[O::HostnameMismatch]),
    ("IP address mismatch", &[O::HostnameMismatch]),
    ("self-signed certificate", &[O::UnknownCa]),
    ("certificate signature failure", &[O::UnknownCa]),
    ("unable to get local issuer", &[O::UnknownCa, O::ChainIncomplete]),
    ("unable to get issuer certificate", &[O::ChainIncomplete]),
    ("key too weak", &[O::WeakCert]),
    ("digest algorithm too weak", &[O::WeakCert]),
    ("CA_MD_TOO_WEAK", &[O::WeakCert]),
    ("EE_KEY_TOO_SMALL", &[O::WeakCert]),
    ("unsuitable certificate purpose", &[O::BadKeyUsage]),
    ("invalid CA certificate", &[O::BadKeyUsage]),
    ("path length constraint exceeded", &[O::BadKeyUsage]),
    ("permitted subtree violation", &[O::BadKeyUsage]),
    ("unhandled critical extension", &[O::BadKeyUsage]),
    // What Python 3.13 asks for.
    ("Missing Authority Key Identifier", &[O::BadKeyUsage]),
    ("Missing Subject Key Identifier", &[O::BadKeyUsage]),
    ("CA cert does not include key usage extension", &[O::BadKeyUsage]),
    ("Basic Constraints of CA cert not marked critical", &[O::BadKeyUsage]),
    ("Subject name empty", &[O::BadKeyUsage]),
    ("CERTIFICATE_VERIFY_FAILED", &[]),
    ("KEY_VALUES_MISMATCH", &[O::ClientKeyMismatch]),
    ("NO_CERTIFICATE_ASSIGNED", &[O::ClientKeyMismatch]),
    ("TLSV13_ALERT_CERTIFICATE_REQUIRED", &[O::ClientCertRequired]),
    ("ALERT_UNKNOWN_CA", &[O::ClientCertRejected]),
    ("ALERT_CERTIFICATE_EXPIRED", &[O::ClientCertRejected]),
    ("ALERT_BAD_CERTIFICATE", &[O::ClientCertRejected]),
    ("ALERT_UNSUPPORTED_CERTIFICATE", &[O::ClientCertRejected]),
    ("ALERT_HANDSHAKE_FAILURE", &[O::ProtocolVersion, O::ClientCertRequired]),
    ("PROTOCOL_VERSION", &[O::ProtocolVersion]),
    ("DH_KEY_TOO_SMALL", &[O::ProtocolVersion]),
    ("WRONG_VERSION_NUMBER", &[O::NotTlsServer]),
    ("EOF occurred", &[O::ClientCertRequired, O::ClientCertRejected, O::ProtocolError]),
    ("NO_CERTIFICATE_OR_CRL_FOUND", &[O::CaFileInvalid]),
    ("cadata does not contain a certificate", &[O::CaFileInvalid]),
    ("[X509] PEM lib", &[O::CaFileInvalid]),
    ("[SSL] PEM lib", &[O::CertFileMissing, O::ClientKeyEncrypted]),
    ("certfile should be a valid", &[O::CertFileMissing]),
    ("Is a directory", &[O::CaFileInvalid]),
    ("No such file", &[O::CaFileMissing, O::CertFileMissing]),
    // Nobody answers OpenSSL's question for the passphrase.
    ("Error 22 connecting", &[O::ClientKeyEncrypted]),
    ("No cipher can be selected", &[O::InvalidConfig]),
    ("unexpected keyword argument", &[O::InvalidConfig]),
    ("Cannot set verify_mode to CERT_NONE", &[O::InvalidConfig]),
    ("Invalid SSL Certificate Requirements Flag", &[O::InvalidConfig]),
    ("cannot be interpreted as an integer", &[O::InvalidConfig]),
    ("Name or service not known", &[O::Dns]),
    ("Error 111", &[O::Refused]),
    ("Timeout", &[O::Timeout, O::NotTlsServer]),
    ("without any password configured", &[O::AuthFailed]),
    ("Authentication required", &[O::AuthRequired]),
    ("HELLO must be called with the client already authenticated", &[O::AuthRequired]),
    ("invalid username-password", &[O::AuthFailed]),
    ("no permissions", &[O::NoPermission]),
    ("DB index", &[O::WrongDb]),
    ("Hash slot not served", &[O::ClusterDown]),
    ("max number of clients", &[O::ServerState]),
    ("protected mode", &[O::ServerState]),
    ("used memory > 'maxmemory'", &[O::ServerState]),
    ("read only replica", &[O::ServerState]),
    ("Link with MASTER is down", &[O::ServerState]),
    ("NOREPLICAS", &[O::ServerState]),
    ("unknown command `HELLO`", &[O::ProtocolError]),
    ("unknown command", &[O::ServerState]),
    ("Protocol Error", &[O::ProtocolError]),
    ("Protocol error", &[O::ProtocolError]),
    // A reset says nothing of why.
    ("Connection reset", CUT),
    ("Connection closed by server", &[O::ProtocolError, O::ServerState]),
    ("Connection lost", &[O::ProtocolError, O::ServerState]),
    ("Broken pipe", CUT),
];

/// The other side went away; why, it does not say.
const CUT: &[O] = &[
    O::TlsRequired,
    O::ClientCertRequired,
    O::ClientCertRejected,
    O::ProtocolError,
    O::ServerState,
];

/// Whether an outcome is what one client's recording says.
///
/// # Errors
/// Why it is not.
pub fn agrees(recorded: &Value, outcome: O) -> Result<(), String> {
    if recorded["ok"].as_bool() == Some(true) {
        return match outcome {
            O::Ok => Ok(()),
            _ => Err(format!("{} here, but it works", outcome.name())),
        };
    }
    let message = recorded["message"].as_str().unwrap_or("");
    let Some((_, outcomes)) = TELLING.iter().find(|(text, _)| message.contains(text)) else {
        return Err(format!("nothing is known of the message `{message}`"));
    };
    if outcomes.contains(&outcome) {
        Ok(())
    } else {
        Err(format!("{} here, but redis-py says `{message}`", outcome.name()))
    }
}
