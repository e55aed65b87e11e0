use serde_json::json;

use super::case::raises;
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Aspect, Category, Rule};
use simulate::trace::DropReason;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP203",
    name: "router-redis-is-incomplete",
    category: Category::NoEffect,
    aspects: &[Aspect::Shared],
    severity: Severity::Error,
    summary: "The router gets no Redis of its own: the settings are not complete.",
    why: "The router builds its Redis only from `redis_url`, or from `redis_host` and `redis_port` \
        together. With one of the two missing it is not built, and nothing says so. `cache_kwargs` \
        alone has no effect either.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
router_settings:
  redis_host: localhost
",
    ),
    fixed: Example::new(
        r"
router_settings:
  redis_host: localhost
  redis_port: 6379
",
    ),
    cases: &[raises(
        "router_settings: {cache_responses: true, cache_kwargs: {type: disk, disk_cache_dir: /tmp/c}}\n",
    )
    .says(&["a cache in memory"])],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let dropped: Vec<_> = context.dropped(&[DropReason::RouterHasNoTarget]).collect();
    let Some((path, origin, _)) = dropped.first() else {
        return vec![];
    };
    let names: Vec<&str> =
        dropped.iter().map(|(path, ..)| path.rsplit('.').next().unwrap_or("")).collect();
    let listed = names.join("`, `");
    let span = context.entry(path).and_then(|entry| entry.key.span());
    let span = span.or_else(|| context.span_of(origin));
    let only_host = names.contains(&"redis_host") && !names.contains(&"redis_port");
    let missing = if only_host { "`redis_port` is missing" } else { "`redis_host` is missing" };
    let message = format!("LiteLLM builds no Redis for the router from `{listed}`: {missing}.");
    let found = RULE.at(span, message).label("has no effect").path(*path);
    if !only_host {
        let elsewhere = context.value("router_settings.cache_kwargs.type");
        let elsewhere = elsewhere.and_then(python::Value::as_str).is_some_and(|one| one != "redis");
        let help = if elsewhere {
            "To cache answers elsewhere than in Redis, write `litellm_settings.cache: true` with `cache_params`: \
             without a Redis the router's `cache_responses` is a cache in memory, whatever `type` says."
        } else {
            "Set `redis_host` and `redis_port`, or `redis_url`."
        };
        return vec![found.help(help)];
    }
    let set = Operation::Set { path: "router_settings.redis_port".to_owned(), value: json!(6379) };
    vec![found.help("Set `redis_port` too.").fix(context.fix(
        "Add redis_port: 6379",
        Safety::Unsafe,
        &[set],
    ))]
}
