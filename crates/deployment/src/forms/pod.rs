//! What a pod says of its containers: image, command line, variables and mounts.

use std::collections::BTreeMap;

use super::container::variable;
use crate::container::read_by_kubernetes;
use crate::environment::Variable;
use crate::fault::{Fault, Mode};
use crate::intake::Doc;
use crate::model::{Mount, MountFrom, Sets, Text, Workload};
use crate::tree::{at, command, items as list, scalar, text};
use python::{Data, Value};

/// Image, command line and variables of a container.
pub(super) fn read_container(doc: &Doc<'_>, container: &Value, workload: &mut Workload) {
    if let Some(image) = at(container, &["image"]) {
        workload.image = Some(Text { text: doc.raw_text(image), span: doc.span(image) });
    }
    for field in ["command", "args"] {
        let words = at(container, &[field]);
        workload.args.extend(command(doc, words));
        workload.faults.extend(list(words).iter().enumerate().filter_map(|(at, word)| {
            Some(Fault::NotText {
                reader: "Kubernetes",
                name: format!("{field}[{at}]"),
                read_as: read_as(doc, word)?,
                span: doc.span(word),
            })
        }));
    }
    for source in list(at(container, &["envFrom"])) {
        env_from(doc, source, workload);
    }
    env_list(doc, list(at(container, &["env"])), workload);
    workload.whole &= !doc.has_templates();
}

/// What `envFrom` names.
pub(super) fn env_from(doc: &Doc<'_>, source: &Value, workload: &mut Workload) {
    let prefix = text(source, "prefix").unwrap_or("").to_owned();
    for (field, secret) in [("configMapRef", false), ("secretRef", true)] {
        if let Some(name) = at(source, &[field, "name"]) {
            workload.sets.push(Sets::Object {
                secret,
                name: doc.raw_text(name),
                prefix: prefix.clone(),
                span: doc.span(name),
            });
        }
    }
}

/// A list of `name` and `value` or `valueFrom`.
pub(super) fn env_list(doc: &Doc<'_>, list: &[Value], workload: &mut Workload) {
    let mut known: BTreeMap<String, &Value> = BTreeMap::new();
    for entry in list {
        let Some(name) = at(entry, &["name"]).and_then(|name| scalar(doc, name)) else { continue };
        if let Some(first) = known.insert(name.clone(), entry)
            && at(first, &["value"]).and_then(Value::as_str)
                != at(entry, &["value"]).and_then(Value::as_str)
        {
            workload.faults.push(Fault::SetTwice {
                variable: name.clone(),
                span: doc.span(entry),
                first: doc.span(first),
            });
        }
        let source = at(entry, &["valueFrom"]).filter(|source| !source.is_none());
        // A patch takes a value away with `value: null`.
        if let Some(value) = at(entry, &["value"]).filter(|one| !one.is_none() || source.is_none())
        {
            plain(doc, &name, value, workload);
        } else if let Some(source) = source {
            value_from(doc, &name, source, workload);
        } else {
            workload.set(name, Variable::known("", doc.span(entry)));
        }
    }
}

/// A plain value: text, else Kubernetes refuses it.
fn plain(doc: &Doc<'_>, name: &str, value: &Value, workload: &mut Workload) {
    let span = doc.span(value);
    if let Some(read_as) = read_as(doc, value) {
        let (reader, name) = ("Kubernetes", name.to_owned());
        workload.faults.push(Fault::NotText { reader, name, read_as, span });
    }
    let variable = if value.is_none() {
        Variable::known("", span)
    } else if doc.is_template(value) {
        variable(doc, value)
    } else {
        Variable::known(&doc.raw_text(value), span)
    };
    workload.set(name, variable);
}

fn value_from(doc: &Doc<'_>, name: &str, source: &Value, workload: &mut Workload) {
    let span = doc.span(source);
    for (field, secret) in [("secretKeyRef", true), ("configMapKeyRef", false)] {
        let Some(reference) = at(source, &[field]) else { continue };
        let part =
            |key: &str| at(reference, &[key]).map_or(String::new(), |value| doc.raw_text(value));
        let optional =
            at(reference, &["optional"]).is_some_and(|v| matches!(v.data, Data::Bool(true)));
        workload.sets.push(Sets::Key {
            variable: name.to_owned(),
            secret,
            name: part("name"),
            key: part("key"),
            optional,
            span,
        });
        return;
    }
    let why = match at(source, &["fieldRef", "fieldPath"]) {
        Some(path) => format!("the pod's {}", doc.raw_text(path)),
        None => "a value that Kubernetes fills in".to_owned(),
    };
    workload.set(name, Variable::unknown(why, span));
}

