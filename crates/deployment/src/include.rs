//! The files that a config's `include` names, merged into it.
//!
//! Only what every release does alike is merged: files beside the config, each a mapping without an `include`
//! of its own. Otherwise the config stays as it is, and what LiteLLM does with it is not known.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use base::source::{Source, SourceId};
use python::{Data, Dict, Entry, Value};
use yaml::Document;

use crate::bring::{Brought, below, brought};
use crate::environment::{Included, NamedText};
use crate::intake::source;
use crate::listed::{INCLUDE, names};
use crate::model::{Config, Mount, Workload, World};
use crate::paths;

/// What configs include, if they do, each file by the name that the config gives it.
#[derive(Debug, Default)]
pub(crate) struct All(BTreeMap<usize, Vec<(String, usize)>>);

impl All {
    /// What a config includes.
    pub(crate) fn of(&self, config: &Config) -> Vec<(String, usize)> {
        match &config.range {
            None => self.0.get(&config.file).cloned().unwrap_or_default(),
            Some(_) => vec![],
        }
    }
}

/// Reads what each config includes.
pub(crate) fn all(files: &[NamedText], world: &World, configs: &[Config]) -> All {
    let whole = configs.iter().filter(|config| config.range.is_none());
    let all = whole.map(|config| (config.file, beside(files, world, config.file)));
    All(all.filter(|(_, parts)| !parts.is_empty()).collect())
}

fn beside(files: &[NamedText], world: &World, file: usize) -> Vec<(String, usize)> {
    let Some(NamedText { name, text }) = files.get(file) else { return vec![] };
    // Few configs do: the others are not read for it.
    if !text.contains(INCLUDE) {
        return vec![];
    }
    let Ok(document) = yaml::read(source(file), text) else { return vec![] };
    let folder = paths::folder(name);
    let beside = names(&document.root).into_iter().filter_map(|name| {
        let other = world.file(&paths::join(folder, name)).filter(|other| *other != file)?;
        Some((name.to_owned(), other))
    });
    beside.collect()
}

/// The files that are parts of other configs, and none themselves.
pub(crate) fn parts(all: &All) -> BTreeSet<usize> {
    let included: HashSet<usize> = all.0.values().flatten().map(|(_, file)| *file).collect();
    // Those that include each other are configs as good as any.
    let roots = all.0.iter().filter(|(file, _)| !included.contains(file));
    roots.flat_map(|(_, parts)| parts).map(|(_, file)| *file).collect()
}

/// Whether LiteLLM finds a file beside its config, which a mount brings to a path: where the mount is the
/// config's alone, another one has to bring the file.
pub(crate) fn is_brought(
    world: &World,
    workload: &Workload,
    mount: &Mount,
    path: &str,
    name: &str,
    file: usize,
) -> bool {
    if below(mount, path) != Some("") {
        return true;
    }
    let wanted = paths::join(paths::folder(path), name);
    workload.mounts.iter().any(|mount| {
        let below = below(mount, &wanted);
        let found = below.map_or(vec![], |below| brought(world, workload, mount, below));
        found.iter().any(|found| matches!(found, Brought::File(found) if *found == file))
    })
}

/// The config with what it includes (`ProxyConfig._process_includes`): a list goes on with the file's, all
/// else is the file's.
pub fn merged(document: Document, included: &[Included], sources: &[Source]) -> Document {
    let listed = document.root.as_dict().and_then(|root| root.get(INCLUDE));
    let wanted = listed.and_then(Value::as_list).map_or(0, <[Value]>::len);
    let names = names(&document.root);
    // Newer releases read a file once, older ones as often as it is named.
    let distinct: HashSet<&&str> = names.iter().collect();
    if wanted == 0 || distinct.len() != wanted {
        return document;
    }
    let read = |name: &&str| {
        let file = included.iter().find(|one| one.name == **name)?;
        let source = sources.iter().find(|source| source.id == file.source)?;
        yaml::read(source.id, &source.text).ok()
    };
    let files: Option<Vec<Document>> = names.iter().map(read).collect();
    let root = files.as_ref().zip(document.root.as_dict());
    match root.and_then(|(files, root)| merge(root, files)) {
        Some(root) => {
            let origin = document.root.origin.clone();
            Document { root: Value::new(Data::Dict(Arc::new(root)), origin) }
        }
        None => document,
    }
}

/// Whether a config has parts of other files.
pub fn is_merged(document: &Document) -> bool {
    let elsewhere = |value: &Value| value.span().is_some_and(|at| at.source != SourceId::CONFIG);
    document.root.as_dict().is_some_and(|root| {
        root.entries.iter().any(|entry| {
            let items = entry.value.as_list().unwrap_or(&[]);
            elsewhere(&entry.key) || items.iter().any(elsewhere)
        })
    })
}

/// `None` where releases differ, or where one fails.
fn merge(root: &Dict, files: &[Document]) -> Option<Dict> {
    let mut merged = root.clone();
    merged.entries.retain(|entry| entry.key.as_str() != Some(INCLUDE));
    for file in files {
        if file.root.is_none() {
            continue;
        }
        let file = file.root.as_dict()?;
        if file.get(INCLUDE).is_some() {
            return None;
        }
        for entry in &file.entries {
            let name = entry.key.as_str()?;
            let there = merged.entries.iter_mut().find(|known| known.key.as_str() == Some(name));
            match there {
                None => merged.entries.push(entry.clone()),
                Some(there) => join(there, entry)?,
            }
        }
    }
    Some(merged)
}

/// What an entry is after one of the same key.
fn join(there: &mut Entry, new: &Entry) -> Option<()> {
    match (&there.value.data, &new.value.data) {
        (Data::List(old), Data::List(more)) => {
            let items: Vec<Value> = old.iter().chain(more.iter()).cloned().collect();
            there.value = Value::new(Data::List(Arc::new(items)), there.value.origin.clone());
        }
        // Older releases call `extend` on what is not a list.
        (_, Data::List(_)) => return None,
        _ => {
            let mut overwritten = std::mem::take(&mut there.overwritten);
            overwritten.extend(there.key.span());
            *there = new.clone();
            there.overwritten.splice(0..0, overwritten);
        }
    }
    Some(())
}
