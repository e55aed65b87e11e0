//! redis-py's pools and connections.

use super::{cause, python, redis_py};
use crate::{Entry, When};
use facts::Behaviour;

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "pool-is-full",
        "The pool has no free connection",
        &[
            redis_py("Too many connections", "redis/connection.py ConnectionPool.make_connection").seen("4.6.0", "8.1.0"),
            redis_py("MaxConnectionsError", "redis/exceptions.py").seen("4.6.0", "8.1.0"),
            redis_py("No connection available.", "redis/connection.py BlockingConnectionPool.get_connection").seen("4.6.0", "8.1.0"),
        ],
        "All `max_connections` of a client's pool are in use; a blocking pool waited and gave up.",
        &[
            cause(When::LimitedPool, "`max_connections` is below what requests need at once, or answers are slow and hold connections.", "Raise `max_connections`, and look for slow answers."),
            cause(When::Not(&When::LimitedPool), "No pool of this configuration has a limit: the text comes from another one.", "Check that this is the configuration that runs."),
        ],
        "`INFO clients`: connected_clients by LiteLLM's pods.",
    )
    .outcome("other"),
    Entry::new(
        "connection-not-clean",
        "A connection of the pool holds an old answer",
        &[
            redis_py("Connection has data", "redis/connection.py ConnectionPool.get_connection").seen("4.6.0", "8.1.0"),
            redis_py("Connection not ready", "redis/connection.py ConnectionPool.get_connection").seen("4.6.0", "8.1.0"),
            redis_py("Buffer is closed.", "redis/_parsers/base.py").seen("4.6.0", "8.1.0"),
        ],
        "redis-py found bytes that nobody had asked for, or a connection that the server had closed, and opens another one.",
        &[cause(When::Always, "The server closed idle connections, or a request was cancelled while it waited.", "Nothing, if it is rare; else set `health_check_interval: 30`.")],
        "Whether it comes after idle times.",
    )
    .outcome("other"),
    Entry::new(
        "closing-timed-out",
        "Closing a connection took too long",
        &[redis_py("Timed out closing connection after", "redis/asyncio/connection.py AbstractConnection.disconnect").seen("4.6.0", "8.1.0")],
        "The other side did not end a TLS connection properly, or the network is gone.",
        &[cause(When::Always, "A server or balancer is gone.", "Look for the error before it.")],
        "The errors before this one.",
    )
    .outcome("timeout"),
    Entry::new(
        "client-name-refused",
        "The server refuses the client's name",
        &[
            redis_py("Error setting client name", "redis/connection.py AbstractConnection.on_connect").seen("4.6.0", "8.1.0"),
            super::server("Client names cannot contain spaces, newlines or special characters", "Redis networking.c"),
        ],
        "`client_name` holds a space or another character that Redis does not take.",
        &[
            cause(When::ClientName, "`client_name` (REDIS_CLIENT_NAME) holds a space, a line break or a special character.", "Use letters, digits and dashes."),
            cause(When::Always, "A client's name is not taken.", "Use letters, digits and dashes."),
        ],
        "`client_name` in the configuration.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "maintenance-notifications",
        "Maintenance notifications are not to be had",
        &[
            super::server("unknown subcommand 'MAINT_NOTIFICATIONS'", "Redis before 8.2, by CLIENT"),
            super::server("unknown subcommand or wrong number of arguments for 'MAINT_NOTIFICATIONS'", "Redis before 7"),
            redis_py("Failed to enable maintenance notifications", "redis/connection.py").seen("7.0.1", "8.1.0"),
            redis_py("The server doesn't support maintenance notifications", "redis/connection.py").seen("7.0.1", "8.1.0"),
            redis_py("Maintenance notifications are not supported", "redis/connection.py").seen("7.0.1", "8.1.0"),
            redis_py("Maintenance notifications handlers on connection are only supported with RESP version 3", "redis/client.py").seen("7.0.1", "8.1.0"),
            redis_py("Maintenance notifications are only supported with", "redis/cluster.py").seen("7.0.1", "8.1.0"),
        ],
        "redis-py 8 asks the server for notices of maintenance, which only Redis Cloud and Enterprise have. If nobody asked for them, it ignores the refusal.",
        &[
            cause(When::Behaves(Behaviour::Resp3ByDefault), "redis-py asks by itself, and goes on without.", "Nothing; to be rid of the line set `protocol: 2`."),
            cause(When::Resp3, "`protocol: 3` makes redis-py ask, and it goes on without.", "Nothing; to be rid of the line set `protocol: 2`."),
            cause(When::Always, "`maint_notifications_config` is set for a server or client that has none.", "Remove it."),
        ],
        "The log's level: a debug line is harmless.",
    )
    .news()
    .outcome("ok"),
    Entry::new(
        "hiredis-too-old",
        "hiredis is missing or too old",
        &[
            redis_py("hiredis package should be >=", "redis/utils.py").seen("5.2.1", "8.1.0"),
            redis_py("Hiredis is not installed", "redis/_parsers/hiredis.py").seen("4.6.0", "8.1.0"),
            redis_py("Hiredis is not available.", "redis/_parsers/hiredis.py").seen("4.6.0", "8.1.0"),
        ],
        "redis-py uses hiredis where it is installed, and requires a newer one.",
        &[cause(When::Always, "An old hiredis is pinned.", "Install `hiredis>=3.2.0`, or none.")],
        "`pip show hiredis` inside the container.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "no-module-redis",
        "redis-py is not installed, or too old",
        &[
            python("No module named 'redis'", "Python"),
            python("No module named 'rediscluster'", "Python"),
            python("cannot import name 'RedisCluster' from 'redis", "Python: redis-py before 4.1"),
            python("No module named 'redis.asyncio'", "Python: redis-py before 4.2, or another package of that name"),
            python("cannot import name 'asyncio' from 'redis'", "Python: redis-py before 4.2"),
        ],
        "LiteLLM needs the package `redis`, which plain `pip install litellm` does not bring. Some releases import it at each start, whether or not the configuration has a Redis.",
        &[cause(When::Always, "`litellm` was installed without its proxy extra, the package is older than 4.2, or a file or folder called `redis` hides it.", "Install `litellm[proxy]`, or `redis>=5.2.0`; rename a `redis.py` or `redis/` of your own beside the program.")],
        "`pip show redis` inside the container.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "wait-ran-out",
        "A wait ran out, and the exception has no message",
        &[
            python("asyncio.exceptions.TimeoutError", "Python asyncio").alone(),
            python("asyncio.TimeoutError", "Python asyncio").alone(),
            python("TimeoutError", "Python 3.11 and newer, where asyncio's is the built-in one").alone(),
            python("redis.exceptions.TimeoutError", "a traceback, of redis-py's class").alone(),
        ],
        "Python raises it where a timeout ran out, and says no more. Whose wait it was, the lines of the traceback above it tell: each names a file.",
        &[
            cause(
                When::ShortTimeout,
                "Files of `redis` are above it, and a client waits for less than half a second: one busy moment is enough.",
                "Set `socket_timeout` to 5.",
            )
            .codes(&["RP802"]),
            cause(
                When::Always,
                "Files of `redis` are above it: Redis did not answer, or a connection or a place in the pool did not come about in time.",
                "Run `redproof probe` from LiteLLM's container: it says which step takes how long. Where Redis is quick, give the worker CPU, since a blocked event loop looks the same.",
            ),
            cause(
                When::CacheType(&["redis-semantic", "valkey-semantic", "qdrant-semantic"]),
                "The embedding for the semantic cache was not there in time.",
                "Look whether the embedding model answers, and how fast.",
            ),
            cause(
                When::Always,
                "Files of `aiohttp`, `httpx` or `openai` are above it: a model's API was slow, and Redis has no part in it.",
                "Look at the model's provider, and at `timeout` of the model and the router.",
            ),
        ],
        "The files above it in the traceback: `redis/asyncio` is Redis; `aiohttp`, `httpx` and `openai` are models.",
    )
    .outcome("timeout"),
];
