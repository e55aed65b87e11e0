//! Which config each workload runs.

use std::collections::{BTreeSet, HashSet};

use crate::environment::NamedText;
use crate::environment::Package;
use crate::intake::{self, NOT_YAML, is_litellm_config, looks_like_config, source};

use crate::assemble::{Missing, Runs, alone, config_path, deployment};
use crate::bring::{Brought, below, brought, on_host};
use crate::deployments::{Deployments, Link};
use crate::forms::built as built_with;
use crate::include;
use crate::model::{Config, Form, Mount, MountFrom, Workload, World};
use crate::paths;
use crate::shared::Shared;
use crate::worked::{is_official, runs_litellm};

/// Joins what files say.
pub(crate) fn join(files: &[NamedText], mut world: World, together: bool) -> Deployments {
    let mut runs: Vec<Runs> = vec![];
    for workload in &world.workloads {
        let workload = built(files, &world, workload);
        if is_built_elsewhere(&world, &workload) {
            continue;
        }
        // Whatever its image is called, what is started with a config of LiteLLM's is LiteLLM.
        let known = runs_litellm(&workload);
        if !known && config_path(&workload).is_none() {
            continue;
        }
        let (link, missing, mount) = named_config(files, &world, &workload);
        let starts_with_one = |(config, _): &(Config, String)| is_of_litellm(files, config);
        if !known && !link.as_ref().is_some_and(starts_with_one) {
            continue;
        }
        runs.push(Runs { workload, link, mount, missing });
    }
    let mut configs = std::mem::take(&mut world.configs);
    let world = &world;
    let place = |config: &Config| (config.file, config.range.clone());
    let mut known = HashSet::new();
    configs.retain(|config| known.insert(place(config)));
    for one in &runs {
        if let Some((config, _)) = &one.link
            && known.insert(place(config))
        {
            configs.push(config.clone());
        }
    }
    // A `ConfigMap` that nothing mounts may still be the config.
    for object in world.objects.iter().filter(|object| !object.secret) {
        for (key, value) in &object.keys {
            let Some(range) = value.range.clone() else { continue };
            let file = value.file().unwrap_or(object.file);
            let text = files.get(file).and_then(|file| file.text.get(range.clone()));
            let config = Config {
                file,
                range: Some(range),
                words: format!("the ConfigMap {}, key {key}", object.name),
            };
            if (text.is_some_and(looks_like_config) || value.is_config())
                && known.insert(place(&config))
            {
                configs.push(config);
            }
        }
    }
    let included = include::all(files, world, &configs);
    let mut parts = include::parts(&included);
    for (linked, _) in runs.iter().filter_map(|one| one.link.as_ref()) {
        parts.retain(|part| *part != linked.file);
    }
    configs.retain(|config| config.range.is_some() || !parts.contains(&config.file));
    configs.sort_by_key(|config| (config.file, config.range.as_ref().map(|range| range.start)));
    let mut deployments =
        Deployments { parts: parts.into_iter().collect(), ..Deployments::default() };
    let mut used = BTreeSet::new();
    let mut shared = Shared::new(files);
    for config in &configs {
        let mut running: Vec<(usize, Link)> = vec![];
        for (at, one) in runs.iter().enumerate() {
            if let Some((linked, how)) = &one.link
                && same(linked, config)
            {
                running.push((at, Link::Named(how.clone())));
            }
        }
        if running.is_empty() {
            running = beside(files, world, config, &runs, together)
                .into_iter()
                .map(|at| (at, Link::Beside))
                .collect();
        }
        used.extend(running.iter().map(|(at, _)| *at));
        let has_parts = !included.of(config).is_empty();
        if running.is_empty() {
            let alone = |_| alone(files, world, config, &included);
            deployments.found.push(shared.of(config, (None, Link::Alone), has_parts, alone));
        }
        for (at, link) in running {
            let one = &runs[at];
            let is_own = has_parts || one.mount.is_some();
            deployments.found.push(shared.of(config, (Some(at), link), is_own, |link| {
                deployment(files, world, (config, &included), one, link)
            }));
        }
    }
    for (_, one) in runs.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
        let why = match &one.missing {
            Some((path, _)) => {
                format!("{} runs {path}, which is not among the files", one.workload.name)
            }
            None => {
                format!("{} runs LiteLLM, and there is no config next to it", one.workload.name)
            }
        };
        deployments.unclaimed.push((one.workload.file, why));
    }
    unread(files, world, &mut deployments);
    deployments
}

