//! What a mount brings at a path below it: a file of the set, a text within one, a key of an object.

use std::ops::Range;

use crate::model::{Key, Mount, MountFrom, Object, Workload, World};
use crate::paths;
use crate::worked::find;

/// What is brought.
#[derive(Clone, Debug)]
pub(crate) enum Brought<'w> {
    /// A whole file.
    File(usize),
    /// A text within a file.
    Text(usize, Range<usize>),
    /// A key of a `ConfigMap` or Secret.
    Key {
        object: &'w Object,
        name: &'w str,
        key: &'w Key,
        /// It is the one that was asked for: not all keys are looked at.
        named: bool,
    },
}

/// What comes below a mount where a path in the container leads; `None` for another place.
pub(crate) fn below<'p>(mount: &Mount, path: &'p str) -> Option<&'p str> {
    let rest = path.strip_prefix(mount.target.trim_end_matches('/'))?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('/') }
}

/// What a mount brings at a path below it; empty for the mount's own place.
pub(crate) fn brought<'w>(
    world: &'w World,
    workload: &Workload,
    mount: &Mount,
    below: &str,
) -> Vec<Brought<'w>> {
    match &mount.from {
        MountFrom::Host(path) => {
            let path = if below.is_empty() { path.clone() } else { paths::join(path, below) };
            on_host(world, &path).into_iter().collect()
        }
        MountFrom::Inline(range) => vec![Brought::Text(workload.file, range.clone())],
        MountFrom::ConfigMap(name, key) => {
            objects(world, workload, mount, (false, name), key.as_ref(), below)
        }
        MountFrom::Secret(name, key) => {
            objects(world, workload, mount, (true, name), key.as_ref(), below)
        }
        MountFrom::Other => vec![],
    }
}

/// The file that is at a path on the host: one of the set, or what something copies or writes there.
pub(crate) fn on_host<'w>(world: &World, path: &str) -> Option<Brought<'w>> {
    if let Some(file) = world.file(path) {
        return Some(Brought::File(file));
    }
    let copy = world.copies.iter().find(|copy| path.ends_with(copy.target.as_str()))?;
    let file = world.file(&copy.file)?;
    Some(match &copy.range {
        Some(range) => Brought::Text(file, range.clone()),
        None => Brought::File(file),
    })
}

fn objects<'w>(
    world: &'w World,
    workload: &Workload,
    mount: &Mount,
    (secret, name): (bool, &str),
    key: Option<&String>,
    below: &str,
) -> Vec<Brought<'w>> {
    let item = |(_, path): &&(String, String)| path == below || Some(path) == key;
    let item = mount.items.iter().find(item);
    let wanted = item.map(|(key, _)| key.as_str()).or(key.map(String::as_str));
    let wanted = wanted.or((!below.is_empty()).then_some(below));
    let mut found = vec![];
    for object in find(world, workload, secret, name) {
        for (name, key) in &object.keys {
            if wanted.is_some_and(|wanted| name != wanted) {
                continue;
            }
            match &key.path {
                Some(path) => found.extend(world.file(path).map(Brought::File)),
                None => found.push(Brought::Key { object, name, key, named: wanted.is_some() }),
            }
        }
    }
    found
}
