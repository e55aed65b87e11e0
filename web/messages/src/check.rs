//! What a check says, as the page shows it, and what editors ask.

use serde::{Deserialize, Serialize};

use crate::{At, Edit, Tone};

/// What a check says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checked {
    /// Whether nothing is written yet.
    pub blank: bool,
    /// The LiteLLM release that was checked.
    pub litellm: String,
    /// The redis-py release that was checked.
    pub redis_py: String,
    /// Why these releases, unless they were asked for.
    pub pair_note: Option<String>,
    /// What comes of it.
    pub verdict: Verdict,
    /// Which Redis serves which part of LiteLLM.
    pub roles: Vec<(String, String)>,
    /// What the files leave open.
    pub notes: Vec<Note>,
    /// What was found, the worst first; among equals, in the order of the text.
    pub findings: Vec<Finding>,
    /// Who connects to what.
    pub map: Map,
    /// What each file is, in the order of the files.
    pub files: Vec<FileRole>,
    /// A text that is in the wrong place.
    pub misplaced: Option<Misplaced>,
    /// Of a folder's files: the ways in which its configs run.
    pub runs: Vec<Runs>,
}

/// A text that is in the wrong place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Misplaced {
    /// The file that it is in, a place in the files.
    pub file: u16,
    /// What it is: `This is a Kubernetes manifest, not a config of LiteLLM.`
    pub says: String,
    /// Where it belongs.
    pub to: Belongs,
    /// The name that it has there.
    pub name: String,
    /// What of it goes there, where that is not all.
    pub text: Option<String>,
}

/// Where a text belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Belongs {
    /// It is a config.
    Config,
    /// It sets the environment.
    Environment,
    /// It holds certificates or keys.
    Certificates,
    /// It is an error's text: the field for those says what it means.
    Errors,
    /// It has no place here.
    Nowhere,
}

/// A way in which a config runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runs {
    /// The config, a place in the files.
    pub config: u16,
    /// What runs it: `compose.yaml, service litellm`; where nothing does, which config of the file it
    /// is, if there are several.
    pub name: String,
    /// Whether it is the one that was checked.
    pub chosen: bool,
    /// How the two belong together, in words.
    pub link: String,
    /// Whether something runs it.
    pub runs: bool,
}

/// What comes of a configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// How it looks.
    pub tone: Tone,
    /// In a sentence.
    pub headline: String,
    /// The exception that stops LiteLLM: its class and its message.
    pub exception: Option<(String, String)>,
    /// What the exception comes from.
    pub origins: Vec<String>,
    /// Why it can't be known.
    pub unknown: Option<String>,
    /// What holds of the clients: how many of how many.
    pub chips: Vec<Chip>,
}

/// A property, and how many clients have it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chip {
    /// What it is called.
    pub name: String,
    /// `2 of 4`; empty where it is yes or no.
    pub count: String,
    /// How it looks.
    pub tone: Tone,
    /// The edges of the map that lack it.
    pub edges: Vec<usize>,
    /// The findings that are about it, places in [`Checked::findings`].
    pub findings: Vec<usize>,
}

/// A remark.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// What it is about.
    pub at: Option<At>,
    /// A sentence, without the full stop.
    pub text: String,
    /// Whether it misses a file that could be added.
    pub misses: bool,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// How bad it is.
    pub severity: Tone,
    /// `RP301`
    pub code: String,
    /// `tls-differs-between-clients`
    pub rule: String,
    /// What LiteLLM does.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Where.
    pub at: Option<At>,
    /// Other places that play a part.
    pub related: Vec<Note>,
    /// What would fix it.
    pub fix: Option<Fix>,
}

/// A change of the texts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fix {
    /// What it does.
    pub title: String,
    /// Whether it guesses what was meant.
    pub guess: bool,
    /// What changes for the clients.
    pub effects: Vec<String>,
    /// Whether "Fix all" makes it.
    pub at_once: bool,
    /// The change.
    pub edits: Vec<Edit>,
}

