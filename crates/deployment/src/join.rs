//! Which config each workload runs.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::environment::NamedText;
use crate::environment::{ConfigPlace, Gathered, Note, PIN_FILES, Package, Variable};
use crate::intake::{self, is_litellm_config, looks_like_config};
use base::source::{Source, SourceId, Span};

use crate::container::{ConfigFrom, ConfigMount, Container};
use crate::deployments::{Deployment, Deployments, Link};
use crate::describe::container;
use crate::forms::{file_of, source};
use crate::model::{Config, Form, Mount, MountFrom, Workload, World};
use crate::paths;
use crate::worked::{find, image, is_official, placed_pins, runs_litellm, work_out};

/// A workload with the configs that it was found to run.
struct Runs {
    workload: Workload,
    link: Option<(Config, String)>,
    /// Which of its mounts brings that config.
    mount: Option<usize>,
    /// A config is named, and is not among the files.
    missing: Option<String>,
}

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
        if !known && link.is_none() {
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
    configs.sort_by_key(|config| (config.file, config.range.as_ref().map(|range| range.start)));
    let mut deployments = Deployments::default();
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
            None => format!("{} runs LiteLLM, and no config lies beside", one.workload.name),
        };
        deployments.unclaimed.push((one.workload.file, why));
    }
    deployments
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

