//! Records what LiteLLM's own clients make of clusters and sentinels: `record-topologies PYTHON…`,
//! each Python with a release of LiteLLM. Writes `truth/topologies/RELEASE.json`.

use std::error::Error;

use redproof_tests::recorded_topologies::{Case, Servers};
use redproof_tests::recorder::Recorder;

fn main() -> Result<(), Box<dyn Error>> {
    for python in std::env::args().skip(1) {
        let directory = tempfile::tempdir()?;
        let here = directory.path().display().to_string();
        let mut recorder = Recorder::start(&python, "topologies/record.py")?;
        let mut ask = |cases: &[Case]| -> Result<(), Box<dyn Error>> {
            for case in cases {
                let answer = recorder.ask(case.name, &case.settings, |text| masked(text, &here))?;
                println!("{}: {}", case.name, answer["async"]);
            }
            Ok(())
        };
        let servers = Servers::start(directory.path());
        ask(&servers.cases())?;
        let (cases, _running) = servers.break_down();
        ask(&cases)?;
        recorder.finish("topologies")?;
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
