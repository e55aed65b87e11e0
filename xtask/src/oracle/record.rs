//! Asks the real LiteLLM about cases and keeps its answers.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use redproof_oracle::{CASES, Release, read_all, write_lines};
use serde_json::{Map, Value};

use super::environments::{pair, setup};
use super::{Options, PAIRS};
use crate::shell::{Done, command, output, root, step};

/// The fields that name a case, not what LiteLLM did.
const NAMES: [&str; 2] = ["litellm", "redis_py"];

/// Records every case with each pair.
pub(super) fn record(options: &Options) -> Done {
    setup()?;
    let folder = options.folder();
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut generator = command("python3");
    generator.arg("xtask/oracle/generate.py");
    if options.all {
        generator.arg("--all");
    }
    let cases: Vec<String> = output(&mut generator)?.lines().map(str::to_owned).collect();
    write(&folder, CASES, cases.clone())?;
    let wanted =
        PAIRS.into_iter().filter(|(litellm, redis_py, _)| options.wants(litellm, redis_py));
    for (litellm, redis_py, one_in) in wanted {
        let release = Release { litellm: litellm.to_owned(), redis_py: redis_py.to_owned() };
        step(&release.to_string(), || {
            let lines = cases.iter().filter(|case| options.all || in_sample(case, one_in));
            let lines: Vec<String> = lines.map(|case| for_pair(case, &release)).collect();
            let answers = ask(&release, lines)?;
            println!("   {} cases", answers.len());
            write(&folder, &release.file_name(), answers)
        })?;
    }
    Ok(())
}

fn write(folder: &Path, name: &str, lines: Vec<String>) -> Done {
    let path = folder.join(name);
    write_lines(&path, lines).map_err(|error| format!("{}: {error}", path.display()))
}

/// Chosen by the case's own content, so that other cases come and go without it.
fn in_sample(case: &str, one_in: usize) -> bool {
    let sum = case.bytes().fold(0usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    sum.is_multiple_of(one_in)
}

/// The case as the driver reads it: an object with the pair's names behind its own fields.
fn for_pair(case: &str, release: &Release) -> String {
    let case = case.trim_end();
    let open = case.strip_suffix('}').unwrap_or(case);
    let Release { litellm, redis_py } = release;
    format!("{open}, \"litellm\": \"{litellm}\", \"redis_py\": \"{redis_py}\"}}")
}

/// The driver's answers, in the cases' order.
fn ask(release: &Release, cases: Vec<String>) -> Result<Vec<String>, String> {
    let mut driver = pair(&release.litellm, &release.redis_py);
    driver.arg("xtask/oracle/driver.py");
    let answers = converse(&mut driver, cases)?;
    answers.iter().map(|answer| recorded(answer)).collect()
}

fn converse(driver: &mut Command, cases: Vec<String>) -> Result<Vec<String>, String> {
    let asked = cases.len();
    let failed = |error: std::io::Error| format!("the driver: {error}");
    let mut child = driver.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(failed)?;
    let (input, output) = (child.stdin.take(), child.stdout.take());
    let (Some(input), Some(output)) = (input, output) else {
        return Err("the driver has no pipes".to_owned());
    };
    let writer = thread::spawn(move || {
        let mut input = BufWriter::new(input);
        cases.iter().try_for_each(|case| writeln!(input, "{case}"))?;
        input.flush()
    });
    let answers: Vec<String> =
        BufReader::new(output).lines().collect::<Result<_, _>>().map_err(failed)?;
    let status = child.wait().map_err(failed)?;
    let written = writer.join().map_err(|_| "the writer panicked".to_owned())?;
    if !status.success() || answers.len() != asked {
        return Err(format!("the driver answered {} of {asked} cases ({status})", answers.len()));
    }
    written.map_err(failed)?;
    Ok(answers)
}

/// An answer as it is kept: without the pair, which the file's name says.
fn recorded(answer: &str) -> Result<String, String> {
    let mut fields: Map<String, Value> =
        serde_json::from_str(answer).map_err(|error| format!("{error}: {answer}"))?;
    if let Some(error) = fields.get("driver_error") {
        return Err(format!("{}: {error}", fields.get("id").unwrap_or(&Value::Null)));
    }
    for name in NAMES {
        fields.remove(name);
    }
    serde_json::to_string(&fields).map_err(|error| error.to_string())
}

/// How many cases are asked again in another order, and how many in a process each.
const SHUFFLED: usize = 1500;
const SINGLY: usize = 6;

/// Asks again in another order, and one process each; the answers must be the recorded ones.
pub(super) fn isolation(options: &Options) -> Done {
    setup()?;
    let recordings = read_all(&root().join(super::RECORDINGS)).map_err(|e| e.to_string())?;
    let mut differing = Vec::new();
    for recording in &recordings {
        let release = &recording.release;
        if !options.wants(&release.litellm, &release.redis_py) {
            continue;
        }
        step(&format!("{release}, in another order and singly"), || {
            let known: BTreeMap<&str, &Map<String, Value>> =
                recording.outcomes.iter().map(|(case, out)| (case.id.as_str(), out)).collect();
            let mut cases: Vec<_> = recording.outcomes.iter().map(|(case, _)| case).collect();
            // The ids' ends are hashes: an order that has nothing to do with the first.
            cases.sort_by_key(|case| case.id.bytes().rev().collect::<Vec<_>>());
            cases.truncate(SHUFFLED);
            let lines: Vec<String> = cases.iter().map(|case| case.line(release)).collect();
            let singly = lines.iter().step_by((lines.len() / SINGLY).max(1)).cloned();
            let singly: Vec<String> = singly.collect();
            let mut answers = ask(release, lines)?;
            for line in singly {
                answers.extend(ask(release, vec![line])?);
            }
            println!("   {} answers", answers.len());
            for answer in answers {
                let mut fields: Map<String, Value> =
                    serde_json::from_str(&answer).map_err(|error| error.to_string())?;
                let id = fields.remove("id").unwrap_or_default();
                let id = id.as_str().unwrap_or_default().to_owned();
                if known.get(id.as_str()).is_none_or(|outcome| **outcome != fields) {
                    differing.push(format!("{release}: {id}"));
                }
            }
            Ok(())
        })?;
    }
    if differing.is_empty() {
        return Ok(());
    }
    Err(format!("{} answers depend on earlier cases:\n{}", differing.len(), differing.join("\n")))
}
