//! LiteLLM and redis-py releases: extracted signatures, and named behaviours.
//!
//! No release number stands anywhere else in core.

mod behaviour;
#[rustfmt::skip]
#[allow(clippy::unreadable_literal)] // Generated: numbers as the wheels have them.
mod data;
mod signature;
mod version;

use std::fmt;

pub use behaviour::Behaviour;
pub use signature::{DefaultValue, LitellmData, Parameter, RedisPyData, Signature, UrlParser};
pub use version::Version;

/// A LiteLLM release on a redis-py release.
#[derive(Clone, Copy)]
pub struct Pair {
    /// The LiteLLM release.
    pub litellm: Version,
    /// The redis-py release.
    pub redis_py: Version,
    litellm_data: &'static LitellmData,
    redis_py_data: &'static RedisPyData,
}

impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LiteLLM {} on redis-py {}", self.litellm, self.redis_py)
    }
}

impl PartialEq for Pair {
    fn eq(&self, other: &Self) -> bool {
        (self.litellm, self.redis_py) == (other.litellm, other.redis_py)
    }
}

impl Eq for Pair {}

/// Why a release can't be simulated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReleaseError {
    /// The text is not a release number.
    NotAVersion {
        /// `LiteLLM` or `redis-py`.
        software: &'static str,
        /// What was given.
        given: String,
    },
    /// The release is not supported.
    Unsupported {
        /// `LiteLLM` or `redis-py`.
        software: &'static str,
        /// What was given.
        given: String,
        /// The releases that are.
        supported: Vec<&'static str>,
    },
}

impl fmt::Display for ReleaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAVersion { software, given } => {
                write!(f, "`{given}` is not a {software} release number; write it like 1.109.1")
            }
            Self::Unsupported { software, given, supported } => {
                write!(f, "{software} {given} is not supported; choose {}", supported.join(" or "))
            }
        }
    }
}

impl std::error::Error for ReleaseError {}

impl Pair {
    /// The pair of these releases.
    ///
    /// # Errors
    /// When either is not a release number, or not a supported release.
    pub fn parse(litellm: &str, redis_py: &str) -> Result<Self, ReleaseError> {
        let (litellm, litellm_data) =
            lookup("LiteLLM", litellm, data::LITELLM, |data| data.version)?;
        let (redis_py, redis_py_data) =
            lookup("redis-py", redis_py, data::REDIS_PY, |data| data.version)?;
        Ok(Self { litellm, redis_py, litellm_data, redis_py_data })
    }

    /// The newest LiteLLM release on the newest redis-py release.
    pub fn newest() -> Self {
        let litellm_data = &data::LITELLM[data::LITELLM.len() - 1];
        let redis_py_data = &data::REDIS_PY[data::REDIS_PY.len() - 1];
        Self {
            litellm: Version::parse(litellm_data.version).unwrap_or(Version(0, 0, 0)),
            redis_py: Version::parse(redis_py_data.version).unwrap_or(Version(0, 0, 0)),
            litellm_data,
            redis_py_data,
        }
    }

    /// The LiteLLM releases that can be simulated, oldest first.
    pub fn litellm_releases() -> Vec<&'static str> {
        data::LITELLM.iter().map(|data| data.version).collect()
    }

    /// The redis-py releases that can be simulated, oldest first.
    pub fn redis_py_releases() -> Vec<&'static str> {
        data::REDIS_PY.iter().map(|data| data.version).collect()
    }

    /// The redis-py release that LiteLLM's official image of that release is taken to ship.
    pub fn default_redis_py(litellm: Version) -> &'static str {
        behaviour::default_redis_py(litellm)
    }

    /// Whether this pair behaves so.
    pub fn behaves(&self, behaviour: Behaviour) -> bool {
        behaviour.holds(self)
    }

    /// LiteLLM's signatures.
    pub fn litellm_data(&self) -> &'static LitellmData {
        self.litellm_data
    }

    /// redis-py's signatures and tables.
    pub fn redis_py_data(&self) -> &'static RedisPyData {
        self.redis_py_data
    }
}

fn lookup<T>(
    software: &'static str,
    given: &str,
    known: &'static [T],
    version_of: impl Fn(&T) -> &'static str,
) -> Result<(Version, &'static T), ReleaseError> {
    let version = Version::parse(given)
        .ok_or_else(|| ReleaseError::NotAVersion { software, given: given.to_owned() })?;
    known
        .iter()
        .find(|data| Version::parse(version_of(data)) == Some(version))
        .map(|data| (version, data))
        .ok_or_else(|| ReleaseError::Unsupported {
            software,
            given: given.to_owned(),
            supported: known.iter().map(version_of).collect(),
        })
}
