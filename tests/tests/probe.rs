//! The probe against real servers: every situation gets its name, on both pairs.

use std::time::Duration;

use redproof_core::releases::Pair;
use redproof_probe::{Options, ProbeOutcome, Report, probe_blocking};
use redproof_tests::situations::{self, PAIRS, Situation, outcome_of};

fn options() -> Options {
    Options { step_timeout: Duration::from_millis(1500), ..Options::default() }
}

fn probe(situation: &Situation, pair: Pair) -> Report {
    let outcome = outcome_of(&situation.settings, pair);
    probe_blocking(&outcome, pair, &options(), &mut |_| {}).expect("a runtime starts")
}

#[test]
fn every_situation_is_named() {
    let directory = tempfile::tempdir().expect("a temporary directory");
    let situations = situations::all(directory.path()).expect("certificates are made");
    let mut wrong = Vec::new();
    for situation in &situations {
        for (index, (litellm, redis_py)) in PAIRS.into_iter().enumerate() {
            let pair = Pair::parse(litellm, redis_py).expect("a supported pair");
            let report = probe(situation, pair);
            let expected = situation.expected[index];
            if report.outcome != expected {
                wrong.push(format!(
                    "{} on redis-py {redis_py}: {} instead of {}: {}",
                    situation.name,
                    report.outcome.name(),
                    expected.name(),
                    report.detail.as_deref().unwrap_or("(no detail)"),
                ));
            }
            let Some(connection) = report.connections.first() else {
                wrong.push(format!("{}: no connection", situation.name));
                continue;
            };
            let strict = connection.strict.as_ref().map(|strict| strict.outcome);
            if strict != situation.strict {
                wrong.push(format!(
                    "{} on redis-py {redis_py}: strict verdict {strict:?} instead of {:?}",
                    situation.name, situation.strict,
                ));
            }
            if (report.outcome == ProbeOutcome::Ok) != connection.help.is_none() {
                wrong.push(format!("{}: help goes with failures", situation.name));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
