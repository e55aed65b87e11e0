//! Applies fixes until nothing more can be mended.

use crate::diagnostic::{Edit, Safety};
use crate::report::{CheckInput, Report, check};
use crate::source::SourceId;

/// More rounds than any chain of fixes needs; fixes that undo each other end here.
const MAX_ROUNDS: usize = 50;

/// A config after its fixes.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// The titles of the fixes applied, in order.
    pub applied: Vec<String>,
    /// What a check says of the new text.
    pub report: Report,
}

/// Mends what has a safe fix, and with `also_unsafe` what has an unsafe one too.
///
/// Only the config's own text is changed. Fixes that touch the same place are applied one after the
/// other, each on a fresh check.
pub fn fix(input: &CheckInput<'_>, also_unsafe: bool) -> Fixed {
    let mut text = input.text.to_owned();
    let mut applied = vec![];
    for _ in 0..MAX_ROUNDS {
        let report = check(&CheckInput { text: &text, ..*input });
        let (next, titles) = one_round(&text, &report, also_unsafe);
        if titles.is_empty() || next == text {
            return Fixed { text, applied, report };
        }
        applied.extend(titles);
        text = next;
    }
    let report = check(&CheckInput { text: &text, ..*input });
    Fixed { text, applied, report }
}

/// Applies every fix that does not touch another.
fn one_round(text: &str, report: &Report, also_unsafe: bool) -> (String, Vec<String>) {
    let mut edits: Vec<&Edit> = vec![];
    let mut titles = vec![];
    for fix in report.diagnostics.iter().filter_map(|found| found.fix.as_ref()) {
        let wanted = also_unsafe || fix.safety == Safety::Safe;
        let own = fix.edits.iter().all(|edit| {
            edit.span.source == SourceId::CONFIG && text.get(edit.span.range()).is_some()
        });
        let apart = fix.edits.iter().all(|edit| edits.iter().all(|other| !touches(edit, other)));
        if wanted && own && apart && !fix.edits.is_empty() {
            edits.extend(&fix.edits);
            titles.push(fix.title.clone());
        }
    }
    (apply(text, &edits), titles)
}

fn touches(one: &Edit, other: &Edit) -> bool {
    one.span.start <= other.span.end && other.span.start <= one.span.end
}

/// The text with edits applied that do not touch each other.
fn apply(text: &str, edits: &[&Edit]) -> String {
    let mut edits = edits.to_vec();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut changed = String::with_capacity(text.len());
    let mut at = 0;
    for edit in edits {
        let range = edit.span.range();
        let Some(kept) = text.get(at..range.start) else {
            continue;
        };
        changed.push_str(kept);
        changed.push_str(&edit.text);
        at = range.end;
    }
    changed.push_str(&text[at..]);
    changed
}
