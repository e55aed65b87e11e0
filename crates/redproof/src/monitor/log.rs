//! What a round found, in the journal.

use redproof_probe::{ProbeOutcome, Report};
use serde_json::json;

use super::metrics::{Expiry, Metrics};
use crate::journal::{Level, line};
use crate::output::Failure;

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
    for (setting, file, certificate, expiry) in metrics.files(report) {
        let level = match expiry {
            Expiry::Fine => continue,
            Expiry::Warn => Level::Warning,
            Expiry::Fail => Level::Error,
        };
        let fields = json!({
            "setting": setting,
            "file": file,
            "subject": certificate.subject,
            "not_after": certificate.not_after,
            "days_left": certificate.days_left,
        });
        line(level, "certificate_file", &fields)?;
    }
    let level = if metrics.healthy() { Level::Info } else { Level::Error };
    let fields = json!({
        "healthy": metrics.healthy(),
        "outcome": report.outcome,
        "reasons": metrics.reasons(report),
        "connections": report.connections.len(),
        "ms": report.ms,
    });
    line(level, "round", &fields)
}
