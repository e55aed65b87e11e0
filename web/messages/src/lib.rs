//! What the page and its engine, which runs in a Web Worker, say to each other. The engine judges and
//! puts into words; the page draws. Neither knows more of the other than these types.
//!
//! Places in texts are in UTF-16 code units, as editors count them. A sentence may hold names
//! between backticks.

mod certificates;
mod check;
mod guide;
mod strip;
mod views;

use serde::{Deserialize, Serialize};

pub use certificates::*;
pub use check::*;
pub use guide::*;
pub use strip::*;
pub use views::*;

/// A file of the page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its name, with the folders that it was given with.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// What the user has given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Texts {
    /// The config, then the files that set the environment.
    pub files: Vec<File>,
    /// A LiteLLM release; empty for the image tag's, or the newest.
    pub litellm: String,
    /// A redis-py release; empty for the one that LiteLLM's image ships.
    pub redis_py: String,
    /// Whether the files are a folder's: what runs the config, and with which of them, is worked out.
    /// Else all but the first set the environment.
    #[serde(default)]
    pub folder: bool,
    /// Of a folder's: what runs the config, a [`Runs::name`]; empty for the first.
    #[serde(default)]
    pub deployment: String,
}

impl Texts {
    /// Whether no config is written yet: comments at most.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        let mut lines = self.files.first().into_iter().flat_map(|config| config.text.lines());
        lines.all(|line| line.trim_start().is_empty() || line.trim_start().starts_with('#'))
    }
}

/// A place in one of the files.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct At {
    /// The file's number in [`Texts::files`].
    pub file: u16,
    /// Where it starts.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// `config.yaml:3`
    pub name: String,
}

/// A replacement in one of the files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// The file's number in [`Texts::files`].
    pub file: u16,
    /// Where what is replaced starts.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// What goes in.
    pub insert: String,
}

/// How something looks: its colour. The more it asks for attention, the greater.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named for the classes of the style sheet")]
pub enum Tone {
    #[default]
    Plain,
    Good,
    Hint,
    Warning,
    Error,
}

impl Tone {
    /// Its class in the style sheet; also a severity's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Good => "good",
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// What the page asks. All but the first are about the texts that were checked last.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Ask {
    /// What a check says of these texts; `now` in seconds since 1970.
    Check {
        /// The texts.
        texts: Texts,
        /// Seconds since 1970.
        now: i64,
    },
    /// What is at a place.
    Hover {
        /// The file's number.
        file: u16,
        /// The place.
        at: u32,
    },
    /// What could be written at a place.
    Complete {
        /// The file's number.
        file: u16,
        /// The place.
        at: u32,
        /// Whether the user asked for it.
        explicit: bool,
    },
    /// The edits of all safe fixes.
    FixAll,
    /// Each connection, with where its settings come from.
    Settings,
    /// What other releases would change; empty for automatic.
    Upgrade {
        /// The LiteLLM release.
        litellm: String,
        /// The redis-py release.
        redis_py: String,
    },
    /// The forms that start a configuration.
    Guide(Screen),
    /// The edits that write an answer into the texts.
    Write {
        /// The system's name.
        system: String,
        /// The field.
        field: String,
        /// The answer.
        answer: Given,
    },
    /// The texts that a system starts with.
    Begin {
        /// The system's name.
        system: String,
    },
    /// The configuration in the forms that it is deployed in.
    Export,
    /// The texts without secrets.
    Shareable,
    /// What a log says, held against the texts.
    Diagnose {
        /// The log.
        log: String,
    },
    /// The releases that can be chosen.
    Releases,
    /// What the texts do on all of them.
    Strip,
    /// What comes of a finding's fix.
    Preview {
        /// The finding's place in the list.
        finding: usize,
    },
    /// What becomes of a request's answer.
    Request {
        /// Its JSON.
        json: String,
        /// The endpoint; empty for the one that its JSON is for.
        endpoint: String,
    },
    /// What the check said last, as Markdown.
    Report,
    /// What has a page in the book.
    Pages,
    /// What files are, before they are taken in.
    Sort {
        /// The files.
        files: Vec<File>,
    },
    /// About the certificates that were given; the answer is always what all of them come to.
    Certificates(AskHeld),
}

/// What the page asks of the certificates that were given.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum AskHeld {
    /// What they are.
    Judge,
    /// Takes certificates and keys in.
    Hold {
        /// The file's name.
        name: String,
        /// What it holds.
        bytes: Vec<u8>,
    },
    /// What a held file is; `None` forgets it.
    Assign {
        /// The file's name.
        name: String,
        /// The role's name.
        role: Option<String>,
    },
    /// All of it is put away: other files come in place of those that it belongs to.
    PutAway,
    /// What was put away last comes back, and what is held is put away.
    BringBack,
}

/// What the engine answers: each to the question of its name.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[expect(missing_docs, reason = "named as the questions are")]
pub enum Answer {
    Check(Box<Checked>),
    Hover(Option<Hover>),
    Complete(Option<Completions>),
    FixAll(FixedAll),
    Settings(Settings),
    Upgrade(Result<Box<Upgrade>, String>),
    Guide(Box<Guide>),
    Write(Result<Vec<Edit>, String>),
    Begin(Option<Begun>),
    Export(Result<Vec<Export>, String>),
    Shareable(Vec<String>),
    Diagnose(Diagnosis),
    Releases(Releases),
    Strip(Box<Strip>),
    Preview(Option<Preview>),
    Request(Result<Requested, String>),
    Report(String),
    Pages(Vec<LookUp>),
    Sort(Vec<Sorted>),
    Certificates(Box<Certificates>),
}

/// The releases that can be chosen, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Releases {
    /// LiteLLM's.
    pub litellm: Vec<String>,
    /// redis-py's.
    pub redis_py: Vec<String>,
}

/// A rule, a setting or a variable, which has a page in the book.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookUp {
    /// `RP301 tls-differs-between-clients`, `redis_startup_nodes`
    pub name: String,
    /// What it is, in a few words.
    pub about: String,
    /// `docs/rules/RP301.html`
    pub page: String,
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Sorted {
    /// LiteLLM's config.
    Config {
        /// Whether another of the files runs it.
        runs: bool,
    },
    /// It sets the environment, or says what runs.
    Environment,
    /// Of several files: it speaks of LiteLLM or Redis, and no config runs with it.
    Beside,
    /// Certificates or keys.
    Certificate,
    /// It names releases; empty for one that it leaves open.
    Releases {
        /// LiteLLM's.
        litellm: String,
        /// redis-py's.
        redis_py: String,
    },
    /// Nothing of LiteLLM is in it.
    Nothing,
}
