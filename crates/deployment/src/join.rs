//! Which config each workload runs.

use std::collections::{BTreeSet, HashSet};

use crate::environment::NamedText;
use crate::environment::Package;
use crate::intake::{self, is_litellm_config, looks_like_config};

use crate::assemble::{Runs, alone, config_path, deployment};
use crate::deployments::{Deployments, Link};
use crate::forms::source;
use crate::include;
use crate::model::{Config, Form, MountFrom, Workload, World};
use crate::paths;
use crate::worked::{find, is_official, runs_litellm};

/// Joins what files say.
pub(crate) fn join(files: &[NamedText], world: &World, together: bool) -> Deployments {
    let mut runs: Vec<Runs> = vec![];
    for workload in &world.workloads {
        let workload = built(world, workload);
        if is_built_elsewhere(world, &workload) {
            continue;
        }
        // Whatever its image is called, what is started with a config of LiteLLM's is LiteLLM.
        let known = runs_litellm(&workload);
        if !known && config_path(&workload).is_none() {
            continue;
        }
        let (link, missing, mount) = named_config(files, world, &workload);
        let starts_with_one = |(config, _): &(Config, String)| is_of_litellm(files, config);
        if !known && !link.as_ref().is_some_and(starts_with_one) {
            continue;
        }
        runs.push(Runs { workload, link, mount, missing });
    }
    let mut configs = world.configs.clone();
    let place = |config: &Config| (config.file, config.range.clone());
    let mut known: HashSet<_> = configs.iter().map(place).collect();
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
    let mut parts = include::parts(files, world, &configs);
    for (linked, _) in runs.iter().filter_map(|one| one.link.as_ref()) {
        parts.retain(|part| *part != linked.file);
    }
    configs.retain(|config| config.range.is_some() || !parts.contains(&config.file));
    configs.sort_by_key(|config| (config.file, config.range.as_ref().map(|range| range.start)));
    let mut deployments =
        Deployments { parts: parts.into_iter().collect(), ..Deployments::default() };
    let mut used = BTreeSet::new();
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
        if running.is_empty() {
            deployments.found.push(alone(files, world, config));
        }
        for (at, link) in running {
            deployments.found.push(deployment(files, world, config, &runs[at], link));
        }
    }
    for (_, one) in runs.iter().enumerate().filter(|(at, _)| !used.contains(at)) {
        let why = match &one.missing {
            Some(path) => {
                format!("{} runs {path}, which is not among the files", one.workload.name)
            }
            None => {
                format!("{} runs LiteLLM, and there is no config next to it", one.workload.name)
            }
        };
        deployments.unclaimed.push((one.workload.file, why));
    }
    deployments
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
fn built(world: &World, workload: &Workload) -> Workload {
    let Some((context, dockerfile)) = &workload.build else { return workload.clone() };
    let mut whole = workload.clone();
    whole.whole = false;
    let found = world.workloads.iter().find(|one| {
        one.form == Form::Dockerfile
            && one.span.is_some()
            && world.paths.get(one.file) == Some(&paths::plain(dockerfile))
    });
    let Some(base) = found else { return whole };
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
            other
                .build
                .as_ref()
                .is_some_and(|(_, dockerfile)| path == Some(&paths::plain(dockerfile)))
        })
}

/// The config that a workload names, and how; else the path of one that is not among the files; and
/// which mount brings it.
fn named_config(
    files: &[NamedText],
    world: &World,
    workload: &Workload,
) -> (Option<(Config, String)>, Option<String>, Option<usize>) {
    if let Some(own) = &workload.own {
        return (Some((own.clone(), own.words.clone())), None, None);
    }
    let path = config_path(workload);
    let mut missing = None;
    for (at, mount) in workload.mounts.iter().enumerate().rev() {
        let target = mount.target.trim_end_matches('/');
        let below = match &path {
            Some(path) if path == target => Some(String::new()),
            Some(path) => {
                path.strip_prefix(target).and_then(|rest| rest.strip_prefix('/')).map(str::to_owned)
            }
            None => Some(String::new()),
        };
        let Some(below) = below else { continue };
        if let Some(config) = mounted(files, world, workload, mount, &below) {
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
            missing = Some(match &mount.from {
                MountFrom::Host(path) => path.clone(),
                MountFrom::ConfigMap(name, _) => format!("the ConfigMap {name}"),
                MountFrom::Secret(name, _) => format!("the Secret {name}"),
                _ => continue,
            });
        }
    }
    // A path on the host itself, from the folder of the file.
    if let Some(path) = path.filter(|path| !path.starts_with('/')) {
        let folder = files.get(workload.file).map_or("", |file| paths::folder(&file.name));
        if let Some(config) = whole_file(files, world, &paths::join(folder, &path)) {
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
    mount: &crate::model::Mount,
    below: &str,
) -> Option<Config> {
    match &mount.from {
        MountFrom::Host(path) => {
            let path = if below.is_empty() { path.clone() } else { paths::join(path, below) };
            whole_file(files, world, &path).or_else(|| {
                let mut copies = world.copies.iter();
                let (_, file) = copies.find(|(target, _)| path.ends_with(target.as_str()))?;
                whole_file(files, world, file)
            })
        }
        MountFrom::Inline(range) => {
            let text = files.get(workload.file)?.text.get(range.clone())?;
            looks_like_config(text).then(|| Config {
                file: workload.file,
                range: Some(range.clone()),
                words: "the config's content".to_owned(),
            })
        }
        MountFrom::ConfigMap(name, key) | MountFrom::Secret(name, key) => {
            let secret = matches!(mount.from, MountFrom::Secret(..));
            let objects = find(world, workload, secret, name);
            let by_item =
                mount.items.iter().find(|(_, path)| path == below || Some(path) == key.as_ref());
            let wanted = by_item.map(|(key, _)| key.as_str()).or(key.as_deref());
            let wanted = wanted.or((!below.is_empty()).then_some(below));
            for object in objects {
                let keys = object
                    .keys
                    .iter()
                    .filter(|(key, _)| wanted.is_none_or(|wanted| key.as_str() == wanted));
                for (key, value) in keys {
                    if let Some(path) = &value.path {
                        if let Some(config) = whole_file(files, world, path) {
                            return Some(config);
                        }
                        continue;
                    }
                    let Some(range) = value.range.clone() else { continue };
                    let file = value.file().unwrap_or(object.file);
                    let text = files.get(file)?.text.get(range.clone())?;
                    // Other programs take a `--config`, too.
                    let named = wanted.is_some() && runs_litellm(workload);
                    if looks_like_config(text) || value.is_config() || named {
                        let kind = if secret { "Secret" } else { "ConfigMap" };
                        return Some(Config {
                            file,
                            range: Some(range),
                            words: format!("the {kind} {name}, key {key}"),
                        });
                    }
                }
            }
            None
        }
        MountFrom::Other => None,
    }
}

/// The file of this path, if it is a config; of a template, the document that is one.
fn whole_file(files: &[NamedText], world: &World, path: &str) -> Option<Config> {
    let file = world.file(path)?;
    let NamedText { name, text } = &files[file];
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
        None => looks_like_config(text).then_some(plain),
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
        let fits =
            one.missing.as_ref().is_none_or(|path| paths::file_name(path) == paths::file_name(own));
        one.link.is_none() && fits
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
