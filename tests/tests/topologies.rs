//! The probe on real clusters and sentinels, Unix sockets, urls, and several consumers.

use redproof_core::releases::Pair;
use redproof_probe::{ConnectionReport, Options, Part, ProbeOutcome as O, Report, probe_blocking};
use redproof_tests::recorded_topologies::{Case, Servers, certificates};
use redproof_tests::redis_py;
use redproof_tests::servers::RedisServer;
use redproof_tests::situations::{PAIRS, outcome_of};
use redproof_tests::topologies::{Cluster, Watched};
use serde_json::{Value, json};
use support::Checking;

fn probe_as(settings: &Value, (litellm, redis_py): (&str, &str)) -> Report {
    let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
    let outcome = outcome_of(settings.as_object().expect("an object"), pair);
    probe_blocking(&outcome, pair, &Options::default(), &mut |_| {}).expect("a runtime starts")
}

fn parts(report: &Report, part: Part) -> Vec<&ConnectionReport> {
    report.connections.iter().filter(|connection| connection.part == part).collect()
}

fn said(report: &Report) -> String {
    serde_json::to_string_pretty(report).expect("a report is JSON")
}

/// What LiteLLM's own clients make of clusters and sentinels: `record-topologies`.
#[test]
fn topologies_are_as_litellm_meets_them() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let recorded = PAIRS.map(|(_, release)| redis_py::recorded_topologies(release));
    let mut wrong = Vec::new();
    let mut try_all = |cases: &[Case]| {
        for case in cases {
            for (index, (litellm, redis_py)) in PAIRS.into_iter().enumerate() {
                let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
                let options = Options { hosts: case.hosts(), ..Options::default() };
                let outcome = outcome_of(&case.settings, pair);
                let report = probe_blocking(&outcome, pair, &options, &mut |_| {}).expect("runs");
                for (api, expected) in [("async", case.expected), ("sync", case.sync)] {
                    let expected = expected[index];
                    let own = report.connections.iter().filter(|c| [api, "both"].contains(&c.api));
                    let bad = own.clone().find(|c| c.needed && c.outcome != O::Ok);
                    let outcome = bad.map_or(O::Ok, |connection| connection.outcome);
                    let recorded = &recorded[index][case.name][api];
                    let works = recorded["ok"].as_bool() == Some(true);
                    if outcome != expected || works != (expected == O::Ok) || own.count() == 0 {
                        wrong.push(format!(
                            "{} on LiteLLM {litellm}, {api}: {} instead of {}; LiteLLM: {recorded}",
                            case.name,
                            outcome.name(),
                            expected.name()
                        ));
                    }
                }
            }
        }
    };
    let servers = Servers::start(directory.path());
    try_all(&servers.cases());
    let (cases, _running) = servers.break_down();
    try_all(&cases);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_tls_cluster_of_six_nodes() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let files = certificates(directory.path(), &["localhost"], &["127.0.0.1"]);
    let cluster = Cluster::start(directory.path(), &files, &[]);
    let port = cluster.nodes[0].port;
    // One startup node is gone: the other one tells the map.
    let settings = json!({
        "redis_startup_nodes": [{"host": "127.0.0.1", "port": 1}, {"host": "localhost", "port": port}],
        "ssl": true,
        "ssl_ca_certs": files.authority,
    });
    for pair in PAIRS {
        let report = probe_as(&settings, pair);
        assert_eq!(report.outcome, O::Ok, "{pair:?}: {}", said(&report));
        let apis = if parts(&report, Part::StartupNode).len() == 4 { 2 } else { 1 };
        let startup = parts(&report, Part::StartupNode);
        assert_eq!(startup.iter().filter(|node| node.outcome == O::Refused).count(), apis);
        assert!(startup.iter().all(|node| node.needed == (node.outcome == O::Ok)), "{pair:?}");
        for (part, needed) in [(Part::ClusterNode, true), (Part::ClusterReplica, false)] {
            let nodes = parts(&report, part);
            assert_eq!(nodes.len(), 3 * apis, "{pair:?}: {}", said(&report));
            for node in nodes {
                assert_eq!(node.outcome, O::Ok, "{pair:?}: {}", said(&report));
                assert_eq!(node.needed, needed);
                assert!(node.tls.is_some(), "each node speaks TLS");
            }
        }
        let wrote: usize = parts(&report, Part::ClusterNode)
            .iter()
            .filter(|node| node.steps.iter().any(|step| step.step == "SET"))
            .count();
        assert_eq!(wrote, apis, "{pair:?}: the key is written to the master of its slot alone");
    }
    assert_eq!(cluster.command(&["DBSIZE"]).trim(), "0", "the key is gone");

    // A client for one server is sent elsewhere.
    let alone =
        json!({"host": "127.0.0.1", "port": port, "ssl": true, "ssl_ca_certs": files.authority});
    let outcomes: Vec<O> = (0..8).map(|_| probe_as(&alone, PAIRS[1]).outcome).collect();
    assert!(outcomes.iter().all(|outcome| [O::Ok, O::ServerState].contains(outcome)));
    assert!(outcomes.contains(&O::ServerState), "a random key is not always on this node");

    // A slot without a master.
    let gone = cluster.command(&["CLUSTER", "DELSLOTS", "0"]);
    assert_eq!(gone.trim(), "OK");
    let settings = json!({
        "redis_startup_nodes": [{"host": "127.0.0.1", "port": port}],
        "ssl": true,
        "ssl_ca_certs": files.authority,
    });
    // redis-py 5's sync client does with the other slots, and its asyncio client with none.
    for (pair, starts) in [(PAIRS[1], false), (("1.109.1", "5.3.1"), true)] {
        let report = probe_as(&settings, pair);
        assert_eq!(report.outcome, O::ClusterDown, "{}", said(&report));
        let presented = report.connections[0].presented.as_deref();
        assert_eq!(presented, Some("16383 slots"), "{}", said(&report));
        assert_eq!(report.startup.starts, Some(starts), "{pair:?} {}", said(&report));
    }
}

