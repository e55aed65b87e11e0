//! Finds a LiteLLM config inside a manifest or a Helm values file.

use std::ops::Range;

use python::{Data, Met, Value};

use super::Doc;

/// The sections of a LiteLLM config.
pub const SECTIONS: [&str; 5] = [
    "model_list",
    "litellm_settings",
    "router_settings",
    "general_settings",
    "environment_variables",
];

/// How deep a Helm values file may nest the config.
const MAX_DEPTH: usize = 6;

/// A config inside another file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Its bytes in the file.
    pub(super) range: Range<usize>,
    /// Where it is, in words: `the ConfigMap litellm, key config.yaml`.
    pub(super) place: String,
}

/// Whether this is a LiteLLM config, and no manifest.
pub(crate) fn is_litellm_config(root: &Value) -> bool {
    root.as_dict().is_some_and(|root| {
        SECTIONS.iter().any(|section| root.get(section).is_some())
            && root.get("apiVersion").is_none()
    })
}

/// Whether this looks like a manifest, Helm values or a compose file.
pub(super) fn may_hold_config(root: &Value) -> bool {
    let names = |key: &str| root.as_dict().is_some_and(|root| root.get(key).is_some());
    (names("apiVersion") && names("kind")) || find_in(root, 0, &mut Met::default()).is_some()
}

/// The config in a document.
pub(super) fn find(doc: &Doc<'_>) -> Option<Found> {
    if is_litellm_config(&doc.root) && !doc.templates.is_empty() {
        // A template of the config itself.
        return Some(Found {
            range: doc.start..doc.start + doc.text.len(),
            place: "this template".to_owned(),
        });
    }
    let (path, value) = find_in(&doc.root, 0, &mut Met::default())?;
    let span = doc.span(value)?.range();
    let range = match &value.data {
        Data::Str(_) => config_content(doc, span)?,
        _ => span,
    };
    let kind = doc.root.as_dict().and_then(|root| root.get("kind")?.as_str());
    let name = doc.root.as_dict().and_then(|root| {
        let name = root.get("metadata")?.as_dict()?.get("name")?;
        Some(doc.raw_text(name))
    });
    let place = match (kind, name) {
        (Some(kind), Some(name)) => {
            format!("the {kind} {name}, key {}", path.last().map_or("", |key| key))
        }
        (Some(kind), None) => format!("the {kind}, key {}", path.last().map_or("", |key| key)),
        (None, _) => format!("`{}`", path.join(".")),
    };
    Some(Found { range, place })
}

fn find_in<'v>(value: &'v Value, depth: usize, met: &mut Met) -> Option<(Vec<&'v str>, &'v Value)> {
    if depth > MAX_DEPTH || !met.is_first(value) {
        return None;
    }
    let entries = &value.as_dict()?.entries;
    for entry in entries {
        let Some(key) = entry.key.as_str() else {
            continue;
        };
        let holds = match &entry.value.data {
            Data::Dict(_) => is_litellm_config(&entry.value),
            Data::Str(text) => looks_like_config(text),
            _ => false,
        };
        if holds {
            return Some((vec![key], &entry.value));
        }
        if let Some((mut path, found)) = find_in(&entry.value, depth + 1, met) {
            path.insert(0, key);
            return Some((path, found));
        }
    }
    None
}

/// The text of a scalar that holds a config: of a `|` scalar, or the inside of a quoted one.
pub(super) fn config_content(doc: &Doc<'_>, span: Range<usize>) -> Option<Range<usize>> {
    let written = doc.text.get(span.start - doc.start..span.end - doc.start)?;
    if written.len() > 1 && written.starts_with('"') && written.ends_with('"') {
        return Some(span.start + 1..span.end - 1);
    }
    literal_content(doc, span)
}

/// Whether a text of several lines has a section of a LiteLLM config: at the margin, which is that of
/// its first line where the text is inside another one.
pub(crate) fn looks_like_config(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let margin = &first[..first.len() - first.trim_start_matches(' ').len()];
    text.contains('\n')
        && text.lines().filter_map(|line| line.strip_prefix(margin)).any(|line| {
            SECTIONS
                .iter()
                .any(|section| line.strip_prefix(section).is_some_and(|rest| rest.starts_with(':')))
        })
}

/// The lines of a `|` scalar, or of Terraform's `<<EOT`: the forms whose text is the file's own.
pub(super) fn literal_content(doc: &Doc<'_>, span: Range<usize>) -> Option<Range<usize>> {
    let written = doc.text.get(span.start - doc.start..span.end - doc.start)?;
    let start = written.find('\n')? + 1;
    let end = match written.as_bytes().first()? {
        b'|' => written.len(),
        // Its last line is the mark.
        b'<' => written.trim_end().rfind('\n')? + 1,
        // So is that of Nix' text.
        b'\'' if written.starts_with("''") && !written.contains("${") => written.rfind('\n')? + 1,
        _ => return None,
    };
    (start <= end).then_some(span.start + start..span.start + end)
}
