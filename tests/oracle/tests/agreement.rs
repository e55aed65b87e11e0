//! The simulation says what the real LiteLLM did, in every recorded case and field.

use std::fmt::Write as _;
use std::path::Path;

use redproof_oracle::{Release, Report, Share, replay};

const SHOWN: usize = 10;

/// The pairs whose recordings must agree.
const ENFORCED: [(&str, &str); 4] =
    [("1.80.0", "5.3.1"), ("1.80.0", "8.1.0"), ("1.109.1", "5.3.1"), ("1.109.1", "8.1.0")];

fn enforced(release: &Release) -> bool {
    ENFORCED.contains(&(&release.litellm, &release.redis_py))
}

#[test]
fn the_simulation_agrees_with_litellm_on_every_recorded_field() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("recordings");
    let report = replay(&folder, &|_, release| enforced(release), Share::Ends);
    let report = report.expect("the recordings are readable");
    for (litellm, redis_py) in ENFORCED {
        let recorded =
            report.pairs.iter().any(|one| one.litellm == litellm && one.redis_py == redis_py);
        assert!(recorded, "LiteLLM {litellm} on redis-py {redis_py} is not recorded");
    }
    let told = told(&report);
    assert!(told.is_empty(), "{told}\nAll of them: cargo xtask oracle check --show 100");
    for (outside, count) in &report.outside {
        let (text, why) = (&outside.text, &outside.why);
        assert!(*count > 0, "{text} agrees by now, or is asked no more: strike it off ({why})");
    }
}

fn told(report: &Report) -> String {
    let mut text = String::new();
    for disagreement in report.disagreements.iter().take(SHOWN) {
        let case = &disagreement.example;
        let release = &report.pairs[disagreement.pair];
        let _ = writeln!(text, "{release}: {} such as {}", disagreement.answers, case.id);
        let _ = writeln!(text, "{}{:?}", case.config, case.env);
        for d in &disagreement.differences {
            let _ = writeln!(text, "    {}: {:?} is {:?}", d.field, d.simulated, d.real);
        }
    }
    text
}
