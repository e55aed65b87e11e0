//! The probe against real servers: every situation gets its name, on both pairs.

use std::path::Path;
use std::time::{Duration, Instant};

use redproof_core::releases::Pair;
use redproof_probe::{Options, ProbeOutcome, Report, probe_blocking};
use redproof_tests::servers::RedisServer;
use redproof_tests::situations::{self, PAIRS, Situation, outcome_of};
use serde_json::{Value, json};

fn options() -> Options {
    Options { step_timeout: Duration::from_millis(1500), ..Options::default() }
}

fn probe(situation: &Situation, pair: Pair) -> Report {
    let outcome = outcome_of(&situation.settings, pair);
    probe_blocking(&outcome, pair, &options(), &mut |_| {}).expect("a runtime starts")
}

/// What real redis-py made of the situations: `cargo run -p redproof-tests --bin record-redis-py`.
fn recorded(redis_py: &str) -> Value {
    let path = format!("{}/goldens/probe/redis-py-{redis_py}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).expect("the recording is committed");
    serde_json::from_str(&text).expect("the recording is JSON")
}

/// Whether each of redis-py's clients works or fails as the probe says, and for that reason, where
/// redis-py's message tells it.
fn agrees_with_redis_py(recorded: &Value, report: &Report) -> Result<(), String> {
    use ProbeOutcome as O;
    for api in ["sync", "async"] {
        let client = &recorded[api];
        let works = client["ok"].as_bool() == Some(true);
        let connection = report
            .connections
            .iter()
            .find(|connection| [api, "both"].contains(&connection.api))
            .ok_or_else(|| format!("no {api} connection"))?;
        if works != (connection.outcome == O::Ok) {
            return Err(format!(
                "{} here, but the {api} client says {client}",
                connection.outcome.name()
            ));
        }
        let message = client["message"].as_str().unwrap_or("");
        let telling: [(&str, &[ProbeOutcome]); 24] = [
            ("certificate has expired", &[O::CertExpired]),
            ("not yet valid", &[O::CertNotYetValid]),
            ("Hostname mismatch", &[O::HostnameMismatch]),
            ("IP address mismatch", &[O::HostnameMismatch]),
            ("self-signed certificate", &[O::UnknownCa]),
            ("unable to get local issuer", &[O::UnknownCa, O::ChainIncomplete]),
            ("unable to get issuer certificate", &[O::ChainIncomplete]),
            ("key too weak", &[O::WeakCert]),
            ("md too weak", &[O::WeakCert]),
            ("unsuitable certificate purpose", &[O::BadKeyUsage]),
            ("invalid CA certificate", &[O::BadKeyUsage]),
            ("KEY_VALUES_MISMATCH", &[O::ClientKeyMismatch]),
            ("CERTIFICATE_REQUIRED", &[O::ClientCertRequired]),
            ("ALERT_UNKNOWN_CA", &[O::ClientCertRejected]),
            ("PROTOCOL_VERSION", &[O::ProtocolVersion]),
            ("WRONG_VERSION_NUMBER", &[O::NotTlsServer]),
            ("No such file", &[O::CaFileMissing, O::CertFileMissing]),
            ("Name or service not known", &[O::Dns]),
            ("Error 111", &[O::Refused]),
            ("Timeout", &[O::Timeout, O::NotTlsServer]),
            ("Authentication required", &[O::AuthRequired]),
            ("invalid username-password", &[O::AuthFailed]),
            ("no permissions", &[O::NoPermission]),
            ("DB index", &[O::WrongDb]),
        ];
        for (text, outcomes) in telling {
            if message.contains(text) && !outcomes.contains(&connection.outcome) {
                return Err(format!(
                    "{} here, but the {api} client says {message}",
                    connection.outcome.name()
                ));
            }
        }
    }
    Ok(())
}

#[test]
fn every_situation_is_named() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let situations = situations::all(directory.path()).expect("certificates are made");
    let recorded = PAIRS.map(|(_, redis_py)| recorded(redis_py));
    let mut wrong = Vec::new();
    for situation in &situations {
        for (index, (litellm, redis_py)) in PAIRS.into_iter().enumerate() {
            let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
            let report = probe(situation, pair);
            let expected = situation.expected[index];
            if report.outcome != expected {
                wrong.push(format!(
                    "{} on redis-py {redis_py}: {} instead of {}: {}",
                    situation.name,
                    report.outcome.name(),
                    expected.name(),
                    report.detail.as_deref().unwrap_or("(no detail)"),
                ));
            }
            let Some(connection) = report.connections.first() else {
                wrong.push(format!("{}: no connection", situation.name));
                continue;
            };
            let strict = connection.strict.as_ref().map(|strict| strict.outcome);
            if strict != situation.strict {
                wrong.push(format!(
                    "{} on redis-py {redis_py}: strict verdict {strict:?} instead of {:?}",
                    situation.name, situation.strict,
                ));
            }
            if let Err(why) = agrees_with_redis_py(&recorded[index][situation.name], &report) {
                wrong.push(format!("{} on redis-py {redis_py}: {why}", situation.name));
            }
            if (report.outcome == ProbeOutcome::Ok) != connection.help.is_none() {
                wrong.push(format!("{}: help goes with failures", situation.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
        let report = probe(situation.expect("a situation of this name"), pair);
        let strict = report.connections[0].strict.clone().expect("a strict verdict");
        strict.detail.expect("a detail")
    };
    assert!(detail("other host", PAIRS[0]).contains("redis-py 6"));
    assert!(!detail("other host, not checked", PAIRS[1]).contains("redis-py 6"));
}
