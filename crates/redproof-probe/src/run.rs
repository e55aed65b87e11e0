//! The connections of one plan: each is opened, used, judged and reported.

use std::collections::HashSet;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use futures_util::StreamExt as _;
use futures_util::stream;
use redproof_core::finding::Finding;
use redproof_core::outcome::{Api, ClientKind};
use redproof_core::releases::Pair;
use tokio::sync::Semaphore;

use crate::diagnosis::advice;
use crate::diagnosis::findings;
use crate::options::Options;
use crate::outcome::{Failure, ProbeOutcome};
use crate::plan::{Address, Login, Plan, Settings, Target};
use crate::proved::Proved;
use crate::redis::commands::Command;
use crate::redis::permissions::Asked;
use crate::redis::{commands, health, reply_failure};
use crate::report::{ConnectionReport, Event, Part, Patience, Step, Strict, Which};
use crate::session::{Seen, Session};
use crate::tls::Trust;

/// How many connections are open at once; each may have a second look or two beside it, and a process
/// has a thousand descriptors. What waits is the servers' answers: a connection costs a millisecond here.
pub(crate) const AT_ONCE: usize = 64;

/// From so many days left on, a certificate's end is a finding.
const EXPIRES_SOON_DAYS: i64 = 30;

/// What all connections of a probe share.
pub(crate) struct Prober<'a> {
    pub(crate) pair: Pair,
    pub(crate) options: &'a Options,
    pub(crate) deadline: Instant,
    pub(crate) on_event: Mutex<&'a mut (dyn FnMut(&Event) + Send)>,
    pub(crate) begun: AtomicUsize,
    pub(crate) places: Semaphore,
    pub(crate) trust: Trust,
    pub(crate) examined: Mutex<HashSet<String>>,
    pub(crate) scanned: Mutex<HashSet<SocketAddr>>,
    pub(crate) proved: Proved,
}

/// The probe of one plan.
pub(crate) struct Run<'a> {
    pub(crate) prober: &'a Prober<'a>,
    pub(crate) plan: &'a Plan,
}

/// A connection's verdict on its way into the report.
pub(crate) struct Verdict {
    pub(crate) which: Which,
    pub(crate) seen: Seen,
    pub(crate) failure: Option<Failure>,
    /// Whether LiteLLM's requests need this connection.
    pub(crate) needed: bool,
    /// Nobody chose whether its client checks the name.
    pub(crate) default_check_hostname: bool,
}

