//! Probes every connection and sums up.

use std::io;
use std::time::Instant;

use redproof_core::outcome::{Api, ClientKind, Consumer, Outcome};
use redproof_core::releases::Pair;

use crate::options::Options;
use crate::plan::{self, Address, Plan, Settings, Target};
use crate::report::{ConnectionReport, Event, Failure, Part, ProbeOutcome, Report};
use crate::session::{Seen, Session, milliseconds};
use crate::{advice, cluster, commands, sentinel};

/// [`probe`] on a runtime of its own, for callers that have none.
///
/// # Errors
/// When the system refuses a runtime's file descriptors.
pub fn probe_blocking(
    outcome: &Outcome,
    pair: Pair,
    options: &Options,
    on_event: &mut (dyn FnMut(&Event) + Send),
) -> io::Result<Report> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let report = runtime.block_on(probe(outcome, pair, options, on_event));
    // A resolver that hangs must not hold up the answer.
    runtime.shutdown_background();
    Ok(report)
}

/// Opens each distinct connection of an Outcome, one after the other, as the release pair's
/// clients would, and reports each step as it ends.
pub async fn probe(
    outcome: &Outcome,
    pair: Pair,
    options: &Options,
    on_event: &mut (dyn FnMut(&Event) + Send),
) -> Report {
    let started = Instant::now();
    let mut report = Report {
        outcome: ProbeOutcome::Ok,
        detail: None,
        litellm: pair.litellm.to_string(),
        redis_py: pair.redis_py.to_string(),
        connections: Vec::new(),
        ms: 0.0,
    };
    if let Some(failure) = plan::startup_failure(outcome) {
        report.outcome = failure.outcome;
        report.detail = Some(failure.detail);
        return report;
    }
    let deadline = started + options.overall_timeout;
    for plan in plan::plans(outcome, pair) {
        let mut run = Run { pair, options, deadline, plan: &plan, on_event, report: &mut report };
        run.plan().await;
    }
    sum_up(&mut report);
    report.ms = milliseconds(started.elapsed());
    report
}

/// Overall is the first that is not ok among what serves requests: the asyncio clients, where
/// there are any.
fn sum_up(report: &mut Report) {
    let asyncio = report.connections.iter().any(|connection| connection.api != "sync");
    let first = report.connections.iter().find(|connection| {
        connection.outcome != ProbeOutcome::Ok && (connection.api != "sync" || !asyncio)
    });
    if let Some(connection) = first {
        report.outcome = connection.outcome;
        report.detail.clone_from(&connection.detail);
    }
}

/// The probe of one plan.
pub(crate) struct Run<'a> {
    pair: Pair,
    options: &'a Options,
    deadline: Instant,
    plan: &'a Plan,
    on_event: &'a mut (dyn FnMut(&Event) + Send),
    report: &'a mut Report,
}

/// A connection's verdict on its way into the report.
pub(crate) struct Verdict {
    pub(crate) part: Part,
    pub(crate) target: String,
    pub(crate) seen: Seen,
    pub(crate) failure: Option<Failure>,
}

impl Run<'_> {
    async fn plan(&mut self) {
        match &self.plan.target {
            Err(failure) => self.add(Verdict {
                part: Part::Server,
                target: "(not built)".to_owned(),
                seen: Seen::default(),
                failure: Some(failure.clone()),
            }),
            Ok(Target::Server(settings)) => self.server(Part::Server, settings).await,
            Ok(Target::Cluster { nodes, settings }) => cluster::run(self, nodes, settings).await,
            Ok(Target::Sentinel { service_name, sentinels, master }) => {
                sentinel::run(self, service_name, sentinels, master).await;
            }
        }
    }

    /// A server that takes the client's commands: log in, ping, write.
    pub(crate) async fn server(&mut self, part: Part, settings: &Settings) {
        self.server_with_key(part, settings, Some(&key())).await;
    }

    /// [`Self::server`] with this key; without one, nothing is written.
    pub(crate) async fn server_with_key(
        &mut self,
        part: Part,
        settings: &Settings,
        key: Option<&str>,
    ) {
        let key = key.filter(|_| !self.options.read_only);
        let verdict = self
            .session(part, settings, async |session| {
                let (mut open, _) = session.open(settings, &[commands::ping()]).await?;
                if let Some(key) = key {
                    let commands = commands::write_read_delete(key, "redproof");
                    session.run(&mut open, &commands).await?;
                }
                Ok(())
            })
            .await;
        self.add(verdict.1);
    }

    /// Runs `work` as a connection of its own.
    pub(crate) async fn session<T>(
        &mut self,
        part: Part,
        settings: &Settings,
        work: impl AsyncFnOnce(&mut Session<'_>) -> Result<T, Failure>,
    ) -> (Option<T>, Verdict) {
        let target = target(settings);
        let connection = self.report.connections.len();
        let api = self.api();
        let on_event = &mut *self.on_event;
        let mut on_step = |step: &crate::report::Step| {
            on_event(&Event::Step { connection, target: target.clone(), step: step.clone() });
        };
        let mut session = Session {
            pair: self.pair,
            options: self.options,
            deadline: self.deadline,
            api,
            seen: Seen::default(),
            on_step: &mut on_step,
        };
        let result = work(&mut session).await;
        let seen = session.seen;
        let (value, failure) = match result {
            Ok(value) => (Some(value), None),
            Err(failure) => (None, Some(failure)),
        };
        let verdict = Verdict { part, target, seen, failure };
        (value, verdict)
    }

    /// Puts a verdict into the report.
    pub(crate) fn add(&mut self, verdict: Verdict) {
        let failure = verdict.failure;
        let help = failure.as_ref().and_then(advice::help);
        let side = failure.as_ref().map(advice::side);
        let (outcome, detail, presented, expected) = match failure {
            None => (ProbeOutcome::Ok, None, None, None),
            Some(failure) => {
                let (presented, expected) = advice::presented_and_expected(&failure);
                (failure.outcome, Some(failure.detail), Some(presented), Some(expected))
            }
        };
        self.report.connections.push(ConnectionReport {
            consumers: self.plan.consumers.iter().copied().map(consumer_name).collect(),
            api: match self.plan.apis.as_slice() {
                [Api::Sync] => "sync",
                [Api::Async] => "async",
                _ => "both",
            },
            client: match self.plan.kind {
                ClientKind::Redis => "Redis",
                ClientKind::RedisCluster => "RedisCluster",
                ClientKind::Sentinel => "Sentinel",
            },
            part: verdict.part,
            target: verdict.target,
            outcome,
            detail,
            presented,
            expected,
            help,
            side,
            strict: verdict.seen.strict,
            steps: verdict.seen.steps,
            tls: verdict.seen.tls,
            server: verdict.seen.server,
        });
    }

    fn api(&self) -> Api {
        if self.plan.apis.contains(&Api::Async) { Api::Async } else { Api::Sync }
    }
}

fn consumer_name(consumer: Consumer) -> &'static str {
    match consumer {
        Consumer::Response => "response",
        Consumer::Usage => "usage",
        Consumer::Router => "router",
    }
}

pub(crate) fn target(settings: &Settings) -> String {
    match &settings.address {
        Address::Tcp { host, port } => crate::target_text(host, *port),
        Address::Unix(path) => path.clone(),
        Address::Discovered => "(discovered)".to_owned(),
    }
}

/// A key that nobody else has.
pub(crate) fn key() -> String {
    let mut random = [0; 8];
    // Without randomness the name is still the probe's own.
    let _ = openssl::rand::rand_bytes(&mut random);
    format!("redproof:probe:{:016x}", u64::from_be_bytes(random))
}
