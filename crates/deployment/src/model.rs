//! What files say, before it is joined.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::chart::ChartRelease;
use crate::environment::{Note, Pin, Variable, VariableValue};
use crate::fault::{Fault, Mode as FileMode};
use crate::intake::{file_of, looks_like_config};
use base::source::Span;

/// How long a container may take to start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// `livenessProbe` or `startupProbe`.
    pub probe: &'static str,
    /// Seconds until the probe has failed often enough.
    pub seconds: u64,
    /// Where the probe is described.
    pub span: Option<Span>,
}

/// The form of a file that says what runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Form {
    /// Docker compose, or a stack.
    Compose,
    /// A Kubernetes manifest.
    Kubernetes,
    /// Values of a Helm chart, on their own or in a `HelmRelease` or an Argo CD Application.
    Helm,
    /// An ECS task definition: JSON, `CloudFormation` or Terraform.
    Ecs,
    /// A `Dockerfile`.
    Dockerfile,
    /// A systemd unit or a quadlet.
    Systemd,
    /// `docker run`, in a script.
    DockerRun,
    /// `docker inspect`.
    DockerInspect,
    /// A script or `.envrc` that exports variables.
    Shell,
    /// A `.env` file.
    Dotenv,
    /// A file of another platform: Render, Fly, Azure Container Apps, Nomad, Heroku …
    Platform,
    /// NixOS.
    Nix,
    /// What a process manager starts: supervisord, a `Procfile`.
    Process,
}

impl Form {
    /// In words: `compose file`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Compose => "compose file",
            Self::Kubernetes => "Kubernetes manifest",
            Self::Helm => "Helm values",
            Self::Ecs => "ECS task definition",
            Self::Dockerfile => "Dockerfile",
            Self::Systemd => "systemd unit",
            Self::DockerRun => "docker run",
            Self::DockerInspect => "docker inspect",
            Self::Shell => "shell script",
            Self::Dotenv => ".env file",
            Self::Platform => "platform file",
            Self::Nix => "NixOS module",
            Self::Process => "process manager's file",
        }
    }
}

/// Where a mount's content is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MountFrom {
    /// A path on the host, or in an image's build context, worked out from the folder of the file.
    Host(String),
    /// A `ConfigMap`, and which key where only one is mounted.
    ConfigMap(String, Option<String>),
    /// A Secret, and which key where only one is mounted.
    Secret(String, Option<String>),
    /// Text that is in the same file: its bytes there.
    Inline(Range<usize>),
    /// Something else: an empty directory, a volume.
    Other,
}

/// The values of a Helm chart that describe a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    /// The chart.
    pub chart: Chart,
    /// The keys above them: `litellm-helm` in an umbrella chart.
    pub path: Vec<String>,
    /// They are in another object: `HelmRelease litellm`; empty for a file of values.
    pub object: String,
}

/// A chart that deploys LiteLLM.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chart {
    /// `litellm-helm`, of LiteLLM's own repository.
    Official,
    /// `litellm`: gateway and backend.
    Split,
    /// bjw-s' app-template.
    AppTemplate,
}

/// A mount, as a workload has it.
#[derive(Clone, Debug)]
pub(crate) struct Mount {
    pub(crate) target: String,
    pub(crate) from: MountFrom,
    /// Items of a `ConfigMap` or Secret: key, path below the target.
    pub(crate) items: Vec<(String, String)>,
    pub(crate) mode: Option<FileMode>,
    /// The object, or its keys, may be missing.
    pub(crate) optional: bool,
    pub(crate) span: Option<Span>,
}

impl Mount {
    /// A mount of one thing.
    pub(crate) fn new(target: impl Into<String>, from: MountFrom, span: Option<Span>) -> Self {
        Self { target: target.into(), from, items: vec![], mode: None, optional: false, span }
    }
}

/// A text that may not be known.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    pub(crate) text: String,
    pub(crate) span: Option<Span>,
}

