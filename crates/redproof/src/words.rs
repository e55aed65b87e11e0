//! What several commands say in the same words.

use redproof_core::{PairOrigin, RedisPyOrigin, Report};

/// The options that choose the two releases.
pub(crate) const CHOOSERS: [&str; 2] = ["--litellm", "--redis-py"];

/// `LiteLLM 1.80.0 (from the image …) on redis-py 5.3.1 (assumed; see --redis-py)`
pub(crate) fn releases_in_words(report: &Report, choosers: [&str; 2]) -> String {
    let litellm = match &report.pair_origin {
        PairOrigin::Asked => String::new(),
        PairOrigin::Image(image) => format!(" (from the image {image})"),
        PairOrigin::UnsupportedImage(image) => {
            format!(" (the newest: the release of {image} is not supported)")
        }
        PairOrigin::Older { place, .. } => format!(" (the oldest known: that of {place} is older)"),
        PairOrigin::Lock(place) => format!(" (from {place})"),
        PairOrigin::Allowed(place) => format!(" (the newest that {place} allows)"),
        PairOrigin::Newest => format!(" (newest; see {})", choosers[0]),
    };
    let redis_py = match &report.redis_py_origin {
        RedisPyOrigin::Asked => String::new(),
        RedisPyOrigin::Lock(place) => format!(" (from {place})"),
        RedisPyOrigin::Allowed(place) => format!(" (the newest that {place} allows)"),
        RedisPyOrigin::Image => " (as its image ships)".to_owned(),
        RedisPyOrigin::Assumed => format!(" (assumed; see {})", choosers[1]),
    };
    let pair = report.pair;
    format!("LiteLLM {}{litellm} on redis-py {}{redis_py}", pair.litellm, pair.redis_py)
}
