//! Scalars: block (`|`, `>`), quoted and plain.

use std::borrow::Cow;

use super::{Scan, Scanner};
use crate::character::{END, is_blank_or_end, is_break, is_break_or_end};
use crate::error::{Mark, ReadError, repr};
use crate::token::{Scalar, Style, TokenKind};

/// What a block scalar's header says of the line breaks at its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Chomping {
    Strip,
    Clip,
    Keep,
}

impl<'t> Scanner<'t> {
    pub(super) fn scan_block_scalar(&mut self, style: Style) -> Scan<()> {
        let mut text = String::new();
        let start = self.mark();
        self.reader.forward(1);
        let (chomping, increment) = self.scan_block_scalar_indicators(start)?;
        self.scan_block_scalar_ignored_line(start)?;
        let min_indent = u32::try_from(self.indent + 1).unwrap_or(0).max(1);
        let mut end = self.mark();
        let mut breaks = String::new();
        let indent = if let Some(increment) = increment {
            let indent = min_indent + increment - 1;
            self.scan_block_scalar_breaks(indent, &mut breaks, &mut end);
            indent
        } else {
            let max_indent = self.scan_block_scalar_indentation(&mut breaks, &mut end);
            min_indent.max(max_indent)
        };
        let mut line_break = None;
        while self.mark().column == indent && self.reader.peek() != END {
            text.push_str(&breaks);
            let leading_non_space = !matches!(self.reader.peek(), ' ' | '\t');
            text.push_str(self.reader.take(|c| !is_break(c)));
            line_break = self.reader.line_break();
            breaks.clear();
            self.scan_block_scalar_breaks(indent, &mut breaks, &mut end);
            if self.mark().column != indent || self.reader.peek() == END {
                break;
            }
            let foldable = style == Style::Folded
                && line_break == Some('\n')
                && leading_non_space
                && !matches!(self.reader.peek(), ' ' | '\t');
            if !foldable {
                text.extend(line_break);
            } else if breaks.is_empty() {
                text.push(' ');
            }
        }
        if chomping != Chomping::Strip {
            text.extend(line_break);
        }
        if chomping == Chomping::Keep {
            text.push_str(&breaks);
        }
        self.push_scalar(Cow::Owned(text), style, false, start, end);
        Ok(())
    }

    fn fail_block(&self, start: Mark, problem: String) -> Box<ReadError> {
        self.fail_while("while scanning a block scalar", start, problem)
    }

    fn scan_block_scalar_indicators(&mut self, start: Mark) -> Scan<(Chomping, Option<u32>)> {
        let mut chomping = self.scan_chomping_indicator();
        let increment = self.scan_indentation_indicator(start)?;
        if chomping.is_none() {
            chomping = self.scan_chomping_indicator();
        }
        let c = self.reader.peek();
        if c != ' ' && !is_break_or_end(c) {
            let found = repr(c);
            let problem = format!("expected chomping or indentation indicators, but found {found}");
            return Err(self.fail_block(start, problem));
        }
        Ok((chomping.unwrap_or(Chomping::Clip), increment))
    }

    fn scan_chomping_indicator(&mut self) -> Option<Chomping> {
        let chomping = match self.reader.peek() {
            '+' => Chomping::Keep,
            '-' => Chomping::Strip,
            _ => return None,
        };
        self.reader.forward(1);
        Some(chomping)
    }

    fn scan_indentation_indicator(&mut self, start: Mark) -> Scan<Option<u32>> {
        let increment = self.reader.peek().to_digit(10);
        if increment == Some(0) {
            let problem = "expected indentation indicator in the range 1-9, but found 0";
            return Err(self.fail_block(start, problem.to_owned()));
        }
        if increment.is_some() {
            self.reader.forward(1);
        }
        Ok(increment)
    }

    fn scan_block_scalar_ignored_line(&mut self, start: Mark) -> Scan<()> {
        self.reader.skip_spaces();
        if self.reader.peek() == '#' {
            self.reader.skip_line();
        }
        let c = self.reader.peek();
        if !is_break_or_end(c) {
            let problem = format!("expected a comment or a line break, but found {}", repr(c));
            return Err(self.fail_block(start, problem));
        }
        self.reader.line_break();
        Ok(())
    }

    /// Reads the blank lines before the first line of text; gives the widest indentation.
    fn scan_block_scalar_indentation(&mut self, breaks: &mut String, end: &mut Mark) -> u32 {
        let mut max_indent = 0;
        *end = self.mark();
        loop {
            if self.reader.peek() == ' ' {
                self.reader.skip_spaces();
                max_indent = max_indent.max(self.mark().column);
            } else if let Some(line_break) = self.reader.line_break() {
                breaks.push(line_break);
                *end = self.mark();
            } else {
                return max_indent;
            }
        }
    }

