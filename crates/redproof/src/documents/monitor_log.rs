//! What `redproof monitor` writes into its journal, and answers at `/healthz`.

use redproof_probe::ProbeOutcome;
use schemars::JsonSchema;
use serde::Serialize;

/// What happened.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum MonitorEvent<'a> {
    /// It serves.
    Listening {
        /// `127.0.0.1:9469`
        address: String,
    },
    /// It ends, as it was asked to.
    Stopped {
        /// A round was under way, and did not end in time.
        round_cut_off: bool,
    },
    /// A file can't be read: what was found before stays on show.
    Unreadable {
        /// Which, and why.
        message: String,
    },
    /// A connection does not work.
    Connection {
        /// `host:port`, or the path of a Unix socket.
        target: &'a str,
        /// Who uses it.
        consumers: &'a [&'static str],
        /// `sync`, `async`, or `both`; `native`.
        api: &'static str,
        outcome: ProbeOutcome,
        /// What happened.
        detail: Option<&'a str>,
        /// What to change.
        help: Option<&'a str>,
    },
    /// A certificate ends soon, or has ended.
    Certificate {
        /// The server that presented it.
        target: &'a str,
        /// Its place in the chain, from 0.
        position: usize,
        subject: &'a str,
        /// RFC 3339, UTC.
        not_after: &'a str,
        days_left: i64,
    },
    /// A certificate in a file that LiteLLM reads ends soon, or has ended.
    CertificateFile {
        /// The setting that names the file.
        setting: &'static str,
        file: &'a str,
        subject: &'a str,
        /// RFC 3339, UTC.
        not_after: &'a str,
        days_left: i64,
    },
    /// All connections were tried.
    Round {
        healthy: bool,
        outcome: ProbeOutcome,
        /// Why it is not healthy; empty where it is.
        reasons: Vec<String>,
        connections: usize,
        /// The whole round, milliseconds.
        ms: f64,
    },
}

/// What `/healthz` answers.
#[derive(Serialize, JsonSchema)]
pub(crate) struct HealthDocument {
    /// Whether the last round was, and is not long ago.
    pub(crate) healthy: bool,
    /// Of the last round; null before the first.
    pub(crate) outcome: Option<ProbeOutcome>,
    /// Why it is not healthy; empty where it is.
    pub(crate) reasons: Vec<String>,
    /// What is wrong and does not make it unhealthy.
    pub(crate) warnings: Vec<String>,
    /// Why config or environment could not be read in the last round; null where they could.
    pub(crate) unreadable: Option<String>,
    /// null before the first.
    pub(crate) seconds_since_last_round: Option<u64>,
}
