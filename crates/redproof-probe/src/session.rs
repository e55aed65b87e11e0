//! One connection, from the host's name to the last reply.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use openssl::ssl::SslContext;
use redis::Value;
use redproof_core::outcome::Api;
use redproof_core::releases::Pair;
use tokio::time::timeout;

use crate::commands::{self, Command, Expect, pack};
use crate::network::{self, Socket};
use crate::options::Options;
use crate::plan::{Address, Settings, TlsSettings};
use crate::report::{Failure, ProbeOutcome, Step, Strict, TlsReport};
use crate::second_look::{self, Look};
use crate::tls::{Attempt, Roots};
use crate::wire::{Stream, Wire, WireError};
use crate::{reply, tls};

/// A TLS server answers within its round trip; a plaintext Redis waits for a newline that never
/// comes. From here on the second look runs beside the handshake.
const PATIENCE: Duration = Duration::from_millis(300);

/// What all sessions of a probe share.
pub(crate) struct Session<'a> {
    pub(crate) pair: Pair,
    pub(crate) options: &'a Options,
    /// When the whole probe must be over.
    pub(crate) deadline: Instant,
    /// The client's API: the asyncio one reads certificate files before it connects.
    pub(crate) api: Api,
    pub(crate) seen: Seen,
    pub(crate) on_step: &'a mut dyn FnMut(&Step),
}

/// What a session saw, whatever it came to.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    pub(crate) steps: Vec<Step>,
    pub(crate) tls: Option<TlsReport>,
    pub(crate) strict: Option<Strict>,
    pub(crate) server: Option<String>,
}

/// An open connection, logged in as redis-py does it.
pub(crate) struct Open {
    wire: Wire,
    /// Set until the first reply over TLS, with whether a client certificate was presented: until
    /// then, an end of the connection may be about that.
    unproved_tls: Option<bool>,
    /// The address connected to, to look again.
    place: Place,
    limit: Duration,
}

enum Place {
    Tcp(Vec<SocketAddr>, String),
    Unix,
}

