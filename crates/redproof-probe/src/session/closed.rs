//! A connection that ends where a reply was due: what is known of why.

use std::io;

use super::{Open, Place, Session};
use crate::diagnosis::advice::BEHIND;
use crate::diagnosis::retry_plaintext::{self, Look};
use crate::outcome::{Failure, ProbeOutcome};
use crate::redis::reply_failure::tls_required;
use crate::redis::stranger;
use crate::tls;

impl Session<'_> {
    /// The connection ended or broke where a reply was due.
    pub(super) async fn broken(&self, open: &Open, to: &str, error: &io::Error) -> Failure {
        // A server that said something has taken the handshake for finished.
        let silent = open.wire.seen().is_empty();
        if let (Some(client_certificate), true) = (open.unproved_tls, silent) {
            let requested =
                self.seen.tls.as_ref().is_some_and(|tls| tls.client_certificate_requested);
            if let Some(failure) = tls::after_handshake(error, client_certificate, requested) {
                return failure;
            }
        }
        if open.wire.seen().starts_with(b"HTTP/") {
            return stranger::not_redis(open.wire.seen());
        }
        let failure = Failure::new(
            ProbeOutcome::ProtocolError,
            format!("The server closes the connection instead of answering {to}: {error}."),
        );
        if open.answered || !silent {
            return failure.help(
                "Look into the server's log: it may take too many clients, or a proxy in between does not know \
                 the command.",
            );
        }
        let (None, Place::Tcp(addresses, host)) = (&self.seen.tls, &open.place) else {
            return failure
                .presented("a connection that is closed at the first command")
                .help(BEHIND);
        };
        if retry_plaintext::is_tls(addresses, host, open.limit).await {
            return tls_required();
        }
        match retry_plaintext::plaintext(addresses, open.limit).await {
            Look::Redis => closes_at(failure, to),
            Look::Other(_) | Look::Silent => {
                failure.presented("a connection that is closed at the first command").help(BEHIND)
            }
        }
    }
}

/// Another connection's PING was answered: this command is what the server closes at.
fn closes_at(failure: Failure, to: &str) -> Failure {
    failure.presented(format!("a server that answers PING, and closes the connection at {to}")).help(
        match to {
            "HELLO" => {
                "Set `protocol: 2` under `cache_params` (in a url: `?protocol=2`), with which redis-py sends no HELLO: a \
                 proxy in between (twemproxy) closes at it."
            }
            "CLIENT SETINFO" => {
                "Connect LiteLLM to the Redis behind the proxy: twemproxy closes at a command that it does not know, and \
                 CLIENT is one."
            }
            _ => {
                "Look into the log of the server, or of the proxy before it, which may not know the command."
            }
        },
    )
}