impl Run<'_> {
    /// A server that takes the client's commands: log in, ping, write.
    pub(crate) async fn server(&self, part: Part, settings: &Settings) -> Verdict {
        self.server_with_key(part, settings, Some(&self.key())).await
    }

    /// [`Self::server`] with this key; without one, nothing is written.
    pub(crate) async fn server_with_key(
        &self,
        part: Part,
        settings: &Settings,
        key: Option<&str>,
    ) -> Verdict {
        if self.plan.semantic {
            return self.semantic_index(part, settings).await;
        }
        let serves = key.is_some();
        let channel = self.plan.demands.key(&self::key());
        let native = self.plan.is_native();
        // redis-py's clients look at the server's state.
        let first = !native && self.prober.is_first(&settings.target());
        let key = key.filter(|_| !self.prober.options.read_only);
        let (_, verdict) = self
            .session(part, settings, async |session| {
                // redis-rs sends no PING to a server on its own.
                let mut also = if native { vec![] } else { vec![commands::ping()] };
                if part == Part::Master {
                    also.push(commands::role());
                }
                let (mut open, replies) = session.open(settings, &also).await?;
                if part == Part::Master {
                    reply_failure::check_role(replies.last())?;
                }
                let asked = Asked {
                    demands: &self.plan.demands,
                    user: settings.user(),
                    native,
                    single: part == Part::Server && !native,
                };
                let health = if serves {
                    session.use_it(&mut open, key, &asked).await?
                } else if native {
                    vec![]
                } else {
                    session.run(&mut open, &health::questions()).await?
                };
                session.info_refused(health.first());
                session.seen.of_client = session.seen.findings.len();
                if first {
                    let logged_in = settings.login != Login::None;
                    let running = session.options.running.as_ref();
                    let opens = health::Opens { in_each: self.plan.pool, running };
                    if let Some((health, found)) = health::judge(&health, part, logged_in, &opens) {
                        session.seen.health = Some(health);
                        session.seen.findings.extend(found);
                    }
                    if serves && session.options.samples > 0 && !health.is_empty() {
                        let count = session.options.samples;
                        let latency = session.sample(&mut open, key, count).await?;
                        session.seen.health.get_or_insert_default().latency = Some(latency);
                    }
                }
                if first && serves {
                    session.try_channels(&mut open, &asked, &channel).await;
                }
                Ok(())
            })
            .await;
        verdict
    }

    /// A node of a cluster whose slots the probe does not write to. What another client of equal settings proved
    /// there is not opened again.
    pub(crate) async fn node(&self, part: Part, settings: &Settings) -> Verdict {
        if self.plan.is_native() {
            return self.server_with_key(part, settings, None).await;
        }
        let place = self.prober.proved.place(settings);
        let mut own = None;
        let seen = place.get_or_init(async || {
            let verdict = self.server_with_key(part, settings, None).await;
            let seen = verdict.failure.is_none().then(|| verdict.seen.clone());
            own = Some(verdict);
            seen
        });
        let seen = seen.await.as_ref().map(Seen::for_another);
        match (own, seen) {
            (Some(own), _) => own,
            (None, Some(seen)) => self.as_seen(part, settings, seen),
            (None, None) => self.server_with_key(part, settings, None).await,
        }
    }

    /// The verdict of a connection that another client's stands for.
    fn as_seen(&self, part: Part, settings: &Settings, seen: Seen) -> Verdict {
        let prober = self.prober;
        let id = prober.begun.fetch_add(1, Ordering::Relaxed);
        let which = self.which(id, part, settings.target(), Some(&settings.address));
        prober.tell(&Event::Began { which: which.clone() });
        for step in &seen.steps {
            prober.tell(&Event::Step { which: which.clone(), step: step.clone() });
        }
        prober.tell(&Event::Ended { which: which.clone(), outcome: ProbeOutcome::Ok });
        let default_check_hostname = is_default(settings);
        Verdict { which, seen, failure: None, needed: true, default_check_hostname }
    }

    /// The server of a semantic cache, which needs its search module.
    async fn semantic_index(&self, part: Part, settings: &Settings) -> Verdict {
        let (_, verdict) = self
            .session(part, settings, async |session| {
                let search = Command::new("FT._LIST", [b"FT._LIST"], commands::Expect::Search);
                session.open(settings, &[commands::ping(), search]).await.map(drop)
            })
            .await;
        verdict
    }

    /// A key that nobody else has, where LiteLLM's keys are.
    pub(crate) fn key(&self) -> String {
        self.plan.demands.key(&key())
    }

    /// Whether it is for LiteLLM's Rust client.
    pub(crate) fn is_native(&self) -> bool {
        self.plan.is_native()
    }

    /// Runs each of these, several at a time; the answers are in the same order.
    pub(crate) async fn all<T>(
        &self,
        each: impl Iterator<Item = impl Future<Output = T>>,
    ) -> Vec<T> {
        stream::iter(each).buffered(AT_ONCE).collect().await
    }

    /// Runs `work` as a connection of its own, once there is a place for it.
    pub(crate) async fn session<T>(
        &self,
        part: Part,
        settings: &Settings,
        work: impl AsyncFnOnce(&mut Session<'_>) -> Result<T, Failure>,
    ) -> (Option<T>, Verdict) {
        let prober = self.prober;
        // Never closed.
        let _place = prober.places.acquire().await;
        let id = prober.begun.fetch_add(1, Ordering::Relaxed);
        let which = self.which(id, part, settings.target(), Some(&settings.address));
        prober.tell(&Event::Began { which: which.clone() });
        let mut on_step = |step: &Step| {
            prober.tell(&Event::Step { which: which.clone(), step: step.clone() });
        };
        let mut on_progress = |done, of| {
            prober.tell(&Event::Progress { which: which.clone(), done, of });
        };
        let mut session = Session {
            pair: prober.pair,
            options: prober.options,
            trust: &prober.trust,
            deadline: prober.deadline,
            api: self.api(),
            seen: Seen::default(),
            on_step: &mut on_step,
            on_progress: &mut on_progress,
        };
        let result = work(&mut session).await;
        if prober.options.tls_scan && settings.tls.is_some() {
            session.scan(settings, &prober.scanned).await;
        }
        let seen = session.seen;
        let (value, failure) = match result {
            Ok(value) => (Some(value), None),
            Err(failure) => (None, Some(failure)),
        };
        let outcome = failure.as_ref().map_or(ProbeOutcome::Ok, |failure| failure.outcome);
        prober.tell(&Event::Ended { which: which.clone(), outcome });
        let default_check_hostname = is_default(settings);
        (value, Verdict { which, seen, failure, needed: true, default_check_hostname })
    }

    /// A verdict without a connection.
    pub(crate) fn without_connection(
        &self,
        part: Part,
        target: String,
        failure: Failure,
    ) -> Verdict {
        let id = self.prober.begun.fetch_add(1, Ordering::Relaxed);
        let which = self.which(id, part, target, None);
        let (seen, failure) = (Seen::default(), Some(failure));
        Verdict { which, seen, failure, needed: true, default_check_hostname: false }
    }

    /// A verdict as the report shows it.
    pub(crate) fn report(&self, mut verdict: Verdict) -> ConnectionReport {
        verdict.say_what_an_upgrade_checks();
        let clean = |text: String| self.prober.options.redaction.clean_text(&text);
        let mut failure = verdict.failure;
        if let Some(failure) = &mut failure {
            self.explain_permission(failure);
        }
        let help = failure.as_ref().and_then(advice::help);
        let side = failure.as_ref().map(advice::side);
        let (outcome, detail, presented, expected) = match failure {
            None => (ProbeOutcome::Ok, None, None, None),
            Some(failure) => {
                let (presented, expected) = advice::presented_and_expected(&failure);
                (failure.outcome, Some(failure.detail), Some(presented), Some(expected))
            }
        };
        let mut findings = certificate_findings(&verdict.seen, outcome);
        findings.extend(verdict.seen.findings);
        for finding in &mut findings {
            finding.message = clean(std::mem::take(&mut finding.message));
        }
        let strict =
            verdict.seen.strict.map(|strict| Strict { detail: strict.detail.map(clean), ..strict });
        let Which { connection, consumers, api, users, part, target, host, port } = verdict.which;
        // Without the Redis of the Rust client requests are served all the same.
        let optional = self.plan.optional || self.plan.is_native();
        ConnectionReport {
            id: connection,
            consumers,
            api,
            users,
            client: match self.plan.kind {
                ClientKind::Redis => "Redis",
                ClientKind::RedisCluster => "RedisCluster",
                ClientKind::Sentinel => "Sentinel",
            },
            part,
            target,
            host,
            port,
            needed: verdict.needed && !optional,
            outcome,
            detail: detail.map(clean),
            presented: presented.map(clean),
            expected: expected.map(clean),
            help: help.map(clean),
            side,
            strict,
            steps: verdict.seen.steps,
            tls: verdict.seen.tls,
            server: verdict.seen.server.map(clean),
            health: verdict.seen.health,
            tls_scan: verdict.seen.scan,
            gives_up_after: self.plan.patience(part, self.prober.pair),
            findings,
            refused_commands: verdict.seen.refused,
            optional: verdict.needed && optional,
            semantic: self.plan.semantic,
            bare_keys_refused: verdict.seen.bare_keys_refused,
        }
    }

    /// What a user that may do too little needs.
    fn explain_permission(&self, failure: &mut Failure) {
        if failure.outcome != ProbeOutcome::NoPermission || failure.help.is_some() {
            return;
        }
        let user = match &self.plan.target {
            Ok(Target::Server(settings)) => settings.user(),
            Ok(Target::Cluster { settings, .. } | Target::Sentinel { master: settings, .. }) => {
                settings.user()
            }
            Err(_) => "default",
        };
        let more: &[&str] = match self.plan.kind {
            ClientKind::RedisCluster if self.plan.is_native() => &["cluster|slots"],
            ClientKind::RedisCluster => &["cluster|slots", "command"],
            ClientKind::Redis | ClientKind::Sentinel => &[],
        };
        let least = self.plan.demands.least(more);
        failure.help = Some(format!(
            "Grant the user at the server what this configuration needs: `ACL SETUSER {user} {least}`."
        ));
        if failure.detail.contains("one of the keys") {
            failure.presented = Some("a user that may not use LiteLLM's keys".to_owned());
            failure.expected = Some(format!("the key pattern {}", self.plan.demands.patterns()));
            if self.plan.demands.passes_over_namespace {
                failure.detail += " LiteLLM's Rust client gives its keys no `namespace`: that of `cache_params` \
                    is set where it does not look.";
            }
        }
    }

    fn which(
        &self,
        connection: usize,
        part: Part,
        target: String,
        address: Option<&Address>,
    ) -> Which {
        let tcp = match address {
            Some(Address::Tcp { host, port }) => Some((host.clone(), *port)),
            Some(Address::Unix(_) | Address::Discovered) | None => None,
        };
        Which {
            connection,
            consumers: self.plan.consumers(),
            api: self.plan.api_name(),
            users: self.plan.users(),
            part,
            target,
            port: tcp.as_ref().map(|(_, port)| *port),
            host: tcp.map(|(host, _)| host),
        }
    }

    /// How long the client that asks a sentinel tries: redis-py makes one of its own for it.
    pub(crate) fn patience_with_sentinel(&self, sentinel: &Settings) -> Patience {
        Patience::of(sentinel, self.api(), self.prober.pair, true)
    }

    fn api(&self) -> Api {
        match self.plan.is_native() {
            true => Api::Native,
            false if self.plan.serves(Api::Async) => Api::Async,
            false => Api::Sync,
        }
    }
}

