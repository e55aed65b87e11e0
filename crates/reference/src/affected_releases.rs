//! Which releases raise a rule for its failing example: asked of the simulation, not written down.

use facts::stretch::{self, Stretch};
use facts::{Pair, Version};
use judge::rules::Check;

/// Which releases do what a rule warns of, as a paragraph.
pub(super) fn affected(check: &Check) -> String {
    let example = &check.failing;
    let read = example.read();
    let raises = |litellm: &str, redis_py: &str| {
        Pair::parse(litellm, redis_py)
            .is_ok_and(|pair| read.on(pair, |context| !(check.check)(context).is_empty()))
    };
    let litellm = stretch::of_all(Pair::litellm_releases(), |release| {
        raises(&release.to_string(), example.redis_py)
    });
    let redis_py = stretch::of_all(Pair::redis_py_releases(), |release| {
        raises(example.litellm, &release.to_string())
    });
    format!(
        "With redis-py {}, this is so {}. With LiteLLM {}, it is so {}.",
        example.redis_py,
        worded("LiteLLM", &litellm, Pair::litellm_releases()),
        example.litellm,
        worded("redis-py", &redis_py, Pair::redis_py_releases()),
    )
}

/// `on LiteLLM 1.68.0 to 1.80.10`
fn worded(software: &str, stretches: &[Stretch<bool>], all: &[Version]) -> String {
    let affected = stretches.iter().filter(|stretch| stretch.answer);
    let parts: Option<Vec<String>> = affected.map(|stretch| stretch.words(all)).collect();
    match parts {
        None => format!("on every release of {software}"),
        Some(parts) => {
            let parts: Vec<String> = parts
                .into_iter()
                .map(|part| match part.starts_with(|first: char| first.is_ascii_digit()) {
                    true => part,
                    false => format!("releases {part}"),
                })
                .collect();
            format!("on {software} {}", parts.join(", "))
        }
    }
}
