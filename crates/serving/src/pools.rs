//! How many connections the clients that serve requests open: the limits of redis-py's pools, as LiteLLM's
//! `get_redis_connection_pool` makes them.

use simulate::outcome::{Api, Client, ClientKind, Connection, Outcome, Startup};

/// The pool of a client that serves requests.
#[derive(Clone, Copy, Debug)]
pub struct Pool<'a> {
    /// The client.
    pub client: &'a Client,
    /// What it opens.
    pub connection: &'a Connection,
    /// How many in each process at most; `None` where redis-py sets no limit that matters.
    pub most: Option<u64>,
}

/// redis-py's stand-in for no limit: `2 ** 31`.
const NO_LIMIT: u64 = 1 << 31;

/// The pools of the async clients, which serve requests. The sync clients open few: LiteLLM asks them at start-up
/// and from threads. A cluster's client has a pool for each node, whose number is not known here.
pub fn pools(outcome: &Outcome) -> Vec<Pool<'_>> {
    if outcome.startup != Startup::Ok {
        return vec![];
    }
    let fallback = outcome.usage_if_reachable.iter().flat_map(|fallback| &fallback.clients);
    let serving = outcome.clients.iter().chain(fallback).filter(|client| {
        client.api == Api::Async
            && client.error.is_none()
            && client.kind != ClientKind::RedisCluster
    });
    serving
        .filter_map(|client| {
            let connection = client.connection.as_ref()?;
            let most = connection.max_connections.filter(|most| *most < NO_LIMIT);
            Some(Pool { client, connection, most })
        })
        .collect()
}
