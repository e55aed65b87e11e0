use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use facts::{DEAD_VARIABLES, DeadVariable};
use simulate::outcome::Knowable;

pub(super) static RULE: Rule = Rule {
    code: "RP213",
    name: "dead-variable",
    category: Category::Environment,
    severity: Severity::Warning,
    summary: "A variable is set for LiteLLM's cache that LiteLLM does not read.",
    why: "Documents and blogs name variables such as LITELLM_CACHE_TYPE, and services set URLs of their \
        own. LiteLLM reads none of them: the cache is turned on in the config alone, and Redis is named \
        there or by `REDIS_*`.",
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
    port: 6379
",
    )
    .env("LITELLM_CACHE_TYPE=redis\n"),
    fixed: Example::new(
        r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let class = match &context.outcome.response_cache {
        Some(Knowable::Known(class)) => Some(class.as_str()),
        _ => None,
    };
    let mut found = vec![];
    for dead in DEAD_VARIABLES {
        let Some(variable) = context.environment.get(dead.name) else { continue };
        if dead.is_read(context.pair, class) || is_referenced(context, dead) {
            continue;
        }
        let message = match dead.read_by {
            Some(_) => format!("LiteLLM reads {} only for a valkey-semantic cache.", dead.name),
            None => format!("No LiteLLM release reads {}.", dead.name),
        };
        let diagnostic = RULE.at(variable.span, message).label("has no effect");
        found.push(diagnostic.help(dead.instead));
    }
    found
}

/// Whether the config names the variable itself.
fn is_referenced(context: &Context<'_>, dead: &DeadVariable) -> bool {
    let reference = format!("os.environ/{}", dead.name);
    context.sources.first().is_some_and(|source| source.text.contains(&reference))
}
