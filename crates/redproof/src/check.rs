//! `redproof check`.

use std::sync::atomic::{AtomicUsize, Ordering};

use redproof_core::diagnostic::{Safety, Severity};
use redproof_core::{Report, check};

use crate::Ending;
use crate::args::CheckArgs;
use crate::format::{CHOOSERS, Formatter, Summary, releases_in_words};
use crate::input::{self, Candidate, Surroundings};
use crate::output::{self, Failure};

/// So many files are checked and printed before the next: memory stays flat, output in order.
const BATCH: usize = 256;

/// What one file gave.
enum Checked {
    /// Not a LiteLLM config.
    PassedOver,
    /// Printed form and counts.
    Done(String, Summary),
    Failed(Failure),
}

/// Checks every file.
///
/// # Errors
/// When the environment or the releases can't be used, or the output can't be written.
pub(crate) fn run(args: &CheckArgs) -> Result<Ending, Failure> {
    let surroundings = Surroundings::read(&args.surroundings)?;
    let candidates = input::candidates(&args.paths)?;
    let formatter = Formatter::new(args.format, output::coloured(), args.fail_on.into());
    let mut summary = Summary::default();
    let mut unreadable = false;
    output::write_all(formatter.start().as_bytes())?;
    for batch in candidates.chunks(BATCH) {
        for checked in check_batch(batch, &surroundings, &formatter) {
            match checked {
                Checked::PassedOver => {}
                Checked::Done(text, counts) => {
                    let separator = formatter.separator(&summary, &text);
                    summary.add(counts, !text.is_empty());
                    output::write_all(format!("{separator}{text}").as_bytes())?;
                }
                Checked::Failed(failure) => {
                    output::complain(&failure);
                    unreadable = true;
                }
            }
        }
    }
    output::write_all(formatter.end(&summary).as_bytes())?;
    if summary.files == 0 && !unreadable {
        let looked =
            "no LiteLLM configuration was found; name a file to check it whatever it holds";
        return Err(Failure::Said(looked.to_owned()));
    }
    Ok(if unreadable {
        Ending::Unusable
    } else if summary.fails(args.fail_on.into()) {
        Ending::Findings
    } else {
        Ending::Clean
    })
}

fn check_batch(
    batch: &[Candidate],
    surroundings: &Surroundings,
    formatter: &Formatter,
) -> Vec<Checked> {
    // Asking for the number of processors means reading files: not for a single config.
    let threads = match batch.len() {
        ..2 => 1,
        files => std::thread::available_parallelism().map_or(1, usize::from).min(files),
    };
    if threads < 2 {
        return batch.iter().map(|one| check_one(one, surroundings, formatter)).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = vec![];
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            match batch.get(at) {
                Some(one) => done.push((at, check_one(one, surroundings, formatter))),
                None => return done,
            }
        }
    };
    let mut all = vec![];
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            match worker.join() {
                Ok(done) => all.extend(done),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
    });
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, checked)| checked).collect()
}

fn check_one(candidate: &Candidate, surroundings: &Surroundings, formatter: &Formatter) -> Checked {
    let text = match input::read(&candidate.path) {
        Ok(text) => text,
        Err(failure) => return Checked::Failed(failure),
    };
    if candidate.found && !input::looks_like_config(&text) {
        return Checked::PassedOver;
    }
    let report = surroundings.with_input(&candidate.path, &text, check);
    let counts = count(&report);
    Checked::Done(formatter.report(&report), counts)
}

fn count(report: &Report) -> Summary {
    let of = |severity| {
        let found = report.diagnostics.iter();
        found.filter(|diagnostic| diagnostic.severity == severity).count()
    };
    let fixes = |safety| {
        let fixes = report.diagnostics.iter().filter_map(|found| found.fix.as_ref());
        fixes.filter(|fix| fix.safety == safety).count()
    };
    Summary {
        files: 1,
        errors: of(Severity::Error),
        warnings: of(Severity::Warning),
        hints: of(Severity::Hint),
        mendable: fixes(Safety::Safe),
        guesses: fixes(Safety::Unsafe),
        printed: 0,
        releases: Some(releases_in_words(report, CHOOSERS)),
        rules: report.diagnostics.iter().map(|found| (found.code, found.rule)).collect(),
    }
}
