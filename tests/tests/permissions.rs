//! What a user of the server may do, on real servers with ACLs: which parts of LiteLLM work with it, and
//! that the ACL which the probe names is enough.

use std::path::Path;

use redproof_core::releases::Pair;
use redproof_probe::{Options, ProbeOutcome, Report, RoleReport, probe_blocking};
use redproof_tests::servers::RedisServer;
use redproof_tests::situations::{PAIRS, outcome_of};
use serde_json::{Value, json};

/// A server with these users; the default user is off.
fn server(directory: &Path, users: &str) -> RedisServer {
    let file = directory.join("users.acl");
    std::fs::write(&file, format!("user default off\n{users}\n")).expect("the directory is there");
    RedisServer::start(directory, &["--port", "{port}", "--aclfile", &file.to_string_lossy()])
}

fn probe(settings: &Value, pair: (&str, &str), read_only: bool) -> Report {
    let pair = Pair::parse(pair.0, pair.1).expect("a supported pair");
    let outcome = outcome_of(settings.as_object().expect("an object"), pair);
    let options = Options { read_only, ..Options::default() };
    probe_blocking(&outcome, pair, &options, &mut |_| {}).expect("a runtime starts")
}

fn settings(server: &RedisServer, user: &str) -> Value {
    json!({"type": "redis", "host": "127.0.0.1", "port": server.port, "username": user, "password": "p"})
}

fn role<'a>(report: &'a Report, name: &str) -> &'a RoleReport {
    report.roles.iter().find(|role| role.role == name).expect("the role is judged")
}

fn codes(report: &Report) -> Vec<(&str, &str, &str)> {
    let all = report.connections.iter().flat_map(|connection| &connection.findings);
    let own = all.filter(|found| found.code == "RP651");
    own.map(|found| {
        (found.severity.name(), found.message.as_str(), found.help.as_deref().unwrap_or_default())
    })
    .collect()
}

#[test]
fn keys_are_those_of_the_namespace() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = server(directory.path(), "user u on >p ~litellm:* &* +@all");
    for read_only in [false, true] {
        let mut named = settings(&server, "u");
        named["namespace"] = json!("litellm");
        let report = probe(&named, PAIRS[1], read_only);
        assert!(report.all_ok(), "{report:#?}");
        assert_eq!(codes(&report), vec![]);
    }
    let report = probe(&settings(&server, "u"), PAIRS[1], false);
    assert_eq!(report.outcome, ProbeOutcome::NoPermission);
    let connection = &report.connections[0];
    assert_eq!(connection.expected.as_deref(), Some("the key pattern ~*"));
    assert!(report.roles.iter().all(|role| !role.works), "{:?}", report.roles);
}

#[test]
fn a_refused_command_breaks_the_parts_that_send_it() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let users = "user noscript on >p ~* &* +@all -evalsha\nuser noinfo on >p ~* &* +@all -@dangerous\n\
                 user nodel on >p ~* &* +@all -del\nuser nozset on >p ~* &* +@all -zadd";
    let server = server(directory.path(), users);
    for pair in PAIRS {
        let report = probe(&settings(&server, "noinfo"), pair, false);
        assert!(report.all_ok(), "{pair:?} {report:#?}");
        assert!(codes(&report).iter().all(|(severity, ..)| *severity == "hint"), "{report:#?}");
    }
    let report = probe(&settings(&server, "noscript"), PAIRS[1], false);
    assert_eq!(report.outcome, ProbeOutcome::Ok);
    assert!(!report.all_ok());
    assert!(role(&report, "response_cache").works && !role(&report, "limits").works);
    assert_eq!(role(&report, "limits").outcome, ProbeOutcome::NoPermission);
    let found = codes(&report);
    assert!(found[0].2.contains("ACL SETUSER noscript +evalsha"), "{found:?}");
    let report = probe(&settings(&server, "nodel"), PAIRS[1], false);
    assert_eq!(codes(&report).len(), 1, "{report:#?}");
    // What a release does not send, nobody asks for.
    let report = probe(&settings(&server, "nozset"), PAIRS[0], false);
    assert!(report.all_ok(), "{report:#?}");
}

/// The user that the help names can do all that the configuration needs.
#[test]
fn the_least_acl_is_enough() {
    for pair in PAIRS {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let poor =
            server(directory.path(), "user u on >p ~none &* -@all +ping +client +hello +select");
        let report = probe(&settings(&poor, "u"), pair, false);
        let help = report.connections[0].help.clone().expect("a cure");
        let (_, rules) = help.split_once("ACL SETUSER u ").expect("an ACL");
        let rules = rules.split('`').next().expect("a text");
        let rich = server(directory.path(), &format!("user u on >p resetchannels -@all {rules}"));
        let report = probe(&settings(&rich, "u"), pair, false);
        assert!(report.all_ok(), "{pair:?}: {rules}: {report:#?}");
        assert_eq!(codes(&report), [], "{pair:?}: {rules}: what is enough leaves nothing refused");
    }
}

