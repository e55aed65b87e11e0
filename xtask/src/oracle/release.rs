//! `cargo xtask release VERSION`: what a new LiteLLM release does otherwise than the newest one that is recorded.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use redproof_core::releases::Version;
use redproof_oracle::{Case, Release, differences};
use serde_json::Value;

use super::Options;
use super::cases::cases;
use super::driver::ask;
use super::environments::{bases, install, of_release};
use super::extract::listed;
use super::pairs::{LISTS, Planned, planned, with_release};
use super::record::known_answers;
use crate::shell::{Done, cargo, command, root, run, step, target_dir};
use crate::{pages, system};

/// What decides over Redis, below `litellm/`: files, and folders that end with `/`.
const MODULES: [&str; 14] = [
    "_redis.py",
    "_redis_credential_provider.py",
    "_service_logger.py",
    "constants.py",
    "caching/",
    "redis/",
    "rust_bridge/",
    "router.py",
    "router_utils/",
    "types/caching.py",
    "proxy/proxy_server.py",
    "proxy/proxy_cli.py",
    "proxy/caching_routes.py",
    "proxy/hooks/",
];
/// What the recordings are made on, as `oracle record` and `oracle check` take it.
const NETWORKS: [&[&str]; 3] = [&[], &["--answering"], &["--servers"]];
/// So many examples of each difference are shown.
const EXAMPLES: usize = 3;

/// Which release is fetched, and what for.
#[derive(clap::Args)]
pub(crate) struct Taken {
    /// The release
    #[arg(value_parser = known_version, required_unless_present = "newest")]
    version: Option<String>,
    /// The newest that can be installed
    #[arg(long, conflicts_with = "version")]
    newest: bool,
    /// Take it into the recordings and pages
    #[arg(long)]
    write: bool,
}

fn known_version(text: &str) -> Result<String, String> {
    Version::parse(text).map(|_| text.to_owned()).ok_or_else(|| "not a release".to_owned())
}

/// Fetches the release, compares it, and with `--write` takes it into the recordings and pages.
pub(crate) fn release(taken: &Taken) -> Done {
    let version = match &taken.version {
        Some(version) => version.clone(),
        None => newest()?,
    };
    bases()?;
    let pairs = planned()?;
    let before = before(&pairs, &version).ok_or("no older release is recorded")?;
    let redis_py: Vec<&str> = pairs
        .iter()
        .filter(|pair| pair.release.litellm == before)
        .map(|pair| pair.release.redis_py.as_str())
        .collect();
    install(&version, redis_py[0])?;
    install(&before, redis_py[0])?;
    let mut text = format!("# LiteLLM {version} beside {before}\n");
    modules(&before, &version, &mut text)?;
    difference_of_sources(&before, &version)?;
    for redis_py in &redis_py {
        answers(&before, &version, redis_py, &mut text)?;
    }
    print!("{text}");
    keep("release.md", text.as_bytes())?;
    if taken.write { take_in(&version, &before, &redis_py, text) } else { Ok(()) }
}

/// The newest release that can be installed.
fn newest() -> Result<String, String> {
    bases()?;
    listed("litellm")?
        .into_iter()
        .next()
        .ok_or_else(|| "pip lists no versions of litellm".to_owned())
}

/// Writes a file of the release's report.
fn keep(name: &str, bytes: &[u8]) -> Done {
    let file = target_dir().join(name);
    let failed = |error: std::io::Error| format!("{}: {error}", file.display());
    fs::create_dir_all(target_dir()).map_err(failed)?;
    fs::write(&file, bytes).map_err(failed)
}

/// The newest recorded release that is older.
fn before(pairs: &[Planned], version: &str) -> Option<String> {
    let (wanted, mut best) = (Version::parse(version), None);
    for pair in pairs {
        let one = Version::parse(&pair.release.litellm);
        if one < wanted && best.as_ref().is_none_or(|(known, _)| one > *known) {
            best = Some((one, pair.release.litellm.clone()));
        }
    }
    best.map(|(_, name)| name)
}

/// The modules that matter and are not the same.
fn modules(before: &str, after: &str, text: &mut String) -> Done {
    let (old, new) = (files(before)?, files(after)?);
    text.push_str("\n## Modules that matter\n\n");
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let mut changed = 0;
    for name in names {
        let words = match (old.get(name), new.get(name)) {
            (Some(_), None) => "is gone".to_owned(),
            (None, Some(_)) => "is new".to_owned(),
            (Some(one), Some(other)) if one == other => continue,
            (Some(one), Some(other)) => difference(one, other),
            (None, None) => continue,
        };
        changed += 1;
        // Writing to a String does not fail.
        let _ = writeln!(text, "- `litellm/{name}` {words}");
    }
    if changed == 0 {
        text.push_str("All the same.\n");
    }
    Ok(())
}