    fn scan_block_scalar_breaks(&mut self, indent: u32, breaks: &mut String, end: &mut Mark) {
        *end = self.mark();
        loop {
            while self.mark().column < indent && self.reader.peek() == ' ' {
                self.reader.forward(1);
            }
            let Some(line_break) = self.reader.line_break() else {
                return;
            };
            breaks.push(line_break);
            *end = self.mark();
        }
    }

    pub(super) fn scan_flow_scalar(&mut self, style: Style) -> Scan<()> {
        let double = style == Style::DoubleQuoted;
        let start = self.mark();
        let quote = self.reader.peek();
        self.reader.forward(1);
        let mut scalar = Quoted { double, start, text: String::new(), surrogate: false };
        self.scan_flow_scalar_non_spaces(&mut scalar)?;
        while self.reader.peek() != quote {
            self.scan_flow_scalar_spaces(&mut scalar)?;
            self.scan_flow_scalar_non_spaces(&mut scalar)?;
        }
        self.reader.forward(1);
        let end = self.mark();
        self.push_scalar(Cow::Owned(scalar.text), style, scalar.surrogate, start, end);
        Ok(())
    }

    fn scan_flow_scalar_non_spaces(&mut self, scalar: &mut Quoted) -> Scan<()> {
        loop {
            let stops = |c| is_blank_or_end(c) || matches!(c, '\'' | '"' | '\\');
            scalar.text.push_str(self.reader.take(|c| !stops(c)));
            let c = self.reader.peek();
            match (scalar.double, c) {
                (false, '\'') if self.reader.peek_at(1) == '\'' => {
                    scalar.text.push('\'');
                    self.reader.forward(2);
                }
                (true, '\'') | (false, '"' | '\\') => {
                    scalar.text.push(c);
                    self.reader.forward(1);
                }
                (true, '\\') => {
                    self.reader.forward(1);
                    self.scan_escape(scalar)?;
                }
                _ => return Ok(()),
            }
        }
    }

    /// What follows a `\` in double quotes.
    fn scan_escape(&mut self, scalar: &mut Quoted) -> Scan<()> {
        let c = self.reader.peek();
        let replacement = match c {
            '0' => '\0',
            'a' => '\x07',
            'b' => '\x08',
            't' | '\t' => '\t',
            'n' => '\n',
            'v' => '\x0b',
            'f' => '\x0c',
            'r' => '\r',
            'e' => '\x1b',
            ' ' | '"' | '\\' | '/' => c,
            'N' => '\u{85}',
            '_' => '\u{a0}',
            'L' => '\u{2028}',
            'P' => '\u{2029}',
            'x' => return self.scan_code_escape(scalar, 2),
            'u' => return self.scan_code_escape(scalar, 4),
            'U' => return self.scan_code_escape(scalar, 8),
            _ if is_break(c) => {
                self.reader.line_break();
                return self.scan_flow_scalar_breaks(scalar).map(|breaks| {
                    scalar.text.push_str(&breaks);
                });
            }
            _ => {
                let problem = format!("found unknown escape character {}", repr(c));
                return Err(self.fail_double(scalar.start, problem));
            }
        };
        scalar.text.push(replacement);
        self.reader.forward(1);
        Ok(())
    }

    fn fail_double(&self, start: Mark, problem: String) -> Box<ReadError> {
        self.fail_while("while scanning a double-quoted scalar", start, problem)
    }

    /// `\xHH`, `\uHHHH` or `\UHHHHHHHH`.
    fn scan_code_escape(&mut self, scalar: &mut Quoted, length: usize) -> Scan<()> {
        self.reader.forward(1);
        let mut code: u32 = 0;
        for at in 0..length {
            let c = self.reader.peek_at(at);
            let Some(digit) = c.to_digit(16) else {
                let problem = format!(
                    "expected escape sequence of {length} hexadecimal numbers, but found {}",
                    repr(c)
                );
                return Err(self.fail_double(scalar.start, problem));
            };
            code = code << 4 | digit;
        }
        let plain = |exception, problem: &str| {
            let span = self.span_at(self.mark());
            Box::new(ReadError::plain(exception, problem, span))
        };
        if let Some(c) = char::from_u32(code) {
            scalar.text.push(c);
        } else if code <= 0xffff {
            scalar.text.push(char::REPLACEMENT_CHARACTER);
            scalar.surrogate = true;
        } else if code <= 0x7fff_ffff {
            return Err(plain("ValueError", "chr() arg not in range(0x110000)"));
        } else {
            let problem = "Python int too large to convert to C int";
            return Err(plain("OverflowError", problem));
        }
        self.reader.forward(length);
        Ok(())
    }

