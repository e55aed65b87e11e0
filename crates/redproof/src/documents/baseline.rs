//! `redproof check --update-baseline`: the findings that are known.

use schemars::JsonSchema;
use serde::Serialize;

use super::Version;

/// The findings of one day: later checks report what is not among them.
#[derive(Serialize, JsonSchema)]
pub(crate) struct BaselineDocument<'a> {
    pub(crate) findings: &'a [KnownFinding],
    /// The version of this format.
    pub(crate) schema: Version,
}

/// A finding that is known.
#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub(crate) struct KnownFinding {
    /// The config's file.
    pub(crate) file: String,
    /// What stays the same when lines move: a hash of rule, file and what is found.
    pub(crate) fingerprint: String,
    /// Where in the config: `litellm_settings.cache_params.host`; empty where no key is to blame.
    pub(crate) path: String,
    /// The rule's code.
    pub(crate) rule: &'static str,
}
