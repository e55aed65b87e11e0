//! What was found, as the editors show it, and fixes, as they apply them.

use redproof_core::finding::Safety;
use redproof_core::offered;
use redproof_core::source::{SourceId, Span};
use redproof_desk::Desk;

use crate::bridge::Editor;

/// Shows the findings of one source in its editor.
pub(crate) fn show(desk: &Desk, source: SourceId, editor: &Editor) {
    for (id, found) in desk.report.diagnostics.iter().enumerate() {
        let span = found.primary.span.filter(|span| span.source == source);
        let Some((from, to)) = span.and_then(|span| desk.utf16(span)) else {
            continue;
        };
        let offer = offered(&desk.report, found);
        let related = found.related.iter();
        let related = related.map(|label| {
            let place = label.span.and_then(|span| desk.place(span));
            place.map_or_else(|| label.text.clone(), |place| format!("{place}: {}", label.text))
        });
        editor.add_finding(
            id,
            from,
            to,
            found.severity.name(),
            found.code,
            &found.message,
            found.help.as_deref(),
            offer.map(|fix| fix.title.as_str()),
            offer.is_some_and(|fix| fix.safety == Safety::Unsafe),
            related.collect(),
        );
    }
    editor.show_findings();
}

/// Applies the fix of a finding to one source, in its editor.
pub(crate) fn fix(desk: &Desk, id: usize, source: SourceId, editor: &Editor) {
    let fix = desk.report.diagnostics.get(id).and_then(|found| offered(&desk.report, found));
    for edit in fix.map_or(&[][..], |fix| &fix.edits) {
        if edit.span.source == source
            && let Some((from, to)) = desk.utf16(edit.span)
        {
            editor.add_edit(from, to, &edit.text);
        }
    }
    editor.apply_edits();
}

/// Lights the lines of places that are in one source, and no others, in its editor.
pub(crate) fn light(desk: &Desk, places: &[Span], source: SourceId, editor: &Editor) {
    let of_it = places.iter().filter(|span| span.source == source);
    let starts = of_it.filter_map(|span| desk.utf16(*span)).map(|(start, _)| start);
    editor.light(starts.collect());
}
