//! The statements, by page.

use facts::Behaviour;
use python::{Data, Value};
use serving::caching::{CallType, Covered, Kept, Mode, Prefix};
use serving::sharing::{Holder, Part, Why};
use serving::{Buffer, MasterKey};
use simulate::outcome::{
    Api, Auth, Client, ClientKind, Connection, Consumer, Knowable, Tls, Verify,
};

use super::Recording::{Change, Delays, Keys, Proxy, Signatures, Start};
use super::{Case, Claim};

const CACHING: &str = "docs/proxy/caching.md";
const SETTINGS: &str = "docs/proxy/config_settings.md";
const PROD: &str = "docs/proxy/prod.md";
const DEPLOY: &str = "docs/proxy/deploy.md";
const BALANCING: &str = "docs/proxy/load_balancing.md";
const DEADLOCKS: &str = "docs/proxy/db_deadlocks.md";
const BREAKER: &str = "blog/redis_circuit_breaker/index.md";

pub(super) const NOTHING: Claim = Claim {
    page: "",
    says: "",
    config: "",
    env: &[],
    request: "",
    holds: |_| false,
    really: "",
    shown: &[],
};

const HOST: &str = "redis.example.com";
pub(super) const PLAIN: &str = "litellm_settings:\n  cache: true\n";

/// A Redis cache with these further settings.
macro_rules! cache {
    ($more:literal) => {
        concat!("litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n", $more)
    };
}

pub(super) fn is(value: &Value, text: &str) -> bool {
    match &value.data {
        Data::Str(found) => &**found == text,
        Data::Int(number) => number.to_string() == text,
        Data::Float(number) => number.to_string() == text,
        Data::None => text.is_empty(),
        _ => false,
    }
}

fn at_host(_: &Client, connection: &Connection) -> bool {
    is(&connection.host.value, HOST)
}

pub(super) fn has_tls(_: &Client, connection: &Connection) -> bool {
    matches!(&connection.tls, Knowable::Known(Some(_)))
}

fn has_password(connection: &Connection) -> bool {
    matches!(&connection.password.value, Knowable::Known(Some(secret)) if !secret.reveal().is_empty())
}

pub(super) fn in_redis(case: &Case, part: Part) -> bool {
    case.serving
        .as_ref()
        .is_some_and(|serving| matches!(serving.sharing.of(part).holder, Holder::Redis { .. }))
}

pub(super) fn is_unverified(tls: &Tls) -> bool {
    tls.verify == Verify::None
}

fn seconds(kept: Option<&Kept>, wanted: i64) -> bool {
    kept == Some(&Kept::Seconds(wanted))
}

/// How long Redis keeps a chat's answer.
fn kept(case: &Case) -> Option<Kept> {
    Some(case.answer(CallType::Chat)?.redis?.kept)
}

