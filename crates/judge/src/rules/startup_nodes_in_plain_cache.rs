use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::cure::Cure;
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use deployment::environment::VariableValue;
use simulate::outcome::{ClientKind, Consumer, Knowable};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP502",
    name: "startup-nodes-in-plain-cache",
    category: Category::Topology,
    severity: Severity::Warning,
    summary: "`startup_nodes` gives a cluster client inside a cache that does not know it is a cluster.",
    why: "`cache_params` names a cluster's nodes in `redis_startup_nodes`; then LiteLLM builds its \
        `RedisClusterCache`. With `startup_nodes` it builds a plain `RedisCache` around a cluster \
        client: operations on several keys fail with CROSSSLOT, and rate limits don't take the \
        cluster's path. Older releases do the same where `REDIS_CLUSTER_NODES` alone names the nodes.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    startup_nodes:
      - host: localhost
        port: 7000
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    redis_startup_nodes:
      - host: localhost
        port: 7000
",
    ),
    cases: &[
        raises("litellm_settings: {cache: true, cache_params: {type: redis}}\n")
            .env(NODES)
            .on("1.80.0", "5.3.1")
            .says(&["REDIS_CLUSTER_NODES", "`redis_startup_nodes`", "LiteLLM 1.82.1 or newer"]),
        silent("litellm_settings: {cache: true, cache_params: {type: redis}}\n").env(NODES),
        silent(
            "litellm_settings: {cache: true, cache_params: {type: redis, redis_startup_nodes: [{host: c, port: 1}]}}\n",
        )
        .env(NODES)
        .on("1.80.0", "5.3.1"),
    ],
    check,
};

const NODES: &str = "REDIS_CLUSTER_NODES=[{\"host\": \"c\", \"port\": 7000}]\n";
const VARIABLE: &str = "REDIS_CLUSTER_NODES";

fn check(context: &Context<'_>) -> Vec<Finding> {
    let path = "litellm_settings.cache_params.startup_nodes";
    let plain = matches!(&context.outcome.response_cache, Some(Knowable::Known(class)) if class == "RedisCache");
    if !plain {
        return vec![];
    }
    let Some(entry) = context.entry(path).filter(|entry| !entry.value.is_none()) else {
        return by_variable(context).into_iter().collect();
    };
    let rename = Operation::Rename { path: path.to_owned(), to: "redis_startup_nodes".to_owned() };
    let message = "LiteLLM builds a plain RedisCache around this cluster, not a RedisClusterCache.";
    vec![
        RULE.at(entry.key.span(), message)
            .label("should be redis_startup_nodes")
            .path(path)
            .help("Write `redis_startup_nodes`.")
            .fix(context.fix(
                "Rename startup_nodes to redis_startup_nodes",
                Safety::Safe,
                &[rename],
            )),
    ]
}

/// The same, where the variable names the cluster.
fn by_variable(context: &Context<'_>) -> Option<Finding> {
    let of_cluster = context.outcome.clients.iter().any(|client| {
        client.consumer == Consumer::Response && client.kind == ClientKind::RedisCluster
    });
    let variable = context.environment.get(VARIABLE).filter(|_| of_cluster)?;
    let message = format!(
        "LiteLLM builds a plain RedisCache around the cluster that {VARIABLE} names, not a RedisClusterCache."
    );
    let found = RULE.at(variable.span, message).label("not seen by the cache");
    let path = "litellm_settings.cache_params.redis_startup_nodes";
    let written = match &variable.value {
        VariableValue::Known(text) => serde_json::from_str(text.reveal()).ok(),
        VariableValue::Unknown(_) => None,
    };
    let cure = written.map(|value| {
        let set = Operation::Set { path: path.to_owned(), value };
        Cure::edit("Write the nodes as `redis_startup_nodes` under `cache_params`.", vec![set])
    });
    let found = context.cured_by(&CHECK, found, cure);
    let releases = context.other_releases(&CHECK, &found);
    Some(releases.into_iter().fold(found, Finding::cure))
}
