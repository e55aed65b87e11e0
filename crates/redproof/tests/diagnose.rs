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
