//! What a running LiteLLM proxy tells of itself, against what its files say.
//!
//! No endpoint tells all: `/cache/ping` has the cache's arguments as they were configured,
//! `/cache/redis/info` the server that is really used, `/coordination_redis/settings` where the
//! coordination Redis comes from. None tells TLS options or timeouts that redis-py chose.
#![forbid(unsafe_code)]

mod answers;
mod cache;
mod server;

pub use answers::{Answer, Answers, ENDPOINTS, Endpoint};

use deployment::release_choice::PairOrigin;
use report::Report;
use schemars::JsonSchema;
use serde::Serialize;

/// Something that the proxy does otherwise than its files say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Difference {
    /// What: `response cache: namespace`.
    pub what: String,
    /// What the files come to.
    pub files: String,
    /// What the proxy says.
    pub proxy: String,
}

/// What came of a comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Drift {
    /// LiteLLM's release, as the proxy tells it.
    pub litellm: Option<String>,
    /// redis-py's release, as Redis tells it of the proxy's client.
    pub redis_py: Option<String>,
    /// `run_id` of the Redis that the response cache uses.
    pub run_id: Option<String>,
    /// What both say alike.
    pub same: Vec<String>,
    /// What they say differently.
    pub differences: Vec<Difference>,
    /// What the proxy does not tell, and why.
    pub untold: Vec<String>,
    /// What would explain the differences.
    pub causes: Vec<String>,
}

impl Drift {
    /// Holds one thing that both tell against each other.
    fn hold(&mut self, what: impl Into<String>, files: Option<String>, proxy: Option<String>) {
        let (what, none) = (what.into(), || "not set".to_owned());
        if files == proxy {
            self.same.push(what);
        } else {
            let (files, proxy) = (files.unwrap_or_else(none), proxy.unwrap_or_else(none));
            self.differences.push(Difference { what, files, proxy });
        }
    }
}

/// Holds what a proxy answered against the report on its files.
pub fn drift(report: &Report, answers: &Answers) -> Drift {
    let mut drift = Drift { litellm: answers.release(), ..Drift::default() };
    releases(report, answers, &mut drift);
    cache::hold(report, answers, &mut drift);
    server::hold(report, answers, &mut drift);
    if !drift.differences.is_empty() {
        drift.causes = causes(report, answers);
    }
    drift
}

fn releases(report: &Report, answers: &Answers, drift: &mut Drift) {
    let Some(release) = answers.release() else {
        drift.untold.push("LiteLLM's release: no endpoint told it".to_owned());
        return;
    };
    if report.pair_origin != PairOrigin::Newest {
        drift.hold("LiteLLM's release", Some(report.pair.litellm.to_string()), Some(release));
    }
}

/// Why a proxy may do otherwise than its files say.
fn causes(report: &Report, answers: &Answers) -> Vec<String> {
    let stored = answers.stored_cache_settings();
    let mut causes = vec![];
    if !stored.is_empty() {
        causes.push(format!(
            "/cache/settings has settings of its own ({}): saved in the Admin UI, where they replace \
             cache_params at once and at each start; or read from the proxy's REDIS_* variables.",
            stored.join(", ")
        ));
    }
    if cache::stores_models(report) {
        causes.push(
            "store_model_in_db is on: settings stored in the database replace those of the file."
                .to_owned(),
        );
    }
    causes.push(
        "The proxy was started before the files changed, or it reads other files or another \
         environment."
            .to_owned(),
    );
    causes
}
