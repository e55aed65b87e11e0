//! `--format github`: annotations of GitHub Actions.

use std::fmt::Write;

use redproof_core::Report;
use redproof_core::finding::Severity;

use redproof_core::visible::visible_lines;

use super::Places;

pub(super) fn report(report: &Report) -> String {
    let places = Places::new(report);
    let mut lines = String::new();
    for found in &report.diagnostics {
        let command = match found.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Hint => "notice",
        };
        let title = property(&format!("{} {}", found.code, found.rule));
        let place = found.primary.span.and_then(|span| places.of(span));
        let place = place.map_or(String::new(), |place| {
            // GitHub's columns need one line, and end on the last character.
            let columns = if place.start.line == place.end.line {
                let last = place.end.column.saturating_sub(1).max(place.start.column);
                format!(",col={},endColumn={last}", place.start.column)
            } else {
                String::new()
            };
            let (first, last) = (place.start.line, place.end.line);
            format!("file={},line={first},endLine={last}{columns},", property(place.file))
        });
        let help = found.help.as_ref().map_or(String::new(), |help| format!("\n{help}"));
        let message = escape(&format!("{}{help}", found.message_of_all()));
        // Writing to a String does not fail.
        let _ = writeln!(lines, "::{command} {place}title={title}::{message}");
    }
    lines
}

fn escape(text: &str) -> String {
    visible_lines(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}
