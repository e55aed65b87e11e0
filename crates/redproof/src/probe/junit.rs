//! `--format junit`: a suite per config, a case per connection.

use std::time::Duration;

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use redproof_core::finding::Severity;
use redproof_probe::{ConnectionReport, ProbeOutcome, Report};

use super::Probed;
use crate::answer::{Formatter, Junit};
use crate::junit::{self, visible};

impl Formatter<[Probed]> for Junit {
    fn text(&self, all: &[Probed]) -> String {
        let suites = all.iter().map(|probed| match &probed.result {
            Ok(report) => suite(&probed.name, report),
            Err(failure) => unusable(&probed.name, &failure.to_string()),
        });
        let suites: String = suites.map(junit::suite).collect();
        format!("{}{suites}{}", junit::start("redproof probe"), junit::END)
    }
}

fn unusable(name: &str, why: &str) -> TestSuite {
    let mut error = TestCaseStatus::non_success(NonSuccessKind::Error);
    error.set_message(visible(why));
    let mut case = TestCase::new("config", error);
    case.set_classname(visible(name));
    let mut suite = TestSuite::new(visible(name));
    suite.add_test_case(case);
    suite
}

fn suite(name: &str, report: &Report) -> TestSuite {
    let mut suite = TestSuite::new(visible(name));
    suite.set_time(duration(report.ms));
    if report.connections.is_empty() {
        let detail = report.detail.as_deref().unwrap_or_default();
        let status = match report.outcome {
            ProbeOutcome::Ok => TestCaseStatus::success(),
            outcome => failure(outcome.name(), detail, ""),
        };
        suite.add_test_case(TestCase::new("start-up", status));
    }
    suite.add_test_cases(report.connections.iter().map(case));
    for case in &mut suite.test_cases {
        case.set_classname(visible(name));
    }
    suite
}

fn case(connection: &ConnectionReport) -> TestCase {
    let title = format!(
        "{} {} {} {}",
        connection.consumers.join(","),
        connection.api,
        connection.client,
        connection.target
    );
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
    let mut case = TestCase::new(visible(&title), wrong.unwrap_or_else(TestCaseStatus::success));
    case.set_time(duration(connection.steps.iter().map(|step| step.ms).sum()));
    if !notes.is_empty() {
        case.set_system_out(visible(&notes.join("\n")));
    }
    case
}

/// Milliseconds; what no time is, is none.
fn duration(ms: f64) -> Duration {
    Duration::try_from_secs_f64(ms / 1000.0).unwrap_or_default()
}

fn failure(kind: &str, message: &str, help: &str) -> TestCaseStatus {
    let mut failure = TestCaseStatus::non_success(NonSuccessKind::Failure);
    let text = visible(&format!("{message}\n{help}"));
    failure.set_type(kind).set_message(visible(message)).set_description(text);
    failure
}
