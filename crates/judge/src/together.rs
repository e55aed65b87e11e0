//! Several deployments of one config: what is the same of them is said once.

use std::collections::{HashMap, HashSet};

use base::finding::{Finding, Label};
use base::source::Span;
use deployment::environment::Note;
use report::Report;

use crate::silenced::UNUSED;

/// A place that means the same in each report: the source's name, and the bytes.
type Place = Option<(String, u32, u32)>;

fn place(report: &Report, span: Option<Span>) -> Place {
    span.map(|span| (report.name(span.source).to_owned(), span.start, span.end))
}

/// What two findings have in common that are the same.
#[derive(PartialEq, Eq, Hash)]
struct Said {
    code: &'static str,
    message: String,
    help: Option<String>,
    places: Vec<(Place, String)>,
}

impl Said {
    fn of(report: &Report, found: &Finding) -> Self {
        let labelled = |label: &Label| (place(report, label.span), label.text.clone());
        Self {
            code: found.code,
            message: found.message.clone(),
            help: found.help.as_deref().map(str::to_owned),
            places: std::iter::once(&found.primary).chain(&found.related).map(labelled).collect(),
        }
    }
}

/// Takes out the notes on comments that silence nothing in one report and something in another: the
/// reports are those of one config, each deployed in another way.
pub fn ignores(reports: &mut [Report]) {
    let unused = |report: &Report| -> Vec<Place> {
        let notes = report.notes.iter().filter(|note| note.text == UNUSED);
        notes.map(|note| place(report, note.span)).collect()
    };
    let all: Vec<Vec<Place>> = reports.iter().map(unused).collect();
    let reads = |report: &Report, at: &Place| {
        at.as_ref().is_some_and(|at| report.sources.iter().any(|source| source.name == at.0))
    };
    let used = |at: &Place| {
        let mut each = reports.iter().zip(&all);
        each.any(|(report, unused)| reads(report, at) && !unused.contains(at))
    };
    let wrong: Vec<Vec<bool>> = all.iter().map(|own| own.iter().map(used).collect()).collect();
    for (report, wrong) in reports.iter_mut().zip(wrong) {
        let mut wrong = wrong.into_iter();
        report.notes.retain(|note| note.text != UNUSED || wrong.next() != Some(true));
    }
}

/// So many deployments are named one by one where a finding holds for all of them.
const FEW: usize = 4;

/// Leaves each finding and each note in the first report that says it. A finding then names the
/// deployments that it holds for. `names` are those of the reports, in their order.
pub fn findings(reports: &mut [Report], names: &[&str]) {
    let mut first: HashMap<Said, (usize, Vec<usize>)> = HashMap::new();
    let mut heard: HashSet<(Place, String)> = HashSet::new();
    for (at, report) in reports.iter_mut().enumerate() {
        let said: Vec<Said> =
            report.diagnostics.iter().map(|found| Said::of(report, found)).collect();
        let mut said = said.into_iter();
        report.diagnostics.retain(|_| {
            let Some(said) = said.next() else { return true };
            let (by, of) = first.entry(said).or_insert_with(|| (at, vec![]));
            if of.last() != Some(&at) {
                of.push(at);
            }
            // What one report says twice stays so.
            *by == at
        });
        let key = |note: &Note| (place(report, note.span), note.text.clone());
        let notes: Vec<_> = report.notes.iter().map(key).collect();
        let mut notes = notes.into_iter();
        report.notes.retain(|_| notes.next().is_none_or(|note| heard.insert(note)));
    }
    let all = reports.len();
    for (at, report) in reports.iter_mut().enumerate() {
        let said: Vec<Said> =
            report.diagnostics.iter().map(|found| Said::of(report, found)).collect();
        for (found, said) in report.diagnostics.iter_mut().zip(said) {
            let Some((_, of)) = first.get(&said).filter(|(by, _)| *by == at) else { continue };
            if of.len() == all && all > FEW {
                found.deployments = vec![format!("all {all} deployments")];
            } else {
                let of = of.iter().filter_map(|at| names.get(*at)).filter(|name| !name.is_empty());
                found.deployments = of.map(|name| (*name).to_owned()).collect();
            }
        }
    }
}