/// All of them.
pub(super) static CLAIMS: &[Claim] = &[
    Claim {
        page: CACHING,
        says: "`cache: true` and nothing else is a Redis cache, and `REDIS_HOST` says where it is.",
        config: PLAIN,
        env: &[("REDIS_HOST", HOST), ("REDIS_PORT", "6379")],
        holds: |case| case.cache() == "RedisCache" && case.both(at_host),
        really: "Where there are no `cache_params`, LiteLLM hands host, port and password over itself. Other names among `REDIS_*` depend on both releases.",
        shown: &[
            Start("env-a8430644"),
            Proxy("cached/environment"),
            Change(Behaviour::UnwrappedSignatures),
        ],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`REDIS_URL` will do instead.",
        config: PLAIN,
        env: &[("REDIS_URL", "redis://redis.example.com:6379")],
        holds: |case| case.both(at_host),
        really: "It is read by name, on every redis-py.",
        shown: &[Start("env-place-44544f37")],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "With `namespace`, an answer's key is the namespace, a colon and the hash.",
        config: cache!(
            "    host: redis.example.com\n    port: 6379\n    namespace: litellm.caching.caching\n"
        ),
        holds: |case| {
            case.answer(CallType::Chat).and_then(|answer| answer.key).as_deref()
                == Some("litellm.caching.caching:")
        },
        really: "Answers are; other keys need not be: scripts that count limits heed it from 1.91.0 on, and the Rust client of 1.110.0 and newer does not.",
        shown: &[
            Proxy("cached/namespace"),
            Proxy("shared/namespace"),
            Change(Behaviour::ScriptsHeedNamespace),
        ],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "A `namespace` covers rate limits as well.",
        config: cache!("    host: redis.example.com\n    port: 6379\n    namespace: my.ns\n"),
        holds: |case| {
            case.serving.as_ref().is_some_and(|serving| {
                let share = serving.sharing.of(Part::Limits);
                matches!(share.prefix, Knowable::Known(Some(Prefix::Text(..))))
                    && share.bare == serving::sharing::Bare::Nothing
            })
        },
        really: "Where it does not, two proxies on one database count for each other.",
        shown: &[Proxy("shared/namespace"), Change(Behaviour::RustClient)],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`redis_startup_nodes` connect to a Redis Cluster; a port may be text.",
        config: cache!(
            "    redis_startup_nodes: [{\"host\": \"127.0.0.1\", \"port\": \"7001\"}]\n"
        ),
        holds: |case| {
            case.cache() == "RedisClusterCache"
                && case.both(|client, _| client.kind == ClientKind::RedisCluster)
        },
        really: "Before 1.61.2 the cluster client sits in a plain cache, which asks it for keys of several slots at once.",
        shown: &[Start("nodes-c69a162d"), Change(Behaviour::StartupNodesMakeClusterCache)],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`REDIS_CLUSTER_NODES` does the same.",
        config: PLAIN,
        env: &[("REDIS_CLUSTER_NODES", "[{\"host\": \"127.0.0.1\", \"port\": \"7001\"}]")],
        holds: |case| {
            case.cache() == "RedisClusterCache"
                && case.both(|client, _| client.kind == ClientKind::RedisCluster)
        },
        really: "The clients are a cluster's on every release; the cache knows it from 1.82.1 on.",
        shown: &[
            Start("env-cluster-bc548800"),
            Change(Behaviour::ClusterNodesVariableMakesClusterCache),
        ],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`REDIS_CLUSTER_NODES` may be written as a Python list, without quotes around it.",
        config: PLAIN,
        env: &[("REDIS_CLUSTER_NODES", "[{'host': '127.0.0.1', 'port': '7001'}]")],
        holds: |case| {
            case.starts() && case.both(|client, _| client.kind == ClientKind::RedisCluster)
        },
        really: "It is read by `json.loads`: names and texts take double quotes.",
        shown: &[Change(Behaviour::ClusterNodesVariableIsValidated)],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`sentinel_nodes` and `service_name` connect through Sentinel, and `sentinel_password` logs in to the sentinels.",
        config: cache!(
            "    service_name: mymaster\n    sentinel_nodes: [[\"localhost\", 26379]]\n    sentinel_password: correct-horse\n"
        ),
        holds: |case| {
            case.both(|client, _| {
                client.kind == ClientKind::Sentinel && client.sentinels.iter().all(has_password)
            })
        },
        really: "Before, not both clients did.",
        shown: &[Start("only-52b4a7c0"), Change(Behaviour::SyncSentinelSendsPassword)],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "A Sentinel's master gets `password` and `ssl`, too.",
        config: cache!(
            "    service_name: mymaster\n    sentinel_nodes: [[\"localhost\", 26379]]\n    password: correct-horse\n    ssl: true\n"
        ),
        holds: |case| {
            case.both(|client, connection| has_tls(client, connection) && has_password(connection))
        },
        really: "LiteLLM dropped them before 1.85.0, and with redis-py 6 and newer until it looked behind redis-py's decorators.",
        shown: &[
            Change(Behaviour::SentinelGetsRedisSettings),
            Change(Behaviour::UnwrappedSignatures),
        ],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`ttl: 600` keeps answers for 600 seconds.",
        config: cache!("    host: redis.example.com\n    port: 6379\n    ttl: 600\n"),
        holds: |case| seconds(kept(case).as_ref(), 600),
        really: "Not beside `redis_flush_size`, where each is kept for the default.",
        shown: &[Proxy("cached/ttl-300"), Proxy("cached/flush-3")],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "Without a `ttl`, an answer is kept for good.",
        config: cache!("    host: redis.example.com\n    port: 6379\n"),
        holds: |case| kept(case).is_some_and(|kept| !matches!(kept, Kept::Seconds(_))),
        really: "The pages name no default. It is 60 seconds: `BaseCache.__init__`.",
        shown: &[Proxy("cached/plain"), Proxy("cached/ttl-null")],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`default_in_redis_ttl` is a lifetime in seconds.",
        config: cache!(
            "    host: redis.example.com\n    port: 6379\n    default_in_redis_ttl: 500\n"
        ),
        holds: |case| seconds(kept(case).as_ref(), 500),
        really: "It beats `ttl` beside it.",
        shown: &[Proxy("cached/redis-ttl"), Proxy("cached/redis-ttl-and-ttl")],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`REDIS_SSL=True` turns TLS on.",
        config: PLAIN,
        env: &[("REDIS_HOST", HOST), ("REDIS_PORT", "6379"), ("REDIS_SSL", "True")],
        holds: |case| case.both(has_tls),
        really: "Only where `REDIS_*` are read at all; and beside a `url` it is dropped.",
        shown: &[
            Start("epoch-variables-on-newer-redis-py-1543de49"),
            Change(Behaviour::UnwrappedSignatures),
        ],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "Any argument of `redis.Redis` can be given as `REDIS_` and its name: `REDIS_USERNAME`.",
        config: PLAIN,
        env: &[
            ("REDIS_HOST", HOST),
            ("REDIS_PORT", "6379"),
            ("REDIS_USERNAME", "litellm"),
            ("REDIS_PASSWORD", "correct-horse"),
        ],
        holds: |case| case.both(|_, connection| is(&connection.username.value, "litellm")),
        really: "Names are read as redis-py's signature has them.",
        shown: &[Start("random-676d230a"), Change(Behaviour::UnwrappedSignatures)],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`REDIS_SSL_CERT_REQS=None` turns the check of the server's certificate off.",
        config: PLAIN,
        env: &[
            ("REDIS_HOST", HOST),
            ("REDIS_PORT", "6379"),
            ("REDIS_SSL", "True"),
            ("REDIS_SSL_CERT_REQS", "None"),
        ],
        holds: |case| {
            case.starts()
                && case.both(|_, connection| {
                    matches!(&connection.tls, Knowable::Known(Some(tls)) if is_unverified(tls))
                })
        },
        really: "`None` is text there, and redis-py takes `none`.",
        shown: &[Start("seed-f4a2d126"), Change(Behaviour::TypeCoercion)],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`REDIS_CONNECTION_POOL_KWARGS='{\"max_connections\": 20}'` bounds the pool.",
        config: PLAIN,
        env: &[
            ("REDIS_HOST", HOST),
            ("REDIS_PORT", "6379"),
            ("REDIS_CONNECTION_POOL_KWARGS", "{\"max_connections\": 20}"),
        ],
        holds: |case| {
            case.serves().is_some_and(|connection| connection.max_connections == Some(20))
        },
        really: "redis-py has no argument of this name, and no release of LiteLLM reads it. `REDIS_MAX_CONNECTIONS`, or `max_connections` in `cache_params`, does it.",
        shown: &[Start("env-54d5bd54"), Start("env-8ea01054"), Signatures],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "Numbers among `REDIS_*` may make the client fail: `REDIS_SOCKET_TIMEOUT=5`.",
        config: PLAIN,
        env: &[("REDIS_HOST", HOST), ("REDIS_PORT", "6379"), ("REDIS_SOCKET_TIMEOUT", "5")],
        holds: |case| case.outcome.clients.iter().any(|client| client.error.is_some()),
        really: "It did where LiteLLM gave a timeout of its own beside it, and Python refused the second.",
        shown: &[
            Start("random-6d59541b"),
            Change(Behaviour::TypeCoercion),
            Change(Behaviour::AsyncClientTakesSocketTimeout),
        ],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`max_connections` in `cache_params` bounds the pool that serves requests.",
        config: cache!("    host: redis.example.com\n    port: 6379\n    max_connections: 100\n"),
        holds: |case| {
            case.serves().is_some_and(|connection| connection.max_connections == Some(100))
        },
        really: "Without it, the pool has 50 connections, and a request waits up to 5 seconds for one.",
        shown: &[Start("yaml-twice-05cd0dcc"), Change(Behaviour::ClusterTakesMaxConnections)],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "IAM logins work on Google Cloud alone, and on Redis Cluster alone.",
        config: PLAIN,
        env: &[
            ("REDIS_HOST", HOST),
            ("REDIS_PORT", "6379"),
            ("REDIS_GCP_SERVICE_ACCOUNT", "projects/-/serviceAccounts/a@b.iam.gserviceaccount.com"),
        ],
        holds: |case| case.serves().is_none_or(|connection| connection.auth == Auth::Static),
        really: "Where it is not so, the standalone client that serves requests logs in by a token as well. AWS's and Azure's logins came in 1.102.0 and 1.84.0.",
        shown: &[
            Start("random-4929dcae"),
            Change(Behaviour::GcpIam),
            Change(Behaviour::AwsIam),
            Change(Behaviour::AzureAd),
        ],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`gcp_service_account` beside `redis_startup_nodes` logs in to the cluster.",
        config: cache!(
            "    redis_startup_nodes: [{\"host\": \"10.128.0.2\", \"port\": 6379}]\n    gcp_service_account: projects/-/serviceAccounts/a@b.iam.gserviceaccount.com\n    ssl: true\n"
        ),
        holds: |case| case.both(|_, connection| !matches!(connection.auth, Auth::Static)),
        really: "The sync client must, too, or LiteLLM does not start where the cluster asks for a login.",
        shown: &[
            Start("iam-9b51b758"),
            Change(Behaviour::AsyncClusterCredentialProvider),
            Change(Behaviour::SyncClusterCredentialProvider),
        ],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`host`, `port` and `password` are required of a Redis cache.",
        config: cache!("    host: redis.example.com\n"),
        holds: |case| !case.both(at_host),
        really: "`host` alone will do: redis-py's port is 6379.",
        shown: &[Start("env-a8430644")],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`port` may be text.",
        config: cache!("    host: redis.example.com\n    port: \"6379\"\n"),
        holds: |case| case.both(at_host),
        really: "",
        shown: &[Start("env-a8430644")],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`supported_call_types: []` keeps Redis for limits, and caches no answer.",
        config: cache!(
            "    host: redis.example.com\n    port: 6379\n    supported_call_types: []\n"
        ),
        holds: |case| {
            let covered =
                case.serving.as_ref().map(|serving| serving.caching.covers(CallType::Chat));
            in_redis(case, Part::Limits) && matches!(covered, Some(Covered::NotListed(_)))
        },
        really: "`/cache/ping` says `healthy` all the same.",
        shown: &[Proxy("cached/types-none"), Proxy("shared/types-coordination")],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "All kinds of calls are cached by default: `/responses`, too.",
        config: cache!("    host: redis.example.com\n    port: 6379\n"),
        holds: |case| {
            case.serving
                .as_ref()
                .is_some_and(|serving| serving.caching.covers(CallType::Responses) == Covered::Yes)
        },
        really: "Chats, embeddings, completions, transcriptions and reranks always were.",
        shown: &[Proxy("cached/plain"), Change(Behaviour::ResponsesAreCached)],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`supported_call_types: [\"completion\", \"embedding\"]` caches chats of the proxy.",
        config: cache!(
            "    host: redis.example.com\n    port: 6379\n    supported_call_types: [\"completion\", \"embedding\"]\n"
        ),
        holds: |case| {
            case.serving
                .as_ref()
                .is_some_and(|serving| serving.caching.covers(CallType::Chat) == Covered::Yes)
        },
        really: "The page lists these names among its options. The proxy calls `acompletion` and `aembedding`.",
        shown: &[Proxy("cached/types-sync"), Proxy("cached/types-chat")],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`cache_params` with `mode: default_off` and no `type` is a Redis cache that requests opt in to.",
        config: "litellm_settings:\n  cache: True\n  cache_params:\n    mode: default_off\n",
        env: &[("REDIS_HOST", HOST), ("REDIS_PORT", "6379")],
        holds: |case| {
            case.cache() == "RedisCache"
                && case
                    .serving
                    .as_ref()
                    .is_some_and(|serving| matches!(serving.caching.mode, Mode::OptIn { .. }))
        },
        really: "With `cache_params` and no `type`, the cache is in the memory of each process. `type: redis` is missing in the example.",
        shown: &[Proxy("cached/local"), Proxy("cached/mode-off")],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "With `mode: default_off`, `use-cache: true` in a request's `cache` caches its answer.",
        config: cache!("    host: redis.example.com\n    port: 6379\n    mode: default_off\n"),
        request: "{\"use-cache\": true}",
        holds: |case| {
            case.answer(CallType::Chat).is_some_and(|answer| answer.read && answer.redis.is_some())
        },
        really: "",
        shown: &[Proxy("cached/mode-off"), Proxy("cached/asked-off")],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`ttl` in a request's `cache` says how long its answer is kept.",
        config: cache!("    host: redis.example.com\n    port: 6379\n"),
        request: "{\"ttl\": 300}",
        holds: |case| seconds(kept(case).as_ref(), 300),
        really: "",
        shown: &[Proxy("cached/plain"), Proxy("cached/asked-ttl")],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`no-cache: true` keeps the answer from being stored.",
        config: cache!("    host: redis.example.com\n    port: 6379\n"),
        request: "{\"no-cache\": true}",
        holds: |case| case.answer(CallType::Chat).is_some_and(|answer| answer.redis.is_none()),
        really: "The table says so; further down the page says the truth: it keeps an answer from being read. The fresh one is stored.",
        shown: &[Proxy("cached/plain"), Proxy("cached/asked")],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`no-store: true` keeps the answer from being stored.",
        config: cache!("    host: redis.example.com\n    port: 6379\n"),
        request: "{\"no-store\": true}",
        holds: |case| case.answer(CallType::Chat).is_some_and(|answer| answer.redis.is_none()),
        really: "",
        shown: &[Proxy("cached/plain"), Proxy("cached/asked")],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`s-maxage: 600` refuses answers that are older.",
        config: cache!("    host: redis.example.com\n    port: 6379\n"),
        request: "{\"s-maxage\": 600}",
        holds: |case| {
            case.answer(CallType::Chat)
                .is_some_and(|answer| answer.max_age == serving::request::MaxAge::Seconds(600.0))
        },
        really: "Written as text it refuses all of them.",
        shown: &[Proxy("cached/plain"), Proxy("cached/asked")],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`namespace` in a request's `cache` keeps its answer under that name.",
        config: cache!("    host: redis.example.com\n    port: 6379\n"),
        request: "{\"namespace\": \"my-custom-namespace\"}",
        holds: |case| {
            case.answer(CallType::Chat)
                .and_then(|answer| answer.key)
                .is_some_and(|key| key.starts_with("my-custom-namespace:"))
        },
        really: "",
        shown: &[Proxy("cached/asked-namespace"), Change(Behaviour::RequestNamespace)],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`enable_redis_auth_cache: true` keeps virtual keys in the Redis of the response cache.",
        config: "litellm_settings:\n  cache: true\n  enable_redis_auth_cache: true\n  cache_params:\n    type: redis\n    host: redis.example.com\n    port: 6379\n",
        holds: |case| in_redis(case, Part::Keys),
        really: "It is kept in the coordination Redis, which is the cache's where there is no `coordination_redis`.",
        shown: &[
            Proxy("shared/auth-cache"),
            Proxy("shared/auth-cache-coordination"),
            Change(Behaviour::RedisAuthCache),
        ],
        ..NOTHING
    },
    Claim {
        page: CACHING,
        says: "`enable_redis_auth_cache` needs `cache: true` with `type: redis`.",
        config: "litellm_settings:\n  enable_redis_auth_cache: true\n",
        env: &[("REDIS_HOST", HOST), ("REDIS_PORT", "6379")],
        holds: |case| !in_redis(case, Part::Keys),
        really: "From 1.101.0 on, `REDIS_*` alone will do, if that Redis answers at start-up; and `coordination_redis` does from its first release on.",
        shown: &[
            Proxy("shared/auth-cache-environment"),
            Proxy("shared/auth-cache-none"),
            Change(Behaviour::CoordinationFromEnvironmentAlone),
        ],
        ..NOTHING
    },
    Claim {
        page: SETTINGS,
        says: "`allowed_fails: 3` in `router_settings` lets a deployment rest after that many failures.",
        config: "router_settings:\n  allowed_fails: 3\n  cooldown_time: 30\n",
        holds: |case| case.pair.behaves(Behaviour::AllowedFailsCountsAsWritten),
        really: "3 is the default's number, and counted as not set: the share of failures decided. Another number counts on every release. Beside it the example writes `disable_cooldowns: True`, which ends the matter.",
        shown: &[Change(Behaviour::AllowedFailsCountsAsWritten), Proxy("shared/cooldowns-off")],
        ..NOTHING
    },
    Claim {
        page: SETTINGS,
        says: "`redis_host`, `redis_port` and `redis_password` in `router_settings` share TPM and RPM of deployments among instances.",
        config: "router_settings:\n  redis_host: redis.example.com\n  redis_password: correct-horse\n  redis_port: 6379\n",
        holds: |case| in_redis(case, Part::Usage),
        really: "The router's alone: limits of keys, users and teams are not counted there.",
        shown: &[Proxy("shared/router")],
        ..NOTHING
    },
    Claim {
        page: SETTINGS,
        says: "`redis_port` may be text.",
        config: "router_settings:\n  redis_host: redis.example.com\n  redis_port: \"6379\"\n",
        holds: |case| {
            case.client(Consumer::Router, Api::Async).is_some_and(|client| client.error.is_none())
        },
        really: "",
        shown: &[Start("router-field-ffd72c51")],
        ..NOTHING
    },
    Claim {
        page: SETTINGS,
        says: "`redis_db` in `router_settings` names the database.",
        config: "router_settings:\n  redis_host: redis.example.com\n  redis_port: 6379\n  redis_db: 1\n",
        holds: |case| {
            case.client(Consumer::Router, Api::Async)
                .and_then(|client| client.connection.as_ref())
                .is_some_and(|connection| is(&connection.db.value, "1"))
        },
        really: "Write `db` under `cache_kwargs`, which every release takes.",
        shown: &[Proxy("shared/router-db"), Signatures],
        ..NOTHING
    },
    Claim {
        page: SETTINGS,
        says: "`use_redis_transaction_buffer` collects spend in Redis.",
        config: "general_settings:\n  use_redis_transaction_buffer: true\nlitellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n    host: redis.example.com\n    port: 6379\n",
        holds: |case| in_redis(case, Part::SpendQueue),
        really: "",
        shown: &[Proxy("shared/buffer-cache"), Change(Behaviour::SpendBuffer)],
        ..NOTHING
    },
    Claim {
        page: DEADLOCKS,
        says: "`use_redis_transaction_buffer` needs a Redis: without, LiteLLM refuses to start.",
        config: "general_settings:\n  use_redis_transaction_buffer: true\n",
        holds: |case| {
            case.serving
                .as_ref()
                .is_some_and(|serving| matches!(serving.buffer, Buffer::Refused(_)))
        },
        really: "Older releases start, and lose spend.",
        shown: &[Change(Behaviour::SpendBufferNeedsRedis)],
        ..NOTHING
    },
    Claim {
        page: DEADLOCKS,
        says: "Setting `supported_call_types: []` keeps the buffer, without caching.",
        config: "general_settings:\n  use_redis_transaction_buffer: true\nlitellm_settings:\n  cache: True\n  cache_params:\n    type: redis\n    host: redis.example.com\n    port: 6379\n    supported_call_types: []\n",
        holds: |case| in_redis(case, Part::SpendQueue) && in_redis(case, Part::Lock),
        really: "",
        shown: &[Proxy("shared/types-coordination"), Change(Behaviour::SpendBuffer)],
        ..NOTHING
    },
    Claim {
        page: PROD,
        says: "`master_key: sk-1234` starts.",
        config: "general_settings:\n  master_key: sk-1234\n",
        holds: |case| {
            case.serving
                .as_ref()
                .is_some_and(|serving| matches!(serving.master_key, MasterKey::Accepted))
        },
        really: "The example of this page, and of many others, no longer does.",
        shown: &[Keys("written"), Change(Behaviour::MasterKeyIsChecked)],
        ..NOTHING
    },
    Claim {
        page: PROD,
        says: "Of a cache without a router's Redis, the router shares usage, too.",
        config: cache!("    host: redis.example.com\n    port: 6379\n"),
        holds: |case| in_redis(case, Part::Usage),
        really: "The page gives the router and the cache the same Redis; one is enough where this is so.",
        shown: &[Proxy("shared/cache"), Change(Behaviour::RouterSharesCoordinationRedis)],
        ..NOTHING
    },
    Claim {
        page: PROD,
        says: "With `url`, the client that serves requests takes the same timeouts as with host and port.",
        config: cache!("    url: redis://redis.example.com:6379\n"),
        holds: |case| {
            case.serves().is_some_and(|connection| !connection.socket_timeout.value.is_none())
        },
        really: "The page advises against URLs for their speed. What differs on older releases is what the client holds: no timeout, and no pool of LiteLLM's own.",
        shown: &[
            Change(Behaviour::UrlTakesConnectionSettings),
            Change(Behaviour::UrlUsesBlockingPool),
        ],
        ..NOTHING
    },
    Claim {
        page: DEPLOY,
        says: "`REDIS_*` alone, without a cache, share the limits of keys among containers.",
        config: "router_settings:\n  num_retries: 2\n",
        env: &[("REDIS_HOST", HOST), ("REDIS_PORT", "6379")],
        holds: |case| in_redis(case, Part::Limits),
        really: "They do where that Redis answers at start-up, and no later.",
        shown: &[Proxy("shared/environment"), Change(Behaviour::CoordinationFromEnvironmentAlone)],
        ..NOTHING
    },
    Claim {
        page: DEPLOY,
        says: "`router_settings` with a Redis share the RPM and TPM limits of keys among containers.",
        config: "router_settings:\n  redis_host: redis.example.com\n  redis_password: correct-horse\n  redis_port: 1992\n",
        holds: |case| in_redis(case, Part::Limits),
        really: "The router's usage is shared, and so are cooldowns. Limits of keys, users and teams stay in each process.",
        shown: &[Proxy("shared/router"), Proxy("shared/router-coordination")],
        ..NOTHING
    },
    Claim {
        page: BALANCING,
        says: "`cache_params` under `router_settings` bound the router's pool.",
        config: "router_settings:\n  redis_host: redis.example.com\n  redis_port: 6379\n  cache_params:\n    type: redis\n    max_connections: 100\n",
        holds: |case| {
            case.client(Consumer::Router, Api::Async)
                .and_then(|client| client.connection.as_ref())
                .is_some_and(|connection| connection.max_connections == Some(100))
        },
        really: "The router has no such setting and drops it. `max_connections` under `cache_kwargs` does it.",
        shown: &[Start("router-fb6e667a"), Signatures],
        ..NOTHING
    },
    Claim {
        page: BREAKER,
        says: "Since 1.82.0, five failures in a row stop LiteLLM from asking Redis for a minute.",
        config: PLAIN,
        env: &[("REDIS_HOST", HOST), ("REDIS_PORT", "6379")],
        holds: |case| case.pair.behaves(Behaviour::CircuitBreaker),
        really: "The published wheels have it from 1.82.6 on.",
        shown: &[Change(Behaviour::CircuitBreaker)],
        ..NOTHING
    },
    Claim {
        page: BREAKER,
        says: "A Redis that is down does not hold LiteLLM up.",
        config: cache!("    host: redis.example.com\n    port: 6379\n"),
        holds: |case| !case.pair.behaves(Behaviour::ConnectIsRetried),
        really: "Requests go on, and start-up waits: newer redis-py tries a refused connection eleven times for each of two commands, up to 10 seconds in all, before LiteLLM serves; releases between sleep up to 28 seconds.",
        shown: &[Delays],
        ..NOTHING
    },
    Claim {
        page: SETTINGS,
        says: "Without `coordination_redis`, a semantic cache's Redis shares limits, too.",
        config: "litellm_settings:\n  cache: true\n  cache_params:\n    type: local\n",
        holds: |case| {
            case.serving.as_ref().is_some_and(|serving| {
                !matches!(serving.sharing.of(Part::Limits).why, Why::OtherCache(_) | Why::NoRedis)
            })
        },
        really: "Only `type: redis` does. Another cache, of whatever type, keeps limits in each process.",
        shown: &[Proxy("shared/local-environment"), Proxy("shared/local-router")],
        ..NOTHING
    },
];
