//! Whether an answer depends on the cases that were asked before it.

use std::sync::Mutex;

use redproof_oracle::{Case, Network, visit};

use super::Options;
use super::driver::{Outcome, ask};
use super::environments::setup;
use super::pairs::planned;
use crate::shell::{Done, step};

/// How many cases are asked again in another order, and how many in a process each.
const SHUFFLED: usize = 1500;
const SINGLY: usize = 6;

/// Asks again in another order, and one process each; the answers must be the recorded ones.
///
/// Without `--pair`, of the pairs that answer every case.
pub(super) fn isolation(options: &Options) -> Done {
    setup()?;
    let folder = Network::Cut.recordings();
    let pairs = redproof_oracle::pairs(&folder).map_err(|error| error.to_string())?;
    let planned = planned()?;
    let mut differing = Vec::new();
    for (number, release) in pairs.iter().enumerate() {
        let whole = planned.iter().any(|pair| pair.release == *release && pair.is_whole());
        let named = !options.pairs.is_empty();
        if !options.wants(&release.litellm, &release.redis_py) || !(named || whole) {
            continue;
        }
        step(&format!("{release}, in another order and singly"), || {
            let mut recorded = recorded(&folder, number)?;
            // The ids' ends are hashes: an order that has nothing to do with the first.
            recorded.sort_by_key(|(case, _)| (case.number(), case.id.clone()));
            recorded.truncate(SHUFFLED);
            let cases: Vec<&Case> = recorded.iter().map(|(case, _)| case).collect();
            let mut check = |cases: &[&Case], known: &[(Case, Outcome)]| -> Done {
                let answers = ask(release, cases)?;
                for ((case, known), answer) in known.iter().zip(answers) {
                    if *known != answer {
                        differing.push(format!("{release}: {}", case.id));
                    }
                }
                Ok(())
            };
            check(&cases, &recorded)?;
            for place in (0..cases.len()).step_by((cases.len() / SINGLY).max(1)) {
                check(&cases[place..=place], &recorded[place..=place])?;
            }
            println!("   {} cases", cases.len());
            Ok(())
        })?;
    }
    if differing.is_empty() {
        return Ok(());
    }
    Err(format!("{} answers depend on earlier cases:\n{}", differing.len(), differing.join("\n")))
}

fn recorded(folder: &std::path::Path, number: usize) -> Result<Vec<(Case, Outcome)>, String> {
    let all = Mutex::new(Vec::new());
    let read = visit(folder, |(): &mut (), recorded| {
        let answer = recorded.answers.into_iter().find(|(pairs, _)| pairs.contains(&number));
        if let (Some((_, outcome)), Ok(mut all)) = (answer, all.lock()) {
            all.push((recorded.case, outcome));
        }
    });
    read.map_err(|error| error.to_string())?;
    all.into_inner().map_err(|_| "a reader panicked".to_owned())
}