/// The mounts of a container, with the volumes of its pod.
pub(super) fn mounts(doc: &Doc<'_>, container: &Value, volumes: &[Value]) -> Vec<Mount> {
    let mounts = list(at(container, &["volumeMounts"])).iter();
    let mount = |mount: &Value| {
        let target = at(mount, &["mountPath"]).map(|path| doc.raw_text(path))?;
        let name = at(mount, &["name"]).map(|name| doc.raw_text(name))?;
        let sub = at(mount, &["subPath"]).map(|path| doc.raw_text(path));
        let named =
            |volume: &&Value| at(volume, &["name"]).is_some_and(|one| doc.raw_text(one) == name);
        let Some(volume) = volumes.iter().find(named) else {
            // A claim's template, or what an operator adds.
            return Some(vec![Mount::new(target, MountFrom::Other, doc.span(mount))]);
        };
        let one = |volume: &Value| Mount {
            target: target.clone(),
            span: doc.span(mount),
            ..volume_of(doc, volume, sub.as_ref())
        };
        Some(match at(volume, &["projected", "sources"]).and_then(Value::as_list) {
            Some(sources) => sources.iter().map(one).collect(),
            None => vec![one(volume)],
        })
    };
    mounts.filter_map(mount).flatten().collect()
}

/// What a volume, or a source of a projected one, brings.
fn volume_of(doc: &Doc<'_>, volume: &Value, sub: Option<&String>) -> Mount {
    let source = |path: &[&str]| at(volume, path).map(|name| doc.raw_text(name));
    let (from, field) = if let Some(name) = source(&["configMap", "name"]) {
        (MountFrom::ConfigMap(name, sub.cloned()), "configMap")
    } else if let Some(name) =
        source(&["secret", "secretName"]).or_else(|| source(&["secret", "name"]))
    {
        (MountFrom::Secret(name, sub.cloned()), "secret")
    } else if let Some(path) = source(&["hostPath", "path"]) {
        (MountFrom::Host(path), "hostPath")
    } else {
        (MountFrom::Other, "")
    };
    let items = list(at(volume, &[field, "items"])).iter().filter_map(|item| {
        let part = |key: &str| at(item, &[key]).map(|value| doc.raw_text(value));
        Some((part("key")?, part("path")?))
    });
    let mode = at(volume, &[field, "defaultMode"]).and_then(|mode| mode_of(doc, mode));
    let optional =
        at(volume, &[field, "optional"]).is_some_and(|on| matches!(on.data, Data::Bool(true)));
    let items = items.collect();
    Mount { target: String::new(), from, items, mode, optional, span: None }
}

/// `0400`, `256`; `400` is a decimal number to Kubernetes.
fn mode_of(doc: &Doc<'_>, mode: &Value) -> Option<Mode> {
    let written = scalar(doc, mode)?;
    let octal = written.strip_prefix("0o").or_else(|| written.strip_prefix('0'));
    let bits = match octal {
        Some(digits) if !digits.is_empty() => u32::from_str_radix(digits, 8).ok()?,
        _ => written.parse().ok()?,
    };
    let looks_octal = octal.is_none()
        && written.len() == 3
        && written.starts_with(['4', '6', '7'])
        && written.chars().all(|c| c.is_digit(8));
    Some(Mode { bits, looks_octal, span: doc.span(mode) })
}

/// What Kubernetes takes a value for, where not for text.
pub(super) fn read_as(doc: &Doc<'_>, value: &Value) -> Option<&'static str> {
    let written = doc.written(value)?;
    if doc.is_template(value) || matches!(value.data, Data::None) {
        return None;
    }
    match &value.data {
        Data::Dict(_) => Some("a mapping"),
        Data::List(_) => Some("a list"),
        _ if written.starts_with(['"', '\'', '|', '>', '*', '&', '!']) => None,
        _ => read_by_kubernetes(written),
    }
}
