//! `redproof serve` from outside: who gets an answer, and what it holds.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

/// A companion that serves a small site; it ends with this value.
struct Companion {
    child: Child,
    port: String,
    token: String,
    folder: tempfile::TempDir,
}

/// An answer.
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Companion {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let site = folder.path().join("site");
        fs::create_dir(&site).expect("create a directory");
        fs::write(site.join("index.html"), "<h1>here</h1>").expect("write a file");
        fs::write(site.join("app.wasm"), "\0asm").expect("write a file");
        fs::write(folder.path().join("outside.txt"), "outside").expect("write a file");
        std::os::unix::fs::symlink(folder.path().join("outside.txt"), site.join("link.txt"))
            .expect("make a link");
        let mut child = Command::new(env!("CARGO_BIN_EXE_redproof"))
            .args(["serve", "--listen", "0", "--site"])
            .arg(&site)
            .stdout(Stdio::piped())
            .spawn()
            .expect("start redproof");
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().expect("standard output is piped"));
        output.read_line(&mut line).expect("it prints its address");
        let rest = line.trim().strip_prefix("http://127.0.0.1:").expect("a loopback address");
        let (port, token) = rest.split_once("/#token=").expect("a token");
        Self { port: port.to_owned(), token: token.to_owned(), child, folder }
    }

    fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Sends a request as written, after a Host header, and reads the whole answer.
    fn ask(&self, first_line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = format!("{first_line} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            let _ = write!(request, "Host: {}\r\n", self.host());
        }
        for (name, value) in headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        let _ = write!(request, "Content-Length: {}\r\n\r\n{body}", body.len());
        let mut stream = TcpStream::connect(self.host()).expect("it listens");
        stream.write_all(request.as_bytes()).expect("it reads");
        let mut bytes = vec![];
        stream.read_to_end(&mut bytes).expect("it answers");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        Answer {
            status: status.expect("a status"),
            head: head.to_lowercase(),
            body: body.to_owned(),
        }
    }

    fn probe(&self, question: &Value, headers: &[(&str, &str)]) -> Answer {
        let all = [&[("Content-Type", "application/json")], headers].concat();
        self.ask("POST /api/v1/probe", &all, &question.to_string())
    }

    fn token(&self) -> (&str, &str) {
        ("X-Redproof-Token", &self.token)
    }
}

impl Drop for Companion {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A config whose Redis is not there.
fn question() -> Value {
    json!({
        "config": "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: 127.0.0.1\n    port: 1\n    password: os.environ/SECRET\n",
        "env": {"SECRET": "hunter2-hunter2"},
        "litellm": "1.80.0",
        "redis_py": "5.3.1",
    })
}

/// The lines of an answer in HTTP's chunks.
fn lines(answer: &Answer) -> Vec<Value> {
    answer
        .body
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(Value::is_object)
        .collect()
}

#[test]
fn a_probe_streams_steps_and_ends_with_the_report() {
    let companion = Companion::start();
    let answer = companion.probe(&question(), &[companion.token()]);
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.head.contains("content-type: application/x-ndjson"), "{}", answer.head);
    let lines = lines(&answer);
    assert_eq!(lines[0]["event"], "began");
    assert_eq!(lines[1]["event"], "step");
    assert_eq!(lines[1]["step"], "resolve");
    let last = &lines[lines.len() - 1];
    assert_eq!(last["event"], "report");
    assert_eq!(last["report"]["outcome"], "refused");
    assert!(!answer.body.contains("hunter2"), "{}", answer.body);
}

#[test]
fn the_environment_may_be_a_files_text() {
    let companion = Companion::start();
    let mut question = question();
    question["env"] = json!("SECRET=hunter2-hunter2\n");
    let answer = companion.probe(&question, &[companion.token()]);
    assert_eq!(lines(&answer).last().expect("a report")["report"]["outcome"], "refused");
}

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
    let twice = [companion.token(), ("X-Redproof-Token", "other")];
    assert_eq!(companion.probe(&question(), &twice).status, 401);
}

#[test]
fn a_name_that_resolves_here_is_no_way_in() {
    let companion = Companion::start();
    for host in ["evil.test", "evil.test:80", "127.0.0.1", "localhost:1"] {
        let answer = companion.probe(&question(), &[companion.token(), ("Host", host)]);
        assert_eq!(answer.status, 421, "as {host}");
        assert_eq!(companion.ask("GET /", &[("Host", host)], "").status, 421, "as {host}");
    }
}

#[test]
fn other_pages_get_no_answer() {
    let companion = Companion::start();
    let own = format!("http://{}", companion.host());
    for origin in ["http://evil.test", "https://evil.test", "null", &own.replace("http:", "https:")]
    {
        let answer = companion.probe(&question(), &[companion.token(), ("Origin", origin)]);
        assert_eq!(answer.status, 403, "from {origin}");
    }
    assert_eq!(companion.probe(&question(), &[companion.token(), ("Origin", &own)]).status, 200);
    // A form of another page can send text without asking first.
    let text = [companion.token(), ("Content-Type", "text/plain")];
    let answer = companion.ask("POST /api/v1/probe", &text, &question().to_string());
    assert_eq!(answer.status, 415);
    let asked_first = companion.ask("OPTIONS /api/v1/probe", &[("Origin", "http://evil.test")], "");
    assert!(!asked_first.head.contains("access-control-allow"), "{}", asked_first.head);
}

#[test]
fn certificate_files_are_out_of_bounds() {
    let companion = Companion::start();
    let file = companion.folder.path().join("outside.txt");
    let absent = companion.folder.path().join("absent.txt");
    let mut details = vec![];
    for path in [file, absent] {
        let config = format!(
            "litellm_settings:\n  cache: true\n  cache_params: {{type: redis, host: 127.0.0.1, port: 1, ssl: true, ssl_ca_certs: {}}}\n",
            path.display()
        );
        let answer = companion.probe(&json!({"config": config}), &[companion.token()]);
        let lines = lines(&answer);
        let report = &lines.last().expect("a report")["report"];
        assert_eq!(report["outcome"], "other", "{report}");
        let detail = report["detail"].as_str().expect("a detail");
        details.push(detail.replace("absent", "outside"));
    }
    assert_eq!(details[0], details[1], "whether a file exists is not told");
}

#[test]
fn a_request_that_is_too_large_or_no_question_is_refused() {
    let companion = Companion::start();
    let large = json!({"config": "x".repeat(5 << 20)});
    assert_eq!(companion.probe(&large, &[companion.token()]).status, 413);
    assert_eq!(companion.probe(&json!({}), &[companion.token()]).status, 422);
    let old = json!({"config": "", "litellm": "0.1.0"});
    assert_eq!(companion.probe(&old, &[companion.token()]).status, 422);
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
    }
}
