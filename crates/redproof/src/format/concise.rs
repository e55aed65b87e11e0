//! `--format concise`: `config.yaml:6:5: warning[RP302]: …`

use documents::places::Places;
use redproof_core::deployment::Runs;
use redproof_core::finding::Finding;
use redproof_core::{Report, offered};

use super::{Format, How};

pub(super) struct Form;

impl Format for Form {
    fn name(&self) -> &'static str {
        "concise"
    }

    fn help(&self) -> &'static str {
        "A line for each finding"
    }

    fn is_for_people(&self) -> bool {
        true
    }

    fn file(&self, report: &Report, _runs: Option<&Runs>, _how: How) -> String {
        let places = Places::new(report);
        report.diagnostics.iter().map(|found| line(found, report, &places)).collect()
    }
}

fn line(found: &Finding, report: &Report, places: &Places<'_>) -> String {
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
}
