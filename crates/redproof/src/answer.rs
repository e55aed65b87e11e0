//! How a command prints its answer: a type for each form, and for each answer a [`Formatter`] in a file of its own.

use crate::args::{AnswerFormat, CompareFormat, ProbeFormat};
use crate::output::{self, Failure};

/// For people, at a terminal.
pub(crate) struct Human {
    pub(crate) coloured: bool,
}

/// One JSON document: its types and their formatters are in [`crate::documents`].
pub(crate) struct Json;

/// A pull request's comment.
pub(crate) struct Markdown;

/// `JUnit` XML.
pub(crate) struct Junit;

/// A form that `--format` names.
pub(crate) trait Form {
    /// Whether people read it: then nothing in it may act on a terminal or on CI.
    const IS_FOR_PEOPLE: bool;
}

impl Form for Human {
    const IS_FOR_PEOPLE: bool = true;
}

impl Form for Json {
    const IS_FOR_PEOPLE: bool = false;
}

impl Form for Markdown {
    const IS_FOR_PEOPLE: bool = true;
}

impl Form for Junit {
    const IS_FOR_PEOPLE: bool = false;
}

/// Writes an answer in this form.
pub(crate) trait Formatter<A: ?Sized>: Form {
    /// The answer as it is printed.
    fn text(&self, answer: &A) -> String;

    /// Prints it on standard output.
    ///
    /// # Errors
    /// When standard output can't be written.
    fn print(&self, answer: &A) -> Result<(), Failure> {
        let text = self.text(answer);
        if Self::IS_FOR_PEOPLE { output::say(&text) } else { output::write_all(text.as_bytes()) }
    }
}

impl Human {
    /// As standard output takes it.
    pub(crate) fn here() -> Self {
        Self { coloured: output::coloured() }
    }
}

impl AnswerFormat {
    /// Prints an answer as `--format` says.
    ///
    /// # Errors
    /// When standard output can't be written.
    pub(crate) fn print<A: ?Sized>(self, answer: &A) -> Result<(), Failure>
    where
        Human: Formatter<A>,
        Json: Formatter<A>,
    {
        match self {
            Self::Human => Human::here().print(answer),
            Self::Json => Json.print(answer),
        }
    }
}

impl CompareFormat {
    /// Prints an answer as `--format` says.
    ///
    /// # Errors
    /// When standard output can't be written.
    pub(crate) fn print<A: ?Sized>(self, answer: &A) -> Result<(), Failure>
    where
        Human: Formatter<A>,
        Markdown: Formatter<A>,
        Json: Formatter<A>,
    {
        match self {
            Self::Human => Human::here().print(answer),
            Self::Markdown => Markdown.print(answer),
            Self::Json => Json.print(answer),
        }
    }
}

impl ProbeFormat {
    /// Prints an answer as `--format` says.
    ///
    /// # Errors
    /// When standard output can't be written.
    pub(crate) fn print<A: ?Sized>(self, answer: &A) -> Result<(), Failure>
    where
        Human: Formatter<A>,
        Json: Formatter<A>,
        Junit: Formatter<A>,
    {
        match self {
            Self::Human => Human::here().print(answer),
            Self::Json => Json.print(answer),
            Self::Junit => Junit.print(answer),
        }
    }
}
