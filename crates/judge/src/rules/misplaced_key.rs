use super::case::{raises, silent};
use super::written_keys::{Written, path, written};
use super::{Check, Context, Example};
use base::finding::{Finding, Safety, Severity};
use base::rule::{Category, Rule};
use facts::keys::{self, Place};
use python::Entry;
use yaml::patch::Operation;

pub(super) static RULE: Rule = Rule {
    code: "RP215",
    name: "misplaced-key",
    category: Category::NoEffect,
    severity: Severity::Warning,
    summary: "A section or setting is where LiteLLM does not look for it.",
    why: "Sections count at the top level alone: indented into a model or into another section, they are \
        skipped with all that they hold. A setting counts in the section that reads it: `drop_params` under \
        `litellm_settings`, `master_key` under `general_settings`, `routing_strategy` under `router_settings`. \
        LiteLLM does not complain.",
    ..Rule::CONFIG
};

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
    litellm_settings:
      cache: true
      cache_params:
        type: redis
        host: localhost
        port: 6379
",
    ),
    fixed: Example::new(
        r"
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
litellm_settings:
  cache: true
  cache_params:
    type: redis
    host: localhost
    port: 6379
",
    ),
    cases: &[
        raises(
            r"
model_list:
  - model_name: m
    litellm_params:
      model: openai/gpt-4o
    litellm_settings:
      cache: true
      cache_params:
        type: local
",
        )
        .severity(Severity::Error)
        .path("model_list[0].litellm_settings")
        .fixed(
            r"
model_list:
  - model_name: m
    litellm_params:
      model: openai/gpt-4o
litellm_settings:
  cache: true
  cache_params:
    type: local
",
        ),
        raises("litellm_settings:\n  general_settings:\n    master_key: sk-1\n")
            .says(&["`general_settings`", "under `litellm_settings`", "at the top level"])
            .severity(Severity::Error),
        raises("general_settings:\n  drop_params: true\n")
            .says(&["under `litellm_settings`"])
            .severity(Severity::Warning)
            .fixed("litellm_settings:\n  drop_params: true\n"),
        raises("litellm_settings:\n  master_key: sk-1\n").says(&["under `general_settings`"]),
        raises("master_key: sk-1\n").says(&["at the top level", "under `general_settings`"]),
        // Two sections read it.
        raises("general_settings:\n  num_retries: 3\n")
            .says(&["under `litellm_settings` or under `router_settings`"])
            .not_fixed(),
        raises("environment_variables:\n  A: b\n  router_settings:\n    num_retries: 2\n")
            .severity(Severity::Error),
        // A name this general may be somebody's own.
        raises("litellm_settings:\n  alerting: [slack]\n").severity(Severity::Hint),
        silent(
            "model_list:\n  - model_name: m\n    litellm_params: {model: openai/x, num_retries: 2}\n",
        ),
        silent("litellm_settings:\n  drop_params: true\ngeneral_settings:\n  alerting: [slack]\n"),
        silent("router_defaults: &router\n  num_retries: 2\nrouter_settings: *router\n"),
    ],
    check,
};

/// The sections that hold everything else.
const SECTIONS: [&str; 5] = [
    "model_list",
    "litellm_settings",
    "general_settings",
    "router_settings",
    "environment_variables",
];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = written(context)
        .filter_map(|key| {
            // Most keys are read where they are: the other places are looked through for the rest.
            if key.place.has(key.name) || key.place.respelled(key.name, context.pair).is_some() {
                return None;
            }
            let places = others(key.place, key.name, context);
            (!places.is_empty()).then(|| say(context, &key, &places))
        })
        .collect();
    found.extend(inside_a_model(context));
    let variables = context.entries("environment_variables").iter();
    let path = || "environment_variables".to_owned();
    found.extend(variables.filter_map(|entry| section(context, path, entry)));
    found
}

/// The places where LiteLLM reads a key that it does not read here.
pub(super) fn others(place: Place, name: &str, context: &Context<'_>) -> Vec<Place> {
    let places = keys::elsewhere(name, place, context.pair);
    if places.is_empty() {
        keys::elsewhere(&keys::spelled(name), place, context.pair)
    } else {
        places
    }
}

/// The places in words, as sentences go on with them.
pub(super) fn in_words(places: &[Place]) -> String {
    places.iter().map(|place| place.words()).collect::<Vec<_>>().join(" or ")
}

fn say(context: &Context<'_>, key: &Written<'_>, places: &[Place]) -> Finding {
    let Written { place, name, entry, .. } = *key;
    let severity = match places {
        [Place::Top] if SECTIONS.contains(&name) => Severity::Error,
        _ if name.contains(['_', '-']) => Severity::Warning,
        _ => Severity::Hint,
    };
    let spelled = keys::spelled(name);
    let read = if spelled == name { "it".to_owned() } else { format!("`{spelled}`") };
    let message = format!(
        "LiteLLM does not read `{name}` {}. It reads {read} {}.",
        place.words(),
        in_words(places)
    );
    let found = RULE
        .at(entry.key.span(), message)
        .label("has no effect here")
        .path(key.path())
        .severity(severity);
    let [place] = places else {
        return found.help("Write it where it is read.");
    };
    moved(context, found, &key.path(), &path(*place, &keys::spelled(name)))
}

/// With the advice to move it, and the fix.
fn moved(context: &Context<'_>, found: Finding, from: &str, to: &str) -> Finding {
    if context.entry(to).is_some() {
        return found
            .help(format!("Move what it says to `{to}`, which is there too, or remove it."));
    }
    let operation = Operation::Move { path: from.to_owned(), to: to.to_owned() };
    let fix = context.fix(format!("Move {from} to {to}"), Safety::Unsafe, &[operation]);
    found.help(format!("Write it as `{to}`.")).fix(fix)
}

/// Sections that are indented into an entry of `model_list`, or into what is in one.
fn inside_a_model(context: &Context<'_>) -> Vec<Finding> {
    let models = context.value("model_list").and_then(|models| models.as_list()).unwrap_or(&[]);
    let mut found = vec![];
    for (place, model) in models.iter().enumerate() {
        let Some(model) = model.as_dict() else { continue };
        let own = || format!("model_list[{place}]");
        for entry in &model.entries {
            found.extend(section(context, own, entry));
            let inner = entry
                .value
                .as_dict()
                .filter(|_| matches!(entry.key.as_str(), Some("litellm_params" | "model_info")));
            let name = entry.key.as_str().unwrap_or("");
            let inner = inner.map_or(&[][..], |inner| &inner.entries).iter();
            let path = || format!("{}.{name}", own());
            found.extend(inner.filter_map(|entry| section(context, path, entry)));
        }
    }
    found
}

/// What is said of an entry that is a section, inside something else.
fn section(context: &Context<'_>, path: impl Fn() -> String, entry: &Entry) -> Option<Finding> {
    let name = entry.key.as_str()?;
    let (to, of) = match name {
        "cache_params" => ("litellm_settings.cache_params", "under `litellm_settings`"),
        _ if SECTIONS.contains(&name) => (name, "at the top level"),
        _ => return None,
    };
    if entry.value.is_none() {
        return None;
    }
    let path = path();
    let message = format!("LiteLLM does not read `{name}` in `{path}`. It reads it {of} alone.");
    let found = RULE
        .at(entry.key.span(), message)
        .label("has no effect here")
        .path(format!("{path}.{name}"))
        .severity(Severity::Error);
    Some(moved(context, found, &format!("{path}.{name}"), to))
}
