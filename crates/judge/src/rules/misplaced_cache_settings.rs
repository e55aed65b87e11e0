use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use python::{Entry, Value};
use simulate::json::value_json;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP202",
    name: "misplaced-cache-settings",
    category: Category::NoEffect,
    severity: Severity::Error,
    summary: "Cache settings stand where LiteLLM does not look for them.",
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
general_settings: {}
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

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for (section, keys) in WRONG {
        for entry in context.entries(section) {
            let name = entry.key.as_str().unwrap_or("");
            // What has an anchor stands there to be named elsewhere.
            if !keys.contains(&name) || is_anchored(context, entry) {
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

/// Whether an entry's value has an anchor: `redis: &redis`.
fn is_anchored(context: &Context<'_>, entry: &Entry) -> bool {
    let behind = entry.key.span().and_then(|key| context.config_text.get(key.end as usize..));
    behind.and_then(|text| text.trim_start().strip_prefix(':')).is_some_and(|value| {
        let value = value.trim_start();
        value.starts_with('&')
    })
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
) -> Option<base::finding::Fix> {
    let target = target?;
    let remove = Operation::Remove { path: path.to_owned() };
    let set = |path: String, value| Operation::Set { path, value: value_json(value) };
    let mut moved = match (context.entry(target), value.as_dict()) {
        (None, _) => vec![set(target.to_owned(), value)],
        // What stands at home already is meant; what is missing there is not lost.
        (Some(there), Some(dict)) if there.value.as_dict().is_some() => {
            let named = dict.entries.iter().filter_map(|entry| Some((entry.key.as_str()?, entry)));
            let paths = named.map(|(name, entry)| (format!("{target}.{name}"), entry));
            let missing = paths.filter(|(path, _)| context.entry(path).is_none());
            missing.map(|(path, entry)| set(path, &entry.value)).collect()
        }
        (Some(_), _) => vec![],
    };
    let title = match moved.is_empty() {
        true => format!("Remove {path}"),
        false => format!("Move {path} to {target}"),
    };
    moved.push(remove);
    context.fix(title, Safety::Unsafe, &moved)
}
