use super::{Context, Example, Rule};
use base::diagnostic::{Diagnostic, Safety, Severity};
use simulate::outcome::Knowable;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP502",
    name: "startup-nodes-in-plain-cache",
    severity: Severity::Warning,
    summary: "`startup_nodes` gives a cluster client inside a cache that does not know it is a cluster.",
    why: "`cache_params` names a cluster's nodes in `redis_startup_nodes`; then LiteLLM builds its \
        `RedisClusterCache`. With `startup_nodes` it builds a plain `RedisCache` around a cluster \
        client: operations on several keys fail with CROSSSLOT, and rate limits don't take the \
        cluster's path.",
    failing: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    startup_nodes:\n      - host: localhost\n        port: 7000\n",
    ),
    mended: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    redis_startup_nodes:\n      - host: localhost\n        port: 7000\n",
    ),
    check,
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
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
