//! The environment of a workload, worked out: files, `ConfigMap`s and Secrets looked up.

use std::collections::BTreeSet;

use crate::environment::NamedText;
use crate::environment::room;
use crate::environment::{
    Environment, Gathered, Image, Lookup, Note, OpenSource, ValueFrom, Variable, VariableValue,
};
use crate::fault::Fault;
use crate::intake;
use base::source::{Source, SourceId, Span};

use crate::forms::{self, source};
use crate::model::{EnvFile, Form, Object, Sets, Workload, World};
use crate::paths;

/// What may set more variables than the files do.
const STARTS_IN: &str = "the environment that it starts in";

/// What a workload's environment came to.
#[derive(Debug, Default)]
pub(crate) struct Worked {
    pub(crate) environment: Environment,
    pub(crate) notes: Vec<Note>,
    /// What won't do.
    pub(crate) faults: Vec<Fault>,
    /// The files that it was read from, besides the workload's own.
    pub(crate) files: BTreeSet<usize>,
}

/// Works out the environment of a workload.
pub(crate) fn work_out(files: &[NamedText], world: &World, workload: &Workload) -> Worked {
    let mut worked = Worked::default();
    let kubernetes = matches!(workload.form, Form::Kubernetes | Form::Helm);
    for set in &workload.sets {
        match set {
            Sets::Variable(name, variable) => {
                let refers = matches!(&variable.value, VariableValue::Known(value) if value.reveal().contains('$'));
                let variable = if kubernetes && refers {
                    let filled = expanded(variable, &worked.environment);
                    worked.environment.with_room(name, filled, &mut worked.notes)
                } else {
                    variable.clone()
                };
                worked.environment.set(name.clone(), variable);
            }
            Sets::File { path, by, span } => worked.file((files, world), path, *by, *span),
            Sets::Object { secret, name, prefix, span } => {
                worked.object(world, workload, (*secret, name), prefix, *span);
            }
            Sets::Key { variable, secret, name, key, optional, span } => {
                worked.key(world, workload, variable, (*secret, name), key, *optional, *span);
            }
            Sets::Open { what, span } => worked.open(what.clone(), "", *span),
        }
    }
    worked.environment.complete = true;
    if kubernetes && workload.service_links {
        service_links(world, workload, &mut worked.environment);
    }
    let official = workload.image.as_ref().is_some_and(|image| is_official(&image.text));
    if !(workload.whole && official) {
        let what = match &workload.image {
            Some(image) if workload.whole => format!("the image {}", image.text),
            _ => STARTS_IN.to_owned(),
        };
        worked.environment.open.push(OpenSource {
            what,
            prefix: String::new(),
            span: workload.span,
        });
    }
    worked
}

/// Whether an image is LiteLLM's own, which sets no variable that matters.
pub(crate) fn is_official(name: &str) -> bool {
    let path = name.split('@').next().unwrap_or(name);
    [
        "ghcr.io/berriai/litellm",
        "docker.litellm.ai/berriai/litellm",
        "berriai/litellm",
        "litellm/litellm",
        "docker.io/litellm/litellm",
    ]
    .iter()
    .any(|official| {
        path.strip_prefix(official)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(':') || rest.starts_with('-'))
    })
}

/// `REDIS_PORT`, which Kubernetes sets to the address of a Service that is called redis, unless the
/// container sets it itself.
fn service_links(world: &World, workload: &Workload, environment: &mut Environment) {
    let mut beside = world.services.iter().filter(|service| {
        service.namespace == workload.namespace
            && service.name.eq_ignore_ascii_case("redis")
            && !service.headless
            && !service.external
    });
    let Some(service) = beside.next() else { return };
    let variable = match environment.lookup("REDIS_PORT") {
        Lookup::Set(_) => return,
        Lookup::NotGiven => {
            let why = format!("tcp://…, which Kubernetes sets for the Service {}", service.name);
            Variable::unknown(why, service.span)
        }
        Lookup::Absent => {
            let port = service.ports.first().map_or(6379, |(port, _)| *port);
            let value = format!("tcp://<address of the Service {}>:{port}", service.name);
            Variable::known(&value, service.span)
        }
    };
    environment.set("REDIS_PORT", variable);
}

/// Fills in `$(NAME)` from the variables before; `$$` stands for `$`.
fn expanded(variable: &Variable, environment: &Environment) -> Variable {
    let VariableValue::Known(secret) = &variable.value else { return variable.clone() };
    let text = secret.reveal();
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
            Some((found, after)) => {
                match &found.value {
                    VariableValue::Known(secret) => {
                        if room::push(&mut value, secret.reveal()).is_none() {
                            return room::too_large(variable.span);
                        }
                    }
                    VariableValue::Unknown(why) => return Variable::unknown(why, variable.span),
                }
                rest = after;
            }
            None => value.push('$'),
        }
    }
    value.push_str(rest);
    Variable::known(&value, variable.span)
}

