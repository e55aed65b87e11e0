//! LiteLLM and redis-py releases: extracted signatures, and named behaviours.
//!
//! No release number is anywhere else in core.

#![forbid(unsafe_code)]
mod asked;
mod aspect;
pub mod bearing;
mod behaviour;
pub mod catalogue;
mod constants;
mod dead_variables;
pub mod defects;
mod digests;
pub mod eviction;
mod fingerprint;
mod image;
pub mod keys;
pub mod litellm_names;
pub mod policies;
mod python;
mod range;
mod retries;
#[rustfmt::skip]
#[allow(clippy::unreadable_literal, clippy::wildcard_imports)] // Generated: numbers as the wheels have them.
mod data;
mod row;
pub mod services;
mod signature;
pub mod stretch;
pub mod values;
mod version;
mod workers;

use std::fmt;

pub use asked::{Alike, Apart, Asked, Places};
pub use aspect::Aspect;
pub use behaviour::{BEHAVIOURS, Behaviour, BehaviourRow};
pub use constants::constants;
pub use dead_variables::{DEAD_VARIABLES, DeadVariable};
pub use digests::release_of_digest;
pub use fingerprint::fingerprint;
pub use image::ImageRedisPy;
pub use image::{brings as image_brings, name as image_name};
pub use python::Python;
pub use range::{ReleaseRange, Software};
pub use retries::Retries;
pub use row::{DefaultValue, Parameter, UrlParser};
pub use signature::{LitellmData, RedisPyData, Signature};
pub use version::Version;
pub use workers::{Workers, default_workers};

/// A LiteLLM release on a redis-py release.
///
/// A release that is not in the tables is simulated as the nearest one before it: see
/// [`Pair::litellm_stand_in`].
#[derive(Clone, Copy)]
pub struct Pair {
    /// The LiteLLM release.
    pub litellm: Version,
    /// The redis-py release.
    pub redis_py: Version,
    litellm_place: u16,
    redis_py_place: u16,
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
    /// The release is older than all that are supported.
    TooOld {
        /// `LiteLLM` or `redis-py`.
        software: &'static str,
        /// What was given.
        given: String,
        /// The oldest supported release.
        oldest: Version,
    },
}

impl fmt::Display for ReleaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAVersion { software, given } => {
                write!(f, "`{given}` is not a {software} release number; write it like 1.109.1")
            }
            Self::TooOld { software, given, oldest } => {
                write!(f, "{software} {given} is not supported; the oldest supported is {oldest}")
            }
        }
    }
}

impl std::error::Error for ReleaseError {}

impl Pair {
    /// The pair of these releases.
    ///
    /// # Errors
    /// When either is not a release number, or older than all that are supported.
    pub fn parse(litellm: &str, redis_py: &str) -> Result<Self, ReleaseError> {
        let (litellm, litellm_place) = lookup("LiteLLM", litellm, data::litellm::RELEASES)?;
        let (redis_py, redis_py_place) = lookup("redis-py", redis_py, data::redis_py::RELEASES)?;
        Ok(Self { litellm, redis_py, litellm_place, redis_py_place })
    }

    /// The newest LiteLLM release on the newest redis-py release.
    pub fn newest() -> Self {
        let (litellm, litellm_place) = newest(data::litellm::RELEASES);
        let (redis_py, redis_py_place) = newest(data::redis_py::RELEASES);
        Self { litellm, redis_py, litellm_place, redis_py_place }
    }

    /// The known releases at these places; past the end, the newest.
    pub fn at(litellm_place: usize, redis_py_place: usize) -> Self {
        let at = |known: &'static [Version], place: usize| {
            let known = known.get(..=place).unwrap_or(known);
            newest(known)
        };
        let (litellm, litellm_place) = at(data::litellm::RELEASES, litellm_place);
        let (redis_py, redis_py_place) = at(data::redis_py::RELEASES, redis_py_place);
        Self { litellm, redis_py, litellm_place, redis_py_place }
    }

    /// The same LiteLLM release on the known redis-py release at this place.
    #[must_use]
    pub fn on_redis_py(self, place: usize) -> Self {
        let Self { redis_py, redis_py_place, .. } = Self::at(0, place);
        Self { redis_py, redis_py_place, ..self }
    }

    /// The LiteLLM releases that are known, oldest first.
    pub fn litellm_releases() -> &'static [Version] {
        data::litellm::RELEASES
    }

    /// The redis-py releases that are known, oldest first.
    pub fn redis_py_releases() -> &'static [Version] {
        data::redis_py::RELEASES
    }

    /// The known release that an unknown LiteLLM release is simulated as: the nearest before it.
    pub fn litellm_stand_in(&self) -> Option<Version> {
        stand_in(self.litellm, data::litellm::RELEASES, self.litellm_place)
    }

    /// The known release that an unknown redis-py release is simulated as: the nearest before it.
    pub fn redis_py_stand_in(&self) -> Option<Version> {
        stand_in(self.redis_py, data::redis_py::RELEASES, self.redis_py_place)
    }

    /// The redis-py release that LiteLLM's official image of that release ships, and whether that
    /// is known or assumed.
    pub fn image_redis_py(litellm: Version) -> (Version, ImageRedisPy) {
        image::redis_py(litellm)
    }

    /// Whether this pair behaves so.
    pub fn behaves(&self, behaviour: Behaviour) -> bool {
        asked::behaviour(behaviour);
        behaviour.holds(self)
    }

    /// LiteLLM's signatures.
    pub fn litellm_data(&self) -> LitellmData {
        LitellmData::of(self.litellm_place)
    }

    /// redis-py's signatures and tables.
    pub fn redis_py_data(&self) -> RedisPyData {
        RedisPyData::of(self.redis_py_place)
    }
}

/// The release, and the place of the nearest known one that is not newer.
fn lookup(
    software: &'static str,
    given: &str,
    known: &'static [Version],
) -> Result<(Version, u16), ReleaseError> {
    let version = Version::parse(given)
        .ok_or_else(|| ReleaseError::NotAVersion { software, given: given.to_owned() })?;
    let too_old = || ReleaseError::TooOld {
        software,
        given: given.to_owned(),
        oldest: known.first().copied().unwrap_or(version),
    };
    let after = known.partition_point(|release| *release <= version);
    let place = after.checked_sub(1).and_then(|place| u16::try_from(place).ok());
    place.map(|place| (version, place)).ok_or_else(too_old)
}

fn newest(known: &'static [Version]) -> (Version, u16) {
    let place = known.len().saturating_sub(1);
    let version = known.last().copied().unwrap_or(Version::new(0, 0, 0));
    (version, u16::try_from(place).unwrap_or(u16::MAX))
}

fn stand_in(version: Version, known: &'static [Version], place: u16) -> Option<Version> {
    known.get(usize::from(place)).copied().filter(|known| *known != version)
}
