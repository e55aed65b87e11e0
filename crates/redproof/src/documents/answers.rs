//! The answers whose documents come of texts alone.

use documents::Revisions;
use redproof_core::Comparison;

use crate::answer::{Formatter, Json};
use crate::diagnose::{Diagnosed, Table};
use crate::explain::Explained;
use crate::explain::request::Requested;
use crate::releases::OnReleases;

impl Formatter<Explained> for Json {
    fn text(&self, answer: &Explained) -> String {
        documents::explained(&answer.report, &answer.explanation)
    }
}

impl Formatter<Requested<'_>> for Json {
    fn text(&self, answer: &Requested<'_>) -> String {
        let Explained { report, explanation } = answer.explained;
        documents::requested(report, explanation, answer.asked.as_ref())
    }
}

impl Formatter<OnReleases> for Json {
    fn text(&self, answer: &OnReleases) -> String {
        documents::releases(&answer.name, &answer.all)
    }
}

impl Formatter<Comparison> for Json {
    fn text(&self, answer: &Comparison) -> String {
        documents::compared(answer)
    }
}

impl Formatter<Revisions> for Json {
    fn text(&self, answer: &Revisions) -> String {
        Revisions::text(answer)
    }
}

impl Formatter<Diagnosed> for Json {
    fn text(&self, answer: &Diagnosed) -> String {
        documents::diagnosed(&answer.diagnosis, answer.report.as_ref(), answer.cut)
    }
}

impl Formatter<Table> for Json {
    fn text(&self, _: &Table) -> String {
        documents::table()
    }
}
