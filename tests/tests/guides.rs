//! The guides under docs/guides, and the README: each command in them is run, and prints what the page shows.
//!
//! A block with `file=NAME` is a file; a `console` block holds commands after `$ ` and what they
//! print, `console exit=N` those that end with N. Where a guide names servers, real ones stand in
//! for them: their ports and folders are put in before a command and taken out of what it prints.
//! `REDPROOF_UPDATE=1` writes what is printed into the pages.

use std::any::Any;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use redproof_tests::certificates::{Identity, Purpose, TlsFiles, Wish};
use redproof_tests::programs::redproof;
use redproof_tests::servers::RedisServer;
use redproof_tests::topologies::{Cluster, Watched};
use tempfile::TempDir;

/// The password that every guide uses.
const PASSWORD: &str = "correct-horse-battery";

/// The guides that no server is behind: clouds, and caches that open no connection.
const WITHOUT_SERVERS: [&str; 17] = [
    "gcp-memorystore",
    "azure",
    "elasticache",
    "local-cache",
    "semantic-cache",
    "not-caching",
    "shared-limits",
    "rotation",
    "redis-url",
    "upgrade",
    "local-to-redis",
    "service-mesh",
    "several-environments",
    "hardening",
    "production-checklist",
    "docker-compose",
    "helm",
];
/// The guides that are proved on real servers, each by a test of its own.
const WITH_SERVERS: [&str; 6] =
    ["in-cluster-tls", "mutual-tls", "cluster", "sentinel", "precedence", "watch-expiry"];

/// What is behind a guide.
struct Stage {
    folder: TempDir,
    /// What the guide shows, and what it is here.
    shown_and_real: Vec<(String, String)>,
    /// The servers: they end with the stage.
    kept: Vec<Box<dyn Any>>,
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary directory");
        Self { folder, shown_and_real: vec![], kept: vec![] }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A server of the guide's, at a port here.
    fn port(mut self, shown: &str, real: u16) -> Self {
        self.shown_and_real.push((shown.to_owned(), real.to_string()));
        self
    }

    /// A folder of the guide's is the stage's.
    fn mounted_at(mut self, shown: &str) -> Self {
        let real = self.path().display().to_string();
        self.shown_and_real.push((shown.to_owned(), real));
        self
    }

    fn keep(mut self, servers: impl Any) -> Self {
        self.kept.push(Box::new(servers));
        self
    }

    fn real(&self, text: &str) -> String {
        let pairs = self.shown_and_real.iter();
        replaced(text, pairs.map(|(shown, real)| (shown.as_str(), real.as_str())).collect())
    }

    fn shown(&self, text: &str) -> String {
        let pairs = self.shown_and_real.iter();
        replaced(text, pairs.map(|(shown, real)| (real.as_str(), shown.as_str())).collect())
    }

    /// Writes `ca.crt`, `redis.crt` and `redis.key` for these names; the authority.
    fn certificates(&self, names: &[&'static str]) -> (Identity, TlsFiles) {
        let authority = Identity::new(&Wish::authority("Internal CA"), None).expect("an authority");
        let trusted = authority.write(self.path(), "ca", &[]).expect("a file");
        // On a cluster's bus each node is the other's client.
        let wish = Wish { purpose: Purpose::Both, ..Wish::server() }.named(names, &["127.0.0.1"]);
        let server = Identity::new(&wish, Some(&authority)).expect("a certificate");
        let server = server.write(self.path(), "redis", &[]).expect("a file");
        let files = TlsFiles::new(&server, &trusted);
        (authority, files)
    }

    /// Runs a guide's commands in the stage's folder, in the page's order.
    fn plays(&self, guide: &str) {
        let page = folder().join(format!("{guide}.md"));
        let text = fs::read_to_string(&page).expect("the guide is there");
        let mut written = String::new();
        let mut commands = 0;
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            written += &format!("{line}\n");
            let Some(info) = line.strip_prefix("```").filter(|info| !info.is_empty()) else {
                continue;
            };
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let mut words = info.split_whitespace();
            if words.next() == Some("console") {
                let exit = words.find_map(|word| word.strip_prefix("exit=")).unwrap_or("0");
                for command in block.iter().filter_map(|line| line.strip_prefix("$ ")) {
                    written += &format!("$ {command}\n{}", self.printed(guide, command, exit));
                    commands += 1;
                }
            } else {
                let content: String = block.iter().map(|line| format!("{line}\n")).collect();
                if let Some(name) = words.find_map(|word| word.strip_prefix("file=")) {
                    let path = self.path().join(name);
                    fs::write(path, self.real(&content)).expect("a file of the guide");
                }
                written += &content;
            }
            written += "```\n";
        }
        assert!(commands > 0, "{guide}: no commands");
        if std::env::var_os("REDPROOF_UPDATE").is_some() {
            fs::write(&page, &written).expect("the guide can be written");
        }
        let held = fs::read_to_string(&page).expect("the guide is there");
        let (held, written) = (alike(&held), alike(&written));
        let differ = held.iter().zip(&written).find(|(held, written)| held != written);
        assert!(
            held == written,
            "{guide}: stale: {differ:#?}; read what changed, then run \
             REDPROOF_UPDATE=1 cargo test -p redproof-tests --test guides"
        );
    }

