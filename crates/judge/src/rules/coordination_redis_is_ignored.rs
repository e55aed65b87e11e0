use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Aspect, Category, Rule};
use simulate::trace::DropReason;

pub(super) static RULE: Rule = Rule {
    code: "RP210",
    name: "coordination-redis-is-ignored",
    former_names: &["coordination-redis-is-not-known"],
    category: Category::NoEffect,
    aspects: &[Aspect::Shared],
    severity: Severity::Error,
    summary: "This LiteLLM release does not know `general_settings.coordination_redis`.",
    why: "The section came with LiteLLM 1.93.0. Older releases ignore it: rate limits, spend and locks \
        use the response cache's Redis, or each pod's memory.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::old(
        r"
general_settings:
  coordination_redis:
    host: localhost
",
    ),
    fixed: Example::new(
        r"
general_settings:
  coordination_redis:
    host: localhost
",
    ),
    cases: &[],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut dropped = context.dropped(&[DropReason::SectionNotKnown]);
    let Some((path, origin, _)) = dropped.next() else {
        return vec![];
    };
    let span = context.entry(path).and_then(|entry| entry.key.span());
    let message = format!("LiteLLM {} ignores `coordination_redis`.", context.pair.litellm);
    let found = RULE.at(span.or_else(|| context.span_of(origin)), message).label("ignored");
    vec![found.path(path).help("Use LiteLLM 1.93.0 or newer.")]
}
