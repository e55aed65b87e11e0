//! A recording through the simulation.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;

use redproof_core::simulate::json::run_line;
use serde_json::{Map, Value};

use crate::comparison::{Difference, differences, leaves};
use crate::recordings::{Case, Recording, Release};

/// A case in which the simulation does not say what LiteLLM did.
#[derive(Debug)]
pub struct Disagreement {
    /// The case.
    pub case: Arc<Case>,
    /// The fields that differ: at least one.
    pub differences: Vec<Difference>,
}

/// How a replay went.
#[derive(Debug)]
pub struct Report {
    /// The pair.
    pub release: Release,
    /// How many cases ran.
    pub cases: usize,
    /// For each field of the contract: how often it was recorded, and how often it differed.
    pub fields: BTreeMap<String, (usize, usize)>,
    /// The cases that do not agree, in order.
    pub disagreements: Vec<Disagreement>,
}

/// Runs every case through the simulation, on all processors.
///
/// # Panics
/// When the system starts no thread, or the simulation panics.
pub fn replay(recording: &Recording) -> Report {
    let workers = thread::available_parallelism().map_or(1, usize::from);
    let chunk = recording.outcomes.len().div_ceil(workers).max(1);
    let mut report = Report {
        release: recording.release.clone(),
        cases: recording.outcomes.len(),
        fields: BTreeMap::new(),
        disagreements: Vec::new(),
    };
    thread::scope(|scope| {
        let parts: Vec<_> = recording
            .outcomes
            .chunks(chunk)
            .map(|outcomes| {
                // Deeply nested configs need more stack than a thread has by default.
                thread::Builder::new()
                    .stack_size(64 << 20)
                    .spawn_scoped(scope, || replay_part(&recording.release, outcomes))
                    .expect("a thread starts")
            })
            .collect();
        for part in parts {
            let (fields, disagreements) = part.join().expect("the simulation does not panic");
            for (field, (recorded, differing)) in fields {
                let sum = report.fields.entry(field).or_default();
                sum.0 += recorded;
                sum.1 += differing;
            }
            report.disagreements.extend(disagreements);
        }
    });
    report
}

type Part = (BTreeMap<String, (usize, usize)>, Vec<Disagreement>);

fn replay_part(release: &Release, outcomes: &[(Arc<Case>, Map<String, Value>)]) -> Part {
    let mut fields: BTreeMap<String, (usize, usize)> = BTreeMap::new();
    let mut disagreements = Vec::new();
    for (case, outcome) in outcomes {
        let real = Value::Object(outcome.clone());
        leaves(&real, |field| match fields.get_mut(field) {
            Some(count) => count.0 += 1,
            None => {
                fields.insert(field.to_owned(), (1, 0));
            }
        });
        let differences = differences(&real, &simulated(case, release));
        if differences.is_empty() {
            continue;
        }
        for difference in &differences {
            fields.entry(difference.field.clone()).or_default().1 += 1;
        }
        disagreements.push(Disagreement { case: Arc::clone(case), differences });
    }
    (fields, disagreements)
}

/// The simulation's outcome without what the case itself says.
fn simulated(case: &Case, release: &Release) -> Value {
    let answer = run_line(&case.line(release), true);
    match serde_json::from_str::<Map<String, Value>>(&answer) {
        Ok(mut fields) => {
            for name in ["id", "litellm", "redis_py"] {
                fields.remove(name);
            }
            Value::Object(fields)
        }
        Err(error) => Value::String(format!("not JSON: {error}: {answer}")),
    }
}
