//! `redproof drift --format json`.

use redproof_core::drift::Drift;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{Formatter, Json};

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

impl Formatter<[(&str, Drift)]> for Json {
    fn text(&self, all: &[(&str, Drift)]) -> String {
        let proxies = all.iter().map(|(proxy, drift)| Proxy { proxy, drift });
        super::text(&DriftDocument { proxies: proxies.collect() })
    }
}
