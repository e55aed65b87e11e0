//! LiteLLM's Rust client, probed beside redis-py's two, on real servers: what it opens, which keys it uses, what depends on it.

use std::path::Path;

use redproof_core::document;
use redproof_core::environment::Environment;
use redproof_core::outcome::Outcome;
use redproof_core::releases::Pair;
use redproof_core::simulate::simulate;
use redproof_core::source::SourceId;
use redproof_probe::{
    ConnectionReport, Options, Part, ProbeOutcome as O, Report, RoleReport, probe_blocking,
};
use redproof_tests::recorded_topologies::certificates;
use redproof_tests::rust_client::PAIR;
use redproof_tests::servers::RedisServer;
use redproof_tests::situations::outcome_of;
use redproof_tests::topologies::{Cluster, Watched};
use serde_json::{Value, json};

fn pair() -> Pair {
    Pair::parse(PAIR.0, PAIR.1).expect("a supported pair")
}

fn probe_outcome(outcome: &Outcome, options: &Options) -> Report {
    probe_blocking(outcome, pair(), options, &mut |_| {}).expect("a runtime starts")
}

fn probe(settings: &Value) -> Report {
    let outcome = outcome_of(settings.as_object().expect("an object"), pair());
    probe_outcome(&outcome, &Options::default())
}

/// Of a whole config.
fn probe_config(text: &str) -> Report {
    let environment = Environment::exactly(std::iter::empty::<(String, String)>());
    let outcome = simulate(&document::read(SourceId::CONFIG, text), &environment, pair());
    probe_outcome(&outcome, &Options::default())
}

fn native(report: &Report) -> Vec<&ConnectionReport> {
    report.connections.iter().filter(|connection| connection.api == "native").collect()
}

fn role<'a>(report: &'a Report, name: &str) -> &'a RoleReport {
    report.roles.iter().find(|role| role.role == name).expect("the role is judged")
}

fn steps(connection: &ConnectionReport) -> Vec<&str> {
    connection.steps.iter().map(|step| step.step.as_str()).collect()
}

fn acl(directory: &Path, user: &str) -> RedisServer {
    let file = directory.join("users.acl");
    std::fs::write(&file, format!("user default on nopass ~* &* +@all\n{user}\n"))
        .expect("the directory is there");
    RedisServer::start(directory, &["--port", "{port}", "--aclfile", &file.to_string_lossy()])
}

#[test]
fn it_is_a_connection_of_its_own_that_requests_do_without() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = RedisServer::start(directory.path(), &["--port", "{port}"]);
    let report = probe(&json!({"host": "127.0.0.1", "port": server.port, "db": 2}));
    assert!(report.all_ok(), "{report:#?}");
    let [connection] = native(&report)[..] else { panic!("one connection: {report:#?}") };
    assert_eq!((connection.needed, connection.optional), (false, true));
    let sent = steps(connection);
    let counts = ["SELECT", "CLIENT SETINFO", "CLIENT SETINFO", "INCRBYFLOAT", "EXPIRE", "GET"];
    assert!(sent.windows(counts.len()).any(|some| some == counts), "{sent:?}");
    assert!(!sent.contains(&"PING") && !sent.contains(&"SET"), "{sent:?}");
    let json = serde_json::to_value(connection).expect("JSON");
    assert_eq!(json["api"], "native");
    assert_eq!(json["users"], json!([{"consumer": "usage", "api": "native"}]));
    let left = server.plain_command("DBSIZE").expect("it answers");
    assert_eq!(left.trim(), ":0", "no key stays");
    // Before there was one.
    let outcome = outcome_of(
        json!({"host": "127.0.0.1", "port": server.port}).as_object().expect("an object"),
        Pair::parse("1.109.1", PAIR.1).expect("a supported pair"),
    );
    let before = probe_blocking(
        &outcome,
        Pair::parse("1.109.1", PAIR.1).expect("a supported pair"),
        &Options::default(),
        &mut |_| {},
    );
    assert!(native(&before.expect("a runtime starts")).is_empty());
}

