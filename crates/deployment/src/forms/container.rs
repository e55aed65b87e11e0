//! Variables as containers have them, whatever the platform.

use crate::environment::Variable;
use crate::intake::Doc;
use base::source::Span;
use python::{Data, Entry, Value};

use super::is_worked_out;
use crate::model::{Sets, Workload};
use crate::tree::{any, at, entries, place, plain_key, scalar};

/// The keys under which platforms list variables, compared without case and punctuation.
pub(super) const ENVIRONMENT: [&str; 8] = [
    "env",
    "environment",
    "environments",
    "environmentvariables",
    "envvars",
    "containerenv",
    "remoteenv",
    "secrets",
];

/// What sets a value that isn't written out.
pub(super) fn worked_out() -> String {
    "a value that is worked out where it is deployed".to_owned()
}

/// A variable with this value.
pub(super) fn variable(doc: &Doc<'_>, value: &Value) -> Variable {
    let span = doc.span(value);
    if let Data::Unknown(why) = &value.data {
        return Variable::unknown(why.to_string(), span);
    }
    if doc.is_template(value) {
        return Variable::unknown("what the template fills in", span);
    }
    if is_worked_out(value) {
        return Variable::unknown(worked_out(), span);
    }
    match scalar(doc, value) {
        Some(text) if text.contains("${") || text.contains("{{") => {
            Variable::unknown(worked_out(), span)
        }
        Some(text) => Variable::known(&text, span),
        None => Variable::unknown(worked_out(), span),
    }
}

/// Variables: a list of `{name, value}`, a list of `NAME=value`, or a mapping.
pub(super) fn variables(doc: &Doc<'_>, value: &Value) -> Vec<(String, Variable)> {
    match &value.data {
        Data::List(items) => items.iter().filter_map(|item| from_item(doc, item)).collect(),
        // Terraform's only `env` block.
        Data::Dict(_) if is_item(value) => from_item(doc, value).into_iter().collect(),
        Data::Dict(map) => map.entries.iter().filter_map(|entry| from_entry(doc, entry)).collect(),
        _ => vec![],
    }
}

/// Whether a mapping is one variable: `name`, and `value` or where that comes from.
fn is_item(value: &Value) -> bool {
    let plain = |key: &str| at(value, &[key]);
    plain("name").is_some_and(|name| name.as_str().is_some())
        && ["value", "value_from", "valueFrom"].into_iter().any(|key| plain(key).is_some())
}

fn from_item(doc: &Doc<'_>, item: &Value) -> Option<(String, Variable)> {
    if let Some(text) = item.as_str() {
        if doc.is_template(item) {
            let written = doc.raw_text(item);
            let name = written.trim_matches(['"', '\'']).split('=').next()?.to_owned();
            let known = !name.is_empty() && !name.contains(['{', ' ']);
            let why = "what the template fills in";
            return known.then(|| (name, Variable::unknown(why, doc.span(item))));
        }
        return assignment(doc, item, text);
    }
    let name = any(item, &["name", "key"])?;
    let name = scalar(doc, &name.value)?;
    let variable = match any(item, &["value"]) {
        Some(entry) => variable(doc, &entry.value),
        None => {
            let rest = entries(Some(item)).iter().find(|entry| {
                entry
                    .key
                    .as_str()
                    .is_some_and(|key| !matches!(plain_key(key).as_str(), "name" | "key"))
            });
            let span = rest.and_then(|entry| place(doc, entry)).or_else(|| doc.span(item));
            match rest {
                Some(rest) => Variable::unknown(elsewhere(doc, rest), span),
                None => Variable::known("", span),
            }
        }
    };
    Some((name, variable))
}

/// `secretRef: x`, `valueFrom: arn:…`, `fromService: …` in words.
fn elsewhere(doc: &Doc<'_>, entry: &Entry) -> String {
    let key = entry.key.as_str().unwrap_or("another place");
    match scalar(doc, &entry.value) {
        Some(_) if plain_key(key) == "secretref" => {
            format!("the secret {}", doc.raw_text(&entry.value))
        }
        _ => format!("{key}, out of sight"),
    }
}

fn from_entry(doc: &Doc<'_>, entry: &Entry) -> Option<(String, Variable)> {
    let name = entry.key.as_str()?.to_owned();
    let variable = match &entry.value.data {
        Data::Dict(_) => match any(&entry.value, &["value", "default"]) {
            Some(inner) => variable(doc, &inner.value),
            None => Variable::unknown(worked_out(), doc.span(&entry.key)),
        },
        Data::None => Variable::known("", doc.span(&entry.key)),
        _ => variable(doc, &entry.value),
    };
    Some((name, variable))
}

/// `NAME=value`; a lone name comes from where it is started.
pub(super) fn assignment(doc: &Doc<'_>, item: &Value, text: &str) -> Option<(String, Variable)> {
    let span = doc.span(item);
    match text.split_once('=') {
        Some((name, value)) => {
            let span = span.map(|span| after_name(span, text, name));
            let variable = match value.contains("${") {
                true => Variable::unknown(worked_out(), span),
                false => Variable::known(value, span),
            };
            Some((name.to_owned(), variable))
        }
        None if text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !text.is_empty() => {
            Some((text.to_owned(), Variable::unknown(format!("{text} where it is started"), span)))
        }
        None => None,
    }
}

/// The place of the value in `NAME=value`, quoted or not.
pub(super) fn after_name(span: Span, text: &str, name: &str) -> Span {
    let length = |text: &str| u32::try_from(text.len()).unwrap_or(0);
    let quote = u32::from(span.end - span.start > length(text));
    let start = (span.start + quote + length(name) + 1).min(span.end);
    let end = (span.end - quote.min(span.end - span.start)).max(start);
    Span { start, end, ..span }
}

/// Something that may set variables, and that is not read.
pub(super) fn open(doc: &Doc<'_>, key: &str, value: &Value, workload: &mut Workload) {
    let what = match scalar(doc, value) {
        Some(text) => format!("{key} {text}"),
        None => key.to_owned(),
    };
    workload.sets.push(Sets::Open { what, span: doc.span(value) });
}
