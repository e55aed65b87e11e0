//! Why a round was not healthy, and what is wrong though it was: what /healthz says.

use redproof_core::finding::Severity;
use redproof_probe::{ProbeOutcome, Report};

use super::metrics::{Expiry, Metrics};

impl Metrics {
    /// Why LiteLLM can't do with what was found, or soon can't; empty when it is healthy.
    pub(super) fn reasons(&self, report: &Report) -> Vec<String> {
        let mut reasons = Vec::new();
        if report.startup.starts == Some(false) {
            let why = report.startup.why.as_deref().unwrap_or("the reason is not known");
            reasons.push(format!("LiteLLM does not start: {why}"));
        } else if report.outcome != ProbeOutcome::Ok && report.connections.is_empty() {
            let why = report.detail.as_deref().unwrap_or_default();
            reasons.push(format!("{}: {why}", report.outcome.name()));
        }
        for consumer in report.consumers.iter().filter(|one| one.outcome != ProbeOutcome::Ok) {
            let target = consumer.target.as_deref().unwrap_or("?");
            let connection = report.connections.iter().find(|connection| {
                connection.target == target && connection.outcome == consumer.outcome
            });
            let detail = connection.and_then(|one| one.detail.as_deref()).unwrap_or_default();
            reasons.push(format!(
                "{}: {} at {target}: {detail}",
                consumer.consumer,
                consumer.outcome.name()
            ));
        }
        // The clients that requests need are not all that keeps state in Redis.
        for role in report.roles.iter().filter(|role| !role.works) {
            let told = report
                .consumers
                .iter()
                .any(|consumer| consumer.outcome == role.outcome && consumer.target == role.target);
            if !told {
                let (target, why) = (role.target.as_deref(), role.why.as_deref());
                reasons.push(format!(
                    "{}: {} at {}: {}",
                    role.words,
                    role.outcome.name(),
                    target.unwrap_or("?"),
                    why.unwrap_or_default()
                ));
            }
        }
        reasons.extend(found(report, |severity| severity == Severity::Error));
        reasons.extend(self.ending(report, Expiry::Fail));
        reasons
    }

    /// What is wrong and does not make it unhealthy.
    pub(super) fn warnings(&self, report: &Report) -> Vec<String> {
        let mut warnings = found(report, |severity| severity == Severity::Warning);
        warnings.extend(self.ending(report, Expiry::Warn));
        warnings
    }

    /// The certificates with this verdict.
    fn ending(&self, report: &Report, verdict: Expiry) -> Vec<String> {
        let ends = |what: &str, subject: &str, at: &str, days: i64| match days {
            ..0 => format!("{what}: {subject} expired at {at}"),
            _ => format!("{what}: {subject} ends at {at}, in {days} days"),
        };
        let sent = self.certificates(report).into_iter().filter(|(.., expiry)| *expiry == verdict);
        let sent = sent.map(|(target, _, one, _)| {
            ends(&format!("certificate of {target}"), &one.subject, &one.not_after, one.days_left)
        });
        let files = self.files(report).into_iter().filter(|(.., expiry)| *expiry == verdict);
        let files = files.map(|(setting, path, one, _)| {
            ends(&format!("{setting} {path}"), &one.subject, &one.not_after, one.days_left)
        });
        sent.chain(files).collect()
    }
}

/// The findings of some severities, each once.
fn found(report: &Report, wanted: impl Fn(Severity) -> bool) -> Vec<String> {
    let mut all = Vec::new();
    for connection in &report.connections {
        for finding in connection.findings.iter().filter(|found| wanted(found.severity)) {
            // The certificates' ends are listed by the monitor's own spans.
            if finding.code == "RP352" {
                continue;
            }
            let text = format!("{} at {}: {}", finding.code, connection.target, finding.message);
            if !all.contains(&text) {
                all.push(text);
            }
        }
    }
    all
}
