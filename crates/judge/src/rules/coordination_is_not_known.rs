use super::{Context, Example, Rule};
use base::diagnostic::{Diagnostic, Severity};
use simulate::trace::Why;

pub(super) static RULE: Rule = Rule {
    code: "RP210",
    name: "coordination-redis-is-not-known",
    severity: Severity::Error,
    summary: "This LiteLLM release does not know `general_settings.coordination_redis`.",
    why: "The section came with LiteLLM 1.93.0. Older releases ignore it: rate limits, spend and locks \
        use the response cache's Redis, or each pod's memory.",
    failing: Example::old("general_settings:\n  coordination_redis:\n    host: localhost\n"),
    mended: Example::new("general_settings:\n  coordination_redis:\n    host: localhost\n"),
    check,
};

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut dropped = context.dropped(&[Why::SectionNotKnown]);
    let Some((path, origin, _)) = dropped.next() else {
        return vec![];
    };
    let span = context.entry(path).and_then(|entry| entry.key.span());
    let message = format!("LiteLLM {} ignores `coordination_redis`.", context.pair.litellm);
    let found = RULE.at(span.or_else(|| context.span_of(origin)), message).label("ignored");
    vec![found.path(path).help("Use LiteLLM 1.93.0 or newer.")]
}
