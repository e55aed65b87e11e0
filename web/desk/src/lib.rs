//! What lies on the page's desk: its texts and the releases asked for, with what a check says of
//! them. The page and its workbench, two wasm modules, each check for themselves.

pub mod answers;
pub mod examples;
mod json;
mod prose;
mod view;

use redproof_core::environment::Format;
use redproof_core::finding::{Finding, Severity};
use redproof_core::source::{LineIndex, SourceId, Span, Utf16Index};
use redproof_core::{CheckInput, NamedText, Releases, Report, check, gather};

pub use json::Json;
pub use prose::prose;
pub use view::View;

/// What the user has given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texts {
    /// The config, then the files that set the environment: [`SourceId`] 0, 1, …
    pub files: Vec<NamedText>,
    /// A LiteLLM release; empty for the image tag's, or the newest.
    pub litellm: String,
    /// A redis-py release; empty for the one that LiteLLM's image ships.
    pub redis_py: String,
}

impl Texts {
    /// Whether no config is written yet: comments at most.
    pub fn is_blank(&self) -> bool {
        let mut lines = self.files.first().into_iter().flat_map(|config| config.text.lines());
        lines.all(|line| line.trim_start().is_empty() || line.trim_start().starts_with('#'))
    }

    /// The releases asked for; what is no release is not asked for.
    pub fn releases(&self) -> Releases {
        releases(&self.litellm, &self.redis_py).unwrap_or_default()
    }

    /// What a check looks at, handed to `look`; `now` in seconds since 1970.
    pub fn with_input<T>(&self, now: i64, look: impl FnOnce(&CheckInput<'_>) -> T) -> T {
        let (config, environment) = match self.files.split_first() {
            Some((config, environment)) => (config.text.as_str(), environment),
            None => ("", &[][..]),
        };
        look(&CheckInput {
            name: "config.yaml",
            text: config,
            environment: &gather(environment, &[], false),
            releases: self.releases(),
            now: Some(now),
        })
    }
}

/// The releases asked for by the page's two choices, either of which may be empty.
///
/// # Errors
/// What is wrong with a release number.
pub fn releases(litellm: &str, redis_py: &str) -> Result<Releases, String> {
    let asked = |release: &str| (!release.is_empty()).then(|| release.to_owned());
    Releases::parse(asked(litellm).as_deref(), asked(redis_py).as_deref())
        .map_err(|error| error.to_string())
}

/// The texts with what a check says of them.
#[derive(Clone, Debug)]
pub struct Desk {
    /// The texts.
    pub texts: Texts,
    /// What a check says.
    pub report: Report,
    /// When it was made: seconds since 1970.
    pub now: i64,
    places: Vec<Places>,
}

/// Finds lines, and offsets as the editor counts them, in one source.
#[derive(Clone, Debug)]
struct Places {
    lines: LineIndex,
    utf16: Utf16Index,
}

impl Desk {
    /// Checks the texts; `now` in seconds since 1970.
    pub fn new(texts: Texts, now: i64) -> Self {
        let mut report = texts.with_input(now, check);
        if texts.is_blank() {
            // Nothing is written yet: LiteLLM would refuse it, and nobody asks it to take it.
            report.diagnostics.clear();
        }
        let places = report.sources.iter().map(|source| Places {
            lines: LineIndex::new(&source.text),
            utf16: Utf16Index::new(&source.text),
        });
        Self { places: places.collect(), texts, report, now }
    }

    /// `config.yaml:3`
    pub fn place(&self, span: Span) -> Option<String> {
        let at = self.at(span.source)?;
        let source = &self.report.sources[at];
        let line = self.places[at].lines.position(&source.text, span.start).line;
        Some(format!("{}:{line}", source.name))
    }

    /// Where a span starts and ends, in UTF-16 code units.
    pub fn utf16(&self, span: Span) -> Option<(u32, u32)> {
        let index = &self.places[self.at(span.source)?].utf16;
        Some((index.of_byte(span.start), index.of_byte(span.end)))
    }

    /// The byte that a place in UTF-16 code units stands at.
    pub fn byte(&self, source: SourceId, utf16: u32) -> Option<u32> {
        let at = self.at(source)?;
        Some(self.places[at].utf16.to_byte(&self.report.sources[at].text, utf16))
    }

    /// How many findings there are, worst first: errors, warnings, hints.
    pub fn counts(&self) -> [(Severity, usize); 3] {
        [Severity::Error, Severity::Warning, Severity::Hint].map(|severity| {
            let of_it = |found: &&Finding| found.severity == severity;
            (severity, self.report.diagnostics.iter().filter(of_it).count())
        })
    }

    fn at(&self, source: SourceId) -> Option<usize> {
        self.report.sources.iter().position(|candidate| candidate.id == source)
    }
}

/// The name that an environment's text goes by, where it has none of its own.
pub fn environment_name(text: &str) -> &'static str {
    match Format::detect("environment", text) {
        Format::Dotenv => ".env",
        Format::Shell | Format::Kubernetes | Format::Compose | Format::Pins => "environment",
    }
}
