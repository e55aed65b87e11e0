//! One connection, from the host's name to the last reply.

mod closed;
mod handshake;
mod steps;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use redis::Value;
use redproof_core::finding::Finding;
use redproof_core::outcome::Api;
use redproof_core::releases::Pair;
use tokio::time::timeout;

use crate::login::Credentials;
use crate::network::timeout::silent;
use crate::network::wire::{Stream, Wire, WireError};
use crate::options::Options;
use crate::outcome::{Failure, ProbeOutcome};
use crate::plan::{Login, Settings};
use crate::redis::commands::{self, Command, pack};
use crate::redis::reply_failure::{judge, server_of, tls_required};
use crate::redis::stranger;
use crate::report::{Health, Step, Strict, TlsReport, TlsScan};
use crate::tls::Trust;

use handshake::first_roots;
pub(crate) use steps::milliseconds;

/// How long a server has to take the probe's last command.
const CLEAN_UP: Duration = Duration::from_millis(500);

/// What all sessions of a probe share.
pub(crate) struct Session<'a> {
    pub(crate) pair: Pair,
    pub(crate) options: &'a Options,
    pub(crate) trust: &'a Trust,
    /// When the whole probe must be over.
    pub(crate) deadline: Instant,
    /// The client's API: the synchronous one alone connects before it reads certificate files.
    pub(crate) api: Api,
    pub(crate) seen: Seen,
    pub(crate) on_step: &'a mut dyn FnMut(&Step),
    pub(crate) on_progress: &'a mut dyn FnMut(usize, usize),
}

/// What a session saw, whatever it came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    pub(crate) steps: Vec<Step>,
    pub(crate) tls: Option<TlsReport>,
    pub(crate) strict: Option<Strict>,
    /// redis-py's client verifies, and does not check the name that the strict one refuses.
    pub(crate) passes_over_name: bool,
    pub(crate) server: Option<String>,
    pub(crate) health: Option<Health>,
    pub(crate) findings: Vec<Finding>,
    /// How many of these are of the client; what comes after them is the server's state.
    pub(crate) of_client: usize,
    /// Commands that LiteLLM needs and the server refuses, as `ACL` writes them.
    pub(crate) refused: Vec<&'static str>,
    /// LiteLLM uses keys outside its namespace, and the user may not.
    pub(crate) bare_keys_refused: bool,
    /// Where it connected to.
    pub(crate) address: Option<SocketAddr>,
    /// What the server offers, where that was asked for.
    pub(crate) scan: Option<TlsScan>,
}

/// An open connection, logged in as redis-py does it.
pub(crate) struct Open {
    wire: Wire,
    /// Set until the first reply over TLS, with whether a client certificate was presented: until
    /// then, an end of the connection may be about that.
    unproved_tls: Option<bool>,
    /// Whether the server has answered anything.
    answered: bool,
    /// The address connected to, to look again.
    place: Place,
    limit: Duration,
}

