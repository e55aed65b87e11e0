//! Records what LiteLLM's Rust client makes of every situation: `record-native PYTHON`, with a LiteLLM that has one on its
//! path. Writes `truth/rustls/RELEASE.json`.
//!
//! That client resolves names by itself: the recorder's own `/etc/hosts` lies over the system's, in a namespace of its own.

use std::error::Error;
use std::fmt::Write as _;

use redproof_tests::recorder::Recorder;
use redproof_tests::situations;

fn main() -> Result<(), Box<dyn Error>> {
    let python = std::env::args().nth(1).ok_or("usage: record-native PYTHON")?;
    let directory = tempfile::tempdir()?;
    let here = directory.path().display().to_string();
    let situations = situations::all(directory.path())?;
    let mut hosts = "127.0.0.1 localhost\n".to_owned();
    for (name, address) in situations.iter().flat_map(situations::Situation::hosts) {
        writeln!(hosts, "{address} {name}")?;
    }
    let file = directory.path().join("hosts");
    std::fs::write(&file, hosts)?;
    let mut recorder = Recorder::start_with_hosts(&python, "rustls/record.py", &file)?;
    for situation in &situations {
        let live = situation.start();
        let port = format!(":{}", live.settings["port"]);
        let masked = |text: &str| text.replace(&here, "DIRECTORY").replace(&port, ":PORT");
        recorder.ask(situation.name, &live.settings, masked)?;
    }
    recorder.finish("rustls")
}
