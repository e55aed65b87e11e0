//! `--format gitlab`: GitLab's code quality report.

use std::borrow::Cow;

use documents::places::Places;
use redproof_core::Report;
use redproof_core::deployment::Runs;
use redproof_core::finding::{Finding, Severity};
use serde::Serialize;

use super::{Format, How, in_repository};
use crate::documents::line;
use crate::fingerprint::fingerprint;
use crate::summary::Summary;

pub(super) struct Form;

impl Format for Form {
    fn name(&self) -> &'static str {
        "gitlab"
    }

    fn help(&self) -> &'static str {
        "GitLab's code quality report"
    }

    fn start(&self) -> String {
        "[\n".to_owned()
    }

    fn file(&self, report: &Report, _runs: Option<&Runs>, _how: How) -> String {
        let places = Places::new(report);
        let found = report.diagnostics.iter();
        found.map(|found| line(&Issue::of(found, &places))).collect::<Vec<_>>().join(",\n")
    }

    fn between(&self) -> &'static str {
        ",\n"
    }

    fn end(&self, _summary: &Summary, _how: How) -> String {
        "\n]\n".to_owned()
    }
}

#[derive(Serialize)]
struct Issue<'a> {
    description: Cow<'a, str>,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: Cow<'a, str>,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

impl<'a> Issue<'a> {
    fn of(found: &'a Finding, places: &'a Places<'_>) -> Self {
        let place = places.of_finding(found);
        let path = in_repository(place.file);
        Self {
            description: found.message_of_all(),
            check_name: found.code,
            fingerprint: fingerprint(found, &path),
            severity: match found.severity {
                Severity::Error => "critical",
                Severity::Warning => "major",
                Severity::Hint => "info",
            },
            location: Location { path, lines: Lines { begin: place.start.line } },
        }
    }
}
