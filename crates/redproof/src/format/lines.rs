//! `--format concise`, `gitlab` and `rdjson`.

use redproof_core::finding::{Finding, Severity};
use redproof_core::source::Position;
use redproof_core::{Report, offered};
use serde_json::{Value as Json, json};

use super::{Place, Places, rule_url};
use crate::selection::fingerprint;

/// `config.yaml:6:5: warning[RP302]: …`
pub(super) fn concise(report: &Report) -> String {
    let places = Places::new(report);
    let line = |found: &Finding| {
        let place = places.of_finding(found);
        let fix = if offered(report, found).is_some() { " (has a fix)" } else { "" };
        format!(
            "{}:{}:{}: {}[{}]: {}{fix}\n",
            place.file,
            place.start.line,
            place.start.column,
            found.severity.name(),
            found.code,
            found.message_of_all().replace('\n', " "),
        )
    };
    report.diagnostics.iter().map(line).collect()
}

/// Issues of GitLab's code quality report, without the list around them.
pub(super) fn gitlab(report: &Report) -> String {
    let places = Places::new(report);
    let issue = |found: &Finding| {
        let place = places.of_finding(found);
        let severity = match found.severity {
            Severity::Error => "critical",
            Severity::Warning => "major",
            Severity::Hint => "info",
        };
        json!({
            "description": found.message_of_all(),
            "check_name": found.code,
            "fingerprint": fingerprint(found, place.file),
            "severity": severity,
            "location": { "path": place.file, "lines": { "begin": place.start.line } },
        })
        .to_string()
    };
    report.diagnostics.iter().map(issue).collect::<Vec<_>>().join(",\n")
}

/// Findings of rdjson, without the document around them.
pub(super) fn rdjson(report: &Report) -> String {
    let places = Places::new(report);
    let diagnostic = |found: &Finding| {
        let place = places.of_finding(found);
        let severity = match found.severity {
            Severity::Error => "ERROR",
            Severity::Warning => "WARNING",
            Severity::Hint => "INFO",
        };
        let fix = offered(report, found).into_iter().flat_map(|fix| &fix.edits);
        let suggestions = fix.filter(|edit| !report.redaction.quotes_secret(&edit.text));
        let suggestions = suggestions.filter_map(|edit| {
            let place = places.of(edit.span)?;
            Some(json!({ "range": range(&place), "text": edit.text }))
        });
        json!({
            "message": found.message_of_all(),
            "location": { "path": place.file, "range": range(&place) },
            "severity": severity,
            "code": { "value": found.code, "url": rule_url(found.code) },
            "suggestions": suggestions.collect::<Vec<_>>(),
        })
        .to_string()
    };
    report.diagnostics.iter().map(diagnostic).collect::<Vec<_>>().join(",\n")
}

fn range(place: &Place<'_>) -> Json {
    let at = |position: Position| json!({ "line": position.line, "column": position.column });
    json!({ "start": at(place.start), "end": at(place.end) })
}

pub(super) fn rdjson_start() -> String {
    let source = json!({ "name": "redproof", "url": env!("CARGO_PKG_HOMEPAGE") });
    format!("{{\"source\":{source},\"diagnostics\":[\n")
}
