//! Redis Sentinel.

use super::{cause, litellm, native, redis_py, server};
use crate::{Entry, When};
use facts::Behaviour;

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "no-master-found",
        "The sentinels name no master",
        &[
            redis_py("No master found for", "redis/sentinel.py Sentinel.discover_master").seen("4.6.0", "8.1.0"),
            redis_py("MasterNotFoundError", "redis/sentinel.py").seen("4.6.0", "8.1.0"),
            native("Master with given name not found in sentinel", "redis-rs sentinel.rs"),
            native("MasterNameNotFoundBySentinel", "redis-rs ErrorKind"),
            server("ERR No such master with that name", "Redis sentinel.c"),
        ],
        "No sentinel answered, or none watches a master of this name. Behind the name redis-py lists each sentinel's error.",
        &[
            cause(When::All(&[When::Sentinel, When::NumberedDatabase]), "`db` is not 0: LiteLLM selects it at the sentinels, which refuse.", "Leave `db` at 0, and tell environments apart by `namespace`."),
            cause(When::Found(&["RP501"]), "This release drops TLS and password for Sentinel.", "Do as RP501 says.").codes(&["RP501"]),
            cause(When::All(&[When::SentinelsWithoutPassword, When::Behaves(Behaviour::SentinelGetsRedisSettings)]), "The sentinels require a password and get none; or the addresses are not sentinels'.", "Set `sentinel_password` where they have one, and check the addresses in `sentinel_nodes`."),
            cause(When::Sentinel, "`service_name` is not the name that the sentinels watch, or they can't be reached.", "Make `service_name` the name in `redis-cli -p 26379 SENTINEL MASTERS`."),
            cause(When::Not(&When::Sentinel), "No client of this configuration asks sentinels: REDIS_SENTINEL_NODES may be set where LiteLLM runs.", "Print the environment of the running process."),
        ],
        "`redis-cli -h SENTINEL -p 26379 SENTINEL GET-MASTER-ADDR-BY-NAME NAME`.",
    )
    .outcome("sentinel_unknown_master"),
    Entry::new(
        "no-replica-found",
        "The sentinels name no replica",
        &[
            redis_py("No slave found for", "redis/sentinel.py SentinelConnectionPool.rotate_slaves").seen("4.6.0", "8.1.0"),
            native("NoValidReplicasFoundBySentinel", "redis-rs ErrorKind"),
        ],
        "A client asked for a replica and there is none. LiteLLM asks for the master alone.",
        &[cause(When::Always, "The master has no replica that the sentinels know.", "Start a replica, or ignore it where LiteLLM works.").codes(&["RP554"])],
        "`SENTINEL REPLICAS NAME`.",
    )
    .outcome("sentinel_unknown_master"),
    Entry::new(
        "sentinel-ping-failed",
        "The master that the sentinels name does not answer",
        &[redis_py("PING failed", "redis/sentinel.py SentinelManagedConnection.connect_to").seen("4.6.0", "6.2.0")],
        "The sentinels gave an address, and what is there does not answer PING.",
        &[
            cause(When::Sentinel, "The sentinels announce an address that LiteLLM's network does not reach, or the master is down.", "Set `replica-announce-ip` at the servers, or `sentinel resolve-hostnames yes` and `announce-hostnames yes`."),
            cause(When::Not(&When::Sentinel), "No client of this configuration asks sentinels.", "Check that this is the configuration that runs."),
        ],
        "`SENTINEL GET-MASTER-ADDR-BY-NAME NAME`, and whether LiteLLM's container reaches that address.",
    )
    .outcome("sentinel_unreachable"),
    Entry::new(
        "sentinel-is-no-store",
        "A sentinel is asked to store",
        &[
            server("Only HELLO messages are accepted by Sentinel instances", "Redis sentinel.c sentinelPublishCommand"),
            server("unknown command 'SET', with args beginning with", "a sentinel"),
            server("unknown command 'GET', with args beginning with", "a sentinel"),
            server("unknown command `SET`, with args beginning with", "a sentinel, Redis 5 and 6"),
            server("unknown command `GET`, with args beginning with", "a sentinel, Redis 5 and 6"),
        ],
        "A sentinel tells where the master is, and keeps nothing itself.",
        &[
            cause(When::SentinelPort, "The client is made for one server, and its port is the sentinels'.", "List the sentinels under `sentinel_nodes` with the master's `service_name`, or name the master's host and port.").codes(&["RP508"]),
            cause(When::Always, "What answers at the address is a sentinel, or the commands are renamed.", "Connect to the master's port (6379), or list the sentinels under `sentinel_nodes`."),
        ],
        "`redis-cli -h HOST -p PORT INFO server`: redis_mode.",
    )
    .outcome("server_state"),
    Entry::new(
        "sentinel-needs-both",
        "Sentinel settings are not complete",
        &[
            litellm("Both 'sentinel_nodes' and 'service_name' are required for Redis Sentinel", "litellm/_redis.py _init_redis_sentinel").seen("1.60.0", "1.110.2"),
            native("At least one sentinel is required", "redis-rs sentinel.rs"),
        ],
        "One of `sentinel_nodes` and `service_name` is there without the other.",
        &[
            cause(When::Found(&["RP101", "RP110"]), "The configuration, with its REDIS_* variables, has one of both.", "Set `service_name` beside `sentinel_nodes`: [[\"host\", 26379]].").codes(&["RP101", "RP110"]),
            cause(When::Always, "`service_name` or `sentinel_nodes` is missing, maybe by an empty variable.", "Set both, or neither."),
        ],
        "REDIS_SENTINEL_NODES and REDIS_SERVICE_NAME.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "sentinel-node-is-wrong",
        "A sentinel is written wrongly",
        &[
            super::python("not enough values to unpack (expected 2", "redis/sentinel.py Sentinel.__init__"),
            super::python("too many values to unpack (expected 2", "redis/sentinel.py Sentinel.__init__"),
            super::python("cannot unpack non-iterable", "redis/sentinel.py Sentinel.__init__"),
        ],
        "Each entry of `sentinel_nodes` is a list of a host and a port: [\"host\", 26379].",
        &[
            cause(When::Found(&["RP101", "RP110"]), "An entry is a mapping, a text `host:port`, or a list of another length.", "Write `sentinel_nodes: [[\"sentinel-1\", 26379], [\"sentinel-2\", 26379]]`.").codes(&["RP101", "RP110"]),
            cause(When::Always, "An entry of `sentinel_nodes` is not a pair.", "Write `sentinel_nodes: [[\"sentinel-1\", 26379]]`."),
        ],
        "`sentinel_nodes` and REDIS_SENTINEL_NODES.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "sentinel-quorum",
        "The sentinels can't agree",
        &[
            server("NOQUORUM", "Redis sentinel.c CKQUORUM"),
            server("NOGOODSLAVE No suitable replica to promote", "Redis sentinel.c"),
            server("INPROG Failover already in progress", "Redis sentinel.c"),
        ],
        "Too few sentinels or replicas are there for a failover.",
        &[cause(When::Always, "Sentinels or replicas are down, or do not know of each other.", "Run three sentinels, and look at `SENTINEL CKQUORUM NAME`.").codes(&["RP552", "RP554"])],
        "`SENTINEL CKQUORUM NAME`.",
    )
    .outcome("sentinel_unreachable"),
];
