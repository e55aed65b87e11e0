//! A server that answers with an error.

use super::{cause, defect, native, redis_py, server};
use crate::{Entry, When};
use facts::{Behaviour, eviction};

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "loading",
        "The server is loading its data",
        &[
            server("LOADING Redis is loading the dataset in memory", "Redis server.c shared.loadingerr"),
            redis_py("Redis is loading the dataset in memory", "redis/_parsers/base.py: LOADING becomes BusyLoadingError"),
        ],
        "After a start the server reads its data from disk, and takes no commands until then.",
        &[cause(When::Always, "Redis has just started.", "Wait for it: a readiness probe with `redis-cli ping`, so that LiteLLM starts after. A cache needs no saving at all: `save \"\"`.")],
        "`INFO persistence`: loading_eta_seconds.",
    )
    .outcome("server_state"),
    Entry::new(
        "out-of-memory",
        "The server is out of memory",
        &[
            server("OOM command not allowed when used memory > 'maxmemory'", "Redis server.c shared.oomerr"),
            redis_py("command not allowed when used memory > 'maxmemory'", "redis/_parsers/base.py: OOM becomes OutOfMemoryError"),
            server("OOM allow-oom flag is not set on the script", "Redis 7 script.c"),
        ],
        "`maxmemory` is reached, and nothing may be evicted.",
        &[cause(When::Always, "`maxmemory-policy` is `noeviction`, or evicts only keys with a time to live while others fill the memory.", eviction::RAISE_OR_EITHER).codes(&["RP853", "RP854"])],
        "`INFO memory`: used_memory, maxmemory, maxmemory_policy.",
    )
    .outcome("server_state"),
    Entry::new(
        "read-only-replica",
        "The server is a read-only replica",
        &[
            server("READONLY You can't write against a read only replica", "Redis server.c shared.roslaveerr"),
            redis_py("You can't write against a read only replica", "redis/_parsers/base.py: READONLY becomes ReadOnlyError"),
            server("READONLY You can't write against a read only slave", "Redis before 5"),
            server("Can not run script with write flag on readonly replica", "Redis 7 script.c"),
            redis_py("The previous master is now a slave", "redis/sentinel.py SentinelManagedConnection.read_response").seen("4.6.0", "8.1.0"),
            redis_py("READONLY command failed", "redis/asyncio/cluster.py ClusterNode").seen("4.6.0", "8.1.0"),
        ],
        "LiteLLM writes, and is connected to a replica.",
        &[
            cause(When::Found(&["RP506"]), "The host is a reader endpoint.", "Use the primary endpoint.").codes(&["RP506"]),
            cause(When::All(&[When::Single, When::HostEnds(&[".cache.amazonaws.com"])]), "The host is one node's own endpoint or a reader endpoint, and a failover made it a replica.", "Use the primary endpoint (`master.…`), or the configuration endpoint with startup nodes."),
            cause(When::Sentinel, "A failover happened, and the connection is still to the old master.", "Nothing: the next command asks the sentinels. If it stays, compare what the sentinels say (`SENTINEL GET-MASTER-ADDR-BY-NAME`)."),
            cause(When::Single, "A service or name leads to a replica: in Kubernetes a Service that selects all pods.", "Point `host` at the service of the master (Bitnami: `redis-master`), or use Sentinel."),
            cause(When::Cluster, "A failover is under way.", "Wait; the client learns the new layout."),
        ],
        "`redis-cli -h HOST ROLE`.",
    )
    .outcome("server_state"),
    Entry::new(
        "cannot-save",
        "The server can't save and takes no writes",
        &[
            server("MISCONF Redis is configured to save RDB snapshots", "Redis server.c shared.bgsaveerr"),
            server("MISCONF Errors writing to the AOF file", "Redis server.c"),
            redis_py("Redis is configured to save RDB snapshots", "redis/_parsers/base.py"),
            server("unable to persist to disk", "Redis server.c"),
        ],
        "Saving to disk failed, and the server refuses writes until it works.",
        &[cause(When::Always, "The disk is full or read-only, the directory belongs to another user, or `fork` found no memory.", "Free the disk or give Redis its directory; a cache needs no saving: `CONFIG SET save \"\"`; or `stop-writes-on-bgsave-error no`.").codes(&["RP856", "RP859"])],
        "Redis' own log, and `INFO persistence`: rdb_last_bgsave_status.",
    )
    .outcome("server_state"),
    Entry::new(
        "master-is-down",
        "A replica has lost its master",
        &[
            server("MASTERDOWN Link with MASTER is down", "Redis server.c shared.masterdownerr"),
            redis_py("Link with MASTER is down and replica-serve-stale-data", "redis/_parsers/base.py: MASTERDOWN becomes MasterDownError").seen("4.6.0", "8.1.0"),
        ],
        "The connection leads to a replica that has lost its master and serves no old data.",
        &[
            cause(When::Sentinel, "The failover is not done.", "Wait for it; look at `SENTINEL CKQUORUM` if it lasts."),
            cause(When::Always, "The host is a replica.", "Connect to the master, or bring it back."),
        ],
        "`redis-cli -h HOST INFO replication`.",
    )
    .outcome("server_state"),
    Entry::new(
        "too-few-replicas",
        "Too few replicas to write",
        &[
            server("NOREPLICAS Not enough good replicas to write", "Redis server.c shared.noreplicaserr"),
            redis_py("Not enough good replicas to write", "redis/_parsers/base.py"),
            server("Not enough good slaves to write", "Redis before 5"),
        ],
        "`min-replicas-to-write` asks for replicas that are not there or lag.",
        &[cause(When::Always, "Replicas are down or behind.", "Bring them back, or lower `min-replicas-to-write`.").codes(&["RP553"])],
        "`INFO replication`.",
    )
    .outcome("server_state"),
    Entry::new(
        "server-is-busy",
        "The server runs a script and answers nobody else",
        &[
            server("BUSY Redis is busy running a script", "Redis server.c shared.slowevalerr"),
            server("BUSY Redis is busy running a module command", "Redis 7 server.c"),
            redis_py("Redis is busy running a script", "redis/_parsers/base.py"),
        ],
        "A Lua script runs for longer than `busy-reply-threshold`.",
        &[cause(When::Always, "A script of LiteLLM's limits or of another program runs on and on: a shared Redis, or a machine without CPU.", "Wait, or `SCRIPT KILL`; give LiteLLM a Redis of its own.")],
        "`SLOWLOG GET 10`.",
    )
    .outcome("server_state"),
    Entry::new(
        "protected-mode",
        "The server is in protected mode",
        &[
            server("DENIED Redis is running in protected mode", "Redis networking.c clientAcceptHandler"),
            redis_py("Redis is running in protected mode", "redis/_parsers/base.py"),
        ],
        "A server without a password answers only its own machine.",
        &[
            cause(When::Login, "A password is sent, and the server has none.", "Give the server that password (`requirepass`)."),
            cause(When::Always, "The server has no password.", "Set `requirepass` and give LiteLLM the `password`; or `protected-mode no` in a closed network."),
        ],
        "`redis-cli CONFIG GET protected-mode` on the server's machine.",
    )
    .outcome("server_state"),
    Entry::new(
        "too-many-clients",
        "The server takes no more clients",
        &[
            server("max number of clients reached", "Redis networking.c"),
            server("max number of clients + cluster connections reached", "Redis 7 networking.c"),
            server("ERR max number of clients", "Redis networking.c"),
        ],
        "`maxclients` is reached: services count connections, and small plans allow few.",
        &[
            cause(When::LimitedPool, "Each worker's clients open up to `max_connections` each; pods × workers × clients pass the limit.", "Lower `max_connections`, or choose a plan with more connections.").codes(&["RP855"]),
            defect("LD34871"),
            cause(When::Always, "The pools have no limit, and many pods or workers open connections at load.", "Set `max_connections`, raise `maxclients`, and find who holds connections with `CLIENT LIST`.").codes(&["RP855"]),
        ],
        "`INFO clients` and `CLIENT LIST`.",
    )
    .outcome("server_state"),
    Entry::new(
        "no-such-database",
        "The server has no database of this number",
        &[
            server("DB index is out of range", "Redis db.c selectCommand"),
            server("invalid DB index", "Redis before 7 db.c"),
            server("SELECT is not allowed in cluster mode", "Redis db.c selectCommand"),
            server("only 0 database is allowed", "services with one database"),
            redis_py("Invalid Database", "redis/connection.py AbstractConnection.on_connect").seen("4.6.0", "8.1.0"),
            native("Redis server refused to switch database", "redis-rs connection.rs"),
        ],
        "`db` names a database that is not there: many services and every cluster have only database 0.",
        &[
            cause(When::Found(&["RP509"]), "`db` is not a number that Redis takes.", "Write a whole number from 0.").codes(&["RP509"]),
            cause(When::NumberedDatabase, "`db` is not 0.", "Drop `db` (and `/2` at the URL's end, REDIS_DB), and tell environments apart by `namespace`.").codes(&["RP405", "RP505"]),
            cause(When::Always, "A client that is not in this configuration selects another database.", "Check that this is the configuration that runs, with its REDIS_DB and REDIS_URL."),
        ],
        "`redis-cli CONFIG GET databases`.",
    )
    .outcome("wrong_db"),
    Entry::new(
        "hello-is-not-known",
        "The server does not know HELLO",
        &[
            server("unknown command 'HELLO'", "Redis before 6, and proxies"),
            server("unknown command `HELLO`", "Redis 5"),
            server("unsupported command 'hello'", "Envoy"),
            server("NOPROTO unsupported protocol version", "Redis 6 and newer networking.c"),
            server("NOPROTO sorry, this protocol version is not supported", "Redis 6"),
            redis_py("Invalid RESP version", "redis/connection.py AbstractConnection.on_connect").seen("5.0.8", "8.1.0"),
            native("ServerRESP3NotSupported", "redis-rs ErrorKind"),
            native("RESP3NotSupported", "redis-rs ErrorKind"),
        ],
        "redis-py begins with HELLO 3 from 8.0 on, which Redis before 6 and some proxies do not know.",
        &[
            cause(When::Behaves(Behaviour::Resp3ByDefault), "This redis-py greets with HELLO 3.", "Set `protocol: 2`, upgrade the server to Redis 6, or use redis-py before 8.").codes(&["RP902"]),
            cause(When::Always, "`protocol: 3` is set, or another redis-py release runs.", "Set `protocol: 2`, or upgrade the server to Redis 6."),
        ],
        "`INFO server`: redis_version; what is between LiteLLM and Redis.",
    )
    .outcome("protocol_error"),
    Entry::new(
        "select-is-not-known",
        "SELECT is refused: a sentinel or a proxy",
        &[
            server("unknown command 'SELECT'", "a sentinel, or a proxy"),
            server("unknown command `SELECT`", "a sentinel of Redis 5 or 6, or a proxy"),
            server("unsupported command 'select'", "Envoy"),
        ],
        "Sentinels have no databases, and LiteLLM sends SELECT for `db` to them too.",
        &[
            cause(When::All(&[When::Sentinel, When::NumberedDatabase]), "`db` is not 0 with Sentinel: LiteLLM selects it at the sentinels, which refuse.", "Leave `db` at 0, and tell environments apart by `namespace`."),
            cause(When::SentinelPort, "The port is a sentinel's.", "Write the port of Redis, or `sentinel_nodes` and `service_name`; leave `db` at 0."),
            cause(When::NumberedDatabase, "A proxy in front of Redis has one database.", "Leave `db` at 0."),
            cause(When::Always, "`db` is set somewhere.", "Leave `db` at 0, also in REDIS_DB and the URL."),
        ],
        "`INFO server`: redis_mode says `sentinel`, `cluster` or `standalone`.",
    )
    .outcome("wrong_db"),
    Entry::new(
        "this-is-a-sentinel",
        "The server is a sentinel",
        &[
            server("unknown command 'GET'", "a sentinel knows no keys"),
            server("unknown command 'SET'", "a sentinel knows no keys"),
            server("unknown command 'EVALSHA'", "a sentinel, or a proxy without scripts"),
            server("unknown command `GET`", "a sentinel of Redis 5 or 6"),
            server("unknown command `SET`", "a sentinel of Redis 5 or 6"),
            server("unknown command `EVALSHA`", "a sentinel of Redis 5 or 6, or a proxy without scripts"),
            server("unknown command 'INCRBYFLOAT'", "a sentinel, or a proxy"),
        ],
        "What answers takes no keys: most often a sentinel.",
        &[
            cause(When::SentinelPort, "The port is a sentinel's.", "Write the port of Redis (6379), or `sentinel_nodes` and `service_name`."),
            cause(When::Single, "The host and port lead to a sentinel, or the server renames commands.", "Write the address of Redis; keep GET, SET, EVALSHA and INCRBYFLOAT from `rename-command`."),
            cause(When::Always, "A server renames commands, or a proxy lacks them.", "Take back `rename-command` for what LiteLLM uses, or go past the proxy."),
        ],
        "`INFO server`: redis_mode.",
    )
    .outcome("server_state"),
    Entry::new(
        "proxy-protocol-at-redis",
        "A balancer sends the PROXY protocol to Redis",
        &[
            server("unknown command 'PROXY'", "Redis server.c, before a balancer with send-proxy"),
            server("unknown command `PROXY`", "Redis 5"),
            server("unknown command PROXY", "Redis 7 networking"),
        ],
        "A load balancer before Redis begins each connection with a line that only other proxies understand.",
        &[cause(When::Always, "`send-proxy` (HAProxy), `proxy_protocol` (nginx, AWS NLB) is on toward Redis.", "Turn it off toward Redis.")],
        "The balancer's backend configuration.",
    )
    .outcome("protocol_error"),
    Entry::new(
        "key-too-long",
        "A key is longer than what answers takes",
        &[server("key too long", "a proxy or service in a server's place; Redis itself takes 512 MB")],
        "Redis takes keys of any length; a proxy or a managed service in its place may not. LiteLLM writes answers under the SHA-256 of the request, which is short: what is long is a `namespace`, or a key that a callback or an old release builds from the request.",
        &[cause(When::Always, "A release before keys were hashed, or a program beside LiteLLM, builds its key from the whole request.", "Use a newer LiteLLM release, and a short `namespace`.")],
        "The command's key, with `redis-cli MONITOR` where the server allows it.",
    )
    .outcome("server_state"),
    Entry::new(
        "scripts-are-refused",
        "What answers takes no scripts",
        &[
            server("unknown command 'SCRIPT'", "Redis server.c, and proxies in its place"),
            server("unknown command `SCRIPT`", "Redis server.c, and proxies in its place"),
            server("unknown command 'EVALSHA'", "Redis server.c, and proxies in its place"),
            server("unknown command `EVALSHA`", "Redis server.c, and proxies in its place"),
            server("command 'SCRIPT' is not allowed", "Codis proxy"),
            server("unsupported command 'script'", "Envoy"),
            server("unsupported command 'evalsha'", "Envoy"),
        ],
        "LiteLLM's rate limits, parallel slots, budgets and locks are Lua scripts, which redis-py loads with SCRIPT LOAD and runs with EVALSHA. Each process counts for itself until they run: all together let a multiple of a limit through, and no request fails.",
        &[
            defect("LD32232"),
            cause(When::SentinelPort, "The port is a sentinel's.", "Write the port of Redis, or `sentinel_nodes` and `service_name`."),
            cause(When::Always, "A proxy in front of Redis (Codis, Twemproxy, Envoy, KeyDB's or a cloud's own) forwards no SCRIPT or EVALSHA, or `rename-command` took them away.", "Connect LiteLLM to Redis itself, as a cluster by `redis_startup_nodes` where it is one; or take back `rename-command` for SCRIPT and EVALSHA.").codes(&["RP851"]),
        ],
        "`redis-cli -h HOST -p PORT SCRIPT LOAD 'return 1'`, at the address that LiteLLM has.",
    )
    .outcome("server_state"),
    Entry::new(
        "unknown-command",
        "The server does not know a command",
        &[
            server("ERR unknown command", "Redis server.c"),
            redis_py("unknown command '", "redis/_parsers/base.py: ERR becomes ResponseError"),
            redis_py("unknown command `", "redis/_parsers/base.py: ERR becomes ResponseError"),
            server("unknown subcommand", "Redis server.c"),
            server("unsupported command", "Envoy"),
        ],
        "The command is renamed, refused by a proxy, or newer than the server. CLIENT SETINFO is such a one before Redis 7.2, and harmless.",
        &[
            cause(When::SentinelPort, "The port is a sentinel's.", "Write the port of Redis, or `sentinel_nodes` and `service_name`."),
            cause(When::Always, "`rename-command` at the server, a proxy that lacks the command, or an old server.", "Take back `rename-command` for what LiteLLM uses, or upgrade the server.").codes(&["RP851"]),
        ],
        "The command's name in the text.",
    )
    .outcome("server_state"),
    Entry::new(
        "not-redis",
        "What answers is not Redis",
        &[
            redis_py("Protocol Error: b'", "redis/_parsers/resp2.py"),
            redis_py("Protocol Error:", "redis/_parsers/resp2.py").seen("4.6.0", "8.1.0"),
            redis_py("Protocol error, got \"H\" as reply type byte", "hiredis: an HTTP server"),
            redis_py("Protocol error, got", "hiredis read.c"),
            redis_py("Bad response from PING health check", "redis/connection.py AbstractConnection._send_ping").seen("4.6.0", "8.1.0"),
            native("Invalid response when parsing", "redis-rs"),
        ],
        "The bytes that came are not Redis' protocol: an HTTP server, a database, or TLS seen in plaintext.",
        &[
            cause(When::Plaintext, "The host and port lead to another service, such as an HTTP server or an ingress.", "Correct host and port; Redis needs a TCP route, not an HTTP one."),
            cause(When::Tls, "A service other than Redis is behind the TLS end.", "Correct host and port, or the proxy's backend."),
        ],
        "`redproof probe` names what answers: HTTP, SSH, mail.",
    )
    .outcome("protocol_error"),
    Entry::new(
        "server-got-no-redis",
        "The server could not read what it got",
        &[
            server("Protocol error: unbalanced quotes in request", "Redis networking.c"),
            server("Protocol error: too big inline request", "Redis networking.c"),
            server("Protocol error: too big mbulk count string", "Redis networking.c"),
            server("Protocol error: invalid multibulk length", "Redis networking.c"),
            server("Protocol error: unauthenticated bulk length", "Redis networking.c"),
            server("Possible SECURITY ATTACK detected", "Redis' own log: an HTTP request"),
            server("Error accepting a client connection", "Redis' own log: a failed TLS handshake"),
        ],
        "Redis got bytes that are not its protocol: TLS on the plaintext port, HTTP, or the other way round.",
        &[
            cause(When::TlsToPlaintextPort, "A client speaks TLS to the plaintext port.", "Use the server's `tls-port`, or turn TLS off for this client."),
            cause(When::Plaintext, "A client speaks plaintext to the TLS port.", "Turn TLS on: `ssl: true`, or a `rediss://` URL.").codes(&["RP301"]),
            cause(When::Always, "Another program than LiteLLM connects, such as an HTTP health check.", "Make the health check a TCP one."),
        ],
        "The address in Redis' log.",
    )
    .outcome("protocol_error"),
    Entry::new(
        "script-is-gone",
        "The server has forgotten a script",
        &[
            server("NOSCRIPT No matching script", "Redis script_lua.c"),
            redis_py("No matching script. Please use EVAL", "redis/_parsers/base.py: NOSCRIPT becomes NoScriptError"),
        ],
        "LiteLLM's limits run a script by its hash, and the server has lost it: a restart, a failover or SCRIPT FLUSH. redis-py loads it anew.",
        &[
            cause(When::Cluster, "The script is on another node of the cluster.", "Nothing, if it is rare: redis-py loads it there."),
            cause(When::Always, "The server restarted, or a proxy sends EVALSHA to a server other than SCRIPT LOAD's.", "Nothing, if it is rare; else go past the proxy."),
        ],
        "Whether it comes again and again.",
    )
    .outcome("server_state"),
    Entry::new(
        "wrong-type",
        "A key holds another kind of value",
        &[
            server("WRONGTYPE Operation against a key holding the wrong kind of value", "Redis server.c shared.wrongtypeerr"),
            redis_py("Operation against a key holding the wrong kind of value", "redis/_parsers/base.py"),
        ],
        "Two programs, or two LiteLLM releases, use one key differently: max_parallel_requests is a string up to 1.80 and a sorted set later.",
        &[cause(When::Always, "Two LiteLLM releases, or another program, share the database.", "Give each its `namespace` or its own Redis; after an upgrade delete the old keys.")],
        "`TYPE KEY` at the server.",
    )
    .outcome("server_state"),
    Entry::new(
        "not-a-number-value",
        "A counter holds no number",
        &[
            server("value is not an integer or out of range", "Redis object.c"),
            server("value is not a valid float", "Redis object.c"),
            server("hash value is not an integer", "Redis t_hash.c"),
            server("invalid expire time in", "Redis t_string.c"),
        ],
        "A counter that LiteLLM adds to holds text, or a time to live is not a positive whole number.",
        &[
            cause(When::Found(&["RP805"]), "`ttl` is 0 or negative.", "Do as RP805 says.").codes(&["RP805"]),
            cause(When::Always, "Another program or release writes the same keys, or `ttl` is 0, negative or a fraction.", "Use a `namespace` of LiteLLM's own, and a whole positive `ttl`."),
        ],
        "`ttl` and `default_in_redis_ttl` in the configuration.",
    )
    .outcome("server_state"),
    Entry::new(
        "transaction-discarded",
        "A transaction was discarded",
        &[
            server("EXECABORT Transaction discarded because of", "Redis server.c"),
            redis_py("Transaction discarded because of previous errors", "redis/_parsers/base.py: EXECABORT becomes ExecAbortError"),
        ],
        "A command within a pipeline was refused; the error before it says why.",
        &[cause(When::Always, "Out of memory, a missing permission, or keys of several slots.", "Look at the error before it.")],
        "The errors before this one.",
    )
    .envelope()
    .outcome("server_state"),
    Entry::new(
        "quota-reached",
        "The service's quota is used up",
        &[
            server("max daily request limit exceeded", "Upstash"),
            server("max requests limit exceeded", "Upstash"),
            server("max request size exceeded", "Upstash"),
            server("max database size exceeded", "Upstash"),
            server("quota exceeded", "services with quotas"),
        ],
        "The plan of the service allows no more requests, bytes or connections.",
        &[cause(When::Always, "LiteLLM asks Redis several times a request: limits, usage, cooldowns, cache.", "Choose a larger plan, or keep the router's and the limits' state in another Redis.")],
        "The service's console.",
    )
    .outcome("server_state"),
    Entry::new(
        "no-upstream",
        "The proxy before Redis reaches no server",
        &[
            server("no upstream host", "Envoy redis_proxy"),
            server("upstream failure", "Envoy redis_proxy"),
            server("upstream protocol error", "Envoy redis_proxy"),
            server("Server closed connection, no servers available", "twemproxy and kin"),
        ],
        "A proxy answers, and no Redis behind it.",
        &[cause(When::Always, "The proxy's backends are down, or it speaks plaintext to TLS servers.", "Look at the proxy's upstreams.")],
        "The proxy's log and statistics.",
    )
    .outcome("server_state"),
];
