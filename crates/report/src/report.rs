//! What a check looks at, and everything that it knows.

use std::sync::atomic::{AtomicUsize, Ordering};

use crate::redaction::Redaction;
use base::finding::Finding;
use base::source::{Source, SourceId};
use deployment::environment::{ConfigPlace, Environment, Gathered, Included, Installed, Note};
use deployment::release_choice::{PairOrigin, RedisPyOrigin, Releases};
use deployment::{Container, include, manifest};
use facts::{Pair, Version};
use simulate::outcome::Outcome;
use yaml::{Document, ReadError};

/// What a check looks at.
#[derive(Clone, Copy, Debug)]
pub struct CheckInput<'a> {
    /// The config's name, as the user knows it.
    pub name: &'a str,
    /// The config's text: `config.yaml`, or a Kubernetes manifest or Helm values file that holds it.
    pub text: &'a str,
    /// The environment that LiteLLM will run in, from [`gather`](deployment::environment::gather).
    pub environment: &'a Gathered,
    /// The releases asked for.
    pub releases: Releases,
    /// The time, in seconds since 1970; `None` leaves out what depends on it.
    pub now: Option<i64>,
}

/// Everything that is known about a configuration.
#[derive(Clone, Debug)]
pub struct Report {
    /// The texts that spans point into; the config is the first.
    pub sources: Vec<Source>,
    /// The config, as PyYAML reads it.
    pub document: Result<Document, ReadError>,
    /// The environment, what the config's own manifest sets included.
    pub environment: Environment,
    /// The releases.
    pub pair: Pair,
    /// Why this LiteLLM release.
    pub pair_origin: PairOrigin,
    /// Why this redis-py release.
    pub redis_py_origin: RedisPyOrigin,
    /// What LiteLLM does.
    pub outcome: Outcome,
    /// What is wrong, in the order of the config.
    pub diagnostics: Vec<Finding>,
    /// What was noticed in reading the files, but is not a fault of the configuration.
    pub notes: Vec<Note>,
    /// What must not be shown of the sources.
    pub redaction: Redaction,
    /// Where the config is inside another file.
    pub embedded: Option<manifest::Embedded>,
    /// Where the config was said to be.
    pub place: Option<ConfigPlace>,
    /// The files that the config's `include` names, which are merged into `document`.
    pub included: Vec<Included>,
    /// How many processes run it, where files say so.
    pub running: Option<Running>,
    /// The time that was given.
    pub now: Option<i64>,
    /// How many bytes of text were read to prove fixes.
    pub proved: Proved,
}

/// How many processes run LiteLLM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Running {
    /// `3 replicas of 2 workers`; `one process`
    pub words: String,
    /// How many at most.
    pub processes: u64,
}

impl Running {
    /// What files say of a container that runs a release of LiteLLM.
    pub fn of(container: &Container, litellm: Version) -> Option<Self> {
        let words = container.running(litellm).unwrap_or_else(|| "one process".to_owned());
        container.processes(litellm).map(|processes| Self { words, processes })
    }
}

/// A count that many may add to, each through a shared reference.
#[derive(Debug, Default)]
pub struct Proved(AtomicUsize);

impl Clone for Proved {
    fn clone(&self) -> Self {
        Self(AtomicUsize::new(self.0.load(Ordering::Relaxed)))
    }
}

impl Proved {
    /// Adds to it; gives what it was.
    pub fn add(&self, bytes: usize) -> usize {
        self.0.fetch_add(bytes, Ordering::Relaxed)
    }
}

impl Report {
    /// The text that the config was read from: the first source's, with white space in place of
    /// what is not the config where that is inside a manifest.
    pub fn config_text(&self) -> &str {
        match &self.embedded {
            Some(embedded) => &embedded.text,
            None => self.text(SourceId::CONFIG),
        }
    }

    /// The text of a source; empty for one that is not there.
    pub fn text(&self, source: SourceId) -> &str {
        self.sources
            .iter()
            .find(|candidate| candidate.id == source)
            .map_or("", |source| &source.text)
    }

    /// The name of a source.
    pub fn name(&self, source: SourceId) -> &str {
        self.sources
            .iter()
            .find(|candidate| candidate.id == source)
            .map_or("", |source| &source.name)
    }
}

/// Whether a config may name a cache whose class imports a package that LiteLLM does not depend on.
fn asks_for_packages(text: &str) -> bool {
    text.contains("redis-semantic") || text.contains("disk")
}

/// A configuration and its environment, read and ready for any pair of releases.
#[derive(Clone)]
pub struct Prepared<'a> {
    /// What was asked.
    pub input: CheckInput<'a>,
    /// The config, as it was read.
    pub read: manifest::ConfigRead,
    /// The environment, what the config's own manifest sets included.
    pub gathered: Gathered,
}

impl<'a> Prepared<'a> {
    /// Reads the texts.
    pub fn new(input: &CheckInput<'a>) -> Self {
        let config = Source {
            id: SourceId::CONFIG,
            name: input.name.to_owned(),
            text: input.text.to_owned(),
        };
        let mut read = manifest::read_config(&config, input.environment.config.as_ref());
        let mut gathered = std::mem::take(&mut read.surroundings);
        gathered.extend(input.environment);
        if asks_for_packages(input.text) {
            gathered.environment.installed = Installed::of(&gathered);
        }
        gathered.sources.insert(0, config);
        read.document = read
            .document
            .map(|document| include::merged(document, &gathered.included, &gathered.sources));
        Self { input: *input, read, gathered }
    }

    /// What a pair of releases does with it.
    pub fn simulated(&self, pair: Pair) -> Outcome {
        simulate::simulate(&self.read.document, &self.gathered.environment, pair)
    }
}
