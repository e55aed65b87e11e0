//! What is exported, in the hands of the real programs: redis-server starts with the redis.conf, and
//! the command lines connect to it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use redproof_core::document;
use redproof_core::export::{Export, Exports, Format, Secrets};
use redproof_core::python::Value;
use redproof_core::source::SourceId;
use redproof_tests::certificates::{Identity, Wish};
use redproof_tests::programs::redproof;
use redproof_tests::servers::RedisServer;
use support::Checking;

/// Stands for the server's port until that is known.
const PORT: &str = "61379";
/// A password that every format has to quote.
const PASSWORD: &str = r#"it's "a" $HOME \ #1"#;

/// Certificates of one authority, and another authority's.
struct Files {
    _directory: tempfile::TempDir,
    path: PathBuf,
}

impl Files {
    fn new(server: &Wish) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().to_owned();
        let authority = |name| Identity::new(&Wish::authority(name), None).expect("an authority");
        let (own, other) = (authority("own"), authority("other"));
        own.write(&path, "ca", &[]).expect("the authority's files");
        other.write(&path, "other", &[]).expect("the other authority's files");
        let server = Identity::new(server, Some(&own)).expect("a server's certificate");
        server.write(&path, "server", &[]).expect("the server's files");
        let client = Identity::new(&Wish::client(), Some(&own)).expect("a client's certificate");
        client.write(&path, "client", &[]).expect("the client's files");
        Self { _directory: directory, path }
    }

    fn path(&self, name: &str) -> String {
        self.path.join(name).display().to_string()
    }

    /// A `redis.conf` with what its reader has to fill in.
    fn filled(&self, text: &str) -> String {
        text.replace("FILL_IN_TLS_CERT_FILE", &self.path("server.crt"))
            .replace("FILL_IN_TLS_KEY_FILE", &self.path("server.key"))
            .replace("FILL_IN_TLS_CA_CERT_FILE", &self.path("ca.crt"))
            .replace("FILL_IN_NODE_HOST", "localhost")
            .replace(PORT, "{port}")
    }

    /// `ssl` settings of a config.
    fn settings(&self) -> String {
        format!(
            "    ssl: true\n    ssl_ca_certs: {}\n    ssl_certfile: {}\n    ssl_keyfile: {}\n",
            self.path("ca.crt"),
            self.path("client.crt"),
            self.path("client.key")
        )
    }
}

fn exports(config: &str, variables: &[(&str, &str)], secrets: Secrets) -> Exports {
    // redis-py 8 checks names.
    let checking =
        Checking::new(config).variables(variables.iter().copied()).on("1.109.1", "8.1.0");
    checking.with(|input| Exports::of(input, secrets)).expect("a config that can be exported")
}

fn text<'e>(export: &'e Export, name: &str) -> &'e str {
    let file = export.files.iter().find(|file| file.name == name);
    &file.unwrap_or_else(|| panic!("no {name} in {:?}", export.files)).text
}

/// The command lines of `commands.sh`, for a server at this port.
fn commands(exports: &Exports, port: u16) -> Vec<String> {
    let export = exports.export(Format::Commands);
    let script = text(&export, "commands.sh").replace(PORT, &port.to_string());
    let lines = script.lines().filter(|line| !line.is_empty() && !line.starts_with(['#', ':']));
    lines.map(str::to_owned).collect()
}

/// Runs a line as it would be pasted into a shell, the password in its variable.
fn shell(line: &str) -> Output {
    let line = format!("timeout 20 sh -c {}", quoted(line));
    Command::new("sh")
        .args(["-c", &line])
        .env("REDIS_PASSWORD", PASSWORD)
        .output()
        .expect("a shell; install it")
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

fn said(output: &Output) -> String {
    let [out, error] = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes));
    format!("{out}{error}")
}

fn config(host: &str, more: &str) -> String {
    format!(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: {host}\n    port: {PORT}\n    \
         username: litellm\n    password: os.environ/REDIS_PASSWORD\n{more}"
    )
}