/// `truth/native`: `namespace`, `namespace` of a cache that is made with it, and the ACLs beside them.
#[test]
fn an_acl_on_the_namespace_refuses_its_keys_where_it_has_none() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = acl(directory.path(), "user u on >p ~ns:* &* +@all");
    let cache_params = json!({
        "host": "127.0.0.1", "port": server.port, "username": "u", "password": "p", "namespace": "ns",
    });
    let report = probe(&cache_params);
    assert_eq!(report.outcome, O::Ok, "redis-py keeps to the namespace: {report:#?}");
    assert!(role(&report, "response_cache").works);
    let [connection] = native(&report)[..] else { panic!("one connection: {report:#?}") };
    assert_eq!(connection.outcome, O::NoPermission, "{connection:#?}");
    let detail = connection.detail.as_deref().unwrap_or_default();
    assert!(detail.contains("INCRBYFLOAT") && detail.contains("no `namespace`"), "{detail}");
    assert_eq!(connection.expected.as_deref(), Some("the key pattern ~*"));
    let limits = role(&report, "limits");
    assert_eq!((limits.works, limits.outcome), (false, O::NoPermission), "{limits:?}");
    let why = limits.why.as_deref().unwrap_or_default();
    assert!(why.contains("serves requests all the same") && why.contains("each process"), "{why}");
    assert!(!report.all_ok());

    // A coordination Redis is made with its namespace.
    let config = format!(
        "general_settings:\n  coordination_redis:\n    {{host: 127.0.0.1, port: {}, username: u, password: p, namespace: ns}}\n",
        server.port
    );
    let report = probe_config(&config);
    let [connection] = native(&report)[..] else { panic!("one connection: {report:#?}") };
    assert_eq!(connection.outcome, O::Ok, "{connection:#?}");
}

#[test]
fn what_it_can_not_use_is_not_opened_and_said() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = RedisServer::start(directory.path(), &["--port", "{port}"]);
    let config = format!(
        "litellm_settings:\n  cache: true\n  cache_params: {{type: redis, host: 127.0.0.1, port: {}, socket_keepalive: perhaps}}\n\
         general_settings: {{fail_closed_rate_limit_enforcement: true}}\n",
        server.port
    );
    let report = probe_config(&config);
    let [connection] = native(&report)[..] else { panic!("one connection: {report:#?}") };
    assert_eq!((connection.outcome, connection.steps.len()), (O::InvalidConfig, 0));
    let detail = connection.detail.as_deref().unwrap_or_default();
    assert!(detail.contains("socket_keepalive") && detail.contains("stays in memory"), "{detail}");
    let limits = role(&report, "limits");
    assert_eq!((limits.works, limits.outcome), (false, O::InvalidConfig), "{limits:?}");
    let why = limits.why.as_deref().unwrap_or_default();
    assert!(!why.contains("fail_closed"), "what is counted in memory is not rejected: {why}");

    // Where it has a client, and that fails, they are.
    let config = config.replace(", socket_keepalive: perhaps", ", password: none-is-set");
    let report = probe_config(&config);
    assert_eq!(native(&report)[0].outcome, O::AuthFailed, "{report:#?}");
    let why = role(&report, "limits").why.clone().unwrap_or_default();
    assert!(why.contains("fail_closed_rate_limit_enforcement") && why.contains("rejects"), "{why}");
}

#[test]
fn a_name_that_redis_py_refuses_is_not_checked() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let files = certificates(directory.path(), &["elsewhere.test"], &[]);
    let server = RedisServer::start(directory.path(), &files.arguments());
    let mut settings = json!({
        "host": "localhost", "port": server.port, "ssl": true, "ssl_ca_certs": files.authority,
    });
    let report = probe(&settings);
    assert_eq!(report.outcome, O::HostnameMismatch, "{report:#?}");
    let [connection] = native(&report)[..] else { panic!("one connection: {report:#?}") };
    assert_eq!(connection.outcome, O::Ok, "{connection:#?}");
    let strict = connection.strict.as_ref().expect("a strict verdict");
    assert_eq!(strict.outcome, O::HostnameMismatch);
    assert!(connection.findings.iter().any(|found| found.code == "RP351"), "an impostor passes");
    let tls = connection.tls.as_ref().expect("TLS");
    assert_eq!((tls.version.as_str(), tls.chain.is_empty()), ("TLSv1.3", false));
    assert!(tls.cipher.as_deref().is_some_and(|name| name.starts_with("TLS_")), "{tls:?}");
    assert!(role(&report, "limits").works && !role(&report, "response_cache").works);

    settings["ssl_check_hostname"] = json!(true);
    let report = probe(&settings);
    assert_eq!(native(&report)[0].outcome, O::HostnameMismatch, "{report:#?}");
    let presented = native(&report)[0].presented.clone().unwrap_or_default();
    assert!(presented.contains("elsewhere.test"), "{presented}");
}

