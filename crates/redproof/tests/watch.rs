//! `redproof check --watch`: it checks again after a change, and goes on after a file that can't be read.

mod folder;

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

use folder::Folder;

const CONFIG: &str = "litellm_settings:\n  cache: true\n  cache_params: {type: redis, host: localhost, port: 6379}\n";

/// The command while it watches.
struct Watching {
    child: Child,
    output: BufReader<Box<dyn Read>>,
}

impl Watching {
    fn start(folder: &Folder, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_redproof"))
            .args(["check", "--watch"])
            .args(arguments)
            .current_dir(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("start redproof");
        let output: Box<dyn Read> = Box::new(child.stdout.take().expect("a pipe"));
        Self { child, output: BufReader::new(output) }
    }

    /// The last line of the next check.
    fn summary(&mut self) -> String {
        let mut line = String::new();
        loop {
            line.clear();
            let read = self.output.read_line(&mut line).expect("read");
            assert!(read > 0, "the command ended");
            if line.contains(" on LiteLLM ") {
                return line;
            }
        }
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has said.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_change_is_checked() {
    let folder = Folder::new(&[("config.yaml", CONFIG)]);
    let mut watching = Watching::start(&folder, &["config.yaml"]);
    assert!(watching.summary().contains("1 configuration"));
    let broken = CONFIG.replace("type: redis", "type: radis");
    fs::write(folder.path().join("config.yaml"), broken).expect("write");
    assert!(watching.summary().contains("error"));
    fs::write(folder.path().join("config.yaml"), CONFIG).expect("write");
    assert!(!watching.summary().contains("error"));
}

#[test]
fn a_file_beside_and_a_new_one_in_a_directory_count() {
    let folder = Folder::new(&[("deploy/config.yaml", CONFIG)]);
    let mut watching = Watching::start(&folder, &["."]);
    assert!(watching.summary().contains("1 configuration"));
    let compose = "services:\n  litellm:\n    image: ghcr.io/berriai/litellm:v1.80.0\n    command: [--config, /c.yaml]\n    volumes: [./config.yaml:/c.yaml]\n";
    fs::write(folder.path().join("deploy/compose.yaml"), compose).expect("write");
    assert!(watching.summary().contains("LiteLLM 1.80.0"));
    fs::write(folder.path().join("deploy/other.yaml"), CONFIG).expect("write");
    assert!(watching.summary().contains("2 configurations"));
}

#[test]
fn standard_input_is_not_watched() {
    let folder = Folder::new(&[]);
    let output = folder.run(&["check", "--watch", "-"]);
    assert_eq!(folder::code(&output), 2);
    assert!(folder::stderr(&output).contains("can't be watched"));
    assert_eq!(folder::stdout(&output), "");
}
