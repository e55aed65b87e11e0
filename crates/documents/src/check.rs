//! `redproof check --format json`.

use redproof_core::Report;
use redproof_core::deployment::{Form, Link, Runs};
use schemars::JsonSchema;
use serde::Serialize;

use super::parts::{Diagnostic, Location, Releases, Startup};
use super::{VERSION, Version};
use crate::places::Places;

/// What a check found.
#[derive(Serialize, JsonSchema)]
pub struct CheckDocument<'a> {
    /// The version of this format.
    schema: Version,
    /// The release that printed it.
    redproof: &'static str,
    /// A config, once for each deployment that runs it.
    files: Vec<CheckedFile<'a>>,
    summary: Counts,
}

/// A config, as one deployment runs it.
#[derive(Serialize, JsonSchema)]
pub struct CheckedFile<'a> {
    file: Option<&'a str>,
    /// What runs it; null where no file says.
    deployment: Option<Deployment<'a>>,
    releases: Releases<'a>,
    startup: Startup<'a>,
    diagnostics: Vec<Diagnostic<'a>>,
    notes: Vec<Note<'a>>,
}

/// What runs the config, and which files said so.
#[derive(Serialize, JsonSchema)]
struct Deployment<'a> {
    /// `compose.yaml, service litellm`
    name: &'a str,
    /// `compose file`
    form: Option<&'static str>,
    link: LinkWord,
    /// What names the config, where something does.
    through: Option<&'a str>,
    /// The files that were read for it.
    files: &'a [String],
    replicas: Option<u64>,
}

/// How it is known that this config runs there.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum LinkWord {
    /// The deployment names it.
    Named,
    /// The deployment lies beside it.
    Beside,
    /// Nothing else was found.
    Alone,
}

/// What was noticed in reading the files.
#[derive(Serialize, JsonSchema)]
struct Note<'a> {
    text: &'a str,
    location: Option<Location<'a>>,
}

/// Counts over all files.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub struct Counts {
    /// Configs, each once however many deployments run it.
    pub files: usize,
    /// Findings that are errors.
    pub errors: usize,
    /// Findings that are warnings.
    pub warnings: usize,
    /// Findings that are hints.
    pub hints: usize,
    /// Whether a finding reaches --fail-on.
    pub failed: bool,
}

impl<'a> CheckDocument<'a> {
    /// The whole of it.
    pub fn of(files: Vec<CheckedFile<'a>>, summary: Counts) -> Self {
        Self { schema: VERSION, redproof: env!("CARGO_PKG_VERSION"), files, summary }
    }
}

impl CheckDocument<'_> {
    /// What comes before and after the files, which are printed one by one.
    pub fn around(summary: Counts) -> (String, String) {
        let whole = super::line(&Self::of(vec![], summary));
        // The first list is that of the files.
        let (before, after) = whole.split_once("[]").unwrap_or_default();
        (format!("{before}[\n"), format!("\n]{after}\n"))
    }
}

impl<'a> CheckedFile<'a> {
    /// What a check says of a config, as one deployment runs it.
    pub fn of(report: &'a Report, places: &'a Places<'_>, runs: Option<&'a Runs>) -> Self {
        let diagnostics = report.diagnostics.iter();
        Self {
            file: report.sources.first().map(|source| &*source.name),
            deployment: runs.map(Deployment::of),
            releases: Releases::of(report),
            startup: Startup::of(report),
            diagnostics: diagnostics.map(|found| Diagnostic::of(found, report, places)).collect(),
            notes: report.notes.iter().map(|note| Note::of(note, places)).collect(),
        }
    }
}

impl CheckedFile<'_> {
    /// A file, on one line.
    pub fn line(report: &Report, runs: Option<&Runs>) -> String {
        super::line(&CheckedFile::of(report, &Places::new(report), runs))
    }
}

impl<'a> Note<'a> {
    fn of(note: &'a redproof_core::environment::Note, places: &'a Places<'_>) -> Self {
        Self { text: &note.text, location: Location::of(note.span, places) }
    }
}

impl<'a> Deployment<'a> {
    fn of(runs: &'a Runs) -> Self {
        let (link, through) = match &runs.link {
            Link::Named(how) => (LinkWord::Named, Some(&**how)),
            Link::Beside => (LinkWord::Beside, None),
            Link::Alone => (LinkWord::Alone, None),
        };
        Self {
            name: &runs.name,
            form: runs.form.map(Form::words),
            link,
            through,
            files: &runs.files,
            replicas: runs.replicas,
        }
    }
}
