//! What an editor shows while someone writes: documentation under the mouse, and what could be
//! written at the cursor. Both work in a text that is not YAML at the moment.
//!
//! The texts may hold names between backticks, and no other markup.

mod complete;
mod completion;
mod documentation;
mod effect;
mod effective;
mod hover;
mod keys;
mod lines;
mod outline;
mod place;
mod values;

use std::borrow::Cow;

use base::source::{SourceId, Span};
use deployment::environment::Format;
use deployment::manifest;
use report::Report;

pub use complete::complete;
pub use completion::{Completion, CompletionKind, Completions};
pub use documentation::Documentation;
pub use effective::Effective;
pub use hover::{Hover, hover};

/// One of a report's texts, as an editor asks about it.
struct File<'r> {
    report: &'r Report,
    source: SourceId,
    /// The text, templates replaced by as many letters or blanks.
    text: Cow<'r, str>,
    form: Form,
}

/// How a text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// LiteLLM's config, or a manifest that holds it.
    Config,
    /// A manifest, Helm values or a compose file.
    Manifest,
    /// `NAME=value` lines.
    Dotenv,
    /// `export NAME=value` lines.
    Shell,
}

impl<'r> File<'r> {
    /// `None` where the report has no such source, or nothing can be said about its format.
    fn new(report: &'r Report, source: SourceId) -> Option<Self> {
        let found = report.sources.iter().find(|candidate| candidate.id == source)?;
        let form = if source == SourceId::CONFIG {
            Form::Config
        } else {
            match Format::detect(&found.name, &found.text) {
                Format::Dotenv => Form::Dotenv,
                Format::Shell => Form::Shell,
                Format::Kubernetes | Format::Compose => Form::Manifest,
                Format::Pins => return None,
            }
        };
        let yaml = matches!(form, Form::Config | Form::Manifest);
        let substituted = if yaml { manifest::substitute(&found.name, &found.text) } else { None };
        let text = match substituted {
            Some((text, _)) => Cow::Owned(text),
            None => Cow::Borrowed(found.text.as_str()),
        };
        Some(Self { report, source, text, form })
    }

    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.source, range.start, range.end)
    }

    /// The offset, moved back to where a character starts.
    fn offset(&self, offset: u32) -> usize {
        self.text.floor_char_boundary(usize::try_from(offset).unwrap_or(usize::MAX))
    }
}

/// The texts of the examples and of the rules' examples, for tests.
#[cfg(test)]
fn examples() -> Vec<(String, String)> {
    let mut found = vec![];
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples");
    for folder in [folder.to_owned(), format!("{folder}/seeds")] {
        for file in std::fs::read_dir(folder).expect("the examples") {
            let path = file.expect("a file").path();
            if let Ok(text) = std::fs::read_to_string(&path) {
                found.push((path.display().to_string(), text));
            }
        }
    }
    for check in judge::rules::CHECKS {
        for example in [&check.failing, &check.fixed] {
            found.push((check.rule.code.to_owned(), example.config.to_owned()));
        }
    }
    found.sort();
    found
}