impl Session<'_> {
    /// Connects and logs in; `also` travels with the login's commands.
    pub(crate) async fn open(
        &mut self,
        settings: &Settings,
        also: &[Command],
    ) -> Result<(Open, Vec<Value>), Failure> {
        let context_first = self.api == Api::Async;
        let mut context = None;
        if let (Some(tls), true) = (&settings.tls, context_first) {
            context = Some(self.context(tls, first_roots(tls))?);
        }
        let (socket, place) = self.socket(settings).await?;
        let limit = self.limit(settings.timeout);
        let mut unproved_tls = None;
        let stream = match (&settings.tls, &place) {
            (Some(tls), Place::Tcp(addresses, host)) => {
                let context = match context {
                    Some(context) => context,
                    None => self.context(tls, first_roots(tls))?,
                };
                unproved_tls = Some(tls.client_certificate.is_some());
                self.shake_hands(&context, tls, host, addresses, socket, settings).await?
            }
            _ => Stream::Plain(socket),
        };
        let mut open = Open { wire: Wire::new(stream), unproved_tls, place, limit };
        let mut login = commands::on_connect(settings, self.pair);
        let count = login.len();
        login.extend_from_slice(also);
        let replies = match self.run(&mut open, &login).await {
            Err(failure) => self.without_username(&mut open, settings, &login, failure).await?,
            Ok(replies) => replies,
        };
        Ok((open, replies.into_iter().skip(count).collect()))
    }

    /// Redis before 6.0 takes no username: redis-py tries again with the password alone.
    async fn without_username(
        &mut self,
        open: &mut Open,
        settings: &Settings,
        login: &[Command],
        failure: Failure,
    ) -> Result<Vec<Value>, Failure> {
        let (Some(credentials), Some(first)) = (&settings.credentials, login.first()) else {
            return Err(failure);
        };
        let too_many_arguments = failure.detail.contains("wrong number of arguments for 'auth'");
        if first.label != "AUTH" || credentials.username.is_none() || !too_many_arguments {
            return Err(failure);
        }
        // The replies to the commands after AUTH are still under way.
        for _ in 1..login.len() {
            self.next_reply(open).await?;
        }
        let mut again = login.to_vec();
        again[0] = commands::auth_without_username(credentials);
        self.run(open, &again).await
    }

    async fn socket(&mut self, settings: &Settings) -> Result<(Socket, Place), Failure> {
        let limit = self.limit(settings.connect_timeout.or(settings.timeout));
        match &settings.address {
            Address::Tcp { host, port } => {
                let target = crate::target_text(host, *port);
                let started = Instant::now();
                let resolved = network::resolve(host, *port, &self.options.hosts, limit).await;
                let addresses = self.step("resolve", started, resolved, |addresses| {
                    let texts: Vec<String> = addresses.iter().map(|a| a.ip().to_string()).collect();
                    texts.join(", ")
                })?;
                let started = Instant::now();
                let connected = network::connect(&target, &addresses, limit).await;
                let (socket, address) =
                    self.step("connect", started, connected, |(_, a)| a.to_string())?;
                Ok((socket, Place::Tcp(vec![address], host.clone())))
            }
            Address::Unix(path) => {
                let started = Instant::now();
                let connected = network::connect_unix(path, limit).await;
                let socket = self.step("connect", started, connected, |_| path.clone())?;
                Ok((socket, Place::Unix))
            }
            Address::Discovered => {
                Err(Failure::new(ProbeOutcome::InvalidConfig, "There is no host to connect to."))
            }
        }
    }

    async fn shake_hands(
        &mut self,
        context: &SslContext,
        settings: &TlsSettings,
        host: &str,
        addresses: &[SocketAddr],
        socket: Socket,
        connection: &Settings,
    ) -> Result<Stream, Failure> {
        let started = Instant::now();
        // The handshake counts as connecting, in redis-py's asyncio and sync clients alike.
        let limit = self.limit(connection.connect_timeout.or(connection.timeout));
        let handshake = tls::connect(context, settings, host, socket);
        let looking = async {
            tokio::time::sleep(PATIENCE.min(limit / 2)).await;
            let look = second_look::plaintext(addresses, limit).await;
            if look == Look::Silent {
                // Nothing to add: let the handshake have its time.
                std::future::pending::<()>().await;
            }
            look
        };
        let attempt = timeout(limit, async {
            tokio::select! {
                biased;
                attempt = handshake => Ok(attempt),
                look = looking => Err(look),
            }
        })
        .await;
        let attempt = match attempt {
            Ok(Ok(first)) if first.depends_on_roots && settings.names_authorities() => {
                let again = self.with_system_roots(settings, host, addresses, limit).await?;
                Ok(Ok(again.unwrap_or(first)))
            }
            attempt => attempt,
        };
        let result = match attempt {
            Err(_) => Err(Failure::new(
                ProbeOutcome::Timeout,
                format!(
                    "The server takes the connection, but answers no TLS handshake within {:.1} s.",
                    limit.as_secs_f64()
                ),
            )
            .help("Check host and port, and whether a firewall or proxy swallows the traffic.")),
            Ok(Err(look)) => Err(not_tls(&look)),
            Ok(Ok(attempt)) => {
                self.seen.tls = attempt.report;
                self.seen.strict = attempt.strict;
                match attempt.stream {
                    Ok(stream) => Ok(Stream::Tls(Box::new(stream))),
                    Err(Some(failure)) => Err(failure),
                    Err(None) => Err(not_tls(&second_look::plaintext(addresses, limit).await)),
                }
            }
        };
        let shown = self.seen.tls.as_ref().map_or_else(String::new, |tls| {
            let cipher = tls.cipher.as_deref().unwrap_or("no cipher");
            format!("{} {cipher}", tls.version)
        });
        self.step("tls", started, result, |_| shown)
    }

    /// Once more, with the system's roots, which CPython always trusts too; `None` when the server
    /// gives no second connection.
    async fn with_system_roots(
        &self,
        settings: &TlsSettings,
        host: &str,
        addresses: &[SocketAddr],
        limit: Duration,
    ) -> Result<Option<Attempt<Socket>>, Failure> {
        let context = self.context(settings, Roots::System)?;
        let Ok((socket, _)) = network::connect(host, addresses, limit).await else {
            return Ok(None);
        };
        Ok(timeout(limit, tls::connect(&context, settings, host, socket)).await.ok())
    }

    fn context(&self, settings: &TlsSettings, roots: Roots) -> Result<SslContext, Failure> {
        tls::context(settings, roots, &self.options.files)
    }

    /// Sends commands together and takes their replies in order; the first that redis-py would
    /// stop at is the failure.
    pub(crate) async fn run(
        &mut self,
        open: &mut Open,
        commands: &[Command],
    ) -> Result<Vec<Value>, Failure> {
        let mut since = Instant::now();
        let sent = timeout(open.limit, open.wire.send(&pack(commands))).await;
        if sent.is_err() {
            return Err(silent(open.limit));
        }
        // A failed write says less than what there is to read: the server's last words.
        let mut replies = Vec::with_capacity(commands.len());
        for command in commands {
            let value = match self.next_reply(open).await {
                Ok(value) => value,
                Err(failure) => {
                    return self
                        .step(command.label, since, Err(failure), |()| String::new())
                        .map(|()| Vec::new());
                }
            };
            if command.label == "HELLO" {
                self.seen.server = server_of(&value);
            }
            let judged = judge(command, &value);
            self.step(command.label, since, judged, Clone::clone)?;
            replies.push(value);
            since = Instant::now();
        }
        Ok(replies)
    }

    async fn next_reply(&mut self, open: &mut Open) -> Result<Value, Failure> {
        match timeout(open.limit, open.wire.reply()).await {
            Err(_) => Err(silent(open.limit)),
            Ok(Ok(value)) => {
                open.unproved_tls = None;
                Ok(value)
            }
            Ok(Err(WireError::TooMuch)) => Err(Failure::new(
                ProbeOutcome::ProtocolError,
                "The server sends more than any reply holds.",
            )),
            Ok(Err(WireError::NotRedis)) => Err(Self::not_redis(open)),
            Ok(Err(WireError::Io(error))) => Err(self.broken(open, &error).await),
        }
    }

    fn not_redis(open: &Open) -> Failure {
        let seen = open.wire.seen();
        // A TLS record: an alert, to a client that spoke plaintext.
        if open.unproved_tls.is_none() && seen.starts_with(&[0x15, 0x03]) {
            return tls_required();
        }
        reply::not_redis(seen)
    }

    /// The connection ended or broke where a reply was due.
    async fn broken(&self, open: &Open, error: &io::Error) -> Failure {
        if let Some(client_certificate) = open.unproved_tls {
            let inner =
                error.get_ref().and_then(|inner| inner.downcast_ref::<openssl::ssl::Error>());
            if let Some(failure) = tls::after_handshake(inner, client_certificate) {
                return failure;
            }
        }
        if open.wire.seen().starts_with(b"HTTP/") {
            return reply::not_redis(open.wire.seen());
        }
        let plain_first_word = self.seen.tls.is_none() && open.wire.seen().is_empty();
        if let (true, Place::Tcp(addresses, host)) = (plain_first_word, &open.place)
            && second_look::is_tls(addresses, host, open.limit).await
        {
            return tls_required();
        }
        Failure::new(
            ProbeOutcome::ProtocolError,
            format!("The server closes the connection instead of answering: {error}."),
        )
        .help(
            "Look into the server's log: it may take too many clients, or a proxy stands between.",
        )
    }

    /// The time that a step has: the option's, the configuration's, what is left of the whole.
    fn limit(&self, configured: Option<Duration>) -> Duration {
        let left = self.deadline.saturating_duration_since(Instant::now());
        let step = self.options.step_timeout.min(left);
        configured.map_or(step, |configured| configured.min(step))
    }

    /// Takes note of a step.
    pub(crate) fn step<T>(
        &mut self,
        name: &str,
        started: Instant,
        result: Result<T, Failure>,
        describe: impl FnOnce(&T) -> String,
    ) -> Result<T, Failure> {
        let step = Step {
            step: name.to_owned(),
            ms: milliseconds(started.elapsed()),
            result: match &result {
                Ok(value) => describe(value),
                Err(failure) => failure.outcome.name().to_owned(),
            },
        };
        (self.on_step)(&step);
        self.seen.steps.push(step);
        result
    }
}

