//! Compose files and stacks: services with what they extend and what lies over them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use crate::environment::NamedText;
use crate::environment::{Note, Variable, VariableValue};
use crate::fault::Fault;
use crate::intake::{self, Doc};
use base::source::Span;
use python::{Data, Value};

use super::container::after_name;
use super::{Read, source, wiring};
use crate::interpolate::{Filled, fill};
use crate::model::{EnvFile, Form, Mount, MountFrom, Replicas, Sets, Text, Workload, World};
use crate::paths;
use crate::tree::{at, command, entries, items, number, scalar, text};

/// The names that compose looks for, and those that it lays over them.
const NAMES: [&str; 4] = ["compose", "docker-compose", "podman-compose", "container-compose"];

/// Whether a document is a compose file.
pub(super) fn is_compose(root: &Value) -> bool {
    at(root, &["services"]).is_some_and(|services| services.as_dict().is_some())
        && at(root, &["apiVersion"]).is_none()
        && entries(at(root, &["services"]))
            .iter()
            .all(|entry| entry.value.is_none() || entry.value.as_dict().is_some())
}

/// A service's text in one file.
#[derive(Clone, Copy)]
struct Layer<'a, 't> {
    file: usize,
    folder: &'a str,
    doc: &'a Doc<'t>,
    service: &'a Value,
}

struct Project<'a, 't> {
    files: &'a [NamedText],
    by_path: Arc<HashMap<Arc<str>, usize>>,
    all: Vec<(&'a Read<'t>, &'a Doc<'t>)>,
}

