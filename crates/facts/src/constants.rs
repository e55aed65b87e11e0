//! What `litellm/constants.py` reads from the environment when LiteLLM is imported.

use crate::catalogue::{self, Field};

/// The variables about caches that must hold a number, in the order of the source: the first that does
/// not stops the import. The catalogue says which are whole numbers, and which releases read them.
const CONSTANTS: [&str; 13] = [
    "DEFAULT_REDIS_SYNC_INTERVAL",
    "DEFAULT_COOLDOWN_REDIS_READ_INTERVAL_SECONDS",
    "MAX_REDIS_BUFFER_DEQUEUE_COUNT",
    "DEFAULT_MAX_REDIS_BATCH_CACHE_SIZE",
    "REDIS_SOCKET_TIMEOUT",
    "REDIS_CONNECTION_POOL_TIMEOUT",
    "REDIS_CIRCUIT_BREAKER_FAILURE_THRESHOLD",
    "REDIS_CIRCUIT_BREAKER_RECOVERY_TIMEOUT",
    "REDIS_CIRCUIT_BREAKER_TIMEOUT_MIN_DURATION",
    "REDIS_TIMEOUT_LOG_INTERVAL",
    "DEFAULT_REDIS_MAJOR_VERSION",
    "QDRANT_SCALAR_QUANTILE",
    "QDRANT_VECTOR_SIZE",
];

/// The numbers that LiteLLM reads on import, in its order.
pub fn constants() -> impl Iterator<Item = &'static Field> {
    CONSTANTS.iter().filter_map(|name| catalogue::find(name, catalogue::Section::Environment))
}

#[cfg(test)]
mod tests {
    use crate::catalogue::Kind;

    #[test]
    fn each_is_a_number_of_the_catalogue() {
        let found: Vec<_> = super::constants().collect();
        assert_eq!(found.len(), super::CONSTANTS.len());
        assert!(found.iter().all(|field| matches!(field.kind, Kind::Int | Kind::Float)));
    }
}
