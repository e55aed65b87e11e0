//! One check from end to end: texts, environment and releases in, everything known about them out.

use crate::choice::{Chosen, PairOrigin, RedisPyOrigin, Releases};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, ReadError};
use crate::environment::{Environment, Gathered, Note};
use crate::manifest;
use crate::outcome::Outcome;
use crate::redaction::Redaction;
use crate::releases::{Pair, Version};
use crate::rules;
use crate::simulate;
use crate::source::{Source, SourceId};

/// What a check looks at.
#[derive(Clone, Copy, Debug)]
pub struct CheckInput<'a> {
    /// The config's name, as the user knows it.
    pub name: &'a str,
    /// The config's text: `config.yaml`, or a Kubernetes manifest or Helm values file that holds it.
    pub text: &'a str,
    /// The environment that LiteLLM will run in, from [`gather`](crate::gather).
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
    pub diagnostics: Vec<Diagnostic>,
    /// What was noticed in reading the files, but is no fault of the configuration.
    pub notes: Vec<Note>,
    /// What must not be shown of the sources.
    pub redaction: Redaction,
}

impl Report {
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

/// What must be said of releases that are not known.
fn stand_ins(pair: Pair) -> impl Iterator<Item = Note> {
    let note = |software: &str, asked: Version, known: Version| Note {
        span: None,
        text: format!("{software} {asked} is not known here: it is simulated as {known}"),
    };
    let litellm = pair.litellm_stand_in().map(|known| note("LiteLLM", pair.litellm, known));
    let redis_py = pair.redis_py_stand_in().map(|known| note("redis-py", pair.redis_py, known));
    litellm.into_iter().chain(redis_py)
}

/// Checks a configuration.
pub fn check(input: &CheckInput<'_>) -> Report {
    let prepared = Prepared::new(input);
    let chosen = input.releases.choose(&prepared.gathered);
    prepared.judged(chosen)
}

/// A configuration and its environment, read and ready for any pair of releases.
#[derive(Clone)]
pub(crate) struct Prepared<'a> {
    input: CheckInput<'a>,
    pub(crate) read: manifest::ConfigRead,
    pub(crate) gathered: Gathered,
}

impl<'a> Prepared<'a> {
    pub(crate) fn new(input: &CheckInput<'a>) -> Self {
        let config = Source {
            id: SourceId::CONFIG,
            name: input.name.to_owned(),
            text: input.text.to_owned(),
        };
        let mut read = manifest::read_config(&config);
        let mut gathered = std::mem::take(&mut read.surroundings);
        gathered.extend(input.environment);
        gathered.sources.insert(0, config);
        Self { input: *input, read, gathered }
    }

    /// What a pair of releases does with it.
    pub(crate) fn simulated(&self, pair: Pair) -> Outcome {
        simulate::simulate(&self.read.document, &self.gathered.environment, pair)
    }

    /// All that is known of it on a pair of releases.
    pub(crate) fn judged(self, chosen: Chosen) -> Report {
        let pair = chosen.pair;
        let outcome = self.simulated(pair);
        let Self { input, read, gathered } = self;
        let redaction = Redaction::of(read.document.as_ref().ok(), &gathered.environment, &outcome);
        let notes = rules::Notes::default();
        let context = rules::Context {
            sources: &gathered.sources,
            config_text: read.embedded.as_ref().map_or(input.text, |embedded| &embedded.text),
            document: &read.document,
            environment: &gathered.environment,
            outcome: &outcome,
            pair,
            redis_py_assumed: chosen.redis_py == RedisPyOrigin::Assumed,
            now: input.now,
            notes: &notes,
        };
        let mut diagnostics = rules::check(&context);
        for diagnostic in &mut diagnostics {
            redaction.clean(diagnostic);
            if let (Some(embedded), Some(fix)) = (&read.embedded, &diagnostic.fix)
                && !fix.edits.iter().all(|edit| embedded.may_edit(edit.span))
            {
                diagnostic.fix = None;
            }
        }
        Report {
            sources: gathered.sources,
            document: read.document,
            environment: gathered.environment,
            pair,
            pair_origin: chosen.litellm,
            redis_py_origin: chosen.redis_py,
            outcome,
            diagnostics,
            notes: gathered.notes.into_iter().chain(chosen.notes).chain(stand_ins(pair)).collect(),
            redaction,
        }
    }
}
