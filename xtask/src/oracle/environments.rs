//! Python environments that hold LiteLLM releases, and redis-py releases to lay over them.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::PAIRS;
use crate::shell::{Done, command, output, root, run, step};

/// Python itself: LiteLLM's messages differ between Pythons.
const PYTHON: &str = "3.11";

fn folder() -> PathBuf {
    root().join(".tools/oracle")
}

/// Installs what is missing.
pub(super) fn setup() -> Done {
    for litellm in distinct(|(litellm, _, _)| litellm) {
        if python(litellm).is_file() {
            continue;
        }
        step(&format!("LiteLLM {litellm}"), || {
            let environment = folder().join(litellm);
            let name = format!("python{PYTHON}");
            let base = crate::shell::which(&name)
                .ok_or_else(|| format!("{name} is missing: install it with its venv module"))?;
            run(command(base).args(["-m", "venv", "--clear"]).arg(&environment))?;
            let list = root().join(format!("xtask/oracle/requirements-{litellm}.txt"));
            let pip = environment.join("bin/pip");
            run(command(pip).args(["install", "--quiet", "--no-deps", "--requirement"]).arg(list))
                .inspect_err(|_| {
                    // A half-made environment must not pass for a whole one.
                    let _ = std::fs::remove_dir_all(&environment);
                })
        })?;
    }
    distinct(|(_, redis_py, _)| redis_py).into_iter().try_for_each(install_redis_py)
}

/// Installs a redis-py release where it is missing.
pub(super) fn install_redis_py(redis_py: &str) -> Done {
    let target = overlay(redis_py);
    if target.join("redis").is_dir() {
        return Ok(());
    }
    step(&format!("redis-py {redis_py}"), || {
        run(command(any_pip())
            .args(["install", "--quiet", "--no-deps", "--target"])
            .arg(target)
            .arg(format!("redis=={redis_py}")))
    })
}

/// The pip of some environment.
pub(super) fn any_pip() -> PathBuf {
    python(PAIRS[0].0).with_file_name("pip")
}

/// A Python that imports this redis-py, and some LiteLLM.
pub(super) fn python_with(redis_py: &str) -> Command {
    pair(PAIRS[0].0, redis_py)
}

fn distinct(
    name: impl Fn((&'static str, &'static str, usize)) -> &'static str,
) -> Vec<&'static str> {
    let mut names: Vec<_> = PAIRS.into_iter().map(name).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The Python that imports this LiteLLM.
fn python(litellm: &str) -> PathBuf {
    folder().join(litellm).join("bin/python")
}

/// The folder that holds this redis-py alone.
pub(super) fn overlay(redis_py: &str) -> PathBuf {
    folder().join("redis-py").join(redis_py)
}

/// A Python that imports this pair.
pub(super) fn pair(litellm: &str, redis_py: &str) -> Command {
    let mut python = Command::new(python(litellm));
    python
        .current_dir(root())
        .env("PYTHONPATH", overlay(redis_py))
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    python
}

/// The text that a script of `xtask/oracle` prints.
pub(super) fn script(
    python: &mut Command,
    name: &str,
    arguments: &[&Path],
) -> Result<String, String> {
    output(python.arg(root().join("xtask/oracle").join(name)).args(arguments))
}