/// Reads all compose files.
pub(super) fn read(files: &[NamedText], reads: &[Read<'_>], world: &mut World) {
    let all = reads
        .iter()
        .filter(|read| read.is_yaml())
        .flat_map(|read| read.docs.iter().map(move |doc| (read, doc)));
    let all: Vec<_> = all.filter(|(_, doc)| is_compose(&doc.root)).collect();
    let project = Project { files, by_path: Arc::clone(&world.by_path), all };
    for &(read, doc) in &project.all {
        let base = project.base_of(read.name);
        for entry in entries(at(&doc.root, &["services"])) {
            let Some(name) = entry.key.as_str() else { continue };
            let mut layers = vec![];
            let is_over = is_override(read.name);
            // A part without image lies over the file that has it.
            let lies_over = base.filter(|(other, _)| other.index != read.index).and_then(|base| {
                let below = at(&base.1.root, &["services", name])?;
                (is_over || is_part(read.name, stem(base.0.name), &entry.value))
                    .then_some((base, below))
            });
            if let Some(((other, other_doc), below)) = lies_over {
                project.layers(other, other_doc, below, &mut layers, 0);
            }
            project.layers(read, doc, &entry.value, &mut layers, 0);
            // The base with its override file is the override's.
            let overridden = !is_over && project.has_override(read.name, name);
            if !overridden {
                world.workloads.push(project.service(name, &layers));
            }
        }
    }
}

fn stem(name: &str) -> &str {
    let file = paths::file_name(name);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// Whether a service says too little to run LiteLLM on its own: it lies over that of the base, as
/// `-f compose.yaml -f compose.prod.yaml` has it.
fn is_part(name: &str, base: &str, service: &Value) -> bool {
    let lacks = |keys: &[&str]| keys.iter().all(|key| at(service, &[key]).is_none());
    let variant = stem(name).strip_prefix(base).is_some_and(|rest| rest.starts_with(['.', '-']));
    lacks(&["image", "build", "extends"])
        || (variant && lacks(&["build", "extends", "volumes", "configs", "command"]))
}

fn is_override(name: &str) -> bool {
    stem(name).strip_suffix(".override").is_some_and(|stem| NAMES.contains(&stem))
}

impl<'a, 't> Project<'a, 't> {
    /// The file that lies below those beside it.
    fn base_of(&self, name: &str) -> Option<(&'a Read<'t>, &'a Doc<'t>)> {
        let folder = paths::folder(name);
        NAMES.iter().find_map(|base| {
            self.all
                .iter()
                .copied()
                .find(|(read, _)| paths::folder(read.name) == folder && stem(read.name) == *base)
        })
    }

    fn has_override(&self, name: &str, service: &str) -> bool {
        NAMES.contains(&stem(name))
            && self.all.iter().any(|(read, doc)| {
                paths::folder(read.name) == paths::folder(name)
                    && is_override(read.name)
                    && at(&doc.root, &["services", service]).is_some()
            })
    }

    /// A service with what it extends below it.
    fn layers(
        &self,
        read: &'a Read<'t>,
        doc: &'a Doc<'t>,
        service: &'a Value,
        layers: &mut Vec<Layer<'a, 't>>,
        depth: usize,
    ) {
        let folder = paths::folder(read.name);
        if let Some(extends) = at(service, &["extends"]).filter(|_| depth < 8) {
            let name = extends.as_str().or_else(|| text(extends, "service"));
            let (other, other_doc) = match text(extends, "file") {
                Some(file) => {
                    let path = paths::plain(&paths::join(folder, file));
                    let found = self.all.iter().find(|(read, _)| paths::plain(read.name) == path);
                    found.copied().unwrap_or((read, doc))
                }
                None => (read, doc),
            };
            let below = name.and_then(|name| at(&other_doc.root, &["services", name]));
            if let Some(below) = below.filter(|below| !std::ptr::eq(*below, service)) {
                self.layers(other, other_doc, below, layers, depth + 1);
            }
        }
        layers.push(Layer { file: read.index, folder, doc, service });
    }

    /// The variables that compose fills in: those of `.env` beside the file.
    fn known(&self, folder: &str) -> (BTreeMap<String, String>, Option<usize>) {
        let path = paths::plain(&paths::join(folder, ".env"));
        let Some(&file) = self.by_path.get(path.as_str()) else {
            return (BTreeMap::new(), None);
        };
        let set = intake::dotenv(source(file), &self.files[file].text, &mut vec![]);
        let known = set.into_iter().filter_map(|(name, variable)| match variable.value {
            VariableValue::Known(value) => Some((name, value.reveal().to_owned())),
            VariableValue::Unknown(_) => None,
        });
        (known.collect(), Some(file))
    }

    /// The files that `include` joins with those of these layers.
    fn joined(&self, layers: &[Layer<'a, 't>]) -> Vec<usize> {
        let own: Vec<usize> = layers.iter().map(|layer| layer.file).collect();
        let includes = |read: &Read<'_>, doc: &Doc<'_>| -> Vec<usize> {
            let named = items(at(&doc.root, &["include"])).iter().flat_map(|one| {
                let paths = at(one, &["path"]);
                let one_path = one.as_str().or_else(|| paths.and_then(Value::as_str));
                one_path.into_iter().chain(items(paths).iter().filter_map(Value::as_str))
            });
            let folder = paths::folder(read.name);
            let plain = named.map(|path| paths::plain(&paths::join(folder, path)));
            plain.filter_map(|path| self.by_path.get(path.as_str()).copied()).collect()
        };
        let mut joined = vec![];
        for (read, doc) in &self.all {
            let named = includes(read, doc);
            if own.contains(&read.index) {
                joined.extend(named);
            } else if named.iter().any(|file| own.contains(file)) {
                joined.push(read.index);
                joined.extend(named);
            }
        }
        joined
    }

    fn service(&self, name: &str, layers: &[Layer<'a, 't>]) -> Workload {
        let file = layers.last().map_or(0, |layer| layer.file);
        let mut workload = Workload::new(file, Form::Compose, format!("service {name}"));
        name.clone_into(&mut workload.host);
        let folder = layers.first().map_or("", |layer| layer.folder);
        let (known, dotenv) = self.known(folder);
        let mut filled_in = false;
        for layer in layers {
            let Layer { doc, service, .. } = *layer;
            if !workload.files.contains(&layer.file) {
                workload.files.push(layer.file);
            }
            let mut fill_in = |text: &str| {
                filled_in |= text.contains('$');
                fill(text, &known)
            };
            if let Some(image) = at(service, &["image"]) {
                let text = match fill_in(&doc.raw_text(image)) {
                    Filled::Known(text) | Filled::Depends(_, text) => text,
                };
                workload.image = Some(Text { text, span: doc.span(image) });
                workload.span = doc.span(image);
            }
            if let Some(build) = at(service, &["build"]) {
                let context = build.as_str().or_else(|| text(build, "context")).unwrap_or(".");
                let dockerfile = text(build, "dockerfile").unwrap_or("Dockerfile");
                let context = paths::join(layer.folder, context);
                let dockerfile = paths::join(&context, dockerfile);
                workload.build = Some((context, dockerfile));
                let given = at(build, &["args"]);
                let listed = items(given).iter().filter_map(|one| scalar(doc, one));
                let listed = listed.filter_map(|one| {
                    let (name, value) = one.split_once('=')?;
                    Some((name.to_owned(), value.to_owned()))
                });
                let mapped = entries(given).iter().filter_map(|one| {
                    Some((one.key.as_str()?.to_owned(), scalar(doc, &one.value)?))
                });
                for (name, value) in listed.chain(mapped) {
                    if let Filled::Known(value) = fill_in(&value) {
                        workload.build_args.insert(name, value);
                    }
                }
                workload.span = workload.span.or_else(|| doc.span(build));
            }
            for field in ["entrypoint", "command"] {
                if let Some(value) = at(service, &[field]) {
                    if field == "command" {
                        workload.args.retain(|arg| arg.ends_with("litellm"));
                    }
                    workload.args.extend(command(doc, Some(value)).into_iter().map(|word| {
                        match fill_in(&word) {
                            Filled::Known(text) => text,
                            Filled::Depends(..) => word,
                        }
                    }));
                }
            }
            let scale = number(doc, at(service, &["deploy", "replicas"]))
                .or_else(|| number(doc, at(service, &["scale"])));
            workload.replicas = Replicas::of(scale).or(workload.replicas);
            env_files(layer, &mut workload, &mut fill_in);
            mounts(layer, &mut workload, &mut fill_in);
            wiring::read(doc, service, &mut workload.network, &mut fill_in);
        }
        for layer in layers {
            environment(layer, &mut workload, &known);
        }
        for file in self.joined(layers) {
            if !workload.files.contains(&file) {
                workload.files.push(file);
            }
        }
        if let Some(file) = dotenv.filter(|_| filled_in || uses_variables(&workload)) {
            workload.files.push(file);
        }
        workload
    }
}

fn uses_variables(workload: &Workload) -> bool {
    workload.sets.iter().any(|set| match set {
        Sets::Variable(_, variable) => variable.span.is_some(),
        _ => false,
    })
}

/// `env_file`: a path, or a list of paths or `{path, required}`.
fn env_files(
    layer: &Layer<'_, '_>,
    workload: &mut Workload,
    fill_in: &mut dyn FnMut(&str) -> Filled,
) {
    let Some(value) = at(layer.service, &["env_file"]) else { return };
    let one = [value];
    let all = value.as_list().map_or(one.to_vec(), |list| list.iter().collect());
    for value in all {
        let Some(path) = value.as_str().or_else(|| text(value, "path")) else { continue };
        let span = layer.doc.span(value);
        let by = match text(value, "format") {
            Some("raw") => EnvFile::Verbatim,
            _ => EnvFile::Unquoted,
        };
        match fill_in(path) {
            Filled::Known(path) => {
                workload.sets.push(Sets::File { path: paths::join(layer.folder, &path), by, span });
            }
            Filled::Depends(_, path) => {
                workload.sets.push(Sets::Open { what: format!("env_file {path}"), span });
            }
        }
    }
}

/// `environment`: `NAME: value`, or a list of `NAME=value`.
fn environment(layer: &Layer<'_, '_>, workload: &mut Workload, known: &BTreeMap<String, String>) {
    let doc = layer.doc;
    let Some(environment) = at(layer.service, &["environment"]) else { return };
    let filled = |text: &str, span| match fill(text, known) {
        Filled::Known(value) => Variable::known(&value, span),
        Filled::Depends(name, _) => Variable::unknown(format!("{name} where compose runs"), span),
    };
    let from_host = |name: &str, span| match known.get(name) {
        Some(value) => Variable::known(value, span),
        None => Variable::unknown(format!("{name} where compose runs"), span),
    };
    match &environment.data {
        Data::Dict(map) => {
            for entry in &map.entries {
                let Some(name) = entry.key.as_str() else { continue };
                let span = doc.span(&entry.value).or_else(|| doc.span(&entry.key));
                let variable = if entry.value.is_none() {
                    from_host(name, doc.span(&entry.key))
                } else if doc.is_template(&entry.value) {
                    Variable::unknown("what the template fills in", span)
                } else {
                    filled(&doc.raw_text(&entry.value), span)
                };
                workload.set(name, variable);
            }
        }
        Data::List(list) => {
            let mut first: BTreeMap<String, (Option<Span>, String)> = BTreeMap::new();
            for item in list.iter() {
                let Some(text) = scalar(doc, item) else { continue };
                let name = text.split('=').next().unwrap_or(&text).to_owned();
                let now = (doc.span(item), text.clone());
                if let Some((first, before)) = first.insert(name.clone(), now)
                    && before != text
                {
                    let span = doc.span(item);
                    workload.faults.push(Fault::SetTwice { variable: name, span, first });
                }
                let span = doc.span(item);
                match text.split_once('=') {
                    Some((name, value)) => {
                        let span = span.map(|span| after_name(span, &text, name));
                        workload.set(name, filled(value, span));
                    }
                    None => workload.set(text.clone(), from_host(&text, span)),
                }
            }
        }
        _ => {}
    }
}

/// `volumes`, `configs` and `secrets`.
fn mounts(layer: &Layer<'_, '_>, workload: &mut Workload, fill_in: &mut dyn FnMut(&str) -> Filled) {
    let doc = layer.doc;
    workload.hides_mounts |= at(layer.service, &["volumes_from"]).is_some();
    for value in items(at(layer.service, &["volumes"])) {
        let span = doc.span(value);
        let (from, target) = if doc.is_template(value) {
            let written = doc.raw_text(value);
            let written = written.trim_matches(['"', '\'']);
            // A template's own text has colons, too.
            let after = written.rfind("}}").unwrap_or(0);
            let Some(colon) = written[after..].find(':') else { continue };
            let (from, rest) = (&written[..after + colon], &written[after + colon + 1..]);
            (from.to_owned(), rest.split(':').next().unwrap_or(rest).to_owned())
        } else if let Some(written) = value.as_str() {
            let (Filled::Known(written) | Filled::Depends(_, written)) = fill_in(written);
            let Some((from, rest)) = written.split_once(':') else { continue };
            (from.to_owned(), rest.split(':').next().unwrap_or(rest).to_owned())
        } else {
            let part = |key: &str| text(value, key).map(str::to_owned);
            let (Some(from), Some(target)) = (part("source"), part("target")) else { continue };
            // Coolify writes the text of a file beside its mount.
            if let Some(range) = at(value, &["content"]).and_then(|content| doc.config(content)) {
                workload.mounts.push(Mount::new(target, MountFrom::Inline(range), span));
                continue;
            }
            let (Filled::Known(from) | Filled::Depends(_, from)) = fill_in(&from);
            (from, target)
        };
        let is_path = from.starts_with(['.', '/', '~']) || from.starts_with("{{");
        let from = if is_path {
            MountFrom::Host(paths::join(layer.folder, &from))
        } else {
            MountFrom::Other
        };
        workload.mounts.push(Mount::new(target, from, span));
    }
    for (section, under) in [("configs", ""), ("secrets", "/run/secrets")] {
        for value in items(at(layer.service, &[section])) {
            let Some(name) = value.as_str().or_else(|| text(value, "source")) else { continue };
            let target = text(value, "target").unwrap_or(name);
            let target = match target.starts_with('/') {
                true => target.to_owned(),
                false => format!("{under}/{target}"),
            };
            let from = match at(&doc.root, &[section, name]) {
                Some(from) => match (text(from, "file"), at(from, &["content"])) {
                    (Some(file), _) => {
                        let (Filled::Known(file) | Filled::Depends(_, file)) = fill_in(file);
                        MountFrom::Host(paths::join(layer.folder, &file))
                    }
                    (None, Some(content)) => match doc.config(content) {
                        Some(range) => MountFrom::Inline(range),
                        None => MountFrom::Other,
                    },
                    _ => MountFrom::Other,
                },
                None => {
                    let text = format!("{section} names no {name}");
                    workload.notes.push(Note { span: doc.span(value), text });
                    MountFrom::Other
                }
            };
            workload.mounts.push(Mount::new(target, from, doc.span(value)));
        }
    }
}
