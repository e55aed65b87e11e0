//! What servers say of themselves: a line of JSON for each thing that happens, on standard output.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::output::{self, Failure};

/// How bad what happened is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    Info,
    Warning,
    Error,
}

impl Level {
    fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Prints a line.
///
/// # Errors
/// When standard output is closed.
pub(crate) fn line(level: Level, event: &str, fields: &Value) -> Result<(), Failure> {
    let mut entry = json!({"time": now(), "level": level.name(), "event": event});
    if let (Some(entry), Some(fields)) = (entry.as_object_mut(), fields.as_object()) {
        entry.extend(fields.clone());
    }
    output::write_all(format!("{entry}\n").as_bytes())
}

/// Seconds since 1970.
pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
