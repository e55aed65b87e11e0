//! What is stored and can't be read back, and work that was cut short.

use super::{cause, defect, litellm, python, redis_py, server};
use crate::{Entry, When};

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "stored-value-is-not-readable",
        "A value in Redis is not what LiteLLM wrote",
        &[
            python("Expecting value: line 1 column 1 (char 0)", "Python json.decoder"),
            python("JSONDecodeError", "Python json.decoder"),
            python("Expecting property name enclosed in double quotes", "Python json.decoder"),
            python("malformed node or string", "Python ast.literal_eval"),
            python("codec can't decode byte", "Python"),
            python("UnicodeDecodeError", "Python"),
        ],
        "LiteLLM reads what it cached as JSON, and else as a Python literal. What is there is neither; or the text comes from a model's answer and not from the cache.",
        &[
            cause(When::Always, "Another program, another release of LiteLLM or a person wrote under the same key: a Redis that is shared without `namespace`.", "Give LiteLLM a database or Redis of its own, or a `namespace`; then delete the keys (`redis-cli --scan --pattern 'NAMESPACE:*'`)."),
            cause(When::Always, "The text is not about Redis: a model's or proxy's answer was not JSON.", "Look at the last lines of the traceback: `litellm/caching/` or `llms/`."),
        ],
        "The file in the traceback's last lines, and `redis-cli GET KEY`.",
    ),
    Entry::new(
        "value-is-not-json",
        "What is to be stored is not JSON",
        &[
            python("is not JSON serializable", "Python json.encoder"),
            python("Object of type {} is not JSON serializable", "Python json.encoder"),
        ],
        "LiteLLM writes values to Redis as JSON, and this one is an object. It stays in the memory of this process.",
        &[defect("LD35048"), cause(When::Always, "LiteLLM caches an object of its own (keys and users in older releases), or a callback put one into `metadata`.", "Use a newer LiteLLM; keep to texts, numbers, lists and mappings in `metadata`.")],
        "The object's type in the text.",
    ),
    Entry::new(
        "object-is-not-copied",
        "An open client, lock or future was to be copied",
        &[
            python("cannot pickle '_thread.RLock' object", "Python copy.deepcopy and pickle"),
            python("cannot pickle '_thread.lock' object", "Python copy.deepcopy and pickle"),
            python("cannot pickle 'SSLContext' object", "Python copy.deepcopy and pickle"),
            python("cannot pickle '_asyncio.Future' object", "Python copy.deepcopy and pickle"),
            python("cannot pickle 'coroutine' object", "Python copy.deepcopy and pickle"),
            python("no default __reduce__ due to non-trivial __cinit__", "Python copy.deepcopy and pickle, of a Cython object"),
        ],
        "Python copies no locks, connections or futures. Something that holds one, such as a Redis or HTTP client or a span of a tracer, stands in what LiteLLM copies: a request's settings or `metadata`, or what `type: disk` stores.",
        &[
            cause(When::CacheType(&["disk"]), "The disk cache pickles what it stores.", "Use `type: redis`, which stores JSON."),
            cause(When::Always, "A callback, a guardrail or a custom handler put a client or span into the request; or a release copies one of its own.", "Keep clients and spans out of `metadata`; use a newer LiteLLM where the traceback shows LiteLLM's files alone."),
        ],
        "The traceback above: which line calls `deepcopy` or `pickle`, and on what.",
    ),
    Entry::new(
        "cached-answer-is-misread",
        "A cached answer is not what the request expects",
        &[
            python("model_response_object.data = response_object[\"data\"]", "Python: a traceback through LiteLLM's convert_dict_to_response.py"),
            litellm("Invalid response object", "litellm/litellm_core_utils/llm_response_utils/convert_dict_to_response.py").seen("1.60.0", "1.110.2"),
        ],
        "LiteLLM makes an answer out of what the cache or the model gave, and a part is missing.",
        &[
            defect("LD10850"),
            defect("LD13250"),
            cause(When::Always, "The model's own answer lacks the part: an error page, or an API that is not OpenAI's; or a newer release reads what an older one stored.", "Ask once with `cache: {\"no-cache\": true}` in the request: where it fails too, the cache has no part in it; else delete the stored answers."),
        ],
        "`received_args` in the text: what was read.",
    ),
    Entry::new(
        "work-was-cancelled",
        "A request ended before Redis answered",
        &[
            python("asyncio.exceptions.CancelledError", "Python asyncio"),
            python("CancelledError", "Python asyncio"),
            python("Task was destroyed but it is pending", "Python asyncio"),
        ],
        "The client hung up, the process was told to stop, or a timeout around the call ran out while LiteLLM waited. The connection is thrown away; a counter may miss this request.",
        &[
            defect("LD30020"),
            cause(When::NoTimeout, "A client waits for Redis without end: what ends the wait is the request's own end.", "Set `socket_timeout: 5`.").codes(&["RP801"]),
            cause(When::Always, "Clients give up, or pods are stopped, while requests run.", "Nothing, if it is rare; else look whether Redis is slow (`redproof probe --samples 100`) and how long the client waits."),
        ],
        "What comes at the same second: a shutdown, a client's disconnect, slow answers.",
    ),
    Entry::new(
        "spend-is-lost",
        "Spend was taken out of Redis and not written",
        &[litellm("Data already popped from Redis may be lost", "litellm/proxy/db/db_spend_update_writer.py").seen("1.83.0", "1.97.0")],
        "`use_redis_transaction_buffer`: the spend had left Redis when the database refused it.",
        &[
            defect("LD33872"),
            cause(When::Always, "The database refused the write, or did not answer.", "Look at the database's error beside it."),
        ],
        "The database's error beside it.",
    ),
    Entry::new(
        "spend-queue-is-full",
        "A queue of spend is full",
        &[
            litellm("update queue is full. Aggregating all entries in queue", "litellm/proxy/db/db_transaction_queue").seen("1.67.4", "1.110.2"),
            litellm("Misconfigured queue thresholds: MAX_SIZE_IN_MEMORY_QUEUE", "litellm/proxy/db/db_transaction_queue/base_update_queue.py").seen("1.83.0", "1.110.2"),
        ],
        "Spend waits in memory for Redis or the database. Entries are added up, and none is lost while the process lives.",
        &[cause(When::Always, "Redis or the database takes spend more slowly than requests bring it, or MAX_SIZE_IN_MEMORY_QUEUE is not below LITELLM_ASYNCIO_QUEUE_MAXSIZE.", "Look at the errors of the spend writer; keep MAX_SIZE_IN_MEMORY_QUEUE below LITELLM_ASYNCIO_QUEUE_MAXSIZE.")],
        "The errors of the spend writer around it.",
    ),
    Entry::new(
        "lpop-with-count",
        "The server is too old for the spend buffer",
        &[server("wrong number of arguments for 'lpop' command", "Redis before 6.2"), server("wrong number of arguments for `lpop`", "Redis before 4")],
        "LPOP with a count came with Redis 6.2.",
        &[
            defect("LD10379"),
            cause(When::Always, "The server is older than Redis 6.2.", "Use Redis 6.2 or newer, or leave `use_redis_transaction_buffer` out."),
        ],
        "`INFO server`: redis_version.",
    )
    .outcome("server_state"),
    Entry::new(
        "no-pubsub-on-cluster",
        "A cluster client can't subscribe",
        &[
            litellm("auth cache invalidation subscriber disabled: cluster redis client has no pub/sub support", "litellm/proxy/common_utils/auth_cache_invalidation_pubsub.py").seen("1.97.0", "1.101.0"),
            litellm("config sync subscriber disabled: cluster redis client has no pub/sub support", "litellm/proxy/common_utils/config_sync_pubsub.py").seen("1.97.0", "1.101.0"),
        ],
        "Replicas learn of changed keys and settings when their copies are out of date. Requests go on.",
        &[cause(When::Always, "The coordination Redis is a cluster, and this release does not subscribe there.", "Nothing, if a minute's delay is fine; else use a newer LiteLLM, or a coordination Redis that is one server.")],
        "Which Redis coordinates: `redproof explain`.",
    )
    .news(),
    Entry::new(
        "router-setting-is-dropped",
        "The router does not take a setting",
        &[litellm("Setting {} is not allowed", "litellm/router.py Router.update_settings").seen("1.60.0", "1.110.2")],
        "A changed setting is not among those that a running router takes: settings of its Redis are read at start-up alone. A line for debugging, no fault.",
        &[
            cause(When::Found(&["RP201"]), "The setting is not one of the router's.", "Do as RP201 says.").codes(&["RP201"]),
            cause(When::Always, "Settings of the router's Redis are sent along when others are changed.", "Nothing: they took effect at start-up."),
        ],
        "`redproof explain`: the line `router`.",
    )
    .news(),
    Entry::new(
        "client-side-cache-refused",
        "redis-py's own cache is not to be had",
        &[
            redis_py("Cannot retrieve information about server version", "redis/connection.py CacheProxyConnection").seen("5.2.1", "8.1.0"),
            redis_py("client-side caching is supported by Redis 7.4 or later", "redis/connection.py CacheProxyConnection").seen("5.2.1", "8.1.0"),
            redis_py("Client caching is only supported with RESP version 3", "redis/client.py").seen("5.2.1", "8.1.0"),
        ],
        "`cache` or `cache_config` reached redis-py, which keeps answers in memory by itself with Redis 7.4 and RESP3.",
        &[cause(When::Always, "`cache_config` is set, and the server or `protocol` does not have what it takes.", "Remove `cache_config`: LiteLLM has a memory cache of its own.")],
        "`cache_params` and the server's version.",
    )
    .outcome("invalid_config"),
];
