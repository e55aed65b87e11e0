//! `--format junit`: a suite per config, a case per connection.

use std::fmt::Write;

use redproof_core::finding::Severity;
use redproof_probe::{ConnectionReport, ProbeOutcome, Report};

use super::Probed;
use crate::format::escape_xml as escape;

/// The whole document.
pub(super) fn report(all: &[Probed]) -> String {
    let suites: String = all
        .iter()
        .map(|probed| match &probed.result {
            Ok(report) => suite(&probed.name, report),
            Err(failure) => unusable(&probed.name, &failure.to_string()),
        })
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"redproof probe\">\n{suites}</testsuites>\n"
    )
}

fn unusable(name: &str, why: &str) -> String {
    let suite = escape(name);
    format!(
        "  <testsuite name=\"{suite}\" tests=\"1\" failures=\"0\" errors=\"1\">\n    <testcase \
         classname=\"{suite}\" name=\"config\"><error message=\"{}\"/></testcase>\n  </testsuite>\n",
        escape(why)
    )
}

fn suite(name: &str, report: &Report) -> String {
    let suite = escape(name);
    let mut cases = String::new();
    let mut failures = 0;
    if report.connections.is_empty() {
        let failed = report.outcome != ProbeOutcome::Ok;
        failures += usize::from(failed);
        let detail = report.detail.as_deref().unwrap_or_default();
        let body = if failed { failure(report.outcome.name(), detail, "") } else { String::new() };
        // Writing to a String does not fail.
        let _ = writeln!(
            cases,
            "    <testcase classname=\"{suite}\" name=\"start-up\">{body}</testcase>"
        );
    }
    for connection in &report.connections {
        let body = body(connection);
        failures += usize::from(body.contains("<failure"));
        let seconds: f64 = connection.steps.iter().map(|step| step.ms).sum::<f64>() / 1000.0;
        let title = format!(
            "{} {} {} {}",
            connection.consumers.join(","),
            connection.api,
            connection.client,
            connection.target
        );
        let _ = writeln!(
            cases,
            "    <testcase classname=\"{suite}\" name=\"{}\" time=\"{seconds:.6}\">{body}</testcase>",
            escape(&title),
        );
    }
    let tests = report.connections.len().max(1);
    format!(
        "  <testsuite name=\"{suite}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" \
         time=\"{:.6}\">\n{cases}  </testsuite>\n",
        report.ms / 1000.0
    )
}

fn body(connection: &ConnectionReport) -> String {
    let mut notes = Vec::new();
    let mut wrong = None;
    if connection.outcome != ProbeOutcome::Ok {
        let detail = connection.detail.as_deref().unwrap_or_default();
        let help = connection.help.as_deref().unwrap_or_default();
        wrong = Some(failure(connection.outcome.name(), detail, help));
    }
    for finding in &connection.findings {
        let text = format!("{} {}: {}", finding.code, finding.rule, finding.message);
        let help = finding.help.as_deref().unwrap_or_default();
        if wrong.is_none() && finding.severity == Severity::Error {
            wrong = Some(failure(finding.code, &text, help));
        } else {
            notes.push(format!("{}: {text}\n{help}", finding.severity.name()));
        }
    }
    let mut body = wrong.unwrap_or_default();
    if !notes.is_empty() {
        let text = escape(&notes.join("\n")).replace("&#10;", "\n");
        let _ = write!(body, "<system-out>{text}</system-out>");
    }
    body
}

fn failure(kind: &str, message: &str, help: &str) -> String {
    let text = escape(&format!("{message}\n{help}")).replace("&#10;", "\n");
    format!("<failure type=\"{}\" message=\"{}\">{text}</failure>", escape(kind), escape(message))
}
