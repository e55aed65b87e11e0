//! Reads signatures out of the releases and renders them as a Rust table.

use std::fs;
use std::path::{Path, PathBuf};

use super::environments::{any_python, bases, install_redis_py, overlay, python_with, script};
use crate::shell::{Done, command, output, root, step};

const TABLE: &str = "crates/facts/src/data.rs";

/// The oldest redis-py line whose signatures are kept.
const OLDEST_REDIS_PY: u32 = 5;

/// Writes the table anew, or only says whether it is up to date.
pub(super) fn extract(only_check: bool) -> Done {
    bases()?;
    let scratch = root().join(".tools/oracle/signatures");
    fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    let mut redis_py = PathBuf::new();
    step("redis-py releases", || {
        redis_py = keep(&scratch, "redis-py.jsonl", &of_redis_py()?)?;
        Ok(())
    })?;
    let mut litellm = PathBuf::new();
    step("LiteLLM releases", || {
        litellm = keep(&scratch, "litellm.jsonl", &of_litellm()?)?;
        Ok(())
    })?;
    let rendered = scratch.join("data.rs");
    let render = "truth/signatures/render_signatures.py";
    output(command("python3").arg(render).arg(&rendered).arg(&redis_py).arg(&litellm))?;
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

/// One line for each final release: they are imported and asked.
fn of_redis_py() -> Result<String, String> {
    let listed = output(command(any_python()).args(["-m", "pip", "index", "versions", "redis"]))?;
    let versions = listed.lines().find_map(|line| line.strip_prefix("Available versions:"));
    let versions = versions.ok_or("pip lists no versions of redis")?;
    let mut lines = String::new();
    // pip lists the newest first.
    for release in versions.split(',').map(str::trim).rev() {
        let line = release.split('.').next().and_then(|major| major.parse::<u32>().ok());
        if line.is_some_and(|major| major >= OLDEST_REDIS_PY) {
            install_redis_py(release)?;
            let mut python = python_with(release);
            lines += &script(&mut python, "extract_redis_py.py", &[&overlay(release)])?;
        }
    }
    Ok(lines)
}

/// One line for each final release: their source is read.
fn of_litellm() -> Result<String, String> {
    let folder = root().join(".tools/oracle/wheels");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    // pip knows the index.
    let python = any_python();
    let releases = output(command(&python).arg("truth/signatures/wheels.py").arg(&folder))?;
    let mut extractor = command(&python);
    extractor.arg("truth/signatures/extract_litellm.py").arg(&folder).args(releases.lines());
    output(&mut extractor)
}

fn keep(folder: &Path, name: &str, text: &str) -> Result<PathBuf, String> {
    let path = folder.join(name);
    fs::write(&path, text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(path)
}
