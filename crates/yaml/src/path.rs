//! Paths into a config: `litellm_settings.cache_params.redis_startup_nodes[0].host`.

use std::fmt;

use super::Document;
use base::source::Span;
use python::{Data, Dict, Entry, Origin, Value, json};

/// One step of a [`Path`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// A mapping's key.
    Key(String),
    /// A list's element, from 0.
    Index(usize),
}

/// The steps from a document's root to a value.
///
/// As text, keys are joined by dots and indices are in brackets; a key that holds a dot, a
/// bracket or a quote is in brackets too, as a JSON string: `["a.b"]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// Reads a path's text; `None` where brackets or quotes are left open.
    pub fn parse(text: &str) -> Option<Self> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inside) = rest.strip_prefix('[') {
                let end =
                    if inside.starts_with('"') { quoted(inside)? } else { inside.find(']')? };
                steps.push(match inside[..end].parse() {
                    Ok(index) => Step::Index(index),
                    Err(_) => Step::Key(unquoted(&inside[..end])?),
                });
                rest = inside[end..].strip_prefix(']')?;
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                steps.push(Step::Key(rest[..end].to_owned()));
                rest = &rest[end..];
            }
            if let Some(more) = rest.strip_prefix('.') {
                rest = more;
            }
        }
        Some(Self(steps))
    }
}

/// The length of the JSON string that a text starts with.
fn quoted(text: &str) -> Option<usize> {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    });
    end.map(|end| end + 2)
}

fn unquoted(text: &str) -> Option<String> {
    let value = json::loads(text, &Origin::LitellmDefault("a path")).ok()?;
    value.as_str().map(str::to_owned)
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Index(index) => write!(f, "[{index}]")?,
                Step::Key(key) if key.is_empty() || key.contains(['.', '[', ']', '"']) => {
                    write!(f, "[{}]", serde_json::Value::from(key.as_str()))?;
                }
                Step::Key(key) if at == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
            }
        }
        Ok(())
    }
}

/// Where a path's end is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Located {
    /// The key; `None` for a list's element and for the root.
    pub key: Option<Span>,
    /// The value; empty where nothing is behind the key.
    pub value: Span,
}

impl Document {
    /// The value at a path.
    pub fn value(&self, path: &Path) -> Option<&Value> {
        path.0.iter().try_fold(&self.root, |value, step| child(value, step).map(|(_, value)| value))
    }

    /// Where a path's key and value are written.
    pub fn locate(&self, path: &Path) -> Option<Located> {
        let mut value = &self.root;
        let mut key = None;
        for step in &path.0 {
            let (entry, next) = child(value, step)?;
            key = entry.and_then(|entry| entry.key.span());
            value = next;
        }
        Some(Located { key, value: value.span()? })
    }

    /// The path of the innermost key or value that is written around an offset. What comes by
    /// an alias or a merge key belongs to the place where it is used.
    pub fn path_at(&self, offset: u32) -> Path {
        let mut steps = Vec::new();
        let mut value = &self.root;
        while let Some((step, next)) = child_at(value, offset) {
            steps.push(step);
            value = next;
        }
        Path(steps)
    }
}

fn child<'v>(value: &'v Value, step: &Step) -> Option<(Option<&'v Entry>, &'v Value)> {
    match (step, &value.data) {
        (Step::Key(key), Data::Dict(dict)) => {
            dict.entry(key).map(|entry| (Some(entry), &entry.value))
        }
        (Step::Index(index), Data::List(items) | Data::Tuple(items)) => {
            items.get(*index).map(|item| (None, item))
        }
        _ => None,
    }
}

fn holds(span: Option<Span>, outer: Option<Span>, offset: u32) -> bool {
    let Some(span) = span else { return false };
    // Behind an alias the spans are those of another place.
    let inside = outer.is_some_and(|outer| outer.start <= span.start && span.end <= outer.end);
    inside && (span.start..=span.end).contains(&offset)
}

fn child_at(value: &Value, offset: u32) -> Option<(Step, &Value)> {
    let outer = value.span();
    match &value.data {
        Data::Dict(dict) => entry_at(dict, outer, offset),
        Data::List(items) => items
            .iter()
            .enumerate()
            .find(|(_, item)| holds(item.span(), outer, offset))
            .map(|(index, item)| (Step::Index(index), item)),
        _ => None,
    }
}

fn entry_at(dict: &Dict, outer: Option<Span>, offset: u32) -> Option<(Step, &Value)> {
    let own = dict.entries.iter().filter(|entry| entry.merged.is_none());
    let mut own = own.filter_map(|entry| Some((entry.key.as_str()?, entry)));
    own.find(|(_, entry)| {
        let whole = entry.key.span().zip(entry.value.span()).map(|(key, value)| key.to(value));
        holds(entry.key.span(), outer, offset) || holds(whole, outer, offset)
    })
    .map(|(key, entry)| (Step::Key(key.to_owned()), &entry.value))
}