/// `--config`, or what stands for it.
fn config_path(workload: &Workload) -> Option<String> {
    let mut args = workload.args.iter();
    while let Some(arg) = args.next() {
        if arg == "--config" || arg == "-c" {
            return args.next().cloned();
        }
        if let Some(path) = arg.strip_prefix("--config=") {
            return Some(path.to_owned());
        }
    }
    workload.sets.iter().rev().find_map(|set| match set {
        crate::model::Sets::Variable(name, Variable { value, .. })
            if matches!(name.as_str(), "CONFIG_FILE_PATH" | "LITELLM_CONFIG_PATH") =>
        {
            match value {
                crate::environment::VariableValue::Known(path) => Some(path.reveal().to_owned()),
                crate::environment::VariableValue::Unknown(_) => None,
            }
        }
        _ => None,
    })
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

/// The file of this path, if it is a config.
fn whole_file(files: &[NamedText], world: &World, path: &str) -> Option<Config> {
    let file = world.file(path)?;
    let text = &files[file].text;
    let is_config = looks_like_config(text)
        || intake::documents(source(file), &files[file].name, text, &mut vec![])
            .iter()
            .any(|doc| is_litellm_config(&doc.root));
    is_config.then(|| Config { file, range: None, words: "this document".to_owned() })
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

/// The lock files of a folder and of those around it, the nearest first.
fn pins_around(
    files: &[NamedText],
    world: &World,
    near: &str,
    gathered: &mut Gathered,
    used: &mut BTreeSet<usize>,
    image_is_official: bool,
) {
    let folder = paths::folder(near).to_owned();
    let mut around: Vec<_> = world
        .pins
        .iter()
        .filter_map(|(file, pins)| {
            let other = paths::folder(&files.get(*file)?.name);
            paths::is_within(&folder, other)
                .then(|| (paths::distance(&folder, other).unwrap_or(usize::MAX), *file, pins))
        })
        .collect();
    // The most exact first.
    let rank = |file: usize| {
        let name = files.get(file).map_or("", |file| paths::file_name(&file.name));
        PIN_FILES.iter().position(|known| *known == name).unwrap_or(PIN_FILES.len())
    };
    around.sort_by_key(|(distance, file, _)| (*distance, rank(*file), *file));
    for (_, file, pins) in around {
        let litellm = pins.iter().any(|pin| pin.package == Package::Litellm);
        // What another program of the repository installs is not in LiteLLM's image.
        if pins.is_empty() || (image_is_official && !litellm) {
            continue;
        }
        gathered.pins.extend(placed_pins(files, pins));
        used.insert(file);
    }
}

/// A config that nothing runs, as far as files tell: what lies beside it.
fn alone(files: &[NamedText], world: &World, config: &Config) -> Deployment {
    let mut gathered = Gathered::default();
    let mut used = BTreeSet::new();
    let name = files.get(config.file).map_or("", |file| file.name.as_str());
    pins_around(files, world, name, &mut gathered, &mut used, false);
    for &file in &world.dotenvs {
        let dotenv = &files[file];
        let beside = paths::folder(&dotenv.name) == paths::folder(name)
            && paths::file_name(&dotenv.name) == ".env";
        if beside && config.range.is_none() {
            used.insert(file);
            let mut notes = vec![];
            for (name, variable) in intake::dotenv(source(file), &dotenv.text, &mut notes) {
                gathered.environment.set(name, variable);
            }
            gathered.notes.extend(notes);
        }
    }
    finish(files, config, gathered, used, String::new(), None, Link::Alone)
}

fn deployment(
    files: &[NamedText],
    world: &World,
    config: &Config,
    runs: &Runs,
    link: Link,
) -> Deployment {
    let workload = &runs.workload;
    let worked = work_out(files, world, workload);
    let mut gathered = Gathered { environment: worked.environment, ..Gathered::default() };
    gathered.notes = workload.notes.iter().cloned().chain(worked.notes).collect();
    gathered.images.extend(image(workload));
    gathered.pins.extend(placed_pins(files, &workload.pins));
    let mut used: BTreeSet<usize> = workload.files.iter().copied().collect();
    used.extend(worked.files);
    let mut described = container(files, world, workload, worked.faults, &mut used);
    let mount = runs.mount.and_then(|mount| workload.mounts.get(mount));
    described.config = mount.map(|mount| ConfigMount {
        target: config_path(workload).unwrap_or_else(|| mount.target.clone()),
        from: config_from(world, workload, config, mount),
    });
    gathered.container = Some(described);
    let official = workload.image.as_ref().is_some_and(|image| is_official(&image.text));
    let name = files.get(config.file).map_or("", |file| file.name.as_str());
    // What another program of the repository installs is not in LiteLLM's own image.
    let installed = !official || workload.installs;
    if installed {
        pins_around(files, world, name, &mut gathered, &mut used, official);
    }
    let own = files.get(workload.file).map_or("", |file| file.name.as_str());
    if installed && paths::folder(own) != paths::folder(name) {
        pins_around(files, world, own, &mut gathered, &mut used, official);
    }
    let mut seen = BTreeSet::new();
    gathered.pins.retain(|pin| seen.insert((pin.place.clone(), pin.written.clone())));
    gathered.notes.extend(
        world
            .notes
            .iter()
            .filter(|note| {
                note.span
                    .and_then(|span| file_of(span.source))
                    .is_some_and(|file| used.contains(&file))
            })
            .cloned(),
    );
    // Bases are deployed by their overlays.
    let own = match workload.scope {
        Some(root) if paths::folder(own) != paths::folder(name_of(files, root)) => {
            name_of(files, root)
        }
        _ => own,
    };
    let title = match workload.name.as_str() {
        "" => own.to_owned(),
        name if workload.form == Form::Dockerfile || own.ends_with(name) => own.to_owned(),
        name => format!("{own}, {name}"),
    };
    finish(files, config, gathered, used, title, Some(workload), link)
}

/// Where a mounted config comes from.
fn config_from(world: &World, workload: &Workload, config: &Config, mount: &Mount) -> ConfigFrom {
    let (secret, name) = match &mount.from {
        MountFrom::Host(_) => return ConfigFrom::File,
        MountFrom::ConfigMap(name, _) => (false, name),
        MountFrom::Secret(name, _) => (true, name),
        MountFrom::Inline(_) | MountFrom::Other => return ConfigFrom::Other,
    };
    let config_file = world.paths.get(config.file);
    let keys = find(world, workload, secret, name)
        .into_iter()
        .flat_map(|object| object.keys.iter().map(move |(key, value)| (object, key, value)));
    let found = keys.filter_map(|(object, key, value)| {
        let generated =
            value.path.as_ref().is_some_and(|path| Some(&paths::plain(path)) == config_file);
        let file = value.file().unwrap_or(object.file);
        let written = file == config.file && value.range == config.range;
        (generated || (written && value.range.is_some())).then(|| ConfigFrom::Object {
            secret,
            name: name.clone(),
            key: key.clone(),
            generated,
        })
    });
    found.into_iter().next().unwrap_or(ConfigFrom::Other)
}

fn name_of(files: &[NamedText], file: usize) -> &str {
    files.get(file).map_or("", |file| file.name.as_str())
}

/// Puts the texts in, the config's first, and turns places into places in them.
fn finish(
    files: &[NamedText],
    config: &Config,
    mut gathered: Gathered,
    mut used: BTreeSet<usize>,
    name: String,
    workload: Option<&Workload>,
    link: Link,
) -> Deployment {
    used.remove(&config.file);
    let mut ids = BTreeMap::from([(source(config.file), SourceId::CONFIG)]);
    for (at, &file) in used.iter().enumerate() {
        let id = source(at);
        ids.insert(source(file), id);
        if let Some(file) = files.get(file) {
            let (name, text) = (file.name.clone(), file.text.clone());
            gathered.sources.push(Source { id, name, text });
        }
    }
    let place = |span: &mut Option<Span>| {
        *span = span.and_then(|span| Some(Span { source: *ids.get(&span.source)?, ..span }));
    };
    gathered.environment.places_mut().for_each(place);
    gathered.images.iter_mut().for_each(|image| place(&mut image.span));
    gathered.notes.iter_mut().for_each(|note: &mut Note| place(&mut note.span));
    gathered.container.iter_mut().flat_map(Container::places_mut).for_each(place);
    let config_place = ConfigPlace { range: config.range.clone(), words: config.words.clone() };
    gathered.config = Some(config_place.clone());
    Deployment {
        name,
        form: workload.map(|workload| workload.form),
        config: config.file,
        place: config_place,
        gathered,
        files: used.into_iter().collect(),
        link,
        replicas: workload.and_then(|workload| workload.replicas.least),
    }
}
