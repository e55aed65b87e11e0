//! Collections in brackets.

use std::ops::Range;

use super::scan::{Scanner, indent};
use super::{EntryId, Flow, Scalar};

/// A bracket that is open.
struct Level {
    flow: usize,
    owner: EntryId,
    mapping: bool,
    /// The entry since the last comma.
    entry: Option<EntryId>,
}

impl Scanner<'_> {
    /// Goes through brackets up to the closing one, or to where they can't go on.
    pub(super) fn flow(&mut self, start: usize, owner: EntryId) {
        let column = self.outline.entries[owner].column;
        let mut levels: Vec<Level> = vec![];
        let mut at = start;
        while let Some(byte) = self.text.as_bytes().get(at).copied() {
            let behind_blank = self.text[..at].ends_with([' ', '\t', '\n']);
            match byte {
                b'\n' if self.breaks_off(at + 1, column) => break,
                b'#' if behind_blank => {
                    let end = self.line_end(at);
                    self.outline.comments.push(at..end);
                    at = end;
                }
                b' ' | b'\t' | b'\r' | b'\n' => at += 1,
                b'{' | b'[' => {
                    let owner = match levels.last_mut() {
                        Some(level) => self.slot(level, at),
                        None => owner,
                    };
                    let mapping = byte == b'{';
                    self.outline.flows.push(Flow { owner, mapping, open: at, close: at });
                    let flow = self.outline.flows.len() - 1;
                    levels.push(Level { flow, owner, mapping, entry: None });
                    at += 1;
                }
                b'}' | b']' => {
                    if let Some(level) = levels.pop() {
                        self.outline.flows[level.flow].close = at;
                    }
                    at += 1;
                    if levels.is_empty() {
                        break;
                    }
                }
                b',' => {
                    levels.iter_mut().last().into_iter().for_each(|level| level.entry = None);
                    at += 1;
                }
                // The first byte is a bracket: a level is open.
                _ => match levels.last_mut() {
                    Some(level) => at = self.part(level, at, column),
                    None => break,
                },
            }
        }
        for level in levels {
            self.outline.flows[level.flow].close = at;
        }
        self.finish_line(at);
    }

    /// A key, a colon or a value; gives where it ends.
    fn part(&mut self, level: &mut Level, at: usize, column: isize) -> usize {
        let open = level.entry.filter(|_| level.mapping);
        if let Some(entry) = open
            && self.text[at..].starts_with(':')
            && self.outline.entries[entry].colon.is_none()
        {
            self.outline.entries[entry].colon = Some(at);
            return at + 1;
        }
        let scalar = match self.text.as_bytes()[at] {
            quote @ (b'"' | b'\'') => self.quoted(at, quote, column),
            _ => Scalar { range: self.flow_plain(at), quote: None, closed: true },
        };
        let end = scalar.range.end;
        match open {
            Some(entry) => {
                let entry = &mut self.outline.entries[entry];
                if entry.colon.is_some() && entry.value.is_none() {
                    entry.value = Some(scalar);
                }
            }
            None if level.mapping => {
                let name = self.text[scalar.inner()].to_owned();
                let column = self.outline.entries[level.owner].column;
                level.entry = Some(self.entry(level.owner, Some(name), scalar.range, column, true));
            }
            None if level.entry.is_none() => {
                let entry = self.slot(level, at);
                self.outline.entries[entry].value = Some(scalar);
            }
            None => {}
        }
        end
    }

    /// The entry that a value belongs to; a new element in a list.
    fn slot(&mut self, level: &mut Level, at: usize) -> EntryId {
        let column = self.outline.entries[level.owner].column;
        let owner = level.owner;
        *level.entry.get_or_insert_with(|| self.entry(owner, None, at..at, column, true))
    }

    /// A plain scalar within brackets: at least one character.
    fn flow_plain(&self, start: usize) -> Range<usize> {
        let rest = &self.text[start..];
        let bytes = rest.as_bytes();
        let ends = |(at, character): &(usize, char)| match character {
            ',' | '[' | ']' | '{' | '}' | '\n' => true,
            ':' => bytes.get(at + 1).is_none_or(|next| b" \t\r\n,[]{}".contains(next)),
            '#' => *at > 0 && matches!(bytes[at - 1], b' ' | b'\t'),
            _ => false,
        };
        let end = rest.char_indices().find(ends).map_or(rest.len(), |(at, _)| at);
        let first = rest.chars().next().map_or(0, char::len_utf8);
        start..start + rest[..end].trim_end().len().max(first)
    }

    /// Whether a line can't go on with brackets that opened at `column`: it is a key or a dash that
    /// is not indented more. Someone is writing in front of it.
    fn breaks_off(&self, line: usize, column: isize) -> bool {
        let end = self.line_end(line);
        let text = &self.text[line..end];
        let indent = indent(text);
        let body = &text[indent..];
        let outside = isize::try_from(indent).is_ok_and(|indent| indent <= column);
        let block = body == "-" || body.starts_with("- ") || self.key(line + indent, end).is_some();
        outside && !body.is_empty() && !body.starts_with(['}', ']', ',', '#']) && block
    }
}
