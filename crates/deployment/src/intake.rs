//! What deployments are read with: documents with places, configs within them, `.env` files.

pub(crate) use crate::environment::verbatim::load as verbatim;
pub(crate) use crate::manifest::embedded::{is_litellm_config, looks_like_config};
pub(crate) use crate::manifest::operator::is_section;
pub(crate) use crate::manifest::{Doc, NOT_YAML, documents};
pub(crate) use base::base64::text as from_base64;

use crate::environment::{Environment, Note, Variable, dotenv, shell};
use base::source::SourceId;

/// What a `.env` file sets.
pub(crate) fn dotenv(
    source: SourceId,
    text: &str,
    notes: &mut Vec<Note>,
) -> Vec<(String, Variable)> {
    let mut environment = Environment::default();
    dotenv::load(source, text, &mut environment, notes);
    listed(&environment)
}

/// What a shell script exports.
pub(crate) fn exports(
    source: SourceId,
    text: &str,
    notes: &mut Vec<Note>,
) -> Vec<(String, Variable)> {
    let mut environment = Environment::default();
    shell::load(source, text, &mut environment, notes);
    listed(&environment)
}

fn listed(environment: &Environment) -> Vec<(String, Variable)> {
    environment.iter().map(|(name, variable)| (name.to_owned(), variable.clone())).collect()
}

/// The source that stands for a file while it is read.
pub(crate) fn source(index: usize) -> SourceId {
    SourceId(u16::try_from(index + 1).unwrap_or(u16::MAX))
}

/// The file that a source stands for.
pub(crate) fn file_of(source: SourceId) -> Option<usize> {
    usize::from(source.0).checked_sub(1)
}
