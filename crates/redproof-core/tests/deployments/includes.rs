//! `include`: what LiteLLM 1.80.0 and 1.109.1 make of these files, asked of `ProxyConfig.get_config`.

use redproof_core::outcome::Startup;

use crate::common::{all, only, report};

const CACHE: &str =
    "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, port: 6379}\n";

/// The codes of what is found, and whether LiteLLM is known to start.
fn found(texts: &[(&str, &str)]) -> (Vec<&'static str>, bool) {
    let report = report(&only(texts), texts);
    let codes = report.diagnostics.iter().map(|one| one.code).collect();
    (codes, matches!(report.outcome.startup, Startup::Ok))
}

#[test]
fn what_a_config_includes_is_part_of_it() {
    for (name, path) in
        [("cache.yaml", "cache.yaml"), ("./cache.yaml", "cache.yaml"), ("sub/c.yaml", "sub/c.yaml")]
    {
        let config = format!("include: [{name}]\nmodel_list: []\n");
        let texts = [("config.yaml", config.as_str()), (path, CACHE)];
        let deployment = only(&texts);
        assert_eq!(texts[deployment.config].0, "config.yaml");
        let report = report(&deployment, &texts);
        assert_eq!(report.outcome.startup, Startup::Ok, "{name}");
        assert!(!report.outcome.clients.is_empty(), "{name}");
    }
    // A finding stands in the file that it is about.
    let texts = [
        ("config.yaml", "include: [cache.yaml]\n"),
        (
            "cache.yaml",
            "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: h, hots: x}\n",
        ),
    ];
    let report = report(&only(&texts), &texts);
    let unknown = report.diagnostics.iter().find(|one| one.code == "RP103").expect("RP103");
    let source = unknown.primary.span.expect("a place").source;
    assert_eq!(report.name(source), "cache.yaml");
}

#[test]
fn a_section_of_an_included_file_replaces_the_configs() {
    let config = format!("{CACHE}include: [more.yaml]\n");
    let texts = [
        ("config.yaml", config.as_str()),
        ("more.yaml", "litellm_settings: {drop_params: true}\n"),
    ];
    let report = report(&only(&texts), &texts);
    assert!(report.outcome.clients.is_empty());
    let lost = report.diagnostics.iter().find(|one| one.code == "RP211").expect("RP211");
    assert!(lost.message.contains("more.yaml"), "{}", lost.message);
    assert!(report.diagnostics.iter().all(|one| redproof_core::offered(&report, one).is_none()));
}

#[test]
fn what_releases_do_differently_is_not_known() {
    for (config, more) in [
        ("include: [m.yaml]\nmodel_list: {a: 1}\n", "model_list: [{model_name: b}]\n"),
        ("include: [m.yaml]\nmodel_list:\n", "model_list: [{model_name: b}]\n"),
        ("include: [m.yaml, m.yaml]\nmodel_list: []\n", "model_list: [{model_name: b}]\n"),
        ("include: [m.yaml, gone.yaml]\nmodel_list: []\n", "model_list: [{model_name: b}]\n"),
        ("include: [m.yaml]\nmodel_list: []\n", "- not a mapping\n"),
        ("include: [m.yaml]\nmodel_list: []\n", "include: [config.yaml]\nmodel_list: []\n"),
    ] {
        let texts = [("config.yaml", config), ("m.yaml", more)];
        let deployments = all(&texts);
        let deployment = deployments.found.first().expect("a deployment");
        let report = report(deployment, &texts);
        assert!(matches!(report.outcome.startup, Startup::Unknown(_)), "{config}{more}");
    }
}

#[test]
fn a_file_that_no_mount_brings_is_not_read() {
    let config = "include: [cache.yaml]\nmodel_list: []\n";
    let compose = |more: &str| {
        format!(
            "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.80.0-stable\n    command: --config /app/config.yaml\n    volumes: ['./config.yaml:/app/config.yaml'{more}]\n"
        )
    };
    let alone = compose("");
    let both = compose(", './cache.yaml:/app/cache.yaml'");
    let folder = both
        .replace("'./config.yaml:/app/config.yaml', './cache.yaml:/app/cache.yaml'", "'.:/app'");
    for (compose, starts) in [(&alone, false), (&both, true), (&folder, true)] {
        let texts = [("config.yaml", config), ("cache.yaml", CACHE), ("compose.yaml", compose)];
        assert_eq!(found(&texts).1, starts, "{compose}");
    }
}

#[test]
fn what_stands_in_the_config_itself_is_fixed_there() {
    let settings = "router_settings: {redis_host: h, redis_port: 6379, redis_hots: x}\n";
    let own = format!("include: [more.yaml]\n{settings}");
    let fixable = |texts: &[(&str, &str)]| {
        let report = report(&only(texts), texts);
        let fixes =
            report.diagnostics.iter().filter_map(|one| redproof_core::offered(&report, one));
        fixes.map(|fix| fix.edits.len()).sum::<usize>()
    };
    let models = "model_list: [{model_name: a, litellm_params: {model: openai/a}}]\n";
    assert!(fixable(&[("config.yaml", &own), ("more.yaml", models)]) > 0, "its own section");
    // What another file says is not the config's to change.
    let include = "include: [more.yaml]\nmodel_list: []\n";
    assert_eq!(fixable(&[("config.yaml", include), ("more.yaml", settings)]), 0);
}
