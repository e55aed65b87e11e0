//! Where findings are: in lines and columns.

use redproof_core::Report;
use redproof_core::finding::Finding;
use redproof_core::source::{LineIndex, Position, Source, Span};

/// Lines and columns in a report's sources.
pub struct Places<'r> {
    sources: Vec<(&'r Source, LineIndex)>,
}

/// A place with its file.
pub struct Place<'r> {
    /// The file's name.
    pub file: &'r str,
    /// Its first character.
    pub start: Position,
    /// One past its last character.
    pub end: Position,
}

impl<'r> Places<'r> {
    /// Those of a report's sources.
    pub fn new(report: &'r Report) -> Self {
        let index = |source: &'r Source| (source, LineIndex::new(&source.text));
        Self { sources: report.sources.iter().map(index).collect() }
    }

    /// The lines and columns of a span, from 1; the end is one past the last character.
    pub fn of(&self, span: Span) -> Option<Place<'r>> {
        let (source, lines) = self.sources.iter().find(|(source, _)| source.id == span.source)?;
        Some(Place {
            file: &source.name,
            start: lines.position(&source.text, span.start),
            end: lines.position(&source.text, span.end),
        })
    }
}

impl Places<'_> {
    /// Where a finding is; the start of the config for one that is about the whole.
    pub fn of_finding(&self, found: &Finding) -> Place<'_> {
        let start = Position { line: 1, column: 1 };
        found.primary.span.and_then(|span| self.of(span)).unwrap_or_else(|| Place {
            file: self.sources.first().map_or("", |(source, _)| &source.name),
            start,
            end: start,
        })
    }
}
