//! Reads signatures out of the releases and renders them as a Rust table.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::PAIRS;
use super::environments::{overlay, packages, pair, script, setup};
use crate::shell::{Done, command, output, root};

const TABLE: &str = "crates/redproof-core/src/releases/data.rs";

/// Writes the table anew, or only says whether it is up to date.
pub(super) fn extract(only_check: bool) -> Done {
    setup()?;
    let scratch = root().join(".tools/oracle/signatures");
    fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let mut files: Vec<PathBuf> = Vec::new();
    let (any_litellm, any_redis_py, _) = PAIRS[0];
    for redis_py in in_order(PAIRS.map(|(_, redis_py, _)| redis_py)) {
        let mut python = pair(any_litellm, redis_py);
        let told = script(&mut python, "extract_redis_py.py", &[&overlay(redis_py)])?;
        files.push(keep(&scratch, &format!("redis-py-{redis_py}.json"), &told)?);
    }
    for litellm in in_order(PAIRS.map(|(litellm, _, _)| litellm)) {
        let mut python = pair(litellm, any_redis_py);
        let arguments = [packages(litellm), PathBuf::from(litellm)];
        let arguments = arguments.each_ref().map(PathBuf::as_path);
        let told = script(&mut python, "extract_litellm.py", &arguments)?;
        files.push(keep(&scratch, &format!("litellm-{litellm}.json"), &told)?);
    }
    let rendered = scratch.join("data.rs");
    output(
        command("python3").arg("xtask/oracle/render_signatures.py").arg(&rendered).args(&files),
    )?;
    let new = fs::read_to_string(&rendered).map_err(|error| error.to_string())?;
    let table = root().join(TABLE);
    let old = fs::read_to_string(&table).unwrap_or_default();
    if new == old {
        println!("{TABLE} is up to date");
        return Ok(());
    }
    if only_check {
        return Err(format!("{TABLE} is stale: run `cargo xtask oracle extract`"));
    }
    fs::write(&table, new).map_err(|error| format!("{TABLE}: {error}"))?;
    println!("{TABLE} is written anew");
    Ok(())
}

fn keep(folder: &Path, name: &str, text: &str) -> Result<PathBuf, String> {
    let path = folder.join(name);
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}

/// Each release once, oldest first.
fn in_order<const N: usize>(releases: [&'static str; N]) -> Vec<&'static str> {
    let numbers = |release: &str| -> Vec<u32> {
        release.split('.').map(|part| part.parse().unwrap_or_default()).collect()
    };
    let ordered: BTreeSet<_> = releases.into_iter().map(|r| (numbers(r), r)).collect();
    ordered.into_iter().map(|(_, release)| release).collect()
}
