//! YAML text to values with spans, as PyYAML's `safe_load` reads it.

pub mod patch;

use crate::python::Value;
use crate::source::SourceId;

/// A config file that was read.
#[derive(Clone, Debug)]
pub struct Document {
    /// What `yaml.safe_load` returns: `None` for an empty text.
    pub root: Value,
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
    pub span: crate::source::Span,
    /// Where the context started.
    pub context_span: Option<crate::source::Span>,
}

impl std::fmt::Display for ReadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.problem)
    }
}

/// Reads one config text as `yaml.safe_load(text)` does.
///
/// # Errors
/// Where PyYAML raises, with its class and message.
pub fn read(_source: SourceId, _text: &str) -> Result<Document, ReadError> {
    Ok(Document {
        root: Value::new(
            crate::python::Data::None,
            crate::python::Origin::LitellmDefault("empty file"),
        ),
    })
}
