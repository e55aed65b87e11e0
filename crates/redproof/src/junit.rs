//! `JUnit` XML, suite by suite.

use quick_junit::{Report, TestSuite};
use redproof_core::visible::visible_lines;

/// What ends a document.
pub(crate) const END: &str = "</testsuites>\n";

/// What a document begins with, before its suites.
pub(crate) fn start(name: &str) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{name}\">\n")
}

/// A suite, on lines of its own.
pub(crate) fn suite(suite: TestSuite) -> String {
    let mut report = Report::new("");
    report.add_test_suite(suite);
    // Writing to a String does not fail.
    let whole = report.to_string().unwrap_or_default();
    // The document around it is not printed: others come beside it.
    let inside =
        whole.split_once("<testsuite ").and_then(|(_, rest)| rest.rsplit_once("</testsuites>"));
    inside.map_or(String::new(), |(suite, _)| format!("    <testsuite {suite}"))
}

/// A text without the characters that XML 1.0 lacks, which would be left out without a sign.
pub(crate) fn visible(text: &str) -> String {
    visible_lines(text).into_owned()
}
