//! Which releases raise a rule for its failing example: asked of the simulation, not written down.

use super::{Example, Rule};
use crate::releases::{Pair, Version};

/// A stretch of releases, first and last.
type Stretch = (Version, Version);

/// Which releases do what a rule warns of, as a paragraph.
pub(super) fn affected(rule: &Rule) -> String {
    let example = &rule.failing;
    let raises = |litellm: &str, redis_py: &str| raised(rule, example, litellm, redis_py);
    let litellm = stretches(Pair::litellm_releases(), |release| raises(release, example.redis_py));
    let redis_py = stretches(Pair::redis_py_releases(), |release| raises(example.litellm, release));
    format!(
        "With redis-py {}, this is so {}. With LiteLLM {}, it is so {}.",
        example.redis_py,
        worded("LiteLLM", &litellm, Pair::litellm_releases()),
        example.litellm,
        worded("redis-py", &redis_py, Pair::redis_py_releases()),
    )
}

fn raised(rule: &Rule, example: &Example, litellm: &str, redis_py: &str) -> bool {
    Pair::parse(litellm, redis_py)
        .is_ok_and(|pair| example.check(pair).1.iter().any(|found| found.code == rule.code))
}

fn stretches(releases: &[Version], raises: impl Fn(&str) -> bool) -> Vec<Stretch> {
    let asked: Vec<(Version, bool)> =
        releases.iter().map(|release| (*release, raises(&release.to_string()))).collect();
    let same = |one: &(Version, bool), next: &(Version, bool)| one.1 == next.1;
    let ends = |part: &[(Version, bool)]| Some((part.first()?.0, part.last()?.0));
    asked.chunk_by(same).filter(|part| part[0].1).filter_map(ends).collect()
}

/// `on LiteLLM 1.68.0 to 1.80.10`
fn worded(software: &str, stretches: &[Stretch], all: &[Version]) -> String {
    let part = |(first, last): &Stretch| {
        let (oldest, newest) = (all.first() == Some(first), all.last() == Some(last));
        match (oldest, newest) {
            (true, true) => "every release".to_owned(),
            (true, false) => format!("releases up to {last}"),
            (false, true) => format!("releases from {first} on"),
            _ if first == last => first.to_string(),
            _ => format!("{first} to {last}"),
        }
    };
    let parts: Vec<String> = stretches.iter().map(part).collect();
    match &parts[..] {
        [one] if one == "every release" => format!("on every release of {software}"),
        parts => format!("on {software} {}", parts.join(", ")),
    }
}
