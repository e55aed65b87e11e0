//! A release's number stands in `facts`, nowhere else: everything else asks a behaviour.

use facts::Pair;
use redproof_house::{code, crates, files, read, root};

/// What holds releases for another reason.
const ALLOWED: [(&str, &str); 8] = [
    ("crates/facts/src", "they stand here"),
    ("crates/diagnose/src", "the releases whose source was read for each text"),
    ("crates/judge/src/rules", "the examples and pages of rules"),
    (
        "crates/reference/src/claims",
        "a page's words on what others say, and the redis-py releases that it asks",
    ),
    ("crates/redproof/src/main.rs", "the examples of the greeting"),
    ("crates/redproof/src/args.rs", "the examples of the help"),
    ("crates/redproof/src/canary", "configurations that it makes up"),
    ("crates/export/src/contract.rs", "the pairs that exported files are tried on"),
];

#[test]
fn no_release_number_stands_outside_facts() {
    let releases: Vec<String> = Pair::litellm_releases()
        .iter()
        .chain(Pair::redis_py_releases())
        .map(ToString::to_string)
        .collect();
    let mut found = Vec::new();
    for folder in crates() {
        for file in files(&folder.join("src"), "rs") {
            let place = file.strip_prefix(root()).unwrap_or(&file).display().to_string();
            if ALLOWED.iter().any(|(path, _)| place.starts_with(path)) {
                continue;
            }
            let code = code(&read(&file));
            let made =
                code.bare.lines().zip(1..).filter(|(line, _)| line.contains("Version::new("));
            found.extend(made.map(|(line, number)| format!("{place}:{number}: {}", line.trim())));
            for (line, text) in &code.texts {
                if let Some(number) = numbers(text).find(|number| releases.contains(number)) {
                    found.push(format!("{place}:{line}: {number}"));
                }
            }
        }
    }
    assert!(found.is_empty(), "ask a `Behaviour` for it:\n{}", found.join("\n"));
}

/// `1.80.0` and the like: three numbers, not part of an address or an identifier of more.
fn numbers(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_ascii_digit() && c != '.');
    words.map(|word| word.trim_matches('.').to_owned()).filter(|word| word.split('.').count() == 3)
}
