use std::cell::Cell;
use std::collections::BTreeSet;

use super::case::{raises, silent};
use super::{Check, Context, Example};
use base::finding::{Finding, Severity};
use base::rule::{Category, Rule};
use base::spelling::nearest;
use python::{Data, Truth, Value};

pub(super) static RULE: Rule = Rule {
    code: "RP217",
    name: "unknown-model-group",
    category: Category::NoEffect,
    severity: Severity::Warning,
    summary: "A fallback, an alias or a retry policy names a model that is not in `model_list`.",
    why: "LiteLLM takes any name at start-up. When the fallback is needed, the router finds no deployment of that \
        name, and the request fails with the first error, or with `No deployments available`. A policy for a name \
        that no request has is never asked. Names count as `model_name`, as an alias, as a team's public name, or \
        where a wildcard such as `openai/*` matches.",
    ..Rule::CONFIG
};

/// Two models, and these settings.
macro_rules! with {
    ($more:literal) => {
        concat!(
            "model_list:\n  - model_name: a\n    litellm_params: {model: openai/gpt-4o}\n    model_info: {id: one}\n  - model_name: gpt-4o\n    litellm_params: {model: azure/x}\n",
            $more
        )
    };
}

pub(super) static CHECK: Check = Check {
    rule: &RULE,
    failing: Example::new(
        r"
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
router_settings:
  fallbacks:
    - gpt-4o: [claude-sonet]
",
    ),
    fixed: Example::new(
        r"
model_list:
  - model_name: gpt-4o
    litellm_params:
      model: openai/gpt-4o
  - model_name: claude-sonnet
    litellm_params:
      model: anthropic/claude-sonnet-4-5
router_settings:
  fallbacks:
    - gpt-4o: [claude-sonnet]
",
    ),
    cases: &[
        raises(with!("router_settings:\n  fallbacks:\n    - b: [a]\n"))
            .says(&["never asked", "`b`"])
            .severity(Severity::Hint)
            .path("router_settings.fallbacks"),
        raises(with!("litellm_settings:\n  default_fallbacks: [b]\n")).severity(Severity::Warning),
        raises(with!("litellm_settings:\n  context_window_fallbacks: [{a: [b]}]\n")),
        raises(with!("router_settings:\n  model_group_alias: {x: b}\n")),
        raises(with!("router_settings:\n  model_group_alias: {x: {model: b, hidden: true}}\n")),
        raises(with!(
            "router_settings:\n  model_group_retry_policy: {b: {TimeoutErrorRetries: 1}}\n"
        ))
        .severity(Severity::Hint),
        raises(with!("router_settings:\n  fallbacks:\n    - a: [gpt_4o]\n")).says(&["`gpt-4o`"]),
        silent(with!("router_settings:\n  fallbacks:\n    - a: [gpt-4o]\n    - '*': [a]\n")),
        silent(with!("router_settings:\n  fallbacks:\n    - a: [{model: gpt-4o, messages: []}]\n")),
        // A deployment's own model is found too, and so is its id.
        silent(with!("router_settings:\n  fallbacks:\n    - a: [openai/gpt-4o, one]\n")),
        silent(with!(
            "router_settings:\n  model_group_alias: {x: a}\n  fallbacks:\n    - x: [a]\n"
        )),
        silent(
            "model_list:\n  - model_name: openai/*\n    litellm_params: {model: openai/*}\nrouter_settings:\n  fallbacks:\n    - openai/a: [openai/b]\n",
        ),
        silent(
            "model_list:\n  - model_name: '*'\n    litellm_params: {model: '*'}\nrouter_settings:\n  fallbacks:\n    - a: [b]\n",
        ),
        // Other models may be in the database, or in another file.
        silent(with!(
            "general_settings:\n  store_model_in_db: true\nrouter_settings:\n  fallbacks:\n    - a: [b]\n"
        )),
        silent(with!("router_settings:\n  fallbacks:\n    - a: [b]\n"))
            .env("STORE_MODEL_IN_DB=True\n"),
        silent(with!("include: [more.yaml]\nrouter_settings:\n  fallbacks:\n    - a: [b]\n")),
        silent("router_settings:\n  fallbacks:\n    - a: [b]\n"),
    ],
    check,
};

const FALLBACKS: [&str; 3] = ["fallbacks", "context_window_fallbacks", "content_policy_fallbacks"];
/// Where fallbacks are read: the router takes those of the `litellm` module where it has none.
const SECTIONS: [&str; 2] = ["router_settings", "litellm_settings"];

/// What names models by group, in either section.
const NAMING: [&str; 6] = [
    "fallbacks",
    "context_window_fallbacks",
    "content_policy_fallbacks",
    "default_fallbacks",
    "model_group_alias",
    "model_group_retry_policy",
];

