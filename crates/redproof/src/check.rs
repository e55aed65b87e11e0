//! `redproof check`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use redproof_core::deployment::Run;
use redproof_core::finding::{Safety, Severity};
use redproof_core::{Report, offered, together};

use crate::Ending;
use crate::args::CheckArgs;
use crate::files;
use crate::format::{Format, How, human};
use crate::input::{Candidate, Surroundings};
use crate::output::{self, Failure};
use crate::selection::Selection;
use crate::stream;
use crate::summary::Summary;
use crate::watch;
use crate::words::{CHOOSERS, releases_in_words};

/// What one file gave.
enum Checked {
    /// Not a LiteLLM config.
    PassedOver,
    /// Printed form and counts.
    Done(Vec<(String, Summary)>),
    Failed(Failure),
}

/// Checks every file; again after each change where that is asked for.
///
/// # Errors
/// When the environment or the releases can't be used, or the output can't be written.
pub(crate) fn run(args: &CheckArgs) -> Result<Ending, Failure> {
    if args.watch {
        let environment = &args.surroundings.environment;
        let named: Vec<_> =
            environment.env_file.iter().chain(&environment.settings).cloned().collect();
        return watch::run(&args.paths, &named, || once(args));
    }
    once(args)
}

fn once(args: &CheckArgs) -> Result<Ending, Failure> {
    let near = args.paths.first().map_or(Path::new("."), |path| path.as_path());
    let (surroundings, settings) = Surroundings::read(&args.surroundings, near)?;
    let patterns = [&args.selection.exclude[..], &settings.exclude].concat();
    let mut surroundings = surroundings.excluding(&patterns).called(args.stdin_filename.as_deref());
    let selection = Selection::new(&args.selection, &settings)?;
    let (candidates, mut unreadable) = surroundings.candidates(&args.paths)?;
    let fail_on = args.fail_on.or(settings.fail_on).map_or(Severity::Error, Severity::from);
    let coloured = args.output.is_none() && output::coloured();
    let form = args.format.0;
    let how = How { coloured, quiet: args.quiet, fail_on };
    let run = Checks { surroundings: &surroundings, form, how, selection: &selection, args };
    let mut out = Out::to(args.output.as_deref(), form);
    let mut summary = Summary::default();
    out.write(&form.start())?;
    let take = |checked| {
        match checked {
            Checked::PassedOver => {}
            Checked::Done(runs) => {
                for (text, counts) in runs {
                    let follows = summary.printed > 0 && !text.is_empty();
                    let separator = if follows { form.between() } else { "" };
                    summary.add(counts, !text.is_empty());
                    out.write(&format!("{separator}{text}"))?;
                }
            }
            Checked::Failed(failure) => {
                output::complain(&failure);
                unreadable = true;
            }
        }
        Ok::<(), Failure>(())
    };
    stream::in_order(&candidates, |one| run.one(one), take)?;
    if args.verbose && form.tells_all() {
        out.write(&said_of_files(&surroundings, &args.paths))?;
    }
    if args.statistics && form.is_for_people() {
        out.write(&human::statistics(&summary))?;
    }
    out.write(&form.end(&summary, how))?;
    out.finish()?;
    selection.finish()?;
    if summary.files == 0 && !unreadable && !args.only_configs {
        let looked =
            "no LiteLLM configuration was found; name a file to check it whatever it holds";
        return Err(Failure::Said(looked.to_owned()));
    }
    Ok(if unreadable {
        Ending::Unusable
    } else if summary.fails(fail_on) && !args.exit_zero {
        Ending::Findings
    } else {
        Ending::Clean
    })
}

/// What was read, and what of it belongs to no config.
fn said_of_files(surroundings: &Surroundings, paths: &[std::path::PathBuf]) -> String {
    let mut said = String::new();
    for area in surroundings.areas(paths) {
        // Writing to a String does not fail.
        let _ = writeln!(said, "read: {}", area.names().collect::<Vec<_>>().join(", "));
        for (file, why) in area.unclaimed() {
            let _ = writeln!(said, "unused: {file}: {why}");
        }
    }
    said
}

/// Where the output goes: what is written to a file comes there whole, or not at all.
struct Out<'a> {
    file: Option<&'a Path>,
    /// It is for people to read.
    people: bool,
    text: String,
}

impl<'a> Out<'a> {
    fn to(file: Option<&'a Path>, form: &dyn Format) -> Self {
        Self { file, people: form.is_for_people(), text: String::new() }
    }

    fn write(&mut self, text: &str) -> Result<(), Failure> {
        match self.file {
            Some(_) => self.text.push_str(text),
            None if self.people => output::say(text)?,
            None => output::write_all(text.as_bytes())?,
        }
        Ok(())
    }

    fn finish(&self) -> Result<(), Failure> {
        let Some(file) = self.file else { return Ok(()) };
        std::fs::write(file, &self.text)
            .map_err(|error| Failure::Said(format!("cannot write {}: {error}", file.display())))
    }
}

/// What all files of a run share.
struct Checks<'a> {
    surroundings: &'a Surroundings,
    form: &'a dyn Format,
    how: How,
    selection: &'a Selection,
    args: &'a CheckArgs,
}

impl Checks<'_> {
    fn one(&self, candidate: &Candidate) -> Checked {
        let surroundings = self.surroundings;
        let text = match files::read(&candidate.path) {
            Ok(text) => text,
            Err(failure) => return Checked::Failed(failure),
        };
        let is_named = !candidate.found && !self.args.only_configs;
        let Some(checked) = surroundings.checked(&candidate.path, &text, is_named) else {
            return Checked::PassedOver;
        };
        let (runs, mut reports): (Vec<Run>, Vec<Report>) = checked.into_iter().unzip();
        for report in &mut reports {
            self.selection.apply(report);
        }
        if reports.len() > 1 {
            together::ignores(&mut reports);
            if self.form.says_once() {
                let names: Vec<&str> = runs.iter().map(Run::name).collect();
                together::findings(&mut reports, &names);
            }
        }
        let mut done = vec![];
        for (at, (run, report)) in runs.iter().zip(&reports).enumerate() {
            // A file is one, however many deployments run it.
            let counts =
                Summary { files: usize::from(at == 0), ..count(report, self.form.tells_all()) };
            done.push((self.form.file(report, run.deployment.as_ref(), self.how), counts));
        }
        Checked::Done(done)
    }
}

fn count(report: &Report, count_fixes: bool) -> Summary {
    let of = |severity| {
        let found = report.diagnostics.iter();
        found.filter(|diagnostic| diagnostic.severity == severity).count()
    };
    let fixes = |safety| {
        let counted = report.diagnostics.iter().filter(|_| count_fixes);
        let fixes = counted.filter_map(|found| offered(report, found));
        fixes.filter(|fix| fix.safety == safety).count()
    };
    Summary {
        files: 1,
        errors: of(Severity::Error),
        warnings: of(Severity::Warning),
        hints: of(Severity::Hint),
        fixable: fixes(Safety::Safe),
        guesses: fixes(Safety::Unsafe),
        printed: 0,
        releases: Some(releases_in_words(report, CHOOSERS)),
        by_rule: report.diagnostics.iter().fold(BTreeMap::new(), |mut counts, found| {
            *counts.entry((found.code, found.rule)).or_default() += 1;
            counts
        }),
        rules: report.diagnostics.iter().map(|found| (found.code, found.rule)).collect(),
    }
}
