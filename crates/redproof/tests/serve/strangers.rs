//! Those who get no answer.

use serde_json::json;

use crate::companion::{ALLOWED, Answer, Companion, question};

#[test]
fn a_probe_needs_the_token() {
    let companion = Companion::start();
    let mut wrong = companion.token.clone();
    wrong.replace_range(..1, if wrong.starts_with('0') { "1" } else { "0" });
    for token in ["", "0", &wrong, &format!("{}0", companion.token)] {
        let answer = companion.probe(&question(), &[("X-Redproof-Token", token)]);
        assert_eq!(answer.status, 401, "with the token `{token}`");
    }
    assert_eq!(companion.probe(&question(), &[]).status, 401);
}

#[test]
fn a_name_that_resolves_here_is_no_way_in() {
    let companion = Companion::start();
    for host in ["evil.test", "evil.test:80", "127.0.0.1", "localhost:1"] {
        let answer = companion.probe(&question(), &[companion.token(), ("Host", host)]);
        assert_eq!(answer.status, 421, "as {host}");
        assert_eq!(companion.ask("GET /", &[("Host", host)], "").status, 421, "as {host}");
    }
    // The request line may name a host, too.
    let absolute = companion.ask("GET http://evil.test/api/v1/hello", &[], "");
    assert_eq!(absolute.status, 421);
}

#[test]
fn other_pages_get_no_answer() {
    let companion = Companion::start();
    let own = format!("http://{}", companion.host());
    for origin in [
        "http://evil.test",
        "https://evil.test",
        "null",
        &own.replace("http:", "https:"),
        &own.replace("127.0.0.1", "localhost"),
        "https://page.test.evil.test",
        "",
    ] {
        let answer = companion.probe(&question(), &[companion.token(), ("Origin", origin)]);
        assert_eq!(answer.status, 403, "from {origin}");
    }
    assert_eq!(companion.probe(&question(), &[companion.token(), ("Origin", &own)]).status, 200);
    // A form of another page can send text without asking first.
    let text = [companion.token(), ("Content-Type", "text/plain")];
    let answer = companion.ask("POST /api/v1/probe", &text, &question().to_string());
    assert_eq!(answer.status, 415);
    assert_eq!(companion.ask("POST /api/v1/probe", &text[..1], "{}").status, 415, "no type at all");
    let asked_first = companion.ask("OPTIONS /api/v1/probe", &[("Origin", "http://evil.test")], "");
    assert!(!asked_first.head.contains("access-control-allow"), "{}", asked_first.head);
}

#[test]
fn what_a_page_embeds_gets_no_answer() {
    let companion = Companion::start();
    for site in ["cross-site", "same-site"] {
        let answer = companion.ask("GET /api/v1/hello", &[("Sec-Fetch-Site", site)], "");
        assert_eq!(answer.status, 403, "{site}");
        let page = companion.ask("GET /", &[("Sec-Fetch-Site", site)], "");
        assert_eq!(page.status, 200, "a link leads to the page");
    }
    let own = companion.ask("GET /api/v1/hello", &[("Sec-Fetch-Site", "same-origin")], "");
    assert_eq!((own.status, own.member("name").as_str()), (200, "redproof"));
}

#[test]
fn an_allowed_page_is_answered_by_name() {
    let companion = Companion::start();
    for origin in [ALLOWED, "https://redproof.dev"] {
        let hello = companion.ask("GET /api/v1/hello", &[("Origin", origin)], "");
        let allowed = format!("access-control-allow-origin: {origin}\r\n");
        assert_eq!(hello.status, 200);
        assert!(hello.head.contains(&allowed), "{}", hello.head);
        assert!(hello.head.contains("vary: origin"), "{}", hello.head);
        assert!(!hello.head.contains("allow-credentials"), "{}", hello.head);
        // What it may not have, it is told so that it can say why.
        let refused = companion.probe(&question(), &[("Origin", origin)]);
        assert_eq!(refused.status, 401);
        assert!(refused.head.contains(&allowed), "{}", refused.head);
        // The site is for its own origin.
        assert_eq!(companion.ask("GET /", &[("Origin", origin)], "").status, 403);
    }
}

