//! `redproof releases --format json`.

use redproof_core::compare::all_releases::{Column, Releases, Stretch};
use schemars::JsonSchema;
use serde::Serialize;

use super::{VERSION, Version};
use crate::answer::{Formatter, Json};
use crate::releases::OnReleases;

/// What each release does with a configuration.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ReleasesDocument<'a> {
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

impl Formatter<OnReleases> for Json {
    fn text(&self, answer: &OnReleases) -> String {
        let OnReleases { name, all } = answer;
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
}
