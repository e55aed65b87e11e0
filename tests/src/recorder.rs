//! A Python that is asked what real software makes of settings, one line each way.

use std::error::Error;
use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use redproof_core::releases::Python;
use serde_json::{Map, Value, json};

/// A script of `truth` that answers with `conversation.py`, and what it answered.
pub struct Recorder {
    child: Child,
    questions: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    /// The release of what is asked, redis-py or LiteLLM; where it matters, the Python's too:
    /// `8.1.0-python-3.13`.
    pub release: String,
    recorded: Map<String, Value>,
}

impl Recorder {
    /// Starts a script, its path below `truth`.
    ///
    /// # Errors
    /// When this Python cannot be run, or does not answer.
    pub fn start(python: &str, script: &str) -> Result<Self, Box<dyn Error>> {
        Self::run(&mut Command::new(python), script)
    }

    /// The same, where `/etc/hosts` is this file.
    ///
    /// # Errors
    /// As [`Self::start`], and where the system allows no namespace.
    pub fn start_with_hosts(
        python: &str,
        script: &str,
        hosts: &Path,
    ) -> Result<Self, Box<dyn Error>> {
        let over = "mount --bind \"$0\" /etc/hosts && exec \"$@\"";
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--mount", "sh", "-c", over]).arg(hosts).arg(python);
        Self::run(&mut command, script)
    }

    fn run(command: &mut Command, script: &str) -> Result<Self, Box<dyn Error>> {
        let mut child = command
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../truth").join(script))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let questions = child.stdin.take().ok_or("standard input is piped")?;
        let output = child.stdout.take().ok_or("standard output is piped")?;
        let answers = BufReader::new(output).lines();
        let release = String::new();
        let mut recorder = Self { child, questions, answers, release, recorded: Map::new() };
        let first = recorder.answer()?;
        let release = first["release"].as_str().ok_or("Python tells the release")?;
        release.clone_into(&mut recorder.release);
        let python = first["python"].as_str().unwrap_or_default();
        // Earlier ones verify alike.
        if Python::parse(python).is_some_and(Python::verifies_strictly) {
            recorder.release += &format!("-python-{python}");
        }
        Ok(recorder)
    }

    /// Asks of one case. What is recorded of the answer went through `masked`, for ports and
    /// directories differ from run to run.
    ///
    /// # Errors
    /// When the Python ends early, or answers with no JSON.
    pub fn ask(
        &mut self,
        name: &str,
        settings: &Map<String, Value>,
        masked: impl Fn(&str) -> String,
    ) -> Result<Value, Box<dyn Error>> {
        writeln!(self.questions, "{}", json!({"name": name, "settings": settings}))?;
        let answer: Value = serde_json::from_str(&masked(&self.answer()?.to_string()))?;
        let mut entry = answer.as_object().cloned().ok_or("Python answers with an object")?;
        entry.remove("name");
        self.recorded.insert(name.to_owned(), entry.into());
        Ok(answer)
    }

    /// Writes `truth/KIND/RELEASE.json`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn finish(mut self, kind: &str) -> Result<(), Box<dyn Error>> {
        drop(self.questions);
        self.child.wait()?;
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join(format!("../truth/{kind}/{}.json", self.release));
        std::fs::write(&path, serde_json::to_string_pretty(&self.recorded)? + "\n")?;
        println!("{}: {} cases", path.display(), self.recorded.len());
        Ok(())
    }

    fn answer(&mut self) -> Result<Value, Box<dyn Error>> {
        let line = self.answers.next().ok_or("Python ended early")??;
        Ok(serde_json::from_str(&line)?)
    }
}
