//! Pairs of releases, as recordings name and order them.

use std::fmt;
use std::str::FromStr;

use redproof_core::releases::Version;

/// A pair of releases.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Release {
    /// The LiteLLM release.
    pub litellm: String,
    /// The redis-py release.
    pub redis_py: String,
}

impl Release {
    /// The release numbers, LiteLLM's first.
    pub fn versions(&self) -> (Option<Version>, Option<Version>) {
        (Version::parse(&self.litellm), Version::parse(&self.redis_py))
    }
}

impl Ord for Release {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let names = |release: &Self| (release.litellm.clone(), release.redis_py.clone());
        self.versions().cmp(&other.versions()).then_with(|| names(self).cmp(&names(other)))
    }
}

impl PartialOrd for Release {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for Release {
    type Err = String;

    /// Reads `1.80.0 5.3.1`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut words = text.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some(litellm), Some(redis_py), None) => {
                Ok(Self { litellm: litellm.to_owned(), redis_py: redis_py.to_owned() })
            }
            _ => Err(format!("{text:?} is no pair of releases")),
        }
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LiteLLM {} on redis-py {}", self.litellm, self.redis_py)
    }
}