impl Prober<'_> {
    /// Whether no other connection has looked into this server.
    fn is_first(&self, target: &str) -> bool {
        let mut known = self.examined.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(target.to_owned())
    }

    fn tell(&self, event: &Event) {
        (self.on_event.lock().unwrap_or_else(PoisonError::into_inner))(event);
    }
}

impl Verdict {
    fn say_what_an_upgrade_checks(&mut self) {
        if !(self.seen.passes_over_name && self.default_check_hostname) {
            return;
        }
        if let Some(detail) = self.seen.strict.as_mut().and_then(|strict| strict.detail.as_mut()) {
            *detail += " redis-py 6 and later check it unless set otherwise, and refuse this one.";
        }
    }
}

fn is_default(settings: &Settings) -> bool {
    settings.tls.as_ref().is_some_and(|tls| tls.default_check_hostname)
}

/// What a connection's TLS gives cause for, though it works.
fn certificate_findings(seen: &Seen, outcome: ProbeOutcome) -> Vec<Finding> {
    let mut list = Vec::new();
    if outcome != ProbeOutcome::Ok {
        return list;
    }
    if let Some(strict) = &seen.strict
        && strict.outcome != ProbeOutcome::Ok
    {
        let why = strict.detail.as_deref().unwrap_or(strict.outcome.name());
        list.push(findings::IMPOSTOR_PASSES.found(why));
    }
    let chain = seen.tls.as_ref().map(|tls| tls.chain.as_slice()).unwrap_or_default();
    for certificate in chain {
        if (0..EXPIRES_SOON_DAYS).contains(&certificate.days_left) {
            list.push(findings::CERTIFICATE_EXPIRES.found(format!(
                "The certificate {} expires at {}, in {} days.",
                certificate.subject, certificate.not_after, certificate.days_left
            )));
        }
    }
    list
}

/// A key that nobody else has.
fn key() -> String {
    let mut random = [0; 8];
    // Without randomness the name is still the probe's own.
    let _ = openssl::rand::rand_bytes(&mut random);
    format!("redproof:probe:{:016x}", u64::from_be_bytes(random))
}
