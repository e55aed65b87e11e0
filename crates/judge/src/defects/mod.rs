//! Which known defects of its LiteLLM release a configuration meets.

mod conditions;
mod configured;

use deployment::environment::Environment;
use facts::Pair;
use facts::defects::Defect;
use report::Report;
use simulate::outcome::Outcome;
use yaml::{Document, ReadError};

use configured::Configured;

/// The defects that a configuration meets on its release, whether the configuration asks for what is
/// broken or not.
pub fn met(report: &Report) -> Vec<&'static Defect> {
    let all = Defect::all();
    met_by(all, &report.document, &report.environment, &report.outcome, report.pair)
}

/// Those of some defects, from the parts of a report.
pub(crate) fn met_by(
    defects: impl Iterator<Item = &'static Defect>,
    document: &Result<Document, ReadError>,
    environment: &Environment,
    outcome: &Outcome,
    pair: Pair,
) -> Vec<&'static Defect> {
    let Ok(document) = document else {
        return vec![];
    };
    let configured = Configured { root: &document.root, environment, outcome, pair };
    let affects = defects.filter(|defect| defect.affects(pair.litellm));
    affects.filter(|defect| conditions::holds(&defect.when, configured)).collect()
}
