//! A line of JSON for each thing that happens, on standard output.

use redproof_probe::{ProbeOutcome, Report};
use serde_json::{Value, json};

use super::metrics::{Expiry, Metrics};
use crate::output::{self, Failure};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
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
pub(super) fn line(level: Level, event: &str, fields: &Value) -> Result<(), Failure> {
    let mut entry = json!({"time": super::now(), "level": level.name(), "event": event});
    if let (Some(entry), Some(fields)) = (entry.as_object_mut(), fields.as_object()) {
        entry.extend(fields.clone());
    }
    output::write_all(format!("{entry}\n").as_bytes())
}

/// A round: a line for each connection that does not work or whose certificate ends, and a summary.
///
/// # Errors
/// When standard output is closed.
pub(super) fn round(metrics: &Metrics, report: &Report) -> Result<(), Failure> {
    for connection in &report.connections {
        if connection.outcome != ProbeOutcome::Ok {
            let level = if connection.needed { Level::Error } else { Level::Warning };
            let fields = json!({
                "target": connection.target,
                "consumers": connection.consumers,
                "api": connection.api,
                "outcome": connection.outcome,
                "detail": connection.detail,
                "help": connection.help,
            });
            line(level, "connection", &fields)?;
        }
    }
    for (target, position, certificate, expiry) in metrics.certificates(report) {
        let level = match expiry {
            Expiry::Fine => continue,
            Expiry::Warn => Level::Warning,
            Expiry::Fail => Level::Error,
        };
        let fields = json!({
            "target": target,
            "position": position,
            "subject": certificate.subject,
            "not_after": certificate.not_after,
            "days_left": certificate.days_left,
        });
        line(level, "certificate", &fields)?;
    }
    let level = if metrics.healthy() { Level::Info } else { Level::Error };
    let fields = json!({
        "healthy": metrics.healthy(),
        "outcome": report.outcome,
        "connections": report.connections.len(),
        "ms": report.ms,
    });
    line(level, "round", &fields)
}
