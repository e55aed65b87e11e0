//! A few lines with aliases stand for a value of any size: whatever walks one visits each collection once, or stops.
//!
//! A walk that does not would never end here.

use redproof_core::deployment::deployments;
use redproof_core::export::{Format, Secrets};
use redproof_core::{
    NamedText, Releases, Selection, compare, connection_map, depends, explain, export, fix, gather,
    simulated,
};
use serde_json::json;
use support::Checking;

/// So many that no machine comes to their end: each holds the one before ten times.
const LEVELS: usize = 40;

const CACHE: &str = "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    port: 6379\n";

/// Anchored collections, and the last of them.
fn laughs(first: &str, each: &str) -> (String, String) {
    let mut text = format!("a0: &a0 {first}\n");
    for level in 1..LEVELS {
        let value = each.replace("OLD", &format!("*a{}", level - 1));
        text += &format!("a{level}: &a{level} {value}\n");
    }
    (text, format!("*a{}", LEVELS - 1))
}

fn kinds() -> [(&'static str, (String, String)); 4] {
    [
        ("lists", laughs("lol", "[OLD, OLD, OLD, OLD, OLD, OLD, OLD, OLD, OLD, OLD]")),
        ("mappings", laughs("{k: lol}", "{a: OLD, b: OLD, c: OLD, d: OLD, e: OLD, f: OLD}")),
        (
            "lists of mappings",
            laughs("{host: h, port: 1}", "[{host: OLD, port: OLD}, OLD, {k: OLD}]"),
        ),
        (
            "references",
            laughs("{host: os.environ/A}", "[{host: OLD, k: os.environ/A}, OLD, {k: OLD}]"),
        ),
    ]
}

fn configs() -> Vec<(String, String)> {
    let places = [
        ("nowhere", format!("{CACHE}last: BOMB\n")),
        ("cache_params", "litellm_settings:\n  cache: true\n  cache_params: BOMB\n".to_owned()),
        ("host", CACHE.replace("host: h", "host: BOMB")),
        ("unknown key", format!("{CACHE}    foo: BOMB\n")),
        ("namespace", format!("{CACHE}    namespace: BOMB\n    password: BOMB\n    ttl: BOMB\n")),
        ("cluster", format!("{CACHE}    redis_startup_nodes: BOMB\n")),
        ("sentinel", format!("{CACHE}    sentinel_nodes: BOMB\n    service_name: BOMB\n")),
        ("call types", format!("{CACHE}    supported_call_types: BOMB\n    mode: BOMB\n")),
        ("tls", format!("{CACHE}    ssl: BOMB\n    ssl_ca_certs: BOMB\n")),
        (
            "router",
            format!(
                "{CACHE}router_settings:\n  redis_host: BOMB\n  fallbacks: BOMB\n  model_group_alias: BOMB\n  cache_kwargs: BOMB\n  routing_strategy: BOMB\n"
            ),
        ),
        ("router_settings", format!("{CACHE}router_settings: BOMB\n")),
        (
            "general_settings",
            format!("{CACHE}general_settings:\n  master_key: BOMB\n  coordination_redis: BOMB\n"),
        ),
        (
            "coordination",
            format!(
                "{CACHE}general_settings:\n  coordination_redis: {{host: h, startup_nodes: BOMB}}\n"
            ),
        ),
        (
            "litellm_settings",
            format!("{CACHE}  callbacks: BOMB\n  default_in_memory_ttl: BOMB\n  foo: BOMB\n"),
        ),
        ("litellm_settings alone", "litellm_settings: BOMB\n".to_owned()),
        ("models", format!("{CACHE}model_list: BOMB\n")),
        (
            "a model",
            format!(
                "{CACHE}model_list:\n- model_name: a\n  litellm_params: BOMB\n  model_info: BOMB\n"
            ),
        ),
        ("variables", format!("{CACHE}environment_variables:\n  REDIS_HOST: BOMB\n  FOO: BOMB\n")),
        ("environment_variables", format!("{CACHE}environment_variables: BOMB\n")),
        ("include", format!("{CACHE}include: BOMB\n")),
    ];
    let mut configs = vec![];
    for (kind, (anchors, last)) in &kinds() {
        for (place, text) in &places {
            configs.push((
                format!("{kind} at {place}"),
                anchors.clone() + &text.replace("BOMB", last),
            ));
        }
    }
    configs
}

#[test]
fn every_face_ends() {
    let newest = Releases::default();
    for (name, text) in configs() {
        // What does not end is the last one that was named.
        println!("{name}");
        let checking = Checking::new(&*text).files([(".env", "A=b\n")]);
        let report = checking.report();
        let _connections = explain(&report, true);
        let _map = connection_map(&report);
        let _unknown = depends(&report);
        let old = checking.clone().on_litellm("1.80.0");
        let _upgrade = old.with(|input| compare(input, newest));
        let _fixed = checking.with(|input| fix(input, &Selection::default()));
        for format in [Format::Compose, Format::Kubernetes, Format::RedisConf] {
            let _files = checking.with(|input| export(input, format, Secrets::Placeholders));
        }
        let case = json!({
            "id": "1", "config": text, "env": { "A": "b" },
            "litellm": report.pair.litellm.to_string(), "redis_py": report.pair.redis_py.to_string(),
        });
        let line = simulated::run_line(&case.to_string(), true);
        assert!(line.len() < 3_000_000, "{name}: {} bytes are simulated", line.len());
    }
}

#[test]
fn every_form_of_deployment_ends() {
    let forms = [
        (
            "compose.yaml",
            "services:\n  litellm: {image: litellm, command: BOMB, environment: BOMB, volumes: BOMB}\n  redis: BOMB\n",
        ),
        ("compose.yaml", "services: BOMB\n"),
        (
            "pod.yaml",
            "kind: Pod\nspec:\n  containers:\n  - {image: litellm, env: BOMB, args: BOMB, volumeMounts: BOMB}\n  volumes: BOMB\n",
        ),
        ("configmap.yaml", "kind: ConfigMap\ndata: BOMB\n"),
        ("secret.yaml", "kind: Secret\nstringData: BOMB\n"),
        (
            "values.yaml",
            "image: {repository: litellm, tag: v1.80.0}\nproxy_config: BOMB\nenvVars: BOMB\nredis: BOMB\n",
        ),
        (
            "kustomization.yaml",
            "resources: BOMB\nconfigMapGenerator: BOMB\nimages: BOMB\npatches: BOMB\n",
        ),
        (
            "release.yaml",
            "kind: HelmRelease\nspec: {chart: BOMB, values: BOMB, valuesFrom: BOMB}\n",
        ),
        (
            "application.yaml",
            "kind: Application\nspec: {source: {helm: {valuesObject: BOMB, parameters: BOMB}}}\n",
        ),
        ("list.yaml", "kind: List\nitems: BOMB\n"),
        ("run.yaml", "kind: Service\nspec: {template: {spec: {containers: BOMB}}}\n"),
        (
            "task.yaml",
            "Resources: {T: {Type: AWS::ECS::TaskDefinition, Properties: {ContainerDefinitions: BOMB}}}\n",
        ),
        ("render.yaml", "services: BOMB\nenvVarGroups: BOMB\n"),
        ("any.yaml", "any: BOMB\n"),
    ];
    let config = NamedText { name: "config.yaml".to_owned(), text: CACHE.to_owned() };
    for (anchors, last) in kinds().map(|(_, laughs)| laughs) {
        for (name, text) in forms {
            println!("{name}: {text}");
            let text = anchors.clone() + &text.replace("BOMB", &last);
            let file = NamedText { name: name.to_owned(), text };
            let _environment = gather(std::slice::from_ref(&file), &[], true);
            let _deployments = deployments(&[config.clone(), file]);
        }
    }
}