/// What the real client did with `SSL_CERT_FILE` and `SSL_CERT_DIR`.
#[test]
fn the_environments_roots_count_beside_the_settings() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let folder = |name: &str| {
        let path = directory.path().join(name);
        std::fs::create_dir(&path).expect("a directory");
        path
    };
    let (ours, theirs) = (folder("ours"), folder("theirs"));
    let files = certificates(&ours, &["localhost"], &["127.0.0.1"]);
    let other = certificates(&theirs, &["localhost"], &["127.0.0.1"]).authority;
    let server = RedisServer::start(directory.path(), &files.arguments());
    let authorities = folder("authorities");
    std::fs::copy(&files.authority, authorities.join("any name")).expect("a copy");
    let authorities = authorities.display().to_string();
    let missing = directory.path().join("missing").display().to_string();
    for (name, value, ca, expected) in [
        ("SSL_CERT_FILE", &files.authority, None, O::Ok),
        ("SSL_CERT_FILE", &other, None, O::UnknownCa),
        ("SSL_CERT_FILE", &files.authority, Some(&other), O::Ok),
        ("SSL_CERT_FILE", &other, Some(&files.authority), O::Ok),
        // rustls-native-certs gives up, whatever the settings trust.
        ("SSL_CERT_FILE", &missing, Some(&files.authority), O::CaFileMissing),
        ("SSL_CERT_DIR", &missing, Some(&files.authority), O::CaFileMissing),
        ("SSL_CERT_DIR", &authorities, None, O::Ok),
        ("HOME", &missing, None, O::UnknownCa),
    ] {
        let mut settings = json!({"host": "localhost", "port": server.port, "ssl": true});
        if let Some(path) = ca {
            settings["ssl_ca_certs"] = json!(path);
        }
        let outcome = outcome_of(settings.as_object().expect("an object"), pair());
        let environment = Environment::exactly([(name, value.as_str())]);
        let report = probe_outcome(&outcome, &Options { environment, ..Options::default() });
        let connection = native(&report)[0];
        assert_eq!(connection.outcome, expected, "{name}={value}, {ca:?}: {connection:#?}");
    }
}

#[test]
fn a_cluster_of_six_nodes_over_tls() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let files = certificates(directory.path(), &["localhost"], &["127.0.0.1"]);
    let cluster = Cluster::start(directory.path(), &files, &[]);
    let port = cluster.nodes[0].port;
    let report = probe(&json!({
        "redis_startup_nodes": [{"host": "127.0.0.1", "port": 1}, {"host": "localhost", "port": port}],
        "ssl": true,
        "ssl_ca_certs": files.authority,
    }));
    assert!(role(&report, "limits").works, "{:#?}", report.roles);
    let of = |part: Part| -> Vec<&ConnectionReport> {
        native(&report).into_iter().filter(|connection| connection.part == part).collect()
    };
    assert_eq!(of(Part::StartupNode).len(), 2);
    assert_eq!(
        of(Part::StartupNode)[1].target,
        format!("localhost:{port}"),
        "redis-rs keeps the name"
    );
    let nodes = of(Part::ClusterNode);
    assert_eq!((nodes.len(), of(Part::ClusterReplica).len()), (3, 3));
    assert!(nodes.iter().all(|node| node.outcome == O::Ok && node.optional), "{nodes:#?}");
    let counted = nodes.iter().filter(|node| steps(node).contains(&"INCRBYFLOAT"));
    assert_eq!(counted.count(), 1, "the master of its slot counts");
    for node in native(&report) {
        let sent = steps(node);
        assert!(!sent.contains(&"COMMAND") && !sent.contains(&"PING"), "{sent:?}");
    }
    assert_eq!(cluster.command(&["DBSIZE"]).trim(), "0", "no key stays");
}

