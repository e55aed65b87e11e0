//! Which values of `litellm_settings` and `general_settings` stop the start-up, and with what: `truth/values`.

use std::path::Path;

use base::source::SourceId;
use deployment::environment::Environment;
use facts::Pair;
use redproof_simulate::outcome::Startup;
use redproof_simulate::simulate;
use serde_json::{Value as Json, json};

/// What else stops the real start-up. It depends on a licence, on what runs after the config is loaded, or on models of
/// pydantic that have nothing to do with Redis.
const OUTSIDE: [&str; 12] = [
    "allowed_ips",
    "enforced_params",
    "use_redis_transaction_buffer",
    "litellm_jwtauth",
    "key_management_system",
    "role_permissions",
    "team_metadata_schema",
    "tracing",
    "mcp_advertised_versions",
    "mcp_disabled_capabilities",
    "search_tools",
    "pass_through_endpoints",
];

fn recorded(name: &str) -> Json {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../truth/values").join(name);
    let text = std::fs::read_to_string(path).expect("the recording is readable");
    serde_json::from_str(&text).expect("it is JSON")
}

/// The exception as the recordings have it: its first line, cut.
fn raised(section: &str, name: &str, value: &Json, pair: Pair) -> Option<String> {
    let config = json!({section: {name: value}}).to_string();
    let document = yaml::read(SourceId::CONFIG, &config);
    let outcome = simulate(&document, &Environment::exactly::<String, &str>([]), pair);
    match outcome.startup {
        Startup::Exception(raised) => {
            let text = format!("{}: {}", raised.class, raised.message);
            Some(text.lines().next().unwrap_or_default().chars().take(160).collect())
        }
        _ => None,
    }
}

fn hold(file: &str, section: &str, values: &[Json]) -> usize {
    let (mut wrong, mut stopped) = (vec![], 0);
    for (release, answers) in recorded(file).as_object().expect("releases") {
        let pair = Pair::parse(release, "5.3.1").expect("known");
        let names = answers["values"].as_object().expect("settings");
        for (name, answers) in names.iter().filter(|(name, _)| !OUTSIDE.contains(&name.as_str())) {
            let answers = answers.as_array().expect("answers");
            for value in values {
                let did = answers.iter().find(|answer| answer[0] == *value);
                let made = did.and_then(|answer| answer[1]["made"].as_str());
                stopped += usize::from(made.is_some());
                let got = raised(section, name, value, pair);
                if got.as_deref() != made {
                    wrong.push(format!("{release} {name}: {value}: {got:?}, not {made:?}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
    stopped
}

#[test]
fn the_same_values_of_litellm_settings_stop_the_start() {
    let values = [
        json!("2"),
        json!("x"),
        json!("60s"),
        json!(true),
        json!(false),
        json!(0),
        json!(-1),
        json!(2),
        json!(1.5),
        json!([]),
        json!(["x"]),
        json!({}),
        json!({"x": 1}),
    ];
    let stopped = hold("settings.json", "litellm_settings", &values);
    assert!(stopped > 150, "{stopped}");
}

#[test]
fn the_same_values_of_general_settings_stop_the_start() {
    let values = [
        json!("x"),
        json!(true),
        json!(-1),
        json!({"x": 1}),
        json!("2"),
        json!(""),
        json!(false),
        json!(0),
        json!(2),
        json!(1.5),
        json!([]),
        json!(["x"]),
        json!({}),
    ];
    let stopped = hold("general.json", "general_settings", &values);
    assert!(stopped > 60, "{stopped}");
}
