//! Kubernetes manifests and Helm values: the containers' `env` and `envFrom`, with the `ConfigMap`s
//! and Secrets that are in the same files.

use std::collections::BTreeMap;

use crate::container::CHART_REDIS;
use crate::manifest::Doc;
use base::base64;
use base::source::Span;
use python::{Data, Value};

use super::gathered::{Gathered, Note};
use super::{Image, OpenSource, ValueFrom, Variable, VariableValue, room};

/// The keys of a `ConfigMap` or Secret; an unreadable value is unknown.
type Keys = BTreeMap<String, Variable>;

#[derive(Default)]
struct Objects {
    config_maps: BTreeMap<String, Keys>,
    secrets: BTreeMap<String, Keys>,
}

struct Container<'d> {
    doc: &'d Doc<'d>,
    value: &'d Value,
    runs_litellm: bool,
}

/// Sets what the manifests set for LiteLLM's container.
pub(super) fn load(docs: &[Doc<'_>], gathered: &mut Gathered) {
    let mut objects = Objects::default();
    let mut containers = vec![];
    for doc in docs {
        for object in items(&doc.root) {
            collect(doc, object, &mut objects, &mut containers);
            helm_values(doc, object, gathered);
        }
    }
    let any = containers.iter().any(|container| container.runs_litellm);
    for container in containers.iter().filter(|one| one.runs_litellm || !any) {
        if let Some(image) = container.value.as_dict().and_then(|dict| dict.get("image")) {
            gathered.images.extend(image_of(container.doc, image));
        }
        container_environment(container, &objects, gathered);
    }
}

/// The objects of a document: itself, or a list's.
pub fn items(root: &Value) -> Vec<&Value> {
    let list = root.as_dict().and_then(|dict| dict.get("items")?.as_list());
    match list {
        Some(items) if text(root, "kind").is_some_and(|kind| kind.ends_with("List")) => {
            items.iter().collect()
        }
        _ => vec![root],
    }
}

/// The text at a key of a mapping.
pub fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.as_dict()?.get(key)?.as_str()
}

/// The value at a path of keys.
pub fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| value.as_dict()?.get(key))
}

fn collect<'d>(
    doc: &'d Doc<'d>,
    object: &'d Value,
    objects: &mut Objects,
    containers: &mut Vec<Container<'d>>,
) {
    let name = at(object, &["metadata", "name"]).map_or(String::new(), |name| doc.raw_text(name));
    let pod = match text(object, "kind") {
        Some("ConfigMap") => {
            let keys = keys(doc, at(object, &["data"]), |text| Some(text.to_owned()));
            objects.config_maps.insert(name, keys);
            return;
        }
        Some("Secret") => {
            let mut all = keys(doc, at(object, &["data"]), base64::text);
            all.extend(keys(doc, at(object, &["stringData"]), |text| Some(text.to_owned())));
            objects.secrets.insert(name, all);
            return;
        }
        Some("Pod") => at(object, &["spec"]),
        Some("CronJob") => at(object, &["spec", "jobTemplate", "spec", "template", "spec"]),
        Some("Deployment" | "StatefulSet" | "DaemonSet" | "ReplicaSet" | "Job" | "Rollout") => {
            at(object, &["spec", "template", "spec"])
        }
        _ => None,
    };
    let Some(list) = pod.and_then(|pod| at(pod, &["containers"])?.as_list()) else {
        return;
    };
    for value in list {
        let image = at(value, &["image"]);
        containers.push(Container {
            doc,
            value,
            runs_litellm: image.is_some_and(|image| image_of(doc, image).is_some()),
        });
    }
}

fn image_of(doc: &Doc<'_>, image: &Value) -> Option<Image> {
    Image::parse(&doc.raw_text(image), doc.span(image))
}

