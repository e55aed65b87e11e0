//! YAML text to values with spans, as PyYAML's `safe_load` reads it.
//!
//! A port of PyYAML 6's pure-Python loader, stage by stage under its own names, so that both can be
//! read side by side: `reader` → `scanner` → `parser` → `composer` (with `resolver`) → `construct`.
//! What YAML 1.1 and PyYAML's own habits make of a text, errors and their places included, is what
//! LiteLLM sees; `docs/yaml.md` counts how often this differs.

mod character;
mod composer;
mod construct;
mod error;
mod node;
mod parser;
mod path;
mod reader;
mod resolver;
mod scanner;
mod timestamp;
mod token;

pub use error::{Mark, ReadError};
pub use path::{Located, Path, Step};

pub mod patch;

use base::source::{SourceId, Span};
use python::Value;

/// Whether a plain scalar is text, and not a number, a boolean or the like.
pub fn is_text(scalar: &str) -> bool {
    resolver::is_str(scalar)
}

/// A config file that was read.
#[derive(Clone, Debug)]
pub struct Document {
    /// What `yaml.safe_load` returns: `None` for an empty text.
    pub root: Value,
}

/// Reads one config text as `yaml.safe_load(text)` does.
///
/// Every value's origin is `Origin::Config` with the span in which it is written; for an alias,
/// that of the alias. Texts from 4 GiB on are refused.
///
/// # Errors
/// Where PyYAML raises, with its class and message.
#[allow(clippy::result_large_err, reason = "read once a file")]
pub fn read(source: SourceId, text: &str) -> Result<Document, ReadError> {
    if u32::try_from(text.len()).is_err() {
        let start = Span::new(source, 0, 0);
        let problem = "the text is larger than 4 GiB";
        return Err(ReadError::plain("MemoryError", problem, start));
    }
    let graph = composer::compose(source, text).map_err(|error| *error)?;
    let root = construct::construct(source, graph).map_err(|error| *error)?;
    Ok(Document { root })
}