/// The edits of all safe fixes, and what they do in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedAll {
    /// The edits.
    pub edits: Vec<Edit>,
    /// A sentence.
    pub told: String,
}

/// What comes of a fix, before it is made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// The lines that go and those that come.
    pub lines: Vec<DiffLine>,
    /// How many more there are.
    pub more: usize,
    /// How the verdict looks then.
    pub tone: Tone,
    /// The verdict then.
    pub headline: String,
    /// How many problems there are, and then.
    pub problems: (usize, usize),
    /// Who connects to what then.
    pub map: Map,
}

/// A line that goes or comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DiffLine {
    /// `config.yaml:3`
    pub place: String,
    /// Whether it comes.
    pub added: bool,
    /// The line.
    pub text: String,
}

/// What a file is to LiteLLM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRole {
    /// The name that it goes by.
    pub name: String,
    /// `config`, `environment`, `release 1.88.0`, `not used`.
    pub role: String,
    /// Why, where that is not plain.
    pub why: String,
    /// Whether the check reads it.
    pub used: bool,
}

/// Who connects to what, and how safely.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Map {
    /// LiteLLM's parts; those that share an object are one.
    pub users: Vec<User>,
    /// What they connect to.
    pub targets: Vec<Target>,
    /// One for each client and target.
    pub edges: Vec<Edge>,
}

/// One part of LiteLLM, or several that share their clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct User {
    /// `response`, `usage`, `router`: as the probe's report says it.
    pub consumer: String,
    /// Its name, then those of the parts that share its clients.
    pub names: Vec<String>,
    /// Used only if the Redis answers when LiteLLM starts.
    pub only_if_reachable: bool,
}

/// A server, or several that serve as one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// `Redis`, `Redis Cluster`, `Sentinel`, `Master`.
    pub kind: String,
    /// The addresses; the name of a master.
    pub names: Vec<String>,
}

/// What protects a connection: the padlock on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Padlock {
    /// Anyone on the way reads along.
    Open,
    /// TLS, but the server is not wholly verified.
    Unverified,
    /// TLS with the server of that name.
    Verified,
    /// It can't be known.
    Unknown,
}

/// One client's connections to a target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Edge {
    /// A place in [`Map::users`].
    pub user: usize,
    /// `sync`, `async` or `native`.
    pub api: String,
    /// A place in [`Map::targets`].
    pub target: Option<usize>,
    /// Why it can't be opened.
    pub error: Option<String>,
    /// What protects it.
    pub padlock: Padlock,
    /// `TLS, name not checked`
    pub tls: String,
    /// `no password`
    pub login: String,
    /// Whether another client does better.
    pub falls_behind: bool,
    /// The places in the texts that made it.
    pub places: Vec<At>,
}

/// Documentation of what is at a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hover {
    /// Where it starts.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// What it is.
    pub documentation: Documentation,
    /// What the environment holds of it.
    pub environment: Option<String>,
    /// What clients have of it.
    pub effective: Vec<Effective>,
}

/// What a key or a variable is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in redproof_core::assist")]
pub struct Documentation {
    pub name: String,
    pub place: String,
    pub takes: String,
    pub default: Option<String>,
    pub meaning: String,
    pub variable: Option<String>,
    pub reaches: String,
    pub releases: Option<String>,
    pub secret: bool,
    pub note: Option<String>,
}

/// A value that clients have, and where it comes from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in redproof_core::assist")]
pub struct Effective {
    pub setting: String,
    pub value: String,
    pub origin: String,
    pub at: Option<At>,
    pub clients: Vec<String>,
}

/// What could be written at a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Completions {
    /// Where what it replaces starts.
    pub from: u32,
    /// Where it ends.
    pub to: u32,
    /// What could be there.
    pub items: Vec<Item>,
}

/// One thing that could be written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "as in redproof_core::assist")]
pub struct Item {
    pub label: String,
    pub kind: String,
    pub detail: String,
    pub documentation: Option<Documentation>,
    pub insert: String,
    /// Where the cursor goes, from the start of `insert`.
    pub cursor: u32,
    pub mark: Option<String>,
}
