use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Proposal, Safety, Severity};
use base::rule::{Aspect, Category, Rule};
use facts::catalogue::{self, Section};
use python::Value;
use serde_json::json;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP202",
    name: "misplaced-cache-settings",
    category: Category::NoEffect,
    aspects: &[Aspect::Cached],
    severity: Severity::Error,
    summary: "Cache settings are where LiteLLM does not look for them.",
    why: "LiteLLM reads the cache from `litellm_settings.cache` and `litellm_settings.cache_params` \
        alone. The same keys at the top level, under `general_settings` or under `router_settings` \
        are ignored without a word, and the proxy runs without the cache.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
general_settings:
  cache: true
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
    cases: &[
        // What is moved to a section that is there is not lost.
        raises(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    port: 6380
general_settings:
  cache_params:
    type: redis
    host: redis
    port: 6379
",
        )
        .fixed(
            r"
litellm_settings:
  cache: true
  cache_params:
    type: redis
    port: 6380
    host: redis
",
        ),
        // What has an anchor is there to be named elsewhere.
        silent(
            r"
redis: &redis
  host: localhost
  port: 6379
litellm_settings:
  cache: true
  cache_params:
    <<: *redis
    type: redis
",
        ),
        raises(
            r"
redis:
  host: localhost
  port: 6379
litellm_settings:
  cache: true
  cache_params:
    host: localhost
    type: redis
",
        ),
    ],
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

/// Whether a key of a section, `""` for the top level, is one that this rule speaks of.
pub(super) fn speaks_of(section: &str, name: &str) -> bool {
    let listed = WRONG.iter().any(|(at, keys)| *at == section && keys.contains(&name));
    listed || (section != "router_settings" && connection(name).is_some())
}

/// The connection setting that a name with its own prefix stands for: `redis_port`.
fn connection(name: &str) -> Option<&str> {
    let bare = name.strip_prefix("redis_").or_else(|| name.strip_prefix("cache_"))?;
    let field = catalogue::find(bare, Section::CacheKwargs)?;
    (field.is_writable() && catalogue::find(bare, Section::CacheParams).is_some()).then_some(bare)
}

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (section, _) in WRONG {
        for entry in context.entries(section) {
            let name = entry.key.as_str().unwrap_or("");
            // What has an anchor is there to be named elsewhere.
            if !speaks_of(section, name) || context.is_anchored(entry) {
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
            let apart = name == "cache" && entry.value.as_dict().is_some();
            let (diagnostic, fix) = match apart {
                true => {
                    let help = "Write `cache: true` and `cache_params` under `litellm_settings`.";
                    (diagnostic.help(help), spread(context, &path, &entry.value))
                }
                false => {
                    let fix = move_fix(context, &path, &entry.value, target.as_deref());
                    (diagnostic, fix)
                }
            };
            found.push(diagnostic.fix(fix));
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
) -> Option<Proposal> {
    let target = target?;
    let remove = Operation::Remove { path: path.to_owned() };
    let take = |path: String, to: String| Operation::Move { path, to };
    let title = format!("Move {path} to {target}");
    let mut moved = match (context.entry(target), value.as_dict()) {
        (None, _) => {
            return context.fix(title, Safety::Unsafe, &[take(path.to_owned(), target.to_owned())]);
        }
        // What is at home already is meant; what is missing there is not lost.
        (Some(there), Some(dict)) if there.value.as_dict().is_some() => {
            let named = dict.entries.iter().filter_map(|entry| entry.key.as_str());
            let paths = named.map(|name| (format!("{path}.{name}"), format!("{target}.{name}")));
            let missing = paths.filter(|(_, to)| context.entry(to).is_none());
            missing.map(|(path, to)| take(path, to)).collect()
        }
        (Some(_), _) => vec![],
    };
    let taken = value.as_dict().is_some_and(|dict| dict.entries.len() == moved.len());
    let title = match moved.is_empty() {
        true => format!("Remove {path}"),
        false => title,
    };
    // With the last of its keys, the mapping itself goes.
    if !taken || moved.is_empty() {
        moved.push(remove);
    }
    context.fix(title, Safety::Unsafe, &moved)
}

/// Takes apart a `cache` that is a mapping, as no release reads it: what it names belongs into
/// `cache_params`, what its inner mappings name as well.
fn spread(context: &Context<'_>, path: &str, value: &Value) -> Option<Proposal> {
    let home = "litellm_settings.cache_params";
    let mut operations = vec![];
    for entry in &value.as_dict()?.entries {
        let name = entry.key.as_str()?;
        let inner = entry.value.as_dict().filter(|_| INNER.contains(&name));
        let moves: Vec<(String, &str)> = match inner {
            Some(inner) => {
                let names = inner.entries.iter().filter_map(|entry| entry.key.as_str());
                names.map(|inner| (format!("{path}.{name}.{inner}"), inner)).collect()
            }
            None if matches!(name, "enabled" | "cache") => {
                operations.push(Operation::Remove { path: format!("{path}.{name}") });
                continue;
            }
            None => vec![(format!("{path}.{name}"), name)],
        };
        for (path, name) in moves {
            let to = format!("{home}.{name}");
            if context.entry(&to).is_some() {
                return None;
            }
            operations.push(Operation::Move { path, to });
        }
    }
    let on = Operation::Set { path: "litellm_settings.cache".to_owned(), value: json!(true) };
    operations.push(on);
    context.fix(format!("Move {path} to {home}"), Safety::Unsafe, &operations)
}

/// What people call the mapping inside `cache`.
const INNER: [&str; 4] = ["redis", "params", "cache_params", "redis_settings"];
