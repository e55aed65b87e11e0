//! The text under the scanner's cursor, as PyYAML's `reader.py` presents it.
#![expect(
    clippy::inline_always,
    reason = "asked for each character: calls of them took a tenth of a check in the page, whose wasm is built for size"
)]

use super::character::{END, is_blank_or_end, is_break};
use super::error::{Mark, ReadError};
use base::source::{SourceId, Span};

/// A cursor over a text that counts lines and columns as it goes.
pub(super) struct Reader<'t> {
    pub(super) text: &'t str,
    pub(super) source: SourceId,
    /// Where the cursor is.
    pub(super) mark: Mark,
}

impl<'t> Reader<'t> {
    /// Refuses characters that YAML does not allow, anywhere in the text.
    pub(super) fn new(source: SourceId, text: &'t str) -> Result<Self, Box<ReadError>> {
        let printable = |byte: u8| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~');
        // Not `all`: what looks at each byte, looks at many at once.
        if !text.bytes().fold(true, |all, byte| all & printable(byte)) {
            check_printable(source, text)?;
        }
        let mark = Mark::default();
        Ok(Self { text, source, mark })
    }

    /// What is left to read.
    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.mark.offset as usize..]
    }

    /// The character under the cursor; [`END`] after the last.
    #[inline(always)]
    pub(super) fn peek(&self) -> char {
        match self.text.as_bytes().get(self.mark.offset as usize) {
            Some(byte) if byte.is_ascii() => char::from(*byte),
            Some(_) => self.rest().chars().next().unwrap_or(END),
            None => END,
        }
    }

    /// The character `ahead` of the cursor.
    pub(super) fn peek_at(&self, ahead: usize) -> char {
        self.rest().chars().nth(ahead).unwrap_or(END)
    }

    /// Moves on by `count` characters.
    pub(super) fn forward(&mut self, count: usize) {
        for _ in 0..count {
            let c = self.peek();
            if c == END {
                return;
            }
            self.mark.offset += width(c);
            self.mark.index += 1;
            if c == '\r' {
                if self.peek() == '\n' {
                    self.mark.column += 1;
                } else {
                    self.new_line();
                }
            } else if is_break(c) {
                self.new_line();
            } else if c != '\u{feff}' {
                self.mark.column += 1;
            }
        }
    }

    fn new_line(&mut self) {
        self.mark.line += 1;
        self.mark.column = 0;
    }

    /// Moves over `run`, which is at the cursor and holds no line break.
    pub(super) fn skip(&mut self, run: &str) {
        self.mark.offset += count(run.len());
        if run.is_ascii() {
            self.mark.index += count(run.len());
            self.mark.column += count(run.len());
        } else {
            self.mark.index += count(run.chars().count());
            self.mark.column += count(run.chars().filter(|c| *c != '\u{feff}').count());
        }
    }

    /// The characters from the cursor on for which `keep` holds. The cursor stays.
    pub(super) fn run(&self, keep: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !keep(c)).unwrap_or(rest.len());
        &rest[..end]
    }

    /// Moves over the characters for which `keep` holds, none of them a line break.
    pub(super) fn take(&mut self, keep: impl Fn(char) -> bool) -> &'t str {
        let run = self.run(keep);
        self.skip(run);
        run
    }

    /// Moves over spaces, and says over how many.
    pub(super) fn skip_spaces(&mut self) -> u32 {
        let rest = &self.text.as_bytes()[self.mark.offset as usize..];
        let spaces = count(rest.iter().take_while(|byte| **byte == b' ').count());
        self.mark.offset += spaces;
        self.mark.index += spaces;
        self.mark.column += spaces;
        spaces
    }

    /// Moves to the end of the line.
    pub(super) fn skip_line(&mut self) {
        self.take(|c| !is_break(c));
    }

    /// Moves over one line break and gives what it stands for in a scalar: `\n`, or LS and PS as
    /// they are; nothing when there is no break.
    pub(super) fn line_break(&mut self) -> Option<char> {
        let c = self.peek();
        match c {
            '\n' => {
                self.mark.offset += 1;
                self.mark.index += 1;
                self.new_line();
                Some('\n')
            }
            '\r' | '\u{85}' => {
                let crlf = self.rest().starts_with("\r\n");
                self.forward(if crlf { 2 } else { 1 });
                Some('\n')
            }
            '\u{2028}' | '\u{2029}' => {
                self.forward(1);
                Some(c)
            }
            _ => None,
        }
    }

    /// Whether `---` or `...` with a blank after it is at the cursor.
    pub(super) fn at_document_separator(&self) -> bool {
        let rest = self.rest();
        (rest.starts_with("---") || rest.starts_with("...")) && is_blank_or_end(self.peek_at(3))
    }

    /// A span of this text.
    pub(super) fn span(&self, from: Mark, to: Mark) -> Span {
        Span::new(self.source, from.offset as usize, to.offset as usize)
    }
}

fn check_printable(source: SourceId, text: &str) -> Result<(), Box<ReadError>> {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{fffd}' | '\u{10000}'..);
    let mut characters = text.char_indices().enumerate();
    match characters.find(|(_, (_, c))| !allowed(*c)) {
        None => Ok(()),
        Some((index, (offset, c))) => {
            let span = Span::new(source, offset, offset + c.len_utf8());
            Err(Box::new(ReadError::unacceptable(c, index, span)))
        }
    }
}

fn width(c: char) -> u32 {
    count(c.len_utf8())
}

/// Offsets beyond 4 GiB saturate: `read` refuses such a text first.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
