//! Text to tokens: PyYAML's `scanner.py`, function by function under its own names.

mod indicator;
mod scalar;

use std::collections::VecDeque;

use super::character::{END, is_blank_or_end};
use super::error::{Mark, ReadError, repr};
use super::reader::Reader;
use super::token::{Style, Token, TokenKind};
use base::source::{SourceId, Span};

pub(super) type Scan<T> = Result<T, Box<ReadError>>;

/// A key that a `:` may still make of the token at `token_number`: on one line and within 1024
/// characters, or not at all.
struct SimpleKey {
    token_number: usize,
    /// A block key where nothing but a key can be.
    required: bool,
    flow_level: i32,
    mark: Mark,
}

pub(super) struct Scanner<'t> {
    pub(super) reader: Reader<'t>,
    done: bool,
    /// How many flow collections are open. A `]` too many makes it negative, which is still "in
    /// flow", as any number but 0 is true to Python.
    flow_level: i32,
    tokens: VecDeque<Token<'t>>,
    tokens_taken: usize,
    /// Whether nothing that is still to be read changes the next token.
    settled: bool,
    /// The current block's column; -1 outside.
    indent: i64,
    indents: Vec<i64>,
    allow_simple_key: bool,
    /// At most one per flow level, deepest level last: levels are entered and left like a stack,
    /// so that token numbers grow along it and the first goes stale first.
    possible_simple_keys: VecDeque<SimpleKey>,
}

impl<'t> Scanner<'t> {
    pub(super) fn new(source: SourceId, text: &'t str) -> Scan<Self> {
        let reader = Reader::new(source, text)?;
        let mut scanner = Self {
            reader,
            done: false,
            flow_level: 0,
            tokens: VecDeque::new(),
            tokens_taken: 0,
            settled: false,
            indent: -1,
            indents: Vec::new(),
            allow_simple_key: true,
            possible_simple_keys: VecDeque::new(),
        };
        scanner.push_empty(TokenKind::StreamStart);
        Ok(scanner)
    }

