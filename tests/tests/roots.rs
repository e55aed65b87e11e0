//! Which roots count, which protocol is spoken: what LiteLLM's environment and settings say, not the
//! prober's.

use std::process::Command;

use redproof_core::environment::Environment;
use redproof_core::releases::{Pair, Python};
use redproof_probe::{Options, ProbeOutcome, Report, probe_blocking};
use redproof_tests::certificates::{Identity, TlsFiles, Wish};
use redproof_tests::programs::redproof;
use redproof_tests::servers::{RedisServer, Stranger};
use redproof_tests::situations::{PAIRS, outcome_of, outcome_with};
use serde_json::{Value, json};

/// A TLS server, and the file of the authority that signed its certificate.
fn serve(directory: &std::path::Path) -> (RedisServer, String) {
    let root = Identity::new(&Wish::authority("Root"), None).expect("a CA");
    let root_files = root.write(directory, "root", &[]).expect("its files");
    let server = Identity::new(&Wish::server(), Some(&root)).expect("a certificate");
    let files = server.write(directory, "server", &[]).expect("its files");
    let files = TlsFiles::new(&files, &root_files);
    (
        RedisServer::start(directory, &files.arguments()),
        root_files.certificate.display().to_string(),
    )
}

#[test]
fn the_deployment_chooses_the_roots() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (server, authority) = serve(directory.path());
    let hashed = directory.path().join("hashed");
    std::fs::create_dir(&hashed).expect("a directory");
    let pem = std::fs::read(&authority).expect("the root");
    let root = openssl::x509::X509::from_pem(&pem).expect("a certificate");
    let name = format!("{:08x}.0", root.subject_name_hash());
    std::fs::write(hashed.join(name), &pem).expect("it is written");
    let hashed = format!("/nowhere:{}", hashed.display());
    let settings = json!({"host": "localhost", "port": server.port, "ssl": true});
    let settings = settings.as_object().expect("an object");
    for (variables, works) in [
        (vec![], false),
        (vec![("SSL_CERT_FILE", authority.as_str())], true),
        (vec![("SSL_CERT_FILE", "/nowhere/ca.pem")], false),
        (vec![("SSL_CERT_DIR", hashed.as_str())], true),
        (vec![("SSL_CERT_DIR", "/nowhere")], false),
    ] {
        for (litellm, redis_py) in PAIRS {
            let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
            let outcome = outcome_with(settings, &variables, pair);
            let environment = Environment::exactly(variables.iter().copied());
            let options = Options { environment, ..Options::default() };
            let report = probe_blocking(&outcome, pair, &options, &mut |_| {}).expect("a runtime");
            let expected = if works { ProbeOutcome::Ok } else { ProbeOutcome::UnknownCa };
            assert_eq!(report.outcome, expected, "{variables:?} {report:#?}");
            let detail = report.detail.unwrap_or_default();
            let trusted = report.connections[0].tls.as_ref().map(|tls| tls.trusted.join("; "));
            let trusted = trusted.expect("a certificate was seen");
            for (name, path) in &variables {
                assert!(trusted.contains(&format!("{name} ")), "{trusted}");
                assert!(works || detail.contains(path), "{detail}");
            }
        }
    }
}

/// What the prober's own shell says is not LiteLLM's.
#[test]
fn the_probers_own_roots_do_not_count() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let (server, authority) = serve(directory.path());
    let config = directory.path().join("config.yaml");
    let text = format!(
        "litellm_settings:\n  cache: true\n  cache_params: {{type: redis, host: localhost, port: {}, ssl: true}}\n",
        server.port
    );
    std::fs::write(&config, text).expect("the config is written");
    let run = |arguments: &[&str]| {
        let mut command = Command::new(redproof());
        command.arg("probe").arg(&config).args(["--format", "json"]).args(arguments);
        let output = command.env("SSL_CERT_FILE", &authority).output().expect("redproof starts");
        support::schema::read("probe", &output.stdout)
    };
    assert_eq!(run(&[])["outcome"], "unknown_ca");
    let report = run(&["--env", &format!("SSL_CERT_FILE={authority}"), "--python", "3.13.2"]);
    assert_eq!((&report["outcome"], &report["python"]), (&json!("ok"), &json!("3.13")));
}