/// The system's roots are read at first only where the settings name no others.
fn first_roots(settings: &TlsSettings) -> Roots {
    if settings.names_authorities() { Roots::ConfiguredOnly } else { Roots::System }
}

pub(crate) fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

fn judge(command: &Command, value: &Value) -> Result<String, Failure> {
    if let Value::ServerError(error) = value {
        let code = error.code();
        let text =
            error.details().map_or_else(|| code.to_owned(), |details| format!("{code} {details}"));
        let text = reply::presentable(&text);
        return match command.expect {
            Expect::Anything if reply::is_passed_over(&text) => {
                Ok("not supported; redis-py passes over it".to_owned())
            }
            _ => Err(reply::failure(command.label, &text)),
        };
    }
    let text = text_of(value);
    let as_expected = match &command.expect {
        Expect::Anything | Expect::NoError => true,
        Expect::Text(expected) => text.as_deref() == Some(expected),
        Expect::Bytes(expected) => {
            matches!(value, Value::BulkString(bytes) if bytes == expected)
        }
        Expect::Map => matches!(value, Value::Map(_)),
    };
    if as_expected {
        Ok("ok".to_owned())
    } else {
        Err(Failure::new(
            ProbeOutcome::ProtocolError,
            format!("{}: the server's reply is not what Redis answers.", command.label),
        ))
    }
}

