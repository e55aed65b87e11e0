//! The language server, as an editor speaks with it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value as Json, json};

const CONFIG: &str = "\
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: os.environ/CACHE_HOST
    port: 6379
    ssl: true
router_settings:
  redis_host: redis.internal
  redis_port: 6379
";

const COMPOSE: &str = "\
services:
  litellm:
    image: ghcr.io/berriai/litellm:v1.80.0-stable
    command: --config /app/config.yaml
    env_file: .env
    volumes: ['./config.yaml:/app/config.yaml']
";

struct Editor {
    server: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    number: i64,
    /// The newest findings of each file.
    found: BTreeMap<String, Json>,
}

impl Editor {
    fn open(folder: &Path) -> Self {
        let mut server = Command::new(env!("CARGO_BIN_EXE_redproof"))
            .args(["lsp", "--stdio"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let to = server.stdin.take().expect("its input");
        let from = BufReader::new(server.stdout.take().expect("its output"));
        let mut editor = Self { server, to, from, number: 0, found: BTreeMap::default() };
        let answer = editor.ask(
            "initialize",
            json!({
                "processId": null,
                "rootUri": uri(folder),
                "capabilities": {"general": {"positionEncodings": ["utf-16"]}},
                "workspaceFolders": [{"uri": uri(folder), "name": "deployment"}],
            }),
        );
        assert_eq!(answer["serverInfo"]["name"], "redproof");
        assert_eq!(answer["capabilities"]["positionEncoding"], "utf-16");
        editor.say("initialized", json!({}));
        editor
    }

    fn send(&mut self, message: &Json) {
        let text = message.to_string();
        write!(self.to, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("it reads");
        self.to.flush().expect("it reads");
    }

    fn say(&mut self, method: &str, params: impl Into<Json>) {
        let params: Json = params.into();
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    fn receive(&mut self) -> Json {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.from.read_line(&mut line).expect("a head");
            if let Some(text) = line.strip_prefix("Content-Length: ") {
                length = text.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.from.read_exact(&mut body).expect("a body");
        let message: Json = serde_json::from_slice(&body).expect("JSON");
        if message["method"] == "textDocument/publishDiagnostics" {
            let uri = message["params"]["uri"].as_str().expect("a uri").to_owned();
            self.found.insert(uri, message["params"]["diagnostics"].clone());
        }
        message
    }

    /// The answer; what is published before it is kept.
    fn ask(&mut self, method: &str, params: impl Into<Json>) -> Json {
        let params: Json = params.into();
        self.number += 1;
        let id = self.number;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.receive();
            if message["id"] == id {
                assert_eq!(message["error"], Json::Null, "{method}: {message}");
                return message["result"].clone();
            }
        }
    }

    fn codes(&self, path: &Path) -> Vec<&str> {
        let found = self.found.get(&uri(path)).and_then(Json::as_array);
        found.into_iter().flatten().filter_map(|one| one["code"].as_str()).collect()
    }

    fn close(mut self) {
        self.ask("shutdown", Json::Null);
        self.say("exit", Json::Null);
        assert!(self.server.wait().expect("it ends").success());
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn at(path: &Path, line: u32, character: u32) -> Json {
    json!({
        "textDocument": {"uri": uri(path)},
        "position": {"line": line, "character": character},
    })
}

#[test]
fn an_editor_is_served() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().canonicalize().expect("a folder");
    let (config, env) = (folder.join("config.yaml"), folder.join(".env"));
    fs::write(&config, CONFIG).expect("a file");
    fs::write(folder.join("compose.yaml"), COMPOSE).expect("a file");
    fs::write(&env, "CACHE_HOST=cache.internal\nREDIS_USE_TLS=1\n").expect("a file");

    let mut editor = Editor::open(&folder);
    editor.say(
        "textDocument/didOpen",
        json!({"textDocument": {
            "uri": uri(&config), "languageId": "yaml", "version": 1, "text": CONFIG,
        }}),
    );

    // On the release of the compose file, with the variables of the .env file.
    let hover = editor.ask("textDocument/hover", at(&config, 4, 6));
    let said = hover["contents"]["value"].as_str().expect("words");
    assert!(said.contains("`host` = `cache.internal`"), "{said}");
    assert!(said.contains("LiteLLM 1.80.0"), "{said}");
    assert!(editor.codes(&config).contains(&"RP301"), "{:?}", editor.found);
    // What is wrong in the .env file is found there.
    assert_eq!(editor.codes(&env), ["RP208"], "{:?}", editor.found);

    let symbols =
        editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": uri(&config)}}));
    assert_eq!(symbols[0]["name"], "litellm_settings");
    assert_eq!(symbols[0]["children"][1]["children"][1]["name"], "host");

    let definition = editor.ask("textDocument/definition", at(&config, 4, 24));
    assert_eq!(definition[0]["uri"], json!(uri(&env)), "{definition}");
    assert_eq!(definition[0]["range"]["start"]["line"], 0);

    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 11, "character": 0}});
    let hints = editor.ask(
        "textDocument/inlayHint",
        json!({"textDocument": {"uri": uri(&config)}, "range": range}),
    );
    let labels: Vec<&str> =
        hints.as_array().expect("hints").iter().filter_map(|one| one["label"].as_str()).collect();
    // The last is the router's host: LiteLLM 1.80.0 gives its async client the cache's.
    assert_eq!(labels, ["= cache.internal", "= cache.internal"], "{hints}");

    let completion = editor.ask("textDocument/completion", at(&config, 6, 6));
    let items = completion["items"].as_array().expect("items");
    assert!(items.iter().any(|one| one["label"] == "socket_timeout"), "{completion}");

    // The editor's text counts before it is saved.
    let text = CONFIG.replace("ssl: true\n", "ssl: true\n    hots: x\n");
    editor.say(
        "textDocument/didChange",
        json!({
            "textDocument": {"uri": uri(&config), "version": 2},
            "contentChanges": [{"text": text}],
        }),
    );
    editor.ask("textDocument/hover", at(&config, 4, 6));
    assert!(editor.codes(&config).contains(&"RP103"), "{:?}", editor.found);

    let line = json!({"start": {"line": 7, "character": 4}, "end": {"line": 7, "character": 4}});
    let actions = editor.ask(
        "textDocument/codeAction",
        json!({
            "textDocument": {"uri": uri(&config)},
            "range": line, "context": {"diagnostics": []},
        }),
    );
    let titles: Vec<&str> = actions
        .as_array()
        .expect("actions")
        .iter()
        .filter_map(|one| one["title"].as_str())
        .collect();
    assert!(titles.iter().any(|title| title.contains("hots")), "{titles:?}");
    assert!(titles.iter().any(|title| title.contains("does not start -> starts")), "{titles:?}");
    assert!(titles.contains(&"Ignore RP103 on this line"), "{titles:?}");
    assert!(titles.contains(&"Fix everything that needs no guess"), "{titles:?}");

    editor.say(
        "textDocument/didChange",
        json!({
            "textDocument": {"uri": uri(&config), "version": 3},
            "contentChanges": [{"text": CONFIG}],
        }),
    );
    editor.ask("textDocument/hover", at(&config, 4, 6));
    assert!(!editor.codes(&config).contains(&"RP103"), "{:?}", editor.found);

    // Neighbours count when they are saved.
    fs::write(&env, "CACHE_HOST=other.internal\n").expect("a file");
    editor.say("textDocument/didSave", json!({"textDocument": {"uri": uri(&env)}}));
    let hover = editor.ask("textDocument/hover", at(&config, 4, 6));
    assert!(hover.to_string().contains("other.internal"), "{hover}");
    assert_eq!(editor.codes(&env), <[&str; 0]>::default(), "{:?}", editor.found);
    editor.close();
}

#[test]
fn secrets_stay_out_of_the_editor() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().canonicalize().expect("a folder");
    let config = folder.join("config.yaml");
    let text = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis.internal\n    password: os.environ/REDIS_PW\n";
    fs::write(&config, text).expect("a file");
    fs::write(folder.join(".env"), "REDIS_PW=Xq7canary\n").expect("a file");
    let mut editor = Editor::open(&folder);
    editor.say(
        "textDocument/didOpen",
        json!({"textDocument": {
            "uri": uri(&config), "languageId": "yaml", "version": 1, "text": text,
        }}),
    );
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 6, "character": 0}});
    let asked = [
        ("textDocument/hover", at(&config, 5, 6)),
        ("textDocument/hover", at(&config, 5, 26)),
        ("textDocument/inlayHint", json!({"textDocument": {"uri": uri(&config)}, "range": range})),
        ("textDocument/completion", at(&config, 5, 26)),
        (
            "textDocument/codeAction",
            json!({
                "textDocument": {"uri": uri(&config)}, "range": range, "context": {"diagnostics": []},
            }),
        ),
    ];
    for (method, params) in asked {
        let answer = editor.ask(method, params);
        assert!(!answer.to_string().contains("canary"), "{method}: {answer}");
    }
    assert!(!format!("{:?}", editor.found).contains("canary"));
    editor.close();
}
