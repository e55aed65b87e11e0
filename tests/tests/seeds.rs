//! The seed configurations under `examples/seeds`: what is said of them, that fixes cure them, and
//! that the probe meets real TLS servers as LiteLLM would.

use std::path::Path;
use std::time::Duration;

use redproof_core::document::{
    self,
    patch::{Operation, apply, edits},
};
use redproof_core::outcome::{Knowable, Startup};
use redproof_core::releases::Pair;
use redproof_core::source::SourceId;
use redproof_core::{CheckInput, Gathered, NamedText, Releases, Report, Selection};
use redproof_core::{check, fix, gather};
use redproof_probe::{Options, ProbeOutcome, probe_blocking};
use redproof_tests::certificates::{Identity, TlsFiles, Wish};
use redproof_tests::servers::RedisServer;

const PAIRS: [(&str, &str); 2] = [("1.80.0", "5.3.1"), ("1.109.1", "8.1.0")];
const PASSWORD: &str = "correct-horse-battery";

fn seed(name: &str) -> String {
    let path = format!("{}/../examples/seeds/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn environment(files: &[&str], variables: &[(&str, &str)]) -> Gathered {
    let files: Vec<NamedText> =
        files.iter().map(|name| NamedText { name: (*name).into(), text: seed(name) }).collect();
    let variables: Vec<(String, String)> =
        variables.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    gather(&files, &variables, true)
}

fn input<'a>(text: &'a str, environment: &'a Gathered, pair: (&str, &str)) -> CheckInput<'a> {
    let releases = Releases::parse(Some(pair.0), Some(pair.1)).expect("the pair is supported");
    CheckInput { name: "config.yaml", text, environment, releases, now: None }
}

fn codes(report: &Report) -> Vec<&'static str> {
    let mut codes: Vec<_> = report.diagnostics.iter().map(|found| found.code).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// Whether the proxy starts, and each client's TLS.
fn tls(report: &Report) -> Option<Vec<bool>> {
    let outcome = &report.outcome;
    (outcome.startup == Startup::Ok).then(|| {
        outcome
            .clients
            .iter()
            .map(|client| {
                let tls = client.connection.as_ref().map(|connection| &connection.tls);
                matches!(tls, Some(Knowable::Known(Some(_))))
            })
            .collect()
    })
}

/// Each seed: its config, its environment, and what must be found, on the older and newer pair.
type Expected = (&'static str, &'static [&'static str], [&'static [&'static str]; 2]);

#[test]
fn what_was_measured_is_said() {
    let expected: [Expected; 9] = [
        ("basic-tls.yaml", &[], [&["RP201", "RP301"], &["RP201", "RP301"]]),
        ("mtls.yaml", &[], [&[], &[]]),
        ("cluster-tls.yaml", &[], [&["RP206", "RP502"], &["RP206", "RP502"]]),
        ("sentinel-tls.yaml", &[], [&["RP104"], &["RP104"]]),
        ("from-environment.yaml", &["deployment-env.yaml"], [&[], &[]]),
        ("precedence.yaml", &["precedence.env"], [&["RP401"], &["RP402", "RP404"]]),
        ("gcp-iam.yaml", &["gcp-iam.env"], [&["RP103", "RP208"], &["RP103", "RP208"]]),
        ("local.yaml", &[], [&[], &[]]),
        ("timeouts.yaml", &[], [&["RP103"], &["RP103"]]),
    ];
    for (name, files, per_pair) in expected {
        for (pair, expected) in PAIRS.into_iter().zip(per_pair) {
            let text = seed(name);
            let environment = environment(files, &[("REDIS_PASSWORD", PASSWORD)]);
            let found = codes(&check(&input(&text, &environment, pair)));
            // Hints on secrets, host names and timeouts come beside what is asked for here.
            let beside = ["RP302", "RP304", "RP307", "RP404", "RP405", "RP801", "RP901", "RP910"];
            let unexpected: Vec<_> =
                found.iter().filter(|c| !expected.contains(c) && !beside.contains(c)).collect();
            for code in expected {
                assert!(found.contains(code), "{name} on {pair:?}: {code} is missing in {found:?}");
            }
            assert!(unexpected.is_empty(), "{name} on {pair:?}: {unexpected:?} too");
        }
    }
}

#[test]
fn fixes_give_tls_to_every_client() {
    let seeds = [
        "basic-tls.yaml",
        "cluster-tls.yaml",
        "sentinel-tls.yaml",
        "gcp-iam.yaml",
        "gcp-iam-cluster.yaml",
        "production.yaml",
        "timeouts.yaml",
    ];
    let variables = [("REDIS_PASSWORD", PASSWORD)];
    for name in seeds {
        for pair in PAIRS {
            let text = seed(name);
            let mut environment = environment(&[], &variables);
            if name == "production.yaml" {
                let host = [("REDIS_HOST", "redis.example.com"), ("REDIS_PORT", "6380")];
                environment = super_environment(&variables, &host);
            }
            let fixed = fix(&input(&text, &environment, pair), &Selection::any());
            let tls = tls(&fixed.report);
            // No text edit gives this release's Sentinel clients TLS: it drops the setting.
            let impossible = name == "sentinel-tls.yaml" && pair.0 == "1.80.0";
            let all = tls.as_ref().is_some_and(|tls| !tls.is_empty() && tls.iter().all(|tls| *tls));
            assert!(all != impossible, "{name} on {pair:?}: {tls:?}\n{}", fixed.text);
            if impossible {
                assert!(codes(&fixed.report).contains(&"RP501"), "it is said");
            }
        }
    }
}

fn super_environment(one: &[(&str, &str)], other: &[(&str, &str)]) -> Gathered {
    environment(&[], &[one, other].concat())
}

/// A TLS Redis with a password that asks for a client certificate only if told to.
fn tls_redis(directory: &Path, clients: &str, more: &[&str]) -> (RedisServer, std::path::PathBuf) {
    let authority = Identity::new(&Wish::authority("Seeds CA"), None).expect("a CA");
    let server = Identity::new(&Wish::server(), Some(&authority)).expect("a server certificate");
    let client = Identity::new(&Wish::client(), Some(&authority)).expect("a client certificate");
    let authority = authority.write(directory, "ca", &[]).expect("written");
    let server = server.write(directory, "server", &[]).expect("written");
    client.write(directory, "client", &[]).expect("written");
    let files = TlsFiles::new(&server, &authority);
    let arguments = [&files.arguments()[..], &["--tls-auth-clients", clients], more].concat();
    (RedisServer::start(directory, &arguments), authority.certificate)
}

/// The outcome of the first connection that does not work, the sync clients' included.
fn probe(text: &str, environment: &Gathered, pair: (&str, &str)) -> (ProbeOutcome, String) {
    let report = check(&input(text, environment, pair));
    let options = Options { step_timeout: Duration::from_secs(2), ..Options::default() };
    let pair = Pair::parse(pair.0, pair.1).expect("the pair is supported");
    let probed = probe_blocking(&report.outcome, pair, &options, &mut |_| {}).expect("a runtime");
    let failed = probed.connections.iter().map(|connection| connection.outcome);
    let first = failed.chain([probed.outcome]).find(|outcome| *outcome != ProbeOutcome::Ok);
    let detail = format!("{:?} {:?}", probed.detail, probed.connections);
    (first.unwrap_or(ProbeOutcome::Ok), detail)
}

#[test]
fn the_probe_meets_a_tls_redis_as_litellm_would() {
    let directory = tempfile::tempdir().expect("a directory");
    let (server, ca) = tls_redis(directory.path(), "no", &["--requirepass", PASSWORD]);
    let ca = ca.to_str().expect("a plain path");
    for pair in PAIRS {
        for name in ["basic-tls.yaml", "timeouts.yaml", "production.yaml"] {
            let text = seed(name)
                .replace("redis-master.redis.svc.cluster.local", "localhost")
                .replace("'redis'\n    port", "'localhost'\n    port")
                .replace("redis_host: 'redis'", "redis_host: 'localhost'")
                .replace("ErniKiRedisSecurePassword2024", PASSWORD)
                .replace("6379", &server.port.to_string());
            let port = server.port.to_string();
            let environment = environment(
                &[],
                &[
                    ("REDIS_PASSWORD", PASSWORD),
                    ("REDIS_SSL_CA_CERTS", ca),
                    ("REDIS_HOST", "localhost"),
                    ("REDIS_PORT", &port),
                ],
            );
            let (before, detail) = probe(&text, &environment, pair);
            let expected = match name {
                // TLS options without `ssl` stop the async client before it connects.
                "timeouts.yaml" | "production.yaml" => ProbeOutcome::InvalidConfig,
                // The router's async client is plaintext too, and gets the CA file from the
                // environment, which a plaintext connection refuses.
                _ if pair.0 == "1.109.1" => ProbeOutcome::InvalidConfig,
                // The router's sync client is plaintext.
                _ => ProbeOutcome::TlsRequired,
            };
            assert_eq!(before, expected, "{name} on {pair:?}: {detail}");
            let fixed = fix(&input(&text, &environment, pair), &Selection::any());
            // On this machine's own Redis a password needs no TLS, so that fix is not offered.
            let fixed = match tls(&fixed.report) {
                Some(tls) if tls.iter().all(|tls| *tls) => fixed.text,
                _ => with_tls(&fixed.text, name == "timeouts.yaml"),
            };
            let (after, detail) = probe(&fixed, &environment, pair);
            assert_eq!(after, ProbeOutcome::Ok, "{name} on {pair:?}: {detail}\n{fixed}");
        }
    }
}

/// The config with TLS turned on for the cache, and for the router where it has its own Redis.
fn with_tls(text: &str, router: bool) -> String {
    let mut paths = vec!["litellm_settings.cache_params.ssl"];
    if router {
        paths.push("router_settings.cache_kwargs.ssl");
    }
    paths.into_iter().fold(text.to_owned(), |text, path| {
        let document = document::read(SourceId::CONFIG, &text).expect("it is YAML");
        let set = Operation::Set { path: path.into(), value: true.into() };
        apply(&text, &edits(&document, &text, &set).expect("the section is there"))
    })
}

#[test]
fn the_probe_presents_the_client_certificate() {
    let directory = tempfile::tempdir().expect("a directory");
    let (server, _) = tls_redis(directory.path(), "yes", &["--requirepass", PASSWORD]);
    let folder = directory.path().to_str().expect("a plain path");
    let text = seed("mtls.yaml")
        .replace("redis-master.redis.svc.cluster.local", "localhost")
        .replace("/etc/redis-certs", folder)
        .replace("6379", &server.port.to_string());
    let environment = environment(&[], &[("REDIS_PASSWORD", PASSWORD)]);
    for pair in PAIRS {
        let (with, detail) = probe(&text, &environment, pair);
        assert_eq!(with, ProbeOutcome::Ok, "{pair:?}: {detail}");
        let without: String = text
            .lines()
            .filter(|line| !line.contains("ssl_certfile") && !line.contains("ssl_keyfile"))
            .flat_map(|line| [line, "\n"])
            .collect();
        let (outcome, detail) = probe(&without, &environment, pair);
        assert_eq!(outcome, ProbeOutcome::ClientCertRequired, "{pair:?}: {detail}");
    }
}
