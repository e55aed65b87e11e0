//! What managed services demand, and variables that LiteLLM does not read.

use redproof_core::releases::DEAD_VARIABLES;
use support::Checking;

/// The family's findings in a config on a release pair.
fn codes_on(config: &str, variables: &[(&str, &str)], pair: (&str, &str)) -> Vec<&'static str> {
    const FAMILY: [&str; 9] =
        ["RP213", "RP310", "RP504", "RP505", "RP506", "RP507", "RP602", "RP603", "RP101"];
    let checking = Checking::new(config).variables(variables.iter().copied()).on(pair.0, pair.1);
    checking.codes().into_iter().filter(|code| FAMILY.contains(code)).collect()
}

fn codes(params: &str) -> Vec<&'static str> {
    let config =
        format!("litellm_settings:\n  cache: true\n  cache_params: {{type: redis, {params}}}\n");
    codes_on(&config, &[], ("1.109.1", "8.1.0"))
}

#[test]
fn services_demand_what_they_demand() {
    let cases: &[(&str, &[&str])] = &[
        // ElastiCache
        ("host: x-a.serverless.use1.cache.amazonaws.com, port: 6379, ssl: true", &["RP504"]),
        ("host: x-a.serverless.use1.cache.amazonaws.com, port: 6379", &["RP310", "RP504"]),
        (
            "host: x-a.serverless.use1.cache.amazonaws.com, port: 6380, ssl: true",
            &["RP504", "RP507"],
        ),
        (
            "host: x-a.serverless.use1.cache.amazonaws.com, port: 6379, ssl: true, db: 3",
            &["RP504", "RP505"],
        ),
        ("host: x-a.serverless.use1.cache.amazonaws.com, port: 6379, ssl: true, db: 0", &["RP504"]),
        (
            "redis_startup_nodes: [{host: x-a.serverless.use1.cache.amazonaws.com, port: 6379}], ssl: true",
            &[],
        ),
        ("host: clustercfg.x.a.use1.cache.amazonaws.com, port: 6379, ssl: true", &["RP504"]),
        (
            "redis_startup_nodes: [{host: clustercfg.x.a.use1.cache.amazonaws.com, port: 6379}], ssl: true",
            &[],
        ),
        (
            "redis_startup_nodes: [{host: clustercfg.x.a.use1.cache.amazonaws.com, port: 6379}]",
            &["RP310"],
        ),
        ("host: master.x.a.use1.cache.amazonaws.com, port: 6379, ssl: true, db: 3", &[]),
        (
            "redis_startup_nodes: [{host: master.x.a.use1.cache.amazonaws.com, port: 6379}], ssl: true",
            &["RP504"],
        ),
        ("host: replica.x.a.use1.cache.amazonaws.com, port: 6379, ssl: true", &["RP506"]),
        ("host: x-ro.a.ng.0001.use1.cache.amazonaws.com, port: 6379, ssl: true", &["RP506"]),
        ("host: x.a.ng.0001.use1.cache.amazonaws.com, port: 6379, ssl: true", &[]),
        ("url: \"redis://x.a.ng.0001.use1.cache.amazonaws.com:6379\"", &["RP310"]),
        ("url: \"rediss://x.a.ng.0001.use1.cache.amazonaws.com:6379\"", &[]),
        // Azure
        ("host: x.redis.cache.windows.net, port: 6380, ssl: true, password: p", &[]),
        ("host: x.redis.cache.windows.net, port: 6380, password: p", &["RP310"]),
        ("host: x.redis.cache.windows.net, port: 6379, ssl: true, password: p", &["RP507"]),
        ("host: x.redis.cache.windows.net, port: 6380, ssl: true", &["RP602"]),
        ("host: x.redis.cache.windows.net, port: 6380, ssl: true, azure_redis_ad_token: true", &[]),
        (
            "host: x.eastus.redis.azure.net, port: 10000, ssl: true, password: p, db: 1",
            &["RP504", "RP505"],
        ),
        ("host: x.eastus.redis.azure.net, port: 6380, ssl: true, password: p", &["RP504", "RP507"]),
        (
            "redis_startup_nodes: [{host: x.eastus.redis.azure.net, port: 10000}], ssl: true, password: p",
            &[],
        ),
        // Others
        ("host: x.upstash.io, port: 6379, password: p, ssl: true", &[]),
        ("host: x.upstash.io, port: 6379, password: p", &["RP310"]),
        (
            "redis_startup_nodes: [{host: x.upstash.io, port: 6379}], password: p, ssl: true",
            &["RP504"],
        ),
        (
            "host: redis-1.c1.us-east-1-2.ec2.redns.redis-cloud.com, port: 6379, ssl: true, password: p",
            &["RP507"],
        ),
        (
            "host: redis-1.c1.us-east-1-2.ec2.redns.redis-cloud.com, port: 12345, ssl: true, password: p",
            &[],
        ),
        ("host: x.aivencloud.com, port: 12345, password: p", &["RP310"]),
        ("host: x.db.ondigitalocean.com, port: 6379, ssl: true, password: p", &["RP507"]),
        ("host: roundhouse.proxy.rlwy.net, port: 12345, ssl: true, password: p", &["RP310"]),
        ("host: oregon-keyvalue.render.com, port: 6379, password: p", &["RP310"]),
        (
            "redis_startup_nodes: [{host: clustercfg.x.a.memorydb.us-east-1.amazonaws.com, port: 6379}], ssl: true",
            &[],
        ),
        // Nobody's
        ("host: redis, port: 6379, db: 3", &[]),
        ("host: upstash.io.example.com, port: 1, db: 3", &[]),
    ];
    let wrong: Vec<_> = cases
        .iter()
        .map(|(params, wanted)| (params, codes(params), wanted))
        .filter(|(_, found, wanted)| found != *wanted)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_service_account_has_one_form() {
    let of = |account: &str| {
        codes(&format!(
            "redis_startup_nodes: [{{host: 10.0.0.2, port: 6379}}], ssl: true, gcp_service_account: \"{account}\""
        ))
    };
    assert_eq!(of("projects/-/serviceAccounts/a@b.iam.gserviceaccount.com"), [""; 0]);
    assert_eq!(of("projects/b/serviceAccounts/a@b.iam.gserviceaccount.com"), [""; 0]);
    assert_eq!(of("a@b.iam.gserviceaccount.com"), ["RP603"]);
    assert_eq!(of("principal://iam.googleapis.com/projects/1/locations/global/x"), ["RP603"]);
}

#[test]
fn dead_variables_are_named_unless_the_config_does() {
    let plain = "litellm_settings: {cache: true, cache_params: {type: redis, host: h, port: 1}}\n";
    let new = ("1.109.1", "8.1.0");
    for dead in DEAD_VARIABLES {
        assert_eq!(codes_on(plain, &[(dead.name, "x")], new), ["RP213"], "{}", dead.name);
        let named = plain.replace("host: h", &format!("host: os.environ/{}", dead.name));
        assert_eq!(codes_on(&named, &[(dead.name, "x")], new), [""; 0], "{}", dead.name);
    }
    assert_eq!(codes_on(plain, &[("LITELLM_LOG", "DEBUG")], new), [""; 0]);
}
