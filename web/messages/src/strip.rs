//! One configuration on all releases.

use serde::{Deserialize, Serialize};

use crate::Tone;

/// What a configuration does on every LiteLLM release and every redis-py release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Strip {
    /// LiteLLM's releases, oldest first.
    pub litellm: Vec<String>,
    /// First on the redis-py that comes with each of them, then on redis-py's releases, oldest first.
    pub rows: Vec<StripRow>,
}

/// What LiteLLM's releases do on some redis-py releases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StripRow {
    /// `redis-py 5.0.0 to 5.2.1`
    pub name: String,
    /// The newest of them; empty for the one that comes with each LiteLLM release.
    pub redis_py: String,
    /// All of them; none for those that come with LiteLLM.
    pub releases: Vec<String>,
    /// LiteLLM's releases, by what they do: together all of [`Strip::litellm`].
    pub spans: Vec<StripSpan>,
}

/// LiteLLM releases next to each other that behave alike.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StripSpan {
    /// The place of the first in [`Strip::litellm`].
    pub from: usize,
    /// How many there are.
    pub count: usize,
    /// Good where LiteLLM starts and nothing is an error, warning where something is, error where it
    /// does not start, plain where that is not known.
    pub tone: Tone,
    /// That in a few words.
    pub caption: String,
    /// The errors that a check finds.
    pub errors: Vec<StripError>,
    /// What stops LiteLLM.
    pub stopped_by: Option<String>,
    /// How the change from the span before looks; none at the first.
    pub tick: Option<Tone>,
    /// What is different from the span before, the worst first.
    pub changes: Vec<StripChange>,
}

/// An error that a check finds on some releases.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StripError {
    /// `RP301`
    pub code: String,
    /// What it is, in a sentence.
    pub words: String,
}

/// One difference between two spans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StripChange {
    /// How it looks, and `breaks`, `weakens`, `changes` or `improves`.
    pub verdict: (Tone, String),
    /// Whose, and what: `router, sync client: TLS`.
    pub what: String,
    /// How it is before.
    pub before: String,
    /// How it is from here on.
    pub after: String,
    /// What follows from it.
    pub consequence: String,
    /// What the release does differently, where that is known.
    pub why: Option<String>,
}
