//! Applies fixes until nothing more can be mended.

use base::finding::Safety;
use report::{CheckInput, Report};
use yaml::patch::apply;

use crate::check;
use base::source::SourceId;

/// More rounds than any chain of fixes needs; fixes that undo each other end here.
const MAX_ROUNDS: usize = 500;

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
/// Only the config's own text is changed. Fixes are applied one after the other, each on a fresh check.
pub fn fix(input: &CheckInput<'_>, also_unsafe: bool) -> Fixed {
    let mut text = input.text.to_owned();
    let mut applied = vec![];
    let mut moved = None;
    for _ in 0..MAX_ROUNDS {
        let environment = moved.as_ref().unwrap_or(input.environment);
        let report = check(&CheckInput { text: &text, environment, ..*input });
        let Some((next, title)) = first_fix(&text, &report, also_unsafe) else {
            return Fixed { text, applied, report };
        };
        applied.push(title);
        moved = environment.config_grown(text.len(), next.len()).or(moved);
        text = next;
    }
    let environment = moved.as_ref().unwrap_or(input.environment);
    let report = check(&CheckInput { text: &text, environment, ..*input });
    Fixed { text, applied, report }
}

/// Applies the first fix that is wanted. One at a time: fixes that stand apart in the text may still
/// depend on each other, as when one moves the section that another adds to.
fn first_fix(text: &str, report: &Report, also_unsafe: bool) -> Option<(String, String)> {
    report.diagnostics.iter().filter_map(|found| found.fix.as_ref()).find_map(|fix| {
        let wanted = also_unsafe || fix.safety == Safety::Safe;
        let own = fix.edits.iter().all(|edit| {
            edit.span.source == SourceId::CONFIG && text.get(edit.span.range()).is_some()
        });
        let next = apply(text, &fix.edits);
        (wanted && own && next != text).then(|| (next, fix.title.clone()))
    })
}
