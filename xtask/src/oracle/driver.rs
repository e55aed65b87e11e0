//! Conversations with the driver, `truth/litellm/driver.py`.

use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::process::Stdio;
use std::thread;

use redproof_oracle::{Case, Release};
use serde_json::{Map, Value, json};

use super::environments::{install, pair};
use crate::shell::Done;

/// The fields that name a case, not what LiteLLM did.
const NAMES: [&str; 3] = ["id", "litellm", "redis_py"];

/// What LiteLLM did with a case: the fields of the contract from `startup` on.
pub(super) type Outcome = Map<String, Value>;

/// The outcomes, in the cases' order.
pub(super) fn ask(release: &Release, cases: &[&Case]) -> Result<Vec<Outcome>, String> {
    let mut outcomes = Vec::new();
    ask_each(release, cases, &[], |_, outcome| {
        outcomes.push(outcome);
        Ok(())
    })?;
    Ok(outcomes)
}

/// The same, each as it is given; the driver gets these arguments.
pub(super) fn ask_each(
    release: &Release,
    cases: &[&Case],
    arguments: &[&str],
    mut each: impl FnMut(&Case, Outcome) -> Done,
) -> Done {
    let mut driver = pair(&release.litellm, &release.redis_py);
    driver
        .arg("truth/litellm/driver.py")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped());
    let failed = |error: std::io::Error| format!("the driver: {error}");
    let mut child = driver.spawn().map_err(failed)?;
    let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("the driver has no pipes".to_owned());
    };
    let lines: Vec<String> = cases.iter().map(|case| case.line(release)).collect();
    let writer = thread::spawn(move || {
        let mut input = BufWriter::new(input);
        lines.iter().try_for_each(|line| writeln!(input, "{line}"))?;
        input.flush()
    });
    let mut answers = BufReader::new(output).lines();
    let mut told = 0;
    for (case, answer) in cases.iter().zip(&mut answers) {
        each(case, outcome(release, case, &answer.map_err(failed)?)?)?;
        told += 1;
    }
    // More answers than cases would block it.
    drop(answers);
    let status = child.wait().map_err(failed)?;
    let written = writer.join().map_err(|_| "the writer panicked".to_owned())?;
    if !status.success() || told != cases.len() {
        let asked = cases.len();
        return Err(format!("the driver answered {told} of {asked} cases ({status})"));
    }
    written.map_err(failed)
}

fn outcome(release: &Release, case: &Case, answer: &str) -> Result<Outcome, String> {
    let mut fields: Outcome =
        serde_json::from_str(answer).map_err(|error| format!("{error}: {answer}"))?;
    if let Some(error) = fields.get("driver_error") {
        return Err(format!("{}: {error}", case.id));
    }
    let expected = [&case.id, &release.litellm, &release.redis_py];
    for (name, expected) in NAMES.into_iter().zip(expected) {
        let told = fields.remove(name);
        if told.as_ref().and_then(Value::as_str) != Some(expected) {
            return Err(format!("{}: {name} is {told:?}, not {expected}", case.id));
        }
    }
    Ok(fields)
}

/// Asks about the cases on standard input, and prints the answers.
pub(super) fn converse(litellm: &str, redis_py: &str) -> Done {
    install(litellm, redis_py)?;
    let release = Release { litellm: litellm.to_owned(), redis_py: redis_py.to_owned() };
    let mut cases = Vec::new();
    for line in std::io::stdin().lines() {
        let line = line.map_err(|error| error.to_string())?;
        let mut fields = serde_json::from_str(&line).map_err(|error| error.to_string())?;
        cases.push(Case::from_fields(&mut fields).ok_or_else(|| format!("no case: {line}"))?);
    }
    let asked: Vec<&Case> = cases.iter().collect();
    for (case, outcome) in cases.iter().zip(ask(&release, &asked)?) {
        println!("{}", json!({ "id": case.id, "outcome": outcome }));
    }
    Ok(())
}
