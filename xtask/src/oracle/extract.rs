//! Reads signatures out of the releases and renders them as a Rust table.

use std::fs;
use std::path::{Path, PathBuf};

use redproof_core::releases::{Pair, Version};

use super::environments::{
    any_python, bases, install_litellm, install_redis_py, of_release, overlay, python_with, script,
};
use crate::shell::{Done, command, output, root, step};

const TABLE: &str = "crates/facts/src/data.rs";

const RENDER: &str = "truth/signatures/render_signatures.py";

/// The oldest redis-py line whose signatures are kept.
const OLDEST_REDIS_PY: u32 = 5;

/// Writes the table anew, or only says whether it is up to date.
pub(super) fn extract(only_check: bool) -> Done {
    bases()?;
    let scratch = scratch()?;
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
    output(command("python3").arg(RENDER).arg(&rendered).arg(&redis_py).arg(&litellm))?;
    put(&rendered, only_check)
}

/// Adds a LiteLLM release to the table, and those that came between the newest of the table and it. The others' rows
/// are read back from the table, so their wheels are not fetched.
pub(super) fn extract_new(release: &str) -> Done {
    bases()?;
    let missing = missing(&listed("litellm")?, release);
    let mut lines = String::new();
    for release in &missing {
        install_litellm(release)?;
        let root = of_release(release)?;
        let folder = root.parent().ok_or("a release has a folder")?;
        let mut extractor = command(any_python());
        extractor.arg("truth/signatures/extract_litellm.py").arg(folder).arg(release);
        lines += &output(&mut extractor)?;
    }
    println!("{} of LiteLLM's releases are new: {}", missing.len(), missing.join(" "));
    let scratch = scratch()?;
    let new = keep(&scratch, "new.jsonl", &lines)?;
    put(&joined(&root().join(TABLE), &new, &scratch.join("data.rs"))?, false)
}

/// The release, where the table lacks it, and the listed ones between the newest of the table and it; oldest first.
fn missing(listed: &[String], release: &str) -> Vec<String> {
    let known = Pair::litellm_releases();
    let wanted = Version::parse(release);
    let lacks = |one: &&String| {
        let version = Version::parse(one);
        let between = version > known.last().copied() && version < wanted;
        (between || version == wanted) && version.is_none_or(|version| !known.contains(&version))
    };
    let mut missing: Vec<String> = listed.iter().filter(lacks).cloned().collect();
    let wanted = release.to_owned();
    // It is asked for by name, so an index need not list it.
    if lacks(&&wanted) && !missing.contains(&wanted) {
        missing.push(wanted);
    }
    missing.sort_by_key(|release| Version::parse(release));
    missing
}

/// The final releases of a project that pip can install, newest first.
pub(super) fn listed(project: &str) -> Result<Vec<String>, String> {
    let listed = output(command(any_python()).args(["-m", "pip", "index", "versions", project]))?;
    let versions = listed.lines().find_map(|line| line.strip_prefix("Available versions:"));
    let versions = versions.ok_or_else(|| format!("pip lists no versions of {project}"))?;
    Ok(versions.split(',').map(|version| version.trim().to_owned()).collect())
}

/// Writes a table with more releases in it, and gives its path.
fn joined(table: &Path, new: &Path, rendered: &Path) -> Result<PathBuf, String> {
    output(
        command("python3").args(["-B", RENDER]).arg(rendered).arg("--join").arg(table).arg(new),
    )?;
    Ok(rendered.to_owned())
}

fn scratch() -> Result<PathBuf, String> {
    let scratch = root().join(".tools/oracle/signatures");
    fs::create_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))?;
    Ok(scratch)
}

/// Puts a rendered table in its place.
fn put(rendered: &Path, only_check: bool) -> Done {
    let new = fs::read_to_string(rendered).map_err(|error| error.to_string())?;
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
    let mut lines = String::new();
    for release in listed("redis")?.iter().rev() {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn table_with(new: &str, name: &str) -> String {
        let folder = crate::shell::target_dir().join("test-signatures").join(name);
        fs::create_dir_all(&folder).expect("a folder");
        let lines = folder.join("new.jsonl");
        fs::write(&lines, new).expect("a file");
        let table = joined(&root().join(TABLE), &lines, &folder.join("data.rs")).expect("a table");
        fs::read_to_string(table).expect("a file")
    }

    #[test]
    fn the_table_holds_all_that_it_was_rendered_from() {
        let table = fs::read_to_string(root().join(TABLE)).expect("the table");
        assert!(table_with("", "same") == table, "what is read back renders otherwise");
    }

    #[test]
    fn a_new_release_joins_the_table_in_its_place() {
        let line = |version: &str| {
            format!(r#"{{"version": "{version}", "classes": {{}}, "cache_types": ["redis"]}}"#)
        };
        let table = table_with(&format!("{}\n{}\n", line("999.0.0"), line("1.60.1")), "new");
        let (_, litellm) = table.split_once("mod litellm").expect("LiteLLM's part");
        let newest = Pair::litellm_releases().len();
        assert!(litellm.contains("v(1, 60, 0, 0),\n    v(1, 60, 1, 0),\n"));
        assert!(litellm.contains("v(999, 0, 0, 0),\n];"));
        assert!(litellm.contains(r#"n("redis", 0, END)"#));
        // The rest ended one release before, and begins anew after the one in the middle.
        assert!(litellm.contains(&format!(r#"n("local", 2, {newest})"#)));
    }

    #[test]
    fn what_the_table_lacks_is_new() {
        let listed = ["999.0.2", "999.0.1", "999.0.0", "1.60.3", "1.60.0"].map(str::to_owned);
        assert_eq!(missing(&listed, "999.0.1"), ["999.0.0", "999.0.1"]);
        assert_eq!(missing(&listed, "1.60.3"), ["1.60.3"]);
        assert!(missing(&listed, "1.60.0").is_empty());
    }
}
