//! What `litellm/constants.py` reads from the environment when LiteLLM is imported.

use super::Version;

/// A constant about caches that must be a number.
#[derive(Clone, Copy, Debug)]
pub struct Constant {
    pub name: &'static str,
    /// Whether it is read by `int()`; else by `float()`.
    pub whole: bool,
    since: Version,
}

impl Constant {
    pub fn read_by(&self, litellm: Version) -> bool {
        litellm >= self.since
    }
}

const fn int(name: &'static str, since: Version) -> Constant {
    Constant { name, whole: true, since }
}

const fn float(name: &'static str, since: Version) -> Constant {
    Constant { name, whole: false, since }
}

/// The order is that of the source: the first that is no number stops the import.
pub const CONSTANTS: [Constant; 13] = [
    int("DEFAULT_REDIS_SYNC_INTERVAL", Version::new(1, 69, 3)),
    float("DEFAULT_COOLDOWN_REDIS_READ_INTERVAL_SECONDS", Version::new(1, 102, 0)),
    int("MAX_REDIS_BUFFER_DEQUEUE_COUNT", Version::new(1, 69, 3)),
    int("DEFAULT_MAX_REDIS_BATCH_CACHE_SIZE", Version::new(1, 78, 5)),
    float("REDIS_SOCKET_TIMEOUT", Version::new(1, 69, 3)),
    int("REDIS_CONNECTION_POOL_TIMEOUT", Version::new(1, 69, 3)),
    int("REDIS_CIRCUIT_BREAKER_FAILURE_THRESHOLD", Version::new(1, 82, 6)),
    int("REDIS_CIRCUIT_BREAKER_RECOVERY_TIMEOUT", Version::new(1, 82, 6)),
    float("REDIS_CIRCUIT_BREAKER_TIMEOUT_MIN_DURATION", Version::new(1, 101, 0)),
    float("REDIS_TIMEOUT_LOG_INTERVAL", Version::new(1, 103, 0)),
    int("DEFAULT_REDIS_MAJOR_VERSION", Version::new(1, 79, 2)),
    float("QDRANT_SCALAR_QUANTILE", Version::new(1, 69, 3)),
    int("QDRANT_VECTOR_SIZE", Version::new(1, 69, 3)),
];
