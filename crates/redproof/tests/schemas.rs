//! The committed JSON Schemas are those of the catalogue, and they judge configs rightly.

use std::fs;
use std::path::{Path, PathBuf};

use redproof_core::catalogue::schema;
use redproof_core::releases::{Pair, Version};
use serde_json::{Value as Json, json};

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
fn committed() -> Vec<(PathBuf, String)> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas");
    let text = |pair| format!("{}\n", schema(pair));
    let mut all: Vec<_> = lines()
        .map(|release| {
            let (major, minor) = release.line();
            (format!("litellm-{major}.{minor}.json"), text(pair(&release.to_string())))
        })
        .collect();
    let newest = Pair::newest().litellm.to_string();
    all.push(("litellm-latest.json".to_owned(), text(pair(&newest))));
    all.into_iter().map(|(name, text)| (directory.join(name), text)).collect()
}

#[test]
fn committed_schemas_are_up_to_date() {
    let rewrite = std::env::var_os("REDPROOF_UPDATE").is_some();
    for (path, text) in committed() {
        if rewrite {
            fs::create_dir_all(path.parent().expect("a directory")).expect("create schemas/");
            fs::write(&path, &text).expect("write the schema");
        }
        let held = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            held == text,
            "{} is stale: run REDPROOF_UPDATE=1 cargo test -p redproof --test schemas",
            path.display()
        );
    }
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
