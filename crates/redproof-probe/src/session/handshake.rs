//! The TLS handshake of a connection, and what answers where none comes about.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use redproof_core::outcome::Api;

use super::Session;
use crate::diagnosis::retry_plaintext::{self, Look};
use crate::network::socket::{self, Socket};
use crate::network::timeout::Over;
use crate::network::wire::Stream;
use crate::outcome::{Failure, ProbeOutcome};
use crate::plan::Settings;
use crate::redis::reply_failure::not_tls;
use crate::tls::{self, Attempt, Context, Roots};
use crate::tls_settings::TlsSettings;

/// A TLS server answers within its round trip; a plaintext Redis waits for a newline that never
/// comes. From here on the second look runs beside the handshake.
const PATIENCE: Duration = Duration::from_millis(300);

/// How long a look at what else answers may take, where the usual greeting brought nothing.
const SECOND_LOOK: Duration = Duration::from_secs(2);

impl Session<'_> {
    pub(super) async fn shake_hands(
        &mut self,
        context: &Context,
        settings: &TlsSettings,
        host: &str,
        addresses: &[SocketAddr],
        socket: Socket,
        connection: &Settings,
    ) -> Result<Stream, Failure> {
        let started = Instant::now();
        // The handshake counts as connecting, in redis-py's asyncio and sync clients alike.
        let limit = self.limit(connection.connect_timeout.or(connection.timeout));
        let handshake = tls::connect(self.trust, context, settings, host, socket);
        let looking = async {
            tokio::time::sleep(PATIENCE.min(limit / 2)).await;
            if !retry_plaintext::is_plaintext_alone(addresses, limit).await {
                // Nothing is certain: let the handshake have its time.
                std::future::pending::<()>().await;
            }
            Look::Redis
        };
        let either = async {
            tokio::select! {
                biased;
                attempt = handshake => Ok(attempt),
                look = looking => Err(look),
            }
        };
        let attempt = self.within(limit, either).await;
        let attempt = match attempt {
            Ok(Ok(first)) if first.depends_on_roots && settings.names_authorities() => {
                let again = self.with_system_roots(settings, host, addresses, limit).await?;
                Ok(Ok(again.unwrap_or(first)))
            }
            attempt => attempt,
        };
        let result = match attempt {
            Err(over) => Err(self.no_handshake(over, limit, host, addresses).await),
            Ok(Err(look)) => Err(not_tls(&look)),
            Ok(Ok(attempt)) => {
                self.seen.tls = attempt.report;
                self.seen.strict = attempt.strict;
                self.seen.passes_over_name = attempt.passes_over_name;
                self.seen.findings.extend(attempt.other_python);
                match attempt.stream {
                    Ok(stream) => Ok(stream),
                    Err(Some(failure)) => Err(self.with_trusted(failure, settings)),
                    Err(None) => Err(not_tls(&retry_plaintext::plaintext(addresses, limit).await)),
                }
            }
        };
        let shown = self.seen.tls.as_ref().map_or_else(String::new, |tls| {
            let cipher = tls.cipher.as_deref().unwrap_or("no cipher");
            format!("{} {cipher}", tls.version)
        });
        self.step("tls", started, result, |_| shown)
    }

    /// What there is to say where no handshake comes about in time.
    pub(super) async fn no_handshake(
        &self,
        over: Over,
        limit: Duration,
        host: &str,
        addresses: &[SocketAddr],
    ) -> Failure {
        let failure =
            over.failure(limit, "The server takes the connection, but answers no TLS handshake");
        if over == Over::Limit {
            let look = retry_plaintext::plaintext(addresses, limit.min(SECOND_LOOK));
            if let Ok(look @ Look::Other(_)) = self.within(SECOND_LOOK, look).await {
                return not_tls(&look);
            }
            let small = retry_plaintext::answers_small_greeting(addresses, host, limit);
            if self.within(limit.min(SECOND_LOOK), small).await == Ok(true) {
                let detail = format!(
                    "{} It answers a short TLS greeting: something on the way drops the usual one, which is \
                     longer than 1,000 bytes since OpenSSL 3.5 (post-quantum key shares).",
                    failure.detail
                );
                return Failure { detail, ..failure }.help(
                    "Fix the firewall or load balancer on the way, or its MTU: it drops TLS greetings that do not fit \
                     into its buffer. LiteLLM works meanwhile on an image whose OpenSSL is older than 3.5.",
                );
            }
        }
        failure.help("Check host and port, and whether a firewall or proxy swallows the traffic.")
    }

    /// Once more, with the default roots, which CPython always trusts too; `None` when the server
    /// gives no second connection.
    pub(super) async fn with_system_roots(
        &self,
        settings: &TlsSettings,
        host: &str,
        addresses: &[SocketAddr],
        limit: Duration,
    ) -> Result<Option<Attempt>, Failure> {
        let context = self.context(settings, Roots::Default)?;
        let again = async {
            let socket = socket::connect(host, *addresses.first()?).await.ok()?;
            Some(tls::connect(self.trust, &context, settings, host, socket).await)
        };
        Ok(self.within(limit, again).await.ok().flatten())
    }

    /// Names the roots, where none of them leads to the server and the settings name none.
    pub(super) fn with_trusted(&self, mut failure: Failure, settings: &TlsSettings) -> Failure {
        let about = [ProbeOutcome::UnknownCa, ProbeOutcome::ChainIncomplete];
        if about.contains(&failure.outcome) && !settings.names_authorities() {
            let trusted = self.trust.sources(settings);
            let trusted = if trusted.is_empty() { "none".to_owned() } else { trusted.join("; ") };
            failure.detail = format!("{} Trusted roots: {trusted}.", failure.detail);
        }
        failure
    }

    pub(super) fn context(&self, settings: &TlsSettings, roots: Roots) -> Result<Context, Failure> {
        match self.api {
            Api::Native => self.trust.rustls(settings).map(Context::Rustls),
            Api::Sync | Api::Async => self.trust.context(settings, roots).map(Context::OpenSsl),
        }
    }
}

/// The default roots are read at first only where the settings name no others.
pub(super) fn first_roots(settings: &TlsSettings) -> Roots {
    if settings.names_authorities() { Roots::ConfiguredOnly } else { Roots::Default }
}
