//! What is wrong with a configuration: one file per rule.

mod startup;

use crate::diagnostic::Diagnostic;
use crate::document::{Document, ReadError};
use crate::environment::Environment;
use crate::outcome::Outcome;
use crate::releases::Pair;
use crate::source::Source;

/// What a rule looks at.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The texts that spans point into; the config is the first.
    pub sources: &'a [Source],
    /// The config, as PyYAML reads it.
    pub document: &'a Result<Document, ReadError>,
    /// The environment.
    pub environment: &'a Environment,
    /// What LiteLLM does.
    pub outcome: &'a Outcome,
    /// The releases.
    pub pair: Pair,
    /// The time, in seconds since 1970, if it is known.
    pub now: Option<i64>,
}

/// Everything that the rules find, in the order of the config.
pub fn check(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = startup::check(context);
    found.sort_by_key(|diagnostic| {
        let span = diagnostic.primary.span;
        (span.is_none(), span, diagnostic.code)
    });
    found
}
