//! Which `maxmemory-policy` keeps what LiteLLM stores.
//!
//! Measured on a running proxy, key by key: answers, counters of limits and of the router, locks and copies of keys
//! have a time to live. The lists of `use_redis_transaction_buffer` have none, and hold spend that is nowhere else; so
//! have entries of a semantic cache without `ttl`, which may go.

/// Evicts keys with a time to live alone: the lists of spend stay.
const LISTS_STAY: &str = "volatile-lru";

/// Evicts what was used least lately, whatever it is.
const ALL_MAY_GO: &str = "allkeys-lru";

/// The policy for a Redis, by whether the queue of spend is in it.
pub fn policy(holds_queue: bool) -> &'static str {
    if holds_queue { LISTS_STAY } else { ALL_MAY_GO }
}

/// The same for a Redis of which it is not known: what to set.
pub const EITHER: &str = "Set `maxmemory-policy allkeys-lru`; where `use_redis_transaction_buffer` is on, \
    `volatile-lru`, which keeps its lists: they hold spend that is nowhere else.";

/// The same for a server without a limit.
pub const LIMIT_AND_EITHER: &str = "Set `maxmemory` below the memory of the machine or container, and \
    `maxmemory-policy allkeys-lru`; where `use_redis_transaction_buffer` is on, `volatile-lru`, which keeps its lists: \
    they hold spend that is nowhere else.";

/// The same for a server that is full.
pub const RAISE_OR_EITHER: &str = "Raise `maxmemory`, or set a `maxmemory-policy` that evicts: `allkeys-lru`; where \
    `use_redis_transaction_buffer` is on, `volatile-lru`, which keeps its lists: they hold spend that is nowhere else.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_advice_for_all() {
        for text in [EITHER, LIMIT_AND_EITHER, RAISE_OR_EITHER] {
            let at = |policy| text.find(policy).unwrap_or(usize::MAX);
            assert!(at(policy(false)) < at("use_redis_transaction_buffer"), "{text}");
            assert!(at("use_redis_transaction_buffer") < at(policy(true)), "{text}");
            assert_ne!(at(policy(true)), usize::MAX, "{text}");
        }
    }
}
