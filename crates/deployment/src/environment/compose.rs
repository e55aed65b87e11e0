//! Compose files: the `environment` of LiteLLM's service.

use crate::manifest::Doc;
use base::source::Span;
use python::{Data, Dict, Value};

use super::gathered::{Gathered, Note};
use super::{Image, OpenSource, Variable};

/// Sets what the file sets for LiteLLM's service.
///
/// LiteLLM's is the service with an image of LiteLLM's, else each one that sets a variable named
/// after LiteLLM or Redis.
pub(super) fn load(doc: &Doc<'_>, gathered: &mut Gathered) {
    let services = doc.root.as_dict().and_then(|root| root.get("services")?.as_dict());
    let Some(services) = services else {
        return;
    };
    let image = |service: &Value| {
        let image = service.as_dict()?.get("image")?;
        Image::parse(&doc.raw_text(image), doc.span(image))
    };
    let all = || services.entries.iter().map(|entry| &entry.value);
    let mut chosen: Vec<&Value> = all().filter(|service| image(service).is_some()).collect();
    if chosen.is_empty() {
        chosen = all().filter(|service| names_litellm(doc, service)).collect();
    }
    for service in chosen {
        gathered.images.extend(image(service));
        if let Some(files) = service.as_dict().and_then(|service| service.get("env_file")) {
            gathered.environment.open.push(OpenSource {
                what: "env_file".to_owned(),
                prefix: String::new(),
                span: doc.span(files),
            });
            gathered.notes.push(Note {
                span: doc.span(files),
                text:
                    "the variables of `env_file` are read only when it is given with --env-file too"
                        .to_owned(),
            });
        }
        for (name, variable) in variables(doc, service) {
            gathered.environment.set(name, variable);
        }
    }
}

fn names_litellm(doc: &Doc<'_>, service: &Value) -> bool {
    variables(doc, service)
        .iter()
        .any(|(name, _)| name.starts_with("LITELLM_") || name.starts_with("REDIS_"))
}

/// The variables of a service: `NAME: value`, or a list of `NAME=value`.
fn variables(doc: &Doc<'_>, service: &Value) -> Vec<(String, Variable)> {
    let environment = service.as_dict().and_then(|service| service.get("environment"));
    match environment.map(|environment| &environment.data) {
        Some(Data::Dict(map)) => from_map(doc, map),
        Some(Data::List(list)) => list.iter().filter_map(|item| from_item(doc, item)).collect(),
        _ => vec![],
    }
}

fn from_map(doc: &Doc<'_>, map: &Dict) -> Vec<(String, Variable)> {
    let variable = |entry: &python::Entry| {
        let name = entry.key.as_str()?.to_owned();
        let span = doc.span(&entry.value);
        let variable = if entry.value.is_none() {
            from_host(&name, span)
        } else {
            filled(doc, &entry.value, &doc.raw_text(&entry.value))
        };
        Some((name, variable))
    };
    map.entries.iter().filter_map(variable).collect()
}

fn from_item(doc: &Doc<'_>, item: &Value) -> Option<(String, Variable)> {
    let text = item.as_str()?;
    Some(match text.split_once('=') {
        Some((name, value)) => {
            let mut variable = filled(doc, item, value);
            if let Some(span) = &mut variable.span {
                let quote =
                    u32::from(span.end - span.start > u32::try_from(text.len()).unwrap_or(0));
                let name = u32::try_from(name.len() + 1).unwrap_or(0);
                span.start = (span.start + quote + name).min(span.end);
                span.end -= quote.min(span.end - span.start);
            }
            (name.to_owned(), variable)
        }
        None => (text.to_owned(), from_host(text, doc.span(item))),
    })
}

fn from_host(name: &str, span: Option<Span>) -> Variable {
    Variable::unknown(format!("{name} where compose runs"), span)
}

/// A value with compose's interpolation: `$$` stands for `$`, anything else with a `$` depends on
/// where compose runs.
fn filled(doc: &Doc<'_>, value: &Value, text: &str) -> Variable {
    let span = doc.span(value);
    if doc.is_template(value) {
        return Variable::unknown("what the template fills in", span);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        plain.push_str(&rest[..dollar]);
        let after = &rest[dollar + 1..];
        if let Some(after) = after.strip_prefix('$') {
            plain.push('$');
            rest = after;
        } else {
            let name = after.trim_start_matches('{');
            let end = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            let name = &name[..end.unwrap_or(name.len())];
            return Variable::unknown(format!("{name} where compose runs"), span);
        }
    }
    plain.push_str(rest);
    Variable::known(&plain, span)
}
