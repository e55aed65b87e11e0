//! `cargo xtask truth`: what the real software answered, recorded under `truth/`, and how it is recorded again.

use crate::shell::{Done, command, root, run, which};
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
        name: "answering",
        what: "what LiteLLM makes of it while a Redis answers at start-up; words after it as above",
        record: |rest| oracle::oracle(&words(&["record", "--answering"], rest)),
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

fn words(first: &[&str], rest: &[String]) -> Vec<String> {
    first.iter().map(ToString::to_string).chain(rest.iter().cloned()).collect()
}

/// Runs a recorder on the Python that LiteLLM is recorded with.
fn python(script: &str, rest: &[String]) -> Done {
    let python =
        which("python3.11").ok_or("python3.11 is missing: install it with its venv module")?;
    run(command(python).arg("-B").arg(root().join(script)).args(rest))
}
