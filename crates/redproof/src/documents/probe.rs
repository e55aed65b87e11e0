//! `redproof probe --format json`.

use redproof_probe::Report;
use schemars::JsonSchema;
use serde::Serialize;

use crate::output::Failure;

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

/// The document of each config's report, or of why it can't be used.
pub(crate) fn text<'a>(
    each: impl Iterator<Item = (&'a str, Result<&'a Report, &'a Failure>)>,
) -> String {
    let all: Vec<_> = each.collect();
    if let [(_, Ok(report))] = all[..] {
        return super::text(&ProbeDocument::Alone(report));
    }
    let one = |(config, result)| match result {
        Ok(report) => OfConfig::Report { config, report },
        Err(failure) => OfConfig::Failed { config, error: Failure::to_string(failure) },
    };
    super::text(&ProbeDocument::Each(all.into_iter().map(one).collect()))
}
