//! The simulation says what the real LiteLLM did, in every recorded case and field.

use std::fmt::Write as _;
use std::path::Path;

use redproof_oracle::{Report, read_all, replay};

const SHOWN: usize = 10;

#[test]
fn the_simulation_agrees_with_litellm_on_every_recorded_field() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings");
    let recordings = read_all(&folder).expect("the recordings are readable");
    let pairs: Vec<String> = recordings.iter().map(|r| r.release.to_string()).collect();
    assert_eq!(
        pairs,
        [
            "LiteLLM 1.109.1 on redis-py 5.3.1",
            "LiteLLM 1.109.1 on redis-py 8.1.0",
            "LiteLLM 1.80.0 on redis-py 5.3.1",
            "LiteLLM 1.80.0 on redis-py 8.1.0",
        ],
    );
    let reports: Vec<Report> = recordings.iter().map(replay).collect();
    let failing = reports.iter().filter(|report| !report.disagreements.is_empty());
    let told: String = failing.map(told).collect();
    assert!(told.is_empty(), "{told}\nAll of them: cargo xtask oracle check --show 100");
}

fn told(report: &Report) -> String {
    let mut text = String::new();
    let (wrong, all) = (report.disagreements.len(), report.cases);
    let _ = writeln!(text, "{}: {wrong} of {all} cases disagree", report.release);
    for disagreement in report.disagreements.iter().take(SHOWN) {
        let case = &disagreement.case;
        let _ = writeln!(text, "  {}\n{}{:?}", case.id, case.config, case.env);
        for d in &disagreement.differences {
            let _ = writeln!(text, "    {}: {:?} is {:?}", d.field, d.simulated, d.real);
        }
    }
    text
}
