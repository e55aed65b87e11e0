//! What a completion is: a text that could be written, and what is shown of it.

use base::source::Span;

use super::documentation::Documentation;

/// What could be written in place of a stretch of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completions {
    /// What is replaced; it holds the place that was asked about, or ends there. Its part up to
    /// that place is what was typed so far.
    pub span: Span,
    /// What could be there, the most useful first. What was typed so far does not narrow it.
    pub items: Vec<Completion>,
}

/// Something that could be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    /// What it is called: what was typed so far is the start of it, or a part.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// A few words beside the label.
    pub detail: String,
    /// More about it.
    pub documentation: Option<Documentation>,
    /// The text to write, colon and line breaks included.
    pub insert: String,
    /// Where the cursor goes, in bytes from the start of `insert`.
    pub cursor: usize,
    /// Why it is of no use here: `no effect here`, `deprecated`. Such items come last.
    pub mark: Option<&'static str>,
}

/// What a completion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CompletionKind {
    /// A key that holds a value.
    Key,
    /// A key that holds further keys.
    Section,
    /// A value.
    Value,
    /// A variable.
    Variable,
    /// A reference to a variable: `os.environ/REDIS_HOST`.
    Reference,
}

impl CompletionKind {
    /// `key`
    pub fn name(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Section => "section",
            Self::Value => "value",
            Self::Variable => "variable",
            Self::Reference => "reference",
        }
    }
}

impl Completion {
    /// An item that is written as it is called, the cursor behind it.
    pub(super) fn new(label: impl Into<String>, kind: CompletionKind) -> Self {
        let label = label.into();
        let insert = label.clone();
        Self {
            label,
            kind,
            detail: String::new(),
            documentation: None,
            insert,
            cursor: 0,
            mark: None,
        }
        .cursor_last()
    }

    pub(super) fn cursor_last(mut self) -> Self {
        self.cursor = self.insert.len();
        self
    }

    /// Puts something around what is written; the cursor stays where it is within that.
    pub(super) fn around(mut self, before: &str, after: &str) -> Self {
        self.insert = format!("{before}{}{after}", self.insert);
        self.cursor += before.len();
        self
    }
}
