//! What `redproof admission` writes into its journal.

use schemars::JsonSchema;
use serde::Serialize;

/// What happened.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum AdmissionEvent<'a> {
    /// It serves.
    Listening {
        /// `0.0.0.0:8443`
        address: String,
    },
    /// It ends, as it was asked to.
    Stopped {},
    /// The server's certificate changed: it was read again, or can't be used, and what was read before
    /// stays.
    Certificate {
        /// `again`
        #[serde(skip_serializing_if = "Option::is_none")]
        read: Option<&'static str>,
        /// Why it can't be used.
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
    },
    /// An object was judged.
    Review {
        kind: &'a str,
        namespace: &'a str,
        name: &'a str,
        /// `CREATE`, `UPDATE`
        operation: &'a str,
        allowed: bool,
        /// The rules that found something.
        codes: &'a [&'static str],
        /// How long that took, milliseconds.
        ms: u64,
    },
}
