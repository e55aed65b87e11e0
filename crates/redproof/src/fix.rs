//! `redproof fix`.

use std::fs;
use std::io::Write;
use std::path::Path;

use redproof_core::redaction::mask_lines;
use redproof_core::{Fixed, fix};
use similar::TextDiff;

use crate::Ending;
use crate::args::FixArgs;
use crate::frame::bold;
use crate::input::{self, Surroundings};
use crate::output::{self, Failure};

/// Mends every file, or shows how.
///
/// # Errors
/// When an input can't be used.
pub(crate) fn run(args: &FixArgs) -> Result<Ending, Failure> {
    let near = args.paths.first().map_or(std::path::Path::new("."), |path| path.as_path());
    let (surroundings, settings) = Surroundings::read(&args.surroundings, near)?;
    let mut surroundings = surroundings.excluding(&settings.exclude);
    let coloured = output::coloured();
    let mut ending = Ending::Clean;
    for candidate in surroundings.candidates(&args.paths)? {
        let text = match input::read(&candidate.path) {
            Ok(text) => text,
            Err(failure) => {
                output::complain(&failure);
                ending = Ending::Unusable;
                continue;
            }
        };
        if candidate.found && !input::looks_like_config(&text) {
            continue;
        }
        let name = input::name(&candidate.path);
        let fixed =
            surroundings.with_input(&candidate.path, &text, |input| fix(input, args.also_unsafe));
        let changed = fixed.text != text;
        if args.diff {
            output::write_all(diff(&name, &text, &fixed, coloured).as_bytes())?;
        } else if input::is_stdin(&candidate.path) {
            output::write_all(fixed.text.as_bytes())?;
        } else if changed {
            if let Err(error) = replace(&candidate.path, &fixed.text) {
                output::complain(&Failure::Said(format!("cannot write {name}: {error}")));
                ending = Ending::Unusable;
                continue;
            }
            output::write_all(said(&name, &fixed, coloured).as_bytes())?;
        }
        let left = fixed.report.diagnostics.iter();
        let left = left.filter(|found| found.severity == redproof_core::finding::Severity::Error);
        // With --diff nothing is mended yet.
        if left.count() > 0 || (args.diff && changed) {
            ending = ending.max(Ending::Findings);
        }
    }
    Ok(ending)
}

fn said(name: &str, fixed: &Fixed, coloured: bool) -> String {
    let mut text = format!("{}\n", bold(name, "1", coloured));
    for title in &fixed.applied {
        text.extend(["  ", title, "\n"]);
    }
    text
}

/// A unified diff, its secrets masked.
fn diff(name: &str, old: &str, fixed: &Fixed, coloured: bool) -> String {
    if fixed.text == old {
        return String::new();
    }
    let (old, new) = (mask_lines(old), mask_lines(&fixed.text));
    let old = fixed.report.redaction.clean_text(&old);
    let new = fixed.report.redaction.clean_text(&new);
    let unified = TextDiff::from_lines(&old, &new).unified_diff().header(name, name).to_string();
    if !coloured {
        return unified;
    }
    let paint = |line: &str| {
        let style = match line.chars().next() {
            _ if line.starts_with("+++") || line.starts_with("---") => "1",
            Some('+') => "32",
            Some('-') => "31",
            Some('@') => "36",
            _ => return format!("{line}\n"),
        };
        format!("{}\n", bold(line, style, true))
    };
    unified.lines().map(paint).collect()
}

/// Puts a new text in a file's place in one step: whoever reads it sees the old or the new.
fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    // The file that a link leads to is replaced, not the link.
    let path = fs::canonicalize(path)?;
    let directory = path.parent().unwrap_or(Path::new("."));
    let permissions = fs::metadata(&path)?.permissions();
    if permissions.readonly() {
        return Err(std::io::ErrorKind::PermissionDenied.into());
    }
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    file.persist(&path).map_err(|error| error.error)?;
    Ok(())
}