fn check(context: &Context<'_>) -> Vec<Finding> {
    let names = |section: &str| {
        let mut keys = context.entries(section).iter().filter_map(|entry| entry.key.as_str());
        keys.any(|key| NAMING.contains(&key))
    };
    // Most configs name none: what models there are need not be known.
    if !SECTIONS.into_iter().any(names) {
        return vec![];
    }
    let Some(known) = Known::new(context) else {
        return vec![];
    };
    let mut found = vec![];
    for section in SECTIONS {
        for name in FALLBACKS {
            let path = format!("{section}.{name}");
            for fallback in list(context.value(&path)) {
                for entry in fallback.as_dict().map_or(&[][..], |dict| &dict.entries) {
                    found.extend(known.never_asked(&entry.key, &path));
                    found.extend(
                        list(Some(&entry.value)).iter().filter_map(|to| known.missing(to, &path)),
                    );
                }
            }
        }
        let path = format!("{section}.default_fallbacks");
        found.extend(list(context.value(&path)).iter().filter_map(|to| known.missing(to, &path)));
    }
    for entry in context.entries("router_settings.model_group_alias") {
        found.extend(known.missing(&entry.value, "router_settings.model_group_alias"));
    }
    for entry in context.entries("router_settings.model_group_retry_policy") {
        found.extend(known.never_asked(&entry.key, "router_settings.model_group_retry_policy"));
    }
    found
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_list).unwrap_or(&[])
}

/// The names that requests and fallbacks may have.
struct Known<'a> {
    /// In order, so that the same one is meant on each run.
    names: BTreeSet<&'a str>,
    /// Before and behind the `*` of names that have one.
    patterns: Vec<(&'a str, &'a str)>,
    /// How many names others were compared with.
    compared: Cell<usize>,
}

/// So many names are compared: thousands of models with thousands of wrong names would take seconds.
const MOST_COMPARED: usize = 1 << 18;

impl<'a> Known<'a> {
    /// `None` where there may be others.
    fn new(context: &Context<'a>) -> Option<Self> {
        let stored = context
            .value("general_settings.store_model_in_db")
            .is_some_and(|on| on.truth() != Truth::False);
        let elsewhere = stored
            || context.entry("include").is_some()
            || context.environment.get("STORE_MODEL_IN_DB").is_some();
        let models = context.value("model_list").and_then(Value::as_list)?;
        if elsewhere || models.is_empty() {
            return None;
        }
        let mut known = Self { names: BTreeSet::new(), patterns: vec![], compared: Cell::new(0) };
        for model in models {
            let model = model.as_dict()?;
            known.add(model.get("model_name")?)?;
            for (section, name) in [
                ("litellm_params", "model"),
                ("model_info", "id"),
                ("model_info", "team_public_model_name"),
            ] {
                let value =
                    model.get(section).and_then(Value::as_dict).and_then(|dict| dict.get(name));
                if let Some(value) = value {
                    known.add(value)?;
                }
            }
        }
        for entry in context.entries("router_settings.model_group_alias") {
            known.add(&entry.key)?;
        }
        Some(known)
    }

    /// `None` where the name is not known here.
    fn add(&mut self, name: &'a Value) -> Option<()> {
        let name = name.as_str().filter(|name| !name.starts_with("os.environ/"))?;
        match name.split_once('*') {
            Some(around) => self.patterns.push(around),
            None => {
                self.names.insert(name);
            }
        }
        Some(())
    }

    fn has(&self, name: &str) -> bool {
        let matches = |(before, behind): &(&str, &str)| {
            let behind = behind.trim_end_matches('*');
            name.len() >= before.len() + behind.len()
                && name.starts_with(before)
                && name.ends_with(behind)
        };
        self.names.contains(name)
            || name.contains('*')
            || name.starts_with("os.environ/")
            || self.patterns.iter().any(matches)
    }

    /// What is said of a name that a fallback or an alias leads to, where nothing has it.
    fn missing(&self, to: &Value, path: &str) -> Option<Finding> {
        let inner = to.as_dict().and_then(|dict| dict.get("model"));
        let to = inner.unwrap_or(to);
        let Data::Str(_) = &to.data else { return None };
        let name = to.as_str().filter(|name| !self.has(name))?;
        let message = format!("No model is called `{name}`: what leads there fails.");
        let found = RULE.at(to.span(), message).label("not in `model_list`").path(path);
        Some(found.help(self.meant(name)))
    }

    /// What is said of a name that has fallbacks or a policy, and that no request can have.
    fn never_asked(&self, key: &Value, path: &str) -> Option<Finding> {
        let name = key.as_str().filter(|name| !self.has(name))?;
        let message =
            format!("No model is called `{name}`: what is set for it is never asked for.");
        let found = RULE.at(key.span(), message).label("not in `model_list`").path(path);
        Some(found.severity(Severity::Hint).help(self.meant(name)))
    }

    fn meant(&self, name: &str) -> String {
        let compared = self.compared.get() + self.names.len();
        let near = || {
            self.compared.set(compared);
            let names: Vec<&str> = self.names.iter().copied().collect();
            nearest(name, &names)
        };
        match (compared <= MOST_COMPARED).then(near).flatten() {
            Some(near) => {
                format!("Write `{near}`, if that is meant, or add the model to `model_list`.")
            }
            None => "Add the model to `model_list`, or remove the name.".to_owned(),
        }
    }
}
