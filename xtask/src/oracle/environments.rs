//! Python environments that hold LiteLLM's requirements, and releases to lay over them.
//!
//! A LiteLLM release is installed alone, without its requirements, and goes before those of one of
//! two environments. So does a redis-py release. The driver says which releases it really imported.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use redproof_core::releases::Version;

use super::pairs::{Planned, planned};
use crate::shell::{Done, command, output, root, run, step};

/// Python itself: LiteLLM's messages differ between Pythons.
const PYTHON: &str = "3.11";

/// The environments, each with the first release that runs over it. 1.97.0 is the first whose
/// requirements bring hiredis; older ones run over 1.80.0's, newer ones need mcp 2 and more.
const BASES: [(&str, &str); 2] = [("1.60.0", "1.80.0"), ("1.97.0", "1.109.1")];

/// What releases need beside the environment: from one, before another.
const COMPANIONS: [(&str, &str, &[&str]); 3] = [
    // They take newer litellm-enterprise for their own, and it takes them for newer.
    ("1.69.0", "1.71.1", &["litellm-enterprise==0.1.4"]),
    // They import what newer fastapi has renamed, and `expression`, which 1.80.0 did not require.
    ("1.95.0", "1.98.0", &["fastapi==0.136.3", "expression==5.8.0"]),
    // A requirement that 1.109.1 did not have.
    ("1.110.0", "2.0.0", &["semver==3.0.4"]),
];

fn folder() -> PathBuf {
    root().join(".tools/oracle")
}

/// Installs what is missing for every pair that is recorded.
pub(super) fn setup() -> Done {
    bases()?;
    let both = |pair: Planned| install(&pair.release.litellm, &pair.release.redis_py);
    planned()?.into_iter().try_for_each(both)
}

/// Installs what is missing for a pair.
pub(super) fn install(litellm: &str, redis_py: &str) -> Done {
    install_base(base(litellm))?;
    install_litellm(litellm)?;
    install_redis_py(redis_py)
}

/// Installs the environments where they are missing.
pub(super) fn bases() -> Done {
    BASES.into_iter().try_for_each(|(_, base)| install_base(base))
}

fn install_base(base: &str) -> Done {
    if python(base).is_file() {
        return Ok(());
    }
    step(&format!("the environment of LiteLLM {base}"), || {
        let environment = folder().join(base);
        let name = format!("python{PYTHON}");
        let system = crate::shell::which(&name)
            .ok_or_else(|| format!("{name} is missing: install it with its venv module"))?;
        run(command(system).args(["-m", "venv", "--clear"]).arg(&environment))?;
        let list = root().join(format!("truth/litellm/requirements-{base}.txt"));
        let install = ["-m", "pip", "install", "--quiet", "--no-deps", "--requirement"];
        run(command(python(base)).args(install).arg(list)).inspect_err(|_| {
            // A half-made environment must not pass for a whole one.
            let _ = fs::remove_dir_all(&environment);
        })
    })
}

/// Installs a LiteLLM release where it is missing.
pub(super) fn install_litellm(litellm: &str) -> Done {
    if BASES.iter().any(|(_, base)| *base == litellm) {
        return Ok(());
    }
    let version = Version::parse(litellm);
    let mut wanted = vec![format!("litellm=={litellm}")];
    for (from, before, companions) in COMPANIONS {
        if version >= Version::parse(from) && version < Version::parse(before) {
            wanted.extend(companions.iter().map(ToString::to_string));
        }
    }
    install_alone(&format!("LiteLLM {litellm}"), &release_folder(litellm), &wanted)
}

/// Installs a redis-py release where it is missing.
pub(super) fn install_redis_py(redis_py: &str) -> Done {
    let wanted = [format!("redis=={redis_py}")];
    install_alone(&format!("redis-py {redis_py}"), &overlay(redis_py), &wanted)
}

/// Packages in a folder of their own.
fn install_alone(name: &str, target: &Path, packages: &[String]) -> Done {
    if target.is_dir() {
        return Ok(());
    }
    step(name, || {
        // A half-made folder must not pass for a whole one.
        let half = folder().join("part");
        let _ = fs::remove_dir_all(&half);
        let install = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-compile", "--target"];
        run(command(any_python()).args(install).arg(&half).args(packages))?;
        let failed = |error: std::io::Error| format!("{}: {error}", target.display());
        fs::create_dir_all(target.parent().unwrap_or(target)).map_err(failed)?;
        fs::rename(&half, target).map_err(failed)
    })
}

/// The Python of some environment.
pub(super) fn any_python() -> PathBuf {
    python(BASES[0].1)
}

/// A Python that imports this redis-py, and some LiteLLM.
pub(super) fn python_with(redis_py: &str) -> Command {
    pair(BASES[0].1, redis_py)
}

/// The Python of an environment.
fn python(base: &str) -> PathBuf {
    folder().join(base).join("bin/python")
}

fn base(litellm: &str) -> &'static str {
    let version = Version::parse(litellm);
    let fits = |(since, _): &&(&str, &str)| version >= Version::parse(since);
    BASES.iter().rev().find(fits).unwrap_or(&BASES[0]).1
}

/// The folder below which this LiteLLM, which is installed, lies.
pub(super) fn of_release(litellm: &str) -> Result<PathBuf, String> {
    let alone = release_folder(litellm);
    if alone.is_dir() {
        return Ok(alone);
    }
    let library = folder().join(base(litellm)).join(format!("lib/python{PYTHON}/site-packages"));
    if library.is_dir() { Ok(library) } else { Err(format!("LiteLLM {litellm} is not installed")) }
}

/// The folder that holds this LiteLLM alone.
fn release_folder(litellm: &str) -> PathBuf {
    folder().join("litellm").join(litellm)
}

/// The folder that holds this redis-py alone.
pub(super) fn overlay(redis_py: &str) -> PathBuf {
    folder().join("redis-py").join(redis_py)
}

/// A Python that imports this pair.
pub(super) fn pair(litellm: &str, redis_py: &str) -> Command {
    let base = base(litellm);
    let mut folders = vec![overlay(redis_py)];
    if base != litellm {
        folders.push(release_folder(litellm));
    }
    let mut python = Command::new(python(base));
    python
        .current_dir(root())
        .env("PYTHONPATH", std::env::join_paths(folders).unwrap_or_default())
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    python
}

/// The text that a script of `truth/signatures` prints.
pub(super) fn script(
    python: &mut Command,
    name: &str,
    arguments: &[&Path],
) -> Result<String, String> {
    output(python.arg(root().join("truth/signatures").join(name)).args(arguments))
}
