//! The examples of the rules, read as an editor reads them: by another YAML reader than ours, and held
//! to the JSON Schema of their release.

use redproof_core::catalogue::schema;
use redproof_core::releases::Pair;
use redproof_core::rules::{CHECKS, Example};
use serde_json::Value as Json;

/// Why an editor refuses an example.
fn refusal(example: &Example) -> Option<String> {
    let config: Json = match serde_yaml::from_str(example.config) {
        Ok(config) => config,
        Err(error) => return Some(format!("not YAML: {error}")),
    };
    let pair = Pair::parse(example.litellm, example.redis_py).expect("a known pair");
    let schema = jsonschema::validator_for(&schema(pair)).expect("a sound schema");
    schema.validate(&config).err().map(|error| error.to_string())
}

#[test]
fn an_editor_refuses_what_the_rule_says_and_nothing_else() {
    let mut wrong = vec![];
    for check in CHECKS {
        for (name, example) in [("failing", &check.failing), ("fixed", &check.fixed)] {
            let refusal = refusal(example);
            if refusal.is_some() != example.refused_by_schema {
                wrong.push(format!("{} {name}: {refusal:?}", check.rule.code));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn no_fixed_example_is_refused() {
    for check in CHECKS {
        assert!(!check.fixed.refused_by_schema, "{}", check.rule.code);
    }
}
