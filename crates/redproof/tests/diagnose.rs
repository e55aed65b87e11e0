//! `redproof diagnose`, from outside.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value as Json;

fn config(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.yaml");
    std::fs::write(&path, text).expect("written");
    (folder, path)
}

fn run(arguments: &[&str], log: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_redproof"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("redproof starts");
    // A command that reads no log closes its input.
    let _ = child.stdin.take().expect("piped").write_all(log);
    child.wait_with_output().expect("it ends")
}

fn json(arguments: &[&str], log: &str) -> Json {
    let arguments = [&["diagnose", "--format", "json"], arguments].concat();
    let output = run(&arguments, log.as_bytes());
    support::schema::read("diagnose", &output.stdout)
}

const LOCALHOST: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n";
const REFUSED: &str = "Traceback (most recent call last):\n  File \"redis/connection.py\", line 1\n\
     redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.\n";

#[test]
fn exit_codes_are_those_of_the_contract() {
    let (_folder, path) = config(LOCALHOST);
    let path = path.to_str().expect("UTF-8");
    let code = |arguments: &[&str], log: &str| run(arguments, log.as_bytes()).status.code();
    assert_eq!(code(&["diagnose", path], REFUSED), Some(1));
    assert_eq!(code(&["diagnose"], REFUSED), Some(1));
    assert_eq!(code(&["diagnose", path], "all is well\n"), Some(0));
    assert_eq!(code(&["diagnose"], "KeyError: 'x'\n"), Some(0));
    assert_eq!(code(&["diagnose"], "{\"status\":\"healthy\",\"cache_type\":\"redis\"}"), Some(0));
    assert_eq!(code(&["diagnose", "--list"], ""), Some(0));
    assert_eq!(code(&["diagnose", "/no/such/file"], REFUSED), Some(2));
    assert_eq!(code(&["diagnose", "-"], REFUSED), Some(2));
    assert_eq!(code(&["diagnose", "--log", "/no/such/file"], ""), Some(2));
}

#[test]
fn the_cause_is_named_with_its_place() {
    let (_folder, path) = config(LOCALHOST);
    let path = path.to_str().expect("UTF-8");
    let output = run(&["diagnose", path], REFUSED.as_bytes());
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("Connection refused (line 3)"), "{text}");
    assert!(text.contains("cause: The host is `localhost`"), "{text}");
    assert!(text.contains("config.yaml:5:11"), "{text}");
    let document = json(&[path], REFUSED);
    assert_eq!(document["said"][0]["address"], "configured");
    assert_eq!(document["said"][0]["causes"][0]["applies"], "yes");
    assert_eq!(json(&[], REFUSED)["said"][0]["causes"][0]["applies"], Json::Null);
}

#[test]
fn an_answer_of_cache_ping_is_a_log() {
    let answer = r#"{"error":{"message":"{\"message\": \"Service Unhealthy (Error 111 connecting to localhost:6379. Connection refused.)\", \"litellm_cache_params\": \"{\\\"type\\\": \\\"redis\\\"}\"}","type":"cache_ping_error","param":"cache_ping","code":"503"}}"#;
    let ids: Vec<_> = json(&[], answer)["said"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|said| said["id"].as_str().expect("a name").to_owned())
        .collect();
    assert_eq!(ids, ["connection-refused", "cache-ping-failed"]);
}

/// No byte of a log that may be a secret is printed, in no form.
#[test]
fn nothing_of_the_log_is_printed() {
    let (_folder, path) = config(&LOCALHOST.replace("localhost", "redis, password: zq7-secret"));
    let path = path.to_str().expect("UTF-8");
    let log = format!(
        "{REFUSED}ValueError: Port could not be cast to integer value as 'zq7-secret'\n\
         zq7Error: zq7-secret\nError 111 connecting to zq7-secret:1. Connection refused.\n\
         password=zq7-secret \u{1b}]0;zq7\u{7}\n"
    );
    for arguments in [vec!["diagnose"], vec!["diagnose", path]] {
        for format in ["human", "json"] {
            let arguments = [&arguments[..], &["--format", format]].concat();
            let output = run(&arguments, log.as_bytes());
            let printed = [output.stdout, output.stderr].concat();
            let printed = String::from_utf8(printed).expect("UTF-8");
            assert!(!printed.contains("zq7"), "{printed}");
            assert!(printed.contains("split"), "{printed}");
        }
    }
}

#[test]
fn logs_may_hold_any_bytes() {
    let mut log = vec![0xff, 0xfe, 0x00, 0x1b, b'['];
    log.extend(std::iter::repeat_n(b'x', 1 << 20));
    log.extend(b" NOAUTH Authentication required.\x80");
    let output = run(&["diagnose"], &log);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stdout).expect("UTF-8").contains("requires a login"));
}

#[test]
fn the_list_holds_every_text() {
    let output = run(&["diagnose", "--list", "--format", "json"], b"");
    let document: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(document["entries"].as_array().is_some_and(|entries| entries.len() >= 120));
}

