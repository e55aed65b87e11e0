//! JSON patches (RFC 6902) of kustomizations, as far as they change what LiteLLM sees.

use crate::environment::Variable;
use crate::intake::Doc;
use python::Value;

use super::pod::{env_from, env_list};
use crate::model::{Sets, Text, Workload};
use crate::tree::{at, command, items, number, text};

/// Applies a document's operations to the container of this number in its pod; those that can't be
/// followed.
pub(super) fn apply<'v>(doc: &'v Doc<'_>, workload: &mut Workload, nth: usize) -> Vec<&'v Value> {
    let operations = items(Some(&doc.root)).iter();
    operations.filter(|operation| !one(doc, operation, workload, nth)).collect()
}

/// Whether an operation was followed, or changes nothing that matters.
fn one(doc: &Doc<'_>, operation: &Value, workload: &mut Workload, nth: usize) -> bool {
    let (Some(op), Some(path)) = (text(operation, "op"), text(operation, "path")) else {
        return false;
    };
    let value = at(operation, &["value"]);
    let path: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    let removes = op == "remove";
    if !matches!(op, "add" | "replace" | "remove") {
        return op == "test";
    }
    match &path[..] {
        ["spec", "replicas"] => {
            workload.replicas.least = number(doc, value);
            true
        }
        ["spec", "template", "spec", "containers", container, rest @ ..] => {
            if container.parse() != Ok(nth) {
                // Another container's; a new one is not followed.
                return container.parse::<usize>().is_ok() && !rest.is_empty();
            }
            inside(doc, rest, value, removes, op == "replace", workload)
        }
        ["spec", "template", "spec", "volumes" | "initContainers", ..] => false,
        _ => true,
    }
}

fn inside(
    doc: &Doc<'_>,
    path: &[&str],
    value: Option<&Value>,
    removes: bool,
    replaces: bool,
    workload: &mut Workload,
) -> bool {
    match path {
        ["image"] => {
            workload.image =
                value.map(|image| Text { text: doc.raw_text(image), span: doc.span(image) });
            true
        }
        ["args" | "command"] => {
            workload.args = command(doc, value);
            true
        }
        ["args", "-"] => {
            workload.args.extend(value.map(|value| doc.raw_text(value)));
            true
        }
        ["env"] => {
            workload.sets.retain(|set| !is_env(set));
            env_list(doc, items(value), workload);
            true
        }
        ["env", "-"] => {
            env_list(doc, value.map_or(&[], std::slice::from_ref), workload);
            true
        }
        ["env", number, rest @ ..] => {
            let Ok(number) = number.parse::<usize>() else { return false };
            let mut all = workload.sets.iter().enumerate().filter(|(_, set)| is_env(set));
            let Some(at) = all.nth(number).map(|(at, _)| at) else { return false };
            entry(doc, (at, rest), value, (removes, replaces), workload)
        }
        ["envFrom"] => {
            workload.sets.retain(is_env);
            sources(doc, items(value), workload);
            true
        }
        ["envFrom", "-"] => {
            sources(doc, value.map_or(&[], std::slice::from_ref), workload);
            true
        }
        ["envFrom" | "volumeMounts" | "args" | "command", ..] | [] => false,
        _ => true,
    }
}

/// One entry of `env`, or a part of it.
fn entry(
    doc: &Doc<'_>,
    (at, rest): (usize, &[&str]),
    value: Option<&Value>,
    (removes, replaces): (bool, bool),
    workload: &mut Workload,
) -> bool {
    match (rest, value) {
        ([], _) if removes => {
            workload.sets.remove(at);
            true
        }
        ([], Some(value)) => {
            let before = workload.sets.len();
            env_list(doc, std::slice::from_ref(value), workload);
            let Some(set) = workload.sets.pop().filter(|_| workload.sets.len() >= before) else {
                return false;
            };
            if replaces {
                workload.sets[at] = set;
            } else {
                workload.sets.insert(at, set);
            }
            true
        }
        (["value"], Some(value)) => {
            let name = match &workload.sets[at] {
                Sets::Variable(name, _) | Sets::Key { variable: name, .. } => name.clone(),
                _ => return false,
            };
            let variable = Variable::known(&doc.raw_text(value), doc.span(value));
            workload.sets[at] = Sets::Variable(name, variable);
            true
        }
        _ => false,
    }
}

/// Sources come before variables, whatever their order in the file.
fn sources(doc: &Doc<'_>, list: &[Value], workload: &mut Workload) {
    let own: Vec<Sets> = workload.sets.iter().filter(|set| is_env(set)).cloned().collect();
    workload.sets.retain(|set| !is_env(set));
    for source in list {
        env_from(doc, source, workload);
    }
    workload.sets.extend(own);
}

fn is_env(set: &Sets) -> bool {
    matches!(set, Sets::Variable(..) | Sets::Key { .. })
}
