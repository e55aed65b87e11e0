//! `redproof diagnose`.

mod human;

use std::io::{IsTerminal, Read};
use std::path::Path;

use redproof_core::diagnose::{Diagnosis, Kind, diagnose};
use redproof_core::{Report, check};

use crate::Ending;
use crate::args::DiagnoseArgs;
use crate::files;
use crate::input::Surroundings;
use crate::output::{self, Failure};

/// A longer log is read to here.
const MOST_BYTES: u64 = 64 << 20;

/// What a log says.
pub(crate) struct Diagnosed {
    pub(crate) diagnosis: Diagnosis,
    /// What the configuration does that runs there.
    pub(crate) report: Option<Report>,
    /// Whether the log goes on after what was read.
    pub(crate) cut: bool,
}

/// Every text that is known.
pub(crate) struct Table;

/// Says what the texts in a log mean.
///
/// # Errors
/// When an input can't be used.
pub(crate) fn run(args: &DiagnoseArgs) -> Result<Ending, Failure> {
    if args.list {
        args.format.print(&Table)?;
        return Ok(Ending::Clean);
    }
    let config = args.config.as_deref();
    if config.is_some_and(files::is_stdin) && args.log.is_none() {
        let says = "standard input is the log: name the config's file, or the log's with --log";
        return Err(Failure::Said(says.to_owned()));
    }
    let report = match config {
        Some(config) => {
            let (mut surroundings, _) = Surroundings::read(&args.surroundings, config)?;
            let (config, text) = surroundings.config(config)?;
            Some(surroundings.with_input(&config, &text, check))
        }
        None => None,
    };
    let (log, cut) = read_log(args.log.as_deref())?;
    let diagnosis = diagnose(&log, report.as_ref());
    let answer = Diagnosed { diagnosis, report, cut };
    args.format.print(&answer)?;
    let named = answer.diagnosis.said.iter().any(|said| said.entry.kind != Kind::News);
    Ok(if named { Ending::Findings } else { Ending::Clean })
}

/// The log, and whether it goes on after what was read. Logs hold bytes of all kinds.
fn read_log(path: Option<&Path>) -> Result<(String, bool), Failure> {
    let stdin = || std::io::stdin().lock();
    let mut bytes = vec![];
    let read = match path {
        Some(path) if !files::is_stdin(path) => std::fs::File::open(path)
            .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes)),
        _ => {
            if std::io::stdin().is_terminal() {
                output::note("paste the log and end it with Ctrl-D");
            }
            stdin().take(MOST_BYTES + 1).read_to_end(&mut bytes)
        }
    };
    read.map_err(|error| {
        let name = path.map_or_else(|| "the log".to_owned(), files::name);
        Failure::Said(format!("cannot read {name}: {error}"))
    })?;
    let cut = bytes.len() as u64 > MOST_BYTES;
    Ok((String::from_utf8_lossy(&bytes).into_owned(), cut))
}