#[test]
fn sentinels_are_asked_one_after_another_whatever_they_say() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let files = certificates(directory.path(), &["localhost"], &["127.0.0.1"]);
    let watched = Watched::start(directory.path(), &files, "secret");
    let sentinels: Vec<Value> =
        watched.sentinels.iter().map(|sentinel| json!(["localhost", sentinel.port])).collect();
    let mut settings = json!({
        "sentinel_nodes": sentinels.clone(), "service_name": "main", "ssl": true,
        "ssl_ca_certs": files.authority, "password": "secret",
    });
    let report = probe(&settings);
    assert!(report.all_ok(), "{report:#?}");
    let connections = native(&report);
    let master = connections.last().expect("a master");
    assert_eq!((master.part, master.optional), (Part::Master, true));
    assert_eq!(master.target, format!("127.0.0.1:{}", watched.master.port));
    assert!(steps(master).contains(&"ROLE") && steps(master).contains(&"INCRBYFLOAT"));

    // A Redis among the sentinels ends redis-py's search, and not redis-rs'.
    let plain = RedisServer::start(directory.path(), &files.arguments());
    let mut nodes = vec![json!(["localhost", plain.port])];
    nodes.extend(sentinels.clone());
    settings["sentinel_nodes"] = nodes.into();
    let report = probe(&settings);
    assert_ne!(report.outcome, O::Ok, "{report:#?}");
    let connections = native(&report);
    assert_eq!((connections[0].outcome, connections[0].optional), (O::ServerState, false));
    let presented = connections[0].presented.as_deref();
    assert_eq!(presented, Some("a server that is not a sentinel"));
    assert_eq!(
        connections.last().map(|master| (master.part, master.outcome)),
        Some((Part::Master, O::Ok))
    );
    assert!(role(&report, "limits").works, "{:#?}", report.roles);

    settings["service_name"] = json!("other");
    settings["sentinel_nodes"] = sentinels.into();
    let report = probe(&settings);
    let limits = role(&report, "limits");
    assert_eq!(limits.outcome, O::SentinelUnknownMaster, "{limits:?}");
}

/// `truth/native`: `sentinel-over-tls-other-host-unchecked`. Nothing turns it off but to verify nothing.
#[test]
fn names_of_sentinels_are_always_checked() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let files = certificates(directory.path(), &["elsewhere.test"], &[]);
    let watched = Watched::start(directory.path(), &files, "secret");
    let mut settings = json!({
        "sentinel_nodes": [["localhost", watched.sentinels[0].port]], "service_name": "main", "ssl": true,
        "ssl_ca_certs": files.authority, "ssl_check_hostname": false, "password": "secret",
    });
    let report = probe(&settings);
    assert_eq!(report.outcome, O::Ok, "redis-py does as it is told: {report:#?}");
    let limits = role(&report, "limits");
    assert_eq!(limits.outcome, O::HostnameMismatch, "{limits:?}");
    settings["ssl_cert_reqs"] = json!("none");
    assert!(role(&probe(&settings), "limits").works);
}

/// A user that may neither write nor delete nor say when a key ends: whatever is refused, nothing stays.
#[test]
fn a_key_ends_where_expire_and_del_are_refused() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = acl(directory.path(), "user u on >p ~* &* +@all -expire -del");
    let settings =
        json!({"host": "127.0.0.1", "port": server.port, "username": "u", "password": "p"});
    let report = probe(&settings);
    let [connection] = native(&report)[..] else { panic!("one connection: {report:#?}") };
    assert_eq!(connection.outcome, O::NoPermission, "{connection:#?}");
    let script = "for _, k in ipairs(redis.call('KEYS', '*')) do if redis.call('TTL', k) < 0 then return k end end";
    let said = server.plain_command(&format!("EVAL \"{script} return 1\" 0")).expect("it answers");
    assert_eq!(said.trim(), ":1", "a key has no end");
}
