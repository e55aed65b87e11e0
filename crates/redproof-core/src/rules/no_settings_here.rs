use super::{Context, Example, Rule, kept};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{SourceId, Span};

pub(super) static RULE: Rule = Rule {
    code: "RP212",
    name: "no-settings-here",
    severity: Severity::Warning,
    summary: "The file is not a LiteLLM config: LiteLLM reads nothing of it.",
    why: kept(
        "LiteLLM takes any mapping for its config and starts. Of a Deployment, a compose file or a \
        part of a config it knows no key, and says nothing. What a manifest sets belongs to the \
        environment: give it beside the config.",
    ),
    failing: Example::new(
        "services:\n  litellm:\n    image: litellm\n    environment:\n      REDIS_HOST: redis\n",
    ),
    mended: Example::new("litellm_settings:\n  cache: false\n"),
    check,
};

/// Where a config says something of Redis, itself or by what it includes.
const SECTIONS: [&str; 6] = [
    "litellm_settings",
    "router_settings",
    "general_settings",
    "environment_variables",
    "model_list",
    "include",
];

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let entries = context.entries("");
    let has = |names: &[&str]| {
        entries.iter().any(|one| one.key.as_str().is_some_and(|key| names.contains(&key)))
    };
    // The rule on misplaced cache settings speaks of these.
    let misplaced = ["cache", "cache_params", "cache_type", "redis", "redis_settings"];
    if entries.is_empty() || !context.starts() || has(&SECTIONS) || has(&misplaced) {
        return vec![];
    }
    let (message, help, severity) = if has(&["apiVersion"]) && has(&["kind"]) {
        (
            "This manifest holds no LiteLLM config.",
            "Put it beside the config, where it sets LiteLLM's environment.",
            Severity::Warning,
        )
    } else if has(&["services"]) {
        (
            "This compose file holds no LiteLLM config.",
            "Put it beside the config, where it sets LiteLLM's environment.",
            Severity::Warning,
        )
    } else {
        (
            "LiteLLM reads nothing of Redis here: there is no section of its config.",
            "Write the settings under `litellm_settings`, `router_settings` or `general_settings`.",
            Severity::Hint,
        )
    };
    let start = Span::new(SourceId::CONFIG, 0, 0);
    let span = entries.first().and_then(|first| first.key.span()).unwrap_or(start);
    vec![RULE.at(Some(span), message).severity(severity).help(help)]
}
