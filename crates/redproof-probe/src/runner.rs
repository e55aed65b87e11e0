//! Probes every connection and sums up.

use std::io;
use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use futures_util::StreamExt as _;
use futures_util::stream;
use redproof_core::outcome::{Consumer, Outcome};
use redproof_core::releases::Pair;
use tokio::sync::Semaphore;

use crate::needs::Needs;
use crate::options::Options;
use crate::outcome::ProbeOutcome;
use crate::plan::{self, Target, consumer_name};
use crate::proved::Proved;
use crate::redis::reply::READ_ONLY;
use crate::report::{ConnectionReport, ConsumerReport, Event, Part, Report, StartReport};
use crate::roles;
use crate::run::{AT_ONCE, Prober, Run};
use crate::session::milliseconds;
use crate::tls::{self, Trust};
use crate::topology::{cluster, sentinel};

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

/// Opens each distinct connection of an Outcome as the release pair's clients would, several at a
/// time, and reports each step as it ends.
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
        python: options.python.map(|python| python.to_string()),
        startup: StartReport::default(),
        roles: Vec::new(),
        consumers: Vec::new(),
        connections: Vec::new(),
        files: Vec::new(),
        ms: 0.0,
    };
    let serving = serving::Serving::new(outcome, &options.environment, pair);
    let needs = Needs::new(outcome, serving.as_ref(), &options.environment);
    let judged = |report: &mut Report| {
        report.startup = roles::startup(outcome, pair, &needs, &report.connections);
        let why = report.startup.why.take();
        report.startup.why = why.map(|why| options.redaction.clean_text(&why));
        report.roles = roles::roles(&needs, &report.connections);
    };
    if let Some(failure) = plan::startup_failure(outcome) {
        report.outcome = failure.outcome;
        report.detail = Some(options.redaction.clean_text(&failure.detail));
        judged(&mut report);
        return report;
    }
    let prober = Prober {
        pair,
        options,
        deadline: started + options.overall_timeout,
        on_event: Mutex::new(on_event),
        begun: AtomicUsize::new(0),
        places: Semaphore::new(AT_ONCE),
        trust: Trust::new(&options.environment, &options.files, options.python),
        examined: Mutex::default(),
        scanned: Mutex::default(),
        proved: Proved::default(),
    };
    let plans = plan::plans(outcome, pair, &needs);
    let runs = plans.iter().map(|plan| connections(Run { prober: &prober, plan }));
    let found: Vec<_> = stream::iter(runs).buffered(AT_ONCE).collect().await;
    report.connections = found.into_iter().flatten().collect();
    explain_balancers(&mut report.connections);
    report.files = tls::mounted::files(&plans, &report.connections, &options.files);
    sum_up(&mut report);
    judged(&mut report);
    report.ms = milliseconds(started.elapsed());
    report
}

/// One connection met a server that takes writes, another one to the same address a replica.
fn explain_balancers(connections: &mut [ConnectionReport]) {
    let works: Vec<String> = connections
        .iter()
        .filter(|one| one.part == Part::Server && one.outcome == ProbeOutcome::Ok)
        .map(|one| one.target.clone())
        .collect();
    for one in connections.iter_mut().filter(|one| works.contains(&one.target)) {
        let Some(detail) = one.detail.as_mut().filter(|text| text.starts_with(READ_ONLY)) else {
            continue;
        };
        *detail += " Another connection to this address met a server that takes writes: what answers there spreads \
            connections over a master and its replicas.";
        let help = "Let the balancer send to the master alone (a check of `role:master`), or write the master's address.";
        one.help = Some(help.to_owned());
    }
}

/// Overall is the first that is not ok among what serves requests: what is needed, of the asyncio
/// clients where there are any.
fn sum_up(report: &mut Report) {
    let asyncio = report.connections.iter().any(|connection| is_asyncio(connection.api));
    let first = report.connections.iter().find(|connection| {
        connection.outcome != ProbeOutcome::Ok
            && connection.needed
            && (connection.api != "sync" || !asyncio)
    });
    if let Some(connection) = first {
        report.outcome = connection.outcome;
        report.detail.clone_from(&connection.detail);
    }
    report.consumers = [Consumer::Response, Consumer::Usage, Consumer::Router]
        .into_iter()
        .filter_map(|consumer| consumer_report(consumer_name(consumer), &report.connections))
        .collect();
}

/// Whether redis-py's asyncio client connects so.
fn is_asyncio(api: &str) -> bool {
    ["async", "both"].contains(&api)
}

fn consumer_report(consumer: &'static str, all: &[ConnectionReport]) -> Option<ConsumerReport> {
    let own: Vec<&ConnectionReport> =
        all.iter().filter(|connection| connection.consumers.contains(&consumer)).collect();
    let asyncio = own.iter().any(|connection| is_asyncio(connection.api));
    let bad = own.iter().find(|connection| {
        connection.outcome != ProbeOutcome::Ok
            && connection.needed
            && (connection.api != "sync" || !asyncio)
    });
    (!own.is_empty()).then(|| ConsumerReport {
        consumer,
        outcome: bad.map_or(ProbeOutcome::Ok, |connection| connection.outcome),
        target: bad.map(|connection| connection.target.clone()),
    })
}

/// The connections of one plan.
async fn connections(run: Run<'_>) -> Vec<ConnectionReport> {
    let verdicts = match &run.plan.target {
        Err(failure) => {
            let target = plan::NOT_BUILT.to_owned();
            vec![run.without_connection(Part::Server, target, failure.clone())]
        }
        Ok(Target::Server(settings)) => vec![run.server(Part::Server, settings).await],
        Ok(Target::Cluster { nodes, settings }) => cluster::run(&run, nodes, settings).await,
        Ok(Target::Sentinel { service_name, sentinels, master }) => {
            sentinel::run(&run, service_name, sentinels, master).await
        }
    };
    verdicts.into_iter().map(|verdict| run.report(verdict)).collect()
}