#[test]
fn a_private_network_is_granted_to_allowed_pages_alone() {
    let companion = Companion::start();
    let ask = |origin: &str| {
        let headers = [
            ("Origin", origin),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "content-type,x-redproof-token"),
            ("Access-Control-Request-Private-Network", "true"),
        ];
        companion.ask("OPTIONS /api/v1/probe", &headers, "")
    };
    let granted = ask(ALLOWED);
    assert_eq!(granted.status, 204);
    for grant in [
        "access-control-allow-origin: https://page.test",
        "access-control-allow-private-network: true",
        "access-control-allow-headers: content-type, x-redproof-token",
        "access-control-allow-methods: get, post",
    ] {
        assert!(granted.head.contains(grant), "{grant} in {}", granted.head);
    }
    for origin in ["https://evil.test", "null"] {
        let refused = ask(origin);
        assert_eq!(refused.status, 403, "{origin}");
        assert!(!refused.head.contains("access-control-"), "{}", refused.head);
    }
    // Without the question, no such grant.
    let headers = [("Origin", ALLOWED), ("Access-Control-Request-Method", "GET")];
    let plain = companion.ask("OPTIONS /api/v1/hello", &headers, "");
    assert!(!plain.head.contains("private-network"), "{}", plain.head);
}

#[test]
fn headers_that_stand_twice_are_refused() {
    let companion = Companion::start();
    let own = format!("http://{}", companion.host());
    let host = companion.host();
    let twice = [
        ("Host", host.as_str(), "evil.test"),
        ("Origin", own.as_str(), "https://evil.test"),
        ("Content-Type", "application/json", "text/plain"),
        ("X-Redproof-Token", companion.token.as_str(), companion.token.as_str()),
    ];
    for (name, one, other) in twice {
        for (one, other) in [(one, other), (other, one)] {
            let headers = [("Host", host.as_str()), companion.token(), (name, one), (name, other)];
            let headers = &headers[usize::from(name == "Host")..];
            let answer = companion.ask("POST /api/v1/probe", headers, "{}");
            assert_eq!(answer.status, 400, "{name}: {one}, {other}");
        }
    }
}

#[test]
fn nothing_of_a_request_gets_into_a_header() {
    let companion = Companion::start();
    let request = |origin: &str| {
        let host = companion.host();
        let head = format!("GET /api/v1/hello HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n");
        Answer::read(companion.send(&format!("{head}Origin: {origin}\r\n\r\n")))
    };
    for origin in [
        "https://page.test\rX-Evil: 1",
        "https://page.test\nX-Evil: 1",
        "https://page.test%0d%0aX-Evil: 1",
    ] {
        let answer = request(origin);
        assert!(!answer.head.contains("x-evil"), "{}", answer.head);
    }
}

#[test]
fn there_is_nothing_else_to_ask() {
    let companion = Companion::start();
    for path in [
        "/api/v1/nothing",
        "/api/v1/probe/127.0.0.1:6379",
        "/api/v1/files",
        "/api/",
        "/api/v1/hello/",
    ] {
        let answer = companion.ask(&format!("GET {path}"), &[companion.token()], "");
        assert_eq!(answer.status, 404, "{path}");
    }
    for (method, path) in [
        ("GET", "/api/v1/probe"),
        ("PUT", "/api/v1/probe"),
        ("DELETE", "/api/v1/pair"),
        ("POST", "/api/v1/hello"),
        ("TRACE", "/"),
        ("CONNECT", "127.0.0.1:1"),
        ("POST", "/index.html"),
    ] {
        let answer = companion.ask(&format!("{method} {path}"), &[companion.token()], "");
        assert!([404, 405, 421].contains(&answer.status), "{method} {path}: {}", answer.status);
    }
}

#[test]
fn only_what_the_config_names_is_probed() {
    let companion = Companion::start();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.set_nonblocking(true).expect("it need not wait");
    let port = listener.local_addr().expect("an address").port();
    let mut question = question();
    // Words that are not part of the question, and paths that look like a host.
    for name in ["host", "hosts", "target", "resolve", "targets"] {
        question[name] = json!(format!("127.0.0.1:{port}"));
    }
    let path = format!("/api/v1/probe?host=127.0.0.1&port={port}");
    let answer = companion.post(&path, &question, &[companion.token()]);
    assert_eq!(answer.lines().last().expect("a report")["report"]["outcome"], "refused");
    assert!(listener.accept().is_err(), "somebody connected");
}
