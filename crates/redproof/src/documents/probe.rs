//! `redproof probe --format json`.

use redproof_probe::Report;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{Formatter, Json};
use crate::probe::Probed;

/// What a probe of all connections found; of several configs, a list of what each found.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum ProbeDocument<'a> {
    Alone(&'a Report),
    Each(Vec<OfConfig<'a>>),
}

/// What came of one of several configs.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
pub(crate) enum OfConfig<'a> {
    Report {
        /// The config.
        config: &'a str,
        #[serde(flatten)]
        report: &'a Report,
    },
    Failed {
        /// The config.
        config: &'a str,
        /// Why it can't be used.
        error: String,
    },
}

impl Formatter<[Probed]> for Json {
    fn text(&self, all: &[Probed]) -> String {
        if let [Probed { result: Ok(report), .. }] = all {
            return super::text(&ProbeDocument::Alone(report));
        }
        super::text(&ProbeDocument::Each(all.iter().map(OfConfig::of).collect()))
    }
}

impl<'a> OfConfig<'a> {
    fn of(probed: &'a Probed) -> Self {
        let config = &*probed.name;
        match &probed.result {
            Ok(report) => Self::Report { config, report },
            Err(failure) => Self::Failed { config, error: failure.to_string() },
        }
    }
}
