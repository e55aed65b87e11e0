//! Files that are out of bounds, and secrets in what goes wrong.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::Path;

use serde_json::json;

use crate::companion::{Companion, question};

const SECRET: &str = "hunter2-hunter2";

/// A config that names this file as its CA.
fn with_ca(path: &Path) -> String {
    let path = path.display();
    format!(
        "litellm_settings:\n  cache: true\n  cache_params: {{type: redis, host: 127.0.0.1, port: 1, ssl: true, ssl_ca_certs: {path}}}\n"
    )
}

#[test]
fn files_beside_the_allowed_ones_are_out_of_bounds() {
    let companion = Companion::start();
    let folder = companion.folder.path();
    let paths = [
        "outside.txt",
        "allowed/../outside.txt",
        "allowed/link.txt",
        "allowed/absent.txt",
        "absent.txt",
        "allowedly/absent.txt",
    ];
    let mut details = vec![];
    for path in paths {
        let (report, _) = companion.report(&with_ca(&folder.join(path)));
        assert_eq!(report["outcome"], "other", "{path}: {report}");
        details.push(report["detail"].as_str().expect("a detail").replace(path, "PATH"));
    }
    details.dedup();
    assert_eq!(details.len(), 1, "whether a file exists is not told: {details:?}");
}

#[test]
fn a_socket_beside_the_allowed_ones_is_out_of_bounds() {
    let companion = Companion::start();
    for (name, outcome) in [("allowed/here", "auth_required"), ("elsewhere", "other")] {
        let path = companion.folder.path().join(name);
        let listener = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
        let server = std::thread::spawn(move || {
            let (stream, _) = listener.accept()?;
            let mut writer = stream.try_clone()?;
            let commands = BufReader::new(stream).lines().map_while(Result::ok);
            for _ in commands.filter(|line| line.starts_with('*')) {
                writer.write_all(b"-NOAUTH Authentication required.\r\n")?;
            }
            std::io::Result::Ok(())
        });
        let config = format!(
            "litellm_settings:\n  cache: true\n  cache_params: {{type: redis, host: h, unix_socket_path: {}}}\n",
            path.display()
        );
        let (report, all) = companion.report(&config);
        let connections = report["connections"].as_array().expect("connections");
        let sync = connections.iter().find(|connection| connection["api"] == "sync");
        assert_eq!(sync.expect("a sync client")["outcome"], outcome, "{all}");
        if outcome == "other" {
            // Nobody came: let the server go.
            drop(std::os::unix::net::UnixStream::connect(&path));
        }
        let _ = server.join();
    }
}

#[test]
fn what_a_file_holds_is_not_told() {
    let companion = Companion::start();
    let allowed = companion.folder.path().join("allowed");
    let texts = [
        ("text.pem", format!("{SECRET}\n")),
        ("key.pem", format!("-----BEGIN PRIVATE KEY-----\n{SECRET}\n-----END PRIVATE KEY-----\n")),
        (
            "certificate.pem",
            format!("-----BEGIN CERTIFICATE-----\n{SECRET}\n-----END CERTIFICATE-----\n"),
        ),
    ];
    for (name, text) in texts {
        let path = allowed.join(name);
        fs::write(&path, text).expect("write a file");
        let (report, all) = companion.report(&with_ca(&path));
        assert_eq!(report["outcome"], "ca_file_invalid", "{name}: {report}");
        assert!(!all.contains("hunter2"), "{name}: {all}");
        let config = with_ca(&path)
            .replace("ssl_ca_certs", "ssl_cert_reqs: none, ssl_certfile")
            .replace('}', &format!(", ssl_keyfile: {}}}", path.display()));
        let (report, all) = companion.report(&config);
        assert_eq!(report["outcome"], "cert_file_missing", "{name}: {report}");
        assert!(!all.contains("hunter2"), "{name}: {all}");
    }
}

#[test]
fn a_secret_is_not_echoed_by_what_goes_wrong() {
    let companion = Companion::start();
    let params = [
        "url: 'redis://:hunter2-hunter2/x@127.0.0.1:1'",
        "url: 'redis://user:hunter2-hunter2?x@127.0.0.1:1'",
        "url: 'redis://:hunter2-hunter2@127.0.0.1:1/0?db=x'",
        "host: 127.0.0.1, port: 1, password: [hunter2-hunter2]",
        "host: 127.0.0.1, port: 1, ssl: true, ssl_ca_data: hunter2-hunter2",
        "host: 127.0.0.1, port: 1, ssl: true, ssl_password: hunter2-hunter2, ssl_keyfile: /x, ssl_certfile: /x",
        "host: 127.0.0.1, port: 1, password: hunter2-hunter2",
        "startup_nodes: [{host: 127.0.0.1, port: 1}], password: hunter2-hunter2",
        "service_name: m, sentinel_nodes: [[127.0.0.1, 1]], sentinel_password: hunter2-hunter2",
        "host: 127.0.0.1, port: 1, password: \"hunter2-hunter2",
    ];
    for params in params {
        let config = format!(
            "litellm_settings:\n  cache: true\n  cache_params: {{type: redis, {params}}}\n"
        );
        let (_, all) = companion.report(&config);
        assert!(!all.contains("hunter2"), "{params}:\n{all}");
    }
    // What is not a question is not quoted either.
    let no_questions = [
        json!({"config": [SECRET]}),
        json!({"config": "", "env": [SECRET]}),
        json!({"config": "", "env": {"A": [SECRET]}}),
        json!(SECRET),
    ];
    for no_question in no_questions {
        let answer = companion.probe(&no_question, &[companion.token()]);
        assert_eq!(answer.status, 422, "{no_question}");
        assert!(!answer.body.contains("hunter2"), "{}", answer.body);
    }
}

#[test]
fn a_server_that_quotes_the_password_is_not_repeated() {
    let companion = Companion::start();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    // The variable's name does not tell that it is a secret.
    let mut question = question();
    let config = question["config"].as_str().unwrap_or_default();
    let config = config.replace("port: 1", &format!("port: {port}")).replace("SECRET", "MINE");
    question["config"] = json!(config);
    question["env"] = json!({"MINE": SECRET});
    let server = std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let mut writer = stream.try_clone()?;
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if line == "end" {
                    return Ok(());
                }
                if line.starts_with('*') {
                    let said =
                        format!("-ERR unknown command, with args beginning with: '{SECRET}'\r\n");
                    writer.write_all(said.as_bytes())?;
                }
            }
        }
        std::io::Result::Ok(())
    });
    let answer = companion.probe(&question, &[companion.token()]);
    assert!(answer.body.contains("unknown command"), "{}", answer.body);
    assert!(!answer.body.contains("hunter2"), "{}", answer.body);
    let mut last = std::net::TcpStream::connect(("127.0.0.1", port)).expect("the server");
    last.write_all(b"end\n").expect("it reads");
    drop(last);
    let _ = server.join();
}
