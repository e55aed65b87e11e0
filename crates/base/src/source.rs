//! Texts that are read, and places in them.

use std::ops::Range;

/// Which text a [`Span`] points into: the config file, an env file, an included file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u16);

impl SourceId {
    /// The config file that is being checked.
    pub const CONFIG: Self = Self(0);
}

/// A stretch of a source text, in bytes from its start; always on character boundaries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The text that this is a part of.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// A span of `source` from `start` up to, not including, `end`.
    ///
    /// Offsets beyond 4 GiB saturate: no text that long is accepted in the first place.
    pub fn new(source: SourceId, start: usize, end: usize) -> Self {
        let clamp = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
        Self { source, start: clamp(start), end: clamp(end) }
    }

    /// The byte range, to slice the source's text with.
    pub fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// From the start of `self` to the end of `other`.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { source: self.source, start: self.start, end: other.end.max(self.start) }
    }
}

/// A text with its name, as the user knows it (`config.yaml`, `.env`, `<stdin>`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What spans of this text carry.
    pub id: SourceId,
    /// The name shown to the user; a path for files.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A line and a column, both from 1; the column counts characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in characters.
    pub column: u32,
}

/// Finds lines and columns in a text without going through it from the start each time.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Notes where each line of `text` starts.
    pub fn new(text: &str) -> Self {
        let after_newline = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0)
            .chain(after_newline.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX)))
            .collect();
        Self { starts }
    }

    /// The position of a byte offset in `text`, which must be the text this was made from.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let before = text.get(start as usize..offset as usize).unwrap_or("");
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Position { line: count(line), column: count(before.chars().count()).saturating_add(1) }
    }

    /// The byte range of a line (from 1), its line break left out; `None` past the end.
    pub fn line_range(&self, text: &str, line: u32) -> Option<Range<usize>> {
        let start = *self.starts.get(line.checked_sub(1)? as usize)? as usize;
        let end = self.starts.get(line as usize).map_or(text.len(), |next| *next as usize - 1);
        let end = if text[start..end].ends_with('\r') { end - 1 } else { end };
        Some(start..end)
    }

    /// How many lines there are; an empty text has one.
    pub fn line_count(&self) -> u32 {
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }
}

/// Turns byte offsets into UTF-16 ones, which browsers and the language server protocol count in.
#[derive(Clone, Debug, Default)]
pub struct Utf16Index {
    /// For each character beyond ASCII: its end in bytes, and how many bytes more than UTF-16 code
    /// units the text took up to there.
    shifts: Vec<(u32, u32)>,
}

impl Utf16Index {
    /// Notes where in `text` the two counts drift apart.
    pub fn new(text: &str) -> Self {
        let mut shifts = vec![];
        if !text.is_ascii() {
            let mut shift = 0;
            for (at, character) in text.char_indices().filter(|(_, found)| !found.is_ascii()) {
                shift += character.len_utf8() - character.len_utf16();
                let clamp = |offset| u32::try_from(offset).unwrap_or(u32::MAX);
                shifts.push((clamp(at + character.len_utf8()), clamp(shift)));
            }
        }
        Self { shifts }
    }

    /// The offset in UTF-16 code units of a byte offset on a character boundary.
    pub fn of_byte(&self, offset: u32) -> u32 {
        let before = self.shifts.partition_point(|(end, _)| *end <= offset);
        offset - before.checked_sub(1).map_or(0, |last| self.shifts[last].1)
    }

    /// The byte offset in `text`, which this was made from, of an offset in UTF-16 code units;
    /// within a character, its end.
    pub fn to_byte(&self, text: &str, offset: u32) -> u32 {
        let before = self.shifts.partition_point(|(end, shift)| end - shift <= offset);
        let shift = before.checked_sub(1).map_or(0, |last| self.shifts[last].1);
        let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
        let mut byte = offset.saturating_add(shift).min(length);
        while !text.is_char_boundary(byte as usize) {
            byte += 1;
        }
        byte
    }
}

#[cfg(test)]
mod tests {
    use super::Utf16Index;

    #[test]
    fn byte_offsets_become_utf16_offsets() {
        let text = "a: é\nb: 🔑 € x\n";
        let index = Utf16Index::new(text);
        for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let expected = text[..at].encode_utf16().count();
            let offset = u32::try_from(at).expect("a short text");
            assert_eq!(index.of_byte(offset) as usize, expected, "byte {at}");
            let back = u32::try_from(expected).expect("a short text");
            assert_eq!(index.to_byte(text, back), offset, "code unit {expected}");
        }
        let key = text.find('🔑').expect("it is there");
        let inside = u32::try_from(text[..key].encode_utf16().count() + 1).expect("a short text");
        assert_eq!(index.to_byte(text, inside) as usize, key + 4, "no byte inside a character");
    }
}