/// The same modules line by line, as `git diff` shows them, in `target/release.diff`.
fn difference_of_sources(before: &str, after: &str) -> Done {
    let (old, new) = (of_release(before)?.join("litellm"), of_release(after)?.join("litellm"));
    let mut text = Vec::new();
    for module in MODULES {
        let (old, new) = (old.join(module), new.join(module));
        if old.exists() && new.exists() {
            let mut git = command("git");
            git.args(["diff", "--no-index", "--no-color", "--"]).args([old, new]);
            // Where something differs, its status is 1.
            text.extend(git.output().map_err(|error| format!("git: {error}"))?.stdout);
        }
    }
    keep("release.diff", &text)
}

/// `+3 −1 lines`, or what a binary was built of.
fn difference(one: &[u8], other: &[u8]) -> String {
    let (Ok(one), Ok(other)) = (std::str::from_utf8(one), std::str::from_utf8(other)) else {
        let (one, other) = (crates(one), crates(other));
        let now: Vec<&str> = other.difference(&one).map(String::as_str).collect();
        let built = if now.is_empty() { "the same crates".to_owned() } else { now.join(", ") };
        return format!("is another binary, of {built}");
    };
    let lines = |text: &str| {
        let mut counted: BTreeMap<String, i64> = BTreeMap::new();
        text.lines().for_each(|line| *counted.entry(line.to_owned()).or_default() += 1);
        counted
    };
    let (old, new) = (lines(one), lines(other));
    let more = |these: &BTreeMap<String, i64>, than: &BTreeMap<String, i64>| -> i64 {
        let extra = |(line, count): (&String, &i64)| (count - than.get(line).unwrap_or(&0)).max(0);
        these.iter().map(extra).sum()
    };
    format!("changed: +{} −{} lines", more(&new, &old), more(&old, &new))
}

/// The crates of Redis and TLS that a Rust library names in its paths: `rustls-0.23.42`.
fn crates(bytes: &[u8]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mark = b"registry/src/";
    let starts = bytes.windows(mark.len()).enumerate().filter(|(_, part)| part == mark);
    for (at, _) in starts {
        let rest = &bytes[at + mark.len()..(at + 200).min(bytes.len())];
        let path = String::from_utf8_lossy(rest);
        let Some(name) = path.split('/').nth(1) else { continue };
        let known = ["redis-", "rustls-", "ring-", "aws-lc-rs-", "pkcs5-"];
        if known.iter().any(|start| name.starts_with(start)) && name.len() < 60 {
            found.insert(name.to_owned());
        }
    }
    found
}

/// The modules' contents, by their path below `litellm/`.
fn files(version: &str) -> Result<BTreeMap<String, Vec<u8>>, String> {
    let folder = of_release(version)?.join("litellm");
    let mut found = BTreeMap::new();
    for module in MODULES {
        read(&folder, &folder.join(module), &mut found);
    }
    if found.is_empty() { Err(format!("{} holds no LiteLLM", folder.display())) } else { Ok(found) }
}

fn read(folder: &Path, path: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    if let Ok(entries) = path.read_dir() {
        entries.flatten().for_each(|entry| read(folder, &entry.path(), found));
    } else if path.extension().is_some_and(|one| one == "py" || one == "so")
        && let (Ok(bytes), Ok(name)) = (fs::read(path), path.strip_prefix(folder))
    {
        found.insert(name.display().to_string(), bytes);
    }
}

