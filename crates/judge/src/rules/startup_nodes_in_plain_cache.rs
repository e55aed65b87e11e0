use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use simulate::outcome::Knowable;
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
        cluster's path.",
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
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let path = "litellm_settings.cache_params.startup_nodes";
    let plain = matches!(&context.outcome.response_cache, Some(Knowable::Known(class)) if class == "RedisCache");
    let Some(entry) = context.entry(path).filter(|entry| plain && !entry.value.is_none()) else {
        return vec![];
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