    /// What a command prints, as the guide shows it.
    fn printed(&self, guide: &str, command: &str, exit: &str) -> String {
        let binary = redproof();
        let binaries = binary.parent().map(Path::to_owned).unwrap_or_default();
        let outer = std::env::var_os("PATH").unwrap_or_default();
        let path = std::iter::once(binaries).chain(std::env::split_paths(&outer));
        let output = Command::new("sh")
            .args(["-c", &format!("{{ {}; }} 2>&1", self.real(command))])
            .current_dir(self.path())
            .env("PATH", std::env::join_paths(path).expect("a path"))
            .output()
            .expect("sh starts");
        let text = self.shown(&String::from_utf8_lossy(&output.stdout));
        let code = output.status.code().map_or("a signal".to_owned(), |code| code.to_string());
        assert_eq!(code, exit, "{guide}: `{command}` prints\n{text}");
        text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }
}

/// A text with each of these put in another's place, the longest first, and nothing twice: a port
/// may be a part of another.
fn replaced(text: &str, mut pairs: Vec<(&str, &str)>) -> String {
    pairs.sort_by_key(|(from, _)| std::cmp::Reverse(from.len()));
    let mut result = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let found = pairs.iter().find_map(|(from, to)| Some((rest.strip_prefix(from)?, to)));
        if let Some((after, to)) = found {
            result += to;
            rest = after;
        } else {
            result.push(first);
            rest = &rest[first.len_utf8()..];
        }
    }
    result
}

/// The lines, without what differs from run to run: times, days, keys, how the server fares, and where
/// columns begin.
fn alike(text: &str) -> Vec<String> {
    let line = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let of_server = words.first() == Some(&"server:");
        let units = ["ms", "days"];
        let measured = |place: usize| {
            let word = words[place];
            let moment = word.len() == 20 && word.ends_with('Z');
            let unit = words.get(place + 1).is_some_and(|next| units.contains(next));
            let key = word.trim_end_matches(';').strip_suffix('…');
            let key = key.is_some_and(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit()));
            moment || unit || key || (of_server && word.contains(|c: char| c.is_ascii_digit()))
        };
        let shown = (0..words.len()).map(|place| if measured(place) { "#" } else { words[place] });
        shown.collect::<Vec<_>>().join(" ")
    };
    text.lines().map(line).collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/guides")
}

#[test]
fn every_guide_is_played() {
    let mut guides: Vec<String> = fs::read_dir(folder())
        .expect("the guides are there")
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter_map(|name| name.strip_suffix(".md").map(str::to_owned))
        .filter(|name| name != "README")
        .collect();
    guides.sort();
    let mut played = [&WITHOUT_SERVERS[..], &WITH_SERVERS].concat();
    played.sort_unstable();
    assert_eq!(guides, played);
}

#[test]
fn guides_without_servers() {
    for guide in WITHOUT_SERVERS {
        Stage::new().plays(guide);
    }
}

#[test]
fn the_readme() {
    let stage = Stage::new();
    let examples = stage.path().join("examples");
    fs::create_dir(&examples).expect("a folder");
    for name in ["local-tls.yaml", "local-tls.env"] {
        let example = folder().join("../../examples").join(name);
        fs::copy(example, examples.join(name)).expect("a copy of the example");
    }
    stage.plays("../../README");
}

#[test]
fn tls_inside_the_cluster() {
    let stage = Stage::new();
    let (_, certificates) = stage.certificates(&["redis-master.redis.svc.cluster.local"]);
    let mut arguments = certificates.arguments();
    arguments.extend(["--requirepass", PASSWORD]);
    let server = RedisServer::start(stage.path(), &arguments);
    let port = server.port;
    stage.port("6379", port).mounted_at("/etc/redis-tls").keep(server).plays(WITH_SERVERS[0]);
}

