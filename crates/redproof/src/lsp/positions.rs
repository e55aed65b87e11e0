//! Places as editors count them.

use ls_types::{InitializeParams, Position, PositionEncodingKind, Range};
use redproof_core::source::Span;

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: what every editor knows.
    Utf16,
}

impl Encoding {
    /// What the editor can count that is cheapest.
    pub(super) fn of(params: &InitializeParams) -> Self {
        let general = params.capabilities.general.as_ref();
        let known = general.and_then(|general| general.position_encodings.as_ref());
        let utf8 = known.is_some_and(|known| known.contains(&PositionEncodingKind::UTF8));
        if utf8 { Self::Utf8 } else { Self::Utf16 }
    }

    pub(super) fn kind(self) -> PositionEncodingKind {
        match self {
            Self::Utf8 => PositionEncodingKind::UTF8,
            Self::Utf16 => PositionEncodingKind::UTF16,
        }
    }

    fn length(self, text: &str) -> usize {
        match self {
            Self::Utf8 => text.len(),
            Self::Utf16 => text.encode_utf16().count(),
        }
    }

    /// Where a byte of a text is.
    pub(super) fn position(self, text: &str, offset: usize) -> Position {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &text[..offset];
        let line = before.bytes().filter(|byte| *byte == b'\n').count();
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        Position { line: clamp(line), character: clamp(self.length(&before[start..])) }
    }

    pub(super) fn range(self, text: &str, span: Span) -> Range {
        let range = span.range();
        Range { start: self.position(text, range.start), end: self.position(text, range.end) }
    }

    /// The byte of a text at a place: the end of the line for a column beyond it.
    pub(super) fn offset(self, text: &str, position: Position) -> usize {
        let line = usize::try_from(position.line).unwrap_or(usize::MAX);
        let mut start = 0;
        for _ in 0..line {
            match text[start..].find('\n') {
                Some(at) => start += at + 1,
                None => return text.len(),
            }
        }
        let line = text[start..].split('\n').next().unwrap_or_default();
        let line = line.strip_suffix('\r').unwrap_or(line);
        let wanted = usize::try_from(position.character).unwrap_or(usize::MAX);
        let mut column = 0;
        for (at, one) in line.char_indices() {
            if column >= wanted {
                return start + at;
            }
            column += match self {
                Self::Utf8 => one.len_utf8(),
                Self::Utf16 => one.len_utf16(),
            };
        }
        start + line.len()
    }
}

fn clamp(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{Encoding, Position};

    #[test]
    fn columns_count_what_the_editor_counts() {
        let text = "a: \u{1d11e}b\r\nc: d\n";
        let at = text.find('b').unwrap_or_default();
        for (encoding, character) in [(Encoding::Utf8, 7), (Encoding::Utf16, 5)] {
            let position = Position { line: 0, character };
            assert_eq!(encoding.position(text, at), position);
            assert_eq!(encoding.offset(text, position), at);
            // Beyond the line, and beyond the text.
            let beyond = |line| encoding.offset(text, Position { line, character: 99 });
            assert_eq!((beyond(0), beyond(9)), (at + 1, text.len()));
        }
    }
}
