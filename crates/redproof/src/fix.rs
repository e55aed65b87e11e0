//! `redproof fix`.

use std::path::PathBuf;

use redproof_core::redaction::Redaction;
use redproof_core::source::SourceId;
use redproof_core::{Fixed, Selection, check, fix};
use similar::TextDiff;

use crate::Ending;
use crate::args::FixArgs;
use crate::files;
use crate::input::Surroundings;
use crate::output::{self, Failure};
use crate::style::{BOLD, PLAIN_BAD, PLAIN_GOOD, PLAIN_NOTABLE, paint};
use crate::write::{How, replace};

/// Fixes every file, or shows how.
///
/// # Errors
/// When an input can't be used.
pub(crate) fn run(args: &FixArgs) -> Result<Ending, Failure> {
    let near = args.paths.first().map_or(std::path::Path::new("."), |path| path.as_path());
    let (surroundings, settings) = Surroundings::read(&args.surroundings, near)?;
    let mut surroundings = surroundings.excluding(&settings.exclude);
    let coloured = output::coloured();
    let selection = Selection {
        also_unsafe: args.also_unsafe,
        select: args.select.clone(),
        ignore: args.ignore.clone(),
        only: args.only.clone(),
    };
    let mut ending = Ending::Clean;
    let (candidates, unreadable) = surroundings.candidates(&args.paths)?;
    if unreadable {
        ending = Ending::Unusable;
    }
    for candidate in candidates {
        let text = match files::read(&candidate.path) {
            Ok(text) => text,
            Err(failure) => {
                output::complain(&failure);
                ending = Ending::Unusable;
                continue;
            }
        };
        let may_pass = candidate.found || args.only_configs;
        if may_pass && surroundings.checked(&candidate.path, &text, false).is_none() {
            continue;
        }
        let name = files::name(&candidate.path);
        let (before, fixed) = surroundings.with_input(&candidate.path, &text, |input| {
            // What the old text hides is told by its own check.
            let before = args.diff.then(|| check(input).redaction);
            (before.unwrap_or_default(), fix(input, &selection))
        });
        if !fixed.cycle.is_empty() {
            output::complain(&Failure::Said(format!(
                "{name} stays as it is: these fixes undo each other, which is a mistake of Redproof's: {}",
                fixed.cycle.join("; ")
            )));
            ending = Ending::Unusable;
        }
        let changed = fixed.text != text;
        if args.diff {
            output::say_diff(&diff(&name, (&text, &before), &fixed, coloured))?;
        } else if files::is_stdin(&candidate.path) {
            output::write_all(fixed.text.as_bytes())?;
        } else if changed {
            // A link in a directory must not lead to files that no one named.
            let named = args.paths.iter().map(PathBuf::as_path);
            let mut within = named.filter(|path| candidate.path.starts_with(path));
            let within = if candidate.found { within.next() } else { None };
            let how = match replace(&candidate.path, &fixed.text, within) {
                Ok(how) => how,
                Err(error) => {
                    output::complain(&Failure::Said(format!("cannot write {name}: {error}")));
                    ending = Ending::Unusable;
                    continue;
                }
            };
            output::say(&said(&name, &fixed, coloured))?;
            if let How::InPlace(why) = how {
                output::note(&format!("{name} was written in place: {why}"));
            }
        }
        let left = fixed.report.diagnostics.iter();
        let left = left.filter(|found| found.severity == redproof_core::finding::Severity::Error);
        // With --diff nothing is fixed yet.
        if left.count() > 0 || (args.diff && changed) {
            ending = ending.max(Ending::Findings);
        }
    }
    Ok(ending)
}

pub(crate) fn said(name: &str, fixed: &Fixed, coloured: bool) -> String {
    let text = format!("{}\n", paint(name, BOLD, coloured));
    text + &steps(fixed, "  ")
}

/// The fixes that were applied, a line each, and what each brought about below it.
fn steps(fixed: &Fixed, indent: &str) -> String {
    let mut text = String::new();
    for one in &fixed.applied {
        text.extend([indent, &one.title, "\n"]);
        for effect in &one.effects {
            text.push_str(&format!("{indent}    {effect}\n"));
        }
    }
    text
}

/// A unified diff, its secrets masked.
pub(crate) fn diff(name: &str, old: (&str, &Redaction), fixed: &Fixed, coloured: bool) -> String {
    let (old, before) = old;
    if fixed.text == old {
        return String::new();
    }
    let old = before.shareable(SourceId::CONFIG, old);
    let new = fixed.report.redaction.shareable(SourceId::CONFIG, &fixed.text);
    let unified = TextDiff::from_lines(&old, &new).unified_diff().header(name, name).to_string();
    // What is before the first header is not part of a diff to `patch` and `git apply`.
    let unified = steps(fixed, "# ") + &unified;
    if !coloured {
        return unified;
    }
    let shown = |line: &str| {
        let style = match line.chars().next() {
            _ if line.starts_with("+++") || line.starts_with("---") => BOLD,
            Some('+') => PLAIN_GOOD,
            Some('-') => PLAIN_BAD,
            Some('@') => PLAIN_NOTABLE,
            _ => return format!("{line}\n"),
        };
        format!("{}\n", paint(line, style, true))
    };
    unified.lines().map(shown).collect()
}
