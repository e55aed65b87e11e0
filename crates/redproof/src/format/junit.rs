//! `--format junit`: a suite per file, a case per finding.

use std::fmt::Write;

use redproof_core::Report;
use redproof_core::finding::{Finding, Severity};

use super::Places;

pub(super) fn start() -> String {
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"redproof\">\n".to_owned()
}

pub(super) fn report(report: &Report, fail_on: Severity) -> String {
    let places = Places::new(report);
    let name = escape(report.sources.first().map_or("", |source| &source.name));
    let failures = report.diagnostics.iter().filter(|found| found.severity >= fail_on).count();
    let cases = report.diagnostics.len().max(1);
    let mut suite = format!(
        "  <testsuite name=\"{name}\" tests=\"{cases}\" failures=\"{failures}\" errors=\"0\">\n"
    );
    if report.diagnostics.is_empty() {
        // Writing to a String does not fail.
        let _ = writeln!(suite, "    <testcase classname=\"{name}\" name=\"check\"/>");
    }
    for found in &report.diagnostics {
        suite.push_str(&case(found, &name, &places, fail_on));
    }
    suite.push_str("  </testsuite>\n");
    suite
}

pub(super) fn end() -> String {
    "</testsuites>\n".to_owned()
}

fn case(found: &Finding, suite: &str, places: &Places<'_>, fail_on: Severity) -> String {
    let place = found.primary.span.and_then(|span| places.of(span));
    let place = place.map_or(String::new(), |place| {
        format!("{}:{}:{}", place.file, place.start.line, place.start.column)
    });
    let name = escape(format!("{} {} {place}", found.code, found.rule).trim_end());
    let help = found.help.as_ref().map_or(String::new(), |help| format!("\n{help}"));
    let text = escape(&format!("{place}\n{}{help}", found.message)).replace("&#10;", "\n");
    let message = escape(&found.message);
    let kind = found.severity.name();
    let body = if found.severity >= fail_on {
        format!("<failure type=\"{kind}\" message=\"{message}\">{text}</failure>")
    } else {
        format!("<system-out>{kind}: {text}</system-out>")
    };
    format!("    <testcase classname=\"{suite}\" name=\"{name}\">{body}</testcase>\n")
}

/// XML text and attributes; characters that XML 1.0 lacks become U+FFFD.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            '\t' => escaped.push('\t'),
            c if c < ' ' || c == '\u{fffe}' || c == '\u{ffff}' => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}
