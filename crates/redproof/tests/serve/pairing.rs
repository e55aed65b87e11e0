//! Pages elsewhere: a code for a token.

use serde_json::json;

use crate::companion::{ALLOWED, Companion, question};

#[test]
fn a_code_pairs_one_page_once() {
    let mut companion = Companion::start();
    let code = companion.code.clone();
    let paired = companion.pair(ALLOWED, &code);
    assert_eq!(paired.status, 200, "{}", paired.body);
    let token = paired.member("token");
    let with = |origin: &str, token: &str| {
        companion.probe(&question(), &[("Origin", origin), ("X-Redproof-Token", token)]).status
    };
    assert_eq!(with(ALLOWED, &token), 200);
    // A token is of no use to another origin, nor is the printed one to this.
    let own = format!("http://{}", companion.host());
    assert_eq!(with("https://redproof.dev", &token), 401);
    assert_eq!(with(&own, &token), 401);
    assert_eq!(with(ALLOWED, &companion.token), 401);
    assert_eq!(companion.probe(&question(), &[("X-Redproof-Token", &token)]).status, 401);
    // The code is used up, and another is in the terminal.
    assert_eq!(companion.pair(ALLOWED, &code).status, 403);
    let next = companion.next_code();
    assert_ne!(next, code);
    let written_otherwise = next.replace('-', "").to_lowercase();
    let own = companion.pair(&own, &written_otherwise);
    assert_eq!(own.status, 200, "{}", own.body);
    let answer = companion.probe(&question(), &[("X-Redproof-Token", &own.member("token"))]);
    assert_eq!(answer.status, 200);
}

#[test]
fn guessing_ends_soon() {
    let companion = Companion::start();
    let mut statuses = vec![];
    for guess in ["", "AAAA-AAAA", "ZZZZZZZZ", "0", "\u{0}"] {
        let answer = companion.pair(ALLOWED, guess);
        assert!(!answer.body.contains(&companion.code));
        statuses.push(answer.status);
    }
    assert_eq!(statuses, [403, 403, 403, 403, 423]);
    let right = companion.pair(ALLOWED, &companion.code);
    assert_eq!(right.status, 423, "the right one comes too late");
    assert!(right.member("error").contains("redproof serve"), "{}", right.body);
    // The printed address works on.
    assert_eq!(companion.probe(&question(), &[companion.token()]).status, 200);
}

#[test]
fn strangers_cannot_use_up_the_tries() {
    let companion = Companion::start();
    for _ in 0..9 {
        assert_eq!(companion.pair("https://evil.test", "AAAA-AAAA").status, 403);
        let form = [("Origin", ALLOWED), ("Content-Type", "text/plain")];
        let body = json!({"code": "AAAA-AAAA"}).to_string();
        assert_eq!(companion.ask("POST /api/v1/pair", &form, &body).status, 415);
    }
    assert_eq!(companion.pair(ALLOWED, &companion.code).status, 200);
}
