//! Why a text can't be loaded: PyYAML's exceptions, with its own words.

use std::fmt;

use base::source::Span;
use python::convert::repr_str;

/// A place in the text as PyYAML counts it; lines and columns from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// Bytes from the start.
    pub offset: u32,
    /// Characters from the start.
    pub index: u32,
    /// The line, from 0. CR, LF, CRLF, NEL, LS and PS end one.
    pub line: u32,
    /// The column, from 0, in characters, byte order marks left out.
    pub column: u32,
}

/// Why a text is not YAML to PyYAML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// The Python class: `ScannerError`, `ParserError`, `ComposerError`, `ConstructorError`,
    /// `ReaderError`, `ValueError` …
    pub exception: &'static str,
    /// What PyYAML prints after the place: `mapping values are not allowed here`.
    pub problem: String,
    /// What PyYAML was about: `while scanning a simple key`.
    pub context: Option<String>,
    /// Where the problem is.
    pub span: Span,
    /// Where the context started.
    pub context_span: Option<Span>,
    /// The problem's place as PyYAML reports it; `None` for exceptions without one (`ValueError`).
    pub mark: Option<Mark>,
    /// The context's place as PyYAML reports it.
    pub context_mark: Option<Mark>,
}

impl ReadError {
    /// An exception that PyYAML does not raise itself and that names no place.
    pub(super) fn plain(exception: &'static str, problem: impl Into<String>, span: Span) -> Self {
        Self {
            exception,
            problem: problem.into(),
            context: None,
            span,
            context_span: None,
            mark: None,
            context_mark: None,
        }
    }

    /// `yaml.reader.ReaderError`.
    pub(super) fn unacceptable(c: char, position: usize, span: Span) -> Self {
        let index = u32::try_from(position).unwrap_or(u32::MAX);
        let mark = Mark { offset: span.start, index, ..Mark::default() };
        let code = u32::from(c);
        Self {
            mark: Some(mark),
            ..Self::plain(
                "ReaderError",
                format!("unacceptable character #x{code:04x}: special characters are not allowed"),
                span,
            )
        }
    }

    /// `str(exception)` when the YAML is loaded from a file of this name.
    pub fn message(&self, name: &str) -> String {
        self.render(name, None)
    }

    /// `str(exception)` when the YAML is loaded from a `str`, which shows the line.
    pub fn message_with_snippet(&self, text: &str) -> String {
        self.render("<unicode string>", Some(text))
    }

    fn render(&self, name: &str, text: Option<&str>) -> String {
        if self.exception == "ReaderError" {
            let position = self.mark.map_or(0, |mark| mark.index);
            return format!("{}\n  in \"{name}\", position {position}", self.problem);
        }
        let mut lines = Vec::new();
        lines.extend(self.context.clone());
        if let Some(at) = self.context_mark {
            let elsewhere = |mark: Mark| (at.line, at.column) != (mark.line, mark.column);
            if self.mark.is_none_or(elsewhere) {
                lines.push(at.describe(name, text));
            }
        }
        lines.push(self.problem.clone());
        if let Some(at) = self.mark {
            lines.push(at.describe(name, text));
        }
        lines.join("\n")
    }
}

/// `str(exception)` as LiteLLM prints it for a file that is called `config.yaml`.
impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message("config.yaml"))
    }
}

impl std::error::Error for ReadError {}

impl Mark {
    fn describe(self, name: &str, text: Option<&str>) -> String {
        let (line, column) = (self.line + 1, self.column + 1);
        let place = format!("  in \"{name}\", line {line}, column {column}");
        match text {
            None => place,
            Some(text) => format!("{place}:\n{}", self.snippet(text)),
        }
    }

    /// `Mark.get_snippet`: the line around the place, at most 75 characters, and a caret below.
    fn snippet(self, text: &str) -> String {
        const HALF: usize = 36;
        let ends = |c: char| super::character::is_break_or_end(c);
        let (before, after) = text.split_at(self.offset as usize);
        let mut head = "";
        let mut left: Vec<char> = Vec::new();
        for c in before.chars().rev().take_while(|c| !ends(*c)) {
            left.push(c);
            if left.len() > HALF {
                head = " ... ";
                left.truncate(left.len() - 5);
                break;
            }
        }
        let mut tail = "";
        let mut right: Vec<char> = Vec::new();
        for c in after.chars().take_while(|c| !ends(*c)) {
            right.push(c);
            if right.len() > HALF {
                tail = " ... ";
                right.truncate(right.len() - 5);
                break;
            }
        }
        let caret = " ".repeat(4 + left.len() + head.len());
        let line: String = left.into_iter().rev().chain(right).collect();
        format!("    {head}{line}{tail}\n{caret}^")
    }
}

/// `%r` of one character.
pub(super) fn repr(c: char) -> String {
    repr_str(c.encode_utf8(&mut [0; 4]))
}