    fn scan_flow_scalar_spaces(&mut self, scalar: &mut Quoted) -> Scan<()> {
        let whitespaces = self.reader.take(|c| matches!(c, ' ' | '\t'));
        if self.reader.peek() == END {
            let problem = "found unexpected end of stream";
            return Err(self.fail_while("while scanning a quoted scalar", scalar.start, problem));
        }
        if let Some(line_break) = self.reader.line_break() {
            let breaks = self.scan_flow_scalar_breaks(scalar)?;
            if line_break != '\n' {
                scalar.text.push(line_break);
            } else if breaks.is_empty() {
                scalar.text.push(' ');
            }
            scalar.text.push_str(&breaks);
        } else {
            scalar.text.push_str(whitespaces);
        }
        Ok(())
    }

    fn scan_flow_scalar_breaks(&mut self, scalar: &Quoted) -> Scan<String> {
        let mut breaks = String::new();
        loop {
            if self.reader.at_document_separator() {
                let context = "while scanning a quoted scalar";
                let problem = "found unexpected document separator";
                return Err(self.fail_while(context, scalar.start, problem));
            }
            self.reader.take(|c| matches!(c, ' ' | '\t'));
            match self.reader.line_break() {
                Some(line_break) => breaks.push(line_break),
                None => return Ok(breaks),
            }
        }
    }

    pub(super) fn scan_plain(&mut self) {
        let start = self.mark();
        let mut end = start;
        let indent = self.indent + 1;
        // A scalar on one line is a stretch of the text; a folded one is put together here.
        let mut folded: Option<String> = None;
        let mut spaces = Spaces::Blanks;
        while self.reader.peek() != '#' {
            let run = self.plain_run();
            if run.is_empty() {
                break;
            }
            self.allow_simple_key = false;
            if let Spaces::Breaks(breaks) = &spaces {
                let so_far = &self.reader.text[start.offset as usize..end.offset as usize];
                let text = folded.get_or_insert_with(|| so_far.to_owned());
                text.push_str(breaks);
                text.push_str(run);
            } else if let Some(text) = &mut folded {
                let gap = &self.reader.text[end.offset as usize..self.mark().offset as usize];
                text.push_str(gap);
                text.push_str(run);
            }
            self.reader.skip(run);
            end = self.mark();
            spaces = self.scan_plain_spaces();
            let ended = matches!(spaces, Spaces::None)
                || self.reader.peek() == '#'
                || (!self.in_flow() && i64::from(self.mark().column) < indent);
            if ended {
                break;
            }
        }
        let text = match folded {
            Some(text) => Cow::Owned(text),
            None => Cow::Borrowed(&self.reader.text[start.offset as usize..end.offset as usize]),
        };
        self.push_scalar(text, Style::Plain, false, start, end);
    }

    /// The characters from the cursor up to a blank or an indicator that ends a plain scalar.
    fn plain_run(&self) -> &'t str {
        let in_flow = self.in_flow();
        let rest = self.reader.rest();
        let is_word =
            |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/');
        let mut at = 0;
        loop {
            at += rest.as_bytes()[at..].iter().take_while(|byte| is_word(byte)).count();
            let mut characters = rest[at..].chars();
            let Some(c) = characters.next() else { return rest };
            let next = characters.next().unwrap_or(END);
            let ends = is_blank_or_end(c)
                || (c == ':'
                    && (is_blank_or_end(next)
                        || (in_flow && matches!(next, ',' | '[' | ']' | '{' | '}'))))
                || (in_flow && matches!(c, ',' | '?' | '[' | ']' | '{' | '}'));
            if ends {
                return &rest[..at];
            }
            at += c.len_utf8();
        }
    }

    fn scan_plain_spaces(&mut self) -> Spaces {
        let blanks = self.reader.skip_spaces();
        let Some(line_break) = self.reader.line_break() else {
            return if blanks == 0 { Spaces::None } else { Spaces::Blanks };
        };
        self.allow_simple_key = true;
        if self.reader.at_document_separator() {
            return Spaces::None;
        }
        let mut breaks = String::new();
        loop {
            self.reader.skip_spaces();
            let Some(another) = self.reader.line_break() else {
                break;
            };
            breaks.push(another);
            if self.reader.at_document_separator() {
                return Spaces::None;
            }
        }
        if line_break != '\n' {
            breaks.insert(0, line_break);
        } else if breaks.is_empty() {
            return Spaces::Breaks(Cow::Borrowed(" "));
        }
        Spaces::Breaks(Cow::Owned(breaks))
    }

    fn push_scalar(
        &mut self,
        text: Cow<'t, str>,
        style: Style,
        surrogate: bool,
        start: Mark,
        end: Mark,
    ) {
        let kind = TokenKind::Scalar(Scalar { text, style, surrogate });
        self.tokens.push_back(super::Token { kind, start, end });
    }
}

/// A quoted scalar as it is read.
struct Quoted {
    double: bool,
    start: Mark,
    text: String,
    surrogate: bool,
}

/// What is between two words of a plain scalar.
enum Spaces {
    None,
    Blanks,
    /// What the line breaks fold to.
    Breaks(Cow<'static, str>),
}
