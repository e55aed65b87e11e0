//! The engine's answers: asked for, taken, shown in the editors.

use std::rc::Rc;

use redproof_messages::{At, Checked};

use super::App;
use crate::bridge;
use crate::engine::{Heard, Stopped};
use crate::workspace::Key;

impl App {
    /// Takes what the engine says.
    pub(super) fn hear(&mut self, heard: Heard) -> bool {
        match heard {
            // The text has gone on: the next answer is on its way.
            Heard::Checked(revision, _) if revision != self.revision => return false,
            Heard::Checked(revision, checked) => {
                bridge::recovered();
                self.loading = false;
                let before = self.shown().and_then(|one| one.misplaced.as_ref());
                self.then.to_top |=
                    checked.misplaced.is_some() && before != checked.misplaced.as_ref();
                self.note_configs(&checked);
                self.checked = Some((revision, Rc::from(checked)));
                self.lit.clear();
                self.filter = None;
                self.mark();
            }
            Heard::Loading => self.loading = true,
            Heard::Stopped(Stopped { reason, place, version }) => {
                self.loading = false;
                if let Some(again) = &self.again {
                    bridge::failed(&reason, &place, &version, again);
                }
                return false;
            }
        }
        true
    }

    /// What the engine said last, be it of an older text.
    pub(super) fn shown(&self) -> Option<&Checked> {
        self.checked.as_ref().map(|(_, checked)| &**checked)
    }

    /// The revision that was checked last.
    pub(super) fn revision_checked(&self) -> u32 {
        self.checked.as_ref().map_or(0, |(revision, _)| *revision)
    }

    /// Whether that is of the text as it is.
    pub(super) fn is_current(&self) -> bool {
        self.checked.as_ref().is_some_and(|(revision, _)| *revision == self.revision)
    }

    /// What the engine says of the text as it is.
    pub(super) fn current(&self) -> Option<&Rc<Checked>> {
        let (revision, checked) = self.checked.as_ref()?;
        (*revision == self.revision).then_some(checked)
    }

    /// Has the workspace checked.
    pub(super) fn check(&mut self) {
        self.revision += 1;
        self.preview = None;
        self.live.outdate();
        let texts = self.workspace.texts();
        if self.checked_files != texts.files {
            self.checked_files.clone_from(&texts.files);
            self.files_revision += 1;
        }
        self.keep();
        self.host.engine.check(self.revision, texts);
    }

    /// Shows in the editors what was found.
    pub(super) fn mark(&self) {
        let Some(checked) = self.current() else { return };
        for (key, editor) in &self.editors {
            let number = self.workspace.number(*key);
            let found = checked.findings.iter().enumerate().filter(|(_, found)| {
                found.at.as_ref().map(|at| at.file) == number && number.is_some()
            });
            editor.show(&found.collect::<Vec<_>>());
        }
    }

    /// The edges of the map that a line made, by their places in it.
    pub(super) fn edges_of(&self, key: Key, (from, to): (u32, u32)) -> Vec<usize> {
        let (Some(checked), Some(number)) = (self.current(), self.workspace.number(key)) else {
            return vec![];
        };
        let of_line = |at: &At| at.file == number && at.from < to && from < at.to;
        let edges = checked.map.edges.iter().enumerate();
        edges.filter(|(_, edge)| edge.places.iter().any(of_line)).map(|(at, _)| at).collect()
    }
}
