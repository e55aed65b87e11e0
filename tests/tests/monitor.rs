//! `redproof monitor`: rounds, metrics, health, certificates that end, changes, signals.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use redproof_tests::certificates::{Identity, TlsFiles, Wish};
use redproof_tests::programs::redproof;
use redproof_tests::servers::RedisServer;
use redproof_tests::topologies::wait_until;

/// A TLS server whose certificate ends in so many days.
fn serve(directory: &Path, days: i64) -> RedisServer {
    let root = Identity::new(&Wish::authority("Root"), None).expect("a CA");
    let root_files = root.write(directory, "root", &[]).expect("its files");
    let wish = Wish { until: days, ..Wish::server() };
    let server = Identity::new(&wish, Some(&root)).expect("a certificate");
    let files = server.write(directory, "server", &[]).expect("its files");
    let files = TlsFiles::new(&files, &root_files);
    RedisServer::start(directory, &[files.arguments(), vec!["--maxmemory", "100mb"]].concat())
}

fn configure(directory: &Path, port: u16) -> PathBuf {
    let config = directory.join("config.yaml");
    let authority = directory.join("root.crt");
    let text = format!(
        "litellm_settings:\n  cache: true\n  cache_params: {{type: redis, host: localhost, port: {port}, ssl: true, ssl_ca_certs: {}}}\n",
        authority.display()
    );
    std::fs::write(&config, text).expect("the config is written");
    config
}

fn once(config: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(redproof());
    command.arg("monitor").arg(config).arg("--once").args(arguments);
    command.output().expect("redproof starts")
}

/// The metrics of a page, also those of which this server has none.
fn names(text: &str) -> BTreeSet<String> {
    let rows = text.lines().map(|line| line.strip_prefix("# TYPE ").unwrap_or(line));
    rows.filter_map(|row| row.split(['{', ' ']).next()).map(str::to_owned).collect()
}

#[test]
fn one_round_writes_the_metrics() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = serve(directory.path(), 90);
    let config = configure(directory.path(), server.port);
    let file = directory.path().join("redproof.prom");
    let output = once(&config, &["--textfile", &file.display().to_string()]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = std::fs::read_to_string(&file).expect("the metrics are written");
    for row in [
        "redproof_healthy 1",
        "redproof_consumer_up{consumer=\"response\",outcome=\"ok\"} 1",
        "redproof_certificate_days_left{node=\"localhost:",
        "redproof_certificate_not_after_seconds{",
        "redproof_handshake_seconds{",
        "redproof_latency_seconds_bucket{",
        "redproof_server_info{",
        "redproof_finding{",
    ] {
        assert!(text.contains(row), "{row} is not in\n{text}");
    }
    let rows: Vec<&str> =
        text.lines().filter_map(|row| row.rsplit_once(' ')).map(|r| r.0).collect();
    let distinct: BTreeSet<&&str> = rows.iter().collect();
    assert_eq!(rows.len(), distinct.len(), "a row stands twice");
    assert!(!text.contains("password"));

    // What is next to names only metrics that there are.
    let known = names(&text);
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/monitor");
    for file in ["alerts.yaml", "grafana-dashboard.json"] {
        let text = std::fs::read_to_string(examples.join(file)).expect("it is committed");
        let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let used: BTreeSet<&str> = words.filter(|word| word.starts_with("redproof_")).collect();
        assert!(used.len() > 5, "{file}: {used:?}");
        for word in used {
            assert!(known.contains(word), "{file} names {word}, which there is not");
        }
    }
}

