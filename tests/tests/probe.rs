//! The probe against real servers: every situation gets its name, on both pairs.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use redproof_core::releases::{Pair, Python};
use redproof_probe::{Options, ProbeOutcome, Report, probe_blocking};
use redproof_tests::matrix;
use redproof_tests::redis_py;
use redproof_tests::rust_client;
use redproof_tests::servers::RedisServer;
use redproof_tests::situations::{self, Live, PAIRS, Situation, outcome_of};
use serde_json::{Value, json};

fn options() -> Options {
    Options { step_timeout: Duration::from_millis(1500), ..Options::default() }
}

fn probe(situation: &Situation, live: &Live, pair: Pair, python: Option<Python>) -> Report {
    let options = Options { hosts: situation.hosts(), python, ..options() };
    let outcome = outcome_of(&live.settings, pair);
    probe_blocking(&outcome, pair, &options, &mut |_| {}).expect("a runtime starts")
}

/// The outcome of one of the clients.
fn outcome_of_api(report: &Report, api: &str) -> Option<ProbeOutcome> {
    let mut connections = report.connections.iter();
    connections.find(|connection| [api, "both"].contains(&connection.api)).map(|c| c.outcome)
}

fn judge(situation: &Situation, index: usize, recorded: &Value, report: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    for (api, expected) in [("async", situation.expected), ("sync", situation.sync)] {
        let outcome = outcome_of_api(report, api);
        if outcome != Some(expected[index]) {
            wrong.push(format!("{api}: {outcome:?} instead of {:?}", expected[index]));
        }
        if let Some(outcome) = outcome {
            wrong.extend(redis_py::agrees(&recorded[api], outcome).err());
        }
    }
    let strict = report.connections.iter().find_map(|connection| connection.strict.as_ref());
    let strict = strict.map(|strict| strict.outcome);
    if strict != situation.strict[index] {
        wrong.push(format!("strict: {strict:?} instead of {:?}", situation.strict[index]));
    }
    for connection in &report.connections {
        let ok = connection.outcome == ProbeOutcome::Ok;
        if ok != connection.help.is_none() || ok != connection.side.is_none() {
            wrong.push("help and side go with failures".to_owned());
        }
        if !ok && (connection.presented.is_none() || connection.expected.is_none()) {
            wrong.push("a failure says what was presented and what expected".to_owned());
        }
    }
    for text in &mut wrong {
        let detail = report.detail.as_deref().unwrap_or("no detail");
        *text = format!("{} on redis-py {}: {text} ({detail})", situation.name, PAIRS[index].1);
    }
    wrong
}

/// LiteLLM's Rust client, beside redis-py's two on the same release.
fn judge_rust_client(situation: &Situation, recorded: &Value, report: &Report) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut native = report.connections.iter().filter(|connection| connection.api == "native");
    match (native.next(), native.next()) {
        (Some(connection), None) => {
            wrong.extend(rust_client::agrees(recorded, connection.outcome.name()).err());
            let ok = connection.outcome == ProbeOutcome::Ok;
            if ok != connection.help.is_none() || connection.needed || !connection.optional {
                wrong.push("help goes with failures, and requests go on without it".to_owned());
            }
            let limits = report.roles.iter().find(|role| role.role == "limits");
            if limits.is_none_or(|role| role.works != ok) {
                wrong.push(format!("limits depend on it: {limits:?}"));
            }
            for text in &mut wrong {
                let detail = connection.detail.as_deref().unwrap_or("no detail");
                *text = format!("{}, Rust client: {text} ({detail})", situation.name);
            }
        }
        _ => wrong.push(format!("{}: not one connection of the Rust client", situation.name)),
    }
    wrong
}

/// On the Python that verifies strictly: as recorded, and what is different there is said beforehand.
fn judge_newer(
    situation: &Situation,
    recorded: &Value,
    before: &Report,
    newer: &Report,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for api in ["async", "sync"] {
        if let Some(outcome) = outcome_of_api(newer, api) {
            wrong.extend(redis_py::agrees(&recorded[api], outcome).err());
        }
    }
    for (one, other) in before.connections.iter().zip(&newer.connections) {
        let works = [one, other].map(|connection| connection.outcome == ProbeOutcome::Ok);
        let said = [one, other]
            .map(|connection| connection.findings.iter().any(|found| found.code == "RP353"));
        if said != [works[0] != works[1]; 2] {
            wrong.push(format!("RP353 {said:?} where it works {works:?}"));
        }
    }
    let on = |text| format!("{} on Python {}: {text}", situation.name, Python::OF_IMAGES);
    wrong.into_iter().map(on).collect()
}

