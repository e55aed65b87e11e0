//! `redproof drift --format json`.

use redproof_core::drift::Drift;
use schemars::JsonSchema;
use serde::Serialize;

/// Each proxy against its files.
#[derive(Serialize, JsonSchema)]
pub(crate) struct DriftDocument<'a> {
    proxies: Vec<Proxy<'a>>,
}

/// What one proxy does otherwise than its files say.
#[derive(Serialize, JsonSchema)]
struct Proxy<'a> {
    /// Its address.
    proxy: &'a str,
    drift: &'a Drift,
}

/// The document.
pub(crate) fn text(all: &[(&str, Drift)]) -> String {
    let proxies = all.iter().map(|(proxy, drift)| Proxy { proxy, drift });
    super::text(&DriftDocument { proxies: proxies.collect() })
}
