//! kustomize's `replacements`: a field of one object put into others.

use crate::environment::{Note, Variable, VariableValue};
use crate::intake::Doc;
use python::Value;

use crate::model::{Object, Sets, Text, Workload};
use crate::tree::{at, items, scalar, text};

/// Applies the replacements of a kustomization to the workloads of its deployment.
pub(super) fn apply(doc: &Doc<'_>, objects: &[Object], own: &mut [Workload]) {
    for replacement in items(at(&doc.root, &["replacements"])) {
        if text(replacement, "path").is_some() {
            for workload in own.iter_mut() {
                unfollowed(doc, replacement, workload);
            }
            continue;
        }
        let value = source(doc, replacement, objects);
        for target in items(at(replacement, &["targets"])) {
            let select = |key: &str| at(target, &["select", key]).and_then(|one| scalar(doc, one));
            let (kind, name) = (select("kind"), select("name"));
            let paths: Vec<String> = items(at(target, &["fieldPaths"]))
                .iter()
                .filter_map(|path| scalar(doc, path))
                .collect();
            let whole = at(target, &["options"]).is_none();
            for workload in own.iter_mut() {
                let (its_kind, its_name) = workload.name.split_once(' ').unwrap_or(("", ""));
                let concerns = kind.as_ref().is_none_or(|kind| kind == its_kind)
                    && name.as_ref().is_none_or(|name| name == its_name);
                if !concerns {
                    continue;
                }
                for path in &paths {
                    // A part of a field is not worked out.
                    let value = if whole { value.clone() } else { unknown(doc, replacement) };
                    if !replaced(path, value, workload) {
                        unfollowed(doc, replacement, workload);
                    }
                }
            }
        }
    }
}

fn unknown(doc: &Doc<'_>, replacement: &Value) -> Variable {
    Variable::unknown("what kustomize puts there", doc.span(replacement))
}

/// The value that is put elsewhere, where it is that of a `ConfigMap`.
fn source(doc: &Doc<'_>, replacement: &Value, objects: &[Object]) -> Variable {
    let part = |key: &str| at(replacement, &["source", key]).and_then(|one| scalar(doc, one));
    let found = part("name").zip(part("fieldPath")).and_then(|(name, path)| {
        let key = path.strip_prefix("data.")?.to_owned();
        let whole = at(replacement, &["source", "options"]).is_none();
        let of_name = |one: &&Object| !one.secret && one.name == name;
        let object = objects.iter().filter(|_| whole).find(of_name)?;
        Some(object.keys.get(&key)?.variable.clone())
    });
    let known = found.filter(|one| matches!(one.value, VariableValue::Known(_)));
    known.unwrap_or_else(|| unknown(doc, replacement))
}

/// Whether a path's field was replaced, or matters not.
fn replaced(path: &str, value: Variable, workload: &mut Workload) -> bool {
    let Some((_, inside)) = path.split_once("containers.") else {
        return !path.contains("template.spec") || path.contains("metadata");
    };
    let (container, rest) = element(inside);
    if let Some(name) = container.strip_prefix("name=")
        && workload.within.as_ref().is_some_and(|own| own != name)
    {
        return true;
    }
    if rest == "image" {
        workload.image = match &value.value {
            VariableValue::Known(image) => {
                Some(Text { text: image.reveal().to_owned(), span: value.span })
            }
            VariableValue::Unknown(_) => None,
        };
        // Which release it is is not known; it is LiteLLM still.
        workload.is_litellm = true;
        return true;
    }
    let Some((variable, "value")) = rest.strip_prefix("env.").map(element) else {
        return !rest.starts_with("env")
            && !rest.starts_with("args")
            && !rest.starts_with("volume");
    };
    let mut entries = workload.sets.iter_mut().filter_map(|set| match set {
        Sets::Variable(name, variable) => Some((name, variable)),
        _ => None,
    });
    let found = match variable.strip_prefix("name=") {
        Some(wanted) => entries.find(|(name, _)| name.as_str() == wanted),
        None => variable.parse().ok().and_then(|number: usize| entries.nth(number)),
    };
    match found {
        Some((_, variable)) => {
            *variable = value;
            true
        }
        None => false,
    }
}

/// `[name=litellm].image`: an element of a list, and what follows.
fn element(path: &str) -> (&str, &str) {
    let (own, rest) = match path.strip_prefix('[').and_then(|path| path.split_once(']')) {
        Some((own, rest)) => (own, rest),
        None => path.split_at(path.find('.').unwrap_or(path.len())),
    };
    (own, rest.trim_start_matches('.'))
}

fn unfollowed(doc: &Doc<'_>, replacement: &Value, workload: &mut Workload) {
    workload.whole = false;
    workload.notes.push(Note {
        span: doc.span(replacement),
        text: "this replacement is not followed here: give what kustomize renders".to_owned(),
    });
}
