//! Statements on semantic caches and on logins without a password, by page.

use facts::Behaviour;
use simulate::outcome::{Api, Auth, ClientKind, Consumer, Knowable, Startup, Verify};

use super::Recording::{Change, Proxy, Start};
use super::table::{NOTHING, PLAIN, has_tls, in_redis, is, is_unverified};
use super::{Case, Claim};
use serving::sharing::Part;

const SEMANTIC: &str = "docs/proxy/caching_semantic.md";
const ELASTICACHE: &str = "docs/proxy/elasticache_iam.md";
const MEMORYSTORE: &str = "docs/proxy/gcp_memorystore_iam.md";
const HEALTH: &str = "docs/proxy/shared_health_check.md";
const PROVIDERS: &str = "docs/proxy/provider_budget_routing.md";
const SETTINGS: &str = "docs/proxy/config_settings.md";

const ACCOUNT: &str = "projects/-/serviceAccounts/your-sa@project.iam.gserviceaccount.com";

/// Where the semantic cache goes, and whether in TLS.
fn semantic_at(case: &Case, host: &str) -> bool {
    let connection = case.outcome.semantic.as_ref().and_then(|client| client.connection.as_ref());
    connection.is_some_and(|connection| is(&connection.host.value, host))
}

fn raises(case: &Case, words: &str) -> bool {
    matches!(&case.outcome.startup, Startup::Exception(raised) if raised.message.contains(words))
}

