//! `redproof probe` of several configs, and what `--tls-scan` finds.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use redproof_tests::certificates::{Identity, TlsFiles, Wish};
use redproof_tests::programs::redproof;
use redproof_tests::servers::{RedisServer, Stranger};
use serde_json::Value;

fn config(directory: &Path, name: &str, port: u16, more: &str) -> PathBuf {
    let path = directory.join(name);
    let text = format!(
        "litellm_settings:\n  cache: true\n  cache_params: {{type: redis, host: localhost, port: {port}{more}}}\n"
    );
    std::fs::write(&path, text).expect("the config is written");
    path
}

fn probe(configs: &[&Path], arguments: &[&str]) -> Output {
    let pair = ["--litellm", "1.109.1", "--redis-py", "8.1.0"];
    let mut command = Command::new(redproof());
    command.arg("probe").args(configs).args(pair).args(arguments);
    command.output().expect("redproof starts")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

#[test]
fn several_configs_make_a_list() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path();
    let server = RedisServer::start(path, &["--port", "{port}", "--requirepass", "s3cret"]);
    let good = config(path, "good.yaml", server.port, ", password: s3cret");
    let wrong = config(path, "wrong.yaml", server.port, ", password: other");
    let missing = path.join("missing.yaml");

    let alone = probe(&[&good], &["--format", "json"]);
    assert_eq!(alone.status.code(), Some(0));
    assert_eq!(json(&alone)["outcome"], "ok", "one alone is the report itself");
    assert!(json(&alone)["config"].is_null());

    let output = probe(&[&good, &wrong], &["--format", "json"]);
    assert_eq!(output.status.code(), Some(1));
    let reports = json(&output);
    let shown = |at: usize| (reports[at]["config"].as_str(), reports[at]["outcome"].as_str());
    assert_eq!(shown(0), (good.to_str(), Some("ok")));
    assert_eq!(shown(1), (wrong.to_str(), Some("auth_failed")));

    let output = probe(&[&good, &missing, &wrong], &["--format", "json"]);
    assert_eq!(output.status.code(), Some(2), "one can't be read");
    let reports = json(&output);
    assert_eq!(reports.as_array().map(Vec::len), Some(3));
    assert!(reports[1]["error"].as_str().is_some_and(|error| error.contains("missing.yaml")));
    assert_eq!(reports[2]["outcome"], "auth_failed", "the others are proved");

    let output = probe(&[&good, &wrong], &["--format", "junit"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(
        (text.matches("<testsuite ").count(), text.matches("</testsuites>").count()),
        (2, 1)
    );
    let output = probe(&[&good, &wrong], &[]);
    assert!(String::from_utf8_lossy(&output.stdout).ends_with("1 of 2 configs work\n"));
}

#[test]
fn offered_versions_are_listed() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path();
    let root = Identity::new(&Wish::authority("Root"), None).expect("a CA");
    let authority = root.write(path, "root", &[]).expect("its files");
    let server = Identity::new(&Wish::server(), Some(&root)).expect("a certificate");
    let files = TlsFiles::new(&server.write(path, "server", &[]).expect("its files"), &authority);
    let more = format!(", ssl: true, ssl_ca_certs: {}", path.join("root.crt").display());
    let scanned = |server: &RedisServer| {
        let config = config(path, "config.yaml", server.port, &more);
        let plain = json(&probe(&[&config], &["--format", "json"]));
        assert!(plain["connections"][0]["tls_scan"].is_null(), "only on demand");
        let output = probe(&[&config], &["--format", "json", "--tls-scan"]);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let report = json(&output);
        let scan = &report["connections"][0]["tls_scan"];
        let offered = scan["versions"].as_array().expect("versions").iter();
        let offered: Vec<String> = offered
            .filter(|one| one["offered"] == true)
            .map(|one| one["version"].as_str().expect("a version").to_owned())
            .collect();
        let found = report["connections"][0]["findings"].as_array().expect("findings").iter();
        let weak = found.filter(|found| found["code"] == "RP354").count();
        (offered, scan["weak_ciphers"].as_array().map_or(0, Vec::len), weak)
    };
    let modern = [files.arguments(), vec!["--tls-ciphers", "ECDHE+AESGCM"]].concat();
    let modern = RedisServer::start(path, &modern);
    assert_eq!(scanned(&modern), (vec!["TLSv1.2".to_owned(), "TLSv1.3".to_owned()], 0, 0));
    let old =
        ["--tls-protocols", "TLSv1 TLSv1.1 TLSv1.2 TLSv1.3", "--tls-ciphers", "ALL:@SECLEVEL=0"];
    let old = RedisServer::start_lenient(path, &[files.arguments(), old.to_vec()].concat());
    let (offered, ciphers, found) = scanned(&old);
    assert_eq!(offered, ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"]);
    assert!(ciphers > 0 && found == 1, "{ciphers} weak ciphers, {found} findings");
}

/// redis-py 6 tries a server four times that takes no connection, of which the TLS handshake is a part, and one
/// that takes it and stays silent once: measured on 6.4.0, 12.6 s and 1.0 s with a timeout of 1 s.
#[test]
fn how_long_litellm_tries_is_said_of_what_was_met() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let silent = Stranger::silent();
    for (more, attempts) in
        [("", "(1 attempt)"), (", ssl: true, ssl_cert_reqs: none", "(4 attempts)")]
    {
        let more = format!("{more}, socket_timeout: 1");
        let config = config(directory.path(), "config.yaml", silent.port, &more);
        let pair = ["--litellm", "1.80.0", "--redis-py", "6.4.0"];
        let output = Command::new(redproof()).arg("probe").arg(&config).args(pair).output();
        let text = String::from_utf8(output.expect("redproof starts").stdout).expect("text");
        let line = text.lines().find(|line| line.contains(" sync client gives up"));
        assert!(line.is_some_and(|line| line.ends_with(attempts)), "{text}");
    }
}

/// One rule has several helps: each is said, and none twice.
#[test]
fn each_help_is_said_once() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let server = RedisServer::start(directory.path(), &["--port", "{port}"]);
    let made = server.plain_command("ACL SETUSER u on >p ~* &* +get +set +ping");
    assert!(made.is_ok_and(|said| said.starts_with("+OK")));
    let more = ", username: u, password: p";
    let config = config(directory.path(), "config.yaml", server.port, more);
    let output = probe(&[&config], &[]);
    let text = String::from_utf8_lossy(&output.stdout);
    for help in ["ACL SETUSER u +del", "The least that this configuration needs", "`+info` lets"] {
        assert_eq!(text.matches(help).count(), 1, "{help}: {text}");
    }
}