/// The startup node is reached by the certificate's name, the nodes announce their address.
#[test]
fn announced_addresses_that_the_certificate_does_not_cover() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let files = certificates(directory.path(), &["redis.test"], &[]);
    let cluster = Cluster::start(directory.path(), &files, &[]);
    let settings = json!({
        "redis_startup_nodes": [{"host": "redis.test", "port": cluster.nodes[0].port}],
        "ssl": true,
        "ssl_ca_certs": files.authority,
        "ssl_check_hostname": true,
    });
    let (litellm, redis_py) = PAIRS[1];
    let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
    let outcome = outcome_of(settings.as_object().expect("an object"), pair);
    let hosts = vec![("redis.test".to_owned(), [127, 0, 0, 1].into())];
    let options = Options { hosts, ..Options::default() };
    let report = probe_blocking(&outcome, pair, &options, &mut |_| {}).expect("a runtime");
    assert_eq!(report.outcome, O::HostnameMismatch, "{}", said(&report));
    let node = parts(&report, Part::ClusterNode)[0];
    let detail = node.detail.as_deref().unwrap_or_default();
    assert!(detail.contains("announces this node as 127.0.0.1"), "{detail}");
    let help = node.help.as_deref().unwrap_or_default();
    assert!(help.contains("cluster-announce-hostname"), "{help}");
    assert_eq!(parts(&report, Part::StartupNode)[0].outcome, O::Ok);
    // Each node is out of reach, and the sync client asks one of them as it is constructed.
    assert_eq!(report.startup.starts, Some(false), "{}", said(&report));
}

