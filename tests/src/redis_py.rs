//! What real redis-py said of the situations, and which outcomes that can mean.

use redproof_probe::ProbeOutcome::{self, *};
use serde_json::Value;

/// What was recorded from a release: `cargo run -p redproof-tests --bin record-redis-py`.
///
/// # Panics
/// When the recording is missing or broken.
pub fn recorded(redis_py: &str) -> Value {
    let path = format!("{}/goldens/probe/redis-py-{redis_py}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("the recording is committed");
    serde_json::from_str(&text).expect("the recording is JSON")
}

/// Parts of messages, and what they can mean; the first that is there counts.
const TELLING: &[(&str, &[ProbeOutcome])] = &[
    ("certificate has expired", &[CertExpired]),
    ("certificate is not yet valid", &[CertNotYetValid]),
    ("Hostname mismatch", &[HostnameMismatch]),
    ("IP address mismatch", &[HostnameMismatch]),
    ("self-signed certificate", &[UnknownCa]),
    ("certificate signature failure", &[UnknownCa]),
    ("unable to get local issuer", &[UnknownCa, ChainIncomplete]),
    ("unable to get issuer certificate", &[ChainIncomplete]),
    ("key too weak", &[WeakCert]),
    ("digest algorithm too weak", &[WeakCert]),
    ("CA_MD_TOO_WEAK", &[WeakCert]),
    ("EE_KEY_TOO_SMALL", &[WeakCert]),
    ("unsuitable certificate purpose", &[BadKeyUsage]),
    ("invalid CA certificate", &[BadKeyUsage]),
    ("path length constraint exceeded", &[BadKeyUsage]),
    ("permitted subtree violation", &[BadKeyUsage]),
    ("unhandled critical extension", &[BadKeyUsage]),
    ("CERTIFICATE_VERIFY_FAILED", &[]),
    ("KEY_VALUES_MISMATCH", &[ClientKeyMismatch]),
    ("NO_CERTIFICATE_ASSIGNED", &[ClientKeyMismatch]),
    ("TLSV13_ALERT_CERTIFICATE_REQUIRED", &[ClientCertRequired]),
    ("ALERT_UNKNOWN_CA", &[ClientCertRejected]),
    ("ALERT_CERTIFICATE_EXPIRED", &[ClientCertRejected]),
    ("ALERT_BAD_CERTIFICATE", &[ClientCertRejected]),
    ("ALERT_UNSUPPORTED_CERTIFICATE", &[ClientCertRejected]),
    ("ALERT_HANDSHAKE_FAILURE", &[ProtocolVersion, ClientCertRequired]),
    ("PROTOCOL_VERSION", &[ProtocolVersion]),
    ("DH_KEY_TOO_SMALL", &[ProtocolVersion]),
    ("WRONG_VERSION_NUMBER", &[NotTlsServer]),
    ("EOF occurred", &[ClientCertRequired, ClientCertRejected]),
    ("NO_CERTIFICATE_OR_CRL_FOUND", &[CaFileInvalid]),
    ("cadata does not contain a certificate", &[CaFileInvalid]),
    ("[X509] PEM lib", &[CaFileInvalid]),
    ("[SSL] PEM lib", &[CertFileMissing, ClientKeyEncrypted]),
    ("certfile should be a valid", &[CertFileMissing]),
    ("Is a directory", &[CaFileInvalid]),
    ("No such file", &[CaFileMissing, CertFileMissing]),
    // Nobody answers OpenSSL's question for the passphrase.
    ("Error 22 connecting", &[ClientKeyEncrypted]),
    ("No cipher can be selected", &[InvalidConfig]),
    ("unexpected keyword argument", &[InvalidConfig]),
    ("Cannot set verify_mode to CERT_NONE", &[InvalidConfig]),
    ("Invalid SSL Certificate Requirements Flag", &[InvalidConfig]),
    ("cannot be interpreted as an integer", &[InvalidConfig]),
    ("Name or service not known", &[Dns]),
    ("Error 111", &[Refused]),
    ("Timeout", &[Timeout, NotTlsServer]),
    ("without any password configured", &[AuthFailed]),
    ("Authentication required", &[AuthRequired]),
    ("HELLO must be called with the client already authenticated", &[AuthRequired]),
    ("invalid username-password", &[AuthFailed]),
    ("no permissions", &[NoPermission]),
    ("DB index", &[WrongDb]),
    ("Hash slot not served", &[ClusterDown]),
    ("max number of clients", &[ServerState]),
    ("protected mode", &[ServerState]),
    ("used memory > 'maxmemory'", &[ServerState]),
    ("read only replica", &[ServerState]),
    ("Link with MASTER is down", &[ServerState]),
    ("NOREPLICAS", &[ServerState]),
    ("unknown command `HELLO`", &[ProtocolError]),
    ("unknown command", &[ServerState]),
    ("Protocol Error", &[ProtocolError]),
    ("Protocol error", &[ProtocolError]),
    // A reset says nothing of why.
    ("Connection reset", CUT),
    ("Connection closed by server", &[ProtocolError, ServerState]),
    ("Connection lost", &[ProtocolError, ServerState]),
    ("Broken pipe", CUT),
];

/// The other side went away; why, it does not say.
const CUT: &[ProbeOutcome] =
    &[TlsRequired, ClientCertRequired, ClientCertRejected, ProtocolError, ServerState];

/// Whether an outcome is what one client's recording says.
///
/// # Errors
/// Why it is not.
pub fn agrees(recorded: &Value, outcome: ProbeOutcome) -> Result<(), String> {
    if recorded["ok"].as_bool() == Some(true) {
        return match outcome {
            Ok => Result::Ok(()),
            _ => Err(format!("{} here, but it works", outcome.name())),
        };
    }
    let message = recorded["message"].as_str().unwrap_or("");
    let Some((_, outcomes)) = TELLING.iter().find(|(text, _)| message.contains(text)) else {
        return Err(format!("nothing is known of the message `{message}`"));
    };
    if outcomes.contains(&outcome) {
        Result::Ok(())
    } else {
        Err(format!("{} here, but redis-py says `{message}`", outcome.name()))
    }
}