/// What a certificate is for, and which key signed it, is in the listing.
#[test]
fn usages_and_key_identifiers_are_listed() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let path = directory.path();
    let root = Identity::new(&Wish::authority("Root"), None).expect("a CA");
    let authority = root.write(path, "root", &[]).expect("its files");
    let server = Identity::new(&Wish::server(), Some(&root)).expect("a certificate");
    let files = TlsFiles::new(&server.write(path, "server", &[]).expect("its files"), &authority);
    let server = RedisServer::start(path, &files.arguments());
    let more = format!(", ssl: true, ssl_ca_certs: {}", path.join("root.crt").display());
    let config = config(path, "config.yaml", server.port, &more);
    let report = json(&probe(&[&config], &["--format", "json"]));
    let own = &report["connections"][0]["tls"]["chain"][0];
    let trusted = &report["files"][0]["certificates"][0];
    assert_eq!(report["files"][0]["setting"], "ssl_ca_certs");
    assert_eq!(own["extended_key_usage"], serde_json::json!(["serverAuth"]));
    assert!(own["is_ca"] != true && trusted["is_ca"] == true, "{own} {trusted}");
    let signed_by = own["authority_key_identifier"].as_str().expect("an identifier");
    assert_eq!(trusted["subject_key_identifier"], signed_by);
}
