//! What a probe found: the report's shape, which `--format json` prints as it stands.

mod event;
mod server;
mod tls;

use redproof_core::finding::Finding;
use redproof_core::finding::Severity;
use schemars::JsonSchema;
use serde::Serialize;

use crate::outcome::{ProbeOutcome, Side};

pub use event::{Event, Which};
pub use server::{Health, Latencies, Percentiles, Times};
pub use tls::{
    CertificateReport, FileReport, OfferedVersion, Strict, TlsReport, TlsScan, WeakCipher,
};

/// What a probe of all connections found.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Report {
    /// The first outcome that is not ok among what LiteLLM needs to serve requests.
    pub outcome: ProbeOutcome,
    /// What it comes from; `null` when ok.
    pub detail: Option<String>,
    /// The LiteLLM release that was simulated.
    pub litellm: String,
    /// The redis-py release that was simulated.
    pub redis_py: String,
    /// The Python that LiteLLM runs on, `3.13`; `null` where it is not known.
    pub python: Option<String>,
    /// Whether LiteLLM starts.
    pub startup: StartReport,
    /// The verdict for each part of LiteLLM that keeps its state in Redis.
    pub roles: Vec<RoleReport>,
    /// The verdict for each part of LiteLLM that has clients of its own.
    pub consumers: Vec<ConsumerReport>,
    /// Each distinct connection.
    pub connections: Vec<ConnectionReport>,
    /// The certificate files that the settings name, as far as they can be read here.
    pub files: Vec<FileReport>,
    /// The whole probe, milliseconds.
    pub ms: f64,
}

impl Report {
    /// Whether every connection works as configured and does for LiteLLM, and LiteLLM starts.
    pub fn all_ok(&self) -> bool {
        self.outcome == ProbeOutcome::Ok
            && self.startup.starts != Some(false)
            && self.roles.iter().all(|role| role.works)
            && self.connections.iter().all(|connection| {
                connection.outcome == ProbeOutcome::Ok
                    && connection.findings.iter().all(|found| found.severity != Severity::Error)
            })
    }
}

/// Whether LiteLLM starts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StartReport {
    /// `null` where it can't be known.
    pub starts: Option<bool>,
    /// Why not, or why it can't be known.
    pub why: Option<String>,
}

/// The verdict on a part of LiteLLM that keeps its state in Redis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoleReport {
    /// `response_cache`, `semantic_index`, `router`, `coordination`, `limits`.
    pub role: &'static str,
    /// The same in words.
    #[serde(skip)]
    pub words: &'static str,
    /// Whether it works: its clients connect, and the server lets them run its commands.
    pub works: bool,
    /// The first outcome that is not ok; `no_permission` where only its commands are refused.
    pub outcome: ProbeOutcome,
    /// Where that is; where it works, the server that it works with.
    pub target: Option<String>,
    /// What is wrong, in one sentence.
    pub why: Option<String>,
}

/// The verdict for a part of LiteLLM that uses Redis.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConsumerReport {
    /// `response`, `usage`, `router`.
    pub consumer: &'static str,
    /// The first outcome that is not ok among what its requests need.
    pub outcome: ProbeOutcome,
    /// Where that is; `null` when ok.
    pub target: Option<String>,
}

/// What a connection is to the client that opens it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A client's one server.
    Server,
    /// A startup node of a cluster, asked for the cluster's map.
    StartupNode,
    /// A master on the cluster's map.
    ClusterNode,
    /// A replica on the cluster's map.
    ClusterReplica,
    /// A sentinel.
    Sentinel,
    /// The master that the sentinels name.
    Master,
}

impl Part {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::StartupNode => "startup_node",
            Self::ClusterNode => "cluster_node",
            Self::ClusterReplica => "cluster_replica",
            Self::Sentinel => "sentinel",
            Self::Master => "master",
        }
    }
}

