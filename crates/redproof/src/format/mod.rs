//! The forms in which findings are printed.

mod github;
mod json;
mod junit;
mod lines;
mod sarif;

pub(crate) use json::{diagnostic as diagnostic_json, location as location_json};
pub(crate) use json::{releases as releases_json, startup as startup_json};
pub(crate) use junit::escape as escape_xml;

use redproof_core::finding::{Finding, Severity};
use redproof_core::source::{LineIndex, Position, Source, Span};
use redproof_core::{PairOrigin, RedisPyOrigin, Report};

use crate::args::CheckFormat;
use crate::frame;
use crate::input::Runs;
use crate::summary::Summary;

/// Prints reports in one form.
pub(crate) struct Formatter {
    format: CheckFormat,
    coloured: bool,
    quiet: bool,
    fail_on: Severity,
}

impl Formatter {
    pub(crate) fn new(format: CheckFormat, coloured: bool, quiet: bool, fail_on: Severity) -> Self {
        Self { format, coloured, quiet, fail_on }
    }

    /// Whether it is read by people.
    pub(crate) fn is_human(&self) -> bool {
        self.format == CheckFormat::Human
    }

    /// Whether the last line counts the findings that have a fix: what is not shown is not proved.
    pub(crate) fn counts_fixes(&self) -> bool {
        matches!(self.format, CheckFormat::Human)
    }

    /// Whether what several deployments of a config have in common is said once: not where each is a
    /// document of its own.
    pub(crate) fn says_once(&self) -> bool {
        !matches!(self.format, CheckFormat::Json | CheckFormat::Junit)
    }

    /// What comes before all files.
    pub(crate) fn start(&self) -> String {
        match self.format {
            CheckFormat::Human | CheckFormat::Github | CheckFormat::Concise => String::new(),
            CheckFormat::Gitlab => "[\n".to_owned(),
            CheckFormat::Rdjson => lines::rdjson_start(),
            CheckFormat::Json => json::start(),
            CheckFormat::Sarif => sarif::start(),
            CheckFormat::Junit => junit::start(),
        }
    }

    /// One file.
    pub(crate) fn report(&self, report: &Report, runs: Option<&Runs>) -> String {
        match self.format {
            CheckFormat::Human => frame::report(report, self.coloured, self.quiet),
            CheckFormat::Concise => lines::concise(report),
            CheckFormat::Gitlab => lines::gitlab(report),
            CheckFormat::Rdjson => lines::rdjson(report),
            CheckFormat::Json => json::report(report, runs),
            CheckFormat::Sarif => sarif::report(report),
            CheckFormat::Github => github::report(report),
            CheckFormat::Junit => junit::report(report, self.fail_on),
        }
    }

    /// What stands between a file's text and what was printed before.
    pub(crate) fn separator(&self, before: &Summary, text: &str) -> &'static str {
        let lists = matches!(
            self.format,
            CheckFormat::Json | CheckFormat::Sarif | CheckFormat::Gitlab | CheckFormat::Rdjson
        );
        if lists && before.printed > 0 && !text.is_empty() { ",\n" } else { "" }
    }

    /// What comes after all files.
    pub(crate) fn end(&self, summary: &Summary) -> String {
        match self.format {
            CheckFormat::Human if self.quiet => String::new(),
            CheckFormat::Human => frame::summary(summary, self.coloured),
            CheckFormat::Gitlab => "\n]\n".to_owned(),
            CheckFormat::Rdjson => "\n]}\n".to_owned(),
            CheckFormat::Json => json::end(summary, self.fail_on),
            CheckFormat::Sarif => sarif::end(summary),
            CheckFormat::Github | CheckFormat::Concise => String::new(),
            CheckFormat::Junit => junit::end(),
        }
    }
}

/// Lines and columns in a report's sources.
pub(crate) struct Places<'r> {
    sources: Vec<(&'r Source, LineIndex)>,
}

/// A place with its file.
pub(crate) struct Place<'r> {
    pub(crate) file: &'r str,
    pub(crate) start: Position,
    pub(crate) end: Position,
}

impl<'r> Places<'r> {
    pub(crate) fn new(report: &'r Report) -> Self {
        let index = |source: &'r Source| (source, LineIndex::new(&source.text));
        Self { sources: report.sources.iter().map(index).collect() }
    }

    /// The lines and columns of a span, from 1; the end is one past the last character.
    pub(crate) fn of(&self, span: Span) -> Option<Place<'r>> {
        let (source, lines) = self.sources.iter().find(|(source, _)| source.id == span.source)?;
        Some(Place {
            file: &source.name,
            start: lines.position(&source.text, span.start),
            end: lines.position(&source.text, span.end),
        })
    }
}

impl Places<'_> {
    /// Where a finding is; the start of the config for one that is about the whole.
    pub(crate) fn of_finding(&self, found: &Finding) -> Place<'_> {
        let start = Position { line: 1, column: 1 };
        found.primary.span.and_then(|span| self.of(span)).unwrap_or_else(|| Place {
            file: self.sources.first().map_or("", |(source, _)| &source.name),
            start,
            end: start,
        })
    }
}

/// Where a rule's page is.
pub(crate) fn rule_url(code: &str) -> String {
    format!("{}/docs/rules/{code}.html", env!("CARGO_PKG_HOMEPAGE"))
}

/// The options that choose the two releases.
pub(crate) const CHOOSERS: [&str; 2] = ["--litellm", "--redis-py"];

/// `LiteLLM 1.80.0 (from the image …) on redis-py 5.3.1 (assumed; see --redis-py)`
pub(crate) fn releases_in_words(report: &Report, choosers: [&str; 2]) -> String {
    let litellm = match &report.pair_origin {
        PairOrigin::Asked => String::new(),
        PairOrigin::Image(image) => format!(" (from the image {image})"),
        PairOrigin::UnsupportedImage(image) => {
            format!(" (the newest: the release of {image} is not supported)")
        }
        PairOrigin::Lock(place) => format!(" (from {place})"),
        PairOrigin::Newest => format!(" (newest; see {})", choosers[0]),
    };
    let redis_py = match &report.redis_py_origin {
        RedisPyOrigin::Asked => String::new(),
        RedisPyOrigin::Lock(place) => format!(" (from {place})"),
        RedisPyOrigin::Image => " (as its image ships)".to_owned(),
        RedisPyOrigin::Assumed => format!(" (assumed; see {})", choosers[1]),
    };
    let pair = report.pair;
    format!("LiteLLM {}{litellm} on redis-py {}{redis_py}", pair.litellm, pair.redis_py)
}
