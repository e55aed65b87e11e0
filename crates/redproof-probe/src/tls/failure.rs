//! What a failed handshake, or a connection cut right after it, means.

use std::io;

use openssl::ssl::{Error, ErrorCode};

use crate::outcome::{Failure, ProbeOutcome, Side};

/// OpenSSL's `SSL_R_*` numbers: alerts of the peer are 1000 and the alert's own number.
mod reason {
    pub(super) const ALERTS: std::ops::Range<i32> = 1000..1256;
    pub(super) const HANDSHAKE_FAILURE: i32 = 1040;
    pub(super) const BAD_CERTIFICATE: i32 = 1042;
    pub(super) const UNSUPPORTED_CERTIFICATE: i32 = 1043;
    pub(super) const CERTIFICATE_REVOKED: i32 = 1044;
    pub(super) const CERTIFICATE_EXPIRED: i32 = 1045;
    pub(super) const UNKNOWN_CA: i32 = 1048;
    pub(super) const ACCESS_DENIED: i32 = 1049;
    pub(super) const DECRYPT_ERROR: i32 = 1051;
    pub(super) const PROTOCOL_VERSION: i32 = 1070;
    pub(super) const INSUFFICIENT_SECURITY: i32 = 1071;
    pub(super) const UNRECOGNIZED_NAME: i32 = 1112;
    pub(super) const CERTIFICATE_REQUIRED: i32 = 1116;
    pub(super) const HTTP_REQUEST: i32 = 156;
    pub(super) const NO_PROTOCOLS_AVAILABLE: i32 = 191;
    pub(super) const PACKET_LENGTH_TOO_LONG: i32 = 198;
    pub(super) const UNSUPPORTED_PROTOCOL: i32 = 258;
    pub(super) const WRONG_SSL_VERSION: i32 = 266;
    pub(super) const WRONG_VERSION_NUMBER: i32 = 267;
    pub(super) const VERSION_TOO_LOW: i32 = 396;
    pub(super) const DH_KEY_TOO_SMALL: i32 = 394;
    pub(super) const EE_KEY_TOO_SMALL: i32 = 399;
    pub(super) const RECORD_LAYER_FAILURE: i32 = 313;
    pub(super) const UNEXPECTED_EOF: i32 = 294;
}

const RUSTLS_CIPHERS: &str = "Give the server ciphers with ECDHE and AES-GCM or ChaCha20 (`tls-ciphers`), and a certificate \
    with a key that is RSA of 2048 bits or more, or on P-256 or P-384.";

/// How far a handshake got.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Progress {
    /// Whether the server's certificate came.
    pub(crate) server_certificate: bool,
    /// Whether the client has one to present.
    pub(crate) client_certificate: bool,
    /// Whether the server asked for it.
    pub(crate) requested: bool,
    /// Whether the client names the host: an address is not a server name.
    pub(crate) sends_name: bool,
    /// Whether the client is rustls, which has fewer ciphers than OpenSSL.
    pub(crate) rustls: bool,
}

/// A failed handshake, named; `None` when the bytes that came were not TLS, or nothing came: a
/// second look tells more.
pub(super) fn of_handshake(error: &Error, progress: Progress) -> Option<Failure> {
    use ProbeOutcome as O;
    let Some(number) = reason_number(error) else {
        return cut_off(progress);
    };
    let text = reason_text(error);
    Some(match number {
        reason::WRONG_VERSION_NUMBER
        | reason::HTTP_REQUEST
        | reason::PACKET_LENGTH_TOO_LONG
        | reason::RECORD_LAYER_FAILURE
            if !progress.server_certificate =>
        {
            return None;
        }
        reason::UNEXPECTED_EOF => return cut_off(progress),
        reason::UNSUPPORTED_PROTOCOL
        | reason::NO_PROTOCOLS_AVAILABLE
        | reason::WRONG_SSL_VERSION
        | reason::VERSION_TOO_LOW => no_version(text),
        reason::DH_KEY_TOO_SMALL => Failure::new(
            O::ProtocolVersion,
            "The server offers Diffie-Hellman parameters that are too small.",
        )
        .help("Give the server DH parameters of 2048 bits (`tls-dh-params-file`), or EC ciphers."),
        reason::EE_KEY_TOO_SMALL => {
            Failure::new(O::WeakCert, format!("OpenSSL refuses a key: {text}."))
        }
        number if reason::ALERTS.contains(&number) => of_alert(number, text, progress),
        _ => Failure::new(O::Other, format!("The TLS handshake failed: {text}.")),
    })
}