/// Says which files of LiteLLM's could not be read, where no deployment says so.
fn unread(files: &[NamedText], world: &World, deployments: &mut Deployments) {
    let used: HashSet<usize> = deployments
        .found
        .iter()
        .flat_map(|one| one.files.iter().copied().chain([one.config]))
        .collect();
    for note in world.notes.iter().filter(|note| note.text.starts_with(NOT_YAML)) {
        let file = note.span.and_then(|span| intake::file_of(span.source));
        let Some(file) = file.filter(|file| !used.contains(file)) else { continue };
        if files.get(file).is_some_and(|file| file.text.contains("litellm")) {
            deployments.unclaimed.push((file, note.text.clone()));
        }
    }
}

/// Whether a text has a section that only LiteLLM's configs have: other programs are started with
/// `--config`, too.
fn is_of_litellm(files: &[NamedText], config: &Config) -> bool {
    let Some(file) = files.get(config.file) else { return false };
    let text = match &config.range {
        Some(range) => file.text.get(range.clone()),
        None => Some(file.text.as_str()),
    };
    let own = ["model_list:", "litellm_settings:", "router_settings:"];
    text.is_some_and(|text| {
        looks_like_config(text)
            && text.lines().any(|line| own.iter().any(|key| line.trim_start().starts_with(key)))
    })
}

fn same(one: &Config, other: &Config) -> bool {
    one.file == other.file && one.range == other.range
}

/// A workload with what the Dockerfile says that its image is built from.
fn built(files: &[NamedText], world: &World, workload: &Workload) -> Workload {
    let Some((context, dockerfile)) = &workload.build else { return workload.clone() };
    let mut whole = workload.clone();
    whole.whole = false;
    let found = world.workloads.iter().find(|one| {
        one.form == Form::Dockerfile
            && one.span.is_some()
            && world.paths.get(one.file).is_some_and(|path| **path == *paths::plain(dockerfile))
    });
    let Some(base) = found else { return whole };
    let again = files
        .get(base.file)
        .filter(|_| !workload.build_args.is_empty())
        .and_then(|file| built_with(base.file, &file.name, &file.text, &workload.build_args));
    let base = again.as_ref().unwrap_or(base);
    whole.is_litellm |= runs_litellm(base);
    whole.sets = base.sets.iter().chain(&workload.sets).cloned().collect();
    whole.image.clone_from(&base.image);
    whole.whole = base.image.as_ref().is_some_and(|image| is_official(&image.text));
    whole.pins = [base.pins.clone(), workload.pins.clone()].concat();
    whole.files.push(base.file);
    whole.installs = base.installs;
    if whole.args.is_empty() {
        whole.args.clone_from(&base.args);
    }
    // Copied from the context, whatever folder the Dockerfile is in.
    let own = paths::folder(dockerfile).to_owned();
    whole.mounts.extend(base.mounts.iter().cloned().map(|mut mount| {
        if let MountFrom::Host(path) = &mount.from
            && own != *context
        {
            let below = path.strip_prefix(&own).unwrap_or(path).trim_start_matches('/');
            mount.from = MountFrom::Host(paths::join(context, below));
        }
        mount
    }));
    whole
}

/// Whether a Dockerfile's image is what another workload runs.
fn is_built_elsewhere(world: &World, workload: &Workload) -> bool {
    workload.form == Form::Dockerfile
        && world.workloads.iter().any(|other| {
            let path = world.paths.get(workload.file);
            other.build.as_ref().is_some_and(|(_, dockerfile)| {
                path.is_some_and(|path| **path == *paths::plain(dockerfile))
            })
        })
}

/// The config that a workload names, and how; else the path of one that is not among the files; and
/// which mount brings it.
fn named_config(
    files: &[NamedText],
    world: &World,
    workload: &Workload,
) -> (Option<(Config, String)>, Option<Missing>, Option<usize>) {
    if let Some(own) = &workload.own {
        return (Some((own.clone(), own.words.clone())), None, None);
    }
    let path = config_path(workload);
    let mut missing = None;
    for (at, mount) in workload.mounts.iter().enumerate().rev() {
        let below = path.as_ref().map_or(Some(""), |path| below(mount, path));
        let Some(below) = below else { continue };
        if let Some(config) = mounted(files, world, workload, mount, below) {
            let how = match &mount.from {
                MountFrom::Host(path) => format!("{path} at {}", mount.target),
                MountFrom::ConfigMap(name, _) => {
                    format!("the ConfigMap {name} at {}", mount.target)
                }
                MountFrom::Secret(name, _) => format!("the Secret {name} at {}", mount.target),
                _ => mount.target.clone(),
            };
            return (Some((config, how)), None, Some(at));
        }
        if path.is_some() && !matches!(mount.from, MountFrom::Other) {
            // An object is made of a file that is called as the key is.
            let inside = path.as_deref().map_or("", paths::file_name).to_owned();
            missing = Some(match &mount.from {
                MountFrom::Host(path) => (path.clone(), paths::file_name(path).to_owned()),
                MountFrom::ConfigMap(name, _) => (format!("the ConfigMap {name}"), inside),
                MountFrom::Secret(name, _) => (format!("the Secret {name}"), inside),
                _ => continue,
            });
        }
    }
    // A path on the host itself, from the folder of the file.
    let in_container = workload.image.is_some();
    if let Some(path) = path.filter(|path| !path.starts_with('/') || !in_container) {
        let folder = files.get(workload.file).map_or("", |file| paths::folder(&file.name));
        let host = if path.starts_with('/') { path.clone() } else { paths::join(folder, &path) };
        let config = on_host(world, &host).and_then(|found| match found {
            Brought::File(file) => whole_file(files, world, file),
            Brought::Text(file, range) => world
                .configs
                .iter()
                .find(|one| one.file == file && one.range.as_ref() == Some(&range))
                .cloned(),
            Brought::Key { .. } => None,
        });
        if let Some(config) = config {
            return (Some((config, path)), None, None);
        }
    }
    (None, missing, None)
}