/// New users of Redis 7 may use no channel, and LiteLLM's replicas tell each other of changes there.
#[test]
fn channels_are_tried_and_the_cure_cures() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let users = "user none on >p ~* +@all\nuser nosubscribe on >p ~* &* +@all -subscribe\n\
                 user nopublish on >p ~* &* +@all -publish\nuser all on >p ~* &* +@all\n";
    let poor = server(directory.path(), users);
    let cures = |report: &Report| -> Vec<String> {
        let all = report.connections.iter().flat_map(|connection| &connection.findings);
        let own = all.filter(|found| found.code == "RP653");
        own.map(|found| found.help.clone().expect("a cure").into_owned()).collect()
    };
    for (name, namespace) in
        [("none", None), ("none", Some("two words")), ("nosubscribe", None), ("nopublish", None)]
    {
        let mut settings = settings(&poor, name);
        if let Some(namespace) = namespace {
            settings["namespace"] = json!(namespace);
        }
        for read_only in [false, true] {
            let report = probe(&settings, PAIRS[1], read_only);
            assert!(report.all_ok(), "{report:#?}");
            let [cure] = &cures(&report)[..] else { panic!("{name} {namespace:?}: {report:#?}") };
            let (_, rules) = cure.split_once(&format!("ACL SETUSER {name} ")).expect("an ACL");
            let rules = rules.split('`').next().expect("a text");
            let users = format!("user {name} on >p ~* resetchannels +@all {rules}");
            let rich = server(directory.path(), &users);
            let mut again = settings.clone();
            again["port"] = json!(rich.port);
            assert_eq!(cures(&probe(&again, PAIRS[1], read_only)), [""; 0], "{rules}");
        }
        // What a release does not use, nobody asks for.
        assert_eq!(cures(&probe(&settings, PAIRS[0], false)), [""; 0]);
    }
    assert_eq!(cures(&probe(&settings(&poor, "all"), PAIRS[1], false)), [""; 0]);
}

#[test]
fn a_cluster_client_needs_command_and_slots() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let file = directory.path().join("users.acl");
    let users = "user default on nopass ~* &* +@all\nuser nocommand on >p ~* &* +@all -command\n\
                 user noslots on >p ~* &* +@all -cluster\nuser all on >p ~* &* +@all\n";
    std::fs::write(&file, users).expect("the directory is there");
    let file = file.to_string_lossy();
    let arguments = [
        "--port",
        "{port}",
        "--cluster-enabled",
        "yes",
        "--protected-mode",
        "no",
        "--aclfile",
        &file,
    ];
    let server = RedisServer::start(directory.path(), &arguments);
    let slots = server.plain_command("CLUSTER ADDSLOTSRANGE 0 16383").expect("it answers");
    assert!(slots.starts_with("+OK"), "{slots}");
    redproof_tests::topologies::wait_until("the cluster comes up", || {
        server.plain_command("CLUSTER INFO").is_ok_and(|info| info.contains("state:ok"))
    });
    for (user, works) in [("all", true), ("nocommand", false), ("noslots", false)] {
        let settings = json!({
            "type": "redis", "username": user, "password": "p",
            "redis_startup_nodes": [{"host": "127.0.0.1", "port": server.port}],
        });
        for pair in PAIRS {
            let report = probe(&settings, pair, false);
            assert_eq!(report.startup.starts, Some(works), "{user} {pair:?} {report:#?}");
            assert_eq!(report.outcome == ProbeOutcome::Ok, works, "{user} {pair:?}");
            if !works {
                assert_eq!(report.outcome, ProbeOutcome::NoPermission);
                let help = report.connections[0].help.clone().expect("a cure");
                assert!(help.contains("+cluster|slots") && help.contains("+command"), "{help}");
            }
        }
    }
}

/// Debian's redis-server has no search module.
#[test]
fn a_semantic_cache_is_asked_for_its_module() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = RedisServer::start(directory.path(), &["--port", "{port}"]);
    let settings = json!({
        "type": "redis-semantic", "similarity_threshold": 0.8,
        "redis_url": format!("redis://127.0.0.1:{}", server.port),
    });
    let report = probe(&settings, PAIRS[1], false);
    assert_eq!(report.startup.starts, Some(true));
    assert_eq!(report.outcome, ProbeOutcome::ServerState, "{report:#?}");
    assert!(!role(&report, "semantic_index").works);
}
