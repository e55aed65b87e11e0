//! The committed JSON Schemas are those of the catalogue, and they judge configs rightly.

use std::process::{Command, Output};

use redproof_core::catalogue::{helm_values, schema};
use redproof_core::releases::{Pair, Version};
use serde_json::{Value as Json, json};
use support::Checking;
use support::hold_folder;

fn pair(litellm: &str) -> Pair {
    let version = Version::parse(litellm).expect("a release number");
    let (redis_py, _) = Pair::image_redis_py(version);
    Pair::parse(litellm, &redis_py.to_string()).expect("supported")
}

/// The newest release of each release line.
fn lines() -> impl Iterator<Item = Version> {
    let same = |one: &Version, next: &Version| one.line() == next.line();
    Pair::litellm_releases().chunk_by(same).filter_map(|line| line.last().copied())
}

/// Each file with what it must hold.
fn committed() -> Vec<(String, String)> {
    let text = |pair| format!("{}\n", schema(pair));
    let mut all: Vec<_> = lines()
        .map(|release| {
            let (major, minor) = release.line();
            (format!("litellm-{major}.{minor}.json"), text(pair(&release.to_string())))
        })
        .collect();
    let newest = Pair::newest().litellm.to_string();
    all.push(("litellm-latest.json".to_owned(), text(pair(&newest))));
    let values = format!("{:#}\n", helm_values(pair(&newest)));
    all.push(("litellm-latest-helm-values.json".to_owned(), values));
    let settings = std::process::Command::new(env!("CARGO_BIN_EXE_redproof"))
        .args(["schema", "--settings"])
        .output()
        .expect("run redproof");
    let settings = String::from_utf8(settings.stdout).expect("UTF-8");
    all.push(("redproof-toml.json".to_owned(), settings));
    all.push(("schemastore.json".to_owned(), format!("{:#}\n", schemastore())));
    all
}

/// The entry for the catalogue of schemastore.org.
fn schemastore() -> Json {
    let names = ["litellm_config", "litellm-config", "litellm.config", "litellm_proxy_config"];
    let files: Vec<String> =
        names.iter().flat_map(|name| [format!("{name}.yaml"), format!("{name}.yml")]).collect();
    let address = |name: &str| format!("https://redproof.dev/schemas/litellm-{name}.json");
    let versions: serde_json::Map<String, Json> = lines()
        .map(|release| {
            let (major, minor) = release.line();
            let line = format!("{major}.{minor}");
            (line.clone(), json!(address(&line)))
        })
        .collect();
    json!({
        "name": "LiteLLM proxy config",
        "description": "Configuration of the LiteLLM proxy: its Redis settings",
        "fileMatch": files,
        "url": address("latest"),
        "versions": versions,
    })
}

#[test]
fn committed_schemas_are_up_to_date() {
    let mut all = committed();
    let names = String::from_utf8(run(&["schema", "--of", "nothing"]).stderr).expect("UTF-8");
    let names = names.trim().rsplit("there are ").next().expect("a list");
    for name in names.split(", ") {
        let schema = String::from_utf8(run(&["schema", "--of", name]).stdout).expect("UTF-8");
        all.push((format!("{name}-output.json"), schema));
    }
    assert!(all.iter().any(|(name, _)| name == "check-output.json"), "{names}");
    hold_folder!("schemas", &all);
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_redproof")).args(arguments).output().expect("run redproof")
}

fn valid(litellm: &str, config: &Json) -> bool {
    let schema = schema(pair(litellm));
    jsonschema::validator_for(&schema).expect("a sound schema").is_valid(config)
}

fn with_cache_params(params: &Json) -> Json {
    json!({ "litellm_settings": { "cache": true, "cache_params": params } })
}

#[test]
fn sound_configs_are_valid() {
    for config in [
        json!({}),
        with_cache_params(&json!({ "type": "redis", "host": "h", "port": 6379, "ssl": true })),
        with_cache_params(
            &json!({ "type": "redis", "host": "os.environ/H", "port": "os.environ/P", "ssl": "os.environ/S" }),
        ),
        with_cache_params(
            &json!({ "type": "redis", "host": "h", "port": "6379", "ssl_cert_reqs": null }),
        ),
        with_cache_params(
            &json!({ "type": "redis", "redis_startup_nodes": [{ "host": "h", "port": 7000 }] }),
        ),
        with_cache_params(
            &json!({ "type": "redis", "sentinel_nodes": [["h", 26379]], "service_name": "m" }),
        ),
        json!({ "router_settings": { "redis_host": "h", "redis_port": 1, "cache_kwargs": { "ssl": true } } }),
        json!({ "environment_variables": { "REDIS_HOST": "h" }, "model_list": [] }),
    ] {
        for litellm in lines().map(|release| release.to_string()) {
            assert!(valid(&litellm, &config), "{config} on {litellm}");
        }
    }
}

#[test]
fn unsound_configs_are_not() {
    for config in [
        with_cache_params(&json!({ "type": "memcached" })),
        with_cache_params(&json!({ "type": "redis", "sentinel_hosts": [] })),
        with_cache_params(
            &json!({ "type": "redis", "sentinel_nodes": [{ "host": "h", "port": 1 }] }),
        ),
        with_cache_params(&json!({ "type": "redis", "ssl_cert_reqs": "CERT_NONE" })),
        with_cache_params(&json!({ "type": "redis", "port": "abc" })),
        json!({ "router_settings": { "redis_ssl": true } }),
        json!({ "litellm_settings": { "cache": "yes" } }),
    ] {
        for litellm in lines().map(|release| release.to_string()) {
            assert!(!valid(&litellm, &config), "{config} on {litellm}");
        }
    }
}

