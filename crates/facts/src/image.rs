//! What LiteLLM's official images ship: LiteLLM's own metadata does not pin redis-py.

use super::Version;

/// How sure the redis-py release of an image is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImageRedisPy {
    /// Read from what the image of this release was built from, or from the same before and after it.
    Known,
    /// Taken from the nearest release that is known.
    Assumed,
}

/// What images of a stretch of releases were built from.
struct Stretch {
    /// The first and the last release whose lock was read.
    read: (Version, Version),
    /// From the first on, releases that were built so; what lies outside of `read` is taken to be the same.
    since: Version,
    redis_py: Version,
}

/// Oldest first.
///
/// 5.2.1: `requirements.txt` beside `litellm-proxy-extras` 0.2.29, which 1.79.0 alone pins, and beside
/// 0.4.63, which 1.83.1 does.
///
/// 5.3.1: `uv.lock`, which images are built from since 1.83.8 (the first wheel that uv built), resolved on
/// 13 April 2026, when that release was made; and that of August 2026, which began with 1.94.1.
const BUILT: [Stretch; 2] = [
    Stretch {
        read: (Version::new(1, 79, 0), Version::new(1, 83, 1)),
        since: Version::new(0, 0, 0),
        redis_py: Version::new(5, 2, 1),
    },
    Stretch {
        read: (Version::new(1, 83, 8), Version::new(1, 94, 1)),
        since: Version::new(1, 83, 8),
        redis_py: Version::new(5, 3, 1),
    },
];

/// From here on, tags are the release alone; before, stable images carry a suffix.
const PLAIN_TAGS: Version = Version::new(1, 84, 0);

/// LiteLLM's official image of a release.
pub fn name(litellm: Version) -> String {
    let suffix = if litellm < PLAIN_TAGS { "-stable" } else { "" };
    format!("ghcr.io/berriai/litellm:v{litellm}{suffix}")
}

/// Whether LiteLLM's official image of a release brings a package.
///
/// redisvl: each `uv sync` in the Dockerfiles of images that are built from `uv.lock` takes the extra
/// `extra_proxy`, which lists it. Before, only the stage that builds had it (BerriAI/litellm#16967). No
/// image takes the extra `caching`, which is diskcache.
pub fn brings(litellm: Version, package: &str) -> bool {
    package == "redisvl" && litellm >= BUILT[1].since
}

pub(super) fn redis_py(litellm: Version) -> (Version, ImageRedisPy) {
    let built = BUILT.iter().rev().find(|built| built.since <= litellm).unwrap_or(&BUILT[0]);
    let (first, last) = built.read;
    let sure =
        if (first..=last).contains(&litellm) { ImageRedisPy::Known } else { ImageRedisPy::Assumed };
    (built.redis_py, sure)
}

#[cfg(test)]
mod tests {
    use super::{ImageRedisPy, brings, redis_py};
    use crate::Version;

    #[test]
    fn images_ship_what_they_were_built_from() {
        for (litellm, shipped, sure) in [
            (Version::new(1, 60, 0), Version::new(5, 2, 1), ImageRedisPy::Assumed),
            (Version::new(1, 80, 0), Version::new(5, 2, 1), ImageRedisPy::Known),
            (Version::new(1, 83, 7), Version::new(5, 2, 1), ImageRedisPy::Assumed),
            (Version::new(1, 83, 8), Version::new(5, 3, 1), ImageRedisPy::Known),
            (Version::new(1, 88, 0), Version::new(5, 3, 1), ImageRedisPy::Known),
            (Version::new(1, 110, 2), Version::new(5, 3, 1), ImageRedisPy::Assumed),
        ] {
            assert_eq!(redis_py(litellm), (shipped, sure), "{litellm}");
        }
    }

    #[test]
    fn images_bring_redisvl_since_uv_builds_them() {
        for (litellm, package, brought) in [
            (Version::new(1, 83, 7), "redisvl", false),
            (Version::new(1, 83, 8), "redisvl", true),
            (Version::new(1, 110, 2), "redisvl", true),
            (Version::new(1, 90, 0), "diskcache", false),
        ] {
            assert_eq!(brings(litellm, package), brought, "{litellm} {package}");
        }
    }
}
