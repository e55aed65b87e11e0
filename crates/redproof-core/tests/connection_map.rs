//! The connection map: who connects to what, how safely, and the lines that made it.

use redproof_core::connection_map::{Login, Protection};
use redproof_core::outcome::Api;
use redproof_core::{ConnectionMap, Report, connection_map};
use support::Checking;

fn checked(config: &str, environment: &str, litellm: &str, redis_py: &str) -> Report {
    let checking = Checking::new(config).files([(".env", environment)]).incomplete();
    checking.on(litellm, redis_py).report()
}

/// Each edge in a line: `response cache+router sync -> Redis h:1 plaintext password`.
fn lines(map: &ConnectionMap) -> Vec<String> {
    let line = |edge: &redproof_core::connection_map::Edge| {
        let user = map.users[edge.user].names.join("+");
        let target = edge.target.map(|at| &map.targets[at]);
        let target = target.map_or_else(
            || "nothing".to_owned(),
            |target| format!("{} {}", target.kind, target.names.join(" ")),
        );
        let api = match edge.api {
            Api::Sync => "sync",
            Api::Async => "async",
            Api::Native => "Rust",
        };
        let behind = if edge.falls_behind { " (behind)" } else { "" };
        let (tls, login) = (edge.tls.words(), edge.login.words());
        format!("{user} {api} -> {target}: {tls}, {login}{behind}")
    };
    map.edges.iter().map(line).collect()
}

const CACHE: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n";

#[test]
fn parts_that_share_a_client_are_one() {
    let config = format!("{CACHE}    host: h\n    port: 1\n    ssl: true\n");
    let map = connection_map(&checked(&config, "", "1.109.1", "8.1.0"));
    assert_eq!(
        lines(&map),
        [
            "response cache+router+coordination sync -> Redis h:1: TLS, verified, no password",
            "response cache+router+coordination async -> Redis h:1: TLS, verified, no password",
        ]
    );
}

#[test]
fn the_rust_client_is_a_third_edge() {
    let config = format!("{CACHE}    host: h\n    port: 1\n    ssl: true\n");
    let all = "response cache+router+coordination";
    let map = connection_map(&checked(&config, "", "1.110.2", "8.1.0"));
    assert_eq!(
        lines(&map),
        [
            format!("{all} sync -> Redis h:1: TLS, verified, no password"),
            format!("{all} async -> Redis h:1: TLS, verified, no password"),
            format!("{all} Rust -> Redis h:1: TLS, name not checked, no password (behind)"),
        ]
    );
    let refused = format!("{config}    ssl_cert_reqs: CERT_NONE\n");
    let map = connection_map(&checked(&refused, "", "1.110.2", "8.1.0"));
    let rust = map.edges.iter().find(|edge| edge.api == Api::Native).expect("an edge");
    assert_eq!(rust.target, None);
    let error = rust.error.as_deref().unwrap_or_default();
    assert!(error.starts_with("its state stays in memory: "), "{error}");
}

#[test]
fn a_router_of_its_own_has_a_rust_client_of_its_own() {
    let config = format!(
        "{CACHE}    host: h\n    port: 1\nrouter_settings:\n  redis_host: r\n  redis_port: 2\n"
    );
    let map = connection_map(&checked(&config, "", "1.110.2", "8.1.0"));
    let rust = map.edges.iter().filter(|edge| edge.api == Api::Native);
    let found: Vec<_> = rust
        .map(|edge| {
            let target = &map.targets[edge.target.expect("a target")];
            (map.users[edge.user].names.join("+"), target.names.join(" "))
        })
        .collect();
    let pair = |user: &str, target: &str| (user.to_owned(), target.to_owned());
    assert_eq!(found, [pair("response cache+coordination", "h:1"), pair("router", "r:2")]);
}

