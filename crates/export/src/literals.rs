//! What a config says of secrets: those written in it, and the variables that it names.

use std::collections::BTreeMap;
use std::ops::Range;

use super::tokens;
use base::needles::Needles;
use base::source::Span;
use facts::bearing::Bearing;
use python::{Data, Met, Value, convert};
use report::redaction::{child, hidden_in, is_literal};
use yaml::{Path, Step};

/// Shorter secrets are not looked for inside other values: `redis` is a password in too many
/// configs where it is also a host.
pub(super) const TELLING: usize = 8;

/// What was found in a config.
#[derive(Debug, Default)]
pub(super) struct Literals {
    /// The secrets written in it, in the order of the text.
    pub(super) secrets: Vec<Literal>,
    /// The variables that it names, and what they are there.
    pub(super) references: BTreeMap<String, Bearing>,
    /// The files that `ssl_*` settings name, with the setting.
    pub(super) files: Vec<(String, String)>,
}

/// A value that is or holds a secret.
#[derive(Debug)]
pub(super) struct Literal {
    pub(super) path: Path,
    /// As LiteLLM would find it in a variable.
    pub(super) text: String,
    /// What its name says of it.
    pub(super) bearing: Bearing,
    /// Where it is written.
    pub(super) at: Option<Span>,
}

pub(super) fn find(root: &Value) -> Literals {
    let mut finder = Finder::default();
    finder.walk(root, Bearing::Unknown, "");
    let Finder { mut found, texts, .. } = finder;
    let telling = found.secrets.iter().flat_map(|literal| {
        let parts = parts(&literal.text, literal.bearing).into_iter();
        parts.map(|part| literal.text[part].to_owned())
    });
    let telling = Needles::new(telling.filter(|secret| secret.len() >= TELLING));
    // A secret may be there once more under a harmless name.
    let again = texts.into_iter().filter(|literal| telling.are_in(&literal.text));
    found.secrets.extend(again.map(|literal| Literal { bearing: Bearing::Secret, ..literal }));
    found
}

impl Literal {
    /// Whether the value is the secret, and not only a part of it.
    pub(super) fn is_whole(&self) -> bool {
        parts(&self.text, self.bearing).iter().all(|part| *part == (0..self.text.len()))
    }
}

#[derive(Default)]
struct Finder {
    path: Vec<Step>,
    met: Met,
    found: Literals,
    /// Texts that are not secrets by themselves.
    texts: Vec<Literal>,
}

impl Finder {
    fn walk(&mut self, value: &Value, above: Bearing, key: &str) {
        match &value.data {
            Data::Dict(dict) if self.met.is_first(value) => {
                for entry in &dict.entries {
                    let Some(name) = entry.key.as_str() else { continue };
                    // What a merge key brings in is found where it is written.
                    if entry.merged.is_some() {
                        continue;
                    }
                    if let (true, Some(path)) = (is_file_setting(name), entry.value.as_str())
                        && is_literal(path)
                        && hidden_in(path, Bearing::Harmless).is_empty()
                    {
                        self.found.files.push((name.to_owned(), path.to_owned()));
                    }
                    self.path.push(Step::Key(name.to_owned()));
                    self.entry(child(above, key, name), name, &entry.value);
                    self.path.pop();
                }
            }
            Data::List(items) if self.met.is_first(value) => {
                for (at, item) in items.iter().enumerate() {
                    self.path.push(Step::Index(at));
                    self.entry(above, key, item);
                    self.path.pop();
                }
            }
            _ => {}
        }
    }

    fn entry(&mut self, bearing: Bearing, key: &str, value: &Value) {
        match &value.data {
            Data::Str(text) => {
                let parts = parts(text, bearing);
                if let Some(name) = text.strip_prefix("os.environ/")
                    && !is_literal(text)
                {
                    let known = self.found.references.entry(name.to_owned()).or_insert(bearing);
                    *known = bearing.max(*known);
                    return;
                }
                if !parts.is_empty() {
                    self.secret(text.to_string(), bearing, value);
                } else if !tokens::is_token(text) {
                    let literal = self.literal(text.to_string(), bearing, value);
                    self.texts.push(literal);
                }
            }
            Data::Int(_) | Data::Float(_) if bearing >= Bearing::Secret => {
                if let Ok(text) = convert::str_of(value) {
                    self.secret(text, bearing, value);
                }
            }
            _ => self.walk(value, bearing, key),
        }
    }

    fn secret(&mut self, text: String, bearing: Bearing, value: &Value) {
        let literal = self.literal(text, bearing, value);
        self.found.secrets.push(literal);
    }

    fn literal(&self, text: String, bearing: Bearing, value: &Value) -> Literal {
        Literal { path: Path(self.path.clone()), text, bearing, at: value.span() }
    }
}

fn is_file_setting(name: &str) -> bool {
    matches!(name, "ssl_ca_certs" | "ssl_ca_path" | "ssl_certfile" | "ssl_keyfile")
}

/// Where a value holds what must not be given away.
pub(super) fn parts(text: &str, bearing: Bearing) -> Vec<Range<usize>> {
    let mut found = hidden_in(text, bearing);
    found.retain(|part| !tokens::is_token(&text[part.clone()]));
    found
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
