//! `redproof drift`: replicas against each other, and the proxy's Redis against the one that is reached from here.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;

use redproof_tests::programs::redproof;
use redproof_tests::servers::RedisServer;
use serde_json::{Value as Json, json};

/// A stand-in for a proxy, as LiteLLM answers: its release, and the Redis that it uses.
fn proxy(release: &str, run_id: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (release, run_id) = (release.to_owned(), run_id.to_owned());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let mut head = vec![];
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            let (status, body) = match head.split(' ').nth(1).unwrap_or_default() {
                "/health/readiness" => {
                    ("200 OK", json!({"status": "healthy", "litellm_version": release}))
                }
                "/cache/redis/info" => {
                    ("200 OK", json!({"info": {"run_id": run_id}, "clients": []}))
                }
                _ => ("404 Not Found", json!({})),
            };
            let body = body.to_string();
            let length = body.len();
            let _ = write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}");
        }
    });
    format!("http://{address}")
}

fn drift(folder: &std::path::Path, proxies: &[&str]) -> (Option<i32>, Json) {
    let mut command = Command::new(redproof());
    command.args(["drift", "config.yaml", "--probe", "--read-only", "--format", "json"]);
    for proxy in proxies {
        command.args(["--proxy", proxy]);
    }
    let done = command.current_dir(folder).output().expect("redproof starts");
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(!done.stdout.is_empty(), "{said}");
    let answer = support::schema::read("drift", &done.stdout);
    (done.status.code(), answer)
}

fn run_id(server: &RedisServer) -> String {
    let info = server.plain_command("INFO server").expect("an answer");
    let line = info.lines().find_map(|line| line.strip_prefix("run_id:")).expect("a run_id");
    line.trim().to_owned()
}

#[test]
fn the_redis_of_the_proxy_is_the_one_that_is_reached() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let server = RedisServer::start(folder.path(), &["--port", "{port}"]);
    let config = format!(
        "litellm_settings:\n  cache: true\n  cache_params: {{type: redis, host: 127.0.0.1, port: {}}}\n",
        server.port
    );
    std::fs::write(folder.path().join("config.yaml"), config).expect("the config is written");
    let same = proxy("1.109.1", &run_id(&server));
    let (code, answer) = drift(folder.path(), &[&same]);
    assert_eq!(code, Some(0), "{answer}");
    assert!(answer.to_string().contains("run_id"), "{answer}");

    // One of three replicas uses another Redis, and one has another release.
    let other = proxy("1.109.1", &"a".repeat(40));
    let older = proxy("1.108.0", &run_id(&server));
    let (code, answer) = drift(folder.path(), &[&same, &other, &older]);
    assert_eq!(code, Some(1), "{answer}");
    let whats = |place: usize| -> Vec<String> {
        let all = answer["proxies"][place]["drift"]["differences"].as_array().expect("a list");
        all.iter().map(|one| one["what"].as_str().expect("text").to_owned()).collect()
    };
    assert_eq!(whats(0), Vec::<String>::new());
    assert_eq!(
        whats(1),
        [
            "Redis: the server that answers (run_id)".to_owned(),
            format!("Redis: the server (run_id), as at {same}"),
        ]
    );
    assert_eq!(whats(2), [format!("LiteLLM's release, as at {same}")]);
}
