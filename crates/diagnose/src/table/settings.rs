//! Settings that redis-py or Python refuses.

use super::{cause, defect, litellm, python, redis_py};
use crate::{Cause, Entry, When};

/// For what `redproof check` reports.
const REPORTED: &[&str] = &["RP101", "RP103", "RP110", "RP102"];

const fn reported(says: &'static str, cure: &'static str) -> Cause {
    cause(When::Found(REPORTED), says, cure).codes(REPORTED)
}

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "unknown-argument",
        "redis-py has no such argument",
        &[
            python("Redis.__init__() got an unexpected keyword argument", "redis/client.py Redis.__init__"),
            python("Connection.__init__() got an unexpected keyword argument", "redis/connection.py"),
            python("AbstractConnection.__init__() got an unexpected keyword argument", "redis/connection.py AbstractConnection.__init__"),
            python("RedisCluster.__init__() got an unexpected keyword argument", "redis/cluster.py RedisCluster.__init__"),
            python("Sentinel.__init__() got an unexpected keyword argument", "redis/sentinel.py"),
            python("__init__() got an unexpected keyword argument 'ssl", "redis/connection.py"),
            python("Client.client() got an unexpected keyword argument", "Python"),
        ],
        "A key of the configuration, or a REDIS_* variable, reached redis-py, which does not know it in this release.",
        &[
            reported("The key is not redis-py's: misspelled, of another release, or for another client.", "Correct or remove the key; `redproof check` names it and what was meant."),
            cause(When::Always, "A key is misspelled, or belongs to a newer redis-py; TLS keys reach a plaintext connection where `ssl` is not true.", "Correct or remove the key; with TLS keys set `ssl: true`."),
        ],
        "The name in the text, in the configuration and among REDIS_* variables.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "tls-argument-on-plaintext",
        "A setting of TLS reaches a plaintext connection",
        &[
            python("AbstractConnection.__init__() got an unexpected keyword argument 'ssl_check_hostname'", "redis/connection.py AbstractConnection.__init__"),
            python("AbstractConnection.__init__() got an unexpected keyword argument 'ssl_cert_reqs'", "redis/connection.py AbstractConnection.__init__"),
            python("AbstractConnection.__init__() got an unexpected keyword argument 'ssl_ca_certs'", "redis/connection.py AbstractConnection.__init__"),
            python("AbstractConnection.__init__() got an unexpected keyword argument 'ssl_certfile'", "redis/connection.py AbstractConnection.__init__"),
            python("AbstractConnection.__init__() got an unexpected keyword argument 'ssl_keyfile'", "redis/connection.py AbstractConnection.__init__"),
            python("AbstractConnection.__init__() got an unexpected keyword argument 'ssl'", "redis/connection.py AbstractConnection.__init__"),
        ],
        "redis-py takes settings of TLS for TLS connections alone: the connection is plaintext (`redis://`, or without `ssl`), and each use of the cache fails.",
        &[
            reported("The configuration has a setting of TLS for a plaintext connection.", "Set `ssl: true` or write `rediss://`; or remove the setting."),
            defect("LD38646"),
            cause(When::Always, "Cache settings were saved in the admin UI, whose form adds `ssl_check_hostname`, for a `redis://` URL; or a REDIS_SSL_… variable is set.", "Look at `GET /cache/settings` and clear what is stored there (the UI's Caching page); unset REDIS_SSL_… variables, or turn TLS on."),
        ],
        "The name in the text: in the configuration, among REDIS_* variables, and in `GET /cache/settings`.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "ui-test-with-url",
        "The admin UI's connection test takes no URL",
        &[python("Redis.__init__() got an unexpected keyword argument 'url'", "litellm/caching/redis_cache.py RedisCache.test_connection")],
        "The button tests with `redis.asyncio.Redis(url=…)`, which there is not. The proxy itself connects by the URL all the same.",
        &[
            defect("LD34636"),
            cause(When::Always, "Only the test is wrong.", "Give host, port and password in the form to test them, or ask `GET /cache/ping`."),
        ],
        "`GET /cache/ping`.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "argument-given-twice",
        "A setting is given twice",
        &[
            python("got multiple values for keyword argument", "Python"),
            python("got multiple values for argument", "Python"),
        ],
        "LiteLLM passes a setting itself, and the configuration names it too.",
        &[
            reported("The configuration names what this LiteLLM release sets itself.", "Remove the key, or use a newer LiteLLM."),
            cause(When::Always, "The configuration names what this LiteLLM release sets itself: `socket_timeout` before 1.71.", "Remove the key, or use a newer LiteLLM."),
        ],
        "The name in the text.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "url-scheme",
        "The URL begins wrongly",
        &[
            redis_py("Redis URL must specify one of the following schemes (redis://, rediss://, unix://)", "redis/connection.py parse_url").seen("4.6.0", "8.1.0"),
            redis_py("Redis URL must specify one of the following schemes", "redis/connection.py parse_url").seen("4.6.0", "8.1.0"),
        ],
        "A URL starts with redis://, rediss:// (TLS) or unix://.",
        &[
            reported("The URL has another start: a bare host, quotes, or a variable that was not expanded.", "Write `rediss://:PASSWORD@HOST:PORT/0` for TLS, `redis://…` without."),
            cause(When::Always, "`url` or REDIS_URL is a bare host, has quotes around it, or a variable in it was not expanded.", "Write `rediss://:PASSWORD@HOST:PORT/0` for TLS, `redis://…` without."),
        ],
        "`url` and REDIS_URL: in an env file of Docker, quotes belong to the value.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "url-query",
        "A value in the URL's query is wrong",
        &[
            redis_py("Invalid value for '{}' in connection URL", "redis/connection.py parse_url").seen("5.2.1", "8.1.0"),
            redis_py("Invalid value for `{}` in connection URL", "redis/connection.py parse_url").seen("4.6.0", "5.0.8"),
        ],
        "What follows `?` in the URL has a value that redis-py can't convert.",
        &[
            reported("A number or truth value of the query is not one.", "Write numbers as numbers: `?socket_timeout=5`."),
            cause(When::Always, "A number or truth value of the query is not one.", "Write numbers as numbers: `?socket_timeout=5`."),
        ],
        "The name in the text.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "url-password",
        "The URL can't be split",
        &[
            python("Port could not be cast to integer value as", "Python urllib/parse.py"),
            python("Port out of range 0-65535", "Python urllib/parse.py"),
            python("Invalid IPv6 URL", "Python urllib/parse.py"),
            python("does not appear to be an IPv4 or IPv6 address", "Python ipaddress.py, by urlsplit"),
            python("An IPv4 address cannot be in brackets", "Python urllib/parse.py"),
            python("netloc contains invalid characters under NFKC", "Python urllib/parse.py"),
        ],
        "Python took a part of the password for the port or host: `#`, `/`, `?`, `[` and `@` end or split the address.",
        &[
            reported("The password in the URL holds a character that ends the host part, or the port is not a number.", "Write `#` as %23, `/` as %2F, `?` as %3F, `[` as %5B, `@` as %40, `%` as %25; or give `host`, `port` and `password` instead."),
            cause(When::Always, "The password in `url` or REDIS_URL holds such a character, or the port is empty or no number.", "Write `#` as %23, `/` as %2F, `?` as %3F, `[` as %5B, `@` as %40, `%` as %25; or give `host`, `port` and `password` instead."),
        ],
        "The text quotes a piece of the password: do not share it.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "not-a-number",
        "A number is expected",
        &[
            python("invalid literal for int() with base 10: 'tcp://", "Python int(), of a Kubernetes service link"),
            python("invalid literal for int() with base", "Python int()"),
            python("could not convert string to float", "Python float()"),
            python("int() argument must be a string, a bytes-like object or a real number", "Python int()"),
            python("float() argument must be a string or a real number", "Python float()"),
            python("an integer is required", "Python"),
            python("'str' object cannot be interpreted as an integer", "Python"),
        ],
        "A port, database, timeout or limit is not a number. In Kubernetes a Service called `redis` sets REDIS_PORT=tcp://ADDRESS:PORT in each pod of its namespace.",
        &[
            reported("A setting or variable that must be a number is not one.", "Write a number; in Kubernetes set `enableServiceLinks: false`, or REDIS_PORT yourself."),
            cause(When::Always, "A variable is empty, has quotes in it, or Kubernetes set REDIS_PORT=tcp://… for a Service called `redis`.", "Set `enableServiceLinks: false` in the pod's spec or REDIS_PORT yourself, and write numbers without quotes in env files."),
        ],
        "`printenv | grep REDIS` inside the container.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "max-connections",
        "`max_connections` is not a positive number",
        &[
            redis_py("\"max_connections\" must be a positive integer", "redis/connection.py ConnectionPool.__init__").seen("4.6.0", "8.1.0"),
            litellm("REDIS: invalid max_connections value", "litellm/_redis.py get_redis_connection_pool").seen("1.83.0", "1.110.2"),
        ],
        "The pool's limit is text, 0 or negative.",
        &[
            reported("`max_connections` is not a positive whole number.", "Write a positive whole number, or drop it."),
            cause(When::Always, "`max_connections` or REDIS_MAX_CONNECTIONS is not a positive whole number.", "Write a positive whole number, or drop it."),
        ],
        "`max_connections` and REDIS_MAX_CONNECTIONS.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "cert-reqs",
        "`ssl_cert_reqs` has no such value",
        &[
            redis_py("Invalid SSL Certificate Requirements Flag", "redis/connection.py SSLConnection").seen("4.6.0", "8.1.0"),
            redis_py("Invalid ssl verify flag", "redis/connection.py parse_ssl_verify_flags").seen("7.0.1", "8.1.0"),
        ],
        "redis-py takes `none`, `optional` and `required`, in lower case.",
        &[
            reported("`ssl_cert_reqs` is CERT_NONE, None, or another text.", "Write `required`, or `none` in lower case to verify nothing."),
            cause(When::Always, "`ssl_cert_reqs` (REDIS_SSL_CERT_REQS, the URL's query) is CERT_NONE, None, or another text.", "Write `required`, or `none` in lower case to verify nothing."),
        ],
        "`redproof explain`: ssl_cert_reqs of each client.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "protocol",
        "`protocol` has no such value",
        &[
            redis_py("protocol must be an integer", "redis/connection.py AbstractConnection.__init__").seen("5.0.8", "8.1.0"),
            redis_py("protocol must be either 2 or 3", "redis/connection.py AbstractConnection.__init__").seen("5.0.8", "8.1.0"),
            redis_py("Client caching is only supported with RESP version 3", "redis/client.py Redis.__init__").seen("5.2.1", "8.1.0"),
            redis_py("Cache must implement CacheInterface", "redis/connection.py ConnectionPool.__init__").seen("5.2.1", "8.1.0"),
            redis_py("cannot access local variable 'p' where it is not associated", "redis/connection.py before 7.2.1"),
        ],
        "redis-py speaks RESP 2 and 3; client-side caching needs 3.",
        &[
            reported("`protocol`, `cache` or `cache_config` has a value that redis-py refuses.", "Set `protocol: 2` or `3`, and leave `cache` and `cache_config` of redis-py out."),
            cause(When::Always, "`protocol` is neither 2 nor 3, or a key called `cache` reached redis-py.", "Set `protocol: 2` or `3`, and leave `cache` and `cache_config` of redis-py out."),
        ],
        "`protocol` and REDIS_PROTOCOL.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "two-logins",
        "A password beside a credential provider",
        &[redis_py("'username' and 'password' cannot be passed along with 'credential_provider'", "redis/connection.py AbstractConnection.__init__").seen("4.6.0", "8.1.0")],
        "redis-py takes a password or a provider of credentials (a cloud's login), and not both.",
        &[
            reported("A password, maybe from REDIS_PASSWORD, is set beside a cloud's login.", "Remove `password` and REDIS_PASSWORD, or the cloud's login."),
            cause(When::Always, "A password, maybe from REDIS_PASSWORD, is set beside a cloud's login.", "Remove `password` and REDIS_PASSWORD, or the cloud's login."),
        ],
        "`redproof explain`.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "value-is-no-text",
        "A value can't be sent to Redis",
        &[
            redis_py("Invalid input of type: '{}'. Convert to a bytes, string, int or float first", "redis/_parsers/encoders.py Encoder.encode").seen("4.6.0", "8.1.0"),
            redis_py("Invalid input of type", "redis/_parsers/encoders.py Encoder.encode").seen("4.6.0", "8.1.0"),
            redis_py("ex must be datetime.timedelta or int", "redis/utils.py extract_expire_flags").seen("4.6.0", "8.1.0"),
            redis_py("px must be datetime.timedelta or int", "redis/utils.py extract_expire_flags").seen("4.6.0", "8.1.0"),
        ],
        "A setting or value has a type that Redis does not know: a list, a truth value, nothing.",
        &[
            cause(When::Always, "A password, name or `ttl` whose type is neither text nor number.", "Quote the password in YAML (`\"12345\"`, `\"true\"`), and write `ttl` as a whole number."),
        ],
        "The type that the text names.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "wrong-shape",
        "A setting has the wrong shape",
        &[
            python("object is not iterable", "Python"),
            python("argument after ** must be a mapping", "Python"),
            python("object has no attribute", "Python"),
            python("dictionary update sequence element", "Python"),
            python("string indices must be integers", "Python"),
            python("object is not subscriptable", "Python"),
            python("keywords must be strings", "Python"),
            python("Circular reference detected", "Python json"),
        ],
        "Python met a text, number or nothing where LiteLLM expects a mapping or a list; or the other way round.",
        &[
            reported("A section or key of the configuration has the wrong shape.", "Give it the shape that `redproof check` names."),
            cause(When::Always, "A section is empty, or a list is where a mapping belongs; the text may also come from elsewhere than Redis.", "Look at the last line of the traceback that lies in `litellm/`."),
        ],
        "The traceback's last lines: file and function.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "driver-info",
        "`driver_info` is not redis-py's",
        &[redis_py("driver_info must be a DriverInfo instance or None", "redis/driver_info.py resolve_driver_info").seen("8.0.0", "8.1.0")],
        "`driver_info` is an object of redis-py, which a configuration can't hold.",
        &[reported("`driver_info` is in the configuration or REDIS_DRIVER_INFO is set.", "Remove it."), cause(When::Always, "`driver_info` or REDIS_DRIVER_INFO is set.", "Remove it.")],
        "`driver_info` and REDIS_DRIVER_INFO.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "ignored-argument",
        "LiteLLM ignores a setting beside the URL",
        &[litellm("Not an allowed async_redis.Redis.from_url arg", "litellm/_redis.py get_redis_async_client").seen("1.60.0", "1.110.2")],
        "With a `url`, LiteLLM passes only some settings on to its async client.",
        &[
            cause(When::Found(&["RP305", "RP403", "RP206"]), "Settings beside the `url` are dropped.", "Put them into the URL's query, or give `host` and `port` instead of `url`.").codes(&["RP305", "RP403", "RP206"]),
            cause(When::Always, "A setting beside the `url` is dropped.", "Put it into the URL's query, or give `host` and `port` instead of `url`."),
        ],
        "The name in the text; it is a debug line.",
    )
    .news()
    .outcome("ok"),
];