    /// The next token, which stays.
    #[inline]
    pub(super) fn peek_token(&mut self) -> Scan<&Token<'t>> {
        if !self.settled {
            self.settle()?;
        }
        self.tokens.front().ok_or_else(|| self.exhausted())
    }

    /// Reads on until the next token is certain.
    fn settle(&mut self) -> Scan<()> {
        while self.need_more_tokens()? {
            self.fetch_more_tokens()?;
        }
        self.settled = true;
        Ok(())
    }

    /// The next token, which goes.
    pub(super) fn take_token(&mut self) -> Scan<Token<'t>> {
        if !self.settled {
            self.settle()?;
        }
        self.tokens_taken += 1;
        self.settled = false;
        self.tokens.pop_front().ok_or_else(|| self.exhausted())
    }

    /// Never seen: the parser does not ask beyond the end of the stream.
    fn exhausted(&self) -> Box<ReadError> {
        let at = self.span_at(self.mark());
        let problem = "'NoneType' object has no attribute 'start_mark'";
        Box::new(ReadError::plain("AttributeError", problem, at))
    }

    fn need_more_tokens(&mut self) -> Scan<bool> {
        if self.done {
            return Ok(false);
        }
        if self.tokens.is_empty() {
            return Ok(true);
        }
        self.stale_possible_simple_keys()?;
        let next_possible_simple_key = self.possible_simple_keys.front();
        Ok(next_possible_simple_key.is_some_and(|key| key.token_number == self.tokens_taken))
    }

    fn fetch_more_tokens(&mut self) -> Scan<()> {
        self.scan_to_next_token();
        self.stale_possible_simple_keys()?;
        self.unwind_indent(i64::from(self.mark().column));
        let c = self.reader.peek();
        let in_flow = self.in_flow();
        match c {
            END => return self.fetch_stream_end(),
            '%' if self.mark().column == 0 => return self.fetch_directive(),
            '-' if self.at_document_indicator() => {
                return self.fetch_document_indicator(TokenKind::DocumentStart);
            }
            '.' if self.at_document_indicator() => {
                return self.fetch_document_indicator(TokenKind::DocumentEnd);
            }
            '[' => return self.fetch_flow_collection_start(TokenKind::FlowSequenceStart),
            '{' => return self.fetch_flow_collection_start(TokenKind::FlowMappingStart),
            ']' => return self.fetch_flow_collection_end(TokenKind::FlowSequenceEnd),
            '}' => return self.fetch_flow_collection_end(TokenKind::FlowMappingEnd),
            ',' => return self.fetch_flow_entry(),
            '-' if self.blank_follows() => return self.fetch_block_entry(),
            '?' if in_flow || self.blank_follows() => return self.fetch_key(),
            ':' if in_flow || self.blank_follows() => return self.fetch_value(),
            '*' | '&' => {
                self.save_possible_simple_key()?;
                self.allow_simple_key = false;
                return self.scan_anchor();
            }
            '!' => {
                self.save_possible_simple_key()?;
                self.allow_simple_key = false;
                return self.scan_tag();
            }
            '|' if !in_flow => return self.fetch_block_scalar(Style::Literal),
            '>' if !in_flow => return self.fetch_block_scalar(Style::Folded),
            '\'' => return self.fetch_flow_scalar(Style::SingleQuoted),
            '"' => return self.fetch_flow_scalar(Style::DoubleQuoted),
            _ => {}
        }
        if self.check_plain() {
            self.save_possible_simple_key()?;
            self.allow_simple_key = false;
            self.scan_plain();
            return Ok(());
        }
        let problem = format!("found character {} that cannot start any token", repr(c));
        Err(self.fail_after("while scanning for the next token", problem))
    }

    fn in_flow(&self) -> bool {
        self.flow_level != 0
    }

    fn mark(&self) -> Mark {
        self.reader.mark
    }

    fn span_at(&self, mark: Mark) -> Span {
        let c = self.reader.text[mark.offset as usize..].chars().next();
        let end = mark.offset as usize + c.map_or(0, char::len_utf8);
        Span::new(self.reader.source, mark.offset as usize, end)
    }

    fn push(&mut self, kind: TokenKind<'t>, start: Mark) {
        let end = self.mark();
        self.tokens.push_back(Token { kind, start, end });
    }

    fn push_empty(&mut self, kind: TokenKind<'t>) {
        self.push(kind, self.mark());
    }

    /// `ScannerError(None, None, problem, here)`
    fn fail(&self, problem: impl Into<String>) -> Box<ReadError> {
        let mark = self.mark();
        Box::new(ReadError {
            mark: Some(mark),
            ..ReadError::plain("ScannerError", problem, self.span_at(mark))
        })
    }

    /// `ScannerError(context, None, problem, here)`
    fn fail_after(&self, context: &str, problem: impl Into<String>) -> Box<ReadError> {
        let mut error = self.fail(problem);
        error.context = Some(context.to_owned());
        error
    }

    /// `ScannerError(context, since, problem, here)`
    fn fail_while(
        &self,
        context: impl Into<String>,
        since: Mark,
        problem: impl Into<String>,
    ) -> Box<ReadError> {
        let mut error = self.fail(problem);
        error.context = Some(context.into());
        error.context_mark = Some(since);
        error.context_span = Some(self.reader.span(since, self.mark()));
        error
    }

    fn missing_colon(&self, key: &SimpleKey) -> Box<ReadError> {
        let problem = "could not find expected ':'";
        self.fail_while("while scanning a simple key", key.mark, problem)
    }

    fn stale_possible_simple_keys(&mut self) -> Scan<()> {
        let here = self.mark();
        while let Some(key) = self.possible_simple_keys.front() {
            if key.mark.line == here.line && here.index - key.mark.index <= 1024 {
                break;
            }
            if key.required {
                return Err(self.missing_colon(key));
            }
            self.possible_simple_keys.pop_front();
        }
        Ok(())
    }

    fn save_possible_simple_key(&mut self) -> Scan<()> {
        let mark = self.mark();
        let required = !self.in_flow() && self.indent == i64::from(mark.column);
        if self.allow_simple_key {
            self.remove_possible_simple_key()?;
            self.possible_simple_keys.push_back(SimpleKey {
                token_number: self.tokens_taken + self.tokens.len(),
                required,
                flow_level: self.flow_level,
                mark,
            });
        }
        Ok(())
    }

    fn remove_possible_simple_key(&mut self) -> Scan<()> {
        match self.take_simple_key() {
            Some(key) if key.required => Err(self.missing_colon(&key)),
            _ => Ok(()),
        }
    }

    fn take_simple_key(&mut self) -> Option<SimpleKey> {
        let level = self.flow_level;
        self.possible_simple_keys.pop_back_if(|key| key.flow_level == level)
    }

    fn unwind_indent(&mut self, column: i64) {
        if self.in_flow() {
            return;
        }
        while self.indent > column {
            self.indent = self.indents.pop().unwrap_or(-1);
            self.push_empty(TokenKind::BlockEnd);
        }
    }

    fn add_indent(&mut self, column: u32) -> bool {
        let column = i64::from(column);
        let deeper = self.indent < column;
        if deeper {
            self.indents.push(self.indent);
            self.indent = column;
        }
        deeper
    }

    fn fetch_stream_end(&mut self) -> Scan<()> {
        self.unwind_indent(-1);
        self.remove_possible_simple_key()?;
        self.allow_simple_key = false;
        self.possible_simple_keys.clear();
        self.push_empty(TokenKind::StreamEnd);
        self.done = true;
        Ok(())
    }

    fn fetch_directive(&mut self) -> Scan<()> {
        self.unwind_indent(-1);
        self.remove_possible_simple_key()?;
        self.allow_simple_key = false;
        self.scan_directive()
    }

    fn fetch_document_indicator(&mut self, kind: TokenKind<'t>) -> Scan<()> {
        self.unwind_indent(-1);
        self.remove_possible_simple_key()?;
        self.allow_simple_key = false;
        self.push_indicator(kind, 3);
        Ok(())
    }

    fn push_indicator(&mut self, kind: TokenKind<'t>, length: usize) {
        let start = self.mark();
        self.reader.forward(length);
        self.push(kind, start);
    }

    fn fetch_flow_collection_start(&mut self, kind: TokenKind<'t>) -> Scan<()> {
        self.save_possible_simple_key()?;
        self.flow_level += 1;
        self.allow_simple_key = true;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_collection_end(&mut self, kind: TokenKind<'t>) -> Scan<()> {
        self.remove_possible_simple_key()?;
        self.flow_level -= 1;
        self.allow_simple_key = false;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Scan<()> {
        self.allow_simple_key = true;
        self.remove_possible_simple_key()?;
        self.push_indicator(TokenKind::FlowEntry, 1);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Scan<()> {
        if !self.in_flow() {
            if !self.allow_simple_key {
                return Err(self.fail("sequence entries are not allowed here"));
            }
            if self.add_indent(self.mark().column) {
                self.push_empty(TokenKind::BlockSequenceStart);
            }
        }
        self.allow_simple_key = true;
        self.remove_possible_simple_key()?;
        self.push_indicator(TokenKind::BlockEntry, 1);
        Ok(())
    }

    fn fetch_key(&mut self) -> Scan<()> {
        if !self.in_flow() {
            if !self.allow_simple_key {
                return Err(self.fail("mapping keys are not allowed here"));
            }
            if self.add_indent(self.mark().column) {
                self.push_empty(TokenKind::BlockMappingStart);
            }
        }
        self.allow_simple_key = !self.in_flow();
        self.remove_possible_simple_key()?;
        self.push_indicator(TokenKind::Key, 1);
        Ok(())
    }

    fn fetch_value(&mut self) -> Scan<()> {
        if let Some(key) = self.take_simple_key() {
            let at = key.token_number - self.tokens_taken;
            let token = |kind| Token { kind, start: key.mark, end: key.mark };
            self.tokens.insert(at, token(TokenKind::Key));
            if !self.in_flow() && self.add_indent(key.mark.column) {
                self.tokens.insert(at, token(TokenKind::BlockMappingStart));
            }
            self.allow_simple_key = false;
        } else {
            if !self.in_flow() {
                if !self.allow_simple_key {
                    return Err(self.fail("mapping values are not allowed here"));
                }
                if self.add_indent(self.mark().column) {
                    self.push_empty(TokenKind::BlockMappingStart);
                }
            }
            self.allow_simple_key = !self.in_flow();
            self.remove_possible_simple_key()?;
        }
        self.push_indicator(TokenKind::Value, 1);
        Ok(())
    }

    fn fetch_block_scalar(&mut self, style: Style) -> Scan<()> {
        self.allow_simple_key = true;
        self.remove_possible_simple_key()?;
        self.scan_block_scalar(style)
    }

    fn fetch_flow_scalar(&mut self, style: Style) -> Scan<()> {
        self.save_possible_simple_key()?;
        self.allow_simple_key = false;
        self.scan_flow_scalar(style)
    }

    fn at_document_indicator(&self) -> bool {
        self.mark().column == 0 && self.reader.at_document_separator()
    }

    fn blank_follows(&self) -> bool {
        is_blank_or_end(self.reader.peek_at(1))
    }

    fn check_plain(&self) -> bool {
        let c = self.reader.peek();
        let indicator = matches!(
            c,
            '-' | '?'
                | ':'
                | ','
                | '['
                | ']'
                | '{'
                | '}'
                | '#'
                | '&'
                | '*'
                | '!'
                | '|'
                | '>'
                | '\''
                | '"'
                | '%'
                | '@'
                | '`'
        );
        if !indicator && !is_blank_or_end(c) {
            return true;
        }
        !self.blank_follows() && (c == '-' || (!self.in_flow() && matches!(c, '?' | ':')))
    }

    fn scan_to_next_token(&mut self) {
        if self.mark().index == 0 && self.reader.peek() == '\u{feff}' {
            self.reader.forward(1);
        }
        loop {
            self.reader.skip_spaces();
            if self.reader.peek() == '#' {
                self.reader.skip_line();
            }
            if self.reader.line_break().is_none() {
                return;
            }
            if !self.in_flow() {
                self.allow_simple_key = true;
            }
        }
    }
}
