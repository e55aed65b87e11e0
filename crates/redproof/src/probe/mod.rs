//! `redproof probe`.

mod human;
mod junit;
mod live;

use std::collections::BTreeMap;
use std::io::{IsTerminal, stderr};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use redproof_core::environment::VariableValue;
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

/// How many configs are proved at once: each has connections of its own, and servers that keep it waiting.
const AT_ONCE: usize = 4;

/// Opens the connections of each config, of several at once, and prints what came of them in their order.
///
/// # Errors
/// When an input can't be used; of several, the others are proved all the same.
pub(crate) fn run(args: &ProbeArgs) -> Result<Ending, Failure> {
    let interrupt = Interrupt::default();
    let shown = args.format == ProbeFormat::Human && stderr().is_terminal();
    let live = Mutex::new(Live::new(shown));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()
        .map_err(|error| Failure::Said(format!("cannot open connections: {error}")))?;
    let all = runtime.block_on(watched(all(args, &interrupt, &live), &interrupt, &live));
    // A resolver that hangs must not hold up the answer.
    runtime.shutdown_background();
    let all = all?;
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

/// Every config, but those that an interruption comes before.
async fn all(
    args: &ProbeArgs,
    interrupt: &Interrupt,
    live: &Mutex<Live>,
) -> Result<Vec<Probed>, Failure> {
    let each = args.configs.iter().enumerate().map(|(index, config)| async move {
        if interrupt.is_set() {
            return None;
        }
        let mut on_event = |event: &redproof_probe::Event| {
            live.lock().unwrap_or_else(PoisonError::into_inner).take(index, event);
        };
        Some(match probe(args, config, interrupt, &mut on_event).await {
            Ok(probed) => Ok(probed),
            Err(failure) if args.configs.len() == 1 => Err(failure),
            Err(failure) => {
                let name = files::name(config);
                Ok(Probed { heading: name.clone(), name, result: Err(failure) })
            }
        })
    });
    let mut proved = stream::iter(each).buffered(AT_ONCE);
    let mut all = Vec::with_capacity(args.configs.len());
    while let Some(one) = proved.next().await {
        let Some(one) = one.transpose()? else {
            continue;
        };
        if args.format == ProbeFormat::Human {
            live.lock().unwrap_or_else(PoisonError::into_inner).clear();
            print(&one, all.is_empty())?;
        }
        all.push(one);
    }
    Ok(all)
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

async fn probe(
    args: &ProbeArgs,
    config: &Path,
    interrupt: &Interrupt,
    on_event: &mut (dyn FnMut(&redproof_probe::Event) + Send),
) -> Result<Probed, Failure> {
    let (mut surroundings, _) = Surroundings::read(&args.surroundings, config)?;
    let (config, text) = surroundings.config(config)?;
    let (checked, identity, python) = surroundings.with_input(&config, &text, |input| {
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
        running: checked.running.clone(),
        environment: checked.environment.clone(),
        redaction: checked.redaction.clone(),
        interrupt: interrupt.clone(),
        ..Options::default()
    };
    let report = redproof_probe::probe(&checked.outcome, checked.pair, &options, on_event).await;
    let python = match (&report.python, args.python) {
        (None, _) => String::new(),
        (Some(python), Some(_)) => format!(" on Python {python}"),
        (Some(python), None) => format!(" on Python {python} (as its image ships)"),
    };
    let releases = releases_in_words(&checked, CHOOSERS);
    let name = files::name(&config);
    let heading = format!("{name} on {releases}{python}");
    Ok(Probed { name, heading, result: Ok(report) })
}

/// Shows what is under way on standard error, and ends early at Ctrl-C.
async fn watched<T>(work: impl Future<Output = T>, interrupt: &Interrupt, live: &Mutex<Live>) -> T {
    let live = || live.lock().unwrap_or_else(PoisonError::into_inner);
    tokio::pin!(work);
    let mut tick = tokio::time::interval(TICK);
    let interrupted = tokio::signal::ctrl_c();
    tokio::pin!(interrupted);
    let done = loop {
        tokio::select! {
            biased;
            // First, so that the handler is there before anything connects.
            pressed = &mut interrupted, if !interrupt.is_set() => {
                // Without a handler, the system ends the process itself.
                if pressed.is_ok() {
                    interrupt.set();
                }
            }
            done = &mut work => break done,
            _ = tick.tick() => live().draw(),
        }
    };
    live().clear();
    done
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
