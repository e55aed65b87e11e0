//! kustomize: resources, generators, images, replicas and patches. JSON patches are
//! followed as far as they change what LiteLLM sees, and are said to be left out where not.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::environment::NamedText;
use crate::environment::{Note, Variable};
use crate::intake::{self, Doc};
use python::Value;

use super::{Read, is_kustomization, json_patch, object_patch, replacements, source};
use crate::model::{Key, Mode, Object, Text, Workload, World};
use crate::paths;
use crate::tree::{at, entries, items, scalar, text};

struct Kustomization<'a, 't> {
    index: usize,
    folder: &'a str,
    doc: &'a Doc<'t>,
}

/// Reads all kustomizations: each that no other names is a deployment of its own.
pub(super) fn read(files: &[NamedText], reads: &[Read<'_>], world: &mut World) {
    let all: Vec<_> = reads
        .iter()
        .filter(|read| is_kustomization(paths::file_name(read.name)))
        .filter_map(|read| {
            let doc = read.docs.first()?;
            let is_flux = text(&doc.root, "apiVersion").is_some_and(|one| one.contains("fluxcd"));
            (!is_flux).then(|| Kustomization {
                index: read.index,
                folder: paths::folder(read.name),
                doc,
            })
        })
        .collect();
    if all.is_empty() {
        return;
    }
    let kustomize = Kustomize { files, by_path: Arc::clone(&world.by_path), all };
    let named: BTreeSet<usize> =
        kustomize.all.iter().flat_map(|one| kustomize.below(one)).collect();
    let mut dropped = BTreeSet::new();
    let mut made = vec![];
    let mut objects = Objects::default();
    for root in &kustomize.all {
        let is_root = !named.contains(&root.index);
        if is_root {
            let mut chain = vec![];
            kustomize.chain(root, &mut chain, 0);
            kustomize.deploy(root.index, &chain, world, &mut made, &mut dropped);
            kustomize.patch_objects(root.index, &chain, world, &mut objects);
        }
    }
    let mut at = 0;
    world.workloads.retain(|_| {
        at += 1;
        !dropped.contains(&(at - 1))
    });
    world.workloads.extend(made);
    let mut at = 0;
    world.objects.retain(|_| {
        at += 1;
        !objects.is_gone(at - 1)
    });
}

/// What becomes of objects that patches change: each deployment has its own.
#[derive(Default)]
struct Objects {
    /// Patches.
    parts: BTreeSet<usize>,
    /// How many deployments have an object, and how many have their own instead.
    counts: BTreeMap<usize, (usize, usize)>,
}

impl Objects {
    fn is_gone(&self, object: usize) -> bool {
        self.parts.contains(&object)
            || self.counts.get(&object).is_some_and(|(all, own)| *own > 0 && all == own)
    }
}

struct Kustomize<'a, 't> {
    files: &'a [NamedText],
    by_path: Arc<HashMap<Arc<str>, usize>>,
    all: Vec<Kustomization<'a, 't>>,
}

impl<'a, 't> Kustomize<'a, 't> {
    fn at_folder(&self, folder: &str) -> Option<&Kustomization<'a, 't>> {
        let folder = paths::plain(folder);
        self.all.iter().find(|one| paths::plain(one.folder) == folder)
    }

    /// The paths that a kustomization names, worked out.
    fn resources(one: &Kustomization<'_, '_>) -> Vec<String> {
        let fields = ["resources", "bases", "components"].iter();
        let values = fields.flat_map(|field| items(at(&one.doc.root, &[field])));
        values.filter_map(Value::as_str).map(|path| paths::join(one.folder, path)).collect()
    }

    /// The kustomizations that one names.
    fn below(&self, one: &Kustomization<'_, '_>) -> Vec<usize> {
        let paths = Self::resources(one);
        paths.iter().filter_map(|path| self.at_folder(path)).map(|one| one.index).collect()
    }

    /// A kustomization with those that it builds on, these first.
    fn chain<'k>(
        &'k self,
        one: &'k Kustomization<'a, 't>,
        chain: &mut Vec<&'k Kustomization<'a, 't>>,
        depth: usize,
    ) {
        if depth > 16 || chain.iter().any(|known| known.index == one.index) {
            return;
        }
        for path in Self::resources(one) {
            if let Some(below) = self.at_folder(&path) {
                self.chain(below, chain, depth + 1);
            }
        }
        chain.push(one);
    }

    fn file(&self, path: &str) -> Option<usize> {
        self.by_path.get(paths::plain(path).as_str()).copied()
    }

    fn deploy(
        &self,
        scope: usize,
        chain: &[&Kustomization<'_, '_>],
        world: &mut World,
        made: &mut Vec<Workload>,
        dropped: &mut BTreeSet<usize>,
    ) {
        let mut resources = BTreeSet::new();
        for one in chain {
            let paths = Self::resources(one);
            resources.extend(paths.iter().filter_map(|path| self.file(path)));
            self.generate(one, scope, world);
        }
        let is_base = |workload: &Workload| resources.contains(&workload.file);
        let mut own: Vec<Workload> = vec![];
        for (at, workload) in world.workloads.iter().enumerate().filter(|(_, one)| is_base(one)) {
            dropped.insert(at);
            own.push(Workload { scope: Some(scope), ..workload.clone() });
        }
        for object in world.objects.iter_mut().filter(|object| resources.contains(&object.file)) {
            object.scope = None;
        }
        for one in chain {
            for workload in &mut own {
                images(one, workload);
                if !workload.files.contains(&one.index) {
                    workload.files.push(one.index);
                }
            }
            self.patch(one, world, &mut own, dropped);
        }
        for one in chain {
            replacements::apply(one.doc, &world.objects, &mut own);
        }
        made.extend(own);
    }

    /// `configMapGenerator`, `secretGenerator`
    fn generate(&self, one: &Kustomization<'_, '_>, scope: usize, world: &mut World) {
        let doc = one.doc;
        for (field, secret) in [("configMapGenerator", false), ("secretGenerator", true)] {
            for generator in items(at(&doc.root, &[field])) {
                let name =
                    at(generator, &["name"]).map_or(String::new(), |name| doc.raw_text(name));
                let mut keys = BTreeMap::new();
                let mut open = false;
                for literal in items(at(generator, &["literals"])) {
                    let Some((key, value)) = literal.as_str().and_then(|text| text.split_once('='))
                    else {
                        continue;
                    };
                    let value = value.trim_matches(['"', '\'']);
                    let variable = Variable::known(value, doc.span(literal));
                    keys.insert(key.to_owned(), Key { variable, range: None, path: None });
                }
                for file in items(at(generator, &["files"])) {
                    let Some(written) = file.as_str() else { continue };
                    let (key, path) = match written.split_once('=') {
                        Some((key, path)) => (key.to_owned(), path),
                        None => (paths::file_name(written).to_owned(), written),
                    };
                    let path = paths::join(one.folder, path);
                    let variable = Variable::unknown(format!("the file {path}"), doc.span(file));
                    keys.insert(key, Key { variable, range: None, path: Some(path) });
                }
                let envs = items(at(generator, &["envs"])).iter().chain(at(generator, &["env"]));
                for path in envs.filter_map(Value::as_str) {
                    let Some(file) = self.file(&paths::join(one.folder, path)) else {
                        open = true;
                        continue;
                    };
                    let text = &self.files[file].text;
                    for (name, variable) in intake::verbatim(source(file), text) {
                        keys.insert(name, Key { variable, range: None, path: None });
                    }
                }
                let same = |other: &Object| {
                    other.scope == Some(scope) && other.secret == secret && other.name == name
                };
                match text(generator, "behavior") {
                    Some("replace") => world.objects.retain(|other| !same(other)),
                    Some("merge") => {
                        if let Some(below) = world.objects.iter_mut().find(|other| same(other)) {
                            below.keys.extend(keys);
                            below.open |= open;
                            continue;
                        }
                    }
                    _ => {}
                }
                world.objects.push(Object {
                    file: one.index,
                    secret,
                    name,
                    namespace: None,
                    keys,
                    open,
                    faults: vec![],
                    scope: Some(scope),
                });
            }
        }
    }

    /// Patches of `ConfigMap`s and Secrets: the deployment has one of its own, their keys over the base's.
    fn patch_objects(
        &self,
        scope: usize,
        chain: &[&Kustomization<'_, '_>],
        world: &mut World,
        objects: &mut Objects,
    ) {
        let resources: BTreeSet<usize> = chain
            .iter()
            .flat_map(|one| Self::resources(one))
            .filter_map(|path| self.file(&path))
            .collect();
        let base: Vec<usize> = world
            .objects
            .iter()
            .enumerate()
            .filter(|(_, one)| one.scope.is_none() && resources.contains(&one.file))
            .map(|(at, _)| at)
            .collect();
        for at in &base {
            objects.counts.entry(*at).or_default().0 += 1;
        }
        for one in chain {
            let root = &one.doc.root;
            let patches = items(at(root, &["patches"])).iter();
            let json = items(at(root, &["patchesJson6902"])).iter();
            for patch in patches.chain(items(at(root, &["patchesStrategicMerge"]))).chain(json) {
                self.json_patch_objects((scope, &base), one, patch, world, objects);
                let path = patch.as_str().or_else(|| text(patch, "path"));
                let file = path.filter(|path| !path.contains('\n'));
                let file = file.and_then(|path| self.file(&paths::join(one.folder, path)));
                let parts: Vec<Object> = match file {
                    Some(file) => {
                        let all = world.objects.iter().enumerate();
                        let parts =
                            all.filter(|(_, part)| part.file == file && part.scope.is_none());
                        let parts: Vec<(usize, Object)> =
                            parts.map(|(at, part)| (at, part.clone())).collect();
                        objects.parts.extend(parts.iter().map(|(at, _)| *at));
                        parts.into_iter().map(|(_, part)| part).collect()
                    }
                    None => self.within(one, at(patch, &["patch"]).unwrap_or(patch)).objects,
                };
                for part in parts {
                    let same =
                        |other: &Object| other.secret == part.secret && other.name == part.name;
                    let own =
                        world.objects.iter_mut().find(|one| one.scope == Some(scope) && same(one));
                    if let Some(own) = own {
                        own.keys.extend(part.keys);
                        continue;
                    }
                    let Some(below) = base.iter().copied().find(|at| same(&world.objects[*at]))
                    else {
                        continue;
                    };
                    let mut own = Object { scope: Some(scope), ..world.objects[below].clone() };
                    own.keys.extend(part.keys);
                    world.objects.push(own);
                    objects.counts.entry(below).or_default().1 += 1;
                }
            }
        }
    }

    /// JSON patches of `ConfigMap`s and Secrets, in a file or a text.
    fn json_patch_objects(
        &self,
        (scope, base): (usize, &[usize]),
        one: &Kustomization<'_, '_>,
        patch: &Value,
        world: &mut World,
        objects: &mut Objects,
    ) {
        let Some(target) = object_patch::Target::of(one.doc, patch) else { return };
        let Some((index, text)) = self.operations(one, patch) else { return };
        let docs = intake::documents(source(index), &self.files[index].name, &text, &mut vec![]);
        let Some(doc) = docs.iter().find(|doc| doc.root.as_list().is_some()) else { return };
        // Each has one of its own, which the patch changes.
        let fitting = base.iter().copied().filter(|at| target.fits(&world.objects[*at]));
        for below in fitting.collect::<Vec<_>>() {
            let below_it = &world.objects[below];
            let same = |other: &Object| {
                other.scope == Some(scope)
                    && other.secret == below_it.secret
                    && other.name == below_it.name
            };
            if !world.objects.iter().any(same) {
                let own = Object { scope: Some(scope), ..below_it.clone() };
                world.objects.push(own);
                objects.counts.entry(below).or_default().1 += 1;
            }
        }
        let own = world.objects.iter_mut().filter(|object| object.scope == Some(scope));
        for object in own.filter(|object| target.fits(object)) {
            if target.is_certain(object) {
                object_patch::apply(doc, object);
            } else {
                object_patch::unknown(one.doc, patch, object);
            }
        }
    }

    /// The text of a patch that is a list of operations, alone in the text of its file, and that file.
    fn operations(&self, one: &Kustomization<'_, '_>, patch: &Value) -> Option<(usize, String)> {
        let named = text(patch, "path").filter(|named| !named.contains('\n'));
        let file = named.and_then(|named| self.file(&paths::join(one.folder, named)));
        match file {
            Some(file) => Some((file, self.files[file].text.clone())),
            None => Some((one.index, self.masked(one, at(patch, &["patch"])?)?)),
        }
    }

    /// Patches: those that are a part of an object lie over it.
    fn patch(
        &self,
        one: &Kustomization<'_, '_>,
        world: &World,
        own: &mut [Workload],
        dropped: &mut BTreeSet<usize>,
    ) {
        let doc = one.doc;
        let patches = items(at(&doc.root, &["patches"])).iter();
        let older = items(at(&doc.root, &["patchesStrategicMerge"])).iter();
        let json = items(at(&doc.root, &["patchesJson6902"])).iter();
        for patch in patches.chain(older).chain(json) {
            let path = patch.as_str().or_else(|| text(patch, "path"));
            let file = path.filter(|path| !path.contains('\n'));
            let file = file.and_then(|path| self.file(&paths::join(one.folder, path)));
            let inline = at(patch, &["patch"]).unwrap_or(patch);
            let parts: Vec<Workload> = match file {
                Some(file) => {
                    let parts = world.workloads.iter().enumerate();
                    let parts = parts.filter(|(_, part)| part.file == file);
                    parts
                        .map(|(at, part)| {
                            dropped.insert(at);
                            part.clone()
                        })
                        .collect()
                }
                None => self.inline(one, inline),
            };
            let applied = parts.iter().any(|part| {
                let mut over = own.iter_mut().filter(|workload| workload.name == part.name);
                over.next().is_some_and(|workload| {
                    lay_over(workload, part);
                    true
                })
            });
            if !applied {
                self.json_patch(one, patch, file, own);
            }
        }
        for replicas in items(at(&doc.root, &["replicas"])) {
            let count = at(replicas, &["count"]).and_then(|count| scalar(doc, count)?.parse().ok());
            let name = text(replicas, "name").unwrap_or("");
            for workload in own.iter_mut().filter(|workload| workload.host == name) {
                workload.replicas.least = count.or(workload.replicas.least);
            }
        }
    }

    /// A patch that is a list of operations, in a file or a text.
    fn json_patch(
        &self,
        one: &Kustomization<'_, '_>,
        patch: &Value,
        file: Option<usize>,
        own: &mut [Workload],
    ) {
        let inline = at(patch, &["patch"]).unwrap_or(patch);
        let text = match file {
            Some(file) => Some(self.files[file].text.clone()),
            None => self.masked(one, inline),
        };
        let index = file.unwrap_or(one.index);
        let docs = text.as_ref().map_or(vec![], |text| {
            intake::documents(source(index), &self.files[index].name, text, &mut vec![])
        });
        let docs: Vec<_> = docs.iter().filter(|doc| doc.root.as_list().is_some()).collect();
        let is_json = !docs.is_empty()
            || inline.as_str().is_some_and(|text| text.trim_start().starts_with(['-', '[']));
        if !is_json {
            return;
        }
        let target = |key: &str| at(patch, &["target", key]).and_then(|name| scalar(one.doc, name));
        let (kind, name) = (target("kind"), target("name"));
        let mut seen: BTreeMap<(usize, String), usize> = BTreeMap::new();
        for workload in own.iter_mut() {
            // The containers of a pod, in their order.
            let nth = seen.entry((workload.file, workload.name.clone())).or_default();
            let number = *nth;
            *nth += 1;
            let (its_kind, its_name) = workload.name.split_once(' ').unwrap_or(("", ""));
            let concerns = kind.as_ref().is_none_or(|kind| kind == its_kind)
                && name.as_ref().is_none_or(|name| name == its_name || name.contains(['.', '*']));
            if !concerns {
                continue;
            }
            let left = docs.iter().any(|doc| !json_patch::apply(doc, workload, number).is_empty());
            if left || docs.is_empty() {
                workload.whole = false;
                workload.notes.push(Note {
                    span: one.doc.span(patch),
                    text: "this JSON patch is not applied here: give what kustomize renders"
                        .to_owned(),
                });
            }
            if !workload.files.contains(&index) {
                workload.files.push(index);
            }
        }
    }

    /// The text of a kustomization with nothing but an inline patch left in it.
    fn masked(&self, one: &Kustomization<'_, '_>, patch: &Value) -> Option<String> {
        let range = one.doc.literal(patch)?;
        let file = &self.files[one.index];
        let inside = file.text.get(range.clone())?;
        let blank = |part: &str| -> String {
            part.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect()
        };
        Some(format!("{}{inside}", blank(&file.text[..range.start])))
    }

    fn inline(&self, one: &Kustomization<'_, '_>, patch: &Value) -> Vec<Workload> {
        self.within(one, patch).workloads
    }

    /// What an inline patch says.
    fn within(&self, one: &Kustomization<'_, '_>, patch: &Value) -> World {
        let mut found = World::default();
        let Some(masked) = self.masked(one, patch) else { return found };
        for doc in
            intake::documents(source(one.index), &self.files[one.index].name, &masked, &mut vec![])
        {
            super::kubernetes::object(self.files, one.index, &doc, &doc.root, &mut found);
        }
        found
    }
}

