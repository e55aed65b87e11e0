//! Situations to probe: a server, the settings of a client, and what is to come of it.

mod chains;
mod clients;
mod keys;
mod names;
mod pki;
mod plaintext;
mod protocols;
mod rust_client;
mod strangers;
mod trust;
mod verification;

use std::net::IpAddr;
use std::path::{Path, PathBuf};

use redproof_core::document::Document;
use redproof_core::environment::Environment;
use redproof_core::outcome::Outcome;
use redproof_core::python::{Origin, json};
use redproof_core::releases::Pair;
use redproof_core::simulate::simulate;
use redproof_probe::ProbeOutcome;
use serde_json::{Map, Value, json};

use crate::servers::{RedisServer, Stranger};
use pki::Pki;

type Error = Box<dyn std::error::Error>;

/// The pairs that every situation is probed as: LiteLLM, redis-py.
pub const PAIRS: [(&str, &str); 2] = [("1.80.0", "5.3.1"), ("1.109.1", "8.1.0")];

/// Every host below this name is 127.0.0.1 to the probe and to the recorder.
pub const TEST_DOMAIN: &str = ".test";

/// One situation.
#[derive(Debug)]
pub struct Situation {
    /// What it is about.
    pub group: &'static str,
    /// Its name.
    pub name: &'static str,
    /// `cache_params`, without `type` and `port`: redis-py's arguments.
    pub client: Map<String, Value>,
    /// The outcome of the asyncio client, which serves requests, on redis-py 5.3.1 and on 8.1.0.
    pub expected: [ProbeOutcome; 2],
    /// The sync client's, where it is another.
    pub sync: [ProbeOutcome; 2],
    /// The strict verdict on each, where a certificate comes.
    pub strict: [Option<ProbeOutcome>; 2],
    server: Server,
    directory: PathBuf,
}

/// What a situation's client meets.
#[derive(Clone, Debug)]
enum Server {
    /// `redis-server` with these arguments.
    Redis(Vec<String>),
    /// The same, with OpenSSL's security level 0 and TLS from 1.0 on.
    Lenient(Vec<String>),
    /// Not a Redis.
    Stranger(fn() -> Stranger),
    /// Nothing, on port 1.
    Nothing,
}

/// A situation whose server runs, until this value goes.
#[derive(Debug)]
pub struct Live {
    /// `cache_params`, without `type`.
    pub settings: Map<String, Value>,
    _running: Running,
}

#[derive(Debug)]
enum Running {
    Redis(RedisServer),
    Stranger(Stranger),
    Nothing,
}

impl Situation {
    fn new(
        name: &'static str,
        server: Server,
        client: Map<String, Value>,
        expected: [ProbeOutcome; 2],
    ) -> Self {
        Self {
            group: "",
            name,
            client,
            expected,
            sync: expected,
            strict: [None; 2],
            server,
            directory: PathBuf::new(),
        }
    }

    fn sync(self, sync: [ProbeOutcome; 2]) -> Self {
        Self { sync, ..self }
    }

    fn strict(self, strict: ProbeOutcome) -> Self {
        Self { strict: [Some(strict); 2], ..self }
    }

    /// The value of one of the server's arguments: `--tls-cert-file`.
    pub fn server_argument(&self, name: &str) -> Option<&str> {
        let (Server::Redis(arguments) | Server::Lenient(arguments)) = &self.server else {
            return None;
        };
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).map(String::as_str)
    }

    /// Starts the server.
    pub fn start(&self) -> Live {
        let redis = |arguments: &[String], start: fn(&Path, &[&str]) -> RedisServer| {
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            Running::Redis(start(&self.directory, &arguments))
        };
        let running = match &self.server {
            Server::Redis(arguments) => redis(arguments, RedisServer::start),
            Server::Lenient(arguments) => redis(arguments, RedisServer::start_lenient),
            Server::Stranger(start) => Running::Stranger(start()),
            Server::Nothing => Running::Nothing,
        };
        let port = match &running {
            Running::Redis(server) => server.port,
            Running::Stranger(stranger) => stranger.port,
            Running::Nothing => 1,
        };
        let mut settings = self.client.clone();
        settings.insert("port".to_owned(), json!(port));
        Live { settings, _running: running }
    }

    /// Whether its client speaks TLS.
    pub fn speaks_tls(&self) -> bool {
        self.client.get("ssl") == Some(&json!(true))
    }

    /// The addresses of the hosts that no resolver knows.
    pub fn hosts(&self) -> Vec<(String, IpAddr)> {
        let host = self.client["host"].as_str().unwrap_or_default();
        let ours = host.to_lowercase().trim_end_matches('.').ends_with(TEST_DOMAIN);
        let loopback = IpAddr::from([127, 0, 0, 1]);
        ours.then(|| (host.to_owned(), loopback)).into_iter().collect()
    }
}

/// What LiteLLM does with these `cache_params` on a pair.
///
/// # Panics
/// When the pair is not supported, or the settings are not JSON to Python.
pub fn outcome_of(settings: &Map<String, Value>, pair: Pair) -> Outcome {
    outcome_with(settings, &[], pair)
}

/// [`outcome_of`], with these variables.
///
/// # Panics
/// As [`outcome_of`].
pub fn outcome_with(
    settings: &Map<String, Value>,
    variables: &[(&str, &str)],
    pair: Pair,
) -> Outcome {
    let mut cache_params = settings.clone();
    cache_params.entry("type").or_insert_with(|| json!("redis"));
    let config = json!({
        "model_list": [],
        "litellm_settings": {"cache": true, "cache_params": cache_params},
    });
    let root = json::loads(&config.to_string(), &Origin::LitellmDefault("the test"))
        .expect("what serde_json writes, json.loads reads");
    let environment = Environment::exactly(variables.iter().copied());
    simulate(&Ok(Document { root }), &environment, pair)
}

/// Makes the certificates in `directory`, and lists every situation.
///
/// # Errors
/// When a certificate or a file can't be made.
pub fn all(directory: &Path) -> Result<Vec<Situation>, Error> {
    let pki = Pki::new(directory)?;
    let groups = [
        ("Plaintext", plaintext::situations()),
        ("What answers", strangers::situations(&pki)),
        ("Names", names::situations(&pki)?),
        ("Keys and signatures", keys::situations(&pki)?),
        ("Chains", chains::situations(&pki)?),
        ("Trusted certificates", trust::situations(&pki)?),
        ("Verification switched off", verification::situations(&pki)?),
        ("Client certificates", clients::situations(&pki)?),
        ("Protocols and ciphers", protocols::situations(&pki)?),
        ("What rustls judges otherwise", rust_client::situations(&pki)?),
    ];
    let mut list = Vec::new();
    for (group, situations) in groups {
        list.extend(situations.into_iter().map(|situation| Situation {
            group,
            directory: directory.to_owned(),
            ..situation
        }));
    }
    Ok(list)
}

fn both(outcome: ProbeOutcome) -> [ProbeOutcome; 2] {
    [outcome; 2]
}

fn merged(base: Value, more: Value) -> Map<String, Value> {
    let mut map = match base {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    if let Value::Object(more) = more {
        map.extend(more);
    }
    map
}

/// A client that speaks plaintext, unless `more` says otherwise.
fn plain(more: Value) -> Map<String, Value> {
    merged(json!({"host": "127.0.0.1"}), more)
}