fn keys(doc: &Doc<'_>, data: Option<&Value>, read: fn(&str) -> Option<String>) -> Keys {
    let mut keys = Keys::new();
    for entry in data.and_then(Value::as_dict).map_or(&[][..], |dict| &dict.entries) {
        let Some(name) = entry.key.as_str() else { continue };
        let span = doc.span(&entry.value);
        let variable = if doc.is_template(&entry.value) {
            Variable::unknown("what the template fills in", span)
        } else {
            match entry.value.as_str().and_then(read) {
                Some(value) => Variable::known(&value, span),
                None => Variable::unknown("a value that is not text", span),
            }
        };
        keys.insert(name.to_owned(), variable);
    }
    keys
}

fn container_environment(container: &Container<'_>, objects: &Objects, gathered: &mut Gathered) {
    let doc = container.doc;
    let sources = at(container.value, &["envFrom"]).and_then(Value::as_list);
    for source in sources.into_iter().flatten() {
        env_from(doc, source, objects, gathered);
    }
    let list = at(container.value, &["env"]).and_then(Value::as_list);
    env_list(doc, list.unwrap_or(&[]), objects, gathered);
}

fn env_from(doc: &Doc<'_>, source: &Value, objects: &Objects, gathered: &mut Gathered) {
    let prefix = text(source, "prefix").unwrap_or("");
    for (field, kind, known) in [
        ("configMapRef", "ConfigMap", &objects.config_maps),
        ("secretRef", "Secret", &objects.secrets),
    ] {
        let Some(name) = at(source, &[field, "name"]) else {
            continue;
        };
        let name_text = doc.raw_text(name);
        match known.get(&name_text) {
            Some(keys) => {
                for (key, variable) in keys {
                    let value_from = Some(key_of(kind, &name_text, key));
                    let variable = Variable { value_from, ..variable.clone() };
                    gathered.environment.set(format!("{prefix}{key}"), variable);
                }
            }
            None => {
                let span = doc.span(name);
                gathered.environment.open.push(OpenSource {
                    what: format!("the {kind} {name_text}"),
                    prefix: prefix.to_owned(),
                    span,
                });
                gathered.notes.push(Note {
                    span,
                    text: format!(
                        "the variables of the {kind} {name_text} are not known: give its manifest with --env-file too"
                    ),
                });
            }
        }
    }
}

/// A list of `name` and `value` or `valueFrom`.
fn env_list(doc: &Doc<'_>, list: &[Value], objects: &Objects, gathered: &mut Gathered) {
    for entry in list {
        let Some(name) = text(entry, "name") else {
            continue;
        };
        let variable = if let Some(value) = at(entry, &["value"]) {
            plain_value(doc, name, value, gathered)
        } else if let Some(source) = at(entry, &["valueFrom"]) {
            value_from(doc, source, objects)
        } else {
            Variable::known("", doc.span(entry))
        };
        gathered.environment.set(name, variable);
    }
}

fn plain_value(doc: &Doc<'_>, name: &str, value: &Value, gathered: &mut Gathered) -> Variable {
    let span = doc.span(value);
    if doc.is_template(value) {
        return Variable::unknown("what the template fills in", span);
    }
    if !matches!(value.data, Data::Str(_) | Data::None) {
        gathered.notes.push(Note {
            span,
            text: format!(
                "Kubernetes refuses the value of {name}: quote it, an env value must be text"
            ),
        });
    }
    if value.is_none() {
        return Variable::known("", span);
    }
    let text = doc.raw_text(value);
    let filled = expand(&text, &gathered.environment, span);
    if text.contains('$') {
        gathered.environment.with_room(name, filled, &mut gathered.notes)
    } else {
        filled
    }
}

/// Fills in `$(NAME)` from the variables before; `$$` stands for `$`.
fn expand(text: &str, environment: &super::Environment, span: Option<Span>) -> Variable {
    let mut value = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        value.push_str(&rest[..dollar]);
        rest = &rest[dollar + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            value.push('$');
            rest = after;
            continue;
        }
        let name = rest.strip_prefix('(').and_then(|inside| inside.split_once(')'));
        match name.and_then(|(name, after)| Some((environment.get(name)?, after))) {
            Some((variable, after)) => {
                match &variable.value {
                    VariableValue::Known(secret) => {
                        if room::push(&mut value, secret.reveal()).is_none() {
                            return room::too_large(span);
                        }
                    }
                    VariableValue::Unknown(why) => return Variable::unknown(why, span),
                }
                rest = after;
            }
            None => value.push('$'),
        }
    }
    value.push_str(rest);
    Variable::known(&value, span)
}

