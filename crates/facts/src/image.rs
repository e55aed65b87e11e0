//! What LiteLLM's official images ship: LiteLLM's own metadata does not pin redis-py.

use super::Version;

/// How sure the redis-py release of an image is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageRedisPy {
    /// Read from the lock file or the requirements that the image of this release was built from.
    Known,
    /// Taken from the nearest release that is known.
    Assumed,
}

/// Releases whose redis-py is known, oldest first.
///
/// 1.79.0: `requirements.txt` beside `litellm-proxy-extras` 0.2.29, which only this release pins.
/// 1.83.1: the same file beside 0.4.63.
const KNOWN: [(Version, Version); 2] = [
    (Version::new(1, 79, 0), Version::new(5, 2, 1)),
    (Version::new(1, 83, 1), Version::new(5, 2, 1)),
];

/// `uv.lock` of August 2026, whose LiteLLM release was not read.
const AUGUST_2026: Version = Version::new(5, 3, 1);

/// From here on, tags are the release alone; before, stable images carry a suffix.
const PLAIN_TAGS: Version = Version::new(1, 84, 0);

/// LiteLLM's official image of a release.
pub fn name(litellm: Version) -> String {
    let suffix = if litellm < PLAIN_TAGS { "-stable" } else { "" };
    format!("ghcr.io/berriai/litellm:v{litellm}{suffix}")
}

pub(super) fn redis_py(litellm: Version) -> (Version, ImageRedisPy) {
    if let Some((_, redis_py)) = KNOWN.iter().find(|(release, _)| *release == litellm) {
        return (*redis_py, ImageRedisPy::Known);
    }
    let last_known = KNOWN[KNOWN.len() - 1].0;
    let assumed = if litellm <= last_known { Version::new(5, 2, 1) } else { AUGUST_2026 };
    (assumed, ImageRedisPy::Assumed)
}
