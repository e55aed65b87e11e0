use super::{Context, Example, Rule};
use base::diagnostic::{Diagnostic, Severity};
use simulate::trace::Why;

pub(super) static RULE: Rule = Rule {
    code: "RP402",
    name: "environment-url-without-effect",
    severity: Severity::Hint,
    summary: "REDIS_URL is set and not used: the config names a target.",
    why: "From LiteLLM 1.93.0 on a host, `startup_nodes` or `sentinel_nodes` in the config beats \
        `REDIS_URL`. Older releases do the opposite, so that the same files connect elsewhere.",
    failing: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6380\n",
    )
    .env("REDIS_URL=redis://localhost:6379\n"),
    mended: Example::new(
        "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: localhost\n    port: 6380\n",
    ),
    check,
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let Some((_, origin, _)) = context.dropped(&[Why::ConfiguredTargetReplacesUrl]).next() else {
        return vec![];
    };
    let message = "LiteLLM does not use REDIS_URL here: the config names a target. Releases before 1.93.0 would use it.";
    vec![RULE.at(context.span_of(origin), message).label("not used")]
}