/// What is mounted ends, too: LiteLLM's own certificate, and the authority that it trusts.
#[test]
fn files_that_end_warn_and_fail() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path();
    let server = serve(path, 90);
    let config = configure(path, server.port);
    let root = Identity::new(&Wish::authority("Client root"), None).expect("a CA");
    let own = |days| {
        let wish = Wish { until: days, ..Wish::client() };
        let own = Identity::new(&wish, Some(&root)).expect("a certificate");
        own.write(path, "own", &[]).expect("its files");
    };
    let text = std::fs::read_to_string(&config).expect("the config");
    let files = format!("ssl_certfile: {0}/own.crt, ssl_keyfile: {0}/own.key}}\n", path.display());
    std::fs::write(&config, text.replace("}\n", &format!(", {files}"))).expect("a file");
    for (days, code, level) in [(90, 0, None), (20, 0, Some("warning")), (3, 1, Some("error"))] {
        own(days);
        let prom = path.join("redproof.prom");
        let output = once(&config, &["--textfile", &prom.display().to_string()]);
        assert_eq!(output.status.code(), Some(code), "{days} days: {output:?}");
        let text = String::from_utf8(output.stdout).expect("text");
        let lines: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
        let line = lines.iter().find(|line| line["event"] == "certificate_file");
        assert_eq!(line.map(|line| line["level"].as_str()), level.map(Some), "{text}");
        let round = lines.iter().find(|line| line["event"] == "round").expect("a summary");
        assert_eq!(
            round["reasons"].as_array().map(Vec::len),
            Some(usize::from(code == 1)),
            "{round}"
        );
        let metrics = std::fs::read_to_string(&prom).expect("the metrics");
        for setting in ["ssl_certfile", "ssl_ca_certs"] {
            let row = format!("redproof_certificate_file_days_left{{setting=\"{setting}\"");
            assert!(metrics.contains(&row), "{row} is not in\n{metrics}");
        }
    }
}

#[test]
fn certificates_that_end_warn_and_fail() {
    for (days, code, level) in [(90, 0, None), (20, 0, Some("warning")), (3, 1, Some("error"))] {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let server = serve(directory.path(), days);
        let output = once(&configure(directory.path(), server.port), &[]);
        assert_eq!(output.status.code(), Some(code), "{days} days: {output:?}");
        let text = String::from_utf8(output.stdout).expect("text");
        let lines = support::schema::read_lines("monitor-log", text.as_bytes());
        let line = lines.iter().find(|line| line["event"] == "certificate");
        assert_eq!(line.map(|line| line["level"].as_str()), level.map(Some), "{text}");
        let tighter = once(
            &directory.path().join("config.yaml"),
            &["--expiry-fail", "30d", "--expiry-warn", "60d"],
        );
        assert_eq!(tighter.status.code(), Some(i32::from(days < 30)), "{days} days");
    }
}

/// Requests go on where the Rust client alone may not use its keys; limits do not work then, and that is not healthy.
#[test]
fn a_role_that_does_not_work_is_unhealthy() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server =
        RedisServer::start(directory.path(), &["--port", "{port}", "--maxmemory", "100mb"]);
    let made = server.plain_command("ACL SETUSER u on >p ~ns:* &* +@all");
    assert!(made.is_ok_and(|said| said.starts_with("+OK")));
    let config = directory.path().join("config.yaml");
    let text = format!(
        "litellm_settings:\n  cache: true\n  cache_params: {{type: redis, host: localhost, port: {}, username: u, password: p, namespace: ns}}\n",
        server.port
    );
    std::fs::write(&config, text).expect("the config is written");
    let prom = directory.path().join("redproof.prom");
    let (litellm, redis_py) = redproof_tests::rust_client::PAIR;
    let prom_text = prom.display().to_string();
    let arguments = ["--textfile", &prom_text, "--litellm", litellm, "--redis-py", redis_py];
    let output = once(&config, &arguments);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let lines = support::schema::read_lines("monitor-log", &output.stdout);
    let round = lines.iter().find(|line| line["event"] == "round").expect("a summary");
    let reasons = round["reasons"].to_string();
    assert!(reasons.contains("budgets and limits: no_permission at localhost:"), "{reasons}");
    let text = std::fs::read_to_string(&prom).expect("the metrics are written");
    for row in [
        "redproof_role_works{role=\"limits\"} 0",
        "redproof_role_works{role=\"response_cache\"} 1",
        "redproof_litellm_starts 1",
        "redproof_healthy 0",
    ] {
        assert!(text.contains(row), "{row} is not in\n{text}");
    }
    // A config that is refused leaves no connection: the start is all that tells.
    std::fs::write(
        &config,
        "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: localhost, nope: 1}\n",
    )
    .expect("the config is written");
    let output = once(&config, &arguments);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = std::fs::read_to_string(&prom).expect("the metrics are written");
    assert!(text.contains("redproof_litellm_starts 0"), "{text}");
}