/// Where a connection goes, to look there again.
pub(crate) enum Place {
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
        let context_first = self.api != Api::Sync;
        let mut context = None;
        if let (Some(tls), true) = (&settings.tls, context_first) {
            context = Some(self.context(tls, first_roots(tls))?);
        }
        let credentials = self.credentials(settings).await?;
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
        let mut open =
            Open { wire: Wire::new(stream), unproved_tls, answered: false, place, limit };
        let mut login = match self.api {
            Api::Native => commands::on_native_connect(settings, credentials.as_ref()),
            Api::Sync | Api::Async => {
                commands::on_connect(settings, credentials.as_ref(), self.pair)
            }
        };
        let count = login.len();
        login.extend_from_slice(also);
        let replies = match self.run(&mut open, &login).await {
            Err(failure) => {
                self.without_username(&mut open, credentials.as_ref(), &login, failure).await?
            }
            Ok(replies) => replies,
        };
        Ok((open, replies.into_iter().skip(count).collect()))
    }

    /// What to log in with; a cloud's token is fetched first.
    async fn credentials(&mut self, settings: &Settings) -> Result<Option<Credentials>, Failure> {
        let source = match &settings.login {
            Login::None => return Ok(None),
            Login::Static(credentials) => return Ok(Some(credentials.clone())),
            Login::Token(source) => source,
        };
        let Some(identity) = &self.options.identity else {
            let what = format!("This connection logs in with a token of {}", source.name());
            return Err(Failure::new(
                ProbeOutcome::Other,
                format!("{what}, and the companion fetches no tokens."),
            )
            .presented("no token")
            .expected("a token")
            .help("Run `redproof probe` in a terminal, where LiteLLM's identity is."));
        };
        let started = Instant::now();
        let limit = self.limit(None);
        let fetched = match self.within(limit, source.fetch(identity)).await {
            Ok(fetched) => fetched,
            Err(over) => Err(over.failure(limit, &format!("{} gives no token", source.name()))),
        };
        let (credentials, _) =
            self.step("token", started, fetched, |(_, by)| format!("{} by {by}", source.name()))?;
        Ok(Some(credentials))
    }

    /// Redis before 6.0 takes no username: the client tries again with the password alone.
    async fn without_username(
        &mut self,
        open: &mut Open,
        credentials: Option<&Credentials>,
        login: &[Command],
        failure: Failure,
    ) -> Result<Vec<Value>, Failure> {
        let (Some(credentials), Some(first)) = (credentials, login.first()) else {
            return Err(failure);
        };
        let too_many_arguments = failure.detail.contains("wrong number of arguments for 'auth'");
        if first.label != "AUTH" || credentials.username.is_none() || !too_many_arguments {
            return Err(failure);
        }
        // The replies to the commands after AUTH are still under way.
        for _ in 1..login.len() {
            self.next_reply(open, "AUTH").await?;
        }
        let mut again = login.to_vec();
        again[0] = commands::auth_without_username(credentials);
        self.run(open, &again).await
    }

    /// Sends commands together and takes their replies in order; the first that redis-py would
    /// stop at is the failure.
    pub(crate) async fn run(
        &mut self,
        open: &mut Open,
        commands: &[Command],
    ) -> Result<Vec<Value>, Failure> {
        match self.run_on(open, commands).await {
            (replies, None) => Ok(replies),
            (_, Some(failure)) => Err(failure),
        }
    }

    /// [`Self::run`], with the replies that came before a failure.
    pub(crate) async fn run_on(
        &mut self,
        open: &mut Open,
        commands: &[Command],
    ) -> (Vec<Value>, Option<Failure>) {
        let mut since = Instant::now();
        let packed = pack(commands);
        let limit = self.limit(Some(open.limit));
        if let Err(over) = self.within(limit, open.wire.send(&packed)).await {
            return (vec![], Some(silent(over, limit, None)));
        }
        // A failed write says less than what there is to read: the server's last words.
        let mut replies = Vec::with_capacity(commands.len());
        for command in commands {
            let value = match self.next_reply(open, command.label).await {
                Ok(value) => value,
                Err(failure) => {
                    let noted = self.step(command.label, since, Err(failure), |()| String::new());
                    return (replies, noted.err());
                }
            };
            if command.label == "HELLO" {
                self.seen.server = server_of(&value);
            }
            if !command.quiet {
                let judged = judge(command, &value);
                if let Err(failure) = self.step(command.label, since, judged, Clone::clone) {
                    return (replies, Some(failure));
                }
                since = Instant::now();
            }
            replies.push(value);
        }
        (replies, None)
    }

    /// The replies that are still under way after one that was a failure, up to so many.
    pub(crate) async fn still_under_way(&mut self, open: &mut Open, most: usize) -> Vec<Value> {
        let mut replies = Vec::new();
        while replies.len() < most {
            match self.next_reply(open, "INFO").await {
                Ok(value) => replies.push(value),
                Err(_) => break,
            }
        }
        replies
    }

    /// How long a command takes.
    pub(crate) async fn time(
        &mut self,
        open: &mut Open,
        command: &Command,
    ) -> Result<Duration, Failure> {
        let packed = pack(std::slice::from_ref(command));
        let limit = self.limit(Some(open.limit));
        let started = Instant::now();
        if let Err(over) = self.within(limit, open.wire.send(&packed)).await {
            return Err(silent(over, limit, open.answered.then_some(command.label)));
        }
        let value = self.next_reply(open, command.label).await?;
        let taken = started.elapsed();
        judge(command, &value).map(|_| taken)
    }

    /// Tells how far the samples are.
    pub(crate) fn progress(&mut self, done: usize, of: usize) {
        (self.on_progress)(done, of);
    }

    /// Sends a command that must go out though the probe may be over, and gives it a moment.
    pub(crate) async fn clean_up(&self, open: &mut Open, command: &Command) {
        let last = async {
            // Replies to what was sent before come first.
            if open.wire.send(&pack(std::slice::from_ref(command))).await.is_ok() {
                while !matches!(open.wire.reply().await, Ok(Value::Int(_)) | Err(_)) {}
            }
        };
        let _ = timeout(CLEAN_UP, last).await;
    }

    async fn next_reply(&mut self, open: &mut Open, to: &str) -> Result<Value, Failure> {
        let limit = self.limit(Some(open.limit));
        match self.within(limit, open.wire.reply()).await {
            Err(over) => Err(silent(over, limit, open.answered.then_some(to))),
            Ok(Ok(value)) => {
                open.unproved_tls = None;
                open.answered = true;
                Ok(value)
            }
            Ok(Err(WireError::TooMuch)) => Err(Failure::new(
                ProbeOutcome::ProtocolError,
                "The server sends more than any reply holds.",
            )),
            Ok(Err(WireError::NotRedis)) => Err(Self::not_redis(open)),
            Ok(Err(WireError::Io(error))) => Err(self.broken(open, to, &error).await),
        }
    }

    fn not_redis(open: &Open) -> Failure {
        let seen = open.wire.seen();
        // A TLS record: an alert, to a client that spoke plaintext.
        if open.unproved_tls.is_none() && seen.starts_with(&[0x15, 0x03]) {
            return tls_required();
        }
        stranger::not_redis(seen)
    }
}
