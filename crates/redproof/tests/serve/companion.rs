//! The companion under test, and how to ask it.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// The origin beside its own that may ask.
pub(crate) const ALLOWED: &str = "https://page.test";

/// A companion that serves a small site; it ends with this value.
pub(crate) struct Companion {
    child: Child,
    output: BufReader<ChildStdout>,
    pub(crate) port: String,
    pub(crate) token: String,
    /// The pairing code, as printed.
    pub(crate) code: String,
    /// Holds the site, a file `outside.txt`, and the folder `allowed`, which probes may read.
    pub(crate) folder: tempfile::TempDir,
}

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// In lower case.
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Companion {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory");
        let site = folder.path().join("site");
        fs::create_dir(&site).expect("create a directory");
        fs::write(site.join("index.html"), "<h1>here</h1>").expect("write a file");
        fs::write(site.join("app.wasm"), "\0asm").expect("write a file");
        fs::write(folder.path().join("outside.txt"), "outside").expect("write a file");
        std::os::unix::fs::symlink(folder.path().join("outside.txt"), site.join("link.txt"))
            .expect("make a link");
        let allowed = folder.path().join("allowed");
        fs::create_dir(&allowed).expect("create a directory");
        std::os::unix::fs::symlink(folder.path().join("outside.txt"), allowed.join("link.txt"))
            .expect("make a link");
        let mut child = Command::new(env!("CARGO_BIN_EXE_redproof"))
            .args(["serve", "--listen", "0", "--allow-origin", ALLOWED, "--site"])
            .arg(&site)
            .arg("--allow-files")
            .arg(&allowed)
            .stdout(Stdio::piped())
            .spawn()
            .expect("start redproof");
        let mut output = BufReader::new(child.stdout.take().expect("standard output is piped"));
        let line = line(&mut output);
        let rest = line.strip_prefix("http://127.0.0.1:").expect("a loopback address");
        let (port, token) = rest.split_once("/#token=").expect("a token");
        let (port, token) = (port.to_owned(), token.to_owned());
        let code = last_word(&self::line(&mut output));
        Self { child, output, port, token, code, folder }
    }

    /// The code for the next page, once one was paired.
    pub(crate) fn next_code(&mut self) -> String {
        last_word(&line(&mut self.output))
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Sends a request as written, after a Host header, and reads the whole answer.
    pub(crate) fn ask(&self, first_line: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = format!("{first_line} HTTP/1.1\r\nConnection: close\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            let _ = write!(request, "Host: {}\r\n", self.host());
        }
        for (name, value) in headers {
            let _ = write!(request, "{name}: {value}\r\n");
        }
        let _ = write!(request, "Content-Length: {}\r\n\r\n{body}", body.len());
        Answer::read(self.send(&request))
    }

    /// Sends the bytes of a request, or of its beginning.
    pub(crate) fn send(&self, request: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.host()).expect("it listens");
        // It may answer, and close, before it has read everything.
        let _ = stream.write_all(request.as_bytes());
        stream
    }

    /// Sends JSON.
    pub(crate) fn post(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        let all = [&[("Content-Type", "application/json")], headers].concat();
        self.ask(&format!("POST {path}"), &all, &body.to_string())
    }

    /// Pairs a page of an origin; gives its token.
    pub(crate) fn pair(&self, origin: &str, code: &str) -> Answer {
        self.post("/api/v1/pair", &json!({"code": code}), &[("Origin", origin)])
    }

    /// The report on a config, and everything that was answered.
    pub(crate) fn report(&self, config: &str) -> (Value, String) {
        let answer = self.probe(&json!({"config": config}), &[self.token()]);
        let lines = answer.lines();
        let last = lines.last().unwrap_or_else(|| panic!("no report: {}", answer.body));
        (last["report"].clone(), answer.body)
    }

    pub(crate) fn probe(&self, question: &Value, headers: &[(&str, &str)]) -> Answer {
        self.post("/api/v1/probe", question, headers)
    }

    pub(crate) fn token(&self) -> (&str, &str) {
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
pub(crate) fn question() -> Value {
    json!({
        "config": "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: 127.0.0.1\n    port: 1\n    password: os.environ/SECRET\n",
        "env": {"SECRET": "hunter2-hunter2"},
        "litellm": "1.80.0",
        "redis_py": "5.3.1",
    })
}

impl Answer {
    pub(crate) fn read(mut stream: TcpStream) -> Self {
        let mut bytes = vec![];
        // What came before an abrupt end still counts.
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").expect("a head and a body");
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
        Self { status: status.expect("a status"), head: head.to_lowercase(), body: body.to_owned() }
    }

    /// The objects that are in a line each, in HTTP's chunks.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let objects = self.body.lines().filter_map(|line| serde_json::from_str(line).ok());
        objects.filter(Value::is_object).collect()
    }

    /// A member of the one object that it holds.
    pub(crate) fn member(&self, name: &str) -> String {
        let object = self.lines().pop().unwrap_or_default();
        object[name].as_str().unwrap_or_else(|| panic!("no {name}: {}", self.body)).to_owned()
    }
}

fn line(output: &mut impl BufRead) -> String {
    let mut line = String::new();
    output.read_line(&mut line).expect("it prints a line");
    line.trim_end().to_owned()
}

fn last_word(line: &str) -> String {
    line.rsplit(' ').next().unwrap_or_default().to_owned()
}
