//! What a config says of secrets: those written in it, and the variables that it names.

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use serde_json::Value as Json;

use super::tokens;
use base::secret::is_secret_name;
use base::source::Span;
use python::{Data, Value, convert};
use report::redaction::{is_literal, url_password};
use yaml::{Path, Step};

/// Shorter secrets are not looked for inside other values: `redis` is a password in too many
/// configs where it is also a host.
pub(super) const TELLING: usize = 8;

/// What was found in a config.
#[derive(Debug, Default)]
pub(super) struct Literals {
    /// The secrets written in it, in the order of the text.
    pub(super) secrets: Vec<Literal>,
    /// The variables that it names, and whether as a secret.
    pub(super) references: BTreeMap<String, bool>,
    /// The files that `ssl_*` settings name, with the setting.
    pub(super) files: Vec<(String, String)>,
}

/// A value that is or holds a secret.
#[derive(Debug)]
pub(super) struct Literal {
    pub(super) path: Path,
    /// As LiteLLM would find it in a variable.
    pub(super) text: String,
    /// The value is the secret, and not only a part of it.
    pub(super) whole: bool,
    /// Where it is written.
    pub(super) at: Option<Span>,
}

pub(super) fn find(root: &Value) -> Literals {
    let mut finder = Finder::default();
    finder.walk(root);
    let Finder { mut found, texts, .. } = finder;
    let telling: Vec<String> = found
        .secrets
        .iter()
        .flat_map(|literal| {
            parts(&literal.text, literal.whole)
                .into_iter()
                .map(|part| literal.text[part].to_owned())
        })
        .filter(|secret| secret.len() >= TELLING)
        .collect();
    // A secret may stand once more under a harmless name.
    let again = texts
        .into_iter()
        .filter(|literal| telling.iter().any(|secret| literal.text.contains(secret)));
    found.secrets.extend(again);
    found
}

#[derive(Default)]
struct Finder {
    path: Vec<Step>,
    seen: HashSet<*const ()>,
    found: Literals,
    /// Texts that are no secrets by themselves.
    texts: Vec<Literal>,
}

impl Finder {
    fn walk(&mut self, value: &Value) {
        match &value.data {
            Data::Dict(dict) if self.seen.insert(Arc::as_ptr(dict).cast()) => {
                for entry in &dict.entries {
                    let Some(name) = entry.key.as_str() else { continue };
                    // What a merge key brings in is found where it is written.
                    if entry.merged.is_some() {
                        continue;
                    }
                    if let (true, Some(path)) = (is_file_setting(name), entry.value.as_str())
                        && is_literal(path)
                    {
                        self.found.files.push((name.to_owned(), path.to_owned()));
                    }
                    self.path.push(Step::Key(name.to_owned()));
                    self.entry(is_secret_name(name), &entry.value);
                    self.path.pop();
                }
            }
            Data::List(items) if self.seen.insert(Arc::as_ptr(items).cast()) => {
                for (at, item) in items.iter().enumerate() {
                    self.path.push(Step::Index(at));
                    self.entry(false, item);
                    self.path.pop();
                }
            }
            _ => {}
        }
    }

    fn entry(&mut self, secret: bool, value: &Value) {
        match &value.data {
            Data::Str(text) => {
                if let Some(name) = text.strip_prefix("os.environ/") {
                    *self.found.references.entry(name.to_owned()).or_default() |= secret;
                } else if secret && is_literal(text) && !tokens::is_token(text) {
                    self.secret(text.to_string(), true, value);
                } else if !parts(text, false).is_empty() {
                    self.secret(text.to_string(), false, value);
                } else {
                    let literal = self.literal(text.to_string(), true, value);
                    self.texts.push(literal);
                }
            }
            Data::Int(_) | Data::Float(_) if secret => {
                if let Ok(text) = convert::str_of(value) {
                    self.secret(text, true, value);
                }
            }
            Data::List(items) if secret => {
                // A list of secrets: `api_keys: [a, b]`.
                if self.seen.insert(Arc::as_ptr(items).cast()) {
                    for (at, item) in items.iter().enumerate() {
                        self.path.push(Step::Index(at));
                        self.entry(true, item);
                        self.path.pop();
                    }
                }
            }
            _ => self.walk(value),
        }
    }

    fn secret(&mut self, text: String, whole: bool, value: &Value) {
        let literal = self.literal(text, whole, value);
        self.found.secrets.push(literal);
    }

    fn literal(&self, text: String, whole: bool, value: &Value) -> Literal {
        Literal { path: Path(self.path.clone()), text, whole, at: value.span() }
    }
}

fn is_file_setting(name: &str) -> bool {
    matches!(name, "ssl_ca_certs" | "ssl_ca_path" | "ssl_certfile" | "ssl_keyfile")
}

