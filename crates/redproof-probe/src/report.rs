//! What a probe found: the report's shape, which `--format json` prints as it stands.

use redproof_core::finding::Finding;
use redproof_core::finding::Severity;
use schemars::JsonSchema;
use serde::Serialize;

pub(crate) use crate::outcome::Failure;
pub use crate::outcome::{ProbeOutcome, Side};
use crate::redis::health::Health;
use crate::roles::{RoleReport, StartReport};

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
    /// How often it tries at most.
    pub attempts: u32,
    /// Seconds until it gives up a server that refuses connections.
    pub refused: f64,
    /// Seconds until it gives up a server that takes no connection; `null` where it waits for ever.
    pub unreachable: Option<f64>,
    /// Seconds until it gives up a server that takes the connection and does not answer.
    pub silent: Option<f64>,
}

/// The strict verdict: chain and name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Strict {
    /// The verdict.
    pub outcome: ProbeOutcome,
    /// What is wrong, or what it means that this differs from the connection's outcome.
    pub detail: Option<String>,
}

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

/// What TLS gave.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TlsReport {
    /// `TLSv1.3`
    pub version: String,
    /// OpenSSL's name of the cipher suite, rustls' suites too.
    pub cipher: Option<String>,
    /// The name sent in SNI, unless the host is an address.
    pub server_name: Option<String>,
    /// Whether a client certificate was loaded.
    pub client_certificate: bool,
    /// Whether the server asked for one.
    pub client_certificate_requested: bool,
    /// The authorities that it named then; none where it takes any.
    pub client_authorities: Vec<String>,
    /// The certificates that the server sent, its own first.
    pub chain: Vec<CertificateReport>,
    /// What the client trusts: the settings' authorities, and the roots that it takes without being
    /// told, by `SSL_CERT_FILE` and `SSL_CERT_DIR` or this machine's.
    pub trusted: Vec<String>,
}

/// What a server offers, whoever asks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TlsScan {
    /// Each version, oldest first.
    pub versions: Vec<OfferedVersion>,
    /// The kinds of weak ciphers that it takes in TLS 1.2 and older.
    pub weak_ciphers: Vec<WeakCipher>,
    /// The kinds that this OpenSSL can't try.
    pub untried: Vec<&'static str>,
}

/// A TLS version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OfferedVersion {
    /// `TLSv1`, `TLSv1.1`, `TLSv1.2`, `TLSv1.3`.
    pub version: &'static str,
    /// Whether the server offers it; `null` where this OpenSSL can't try.
    pub offered: Option<bool>,
    /// Older than TLS 1.2.
    pub weak: bool,
}

/// A kind of weak ciphers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WeakCipher {
    /// `no forward secrecy`, `CBC with SHA-1`, `3DES`, `RC4`, `no encryption`, `no certificate`.
    pub kind: &'static str,
    /// The one that the server chose of these, as OpenSSL calls it.
    pub cipher: String,
}

impl TlsScan {
    /// What is weak of what is offered, in words.
    pub fn weak(&self) -> Vec<String> {
        let versions = self.versions.iter().filter(|one| one.weak && one.offered == Some(true));
        let ciphers =
            self.weak_ciphers.iter().map(|weak| format!("{} ({})", weak.cipher, weak.kind));
        versions.map(|one| one.version.to_owned()).chain(ciphers).collect()
    }
}

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CertificateReport {
    /// `O = Example, CN = redis.example`
    pub subject: String,
    /// Who signed it.
    pub issuer: String,
    /// Subject alternative names: `DNS:redis.example`, `IP:10.0.0.1`.
    pub sans: Vec<String>,
    /// RFC 3339, UTC.
    pub not_before: String,
    /// RFC 3339, UTC.
    pub not_after: String,
    /// The same, seconds since 1970.
    pub not_after_seconds: i64,
    /// Whole days until `not_after`; negative once it has passed.
    pub days_left: i64,
    /// `RSA 2048`, `EC prime256v1`, `ED25519`.
    pub key: String,
    /// `sha256WithRSAEncryption`
    pub signature: String,
    /// Whether it is a CA; `null` where basicConstraints does not say.
    pub is_ca: Option<bool>,
    /// keyUsage: `digitalSignature`, `keyCertSign`; `null` where it has none.
    pub key_usage: Option<Vec<&'static str>>,
    /// extendedKeyUsage: `serverAuth`, `clientAuth`, or numbers; `null` where it has none.
    pub extended_key_usage: Option<Vec<String>>,
    /// subjectKeyIdentifier, as lower-case hex.
    pub subject_key_identifier: Option<String>,
    /// The key of authorityKeyIdentifier, as lower-case hex.
    pub authority_key_identifier: Option<String>,
    /// SHA-256 of the certificate, as lower-case hex.
    pub fingerprint_sha256: String,
}

/// The certificates of a file that LiteLLM's clients read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FileReport {
    /// `ssl_certfile`, or `ssl_ca_certs`.
    pub setting: &'static str,
    /// Its path.
    pub path: String,
    /// What it holds. Of a bundle of authorities, those that a server's chain leads to; all of them, up
    /// to twenty, where no server's chain was seen.
    pub certificates: Vec<CertificateReport>,
}

/// Which connection an [`Event`] is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Which {
    /// The connection's [`ConnectionReport::id`].
    pub connection: usize,
    /// Who uses it: `response`, `usage`, `router`.
    pub consumers: Vec<&'static str>,
    /// `sync`, `async`, or `both` where redis-py's two clients connect alike; `native` for LiteLLM's Rust client.
    pub api: &'static str,
    /// The clients that connect so.
    pub users: Vec<User>,
    /// What the server is to the client.
    pub part: Part,
    /// `host:port`, or the path of a Unix socket.
    pub target: String,
    /// The host; `null` for a Unix socket.
    pub host: Option<String>,
    /// The port; `null` for a Unix socket.
    pub port: Option<u16>,
}

/// A client of LiteLLM: a part that uses Redis, and the API that it uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct User {
    /// `response`, `usage`, `router`.
    pub consumer: &'static str,
    /// `sync`, `async` or `native`.
    pub api: &'static str,
}

/// What happens while a probe runs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A connection is being opened.
    Began {
        /// The connection.
        #[serde(flatten)]
        which: Which,
    },
    /// A step of a connection is over.
    Step {
        /// The connection.
        #[serde(flatten)]
        which: Which,
        /// The step.
        #[serde(flatten)]
        step: Step,
    },
    /// A part of the samples is taken.
    Progress {
        /// The connection.
        #[serde(flatten)]
        which: Which,
        /// Samples so far.
        done: usize,
        /// Samples in all.
        of: usize,
    },
    /// A connection is closed again.
    Ended {
        /// The connection.
        #[serde(flatten)]
        which: Which,
        /// The verdict on it alone.
        outcome: ProbeOutcome,
    },
}