/// The text of a simple or bulk string.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Okay => Some("OK".to_owned()),
        Value::BulkString(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        Value::SimpleString(text) | Value::VerbatimString { text, .. } => Some(text.clone()),
        _ => None,
    }
}

/// `redis 7.0.15 standalone` from HELLO's map.
fn server_of(hello: &Value) -> Option<String> {
    let Value::Map(entries) = hello else {
        return None;
    };
    let get = |wanted: &str| {
        entries
            .iter()
            .find(|(key, _)| text_of(key).as_deref() == Some(wanted))
            .and_then(|(_, value)| text_of(value))
    };
    let words: Vec<String> = ["server", "version", "mode"]
        .into_iter()
        .filter_map(get)
        .map(|word| reply::presentable(&word))
        .collect();
    Some(words.join(" "))
}

fn silent(limit: Duration) -> Failure {
    Failure::new(
        ProbeOutcome::Timeout,
        format!(
            "The server takes the connection, but does not answer within {:.1} s.",
            limit.as_secs_f64()
        ),
    )
    .help("Check that Redis listens on that port, and that it is not blocked (`SLOWLOG`, `INFO`).")
}

fn not_tls(look: &Look) -> Failure {
    let failure = |detail: &str| Failure::new(ProbeOutcome::NotTlsServer, detail);
    match look {
        Look::Redis => failure(
            "The server speaks Redis without TLS on this port, and the client asks for TLS.",
        )
        .presented("plaintext Redis")
        .expected("a TLS server"),
        Look::Other(seen) => {
            let named = reply::not_redis(seen);
            let mut failure = failure(&format!("No TLS on this port. {}", named.detail));
            failure.presented = named.presented;
            failure.expected("a TLS server")
        }
        Look::Silent => failure("What answers on this port is not TLS.").expected("a TLS server"),
    }
}

fn tls_required() -> Failure {
    Failure::new(
        ProbeOutcome::TlsRequired,
        "The server speaks TLS on this port, and the client plaintext.",
    )
    .presented("a TLS server")
    .expected("plaintext Redis")
}
