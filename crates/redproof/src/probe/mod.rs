//! `redproof probe`.

mod human;
mod junit;
mod live;

use std::collections::BTreeMap;
use std::io::{IsTerminal, stderr};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use redproof_core::environment::VariableValue;
use redproof_core::releases::Pair;
use redproof_core::secret::Secret;
use redproof_core::{Gathered, check, image_python};
use redproof_probe::{Identity, Interrupt, Options, Report};

use crate::Ending;
use crate::answer::{Formatter, Human};
use crate::args::{ProbeArgs, ProbeFormat};
use crate::files;
use crate::input::Surroundings;
use crate::output::{self, Failure};
use crate::words::{CHOOSERS, releases_in_words};
use live::Live;

/// The longest that a probe with samples may take.
const SAMPLING: Duration = Duration::from_hours(1);

/// How often what is under way is drawn again.
const TICK: Duration = Duration::from_millis(100);

/// What came of one config.
pub(crate) struct Probed {
    pub(crate) name: String,
    /// The config, its releases and its Python, in words.
    heading: String,
    /// What was found; else why the config can't be used.
    pub(crate) result: Result<Report, Failure>,
}

/// Opens the connections of each config and prints what came of them.
///
/// # Errors
/// When an input can't be used; of several, the others are proved all the same.
pub(crate) fn run(args: &ProbeArgs) -> Result<Ending, Failure> {
    let interrupt = Interrupt::default();
    let mut all: Vec<Probed> = Vec::with_capacity(args.configs.len());
    for config in &args.configs {
        let name = files::name(config);
        let probed = match probe(args, config, &name, &interrupt) {
            Ok((heading, report)) => Probed { name, heading, result: Ok(report) },
            Err(failure) if args.configs.len() == 1 => return Err(failure),
            Err(failure) => Probed { heading: name.clone(), name, result: Err(failure) },
        };
        if args.format == ProbeFormat::Human {
            print(&probed, all.is_empty())?;
        }
        all.push(probed);
        if interrupt.is_set() {
            break;
        }
    }
    args.format.print(&all[..])?;
    Ok(if interrupt.is_set() {
        Ending::Interrupted
    } else if all.iter().any(|one| one.result.is_err()) {
        Ending::Unusable
    } else if all.iter().all(|one| one.result.as_ref().is_ok_and(Report::all_ok)) {
        Ending::Clean
    } else {
        Ending::Findings
    })
}

/// Prints one of several as soon as it is known.
fn print(probed: &Probed, first: bool) -> Result<(), Failure> {
    if let Err(failure) = &probed.result {
        output::complain(failure);
        return Ok(());
    }
    if !first {
        output::say("\n")?;
    }
    Human::here().print(probed)
}

fn probe(
    args: &ProbeArgs,
    config: &Path,
    name: &str,
    interrupt: &Interrupt,
) -> Result<(String, Report), Failure> {
    let (surroundings, _) = Surroundings::read(&args.surroundings, config)?;
    let text = files::read(config)?;
    let (checked, identity, python) = surroundings.with_input(config, &text, |input| {
        (
            check(input),
            identity(input.environment),
            args.python.or_else(|| image_python(input.environment)),
        )
    });
    let options = Options {
        step_timeout: args.timeout,
        // Samples take their time; each still ends by the step's.
        overall_timeout: args.deadline.unwrap_or(match args.samples {
            0 => args.timeout.saturating_mul(6),
            _ => SAMPLING,
        }),
        hosts: args.resolve.clone(),
        read_only: args.read_only,
        samples: args.samples,
        tls_scan: args.tls_scan,
        identity: Some(identity),
        python,
        environment: checked.environment.clone(),
        redaction: checked.redaction.clone(),
        interrupt: interrupt.clone(),
        ..Options::default()
    };
    let shown = args.format == ProbeFormat::Human && stderr().is_terminal();
    let report = watched(&checked.outcome, checked.pair, &options, shown)
        .map_err(|error| Failure::Said(format!("cannot open connections: {error}")))?;
    let python = match (&report.python, args.python) {
        (None, _) => String::new(),
        (Some(python), Some(_)) => format!(" on Python {python}"),
        (Some(python), None) => format!(" on Python {python} (as its image ships)"),
    };
    let releases = releases_in_words(&checked, CHOOSERS);
    Ok((format!("{name} on {releases}{python}"), report))
}

/// Probes; shows what is under way on standard error, and ends early at Ctrl-C.
fn watched(
    outcome: &redproof_core::outcome::Outcome,
    pair: Pair,
    options: &Options,
    shown: bool,
) -> std::io::Result<Report> {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let live = Mutex::new(Live::new(shown));
    let report = runtime.block_on(async {
        let mut on_event = |event: &redproof_probe::Event| {
            live.lock().unwrap_or_else(PoisonError::into_inner).take(event);
        };
        let probe = redproof_probe::probe(outcome, pair, options, &mut on_event);
        tokio::pin!(probe);
        let mut tick = tokio::time::interval(TICK);
        let interrupted = tokio::signal::ctrl_c();
        tokio::pin!(interrupted);
        loop {
            tokio::select! {
                biased;
                // First, so that the handler is there before anything connects.
                pressed = &mut interrupted, if !options.interrupt.is_set() => {
                    // Without a handler, the system ends the process itself.
                    if pressed.is_ok() {
                        options.interrupt.set();
                    }
                }
                report = &mut probe => return report,
                _ = tick.tick() => live.lock().unwrap_or_else(PoisonError::into_inner).draw(),
            }
        }
    });
    live.into_inner().unwrap_or_else(PoisonError::into_inner).clear();
    // A resolver that hangs must not hold up the answer.
    runtime.shutdown_background();
    Ok(report)
}

/// The variables that LiteLLM would see here: those given, then the process's own.
pub(crate) fn identity(gathered: &Gathered) -> Identity {
    let mut variables: BTreeMap<String, Secret> = std::env::vars_os()
        .filter_map(|(name, value)| {
            Some((name.into_string().ok()?, Secret::new(value.into_string().ok()?)))
        })
        .collect();
    for (name, variable) in gathered.environment.iter() {
        match &variable.value {
            VariableValue::Known(value) => drop(variables.insert(name.to_owned(), value.clone())),
            VariableValue::Unknown(_) => drop(variables.remove(name)),
        }
    }
    Identity::new(variables, std::env::home_dir())
}
