//! `redproof monitor` over HTTP: who may ask, and that those who dawdle keep no one away.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

struct Monitor {
    child: Child,
    address: SocketAddr,
    _folder: tempfile::TempDir,
}

impl Monitor {
    fn start(arguments: &[&str]) -> Self {
        // No Redis answers there: what is asked here needs none.
        let config = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: 127.0.0.1, port: 1}\n";
        let folder = tempfile::tempdir().expect("a temporary directory");
        std::fs::write(folder.path().join("config.yaml"), config).expect("write a file");
        let mut child = Command::new(env!("CARGO_BIN_EXE_redproof"))
            .args(["monitor", "config.yaml", "--listen", "127.0.0.1:0", "--interval", "1h"])
            .args(arguments)
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .expect("start redproof");
        let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        let line = lines.next().expect("a line").expect("text");
        let said = support::schema::read("monitor-log", line.as_bytes());
        let address = said["address"].as_str().expect("an address").parse().expect("an address");
        // Its log must have a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address, _folder: folder }
    }

    fn asked(&self, host: &str) -> String {
        let mut stream = TcpStream::connect(self.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_mins(1))).expect("a limit");
        let request = format!("GET /metrics HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("asked");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("answered");
        answer
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn half_requests_keep_no_one_away() {
    let monitor = Monitor::start(&[]);
    let half = || {
        let mut stream = TcpStream::connect(monitor.address).expect("a connection");
        stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: x\r\n").expect("half a request");
        stream
    };
    let held: Vec<TcpStream> = (0..100).map(|_| half()).collect();
    let answer = monitor.asked("localhost");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    drop(held);
}

#[test]
fn a_foreign_name_that_leads_here_is_turned_away() {
    let monitor = Monitor::start(&["--allow-host", "metrics.example.com"]);
    for host in ["127.0.0.1:9469", "redproof.monitoring.svc", "metrics.example.com"] {
        assert!(monitor.asked(host).starts_with("HTTP/1.1 200"), "{host}");
    }
    let answer = monitor.asked("rebind.example.net");
    assert!(answer.starts_with("HTTP/1.1 421") && !answer.contains("redproof_"), "{answer}");
}
