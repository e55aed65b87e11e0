//! The semantic cache and the search module that it needs.

use super::{cause, defect, litellm, native, python, server};
use crate::{Entry, When};

const NEEDS: &str = "Use a Redis with the search module: Redis 8, redis-stack-server, Redis Cloud, or Valkey with valkey-search for valkey-semantic.";
const SEMANTIC: When = When::Any(&[
    When::ResponseCache(&["RedisSemanticCache", "ValkeySemanticCache"]),
    When::CacheType(&["redis-semantic", "valkey-semantic", "qdrant-semantic"]),
]);

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "no-search-module",
        "The server has no search module",
        &[
            server("unknown command 'FT.", "Redis without RediSearch"),
            server("unknown command `FT.", "Redis 5 and 6 without RediSearch"),
            python("Required Redis db module", "redisvl/redis/connection.py validate_modules"),
            python("RedisModuleVersionError", "redisvl/exceptions.py"),
            python("the redisearch module to be loaded on redis-server", "redisvl before 0.4"),
            server("unknown command 'FT._LIST'", "Redis without RediSearch"),
            server("unknown command 'MODULE'", "a service without modules"),
            server("unknown command `MODULE`", "a service without modules, Redis 5 and 6"),
        ],
        "A semantic cache keeps vectors in an index of RediSearch, and this server has none.",
        &[
            cause(SEMANTIC, "The cache is semantic, and its server a plain Redis.", NEEDS),
            cause(When::Not(&SEMANTIC), "The cache of this configuration is not semantic: the text comes from another one.", "Check that this is the configuration that runs."),
        ],
        "`redis-cli -h HOST FT._LIST` and `MODULE LIST`.",
    )
    .outcome("server_state"),
    Entry::new(
        "index-not-found",
        "The index is not there",
        &[
            server("Unknown Index name", "RediSearch before 2.10"),
            server("no such index", "RediSearch 2.10 and newer"),
            server("Unknown index name", "RediSearch"),
            server("Index with name '{}' not found", "valkey-search"),
        ],
        "The server lost the index: FLUSHALL, a restart without saving, or another database. RediSearch indexes database 0 alone.",
        &[
            cause(When::NumberedDatabase, "`db` is not 0, where alone RediSearch has indexes.", "Leave `db` at 0."),
            cause(When::Always, "The server was emptied after LiteLLM had made the index.", "Restart LiteLLM, which makes it again, and let Redis save (or not be emptied)."),
        ],
        "`FT._LIST` at the server.",
    )
    .outcome("server_state"),
    Entry::new(
        "index-differs",
        "The index is of another shape",
        &[
            server("Index already exists", "RediSearch"),
            server("does not match index's expected size", "RediSearch: Error parsing vector similarity query"),
            server("Error parsing vector similarity query", "RediSearch"),
            litellm("already exists with embedding dimension", "litellm/caching/valkey_semantic_cache.py _assert_dim_matches").seen("1.92.2", "1.110.2"),
            python("does not match the user provided schema for the semantic cache", "redisvl/extensions/llmcache/semantic.py"),
            python("If you wish to overwrite the index schema, set overwrite=True", "redisvl/extensions/llmcache/semantic.py"),
            python("does not match vectorizer dtype", "redisvl/extensions/llmcache/semantic.py"),
        ],
        "An index of this name was made for another embedding model, by another LiteLLM or release.",
        &[
            cause(When::Always, "The embedding model changed, or two caches share an index name.", "Drop the index (`FT.DROPINDEX litellm_semantic_cache_index DD`), or give each its own `redis_semantic_cache_index_name`."),
        ],
        "`FT.INFO INDEX`: dim of the vector field.",
    )
    .outcome("server_state"),
    Entry::new(
        "index-build-failed",
        "The semantic cache could not be set up",
        &[
            litellm("Redis semantic-cache index build failed", "litellm/caching/redis_semantic_cache.py _build_llmcache").seen("1.92.2", "1.110.2"),
            litellm("Got exception creating semantic cache index", "litellm/caching/redis_semantic_cache.py").seen("1.60.0", "1.63.8"),
            python("Failed to create index", "redisvl/index/index.py"),
            litellm("Error retrieving from Redis semantic cache", "litellm/caching/redis_semantic_cache.py").seen("1.67.4", "1.110.2"),
            litellm("in the Redis semantic cache", "litellm/caching/redis_semantic_cache.py").seen("1.67.4", "1.110.2"),
            litellm("Error in async_get_cache", "litellm/caching/redis_semantic_cache.py").seen("1.67.4", "1.110.2"),
            litellm("Error in async_set_cache", "litellm/caching/redis_semantic_cache.py").seen("1.67.4", "1.110.2"),
            litellm("Valkey semantic-cache", "litellm/caching/valkey_semantic_cache.py").seen("1.92.2", "1.110.2"),
        ],
        "The reason follows: no module, no connection, no embedding.",
        &[cause(When::Always, "Redis refused, or the embedding model failed.", "Look at the reason that follows.")],
        "The text after it.",
    )
    .envelope(),
    Entry::new(
        "embedding-failed",
        "The embedding model failed",
        &[
            litellm("Failed to generate embedding", "litellm/caching/redis_semantic_cache.py _get_async_embedding").seen("1.67.4", "1.110.2"),
            litellm("Error generating async embedding", "litellm/caching/redis_semantic_cache.py _get_async_embedding").seen("1.67.4", "1.110.2"),
            litellm("LLM Provider NOT provided", "litellm get_llm_provider").seen("1.60.0", "1.110.2"),
            python("Invalid embedding method", "redisvl/utils/vectorize/text/custom.py"),
            litellm("Missing expected key in embedding response", "litellm/caching/caching.py").seen("1.74.9", "1.110.2"),
        ],
        "A semantic cache embeds each prompt, and the model for it is unknown or refuses.",
        &[
            defect("LD14889"),
            cause(SEMANTIC, "`redis_semantic_cache_embedding_model` is not a `model_name` of `model_list`, nor a model with its provider (`openai/text-embedding-3-small`).", "Add the embedding model to `model_list` and name it, or write it with its provider."),
            cause(When::Not(&SEMANTIC), "The cache of this configuration is not semantic: the text comes from a request or another configuration.", "Name models with their provider."),
        ],
        "`model_list` and `redis_semantic_cache_embedding_model`.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "valkey-on-cluster",
        "valkey-semantic does not work on a cluster",
        &[
            litellm("valkey-semantic does not support cluster-mode-enabled", "litellm/caching/valkey_semantic_cache.py").seen("1.92.2", "1.110.2"),
            python("All keys must share a hash tag when using Redis Cluster", "redisvl/index/index.py"),
            python("Cross-slot error during", "redisvl/index/index.py"),
            native("Cross-slot", "redis-rs"),
        ],
        "A semantic cache searches one index on one server.",
        &[
            cause(When::Found(&["RP101"]), "Startup nodes are set beside a semantic cache.", "Point it at a server that is not a cluster (a primary with replicas is fine).").codes(&["RP101"]),
            cause(When::Always, "The semantic cache's server is a cluster.", "Point it at a server that is not a cluster (a primary with replicas is fine)."),
        ],
        "`INFO server`: redis_mode.",
    )
    .outcome("cluster_disabled"),
    Entry::new(
        "embedding-gets-the-whole-request",
        "The semantic cache passes on more than its embedding takes",
        &[python("_get_async_embedding() got an unexpected keyword argument", "litellm/caching/valkey_semantic_cache.py ValkeySemanticCache.async_get_cache")],
        "LiteLLM's own code calls itself wrongly: nothing is stored, and nothing found.",
        &[
            defect("LD32295"),
            cause(When::Always, "The release has the defect.", "Use LiteLLM 1.93.0 or newer."),
        ],
        "The release.",
    ),
];