#[test]
fn three_sentinels_over_tls() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let files = certificates(directory.path(), &["localhost"], &["127.0.0.1"]);
    let watched = Watched::start(directory.path(), &files, "secret");
    let nodes: Vec<Value> =
        watched.sentinels.iter().map(|sentinel| json!(["localhost", sentinel.port])).collect();
    let settings = json!({
        "sentinel_nodes": nodes,
        "service_name": "main",
        "ssl": true,
        "ssl_ca_certs": files.authority,
        "password": "secret",
    });
    // From 1.85.0 on, sentinels and master get TLS and the master the password.
    let report = probe_as(&settings, PAIRS[1]);
    assert_eq!(report.outcome, O::Ok, "{}", said(&report));
    for sentinel in parts(&report, Part::Sentinel) {
        assert_eq!(sentinel.outcome, O::Ok);
        assert!(sentinel.tls.is_some());
        let quorum = sentinel.steps.iter().find(|step| step.step == "SENTINEL CKQUORUM");
        assert!(quorum.is_some_and(|step| step.result == "ok"), "{}", said(&report));
    }
    let master = parts(&report, Part::Master)[0];
    assert_eq!(master.target, format!("127.0.0.1:{}", watched.master.port));
    assert!(master.steps.iter().any(|step| step.step == "ROLE"));
    // Before, TLS and password are dropped: the sentinels then see plaintext.
    let report = probe_as(&settings, PAIRS[0]);
    assert_eq!(report.outcome, O::TlsRequired, "{}", said(&report));

    // Two sentinels of three: it works, but there could be no failover of the third's votes.
    let gone = json!([["127.0.0.1", 1], nodes[0], nodes[1]]);
    let mut one_gone = settings.clone();
    one_gone["sentinel_nodes"] = gone;
    let report = probe_as(&one_gone, PAIRS[1]);
    assert_eq!(report.outcome, O::Ok, "{}", said(&report));
    assert!(!report.all_ok(), "a sentinel that is gone shows");

    // A name that the certificate lacks, at the sentinels alone.
    let mut other = settings.clone();
    other["service_name"] = json!("other");
    let report = probe_as(&other, PAIRS[1]);
    assert_eq!(report.outcome, O::SentinelUnknownMaster, "{}", said(&report));
    let presented = report.connections[0].presented.as_deref().unwrap_or_default();
    assert!(presented.contains("main"), "{presented}");

    let Watched { sentinels, master, replica } = watched;
    drop((master, replica));
    let _ = redproof_tests::topologies::redis_cli(sentinels[0].port, &files, &["PING"]);
    redproof_tests::topologies::wait_until("the sentinels notice", || {
        sentinels.iter().all(|sentinel| {
            let state = ["SENTINEL", "MASTERS"];
            redproof_tests::topologies::redis_cli(sentinel.port, &files, &state).contains("s_down")
        })
    });
    let report = probe_as(&settings, PAIRS[1]);
    assert_eq!(report.outcome, O::SentinelUnknownMaster, "{}", said(&report));
    assert!(report.detail.as_deref().unwrap_or_default().contains("for down"));
    let master = parts(&report, Part::Master);
    let details: Vec<&str> = master.iter().filter_map(|one| one.detail.as_deref()).collect();
    assert!(details.iter().all(|detail| detail.contains("for down")), "{details:?}");
}

/// Releases before 1.109 give the master what `sentinel_password` says, and nobody `password`: what is said to
/// do is done.
#[test]
fn a_masters_login_is_cured_by_what_the_release_sends() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path();
    let master = RedisServer::start(path, &["--port", "{port}", "--requirepass", "s3cret"]);
    let open = RedisServer::start(path, &["--port", "{port}"]);
    let watch = |master: &RedisServer| {
        let text = format!("port {{port}}\nsentinel monitor main 127.0.0.1 {} 1\n", master.port);
        RedisServer::start_sentinel_from(path, &text)
    };
    let (closed, free) = (watch(&master), watch(&open));
    let probe = |sentinel: &RedisServer, more: &[(&str, &str)]| {
        let nodes = json!([["127.0.0.1", sentinel.port]]);
        let mut settings = json!({"sentinel_nodes": nodes, "service_name": "main"});
        for (name, value) in more {
            settings[*name] = json!(value);
        }
        probe_as(&settings, PAIRS[0])
    };
    let help = |report: &Report| {
        let bad =
            report.connections.iter().find(|one| one.outcome != O::Ok && one.part == Part::Master);
        bad.and_then(|one| one.help.clone()).unwrap_or_default()
    };
    for more in [&[][..], &[("password", "s3cret")]] {
        let report = probe(&closed, more);
        assert_eq!(report.outcome, O::AuthRequired, "{}", said(&report));
        assert!(
            help(&report).contains("Make `sentinel_password` the master's"),
            "{}",
            help(&report)
        );
    }
    let report = probe(&closed, &[("sentinel_password", "s3cret")]);
    assert_eq!(report.outcome, O::Ok, "{}", said(&report));
    let report = probe(&free, &[("sentinel_password", "s3cret")]);
    assert_eq!(report.outcome, O::AuthFailed, "{}", said(&report));
    assert!(help(&report).contains("Leave `sentinel_password` out"), "{}", help(&report));
}

