//! The simulation says what the real LiteLLM did, in every recorded case and field.

use std::fmt::Write as _;
use std::path::Path;

use redproof_oracle::{Report, read_all, replay};

const SHOWN: usize = 10;

/// What the simulation leaves alone, by a text that such a case's config holds, and why.
const OUTSIDE: [(&str, &str); 13] = [
    ("a: *a}", "a mapping that holds itself: whether pydantic's validator runs into it first"),
    ("custom_auth: \"a.b\"", "a Python file beside the config decides"),
    ("callbacks: \"prometheus\"", "letters of a text, each taken for a Python file"),
    ("include: [", "another file decides"),
    ("credential_list: [{}]", "the model of a credential, which Redis does not see"),
    ("callback_settings: true", "the settings of callbacks, which Redis does not see"),
    ("alerting: 5", "the settings of alerts, which Redis does not see"),
    ("in_memory_llm_clients_cache: 1", "an object of LiteLLM's own, overwritten by name"),
    ("aws_account_id", "boto3's release decides"),
    ("\"s3_config\"", "boto3's own checks"),
    ("\"s3_region_name\": \"eu west\"", "boto3's own checks"),
    ("\"s3_endpoint_url\": \"nonsense\"", "boto3's own checks"),
    ("{\"type\": \"s3\", \"semantic_cache_scope\": \"bad\"", "boto3's own checks"),
];

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
    let mut reports: Vec<Report> = recordings.iter().map(replay).collect();
    let mut excused = [0; OUTSIDE.len()];
    for report in &mut reports {
        report.disagreements.retain(|disagreement| {
            let known =
                OUTSIDE.iter().position(|(text, _)| disagreement.case.config.contains(text));
            if let Some(known) = known {
                excused[known] += 1;
            }
            known.is_none()
        });
    }
    let failing = reports.iter().filter(|report| !report.disagreements.is_empty());
    let told: String = failing.map(told).collect();
    assert!(told.is_empty(), "{told}\nAll of them: cargo xtask oracle check --show 100");
    for ((text, why), count) in OUTSIDE.iter().zip(excused) {
        assert!(count > 0, "{text} agrees by now, or is asked no more: strike it off ({why})");
        // An excuse is for one odd value, not for a field.
        assert!(count <= 25, "{text} excuses {count} cases");
    }
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