/// What the probe of one connection found.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ConnectionReport {
    /// The number that [`Event`]s call it by.
    pub id: usize,
    /// Who uses it: `response`, `usage`, `router`.
    pub consumers: Vec<&'static str>,
    /// `sync`, `async`, or `both` where redis-py's two clients connect alike; `native` for LiteLLM's Rust client.
    pub api: &'static str,
    /// The clients that connect so.
    pub users: Vec<User>,
    /// The kind of client: `Redis`, `RedisCluster`, `Sentinel`.
    pub client: &'static str,
    /// What the server is to the client.
    pub part: Part,
    /// `host:port`, or the path of a Unix socket.
    pub target: String,
    /// The host; `null` for a Unix socket, or where none is known.
    pub host: Option<String>,
    /// The port; `null` likewise.
    pub port: Option<u16>,
    /// Whether LiteLLM's requests need it: a sentinel or a startup node is one of several, and a
    /// replica serves only after a failover.
    pub needed: bool,
    /// The verdict, as LiteLLM's client would meet it.
    pub outcome: ProbeOutcome,
    /// What happened, in one or two sentences.
    pub detail: Option<String>,
    /// What the other side presented.
    pub presented: Option<String>,
    /// What was expected instead.
    pub expected: Option<String>,
    /// What to change. An imperative.
    pub help: Option<String>,
    /// Where to change it.
    pub side: Option<Side>,
    /// The verdict of a client that checks the chain and the name, whatever the configuration
    /// says; `null` where no certificate was seen.
    pub strict: Option<Strict>,
    /// What was done, in order.
    pub steps: Vec<Step>,
    /// What TLS gave; `null` for plaintext, or when it did not get so far.
    pub tls: Option<TlsReport>,
    /// `redis 7.0.15 standalone`, where the server tells.
    pub server: Option<String>,
    /// What the server tells of itself; once for each server.
    pub health: Option<Health>,
    /// What TLS versions and weak ciphers the server offers; once for each server, where that was asked.
    pub tls_scan: Option<TlsScan>,
    /// How long LiteLLM's clients would try here before they give up; empty where that is not known.
    pub gives_up_after: Vec<Patience>,
    /// What is wrong though the connection works.
    pub findings: Vec<Finding>,
    /// Commands that LiteLLM needs and the server refuses, as `ACL` writes them: `script|load`.
    pub refused_commands: Vec<&'static str>,
    /// LiteLLM serves requests without it, and keeps in each process what it carries.
    pub optional: bool,
    /// It is the connection of a semantic cache.
    #[serde(skip)]
    pub(crate) semantic: bool,
    #[serde(skip)]
    pub(crate) bare_keys_refused: bool,
}

/// How long one of LiteLLM's clients tries.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Patience {
    /// `sync` or `async`.
    pub api: &'static str,
    /// How often it tries at most; the start-up nodes of a cluster together.
    pub attempts: u32,
    /// Seconds until it gives up a server that refuses connections.
    pub refused: f64,
    /// Seconds until it gives up a server that takes no connection; `null` where it waits for ever.
    pub unreachable: Option<f64>,
    /// Seconds until it gives up a server that takes the connection and does not answer.
    pub silent: Option<f64>,
    /// How often it tries such a server.
    #[serde(skip)]
    pub attempts_of_silent: u32,
}

/// The result of a command that the server does not know and the client can do without.
pub const IGNORED: &str = "not supported; the client ignores that";

/// One step with its time.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Step {
    /// `resolve`, `connect`, `tls`, or a command: `AUTH`, `PING`.
    pub step: String,
    /// How long it took, milliseconds. Commands are sent together: theirs is the time since the
    /// reply before.
    pub ms: f64,
    /// What it gave: `ok`, an address, the server's error.
    pub result: String,
}

/// A client of LiteLLM: a part that uses Redis, and the API that it uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct User {
    /// `response`, `usage`, `router`.
    pub consumer: &'static str,
    /// `sync`, `async` or `native`.
    pub api: &'static str,
}