fn kind(secret: bool) -> &'static str {
    if secret { "Secret" } else { "ConfigMap" }
}

impl Worked {
    fn open(&mut self, what: String, prefix: &str, span: Option<Span>) {
        self.notes.push(Note { span, text: format!("the variables of {what} are not known") });
        self.environment.open.push(OpenSource { what, prefix: prefix.to_owned(), span });
    }

    fn file(
        &mut self,
        (files, world): (&[NamedText], &World),
        path: &str,
        by: EnvFile,
        span: Option<Span>,
    ) {
        let Some(file) = world.file(path) else {
            self.open(format!("the file {path}, which is not here,"), "", span);
            return;
        };
        self.files.insert(file);
        let (source, text) = (source(file), &files[file].text);
        let set = match by {
            EnvFile::Unquoted => intake::dotenv(source, text, &mut self.notes),
            EnvFile::Verbatim => intake::verbatim(source, text),
        };
        for (name, variable) in set {
            self.environment.set(name, variable);
        }
    }

    fn object(
        &mut self,
        world: &World,
        workload: &Workload,
        (secret, name): (bool, &str),
        prefix: &str,
        span: Option<Span>,
    ) {
        let what = format!("the {} {name}", kind(secret));
        let found = find(world, workload, secret, name);
        if found.is_empty() {
            self.open(what, prefix, span);
            return;
        }
        for object in found {
            self.files.insert(object.file);
            self.faults.extend(object.faults.iter().cloned());
            for (key, value) in &object.keys {
                self.files.extend(value.file());
                let value_from = Some(from(secret, name, key));
                let variable = Variable { value_from, ..value.variable.clone() };
                self.environment.set(format!("{prefix}{key}"), variable);
            }
            if object.open {
                self.open(what.clone(), prefix, span);
            }
        }
    }

    #[allow(clippy::too_many_arguments)] // What a `secretKeyRef` says, and where.
    fn key(
        &mut self,
        world: &World,
        workload: &Workload,
        variable: &str,
        (secret, name): (bool, &str),
        key: &str,
        optional: bool,
        span: Option<Span>,
    ) {
        let found = find(world, workload, secret, name);
        let value = found.iter().find_map(|object| Some((object.file, object.keys.get(key)?)));
        let known = match value {
            Some((file, value)) => {
                self.files.insert(file);
                self.files.extend(value.file());
                let about = |fault: &&Fault| match fault {
                    Fault::NotBase64 { key: wrong, .. } => wrong == key,
                    _ => true,
                };
                for fault in found.iter().flat_map(|object| &object.faults).filter(about) {
                    if !self.faults.contains(fault) {
                        self.faults.push(fault.clone());
                    }
                }
                value.variable.clone()
            }
            None => {
                let lacks = !found.is_empty() && found.iter().all(|object| !object.open);
                if lacks && optional {
                    return;
                }
                if lacks {
                    self.faults.push(Fault::MissingKey {
                        variable: variable.to_owned(),
                        object: format!("the {} {name}", kind(secret)),
                        key: key.to_owned(),
                        span,
                    });
                }
                Variable::unknown(format!("key {key} of the {} {name}", kind(secret)), span)
            }
        };
        let value_from = Some(from(secret, name, key));
        self.environment.set(variable, Variable { value_from, ..known });
    }
}

fn from(secret: bool, name: &str, key: &str) -> ValueFrom {
    let (name, key) = (name.to_owned(), key.to_owned());
    if secret { ValueFrom::Secret { name, key } } else { ValueFrom::ConfigMap { name, key } }
}

/// The objects of a name that a workload may mean: those of its own kustomization, else of its namespace.
pub(crate) fn find<'w>(
    world: &'w World,
    workload: &Workload,
    secret: bool,
    name: &str,
) -> Vec<&'w Object> {
    let named: Vec<&Object> = world
        .named(name)
        .filter(|object| object.secret == secret)
        .filter(|object| {
            let apart = |one: &Option<String>, other: &Option<String>| {
                one.is_some() && other.is_some() && one != other
            };
            !apart(&object.namespace, &workload.namespace)
        })
        .collect();
    let own: Vec<&Object> = named
        .iter()
        .copied()
        .filter(|object| object.scope.is_some() && object.scope == workload.scope)
        .collect();
    let within: Vec<&Object> =
        named.iter().copied().filter(|object| object.file == workload.file).collect();
    if !own.is_empty() {
        own
    } else if !within.is_empty() {
        within
    } else {
        named
    }
}

/// Images of a workload.
pub(crate) fn image(workload: &Workload) -> Option<Image> {
    let image = workload.image.as_ref()?;
    Image::parse(&image.text, image.span)
}

