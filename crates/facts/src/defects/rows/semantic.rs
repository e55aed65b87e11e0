//! Semantic caches.

use crate::defects::Reach::Asked;
use crate::defects::Reference::{Issue, Pull};
use crate::defects::When::{All, AnyOf, Is, IsModelName, Names};
use crate::defects::{Affected, Defect};
use crate::version::v;

/// The type of the response cache.
const TYPE: &str = "litellm_settings.cache_params.type";

/// Which calls are cached.
const CALL_TYPES: &str = "litellm_settings.cache_params.supported_call_types";

pub(super) static ROWS: &[Defect] = &[
    Defect {
        id: "LD29086",
        name: "semantic-cache-only-hits-identical-requests",
        affected: &[Affected::between(v(1, 84, 0, 0), v(1, 90, 0, 0))],
        when: Is(TYPE, &["redis-semantic", "qdrant-semantic"]),
        depends: None,
        reach: Asked,
        happens: "The search is filtered by the hash of the whole request, so only an identical \
            request is ever found: the semantic cache behaves like an exact one, with an \
            embedding call on top.",
        cure: "Use LiteLLM 1.90.0 or newer.",
        references: &[Issue(29086), Pull(30675)],
        source: "RedisSemanticCache._get_cache_key_filter_expression, \
            caching/redis_semantic_cache.py, with Cache.get_cache_key's full hash; 1.90.0 \
            caching/caching.py makes a semantic key without messages, prompt, input.",
    },
    Defect {
        id: "LD19575",
        name: "semantic-cache-answers-across-tenants",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 84, 0, 0))],
        when: Is(TYPE, &["redis-semantic", "qdrant-semantic"]),
        depends: None,
        reach: Asked,
        happens: "A semantic cache finds any similar prompt, whoever asked it and of whatever model: \
            one team's answer is given to another, and `cache.namespace` does not separate them.",
        cure: "Use LiteLLM 1.90.0 or newer.",
        references: &[Issue(19575), Pull(26992)],
        source: "RedisSemanticCache.get_cache, caching/redis_semantic_cache.py: \
            llmcache.check(prompt=prompt) without filter; 1.84.0 CACHE_KEY_FIELD_NAME filter \
            (same in caching/qdrant_semantic_cache.py).",
    },
    Defect {
        id: "LD32295",
        name: "valkey-semantic-cache-finds-nothing",
        affected: &[Affected::between(v(1, 90, 0, 0), v(1, 93, 0, 0))],
        when: Is(TYPE, &["valkey-semantic"]),
        depends: None,
        reach: Asked,
        happens: "No request of the proxy is stored or found: `RedisSemanticCache._get_async_embedding() got an \
            unexpected keyword argument`, in debug logs alone.",
        cure: "Use LiteLLM 1.93.0 or newer.",
        references: &[Pull(32295), Issue(32324)],
        source: "ValkeySemanticCache.async_set_cache and async_get_cache, caching/valkey_semantic_cache.py: \
            _get_async_embedding(prompt, **kwargs); 1.93.0 metadata=kwargs.get('metadata').",
    },
    Defect {
        id: "LD9265",
        name: "semantic-cache-fails-on-list-content",
        affected: &[Affected::between(v(1, 60, 0, 0), v(1, 64, 1, 0))],
        when: Is(TYPE, &["redis-semantic"]),
        depends: Some("messages have content in parts"),
        reach: Asked,
        happens: "A message whose content is a list of parts fails the cache: `TypeError: sequence \
            item 0: expected str instance, list found`.",
        cure: "Use LiteLLM 1.64.1 or newer.",
        references: &[Issue(9265)],
        source: "RedisSemanticCache.set_cache, caching/redis_semantic_cache.py: \
            ''.join(message['content'] …); 1.64.1 get_str_from_messages.",
    },
    Defect {
        id: "LD28272",
        name: "semantic-cache-skips-the-responses-api",
        affected: &[Affected::between(v(1, 64, 1, 0), v(1, 90, 0, 0))],
        when: Is(TYPE, &["redis-semantic"]),
        depends: Some("clients use `/v1/responses`"),
        reach: Asked,
        happens: "Requests of the Responses API are neither stored nor found: only `messages` is read, \
            and they send `input`.",
        cure: "Use LiteLLM 1.90.0 or newer.",
        references: &[Issue(28272), Pull(29581)],
        source: "RedisSemanticCache.async_set_cache, caching/redis_semantic_cache.py: \
            kwargs.get('messages', []); 1.90.0 _get_prompt_from_kwargs.",
    },
    Defect {
        id: "LD14889",
        name: "semantic-cache-does-not-know-model-names",
        affected: &[Affected::between(v(1, 64, 1, 0), v(1, 91, 0, 0))],
        when: All(&[
            Is(TYPE, &["redis-semantic"]),
            IsModelName("litellm_settings.cache_params.redis_semantic_cache_embedding_model"),
        ]),
        depends: None,
        reach: Asked,
        happens: "The embedding model is called directly, not through the router: a `model_name` of \
            `model_list` is not understood, and start-up ends with \"LLM Provider NOT provided\" \
            / \"Invalid embedding method\".",
        cure: "Use LiteLLM 1.91.0 or newer, or write the provider's name (`azure/my-deployment`).",
        references: &[Issue(14889), Pull(24161)],
        source: "RedisSemanticCache._get_embedding, caching/redis_semantic_cache.py: \
            litellm.embedding(model=self.embedding_model) while the index is built at start-up; \
            1.91.0 builds lazily and asks resolve_embedding_router.",
    },
    Defect {
        id: "LD17495",
        name: "semantic-cache-finds-no-embeddings",
        affected: &[Affected::since(v(1, 60, 0, 0))],
        when: All(&[
            Is(TYPE, &["redis-semantic", "qdrant-semantic", "valkey-semantic"]),
            AnyOf(&[Names(CALL_TYPES, "embedding"), Names(CALL_TYPES, "aembedding")]),
        ]),
        depends: None,
        reach: Asked,
        happens: "Embeddings are looked up by their key alone, and a semantic cache searches by a prompt: \
            `supported_call_types` names them, and none is ever found.",
        cure: "No release is known to fix it. Use `type: redis` where embeddings are to be cached.",
        references: &[Pull(17495)],
        source: "LLMCachingHandler._retrieve_from_cache, caching/caching_handler.py: \
            litellm.cache.async_get_cache(cache_key=preset_cache_key) for aembedding, without messages \
            or input; still so in 1.110.2.",
    },
];
