//! How long LiteLLM's own clients try before they give up: their timeouts, and redis-py's retries.

use std::time::Duration;

use redproof_core::outcome::{Api, ClientKind};
use redproof_core::releases::{Pair, Retries};

use crate::plan::{Plan, Settings, Target};
use crate::report::Patience;

impl Patience {
    /// A client that `redis.Redis` or `redis.asyncio.Redis` made, with that class's retries; others
    /// have none.
    pub(crate) fn of(settings: &Settings, api: Api, pair: Pair, own: bool) -> Self {
        let retries = if own { pair.client_retries() } else { Retries::NONE };
        let connects = retries.whole || api == Api::Sync;
        let retries = if connects { retries } else { Retries::NONE };
        let times = |limit: Option<Duration>, again: bool| {
            let (attempts, pauses) =
                if again { (retries.count + 1, retries.pauses()) } else { (1, 0.0) };
            limit.map(|limit| tenths(limit.as_secs_f64() * f64::from(attempts) + pauses))
        };
        Self {
            api: if api == Api::Sync { "sync" } else { "async" },
            attempts: retries.count + 1,
            refused: if retries.whole { tenths(retries.pauses()) } else { 0.0 },
            unreachable: times(settings.connect_timeout.or(settings.timeout), true),
            silent: times(settings.timeout, retries.whole),
        }
    }

    /// Seconds that this failure takes, by the name of its outcome.
    pub(crate) fn of_outcome(self, outcome: &str) -> Option<f64> {
        match outcome {
            "refused" => Some(self.refused),
            "timeout" => self.unreachable,
            _ => None,
        }
    }
}

fn tenths(seconds: f64) -> f64 {
    (seconds * 10.0).round() / 10.0
}

impl Plan {
    /// How long each client that uses it tries, where that is known: LiteLLM's async client has a pool
    /// that was made by hand, a client by URL one without retries, and a cluster's count per node.
    pub(crate) fn patience(&self, pair: Pair) -> Vec<Patience> {
        let Ok(Target::Server(settings)) = &self.target else {
            return vec![];
        };
        if self.kind != ClientKind::Redis || self.semantic {
            return vec![];
        }
        let apis = [Api::Async, Api::Sync].into_iter().filter(|api| self.serves(*api));
        let own = |api: Api| api == Api::Sync && !self.by_url;
        apis.map(|api| Patience::of(settings, api, pair, own(api))).collect()
    }
}