/// Reads environment files of any form, and single variables, as
/// [`gather`](crate::environment::gather) does for `.env` files, scripts and manifests.
pub fn gather(files: &[NamedText], variables: &[(String, String)], complete: bool) -> Gathered {
    let world = forms::read(files);
    let litellm = |workload: &&Workload| runs_litellm(workload) && !is_plain(workload.form);
    let workloads: Vec<&Workload> = world.workloads.iter().filter(litellm).collect();
    let is_read = |file: usize| workloads.iter().any(|workload| workload.files.contains(&file));
    // What is read here is empty for the other readers.
    let rest: Vec<NamedText> = files
        .iter()
        .enumerate()
        .map(|(at, file)| NamedText {
            name: if is_read(at) { format!("{at}.env") } else { file.name.clone() },
            text: if is_read(at) || is_foreign(&file.name) {
                String::new()
            } else {
                file.text.clone()
            },
        })
        .collect();
    let mut gathered = crate::environment::gather(&rest, variables, complete);
    for (at, file) in files.iter().enumerate() {
        gathered.sources[at] =
            Source { id: source(at), name: file.name.clone(), text: file.text.clone() };
    }
    let mut before = gathered.environment.clone();
    for workload in workloads {
        let worked = work_out(files, &world, workload);
        for (name, variable) in worked.environment.iter() {
            before.set(name, variable.clone());
        }
        before
            .open
            .extend(worked.environment.open.into_iter().filter(|open| open.what != STARTS_IN));
        gathered.images.extend(image(workload));
        gathered.pins.extend(placed_pins(files, &workload.pins));
        gathered.notes.extend(worked.notes);
        gathered.notes.extend(workload.notes.iter().cloned());
    }
    for (name, value) in variables {
        before.set(name.clone(), Variable::known(value, None));
    }
    if complete {
        before.open.clear();
    }
    gathered.environment = before;
    gathered.notes.extend(nothing_in(&gathered, files.len()));
    gathered
}

/// Forms that are read in another way.
fn is_plain(form: Form) -> bool {
    matches!(form, Form::Dotenv | Form::Shell)
}

/// Files that are neither YAML nor `.env`.
fn is_foreign(name: &str) -> bool {
    matches!(
        paths::extension(name),
        "tf" | "hcl" | "nomad" | "bicep" | "nix" | "toml" | "service" | "container"
    ) && !crate::environment::PIN_FILES.contains(&paths::file_name(name))
}

/// Files that set nothing.
fn nothing_in(gathered: &Gathered, files: usize) -> Vec<Note> {
    let at = |span: &Option<Span>, id: SourceId| span.is_some_and(|span| span.source == id);
    let says = |id: SourceId| {
        let name =
            gathered.sources.iter().find(|source| source.id == id).map(|source| &source.name);
        gathered.environment.iter().any(|(_, variable)| at(&variable.span, id))
            || gathered.environment.open.iter().any(|open| at(&open.span, id))
            || gathered.images.iter().any(|image| at(&image.span, id))
            || gathered.notes.iter().any(|note| at(&note.span, id))
            || gathered
                .pins
                .iter()
                .any(|pin| name.is_some_and(|name| pin.place.starts_with(name.as_str())))
            || gathered
                .sources
                .iter()
                .any(|source| source.id == id && source.text.trim().is_empty())
    };
    let silent = (0..files).map(source).filter(|id| !says(*id));
    silent
        .map(|id| Note {
            span: Some(Span::new(id, 0, 0)),
            text: "this file sets nothing for LiteLLM, as far as it can be read".to_owned(),
        })
        .collect()
}

/// Pins with their places as people read them.
pub(crate) fn placed_pins(
    files: &[NamedText],
    pins: &[crate::environment::Pin],
) -> Vec<crate::environment::Pin> {
    pins.iter()
        .map(|pin| {
            let mut pin = pin.clone();
            let at = pin.place.strip_prefix('@').and_then(|place| place.split_once(':'));
            if let Some((source, offset)) = at
                && let (Ok(source), Ok(offset)) = (source.parse::<u16>(), offset.parse::<usize>())
                && let Some(file) =
                    forms::file_of(SourceId(source)).and_then(|file| files.get(file))
            {
                let line = file.text.get(..offset).map_or(0, |before| before.matches('\n').count());
                pin.place = format!("{}:{}", file.name, line + 1);
            }
            pin
        })
        .collect()
}

/// Whether a workload runs LiteLLM's proxy.
pub(crate) fn runs_litellm(workload: &Workload) -> bool {
    workload.is_litellm
        || workload.image.as_ref().is_some_and(|image| crate::forms::is_litellm_image(&image.text))
        || workload.args.iter().any(|arg| arg.rsplit('/').next() == Some("litellm"))
}
