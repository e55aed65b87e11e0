//! What a server tells of itself, and how long it takes to answer.

use std::time::Duration;

use schemars::JsonSchema;
use serde::Serialize;

/// What a server tells of itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Health {
    /// `redis` or `valkey`.
    pub server: String,
    /// `7.0.15`
    pub version: String,
    /// `master` or `slave`.
    pub role: String,
    /// Bytes in use.
    pub used_memory: Option<u64>,
    /// Bytes that it may use; 0 is not a limit.
    pub maxmemory: Option<u64>,
    /// What it does when they are used up.
    pub maxmemory_policy: Option<String>,
    /// Clients at the moment.
    pub connected_clients: Option<u64>,
    /// Clients at most.
    pub max_clients: Option<u64>,
    /// Lookups that found something, from 0 to 1; `null` without lookups.
    pub hit_ratio: Option<f64>,
    /// Keys thrown out for lack of memory, since it started.
    pub evicted_keys: Option<u64>,
    /// Whether snapshots are written; `null` where the user may not ask.
    pub snapshots: Option<bool>,
    /// Whether each write is logged to disk.
    pub append_only: Option<bool>,
    /// Whether the last snapshot went well.
    pub snapshot_ok: Option<bool>,
    /// Whether the append-only file is written; `null` where there is none.
    pub append_only_ok: Option<bool>,
    /// Connections refused because of `maxclients`, since it started.
    pub rejected_connections: Option<u64>,
    /// Clients that wait in a blocking command.
    pub blocked_clients: Option<u64>,
    /// Replicas that are connected.
    pub replicas: Option<u64>,
    /// Seconds since the replica that is furthest behind was heard of; of those that are connected.
    pub replica_lag: Option<u64>,
    /// Of a replica: whether it has its master.
    pub master_link_up: Option<bool>,
    /// What names this run of this server.
    #[serde(skip)]
    pub run_id: Option<String>,
    /// How long answers take, where samples were asked for.
    pub latency: Option<Latencies>,
}

/// The times of each command.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Latencies {
    /// PING.
    pub ping: Percentiles,
    /// SET of a small key; `null` where nothing is written.
    pub set: Option<Percentiles>,
    /// GET of it.
    pub get: Percentiles,
    /// Each sample's time.
    #[serde(skip)]
    pub times: Times,
}

/// The time of each sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Times {
    /// PING.
    pub ping: Vec<Duration>,
    /// SET; empty where nothing is written.
    pub set: Vec<Duration>,
    /// GET.
    pub get: Vec<Duration>,
}

/// Milliseconds that so many of a hundred answers take at most.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Percentiles {
    /// How many samples were taken.
    pub samples: usize,
    /// Half of them.
    pub p50: f64,
    /// 95 of 100.
    pub p95: f64,
    /// 99 of 100.
    pub p99: f64,
    /// The slowest.
    pub max: f64,
}
