//! What a probe says while it runs.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Part, Step, User};
use crate::outcome::ProbeOutcome;

/// Which connection an [`Event`] is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Which {
    /// The connection's [`super::ConnectionReport::id`].
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
