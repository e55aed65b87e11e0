//! Connections, and how they log in.

use crate::defects::Reach::{Asked, Breaks};
use crate::defects::Reference::{Issue, Pull};
use crate::defects::When::{
    CoordinationFromVariables, EntraBesideName, EntraOnCluster, GoogleOnCluster,
    HealthCheckIntervalIsText, IdentityByUrlOrSentinel, SentinelHasDb,
};
use crate::defects::{Affected, Defect};
use crate::version::v;

pub(super) static ROWS: &[Defect] = &[
    Defect {
        id: "LD30534",
        name: "health-check-interval-from-a-variable-is-text",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 101, 0, 0))],
        when: HealthCheckIntervalIsText,
        depends: None,
        reach: Asked,
        happens: "`health_check_interval` is text (from REDIS_HEALTH_CHECK_INTERVAL or quoted): every \
            call fails with \"unsupported operand type(s) for +: 'float' and 'str'\".",
        cure: "Use LiteLLM 1.101.0 or newer, or write it as a number in the config.",
        references: &[Issue(30534), Pull(30644)],
        source: "_get_redis_client_logic, _redis.py: variables passed as text; 1.101.0 converts them.",
    },
    Defect {
        id: "LD37335",
        name: "azure-login-with-a-user-name-fails",
        affected: &[Affected::between(v(1, 85, 0, 0), v(1, 99, 0, 0))],
        when: EntraBesideName,
        depends: None,
        reach: Asked,
        happens: "Entra ID and a user name together: the async client refuses, \"'username' and \
            'password' cannot be passed along with 'credential_provider'\", and `/cache/ping` \
            answers 500 or 503. LiteLLM's documentation asks for both.",
        cure: "Use LiteLLM 1.99.0 or newer.",
        references: &[Issue(37335)],
        source: "get_redis_async_client and get_redis_connection_pool, _redis.py: credential_provider \
            beside username; 1.99.0 _async_auth_kwargs drops both.",
    },
    Defect {
        id: "LD37740",
        name: "iam-login-is-lost-by-url-and-sentinel",
        affected: &[Affected::between(v(1, 75, 2, 0), v(1, 99, 0, 0))],
        when: IdentityByUrlOrSentinel,
        depends: None,
        reach: Asked,
        happens: "With a url or Sentinel the async client, which serves requests, does not log in by \
            Entra ID or Google IAM at all: caching and limits are silently dead.",
        cure: "Use LiteLLM 1.99.0 or newer, or give host and port.",
        references: &[Pull(37740)],
        source: "get_redis_async_client, _redis.py: url and sentinel branches ignore \
            redis_connect_func; 1.99.0 _async_auth_kwargs before all branches.",
    },
    Defect {
        id: "LD37726",
        name: "azure-login-on-cluster-does-not-start",
        affected: &[Affected::between(v(1, 85, 0, 0), v(1, 104, 0, 0))],
        when: EntraOnCluster,
        depends: None,
        reach: Asked,
        happens: "With Entra ID on a cluster LiteLLM does not start: the sync cluster client logs in \
            too late, \"invalid username-password pair\" / \"Authentication required\".",
        cure: "Use LiteLLM 1.104.0 or newer.",
        references: &[Issue(37726), Issue(28379), Pull(28521)],
        source: "init_redis_cluster, _redis.py: redis_connect_func; 1.104.0 credential_provider \
            (_credential_provider_auth_kwargs).",
    },
    Defect {
        id: "LD28379",
        name: "google-login-on-cluster-does-not-start",
        affected: &[Affected::between(v(1, 75, 2, 0), v(1, 104, 0, 0))],
        when: GoogleOnCluster,
        depends: None,
        reach: Asked,
        happens: "With Google IAM on a cluster LiteLLM does not start: \"Redis Cluster cannot be \
            connected. Please provide at least one reachable node: Authentication required.\"",
        cure: "Use LiteLLM 1.104.0 or newer.",
        references: &[Issue(28379), Pull(28521)],
        source: "init_redis_cluster, _redis.py: redis_connect_func; 1.104.0 credential_provider \
            (_credential_provider_auth_kwargs).",
    },
    Defect {
        id: "LD24426",
        name: "google-token-ends-after-an-hour",
        affected: &[Affected::between(v(1, 75, 2, 0), v(1, 83, 3, 0))],
        when: GoogleOnCluster,
        depends: None,
        reach: Asked,
        happens: "The async cluster client gets one Google token as its password when it is made: \
            after an hour each new connection fails to log in.",
        cure: "Use LiteLLM 1.84.0 or newer.",
        references: &[Pull(24426)],
        source: "get_redis_async_client, _redis.py: cluster_kwargs['password'] = access_token; 1.83.3 \
            GCPIAMCredentialProvider.",
    },
    Defect {
        id: "LD26441",
        name: "google-tokens-block-the-proxy",
        affected: &[Affected::between(v(1, 83, 3, 0), v(1, 84, 0, 0))],
        when: GoogleOnCluster,
        depends: None,
        reach: Asked,
        happens: "Each new connection fetches a Google token on the event loop: under load all \
            requests wait, single Redis calls take 20 seconds.",
        cure: "Use LiteLLM 1.84.0 or newer.",
        references: &[Pull(26441)],
        source: "GCPIAMCredentialProvider.get_credentials, _redis_credential_provider.py: generates \
            at each call; 1.84.0 _get_cached_gcp_iam_token.",
    },
    Defect {
        id: "LD42653",
        name: "coordination-redis-is-asked-once",
        affected: &[Affected::since(v(1, 101, 0, 0))],
        when: CoordinationFromVariables,
        depends: Some("Redis answers later than the proxy starts"),
        reach: Asked,
        happens: "A Redis that only REDIS_* names is asked once at start-up, for two seconds. If it \
            answers late, limits, budgets and locks stay in each replica's memory until the next \
            restart, with one warning in the log.",
        cure: "Write `general_settings.coordination_redis`, or let the proxy start after Redis.",
        references: &[Issue(42653), Pull(39410)],
        source: "ProxyConfig._init_coordination_redis_env_fallback, proxy/proxy_server.py: \
            asyncio.wait_for(ping(), timeout=2.0), then None; still so in 1.110.2.",
    },
    Defect {
        id: "LD10276",
        name: "sentinel-with-db-fails",
        affected: &[Affected::since(v(1, 85, 0, 0))],
        when: SentinelHasDb,
        depends: None,
        reach: Breaks,
        happens: "`db` is sent to the sentinels too, and they refuse it: \"unknown command 'SELECT'\". \
            No connection works.",
        cure: "Leave `db` at 0 with Sentinel.",
        references: &[Issue(10276), Pull(30535)],
        source: "_init_redis_sentinel, _redis.py: sentinel_kwargs is a copy of the data node's \
            settings, db included; still so in 1.110.2.",
    },
];
