use serde_json::json;

use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Aspect, Category, Rule};
use simulate::trace::DropReason;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP204",
    name: "cache-is-off",
    category: Category::NoEffect,
    aspects: &[Aspect::Cached],
    severity: Severity::Warning,
    summary: "`cache_params` has no effect, since `cache` is not true.",
    why: "LiteLLM looks at `cache_params` only when `litellm_settings.cache` is the boolean `true`. \
        Without it there is no response cache, and rate limits and spend are kept in each pod's \
        memory unless another section names a Redis.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
litellm_settings:
  cache_params:
    type: local
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: local
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some((path, origin, _)) = context.dropped(&[DropReason::CacheIsOff]).next() else {
        return vec![];
    };
    if !context.starts() {
        return vec![];
    }
    let off = context.entry("litellm_settings.cache");
    let mut found = RULE
        .at(context.span_of(origin), "LiteLLM ignores `cache_params`: `cache` is not `true`.")
        .label("has no effect")
        .path(path);
    if let Some(entry) = off {
        found = found.related(context.span_of(&entry.value.origin), "this turns the cache off");
        return vec![found.severity(Severity::Hint)];
    }
    let set = Operation::Set { path: "litellm_settings.cache".to_owned(), value: json!(true) };
    vec![found.help("Add `cache: true` beside it.").fix(context.fix(
        "Add cache: true",
        Safety::Unsafe,
        &[set],
    ))]
}
