//! What stands between LiteLLM and its Redis: proxies that do not pass all commands on, balancers, replicas.

use redproof_core::releases::Pair;
use redproof_probe::{ConnectionReport, Options, ProbeOutcome as O, Report, probe_blocking};
use redproof_tests::servers::{Answer, RedisServer, Stranger};
use redproof_tests::situations::{PAIRS, outcome_of};
use redproof_tests::topologies::wait_until;
use serde_json::{Value, json};

fn probe_with(settings: &Value, pair: (&str, &str), options: &Options) -> Report {
    let pair = Pair::parse(pair.0, pair.1).expect("a supported pair");
    let outcome = outcome_of(settings.as_object().expect("an object"), pair);
    probe_blocking(&outcome, pair, options, &mut |_| {}).expect("a runtime starts")
}

fn probe(settings: &Value, pair: (&str, &str)) -> Report {
    probe_with(settings, pair, &Options::default())
}

fn of_redis_py(report: &Report) -> &ConnectionReport {
    report.connections.iter().find(|one| one.api != "native").expect("a connection")
}

fn found<'a>(report: &'a Report, code: &str) -> Vec<&'a str> {
    let all = report.connections.iter().flat_map(|one| &one.findings);
    all.filter(|one| one.code == code).map(|one| one.message.as_str()).collect()
}

/// Codis, Envoy and services each have words of their own (BerriAI/litellm#32232): LiteLLM's limits are
/// scripts, and where these fail each process counts alone.
#[test]
fn a_proxy_that_passes_no_scripts_on_breaks_the_limits() {
    for words in [
        "-ERR handle request, command 'SCRIPT' is not allowed",
        "-ERR unsupported command 'script'",
        "-unsupported command 'script'",
        "-ERR This command is disabled: SCRIPT",
        "-ERR unknown command 'script'",
    ] {
        let proxy = Stranger::redis_that(move |command| match command {
            "SCRIPT" => Answer::Says(words.to_owned()),
            _ => Answer::Usual,
        });
        for pair in PAIRS {
            let report = probe(&json!({"host": "127.0.0.1", "port": proxy.port}), pair);
            assert!(
                !report.all_ok() && of_redis_py(&report).outcome == O::Ok,
                "{words} {report:#?}"
            );
            let said = found(&report, "RP651");
            assert!(said.iter().any(|text| text.contains("SCRIPT LOAD")), "{words} {said:?}");
            let limits = report.roles.iter().find(|role| role.role == "limits").expect("limits");
            let why = limits.why.as_deref().unwrap_or_default();
            assert!(!limits.works && why.contains("in each process alone"), "{words} {limits:?}");
        }
    }
}

/// twemproxy closes where it does not know a command: the step is named.
#[test]
fn a_proxy_that_closes_is_named_by_the_command() {
    for (closes, code, words) in
        [("SCRIPT", Some("RP651"), "SCRIPT LOAD"), ("CLIENT", None, "CLIENT SETINFO")]
    {
        let proxy = Stranger::redis_that(move |command| match command {
            _ if command == closes => Answer::Closes,
            _ => Answer::Usual,
        });
        let settings = json!({"host": "127.0.0.1", "port": proxy.port, "protocol": 2});
        for pair in PAIRS {
            let report = probe(&settings, pair);
            assert!(!report.all_ok(), "{report:#?}");
            let connection = of_redis_py(&report);
            match code {
                Some(code) => {
                    let said = found(&report, code);
                    assert!(said.iter().any(|text| text.contains(words)), "{said:?}");
                }
                None => {
                    assert_eq!(connection.outcome, O::ProtocolError, "{connection:#?}");
                    let detail = connection.detail.as_deref().unwrap_or_default();
                    let help = connection.help.as_deref().unwrap_or_default();
                    assert!(detail.contains(words) && help.contains("twemproxy"), "{help}");
                }
            }
        }
    }
}