/// redis-rs tries each sentinel once: what redis-py's clients wait for is not said of it.
#[test]
fn the_rust_client_waits_for_no_sentinel() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let master = RedisServer::start(directory.path(), &["--port", "{port}"]);
    let sentinel = RedisServer::start_sentinel(directory.path(), master.port);
    let nodes = json!([["127.0.0.1", 1], ["127.0.0.1", sentinel.port]]);
    let settings = json!({"sentinel_nodes": nodes, "service_name": "main"});
    let report = probe_as(&settings, redproof_tests::rust_client::PAIR);
    for (native, said) in [(true, false), (false, true)] {
        let mut own = report.connections.iter().filter(|one| (one.api == "native") == native);
        let waits = own.any(|one| one.findings.iter().any(|found| found.code == "RP555"));
        assert_eq!(waits, said, "native: {native}");
    }
}

#[test]
fn unix_sockets_and_urls() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let files = certificates(directory.path(), &["localhost"], &["127.0.0.1"]);
    let socket = directory.path().join("redis.sock").display().to_string();
    let plain = RedisServer::start(
        directory.path(),
        &["--port", "{port}", "--unixsocket", &socket, "--requirepass", "p@ss"],
    );
    let tls = RedisServer::start(directory.path(), &files.arguments());
    let (plain, tls) = (plain.port, tls.port);
    let authority = files.authority.replace('/', "%2F");
    for (url, expected) in [
        (format!("redis://:p%40ss@127.0.0.1:{plain}/0"), O::Ok),
        (format!("redis://127.0.0.1:{plain}"), O::AuthRequired),
        (format!("redis://:p%40ss@127.0.0.1:{plain}/99"), O::WrongDb),
        (format!("unix://:p%40ss@{socket}"), O::Ok),
        (format!("unix://:p%40ss@{socket}.absent"), O::Refused),
        (format!("rediss://localhost:{tls}?ssl_ca_certs={authority}"), O::Ok),
        (format!("rediss://localhost:{tls}"), O::UnknownCa),
        (format!("rediss://localhost:{tls}?ssl_cert_reqs=none&ssl_check_hostname=false"), O::Ok),
        (format!("redis://localhost:{tls}"), O::TlsRequired),
    ] {
        for pair in PAIRS {
            let report = probe_as(&json!({"url": url}), pair);
            assert_eq!(report.outcome, expected, "{url} {pair:?}: {}", said(&report));
        }
    }
}

const THREE_CONSUMERS: &str = "
litellm_settings:
  cache: true
  cache_params: {type: redis, host: 127.0.0.1, port: RESPONSE}
router_settings:
  redis_host: 127.0.0.1
  redis_port: ROUTER
general_settings:
  coordination_redis: {host: 127.0.0.1, port: USAGE}
";

#[test]
fn each_consumer_is_proved_and_shared_ones_once() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let servers: Vec<RedisServer> =
        (0..3).map(|_| RedisServer::start(directory.path(), &["--port", "{port}"])).collect();
    let probe = |ports: [u16; 3]| {
        let mut text = THREE_CONSUMERS.to_owned();
        for (word, port) in ["RESPONSE", "ROUTER", "USAGE"].into_iter().zip(ports) {
            text = text.replace(word, &port.to_string());
        }
        let (litellm, redis_py) = PAIRS[1];
        let checked = Checking::new(text).on(litellm, redis_py).report();
        probe_blocking(&checked.outcome, checked.pair, &Options::default(), &mut |_| {})
            .expect("a runtime starts")
    };
    let ports = [servers[0].port, servers[1].port, servers[2].port];
    let report = probe(ports);
    assert_eq!(report.outcome, O::Ok, "{}", said(&report));
    let mut consumers: Vec<&str> =
        report.connections.iter().flat_map(|connection| connection.consumers.clone()).collect();
    consumers.sort_unstable();
    consumers.dedup();
    assert_eq!(consumers, ["response", "router", "usage"], "{}", said(&report));

    let report = probe([ports[0]; 3]);
    let mut targets: Vec<(&str, &str)> =
        report.connections.iter().map(|c| (c.target.as_str(), c.api)).collect();
    let count = targets.len();
    targets.sort_unstable();
    targets.dedup();
    assert_eq!(count, targets.len(), "nothing is opened twice: {}", said(&report));

    // What only the router needs, fails only the router.
    let report = probe([ports[0], 1, ports[2]]);
    assert_eq!(report.outcome, O::Refused, "{}", said(&report));
    for connection in &report.connections {
        let router = connection.consumers.contains(&"router");
        assert_eq!(router, connection.outcome != O::Ok, "{}", said(&report));
    }
}
