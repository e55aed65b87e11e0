//! `cargo xtask truth`: what the real software answered, recorded under `truth/`, and how it is recorded again.

use std::process::Command;

use redproof_core::releases::Pair;

use crate::shell::{Done, cargo, command, output, root, run, which};
use crate::{exports, oracle, yaml};

/// A recording, and what makes it again.
struct Recording {
    name: &'static str,
    what: &'static str,
    record: fn(&[String]) -> Done,
}

const RECORDINGS: &[Recording] = &[
    Recording {
        name: "litellm",
        what: "what LiteLLM makes of a configuration at start-up; words after it go to `oracle record`",
        record: |rest| oracle::oracle(&words(&["record"], rest)),
    },
    Recording {
        name: "signatures",
        what: "redis-py's and LiteLLM's signatures: crates/facts/src/data.rs",
        record: |rest| oracle::oracle(&words(&["extract"], rest)),
    },
    Recording {
        name: "wheels",
        what: "what the wheels say on both sides of changes that start-up does not show",
        record: |rest| python("truth/wheels/record.py", rest),
    },
    Recording {
        name: "proxy",
        what: "what the running proxy does; RELEASE… and the options of truth/proxy/run.py",
        record: |rest| python("truth/proxy/run.py", rest),
    },
    Recording {
        name: "native",
        what: "what LiteLLM's Rust client does on real servers: settings, then certificates",
        record: native,
    },
    Recording {
        name: "redis-py",
        what: "what redis-py does on real servers, in the same situations",
        record: redis_py,
    },
    Recording {
        name: "pyyaml",
        what: "what PyYAML reads",
        record: |rest| yaml::yaml(&words(&["record"], rest)),
    },
    Recording {
        name: "exports",
        what: "what docker, docker-compose, kubectl and python-dotenv read in exported files",
        record: |_| exports::record(),
    },
];

/// Lists the recordings, or records one again.
pub(crate) fn truth(arguments: &[String]) -> Done {
    let Some((name, rest)) = arguments.split_first() else {
        println!("Usage: cargo xtask truth NAME\n\nRecords again:\n");
        for Recording { name, what, .. } in RECORDINGS {
            println!("  {name:<11} {what}");
        }
        return Ok(());
    };
    let known = RECORDINGS.iter().find(|recording| recording.name == name);
    let recording = known.ok_or_else(|| format!("no recording `{name}`: cargo xtask truth"))?;
    (recording.record)(rest)
}

/// The newest pair's client: first with settings, where `truth/native` lacks an answer, then in the situations of
/// `tests/src/situations`.
fn native(rest: &[String]) -> Done {
    let pair = Pair::newest();
    let mut python = oracle::python(&pair.litellm.to_string(), &pair.redis_py.to_string())?;
    let environment: Vec<_> = python
        .get_envs()
        .filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())))
        .collect();
    let program = python.get_program().to_owned();
    let recording = root().join("truth/native/recording.jsonl");
    let failed = |error: std::io::Error| format!("{}: {error}", recording.display());
    python.args(["-B", "truth/native/record.py", "--known"]).arg(&recording).args(rest);
    let new = output(&mut python)?;
    let known = std::fs::read_to_string(&recording).map_err(failed)?;
    std::fs::write(&recording, known + &new).map_err(failed)?;
    situations("record-native", |record| record.arg(program).envs(environment))
}

/// redis-py on its own, of both environments.
fn redis_py(_: &[String]) -> Done {
    let pythons = oracle::base_pythons()?;
    situations("record-redis-py", |record| record.args(pythons))
}

/// Runs a recorder of `tests/src/bin`.
fn situations(recorder: &str, with: impl FnOnce(&mut Command) -> &mut Command) -> Done {
    let mut record = cargo(&[
        "run",
        "--quiet",
        "--locked",
        "--package",
        "redproof-tests",
        "--bin",
        recorder,
        "--",
    ]);
    run(with(&mut record))
}

fn words(first: &[&str], rest: &[String]) -> Vec<String> {
    first.iter().map(ToString::to_string).chain(rest.iter().cloned()).collect()
}

/// Runs a recorder on the Python that LiteLLM is recorded with.
fn python(script: &str, rest: &[String]) -> Done {
    let python =
        which("python3.11").ok_or("python3.11 is missing: install it with its venv module")?;
    run(command(python).arg("-B").arg(root().join(script)).args(rest))
}
