//! Which master keys the real proxy starts with, and what is computed: `truth/startup/keys.json`.

use std::path::Path;

use base::source::SourceId;
use deployment::environment::Environment;
use facts::Pair;
use redproof_serving::startup::Weakness;
use redproof_serving::{MasterKey, Serving};
use serde_json::Value as Json;
use simulate::outcome::Startup;

fn recorded(name: &str) -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../truth/startup").join(name);
    let text = std::fs::read_to_string(path).expect("the recording is readable");
    serde_json::from_str(&text).expect("it is JSON")
}

fn text<'a>(case: &'a Json, name: &str) -> &'a str {
    case[name].as_str().unwrap_or_default()
}

/// What is computed of a case, in the recording's words.
fn computed(case: &Json, pair: Pair) -> String {
    let variables = case["env"].as_object().expect("variables");
    let variables =
        variables.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()));
    let environment = Environment::exactly(variables);
    let document = yaml::read(SourceId::CONFIG, text(case, "config"));
    let outcome = simulate::simulate(&document, &environment, pair);
    if let Startup::Exception(exception) = &outcome.startup {
        return exception.class.clone();
    }
    let serving = Serving::new(&outcome, &environment, pair).expect("it runs");
    match serving.master_key {
        MasterKey::Accepted => "ok".to_owned(),
        MasterKey::Unknown => "unknown".to_owned(),
        MasterKey::Refused { unless: Some(_), .. } => "depends".to_owned(),
        MasterKey::Refused { weakness, .. } => match weakness {
            Weakness::NotSet => "no master key is set".to_owned(),
            Weakness::NotText => "AttributeError".to_owned(),
            Weakness::Empty => "the master key is empty".to_owned(),
            Weakness::PubliclyKnown => "the master key is a publicly known default".to_owned(),
        },
    }
}

#[test]
fn the_same_master_keys_are_refused() {
    let keys = recorded("keys.json");
    let mut wrong = vec![];
    let (mut refused, mut cases) = (0, 0);
    for (release, answers) in keys.as_object().expect("releases") {
        let pair = Pair::parse(release, "5.3.1").expect("a release that is known");
        for case in answers.as_array().expect("cases") {
            cases += 1;
            let got = computed(case, pair);
            let right = match text(case, "exception") {
                "" => got == "ok",
                "UnsafeMasterKeyError" => {
                    refused += 1;
                    text(case, "message").contains(&got)
                }
                class => got == class,
            };
            if !right {
                wrong.push(format!("{release} {}: {got}\n  {case}", text(case, "case")));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cases} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(refused > 40, "both sides were asked: {refused} of {cases}");
}

/// The tries and the longest pauses of each recorded cache, where Redis refuses connections and where it is silent.
#[test]
fn start_up_waits_as_long() {
    let delays = recorded("delays.json");
    let (mut wrong, mut waited, mut cases) = (vec![], 0, 0);
    for (releases, answers) in delays.as_object().expect("releases") {
        let (litellm, redis_py) = releases.split_once(' ').expect("two releases");
        let pair = Pair::parse(litellm, redis_py).expect("releases that are known");
        for case in answers.as_array().expect("cases") {
            let params = case["redis"].to_string().replace("\"PORT\"", "7").replace("PORT", "7");
            let params = params.replacen('{', "{\"type\": \"redis\", ", 1);
            let config = format!("litellm_settings: {{cache: true, cache_params: {params}}}\n");
            if case["redis"].get("startup_nodes").is_some() {
                // The proxy does not start.
                continue;
            }
            cases += 1;
            let document = yaml::read(SourceId::CONFIG, &config);
            let outcome =
                simulate::simulate(&document, &Environment::exactly::<String, &str>([]), pair);
            let waits = redproof_serving::waiting::waits(&outcome, pair);
            let silent = case["silent"] == Json::Bool(true);
            let wait = waits.first().filter(|wait| wait.refused || silent);
            let pauses = wait.map_or(0.0, |wait| wait.pauses);
            waited += usize::from(wait.is_some());
            let sentinels = case["redis"]["sentinel_nodes"].as_array().map_or(1, Vec::len) as u64;
            // Without retries of its own, a client tries once, or twice where the config asks for that.
            let attempts = match (wait, case["redis"].get("retry_on_timeout")) {
                (Some(wait), _) => u64::from(wait.attempts),
                (None, Some(_)) if silent => 4,
                (None, _) => 2 * sentinels,
            };
            let differs = (pauses - case["seconds"].as_f64().unwrap_or(-1.0)).abs() > 0.01;
            if differs || Some(attempts) != case["attempts"].as_u64() {
                wrong.push(format!(
                    "{releases} {config}: {attempts} attempts, {pauses} s, not {case}"
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {cases}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(waited > 30, "{waited} of {cases} wait");
}
