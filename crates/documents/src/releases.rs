//! `redproof releases --format json`.

use redproof_core::AllReleases;
use redproof_core::compare::all_releases::{Column, Releases, Stretch};
use schemars::JsonSchema;
use serde::Serialize;

use super::{VERSION, Version};

/// What each release does with a configuration.
#[derive(Serialize, JsonSchema)]
pub struct ReleasesDocument<'a> {
    /// The version of this format.
    schema: Version,
    /// The release that printed it.
    redproof: &'static str,
    file: &'a str,
    /// The releases that a check takes.
    here: &'a Releases,
    /// All LiteLLM releases.
    litellm: &'a Stretch,
    /// All redis-py releases.
    redis_py: &'a Stretch,
    /// redis-py's releases, oldest first.
    columns: &'a [Column],
}

/// What each release does with the configuration of this name, as it is printed.
pub fn releases(name: &str, all: &AllReleases) -> String {
    super::text(&ReleasesDocument {
        schema: VERSION,
        redproof: env!("CARGO_PKG_VERSION"),
        file: name,
        here: &all.here,
        litellm: &all.litellm,
        redis_py: &all.redis_py,
        columns: &all.columns,
    })
}
