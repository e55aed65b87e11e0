//! Which modules of its own crate a module names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::{code, read};

/// For each module, those that it names by `crate::`, `super::` or `self::`.
pub fn imports(
    modules: &BTreeMap<Vec<String>, PathBuf>,
) -> BTreeMap<Vec<String>, BTreeSet<Vec<String>>> {
    modules.iter().map(|(path, file)| (path.clone(), named(path, &read(file), modules))).collect()
}

fn named(
    own: &[String],
    source: &str,
    modules: &BTreeMap<Vec<String>, PathBuf>,
) -> BTreeSet<Vec<String>> {
    let bare = code(source).bare;
    let paths = used(&bare).into_iter().chain(written(&bare));
    let resolved = paths.filter_map(|path| {
        let mut full = own.to_vec();
        let mut words = path.iter().peekable();
        if words.peek().is_some_and(|word| *word == "crate") {
            words.next();
            full.clear();
        }
        while let Some(word) = words.next_if(|word| *word == "super" || *word == "self") {
            if word == "super" {
                full.pop();
            }
        }
        full.extend(words.cloned());
        while !modules.contains_key(&full) {
            full.pop()?;
        }
        (full != own).then_some(full)
    });
    resolved.collect()
}

/// The paths of `use` trees that begin in this crate.
fn used(bare: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for (at, _) in bare.match_indices("use ") {
        let alone = !bare[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let tree = bare[at + 4..].split(';').next().unwrap_or_default().trim();
        let inside = ["crate", "super", "self"].iter().any(|first| tree.starts_with(first));
        if alone && inside {
            leaves(&[], tree, &mut paths);
        }
    }
    paths
}

fn leaves(before: &[String], tree: &str, paths: &mut Vec<Vec<String>>) {
    let (head, group) =
        tree.split_once('{').map_or((tree, None), |(head, group)| (head, Some(group)));
    let head = head.split(" as ").next().unwrap_or_default();
    let mut path = before.to_vec();
    path.extend(head.split("::").map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned));
    let Some(group) = group else {
        paths.push(path);
        return;
    };
    let group = group.trim_end().strip_suffix('}').unwrap_or(group);
    let mut depth = 0;
    let mut start = 0;
    for (at, c) in group.char_indices().chain([(group.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let one = group[start..at].trim();
                if !one.is_empty() {
                    leaves(&path, one, paths);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
}

/// The paths that are in the code itself.
fn written(bare: &str) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    for first in ["crate::", "super::"] {
        for (at, _) in bare.match_indices(first) {
            if bare[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':') {
                continue;
            }
            let path = &bare[at..];
            let end = path.find(|c: char| !c.is_alphanumeric() && c != '_' && c != ':');
            let words = path[..end.unwrap_or(path.len())].split("::");
            paths.push(words.filter(|word| !word.is_empty()).map(str::to_owned).collect());
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::{used, written};

    #[test]
    fn trees_are_taken_apart() {
        let paths =
            used("use super::{a, b::{self, C as D}};\npub(crate) use crate::e::F;\nuse std::g;");
        let joined: Vec<String> = paths.iter().map(|path| path.join("::")).collect();
        assert_eq!(joined, ["super::a", "super::b::self", "super::b::C", "crate::e::F"]);
    }

    #[test]
    fn paths_in_code_are_found() {
        let paths = written("let x = crate::a::b(super::c::D);");
        assert_eq!(paths, [vec!["crate", "a", "b"], vec!["super", "c", "D"]]);
    }
}
