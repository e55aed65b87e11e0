//! What stops LiteLLM at start-up.

use super::{cause, litellm, python};
use crate::{Entry, When};

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "no-target",
        "Redis is asked for, and nothing says where it is",
        &[
            litellm("Either 'host' or 'url' must be specified for redis", "litellm/_redis.py get_redis_url_from_environment, _get_redis_client_logic").seen("1.60.0", "1.110.2"),
            litellm("Either 'REDIS_URL' or both 'REDIS_HOST' and 'REDIS_PORT' must be specified", "litellm/_redis.py get_redis_url_from_environment").seen("1.60.0", "1.110.2"),
            litellm("Missing required Redis configuration", "litellm/caching/redis_semantic_cache.py").seen("1.67.4", "1.110.2"),
            litellm("Redis host, port, and password must be provided", "litellm/caching/redis_semantic_cache.py").seen("1.60.0", "1.63.8"),
            litellm("Missing required Valkey configuration", "litellm/caching/valkey_semantic_cache.py").seen("1.92.2", "1.110.2"),
        ],
        "The cache is on with a Redis type, and neither the configuration nor REDIS_* names a host or URL.",
        &[
            cause(When::Found(&["RP202"]), "The settings are where LiteLLM does not look for them.", "Do as RP202 says.").codes(&["RP202"]),
            cause(When::Found(&["RP104", "RP101", "RP105"]), "Nothing names a host: a variable is missing or empty, or `cache_params` is misspelled.", "Set `host` and `port`, or `url`, under `litellm_settings.cache_params`, or REDIS_HOST where LiteLLM runs.").codes(&["RP104", "RP101", "RP105"]),
            cause(When::Any(&[When::Single, When::Cluster, When::Sentinel]), "This configuration names a Redis: the process that says this runs without its variables, or another file.", "Print the environment of the process, and its `--config`."),
            cause(When::Always, "Nothing names a host: a variable is missing or empty, or a key is misspelled.", "Set `host` and `port`, or `url`, under `litellm_settings.cache_params`, or REDIS_HOST where LiteLLM runs."),
        ],
        "`printenv | grep REDIS` inside the container.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "no-module-redisvl",
        "The semantic cache's package is missing",
        &[
            python("No module named 'redisvl'", "Python"),
            python("No module named 'redis.commands.search.indexDefinition'", "Python: redis-py 6 renamed it"),
            python("No module named 'numpy'", "Python"),
        ],
        "redis-semantic needs the package `redisvl`, which LiteLLM's image brings since 1.83.8 and `litellm[proxy]` does not.",
        &[
            cause(When::Found(&["RP101"]), "The cache is `redis-semantic`.", "Use LiteLLM's image 1.83.8 or newer, or an image of your own: FROM LiteLLM's image, RUN pip install redisvl==0.4.1.").codes(&["RP101"]),
            cause(When::ResponseCache(&["RedisSemanticCache", "ValkeySemanticCache"]), "The cache is semantic.", "Use LiteLLM's image 1.83.8 or newer, or install `redisvl==0.4.1` in an image of your own."),
            cause(When::Always, "A semantic cache is configured.", "Use LiteLLM's image 1.83.8 or newer, install `redisvl==0.4.1` in an image of your own, or use `type: redis`."),
        ],
        "`pip show redisvl` inside the container.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "no-module-for-cache",
        "Another cache's package is missing",
        &[
            litellm("Please install litellm with `litellm[caching]` to use disk caching", "litellm/caching/disk_cache.py").seen("1.74.9", "1.105.0"),
            python("No module named 'diskcache'", "Python"),
            python("No module named 'boto3'", "Python"),
            python("No module named 'google.cloud'", "Python"),
            python("No module named 'azure'", "Python"),
            python("No module named 'qdrant_client'", "Python"),
        ],
        "A cache or login needs a package that is not installed.",
        &[
            cause(When::Found(&["RP101"]), "The cache's type needs a package that the image lacks.", "Install it in an image of your own: `litellm[caching]` for disk, `boto3` for s3.").codes(&["RP101"]),
            cause(When::Always, "The cache's type, or a cloud's login, needs a package that is not installed.", "Install it in an image of your own: `litellm[caching]` for disk, `boto3` for s3 and AWS, `google-cloud-iam` for Google, `azure-identity` for Azure."),
        ],
        "`pip list` inside the container.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "unsupported-cache-type",
        "The cache has no such type",
        &[
            litellm("Unsupported cache type", "litellm/caching/caching.py Cache.__init__").seen("1.109.1", "1.110.2"),
            python("is not a valid LiteLLMCacheType", "litellm/types/caching.py"),
            python("is not a valid SemanticCacheScope", "litellm/types/caching.py"),
        ],
        "`type` under `cache_params` is not one that this release has.",
        &[
            cause(When::Found(&["RP106", "RP101"]), "`type` is misspelled, or of another release.", "Write `redis`, or one of the types that the text lists.").codes(&["RP106", "RP101"]),
            cause(When::Always, "`type` is misspelled, or of another release: redis-cluster is not a type, `redis` with `redis_startup_nodes` is.", "Write `redis`, or one of the types that the text lists."),
        ],
        "`litellm_settings.cache_params.type`.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "cache-has-no-backend",
        "The cache has no backend",
        &[
            python("'Cache' object has no attribute 'cache'", "litellm/caching/caching.py before 1.109: an unknown type"),
            python("'NoneType' object has no attribute 'async_set_cache'", "litellm"),
            python("'NoneType' object has no attribute 'async_get_cache'", "litellm"),
        ],
        "LiteLLM before 1.109 takes an unknown `type` at start-up, and fails at each use.",
        &[
            cause(When::Found(&["RP106"]), "`type` is not one that this release has.", "Write `redis`.").codes(&["RP106"]),
            cause(When::Always, "`type` under `cache_params` is misspelled, or the cache was not set up.", "Write `type: redis`."),
        ],
        "`litellm_settings.cache_params.type`.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "similarity-threshold",
        "The semantic cache lacks a setting",
        &[
            litellm("similarity_threshold must be provided, passed None", "litellm/caching/redis_semantic_cache.py").seen("1.60.0", "1.110.2"),
            litellm("collection_name must be provided, passed None", "litellm/caching/qdrant_semantic_cache.py").seen("1.60.0", "1.110.2"),
            litellm("Qdrant url must be provided", "litellm/caching/qdrant_semantic_cache.py").seen("1.60.0", "1.110.2"),
        ],
        "A semantic cache needs to know how near is near enough, and where it keeps its vectors.",
        &[
            cause(When::Found(&["RP101"]), "The setting is missing under `cache_params`.", "Set `similarity_threshold: 0.8` (and for Qdrant `qdrant_collection_name` and `qdrant_api_base`).").codes(&["RP101"]),
            cause(When::Always, "The setting is missing under `cache_params`.", "Set `similarity_threshold: 0.8` (and for Qdrant `qdrant_collection_name` and `qdrant_api_base`)."),
        ],
        "`litellm_settings.cache_params`.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "coordination-target",
        "`coordination_redis` is not complete",
        &[
            litellm("general_settings.coordination_redis needs a connection target", "litellm/proxy/proxy_server.py _init_coordination_redis").seen("1.97.0", "1.110.2"),
            litellm("general_settings.coordination_redis must be a mapping", "litellm/proxy/proxy_server.py _init_coordination_redis").seen("1.97.0", "1.110.2"),
            python("for CoordinationRedisParams", "pydantic, of litellm/types/caching.py"),
            litellm("coordination_redis saved in the database names no connection target", "litellm/proxy/proxy_server.py").seen("1.97.0", "1.110.2"),
        ],
        "The section requires one of `host`, `url`, `startup_nodes` and `sentinel_nodes`, each in its type.",
        &[
            cause(When::Found(&["RP101"]), "A key is missing, or has a type that the section does not take.", "Give one target; write ports as numbers, passwords in quotes, `sentinel_nodes` as [[\"host\", 26379]].").codes(&["RP101"]),
            cause(When::Always, "A key is missing, or has a type that the section does not take; the admin UI may have saved one.", "Give one target; write ports as numbers, passwords in quotes, `sentinel_nodes` as [[\"host\", 26379]]."),
        ],
        "`general_settings.coordination_redis`, and `GET /coordination_redis/settings`.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "not-a-router-setting",
        "A setting does not belong to the router",
        &[
            litellm("is NOT a valid router_settings parameter. Please move it to", "litellm/router.py").seen("1.83.0", "1.110.2"),
            litellm("Invalid routing_strategy", "litellm/router.py").seen("1.83.0", "1.110.2"),
            litellm("is not a valid argument for Router.__init__(). Ignoring this key.", "litellm/proxy/proxy_server.py ProxyConfig.load_config").seen("1.83.0", "1.110.2"),
            python("Router.__init__() got an unexpected keyword argument", "litellm/router.py Router.__init__"),
        ],
        "A key under `router_settings` is not the router's.",
        &[
            cause(When::Found(&["RP201", "RP101"]), "The key is misspelled, belongs elsewhere, or has another value.", "Write it as the finding says.").codes(&["RP201", "RP101"]),
            cause(When::Always, "The key is misspelled, belongs elsewhere, or has another value.", "Run `redproof check`: it names what was meant, and where LiteLLM reads it."),
        ],
        "`router_settings`.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "not-yaml",
        "The configuration is not YAML",
        &[
            python("yaml.scanner.ScannerError", "PyYAML"),
            python("yaml.parser.ParserError", "PyYAML"),
            python("yaml.composer.ComposerError", "PyYAML"),
            python("yaml.constructor.ConstructorError", "PyYAML"),
            python("mapping values are not allowed here", "PyYAML scanner"),
            python("that cannot start any token", "PyYAML scanner"),
            python("while scanning a", "PyYAML scanner"),
            python("while parsing a flow", "PyYAML parser"),
            python("while parsing a block", "PyYAML parser"),
            python("could not find expected ':'", "PyYAML scanner"),
            python("found undefined alias", "PyYAML composer"),
            python("found unexpected end of stream", "PyYAML scanner"),
        ],
        "PyYAML, with which LiteLLM reads its configuration, can't read the file.",
        &[
            cause(When::Found(&["RP102"]), "The file breaks off at the place that `redproof check` shows.", "Do as RP102 says.").codes(&["RP102"]),
            cause(When::Not(&When::Found(&["RP102"])), "This file is YAML: the process reads another one, or an older version of it.", "Print the file inside the container (`--config`)."),
        ],
        "The line and column in the text.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "config-is-empty",
        "The configuration is empty or not found",
        &[
            litellm("Config cannot be None or Empty", "litellm/proxy/proxy_server.py load_config").seen("1.74.9", "1.110.2"),
            litellm("Config file not found", "litellm/proxy/proxy_server.py").seen("1.60.0", "1.110.2"),
            litellm("Included file not found", "litellm/proxy/proxy_server.py").seen("1.60.0", "1.110.2"),
        ],
        "LiteLLM read a file without any setting, or none.",
        &[
            cause(When::Found(&["RP101", "RP212"]), "The file has no settings.", "Write the settings, or mount the right file.").codes(&["RP101", "RP212"]),
            cause(When::Always, "The volume is empty, or the path of `--config` is wrong.", "Mount the file, and give its path with `--config`."),
        ],
        "`cat` the path of `--config` inside the container.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "environment-variables",
        "`environment_variables` holds what can't be set",
        &[
            python("str expected, not", "Python os.environ"),
            python("illegal environment variable name", "Python os.environ"),
            python("embedded null byte", "Python os.environ"),
        ],
        "A name or value in the section `environment_variables` can't be a variable.",
        &[
            cause(When::Found(&["RP101"]), "A value is a list or mapping, or a name holds `=`.", "Write texts and numbers only.").codes(&["RP101"]),
            cause(When::Always, "A value of `environment_variables` is not text.", "Quote it."),
        ],
        "The section `environment_variables`.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "transaction-buffer",
        "The transaction buffer has no Redis",
        &[
            litellm("`use_redis_transaction_buffer` is enabled in general_settings but no Redis", "litellm/proxy/db/redis_update_buffer.py").seen("1.83.0", "1.110.2"),
            litellm("redis_cache is None, skipping store_in_memory_spend_updates_in_redis", "litellm/proxy/db/db_transaction_queue/redis_update_buffer.py").seen("1.67.4", "1.110.2"),
        ],
        "Spend is to be collected in Redis, and the proxy has no coordination Redis: it would be lost.",
        &[
            cause(When::NoResponseCache, "There is no Redis cache, from which the buffer takes its client.", "Add `litellm_settings: {cache: true, cache_params: {type: redis, …}}`, or general_settings.coordination_redis where the release has it.").codes(&["RP204", "RP203", "RP210"]),
            cause(When::Always, "The cache is off or not Redis.", "Add a Redis cache, or drop `use_redis_transaction_buffer`."),
        ],
        "`redproof explain`: the line `coordination`.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "rate-limits-without-redis",
        "Limits are kept per process",
        &[
            litellm("fail_closed_rate_limit_enforcement is enabled but no Redis is configured", "litellm/proxy/proxy_server.py").seen("1.105.0", "1.110.2"),
            litellm("litellm_config_cache: no Redis configured", "litellm/proxy/proxy_server.py _init_cache").seen("1.85.0", "1.110.2"),
            litellm("but Redis is not configured for LiteLLM caching", "litellm/proxy/proxy_server.py").seen("1.83.0", "1.110.2"),
            litellm("Redis is not configured", "litellm").seen("1.80.0", "1.110.2"),
        ],
        "A feature that several pods share needs a coordination Redis, and there is none.",
        &[
            cause(When::NoResponseCache, "There is no Redis cache; a router's Redis serves the router alone.", "Add a Redis cache, or general_settings.coordination_redis where the release has it.").codes(&["RP203", "RP204", "RP209", "RP210"]),
            cause(When::Always, "The proxy has no coordination Redis.", "Add a Redis cache, or general_settings.coordination_redis where the release has it."),
        ],
        "`redproof explain`: the line `coordination`.",
    )
    .outcome("invalid_config"),
];
