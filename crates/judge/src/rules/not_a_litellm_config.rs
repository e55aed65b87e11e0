use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use base::source::{SourceId, Span};

pub(super) static RULE: Rule = Rule {
    code: "RP212",
    name: "not-a-litellm-config",
    former_names: &["no-settings-here"],
    category: Category::NoEffect,
    severity: Severity::Warning,
    summary: "The file is not a LiteLLM config: LiteLLM reads nothing in it.",
    why: "LiteLLM takes any mapping for its config and starts. Of a Deployment, a compose file or a \
        part of a config it knows no key, and says nothing. What a manifest sets belongs to the \
        environment: give it beside the config.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
services:
  litellm:
    image: litellm
    environment:
      REDIS_HOST: redis
",
    ),
    fixed: Example::new(
        r"
litellm_settings:
  cache: false
",
    ),
    cases: &[
        raises(
            r"
apiVersion: apps/v1
kind: Deployment
metadata: {name: litellm}
",
        ),
        raises(
            r"
services:
  redis: {image: redis}
",
        ),
        raises(
            r"
type: redis
host: localhost
",
        ),
        silent(
            r"
model_list: []
",
        ),
        silent(
            r"
include: [other.yaml]
",
        ),
        silent(
            r"
mcp_servers: {}
",
        ),
        silent(
            r"
cache: true
",
        ),
        silent(
            r"
{}
",
        ),
    ],
    check,
};

/// The keys of a config that LiteLLM reads (`litellm/proxy/proxy_server.py`, `load_config` and what it
/// calls, 1.80.0 and 1.109.1).
const KEYS: [&str; 24] = [
    "litellm_settings",
    "router_settings",
    "general_settings",
    "environment_variables",
    "model_list",
    "include",
    "agent_list",
    "agents",
    "assistant_settings",
    "callback_settings",
    "credential_list",
    "default_vertex_config",
    "files_settings",
    "finetune_settings",
    "guardrails",
    "mcp_servers",
    "mcp_tools",
    "policies",
    "policy_attachments",
    "prompts",
    "sandbox_tools",
    "search_tools",
    "vector_store_registry",
    "worker_registry",
];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let entries = context.entries("");
    let has = |names: &[&str]| {
        entries.iter().any(|one| one.key.as_str().is_some_and(|key| names.contains(&key)))
    };
    // The rule on misplaced cache settings speaks of these.
    let misplaced = ["cache", "cache_params", "cache_type", "redis", "redis_settings"];
    if entries.is_empty() || !context.starts() || has(&KEYS) || has(&misplaced) {
        return vec![];
    }
    let start = Span::new(SourceId::CONFIG, 0, 0);
    let span = entries.first().and_then(|first| first.key.span()).unwrap_or(start);
    let found =
        RULE.at(Some(span), "LiteLLM reads nothing in this file: it knows none of its keys.");
    let help = "Put a manifest or a compose file beside the config: it sets the environment. A config's settings are in its sections, such as `litellm_settings`.";
    vec![found.help(help)]
}
