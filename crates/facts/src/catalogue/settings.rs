//! Settings of LiteLLM's own: the cache's, the router's, the proxy's.

use super::field::Kind::{Any, Bool, Choice, Float, Int, List, ListOf, Map, Path, Str, Url};
use super::field::Reach::{CacheTypes, Litellm};
use super::field::{Field, Kind, Known, Reach, Section};
use crate::Behaviour;

const fn cache(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    reach: Reach,
    meaning: &'static str,
) -> Field {
    Field {
        name,
        sections: &[Section::CacheParams],
        kind,
        default,
        meaning,
        reach,
        known: Known::Cache,
    }
}

const fn router(
    name: &'static str,
    kind: Kind,
    default: &'static str,
    meaning: &'static str,
) -> Field {
    Field {
        name,
        sections: &[Section::RouterSettings],
        kind,
        default,
        meaning,
        reach: Litellm,
        known: Known::Router,
    }
}

const fn setting(
    section: &'static [Section],
    name: &'static str,
    kind: Kind,
    default: &'static str,
    known: Known,
    meaning: &'static str,
) -> Field {
    Field { name, sections: section, kind, default, meaning, reach: Litellm, known }
}

const PROXY: &[Section] = &[Section::LitellmSettings];
const GENERAL: &[Section] = &[Section::GeneralSettings];
const S3: Reach = CacheTypes(&["s3"]);
const GCS: Reach = CacheTypes(&["gcs"]);
const BLOB: Reach = CacheTypes(&["azure-blob"]);
const QDRANT: Reach = CacheTypes(&["qdrant-semantic"]);
const REDIS_SEMANTIC: Reach = CacheTypes(&["redis-semantic"]);
const VALKEY: Reach = CacheTypes(&["valkey-semantic"]);
const SEMANTIC: Reach = CacheTypes(&["redis-semantic", "valkey-semantic", "qdrant-semantic"]);

/// What `supported_call_types` may name.
pub const CALL_TYPES: &[&str] = &[
    "completion",
    "acompletion",
    "embedding",
    "aembedding",
    "atranscription",
    "transcription",
    "atext_completion",
    "text_completion",
    "arerank",
    "rerank",
    "responses",
    "aresponses",
    "anthropic_messages",
    "aanthropic_messages",
];

/// `litellm_settings.cache_params`, connection settings aside.
#[rustfmt::skip]
pub(super) static CACHE: &[Field] = &[
    // `Choice` is narrowed to what a release knows when a schema is made.
    cache("type", Choice(&["local", "redis", "redis-semantic", "valkey-semantic", "s3", "disk", "qdrant-semantic", "azure-blob", "gcs"]), "local", Litellm, "Where responses are kept. With cache_params present and no type, it is `local`: in memory, and REDIS_* are not used."),
    cache("mode", Choice(&["default_on", "default_off"]), "default_on", Litellm, "Whether requests are cached unless they say no (`default_on`), or only if they say yes (`default_off`)."),
    cache("ttl", Float, "", Litellm, "Seconds that a response is kept: without it 60 in Redis, and 600 in memory (`type: local`)."),
    cache("default_in_memory_ttl", Float, "", Litellm, "Seconds that a response is kept in memory."),
    cache("default_in_redis_ttl", Float, "", Litellm, "Seconds that a response is kept in Redis."),
    cache("supported_call_types", ListOf(CALL_TYPES), "", Litellm, "The kinds of calls that are cached; all without it."),
    cache("similarity_threshold", Float, "", SEMANTIC, "How alike two prompts must be, from 0 to 1."),
    cache("redis_semantic_cache_embedding_model", Str, "text-embedding-ada-002", REDIS_SEMANTIC, "The embedding model."),
    cache("redis_semantic_cache_use_async", Bool, "false", REDIS_SEMANTIC, "Whether the search index is used from async code."),
    cache("redis_semantic_cache_index_name", Str, "", REDIS_SEMANTIC, "The name of the search index."),
    cache("valkey_semantic_cache_embedding_model", Str, "text-embedding-ada-002", VALKEY, "The embedding model."),
    cache("valkey_semantic_cache_index_name", Str, "", VALKEY, "The name of the search index."),
    cache("semantic_cache_embedding_max_input_tokens", Int, "", SEMANTIC, "Tokens after which a prompt is cut before it is embedded."),
    cache("semantic_cache_embedding_timeout", Float, "5", SEMANTIC, "Seconds to wait for an embedding before the request goes on without the cache."),
    cache("semantic_cache_scope", Choice(&["key", "end_user"]), "key", SEMANTIC, "Who shares cached answers: a virtual key, or an end user."),
    cache("max_messages", Int, "4", SEMANTIC, "How many of the last messages are compared."),
    cache("s3_bucket_name", Str, "", S3, "The bucket."),
    cache("s3_region_name", Str, "", S3, "The bucket's region."),
    cache("s3_api_version", Str, "", S3, "The version of the S3 API."),
    cache("s3_use_ssl", Bool, "true", S3, "Whether S3 is reached by HTTPS."),
    cache("s3_verify", Any, "", S3, "Whether the certificate is verified, or a CA file."),
    cache("s3_endpoint_url", Url, "", S3, "The endpoint of an S3-like store."),
    cache("s3_aws_access_key_id", Str, "", S3, "The AWS access key's ID."),
    cache("s3_aws_secret_access_key", Str, "", S3, "The AWS access key's secret."),
    cache("s3_aws_session_token", Str, "", S3, "The AWS session token."),
    cache("s3_config", Any, "", S3, "A botocore Config. Only Python code can make one."),
    cache("s3_path", Str, "", S3, "The prefix of keys in the bucket."),
    cache("gcs_bucket_name", Str, "", GCS, "The bucket."),
    cache("gcs_path_service_account", Path, "", GCS, "The file with the service account's key."),
    cache("gcs_path", Str, "", GCS, "The prefix of keys in the bucket."),
    cache("azure_account_url", Url, "", BLOB, "The storage account's URL."),
    cache("azure_blob_container", Str, "", BLOB, "The container."),
    cache("disk_cache_dir", Path, "", CacheTypes(&["disk"]), "The directory of a disk cache."),
    cache("qdrant_api_base", Url, "", QDRANT, "Qdrant's URL."),
    cache("qdrant_api_key", Str, "", QDRANT, "Qdrant's API key."),
    cache("qdrant_collection_name", Str, "", QDRANT, "The collection."),
    cache("qdrant_quantization_config", Choice(&["binary", "scalar", "product"]), "binary", QDRANT, "How vectors are compressed."),
    cache("qdrant_semantic_cache_embedding_model", Str, "text-embedding-ada-002", QDRANT, "The embedding model."),
    cache("qdrant_semantic_cache_vector_size", Int, "", QDRANT, "The length of the model's vectors."),
    Field { name: "redis_url", sections: &[Section::CacheParams], kind: Url, default: "", meaning: "The server as one URL. Only semantic caches take it; a redis cache takes `url`.", reach: CacheTypes(&["redis-semantic", "valkey-semantic"]), known: Known::Always },
];

