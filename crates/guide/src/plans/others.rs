//! Caches that are not plain Redis.

use super::common::{FIELD, ONE_HOST, ONE_PORT, PASSWORD, TTL};
use super::needs::refused;
use crate::field::{Field, Kind, Place};
use crate::{Line, Plan, System};
use facts::Behaviour;
use facts::catalogue::CALL_TYPES;

pub(super) static LOCAL: Plan = Plan {
    system: System::Local,
    name: "In memory",
    sentence: "No Redis: each LiteLLM process keeps responses for itself.",
    refused: |_| None,
    cautions: |_| {
        vec![
            "Replicas share nothing: neither cached responses, nor rate limits, nor budgets."
                .to_owned(),
        ]
    },
    lines: &[
        Line::Comment("", "Responses are kept in each LiteLLM process. Replicas share nothing."),
        Line::Fixed("litellm_settings.cache", "true", ""),
        Line::Fixed(cache!("type"), "local", ""),
        Line::Ask(&Field { default: "1800", ..TTL }),
        Line::Ask(&Field {
            id: "calls",
            label: "Calls to cache",
            help: "The kinds of calls whose responses are kept. Without a choice, all.",
            kind: Kind::Several(CALL_TYPES),
            default: "acompletion,atext_completion,aembedding,atranscription",
            comment: "what is cached",
            place: Place::Config(cache!("supported_call_types")),
            ..FIELD
        }),
        Line::Ask(&Field {
            id: "mode",
            label: "Mode",
            help: "`default_on` caches unless a request says no; `default_off` only if it says yes.",
            kind: Kind::Choice(&["default_on", "default_off"]),
            comment: "unless a request says otherwise",
            place: Place::Config(cache!("mode")),
            ..FIELD
        }),
    ],
};

pub(super) static SEMANTIC: Plan = Plan {
    system: System::Semantic,
    name: "Semantic cache",
    sentence: "Answers prompts that mean the same, with Redis' vector search.",
    refused: |pair| {
        let lazy = Behaviour::SemanticCacheIsLazy;
        refused(pair, lazy, "LiteLLM starts without the package redisvl")
    },
    cautions: |_| {
        vec![
            "It needs the package redisvl, which LiteLLM's newer images bring, and a Redis with vector search."
                .to_owned(),
            "With host and port, LiteLLM speaks plaintext here. Only a `rediss://` URL gives TLS."
                .to_owned(),
        ]
    },
    lines: &[
        Line::Comment(
            "",
            "Semantic cache: it needs the package redisvl, and a Redis with vector search.",
        ),
        Line::Fixed("litellm_settings.cache", "true", ""),
        Line::Fixed(cache!("type"), "redis-semantic", ""),
        Line::Ask(&Field {
            id: "url",
            label: "URL variable",
            help: "The name of the environment variable that holds the whole URL. `rediss://` is \
                    the only way to TLS.",
            kind: Kind::Secret,
            default: "SEMANTIC_CACHE_URL",
            comment: "rediss://… in the environment: TLS",
            place: Place::Config(cache!("redis_url")),
            placeholder: "rediss://:change-me@redis.example.com:6379",
            replaces: &["host", "port", "password"],
            ..FIELD
        }),
        Line::Ask(&Field {
            help: "In place of the URL, without TLS.",
            default: "",
            comment: "",
            replaces: &["url"],
            ..ONE_HOST
        }),
        Line::Ask(&Field { help: "In place of the URL.", default: "", ..ONE_PORT }),
        Line::Ask(&Field { default: "", router: None, ..PASSWORD }),
        Line::Ask(&Field {
            id: "threshold",
            label: "Similarity",
            help: "How alike two prompts must be, from 0 to 1.",
            kind: Kind::Fraction,
            required: true,
            default: "0.8",
            comment: "how alike two prompts must be",
            place: Place::Config(cache!("similarity_threshold")),
            ..FIELD
        }),
        Line::Ask(&Field {
            id: "model",
            label: "Embedding model",
            help: "A name from model_list, or a model with its provider in front.",
            default: "openai/text-embedding-3-small",
            comment: "from model_list, or with its provider",
            place: Place::Config(cache!("redis_semantic_cache_embedding_model")),
            ..FIELD
        }),
        Line::Ask(&Field {
            id: "index",
            label: "Index name",
            help: "The name of the search index, for a Redis that others use too.",
            comment: "the search index",
            place: Place::Config(cache!("redis_semantic_cache_index_name")),
            ..FIELD
        }),
        Line::Ask(&TTL),
    ],
};
