//! The `redproof` command.

mod args;
#[cfg(test)]
mod canary;
mod certificate;
mod check;
mod compare;
mod connections;
mod diagnose;
mod discover;
mod explain;
mod export;
mod fix;
mod format;
mod frame;
mod input;
mod monitor;
mod output;
mod probe;
mod rule;
mod schema;
mod selection;
mod serve;
mod settings;
mod simulate;
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
    let ending = match arguments.command {
        Command::Check(check) => check::run(&check),
        Command::Explain(explain) => explain::run(&explain),
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
        Command::Completions { shell } => completions(shell),
    };
    let ending = ending.unwrap_or_else(|error| {
        output::complain(&error);
        Ending::Unusable
    });
    ExitCode::from(ending as u8)
}

fn completions(shell: clap_complete::Shell) -> Result<Ending, output::Failure> {
    let mut script = vec![];
    clap_complete::generate(shell, &mut Arguments::command(), "redproof", &mut script);
    output::write_all(&script)?;
    Ok(Ending::Clean)
}
