//! Too much, too slow, too often.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;

use serde_json::json;

use crate::companion::{Answer, Companion, question};

#[test]
fn a_request_that_is_too_large_or_no_question_is_refused() {
    let companion = Companion::start();
    let large = json!({"config": "x".repeat(5 << 20)});
    let answer = companion.probe(&large, &[companion.token()]);
    assert_eq!(answer.status, 413);
    assert!(answer.body.contains("larger than 4 MiB"), "{}", answer.body);
    assert_eq!(companion.probe(&json!({}), &[companion.token()]).status, 422);
    let old = json!({"config": "", "litellm": "0.1.0"});
    assert_eq!(companion.probe(&old, &[companion.token()]).status, 422);
    // Without a length, too.
    let host = companion.host();
    let token = &companion.token;
    let head = format!(
        "POST /api/v1/probe HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
         X-Redproof-Token: {token}\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    let chunk = format!("100000\r\n{}\r\n", "x".repeat(1 << 20));
    let answer = Answer::read(companion.send(&format!("{head}{}", chunk.repeat(5))));
    assert_eq!(answer.status, 413);
    let long = "x".repeat(64 << 10);
    assert_eq!(companion.ask("GET /", &[("X-Long", &long)], "").status, 431);
}

#[test]
fn a_request_that_dawdles_is_not_waited_for() {
    let companion = Companion::start();
    let head = format!("POST /api/v1/pair HTTP/1.1\r\nHost: {}\r\n", companion.host());
    let body = format!("{head}Content-Type: application/json\r\nContent-Length: 99\r\n\r\n{{");
    let mut waiting = [companion.send(&body), companion.send(&head)];
    let mut answers = waiting.iter_mut().map(|stream| {
        let mut text = String::new();
        // It ends: neither is waited for without end.
        let _ = stream.read_to_string(&mut text);
        text
    });
    let slow_body = answers.next().unwrap_or_default();
    assert!(slow_body.starts_with("HTTP/1.1 408"), "{slow_body}");
    let slow_head = answers.next().unwrap_or_default();
    assert!(!slow_head.contains(" 200 "), "{slow_head}");
}

#[test]
fn what_foreign_pages_embed_uses_nothing_up() {
    let companion = Companion::start();
    for path in ["/", "/api/v1/hello"] {
        for _ in 0..150 {
            companion.ask(&format!("GET {path}"), &[("Sec-Fetch-Site", "cross-site")], "");
        }
    }
    assert_eq!(companion.ask("GET /api/v1/hello", &[], "").status, 200);
}

#[test]
fn who_asks_too_often_is_told_to_wait() {
    let companion = Companion::start();
    let refused = (0..5000)
        .map(|_| companion.ask("GET /api/v1/hello", &[], ""))
        .find(|answer| answer.status != 200)
        .expect("a limit");
    assert_eq!(refused.status, 429);
    assert!(refused.head.contains("retry-after: 1\r\n"), "{}", refused.head);
    // The page still loads.
    assert_eq!(companion.ask("GET /", &[], "").status, 200);
}

/// A config whose Redis takes connections and says nothing.
fn hanging() -> (TcpListener, serde_json::Value) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port().to_string();
    let mut question = question();
    let config = question["config"]
        .as_str()
        .unwrap_or_default()
        .replace("port: 1", &format!("port: {port}"));
    question["config"] = json!(config);
    (listener, question)
}

#[test]
fn one_probe_runs_at_a_time_and_ends_when_its_page_goes() {
    let companion = Companion::start();
    let (listener, hanging) = hanging();
    let (host, token, body) = (companion.host(), &companion.token, hanging.to_string());
    let length = body.len();
    let stream = companion.send(&format!(
        "POST /api/v1/probe HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n\
         X-Redproof-Token: {token}\r\nContent-Length: {length}\r\n\r\n{body}"
    ));
    let (mut redis, _) = listener.accept().expect("the probe connects");
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("\"connect\"")), "the steps come as they happen");
    let second = companion.probe(&question(), &[companion.token()]);
    assert_eq!(second.status, 429, "{}", second.body);
    assert!(second.head.contains("retry-after: "), "{}", second.head);
    drop(lines);
    // Its page has gone: the probe hangs up, and makes room before its own time is over.
    let _ = redis.write_all(b"");
    let mut rest = vec![];
    let _ = redis.read_to_end(&mut rest);
    assert_eq!(companion.probe(&question(), &[companion.token()]).status, 200);
}