/// All of them.
pub(super) static CLAIMS: &[Claim] = &[
    Claim {
        page: SEMANTIC,
        says: "`type: redis-semantic` with `host`, `port`, `password` and `similarity_threshold` makes a semantic cache on that Redis.",
        config: "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis-semantic\n    host: redis.example.com\n    port: 6379\n    password: correct-horse\n    similarity_threshold: 0.8\n    redis_semantic_cache_embedding_model: text-embedding-ada-002\n",
        holds: |case| {
            case.cache() == "RedisSemanticCache" && semantic_at(case, "redis.example.com")
        },
        really: "It takes the package `redisvl`, which LiteLLM's image brings since 1.83.8 and `pip install litellm` does not: before 1.91.0 start-up stops without it, newer releases start and fail later.",
        shown: &[Start("epoch-semantic-is-lazy-bdbf4893"), Change(Behaviour::SemanticCacheIsLazy)],
        ..NOTHING
    },
    Claim {
        page: SEMANTIC,
        says: "`REDIS_HOST`, `REDIS_PORT` and `REDIS_PASSWORD` will do for `redis-semantic`.",
        config: "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis-semantic\n    similarity_threshold: 0.7\n",
        env: &[("REDIS_HOST", "eh"), ("REDIS_PORT", "1"), ("REDIS_PASSWORD", "ep")],
        holds: |case| case.cache() == "RedisSemanticCache" && semantic_at(case, "eh"),
        really: "",
        shown: &[Start("type-env-6a42b35c")],
        ..NOTHING
    },
    Claim {
        page: SEMANTIC,
        says: "`type: valkey-semantic` makes a semantic cache on Valkey.",
        config: "litellm_settings:\n  cache: true\n  cache_params:\n    type: valkey-semantic\n    similarity_threshold: 0.8\n    redis_url: redis://x\n",
        holds: |case| case.cache() == "ValkeySemanticCache",
        really: "Older releases do not know the type. redis-py 6 and newer renamed a module that it imports.",
        shown: &[Start("epoch-valkey-semantic-c50557aa"), Change(Behaviour::ValkeySemanticCache)],
        ..NOTHING
    },
    Claim {
        page: SEMANTIC,
        says: "`similarity_threshold` is required.",
        config: "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis-semantic\n    similarity_threshold: null\n",
        holds: |case| !case.starts(),
        really: "Without `redisvl`, older releases stop at the import before they look at it.",
        shown: &[Start("type-b2e4f3a7")],
        ..NOTHING
    },
    Claim {
        page: SEMANTIC,
        says: "A semantic cache keeps the limits of keys in its Redis.",
        config: "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis-semantic\n    host: redis.example.com\n    port: 6379\n    password: correct-horse\n    similarity_threshold: 0.8\n",
        holds: |case| in_redis(case, Part::Limits),
        really: "Limits need `type: redis`, `coordination_redis` or `REDIS_*`.",
        shown: &[Proxy("shared/local-environment"), Start("epoch-semantic-is-lazy-bdbf4893")],
        ..NOTHING
    },
    Claim {
        page: ELASTICACHE,
        says: "Four settings log in to ElastiCache by IAM: `aws_iam_auth`, the user, the cache and the region.",
        config: "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    port: 6379\n    ssl: true\n    aws_iam_auth: true\n    aws_iam_user_name: u\n    aws_iam_cache_name: c\n    aws_iam_region: eu-west-1\n",
        holds: |case| {
            case.both(|client, connection| {
                matches!(connection.auth, Auth::Aws { .. }) && has_tls(client, connection)
            })
        },
        really: "Older releases hand the names to redis-py, which refuses them: the client is not made.",
        shown: &[Start("epoch-aws-iam-21a4b834"), Change(Behaviour::AwsIam)],
        ..NOTHING
    },
    Claim {
        page: ELASTICACHE,
        says: "With IAM, LiteLLM refuses to start on a connection without TLS.",
        config: "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    port: 6379\n    aws_iam_auth: \"1\"\n",
        holds: |case| raises(case, "requires TLS"),
        really: "",
        shown: &[Start("alone-3e515a5c"), Change(Behaviour::AwsIam)],
        ..NOTHING
    },
    Claim {
        page: ELASTICACHE,
        says: "A setting that is missing beside `aws_iam_auth` is named at start-up.",
        config: "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: h\n    port: 6379\n    ssl: true\n    aws_iam_auth: true\n",
        holds: |case| raises(case, "requires: aws_iam_user_name"),
        really: "",
        shown: &[Start("epoch-aws-iam-375c0f4f"), Change(Behaviour::AwsIam)],
        ..NOTHING
    },
    Claim {
        page: ELASTICACHE,
        says: "The same settings work with `redis_startup_nodes`.",
        config: "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    redis_startup_nodes: [{\"host\": \"n1\", \"port\": 7001}]\n    ssl: true\n    aws_iam_auth: true\n    aws_iam_user_name: u\n    aws_iam_cache_name: c\n    aws_iam_region: eu-west-1\n",
        holds: |case| {
            case.both(|client, connection| {
                client.kind == ClientKind::RedisCluster
                    && matches!(connection.auth, Auth::Aws { .. })
            })
        },
        really: "Older releases start, and log in with no token.",
        shown: &[Start("epoch-aws-iam-f93f353e"), Change(Behaviour::AwsIam)],
        ..NOTHING
    },
    Claim {
        page: ELASTICACHE,
        says: "The same settings work in `coordination_redis`.",
        config: "general_settings:\n  coordination_redis:\n    host: ch\n    ssl: true\n    aws_iam_auth: true\n    aws_iam_user_name: u\n    aws_iam_cache_name: c\n    aws_iam_region: eu-west-1\n",
        holds: |case| {
            case.client(Consumer::Usage, Api::Async)
                .and_then(|client| client.connection.as_ref())
                .is_some_and(|connection| matches!(connection.auth, Auth::Aws { .. }))
        },
        really: "Releases that know neither start all the same, and share nothing.",
        shown: &[Start("epoch-aws-iam-043d6c6a"), Change(Behaviour::CoordinationRedis)],
        ..NOTHING
    },
    Claim {
        page: MEMORYSTORE,
        says: "The page's example logs in to the cluster by IAM, in TLS that is not verified.",
        config: "litellm_settings:\n  cache: True\n  cache_params:\n    type: redis\n    redis_startup_nodes:\n      [{ \"host\": \"10.128.0.2\", \"port\": 6379 }, { \"host\": \"10.128.0.2\", \"port\": 11008 }]\n    gcp_service_account: \"projects/-/serviceAccounts/your-sa@project.iam.gserviceaccount.com\"\n    ssl: true\n    ssl_cert_reqs: null\n    ssl_check_hostname: false\n",
        holds: |case| {
            case.both(|_, connection| {
                !matches!(connection.auth, Auth::Static)
                    && matches!(&connection.tls, Knowable::Known(Some(tls)) if tls.verify == Verify::None)
            })
        },
        really: "Where it is not so, a client lacks the login, or the settings of TLS. The token then goes to whoever answers.",
        shown: &[Start("iam-9b51b758"), Change(Behaviour::SyncClusterCredentialProvider)],
        ..NOTHING
    },
    Claim {
        page: MEMORYSTORE,
        says: "The same in variables, `REDIS_CLUSTER_NODES` to `REDIS_SSL_CHECK_HOSTNAME`, logs in to the cluster, and does not verify.",
        config: PLAIN,
        env: &[
            (
                "REDIS_CLUSTER_NODES",
                "[{\"host\": \"10.128.0.2\", \"port\": 6379}, {\"host\": \"10.128.0.2\", \"port\": 11008}]",
            ),
            ("REDIS_GCP_SERVICE_ACCOUNT", ACCOUNT),
            ("REDIS_GCP_SSL_CA_CERTS", "./server-ca.pem"),
            ("REDIS_SSL", "True"),
            ("REDIS_SSL_CERT_REQS", "None"),
            ("REDIS_SSL_CHECK_HOSTNAME", "False"),
        ],
        holds: |case| {
            case.both(|client, connection| {
                client.kind == ClientKind::RedisCluster
                    && !matches!(connection.auth, Auth::Static)
                    && matches!(&connection.tls, Knowable::Known(Some(tls)) if is_unverified(tls))
            })
        },
        really: "Variables are text, and a cluster's client takes fewer of them than the config.",
        shown: &[Start("epoch-gcp-iam-ab777a1b"), Change(Behaviour::GcpIam)],
        ..NOTHING
    },
    Claim {
        page: HEALTH,
        says: "`use_shared_health_check` with a Redis cache shares health checks among pods.",
        config: "general_settings:\n  background_health_checks: true\n  use_shared_health_check: true\nlitellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis.example.com\n    port: 6379\n    password: correct-horse\n",
        holds: |case| case.pair.behaves(Behaviour::SharedHealthCheck),
        really: "Older releases ignore the key.",
        shown: &[Change(Behaviour::SharedHealthCheck)],
        ..NOTHING
    },
    Claim {
        page: PROVIDERS,
        says: "`redis_host`, `redis_port` and `redis_password` in `router_settings` share providers' budgets among instances.",
        config: "router_settings:\n  provider_budget_config:\n    openai:\n      budget_limit: 0.3\n      time_period: 1d\n  redis_host: redis.example.com\n  redis_port: 6379\n  redis_password: correct-horse\n",
        holds: |case| in_redis(case, Part::Usage),
        really: "",
        shown: &[Proxy("shared/router")],
        ..NOTHING
    },
    Claim {
        page: SETTINGS,
        says: "`REDIS_SOCKET_TIMEOUT` is 0.1 seconds by default.",
        config: "litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis.example.com\n    port: 6379\n",
        holds: |case| {
            case.serves().is_some_and(|connection| is(&connection.socket_timeout.value, "0.1"))
        },
        really: "0.1 seconds were for Sentinel alone. Where LiteLLM fills one in, it is 5 seconds.",
        shown: &[Change(Behaviour::SocketTimeoutConstantFillsIn)],
        ..NOTHING
    },
    Claim {
        page: SETTINGS,
        says: "`budget_reset_time: 12:00` in `litellm_settings` resets budgets at noon.",
        config: "litellm_settings:\n  budget_reset_time: 12:00\n",
        holds: |case| case.starts() && case.pair.behaves(Behaviour::BudgetResetTimeIsRead),
        really: "YAML reads 12:00 without quotes as the number 720, and LiteLLM refuses to start. In quotes it works from 1.95.0 on; older releases ignore it.",
        shown: &[Change(Behaviour::BudgetResetTimeIsRead)],
        ..NOTHING
    },
];
