//! What a round found, in the journal.

use redproof_probe::{ProbeOutcome, Report};

use super::metrics::{Expiry, Metrics};
use crate::documents::MonitorEvent;
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
            let event = MonitorEvent::Connection {
                target: &connection.target,
                consumers: &connection.consumers,
                api: connection.api,
                outcome: connection.outcome,
                detail: connection.detail.as_deref(),
                help: connection.help.as_deref(),
            };
            line(level, event)?;
        }
    }
    for (target, position, certificate, expiry) in metrics.certificates(report) {
        let level = match expiry {
            Expiry::Fine => continue,
            Expiry::Warn => Level::Warning,
            Expiry::Fail => Level::Error,
        };
        let event = MonitorEvent::Certificate {
            target,
            position,
            subject: &certificate.subject,
            not_after: &certificate.not_after,
            days_left: certificate.days_left,
        };
        line(level, event)?;
    }
    for (setting, file, certificate, expiry) in metrics.files(report) {
        let level = match expiry {
            Expiry::Fine => continue,
            Expiry::Warn => Level::Warning,
            Expiry::Fail => Level::Error,
        };
        let event = MonitorEvent::CertificateFile {
            setting,
            file,
            subject: &certificate.subject,
            not_after: &certificate.not_after,
            days_left: certificate.days_left,
        };
        line(level, event)?;
    }
    let level = if metrics.healthy() { Level::Info } else { Level::Error };
    let event = MonitorEvent::Round {
        healthy: metrics.healthy(),
        outcome: report.outcome,
        reasons: metrics.reasons(report),
        connections: report.connections.len(),
        ms: report.ms,
    };
    line(level, event)
}
