//! Times whole processes, and weighs their memory.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

use crate::shell::{Done, output};

/// A program with its arguments.
#[derive(Clone)]
pub(super) struct Call {
    program: OsString,
    arguments: Vec<OsString>,
    /// Whether each exit status other than 0 and 1 (findings) is an error.
    strict: bool,
}

/// How long a call takes, over several runs.
#[derive(Clone, Copy)]
pub(super) struct Times {
    pub(super) median: Duration,
    pub(super) best: Duration,
}

impl Call {
    pub(super) fn new(program: impl AsRef<Path>, arguments: &[&str]) -> Self {
        Self {
            program: program.as_ref().into(),
            arguments: arguments.iter().map(OsString::from).collect(),
            strict: true,
        }
    }

    /// Adds paths.
    pub(super) fn paths(mut self, paths: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.arguments.extend(paths.into_iter().map(Into::into));
        self
    }

    /// Takes any exit status.
    pub(super) fn lenient(mut self) -> Self {
        self.strict = false;
        self
    }

    /// Runs once, its output thrown away.
    ///
    /// # Errors
    /// When it does not start, or ends by a signal (a panic's abort, lack of memory) or with an
    /// exit status that says that it did not do its work.
    fn run(&self) -> Result<Duration, String> {
        let mut command = Command::new(&self.program);
        command
            .args(&self.arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            // As on a machine that does not name its own roots: OpenSSL reads them as needed.
            .env_remove("SSL_CERT_FILE")
            .env_remove("SSL_CERT_DIR");
        let start = Instant::now();
        let status = command.status().map_err(|error| format!("{}: {error}", self.show()))?;
        let took = start.elapsed();
        let accepted = match status.code() {
            // 101 is a panic.
            Some(code) => code < 2 || (!self.strict && code != 101),
            None => false,
        };
        if accepted { Ok(took) } else { Err(format!("{}: {status}", self.show())) }
    }

    fn show(&self) -> String {
        let words = std::iter::once(&self.program).chain(self.arguments.iter().take(4));
        words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    /// The peak of its resident memory, in megabytes (10⁶ bytes).
    ///
    /// # Errors
    /// When it can't be run.
    pub(super) fn peak(&self) -> Result<f64, String> {
        // In a process of its own: the kernel keeps the peak over all children of a process.
        let own = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut measured = Command::new(own);
        measured.arg("bench-peak").arg(&self.program).args(&self.arguments);
        let printed = output(&mut measured)?;
        let kilobytes: f64 =
            printed.trim().parse().map_err(|_| format!("no peak in `{}`", printed.trim()))?;
        Ok(kilobytes * 1024.0 / 1e6)
    }
}

/// Runs each call `count` times in turn, so that what else the machine does falls on all alike;
/// one more run of each goes before and is not counted.
///
/// # Errors
/// When a call fails.
pub(super) fn time(calls: &[Call], count: usize) -> Result<Vec<Times>, String> {
    let mut took = vec![Vec::with_capacity(count); calls.len()];
    for call in calls {
        call.run()?;
    }
    for _ in 0..count {
        for (call, took) in calls.iter().zip(&mut took) {
            took.push(call.run()?);
        }
    }
    Ok(took.into_iter().map(Times::of).collect())
}

impl Times {
    fn of(mut took: Vec<Duration>) -> Self {
        took.sort_unstable();
        let at = |index: usize| took.get(index).copied().unwrap_or_default();
        Self { median: at(took.len() / 2), best: at(0) }
    }
}

/// Runs a command and prints the peak of its resident memory in kilobytes.
pub(super) fn print_peak(arguments: &[String]) -> Done {
    let (program, rest) = arguments.split_first().ok_or("bench-peak needs a command")?;
    let mut command = Command::new(program);
    command.args(rest).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().map_err(|error| format!("{program}: {error}"))?;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|error| error.to_string())?;
    println!("{}", usage.max_rss());
    Ok(())
}
