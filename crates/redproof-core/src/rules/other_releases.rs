//! Keys and variables that other releases know, and this one does not.
//!
//! The catalogue says the same (`tests/newer_keys.rs` compares), with texts that the page's first
//! load has no room for.

use crate::releases::{Behaviour, Pair, ReleaseRange, Software};
use crate::simulate;

/// The release that lacks something, and those that have it: `LiteLLM 1.75.2 and newer do`.
pub(super) struct Others {
    pub(super) this: String,
    pub(super) others: String,
}

impl Others {
    /// `None` where the pair is one of the range.
    fn of(range: ReleaseRange, pair: Pair) -> Option<Self> {
        let ReleaseRange { software, since, until } = range;
        let release = match software {
            Software::Litellm => pair.litellm,
            Software::RedisPy => pair.redis_py,
        };
        let name = software.name();
        let others = match (since, until) {
            (Some(since), _) if release < since => format!("{name} {since} and newer do"),
            (_, Some(until)) if release > until => format!("{name} {until} and older do"),
            _ => return None,
        };
        Some(Self { this: format!("{name} {release}"), others })
    }

    /// For a key of the section at this path.
    pub(super) fn of_key(section: &str, name: &str, pair: Pair) -> Option<Self> {
        let range = match section {
            "router_settings" if simulate::is_proxys_own(name) => None,
            "router_settings" => ReleaseRange::of_router_parameter(name),
            "litellm_settings.cache_params" => {
                ReleaseRange::of_cache_parameter(name).or_else(|| of_connection(name))
            }
            _ => of_connection(name),
        };
        Self::of(range?, pair)
    }

    /// For a variable in capitals.
    pub(super) fn of_variable(name: &str, pair: Pair) -> Option<Self> {
        let behaviour = match name {
            "REDIS_AZURE_AD_TOKEN" => Behaviour::AzureAd,
            "REDIS_CONNECTION_POOL_TIMEOUT" => Behaviour::ConstantsReadEnvironment,
            "REDIS_CIRCUIT_BREAKER_ENABLED" => Behaviour::ValkeySemanticCache,
            "REDIS_CIRCUIT_BREAKER_FAILURE_THRESHOLD"
            | "REDIS_CIRCUIT_BREAKER_RECOVERY_TIMEOUT" => Behaviour::CircuitBreaker,
            "REDIS_CIRCUIT_BREAKER_TIMEOUT_MIN_DURATION" => Behaviour::CircuitBreakerTimeouts,
            "REDIS_TIMEOUT_LOG_INTERVAL" => Behaviour::TimeoutLogInterval,
            _ => {
                let argument = name.strip_prefix("REDIS_")?.to_ascii_lowercase();
                return Self::of(of_connection(&argument)?, pair);
            }
        };
        Self::of(behaviour.releases(), pair)
    }
}

/// The releases that take a setting of the connection.
fn of_connection(name: &str) -> Option<ReleaseRange> {
    match simulate::brought_by(name) {
        Some(behaviour) => Some(behaviour.releases()),
        None => ReleaseRange::of_redis_parameter(name),
    }
}