/// Where the secrets are in a value: all of it, or the passwords of URLs and of JSON in it.
pub(super) fn parts(text: &str, whole: bool) -> Vec<Range<usize>> {
    if whole {
        return if is_literal(text) { std::iter::once(0..text.len()).collect() } else { vec![] };
    }
    let mut found = vec![];
    let mut from = 0;
    while let Some(password) = url_password(&text[from..]) {
        found.push(from + password.start..from + password.end);
        from += password.end;
    }
    found.extend(query_secrets(text));
    if found.is_empty() && text.trim_start().starts_with(['{', '[']) {
        found.extend(json_secrets(text));
    }
    found.retain(|part| !tokens::is_token(&text[part.clone()]));
    found
}

/// `?password=…` of a URL.
fn query_secrets(text: &str) -> Vec<Range<usize>> {
    let mut found = vec![];
    let Some(query) = text.find("://").and_then(|at| Some(at + text[at..].find('?')?)) else {
        return found;
    };
    let mut at = query + 1;
    for argument in text[at..].split(['&', ' ']) {
        if let Some((name, value)) = argument.split_once('=')
            && is_secret_name(name)
            && is_literal(value)
        {
            found.push(at + argument.len() - value.len()..at + argument.len());
        }
        at += argument.len() + 1;
    }
    found
}

/// The texts under secret names in JSON.
fn json_secrets(text: &str) -> Vec<Range<usize>> {
    let Ok(json) = serde_json::from_str::<Json>(text) else { return vec![] };
    let mut secrets = vec![];
    in_json(&json, false, &mut secrets);
    let mut found: Vec<Range<usize>> = vec![];
    for secret in secrets {
        // As it is written: with its escapes.
        let written = Json::from(secret).to_string();
        found.extend(text.match_indices(&written).map(|(at, _)| at + 1..at + written.len() - 1));
    }
    found.sort_by_key(|part| (part.start, part.end));
    found.dedup();
    found
}

fn in_json<'j>(json: &'j Json, secret: bool, found: &mut Vec<&'j str>) {
    match json {
        Json::String(text) if secret && is_literal(text) => found.push(text),
        Json::Array(items) => items.iter().for_each(|item| in_json(item, secret, found)),
        Json::Object(map) => {
            map.iter().for_each(|(name, value)| in_json(value, is_secret_name(name), found));
        }
        _ => {}
    }
}

/// Names for the variable that takes a literal's place, the best first.
pub(super) fn names(literal: &Literal, root: &Value) -> Vec<String> {
    let steps = &literal.path.0;
    let key = |step: &Step| match step {
        Step::Key(key) => Some(variable_name(key)),
        Step::Index(_) => None,
    };
    let keys: Vec<String> = steps.iter().filter_map(key).collect();
    let last = keys.last().cloned().unwrap_or_default();
    let above = keys.iter().rev().nth(1).cloned().unwrap_or_default();
    let written: Vec<&str> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
        .collect();
    let redis = |section: &str| {
        let bare = last.strip_prefix("REDIS_").unwrap_or(&last);
        vec![format!("REDIS_{bare}"), format!("{section}_REDIS_{bare}")]
    };
    let own = |name: &str| {
        let redis = ["PASSWORD", "URL", "REDIS_", "SSL_", "SENTINEL_", "USERNAME"];
        redis.iter().any(|start| name.starts_with(start))
    };
    let mut names = match written.as_slice() {
        ["litellm_settings", "cache_params", ..] if own(&last) => redis("CACHE"),
        ["router_settings", ..] if own(&last) => redis("ROUTER"),
        ["general_settings", "coordination_redis", ..] => redis("COORDINATION"),
        ["environment_variables", name] => vec![(*name).to_owned()],
        ["general_settings", "master_key"] => vec!["LITELLM_MASTER_KEY".to_owned()],
        ["model_list", "litellm_params", ..] => {
            let model = steps.get(..2).and_then(|steps| {
                let mut model = root;
                for step in steps {
                    model = match step {
                        Step::Key(key) => model.as_dict()?.get(key)?,
                        Step::Index(at) => model.as_list()?.get(*at)?,
                    };
                }
                Some(variable_name(model.as_dict()?.get("model_name")?.as_str()?))
            });
            // Many deployments of a model: numbers tell them apart.
            return vec![model.map_or(last.clone(), |model| format!("{model}_{last}"))];
        }
        _ => vec![last.clone()],
    };
    names.push(format!("{above}_{last}"));
    names.push(keys.join("_"));
    names.retain(|name| name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_'));
    names
}

/// A key as the name of a variable: `redis-password` is `REDIS_PASSWORD`.
fn variable_name(key: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' };
    key.chars().map(plain).collect()
}
