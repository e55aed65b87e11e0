//! What the companion, `redproof serve`, answers: its API for the page.

use schemars::JsonSchema;
use serde::Serialize;

/// `GET /api/v1/hello`: who is there.
#[derive(Serialize, JsonSchema)]
pub(crate) struct HelloAnswer {
    /// `redproof`
    pub(crate) name: &'static str,
    /// The command's version.
    pub(crate) version: &'static str,
}

/// `POST /api/v1/pair`: what lets the page in from now on.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PairAnswer {
    pub(crate) token: String,
}

/// Why there is no other answer.
#[derive(Serialize, JsonSchema)]
pub(crate) struct RefusalAnswer<'a> {
    pub(crate) error: &'a str,
}
