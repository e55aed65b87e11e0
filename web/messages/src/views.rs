//! The views beside the check.

use serde::{Deserialize, Serialize};

use crate::{At, Note, Tone};

/// Each connection that LiteLLM would open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Why there is none.
    pub none: String,
    /// The connections; a sync and an async one that hold the same are one.
    pub connections: Vec<Connection>,
    /// What holds start-up up while Redis is unreachable.
    pub waits: Vec<Wait>,
    /// What is cached and what is shared, where LiteLLM starts.
    pub served: Option<Served>,
}

/// A client that holds start-up up while its Redis is unreachable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// Whose it is.
    pub consumer: String,
    /// `redis:6379`
    pub target: String,
    /// How long, in words.
    pub time: String,
}

/// One connection, with where its settings come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Whose it is.
    pub consumer: String,
    /// `sync`, `async`, `sync and async`.
    pub api: String,
    /// `cluster`, `sentinel`.
    pub kind: Option<String>,
    /// `host:port`
    pub address: String,
    /// What it finds through that.
    pub target: Option<String>,
    /// Whether it speaks TLS.
    pub badge: Option<(Tone, String)>,
    /// Used only if this Redis answers when LiteLLM starts.
    pub only_if_reachable: bool,
    /// Why it can't be opened.
    pub error: Option<String>,
    /// Its settings.
    pub rows: Vec<Row>,
}

/// A setting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// Its name.
    pub setting: String,
    /// Its value.
    pub value: String,
    /// Where it comes from.
    pub origin: String,
    /// Where that is.
    pub at: Option<At>,
    /// What it won over, the strongest first.
    pub overrode: Vec<Note>,
}

/// What the proxy caches, and what its replicas share.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Served {
    /// What replicas share through Redis.
    pub shared: Vec<Shared>,
    /// What is cached.
    pub cached: Vec<Row>,
    /// The endpoints whose answers can be cached.
    pub endpoints: Vec<String>,
}

/// What becomes of one request's answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Requested {
    /// How that looks.
    pub tone: Tone,
    /// `/chat/completions to gpt-4o: cached`
    pub headline: String,
    /// Where, how long, why.
    pub rows: Vec<Row>,
}

/// A part that replicas share, or don't.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The part.
    pub part: String,
    /// Where it is kept.
    pub holder: String,
    /// Whether it is shared.
    pub shared: Option<bool>,
    /// Why.
    pub why: Option<String>,
}

/// What other releases change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Upgrade {
    /// `LiteLLM 1.80.0 on redis-py 5.3.1`
    pub from: String,
    /// The same of the other pair.
    pub to: String,
    /// Where nothing is newer than what is checked: that this is what brought it here.
    pub instead: Option<String>,
    /// The pair that is not checked yet, LiteLLM's and redis-py's release: what a button chooses.
    pub other: (String, String),
    /// Where both are the same pair: a newer redis-py to compare with.
    pub same: Option<Option<String>>,
    /// In a sentence, and how it looks.
    pub conclusion: (Tone, String),
    /// `1 breaking change`
    pub tallies: Vec<(Tone, String)>,
    /// What LiteLLM raises on both.
    pub stops: Option<String>,
    /// The changes, under headings.
    pub groups: Vec<(String, Vec<Change>)>,
    /// Findings that appear, that vanish.
    pub findings: Vec<(String, Vec<Found>)>,
    /// Defects that come in, that go.
    pub defects: Vec<(String, Vec<Defect>)>,
    /// What lies between, if one goes first.
    pub detours: Vec<(String, Vec<Stop>)>,
}

/// A change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// How it looks, and what it does.
    pub verdict: (Tone, String),
    /// What changes.
    pub title: String,
    /// Today.
    pub before: Side,
    /// Then.
    pub after: Side,
    /// What that means.
    pub consequence: String,
    /// Which release brings it, and why.
    pub why: String,
    /// What to do.
    pub advice: Option<String>,
}

/// A value on one side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Side {
    /// The value.
    pub text: String,
    /// Where it comes from.
    pub origin: String,
    /// Where that is.
    pub at: Option<At>,
}

/// A finding that one side has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// How bad it is.
    pub severity: Tone,
    /// `RP301`
    pub code: String,
    /// The rule's name.
    pub rule: String,
    /// Where.
    pub at: Option<At>,
    /// What LiteLLM does.
    pub message: String,
}

/// A known defect of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Defect {
    /// Its number.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it goes.
    pub tone: Tone,
    /// Where it is told of: name and address.
    pub seen: Option<(String, String)>,
    /// What happens.
    pub happens: String,
    /// What to do.
    pub cure: Option<String>,
}

/// A change on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// How it looks, and what it does.
    pub verdict: (Tone, String),
    /// What changes.
    pub aspect: String,
    /// From what to what.
    pub sides: String,
}

/// The configuration in one form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Export {
    /// What it is called.
    pub title: String,
    /// What it is.
    pub about: String,
    /// What the reader has to fill in: the placeholder, and what it is.
    pub to_fill_in: Vec<(String, String)>,
    /// What to mind.
    pub notes: Vec<String>,
    /// The files.
    pub files: Vec<Exported>,
}

/// A file to take away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// Its name.
    pub name: String,
    /// Its text in parts; `true` marks a placeholder.
    pub parts: Vec<(String, bool)>,
}

impl Exported {
    /// Its text.
    #[must_use]
    pub fn text(&self) -> String {
        self.parts.iter().map(|(text, _)| text.as_str()).collect()
    }
}

/// What a log says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// The texts that are known.
    pub said: Vec<Recognised>,
    /// Lines that look like errors and are not known, as classes of exceptions.
    pub unknown: Vec<String>,
}

/// An error text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recognised {
    /// What it is called.
    pub title: String,
    /// What it means.
    pub means: String,
    /// Its page in the book.
    pub page: String,
    /// The causes: those that apply here first.
    pub causes: Vec<Cause>,
    /// Where to look.
    pub look: String,
    /// The findings that belong to it, places in [`crate::Checked::findings`].
    pub findings: Vec<usize>,
}

/// A cause of an error text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cause {
    /// Whether it applies here: `applies here`, `may apply`.
    pub holds: (Tone, String),
    /// What it is.
    pub says: String,
    /// What to do.
    pub cure: String,
    /// By what it is known.
    pub evidence: Vec<Note>,
    /// The connections that it concerns, places in [`crate::Map::edges`].
    pub edges: Vec<usize>,
    /// Where it is written.
    pub places: Vec<At>,
}
