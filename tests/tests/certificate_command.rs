//! `redproof certificate`: what it says of certificates and keys, and what it keeps to itself.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use openssl::base64::encode_block;
use redproof_tests::certificates::{Identity, Wish};
use redproof_tests::programs::redproof;
use serde_json::Value as Json;

/// A folder with an authority, a server and a client below it, and an expired server.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let authority = Identity::new(&Wish::authority("the authority"), None).expect("an authority");
    let write = |name: &str, wish: &Wish| {
        let identity = Identity::new(wish, Some(&authority)).expect("a certificate");
        identity.write(folder.path(), name, &[]).expect("its files");
        identity.write_encrypted_key(
            &folder.path().join(format!("{name}.encrypted.key")),
            "open-sesame",
        )
    };
    authority.write(folder.path(), "ca", &[]).expect("the authority's files");
    write("redis", &Wish::server()).expect("a server");
    write("client", &Wish::client()).expect("a client");
    write("old", &Wish { from: -30, until: -3, ..Wish::server() }).expect("an old server");
    folder
}

fn run(folder: &Path, arguments: &[&str], stdin: Option<&Path>) -> Output {
    let stdin = stdin
        .map_or_else(Stdio::null, |path| std::fs::File::open(path).expect("what goes in").into());
    let mut command = Command::new(redproof());
    command.arg("certificate").args(arguments).current_dir(folder).stdin(stdin);
    command.output().expect("redproof runs")
}

/// What it printed, and its exit code.
fn said(folder: &Path, arguments: &[&str]) -> (String, Option<i32>) {
    let output = run(folder, arguments, None);
    let [out, error] =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
    (out + &error, output.status.code())
}