/// Something that sets variables; later ones win.
#[derive(Clone, Debug)]
pub(crate) enum Sets {
    /// One variable.
    Variable(String, Variable),
    /// A file, as a path from the folder of all files.
    File { path: String, by: EnvFile, span: Option<Span> },
    /// All keys of an object.
    Object { secret: bool, name: String, prefix: String, span: Option<Span> },
    /// A variable from a key of an object.
    Key {
        variable: String,
        secret: bool,
        name: String,
        key: String,
        optional: bool,
        span: Option<Span>,
    },
    /// Something that can't be read.
    Open { what: String, span: Option<Span> },
}

/// Who reads a file of variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EnvFile {
    /// Compose and systemd: quotes are taken off.
    Unquoted,
    /// docker, podman and kustomize: quotes are a part of the value.
    Verbatim,
}

/// A container, or a process, as far as files describe it.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each is a fact of its own.
pub(crate) struct Workload {
    pub(crate) file: usize,
    pub(crate) form: Form,
    /// `service litellm`, `Deployment litellm`.
    pub(crate) name: String,
    /// Its host name for its neighbours.
    pub(crate) host: String,
    pub(crate) namespace: Option<String>,
    pub(crate) image: Option<Text>,
    /// The folder and the Dockerfile that the image is built from.
    pub(crate) build: Option<(String, String)>,
    /// What the build is given: `args` of compose's `build`.
    pub(crate) build_args: BTreeMap<String, String>,
    pub(crate) sets: Vec<Sets>,
    pub(crate) args: Vec<String>,
    pub(crate) mounts: Vec<Mount>,
    /// Something brings files in a way that is not read.
    pub(crate) hides_mounts: bool,
    pub(crate) replicas: Replicas,
    /// The config that its values hold.
    pub(crate) own: Option<Config>,
    /// It runs LiteLLM, whatever its image is called.
    pub(crate) is_litellm: bool,
    /// Nothing else than `sets` sets variables, if the image is LiteLLM's own.
    pub(crate) whole: bool,
    /// Releases that it names besides the image.
    pub(crate) pins: Vec<Pin>,
    /// The files that it was put together from.
    pub(crate) files: Vec<usize>,
    /// Kubernetes sets variables for the services of the namespace.
    pub(crate) service_links: bool,
    pub(crate) notes: Vec<Note>,
    /// What won't do.
    pub(crate) faults: Vec<Fault>,
    /// It runs as a user that is not root.
    pub(crate) unprivileged: bool,
    pub(crate) has_fs_group: bool,
    /// How long it may take to start.
    pub(crate) patience: Option<Patience>,
    pub(crate) span: Option<Span>,
    /// The set of files that is deployed together: a kustomization.
    pub(crate) scope: Option<usize>,
    /// What files say of its network.
    pub(crate) network: Wiring,
    /// Its name within its pod.
    pub(crate) within: Option<String>,
    /// The chart's values that describe it.
    pub(crate) values: Option<Values>,
    /// Its Dockerfile installs packages: lock files may say which.
    pub(crate) installs: bool,
    /// The labels of its pod, where all are known.
    pub(crate) labels: Option<BTreeMap<String, String>>,
    /// Its ports that have a name.
    pub(crate) ports: Vec<(String, u16)>,
}

/// How many replicas of a workload run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Replicas {
    /// At least so many.
    pub(crate) least: Option<u64>,
    /// At most so many, where something adds to them.
    pub(crate) most: Option<u64>,
}

impl Replicas {
    pub(crate) fn of(least: Option<u64>) -> Self {
        Self { least, most: None }
    }

    /// These, and where they say nothing the others.
    pub(crate) fn or(self, other: Self) -> Self {
        Self { least: self.least.or(other.least), most: self.most.or(other.most) }
    }

    /// As many as an autoscaler of a workload lets there be.
    pub(crate) fn scaled(self, by: Self) -> Self {
        by.or(self)
    }
}

