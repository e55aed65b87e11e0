//! What is to be said of a key or a variable.

use facts::catalogue::{self, Field, Section};
use facts::{Pair, ReleaseRange};

/// What a key or a variable is. Names in the texts are between backticks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Documentation {
    /// Its name.
    pub name: String,
    /// Where it is written: `litellm_settings.cache_params`; empty for the config itself, and for a
    /// variable `environment`.
    pub place: String,
    /// What it takes: `a whole number`.
    pub takes: String,
    /// What applies without it, as one would write it.
    pub default: Option<String>,
    /// What it does. One or two sentences.
    pub meaning: String,
    /// The variable that LiteLLM reads where the key is not written.
    pub variable: Option<String>,
    /// What it has an effect on: `every client`. Empty where that says nothing.
    pub reaches: String,
    /// Which releases know it: `since LiteLLM 1.75.0`; `None` for all.
    pub releases: Option<String>,
    /// Whether its value is a secret.
    pub secret: bool,
    /// What the releases that are checked make of it, where that is nothing good. A sentence.
    pub note: Option<String>,
}

/// The sections of a config, and what they are for.
const CONFIG: [(&str, &str, &str); 5] = [
    (
        "litellm_settings",
        "a mapping",
        "Settings of LiteLLM itself. `cache` and `cache_params` set up the response cache.",
    ),
    (
        "router_settings",
        "a mapping",
        "Settings of the router. With `redis_host` and `redis_port`, or `redis_url`, it has a Redis of its own.",
    ),
    (
        "general_settings",
        "a mapping",
        "Settings of the proxy server. `coordination_redis` sets up the Redis for limits and spend.",
    ),
    (
        "environment_variables",
        "a mapping",
        "Variables that LiteLLM sets before it reads anything else.",
    ),
    ("model_list", "a list", "The models that the proxy serves."),
];

/// The fields of a cluster's node.
const NODE: [(&str, &str, &str); 2] = [
    ("host", "text", "The node's host name or address."),
    ("port", "a whole number", "The node's port."),
];

impl Documentation {
    /// A field of a section.
    pub(super) fn of_field(field: &Field, section: Section, pair: Pair) -> Self {
        let variable = field.variable().filter(|_| field.variable_known_to(pair));
        let mut documentation = Self::of_catalogue(field, pair);
        section.path().clone_into(&mut documentation.place);
        documentation.variable = variable;
        documentation
    }

    /// A variable of the catalogue.
    pub(super) fn of_variable(name: &str, pair: Pair) -> Option<Self> {
        let field = catalogue::find_variable(name)?;
        let mut documentation = Self::of_catalogue(field, pair);
        if field.known_to(pair) && field.name != name && !field.variable_known_to(pair) {
            documentation.note = Some(format!(
                "{pair:?} does not read it: LiteLLM learns the names from redis-py's signature, which this redis-py hides from it."
            ));
        }
        name.clone_into(&mut documentation.name);
        "environment".clone_into(&mut documentation.place);
        Some(documentation)
    }

    fn of_catalogue(field: &Field, pair: Pair) -> Self {
        let range = field.releases();
        let checked = match range.software {
            facts::Software::Litellm => pair.litellm,
            facts::Software::RedisPy => pair.redis_py,
        };
        let unknown = (!field.known_to(pair))
            .then(|| format!("{} {checked} does not know it.", range.software.name()));
        let deprecated = || field.is_deprecated().then(|| "It is deprecated.".to_owned());
        Self {
            name: field.name.to_owned(),
            takes: field.kind.words(),
            default: (!field.default.is_empty()).then(|| field.default.to_owned()),
            meaning: field.meaning.to_owned(),
            reaches: field.reach.words(),
            releases: releases(range),
            secret: field.is_secret(),
            note: unknown.or_else(deprecated),
            ..Self::default()
        }
    }

    /// The sections of a config.
    pub(super) fn of_config() -> impl Iterator<Item = Self> {
        CONFIG.into_iter().map(|parts| Self::of_words("", parts))
    }

    /// The fields of a cluster's node.
    pub(super) fn of_node() -> impl Iterator<Item = Self> {
        NODE.into_iter().map(|parts| Self::of_words("a startup node", parts))
    }

    fn of_words(place: &str, (name, takes, meaning): (&str, &str, &str)) -> Self {
        Self {
            name: name.to_owned(),
            place: place.to_owned(),
            takes: takes.to_owned(),
            meaning: meaning.to_owned(),
            ..Self::default()
        }
    }
}

fn releases(range: ReleaseRange) -> Option<String> {
    let software = range.software.name();
    match (range.since, range.until) {
        (None, None) => None,
        (Some(since), None) => Some(format!("since {software} {since}")),
        (None, Some(until)) => Some(format!("until {software} {until}")),
        (Some(since), Some(until)) => Some(format!("{software} {since} to {until}")),
    }
}
