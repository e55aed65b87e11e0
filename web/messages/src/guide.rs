//! The forms that start a configuration.

use serde::{Deserialize, Serialize};

use crate::{At, Tone};

/// What the view of the forms is to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Screen {
    /// The form that fits the text, where one does; else the systems. While the text can't be
    /// read, the form of this system.
    ByText(Option<String>),
    /// The systems to choose from.
    Systems,
    /// This system's form.
    Form(String),
}

/// The forms, as they are shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guide {
    /// The system that the texts hold.
    pub found: Option<String>,
    /// Whether the config can be read.
    pub readable: bool,
    /// `LiteLLM 1.80.0 on redis-py 5.3.1`
    pub pair: String,
    /// The systems to choose from.
    pub offers: Vec<Offer>,
    /// The form that is to be shown.
    pub form: Option<Form>,
}

/// A system.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Its name.
    pub name: String,
    /// What it is.
    pub sentence: String,
    /// Why it can't be on the releases at hand.
    pub refused: Option<String>,
    /// What to mind.
    pub cautions: Vec<String>,
}

/// One system's form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Form {
    /// The system.
    pub system: Offer,
    /// Whether the text is that of another one.
    pub differs: bool,
    /// The fields; `None` while the config can't be read.
    pub fields: Option<Vec<Field>>,
}

/// A field with its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// Its name within the form.
    pub id: String,
    /// What is before it.
    pub label: String,
    /// What it is for.
    pub help: String,
    /// What it takes.
    pub kind: FieldKind,
    /// Whether there must be an answer.
    pub required: bool,
    /// What holds without one.
    pub default: String,
    /// The answer that the texts hold.
    pub answer: Given,
    /// Why it can't be answered on these releases.
    pub refused: Option<String>,
    /// Where the texts hold it: the lines.
    pub lines: Vec<At>,
    /// What is to be said of it.
    pub said: Vec<Said>,
}

/// A remark on a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// How bad it is.
    pub severity: Tone,
    /// A sentence.
    pub text: String,
    /// Where.
    pub at: Option<At>,
}

/// What a field takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldKind {
    /// A line of text.
    Line,
    /// A whole number.
    Whole,
    /// A number.
    Number,
    /// One of these.
    Choice(Vec<String>),
    /// Some of these.
    Several(Vec<String>),
    /// Yes or no.
    Flag,
    /// Servers.
    Servers,
}

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Given {
    /// Nothing.
    Nothing,
    /// One line.
    Text(String),
    /// Yes or no.
    Flag(bool),
    /// Servers: host and port of each.
    Servers(Vec<(String, String)>),
    /// Some of the choices.
    Several(Vec<String>),
    /// Nothing that the form could hold, in words.
    Other(String),
}

/// The texts that a system starts with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// `config.yaml`
    pub config: String,
    /// `.env`
    pub env: String,
}
