//! Changes to a config that leave its comments and its layout alone.
//!
//! A change names a path, as `router_settings.redis_ssl`; what comes out are edits of the text.

use serde_json::Value as Json;

use super::Document;
use crate::diagnostic::Edit;
use crate::python::{Data, Dict, Entry, Value};
use crate::source::{SourceId, Span};

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub enum Operation {
    /// Gives a key another name.
    Rename {
        /// The key's path.
        path: String,
        /// Its new name.
        to: String,
    },
    /// Removes a key and its value.
    Remove {
        /// The key's path.
        path: String,
    },
    /// Gives a key a value; a key that is not there, and the mappings above it, are added.
    Set {
        /// The key's path.
        path: String,
        /// The value to write.
        value: Json,
    },
}

/// Why a change can't be made as an edit of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PatchError {
    /// Nothing stands at the path.
    NoSuchPath(String),
    /// The value comes from an alias or a merge key, or is no mapping.
    NotEditable(String),
}

/// The edits that make one change in `text`, which `document` was read from.
///
/// # Errors
/// Where the path is not there, or its value is written elsewhere.
pub fn edits(
    document: &Document,
    text: &str,
    operation: &Operation,
) -> Result<Vec<Edit>, PatchError> {
    let patch = Patch { text, source: document.root.span().map_or(SourceId::CONFIG, |s| s.source) };
    match operation {
        Operation::Rename { path, to } => {
            let (_, entry) = find(document, path)?;
            let span = key_span(entry, path)?;
            Ok(vec![Edit { span, text: scalar(&Json::String(to.clone())) }])
        }
        Operation::Remove { path } => {
            let (parent, entry) = find(document, path)?;
            Ok(vec![patch.remove(parent, entry, path)?])
        }
        Operation::Set { path, value } => match find(document, path) {
            Ok((_, entry)) => Ok(vec![patch.replace(entry, value, path)?]),
            Err(PatchError::NoSuchPath(_)) => Ok(vec![patch.add(document, path, value)?]),
            Err(error) => Err(error),
        },
    }
}

/// The mapping that holds the last key of a path, and the key's entry.
fn find<'d>(document: &'d Document, path: &str) -> Result<(&'d Value, &'d Entry), PatchError> {
    let missing = || PatchError::NoSuchPath(path.to_owned());
    let mut parent = &document.root;
    let mut found: Option<&Entry> = None;
    for name in path.split('.') {
        if let Some(entry) = found {
            parent = &entry.value;
        }
        found = Some(parent.as_dict().and_then(|dict| dict.entry(name)).ok_or_else(missing)?);
    }
    found.map(|entry| (parent, entry)).ok_or_else(missing)
}

fn key_span(entry: &Entry, path: &str) -> Result<Span, PatchError> {
    match entry.key.span() {
        Some(span) if entry.merged.is_none() => Ok(span),
        _ => Err(PatchError::NotEditable(path.to_owned())),
    }
}

struct Patch<'t> {
    text: &'t str,
    source: SourceId,
}