fn lay_over(workload: &mut Workload, part: &Workload) {
    workload.sets.extend(part.sets.iter().cloned());
    if part.image.is_some() {
        workload.image.clone_from(&part.image);
    }
    if !part.args.is_empty() {
        workload.args.clone_from(&part.args);
    }
    workload.replicas = part.replicas.or(workload.replicas);
    if let (Some(own), Some(more)) = (&mut workload.labels, &part.labels) {
        own.extend(more.clone());
    }
    workload.network.in_pod = workload.network.in_pod.max(part.network.in_pod);
    if part.network.mode == Mode::Shared {
        workload.network.mode = Mode::Shared;
    }
    workload.mounts.extend(part.mounts.iter().cloned());
    workload.notes.extend(part.notes.iter().cloned());
    for file in &part.files {
        if !workload.files.contains(file) {
            workload.files.push(*file);
        }
    }
}

/// `images`: another tag, or another name.
fn images(one: &Kustomization<'_, '_>, workload: &mut Workload) {
    let doc = one.doc;
    for entry in items(at(&doc.root, &["images"])) {
        let (Some(image), Some(name)) = (&mut workload.image, text(entry, "name")) else {
            continue;
        };
        let (path, tag) = match image.text.rsplit_once(':') {
            Some((path, tag)) if !tag.contains('/') => (path.to_owned(), Some(tag.to_owned())),
            _ => (image.text.clone(), None),
        };
        if path != name {
            continue;
        }
        let part = |key: &str| at(entry, &[key]).and_then(|value| scalar(doc, value));
        let path = part("newName").unwrap_or(path);
        let text = match (part("digest"), part("newTag").or(tag)) {
            (Some(digest), _) => format!("{path}@{digest}"),
            (None, Some(tag)) => format!("{path}:{tag}"),
            (None, None) => path,
        };
        let span = entries(Some(entry))
            .iter()
            .find(|entry| matches!(entry.key.as_str(), Some("newTag" | "digest")));
        let span = span.and_then(|entry| doc.span(&entry.value)).or_else(|| doc.span(entry));
        *image = Text { text, span };
    }
}
