//! Finds what is hidden in values, variables and quoted problems.

use std::collections::{BTreeMap, BTreeSet};

use base::source::Span;
use facts::bearing::{Bearing, bearing};
use python::{Data, Met, Value};

use super::parts::{hidden_in, is_literal, user};
use super::scan;

/// What was found.
#[derive(Default)]
pub(super) struct Finder<'t> {
    /// What was read, and what its name says of it.
    pub(super) known: Vec<(Span, Bearing)>,
    pub(super) secrets: BTreeSet<String>,
    /// Values of which nothing is known.
    pub(super) doubtful: BTreeSet<String>,
    /// Values that are shown.
    pub(super) harmless: Vec<&'t str>,
    /// The variables that the config names, and what they are there.
    references: BTreeMap<String, Bearing>,
    met: Met,
}

impl<'t> Finder<'t> {
    /// A value under a name of this bearing.
    pub(super) fn text(&mut self, text: &'t str, bearing: Bearing) {
        let parts = hidden_in(text, bearing);
        if parts.is_empty() {
            self.harmless.push(text);
            return;
        }
        let doubtful = matches!(bearing, Bearing::Unknown | Bearing::Nested | Bearing::Command);
        for part in parts {
            let whole = part == (0..text.len());
            let secret = text[part].trim();
            if doubtful && whole {
                self.doubtful.insert(secret.to_owned());
                continue;
            }
            self.secrets.insert(secret.to_owned());
            if !whole {
                // Python cuts a URL where a password holds one of these: an exception quotes a part.
                let cut = secret.split(['/', '?', '#', '@', ':', '[', ']']);
                self.secrets.extend(cut.map(str::to_owned));
            }
        }
        if doubtful || !text.contains("://") {
            return;
        }
        // As redis-py reads the URL.
        if let Some(user) = user(text)
            && text[user.clone()].contains('%')
        {
            self.secrets.insert(python::url::unquote(&text[user]));
        }
    }

    /// What PyYAML quotes of the text that it can't read.
    pub(super) fn quoted(&mut self, problem: &str) {
        let mut parts = problem.splitn(2, ['\'', '"']);
        let quoted = parts.nth(1).and_then(|rest| rest.rsplit_once(['\'', '"']));
        if let Some((quoted, _)) = quoted
            && !quoted.starts_with('<')
        {
            let quoted = quoted.trim_start_matches("tag:yaml.org,2002:").trim_start_matches('!');
            self.secrets.insert(quoted.to_owned());
        }
    }

    /// What a variable holds: by its own name, and by the settings that name it.
    pub(super) fn of_variable(&self, name: &str) -> Bearing {
        match (bearing(name), self.references.get(name)) {
            (Bearing::Unknown, Some(setting)) => *setting,
            (own, Some(Bearing::Secret | Bearing::SecretTree)) => own.max(Bearing::Secret),
            (own, _) => own,
        }
    }

    pub(super) fn in_value(&mut self, value: &'t Value, bearing: Bearing, key: &str) {
        match &value.data {
            Data::Dict(dict) if self.met.is_first(value) => {
                for entry in &dict.entries {
                    let name = entry.key.as_str().unwrap_or("");
                    let own = match name {
                        "" => Bearing::Unknown,
                        name => scan::child(bearing, key, name),
                    };
                    self.in_value(&entry.value, own, name);
                }
            }
            Data::List(items) if self.met.is_first(value) => {
                items.iter().for_each(|item| self.in_value(item, bearing, key));
            }
            Data::Str(text) => {
                self.known.extend(value.span().map(|span| (span, bearing)));
                if let Some(name) = text.strip_prefix("os.environ/") {
                    let known = self.references.entry(name.to_owned()).or_insert(bearing);
                    *known = bearing.max(*known);
                    if is_literal(text) {
                        // The name of no variable: a secret that starts as a reference does.
                        self.secrets.insert(name.to_owned());
                    }
                }
                self.text(text, bearing);
            }
            Data::Bytes(_) => {
                self.known.extend(value.span().map(|span| (span, Bearing::Secret)));
            }
            // A password of digits alone is a number to YAML.
            Data::Int(_) | Data::Float(_) | Data::Date(_) | Data::DateTime(_) => {
                self.known.extend(value.span().map(|span| (span, bearing)));
            }
            _ => {}
        }
    }
}