impl Patch<'_> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.source, start, end)
    }

    fn is_flow(&self, value: &Value) -> bool {
        let start = value.span().map_or(0, |span| span.range().start);
        matches!(self.text.as_bytes().get(start), Some(b'{' | b'['))
    }

    /// One past the last byte that an entry writes, comments behind it left out.
    fn entry_end(&self, entry: &Entry, path: &str) -> Result<usize, PatchError> {
        let key = key_span(entry, path)?;
        let colon = self.text[key.range().end..].find(':').unwrap_or(0);
        let after_colon = key.range().end + colon + 1;
        match entry.value.span() {
            Some(span) if span.range().end > after_colon => {
                if span.range().start < key.range().end {
                    return Err(PatchError::NotEditable(path.to_owned()));
                }
                Ok(self.value_end(&entry.value, path)?.max(after_colon))
            }
            _ => Ok(after_colon),
        }
    }

    fn value_end(&self, value: &Value, path: &str) -> Result<usize, PatchError> {
        let Some(span) = value.span() else {
            return Err(PatchError::NotEditable(path.to_owned()));
        };
        let range = span.range();
        let plain = || range.start + self.text[range.clone()].trim_end().len();
        if self.is_flow(value) {
            return Ok(range.end);
        }
        match &value.data {
            Data::Dict(dict) => own_entries(dict)
                .map(|entry| self.entry_end(entry, path))
                .try_fold(range.start, |last, end| Ok(last.max(end?))),
            Data::List(items) => match items.last() {
                Some(last) if last.span().is_some_and(|s| s.range().start >= range.start) => {
                    Ok(self.value_end(last, path)?.max(range.start))
                }
                _ => Ok(plain()),
            },
            _ => Ok(plain()),
        }
    }

    fn line_start(&self, at: usize) -> usize {
        self.text[..at].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// One past the line break of the line that `at` stands in.
    fn line_end(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |newline| at + newline + 1)
    }

    fn line_break(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    fn remove(&self, parent: &Value, entry: &Entry, path: &str) -> Result<Edit, PatchError> {
        let key = key_span(entry, path)?.range();
        let end = self.entry_end(entry, path)?;
        if self.is_flow(parent) {
            return Ok(self.remove_from_flow(key.start, end));
        }
        let start = self.line_start(key.start);
        let before = &self.text[start..key.start];
        let edit = |start, end, text: &str| Edit { span: self.span(start, end), text: text.into() };
        if before.trim().is_empty() {
            return Ok(edit(start, self.line_end(end), ""));
        }
        // `- key: value`: the first key of a mapping in a list; the next one moves up to the dash.
        let next = parent.as_dict().and_then(|dict| {
            own_entries(dict)
                .filter_map(|e| e.key.span())
                .map(|s| s.range().start)
                .find(|s| *s > end)
        });
        match next {
            Some(next) => Ok(edit(key.start, next, "")),
            None => Err(PatchError::NotEditable(path.to_owned())),
        }
    }

    fn remove_from_flow(&self, start: usize, end: usize) -> Edit {
        let after = &self.text[end..];
        let blanks = after.len() - after.trim_start().len();
        if after[blanks..].starts_with(',') {
            let rest = &after[blanks + 1..];
            let skip = rest.len() - rest.trim_start_matches(' ').len();
            return Edit { span: self.span(start, end + blanks + 1 + skip), text: String::new() };
        }
        let before = self.text[..start].trim_end();
        let from = before.strip_suffix(',').map_or(start, str::len);
        Edit { span: self.span(from, end), text: String::new() }
    }

    fn replace(&self, entry: &Entry, value: &Json, path: &str) -> Result<Edit, PatchError> {
        let key = key_span(entry, path)?.range();
        let colon = self.text[key.end..].find(':').unwrap_or(0);
        let start = key.end + colon + 1;
        let end = self.entry_end(entry, path)?;
        let indent = key.start - self.line_start(key.start) + 2;
        let written = self.beside_key(value, indent, false);
        Ok(Edit { span: self.span(start, end), text: written })
    }

    /// A value as it stands behind `key:`, with the blank or the line break before it.
    fn beside_key(&self, value: &Json, indent: usize, flow: bool) -> String {
        match value {
            Json::Object(map) if !map.is_empty() && !flow => {
                let line_break = self.line_break();
                let lines = map.iter().map(|(key, value)| {
                    let key = scalar(&Json::String(key.clone()));
                    let value = self.beside_key(value, indent + 2, false);
                    format!("{line_break}{}{key}:{value}", " ".repeat(indent))
                });
                lines.collect()
            }
            value => format!(" {}", in_flow(value)),
        }
    }

    fn add(&self, document: &Document, path: &str, value: &Json) -> Result<Edit, PatchError> {
        let names: Vec<&str> = path.split('.').collect();
        // The deepest mapping that is there, and what of the path is not.
        let mut parent = &document.root;
        let mut holder: Option<&Entry> = None;
        let mut depth = 0;
        while let Some(entry) = parent.as_dict().and_then(|dict| dict.entry(names[depth])) {
            holder = Some(entry);
            parent = &entry.value;
            depth += 1;
        }
        let mut value = value.clone();
        for name in names[depth + 1..].iter().rev() {
            value = Json::Object([((*name).to_owned(), value)].into_iter().collect());
        }
        let key = scalar(&Json::String(names[depth].to_owned()));
        match &parent.data {
            Data::Dict(_) if self.is_flow(parent) => Ok(self.add_to_flow(parent, &key, &value)),
            Data::Dict(dict) if own_entries(dict).next().is_some() => {
                let first = own_entries(dict)
                    .filter_map(|entry| entry.key.span())
                    .map(|span| span.range().start)
                    .min()
                    .ok_or_else(|| PatchError::NotEditable(path.to_owned()))?;
                let indent = first - self.line_start(first);
                let end = self.value_end(parent, path)?;
                Ok(self.add_line(end, indent, &key, &value))
            }
            Data::None => {
                let (indent, end) = match holder {
                    Some(entry) => {
                        let start = key_span(entry, path)?.range().start;
                        (start - self.line_start(start) + 2, self.entry_end(entry, path)?)
                    }
                    None => (0, self.text.trim_end().len()),
                };
                Ok(self.add_line(end, indent, &key, &value))
            }
            _ => Err(PatchError::NotEditable(path.to_owned())),
        }
    }

    /// A new line behind the one that ends what is there.
    fn add_line(&self, after: usize, indent: usize, key: &str, value: &Json) -> Edit {
        let at = self.line_end(after);
        let line_break = self.line_break();
        let written = self.beside_key(value, indent + 2, false);
        let line = format!("{}{key}:{written}", " ".repeat(indent));
        let open = at > 0 && !self.text[..at].ends_with('\n');
        let text = if open { format!("{line_break}{line}") } else { format!("{line}{line_break}") };
        Edit { span: self.span(at, at), text }
    }

    fn add_to_flow(&self, parent: &Value, key: &str, value: &Json) -> Edit {
        let end = parent.span().map_or(0, |span| span.range().end);
        let close = end.saturating_sub(1);
        let before = self.text[..close].trim_end();
        let comma = if before.ends_with(['{', ',']) { "" } else { ", " };
        let text = format!("{comma}{key}:{}", self.beside_key(value, 0, true));
        Edit { span: self.span(before.len(), before.len()), text }
    }
}

fn own_entries(dict: &Dict) -> impl Iterator<Item = &Entry> {
    dict.entries.iter().filter(|entry| entry.merged.is_none())
}

/// A value in flow style, on one line.
fn in_flow(value: &Json) -> String {
    match value {
        Json::Array(items) => {
            format!("[{}]", items.iter().map(in_flow).collect::<Vec<_>>().join(", "))
        }
        Json::Object(map) => {
            let entry = |(key, value): (&String, &Json)| {
                format!("{}: {}", scalar(&Json::String(key.clone())), in_flow(value))
            };
            format!("{{{}}}", map.iter().map(entry).collect::<Vec<_>>().join(", "))
        }
        value => scalar(value),
    }
}

/// A scalar that PyYAML reads back as itself: quoted where YAML 1.1 would take it for another type.
fn scalar(value: &Json) -> String {
    let Json::String(text) = value else {
        return value.to_string();
    };
    let first_ok = text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '_'));
    let rest_ok = text.chars().all(|c| c.is_ascii_alphanumeric() || "/_.-".contains(c));
    let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    if first_ok && rest_ok && !words.contains(&text.to_ascii_lowercase().as_str()) {
        return text.clone();
    }
    // JSON's quoting is YAML's double-quoted style.
    value.to_string()
}
