//! Records what LiteLLM's own clients make of clusters and sentinels: `record-topologies PYTHON…`,
//! each Python with a release of LiteLLM. Writes `tests/goldens/probe/topologies-RELEASE.json`.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use redproof_tests::recorded_topologies::{Case, Servers};
use serde_json::{Map, Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for python in std::env::args().skip(1) {
        let directory = tempfile::tempdir()?;
        let mut child = Command::new(&python)
            .arg(root.join("record_topologies.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut questions = child.stdin.take().ok_or("standard input is piped")?;
        let output = child.stdout.take().ok_or("standard output is piped")?;
        let mut answers = BufReader::new(output).lines();
        let mut answer = || -> Result<Value, Box<dyn Error>> {
            let line = answers.next().ok_or("Python ended early")??;
            Ok(serde_json::from_str(&line)?)
        };
        let release = answer()?["redis_py"].as_str().ok_or("Python tells the release")?.to_owned();
        let mut recorded = Map::new();
        let mut ask = |cases: &[Case]| -> Result<(), Box<dyn Error>> {
            for case in cases {
                writeln!(questions, "{}", json!({"name": case.name, "settings": case.settings}))?;
                let text = masked(&answer()?.to_string(), &directory.path().display().to_string());
                let answer: Value = serde_json::from_str(&text)?;
                println!("{}: {}", case.name, answer["async"]);
                let entry = json!({"sync": answer["sync"], "async": answer["async"]});
                recorded.insert(case.name.to_owned(), entry);
            }
            Ok(())
        };
        let servers = Servers::start(directory.path());
        ask(&servers.cases())?;
        let (cases, _running) = servers.break_down();
        ask(&cases)?;
        drop(questions);
        child.wait()?;
        let path = root.join(format!("goldens/probe/topologies-{release}.json"));
        std::fs::write(&path, serde_json::to_string_pretty(&recorded)? + "\n")?;
        println!("{}: {} cases", path.display(), recorded.len());
    }
    Ok(())
}

/// Ports and directories differ from run to run.
fn masked(text: &str, directory: &str) -> String {
    let text = text.replace(directory, "DIRECTORY");
    let mut masked = String::new();
    let mut digits = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        // A cluster has 16384 slots; the system gives ports above.
        let port = digits.len() == 5 && digits.as_str() > "20000";
        masked.push_str(if port { "PORT" } else { &digits });
        digits.clear();
        masked.push(c);
    }
    masked
}
