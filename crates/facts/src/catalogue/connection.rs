//! Settings of a Redis connection: redis-py's, and LiteLLM's own beside them.

use super::field::Kind::{
    Bool, Choice, Float, Int, Json, List, Map, Nodes, Object, Pairs, Path, Str, Url,
};
use super::field::Reach::{Cluster, Every, Sentinel, Standalone, SyncStandalone, Tls};
use super::field::{Field, Kind, Known, Reach, Section};
use crate::Behaviour;

/// Where connection settings are written.
const ANYWHERE: &[Section] =
    &[Section::CacheParams, Section::CacheKwargs, Section::CoordinationRedis];

/// Router clients of a cluster come from here.
const NODES: &[Section] = &[Section::CacheParams, Section::CacheKwargs, Section::CoordinationRedis];

const fn redis_py(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    reach: Reach,
    meaning: &'static str,
) -> Field {
    Field { name, sections: ANYWHERE, kind, default, meaning, reach, known: Known::RedisPy }
}

const fn litellm(
    name: &'static str,
    kind: Kind,
    known: Known,
    reach: Reach,
    meaning: &'static str,
) -> Field {
    Field { name, sections: ANYWHERE, kind, default: "", meaning, reach, known }
}

#[rustfmt::skip]
pub(super) static FIELDS: &[Field] = &[
    redis_py("host", Str, "localhost", Standalone, "The server's host name or address."),
    redis_py("port", Int, "6379", Standalone, "The server's port."),
    redis_py("db", Int, "0", Standalone, "The number of the database to select."),
    redis_py("username", Str, "", Every, "The ACL user to authenticate as; without it, `default`."),
    redis_py("password", Str, "", Every, "The password to authenticate with."),
    litellm("url", Url, Known::Always, Standalone, "The server as one URL; `rediss://` turns TLS on. It replaces host, port, db and password, and TLS settings beside it are dropped."),
    litellm("startup_nodes", Nodes, Known::Always, Cluster, "The nodes through which a Redis Cluster is found. The response cache takes `redis_startup_nodes` instead."),
    litellm("sentinel_nodes", Pairs, Known::Always, Sentinel, "The sentinels that know the master, as `[host, port]` pairs."),
    litellm("service_name", Str, Known::Always, Sentinel, "The name under which the sentinels know the master."),
    litellm("sentinel_password", Str, Known::Always, Sentinel, "The sentinels' own password."),
    redis_py("ssl", Bool, "false", Every, "Whether the connection uses TLS."),
    redis_py("ssl_cert_reqs", Choice(&["required", "optional", "none"]), "required", Tls, "Whether the server's certificate must be valid: `required`, `optional` or `none`, in lower case. Null means `none`."),
    redis_py("ssl_check_hostname", Bool, "", Tls, "Whether the certificate must name the host. Redis-py up to 5 does not check it by default, later ones do."),
    redis_py("ssl_ca_certs", Path, "", Tls, "A file of CA certificates to trust instead of the system's."),
    redis_py("ssl_ca_path", Path, "", Tls, "A directory of CA certificates to trust instead of the system's."),
    redis_py("ssl_ca_data", Str, "", Tls, "CA certificates to trust, in PEM form, as text."),
    redis_py("ssl_certfile", Path, "", Tls, "The client certificate to present."),
    redis_py("ssl_keyfile", Path, "", Tls, "The client certificate's private key."),
    redis_py("ssl_password", Str, "", Tls, "The password of the private key's file."),
    redis_py("ssl_min_version", Int, "", Tls, "The lowest TLS version, as Python's number: 771 is TLS 1.2, 772 is TLS 1.3."),
    redis_py("ssl_ciphers", Str, "", Tls, "The TLS cipher suites to offer, in OpenSSL's notation."),
    redis_py("ssl_include_verify_flags", List, "", Tls, "Certificate verification flags to set."),
    redis_py("ssl_exclude_verify_flags", List, "", Tls, "Certificate verification flags to clear."),
    redis_py("ssl_validate_ocsp", Bool, "false", SyncStandalone, "Whether to ask the CA if the certificate was revoked."),
    redis_py("ssl_validate_ocsp_stapled", Bool, "false", SyncStandalone, "Whether to require a stapled proof that the certificate was not revoked."),
    redis_py("ssl_ocsp_context", Object, "", SyncStandalone, "An OpenSSL context for OCSP. Only Python code can make one."),
    redis_py("ssl_ocsp_expected_cert", Str, "", SyncStandalone, "The certificate to expect in the stapled OCSP response."),
    redis_py("socket_timeout", Float, "5", Every, "Seconds to wait for an answer. LiteLLM's cache sets 5 itself, so REDIS_SOCKET_TIMEOUT does not change it."),
    redis_py("socket_connect_timeout", Float, "", Every, "Seconds to wait for a connection."),
    redis_py("socket_read_size", Int, "", Every, "Bytes to read from the socket at once."),
    redis_py("socket_keepalive", Bool, "", Every, "Whether to keep idle connections alive with TCP keep-alive."),
    redis_py("socket_keepalive_options", Map, "", Every, "TCP keep-alive options by their number."),
    redis_py("health_check_interval", Float, "0", Every, "Seconds of silence after which a connection is checked with PING before use; 0 never."),
    redis_py("max_connections", Int, "", Every, "The most connections that the pool opens. LiteLLM's async pool opens 50 without it."),
    redis_py("retry_on_timeout", Bool, "false", Every, "Whether to try again after a timeout."),
    redis_py("retry_on_error", List, "", Standalone, "Exceptions to try again after. Only Python code can name them."),
    redis_py("retry", Object, "", Every, "A retry policy. Only Python code can make one."),
    redis_py("client_name", Str, "", Every, "The name to give the connection on the server (CLIENT SETNAME)."),
    redis_py("protocol", Int, "", Every, "The version of the Redis protocol, 2 or 3."),
    redis_py("unix_socket_path", Path, "", Standalone, "A Unix socket to connect to. LiteLLM requires a host or a url as well."),
    redis_py("encoding", Str, "utf-8", Every, "How text is encoded."),
    redis_py("encoding_errors", Str, "strict", Every, "What to do with text that can't be encoded."),
    redis_py("decode_responses", Bool, "false", Every, "Whether answers are decoded to text."),
    redis_py("charset", Str, "", SyncStandalone, "Old name of `encoding`."),
    redis_py("errors", Str, "", SyncStandalone, "Old name of `encoding_errors`."),
    redis_py("single_connection_client", Bool, "false", Standalone, "Whether the client keeps one connection for itself."),
    redis_py("lib_name", Str, "redis-py", Every, "The library name sent to the server."),
    redis_py("lib_version", Str, "", Every, "The library version sent to the server."),
    redis_py("driver_info", Object, "", Every, "More about the library for the server. Only Python code can make it."),
    redis_py("legacy_responses", Bool, "true", Every, "Whether answers keep the shapes of the old protocol."),
    redis_py("redis_connect_func", Object, "", Standalone, "A function that sets up each connection. Only Python code can make one."),
    redis_py("credential_provider", Object, "", Every, "An object that gives user and password. Only Python code can make one."),
    redis_py("connection_pool", Object, "", Standalone, "A ready connection pool. Only Python code can make one."),
    redis_py("cache", Object, "", SyncStandalone, "A client-side cache. Only Python code can make one."),
    redis_py("cache_config", Object, "", SyncStandalone, "Settings of a client-side cache. Only Python code can make them."),
    redis_py("event_dispatcher", Object, "", Standalone, "redis-py's event dispatcher. Only Python code can make one."),
    redis_py("maint_notifications_config", Object, "", Standalone, "How to handle maintenance notices. Only Python code can make it."),
    redis_py("oss_cluster_maint_notifications_handler", Object, "", Standalone, "Part of redis-py's cluster client. Only Python code can make it."),
    litellm("gcp_service_account", Str, Known::Since(Behaviour::GcpIam), Every, "The GCP service account whose IAM token authenticates: `projects/-/serviceAccounts/…`. Under cache_params it works for clusters alone."),
    litellm("gcp_ssl_ca_certs", Path, Known::Since(Behaviour::GcpIam), Tls, "The CA file of Memorystore, used with gcp_service_account and `ssl: true`."),
    litellm("azure_redis_ad_token", Bool, Known::Since(Behaviour::AzureAd), Every, "Whether to authenticate with a Microsoft Entra ID token."),
    litellm("azure_client_id", Str, Known::Since(Behaviour::AzureAd), Every, "The client ID of the Entra ID application or managed identity."),
    litellm("azure_tenant_id", Str, Known::Since(Behaviour::AzureAd), Every, "The tenant ID of the Entra ID application."),
    litellm("azure_client_secret", Str, Known::Since(Behaviour::AzureAd), Every, "The secret of the Entra ID application."),
    litellm("aws_iam_auth", Bool, Known::Since(Behaviour::AwsIam), Every, "Whether to authenticate to ElastiCache with an AWS IAM token. It needs TLS."),
    litellm("aws_iam_user_name", Str, Known::Since(Behaviour::AwsIam), Every, "The IAM-enabled ElastiCache user."),
    litellm("aws_iam_cache_name", Str, Known::Since(Behaviour::AwsIam), Every, "The name of the replication group or serverless cache; not its host name."),
    litellm("aws_iam_region", Str, Known::Since(Behaviour::AwsIam), Every, "The AWS region; without it AWS_REGION or AWS_DEFAULT_REGION."),
    litellm("aws_iam_serverless", Bool, Known::Since(Behaviour::AwsIam), Every, "Whether the cache is a serverless one."),
    Field { name: "redis_startup_nodes", sections: &[Section::CacheParams], kind: Nodes, default: "", meaning: "The nodes through which a Redis Cluster is found.", reach: Cluster, known: Known::Always },
    Field { name: "redis_flush_size", sections: NODES, kind: Int, default: "", meaning: "How many answers a process gathers before it writes them to Redis together; without it, each is written at once.", reach: Reach::Litellm, known: Known::Always },
    Field { name: "namespace", sections: NODES, kind: Str, default: "", meaning: "A prefix for every key: `namespace:`.", reach: Reach::Litellm, known: Known::Always },
];

