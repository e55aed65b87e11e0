//! How long LiteLLM's own clients try before they give up: their timeouts, and redis-py's retries.

use std::time::Duration;

use redproof_core::outcome::Api;
use redproof_core::releases::{Pair, Retries};

use crate::plan::{Plan, Settings, Target};
use crate::report::{Part, Patience};

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
            attempts_of_silent: if retries.whole { retries.count + 1 } else { 1 },
        }
    }

    /// One server after the other.
    fn of_each(self, servers: usize) -> Self {
        let times = u32::try_from(servers).unwrap_or(u32::MAX);
        let all = |seconds: f64| tenths(seconds * f64::from(times));
        Self {
            attempts: self.attempts.saturating_mul(times),
            refused: all(self.refused),
            unreachable: self.unreachable.map(all),
            silent: self.silent.map(all),
            attempts_of_silent: self.attempts_of_silent.saturating_mul(times),
            ..self
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
    /// How long each client that uses it tries for this part, where that is known: LiteLLM's async client has a
    /// pool that was made by hand, a client by URL one without retries, and a cluster's client asks its start-up
    /// nodes one after the other, each once.
    pub(crate) fn patience(&self, part: Part, pair: Pair) -> Vec<Patience> {
        if self.semantic {
            return vec![];
        }
        let apis = [Api::Async, Api::Sync].into_iter().filter(|api| self.serves(*api));
        match (&self.target, part) {
            (Ok(Target::Server(settings)), Part::Server) => {
                let own = |api: Api| api == Api::Sync && !self.by_url;
                apis.map(|api| Patience::of(settings, api, pair, own(api))).collect()
            }
            (Ok(Target::Cluster { nodes, settings }), Part::StartupNode) => {
                let each = |api| Patience::of(settings, api, pair, false);
                apis.map(|api| each(api).of_each(nodes.len())).collect()
            }
            _ => vec![],
        }
    }
}
