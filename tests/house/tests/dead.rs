//! What `facts` offers is asked for: a list that nobody reads drifts from the one that is read.

use std::collections::BTreeSet;

use facts::BEHAVIOURS;
use redproof_house::{code, files, read, root};

/// Everything that may ask, but the facts themselves.
const ASKING: [&str; 5] = ["crates", "tests", "web", "xtask", "book"];
/// Those that are left, to be taken out. None may come.
const KNOWN: [&str; 2] = ["brought_in", "brought_by"];
const FACTS: &str = "crates/facts/src";

/// The words of each file's code, tests included, by path.
fn words() -> Vec<(String, BTreeSet<String>)> {
    let all = ASKING.iter().flat_map(|folder| files(&root().join(folder), "rs"));
    all.map(|file| {
        let place = file.strip_prefix(root()).unwrap_or(&file).display().to_string();
        (place, split(&code(&read(&file)).bare).map(str::to_owned).collect())
    })
    .collect()
}

fn split(code: &str) -> impl Iterator<Item = &str> {
    code.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty())
}

#[test]
fn each_behaviour_is_asked_for() {
    let words = words();
    let asked = |name: &str| {
        let rows = format!("{FACTS}/behaviour.rs");
        words.iter().any(|(place, words)| *place != rows && words.contains(name))
    };
    let names = BEHAVIOURS.iter().map(|row| format!("{:?}", row.behaviour));
    let dead: Vec<String> = names.filter(|name| !asked(name)).collect();
    assert!(dead.is_empty(), "no code asks for these: {dead:?}");
}

#[test]
fn everything_public_in_facts_is_used() {
    let words = words();
    let mut dead = Vec::new();
    for file in files(&root().join(FACTS), "rs") {
        let place = file.strip_prefix(root()).unwrap_or(&file).display().to_string();
        let bare = code(&read(&file)).bare;
        for kind in ["pub fn ", "pub const fn ", "pub static ", "pub const "] {
            for (at, _) in bare.match_indices(kind) {
                let name = split(&bare[at + kind.len()..]).next().unwrap_or_default();
                let elsewhere =
                    words.iter().any(|(other, words)| *other != place && words.contains(name));
                if !elsewhere && name != "fn" && !KNOWN.contains(&name) {
                    dead.push(format!("{place}: {name}"));
                }
            }
        }
    }
    assert!(dead.is_empty(), "nothing uses these:\n{}", dead.join("\n"));
}
