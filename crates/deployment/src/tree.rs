//! Looking into values.

use crate::intake::Doc;
use base::source::Span;
use python::{Data, Entry, Value};

/// The value at a path of keys.
pub(crate) fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.as_dict()?.get(key))
}

/// The text at a key.
pub(crate) fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.as_dict()?.get(key)?.as_str()
}

/// The entries of a mapping.
pub(crate) fn entries(value: Option<&Value>) -> &[Entry] {
    value.and_then(Value::as_dict).map_or(&[], |dict| &dict.entries)
}

/// The items of a list.
pub(crate) fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_list).unwrap_or(&[])
}

/// A key as people compare it: `environmentVariables`, `environment_variables`.
pub(crate) fn plain_key(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// The first entry whose key is one of these, whatever its case.
pub(crate) fn any<'v>(value: &'v Value, keys: &[&str]) -> Option<&'v Entry> {
    let entries = entries(Some(value));
    keys.iter().find_map(|wanted| {
        entries.iter().find(|entry| entry.key.as_str().is_some_and(|key| is_key(key, wanted)))
    })
}

/// Whether `plain_key(key)` is this.
fn is_key(key: &str, wanted: &str) -> bool {
    let plain = key.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    plain.eq(wanted.bytes())
}

/// A value as a text that is known: a scalar as it is written.
pub(crate) fn scalar(doc: &Doc<'_>, value: &Value) -> Option<String> {
    match &value.data {
        Data::Dict(_) | Data::List(_) | Data::Unknown(_) | Data::Recursive => None,
        _ if doc.is_template(value) => None,
        _ => Some(doc.raw_text(value)),
    }
}

/// A whole number.
pub(crate) fn number(doc: &Doc<'_>, value: Option<&Value>) -> Option<u64> {
    scalar(doc, value?)?.parse().ok()
}

/// The words of a command: a list of texts, or one text.
pub(crate) fn command(doc: &Doc<'_>, value: Option<&Value>) -> Vec<String> {
    let Some(value) = value else { return vec![] };
    match &value.data {
        Data::List(items) => items
            .iter()
            .filter_map(|item| scalar(doc, item))
            .flat_map(|word| split(&word))
            .collect(),
        Data::Str(text) => crate::words::split(text).into_iter().map(|word| word.text).collect(),
        _ => vec![],
    }
}

/// A word of a list; a shell's script is several.
fn split(word: &str) -> Vec<String> {
    if word.contains(char::is_whitespace) {
        crate::words::split(word).into_iter().map(|word| word.text).collect()
    } else {
        vec![word.to_owned()]
    }
}

/// The place of a key, else of its value.
pub(crate) fn place(doc: &Doc<'_>, entry: &Entry) -> Option<Span> {
    doc.span(&entry.value).or_else(|| doc.span(&entry.key))
}