/// What is wrapped around a cause says where the cause is, and repeats nothing of it.
#[test]
fn an_envelope_leads_to_the_cause_in_it() {
    let (_folder, path) = config(LOCALHOST);
    let path = path.to_str().expect("UTF-8");
    let log = "LiteLLM Redis Caching: async set() - Got exception from REDIS Error 111 connecting to \
               localhost:6379. Connection refused., Writing value=1\n";
    for arguments in [vec!["diagnose"], vec!["diagnose", path]] {
        let output = run(&arguments, log.as_bytes());
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let (_, envelope) = text.split_once("A use of the cache failed").expect("said");
        assert!(envelope.contains("cause: see above: Connection refused."), "{text}");
        assert!(!envelope.contains("fix:") && !envelope.contains("look:"), "{text}");
    }
    let document = json(&[path], log);
    assert_eq!(document["said"][1]["explained_by"], serde_json::json!(["connection-refused"]));
    // Where one of its lines has no cause, it is asked for.
    let log = format!("{log}{}LiteLLM: Got exception from REDIS KeyError: x\n", "x\n".repeat(200));
    let document = json(&[path], &log);
    assert_eq!(document["said"][1]["explained_by"], serde_json::json!([]));
    let text = String::from_utf8(run(&["diagnose", path], log.as_bytes()).stdout).expect("UTF-8");
    assert!(text.contains("Look at the reason that follows"), "{text}");
}

/// A traceback's cause stands lines below the envelope.
#[test]
fn a_traceback_belongs_to_the_line_above_it() {
    let log = "ERROR: Error connecting to Async Redis client - \nTraceback (most recent call last):\n  File x\n    \
               raise ConnectionError(\nredis.exceptions.AuthenticationError: Authentication required.\n";
    let document = json(&[], log);
    let ids = |name: &str| {
        document["said"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|said| said[name].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("id"), ["login-required", "async-client-at-startup"]);
    assert_eq!(ids("explained_by")[1], serde_json::json!(["login-required"]));
    assert_eq!(document["unrecognised"], serde_json::json!([]));
}

/// What `check` finds and a log shows comes with its cure.
#[test]
fn a_finding_that_explains_a_log_is_told_with_its_help() {
    let (_folder, path) = config(&format!("{LOCALHOST}    default_redis_ttl: 60\n"));
    let path = path.to_str().expect("UTF-8");
    let checked = run(&["check", path, "--format", "json"], b"").stdout;
    let checked: Json = serde_json::from_slice(&checked).expect("JSON");
    let found = checked["files"][0]["diagnostics"].as_array().expect("a list");
    let found = found.iter().find(|one| one["code"] == "RP103").expect("it does not start");
    let (message, help) = (&found["message"], found["help"].as_str().expect("a cure"));
    assert!(help.contains("`default_in_redis_ttl`"), "{help}");
    let log =
        "TypeError: Redis.__init__() got an unexpected keyword argument 'default_redis_ttl'\n";
    let text = String::from_utf8(run(&["diagnose", path], log.as_bytes()).stdout).expect("UTF-8");
    let (_, told) = text.split_once("found: RP103").expect("found");
    assert!(told.contains(message.as_str().expect("a message")) && told.contains(help), "{text}");
}

/// One cure is told once, and what is necessary alone does not come before what is likelier.
#[test]
fn causes_are_told_as_a_person_would() {
    let (_folder, path) = config(&LOCALHOST.replace("localhost", "redis.test"));
    let path = path.to_str().expect("UTF-8");
    let closed = "redis.exceptions.ConnectionError: Connection closed by server.\n";
    let text =
        String::from_utf8(run(&["diagnose", path], closed.as_bytes()).stdout).expect("UTF-8");
    let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words}: {text}"));
    assert!(at("cause: The server restarted") < at("or:    The server speaks TLS"), "{text}");
    assert_eq!(text.matches("ssl from ").count(), 1, "{text}");
    let refused =
        "Error 1 connecting to redis.test:6379. [SSL: WRONG_VERSION_NUMBER] wrong version number\n";
    let (_folder, tls) =
        config(&format!("{}    ssl: true\n", LOCALHOST.replace("localhost", "redis.test")));
    let tls = tls.to_str().expect("UTF-8");
    let text =
        String::from_utf8(run(&["diagnose", tls], refused.as_bytes()).stdout).expect("UTF-8");
    assert_eq!(text.matches("fix:").count(), 1, "{text}");
}

/// A sentinel's own error is not blamed on what the master's connection lacks.
#[test]
fn an_address_in_a_repr_says_which_server_it_was() {
    let (_folder, path) = config(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    service_name: mymaster\n    sentinel_nodes: [[s1.test, 26379]]\n    password: s3cretpw9\n",
    );
    let path = path.to_str().expect("UTF-8");
    let log = "redis.sentinel.MasterNotFoundError: No master found for 'mymaster' : Redis<ConnectionPool<Connection<host=s1.test,port=26379,db=0>>> - AuthenticationError('Authentication required.')\n";
    let document = json(&[path, "--litellm", "1.80.0", "--redis-py", "5.3.1"], log);
    let said = document["said"].as_array().expect("a list");
    let login = said.iter().find(|said| said["id"] == "login-required").expect("said");
    let first = &login["causes"][0];
    assert!(
        first["says"].as_str().is_some_and(|says| says.contains("the sentinels no password")),
        "{login}"
    );
}
