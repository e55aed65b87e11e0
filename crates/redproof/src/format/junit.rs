//! `--format junit`: a suite per file, a case per finding.

use documents::places::Places;
use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};
use redproof_core::Report;
use redproof_core::deployment::Runs;
use redproof_core::finding::{Finding, Severity};

use super::{Format, How};
use crate::junit;
use crate::summary::Summary;

pub(super) struct Form;

impl Format for Form {
    fn name(&self) -> &'static str {
        "junit"
    }

    fn help(&self) -> &'static str {
        "JUnit XML"
    }

    fn says_once(&self) -> bool {
        false
    }

    fn start(&self) -> String {
        junit::start("redproof")
    }

    fn file(&self, report: &Report, _runs: Option<&Runs>, how: How) -> String {
        junit::suite(suite(report, how.fail_on))
    }

    fn end(&self, _summary: &Summary, _how: How) -> String {
        junit::END.to_owned()
    }
}

fn suite(report: &Report, fail_on: Severity) -> TestSuite {
    let places = Places::new(report);
    let name = report.sources.first().map_or("", |source| &source.name);
    let mut suite = TestSuite::new(junit::visible(name));
    if report.diagnostics.is_empty() {
        suite.add_test_case(TestCase::new("check", TestCaseStatus::success()));
    }
    suite.add_test_cases(report.diagnostics.iter().map(|found| case(found, &places, fail_on)));
    for case in &mut suite.test_cases {
        case.set_classname(junit::visible(name));
    }
    suite
}

fn case(found: &Finding, places: &Places<'_>, fail_on: Severity) -> TestCase {
    let place = found.primary.span.and_then(|span| places.of(span));
    let place = place.map_or(String::new(), |place| {
        format!("{}:{}:{}", place.file, place.start.line, place.start.column)
    });
    let name = format!("{} {} {place}", found.code, found.rule);
    let help = found.help.as_ref().map_or(String::new(), |help| format!("\n{help}"));
    let text = junit::visible(&format!("{place}\n{}{help}", found.message));
    let kind = found.severity.name();
    let name = junit::visible(name.trim_end());
    if found.severity < fail_on {
        let mut case = TestCase::new(name, TestCaseStatus::success());
        case.set_system_out(format!("{kind}: {text}"));
        return case;
    }
    let mut failure = TestCaseStatus::non_success(NonSuccessKind::Failure);
    failure.set_type(kind).set_message(junit::visible(&found.message)).set_description(text);
    TestCase::new(name, failure)
}