#[test]
fn every_situation_is_named() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let situations = situations::all(directory.path()).expect("certificates are made");
    assert!(situations.len() >= 180, "{} situations", situations.len());
    let recorded = PAIRS.map(|(_, release)| redis_py::recorded(release));
    let strictly = PAIRS.map(|(_, release)| redis_py::recorded_strictly(release));
    let rust = rust_client::recorded();
    let (litellm, redis_py) = rust_client::PAIR;
    let rust_pair = Pair::parse(litellm, redis_py).expect("a supported pair");
    let next = AtomicUsize::new(0);
    // Most of the time goes by in waiting for servers.
    let work = || {
        let mut wrong = Vec::new();
        while let Some(situation) = situations.get(next.fetch_add(1, Ordering::Relaxed)) {
            let live = situation.start();
            let report = probe(situation, &live, rust_pair, None);
            wrong.extend(judge_rust_client(situation, &rust[situation.name], &report));
            for (index, (litellm, redis_py)) in PAIRS.into_iter().enumerate() {
                let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
                let report = probe(situation, &live, pair, None);
                wrong.extend(judge(situation, index, &recorded[index][situation.name], &report));
                if !situation.speaks_tls() {
                    continue;
                }
                let newer = probe(situation, &live, pair, Some(Python::OF_IMAGES));
                let recorded = &strictly[index][situation.name];
                wrong.extend(judge_newer(situation, recorded, &report, &newer));
            }
        }
        wrong
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no panic")).collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// docs/tls-matrix.md shows the situations.
#[test]
fn the_matrix_is_up_to_date() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let situations = situations::all(directory.path()).expect("certificates are made");
    let page = matrix::page(&situations);
    support::hold!([("docs/tls-matrix.md", page)]);
}

fn outcome_names(report: &Report) -> Vec<&'static str> {
    report.connections.iter().map(|connection| connection.outcome.name()).collect()
}

fn on_both_pairs(settings: &Value, judge: impl Fn(&str, &Report)) {
    let settings = settings.as_object().expect("settings are an object");
    for (litellm, redis_py) in PAIRS {
        let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
        let outcome = outcome_of(settings, pair);
        let report = probe_blocking(&outcome, pair, &options(), &mut |_| {}).expect("a runtime");
        judge(redis_py, &report);
    }
}

/// A cluster of one node that serves all slots.
fn lone_cluster(directory: &Path) -> RedisServer {
    let cluster = ["--port", "{port}", "--cluster-enabled", "yes"];
    let file = ["--cluster-config-file", "nodes-lone.conf"];
    let server = RedisServer::start(directory, &[&cluster[..], &file[..]].concat());
    let added = server.plain_command("CLUSTER ADDSLOTSRANGE 0 16383").expect("it answers");
    assert!(added.starts_with("+OK"), "{added}");
    let deadline = Instant::now() + Duration::from_secs(30);
    while !server.plain_command("CLUSTER INFO").expect("it answers").contains("state:ok") {
        assert!(Instant::now() < deadline, "the cluster does not come up");
        std::thread::yield_now();
    }
    server
}

#[test]
fn a_cluster_is_asked_for_its_nodes_and_each_is_tried() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = lone_cluster(directory.path());
    let nodes = json!([{"host": "127.0.0.1", "port": server.port}]);
    on_both_pairs(&json!({"redis_startup_nodes": nodes}), |redis_py, report| {
        assert_eq!(report.outcome, ProbeOutcome::Ok, "{redis_py}: {:?}", report.detail);
        let wrote = report
            .connections
            .iter()
            .any(|connection| connection.steps.iter().any(|step| step.step == "SET"));
        assert!(wrote, "{redis_py}: a key is written to the master of its slot");
    });
}

#[test]
fn a_lone_server_is_no_cluster() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = RedisServer::start(directory.path(), &["--port", "{port}"]);
    let nodes = json!([{"host": "127.0.0.1", "port": server.port}]);
    on_both_pairs(&json!({"redis_startup_nodes": nodes}), |redis_py, report| {
        assert_eq!(report.outcome, ProbeOutcome::ClusterDisabled, "{redis_py}");
    });
}

#[test]
fn a_sentinel_is_asked_for_the_master() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let master = RedisServer::start(directory.path(), &["--port", "{port}"]);
    let sentinel = RedisServer::start_sentinel(directory.path(), master.port);
    let settings = |service: &str, port: u16| json!({"sentinel_nodes": [["127.0.0.1", port]], "service_name": service});
    on_both_pairs(&settings("main", sentinel.port), |redis_py, report| {
        assert_eq!(report.outcome, ProbeOutcome::Ok, "{redis_py}: {:?}", report.detail);
        let last = report.connections.last().expect("connections");
        assert_eq!(last.target, format!("127.0.0.1:{}", master.port), "{redis_py}");
    });
    on_both_pairs(&settings("other", sentinel.port), |redis_py, report| {
        let outcome = ProbeOutcome::SentinelUnknownMaster;
        assert_eq!(report.outcome, outcome, "{redis_py}: {:?}", outcome_names(report));
    });
    on_both_pairs(&settings("main", 1), |redis_py, report| {
        let outcome = ProbeOutcome::SentinelUnreachable;
        assert_eq!(report.outcome, outcome, "{redis_py}: {:?}", outcome_names(report));
    });
}

#[test]
fn an_unchecked_name_warns_of_the_upgrade_only_where_it_is_the_default() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let situations = situations::all(directory.path()).expect("certificates are made");
    let detail = |name: &str, (litellm, redis_py)| {
        let situation = situations.iter().find(|situation| situation.name == name);
        let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
        let situation = situation.expect("a situation of this name");
        let report = probe(situation, &situation.start(), pair, None);
        let strict = report.connections[0].strict.clone().expect("a strict verdict");
        strict.detail.expect("a detail")
    };
    assert!(detail("other name", PAIRS[0]).contains("redis-py 6"));
    assert!(!detail("other name, not checked", PAIRS[1]).contains("redis-py 6"));
}
