//! `--format rdjson`: Reviewdog's diagnostics.

use std::borrow::Cow;

use documents::places::{Place, Places};
use documents::words::rule_url;
use redproof_core::deployment::Runs;
use redproof_core::finding::{Finding, Severity};
use redproof_core::source::Position;
use redproof_core::{Report, offered};
use serde::Serialize;

use super::{Format, How, in_repository};
use crate::documents::line;
use crate::summary::Summary;

pub(super) struct Form;

impl Format for Form {
    fn name(&self) -> &'static str {
        "rdjson"
    }

    fn help(&self) -> &'static str {
        "Reviewdog's diagnostics, as one JSON document"
    }

    fn start(&self) -> String {
        let source = Source { name: "redproof", url: env!("CARGO_PKG_HOMEPAGE") };
        format!("{{\"source\":{},\"diagnostics\":[\n", line(&source))
    }

    fn file(&self, report: &Report, _runs: Option<&Runs>, _how: How) -> String {
        let places = Places::new(report);
        let found = report.diagnostics.iter();
        let all = found.map(|found| line(&Diagnostic::of(found, report, &places)));
        all.collect::<Vec<_>>().join(",\n")
    }

    fn between(&self) -> &'static str {
        ",\n"
    }

    fn end(&self, _summary: &Summary, _how: How) -> String {
        "\n]}\n".to_owned()
    }
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
    url: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: Cow<'a, str>,
    location: Location<'a>,
    severity: &'static str,
    code: Code,
    suggestions: Vec<Suggestion<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: Cow<'a, str>,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: At,
    end: At,
}

#[derive(Serialize)]
struct At {
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Code {
    value: &'static str,
    url: String,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

impl<'a> Diagnostic<'a> {
    fn of(found: &'a Finding, report: &'a Report, places: &'a Places<'_>) -> Self {
        let place = places.of_finding(found);
        let edits = offered(report, found).into_iter().flat_map(|fix| &fix.edits);
        let edits = edits.filter(|edit| !report.redaction.quotes_secret(&edit.text));
        let suggestions = edits.filter_map(|edit| {
            Some(Suggestion { range: Range::of(&places.of(edit.span)?), text: &edit.text })
        });
        Self {
            message: found.message_of_all(),
            location: Location { path: in_repository(place.file), range: Range::of(&place) },
            severity: match found.severity {
                Severity::Error => "ERROR",
                Severity::Warning => "WARNING",
                Severity::Hint => "INFO",
            },
            code: Code { value: found.code, url: rule_url(found.code) },
            suggestions: suggestions.collect(),
        }
    }
}

impl Range {
    fn of(place: &Place<'_>) -> Self {
        let at = |position: Position| At { line: position.line, column: position.column };
        Self { start: at(place.start), end: at(place.end) }
    }
}
