//! What LiteLLM says of the state that its replicas share: changes that they tell each other, spend,
//! locks, limits and health checks. Mostly envelopes around another text.

use super::{cause, defect, litellm, python};
use crate::{Entry, When};

const LOOK_INSIDE: &str = "The text after it, or the traceback below it.";

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "changes-are-not-told",
        "Replicas can't tell each other of changes",
        &[
            litellm("auth cache invalidation subscriber redis error", "litellm/proxy/common_utils/auth_cache_invalidation_pubsub.py").seen("1.97.0", "1.110.2"),
            litellm("auth cache invalidation publish for {} failed", "litellm/proxy/common_utils/auth_cache_invalidation_pubsub.py").seen("1.97.0", "1.110.2"),
            litellm("config sync subscriber redis error", "litellm/proxy/common_utils/config_sync_pubsub.py").seen("1.97.0", "1.110.2"),
            litellm("config sync publish for {} failed", "litellm/proxy/common_utils/config_sync_pubsub.py").seen("1.97.0", "1.110.2"),
            litellm("config sync resync callback failed", "litellm/proxy/common_utils/config_sync_pubsub.py").seen("1.97.0", "1.110.2"),
            litellm("config sync targeted apply of {} failed", "litellm/proxy/common_utils/config_sync_pubsub.py").seen("1.109.1", "1.110.2"),
        ],
        "A key, team or setting that changes on one replica reaches the others when their copies are out of date. Requests go on.",
        &[
            cause(When::Username, "The user may not use the channels.", "Grant them: `ACL SETUSER name &litellm_proxy.* +publish +subscribe`; with `namespace: ns`, `&ns:*`.").codes(&["RP653"]),
            cause(When::Always, "The coordination Redis did not answer, or closed the idle connection.", "Look at the reason that follows. Where a balancer closes idle connections, set `health_check_interval`."),
        ],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "changes-are-dropped",
        "Too many changes wait for Redis",
        &[litellm("publishes already waiting on redis", "litellm/proxy/common_utils/auth_cache_invalidation_pubsub.py").seen("1.105.0", "1.110.2")],
        "More than a thousand changes of keys wait to be published: Redis answers too slowly. Other replicas keep their copies until these are out of date.",
        &[cause(When::Always, "Redis is slow or not there while many keys change.", "Find what slows Redis down (`SLOWLOG GET`), and change keys in smaller lots.")],
        "`redproof probe --samples 1000`.",
    ),
    Entry::new(
        "stale-copy",
        "A changed key or team stays in a cache",
        &[
            litellm("a stale {} may be served until its TTL expires", "litellm/proxy/auth/auth_checks.py").seen("1.97.0", "1.110.2"),
            litellm("stale objects may be served until their TTL expires", "litellm/proxy/common_utils/auth_cache_invalidation_pubsub.py").seen("1.109.1", "1.110.2"),
            litellm("a deleted team may be served until its TTL expires", "litellm/proxy/auth/auth_checks.py").seen("1.101.0", "1.110.2"),
        ],
        "What was changed in the database could not be taken out of the cache: the old state holds until the copy is out of date.",
        &[cause(When::Always, "Redis refused the deletion, or did not answer.", "Look at the reason that follows. A refused DEL wants `ACL SETUSER name +del`.")],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "model-is-not-allowed",
        "A key or team may not use the model",
        &[
            litellm("not allowed to access model. This {} can only access models=", "litellm/proxy/auth/auth_checks.py").seen("1.60.0", "1.110.2"),
            litellm("Team not allowed to access model. Team=", "litellm/proxy/auth/auth_checks.py").seen("1.60.0", "1.83.0"),
        ],
        "LiteLLM compares with its copy of the key or team: in this process, and in Redis with `enable_redis_auth_cache`. Another replica may have changed it since.",
        &[
            defect("LD33565"),
            defect("LD25553"),
            defect("LD22241"),
            cause(When::Always, "The key or team does not have the model, or it was added less than a minute ago on another replica.", "Compare `GET /team/info` or `/key/info` with the list in the text. Where that is older, wait for `user_api_key_cache_ttl` (60 s), or delete the copy: `redis-cli DEL team_id:ID`."),
        ],
        "The list of models in the text beside `/team/info`.",
    ),
    Entry::new(
        "spend-counter-kept",
        "A spend counter could not be set back",
        &[
            litellm("Failed to set spend counter", "litellm/proxy/auth/auth_checks.py").seen("1.101.0", "1.110.2"),
            litellm("Failed to delete stale spend counter", "litellm/proxy/auth/auth_checks.py").seen("1.101.0", "1.110.2"),
            litellm("Error flushing spend counters on shutdown", "litellm/proxy/proxy_server.py").seen("1.105.0", "1.110.2"),
        ],
        "The database has the new spend, and Redis may hold the old: a budget may be taken for used up, or the last seconds' spend is missing.",
        &[cause(When::Always, "Redis refused the write, or did not answer.", "Look at the reason that follows; then delete the counter (`spend:…`), which the next read makes anew.")],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "spend-is-not-parked",
        "Spend on its way to the database could not be kept in Redis",
        &[
            litellm("could not park spend logs in Redis", "litellm/proxy/utils.py").seen("1.105.0", "1.110.2"),
            litellm("could not read parked spend logs from Redis", "litellm/proxy/utils.py").seen("1.105.0", "1.110.2"),
            litellm("reading a parked {} spend as 0", "litellm/proxy/db/db_transaction_queue/redis_update_buffer.py").seen("1.109.1", "1.110.2"),
            litellm("Tool discovery - failed to push", "litellm/proxy/db/db_transaction_queue/redis_update_buffer.py").seen("1.109.1", "1.110.2"),
        ],
        "`use_redis_transaction_buffer` keeps spend in Redis until one replica writes it to the database. What could not be kept stays in this process, and ends with it.",
        &[cause(When::Always, "Redis refused RPUSH or LPOP, or did not answer.", "Look at the reason that follows. LPOP with a count needs Redis 6.2; `ACL SETUSER name +rpush +lpop` grants both.")],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "lock-script-failed",
        "The lock among replicas is given back without its script",
        &[litellm("Lua compare-and-delete failed for lock_key", "litellm/proxy/db/db_transaction_queue/pod_lock_manager.py").seen("1.85.0", "1.110.2")],
        "LiteLLM falls back to GET and DEL, which is fine unless the lock's time ends between the two.",
        &[
            cause(When::Cluster, "The script runs on a node that does not have it.", "Nothing, where it is rare; else see whether slots are on the move (`redis-cli --cluster check`)."),
            cause(When::Always, "The user may not run EVALSHA or SCRIPT LOAD, or a proxy in between does not know them.", "Grant `+evalsha +script|load`, or connect to Redis itself."),
        ],
        "`redproof probe`, which tries both.",
    ),
    Entry::new(
        "health-check-is-not-shared",
        "Replicas do not share health checks",
        &[
            litellm("Error acquiring health check lock", "litellm/proxy/health_check_utils/shared_health_check_manager.py").seen("1.80.0", "1.110.2"),
            litellm("Error releasing health check lock", "litellm/proxy/health_check_utils/shared_health_check_manager.py").seen("1.80.0", "1.110.2"),
            litellm("Error checking health check lock status", "litellm/proxy/health_check_utils/shared_health_check_manager.py").seen("1.80.0", "1.110.2"),
            litellm("Error getting cached health check results", "litellm/proxy/health_check_utils/shared_health_check_manager.py").seen("1.80.0", "1.110.2"),
            litellm("Error caching health check results", "litellm/proxy/health_check_utils/shared_health_check_manager.py").seen("1.80.0", "1.110.2"),
            litellm("falling back to local health check", "litellm/proxy/health_check_utils/shared_health_check_manager.py").seen("1.80.0", "1.110.2"),
        ],
        "With `use_shared_health_check` one replica checks the models for all. Without Redis each checks for itself: more requests to the models, no other harm.",
        &[cause(When::Always, "The coordination Redis refused or did not answer.", "Look at the reason that follows.")],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "limits-are-not-counted",
        "Rate limits were not counted",
        &[
            litellm("Error in rate limit success event", "litellm/proxy/hooks/parallel_request_limiter_v3.py").seen("1.74.9", "1.110.2"),
            litellm("Error in rate limit failure event", "litellm/proxy/hooks/parallel_request_limiter_v3.py").seen("1.74.9", "1.110.2"),
            litellm("Error in rate limit post-call hook", "litellm/proxy/hooks/parallel_request_limiter_v3.py").seen("1.74.9", "1.110.2"),
            litellm("Error releasing parallel request slot", "litellm/proxy/hooks/parallel_request_limiter_v3.py").seen("1.105.0", "1.110.2"),
            litellm("Error releasing TPM reservation", "litellm/proxy/hooks/parallel_request_limiter_v3.py").seen("1.85.0", "1.110.2"),
            litellm("TTL preservation failed, falling back to regular pipeline", "litellm/proxy/hooks/parallel_request_limiter_v3.py").seen("1.77.7", "1.110.2"),
            litellm("Inside Parallel Request Limiter: An exception occurred", "litellm/proxy/hooks/parallel_request_limiter.py").seen("1.60.0", "1.110.2"),
        ],
        "What a request used was not written to the counters: a limit lets more through than it says, or keeps a slot until its time is over.",
        &[cause(When::Always, "Redis refused the script or its commands, or did not answer.", "Look at the reason that follows; `redproof probe` tries each command.")],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "router-usage-is-not-counted",
        "The router's usage was not counted",
        &[
            litellm("Error syncing in-memory cache with Redis", "litellm/router_strategy/base_routing_strategy.py").seen("1.60.0", "1.110.2"),
            litellm("Error in periodic sync task", "litellm/router_strategy/base_routing_strategy.py").seen("1.60.0", "1.110.2"),
            litellm("lowest_tpm_rpm_v2.py::async_log_success_event(): Exception occured", "litellm/router_strategy/lowest_tpm_rpm_v2.py").seen("1.60.0", "1.110.2"),
            litellm("lowest_tpm_rpm.py::async_log_success_event(): Exception occured", "litellm/router_strategy/lowest_tpm_rpm.py").seen("1.60.0", "1.110.2"),
            litellm("lowest_latency.py::async_log_success_event(): Exception occured", "litellm/router_strategy/lowest_latency.py").seen("1.60.0", "1.110.2"),
            litellm("lowest_cost.py::log_success_event(): Exception occured", "litellm/router_strategy/lowest_cost.py").seen("1.60.0", "1.110.2"),
        ],
        "The router picks deployments by what Redis knows of their use, and this use did not get there. Requests go on.",
        &[
            cause(When::Not(&When::Cluster), "The client for one server goes to a node of a cluster (MOVED).", "Give `redis_startup_nodes` to the cache that the router shares."),
            cause(When::Always, "The router's Redis refused or did not answer.", "Look at the reason that follows."),
        ],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "cache-settings-endpoint",
        "The admin UI's cache settings failed",
        &[
            litellm("Error fetching cache settings", "litellm/proxy/management_endpoints/cache_settings_endpoints.py").seen("1.80.0", "1.110.2"),
            litellm("Error testing cache connection", "litellm/proxy/management_endpoints/cache_settings_endpoints.py").seen("1.80.0", "1.110.2"),
            litellm("Error updating cache settings", "litellm/proxy/management_endpoints/cache_settings_endpoints.py").seen("1.80.0", "1.110.2"),
            litellm("CacheSettingsManager::init_cache_settings_in_db", "litellm/proxy/management_endpoints/cache_settings_endpoints.py").seen("1.80.0", "1.110.2"),
        ],
        "The settings that are stored in the database take the place of the config's once they are read.",
        &[cause(When::Always, "The stored settings do not fit this Redis or this release, or the database did not answer.", "Look at the reason that follows; `GET /cache/settings` shows what is stored.")],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "coordination-from-database",
        "The stored coordination Redis could not be read",
        &[litellm("Could not read coordination_redis from the database", "litellm/proxy/proxy_server.py").seen("1.97.0", "1.110.2")],
        "LiteLLM goes on with the config's coordination Redis.",
        &[cause(When::Always, "The database did not answer while the proxy started.", "Look at the reason that follows. Where none is stored, nothing is missing.")],
        LOOK_INSIDE,
    )
    .envelope(),
    Entry::new(
        "budget-without-database",
        "The proxy-wide budget is not enforced",
        &[litellm("is configured but no database is connected, so the budget will NOT be enforced", "litellm/proxy/proxy_server.py").seen("1.97.0", "1.110.2")],
        "Redis counts spend for a database: without one, `max_budget` blocks nothing, whatever Redis there is.",
        &[cause(When::Always, "No database is configured.", "Set DATABASE_URL, or `general_settings.database_url`; or take `max_budget` out.")],
        "`general_settings.database_url`.",
    ),
    Entry::new(
        "odd-batch-reply",
        "What answers does not keep to Redis's replies",
        &[
            litellm("MGET reply is not a list", "litellm/caching/redis_batch.py").seen("1.105.0", "1.110.2"),
            litellm("batch get did not return every key", "litellm/caching/redis_batch.py").seen("1.105.0", "1.110.2"),
            litellm("INCRBYFLOAT reply is not numeric", "litellm/caching/redis_batch.py").seen("1.105.0", "1.110.2"),
            litellm("increment did not return a number", "litellm/caching/redis_batch.py").seen("1.105.0", "1.110.2"),
        ],
        "LiteLLM sends several commands together and takes the replies in order; these were not what Redis answers.",
        &[cause(When::Always, "A proxy or another server in Redis's place mixes replies up, or does not know the commands in a pipeline.", "Connect to Redis or Valkey itself, or to a proxy that passes pipelines on.")],
        "What listens at the address: `redis-cli INFO server`.",
    ),
    Entry::new(
        "cluster-isolation-unverified",
        "This redis-py was not tried with LiteLLM's cluster client",
        &[litellm("is not in the set this cluster-teardown-storm fix was verified against", "litellm/caching/redis_cluster_node_isolation.py").seen("1.101.0", "1.110.2")],
        "LiteLLM replaces a part of redis-py's cluster client so that one node's failure does not close all connections. On this redis-py release it may do nothing.",
        &[cause(When::Always, "redis-py was upgraded beyond what this LiteLLM release pins.", "Use the redis-py release that LiteLLM requires: install `litellm[proxy]` without an own pin.")],
        "`pip show redis`.",
    )
    .news(),
    Entry::new(
        "botocore-is-missing",
        "IAM for ElastiCache needs botocore",
        &[litellm("botocore is required for ElastiCache IAM Redis authentication", "litellm/_redis_credential_provider.py").seen("1.105.0", "1.110.2")],
        "The token for ElastiCache is signed with botocore, which is not installed.",
        &[cause(When::Always, "The image or environment lacks boto3.", "Install boto3 (`pip install boto3`), or use LiteLLM's official image.")],
        "`pip show botocore` where LiteLLM runs.",
    ),
    Entry::new(
        "answer-lost-at-shutdown",
        "An answer was not cached because the process ended",
        &[litellm("pending cache write failed during event loop shutdown", "litellm/caching/caching_handler.py").seen("1.101.0", "1.110.2")],
        "The request was answered; its answer was to be written to the cache while the process ended.",
        &[cause(When::Always, "A worker stopped with requests under way.", "Nothing, at a roll-out. Else give the process time to end (`terminationGracePeriodSeconds`).")],
        "Nothing.",
    )
    .news(),
    Entry::new(
        "value-is-in-the-log",
        "The log holds what was to be written",
        &[python("Writing value={'", "repr of a dict, by litellm/caching/redis_cache.py RedisCache.async_set_cache")],
        "With the write that failed LiteLLM logs its value: the model's answer, what is known of keys and users, or the proxy's settings with the master key. `turn_off_message_logging` does not reach these lines.",
        &[
            defect("LD11157"),
            cause(When::Always, "This release logs the value of each write that fails.", "Treat the log as you treat answers and keys; change a master key that stands in it."),
        ],
        "The line after `Writing value=`, and who reads the log.",
    )
    .news(),
    Entry::new(
        "process-ends-before-the-write",
        "The process ended before Redis was written",
        &[
            python("cannot schedule new futures after interpreter shutdown", "concurrent/futures/thread.py"),
            python("cannot schedule new futures after shutdown", "concurrent/futures/thread.py"),
        ],
        "LiteLLM writes an answer to the cache beside the request. The program had its answer and ended while the write was on its way: this answer is not cached.",
        &[cause(When::Always, "A script, test or notebook ends right after the last answer; or a worker stops with requests under way.", "In a script keep the event loop open until the writes are done (one `asyncio.run` around all, `await asyncio.sleep(1)` at its end). In the proxy nothing, at a roll-out.")],
        "What the process did at that second: its last statement, a signal to stop.",
    ),
    Entry::new(
        "transport-is-closed",
        "A connection of another event loop, or a closed one, was used",
        &[
            python("unable to perform operation on <TCPTransport closed=True", "uvloop"),
            python("unable to perform operation on <SSLTransport closed=True", "uvloop"),
            python("the handler is closed", "uvloop: UVHandle._ensure_alive"),
            python("called while another coroutine is already waiting for incoming data", "asyncio/streams.py StreamReader"),
        ],
        "An asyncio connection belongs to the event loop that made it. It was used after that loop or the connection was closed, or by two at once.",
        &[
            cause(When::Always, "LiteLLM's library is called from several event loops or threads (`asyncio.run` for each request), and its Redis clients are shared among them.", "Use one event loop for the process; or a newer LiteLLM release, which keeps a client for each loop."),
            cause(When::Always, "Redis or a balancer closed the idle connection.", "Set `health_check_interval: 30`."),
        ],
        "Which loop calls: the traceback below it.",
    ),
    Entry::new(
        "awaited-nothing",
        "Something that is not a coroutine was awaited",
        &[
            python("object NoneType can't be used in 'await' expression", "Python"),
            python("object list can't be used in 'await' expression", "Python"),
        ],
        "LiteLLM awaits a function that is not asynchronous: its own work is done, its answer can't be awaited. The last line of LiteLLM's in the traceback names it.",
        &[
            cause(When::Always, "A callback, hook or custom authentication of your own is declared with `def`, where LiteLLM awaits it.", "Declare it with `async def`."),
            cause(When::Always, "The library behind a semantic cache (redisvl) is another release than LiteLLM asks for, whose method is not asynchronous.", "Install the release that LiteLLM names: `litellm[extra_proxy]`."),
        ],
        "The last two lines of the traceback before it.",
    ),
];