/// Something that scales a workload: a `HorizontalPodAutoscaler`, an ECS service.
#[derive(Clone, Debug)]
pub(crate) struct Scaler {
    pub(crate) file: usize,
    pub(crate) namespace: Option<String>,
    /// The kind and name of what it scales; `None` for all of the form in its folder.
    pub(crate) target: Option<String>,
    pub(crate) form: Form,
    pub(crate) replicas: Replicas,
}

/// What files say of a workload's network.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wiring {
    /// Whose `localhost` it has.
    pub(crate) mode: Mode,
    /// The container or service whose network it has: `litellm` of `service:litellm`.
    pub(crate) rides_on: Option<String>,
    /// Other containers of its pod.
    pub(crate) in_pod: usize,
    /// Names by which neighbours reach it, besides its own.
    pub(crate) names: Vec<String>,
    /// Names that it alone resolves: `links`, `extra_hosts`.
    pub(crate) knows: Vec<String>,
    /// The networks that it joins; compose's default one where it names none.
    pub(crate) joins: Vec<String>,
    /// It can reach what other files start: an external network, an included file.
    pub(crate) is_open: bool,
    /// Ports: on the host, in the container.
    pub(crate) published: Vec<(u16, u16)>,
}

/// Whose `localhost` a container has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Files don't say.
    #[default]
    Unknown,
    /// Its own, or its pod's.
    Own,
    /// The host's, or another container's.
    Shared,
}

/// What pods make of a Service.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    /// Whether one has the labels that it selects; `None` where that is not known.
    pub(crate) pods: Option<bool>,
    /// Its ports, each with that of the pods where it is known.
    pub(crate) ports: Vec<(u16, Option<u16>)>,
}

/// The port of the pods behind a Service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Behind {
    Number(u16),
    /// A container's port of this name.
    Named(String),
}

/// A Kubernetes Service.
#[derive(Clone, Debug)]
pub(crate) struct Service {
    /// Where it is described.
    pub(crate) file: usize,
    pub(crate) namespace: Option<String>,
    pub(crate) name: String,
    /// What it listens on, and the port of the pods behind it.
    pub(crate) ports: Vec<(u16, Behind)>,
    /// Its name speaks of Redis.
    pub(crate) may_be_redis: bool,
    /// What pods among the files make of it, once all are read.
    pub(crate) found: Found,
    /// The labels of the pods behind it; `None` where that is not known.
    pub(crate) selector: Option<BTreeMap<String, String>>,
    /// `clusterIP: None`: its name stands for the pods themselves.
    pub(crate) headless: bool,
    /// It stands for a name elsewhere, or says no ports.
    pub(crate) external: bool,
    pub(crate) span: Option<Span>,
}

impl Workload {
    pub(crate) fn new(file: usize, form: Form, name: impl Into<String>) -> Self {
        Self {
            file,
            form,
            name: name.into(),
            host: String::new(),
            namespace: None,
            image: None,
            build: None,
            build_args: BTreeMap::new(),
            sets: vec![],
            args: vec![],
            mounts: vec![],
            hides_mounts: false,
            replicas: Replicas::default(),
            own: None,
            is_litellm: false,
            whole: true,
            pins: vec![],
            files: vec![file],
            service_links: false,
            notes: vec![],
            faults: vec![],
            unprivileged: false,
            has_fs_group: false,
            patience: None,
            span: None,
            scope: None,
            network: Wiring::default(),
            within: None,
            installs: false,
            values: None,
            labels: None,
            ports: vec![],
        }
    }

    pub(crate) fn set(&mut self, name: impl Into<String>, variable: Variable) {
        self.sets.push(Sets::Variable(name.into(), variable));
    }
}

/// A `ConfigMap` or a Secret.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) file: usize,
    pub(crate) secret: bool,
    pub(crate) name: String,
    pub(crate) namespace: Option<String>,
    pub(crate) keys: BTreeMap<String, Key>,
    /// It may have keys that are not known.
    pub(crate) open: bool,
    /// What won't do.
    pub(crate) faults: Vec<Fault>,
    pub(crate) scope: Option<usize>,
}

