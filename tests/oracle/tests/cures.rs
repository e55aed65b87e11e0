//! A start-up that fails has an error that says what to do about it: a sample of all that were recorded, every text of an
//! exception among them.

use std::collections::HashMap;

use redproof_core::finding::Severity;
use redproof_core::outcome::Startup;
use redproof_core::{CheckInput, Releases, check, gather};
use redproof_oracle::{Network, Recorded, pairs, visit};

/// So many configurations are looked at for each text.
const EACH: usize = 3;

#[derive(Default)]
struct Tally {
    /// How many configurations each text stopped.
    texts: HashMap<String, usize>,
    inputs: usize,
    without: Vec<String>,
}

/// An exception's text without what is quoted or counted in it.
fn template(class: &str, message: &str) -> String {
    let parts = message.split(['\'', '"', '`']).step_by(2);
    let words: String = parts.collect::<Vec<_>>().join("#");
    let words: String = words.chars().filter(|c| !c.is_ascii_digit()).take(160).collect();
    format!("{class}: {words}")
}

#[test]
fn every_failed_start_up_has_a_cure() {
    let folder = Network::Cut.recordings();
    let releases_of = pairs(&folder).expect("the recordings are readable");
    let tallies = visit(&folder, |tally: &mut Tally, Recorded { case, answers }| {
        for (numbers, outcome) in &answers {
            let startup = outcome.get("startup").and_then(|startup| startup.as_object());
            let text = |name: &str| startup.and_then(|one| one.get(name)?.as_str()).unwrap_or("");
            if startup.is_none() {
                continue;
            }
            let met = tally.texts.entry(template(text("exception"), text("message"))).or_default();
            *met += 1;
            if *met > EACH {
                continue;
            }
            let Some(release) = numbers.last().map(|number| &releases_of[*number]) else {
                continue;
            };
            let asked = (Some(&*release.litellm), Some(&*release.redis_py));
            let Ok(releases) = Releases::parse(asked.0, asked.1) else { continue };
            let variables: Vec<(String, String)> = case
                .env
                .iter()
                .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
                .collect();
            let environment = gather(&[], &variables, true);
            let input = CheckInput {
                name: "config.yaml",
                text: &case.config,
                environment: &environment,
                releases,
                now: None,
            };
            let report = check(&input);
            if !matches!(report.outcome.startup, Startup::Exception(_)) {
                // What is not claimed; outside.json names it.
                continue;
            }
            tally.inputs += 1;
            let mut severe = report.diagnostics.iter().filter(|one| one.severity != Severity::Hint);
            if !severe.any(|one| one.help.is_some() || one.proposal.is_some()) {
                let said = format!("{}: {} on {release}", case.id, text("message"));
                tally.without.push(said);
            }
        }
    })
    .expect("the recordings are readable");
    let inputs: usize = tallies.iter().map(|tally| tally.inputs).sum();
    println!("{inputs} failed start-ups");
    assert!(inputs > 500, "hardly any start-up failed: {inputs}");
    let without: Vec<&String> = tallies.iter().flat_map(|tally| &tally.without).collect();
    assert!(without.is_empty(), "{} have no cure:\n{without:#?}", without.len());
}
