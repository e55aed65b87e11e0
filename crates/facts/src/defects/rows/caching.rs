//! The response cache, what is kept in front of Redis, and the circuit breaker.

use crate::defects::Reach::{Any, Asked};
use crate::defects::Reference::{Issue, Pull};
use crate::defects::When::{
    All, AnyCluster, AnyOf, AnyRedis, Caches, Coordination, CoordinationHasUser, Given, Names,
    Namespace, NamespaceStarts, Not, On, Router, StoresModelsInDatabase, VariableOff,
};
use crate::defects::{Affected, Defect, SEVERAL};
use crate::version::v;

/// Which calls are cached.
const CALL_TYPES: &str = "litellm_settings.cache_params.supported_call_types";

pub(super) static ROWS: &[Defect] = &[
    Defect {
        id: "LD34871",
        name: "pool-is-built-anew-every-ten-minutes",
        affected: &[Affected::since(v(1, 68, 0, 0))],
        when: All(&[AnyRedis, Not(&AnyCluster)]),
        depends: Some("the server takes few clients"),
        reach: Any,
        happens: "Each process drops its async client after ten minutes and builds another one with a \
            pool of its own, while the old pool's connections stay open until they are collected: the \
            server sees up to twice as many clients, \"max number of clients reached\".",
        cure: "No release is known to fix it. Keep `max_connections` × clients × processes below half of \
            the server's `maxclients`.",
        references: &[Pull(34871)],
        source: "RedisCache.init_async_client, caching/redis_cache.py: get_redis_connection_pool for \
            each entry of in_memory_llm_clients_cache, which lives 600 s \
            (caching/in_memory_cache.py); 1.67.6 keeps self.redis_async_client. Still so in 1.110.2.",
    },
    Defect {
        id: "LD40956",
        name: "a-cancelled-request-leaves-a-counter-for-ever",
        affected: &[Affected::since(v(1, 60, 0, 0))],
        when: AnyRedis,
        depends: Some("clients hang up while Redis is slow"),
        reach: Any,
        happens: "A counter is raised first and given its end of life in a second step: a request that is \
            cancelled in between leaves it in Redis for ever, and `TTL` answers -1.",
        cure: "No release is known to fix it. Delete old counters whose `TTL` is -1.",
        references: &[Pull(40956)],
        source: "RedisCache.async_increment, caching/redis_cache.py: incrbyfloat, ttl, expire as awaits of their \
            own; since 1.102.0 _incrbyfloat_with_ttl: incrbyfloat and ttl in a pipeline, then expire. Still so \
            in 1.110.2.",
    },
    Defect {
        id: "LD38992",
        name: "pools-are-swapped-between-event-loops",
        affected: &[Affected::since(v(1, 68, 0, 0))],
        when: All(&[AnyRedis, Not(&AnyCluster)]),
        depends: Some("LiteLLM is called from several event loops or threads"),
        reach: Any,
        happens: "Two event loops that build their Redis client at the same time can get each other's \
            pool: \"got Future attached to a different loop\", and what was to be counted is not.",
        cure: "No release is known to fix it. Call LiteLLM from one event loop in a process.",
        references: &[Pull(38992)],
        source: "RedisCache.init_async_client, caching/redis_cache.py: self.async_redis_conn_pool is \
            written and then read; 1.67.6 builds one pool. Still so in 1.110.2.",
    },
    Defect {
        id: "LD34636",
        name: "connection-test-takes-no-url",
        affected: &[Affected::between(v(1, 79, 1, 0), v(1, 100, 0, 0))],
        when: AnyOf(&[StoresModelsInDatabase, Given("litellm_settings.cache_params.url")]),
        depends: Some("\"Test Connection\" of the admin UI is given a url"),
        reach: Any,
        happens: "The admin UI's connection test fails for a url: \"Redis.__init__() got an unexpected \
            keyword argument 'url'\". The proxy itself connects by it.",
        cure: "Use LiteLLM 1.100.0 or newer, or ask `GET /cache/ping`.",
        references: &[Issue(34636)],
        source: "RedisCache.test_connection, caching/redis_cache.py: \
            redis.asyncio.Redis(**self.redis_kwargs); 1.79.0 has no test_connection, 1.100.0 calls \
            get_redis_async_client.",
    },
    Defect {
        id: "LD32068",
        name: "cached-streams-lose-their-reasoning",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 109, 0, 0))],
        when: Caches("acompletion"),
        depends: Some("clients stream answers of models that reason"),
        reach: Any,
        happens: "A streamed answer from the cache has no `reasoning_content` and no `thinking_blocks`, \
            though Redis holds them.",
        cure: "Use LiteLLM 1.109.0 or newer.",
        references: &[Issue(32068)],
        source: "convert_to_streaming_response_async, \
            litellm_core_utils/llm_response_utils/convert_dict_to_response.py: Delta(content, role, \
            function_call, tool_calls); 1.109.0 _REPLAY_REASONING_FIELDS.",
    },
    Defect {
        id: "LD17472",
        name: "lock-under-a-namespace-is-never-released",
        affected: &[Affected::between(v(1, 65, 3, 0), v(1, 91, 0, 0))],
        when: All(&[
            Namespace,
            Coordination,
            AnyOf(&[
                On("general_settings.use_redis_transaction_buffer"),
                Given("general_settings.maximum_spend_logs_retention_period"),
            ]),
        ]),
        depends: None,
        reach: Asked,
        happens: "The lock that elects one replica for a job (`cronjob_lock:…`) is set under the \
            `namespace` and deleted without it: it is never released, and stays until its time to \
            live is over. Each replica that comes in between skips its turn, and spend reaches the \
            database late.",
        cure: "Use LiteLLM 1.91.0 or newer, or leave `namespace` out.",
        references: &[Pull(17472), Pull(31288)],
        source: "PodLockManager.release_lock, proxy/db/db_transaction_queue/pod_lock_manager.py: \
            async_delete_cache, from 1.83.9 on a script, with the bare key; acquire_lock uses \
            async_set_cache, which puts the namespace before it. 1.91.0 does so in both.",
    },
    Defect {
        id: "LD11157",
        name: "failed-writes-log-what-they-hold",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 103, 0, 0))],
        when: All(&[On("litellm_settings.turn_off_message_logging"), AnyRedis]),
        depends: Some("a write to Redis fails"),
        reach: Asked,
        happens: "A write to Redis that fails is logged with what it holds, as \"Writing value=…\": \
            the model's answer, or settings with the master key in them. \
            `turn_off_message_logging` does not reach these lines.",
        cure: "Use LiteLLM 1.103.0 or newer; before, treat the proxy's log as you treat its answers.",
        references: &[Issue(11157), Pull(37892), Pull(39225), Pull(36484)],
        source: "RedisCache.async_set_cache, async_increment, caching/redis_cache.py: \
            verbose_logger.error(\"… Writing value=%s\"); 1.103.0 logs by log_redis_failure, which \
            has no value.",
    },
    Defect {
        id: "LD31288",
        name: "namespace-misses-lua-lists-and-deletes",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 91, 0, 0))],
        when: Namespace,
        depends: None,
        reach: Asked,
        happens: "`namespace` is put before the keys of get, set and increment only. The rate \
            limiter's Lua scripts, DEL, SCAN, the spend buffer's lists and TTL go without: an \
            ACL on `namespace:*` refuses them (NOPERM), two deployments on one Redis share their \
            limits, and nothing is ever evicted.",
        cure: "Use LiteLLM 1.91.0 or newer.",
        references: &[Pull(31288), Pull(29981)],
        source: "RedisCache.async_delete_cache, async_rpush, async_lpop, async_register_script, \
            caching/redis_cache.py: no check_and_fix_namespace; 1.91.0 has it.",
    },
    Defect {
        id: "LD38403",
        name: "namespace-that-starts-a-key-is-left-out",
        affected: &[Affected::between(v(1, 91, 0, 0), v(1, 100, 0, 0))],
        when: All(&[
            On("general_settings.use_redis_transaction_buffer"),
            Coordination,
            NamespaceStarts("litellm_spend_update_buffer"),
        ]),
        depends: None,
        reach: Asked,
        happens: "A key that merely starts with the namespace's letters is taken for one that has it. \
            With `namespace: litellm` the spend buffer stays `litellm_spend_update_buffer`, \
            without `litellm:`, and an ACL on `litellm:*` refuses it: \"No permissions to access \
            a key\", \"Restoring N transaction sets to in-memory queues\".",
        cure: "Use LiteLLM 1.100.0 or newer, or another namespace.",
        references: &[Pull(38403)],
        source: "RedisCache.check_and_fix_namespace, caching/redis_cache.py: \
            key.startswith(self.namespace); 1.100.0 startswith(namespace + ':').",
    },
    Defect {
        id: "LD38308",
        name: "key-update-fails-where-del-is-refused",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 98, 0, 0))],
        when: All(&[Namespace, CoordinationHasUser]),
        depends: Some("Redis refuses DEL to this user"),
        reach: Asked,
        happens: "A Redis user that may not DEL a key makes `/key/update`, `/key/block` and \
            `/key/regenerate` fail after the database has taken the change: 400 \"Authentication \
            Error, No permissions to access a key\".",
        cure: "Use LiteLLM 1.98.0 or newer, or allow DEL on the keys.",
        references: &[Pull(38308)],
        source: "_delete_cache_key_object, proxy/auth/auth_checks.py: async_delete_cache not caught; \
            1.98.0 best-effort with a warning.",
    },
    Defect {
        id: "LD34299",
        name: "circuit-breaker-never-opens",
        affected: &[Affected::between(v(1, 82, 6, 0), v(1, 96, 0, 0))],
        when: AnyRedis,
        depends: Some("Redis fails"),
        reach: Any,
        happens: "Redis calls that fail are logged and counted as successes, so the circuit breaker \
            never opens: while Redis is down each request waits for its timeout and logs an \
            error.",
        cure: "Use LiteLLM 1.96.0 or newer.",
        references: &[Issue(34299), Pull(35273)],
        source: "_redis_circuit_breaker_guard and RedisCache.async_set_cache, caching/redis_cache.py: \
            the exception is swallowed, then record_success(); 1.96.0 \
            _record_swallowed_redis_failure.",
    },
    Defect {
        id: "LD40620",
        name: "open-breaker-logs-a-traceback-per-request",
        affected: &[Affected::between(v(1, 82, 6, 0), v(1, 101, 0, 0))],
        when: All(&[AnyRedis, Not(&VariableOff("REDIS_CIRCUIT_BREAKER_ENABLED"))]),
        depends: Some("Redis fails"),
        reach: Any,
        happens: "While the circuit breaker is open each refused call logs an error with its \
            traceback: a short hiccup of Redis costs a core per replica for a minute.",
        cure: "Use LiteLLM 1.101.0 or newer, or set REDIS_CIRCUIT_BREAKER_ENABLED=false (1.90.0 or \
            newer).",
        references: &[Pull(40620)],
        source: "_redis_circuit_breaker_guard, caching/redis_cache.py: raise Exception('Redis circuit \
            breaker is open'); 1.101.0 RedisCircuitBreakerOpenError, logged at DEBUG by \
            log_redis_failure.",
    },
    Defect {
        id: "LD39319",
        name: "sync-reads-use-the-wrong-event-loop",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 101, 0, 0))],
        when: Router,
        depends: Some("the router is called synchronously"),
        reach: Any,
        happens: "A synchronous read of several keys runs the async client on a new event loop: \"got \
            Future attached to a different loop\", and a connection can go back to the pool with \
            another command's reply in it.",
        cure: "Use LiteLLM 1.101.0 or newer.",
        references: &[Issue(39319), Pull(39358)],
        source: "DualCache.batch_get_cache, caching/dual_cache.py: asyncio.new_event_loop(); 1.101.0 \
            self.redis_cache.batch_get_cache.",
    },
    Defect {
        id: "LD22241",
        name: "configured-memory-ttl-is-not-used",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 82, 2, 0))],
        when: AnyOf(&[
            Given("general_settings.user_api_key_cache_ttl"),
            Given("litellm_settings.cache_params.default_in_memory_ttl"),
        ]),
        depends: None,
        reach: Asked,
        happens: "Keys, teams and end users that are cached asynchronously stay in each replica's \
            memory for 600 seconds, whatever TTL is configured: a changed budget or a blocked \
            key takes ten minutes to count.",
        cure: "Use LiteLLM 1.82.2 or newer.",
        references: &[Pull(22241)],
        source: "DualCache.async_set_cache, caching/dual_cache.py: no default_in_memory_ttl; 1.82.2 \
            has it as set_cache does.",
    },
    Defect {
        id: "LD33565",
        name: "key-updates-do-not-reach-other-replicas",
        affected: &[Affected::between(v(1, 84, 0, 0), v(1, 93, 1, 0))],
        when: All(&[On("litellm_settings.enable_redis_auth_cache"), Coordination]),
        depends: Some(SEVERAL),
        reach: Asked,
        happens: "A replica that serves a key from its cache writes it back to Redis, over the updated \
            one, and what is read from Redis stays 600 seconds in memory: a changed limit, \
            budget or a blocked key does not reach the other replicas for ten minutes, or ever \
            under traffic.",
        cure: "Use LiteLLM 1.93.1 or newer, or remove `enable_redis_auth_cache`.",
        references: &[Pull(33565)],
        source: "_user_api_key_auth_builder (proxy/auth/user_api_key_auth.py) calls _cache_key_object \
            for a cached token, DualCache.async_get_cache (caching/dual_cache.py) backfills \
            without TTL; 1.93.1 neither.",
    },
    Defect {
        id: "LD25553",
        name: "a-request-under-way-brings-the-old-key-back",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 93, 1, 0))],
        when: AnyRedis,
        depends: Some("keys are changed while they are in use"),
        reach: Any,
        happens: "A request that ends after `/key/update` writes its old copy of the key back into the cache, for \
            another minute: under steady traffic a changed budget, model list or limit never takes effect, on \
            any replica that did not make the change.",
        cure: "Use LiteLLM 1.93.1 or newer, or make a new key.",
        references: &[Issue(25553)],
        source: "update_cache, proxy/proxy_server.py: reads the whole key, adds the spend, puts it into \
            values_to_update_in_cache; 1.93.1 does not.",
    },
    Defect {
        id: "LD34217",
        name: "keys-of-a-deleted-team-still-work",
        affected: &[Affected::between(v(1, 84, 0, 0), v(1, 98, 0, 0))],
        when: All(&[On("litellm_settings.enable_redis_auth_cache"), Coordination]),
        depends: Some("teams are deleted"),
        reach: Asked,
        happens: "`/team/delete` takes a team's keys out of the database and leaves them in the auth cache, \
            which all replicas share in Redis: they go on working until their entry ends, and under traffic it \
            is renewed.",
        cure: "Use LiteLLM 1.98.0 or newer; before it, delete the keys with `/key/delete` first.",
        references: &[Issue(34217)],
        source: "delete_team, proxy/management_endpoints/team_endpoints.py: no eviction; 1.98.0 \
            _invalidate_deleted_key_cache.",
    },
    Defect {
        id: "LD38646",
        name: "stored-cache-settings-replace-the-config",
        affected: &[Affected::since(v(1, 79, 1, 0))],
        when: All(&[StoresModelsInDatabase, Given("litellm_settings.cache_params")]),
        depends: Some("cache settings were saved in the admin UI"),
        reach: Asked,
        happens: "Cache settings that were once saved in the admin UI replace `cache_params` as a \
            whole at start-up and every few seconds; what the file says (TLS, namespace, host) \
            is silently gone.",
        cure: "No release is known to fix it. Clear the settings in the UI's Caching page (row `cache_config`), or \
            leave `store_model_in_db` out.",
        references: &[Pull(38646)],
        source: "CacheSettingsManager.init_cache_settings_in_db, \
            proxy/management_endpoints/cache_settings_endpoints.py: \
            proxy_config._init_cache(cache_params=row); still so in 1.110.2.",
    },
    Defect {
        id: "LD38988",
        name: "stored-coordination-settings-miss-the-router",
        affected: &[Affected::since(v(1, 93, 0, 0))],
        when: All(&[
            StoresModelsInDatabase,
            AnyOf(&[
                Given("general_settings.coordination_redis"),
                Given("router_settings.redis_host"),
                Given("router_settings.redis_url"),
            ]),
        ]),
        depends: Some("coordination settings were saved in the admin UI"),
        reach: Asked,
        happens: "Coordination settings that were once saved in the admin UI replace \
            `coordination_redis` at start-up. The router keeps the Redis that it has: limits, \
            budgets and locks are then in one Redis, cooldowns and the router's usage in another.",
        cure: "No release is known to fix it. Compare `GET /coordination_redis/settings` with the \
            file, and clear what is stored there, or write the same Redis in both.",
        references: &[Issue(38988)],
        source: "ProxyStartupEvent._init_coordination_redis_from_db, proxy/proxy_server.py: sets \
            the proxy's Redis whatever the file says, and the router's only where it has none; the \
            same in the newest release.",
    },
    Defect {
        id: "LD26434",
        name: "shared-health-checks-run-on-every-replica",
        affected: &[Affected::between(v(1, 78, 0, 0), v(1, 85, 0, 0))],
        when: All(&[On("general_settings.use_shared_health_check"), Coordination]),
        depends: Some(
            "a round of health checks takes longer than two seconds and more than one replica runs",
        ),
        reach: Asked,
        happens: "A replica that does not get the lock waits two seconds for the other one's results, \
            and then checks all models itself: with slow models every replica does, although \
            `use_shared_health_check` is on.",
        cure: "Use LiteLLM 1.85.0 or newer, which waits as long as the lock lives.",
        references: &[Pull(26434)],
        source: "SharedHealthCheckManager.perform_shared_health_check, \
            proxy/health_check_utils/shared_health_check_manager.py: asyncio.sleep(2) and one look; \
            1.85.0 looks every five seconds until the lock is gone.",
    },
    Defect {
        id: "LD13250",
        name: "cached-embedding-of-a-text-has-nulls",
        affected: &[Affected::between(v(1, 69, 0, 0), v(1, 71, 3, 0))],
        when: Caches("aembedding"),
        depends: Some("clients send one text as input"),
        reach: Any,
        happens: "A repeated embedding request whose input is one text gets a response with a `null` \
            for each further letter of the text.",
        cure: "Use LiteLLM 1.71.3 or newer, or send the input as a list.",
        references: &[Issue(13250)],
        source: "LLMCachingHandler._process_async_embedding_cached_response, \
            caching/caching_handler.py: data=[None] * len(kwargs['input']) of a str; 1.71.3 \
            handle_kwargs_input_list_or_str.",
    },
    Defect {
        id: "LD10850",
        name: "cached-embedding-of-a-text-fails",
        affected: &[Affected::between(v(1, 67, 6, 0), v(1, 69, 0, 0))],
        when: Caches("aembedding"),
        depends: Some("clients send one text as input"),
        reach: Any,
        happens: "A repeated embedding request whose input is one text fails with `KeyError: 'data'`.",
        cure: "Use LiteLLM 1.71.3 or newer, or send the input as a list.",
        references: &[Issue(10850)],
        source: "LLMCachingHandler.async_set_cache, caching/caching_handler.py: since 1.67.6 stores a \
            str input with async_add_cache_pipeline, _retrieve_from_cache reads it as one \
            response; 1.69.0 reads it as a list.",
    },
    Defect {
        id: "LD29284",
        name: "partly-cached-embeddings-have-wrong-indexes",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 104, 0, 0))],
        when: Caches("aembedding"),
        depends: Some("clients send lists of inputs"),
        reach: Any,
        happens: "When some inputs of an embedding request are cached and others not, `data[*].index` \
            of the new ones counts from 0 again: clients that sort by index mix up the vectors.",
        cure: "Use LiteLLM 1.104.0 or newer, or leave `aembedding` out of `supported_call_types`.",
        references: &[Issue(29284)],
        source: "LLMCachingHandler._combine_cached_embedding_response_with_api_result, \
            caching/caching_handler.py: final_data_list.append(embedding_response.data[idx]); \
            1.104.0 rewrites it.",
    },
    Defect {
        id: "LD25673",
        name: "responses-api-requests-share-a-cache-entry",
        affected: &[Affected::between(v(1, 80, 17, 0), v(1, 83, 9, 0))],
        when: Caches("aresponses"),
        depends: Some("clients use `/v1/responses`"),
        reach: Any,
        happens: "Parameters of the Responses API (`instructions`, `reasoning`, \
            `previous_response_id`, `text` …) are not part of the cache key: requests that \
            differ only in them get each other's answers.",
        cure: "Use LiteLLM 1.83.9 or newer, or leave `responses` and `aresponses` out of \
            `supported_call_types`.",
        references: &[Pull(25673)],
        source: "ModelParamHelper._get_relevant_args_to_use_for_logging…/get_all_llm_api_params, \
            litellm_core_utils/model_param_helper.py; 1.83.9 \
            _get_litellm_supported_responses_api_kwargs.",
    },
    Defect {
        id: "LD24579",
        name: "streamed-responses-api-is-not-cached",
        affected: &[Affected::between(v(1, 80, 17, 0), v(1, 84, 0, 0))],
        when: Caches("aresponses"),
        depends: Some("clients stream `/v1/responses`"),
        reach: Any,
        happens: "`/v1/responses` with `stream: true` is never stored and never answered from the \
            cache.",
        cure: "Use LiteLLM 1.84.0 or newer.",
        references: &[Issue(24579)],
        source: "LLMCachingHandler._convert_cached_result_to_model_response, \
            caching/caching_handler.py: no streamed replay; 1.84.0 \
            CachedResponsesAPIStreamingIterator.",
    },
    Defect {
        id: "LD19048",
        name: "responses-api-is-not-cached",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 80, 17, 0))],
        when: AnyOf(&[Names(CALL_TYPES, "responses"), Names(CALL_TYPES, "aresponses")]),
        depends: None,
        reach: Asked,
        happens: "Responses of the Responses API are not cached, even where `supported_call_types` \
            names `responses`.",
        cure: "Use LiteLLM 1.84.0 or newer (1.80.17 caches them, with the defects of 25673 and \
            24579).",
        references: &[Issue(19048)],
        source: "LLMCachingHandler.async_set_cache, caching/caching_handler.py: stores no \
            ResponsesAPIResponse; 1.80.17 does.",
    },
];
