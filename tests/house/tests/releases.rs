//! A release's number is in `facts`, nowhere else: everything else asks a behaviour.

use facts::{BEHAVIOURS, Pair, Version};
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
    ("crates/redproof/src/args", "the examples of the help"),
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

/// The LiteLLM releases whose `Router` takes other arguments than the one before.
fn router_changes() -> Vec<Version> {
    let arguments = |litellm: &Version| -> Vec<String> {
        let (redis_py, _) = Pair::image_redis_py(*litellm);
        let pair = Pair::parse(&litellm.to_string(), &redis_py.to_string()).expect("supported");
        let router = pair.litellm_data().router();
        let names = router.iter().flat_map(|router| router.parameters().map(|one| one.name));
        names.map(str::to_owned).collect()
    };
    let releases = Pair::litellm_releases();
    let pairs = releases.iter().zip(releases.iter().skip(1));
    pairs.filter(|(old, new)| arguments(old) != arguments(new)).map(|(_, new)| *new).collect()
}

/// A rule's page may name releases: those that begin or end a behaviour or an argument, and no others. Where a row
/// moves, the prose that says otherwise is found.
#[test]
fn releases_in_the_prose_of_rules_are_bounds_of_behaviours() {
    let known = || Pair::litellm_releases().iter().chain(Pair::redis_py_releases());
    let bounds: Vec<_> = BEHAVIOURS
        .iter()
        .flat_map(|row| [Some(row.since.1), row.lost.map(|(_, version)| version)])
        .flatten()
        .collect();
    let bounds: Vec<_> = bounds.into_iter().chain(router_changes()).collect();
    // `1.68.0 to 1.80.10`: the last that is not there any more.
    let last = known().zip(known().skip(1)).filter(|(_, next)| bounds.contains(next));
    let bounds: Vec<String> =
        bounds.iter().chain(last.map(|(last, _)| last)).map(ToString::to_string).collect();
    let releases: Vec<String> = known().map(ToString::to_string).collect();
    let mut found = Vec::new();
    for file in files(&root().join("crates/judge/src"), "rs") {
        let place = file.strip_prefix(root()).unwrap_or(&file).display().to_string();
        for (line, text) in &code(&read(&file)).texts {
            // A YAML example has line breaks; prose has them only where the source's line ends.
            let prose = !text.replace("\\\n", "").contains(['\n', '\\']) && text.contains(' ');
            // Of a pair that an example runs on.
            let pair = text.contains(" on redis-py ");
            if !prose || pair {
                continue;
            }
            let words = text.split(|c: char| !c.is_ascii_digit() && c != '.');
            let words = words.map(|word| word.trim_matches('.')).filter(|word| word.contains('.'));
            for word in words {
                let whole = if word.matches('.').count() == 1 {
                    format!("{word}.0")
                } else {
                    word.to_owned()
                };
                if releases.contains(&whole) && !bounds.contains(&whole) {
                    found.push(format!("{place}:{line}: {word}"));
                }
            }
        }
    }
    assert!(found.is_empty(), "no behaviour begins or ends there:\n{}", found.join("\n"));
}
