//! What the simulation noticed on its way, for rules and explanations.

use python::{Origin, Value};

/// Something that a reader of the config would not expect.
#[derive(Clone, Debug)]
pub enum Event {
    /// A setting that does not reach a client.
    Dropped {
        /// Its name in the config or in redis-py.
        setting: String,
        /// Where it was given.
        origin: Origin,
        /// Why it goes nowhere.
        why: DropReason,
    },
    /// A value that lost to another one.
    Overridden {
        /// The name of the setting or variable.
        setting: String,
        /// What was dropped.
        loser: Value,
        /// What won.
        winner: Origin,
    },
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (
                Self::Dropped { setting, origin, why },
                Self::Dropped { setting: s, origin: o, why: w },
            ) => setting == s && origin == o && why == w,
            (
                Self::Overridden { setting, loser, winner },
                Self::Overridden { setting: s, loser: l, winner: w },
            ) => setting == s && loser.origin == l.origin && winner == w,
            _ => false,
        }
    }
}

/// Why a setting reaches no client, or not all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DropReason {
    /// `Router.__init__` has no such parameter.
    NotARouterSetting,
    /// `router_settings` names no complete target (`redis_url`, or `redis_host` and `redis_port`).
    RouterHasNoTarget,
    /// With a `url`, LiteLLM hands redis-py the url and little else.
    UrlTakesNoSettings,
    /// A `url` replaces host, port, db and password.
    UrlReplacesTarget,
    /// `startup_nodes` replaces the `url`, or the host.
    ClusterReplacesTarget,
    /// A target in the config replaces `REDIS_URL`.
    ConfiguredTargetReplacesUrl,
    /// Not on LiteLLM's list for the sync cluster client.
    NotForSyncCluster,
    /// Not on LiteLLM's list for the async cluster client.
    NotForAsyncCluster,
    /// redis-py's sync cluster client drops it.
    ClusterClientDropsIt,
    /// Sentinel clients of this release get none of the Redis settings.
    NotForSentinel,
    /// `Cache.__init__` takes it and does nothing with it for this cache.
    CacheSwallowsIt,
    /// The cache type does not use it.
    NotForThisCacheType,
    /// IAM replaces the user name and the password.
    IamReplacesPassword,
    /// The text is not what the parameter takes; redis-py's default applies.
    NotConvertible,
    /// `environment_variables` may not set it.
    BlockedVariable,
    /// This release does not know the section.
    SectionNotKnown,
    /// LiteLLM's Rust client does not take it.
    NotForRustClient,
    /// Caching is off.
    CacheIsOff,
}
