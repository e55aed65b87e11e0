//! What each command prints as JSON keeps to its published schema, for every seed.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::{Value as Json, json};
use support::root;
use support::schema::{read, read_lines};

/// The configs that users ask about, and releases on which they do different things.
fn seeds() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(root().join("examples/seeds")).expect("the seeds");
    let mut seeds: Vec<PathBuf> = folder
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    seeds.sort();
    assert!(seeds.len() >= 10, "{seeds:?}");
    seeds
}

const RELEASES: [&[&str]; 3] =
    [&[], &["--litellm", "1.80.0", "--redis-py", "5.3.1"], &["--litellm", "1.60.0"]];

fn run(arguments: &[&str], stdin: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_redproof"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("redproof starts");
    child.stdin.take().expect("a pipe").write_all(stdin.as_bytes()).expect("it reads");
    child.wait_with_output().expect("it ends")
}

fn of_each_seed(command: &str) -> Vec<Json> {
    let mut all = vec![];
    for seed in seeds() {
        let seed = seed.to_str().expect("UTF-8");
        for releases in RELEASES {
            let arguments = [&[command, seed, "--format", "json"], releases].concat();
            all.push(read(command, &run(&arguments, "").stdout));
        }
    }
    all
}

#[test]
fn check() {
    let all = of_each_seed("check");
    let files = || all.iter().flat_map(|one| one["files"].as_array().expect("files"));
    let found = || files().flat_map(|one| one["diagnostics"].as_array().expect("findings"));
    assert!(files().any(|file| file["startup"] == "ok"));
    assert!(files().any(|file| file["startup"]["exception"].is_string()));
    assert!(found().any(|found| found["fix"]["edits"][0]["text"].is_string()));
    assert!(found().any(|found| found["related"][0]["location"].is_object()));
    let nothing = run(&["check", "-", "--format", "json"], "model_list: []\n");
    assert_eq!(read("check", &nothing.stdout)["summary"]["files"], 1);
}

#[test]
fn explain() {
    let all = of_each_seed("explain");
    assert!(all.iter().any(|one| one["connections"][0]["settings"][0]["origin"].is_string()));
    assert!(all.iter().any(|one| one["served"]["shared"][0]["part"].is_string()));
    assert!(all.iter().any(|one| one["startup"]["because_of"].is_array()));
}

#[test]
fn simulate() {
    let mut cases = String::new();
    let read = |seed: PathBuf| std::fs::read_to_string(seed).expect("the seed");
    let sentinel = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, service_name: m, sentinel_nodes: [[h, 26379]]}\n";
    for config in seeds().into_iter().map(read).chain([sentinel.to_owned()]) {
        for (litellm, redis_py) in [("1.60.0", "5.0.0"), ("1.80.0", "5.3.1"), ("1.110.2", "8.1.0")]
        {
            let environment = json!({ "REDIS_HOST": "h", "REDIS_PASSWORD": "p" });
            let case = json!({
                "id": [1, "a"], "config": config, "env": environment,
                "litellm": litellm, "redis_py": redis_py,
            });
            // Writing to a String does not fail.
            let _ = writeln!(cases, "{case}");
        }
    }
    cases += "no case\n{\"id\": 3, \"config\": \"\", \"litellm\": \"0.0.1\"}\n";
    let answers = read_lines("simulate", &run(&["simulate"], &cases).stdout);
    assert_eq!(answers.len(), cases.lines().count());
    let clients = answers.iter().filter_map(|answer| answer["clients"].as_array()).flatten();
    let kinds: std::collections::BTreeSet<&str> =
        clients.filter_map(|client| client["client"].as_str()).collect();
    assert_eq!(kinds, ["Redis", "RedisCluster", "Sentinel"].into());
    assert!(answers.iter().any(|answer| answer["native"]["stores"] == "redis"));
    assert!(answers.iter().any(|answer| answer["startup"]["exception"].is_string()));
    assert!(answers.iter().any(|answer| answer["when_redis_answers"].is_object()));
    assert!(answers.iter().rev().take(2).all(|answer| answer["error"].is_string()));
}

#[test]
fn the_table_of_texts() {
    let table = run(&["diagnose", "--list", "--format", "json"], "");
    assert!(
        !read("diagnose-list", &table.stdout)["entries"].as_array().expect("a list").is_empty()
    );
}

/// No Redis answers there: every connection is refused.
#[test]
fn probe_and_monitor() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("config.yaml");
    let text = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: 127.0.0.1, port: 1}\n";
    std::fs::write(&config, text).expect("written");
    let config = config.to_str().expect("UTF-8");
    let report = read("probe", &run(&["probe", config, "--format", "json"], "").stdout);
    assert_eq!(report["outcome"], "refused");
    let lines = run(&["monitor", "--once", config], "").stdout;
    let lines = read_lines("monitor-log", &lines);
    let events: Vec<&str> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
    assert!(events.contains(&"connection") && events.ends_with(&["round"]), "{events:?}");
}

/// LiteLLM's own pool has redis-py's limit of 50: `get_redis_connection_pool` of 1.85.0 to 1.110.2, asked for
/// its `max_connections` with a host and with a URL.
#[test]
fn explain_counts_the_connections_that_requests_open() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("config.yaml");
    let compose = folder.path().join("compose.yaml");
    std::fs::write(&compose, "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.109.1\n    command: --config /app/config.yaml --num_workers 4\n    volumes: [./config.yaml:/app/config.yaml]\n    deploy: {replicas: 3}\n").expect("written");
    let explain = |params: &str, more: &[&str]| {
        let text = format!(
            "litellm_settings:\n  cache: true\n  cache_params: {{type: redis, {params}}}\n"
        );
        std::fs::write(&config, text).expect("written");
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_redproof"))
            .arg("explain")
            .arg(&config)
            .args(more)
            .output()
            .expect("it runs");
        String::from_utf8(output.stdout).expect("UTF-8")
    };
    let text = explain("host: redis.test, port: 6379", &[]);
    assert!(text.contains("response cache, redis.test:6379: 50 in each process, 600 in all (3 replicas of 4 workers)"), "{text}");
    let text = explain(
        "url: redis://redis.test:6379",
        &["--no-discover", "--litellm", "1.85.0", "--redis-py", "5.3.1"],
    );
    assert!(text.contains("response cache, redis.test:6379: 50 in each process\n"), "{text}");
    let json = explain("host: redis.test, port: 6379, max_connections: 7", &["--format", "json"]);
    let document = support::schema::read("explain", json.as_bytes());
    let wanted = serde_json::json!([{"consumer": "response cache", "target": "redis.test:6379", "in_each_process": 7, "processes": 12, "running": "3 replicas of 4 workers"}]);
    assert_eq!(document["pools"], wanted);
}
