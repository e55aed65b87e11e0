//! One check of what the editors hold, ready to be shown.

use redproof_core::diagnostic::{Diagnostic, Safety, Severity};
use redproof_core::environment::Format;
use redproof_core::source::{LineIndex, SourceId, Span, Utf16Index};
use redproof_core::{
    CheckInput, Explanation, NamedText, PairOrigin, RedisPyOrigin, Releases, Report, check,
    explain, gather,
};

use crate::bridge::Editor;

/// The environment's source: the only file beside the config.
pub(crate) const ENVIRONMENT: SourceId = SourceId(1);

/// What the check looks at.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Inputs {
    pub config: String,
    pub environment: String,
    /// A LiteLLM release; empty for the image tag's, or the newest.
    pub litellm: String,
    /// A redis-py release; empty for the one that LiteLLM's image ships.
    pub redis_py: String,
}

/// A report with what the page shows of it.
pub(crate) struct Checked {
    pub report: Report,
    pub explanation: Explanation,
    places: Vec<Places>,
}

/// Finds lines, and offsets as the editor counts them, in one source.
struct Places {
    lines: LineIndex,
    utf16: Utf16Index,
}

impl Checked {
    /// Checks the texts; `now` in seconds since 1970.
    pub(crate) fn new(inputs: &Inputs, now: i64) -> Self {
        let file = NamedText {
            name: environment_name(&inputs.environment).to_owned(),
            text: inputs.environment.clone(),
        };
        let given = if inputs.environment.trim().is_empty() { vec![] } else { vec![file] };
        let environment = gather(&given, &[], false);
        let asked = |release: &str| (!release.is_empty()).then(|| release.to_owned());
        let releases =
            Releases::parse(asked(&inputs.litellm).as_deref(), asked(&inputs.redis_py).as_deref())
                .unwrap_or_default();
        let report = check(&CheckInput {
            name: "config.yaml",
            text: &inputs.config,
            environment: &environment,
            releases,
            now: Some(now),
        });
        let places = report.sources.iter().map(|source| Places {
            lines: LineIndex::new(&source.text),
            utf16: Utf16Index::new(&source.text),
        });
        Self { places: places.collect(), explanation: explain(&report, false), report }
    }

    /// Shows the findings of one source in its editor.
    pub(crate) fn show(&self, source: SourceId, editor: &Editor) {
        for (id, found) in self.report.diagnostics.iter().enumerate() {
            let span = found.primary.span.filter(|span| span.source == source);
            let Some((from, to)) = span.and_then(|span| self.utf16(span)) else {
                continue;
            };
            let related = found.related.iter();
            let related = related.map(|label| {
                let place = label.span.and_then(|span| self.place(span));
                place.map_or_else(|| label.text.clone(), |place| format!("{place}: {}", label.text))
            });
            editor.add_finding(
                id,
                from,
                to,
                severity(found.severity),
                found.code,
                &found.message,
                found.help.as_deref(),
                found.fix.as_ref().map(|fix| fix.title.as_str()),
                found.fix.as_ref().is_some_and(|fix| fix.safety == Safety::Unsafe),
                related.collect(),
            );
        }
        editor.show_findings();
    }

    /// Applies the fix of a finding to one source, in its editor.
    pub(crate) fn fix(&self, id: usize, source: SourceId, editor: &Editor) {
        let fix = self.report.diagnostics.get(id).and_then(|found| found.fix.as_ref());
        for edit in fix.map_or(&[][..], |fix| &fix.edits) {
            if edit.span.source == source
                && let Some((from, to)) = self.utf16(edit.span)
            {
                editor.add_edit(from, to, &edit.text);
            }
        }
        editor.apply_edits();
    }

    /// `config.yaml:3`
    pub(crate) fn place(&self, span: Span) -> Option<String> {
        let at = self.report.sources.iter().position(|source| source.id == span.source)?;
        let source = &self.report.sources[at];
        let line = self.places[at].lines.position(&source.text, span.start).line;
        Some(format!("{}:{line}", source.name))
    }

    /// Where a span starts and ends, in UTF-16 code units.
    pub(crate) fn utf16(&self, span: Span) -> Option<(u32, u32)> {
        let at = self.report.sources.iter().position(|source| source.id == span.source)?;
        let index = &self.places[at].utf16;
        Some((index.of_byte(span.start), index.of_byte(span.end)))
    }

    /// How many findings there are, worst first: errors, warnings, hints.
    pub(crate) fn counts(&self) -> [(Severity, usize); 3] {
        [Severity::Error, Severity::Warning, Severity::Hint].map(|severity| {
            let of_it = |found: &&Diagnostic| found.severity == severity;
            (severity, self.report.diagnostics.iter().filter(of_it).count())
        })
    }

    /// Why this LiteLLM release, in words, unless it was asked for.
    pub(crate) fn pair_note(&self) -> Option<String> {
        let litellm = self.report.pair.litellm;
        match &self.report.pair_origin {
            PairOrigin::Asked | PairOrigin::Newest => {
                let assumed = self.report.redis_py_origin == RedisPyOrigin::Assumed;
                let redis_py = self.report.pair.redis_py;
                assumed.then(|| {
                    format!("redis-py {redis_py} is assumed; Upgrade shows what another one does")
                })
            }
            PairOrigin::Image(name) => Some(format!("LiteLLM {litellm}, from the image {name}")),
            PairOrigin::Lock(place) => Some(format!("LiteLLM {litellm}, from {place}")),
            PairOrigin::UnsupportedImage(name) => Some(format!(
                "the image {name} is of a release that Redproof does not know: checked as LiteLLM {litellm}"
            )),
        }
    }
}

/// The name that the environment's text goes by.
pub(crate) fn environment_name(text: &str) -> &'static str {
    match Format::detect("environment", text) {
        Format::Dotenv => ".env",
        Format::Shell | Format::Kubernetes | Format::Compose | Format::Pins => "environment",
    }
}

/// A severity's name, in text and in style sheets.
pub(crate) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}
