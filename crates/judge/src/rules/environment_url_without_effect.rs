use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use simulate::trace::DropReason;

pub(super) static RULE: Rule = Rule {
    code: "RP402",
    name: "environment-url-without-effect",
    category: Category::Precedence,
    severity: Severity::Hint,
    summary: "REDIS_URL is set and not used: the config names a target.",
    why: "From LiteLLM 1.93.0 on a host, `startup_nodes` or `sentinel_nodes` in the config beats \
        `REDIS_URL`. Older releases do the opposite, so that the same files connect elsewhere.",
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
    host: localhost
    port: 6380
",
    )
    .env("REDIS_URL=redis://localhost:6379\n"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6380
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some((_, origin, _)) = context.dropped(&[DropReason::ConfiguredTargetReplacesUrl]).next()
    else {
        return vec![];
    };
    let message = "LiteLLM does not use REDIS_URL here: the config names a target. Releases before 1.93.0 would use it.";
    vec![RULE.at(context.span_of(origin), message).label("not used")]
}