#[test]
fn releases_differ() {
    let old = "1.80.0";
    let newest = Pair::newest().litellm.to_string();
    let aws = with_cache_params(&json!({ "type": "redis", "aws_iam_auth": true }));
    assert!(!valid(old, &aws) && valid(&newest, &aws));
    let disk = with_cache_params(&json!({ "type": "disk" }));
    assert!(valid(old, &disk) && !valid(&newest, &disk));
    let db = json!({ "router_settings": { "redis_db": 1 } });
    assert!(!valid(old, &db) && valid(&newest, &db));
}

#[test]
fn each_schema_has_an_address_of_its_own() {
    let ids: std::collections::BTreeSet<String> =
        lines().map(|release| schema(pair(&release.to_string()))["$id"].to_string()).collect();
    assert_eq!(ids.len(), lines().count());
    let entry = schemastore();
    for address in entry["versions"].as_object().expect("versions").values() {
        assert!(ids.contains(&address.to_string()), "{address}");
    }
}

#[test]
fn hover_says_since_when_and_the_type_narrows() {
    let schema = schema(Pair::newest());
    let params = &schema["properties"]["litellm_settings"]["properties"]["cache_params"];
    let text = params["properties"]["aws_iam_auth"]["description"].as_str().expect("a text");
    assert!(text.ends_with(" and newer.") && text.contains("LiteLLM "), "{text}");
    // Of a local cache, an editor suggests no host, and says so where it is; LiteLLM takes it.
    let rules = params["allOf"].as_array().expect("rules");
    let of_local = rules.iter().filter(|rule| {
        let types = rule["if"]["properties"]["type"]["enum"].as_array().expect("types");
        types.contains(&json!("local"))
    });
    let hosts = of_local.filter(|rule| rule["then"]["properties"]["host"]["doNotSuggest"] == true);
    assert_eq!(hosts.count(), 1);
    assert!(valid("1.110.2", &with_cache_params(&json!({ "type": "local", "host": "h" }))));
}

/// What `check` accepts, the schema accepts.
#[test]
fn strategies_are_those_that_start() {
    let newest = Pair::newest().litellm.to_string();
    for (strategy, starts) in [
        ("lar1", true),
        ("provider-budget-routing", true),
        ("usage-based-routing-v2", true),
        ("fastest", false),
    ] {
        let config = json!({ "router_settings": { "routing_strategy": strategy } });
        for litellm in lines().map(|release| release.to_string()) {
            assert_eq!(valid(&litellm, &config), starts, "{strategy} on {litellm}");
        }
        let text = format!("model_list: []\nrouter_settings: {{routing_strategy: {strategy}}}\n");
        let report = Checking::new(text).on_litellm(&newest).report();
        let stops = report.diagnostics.iter().any(|one| one.code == "RP101");
        assert_eq!(stops, !starts, "{strategy}: {:?}", report.diagnostics);
    }
}

#[test]
fn helm_values_hold_the_config() {
    let schema = helm_values(Pair::newest());
    let validator = jsonschema::validator_for(&schema).expect("a sound schema");
    let values = |params: Json| json!({ "image": { "tag": "x" }, "proxy_config": with_cache_params(&params) });
    assert!(validator.is_valid(&values(json!({ "type": "redis", "host": "h" }))));
    assert!(!validator.is_valid(&values(json!({ "type": "redis", "hots": "h" }))));
}

/// What the rule on values that trip later finds in a router setting.
fn said(litellm: &str, config: &Json) -> bool {
    Checking::new(config.to_string()).on(litellm, "5.3.1").codes().contains(&"RP218")
}

/// The schema is what the rule on values judges by: both refuse what the real router trips over later.
#[test]
fn what_the_router_trips_over_is_refused() {
    let path = support::root().join("truth/values/recording.json");
    let recording: Json =
        serde_json::from_str(&std::fs::read_to_string(path).expect("recorded")).expect("JSON");
    let mut tripped = 0;
    for (release, recorded) in recording.as_object().expect("releases") {
        let schema = schema(pair(release));
        let validator = jsonschema::validator_for(&schema).expect("a sound schema");
        let parameters = recorded["values"].as_object().expect("parameters").iter();
        // Which releases trip over scalars there was not read.
        for (name, answers) in parameters.filter(|(name, _)| *name != "default_fallbacks") {
            for answer in answers.as_array().expect("answers") {
                let (value, did) = (&answer[0], &answer[1]);
                let trips = did.get("made").is_none();
                let config = json!({ "router_settings": { name.as_str(): value } });
                if trips {
                    tripped += 1;
                    assert!(
                        !validator.is_valid(&config),
                        "{release}: the schema takes {config}, and then {did}"
                    );
                }
                assert_eq!(
                    said(release, &config),
                    trips,
                    "{release}: what is said of {config}: {did}"
                );
            }
        }
    }
    assert!(tripped > 40, "{tripped}");
}

/// What the schema takes, the rule takes.
#[test]
fn no_value_that_is_right_is_said_to_trip() {
    for release in ["1.61.1", "1.80.0", "1.109.1", "1.110.2"] {
        for (name, value) in [
            ("num_retries", json!(0)),
            ("num_retries", json!(null)),
            ("timeout", json!(0.5)),
            ("timeout", json!("60")),
            ("timeout", json!("os.environ/T")),
            ("stream_timeout", json!(600)),
            ("default_max_parallel_requests", json!(100)),
            ("default_fallbacks", json!(["a"])),
            ("model_group_retry_policy", json!({ "a": { "TimeoutErrorRetries": 2 } })),
        ] {
            let config = json!({ "router_settings": { name: value } });
            assert!(valid(release, &config) && !said(release, &config), "{release}: {config}");
        }
    }
}