/// `router_settings`.
#[rustfmt::skip]
pub(super) static ROUTER: &[Field] = &[
    router("redis_url", Url, "", "The router's Redis as one URL."),
    router("redis_host", Str, "", "The host of the router's Redis. It counts only with redis_port beside it."),
    router("redis_port", Int, "", "The port of the router's Redis. It counts only with redis_host beside it."),
    router("redis_password", Str, "", "The password of the router's Redis."),
    router("redis_db", Int, "", "The database of the router's Redis. Deprecated: write `db` under cache_kwargs."),
    router("cache_kwargs", Map, "{}", "Further settings of the router's Redis, such as `ssl`. They count only with redis_url, or redis_host and redis_port."),
    router("cache_responses", Bool, "false", "Whether the router caches responses itself."),
    router("caching_groups", List, "", "Lists of model groups that share cached responses."),
    router("client_ttl", Int, "3600", "Seconds after which a provider's client is made anew."),
    router("routing_strategy", Choice(&["simple-shuffle", "least-busy", "usage-based-routing", "usage-based-routing-v2", "latency-based-routing", "lar1", "provider-budget-routing", "cost-based-routing"]), "simple-shuffle", "How a deployment is chosen. Strategies based on usage need Redis when there is more than one replica."),
    router("routing_strategy_args", Map, "{}", "Settings of the routing strategy."),
    router("routing_groups", List, "", "Sets of models with a routing strategy of their own."),
    router("model_group_alias", Map, "{}", "Other names for model groups."),
    router("num_retries", Int, "2", "How often a failed request is tried again."),
    router("max_fallbacks", Int, "5", "How many fallbacks are tried."),
    router("timeout", Float, "", "Seconds that a request may take."),
    router("stream_timeout", Float, "", "Seconds that a streaming request may take."),
    router("default_litellm_params", Map, "", "Parameters for every call."),
    router("default_max_parallel_requests", Int, "", "The most requests at once to a deployment."),
    router("default_fallbacks", List, "", "Fallbacks for every model group."),
    router("fallbacks", List, "[]", "Fallbacks by model group."),
    router("context_window_fallbacks", List, "[]", "Fallbacks for prompts that are too long."),
    router("content_policy_fallbacks", List, "[]", "Fallbacks for refused content."),
    router("enable_pre_call_checks", Bool, "false", "Whether deployments whose context is too small are left out."),
    router("enable_tag_filtering", Bool, "false", "Whether tags choose deployments."),
    router("tag_filtering_match_any", Bool, "true", "Whether one tag in common is enough."),
    router("tag_routing_prefix", Str, "", "The prefix of tags that route."),
    router("retry_after", Int, "0", "Seconds to wait before a request is tried again."),
    router("retry_policy", Map, "", "Retries by kind of failure."),
    router("model_group_retry_policy", Map, "{}", "Retries by model group."),
    router("allowed_fails", Int, "", "Failures after which a deployment rests."),
    router("allowed_fails_policy", Map, "", "Failures allowed, by kind."),
    router("cooldown_time", Float, "5", "Seconds that a failing deployment rests."),
    router("disable_cooldowns", Bool, "", "Whether failing deployments never rest."),
    router("fallback_on_unsupported_params", Bool, "true", "Whether parameters that a model lacks lead to a fallback."),
    router("optional_pre_call_checks", List, "", "Further checks before a call."),
    router("provider_budget_config", Map, "", "Budgets by provider."),
    router("alerting_config", Map, "", "Slack alerts."),
    router("polling_interval", Float, "", "Seconds between two looks at the queue."),
    router("default_priority", Int, "", "The priority of requests that name none."),
    router("set_verbose", Bool, "false", "Whether the router logs more."),
    router("debug_level", Choice(&["DEBUG", "INFO"]), "INFO", "How much the router logs."),
    router("deployment_affinity_ttl_seconds", Int, "3600", "Seconds that a user stays with a deployment."),
    router("model_group_affinity_config", Map, "", "Affinity checks by model group."),
    router("enable_health_check_routing", Bool, "false", "Whether unhealthy deployments are left out."),
    router("health_check_staleness_threshold", Int, "", "Seconds after which a health check no longer counts."),
    router("health_check_ignore_transient_errors", Bool, "false", "Whether passing failures count as healthy."),
    router("background_health_check_model_groups", List, "", "Model groups whose health is checked in the background."),
    router("enable_weighted_failover", Bool, "false", "Whether a failure first tries the group's other deployments."),
    router("enable_mid_stream_fallback_continuation", Bool, "false", "Whether a broken stream goes on with another deployment."),
    router("session_affinity_repin_on_failover", Bool, "false", "Whether a session moves to the deployment that took over."),
    router("plugins", List, "", "Routing plugins."),
    router("ignore_invalid_deployments", Bool, "false", "Whether invalid deployments are left out instead of stopping start-up."),
    router("assistants_config", Map, "", "Settings of the assistants API."),
    router("search_tools", List, "", "Search tools."),
    router("guardrail_list", List, "", "Guardrails."),
    router("router_general_settings", Map, "", "Further settings of the router."),
    router("model_list", List, "", "Set by the proxy from `model_list`; do not write it here."),
    router("fallback_access_check", Any, "", "Set by the proxy; do not write it here."),
    router("fallback_budget_check", Any, "", "Set by the proxy; do not write it here."),
    router("auto_router_capability_limit", Any, "", "Set by the proxy; do not write it here."),
];

