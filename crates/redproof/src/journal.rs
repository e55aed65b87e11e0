//! What servers say of themselves: a line of JSON for each thing that happens, on standard output.

use std::time::{SystemTime, UNIX_EPOCH};

use schemars::JsonSchema;
use serde::Serialize;

use crate::output::{self, Failure};

/// How bad what happened is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Level {
    Info,
    Warning,
    Error,
}

/// A line.
#[derive(Serialize, JsonSchema)]
pub(crate) struct Entry<E> {
    /// Seconds since 1970.
    time: u64,
    level: Level,
    #[serde(flatten)]
    event: E,
}

/// Prints a line.
///
/// # Errors
/// When standard output is closed.
pub(crate) fn line(level: Level, event: impl Serialize) -> Result<(), Failure> {
    // Structures, numbers and texts: this serialises.
    let line = serde_json::to_string(&Entry { time: now(), level, event }).unwrap_or_default();
    output::write_all(format!("{line}\n").as_bytes())
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
