//! How long start-up waits for a Redis that is not there: `RedisCache.__init__`, which asks it for INFO and for PING.

use facts::{Pair, Retries};
use python::{Data, Origin, Value};
use simulate::outcome::{Api, Client, ClientKind, Outcome};

/// Commands that each cache's sync client sends while it is made; what they raise is logged and forgotten.
const COMMANDS: u32 = 2;

/// A client that tries a connection again and again before the proxy serves.
#[derive(Clone, Copy, Debug)]
pub struct Wait<'a> {
    /// The client.
    pub client: &'a Client,
    /// How often it tries to connect, all commands and sentinels together.
    pub attempts: u32,
    /// How long it pauses between them, in seconds, at most.
    pub pauses: f64,
    /// Whether a connection that is refused is tried again; else only one that times out.
    pub refused: bool,
    /// How long one attempt waits for an answer, in seconds, where that is limited.
    pub timeout: Option<f64>,
}

impl Wait<'_> {
    /// How long a Redis that does not answer holds start-up up, in seconds, at most.
    pub fn silent(&self) -> Option<f64> {
        self.timeout.map(|timeout| f64::from(self.attempts).mul_add(timeout, self.pauses))
    }
}

/// The clients that make start-up wait: `truth/startup/delays.json`. A pool that is made of a url has no retries, and
/// without a cluster's nodes the proxy does not start.
pub fn waits(outcome: &Outcome, pair: Pair) -> Vec<Wait<'_>> {
    let retries = pair.client_retries();
    if retries == Retries::NONE {
        return vec![];
    }
    let fallback = outcome.usage_if_reachable.iter().flat_map(|fallback| &fallback.clients);
    let clients = outcome.clients.iter().chain(fallback);
    let waiting = clients.filter(|client| {
        client.api == Api::Sync && client.error.is_none() && client.kind != ClientKind::RedisCluster
    });
    waiting
        .filter_map(|client| {
            let asked = match client.kind {
                ClientKind::Sentinel => client.sentinels.first()?,
                _ => client.connection.as_ref().filter(|one| !by_url(&one.host.value))?,
            };
            let servers = u32::try_from(client.sentinels.len().max(1)).unwrap_or(1);
            let commands = COMMANDS * servers;
            let limit = [&asked.socket_connect_timeout.value, &asked.socket_timeout.value];
            Some(Wait {
                client,
                attempts: commands * (retries.count + 1),
                pauses: f64::from(commands) * retries.longest_pauses(),
                refused: retries.whole,
                timeout: limit.into_iter().find_map(seconds),
            })
        })
        .collect()
}

/// Whether a URL says where the client goes: what is in it is computed.
fn by_url(host: &Value) -> bool {
    matches!(host.origin, Origin::Computed(_))
}

fn seconds(value: &Value) -> Option<f64> {
    match &value.data {
        Data::Float(number) => Some(*number),
        Data::Int(number) => number.to_string().parse().ok(),
        _ => None,
    }
}