/// The user that is exported may do what LiteLLM needs, and no more.
#[test]
fn the_user_may_do_what_litellm_needs() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let config = config("localhost", "    namespace: team a\n");
    let exports = exports(&config, &[("REDIS_PASSWORD", PASSWORD)], Secrets::Revealed);
    let export = exports.export(Format::RedisConf);
    let written = text(&export, "redis.conf");
    assert!(!written.contains("+@all"), "{written}");
    let server = RedisServer::start_from(directory.path(), &written.replace(PORT, "{port}"));
    let path = directory.path().join("config.yaml");
    std::fs::write(&path, config.replace(PORT, &server.port.to_string())).expect("a file");
    let output = Command::new(redproof())
        .args(["probe", "--format", "json", "--litellm", "1.109.1", "--redis-py", "8.1.0"])
        .arg(&path)
        .args(["--env", &format!("REDIS_PASSWORD={PASSWORD}")])
        .output()
        .expect("redproof starts");
    let said = said(&output);
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(!said.contains("RP651") && !said.contains("RP653"), "{said}");
}

#[test]
fn the_server_starts_and_the_commands_connect() {
    let files = Files::new(&Wish::server());
    let config = config("localhost", &files.settings());
    let exports = exports(&config, &[("REDIS_PASSWORD", PASSWORD)], Secrets::Revealed);
    let export = exports.export(Format::RedisConf);
    let server = RedisServer::start_from(&files.path, &files.filled(text(&export, "redis.conf")));
    let commands = commands(&exports, server.port);
    let [redis_cli, openssl] = commands.as_slice() else { panic!("{commands:?}") };
    let answer = shell(redis_cli);
    assert_eq!(said(&answer).trim(), "PONG", "{redis_cli}");
    let answer = shell(openssl);
    assert!(
        answer.status.success() && said(&answer).contains("Verification: OK"),
        "{openssl}: {}",
        said(&answer)
    );

    // Another authority's certificate must not do.
    let other = |line: &str| line.replace(&files.path("ca.crt"), &files.path("other.crt"));
    for line in [other(redis_cli), other(openssl)] {
        let answer = shell(&line);
        assert!(!answer.status.success(), "{line}: {}", said(&answer));
        assert!(said(&answer).contains("verify failed"), "{line}: {}", said(&answer));
    }
    // Nor a client without a certificate: the server asks for one.
    let without = redis_cli.split(" --cert ").next().expect("a command").to_owned() + " PING";
    assert!(!said(&shell(&without)).contains("PONG"), "{without}");
    // Nor another password.
    let stranger = redis_cli.replace("\"$REDIS_PASSWORD\"", "wrong");
    let answer = said(&shell(&stranger));
    assert!(answer.contains("WRONGPASS") || answer.contains("NOAUTH"), "{answer}");
}

/// The comment says so: redis-cli does not look at names, LiteLLM and openssl do.
#[test]
fn only_openssl_looks_at_names() {
    let files = Files::new(&Wish::server().named(&["another.test"], &[]));
    let config = config("localhost", &files.settings());
    let exports = exports(&config, &[("REDIS_PASSWORD", PASSWORD)], Secrets::Revealed);
    let export = exports.export(Format::RedisConf);
    let server = RedisServer::start_from(&files.path, &files.filled(text(&export, "redis.conf")));
    let commands = commands(&exports, server.port);
    assert_eq!(said(&shell(&commands[0])).trim(), "PONG");
    let answer = shell(&commands[1]);
    assert!(
        !answer.status.success() && said(&answer).contains("ostname mismatch"),
        "{}",
        said(&answer)
    );
    let script = exports.export(Format::Commands);
    assert!(text(&script, "commands.sh").contains("but not the names in it"));
}

#[test]
fn a_cluster_node_starts() {
    let files = Files::new(&Wish::server());
    let config = format!(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    password: os.environ/REDIS_PASSWORD\n    \
         redis_startup_nodes: [{{host: localhost, port: {PORT}}}]\n{}",
        files.settings()
    );
    let exports = exports(&config, &[("REDIS_PASSWORD", PASSWORD)], Secrets::Revealed);
    let export = exports.export(Format::RedisConf);
    let server = RedisServer::start_from(&files.path, &files.filled(text(&export, "redis.conf")));
    let commands = commands(&exports, server.port);
    let answer = said(&shell(&commands[0]));
    assert!(answer.contains("cluster_state:"), "{}: {answer}", commands[0]);
    assert!(shell(&commands[1]).status.success(), "{}", commands[1]);
}

