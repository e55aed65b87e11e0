//! `redproof serve` from outside: who gets an answer, and what it holds.

mod companion;
mod limits;
mod pairing;
mod secrets;
mod strangers;

use std::process::Command;

use companion::{Companion, question};
use serde_json::json;

#[test]
fn a_probe_streams_steps_and_ends_with_the_report() {
    let companion = Companion::start();
    let answer = companion.probe(&question(), &[companion.token()]);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.head.contains("content-type: application/x-ndjson"), "{}", answer.head);
    let lines = answer.lines();
    assert_eq!(lines[1]["step"], "resolve");
    let events: Vec<_> = lines.iter().map(|line| line["event"].as_str().unwrap_or("")).collect();
    assert_eq!(events, ["began", "step", "step", "ended", "report"]);
    let users =
        json!([{"consumer": "response", "api": "async"}, {"consumer": "response", "api": "sync"}]);
    let report = &lines[4]["report"]["connections"][0];
    for which in lines[..4].iter().chain([report]) {
        assert_eq!(which["users"], users, "{which}");
        assert_eq!((&which["consumers"], &which["api"]), (&json!(["response"]), &json!("both")));
        assert_eq!((&which["host"], &which["port"]), (&json!("127.0.0.1"), &json!(1)));
        assert_eq!((&which["part"], &which["target"]), (&json!("server"), &json!("127.0.0.1:1")));
    }
    assert_eq!(lines[3]["outcome"], "refused");
    let last = &lines[lines.len() - 1];
    assert_eq!(last["event"], "report");
    assert_eq!(last["report"]["outcome"], "refused");
    assert!(!answer.body.contains("hunter2"), "{}", answer.body);
}

#[test]
fn the_environment_may_be_a_files_text() {
    let companion = Companion::start();
    let mut question = question();
    let files = [
        json!("SECRET=hunter2-hunter2\n"),
        json!([{"name": ".env", "text": "SECRET=hunter2-hunter2\n"}, {"name": "b.env", "text": ""}]),
    ];
    for env in files {
        question["env"] = env;
        let answer = companion.probe(&question, &[companion.token()]);
        assert_eq!(answer.lines().last().expect("a report")["report"]["outcome"], "refused");
    }
}

#[test]
fn the_site_is_served_with_its_marks_and_nothing_beside_it() {
    let companion = Companion::start();
    let page = companion.ask("GET /", &[], "");
    assert_eq!((page.status, page.body.as_str()), (200, "<h1>here</h1>"));
    for mark in [
        "content-type: text/html; charset=utf-8",
        "content-security-policy: default-src 'none'",
        "x-content-type-options: nosniff",
        "x-frame-options: deny",
    ] {
        assert!(page.head.contains(mark), "{mark} in {}", page.head);
    }
    let wasm = companion.ask("GET /app.wasm", &[], "");
    assert!(wasm.head.contains("content-type: application/wasm"), "{}", wasm.head);
    for path in ["/link.txt", "/../outside.txt", "/%2e%2e/outside.txt", "/absent"] {
        assert_eq!(companion.ask(&format!("GET {path}"), &[], "").status, 404, "{path}");
    }
}

#[test]
fn only_loopback_is_listened_on() {
    for address in ["0.0.0.0:0", "192.168.1.1:80", "[::]:0", "nonsense"] {
        let output = Command::new(env!("CARGO_BIN_EXE_redproof"))
            .args(["serve", "--listen", address])
            .output()
            .expect("start redproof");
        assert_eq!(output.status.code(), Some(2), "{address}");
        let said = String::from_utf8_lossy(&output.stderr);
        let why = if address == "nonsense" { "write a port" } else { "only loopback addresses" };
        assert!(said.contains(why), "{address}: {said}");
    }
}

#[test]
fn the_page_looks_where_the_companion_listens() {
    let page = include_str!("../../../../web/index.html");
    let policy = page.split("connect-src ").nth(1).expect("a policy");
    let sources = policy.split([';', '"']).next().expect("sources");
    assert_eq!(sources, "'self' http://127.0.0.1:8700", "the page connects nowhere else");
    assert!(page.contains(r#"<meta name="redproof-companion" content="http://127.0.0.1:8700""#));
    let help = Command::new(env!("CARGO_BIN_EXE_redproof"))
        .args(["serve", "--help"])
        .output()
        .expect("start redproof");
    assert!(String::from_utf8_lossy(&help.stdout).contains("127.0.0.1:8700"));
}
