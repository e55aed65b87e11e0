//! What LiteLLM itself says while it runs: mostly envelopes around another text.

use super::{cause, defect, litellm};
use crate::{Entry, When};

const LOOK_INSIDE: &str = "The text after it, or the traceback below it.";

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "sync-client-at-startup",
        "The sync client could not reach Redis at start-up",
        &[litellm("Error connecting to Sync Redis client", "litellm/caching/redis_cache.py RedisCache.__init__").seen("1.60.0", "1.110.2")],
        "LiteLLM pings Redis while it starts, with its sync client, and goes on without an answer. Requests are served by the async client.",
        &[
            cause(When::Found(&["RP301"]), "The sync client differs from the async one.", "Do as RP301 says.").codes(&["RP301"]),
            cause(When::Always, "Redis was not there yet, or refuses this client.", "Look at the reason beside it; let LiteLLM start after Redis."),
        ],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "async-client-at-startup",
        "The async client could not reach Redis at start-up",
        &[litellm("Error connecting to Async Redis client", "litellm/caching/redis_cache.py RedisCache").seen("1.60.0", "1.110.2")],
        "LiteLLM pings Redis while it starts, with the client that will serve requests, and goes on without an answer.",
        &[cause(When::Always, "Redis was not there yet, or refuses this client.", "Look at the reason that follows; let LiteLLM start after Redis.")],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "exception-from-redis",
        "A use of the cache failed",
        &[
            litellm("Got exception from REDIS", "litellm/caching/redis_cache.py").seen("1.60.0", "1.110.2"),
            litellm("Excepton add_cache", "litellm/caching/caching.py Cache.add_cache").seen("1.60.0", "1.97.0"),
            litellm("Excepton async add_cache", "litellm/caching/caching.py Cache.async_add_cache").seen("1.60.0", "1.110.2"),
            litellm("Error occurred in async batch get cache", "litellm/caching/redis_cache.py RedisCache.async_batch_get_cache").seen("1.61.20", "1.110.2"),
            litellm("Error occurred in batch get cache", "litellm/caching/redis_cache.py RedisCache.batch_get_cache").seen("1.61.20", "1.110.2"),
            litellm("Error occurred in pipeline read", "litellm/caching/redis_cache.py RedisCache.async_batch_get_cache").seen("1.60.0", "1.60.0"),
            litellm("Redis connection test failed", "litellm/caching/redis_cache.py RedisCache.test_connection").seen("1.80.0", "1.110.2"),
            litellm("Redis Cluster connection test failed", "litellm/caching/redis_cluster_cache.py").seen("1.80.0", "1.110.2"),
            litellm("Redis TTL Error", "litellm/caching/redis_cache.py RedisCache.async_get_ttl").seen("1.60.0", "1.110.2"),
        ],
        "LiteLLM goes on without the cache.",
        &[cause(When::Always, "The reason stands after the text, and is none that is known here.", "Look at the reason that follows.")],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "cache-ping-failed",
        "/cache/ping: the cache does not work",
        &[
            litellm("Service Unhealthy", "litellm/proxy/caching_routes.py cache_ping").seen("1.60.0", "1.110.2"),
            litellm("Cache health check failed", "litellm/proxy/caching_routes.py cache_ping").seen("1.92.2", "1.110.2"),
            litellm("cache_ping_error", "litellm/proxy/_types.py ProxyErrorTypes").seen("1.61.20", "1.110.2"),
        ],
        "PING or a first SET failed. Newer releases give no reason in the answer: it is in the proxy's log.",
        &[cause(When::Always, "Redis refused or did not answer.", "Look for the reason in the proxy's log, after \"Cache health check failed\" or \"Got exception from REDIS\".")],
        "The proxy's log at the time of the request. What the answer calls `redis_kwargs` is what was configured, not what is used.",
    )
    .envelope(),
    Entry::new(
        "cache-not-initialized",
        "There is no response cache",
        &[litellm("Cache not initialized. litellm.cache is None", "litellm/proxy/caching_routes.py cache_ping").seen("1.60.0", "1.110.2")],
        "The endpoints below /cache know the response cache alone, and there is none; a router's or coordination Redis may work all the same.",
        &[
            cause(When::Found(&["RP204", "RP202", "RP205"]), "The cache's settings have no effect.", "Do as the finding says.").codes(&["RP204", "RP202", "RP205"]),
            cause(When::NoResponseCache, "The configuration has no response cache.", "Add `litellm_settings: {cache: true, cache_params: {type: redis, …}}` if responses are to be cached."),
            cause(When::Not(&When::NoResponseCache), "This configuration has a response cache: the proxy runs with another one, or with settings from its database.", "Check `--config` of the process, and `GET /cache/settings`."),
        ],
        "`redproof explain`: the line `response cache`.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "cache-ping-healthy",
        "/cache/ping: the cache works",
        &[litellm("\"status\":\"healthy\",\"cache_type\"", "litellm/proxy/caching_routes.py CachePingResponse"), litellm("\"set_cache_response\":\"success\"", "litellm/proxy/caching_routes.py CachePingResponse"), litellm("\"set_cache_response\": \"success\"", "litellm/proxy/caching_routes.py CachePingResponse"), litellm("\"status\": \"healthy\", \"cache_type\"", "litellm/proxy/caching_routes.py CachePingResponse")],
        "PING and SET worked, for the response cache alone. The settings in the answer are the configured ones: what REDIS_* variables changed is not in them.",
        &[
            cause(When::Found(&["RP406", "RP301", "RP401"]), "Other clients than the one that was asked may differ.", "Do as the findings say.").codes(&["RP406", "RP301", "RP401"]),
            cause(When::Always, "The response cache's async client works; the router's and the coordination Redis were not asked.", "Prove the others with `redproof probe`."),
        ],
        "`redproof probe` for all clients.",
    )
    .news()
    .outcome("ok"),
    Entry::new(
        "cache-endpoint-not-redis",
        "The endpoint is for Redis caches alone",
        &[
            litellm("does not support redis info", "litellm/proxy/caching_routes.py cache_redis_info").seen("1.74.9", "1.110.2"),
            litellm("does not support deleting a key. only `redis` is supported", "litellm/proxy/caching_routes.py cache_delete").seen("1.60.0", "1.110.2"),
        ],
        "The response cache has a type other than `redis`.",
        &[
            cause(When::Not(&When::ResponseCache(&["RedisCache", "RedisClusterCache"])), "The response cache is not a Redis one.", "Nothing, if that is meant; else `type: redis`.").codes(&["RP205"]),
            cause(When::Always, "The proxy runs with a cache other than this configuration's.", "Check `--config` of the process."),
        ],
        "`litellm_settings.cache_params.type`.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "circuit-breaker-open",
        "LiteLLM has stopped calling Redis for a while",
        &[
            litellm("Redis circuit breaker OPENED", "litellm/caching/redis_cache.py RedisCircuitBreaker.record_failure").seen("1.83.0", "1.110.2"),
            litellm("Redis circuit breaker is open", "litellm/caching/redis_cache.py").seen("1.83.0", "1.110.2"),
            litellm("RedisCircuitBreakerOpenError", "litellm/caching/redis_cache.py").seen("1.101.0", "1.110.2"),
            super::native("the Redis circuit breaker is open, so the command was not sent", "LiteLLM's Rust client"),
        ],
        "Five failures in a row (REDIS_CIRCUIT_BREAKER_FAILURE_THRESHOLD) open the breaker for a minute: limits and cache fall back to each process' memory.",
        &[
            cause(When::ShortTimeout, "Timeouts below half a second count as failures.", "Set `socket_timeout` to 5.").codes(&["RP802"]),
            cause(When::Always, "Redis fails for the reason in the lines before.", "Look at the errors before it; the breaker closes by itself when Redis answers."),
            defect("LD40620"),
        ],
        "The first Redis error before this line.",
    )
    .envelope(),
    Entry::new(
        "circuit-breaker-closed",
        "LiteLLM calls Redis again",
        &[
            litellm("Redis circuit breaker CLOSED", "litellm/caching/redis_cache.py RedisCircuitBreaker.record_success").seen("1.83.0", "1.110.2"),
            litellm("Redis circuit breaker HALF_OPEN", "litellm/rust_bridge/host/redis_events.py").seen("1.110.2", "1.110.2"),
        ],
        "Redis answers again.",
        &[cause(When::Always, "The failure is over.", "Look for what caused it before.")],
        "The errors before it.",
    )
    .news()
    .outcome("ok"),
    Entry::new(
        "coordination-not-reachable",
        "REDIS_* names a Redis that did not answer at start-up",
        &[
            litellm("coordination_redis: REDIS_* environment variables named a Redis that is not reachable", "litellm/proxy/proxy_server.py _init_coordination_redis_env_fallback").seen("1.101.0", "1.110.2"),
            litellm("coordination_redis: could not build a Redis client from REDIS_* environment variables", "litellm/proxy/proxy_server.py _init_coordination_redis_env_fallback").seen("1.101.0", "1.110.2"),
        ],
        "LiteLLM asks that Redis once, at start-up. Until the next restart limits, budgets and locks stay in each process.",
        &[
            cause(When::Found(&["RP110", "RP101"]), "redis-py refuses the REDIS_* variables.", "Do as the finding says.").codes(&["RP110", "RP101"]),
            cause(When::Always, "Redis was not up when LiteLLM started, or refused it; the reason is in the text.", "Let LiteLLM wait for Redis (an init container, `depends_on: {condition: service_healthy}`), or write general_settings.coordination_redis, which must work."),
        ],
        "The reason in the text's brackets.",
    )
    .envelope(),
    Entry::new(
        "coordination-from-environment",
        "The coordination Redis comes from REDIS_* or general_settings",
        &[
            litellm("using a standalone Redis built from REDIS_* environment variables", "litellm/proxy/proxy_server.py").seen("1.101.0", "1.110.2"),
            litellm("built a standalone Redis from REDIS_* environment variables for usage tracking", "litellm/proxy/proxy_server.py _init_cache").seen("1.97.0", "1.110.2"),
            litellm("coordination_redis: using a standalone Redis from general_settings", "litellm/proxy/proxy_server.py").seen("1.97.0", "1.110.2"),
            litellm("coordination_redis: using the standalone Redis saved in the database", "litellm/proxy/proxy_server.py").seen("1.97.0", "1.110.2"),
        ],
        "LiteLLM says where its limits, usage and locks are kept.",
        &[cause(When::Always, "Nothing is wrong.", "Nothing.")],
        "`redproof explain`: the line `coordination`.",
    )
    .news()
    .outcome("ok"),
    Entry::new(
        "limits-fell-back",
        "A rate limit was counted in memory",
        &[
            litellm("Redis Lua script failed for hash tag", "litellm/proxy/hooks/parallel_request_limiter_v3.py").seen("1.77.7", "1.109.1"),
            litellm("Redis Lua execution failed", "litellm/proxy/hooks/parallel_request_limiter_v3.py").seen("1.85.0", "1.110.2"),
            litellm("falling back to in-memory", "litellm/proxy/hooks, litellm/caching/dual_cache.py").seen("1.83.0", "1.110.2"),
            litellm("Error registering Redis script", "litellm/caching/redis_cache.py async_register_script").seen("1.74.9", "1.88.0"),
            litellm("Redis client does not support Lua script registration", "litellm/caching/redis_cache.py").seen("1.92.2", "1.110.2"),
            litellm("Redis async_increment_cache failed", "litellm/caching/dual_cache.py, LiteLLM's Rust client").seen("1.83.0", "1.110.2"),
        ],
        "Redis refused a script or did not answer: until it works each pod counts for itself, and limits allow that many times more.",
        &[
            cause(When::Cluster, "Keys of one script lie in several slots, or a node is down.", "Look at the reason that follows."),
            cause(When::Always, "The user lacks EVALSHA and SCRIPT LOAD or the commands within, or Redis failed.", "Look at the reason that follows; grant `+evalsha +script|load` and the commands that the scripts call.").codes(&["RP651"]),
        ],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "pod-lock",
        "The lock between pods failed",
        &[
            litellm("Error acquiring Redis lock", "litellm/proxy/db/db_transaction_queue/pod_lock_manager.py").seen("1.67.4", "1.110.2"),
            litellm("Error releasing Redis lock", "litellm/proxy/db/db_transaction_queue/pod_lock_manager.py").seen("1.67.4", "1.110.2"),
            litellm("failed to release Redis lock", "litellm/proxy/db/db_transaction_queue/pod_lock_manager.py").seen("1.67.4", "1.110.2"),
            litellm("could not acquire lock for cronjob_id", "litellm/proxy/db/db_transaction_queue/pod_lock_manager.py").seen("1.83.0", "1.110.2"),
            litellm("RedisDistributedLock.acquire failed", "litellm/proxy/_experimental/mcp_server").seen("1.92.2", "1.110.2"),
        ],
        "One pod at a time writes collected spend to the database. A lock that another pod holds is normal; one that nobody gives back ends with its time to live.",
        &[cause(When::Always, "Another pod holds it, Redis failed, or the release has a known fault in giving it back.", "Look at the reason that follows; without one wait for the time to live, and look at the release's known faults.")],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "spend-not-written",
        "Spend could not be kept in Redis",
        &[
            litellm("Spend tracking - failed to push", "litellm/proxy/db/db_transaction_queue/redis_update_buffer.py").seen("1.83.0", "1.110.2"),
            litellm("Spend tracking - failed to commit spend updates from Redis to DB", "litellm/proxy/db/db_spend_update_writer.py").seen("1.83.0", "1.110.2"),
            litellm("These spend updates are lost", "litellm/proxy/db/db_transaction_queue/redis_update_buffer.py").seen("1.101.0", "1.110.2"),
            litellm("Spend tracking - failed to park", "litellm/proxy/db/db_transaction_queue/redis_update_buffer.py").seen("1.105.0", "1.110.2"),
            litellm("Budget enforcement may use stale spend values", "litellm/proxy/proxy_server.py").seen("1.83.0", "1.110.2"),
            litellm("Budget checks may use stale value", "litellm/proxy/proxy_server.py").seen("1.92.2", "1.110.2"),
            litellm("Redis spend log buffer is at its", "litellm/proxy/db/db_transaction_queue/redis_update_buffer.py").seen("1.105.0", "1.110.2"),
        ],
        "The transaction buffer or a spend counter did not reach Redis; budgets may be checked against old values.",
        &[cause(When::Always, "Redis is full, read-only, or lost the connection.", "Look at the reason that follows; a buffer needs a Redis that does not evict it (`volatile-lru`, not `allkeys-lru`).").codes(&["RP854"])],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "budget-unverified",
        "Requests are refused, since spend can't be checked",
        &[litellm("fail_closed_budget_enforcement: rejecting request", "litellm/proxy/proxy_server.py _raise_budget_unverifiable").seen("1.92.2", "1.110.2")],
        "`fail_closed_budget_enforcement` is on, and neither Redis nor the database answers.",
        &[cause(When::Always, "Redis and the database fail.", "Look at the errors before it; drop the setting if requests are to pass.")],
        "The errors before it.",
    )
    .envelope(),
    Entry::new(
        "cooldown-cache",
        "Cooldowns or health states could not be shared",
        &[
            litellm("CooldownCache::", "litellm/router_utils/cooldown_cache.py").seen("1.60.0", "1.109.1"),
            litellm("DeploymentHealthCache::", "litellm/router_utils/health_state_cache.py").seen("1.83.0", "1.110.2"),
            litellm("Failed to write health state to router cache", "litellm/proxy/proxy_server.py").seen("1.83.0", "1.110.2"),
            litellm("Affinity cache: Redis", "litellm/caching/affinity_cache.py").seen("1.105.0", "1.110.2"),
        ],
        "The router's Redis failed: each pod cools deployments down for itself.",
        &[
            cause(When::Found(&["RP301", "RP203", "RP201"]), "The router's client is not as the cache's.", "Do as the finding says.").codes(&["RP301", "RP203", "RP201"]),
            cause(When::Always, "The router's Redis refused or did not answer.", "Look at the reason that follows."),
        ],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "client-list-refused",
        "CLIENT LIST is not allowed",
        &[litellm("CLIENT LIST command failed (likely restricted on managed Redis)", "litellm/proxy/caching_routes.py _get_redis_client_info").seen("1.74.9", "1.110.2")],
        "Only `/cache/redis/info` asks for it; nothing else needs it.",
        &[cause(When::Always, "The service or the ACL forbids CLIENT LIST.", "Nothing, or grant `+client|list`.")],
        "The ACL of the user.",
    )
    .news()
    .outcome("no_permission"),
    Entry::new(
        "deprecated-redis-db",
        "`redis_db` of the router is deprecated",
        &[litellm("Deprecated 'redis_db' argument used", "litellm/router.py Router.__init__").seen("1.83.0", "1.109.1")],
        "`router_settings.redis_db` is to be `cache_kwargs: {db: …}`.",
        &[
            cause(When::Found(&["RP901"]), "The configuration has it.", "Do as RP901 says.").codes(&["RP901"]),
            cause(When::Always, "`router_settings.redis_db` is set, maybe by the admin UI.", "Write `cache_kwargs: {db: N}`."),
        ],
        "`router_settings`.",
    )
    .news()
    .outcome("ok"),
    Entry::new(
        "cluster-isolation",
        "LiteLLM's cluster fix was not tried with this redis-py",
        &[litellm("is not in the set this cluster-teardown-storm fix was verified against", "litellm/caching/redis_cluster_node_isolation.py").seen("1.101.0", "1.110.2")],
        "LiteLLM replaces a part of redis-py's cluster client, and was tried with some releases of it.",
        &[cause(When::Always, "Another redis-py runs than LiteLLM's image ships.", "Use one of the releases that the text lists.")],
        "The releases in the text.",
    )
    .news()
    .outcome("ok"),
    Entry::new(
        "auth-cache-in-memory",
        "Virtual keys are looked up per process",
        &[
            litellm("enable_redis_auth_cache is not set", "litellm/proxy/proxy_server.py _init_cache").seen("1.85.0", "1.110.2"),
            litellm("enable_redis_auth_cache=True: attached Redis", "litellm/proxy/proxy_server.py _init_cache").seen("1.85.0", "1.110.2"),
            litellm("Error stopping auth cache invalidation subscriber", "litellm/proxy/proxy_server.py").seen("1.97.0", "1.110.2"),
        ],
        "LiteLLM says whether keys that it looked up are shared through Redis.",
        &[cause(When::Always, "Nothing is wrong.", "Set `litellm_settings.enable_redis_auth_cache: true` to share them.")],
        "`litellm_settings`.",
    )
    .news()
    .outcome("ok"),
];
