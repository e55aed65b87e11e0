use super::{Context, Example, Rule, kept};
use crate::diagnostic::{Diagnostic, Safety, Severity};
use crate::document::patch::Operation;
use crate::python::Value;
use crate::simulate::json::value_json;

pub(super) static RULE: Rule = Rule {
    code: "RP202",
    name: "misplaced-cache-settings",
    severity: Severity::Error,
    summary: "Cache settings stand where LiteLLM does not look for them.",
    why: kept(
        "LiteLLM reads the cache from `litellm_settings.cache` and `litellm_settings.cache_params` \
        alone. The same keys at the top level, under `general_settings` or under `router_settings` \
        are ignored without a word, and the proxy runs without the cache.",
    ),
    failing: Example::new("general_settings:\n  cache: true\n"),
    mended: Example::new("litellm_settings:\n  cache: true\n  cache_params:\n    type: local\n"),
    check,
};

/// Where these keys have no effect, and the keys.
const WRONG: &[(&str, &[&str])] = &[
    ("", &["cache", "cache_params", "cache_type", "redis", "redis_settings", "cache_settings"]),
    (
        "general_settings",
        &[
            "cache",
            "cache_params",
            "cache_type",
            "cache_host",
            "cache_port",
            "redis_host",
            "redis_port",
            "redis_password",
            "redis_url",
            "redis_namespace",
            "redis",
        ],
    ),
    ("router_settings", &["cache", "cache_params", "cache_type"]),
    (
        "litellm_settings",
        &[
            "cache_type",
            "cache_host",
            "cache_port",
            "cache_password",
            "redis_host",
            "redis_port",
            "redis_password",
            "redis_url",
        ],
    ),
];

fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (section, keys) in WRONG {
        for entry in context.entries(section) {
            let name = entry.key.as_str().unwrap_or("");
            if !keys.contains(&name) {
                continue;
            }
            let path =
                if section.is_empty() { name.to_owned() } else { format!("{section}.{name}") };
            let place = if section.is_empty() {
                "at the top level".to_owned()
            } else {
                format!("under `{section}`")
            };
            let (target, help) = target(section, name);
            let diagnostic = RULE
                .at(
                    entry.key.span(),
                    format!("LiteLLM does not read `{name}` {place}: it has no effect."),
                )
                .label("has no effect here")
                .path(&*path)
                .help(help);
            found.push(diagnostic.fix(move_fix(context, &path, &entry.value, target.as_deref())));
        }
    }
    found
}

/// Where the key belongs, and the advice.
fn target(section: &str, name: &str) -> (Option<String>, String) {
    let bare = name.trim_start_matches("cache_").trim_start_matches("redis_");
    match name {
        "cache" | "cache_params" => (
            Some(format!("litellm_settings.{name}")),
            format!("Move it under `litellm_settings`, as `litellm_settings.{name}`."),
        ),
        "redis" | "redis_settings" | "cache_settings" => {
            (None, "Write the settings under `litellm_settings.cache_params`.".to_owned())
        }
        _ => {
            let _ = section;
            let path = format!("litellm_settings.cache_params.{bare}");
            let help = format!("Write it as `{path}`.");
            (Some(path), help)
        }
    }
}

fn move_fix(
    context: &Context<'_>,
    path: &str,
    value: &Value,
    target: Option<&str>,
) -> Option<crate::diagnostic::Fix> {
    let target = target?;
    if context.entry(target).is_some() {
        let remove = Operation::Remove { path: path.to_owned() };
        return context.fix(format!("Remove {path}"), Safety::Unsafe, &[remove]);
    }
    let operations = [
        Operation::Set { path: target.to_owned(), value: value_json(value) },
        Operation::Remove { path: path.to_owned() },
    ];
    context.fix(format!("Move {path} to {target}"), Safety::Unsafe, &operations)
}
