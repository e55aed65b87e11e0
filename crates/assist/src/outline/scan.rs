//! Goes through a text line by line.

use std::ops::Range;

use super::{Entry, EntryId, Name, Outline, Scalar};
use deployment::manifest::SECTIONS;

pub(super) struct Scanner<'t> {
    pub(super) text: &'t str,
    /// The start of the next line.
    pub(super) at: usize,
    pub(super) outline: Outline<'t>,
    /// The entries that the next line may belong to, innermost last. The first is a document.
    open: Vec<EntryId>,
    /// Whether a config was found inside.
    embedded: bool,
}

/// A key as it is written, its name, and where its colon stands.
type Key = (Range<usize>, String, usize);

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let outline =
            Outline { text, entries: vec![], comments: vec![], literals: vec![], flows: vec![] };
        let mut scanner = Self { text, at: 0, outline, open: vec![], embedded: false };
        scanner.document(0);
        scanner
    }

    pub(super) fn scan(mut self) -> Outline<'t> {
        while self.at < self.text.len() {
            let start = self.at;
            let end = self.line_end(start);
            self.at = self.next_line(start);
            self.line(start, end);
        }
        self.outline
    }

    /// The end of the line that holds a place, its line break left out.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let end = self.text[at..].find('\n').map_or(self.text.len(), |end| at + end);
        if self.text[at..end].ends_with('\r') { end - 1 } else { end }
    }

    /// The start of the line after the one that holds a place.
    pub(super) fn next_line(&self, at: usize) -> usize {
        self.text[at..].find('\n').map_or(self.text.len(), |end| at + end + 1)
    }

    fn document(&mut self, at: usize) {
        let id = self.outline.entries.len();
        self.outline.entries.push(Entry {
            parent: id,
            name: Name::Document,
            key: at..at,
            colon: None,
            column: -1,
            value: None,
            in_flow: false,
            embeds: false,
            items: 0,
        });
        self.open = vec![id];
    }

    fn line(&mut self, start: usize, end: usize) {
        let column = indent(&self.text[start..end]);
        let body = &self.text[start + column..end];
        let marker = |marker: &str| {
            let rest = body.strip_prefix(marker);
            column == 0 && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
        };
        if marker("---") {
            self.document(start);
            let rest = start + 3;
            let at = rest + indent(&self.text[rest..end]);
            self.content(at, end, at - start);
        } else if !marker("...") && (column > 0 || !body.starts_with('%')) {
            self.content(start + column, end, column);
        }
    }

    fn content(&mut self, mut at: usize, end: usize, mut column: usize) {
        let mut item = None;
        while let Some(rest) = self.text[at..end].strip_prefix('-')
            && (rest.is_empty() || rest.starts_with([' ', '\t']))
        {
            let parent = self.parent(column, true);
            item = Some(self.push(parent, None, at..at + 1, column));
            let step = 1 + indent(rest);
            at += step;
            column += step;
        }
        let rest = &self.text[at..end];
        if rest.is_empty() {
            return;
        }
        if rest.starts_with('#') {
            self.outline.comments.push(at..end);
            return;
        }
        if let Some((key, name, colon)) = self.key(at, end) {
            let parent = self.parent(column, false);
            let entry = self.push(parent, Some(name), key, column);
            self.outline.entries[entry].colon = Some(colon);
            self.value(colon + 1, end, entry);
        } else if let Some(item) = item {
            self.value(at, end, item);
        } else {
            self.lone(at, end, column);
        }
    }

    /// A line without a key: it goes on with the value above, is a value in brackets, or a key that
    /// is not finished.
    fn lone(&mut self, at: usize, end: usize, column: usize) {
        let parent = self.parent(column, false);
        let above = &mut self.outline.entries[parent];
        if self.text[at..end].starts_with(['{', '[']) {
            self.value(at, end, parent);
        } else if let Some(value) = above.value.as_mut().filter(|value| value.quote.is_none()) {
            value.range.end = trimmed(self.text, at, end).end;
        } else if above.value.is_none()
            && !matches!(above.name, Name::Key(_) if above.colon.is_none())
        {
            let word = self.plain(at, end);
            let name = self.text[word.clone()].trim_matches(['"', '\'']).to_owned();
            self.push(parent, Some(name), word, column);
        }
    }

    /// What a new entry at a column is in.
    fn parent(&mut self, column: usize, item: bool) -> EntryId {
        let column = isize::try_from(column).unwrap_or(isize::MAX);
        while self.open.len() > 1 {
            let top = &self.outline.entries[self.open[self.open.len() - 1]];
            // A list may be at the column of its key.
            let holds = top.column < column || (item && top.column == column && !top.is_item());
            if holds {
                break;
            }
            self.open.pop();
        }
        // A document is always there.
        self.open.last().copied().unwrap_or(0)
    }

    fn push(
        &mut self,
        parent: EntryId,
        key: Option<String>,
        range: Range<usize>,
        column: usize,
    ) -> EntryId {
        let column = isize::try_from(column).unwrap_or(isize::MAX);
        let entry = self.entry(parent, key, range, column, false);
        self.open.push(entry);
        entry
    }

    pub(super) fn entry(
        &mut self,
        parent: EntryId,
        key: Option<String>,
        range: Range<usize>,
        column: isize,
        in_flow: bool,
    ) -> EntryId {
        let above = &mut self.outline.entries[parent];
        let name = match key {
            Some(name) => Name::Key(name),
            None => {
                above.items += 1;
                Name::Item(above.items - 1)
            }
        };
        self.outline.entries.push(Entry {
            parent,
            name,
            key: range,
            colon: None,
            column,
            value: None,
            in_flow,
            embeds: false,
            items: 0,
        });
        self.outline.entries.len() - 1
    }

    /// The key that a line, or the rest of one, starts with.
    pub(super) fn key(&self, at: usize, end: usize) -> Option<Key> {
        let at = self.after_properties(at, end);
        let line = &self.text[at..end];
        let ends = |colon: usize| {
            line[colon + 1..].is_empty() || line[colon + 1..].starts_with([' ', '\t'])
        };
        match line.as_bytes().first()? {
            quote @ (b'"' | b'\'') => {
                let close = closing_quote(line, 0, *quote)?;
                let colon = close + 1 + indent(&line[close + 1..]);
                let is_key = line[colon..].starts_with(':') && ends(colon);
                is_key.then(|| (at..at + close + 1, line[1..close].to_owned(), at + colon))
            }
            b'{' | b'[' | b'|' | b'>' | b'@' | b'`' | b'#' => None,
            _ => {
                let comment = comment_start(line).unwrap_or(line.len());
                let colon = line[..comment].match_indices(':').find(|(colon, _)| ends(*colon))?.0;
                let key = line[..colon].trim_end();
                Some((at..at + key.len(), key.to_owned(), at + colon))
            }
        }
    }

    /// Past anchors and tags that something follows.
    fn after_properties(&self, mut at: usize, end: usize) -> usize {
        while self.text[at..end].starts_with(['&', '!']) {
            let token = self.text[at..end].find([' ', '\t']).unwrap_or(end - at);
            let next = at + token + indent(&self.text[at + token..end]);
            if next >= end {
                break;
            }
            at = next;
        }
        at
    }

    fn value(&mut self, at: usize, end: usize, owner: EntryId) {
        let at = at + indent(&self.text[at..end]);
        let at = self.after_properties(at, end);
        let rest = &self.text[at..end];
        match rest.bytes().next() {
            None => {}
            Some(b'#') => self.outline.comments.push(at..end),
            Some(b'|' | b'>') => self.literal(at, end, owner),
            Some(b'{' | b'[') => self.flow(at, owner),
            Some(quote @ (b'"' | b'\'')) => {
                let scalar = self.quoted(at, quote, self.outline.entries[owner].column);
                let after = scalar.range.end;
                self.outline.entries[owner].value = Some(scalar);
                self.finish_line(after);
            }
            Some(_) => {
                let plain = self.plain(at, end);
                self.outline.entries[owner].value = Some(Scalar::plain(plain));
            }
        }
    }

    /// Notes a comment behind a place, and goes on with the line after it.
    pub(super) fn finish_line(&mut self, at: usize) {
        let end = self.line_end(at);
        if let Some(comment) = comment_start(&self.text[at..end]) {
            self.outline.comments.push(at + comment..end);
        }
        self.at = self.next_line(at);
    }

    /// A plain scalar up to the end of the line, or to a comment.
    fn plain(&mut self, at: usize, end: usize) -> Range<usize> {
        match comment_start(&self.text[at..end]) {
            Some(comment) => {
                self.outline.comments.push(at + comment..end);
                trimmed(self.text, at, at + comment)
            }
            None => trimmed(self.text, at, end),
        }
    }

    /// A quoted scalar. One that is not closed ends with the line after which a line is not
    /// indented more than `column`.
    pub(super) fn quoted(&self, start: usize, quote: u8, column: isize) -> Scalar {
        let mut line = start;
        let mut from = start;
        loop {
            let end = self.line_end(line);
            if let Some(close) = closing_quote(&self.text[..end], from, quote) {
                return Scalar { range: start..close + 1, quote: Some(quote), closed: true };
            }
            line = self.next_line(line);
            // `closing_quote` looks behind the place that it is given.
            from = line.saturating_sub(1);
            if line >= self.text.len() || !self.goes_on(line, column) {
                return Scalar { range: start..end, quote: Some(quote), closed: false };
            }
        }
    }

    /// Whether a line is blank or indented more than `column`.
    fn goes_on(&self, line: usize, column: isize) -> bool {
        let text = &self.text[line..self.line_end(line)];
        let indent = indent(text);
        indent == text.len() || isize::try_from(indent).is_ok_and(|indent| indent > column)
    }

    /// A block scalar: left alone, unless it holds a config.
    fn literal(&mut self, at: usize, end: usize, owner: EntryId) {
        if let Some(comment) = comment_start(&self.text[at..end]) {
            self.outline.comments.push(at + comment..end);
        }
        let column = self.outline.entries[owner].column;
        let (start, mut stop) = (self.at, self.at);
        let mut line = self.at;
        while line < self.text.len() && self.goes_on(line, column) {
            let next = self.next_line(line);
            if !self.text[line..next].trim().is_empty() {
                stop = next;
            }
            line = next;
        }
        let holds_config = self.text[at..end].starts_with('|')
            && !self.embedded
            && (self.is_config(start, stop) || self.is_config_file(owner));
        if holds_config {
            self.embedded = true;
            self.outline.entries[owner].embeds = true;
        } else {
            self.outline.literals.push(at..stop.max(end));
            self.at = stop;
        }
    }

    fn is_config(&self, start: usize, stop: usize) -> bool {
        let lines = || self.text[start..stop].lines().filter(|line| !line.trim().is_empty());
        let least = lines().map(indent).min().unwrap_or(0);
        lines().any(|line| {
            let line = line.get(least..).unwrap_or("");
            let mut names = SECTIONS.iter();
            names.any(|name| line.strip_prefix(name).is_some_and(|rest| rest.starts_with(':')))
        })
    }

    fn is_config_file(&self, owner: EntryId) -> bool {
        let name = self.outline.entries[owner].key_name();
        name.is_some_and(|name| name.ends_with("config.yaml") || name.ends_with("config.yml"))
    }
}

/// How many blanks a text starts with.
pub(super) fn indent(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// The stretch without the white space at its end.
fn trimmed(text: &str, start: usize, end: usize) -> Range<usize> {
    start..start + text[start..end].trim_end().len()
}

/// Where a comment starts: at the start, or behind a blank.
fn comment_start(line: &str) -> Option<usize> {
    let bytes = line.as_bytes();
    let starts = |(at, _): &(usize, &str)| *at == 0 || matches!(bytes[at - 1], b' ' | b'\t');
    line.match_indices('#').find(starts).map(|(at, _)| at)
}

/// Where the quote behind `open` closes.
fn closing_quote(text: &str, open: usize, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = open + 1;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if quote == b'"' => at += 1,
            // A quote in single quotes is written twice.
            b'\'' if quote == b'\'' && bytes.get(at + 1) == Some(&b'\'') => at += 1,
            byte if byte == quote => return Some(at),
            _ => {}
        }
        at += 1;
    }
    None
}