#[test]
fn mutual_tls() {
    let stage = Stage::new();
    let (authority, certificates) = stage.certificates(&["redis.example.com"]);
    let client = Identity::new(&Wish::client(), Some(&authority)).expect("a certificate");
    client.write(stage.path(), "client", &[]).expect("a file");
    let mut arguments = certificates.arguments();
    arguments.extend(["--requirepass", PASSWORD, "--tls-auth-clients", "yes"]);
    let server = RedisServer::start(stage.path(), &arguments);
    let port = server.port;
    stage.port("6380", port).mounted_at("/etc/redis-certs").keep(server).plays(WITH_SERVERS[1]);
}

#[test]
fn redis_cluster() {
    let stage = Stage::new();
    let names = ["redis-node-1", "redis-node-2", "redis-node-3"];
    let (_, certificates) = stage.certificates(&names);
    let cluster = Cluster::start(stage.path(), &certificates, &[]);
    let ports: Vec<u16> = cluster.nodes.iter().map(|node| node.port).collect();
    let stage = (1..).zip(ports).fold(stage, |stage, (place, port): (u16, u16)| {
        stage.port(&(7000 + place).to_string(), port)
    });
    stage.mounted_at("/etc/redis-tls").keep(cluster).plays(WITH_SERVERS[2]);
}

#[test]
fn redis_sentinel() {
    let stage = Stage::new();
    let names = ["sentinel-1", "sentinel-2", "sentinel-3"];
    let (_, certificates) = stage.certificates(&names);
    let watched = Watched::start(stage.path(), &certificates, PASSWORD);
    let mut stage = stage.port("6379", watched.master.port).port("6380", watched.replica.port);
    for (shown, sentinel) in ["26379", "26380", "26381"].into_iter().zip(&watched.sentinels) {
        stage = stage.port(shown, sentinel.port);
    }
    stage.mounted_at("/etc/redis-tls").keep(watched).plays(WITH_SERVERS[3]);
}

#[test]
fn config_against_environment() {
    let stage = Stage::new();
    let arguments = ["--port", "{port}", "--requirepass", PASSWORD];
    let server = RedisServer::start(stage.path(), &arguments);
    let port = server.port;
    stage.port("6379", port).keep(server).plays(WITH_SERVERS[4]);
}

#[test]
fn certificates_that_end_are_watched() {
    let stage = Stage::new();
    let (_, certificates) = stage.certificates(&["localhost"]);
    let mut arguments = certificates.arguments();
    arguments.extend(["--requirepass", PASSWORD]);
    let server = RedisServer::start(stage.path(), &arguments);
    let port = server.port;
    stage.port("6379", port).keep(server).plays(WITH_SERVERS[5]);
}

/// What the checklist says of each line is there: commands, rules, alerts, outcomes.
#[test]
fn the_checklist_names_what_there_is() {
    let page = fs::read_to_string(folder().join("production-checklist.md")).expect("the guide");
    let help = Command::new(redproof()).arg("--help").output().expect("redproof starts").stdout;
    let help = String::from_utf8_lossy(&help);
    let alerts = folder().join("../../examples/monitor/alerts.yaml");
    let alerts = fs::read_to_string(alerts).expect("the alerts");
    let outcomes = fs::read_to_string(folder().join("../outcomes.md")).expect("the outcomes");
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| line "));
    let mut verified = 0;
    for row in rows.filter(|row| !row.starts_with("| ---")) {
        let (_, by) = row.trim_end_matches(" |").split_once(" | ").expect("two columns");
        assert!(by.contains('`') || by.contains("]("), "nothing verifies: {row}");
        for command in by.split("`redproof ").skip(1) {
            let name = command.split([' ', '`']).next().unwrap_or_default();
            assert!(help.contains(&format!("  {name} ")), "no command {name}: {row}");
        }
        for word in by.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')) {
            if word.starts_with("Redis") && word.len() > 12 {
                assert!(alerts.contains(word), "no alert {word}: {row}");
            }
            if word.contains('_')
                && word == word.to_lowercase()
                && !word.starts_with("redproof")
                && !word.starts_with("max")
            {
                assert!(outcomes.contains(word), "no outcome {word}: {row}");
            }
        }
        verified += 1;
    }
    assert!(verified > 30, "{verified}");
}