const fn variable(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    known: Known,
    reach: Reach,
    meaning: &'static str,
) -> Field {
    Field { name, sections: &[Section::Environment], kind, default, meaning, reach, known }
}

/// Variables beside the `REDIS_…` of each connection setting.
#[rustfmt::skip]
pub(super) static VARIABLES: &[Field] = &[
    variable("REDIS_CLUSTER_NODES", Json, "", Known::Always, Cluster, "The startup nodes of a Redis Cluster, as a JSON list of `host` and `port` objects."),
    variable("REDIS_SENTINEL_NODES", Json, "", Known::Always, Sentinel, "The sentinels, as a JSON list of `[host, port]` pairs."),
    variable("REDIS_SERVICE_NAME", Str, "", Known::Always, Sentinel, "The name under which the sentinels know the master."),
    variable("REDIS_SENTINEL_PASSWORD", Str, "", Known::Always, Sentinel, "The sentinels' own password."),
    variable("REDIS_AZURE_AD_TOKEN", Bool, "", Known::Since(Behaviour::AzureAd), Every, "Whether to authenticate with a Microsoft Entra ID token."),
    variable("AZURE_CLIENT_ID", Str, "", Known::Since(Behaviour::AzureAd), Every, "The client ID of the Entra ID application or managed identity."),
    variable("AZURE_TENANT_ID", Str, "", Known::Since(Behaviour::AzureAd), Every, "The tenant ID of the Entra ID application."),
    variable("AZURE_CLIENT_SECRET", Str, "", Known::Since(Behaviour::AzureAd), Every, "The secret of the Entra ID application."),
    variable("AWS_REGION", Str, "", Known::Since(Behaviour::AwsIam), Every, "The AWS region, where aws_iam_region is not given."),
    variable("AWS_DEFAULT_REGION", Str, "", Known::Since(Behaviour::AwsIam), Every, "The AWS region, where neither aws_iam_region nor AWS_REGION is given."),
    variable("VALKEY_HOST", Str, "", Known::Since(Behaviour::ValkeySemanticCache), Reach::CacheTypes(&["valkey-semantic"]), "The host of a valkey-semantic cache; without it REDIS_HOST."),
    variable("VALKEY_PORT", Int, "", Known::Since(Behaviour::ValkeySemanticCache), Reach::CacheTypes(&["valkey-semantic"]), "The port of a valkey-semantic cache; without it REDIS_PORT."),
    variable("VALKEY_PASSWORD", Str, "", Known::Since(Behaviour::ValkeySemanticCache), Reach::CacheTypes(&["valkey-semantic"]), "The password of a valkey-semantic cache; without it REDIS_PASSWORD."),
    variable("REDIS_CONNECTION_POOL_TIMEOUT", Int, "5", Known::Since(Behaviour::ConstantsReadEnvironment), Standalone, "Seconds to wait for a free connection of the async pool."),
    variable("REDIS_CIRCUIT_BREAKER_ENABLED", Bool, "true", Known::Since(Behaviour::ValkeySemanticCache), Reach::Litellm, "Whether LiteLLM stops calling a Redis that keeps failing."),
    variable("REDIS_CIRCUIT_BREAKER_FAILURE_THRESHOLD", Int, "5", Known::Since(Behaviour::CircuitBreaker), Reach::Litellm, "Failures in a row after which LiteLLM stops calling Redis."),
    variable("REDIS_CIRCUIT_BREAKER_RECOVERY_TIMEOUT", Int, "60", Known::Since(Behaviour::CircuitBreaker), Reach::Litellm, "Seconds after which LiteLLM tries a failing Redis again."),
    variable("REDIS_CIRCUIT_BREAKER_TIMEOUT_MIN_DURATION", Float, "5", Known::Since(Behaviour::CircuitBreakerTimeouts), Reach::Litellm, "Seconds that timeouts must go on before they count as failures."),
    variable("REDIS_TIMEOUT_LOG_INTERVAL", Float, "5", Known::Since(Behaviour::TimeoutLogInterval), Reach::Litellm, "Seconds between two log lines about timeouts."),
    variable("REDIS_SOCKET_TIMEOUT", Float, "5", Known::Always, Every, "Seconds to wait for an answer where no `socket_timeout` is set; before LiteLLM 1.108.0 for Sentinel alone, and 0.1 by default."),
    variable("DEFAULT_COOLDOWN_REDIS_READ_INTERVAL_SECONDS", Float, "1", Known::Since(Behaviour::CooldownReadInterval), Reach::Litellm, "Seconds for which the router remembers the cooldowns that it read from Redis."),
    variable("QDRANT_SCALAR_QUANTILE", Float, "0.99", Known::Since(Behaviour::ConstantsReadEnvironment), Reach::CacheTypes(&["qdrant-semantic"]), "The quantile of the index of a qdrant-semantic cache."),
    variable("QDRANT_VECTOR_SIZE", Int, "1536", Known::Since(Behaviour::ConstantsReadEnvironment), Reach::CacheTypes(&["qdrant-semantic"]), "The size of the vectors of a qdrant-semantic cache."),
    variable("DEFAULT_REDIS_SYNC_INTERVAL", Int, "1", Known::Since(Behaviour::ConstantsReadEnvironment), Reach::Litellm, "Seconds between two exchanges of in-memory counters with Redis."),
    variable("DEFAULT_REDIS_MAJOR_VERSION", Int, "7", Known::Since(Behaviour::RedisMajorVersion), Reach::Litellm, "The Redis version to assume where the server does not tell."),
    variable("DEFAULT_MAX_REDIS_BATCH_CACHE_SIZE", Int, "1000", Known::Since(Behaviour::BatchCacheSize), Reach::Litellm, "How many keys a batch read of the cache remembers."),
    variable("MAX_REDIS_BUFFER_DEQUEUE_COUNT", Int, "100", Known::Since(Behaviour::ConstantsReadEnvironment), Reach::Litellm, "How many buffered spend updates are taken from Redis at once."),
];