/// The sample that every pair answers, asked of the release, beside what the older one answered.
fn answers(before: &str, version: &str, redis_py: &str, text: &mut String) -> Done {
    let of = |litellm: &str| Release { litellm: litellm.to_owned(), redis_py: redis_py.to_owned() };
    let known = known_answers(&of(before))?;
    let planned = Planned::sample(of(version));
    let all = cases(&Options::default())?;
    let sample: Vec<&Case> =
        all.iter().filter(|case| planned.asks(case) && known.contains_key(&case.id)).collect();
    let mut told = vec![];
    step(&format!("{} cases of LiteLLM {version} on redis-py {redis_py}", sample.len()), || {
        told = ask(&of(version), &sample)?;
        Ok(())
    })?;
    let mut by_field: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut count = 0;
    for (case, outcome) in sample.iter().zip(told) {
        let old: Value =
            serde_json::from_str(&known[&case.id]).map_err(|error| error.to_string())?;
        let found = differences(&old, &Value::Object(outcome));
        count += usize::from(!found.is_empty());
        for one in found {
            let show = |value: Option<&Value>| {
                let text = value.map_or_else(|| "nothing".to_owned(), ToString::to_string);
                text.chars().take(120).collect::<String>()
            };
            let words = format!(
                "{}: {} → {}",
                case.id,
                show(one.real.as_ref()),
                show(one.simulated.as_ref())
            );
            by_field.entry(one.field).or_default().push(words);
        }
    }
    let _ = writeln!(
        text,
        "\n## Answers on redis-py {redis_py}\n\n{count} of {} answers of the sample differ.",
        sample.len()
    );
    for (field, cases) in by_field {
        let _ = writeln!(text, "\n- `{field}`: {} cases", cases.len());
        for case in cases.iter().take(EXAMPLES) {
            let _ = writeln!(text, "  - {case}");
        }
    }
    Ok(())
}

/// Adds the release to the lists of pairs, reads its signatures, records it, writes the pages, and says whether the
/// simulation gives the recorded answers.
fn take_in(version: &str, before: &str, redis_py: &[&str], mut text: String) -> Done {
    system::install_redis()?;
    for list in LISTS {
        let path = root().join(list);
        let failed = |error: std::io::Error| format!("{list}: {error}");
        let longer = with_release(&fs::read_to_string(&path).map_err(failed)?, version, before)?;
        fs::write(&path, longer).map_err(failed)?;
    }
    // Each reads the lists and the table anew.
    let again = |arguments: &[&str]| {
        let mut xtask = cargo(&["run", "--quiet", "--package", "xtask", "--"]);
        xtask.args(arguments);
        xtask
    };
    run(&mut again(&["oracle", "extract", "--new", version]))?;
    // Other pairs' missing answers are another matter.
    let pairs = redis_py.iter().flat_map(|redis_py| ["--pair", version, redis_py]);
    let pairs: Vec<&str> = pairs.collect();
    for network in NETWORKS {
        run(again(&["oracle", "record"]).args(network).args(&pairs))?;
    }
    run(&mut again(&["oracle", "report"]))?;
    text.push_str("\n## The simulation\n\n");
    for redis_py in redis_py {
        for network in NETWORKS {
            let mut check = again(&["oracle", "check", "--pair", version, redis_py]);
            let told = check.args(network).output().map_err(|error| format!("cargo: {error}"))?;
            let told = String::from_utf8_lossy(&told.stdout);
            // Without a difference, that is one line for the pair and one for all pairs.
            let last = told.trim_end().lines().last().unwrap_or_default();
            let name = network.first().map_or("", |name| name.trim_start_matches('-'));
            let _ = writeln!(text, "- {version} on {redis_py} {name}: {last}");
            if told.lines().count() > 2 {
                let _ = writeln!(text, "\n```\n{told}```\n");
            }
        }
    }
    keep("release.md", text.as_bytes())?;
    // The pages' tests know the release from the table.
    pages::write()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_compared_with_the_newest_that_is_older() {
        let pairs: Vec<Planned> = ["1.2.3", "1.10.0", "1.9.9", "2.0.0"]
            .iter()
            .map(|litellm| Planned::whole(litellm, "5.0.0"))
            .collect();
        assert_eq!(before(&pairs, "1.10.1").as_deref(), Some("1.10.0"));
        assert_eq!(before(&pairs, "1.10.0").as_deref(), Some("1.9.9"));
        assert_eq!(before(&pairs, "1.0.0"), None);
    }

    #[test]
    fn a_module_changes_by_lines_and_a_binary_by_what_it_is_built_of() {
        assert_eq!(difference(b"a\nb\nb\n", b"b\nc\nd\n"), "changed: +2 \u{2212}2 lines");
        let binary = |crates: &[&str]| {
            let mut bytes = vec![0xff, 0xfe];
            for name in crates {
                bytes.extend(format!("/root/registry/src/index-1/{name}/src/lib.rs\0").bytes());
            }
            bytes
        };
        let (old, new) = (binary(&["redis-1.0.0", "serde-1.0.0"]), binary(&["redis-1.0.1"]));
        assert_eq!(difference(&old, &new), "is another binary, of redis-1.0.1");
        assert_eq!(difference(&old, &old), "is another binary, of the same crates");
    }
}
