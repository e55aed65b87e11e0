//! Fixes and other edits of the texts.

use redproof_messages::{Answer, Ask, Edit};

use super::{App, Msg};
use crate::toast::{Toast, UNDO};
use crate::workspace::Key;

impl App {
    /// Asks the engine for all safe fixes.
    pub(super) fn ask_for_fixes(&self) {
        let link = self.host.link.clone();
        self.host.ask(&Ask::FixAll, move |answer| {
            if let Answer::FixAll(fixed) = answer {
                link.send_message(Msg::FixedAll(fixed));
            }
        });
    }

    /// Applies the fix of a finding.
    pub(super) fn fix(&mut self, at: usize) {
        let Some(checked) = self.current().cloned() else { return };
        if let Some(fix) = checked.findings.get(at).and_then(|found| found.fix.as_ref()) {
            self.fixed(&fix.edits, &format!("Done: {}.", fix.title.trim_end_matches('.')));
        }
    }

    /// Makes edits, and says so, with what takes them back.
    pub(super) fn fixed(&mut self, edits: &[Edit], told: &str) {
        let keys = self.edit(edits);
        if keys.is_empty() && !edits.is_empty() {
            // The text went on meanwhile.
            return;
        }
        self.then.fixed = !keys.is_empty();
        let held = |key: &Key| self.editor(*key).map(|editor| (*key, editor.text()));
        let since = keys.iter().filter_map(held).collect();
        let undo = self.host.link.callback(move |()| Msg::Undo(keys.clone()));
        let choices = if edits.is_empty() { vec![] } else { vec![(UNDO, undo)] };
        self.toast = Some(Toast { text: told.replace('`', ""), choices, since });
    }

    /// Applies edits of the texts that were checked last; the files that they change.
    pub(super) fn edit(&mut self, edits: &[Edit]) -> Vec<Key> {
        if !self.is_current() {
            // Their places are those of another text.
            return vec![];
        }
        let mut keys: Vec<Key> =
            edits.iter().filter_map(|edit| self.workspace.key(edit.file)).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in &keys {
            let number = self.workspace.number(*key);
            let own: Vec<&Edit> = edits.iter().filter(|edit| Some(edit.file) == number).collect();
            match self.editor(*key) {
                Some(editor) => editor.change(&own),
                // One that was never shown opens first.
                None => {
                    self.opened.push(*key);
                    self.then.edits.push((*key, own.into_iter().cloned().collect()));
                }
            }
        }
        keys
    }

    /// Makes the edits that waited for an editor to open.
    pub(super) fn edit_opened(&mut self, key: Key) {
        let Some(at) = self.then.edits.iter().position(|(of, _)| *of == key) else { return };
        let (_, edits) = self.then.edits.swap_remove(at);
        let Some(editor) = self.editor(key) else { return };
        editor.change(&edits.iter().collect::<Vec<_>>());
        let held = (key, editor.text());
        if let Some(toast) = &mut self.toast {
            toast.since.push(held);
        }
    }
}
