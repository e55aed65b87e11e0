//! Variables that documents, blogs and other projects name for LiteLLM's Redis, and that LiteLLM does
//! not read. `REDIS_*` names are judged by redis-py's arguments, and are elsewhere.
//!
//! None of these names is in a string of the sources of LiteLLM 1.60.0 to 1.110.2, but for
//! `VALKEY_*` in the valkey-semantic cache.

use crate::{Behaviour, Pair};

/// A variable that people set, and LiteLLM does not read.
#[derive(Debug)]
pub struct DeadVariable {
    /// Its name.
    pub name: &'static str,
    /// What to do instead. An imperative.
    pub instead: &'static str,
    /// The one cache that reads it: its class, and what brought it.
    pub read_by: Option<(&'static str, Behaviour)>,
}

const fn dead(name: &'static str, instead: &'static str) -> DeadVariable {
    DeadVariable { name, instead, read_by: None }
}

const fn valkey(name: &'static str, instead: &'static str) -> DeadVariable {
    let read_by = Some(("ValkeySemanticCache", Behaviour::ValkeySemanticCache));
    DeadVariable { name, instead, read_by }
}

const TURN_ON: &str =
    "Write `litellm_settings: {cache: true, cache_params: {type: redis}}` in the config.";
const HOST: &str = "Set REDIS_HOST, or `host` under `cache_params`.";
const PORT: &str = "Set REDIS_PORT, or `port` under `cache_params`.";
const PASSWORD: &str = "Set REDIS_PASSWORD, or `password` under `cache_params`.";
const URL: &str = "Set REDIS_URL, or `url` under `cache_params`.";

const ROUTER: &str =
    "Write `redis_host`, `redis_port` and `redis_password` under `router_settings`.";
const COORDINATION: &str = "Write `coordination_redis` under `general_settings`.";

/// All that are known.
pub static DEAD_VARIABLES: &[DeadVariable] = &[
    dead("LITELLM_CACHE", TURN_ON),
    dead("LITELLM_CACHE_ENABLED", TURN_ON),
    dead("LITELLM_CACHE_TYPE", TURN_ON),
    dead("LITELLM_CACHING", TURN_ON),
    dead("LITELLM_ENABLE_CACHE", TURN_ON),
    dead("LITELLM_ENABLE_CACHING", TURN_ON),
    dead("LITELLM_USE_CACHE", TURN_ON),
    dead("LITELLM_USE_REDIS", TURN_ON),
    dead("LITELLM_REDIS_ENABLED", TURN_ON),
    dead("LITELLM_DISABLE_CACHE", "Write `litellm_settings: {cache: false}` in the config."),
    dead("LITELLM_CACHE_HOST", HOST),
    dead("LITELLM_CACHE_PORT", PORT),
    dead("LITELLM_CACHE_PASSWORD", PASSWORD),
    dead("LITELLM_CACHE_URL", URL),
    dead("LITELLM_CACHE_TTL", "Write `ttl` under `cache_params`."),
    dead("LITELLM_CACHE_NAMESPACE", "Write `namespace` under `cache_params`."),
    dead("LITELLM_REDIS_HOST", HOST),
    dead("LITELLM_REDIS_PORT", PORT),
    dead("LITELLM_REDIS_PASSWORD", PASSWORD),
    dead("LITELLM_REDIS_URL", URL),
    dead("LITELLM_REDIS_USERNAME", "Set REDIS_USERNAME, or `username` under `cache_params`."),
    dead("LITELLM_REDIS_SSL", "Set REDIS_SSL, or `ssl` under `cache_params`."),
    dead("LITELLM_REDIS_DB", "Set REDIS_DB, or `db` under `cache_params`."),
    dead("LITELLM_REDIS_NAMESPACE", "Write `namespace` under `cache_params`."),
    dead("LITELLM_REDIS_TTL", "Write `ttl` under `cache_params`."),
    dead(
        "LITELLM_REDIS_CLUSTER_NODES",
        "Set REDIS_CLUSTER_NODES, or `redis_startup_nodes` under `cache_params`.",
    ),
    dead("LITELLM_REDIS_CACHE", TURN_ON),
    dead("LITELLM_ENABLE_REDIS", TURN_ON),
    dead("LITELLM_CACHE_USERNAME", "Set REDIS_USERNAME, or `username` under `cache_params`."),
    dead("LITELLM_CACHE_SSL", "Set REDIS_SSL, or `ssl` under `cache_params`."),
    dead("LITELLM_CACHE_DB", "Set REDIS_DB, or `db` under `cache_params`."),
    dead("LITELLM_CACHE_MODE", "Write `mode` under `cache_params`."),
    dead("LITELLM_CACHE_PARAMS", TURN_ON),
    dead("LITELLM_ROUTER_REDIS_HOST", ROUTER),
    dead("ROUTER_REDIS_HOST", ROUTER),
    dead("ROUTER_REDIS_URL", ROUTER),
    dead("COORDINATION_REDIS_HOST", COORDINATION),
    dead("LITELLM_COORDINATION_REDIS_HOST", COORDINATION),
    dead("LITELLM_COORDINATION_REDIS_URL", COORDINATION),
    // What services set for their own customers.
    dead("REDISTOGO_URL", URL),
    dead("REDISGREEN_URL", URL),
    dead("OPENREDIS_URL", URL),
    dead("STACKHERO_REDIS_URL_TLS", URL),
    dead("FLY_REDIS_CACHE_URL", URL),
    dead("UPSTASH_REDIS_URL", URL),
    dead("KV_URL", URL),
    dead("AZURE_REDIS_HOST", HOST),
    dead("AZURE_REDIS_PORT", PORT),
    dead("AZURE_REDIS_PASSWORD", PASSWORD),
    dead("AZURE_REDIS_KEY", PASSWORD),
    dead(
        "AZURE_REDIS_CONNECTION_STRING",
        "Set REDIS_HOST, REDIS_PORT, REDIS_PASSWORD and REDIS_SSL: LiteLLM reads no connection string.",
    ),
    dead("ELASTICACHE_HOST", HOST),
    dead("ELASTICACHE_ENDPOINT", HOST),
    dead("MEMORYDB_ENDPOINT", HOST),
    dead("REDISCLOUD_URL", URL),
    dead("REDISHOST", HOST),
    dead("REDISPORT", PORT),
    dead("REDISUSER", "Set REDIS_USERNAME, or `username` under `cache_params`."),
    dead("REDISPASSWORD", PASSWORD),
    dead(
        "UPSTASH_REDIS_REST_URL",
        "Set REDIS_URL to the database's `rediss://` URL: LiteLLM does not speak REST.",
    ),
    dead(
        "UPSTASH_REDIS_REST_TOKEN",
        "Set REDIS_URL to the database's `rediss://` URL: LiteLLM does not speak REST.",
    ),
    valkey("VALKEY_HOST", HOST),
    valkey("VALKEY_PORT", PORT),
    valkey("VALKEY_PASSWORD", PASSWORD),
    dead("VALKEY_URL", URL),
];

impl DeadVariable {
    /// Whether a release reads it for a cache of this class.
    pub fn is_read(&self, pair: Pair, class: Option<&str>) -> bool {
        self.read_by
            .is_some_and(|(reads, behaviour)| class == Some(reads) && pair.behaves(behaviour))
    }
}
