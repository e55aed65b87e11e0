//! A text under several changes, one after the other, as edits of the text that it was.

use std::ops::Range;

use serde_json::Value as Json;

use base::finding::Edit;
use base::source::{SourceId, Span};
use yaml::patch::{self, Operation, PatchError};
use yaml::{Document, Path};

/// A part of the text: as it was, or new.
#[derive(Clone)]
enum Piece {
    Kept(Range<usize>),
    New(String),
}

/// A text that changes.
pub(super) struct Draft<'t> {
    source: SourceId,
    original: &'t str,
    pieces: Vec<Piece>,
    text: String,
}

impl<'t> Draft<'t> {
    pub(super) fn new(source: SourceId, original: &'t str) -> Self {
        let pieces = vec![Piece::Kept(0..original.len())];
        Self { source, original, pieces, text: original.to_owned() }
    }

    /// The text as it stands.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The text as YAML.
    pub(super) fn document(&self) -> Result<Document, PatchError> {
        yaml::read(self.source, &self.text).map_err(|_| PatchError::NotYaml)
    }

    /// Whether something is at a path.
    pub(super) fn has(&self, path: &str) -> Result<bool, PatchError> {
        let steps = Path::parse(path).unwrap_or_default();
        Ok(self.document()?.value(&steps).is_some())
    }

    /// Writes a value; a line that is new gets the comment.
    pub(super) fn set(&mut self, path: &str, value: Json, comment: &str) -> Result<(), PatchError> {
        let operation = Operation::Set { path: path.to_owned(), value };
        let mut edits = patch::edits(&self.document()?, &self.text, &operation)?;
        if let [edit] = edits.as_mut_slice()
            && !comment.is_empty()
            && edit.span.start == edit.span.end
            && edit.text.starts_with(['\r', '\n'])
            && edit.text.trim_start_matches(['\r', '\n']).find(['\r', '\n']).is_none()
        {
            edit.text.push_str("  # ");
            edit.text.push_str(comment);
        }
        self.apply(&edits);
        Ok(())
    }

    /// Adds an element to a list.
    pub(super) fn append(&mut self, path: &str, value: Json) -> Result<(), PatchError> {
        self.patch(&Operation::Append { path: path.to_owned(), value })
    }

    /// Takes out what is at a path, if something does.
    pub(super) fn remove(&mut self, path: &str) -> Result<(), PatchError> {
        if !self.has(path)? {
            return Ok(());
        }
        self.patch(&Operation::Remove { path: path.to_owned() })
    }

    fn patch(&mut self, operation: &Operation) -> Result<(), PatchError> {
        let edits = patch::edits(&self.document()?, &self.text, operation)?;
        self.apply(&edits);
        Ok(())
    }

    /// Makes edits of the text as it stands: in its order, not overlapping.
    pub(super) fn apply(&mut self, edits: &[Edit]) {
        let mut pieces = Vec::new();
        let mut at = 0;
        for edit in edits {
            let range = edit.span.range();
            self.copy(at..range.start, &mut pieces);
            if !edit.text.is_empty() {
                pieces.push(Piece::New(edit.text.clone()));
            }
            at = range.end;
        }
        self.copy(at..self.text.len(), &mut pieces);
        self.text = pieces.iter().map(|piece| self.written(piece)).collect();
        self.pieces = pieces;
    }

    fn written<'p>(&'p self, piece: &'p Piece) -> &'p str {
        match piece {
            Piece::Kept(range) => self.original.get(range.clone()).unwrap_or(""),
            Piece::New(text) => text,
        }
    }

    /// Copies the pieces of a stretch of the text as it stands.
    fn copy(&self, wanted: Range<usize>, into: &mut Vec<Piece>) {
        let mut start = 0;
        for piece in &self.pieces {
            let length = self.written(piece).len();
            let from = wanted.start.max(start);
            let to = wanted.end.min(start + length);
            if from < to {
                let (from, to) = (from - start, to - start);
                into.push(match piece {
                    Piece::Kept(range) => Piece::Kept(range.start + from..range.start + to),
                    Piece::New(text) => Piece::New(text.get(from..to).unwrap_or("").to_owned()),
                });
            }
            start += length;
        }
    }

    /// All changes, as edits of the text that it was; in its order.
    pub(super) fn edits(&self) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut new = String::new();
        let mut at = 0;
        let end = Piece::Kept(self.original.len()..self.original.len());
        for piece in self.pieces.iter().chain([&end]) {
            match piece {
                Piece::New(text) => new.push_str(text),
                Piece::Kept(range) => {
                    if (at < range.start || !new.is_empty())
                        && self.original.get(at..range.start) != Some(new.as_str())
                    {
                        let span = Span::new(self.source, at, range.start);
                        edits.push(Edit { span, text: std::mem::take(&mut new) });
                    }
                    new.clear();
                    at = range.end;
                }
            }
        }
        edits
    }
}

#[cfg(test)]
mod tests {
    use super::Draft;
    use base::source::SourceId;
    use yaml::patch::apply;

    #[test]
    fn changes_add_up() {
        let text = "a:\n  # one\n  b: 1\n  c: 2\nd: 3\n";
        let mut draft = Draft::new(SourceId::CONFIG, text);
        draft.set("a.b", 10.into(), "").expect("there");
        draft.set("a.e", 5.into(), "new").expect("added");
        draft.set("a.e", 6.into(), "new").expect("changed");
        draft.remove("a.c").expect("there");
        draft.remove("a.x").expect("nothing to do");
        draft.set("d", 3.into(), "").expect("as it was");
        let after = "a:\n  # one\n  b: 10\n  e: 6  # new\nd: 3\n";
        assert_eq!(draft.text(), after);
        assert_eq!(apply(text, &draft.edits()), after);
        assert!(draft.edits().iter().all(|edit| edit.span.end <= 26), "{:?}", draft.edits());
    }

    #[test]
    fn no_change_is_no_edit() {
        let mut draft = Draft::new(SourceId::CONFIG, "a: 1\n");
        draft.set("a", 2.into(), "").expect("there");
        draft.set("a", 1.into(), "").expect("there");
        assert_eq!(draft.edits(), []);
    }
}
