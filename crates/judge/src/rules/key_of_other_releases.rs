use super::case::{raises, silent};
use super::written_keys::{Written, written};
use super::{Check, Context, Example, other_releases};
use base::cure::Cure;
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use facts::Version;

pub(super) static RULE: Rule = Rule {
    code: "RP216",
    name: "key-of-other-releases",
    category: Category::NoEffect,
    severity: Severity::Warning,
    summary: "This LiteLLM release does not know a section or setting that others know.",
    why: "A release skips what it does not know yet, or no longer, without a word. Which releases know a key \
        was read from LiteLLM's published wheels.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::old("general_settings:\n  fail_closed_rate_limit_enforcement: true\n"),
    fixed: Example::new("general_settings:\n  fail_closed_rate_limit_enforcement: true\n"),
    cases: &[
        raises("litellm_settings:\n  enable_redis_auth_cache: true\n")
            .on("1.80.0", "5.3.1")
            .says(&["LiteLLM 1.84.0 and newer"])
            .severity(Severity::Warning),
        silent("litellm_settings:\n  enable_redis_auth_cache: true\n"),
        // The rule on coordination_redis says it.
        silent("general_settings:\n  coordination_redis:\n    host: localhost\n")
            .on("1.80.0", "5.3.1"),
        silent("litellm_settings:\n  drop_params: true\n").on("1.61.1", "5.2.1"),
    ],
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    written(context).filter_map(|key| unknown(context, &key)).collect()
}

fn unknown(context: &Context<'_>, key: &Written<'_>) -> Option<Finding> {
    let Written { place, name, .. } = *key;
    let renamed = place.respelled(name, context.pair).is_some();
    if renamed || name == "coordination_redis" {
        return None;
    }
    let others = place.other_releases(name, context.pair)?;
    let litellm = context.pair.litellm;
    let message = format!("LiteLLM {litellm} does not read `{name}` {}.", place.words());
    let found = RULE
        .at(key.entry.key.span(), message)
        .label("has no effect on this release")
        .path(key.path())
        .help(other_releases::in_words(others, context.pair)?);
    let newer = others.since.filter(|since| *since > litellm).map(newer);
    Some(context.cured_by(&CHECK, found, newer))
}

fn newer(since: Version) -> Cure {
    Cure::Release { software: "LiteLLM", release: since.to_string(), newer: true }
}