/// A key of an object.
#[derive(Clone, Debug)]
pub(crate) struct Key {
    pub(crate) variable: Variable,
    /// The bytes of its text in the object's file.
    pub(crate) range: Option<Range<usize>>,
    /// A file that it is generated from.
    pub(crate) path: Option<String>,
}

impl Key {
    /// The file that its value is written in: that of its object, of a patch, or one that it is
    /// generated from.
    pub(crate) fn file(&self) -> Option<usize> {
        self.variable.span.and_then(|span| file_of(span.source))
    }

    /// Whether its value, quotes and escapes undone, is a config.
    pub(crate) fn is_config(&self) -> bool {
        matches!(&self.variable.value, VariableValue::Known(text) if looks_like_config(text.reveal()))
    }
}

/// A config.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) file: usize,
    pub(crate) range: Option<Range<usize>>,
    pub(crate) words: String,
}

/// A file of the set, or a text within one, that something puts somewhere on the host.
#[derive(Clone, Debug)]
pub(crate) struct Copied {
    /// Where.
    pub(crate) target: String,
    /// The file, as a path from the folder of all files.
    pub(crate) file: String,
    /// The text's bytes, where it is not the whole file.
    pub(crate) range: Option<Range<usize>>,
}

/// What all files say.
#[derive(Clone, Debug, Default)]
pub(crate) struct World {
    pub(crate) workloads: Vec<Workload>,
    /// Which workloads are Redis servers, once all are read and somebody asks.
    pub(crate) redis_servers: OnceLock<Vec<usize>>,
    pub(crate) objects: Vec<Object>,
    /// Configs that are a file of their own, or that are in one that runs nothing.
    pub(crate) configs: Vec<Config>,
    /// The files' paths, written plainly.
    pub(crate) paths: Vec<Arc<str>>,
    /// The files by these paths.
    pub(crate) by_path: Arc<HashMap<Arc<str>, usize>>,
    /// The objects by their names, once all are read.
    pub(crate) by_name: HashMap<String, Vec<usize>>,
    /// Lock files: the file, and what it pins.
    pub(crate) pins: Vec<(usize, Vec<Pin>)>,
    /// `.env` files.
    pub(crate) dotenvs: Vec<usize>,
    /// Kubernetes Services.
    pub(crate) services: Vec<Service>,
    /// What scales workloads.
    pub(crate) scalers: Vec<Scaler>,
    /// Charts that are deployed.
    pub(crate) releases: Vec<ChartRelease>,
    /// Flux' sources of charts: the name, what the version says, the file.
    pub(crate) chart_sources: Vec<(String, Pin, usize)>,
    /// What comes where on the host.
    pub(crate) copies: Vec<Copied>,
    pub(crate) notes: Vec<Note>,
}

impl World {
    /// A world of files with these paths, of which nothing is read yet.
    pub(crate) fn of(paths: Vec<Arc<str>>) -> Self {
        // Of two files with one path the first counts.
        let places = paths.iter().cloned().enumerate().rev().map(|(at, path)| (path, at));
        let by_path = Arc::new(places.collect());
        Self { paths, by_path, ..Self::default() }
    }

    /// The file of a path.
    pub(crate) fn file(&self, path: &str) -> Option<usize> {
        self.by_path.get(crate::paths::plain(path).as_str()).copied()
    }

    /// Notes where objects are, once all are read.
    pub(crate) fn index(&mut self) {
        self.by_name.clear();
        for (at, object) in self.objects.iter().enumerate() {
            self.by_name.entry(object.name.clone()).or_default().push(at);
        }
    }

    /// The objects of a name.
    pub(crate) fn named<'w>(&'w self, name: &str) -> impl Iterator<Item = &'w Object> {
        self.by_name.get(name).into_iter().flatten().filter_map(|at| self.objects.get(*at))
    }
}
