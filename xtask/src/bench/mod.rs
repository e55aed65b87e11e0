//! Measures what the project promises about speed, size and memory, beside its peers.
//!
//! Every figure of a run is taken in that run, on that machine: compare the ratios, not the
//! milliseconds. Nothing here is a test: `--check` makes a missed budget an error.

mod configs;
mod hostile;
pub(crate) mod inputs;
mod measure;
mod page;
mod peers;
mod probe;
mod report;

use std::path::PathBuf;

use crate::shell::{Done, cargo, run as run_command, step, target_dir};
use peers::Peers;
use report::{Report, Table};

/// What to do with the figures.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// A file for the figures as JSON
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write docs/benchmarks.md
    #[arg(long, conflicts_with = "only")]
    write: bool,
    /// Fail when a budget is missed
    #[arg(long)]
    check: bool,
    /// The tables to measure [default: all]
    #[arg(value_name = "TABLE", value_parser = PARTS.iter().map(|(name, _)| *name).collect::<Vec<_>>())]
    only: Vec<String>,
}

/// A table's name, and what fills it.
type Part = (&'static str, fn(&Programs) -> Result<Table, String>);

const PARTS: &[Part] = &[
    ("one", configs::one),
    ("core", configs::in_process),
    ("long", configs::long),
    ("many", configs::many),
    ("hostile", hostile::measure),
    ("probe", probe::measure),
    ("page", page::measure),
    ("speed", page::speed),
];

/// The programs to measure.
pub(crate) struct Programs {
    redproof: PathBuf,
    core: PathBuf,
    peers: Peers,
    /// For inputs.
    folder: PathBuf,
}

/// Builds, measures and prints.
pub(crate) fn run(options: &Options) -> Done {
    step("build the binary as it is released", || {
        run_command(&mut cargo(&["build", "--quiet", "--locked", "--release", "-p", "redproof"]))?;
        run_command(&mut cargo(&[
            "build",
            "--quiet",
            "--locked",
            "--release",
            "-p",
            "redproof-core",
            "--example",
            "check_speed",
        ]))
    })?;
    let release = target_dir().join("release");
    let folder = target_dir().join("bench");
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let programs = Programs {
        redproof: release.join("redproof"),
        core: release.join("examples/check_speed"),
        peers: Peers::install(),
        folder,
    };
    let mut report = Report::new(&programs.peers);
    for (name, measure) in PARTS {
        if options.only.is_empty() || options.only.iter().any(|wanted| wanted == name) {
            step(name, || {
                report.tables.push(measure(&programs)?);
                Ok(())
            })?;
        }
    }
    println!("\n{}", report.text());
    if let Some(path) = &options.json {
        write(path, &report.json()?)?;
    }
    if options.write {
        let path = crate::shell::root().join("docs/benchmarks.md");
        write(&path, &report.markdown())?;
        println!("written: docs/benchmarks.md");
    }
    let missed = report.missed();
    if options.check && !missed.is_empty() {
        return Err(format!("over budget: {}", missed.join("; ")));
    }
    Ok(())
}

/// The hidden command that runs another and prints its peak memory in kilobytes.
pub(crate) fn peak(arguments: &[String]) -> Done {
    measure::print_peak(arguments)
}

fn write(path: &std::path::Path, text: &str) -> Done {
    if let Some(folder) = path.parent() {
        let _ = std::fs::create_dir_all(folder);
    }
    std::fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
}
