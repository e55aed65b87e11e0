//! What the probe says of a server's state, its latency, and what stays when it is interrupted.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use redproof_core::Running;
use redproof_core::releases::Pair;
use redproof_probe::{Options, Report, probe_blocking};
use redproof_tests::programs::redproof;
use redproof_tests::servers::{RedisServer, Stranger};
use redproof_tests::situations::{PAIRS, outcome_of};
use redproof_tests::topologies::wait_until;
use serde_json::{Value, json};

fn probe(server: &RedisServer, options: &Options, (litellm, redis_py): (&str, &str)) -> Report {
    let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
    let settings = json!({"host": "127.0.0.1", "port": server.port});
    let outcome = outcome_of(settings.as_object().expect("an object"), pair);
    probe_blocking(&outcome, pair, options, &mut |_| {}).expect("a runtime starts")
}

fn codes(arguments: &[&str]) -> Vec<&'static str> {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = RedisServer::start(directory.path(), &[&["--port", "{port}"], arguments].concat());
    let [old, new] = PAIRS.map(|pair| {
        let report = probe(&server, &Options::default(), pair);
        let connection = &report.connections[0];
        assert!(connection.health.is_some(), "{:?}", report.detail);
        connection.findings.iter().map(|finding| finding.code).collect::<Vec<_>>()
    });
    assert_eq!(old, new, "RESP 2 and 3 tell the same");
    old
}

#[test]
fn states_of_a_server_are_found() {
    let limited = ["--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"];
    assert_eq!(codes(&limited), Vec::<&str>::new());
    assert_eq!(codes(&[]), ["RP852"]);
    assert_eq!(codes(&["--maxmemory", "100mb"]), ["RP853"], "noeviction is the default");
    let few = [&limited[..], &["--maxclients", "40"]].concat();
    assert_eq!(codes(&few), ["RP855"]);
    let open = [&limited[..], &["--protected-mode", "no"]].concat();
    assert_eq!(codes(&open), ["RP652"]);
    let saved = [&limited[..], &["--appendonly", "yes"]].concat();
    assert_eq!(codes(&saved), ["RP859"]);
}

/// Each process of LiteLLM has pools of its own.
#[test]
fn clients_of_all_processes_are_counted() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let arguments = ["--port", "{port}", "--maxclients", "200"];
    let server = RedisServer::start(directory.path(), &arguments);
    for (processes, found) in [(2, false), (6, true)] {
        let running = Some(Running { words: format!("{processes} workers"), processes });
        let report = probe(&server, &Options { running, ..Options::default() }, PAIRS[1]);
        let few = report.connections[0].findings.iter().find(|finding| finding.code == "RP855");
        assert_eq!(few.is_some(), found, "{few:?}");
        let counted = few.is_none_or(|few| few.message.contains("300 (6 workers, 50 in each"));
        assert!(counted, "{few:?}");
    }
}

#[test]
fn latency_is_sampled_and_the_key_removed() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = RedisServer::start(directory.path(), &["--port", "{port}"]);
    for (read_only, written) in [(false, true), (true, false)] {
        let options = Options { samples: 50, read_only, ..Options::default() };
        let report = probe(&server, &options, PAIRS[1]);
        let health = report.connections[0].health.as_ref().expect("the server tells");
        let latency = health.latency.as_ref().expect("samples were taken");
        assert_eq!((latency.ping.samples, latency.get.samples), (50, 50));
        assert_eq!(latency.set.is_some(), written);
        assert!(latency.ping.p50 > 0.0 && latency.ping.p50 <= latency.ping.max);
        assert!(server.plain_command("DBSIZE").expect("it answers").starts_with(":0"));
    }
    let calls = server.plain_command("INFO commandstats").expect("it answers");
    assert!(!calls.contains("cmdstat_flush"), "nothing else is touched: {calls}");
}

/// `redproof probe` on this port, its output piped.
fn start(directory: &Path, port: u16, arguments: &[&str]) -> Child {
    let config = directory.join("config.yaml");
    let text = format!(
        "litellm_settings:\n  cache: true\n  cache_params: {{type: redis, host: 127.0.0.1, port: {port}, socket_timeout: 600}}\n"
    );
    std::fs::write(&config, text).expect("the config is written");
    Command::new(redproof())
        .args(["probe", "--format", "json"])
        .args(arguments)
        .arg(&config)
        .stdout(Stdio::piped())
        .spawn()
        .expect("redproof starts")
}

/// Presses Ctrl-C; the exit code and the report.
fn interrupt(mut child: Child) -> (Option<i32>, Value) {
    let pressed = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(pressed.expect("kill runs").success());
    let since = Instant::now();
    let mut text = String::new();
    let output = child.stdout.as_mut().expect("standard output is piped");
    output.read_to_string(&mut text).expect("text");
    let status = child.wait().expect("it ends");
    assert!(since.elapsed() < Duration::from_secs(10), "{:?}", since.elapsed());
    (status.code(), serde_json::from_str(&text).expect("a report, though interrupted"))
}

#[test]
fn ctrl_c_removes_the_key_and_reports() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = RedisServer::start(directory.path(), &["--port", "{port}"]);
    let child = start(directory.path(), server.port, &["--samples", "100000000"]);
    wait_until("the samples are under way", || {
        server.plain_command("DBSIZE").expect("it answers").starts_with(":1")
    });
    let (code, report) = interrupt(child);
    assert_eq!(code, Some(130), "{report}");
    wait_until("the key is removed", || {
        server.plain_command("DBSIZE").expect("it answers").starts_with(":0")
    });
}

#[test]
fn ctrl_c_ends_a_probe_that_waits() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (sender, receiver) = std::sync::mpsc::channel();
    let silent = Stranger::start(move |mut stream| {
        let _ = sender.send(());
        let _ = std::io::copy(&mut stream, &mut std::io::sink());
    });
    let child = start(directory.path(), silent.port, &["--timeout", "600"]);
    receiver.recv_timeout(Duration::from_secs(30)).expect("it connects");
    let (code, report) = interrupt(child);
    assert_eq!((code, &report["outcome"]), (Some(130), &json!("other")));
}