/// Keys of `litellm_settings` and `general_settings` that have to do with Redis.
#[rustfmt::skip]
pub(super) static PROXY_SETTINGS: &[Field] = &[
    setting(PROXY, "cache", Bool, "false", Known::Always, "Whether responses are cached."),
    setting(PROXY, "cache_params", Map, "", Known::Always, "Where and how responses are cached. Empty or left out, it is Redis by REDIS_*."),
    setting(PROXY, "enable_redis_auth_cache", Bool, "false", Known::Since(Behaviour::RedisAuthCache), "Whether virtual keys are looked up in Redis first. It needs a redis cache."),
    setting(PROXY, "default_redis_batch_cache_expiry", Float, "", Known::Always, "Seconds that batch-written entries are kept."),
    setting(GENERAL, "coordination_redis", Map, "", Known::Since(Behaviour::CoordinationRedis), "The Redis for limits, spend and locks across replicas. It wins over the response cache's."),
    setting(GENERAL, "use_redis_transaction_buffer", Bool, "false", Known::Since(Behaviour::SpendBuffer), "Whether spend is collected in Redis before it goes to the database. It needs Redis."),
    setting(GENERAL, "use_shared_health_check", Bool, "false", Known::Since(Behaviour::SharedHealthCheck), "Whether replicas share health checks through Redis. It needs Redis."),
    setting(GENERAL, "user_api_key_cache_ttl", Float, "60", Known::Always, "Seconds that a virtual key's data is cached."),
    setting(GENERAL, "user_api_key_cache_max_size", Int, "200", Known::Since(Behaviour::AuthCacheSize), "How many virtual keys are cached in memory."),
    setting(GENERAL, "fail_closed_rate_limit_enforcement", Bool, "false", Known::Since(Behaviour::FailClosedRateLimits), "Whether requests are refused while the rate limits in Redis can't be read."),
];
