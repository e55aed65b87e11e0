use serde_json::json;

use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Aspect, Category, Rule};
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP205",
    name: "cache-type-is-missing",
    category: Category::NoEffect,
    aspects: &[Aspect::Cached],
    severity: Severity::Error,
    summary: "`cache_params` has keys but no `type`: the cache is in memory, not in Redis.",
    why: "With no `cache_params` at all LiteLLM takes Redis from `REDIS_*`. With any key in it and no \
        `type`, the type is `local`: each process keeps its own cache in memory, and Redis settings, \
        in the config or in the environment, are not used.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    mode: default_off
    ttl: 60
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    mode: default_off
    ttl: 60
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let path = "litellm_settings.cache_params";
    let Some(entry) = context.entry(path) else {
        return vec![];
    };
    let on = matches!(
        context.value("litellm_settings.cache").map(|cache| &cache.data),
        Some(python::Data::Bool(true))
    );
    let filled = entry.value.as_dict().is_some_and(|dict| !dict.entries.is_empty());
    if !on || !filled || context.entry("litellm_settings.cache_params.type").is_some() {
        return vec![];
    }
    let set = Operation::Set { path: format!("{path}.type"), value: json!("redis") };
    let message = "LiteLLM caches in each process's memory: `cache_params` has no `type`, and then the type is `local`.";
    vec![
        RULE.at(entry.key.span(), message)
            .label("no `type` in here")
            .path(path)
            .help("Add `type: redis`, or `type: local` to say that memory is meant.")
            .fix(context.fix("Add type: redis", Safety::Unsafe, &[set])),
    ]
}
