//! Redis Cluster.

use crate::defects::Reach::{Any, Asked};
use crate::defects::Reference::{Issue, Pull};
use crate::defects::When::{
    All, AnyCluster, CoordinationEndsWith, CoordinationIsCluster, LimiterV3, Not, On,
    RouterOwnsCluster,
};
use crate::defects::{Affected, Defect};
use crate::version::v;

pub(super) static ROWS: &[Defect] = &[
    Defect {
        id: "LD14968",
        name: "rate-limits-fail-on-cluster",
        affected: &[Affected::between(v(1, 72, 2, 1), v(1, 77, 5, 0))],
        when: All(&[CoordinationIsCluster, LimiterV3]),
        depends: None,
        reach: Asked,
        happens: "The rate limiter passes keys of several slots to one Lua script: \"EVALSHA - all \
            keys must map to the same key slot\". Requests of keys with limits fail with 500.",
        cure: "Use LiteLLM 1.77.5 or newer.",
        references: &[Issue(11961), Issue(15066), Pull(14968)],
        source: "_PROXY_MaxParallelRequestsHandler_v3.should_rate_limit, \
            proxy/hooks/parallel_request_limiter_v3.py: \
            batch_rate_limiter_script(keys=keys_to_fetch); 1.77.5 _group_keys_by_hash_tag.",
    },
    Defect {
        id: "LD30065",
        name: "rate-limits-fail-on-azure-enterprise-policy",
        affected: &[Affected::since(v(1, 72, 2, 1))],
        when: All(&[
            CoordinationEndsWith(&[".redis.azure.net", ".redisenterprise.cache.azure.net"]),
            LimiterV3,
            Not(&On("litellm_settings.force_redis_hash_tag_grouping")),
        ]),
        depends: Some("it has the Enterprise clustering policy"),
        reach: Asked,
        happens: "Azure Managed Redis with the Enterprise policy is one endpoint that still refuses \
            keys of several slots in one script: \"CROSSSLOT Keys in request don't hash to the \
            same slot\". Limits fall back to each replica's memory.",
        cure: "Use LiteLLM 1.106.0 or newer with `litellm_settings.force_redis_hash_tag_grouping: \
            true`, or the OSS or non-clustered policy.",
        references: &[Issue(30065)],
        source: "_group_keys_by_hash_tag, proxy/hooks/parallel_request_limiter_v3.py: grouped only \
            where _is_redis_cluster(); 1.110.2 only with litellm.force_redis_hash_tag_grouping \
            (since 1.106.0).",
    },
    Defect {
        id: "LD31577",
        name: "cluster-client-keeps-dead-connections",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 92, 0, 0))],
        when: AnyCluster,
        depends: None,
        reach: Asked,
        happens: "The async cluster client has no health check and no TCP keepalive: after a node \
            restarts (ElastiCache maintenance), requests reuse dead connections and stall until \
            they time out.",
        cure: "Use LiteLLM 1.92.0 or newer.",
        references: &[Pull(31577)],
        source: "get_redis_async_client, _redis.py: RedisCluster without health_check_interval and \
            socket_keepalive; 1.92.0 REDIS_CLUSTER_HEALTH_CHECK_INTERVAL and \
            socket_keepalive=True.",
    },
    Defect {
        id: "LD37863",
        name: "one-slow-node-stalls-the-cluster-client",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 99, 0, 0))],
        when: AnyCluster,
        depends: Some("a node is slow"),
        reach: Asked,
        happens: "When one node of the cluster is slow, the async client tears down the connections to \
            all nodes, and every request waits for the client to read the topology again.",
        cure: "Use LiteLLM 1.99.0 or newer.",
        references: &[Pull(37863)],
        source: "get_redis_async_client, _redis.py: redis.asyncio.RedisCluster; 1.99.0 \
            LiteLLMAsyncRedisCluster (redis_cluster_node_isolation.py).",
    },
    Defect {
        id: "LD31206",
        name: "shutdown-fails-on-cluster",
        affected: &[Affected::between(v(1, 82, 6, 0), v(1, 105, 0, 0))],
        when: AnyCluster,
        depends: None,
        reach: Asked,
        happens: "The proxy's shutdown ends with `'NoneType' object has no attribute 'disconnect'`: a \
            cluster has no connection pool of its own, and what follows in the shutdown is \
            skipped.",
        cure: "Use LiteLLM 1.105.0 or newer.",
        references: &[Issue(31206)],
        source: "RedisCache.disconnect, caching/redis_cache.py: \
            self.async_redis_conn_pool.disconnect(); get_redis_connection_pool returns None for \
            startup_nodes since 1.82.6 (_redis.py); 1.105.0 asks `is not None`.",
    },
    Defect {
        id: "LD8760",
        name: "batch-reads-fail-on-cluster",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 61, 13, 0))],
        when: AnyCluster,
        depends: None,
        reach: Asked,
        happens: "Reads of several keys use MGET across slots: \"CROSSSLOT Keys in request don't hash \
            to the same slot\". What is cached is written and not found again where keys are \
            read together.",
        cure: "Use LiteLLM 1.61.13 or newer.",
        references: &[Issue(8760)],
        source: "RedisClusterCache, caching/redis_cluster_cache.py: no async mget; 1.61.13 \
            mget_nonatomic.",
    },
    Defect {
        id: "LD9010",
        name: "router-reads-fail-on-cluster",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 63, 3, 0))],
        when: RouterOwnsCluster,
        depends: None,
        reach: Asked,
        happens: "The router builds a plain RedisCache around a cluster: MGET across slots fails with \
            CROSSSLOT, and cooldowns and usage are not shared.",
        cure: "Use LiteLLM 1.63.3 or newer.",
        references: &[Pull(9010), Issue(8760)],
        source: "Router.__init__, router.py: RedisCache(**cache_config); 1.63.3 \
            Router._create_redis_cache makes a RedisClusterCache.",
    },
    Defect {
        id: "LD36804",
        name: "dead-cluster-does-not-open-the-breaker",
        affected: &[Affected::since(v(1, 96, 0, 0))],
        when: AnyCluster,
        depends: Some("no node answers"),
        reach: Any,
        happens: "When no node of the cluster answers, redis-py raises RedisClusterException, which \
            the circuit breaker does not count as a failing Redis: it never opens and each \
            request waits for the timeout.",
        cure: "No release is known to fix it. Set short `socket_timeout` and `socket_connect_timeout`.",
        references: &[Pull(36804)],
        source: "_is_redis_health_failure / _redis_health_error_types, caching/redis_cache.py: \
            ConnectionError, TimeoutError, BusyLoadingError, ClusterDownError, OSError; still so \
            in 1.110.2.",
    },
];
