//! Fixes, with what each brings about.

use std::collections::HashMap;

use ls_types::{
    CodeAction, CodeActionKind, CodeActionOrCommand, CodeActionParams, Range, TextEdit, Uri,
    WorkspaceEdit,
};
use redproof_core::finding::{Edit, Safety};
use redproof_core::source::SourceId;
use redproof_core::{Selection, fix, offered};

use super::checked::file;
use super::publish::diagnostic;
use super::{Server, path};

impl Server<'_> {
    /// The fixes of the findings in a range, comments that silence them, and one fix for all.
    pub(super) fn actions(&self, params: &CodeActionParams) -> Option<Vec<CodeActionOrCommand>> {
        let uri = &params.text_document.uri;
        let asked = path(uri)?;
        let text = self.text(&asked)?;
        let mut actions: Vec<CodeActionOrCommand> = vec![];
        let mut fixable = false;
        for (config, report) in self.workspace.reports() {
            for finding in &report.diagnostics {
                let (place, found) = diagnostic(config, report, finding, self.encoding);
                if place != asked || !touches(found.range, params.range) {
                    continue;
                }
                let offered = offered(report, finding);
                fixable |= offered.is_some_and(|fix| fix.safety == Safety::Safe);
                let source = report.sources.iter().find(|one| one.id == SourceId::CONFIG)?;
                let target = Uri::from_file_path(file(config, source))?;
                if let Some(fix) = offered {
                    let effects: Vec<String> =
                        fix.effects.iter().map(ToString::to_string).collect();
                    let title = match effects.as_slice() {
                        [] => fix.title.clone(),
                        effects => format!("{} ({})", fix.title, effects.join("; ")),
                    };
                    let guess = if fix.safety == Safety::Safe { "" } else { "Guess: " };
                    let edits = self.edits(&source.text, &fix.edits);
                    actions.push(CodeActionOrCommand::CodeAction(CodeAction {
                        title: format!("{guess}{title}"),
                        kind: Some(CodeActionKind::QUICKFIX),
                        diagnostics: Some(vec![found.clone()]),
                        edit: Some(changes(target.clone(), edits)),
                        is_preferred: Some(fix.safety == Safety::Safe),
                        ..CodeAction::default()
                    }));
                }
                if place == config
                    && let Some(edit) = silence(text, found.range, finding.code)
                {
                    actions.push(CodeActionOrCommand::CodeAction(CodeAction {
                        title: format!("Ignore {} on this line", finding.code),
                        kind: Some(CodeActionKind::QUICKFIX),
                        diagnostics: Some(vec![found]),
                        edit: Some(changes(uri.clone(), vec![edit])),
                        ..CodeAction::default()
                    }));
                }
            }
        }
        let wanted = params.context.only.as_ref();
        let all_wanted = wanted.is_some_and(|kinds| kinds.iter().any(is_fix_all));
        if fixable || all_wanted {
            actions.extend(self.fix_all(uri));
        }
        actions.dedup();
        Some(actions)
    }

    /// Everything that needs no guess, in one step.
    fn fix_all(&self, uri: &Uri) -> Option<CodeActionOrCommand> {
        let asked = path(uri)?;
        let text = self.text(&asked)?;
        let fixed =
            self.workspace.fixed(&asked, text, |input| fix(input, &Selection::default()))?;
        if fixed.text == text || !fixed.cycle.is_empty() {
            return None;
        }
        let whole = Range {
            start: self.encoding.position(text, 0),
            end: self.encoding.position(text, text.len()),
        };
        let edit = TextEdit { range: whole, new_text: fixed.text };
        Some(CodeActionOrCommand::CodeAction(CodeAction {
            title: "Fix everything that needs no guess".to_owned(),
            kind: Some(CodeActionKind::SOURCE_FIX_ALL),
            edit: Some(changes(uri.clone(), vec![edit])),
            ..CodeAction::default()
        }))
    }

    fn edits(&self, text: &str, edits: &[Edit]) -> Vec<TextEdit> {
        let edit = |edit: &Edit| TextEdit {
            range: self.encoding.range(text, edit.span),
            new_text: edit.text.clone(),
        };
        edits.iter().map(edit).collect()
    }
}

fn is_fix_all(kind: &CodeActionKind) -> bool {
    kind == &CodeActionKind::SOURCE_FIX_ALL || kind == &CodeActionKind::SOURCE
}

fn changes(uri: Uri, edits: Vec<TextEdit>) -> WorkspaceEdit {
    let changes: HashMap<Uri, Vec<TextEdit>> = HashMap::from([(uri, edits)]);
    WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() }
}

/// A comment at the end of the range's first line, where that has none.
fn silence(text: &str, range: Range, code: &str) -> Option<TextEdit> {
    let line = text.split('\n').nth(usize::try_from(range.start.line).ok()?)?;
    let line = line.strip_suffix('\r').unwrap_or(line);
    if line.contains('#') || line.trim().is_empty() {
        return None;
    }
    let length = u32::try_from(line.encode_utf16().count().max(line.len())).ok()?;
    // Beyond the end is the end.
    let end = ls_types::Position { line: range.start.line, character: length };
    Some(TextEdit {
        range: Range { start: end, end },
        new_text: format!("  # redproof: ignore[{code}]"),
    })
}

fn touches(one: Range, other: Range) -> bool {
    one.start <= other.end && other.start <= one.end
}