fn key_of(kind: &str, name: &str, key: &str) -> ValueFrom {
    let (name, key) = (name.to_owned(), key.to_owned());
    match kind {
        "Secret" => ValueFrom::Secret { name, key },
        _ => ValueFrom::ConfigMap { name, key },
    }
}

fn value_from(doc: &Doc<'_>, source: &Value, objects: &Objects) -> Variable {
    let span = doc.span(source);
    for (field, kind, known) in [
        ("secretKeyRef", "Secret", &objects.secrets),
        ("configMapKeyRef", "ConfigMap", &objects.config_maps),
    ] {
        let Some(reference) = at(source, &[field]) else {
            continue;
        };
        let part =
            |key: &str| at(reference, &[key]).map_or(String::new(), |value| doc.raw_text(value));
        let (name, key) = (part("name"), part("key"));
        let variable = match known.get(&name).and_then(|keys| keys.get(&key)) {
            Some(variable) => variable.clone(),
            None => Variable::unknown(format!("key {key} of the {kind} {name}"), span),
        };
        return Variable { value_from: Some(key_of(kind, &name, &key)), ..variable };
    }
    if let Some(path) = at(source, &["fieldRef", "fieldPath"]) {
        let path = doc.raw_text(path);
        let why = format!("the pod's {path}");
        let value_from = Some(ValueFrom::Field(path));
        return Variable { value_from, ..Variable::unknown(why, span) };
    }
    Variable::unknown("a value that Kubernetes fills in", span)
}

/// What the values of LiteLLM's Helm chart set.
fn helm_values(doc: &Doc<'_>, root: &Value, gathered: &mut Gathered) {
    if text(root, "kind").is_some() || root.as_dict().is_none() {
        return;
    }
    let chart =
        ["proxy_config", "envVars", "extraEnvVars", "masterkeySecretName", "environmentSecrets"];
    let image = at(root, &["image"]).and_then(|image| {
        let repository = text(image, "repository")?;
        let tag = at(image, &["tag"]).map_or(String::new(), |tag| doc.raw_text(tag));
        let name =
            if tag.is_empty() { repository.to_owned() } else { format!("{repository}:{tag}") };
        Image::parse(&name, doc.span(at(image, &["tag"]).unwrap_or(image)))
    });
    if image.is_none() && chart.iter().all(|key| at(root, &[key]).is_none()) {
        return;
    }
    gathered.images.extend(image);
    if at(root, &["redis", "enabled"]).is_some_and(|on| matches!(on.data, Data::Bool(true))) {
        let span = at(root, &["redis", "enabled"]).and_then(|on| doc.span(on));
        for name in ["REDIS_HOST", "REDIS_PORT", "REDIS_PASSWORD"] {
            gathered.environment.set(name, Variable::unknown(CHART_REDIS, span));
        }
    }
    if let Some(variables) = at(root, &["envVars"]).and_then(Value::as_dict) {
        for entry in &variables.entries {
            if let Some(name) = entry.key.as_str() {
                let variable = plain_value(doc, name, &entry.value, gathered);
                gathered.environment.set(name, variable);
            }
        }
    }
    for field in ["env", "extraEnvVars"] {
        let list = at(root, &[field]).and_then(Value::as_list).unwrap_or(&[]);
        env_list(doc, list, &Objects::default(), gathered);
    }
    for (field, kind) in [("environmentSecrets", "Secret"), ("environmentConfigMaps", "ConfigMap")]
    {
        for name in at(root, &[field]).and_then(Value::as_list).unwrap_or(&[]) {
            let (what, span) = (format!("the {kind} {}", doc.raw_text(name)), doc.span(name));
            gathered
                .notes
                .push(Note { span, text: format!("the variables of {what} are not known") });
            gathered.environment.open.push(OpenSource { what, prefix: String::new(), span });
        }
    }
}