#[test]
fn a_sentinel_names_its_master() {
    let files = Files::new(&Wish::server());
    let config = format!(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    service_name: mymaster\n    \
         password: os.environ/REDIS_PASSWORD\n    sentinel_password: os.environ/REDIS_PASSWORD\n    \
         sentinel_nodes: [[localhost, {PORT}]]\n{}",
        files.settings()
    );
    let exports = exports(&config, &[("REDIS_PASSWORD", PASSWORD)], Secrets::Revealed);
    let export = exports.export(Format::RedisConf);
    let master = files.filled(text(&export, "redis.conf")).replace("FILL_IN_MASTER_PORT", "{port}");
    let master = RedisServer::start_from(&files.path, &master);
    let sentinel = files
        .filled(text(&export, "sentinel.conf"))
        .replace("FILL_IN_MASTER_HOST", "localhost")
        .replace("FILL_IN_MASTER_PORT", &master.port.to_string());
    let sentinel = RedisServer::start_sentinel_from(&files.path, &sentinel);
    let commands = commands(&exports, sentinel.port);
    let answer = said(&shell(&commands[0]));
    assert!(answer.contains(&master.port.to_string()), "{}: {answer}", commands[0]);
    let of_the_master = commands[2]
        .replace("FILL_IN_MASTER_HOST", "localhost")
        .replace("FILL_IN_MASTER_PORT", &master.port.to_string());
    assert_eq!(said(&shell(&of_the_master)).trim(), "PONG", "{of_the_master}");
}

/// The manifests, as a YAML reader has them.
#[test]
fn the_manifests_are_what_kubernetes_takes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/seeds");
    let mut seen = 0;
    for entry in std::fs::read_dir(&folder).expect("the examples are there") {
        let path = entry.expect("an entry").path();
        let config = std::fs::read_to_string(&path).expect("an example");
        if path.extension().is_none_or(|extension| extension != "yaml")
            || config.contains("\nkind: ")
        {
            continue;
        }
        let environment = "Odd-NAME.1=$(x) $$\nREDIS_PASSWORD=pw\n";
        let checking = Checking::new(config).files([(".env", environment)]).incomplete();
        let exports = checking.with(|input| Exports::of(input, Secrets::Placeholders));
        let exports = exports.expect("a seed can be exported");
        manifests(text(&exports.export(Format::Kubernetes), "kubernetes.yaml"));
        seen += 1;
    }
    assert!(seen >= 10, "{seen} seeds");
}

fn manifests(text: &str) {
    let at = |value: &Value, path: &[&str]| -> Option<Value> {
        path.iter().try_fold(value.clone(), |value, key| match key.parse::<usize>() {
            Ok(index) => value.as_list()?.get(index).cloned(),
            Err(_) => value.as_dict()?.get(key).cloned(),
        })
    };
    let string = |value: &Value, path: &[&str]| {
        let found = at(value, path).unwrap_or_else(|| panic!("no {path:?} in\n{text}"));
        found.as_str().unwrap_or_else(|| panic!("{path:?} is not a string in\n{text}")).to_owned()
    };
    let (mut names, mut mounted, mut volumes) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for part in text.split("\n---\n") {
        let root = document::read(SourceId(0), part)
            .unwrap_or_else(|error| panic!("{error}\n{part}"))
            .root;
        let (kind, name) = (string(&root, &["kind"]), string(&root, &["metadata", "name"]));
        let label = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(name.len() <= 63 && name.chars().all(label), "{name}");
        assert!(names.insert((kind.clone(), name)), "{kind} twice in\n{text}");
        let data = at(&root, &["data"]).or_else(|| at(&root, &["stringData"]));
        for entry in data.iter().filter_map(Value::as_dict).flat_map(|data| &data.entries) {
            let key = entry.key.as_str().expect("a key");
            assert!(key.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)), "{key}");
            assert!(entry.value.as_str().is_some(), "{key} is text in\n{text}");
        }
        if kind != "Deployment" {
            continue;
        }
        let pod = ["spec", "template", "spec"];
        let container = at(&root, &[&pod[..], &["containers", "0"]].concat()).expect("a container");
        for variable in at(&container, &["env"]).iter().filter_map(Value::as_list).flatten() {
            string(variable, &["name"]);
            let value = at(variable, &["value"]);
            assert!(value.is_none_or(|value| value.as_str().is_some()), "text in\n{text}");
        }
        for mount in at(&container, &["volumeMounts"]).iter().filter_map(Value::as_list).flatten() {
            mounted.insert(string(mount, &["name"]));
            assert!(string(mount, &["mountPath"]).starts_with('/'));
        }
        let all = at(&root, &[&pod[..], &["volumes"]].concat());
        volumes.extend(
            all.iter().filter_map(Value::as_list).flatten().map(|one| string(one, &["name"])),
        );
    }
    assert!(names.iter().any(|(kind, _)| kind == "Deployment"));
    assert_eq!(mounted, volumes, "each volume is mounted in\n{text}");
}
