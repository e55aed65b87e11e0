//! `redproof explain --request`, from outside.

use std::process::{Command, Output};

use serde_json::{Value as Json, json};

const CONFIG: &str = "\
model_list:
  - model_name: m
    litellm_params: {model: openai/gpt-4o}
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: redis
    namespace: my.ns
";

fn run(config: &str, request: &str, more: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("config.yaml");
    std::fs::write(&path, config).expect("written");
    Command::new(env!("CARGO_BIN_EXE_redproof"))
        .args(["explain", path.to_str().expect("UTF-8"), "--request", request])
        .args(["--litellm", "1.109.1"])
        .args(more)
        .output()
        .expect("redproof runs")
}

/// The JSON, as its schema says.
fn answer(config: &str, request: &Json, more: &[&str]) -> Json {
    let more = [&["--format", "json"], more].concat();
    let output = run(config, &request.to_string(), &more);
    support::schema::read("explain-request", &output.stdout)["request"].clone()
}

#[test]
fn a_plain_request_is_cached() {
    let answer = answer(CONFIG, &json!({"model": "m"}), &[]);
    assert_eq!(answer["endpoint"], "/chat/completions");
    assert_eq!((&answer["served"], &answer["kept"]), (&json!(true), &json!(true)));
    assert_eq!(answer["read"], json!(["memory", "redis"]));
    assert_eq!(answer["key"], "my.ns:<sha256>");
    assert_eq!(answer["redis"]["seconds"], 60);
    assert_eq!(answer["in_model_list"], true);
}

#[test]
fn controls_count_as_litellm_takes_them() {
    let asked = |cache: Json| answer(CONFIG, &json!({"model": "m", "cache": cache}), &[]);
    let both = |answer: &Json| (answer["served"].as_bool(), answer["kept"].as_bool());
    assert_eq!(both(&asked(json!({"no-cache": true}))), (Some(false), Some(true)));
    assert_eq!(both(&asked(json!({"no-store": true}))), (Some(true), Some(false)));
    assert_eq!(both(&asked(json!({"no-store": "true"}))), (Some(true), Some(true)));
    assert_eq!(both(&asked(json!({"s-maxage": 0}))), (Some(false), Some(true)));
    assert_eq!(asked(json!({"ttl": 30}))["redis"]["seconds"], 30);
    assert_eq!(asked(json!({"ttl": "10m"}))["redis"], Json::Null);
    assert_eq!(asked(json!({"namespace": "t"}))["key"], "my.ns:t:<sha256>");
    let note = asked(json!({"no_store": true}))["notes"][0].clone();
    assert_eq!(note, "LiteLLM does not know no_store in cache: did you mean no-store?");
}

#[test]
fn the_body_tells_the_endpoint_unless_it_is_given() {
    let endpoint = |request: Json, more: &[&str]| {
        answer(CONFIG, &request, more)["endpoint"].as_str().map(str::to_owned)
    };
    assert_eq!(endpoint(json!({"input": "a"}), &[]).as_deref(), Some("/embeddings"));
    assert_eq!(
        endpoint(json!({"input": "a"}), &["--endpoint", "/v1/responses"]).as_deref(),
        Some("/responses")
    );
    assert_eq!(endpoint(json!({"prompt": "a"}), &[]).as_deref(), Some("/completions"));
}

#[test]
fn what_keeps_it_from_being_cached_is_named_with_its_place() {
    let config = CONFIG.replace("namespace: my.ns", "mode: defualt_off");
    let output = run(&config, r#"{"model": "x"}"#, &[]);
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(text.contains("/chat/completions to x: not cached"), "{text}");
    assert!(text.contains("a mode that LiteLLM does not know"), "{text}");
    assert!(text.contains("config.yaml:9:11"), "{text}");
    assert!(text.contains("model_list does not have it"), "{text}");
}

#[test]
fn a_proxy_that_does_not_start_serves_nothing() {
    let output = run("litellm_settings: {cache: true, cache_params: [1]}", "{}", &[]);
    assert_eq!(output.status.code(), Some(1));
    let output = run("litellm_settings: {cache: true, cache_params: {type: redis}}", "[", &[]);
    assert_eq!(output.status.code(), Some(2));
}
