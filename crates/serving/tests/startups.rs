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
