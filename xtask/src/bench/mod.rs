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
#[derive(Default)]
struct Options {
    /// A file for the figures as JSON.
    json: Option<PathBuf>,
    /// Write `docs/benchmarks.md`.
    write: bool,
    /// Fail when a budget is missed.
    check: bool,
    /// The tables to measure, by name; empty for all.
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

/// Builds, measures and prints. `arguments` are the words after `bench`.
pub(crate) fn run(arguments: &[String]) -> Done {
    let options = options(arguments)?;
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

fn options(arguments: &[String]) -> Result<Options, String> {
    let mut options = Options::default();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--write" => options.write = true,
            "--check" => options.check = true,
            "--json" => {
                let path = words.next().ok_or("--json needs a file")?;
                options.json = Some(path.into());
            }
            name if PARTS.iter().any(|(part, _)| *part == name) => options.only.push(name.into()),
            other => {
                let names: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
                return Err(format!(
                    "bench knows no `{other}`; write --json FILE, --write, --check, or of {}",
                    names.join(", ")
                ));
            }
        }
    }
    if options.write && !options.only.is_empty() {
        return Err("--write needs every part".to_owned());
    }
    Ok(options)
}