#[test]
fn the_weaker_of_two_falls_behind() {
    let config = format!(
        "{CACHE}    host: h\n    port: 1\n    ssl: true\n    password: p-a-s-s\n\
         router_settings:\n  redis_host: h\n  redis_port: 1\n  redis_password: p-a-s-s\n"
    );
    let map = connection_map(&checked(&config, "", "1.109.1", "5.3.1"));
    let cache = "response cache+coordination";
    assert_eq!(
        lines(&map),
        [
            format!("{cache} sync -> Redis h:1: TLS, name not checked, password"),
            format!("{cache} async -> Redis h:1: TLS, name not checked, password"),
            "router sync -> Redis h:1: plaintext, password (behind)".to_owned(),
            "router async -> Redis h:1: plaintext, password (behind)".to_owned(),
        ]
    );
    assert_eq!(map.targets.len(), 1, "one server, drawn once");
}

#[test]
fn sync_and_async_may_differ() {
    let config = format!("{CACHE}    host: h\n    port: 1\n    ssl: false\n");
    let map = connection_map(&checked(&config, "", "1.80.0", "5.3.1"));
    let [sync, asynchronous] = &map.edges[..] else { panic!("{:?}", lines(&map)) };
    assert_eq!((sync.tls, sync.falls_behind), (Protection::Plaintext, true));
    assert_eq!((asynchronous.tls, asynchronous.falls_behind), (Protection::Chain, false));
}

#[test]
fn clusters_and_sentinels_are_one_target_each() {
    let nodes =
        format!("{CACHE}    redis_startup_nodes: [{{host: a, port: 1}}, {{host: b, port: 2}}]\n");
    let map = connection_map(&checked(&nodes, "", "1.109.1", "8.1.0"));
    assert_eq!(map.targets.len(), 1);
    assert_eq!(
        (map.targets[0].kind, &map.targets[0].names[..]),
        ("Redis Cluster", &["a:1".to_owned(), "b:2".to_owned()][..])
    );

    let sentinels = format!(
        "{CACHE}    service_name: mymaster\n    sentinel_nodes: [[s1, 26379], [s2, 26379]]\n"
    );
    let map = connection_map(&checked(&sentinels, "", "1.109.1", "8.1.0"));
    let targets: Vec<_> = map.targets.iter().map(|one| (one.kind, one.names.join(" "))).collect();
    assert_eq!(
        targets,
        [("Sentinel", "s1:26379 s2:26379".to_owned()), ("Master", "mymaster".to_owned())]
    );
    assert_eq!(map.edges.len(), 4, "sync and async, to the sentinels and to the master");
    assert!(map.edges.iter().all(|edge| !edge.falls_behind), "{:?}", lines(&map));
}

#[test]
fn an_edge_knows_the_lines_that_made_it() {
    let config = format!("{CACHE}    host: os.environ/HERE\n    ssl: true\n");
    let report = checked(
        &config,
        "HERE=h\nREDIS_PORT=7\nOTHER=x\nREDIS_PASSWORD=a-secret\n",
        "1.109.1",
        "8.1.0",
    );
    let map = connection_map(&report);
    let texts: Vec<&str> =
        map.edges[1].places.iter().map(|span| &report.text(span.source)[span.range()]).collect();
    for expected in ["os.environ/HERE", "h", "7", "true", "a-secret"] {
        assert!(texts.contains(&expected), "{expected} in {texts:?}");
    }
    assert!(!texts.contains(&"x"), "{texts:?}");
    assert_eq!(map.edges[1].login, Login::Password);
    assert!(!format!("{map:?}").contains("a-secret"));
}

#[test]
fn what_can_not_be_opened_says_why() {
    let config = format!("{CACHE}    host: h\n    port: 1\n    ssl_ca_certs: /ca.crt\n");
    let map = connection_map(&checked(&config, "", "1.109.1", "5.3.1"));
    let failing = map.edges.iter().find(|edge| edge.api == Api::Async).expect("an async client");
    assert!(failing.error.as_ref().is_some_and(|error| error.contains("ssl_ca_certs")));
    let at = config.find("/ca.crt").expect("it is there");
    assert!(failing.places.iter().any(|span| span.start as usize == at), "{:?}", failing.places);
}

#[test]
fn without_redis_the_map_is_empty() {
    let map = connection_map(&checked("litellm_settings: {}\n", "", "1.80.0", "5.3.1"));
    assert_eq!((map.users.len(), map.targets.len(), map.edges.len()), (0, 0, 0));
}
