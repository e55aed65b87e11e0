//! `cargo xtask truth`: what the real software answered, recorded under `truth/`, and how it is recorded again.

use std::path::{Path, PathBuf};

use redproof_core::releases::Pair;

use crate::shell::{Done, cargo, command, output, root, run, target_dir, which};
use crate::{exports, oracle, yaml};

/// The environments that `oracle setup` makes: redis-py 5.3.1 and 8.1.0.
const PYTHONS: [&str; 2] = [".tools/oracle/1.80.0/bin/python", ".tools/oracle/1.109.1/bin/python"];

/// LiteLLM loads `.env` files with it; the oldest release in use, and the newest.
const DOTENV: [&str; 2] = ["python-dotenv==1.0.1", "python-dotenv==1.2.4"];

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
        record: |rest| oracle::words(&["record"], rest),
    },
    Recording {
        name: "answering",
        what: "what LiteLLM makes of it while a Redis answers at start-up; words after it as above",
        record: |rest| oracle::words(&["record", "--answering"], rest),
    },
    Recording {
        name: "servers",
        what: "what LiteLLM makes of it while real servers on loopback answer; words after it as above",
        record: |rest| oracle::words(&["record", "--servers"], rest),
    },
    Recording {
        name: "signatures",
        what: "redis-py's and LiteLLM's signatures: crates/facts/src/data.rs",
        record: |rest| oracle::words(&["extract"], rest),
    },
    Recording {
        name: "keys",
        what: "which keys each release reads: crates/facts/src/keys/data.rs",
        record: |rest| python("truth/keys/record.py", rest),
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
        name: "startup",
        what: "what stops or delays a start-up after the config is loaded; RELEASE… and the options of truth/startup/record.py",
        record: |rest| python("truth/startup/record.py", rest),
    },
    Recording {
        name: "values",
        what: "which values the router accepts and fails on later; RELEASE… and the options of truth/values/record.py",
        record: |rest| python("truth/values/record.py", rest),
    },
    Recording {
        name: "general",
        what: "what values of `general_settings` do to start-up and requests; RELEASE…",
        record: |rest| python("truth/values/record_general.py", rest),
    },
    Recording {
        name: "native",
        what: "what LiteLLM's Rust client does on real servers: settings, then certificates",
        record: native,
    },
    Recording {
        name: "drift",
        what: "what a running proxy says of itself; RELEASE…",
        record: |rest| python("truth/drift/record.py", rest),
    },
    Recording {
        name: "redis-py",
        what: "what redis-py makes of TLS, logins and servers; [PYTHON…]",
        record: |rest| with_pythons("record-redis-py", rest),
    },
    Recording {
        name: "topologies",
        what: "what LiteLLM's own cache makes of clusters and sentinels; [PYTHON…]",
        record: |rest| with_pythons("record-topologies", rest),
    },
    Recording {
        name: "aws",
        what: "the tokens of LiteLLM's ElastiCache login; [PYTHON]",
        record: aws,
    },
    Recording {
        name: "error-texts",
        what: "which releases write each text that `diagnose` knows; FOLDER with them installed",
        record: error_texts,
    },
    Recording { name: "dotenv", what: "what python-dotenv reads", record: |_| dotenv() },
    Recording {
        name: "unicode",
        what: "Python's tables of characters: crates/python/src/unicode.rs",
        record: |rest| python("truth/unicode/record.py", rest),
    },
    Recording { name: "pyyaml", what: "what PyYAML reads", record: |_| yaml::record() },
    Recording {
        name: "exports",
        what: "what docker, docker-compose, kubectl and python-dotenv read in exported files, and helm, too, in patches",
        record: |_| exports::record(),
    },
    Recording {
        name: "deploy",
        what: "what kubectl, helm, promtool and Kubernetes' schemas make of deploy/",
        record: |rest| python("truth/deploy/record.py", rest),
    },
];

/// Lists the recordings, or records one again.
pub(crate) fn truth(name: Option<&str>, rest: &[String]) -> Done {
    let Some(name) = name else {
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
    python.args(["-B", "truth/native/record.py", "--known"]).arg(&recording).args(rest);
    let new = output(&mut python)?;
    let known = std::fs::read_to_string(&recording)
        .map_err(|error| format!("{}: {error}", recording.display()))?;
    write(&recording, &(known + &new))?;
    let recorder = ["run", "--quiet", "-p", "redproof-tests", "--bin", "record-native", "--"];
    run(cargo(&recorder).arg(program).envs(environment))
}

/// Holds `redproof drift` against running proxies of these releases.
pub(crate) fn proxies(releases: &[String]) -> Done {
    run(&mut cargo(&["build", "--quiet", "--locked", "--package", "redproof"]))?;
    let redproof = target_dir().join("debug/redproof").display().to_string();
    let words: Vec<String> = std::iter::once(redproof).chain(releases.iter().cloned()).collect();
    python("truth/drift/held.py", &words)
}

/// Runs a recorder on the Python that LiteLLM is recorded with.
fn python(script: &str, rest: &[String]) -> Done {
    let python =
        which("python3.11").ok_or("python3.11 is missing: install it with its venv module")?;
    run(command(python).arg("-B").arg(root().join(script)).args(rest))
}

/// Runs a recorder that asks several Pythons.
fn with_pythons(recorder: &str, rest: &[String]) -> Done {
    let known = PYTHONS.map(|python| root().join(python).display().to_string());
    let pythons = if rest.is_empty() { &known[..] } else { rest };
    run(cargo(&["run", "--quiet", "-p", "redproof-tests", "--bin", recorder, "--"]).args(pythons))
}

fn aws(rest: &[String]) -> Done {
    let python = rest.first().map_or_else(|| root().join(PYTHONS[1]), PathBuf::from);
    run(command(python).arg("-B").arg(root().join("truth/aws/record.py")))
}

fn error_texts(rest: &[String]) -> Done {
    let [folder] = rest else { return Err("name the folder of installed releases".to_owned()) };
    let table = target_dir().join("error-texts.json");
    let list = ["run", "--quiet", "-p", "redproof", "--", "diagnose", "--list", "--format", "json"];
    write(&table, &output(&mut cargo(&list))?)?;
    let mut recorder = command("python3");
    recorder.args(["-B", "truth/error-texts/record.py"]).arg(table).arg(folder);
    write(&root().join("truth/error-texts/recording.json"), &output(&mut recorder)?)
}

fn dotenv() -> Done {
    let folder = target_dir().join("dotenv");
    download_dotenv(Path::new("python3"), &folder)?;
    let wheels = std::fs::read_dir(&folder).map_err(|error| error.to_string())?;
    let mut wheels: Vec<PathBuf> = wheels.flatten().map(|entry| entry.path()).collect();
    wheels.sort();
    let mut recorder = command("python3");
    recorder.args(["-B", "truth/dotenv/record.py"]).args(wheels);
    write(&root().join("truth/dotenv/recording.json"), &output(&mut recorder)?)
}

/// Puts python-dotenv's wheels into a folder, by the pip of this Python.
pub(crate) fn download_dotenv(python: &Path, folder: &Path) -> Done {
    for wheel in DOTENV {
        let pip = ["-m", "pip", "download", "--quiet", "--no-deps", wheel, "--dest"];
        run(command(python).args(pip).arg(folder))?;
    }
    Ok(())
}

/// Writes what a recorder answered, once it has answered: one that fails leaves the old recording.
fn write(path: &Path, text: &str) -> Done {
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