fn probe(settings: &Value, pair: (&str, &str)) -> Report {
    let pair = Pair::parse(pair.0, pair.1).expect("a supported pair");
    let outcome = outcome_of(settings.as_object().expect("an object"), pair);
    probe_blocking(&outcome, pair, &Options::default(), &mut |_| {}).expect("a runtime starts")
}

#[test]
fn the_protocol_is_the_configured_one() {
    let server = Stranger::redis_5();
    for (protocol, works) in
        [(Value::Null, [true, false]), (json!(2), [true, true]), (json!("3"), [false, false])]
    {
        for (pair, works) in PAIRS.into_iter().zip(works) {
            let settings = json!({"host": "127.0.0.1", "port": server.port, "protocol": protocol});
            let mut settings = settings;
            if protocol.is_null() {
                settings.as_object_mut().expect("an object").remove("protocol");
            }
            let report = probe(&settings, pair);
            let expected = if works { ProbeOutcome::Ok } else { ProbeOutcome::ProtocolError };
            assert_eq!(report.outcome, expected, "{protocol} {pair:?} {report:#?}");
            if !works {
                let help = report.connections[0].help.clone().unwrap_or_default();
                assert!(help.contains("`protocol: 2`"), "{help}");
            }
        }
    }
    let url = format!("redis://127.0.0.1:{}?protocol=2", server.port);
    assert_eq!(probe(&json!({"url": url}), PAIRS[1]).outcome, ProbeOutcome::Ok);
}

/// Flags that a URL gives change what the client's Python asks for; as text they are not flags.
#[test]
fn verify_flags_are_the_urls() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let root =
        Wish { usage: redproof_tests::certificates::Usage::Unsaid, ..Wish::authority("Root") };
    let root = Identity::new(&root, None).expect("a CA");
    let root_files = root.write(directory.path(), "root", &[]).expect("its files");
    let server = Identity::new(&Wish::server(), Some(&root)).expect("a certificate");
    let files = server.write(directory.path(), "server", &[]).expect("its files");
    let server =
        RedisServer::start(directory.path(), &TlsFiles::new(&files, &root_files).arguments());
    let url = format!(
        "rediss://localhost:{}?ssl_ca_certs={}",
        server.port,
        root_files.certificate.display()
    );
    let without = format!("{url}&ssl_exclude_verify_flags=VERIFY_X509_STRICT");
    let with = format!("{url}&ssl_include_verify_flags=VERIFY_X509_STRICT");
    let pair = Pair::parse(PAIRS[1].0, PAIRS[1].1).expect("a supported pair");
    for (url, expected) in [
        (&url, [ProbeOutcome::Ok, ProbeOutcome::BadKeyUsage]),
        (&without, [ProbeOutcome::Ok, ProbeOutcome::Ok]),
        (&with, [ProbeOutcome::BadKeyUsage, ProbeOutcome::BadKeyUsage]),
    ] {
        for (python, expected) in [None, Some(Python::OF_IMAGES)].into_iter().zip(expected) {
            let settings = json!({"url": url});
            let outcome = outcome_of(settings.as_object().expect("an object"), pair);
            let options = Options { python, ..Options::default() };
            let report = probe_blocking(&outcome, pair, &options, &mut |_| {}).expect("a runtime");
            assert_eq!(report.outcome, expected, "{url} {python:?} {report:#?}");
        }
    }
    let text = json!({"host": "localhost", "port": server.port, "ssl": true,
        "ssl_exclude_verify_flags": ["VERIFY_X509_STRICT"]});
    assert_eq!(probe(&text, PAIRS[1]).outcome, ProbeOutcome::InvalidConfig);
}
