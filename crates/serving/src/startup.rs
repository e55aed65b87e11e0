//! What stops the proxy after its config is loaded: `ProxyStartupEvent`.

use deployment::environment::{Environment, Lookup};
use facts::{Behaviour, Pair};
use python::{PyException, Raise};
use simulate::outcome::{Outcome, Running};

use crate::{setting, switched_on};

/// The variables of which one makes the transaction buffer's own Redis.
const TARGETS: [&str; 4] =
    ["REDIS_HOST", "REDIS_URL", "REDIS_CLUSTER_NODES", "REDIS_SENTINEL_NODES"];

/// Whether the transaction buffer stops the proxy, gets the coordination Redis, or one that the
/// environment names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Buffer {
    /// It is off, or needs nothing more.
    Fed,
    /// `REDIS_*` name the Redis that it uses, and limits and locks with it.
    Environment,
    /// There is none: the proxy does not start.
    Refused(PyException),
    /// It depends on this.
    Unknown(String),
}

/// `validate_redis_transaction_buffer_config`
pub(crate) fn buffer(
    outcome: &Outcome,
    running: &Running,
    environment: &Environment,
    pair: Pair,
) -> Buffer {
    let switch = setting(running, "general_settings", "use_redis_transaction_buffer");
    match switched_on(switch) {
        Some(false) => return Buffer::Fed,
        Some(true) => {}
        None => return Buffer::Unknown("`use_redis_transaction_buffer`".to_owned()),
    }
    let fed = outcome.usage_cache.is_some() || outcome.usage_if_reachable.is_some();
    if fed || !pair.behaves(Behaviour::SpendBufferNeedsRedis) {
        return Buffer::Fed;
    }
    if pair.behaves(Behaviour::SpendBufferTakesEnvironment) {
        let targets = if pair.behaves(Behaviour::CoordinationRedis) { 4 } else { 2 };
        for name in &TARGETS[..targets] {
            match environment.lookup(name) {
                Lookup::Absent => {}
                Lookup::Set(_) => return Buffer::Environment,
                Lookup::NotGiven => return Buffer::Unknown(format!("`{name}`")),
            }
        }
    }
    let words =
        if pair.behaves(Behaviour::SpendBufferTakesEnvironment) { "Redis" } else { "Redis cache" };
    Buffer::Refused(PyException {
        class: "ValueError".to_owned(),
        message: format!(
            "`use_redis_transaction_buffer` is enabled in general_settings but no {words} is configured. This will cause spend updates to not be tracked. Add a Redis cache in litellm_settings:"
        ),
        origins: switch.map(|value| value.origin.clone()).into_iter().collect(),
        reason: Raise::Other,
    })
}
