//! Writing to standard output and standard error.

use std::fmt;
use std::io::{self, Write};

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
        let _ = writeln!(stderr, "\u{1b}[1;31merror:\u{1b}[0m {text}");
    }
}

/// Prints a remark on standard error.
pub(crate) fn note(text: &str) {
    let mut stderr = anstream::stderr().lock();
    // Nowhere left to say that standard error is closed.
    let _ = writeln!(stderr, "\u{1b}[1;36mnote:\u{1b}[0m {text}");
}

/// Whether standard output takes colour: a terminal, unless `--color` or `NO_COLOR` say otherwise.
pub(crate) fn coloured() -> bool {
    anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// Writes everything and flushes.
///
/// # Errors
/// When standard output can't be written.
pub(crate) fn write_all(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(|error| Failure::writing(&error))
}
