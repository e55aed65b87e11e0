//! A config with what runs it: environment, releases, packages, and the container.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::source::{Source, SourceId, Span};

use crate::container::{ConfigFrom, ConfigMount, Container};
use crate::deployments::{Deployment, Link};
use crate::describe::container;
use crate::environment::{
    ConfigPlace, Gathered, Included, NamedText, Note, PIN_FILES, Package, Variable,
};
use crate::forms::{file_of, source};
use crate::include::{self, All};
use crate::intake;
use crate::model::{Config, Form, Mount, MountFrom, Workload, World};
use crate::paths;
use crate::shared::Assembled;
use crate::worked::{find, image, is_official, placed_pins, work_out};

/// A workload with the configs that it was found to run.
pub(crate) struct Runs {
    pub(crate) workload: Workload,
    pub(crate) link: Option<(Config, String)>,
    /// Which of its mounts brings that config.
    pub(crate) mount: Option<usize>,
    /// A config is named, and is not among the files.
    pub(crate) missing: Option<Missing>,
}

/// Where a config is to come from that is not among the files, in words, and what its file is called.
pub(crate) type Missing = (String, String);

/// `--config`, or what stands for it.
pub(crate) fn config_path(workload: &Workload) -> Option<String> {
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
pub(crate) fn alone(
    files: &[NamedText],
    world: &World,
    config: &Config,
    included: &All,
) -> Assembled {
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
    let included = included.of(config);
    finish(files, config, gathered, used, String::new(), (None, Link::Alone), included)
}

pub(crate) fn deployment(
    files: &[NamedText],
    world: &World,
    (config, included): (&Config, &All),
    runs: &Runs,
    link: Link,
) -> Assembled {
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
    let mut included = included.of(config);
    if let (Some(mount), Some(path)) = (mount, config_path(workload)) {
        let finds =
            |name: &str, file| include::is_brought(world, workload, mount, &path, name, file);
        included.retain(|(name, file)| finds(name, *file));
    }
    finish(files, config, gathered, used, title, (Some(workload), link), included)
}

/// Where a mounted config comes from.
fn config_from(world: &World, workload: &Workload, config: &Config, mount: &Mount) -> ConfigFrom {
    let (secret, name) = match &mount.from {
        MountFrom::Host(_) => return ConfigFrom::File,
        MountFrom::ConfigMap(name, _) => (false, name),
        MountFrom::Secret(name, _) => (true, name),
        MountFrom::Inline(_) | MountFrom::Other => return ConfigFrom::Other,
    };
    let config_file = world.paths.get(config.file).map(|path| &**path);
    let keys = find(world, workload, secret, name)
        .into_iter()
        .flat_map(|object| object.keys.iter().map(move |(key, value)| (object, key, value)));
    let found = keys.filter_map(|(object, key, value)| {
        let generated = value
            .path
            .as_ref()
            .is_some_and(|path| config_file == Some(paths::plain(path).as_str()));
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

pub(crate) fn name_of(files: &[NamedText], file: usize) -> &str {
    files.get(file).map_or("", |file| file.name.as_str())
}

/// Puts the texts in, the config's first, and turns places into places in them.
fn finish(
    files: &[NamedText],
    config: &Config,
    mut gathered: Gathered,
    mut used: BTreeSet<usize>,
    name: String,
    (workload, link): (Option<&Workload>, Link),
    included: Vec<(String, usize)>,
) -> Assembled {
    let mut named: BTreeSet<SourceId> = used.iter().map(|file| source(*file)).collect();
    used.extend(included.iter().map(|(_, file)| *file));
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
    gathered.included = included
        .into_iter()
        .filter_map(|(name, file)| Some(Included { name, source: *ids.get(&source(file))? }))
        .collect();
    let mut place = |span: &mut Option<Span>| {
        named.extend(span.map(|span| span.source));
        *span = span.and_then(|span| Some(Span { source: *ids.get(&span.source)?, ..span }));
    };
    gathered.environment.places_mut().for_each(&mut place);
    gathered.images.iter_mut().for_each(|image| place(&mut image.span));
    gathered.notes.iter_mut().for_each(|note: &mut Note| place(&mut note.span));
    gathered.container.iter_mut().flat_map(Container::places_mut).for_each(&mut place);
    let deployment = Deployment {
        name,
        form: workload.map(|workload| workload.form),
        config: config.file,
        place: ConfigPlace { range: config.range.clone(), words: config.words.clone() },
        around: Arc::new(gathered),
        files: used.into_iter().collect(),
        link,
        replicas: workload.and_then(|workload| workload.replicas.least),
    };
    Assembled { deployment, named }
}