/// A connection that failed right after a finished handshake: TLS 1.3 servers judge the client's
/// certificate only then.
pub(crate) fn after_handshake(
    error: &io::Error,
    client_certificate: bool,
    requested: bool,
) -> Option<Failure> {
    let progress = Progress {
        server_certificate: true,
        client_certificate,
        requested,
        sends_name: true,
        rustls: false,
    };
    let inner = error.get_ref();
    if let Some(error) = inner.and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return match error {
            rustls::Error::AlertReceived(alert) => Some(of_rustls_alert(*alert, progress)),
            _ => None,
        };
    }
    let error = inner.and_then(|inner| inner.downcast_ref::<Error>());
    match error.and_then(reason_number) {
        Some(number) if reason::ALERTS.contains(&number) => {
            Some(of_alert(number, error.map_or("", reason_text), progress))
        }
        Some(_) => None,
        None => cut_off(progress),
    }
}

/// An alert that rustls tells of.
pub(super) fn of_rustls_alert(alert: rustls::AlertDescription, progress: Progress) -> Failure {
    let number = reason::ALERTS.start + i32::from(u8::from(alert));
    of_alert(number, &format!("{alert:?}"), progress)
}

/// No TLS version in common.
pub(super) fn no_version(text: &str) -> Failure {
    Failure::new(
        ProbeOutcome::ProtocolVersion,
        format!("Client and server have no TLS version in common ({text})."),
    )
    .presented("other TLS versions")
    .expected("TLS 1.2 or 1.3")
}

const FOR_CLIENTS: &str = "Issue the client's certificate with `extendedKeyUsage = clientAuth`, or without that extension: \
    one for servers alone does not do.";

/// An alert's number is its own and 1000.
fn of_alert(number: i32, text: &str, progress: Progress) -> Failure {
    use ProbeOutcome as O;
    match number {
        reason::PROTOCOL_VERSION => return no_version(text),
        reason::HANDSHAKE_FAILURE | reason::INSUFFICIENT_SECURITY
            if !progress.server_certificate =>
        {
            return Failure::new(
                O::ProtocolVersion,
                format!("Client and server have no cipher, curve or signature in common ({text})."),
            )
            .presented("other ciphers, curves or signatures")
            .expected(if progress.rustls {
                "ECDHE with AES-GCM or ChaCha20, and a key that is RSA, on P-256 or P-384, or Ed25519"
            } else {
                "ECDHE or DHE with AES or ChaCha20, as Python offers, on X25519, P-256, P-384 or P-521"
            })
            .help_or(progress.rustls.then(|| RUSTLS_CIPHERS.to_owned()));
        }
        reason::UNRECOGNIZED_NAME if !progress.sends_name => {
            return Failure::new(
                O::HostnameMismatch,
                "The server wants to be called by a name, and TLS sends none for an address (alert: \
                 unrecognized name).",
            )
            .presented("no server name")
            .expected("a name that the server has a certificate for")
            .help("Write the server's name into `host` instead of its address.");
        }
        reason::UNRECOGNIZED_NAME => {
            return Failure::new(
                O::HostnameMismatch,
                "The server knows no certificate for this host (alert: unrecognized name).",
            );
        }
        _ => {}
    }
    let about_client_certificate = number == reason::CERTIFICATE_REQUIRED
        || (reason::BAD_CERTIFICATE..=reason::ACCESS_DENIED).contains(&number)
        || number == reason::DECRYPT_ERROR
        || number == reason::HANDSHAKE_FAILURE;
    if !about_client_certificate || !progress.server_certificate {
        return Failure::new(O::Other, format!("The server broke off the TLS handshake: {text}."));
    }
    if progress.client_certificate {
        let why = match number {
            reason::UNKNOWN_CA => ": it does not know the authority that signed it",
            reason::BAD_CERTIFICATE => ": it takes it for bad",
            reason::UNSUPPORTED_CERTIFICATE => ": it is not for clients",
            reason::CERTIFICATE_REVOKED => ": it is revoked",
            reason::CERTIFICATE_EXPIRED => ": it is not valid today",
            reason::CERTIFICATE_REQUIRED => ": it got none",
            _ => "",
        };
        Failure::new(
            O::ClientCertRejected,
            format!("The server refuses the client's certificate{why} ({text})."),
        )
        .help_or((number == reason::UNSUPPORTED_CERTIFICATE).then(|| FOR_CLIENTS.to_owned()))
        .presented("the certificate of `ssl_certfile`")
        .expected("one that the server's `tls-ca-cert-file` verifies")
    } else {
        required(format!(
            "The server requires a client certificate, and this client has none ({text})."
        ))
    }
}

