//! Stretches of releases that do the same, found by asking.

use super::{Pair, Version};

/// Releases next to each other that do the same, first and last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch<T> {
    pub(crate) first: Version,
    pub(crate) last: Version,
    /// What they do.
    pub answer: T,
}

/// Asks every release.
pub fn of_all<T: PartialEq>(releases: &[Version], ask: impl Fn(Version) -> T) -> Vec<Stretch<T>> {
    let mut stretches: Vec<Stretch<T>> = vec![];
    for release in releases {
        add(&mut stretches, *release, *release, ask(*release));
    }
    stretches
}

/// Asks the newest LiteLLM release of each line, and where two lines differ each release between.
pub fn of_lines<T: PartialEq>(ask: impl Fn(Version) -> T) -> Vec<Stretch<T>> {
    let mut stretches: Vec<Stretch<T>> = vec![];
    let same_line = |one: &Version, next: &Version| one.line() == next.line();
    for line in Pair::litellm_releases().chunk_by(same_line) {
        let (Some(first), Some(last)) = (line.first(), line.last()) else {
            continue;
        };
        let answer = ask(*last);
        if stretches.last().is_some_and(|stretch| stretch.answer == answer) {
            add(&mut stretches, *first, *last, answer);
        } else {
            for release in line {
                add(&mut stretches, *release, *release, ask(*release));
            }
        }
    }
    stretches
}

fn add<T: PartialEq>(stretches: &mut Vec<Stretch<T>>, first: Version, last: Version, answer: T) {
    match stretches.last_mut() {
        Some(stretch) if stretch.answer == answer => stretch.last = last,
        _ => stretches.push(Stretch { first, last, answer }),
    }
}

impl<T> Stretch<T> {
    /// Which of all releases these are: `up to 1.92.2`; `None` for all of them.
    pub fn words(&self, all: &[Version]) -> Option<String> {
        let Self { first, last, .. } = self;
        match (all.first() == Some(first), all.last() == Some(last)) {
            (true, true) => None,
            (true, false) => Some(format!("up to {last}")),
            (false, true) => Some(format!("from {first} on")),
            _ if first == last => Some(first.to_string()),
            _ => Some(format!("{first} to {last}")),
        }
    }
}
