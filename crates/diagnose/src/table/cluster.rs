//! Redis Cluster.

use super::{cause, defect, native, redis_py, server};
use crate::{Entry, When};

const WRITE_NODES: &str = "Write `redis_startup_nodes` under `cache_params` instead of `host` and `port` (or REDIS_CLUSTER_NODES).";

pub(super) static ENTRIES: &[Entry] = &[
    Entry::new(
        "moved",
        "The server is a node of a cluster, and the client is not made for one",
        &[
            server("MOVED {} {}:", "Redis cluster.c clusterRedirectClient"),
            redis_py("redis.exceptions.MovedError", "redis/exceptions.py"),
            redis_py("MovedError:", "redis/exceptions.py").seen("4.6.0", "8.1.0"),
            native("An error was signalled by the server - Moved", "redis-rs"),
        ],
        "The key lies on another node. A cluster client goes there; a plain one fails, on some keys and not on others.",
        &[
            cause(When::Found(&["RP504"]), "The host is a cluster\'s, and the client is made for one server.", WRITE_NODES).codes(&["RP504"]),
            cause(When::Single, "The host is one node of a cluster, and the client is made for one server.", WRITE_NODES).codes(&["RP502", "RP504"]),
            cause(When::Cluster, "A cluster client follows such answers: the text comes from another client, or from a resharding.", "Look in `redproof explain` for a client of the kind Redis, such as the router's; give it `cache_kwargs: {startup_nodes: …}`.").codes(&["RP502"]),
        ],
        "`INFO server`: redis_mode says `cluster`.",
    )
    .outcome("server_state"),
    Entry::new(
        "ask",
        "A slot is on its way to another node",
        &[
            redis_py("AskError", "redis/exceptions.py").seen("4.6.0", "8.1.0"),
            server("TRYAGAIN Multiple keys request during rehashing of slot", "Redis cluster.c"),
            redis_py("Multiple keys request during rehashing of slot", "redis/_parsers/base.py"),
        ],
        "The cluster is being resharded.",
        &[
            cause(When::Cluster, "A resharding is under way; the client follows, and some pipelines fail until it ends.", "Wait until the resharding has ended."),
            cause(When::Single, "The client is not made for a cluster.", WRITE_NODES),
        ],
        "`redis-cli --cluster check HOST:PORT`.",
    )
    .outcome("server_state"),
    Entry::new(
        "crossslot",
        "Keys of one command lie in several slots",
        &[
            server("CROSSSLOT Keys in request don't hash to the same slot", "Redis cluster.c"),
            redis_py("Keys in request don't hash to the same slot", "redis/_parsers/base.py: CROSSSLOT becomes ClusterCrossSlotError").seen("4.6.0", "8.1.0"),
            redis_py("all keys must map to the same key slot", "redis/cluster.py RedisCluster.determine_slot").seen("4.6.0", "8.1.0"),
            redis_py("All keys involved in a cluster transaction must map to the same slot", "redis/cluster.py TransactionStrategy").seen("6.2.0", "8.1.0"),
            redis_py("Cannot watch or send commands on different slots", "redis/cluster.py TransactionStrategy").seen("6.2.0", "8.1.0"),
            server("Script attempted to access a non local key in a cluster node", "Redis script_lua.c"),
            server("Script attempted to access keys that do not hash to the same slot", "Redis 7 script.c"),
            server("Lua script attempted to access a non local key", "Redis before 7"),
        ],
        "A cluster takes several keys in one command, script or transaction only where they share a slot.",
        &[
            cause(When::Single, "The client is made for one server and talks to a cluster, or to a proxy before one.", WRITE_NODES).codes(&["RP502"]),
            cause(When::Found(&["RP502"]), "A cluster client sits in a cache that does not know of clusters.", "Do as RP502 says.").codes(&["RP502"]),
            defect("LD8760"),
            defect("LD14968"),
            defect("LD30065"),
            cause(When::Cluster, "This LiteLLM release sends keys of several slots at once: the limits' scripts group keys by hash tag from 1.77.5 on.", "Use a newer LiteLLM, or a Redis that is not a cluster."),
        ],
        "Which command: MGET, EVALSHA or a pipeline.",
    )
    .outcome("server_state"),
    Entry::new(
        "cluster-is-down",
        "The cluster is down",
        &[
            server("CLUSTERDOWN The cluster is down", "Redis cluster.c"),
            server("CLUSTERDOWN Hash slot not served", "Redis cluster.c"),
            redis_py("Hash slot not served", "redis/_parsers/base.py: CLUSTERDOWN becomes ClusterDownError"),
            redis_py("The cluster is down", "redis/_parsers/base.py"),
            redis_py("All slots are not covered after query all startup_nodes", "redis/cluster.py NodesManager.initialize").seen("4.6.0", "8.1.0"),
            redis_py("is not covered by the cluster", "redis/cluster.py RedisCluster.get_node_from_key").seen("4.6.0", "8.1.0"),
            redis_py("not covered by the cluster. \"require_full_coverage", "redis/cluster.py NodesManager.get_node_from_slot").seen("4.6.0", "8.1.0"),
        ],
        "Some slots have no master that answers.",
        &[
            cause(When::Cluster, "Masters are down without a replica to take over, or the slots were never given out.", "Bring the masters back, or `redis-cli --cluster fix`; a new cluster needs `redis-cli --cluster create`."),
            cause(When::Single, "The server was started with `cluster-enabled yes` and has no slots.", "Set `cluster-enabled no`, or create the cluster and write `redis_startup_nodes`."),
        ],
        "`redis-cli -h HOST CLUSTER INFO` and `redis-cli --cluster check HOST:PORT`.",
    )
    .outcome("cluster_down"),
    Entry::new(
        "not-a-cluster",
        "The server is not a cluster",
        &[
            redis_py("Cluster mode is not enabled on this node", "redis/cluster.py NodesManager.initialize").seen("4.6.0", "8.1.0"),
            server("This instance has cluster support disabled", "Redis cluster.c"),
            server("cluster support disabled", "Redis cluster.c"),
        ],
        "The configuration has startup nodes, and the server is on its own.",
        &[
            cause(When::Cluster, "`redis_startup_nodes` or REDIS_CLUSTER_NODES is set for a server that is not a cluster.", "Write `host` and `port` instead, and unset REDIS_CLUSTER_NODES.").codes(&["RP504"]),
            cause(When::Not(&When::Cluster), "No client of this configuration is made for a cluster: another configuration or a variable such as REDIS_CLUSTER_NODES is at work.", "Print the environment of the running process."),
        ],
        "`INFO server`: redis_mode.",
    )
    .outcome("cluster_disabled"),
    Entry::new(
        "cluster-cannot-be-connected",
        "No node of the cluster could be used",
        &[
            redis_py("Redis Cluster cannot be connected. Please provide at least one reachable node", "redis/cluster.py NodesManager.initialize").seen("4.6.0", "8.1.0"),
            native("Failed to create initial connections", "redis-rs cluster"),
        ],
        "redis-py tried each startup node, and none could be used. LiteLLM's sync cluster client connects while it is built: the proxy does not start.",
        &[
            cause(When::Cluster, "The startup nodes can't be reached, or TLS or the login fails at them.", "Look at the reason that follows; check each node's address, TLS and password.").codes(&["RP306"]),
            cause(When::Not(&When::Cluster), "No client of this configuration is made for a cluster: a variable such as REDIS_CLUSTER_NODES is at work.", "Print the environment of the running process."),
        ],
        "The rest of the line.",
    )
    .envelope()
    .outcome("refused"),
    Entry::new(
        "cluster-redirects-without-end",
        "The cluster sends the client round and round",
        &[
            redis_py("TTL exhausted.", "redis/cluster.py RedisCluster._execute_command").seen("4.6.0", "8.1.0"),
            redis_py("startup_nodes could not agree on a valid slots cache", "redis/cluster.py NodesManager.initialize").seen("4.6.0", "8.1.0"),
        ],
        "The nodes tell different layouts: a failover or resharding is under way, or two clusters share a name.",
        &[
            cause(When::Cluster, "The nodes disagree, or announce addresses that lead elsewhere from LiteLLM's network.", "Set `cluster-announce-ip`, `-port` (and `-hostname`) to what LiteLLM can reach, and let the resharding end."),
            cause(When::Not(&When::Cluster), "No client of this configuration is made for a cluster.", "Check that this is the configuration that runs."),
        ],
        "`CLUSTER SLOTS` at each node.",
    )
    .outcome("cluster_down"),
    Entry::new(
        "db-in-cluster",
        "`db` with a cluster",
        &[
            redis_py("A ``db`` querystring option can only be 0 in cluster mode", "redis/cluster.py RedisCluster.__init__").seen("4.6.0", "8.1.0"),
            redis_py("Argument 'db' is not possible to use in cluster mode", "redis/cluster.py RedisCluster.__init__").seen("4.6.0", "8.1.0"),
            redis_py("Argument 'db' must be 0 or None in cluster mode", "redis/asyncio/cluster.py RedisCluster.__init__").seen("4.6.0", "8.1.0"),
            native("must be 0 in cluster mode", "LiteLLM's Rust client"),
        ],
        "A cluster has database 0 alone, and redis-py refuses another.",
        &[
            cause(When::Found(&["RP101", "RP110"]), "`db` is set beside startup nodes, or REDIS_DB is set.", "Drop `db`, also REDIS_DB and the number at the URL's end.").codes(&["RP101", "RP110"]),
            cause(When::Cluster, "`db` reaches the cluster client.", "Drop `db`, also REDIS_DB and the number at the URL's end."),
            cause(When::Always, "A cluster client gets a `db`.", "Drop `db`, also REDIS_DB and the number at the URL's end."),
        ],
        "`redproof explain`: db of the cluster's clients.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "cluster-needs-nodes",
        "A cluster client without a node",
        &[
            redis_py("RedisCluster requires at least one node to discover the cluster", "redis/cluster.py RedisCluster.__init__").seen("4.6.0", "8.1.0"),
            redis_py("RedisCluster does not currently support Unix Domain Socket", "redis/cluster.py RedisCluster.__init__").seen("4.6.0", "8.1.0"),
            redis_py("Unix domain socket is not supported in cluster mode", "redis/asyncio/cluster.py RedisCluster.__init__").seen("4.6.0", "8.1.0"),
        ],
        "The list of nodes is empty, or a socket's path is in the place of nodes.",
        &[
            cause(When::Found(&["RP101", "RP110"]), "The configuration asks for a cluster and names no node.", "Give `redis_startup_nodes` a list of `host` and `port`.").codes(&["RP101", "RP110"]),
            cause(When::Always, "`redis_startup_nodes` or REDIS_CLUSTER_NODES is empty.", "Give it a list of `host` and `port`, or remove it."),
        ],
        "REDIS_CLUSTER_NODES in the environment.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "cluster-node-is-wrong",
        "A startup node is written wrongly",
        &[
            redis_py("ClusterNode.__init__() missing", "redis/cluster.py ClusterNode.__init__"),
            redis_py("ClusterNode.__init__() got an unexpected keyword argument", "redis/cluster.py ClusterNode.__init__"),
            redis_py("ClusterNode() argument after ** must be a mapping", "litellm/_redis.py init_redis_cluster"),
        ],
        "Each startup node is a mapping with `host` and `port`.",
        &[
            cause(When::Found(&["RP101", "RP110"]), "A node has another shape: a text `host:port`, a list, or another key.", "Write `- host: NAME` and `port: 6379` for each.").codes(&["RP101", "RP110"]),
            cause(When::Always, "`redis_startup_nodes` or REDIS_CLUSTER_NODES has another shape.", "Write [{\"host\": \"NAME\", \"port\": 6379}]."),
        ],
        "`redis_startup_nodes` and REDIS_CLUSTER_NODES.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "cluster-nodes-no-json",
        "REDIS_CLUSTER_NODES is not JSON",
        &[super::litellm("REDIS_CLUSTER_NODES environment variable is not valid JSON", "litellm/_redis.py init_redis_cluster").seen("1.60.0", "1.110.2")],
        "The variable holds a JSON list of nodes, and this is not one.",
        &[
            cause(When::Found(&["RP101"]), "Quotes were lost, single quotes were used, or addresses are bare.", "Set REDIS_CLUSTER_NODES to [{\"host\": \"NAME\", \"port\": \"6379\"}], in single quotes where a shell or YAML reads it.").codes(&["RP101"]),
            cause(When::Always, "Quotes were lost, single quotes were used, or addresses are bare.", "Set REDIS_CLUSTER_NODES to [{\"host\": \"NAME\", \"port\": \"6379\"}], in single quotes where a shell or YAML reads it."),
        ],
        "`printenv REDIS_CLUSTER_NODES | python3 -m json.tool` inside the container.",
    )
    .outcome("invalid_config"),
    Entry::new(
        "not-on-a-cluster",
        "redis-py's cluster client does not do this",
        &[
            redis_py("is blocked when running redis in cluster mode", "redis/cluster.py ClusterPipeline").seen("4.6.0", "8.1.0"),
            redis_py("No way to dispatch this command to Redis Cluster. Missing key", "redis/cluster.py RedisCluster.determine_slot").seen("4.6.0", "8.1.0"),
            redis_py("Slot rebalancing occurred while watching keys", "redis/cluster.py").seen("6.2.0", "8.1.0"),
            redis_py("transaction is deprecated in cluster mode", "redis/cluster.py ClusterPipeline.__init__").seen("4.6.0", "6.0.0"),
        ],
        "A command that needs one server was given to a cluster client: LiteLLM's cache does not know that its client is one, or a callback of your own uses it.",
        &[
            cause(When::Found(&["RP502"]), "A cluster client sits in a cache that does not know of clusters.", "Do as RP502 says.").codes(&["RP502"]),
            cause(When::Always, "This release of LiteLLM uses a command that a cluster client lacks, or a callback of your own does.", "Use a newer LiteLLM, or a Redis that is not a cluster."),
        ],
        "The last lines of the traceback that lie in `litellm/`.",
    )
    .outcome("cluster_disabled"),
    Entry::new(
        "cluster-pubsub",
        "No node to subscribe at",
        &[super::litellm("cannot derive a pub/sub client: redis cluster has no default node", "litellm/caching/redis_cache.py _cluster_node_pubsub_client").seen("1.105.0", "1.110.2")],
        "LiteLLM listens for invalidations at one node of the cluster, and has found none.",
        &[cause(When::Cluster, "The cluster could not be reached when LiteLLM started.", "Let LiteLLM start after the cluster."), cause(When::Always, "The cluster could not be reached.", "Let LiteLLM start after the cluster.")],
        "The errors before this one.",
    )
    .outcome("cluster_down"),
];