/// A connection that ends without a word once the server's certificate came.
pub(super) fn cut_off(progress: Progress) -> Option<Failure> {
    if !progress.server_certificate {
        return None;
    }
    Some(match (progress.requested, progress.client_certificate) {
        (true, true) => Failure::new(
            ProbeOutcome::ClientCertRejected,
            "The server closes the connection once it has the client's certificate, without a word.",
        )
        .presented("the certificate of `ssl_certfile`")
        .expected("one that the server's `tls-ca-cert-file` verifies"),
        (true, false) => required(
            "The server asks for a client certificate, gets none, and closes the connection without a word.",
        ),
        (false, _) => Failure::new(
            ProbeOutcome::ProtocolError,
            "TLS works, then the server closes the connection without a word. It asked for no client \
             certificate.",
        )
        .presented("a connection that is closed after the TLS handshake")
        .expected("a Redis server's replies")
        .help(
            "Look in this order: does a Redis run and answer behind the load balancer or TLS proxy; does that \
             proxy reach it (its own TLS, its health check); is the server at its `maxclients`; does the proxy \
             send it the PROXY protocol, which Redis does not speak?",
        )
        .side(Side::Server),
    })
}

fn required(detail: impl Into<String>) -> Failure {
    Failure::new(ProbeOutcome::ClientCertRequired, detail)
        .presented("no client certificate")
        .expected("a client certificate that the server's `tls-ca-cert-file` verifies")
}

/// Whether an error shows that the other side speaks TLS: it sent an alert, or failed later.
pub(super) fn shows_tls(error: &Error) -> bool {
    reason_number(error).is_some_and(|number| {
        reason::ALERTS.contains(&number)
            || matches!(number, reason::UNSUPPORTED_PROTOCOL | reason::DH_KEY_TOO_SMALL)
    })
}

fn reason_number(error: &Error) -> Option<i32> {
    if error.code() != ErrorCode::SSL {
        return None;
    }
    error
        .ssl_error()
        .and_then(|stack| stack.errors().first())
        .map(openssl::error::Error::reason_code)
}

fn reason_text(error: &Error) -> &str {
    error
        .ssl_error()
        .and_then(|stack| stack.errors().first())
        .and_then(openssl::error::Error::reason)
        .unwrap_or("no reason given")
}

#[cfg(test)]
mod tests {
    use super::{Progress, of_alert};
    use crate::outcome::ProbeOutcome;

    #[test]
    fn why_a_client_certificate_is_refused_is_said() {
        let progress = Progress {
            server_certificate: true,
            client_certificate: true,
            requested: true,
            sends_name: true,
            rustls: false,
        };
        for (number, words, help) in [
            (1042, "takes it for bad", None),
            (1043, "not for clients", Some("clientAuth")),
            (1044, "revoked", None),
            (1045, "not valid today", None),
            (1048, "does not know the authority", None),
        ] {
            let failure = of_alert(number, "the alert", progress);
            assert_eq!(failure.outcome, ProbeOutcome::ClientCertRejected);
            assert!(failure.detail.contains(words), "{}", failure.detail);
            let said = failure.help.unwrap_or_default();
            assert!(help.is_none_or(|help| said.contains(help)), "{said}");
        }
        assert!(!of_alert(1046, "the alert", progress).detail.contains(':'));
    }
}
