//! The `redproof` command.

mod admission;
mod answer;
mod args;
#[cfg(test)]
mod canary;
mod certificate;
mod check;
mod compare;
mod connections;
mod diagnose;
mod discover;
mod documents;
mod drift;
mod explain;
mod export;
mod files;
mod fingerprint;
mod fix;
mod format;
mod input;
mod journal;
mod junit;
mod lsp;
mod monitor;
mod output;
mod probe;
mod releases;
mod rule;
mod schema;
mod selection;
mod serve;
mod settings;
mod signals;
mod simulate;
mod stream;
mod style;
mod summary;
mod watch;
mod words;
mod write;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

use args::{Arguments, Command};

/// What a command ends with, by the contract of exit codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ending {
    /// Nothing to report.
    Clean = 0,
    /// Findings.
    Findings = 1,
    /// Bad usage, or an input that can't be read.
    Unusable = 2,
    /// Ended by Ctrl-C, as shells report it.
    Interrupted = 130,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    arguments.color.write_global();
    let Some(command) = arguments.command else {
        return ExitCode::from(welcome() as u8);
    };
    let ending = match command {
        Command::Check(check) => check::run(&check),
        Command::Explain(explain) => explain::run(&explain),
        Command::Releases(releases) => releases::run(&releases),
        Command::Compare(compare) => compare::run(&compare),
        Command::Diagnose(diagnose) => diagnose::run(&diagnose),
        Command::Probe(probe) => probe::run(&probe),
        Command::Monitor(monitor) => monitor::run(&monitor),
        Command::Serve(serve) => serve::run(&serve),
        Command::Fix(fix) => fix::run(&fix),
        Command::Export(export) => export::run(&export),
        Command::Certificate(certificate) => certificate::run(&certificate),
        Command::Simulate(simulate) => simulate::run(&simulate),
        Command::Schema(schema) => schema::run(&schema),
        Command::Rule { rule } => rule::run(rule.as_deref()),
        Command::Drift(drift) => drift::run(&drift),
        Command::Admission(admission) => admission::run(&admission),
        Command::Lsp(lsp) => lsp::run(&lsp),
        Command::Completions { shell } => completions(shell),
        Command::Man { directory } => man(&directory),
    };
    let ending = ending.unwrap_or_else(|error| match error {
        // Whoever read has seen enough: `redproof check . | head`.
        output::Failure::ReaderGone => Ending::Clean,
        error @ output::Failure::Said(_) => {
            output::complain(&error);
            Ending::Unusable
        }
    });
    ExitCode::from(ending as u8)
}

/// What to do next, for who calls the command alone.
fn welcome() -> Ending {
    let said = output::say(WELCOME);
    if said.is_ok() { Ending::Clean } else { Ending::Unusable }
}

const WELCOME: &str = "\
Redproof says what LiteLLM really does with your Redis configuration.

  redproof check .                     check each LiteLLM config here, as it is deployed
  redproof explain config.yaml         show each connection, and where every setting comes from
  redproof fix --diff config.yaml      show what it would change
  redproof probe config.yaml           open the connections as LiteLLM would
  redproof compare config.yaml --from 1.80.0
                                       say what an upgrade changes
  redproof serve                       open the editor, with live tests

`redproof help` lists all commands, `redproof help check` explains one.
";

fn man(directory: &std::path::Path) -> Result<Ending, output::Failure> {
    let failed = |error: std::io::Error| {
        output::Failure::Said(format!("cannot write {}: {error}", directory.display()))
    };
    std::fs::create_dir_all(directory).map_err(failed)?;
    clap_mangen::generate_to(Arguments::command(), directory).map_err(failed)?;
    Ok(Ending::Clean)
}

fn completions(shell: clap_complete::Shell) -> Result<Ending, output::Failure> {
    let mut script = vec![];
    clap_complete::generate(shell, &mut Arguments::command(), "redproof", &mut script);
    output::write_all(&script)?;
    Ok(Ending::Clean)
}
