//! Writing to standard output and standard error.

use std::fmt;
use std::io::{self, Write};

use redproof_core::visible::{is_hidden, push_sign};

use crate::style::{BAD, NOTABLE, paint};

/// Why a command can't do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// In words for the user.
    Said(String),
    /// The reader of our output went away: nothing to say.
    ReaderGone,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Said(text) => f.write_str(text),
            Self::ReaderGone => f.write_str("the output was closed"),
        }
    }
}

impl From<redproof_core::releases::ReleaseError> for Failure {
    fn from(error: redproof_core::releases::ReleaseError) -> Self {
        Self::Said(error.to_string())
    }
}

impl Failure {
    /// A failed write.
    pub(crate) fn writing(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::ReaderGone
        } else {
            Self::Said(format!("cannot write the output: {error}"))
        }
    }
}

/// Prints a failure on standard error.
pub(crate) fn complain(failure: &Failure) {
    if let Failure::Said(text) = failure {
        let mut stderr = anstream::stderr().lock();
        // Nowhere left to say that standard error is closed.
        let _ = writeln!(stderr, "{} {}", paint("error:", BAD, true), harmless(text));
    }
}

/// Prints a remark on standard error.
pub(crate) fn note(text: &str) {
    let mut stderr = anstream::stderr().lock();
    // Nowhere left to say that standard error is closed.
    let _ = writeln!(stderr, "{} {}", paint("note:", NOTABLE, true), harmless(text));
}

/// Whether standard output takes colour: a terminal, unless `--color` or `NO_COLOR` say otherwise.
pub(crate) fn coloured() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// Writes what people read, and flushes: nothing in it acts on the terminal but our own colours, and
/// no line of it is a command to what runs CI.
///
/// # Errors
/// When standard output can't be written.
pub(crate) fn say(text: &str) -> Result<(), Failure> {
    write_all(harmless(text).as_bytes())
}

/// Writes a diff, as [`say`] does; a mark of the byte order stays at the start of a file, so that `patch`
/// and `git apply` find it there.
///
/// # Errors
/// When standard output can't be written.
pub(crate) fn say_diff(text: &str) -> Result<(), Failure> {
    let shown = text.split_inclusive('\n').map(|line| {
        let marked = line.get(1..).and_then(|rest| rest.strip_prefix('\u{feff}'));
        match marked.filter(|_| line.starts_with([' ', '+', '-'])) {
            Some(rest) => format!("{}\u{feff}{}", &line[..1], harmless(rest)),
            None => harmless(line),
        }
    });
    write_all(shown.collect::<String>().as_bytes())
}

/// A text without what would act on a terminal or on CI; ends of lines stay what they are. Every command's words for people pass
/// through here, whatever was done to them before.
pub(crate) fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let start = line.trim_start();
        // `::error::…`; `##[error]…`, `##vso[…]`, `##teamcity[…]`
        let command = start.strip_prefix("##").is_some_and(|name| {
            name.trim_start_matches(|c: char| c.is_ascii_alphanumeric()).starts_with('[')
        });
        // A frame's `::: file` is not a command: three colons name none.
        if command || start.starts_with("::") && !start.starts_with("::: ") {
            shown.push('\\');
        }
        let (mut rest, end) = match line.strip_suffix("\r\n") {
            Some(rest) => (rest, "\r\n"),
            None => (line, ""),
        };
        // Most lines are plain, and thousands of files have many.
        if rest.bytes().all(|byte| byte == b'\t' || matches!(byte, b' '..=b'~')) {
            shown.push_str(line);
            continue;
        }
        while let Some(at) = rest.find(|c| is_hidden(c) && c != '\n' && c != '\t') {
            shown.push_str(&rest[..at]);
            rest = &rest[at..];
            if let Some(length) = colour(rest) {
                shown.push_str(&rest[..length]);
                rest = &rest[length..];
            } else if let Some(c) = rest.chars().next() {
                push_sign(c, &mut shown);
                rest = &rest[c.len_utf8()..];
            }
        }
        shown.push_str(rest);
        shown.push_str(end);
    }
    shown
}

/// How long the colour is that a text starts with: `ESC [ 1;31 m`, as we write it.
fn colour(text: &str) -> Option<usize> {
    let inside = text.strip_prefix("\u{1b}[")?;
    let end = inside.find('m')?;
    let own = |code: &str| {
        matches!(code, "" | "0" | "1" | "2" | "22" | "39")
            || matches!(code.parse(), Ok(30..=37 | 90..=97))
    };
    (end <= 8 && inside[..end].split(';').all(own)).then_some(2 + end + 1)
}

/// Writes everything and flushes.
///
/// # Errors
/// When standard output can't be written.
pub(crate) fn write_all(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(|error| Failure::writing(&error))
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn nothing_acts_on_a_terminal_or_on_ci() {
        for (text, shown) in [
            ("\u{1b}[1;31merror\u{1b}[0m: a\n", "\u{1b}[1;31merror\u{1b}[0m: a\n"),
            ("h\u{1b}]0;pwn\u{7}\u{1b}[2Jx", "h␛]0;pwn␇␛[2Jx"),
            ("a\u{1b}[8mb", "a␛[8mb"),
            ("a\n::error file=x::pwn\n", "a\n\\::error file=x::pwn\n"),
            ("\n ::: .env:1:11\n", "\n ::: .env:1:11\n"),
            ("  ##vso[task]\n", "\\  ##vso[task]\n"),
            ("a\rb\u{202e}c", "a␍b\\u{202e}c"),
        ] {
            assert_eq!(harmless(text), shown);
        }
    }
}
