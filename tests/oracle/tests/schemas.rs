//! What a check accepts, the schema of its release accepts: an editor refuses no name and no choice of any recorded
//! configuration that is right. Types are left out: the schema refuses a text where a number belongs, also where
//! Python makes do with it.
//!
//! A sample by default; `REDPROOF_ALL=1` takes all of them.

use std::collections::BTreeMap;

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use redproof_core::catalogue::{Kind, Section, find, helm_values, schema};
use redproof_core::finding::Severity;
use redproof_core::outcome::Startup;
use redproof_core::python::{Data, Value};
use redproof_core::releases::Pair;
use redproof_core::{CheckInput, Releases, Report, check, gather};
use redproof_oracle::{Network, Recorded, pairs, visit};
use serde_json::{Map, Number, Value as Json, json};

/// Of so many recorded cases, one is taken.
const EVERY: u32 = 24;

#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: BTreeMap<String, String>,
}

/// A config as JSON, as an editor's YAML reader hands it to the schema; none where it has what JSON lacks.
fn to_json(value: &Value) -> Option<Json> {
    Some(match &value.data {
        Data::None => Json::Null,
        Data::Bool(yes) => json!(yes),
        Data::Int(number) => Json::Number(number.to_string().parse::<Number>().ok()?),
        Data::Float(number) => Json::Number(Number::from_f64(*number)?),
        Data::Str(text) => json!(&**text),
        Data::List(all) => Json::Array(all.iter().map(to_json).collect::<Option<_>>()?),
        Data::Dict(all) => {
            let entries = all.entries.iter();
            let entries = entries.map(|one| match &one.key.data {
                Data::Str(key) => Some((key.to_string(), to_json(&one.value)?)),
                _ => None,
            });
            Json::Object(entries.collect::<Option<Map<_, _>>>()?)
        }
        _ => return None,
    })
}

/// Whether a finding speaks of a name.
fn said(report: &Report, name: &str) -> bool {
    let quoted = format!("`{name}`");
    report.diagnostics.iter().any(|found| found.message.contains(&quoted))
}

fn instance_at<'a>(instance: &'a Json, path: &str) -> &'a Json {
    instance.pointer(path).unwrap_or(&Json::Null)
}

/// Whether only Python code can make what belongs under a name, so that an editor does well to refuse it.
fn is_object(name: &str) -> bool {
    name == "_backend"
        || find(name, Section::CacheParams).is_some_and(|field| field.kind == Kind::Object)
}

#[test]
fn what_a_check_accepts_is_valid() {
    let folder = Network::Cut.recordings();
    let releases_of = pairs(&folder).expect("the recordings are readable");
    let every = if std::env::var_os("REDPROOF_ALL").is_some() { 1 } else { EVERY };
    let sound = |schema: &Json| jsonschema::validator_for(schema).expect("a sound schema");
    // By line: the schema that is published for it is that of its newest release.
    let mut newest: BTreeMap<(u16, u16), Pair> = BTreeMap::new();
    for release in Pair::litellm_releases() {
        let (redis_py, _) = Pair::image_redis_py(*release);
        let pair = Pair::parse(&release.to_string(), &redis_py.to_string()).expect("supported");
        newest.insert(release.line(), pair);
    }
    let validators: BTreeMap<(u16, u16), (Validator, Validator)> = newest
        .iter()
        .map(|(line, pair)| (*line, (sound(&schema(*pair)), sound(&helm_values(*pair)))))
        .collect();
    let tallies = visit(&folder, |tally: &mut Tally, Recorded { case, answers }| {
        if case.number() % every != 0 {
            return;
        }
        let variables: Vec<(String, String)> = case
            .env
            .iter()
            .map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned()))
            .collect();
        let environment = gather(&[], &variables, true);
        for (numbers, _) in &answers {
            let Some(at) = numbers.get(case.number() as usize % numbers.len().max(1)) else {
                continue;
            };
            let release = &releases_of[*at];
            let (Some(litellm), _) = release.versions() else { continue };
            // The schema of a line is its newest release's: what that does is what counts.
            let Some(pair) = newest.get(&litellm.line()) else { continue };
            let (litellm, redis_py) = (pair.litellm.to_string(), pair.redis_py.to_string());
            let Ok(releases) = Releases::parse(Some(&litellm), Some(&redis_py)) else { continue };
            let report = check(&CheckInput {
                name: "config.yaml",
                text: &case.config,
                environment: &environment,
                releases,
                now: None,
            });
            let clean = report.diagnostics.iter().all(|one| one.severity == Severity::Hint);
            let Ok(document) = &report.document else { continue };
            let Some(config) = to_json(&document.root) else { continue };
            if report.outcome.startup != Startup::Ok || !clean || config.is_null() {
                continue;
            }
            tally.accepted += 1;
            let (of_config, of_values) = &validators[&pair.litellm.line()];
            let values = json!({ "proxy_config": config });
            for (what, validator, instance) in
                [("config", of_config, &config), ("Helm values", of_values, &values)]
            {
                for error in validator.iter_errors(instance) {
                    // Of a name, a hint may have spoken: redis-py takes it, and no YAML can write it.
                    let refused = match error.kind() {
                        ValidationErrorKind::AdditionalProperties { unexpected } => {
                            let written = |name: &str| {
                                !instance_at(instance, error.instance_path().as_str())[name]
                                    .is_null()
                                    && !is_object(name)
                            };
                            unexpected.iter().any(|name| !said(&report, name) && written(name))
                        }
                        ValidationErrorKind::Type { .. } | ValidationErrorKind::AnyOf { .. } => {
                            false
                        }
                        _ => true,
                    };
                    if !refused {
                        continue;
                    }
                    let says = format!("{what}: {error} at {}", error.instance_path());
                    let shown = format!("LiteLLM {litellm}: {}\n{}", case.id, case.config);
                    tally.refused.entry(says).or_insert(shown);
                }
            }
        }
    })
    .expect("the recordings are readable");
    let accepted: usize = tallies.iter().map(|tally| tally.accepted).sum();
    let refused: BTreeMap<String, String> =
        tallies.into_iter().flat_map(|tally| tally.refused).collect();
    println!("{accepted} accepted configurations, {} false errors", refused.len());
    assert!(accepted > 100, "hardly anything is accepted: the test lost its grip");
    let shown: Vec<String> =
        refused.iter().take(12).map(|(said, shown)| format!("{said}\n{shown}")).collect();
    assert!(refused.is_empty(), "{} false errors\n{}", refused.len(), shown.join("\n=====\n"));
}