#[test]
fn hello_is_refused_in_many_words() {
    for words in
        ["-ERR handle request, command 'HELLO' is not allowed", "-ERR unsupported command 'hello'"]
    {
        let proxy = Stranger::redis_that(move |command| match command {
            "HELLO" => Answer::Says(words.to_owned()),
            _ => Answer::Usual,
        });
        let report = probe(&json!({"host": "127.0.0.1", "port": proxy.port}), PAIRS[1]);
        let connection = of_redis_py(&report);
        assert_eq!(connection.outcome, O::ProtocolError, "{connection:#?}");
        assert!(connection.help.as_deref().is_some_and(|help| help.contains("protocol: 2")));
        // The cure cures.
        let settings = json!({"host": "127.0.0.1", "port": proxy.port, "protocol": 2});
        assert_eq!(of_redis_py(&probe(&settings, PAIRS[1])).outcome, O::Ok);
    }
}

/// One that takes writes loses them; one that does not is seen without writing.
#[test]
fn a_replica_is_no_place_to_write() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let master = RedisServer::start(directory.path(), &["--port", "{port}"]);
    let port = master.port.to_string();
    for (read_only, severity) in [("no", "warning"), ("yes", "error")] {
        let arguments = [
            "--port",
            "{port}",
            "--replicaof",
            "127.0.0.1",
            &port,
            "--replica-read-only",
            read_only,
        ];
        let replica = RedisServer::start(directory.path(), &arguments);
        wait_until("the replica follows", || {
            replica
                .plain_command("INFO replication")
                .is_ok_and(|said| said.contains("link_status:up"))
        });
        let options = Options { read_only: true, ..Options::default() };
        let settings = json!({"host": "127.0.0.1", "port": replica.port});
        for pair in PAIRS {
            let report = probe_with(&settings, pair, &options);
            let all = report.connections.iter().flat_map(|one| &one.findings);
            let own: Vec<_> = all.filter(|one| one.code == "RP556").collect();
            assert_eq!(own.len(), 1, "{report:#?}");
            assert_eq!(own[0].severity.name(), severity);
            assert_eq!(report.all_ok(), read_only == "no", "{report:#?}");
        }
    }
}

/// The Rust client's connection meets a replica, redis-py's the master.
#[test]
fn a_balancer_over_master_and_replica_is_named() {
    let balancer = Stranger::redis_that(|command| match command {
        "INCRBYFLOAT" => {
            Answer::Says("-READONLY You can't write against a read only replica.".to_owned())
        }
        _ => Answer::Usual,
    });
    let settings = json!({"host": "127.0.0.1", "port": balancer.port});
    let report = probe(&settings, ("1.110.2", "8.1.0"));
    let refused = report.connections.iter().find(|one| one.outcome != O::Ok).expect("a replica");
    assert!(refused.detail.as_deref().is_some_and(|text| text.contains("Another connection")));
    assert!(refused.help.as_deref().is_some_and(|text| text.contains("balancer")), "{refused:#?}");
}

/// The sentinels have a login of their own.
#[test]
fn the_sentinels_password_is_another_setting() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let master = RedisServer::start(directory.path(), &["--port", "{port}"]);
    let text = format!(
        "port {{port}}\nrequirepass secret\nsentinel monitor main 127.0.0.1 {} 1\n",
        master.port
    );
    let sentinel = RedisServer::start_sentinel_from(directory.path(), &text);
    let nodes = json!([["127.0.0.1", sentinel.port]]);
    for (pair, sends) in [(PAIRS[0], false), (PAIRS[1], true), (("1.110.2", "8.1.0"), true)] {
        let settings = json!({"sentinel_nodes": nodes, "service_name": "main"});
        let report = probe(&settings, pair);
        for one in report.connections.iter().filter(|one| one.target.contains(':')) {
            assert_eq!(one.outcome, O::AuthRequired, "{one:#?}");
            let help = one.help.as_deref().expect("a cure");
            assert_eq!(help.contains("upgrade LiteLLM"), !sends, "{help}");
            assert!(help.contains("sentinel_password"), "{help}");
        }
        let settings =
            json!({"sentinel_nodes": nodes, "service_name": "main", "sentinel_password": "secret"});
        let outcome = probe(&settings, pair).outcome;
        assert_eq!(outcome, if sends { O::Ok } else { O::AuthRequired }, "{pair:?}");
    }
}