fn json(folder: &Path, arguments: &[&str]) -> Json {
    let output = run(folder, &[arguments, &["--format", "json"]].concat(), None);
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn codes(report: &Json) -> Vec<&str> {
    let findings = report["findings"].as_array().expect("findings");
    findings.iter().filter_map(|finding| finding["code"].as_str()).collect()
}

#[test]
fn a_sound_chain_is_shown_to_its_root() {
    let folder = folder();
    let files = ["ca.crt", "redis.crt", "redis.key", "--host", "localhost", "--host", "127.0.0.1"];
    let (text, code) = said(folder.path(), &files);
    assert_eq!(code, Some(0), "{text}");
    for words in [
        "OpenSSL takes these certificates.",
        "localhost fits DNS:localhost",
        "127.0.0.1 fits IP:127.0.0.1",
        "The private key in redis.key belongs to it.",
        "CN = redis.test (presented)",
        " days left, ",
        "CN = the authority (trusted)",
        "signed by itself",
        "extendedKeyUsage: serverAuth",
    ] {
        assert!(text.contains(words), "{words} in:\n{text}");
    }
    let report = json(folder.path(), &files);
    let chain = &report["chains"][0];
    assert_eq!(report["verdict"], "ok");
    assert_eq!((&chain["verdict"], &chain["key"]["state"]), (&"ok".into(), &"matches".into()));
    assert_eq!(chain["certificates"][1]["subject"], "CN = the authority");
    assert_eq!((codes(&report), &report["failed"]), (vec![], &Json::Bool(false)));
}

/// What the Rust client is said to make of the files.
fn rust_client(report: &Json) -> &str {
    report["rust_client"]["verdict"].as_str().unwrap_or("none")
}

#[test]
fn the_rust_client_judges_on_releases_that_have_it() {
    let folder = folder();
    let authority = Identity::new(&Wish::authority("own"), None).expect("an authority");
    authority.write(folder.path(), "own", &[]).expect("files");
    let old = Wish { version_1: true, common_name: "localhost", ..Wish::server() };
    let old = Identity::new(&old, Some(&authority)).expect("a server");
    old.write(folder.path(), "version-1", &[]).expect("its files");
    // As `openssl req -x509` makes it.
    let own = Identity::new(&Wish { ca: Some(true), ..Wish::server() }, None).expect("a server");
    own.write(folder.path(), "self-signed", &[]).expect("its files");
    let config = |check: &str| {
        format!(
            "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6379\n    \
             ssl: true\n    ssl_ca_certs: /etc/redis/own.crt\n{check}"
        )
    };
    std::fs::write(folder.path().join("config.yaml"), config("")).expect("a config");
    let both = ["own.crt", "version-1.crt", "version-1.key", "--host", "localhost"];
    let report = json(folder.path(), &both);
    assert_eq!((&report["verdict"], rust_client(&report)), (&Json::from("ok"), "bad_key_usage"));
    // Without a config nobody knows which release runs: it is a warning.
    assert_eq!((codes(&report), &report["failed"]), (vec!["RP718", "RP716"], &Json::Bool(false)));
    let old = json(folder.path(), &[&both[..], &["--litellm", "1.109.1"]].concat());
    assert_eq!((rust_client(&old), codes(&old)), ("none", vec!["RP716"]));
    let (text, _) = said(folder.path(), &both);
    let line = "LiteLLM's Rust client: bad_key_usage: a certificate is of X.509 version 1";
    assert!(text.contains(line), "{text}");
    let with_config = ["self-signed.crt", "--config", "config.yaml"];
    let report = json(folder.path(), &with_config);
    assert_eq!(rust_client(&report), "bad_key_usage");
    assert_eq!((codes(&report), &report["failed"]), (vec!["RP718"], &Json::Bool(true)));
    let report = json(folder.path(), &[&with_config[..], &["--litellm", "1.109.3"]].concat());
    assert_eq!((rust_client(&report), &report["failed"]), ("none", &Json::Bool(false)));
    // It does not check names unless asked to, though redis-py 8 does.
    let elsewhere =
        Identity::new(&Wish::server().named(&["elsewhere.test"], &[]), Some(&authority));
    elsewhere.expect("a server").write(folder.path(), "elsewhere", &[]).expect("its files");
    let with_config =
        ["own.crt", "elsewhere.crt", "--config", "config.yaml", "--redis-py", "8.1.0"];
    let report = json(folder.path(), &with_config);
    assert_eq!((&report["verdict"], rust_client(&report)), (&"hostname_mismatch".into(), "ok"));
    assert!(codes(&report).contains(&"RP719"), "{report}");
    let checked = config("    ssl_check_hostname: true\n");
    std::fs::write(folder.path().join("config.yaml"), checked).expect("a config");
    let report = json(folder.path(), &with_config);
    assert_eq!(rust_client(&report), "hostname_mismatch");
    assert!(!codes(&report).contains(&"RP719"), "{report}");
}

#[test]
fn the_json_keeps_to_its_schema() {
    let folder = folder();
    for files in [
        &["ca.crt", "redis.crt", "redis.key", "--host", "localhost"][..],
        &["ca.crt", "redis.crt", "--litellm", "1.80.0"],
        &["old.crt", "client.crt", "redis.key", "--host", "127.0.0.1"],
        &["ca.crt", "client.crt", "client.encrypted.key"],
    ] {
        let report = json(folder.path(), files);
        support::schema::hold("certificate", &report);
    }
}

#[test]
fn what_is_wrong_is_found() {
    let folder = folder();
    for (files, verdict, code) in [
        (&["ca.crt", "old.crt"][..], "cert_expired", "RP704"),
        (&["ca.crt", "redis.crt", "--host", "elsewhere.test"], "hostname_mismatch", "RP709"),
        (&["ca.crt", "client.crt", "redis.key"], "client_key_mismatch", "RP712"),
        (&["ca.crt", "client.crt", "client.encrypted.key"], "client_key_encrypted", "RP713"),
    ] {
        let report = json(folder.path(), files);
        assert_eq!(report["verdict"], verdict, "{files:?}: {report}");
        assert!(codes(&report).contains(&code), "{files:?}: {:?}", codes(&report));
        let (text, exit) = said(folder.path(), files);
        assert_eq!(exit, Some(1), "{files:?}: {text}");
        assert!(text.contains(&format!("[{code}]")), "{files:?}: {text}");
    }
}

#[test]
fn a_config_names_the_hosts_and_the_files() {
    let folder = folder();
    let config = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: elsewhere.test\n    \
                  port: 6379\n    ssl: true\n    ssl_ca_certs: /etc/redis/ca.crt\n    ssl_certfile: /etc/redis/client.crt\n    \
                  ssl_keyfile: /etc/redis/client.key\n    ssl_check_hostname: true\n";
    std::fs::write(folder.path().join("config.yaml"), config).expect("a config");
    let files = ["ca.crt", "redis.crt", "client.crt", "client.key", "--config", "config.yaml"];
    let report = json(folder.path(), &files);
    let settings: Vec<_> =
        report["files"].as_array().expect("files").iter().map(|file| &file["setting"]).collect();
    assert_eq!(
        settings,
        ["ssl_ca_certs", "", "ssl_certfile", "ssl_keyfile"]
            .map(|name| { if name.is_empty() { Json::Null } else { name.into() } })
            .iter()
            .collect::<Vec<_>>()
    );
    assert_eq!(report["chains"][0]["hosts"][0]["host"], "elsewhere.test");
    assert!(codes(&report).contains(&"RP709"), "{report}");
    // A host on the command line is checked beside.
    let report = json(folder.path(), &[&files[..], &["--host", "localhost"]].concat());
    assert_eq!(report["chains"][0]["hosts"][1]["fits"], "DNS:localhost");
}

#[test]
fn a_secret_is_read_from_standard_input() {
    let folder = folder();
    let mut manifest = String::from(
        "apiVersion: v1\nkind: Secret\nmetadata: {name: redis-tls}\ntype: kubernetes.io/tls\ndata:\n",
    );
    for (key, file) in [("ca.crt", "ca.crt"), ("tls.crt", "redis.crt"), ("tls.key", "redis.key")] {
        let bytes = std::fs::read(folder.path().join(file)).expect("a file");
        manifest += &format!("  {key}: {}\n", encode_block(&bytes));
    }
    let path = folder.path().join("secret.yaml");
    std::fs::write(&path, manifest).expect("a manifest");
    let output = run(folder.path(), &["-", "--host", "localhost"], Some(&path));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(
        text.contains("The private key in tls.key of the Secret redis-tls belongs to it."),
        "{text}"
    );
}

#[test]
fn no_private_key_is_printed() {
    let folder = folder();
    let files =
        ["ca.crt", "redis.crt", "redis.key", "client.crt", "client.key", "old.encrypted.key"];
    for format in ["human", "json"] {
        let (text, _) = said(folder.path(), &[&files[..], &["--format", format]].concat());
        for file in ["redis.key", "client.key", "old.encrypted.key"] {
            let key = std::fs::read_to_string(folder.path().join(file)).expect("a key");
            let lines = key.lines().filter(|line| line.len() > 20 && !line.starts_with('-'));
            for line in lines {
                assert!(!text.contains(&line[..20]), "{file} in:\n{text}");
            }
        }
        assert!(!text.contains("-----BEGIN"), "{text}");
    }
}

#[test]
fn what_is_no_certificate_is_refused() {
    let folder = folder();
    std::fs::write(folder.path().join("notes.txt"), "hello\n").expect("a file");
    for (file, words) in [
        ("notes.txt", "notes.txt holds no certificate and no key"),
        ("missing.crt", "cannot read missing.crt"),
    ] {
        let (text, code) = said(folder.path(), &["ca.crt", file]);
        assert_eq!(code, Some(2), "{text}");
        assert!(text.contains(words), "{text}");
    }
}

#[test]
fn warnings_fail_where_they_are_asked_to() {
    let folder = folder();
    let soon = Wish { until: 10, ..Wish::server() };
    let authority = Identity::new(&Wish::authority("another"), None).expect("an authority");
    authority.write(folder.path(), "other", &[]).expect("files");
    Identity::new(&soon, Some(&authority))
        .expect("a server")
        .write(folder.path(), "soon", &[])
        .expect("files");
    let files = ["other.crt", "soon.crt", "soon.key"];
    let (text, code) = said(folder.path(), &files);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("warning[RP706]"), "{text}");
    let (_, code) = said(folder.path(), &[&files[..], &["--fail-on", "warning"]].concat());
    assert_eq!(code, Some(1));
}