/// A monitor that runs, until this value goes.
struct Monitor {
    child: Child,
    address: String,
    /// The lines that follow the first.
    log: Option<std::thread::JoinHandle<Vec<String>>>,
}

impl Monitor {
    fn start(config: &Path) -> Self {
        let mut child = Command::new(redproof())
            .args(["monitor", "--interval", "1h", "--listen", "127.0.0.1:0", "--timeout", "1"])
            .arg(config)
            .stdout(Stdio::piped())
            .spawn()
            .expect("redproof starts");
        let output = child.stdout.take().expect("standard output is piped");
        let mut lines = BufReader::new(output).lines().map_while(Result::ok);
        let first = lines.next().expect("a line");
        let first: serde_json::Value = serde_json::from_str(&first).expect("JSON");
        let address = first["address"].as_str().expect("an address").to_owned();
        let log = Some(std::thread::spawn(move || lines.collect()));
        Self { child, address, log }
    }

    fn get(&self, path: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: monitor\r\nConnection: close\r\n\r\n")
            .expect("it reads");
        let mut text = String::new();
        stream.read_to_string(&mut text).expect("it answers");
        let status = text.split(' ').nth(1).and_then(|code| code.parse().ok());
        (status.expect("a status"), text)
    }

    fn signal(&self, name: &str) {
        let status = Command::new("kill").args([name, &self.child.id().to_string()]).status();
        assert!(status.expect("kill runs").success());
    }
}

impl Drop for Monitor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn rounds_see_what_changes() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = serve(directory.path(), 90);
    let config = configure(directory.path(), server.port);
    let mut monitor = Monitor::start(&config);
    wait_until("the first round is over", || monitor.get("/healthz").0 == 200);
    let (status, text) = monitor.get("/metrics");
    assert_eq!(status, 200);
    assert!(text.contains("text/plain; version=0.0.4"), "{text}");
    assert!(text.contains("redproof_rounds_total 1"), "{text}");
    assert_eq!(monitor.get("/config").0, 404);

    drop(server);
    monitor.signal("-HUP");
    wait_until("the server's end is seen", || monitor.get("/healthz").0 == 503);
    let (_, health) = monitor.get("/healthz");
    let (_, body) = health.split_once("\r\n\r\n").expect("a body");
    let health: serde_json::Value = serde_json::from_str(body).expect("JSON");
    let reason = health["reasons"][0].as_str().expect("a reason");
    assert!(reason.starts_with("response: refused at localhost:"), "{health}");
    assert!(monitor.get("/metrics").1.contains("outcome=\"refused\"} 0"));

    // Another server, another authority, other certificates, another config.
    let server = serve(directory.path(), 90);
    configure(directory.path(), server.port);
    monitor.signal("-HUP");
    wait_until("the new server is proved", || monitor.get("/healthz").0 == 200);

    std::fs::remove_file(&config).expect("the config goes");
    monitor.signal("-HUP");
    wait_until("the missing config is noticed", || {
        monitor.get("/metrics").1.contains("redproof_unreadable_total 1")
    });
    monitor.signal("-TERM");
    let status = monitor.child.wait().expect("it ends");
    assert_eq!(status.code(), Some(0));
    // Between rounds nothing is waited for; the interval is an hour.
    let lines = monitor.log.take().expect("once").join().expect("it reads");
    let last: serde_json::Value =
        serde_json::from_str(lines.last().expect("a line")).expect("JSON");
    assert_eq!((&last["event"], &last["round_cut_off"]), (&"stopped".into(), &false.into()));
}

#[test]
fn a_config_that_is_not_there_ends_it() {
    let mut child = Command::new(redproof())
        .args(["monitor", "not-there.yaml", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("redproof starts");
    assert_eq!(child.wait().expect("it ends").code(), Some(2));
}
