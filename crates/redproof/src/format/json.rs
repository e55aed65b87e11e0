//! `--format json`: one document, versioned by `schema`.

use documents::{CheckDocument, CheckedFile, Counts};
use redproof_core::Report;
use redproof_core::deployment::Runs;

use super::{Format, How};
use crate::summary::Summary;

pub(super) struct Form;

impl Format for Form {
    fn name(&self) -> &'static str {
        "json"
    }

    fn help(&self) -> &'static str {
        "One JSON document"
    }

    fn says_once(&self) -> bool {
        false
    }

    fn start(&self) -> String {
        let (before, _) = CheckDocument::around(Counts::default());
        before
    }

    fn file(&self, report: &Report, runs: Option<&Runs>, _how: How) -> String {
        CheckedFile::line(report, runs)
    }

    fn between(&self) -> &'static str {
        ",\n"
    }

    fn end(&self, summary: &Summary, how: How) -> String {
        let (_, after) = CheckDocument::around(summary.counts(how.fail_on));
        after
    }
}