/// The config that a mount brings, at a path below it.
fn mounted(
    files: &[NamedText],
    world: &World,
    workload: &Workload,
    mount: &Mount,
    below: &str,
) -> Option<Config> {
    let all = brought(world, workload, mount, below);
    let words = match &mount.from {
        MountFrom::ConfigMap(name, _) => format!("the ConfigMap {name}"),
        MountFrom::Secret(name, _) => format!("the Secret {name}"),
        _ => "the config's content".to_owned(),
    };
    all.into_iter().find_map(|one| match one {
        Brought::File(file) => whole_file(files, world, file),
        Brought::Text(file, range) => {
            let text = files.get(file)?.text.get(range.clone())?;
            let words = words.clone();
            looks_like_config(text).then_some(Config { file, range: Some(range), words })
        }
        Brought::Key { object, name, key, named } => {
            let range = key.range.clone()?;
            let file = key.file().unwrap_or(object.file);
            let text = files.get(file)?.text.get(range.clone())?;
            // Other programs take a `--config`, too.
            let named = named && runs_litellm(workload);
            let words = format!("{words}, key {name}");
            (looks_like_config(text) || key.is_config() || named).then_some(Config {
                file,
                range: Some(range),
                words,
            })
        }
    })
}

/// A whole file, if it is a config; of a template, the document that is one.
fn whole_file(files: &[NamedText], world: &World, file: usize) -> Option<Config> {
    let NamedText { name, text } = files.get(file)?;
    let plain = Config { file, range: None, words: "this document".to_owned() };
    if looks_like_config(text) && !text.contains("{{") && !text.contains("{%") {
        return Some(plain);
    }
    let docs = intake::documents(source(file), name, text, &mut vec![]);
    let found = docs.iter().find(|doc| is_litellm_config(&doc.root));
    match found {
        Some(doc) if doc.has_templates() => {
            Some(Config { range: Some(doc.range()), words: "this template".to_owned(), ..plain })
        }
        Some(_) => Some(plain),
        None => {
            let known = |one: &Config| one.file == file && one.range.is_none();
            (looks_like_config(text) || world.configs.iter().any(known)).then_some(plain)
        }
    }
}

/// The workloads nearest to a config, among those that name none.
fn beside(
    files: &[NamedText],
    world: &World,
    config: &Config,
    runs: &[Runs],
    together: bool,
) -> Vec<usize> {
    let name = |file: usize| files.get(file).map_or("", |file| file.name.as_str());
    let own = name(config.file);
    let candidates = runs.iter().enumerate().filter(|(_, one)| {
        let fits = one.missing.as_ref().is_none_or(|(_, name)| name == paths::file_name(own));
        // A manifest's config is not what compose runs.
        let apart = one.workload.form == Form::Compose && config.words.starts_with("the ConfigMap");
        one.link.is_none() && fits && !apart
    });
    if together {
        return candidates.map(|(at, _)| at).collect();
    }
    let mut near: Vec<(usize, usize)> = candidates
        .filter_map(|(at, one)| {
            let other = name(one.workload.file);
            Some((paths::distance(paths::folder(own), paths::folder(other))?, at))
        })
        .collect();
    // A lock file that is nearer knows better what is installed.
    let locks = world.pins.iter().filter(|(_, pins)| {
        pins.iter().any(|pin| pin.package == Package::Litellm && pin.release.is_some())
    });
    let locks = locks.filter_map(|(file, _)| {
        let other = paths::folder(name(*file));
        paths::is_within(paths::folder(own), other)
            .then(|| paths::distance(paths::folder(own), other))?
    });
    let lock = locks.min().unwrap_or(usize::MAX);
    near.retain(|(distance, _)| *distance <= lock);
    near.sort_unstable();
    let nearest = near.first().map_or(0, |(distance, _)| *distance);
    near.into_iter().filter(|(distance, _)| *distance == nearest).map(|(_, at)| at).collect()
}
