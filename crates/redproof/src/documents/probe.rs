//! `redproof probe --format json`.

use redproof_probe::Report;
use schemars::JsonSchema;
use serde::Serialize;

/// What a probe of all connections found.
#[derive(Serialize, JsonSchema)]
#[serde(transparent)]
pub(crate) struct ProbeDocument<'a>(&'a Report);

/// The document.
pub(crate) fn text(report: &Report) -> String {
    super::text(&ProbeDocument(report))
}
