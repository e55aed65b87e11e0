//! Whose an image is.

use crate::environment::Image;

/// Whether an image is LiteLLM's.
pub(crate) fn is_litellm_image(name: &str) -> bool {
    let beside = [
        "-ui",
        "-migrations",
        "-operator",
        "exporter",
        "-helm",
        "postgres",
        "redis",
        "valkey",
        "nginx",
    ];
    Image::parse(name, None).is_some() && {
        let path = name.split('@').next().unwrap_or(name);
        let last = path.rsplit('/').next().unwrap_or(path);
        let last = last.split(':').next().unwrap_or(last);
        !beside.iter().any(|word| last.contains(word))
    }
}

/// Whether an image is a Redis server's.
pub(crate) fn is_redis_image(name: &str) -> bool {
    let path = name.split('@').next().unwrap_or(name);
    let last = path.rsplit('/').next().unwrap_or(path);
    let last = last.split(':').next().unwrap_or(last).to_ascii_lowercase();
    ["redis", "valkey", "keydb", "dragonfly"].iter().any(|server| last.starts_with(server))
        && !["exporter", "insight", "commander", "sentinel-exporter"]
            .iter()
            .any(|no| last.contains(no))
}
