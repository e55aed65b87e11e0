//! `--format github`: annotations of GitHub Actions.

use documents::places::Places;
use redproof_core::Report;
use redproof_core::deployment::Runs;
use redproof_core::finding::{Finding, Severity};
use redproof_core::visible::visible_lines;

use super::{Format, How, in_repository};

pub(super) struct Form;

impl Format for Form {
    fn name(&self) -> &'static str {
        "github"
    }

    fn help(&self) -> &'static str {
        "Annotations of GitHub Actions"
    }

    fn file(&self, report: &Report, _runs: Option<&Runs>, _how: How) -> String {
        let places = Places::new(report);
        report.diagnostics.iter().map(|found| annotation(found, &places)).collect()
    }
}

fn annotation(found: &Finding, places: &Places<'_>) -> String {
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
        format!(
            "file={},line={first},endLine={last}{columns},",
            property(&in_repository(place.file))
        )
    });
    let help = found.help.as_ref().map_or(String::new(), |help| format!("\n{help}"));
    let message = escape(&format!("{}{help}", found.message_of_all()));
    format!("::{command} {place}title={title}::{message}\n")
}

fn escape(text: &str) -> String {
    visible_lines(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escape(text).replace(':', "%3A").replace(',', "%2C")
}
