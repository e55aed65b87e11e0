//! The texts of the page and the releases asked for, with what a check says of them.

use redproof_core::environment::Format;
use redproof_core::source::{LineIndex, SourceId, Span, Utf16Index};
use redproof_core::{CheckInput, NamedText, Releases, Report, check, gather};
use redproof_messages::{At, Edit, Texts};

/// The texts, checked.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) texts: Texts,
    pub(crate) report: Report,
    /// Seconds since 1970.
    pub(crate) now: i64,
    /// By the numbers of the files.
    places: Vec<Places>,
}

/// Finds lines, and places as editors count them, in one text.
#[derive(Debug)]
struct Places {
    lines: LineIndex,
    utf16: Utf16Index,
}

impl Workspace {
    /// Checks texts; `now` in seconds since 1970.
    pub(crate) fn new(mut texts: Texts, now: i64) -> Self {
        for file in texts.files.iter_mut().filter(|file| file.name == ".env") {
            environment_name(&file.text).clone_into(&mut file.name);
        }
        let mut report = with_input(&texts, now, check);
        if texts.is_blank() {
            // Nothing is written yet: LiteLLM would refuse it, and nobody asks it to take it.
            report.diagnostics.clear();
        }
        let places = texts.files.iter().map(|file| Places {
            lines: LineIndex::new(&file.text),
            utf16: Utf16Index::new(&file.text),
        });
        Self { places: places.collect(), texts, report, now }
    }

    /// What a check looks at, handed to `look`.
    pub(crate) fn with_input<T>(&self, look: impl FnOnce(&CheckInput<'_>) -> T) -> T {
        with_input(&self.texts, self.now, look)
    }

    /// The file of a source.
    fn file(&self, source: SourceId) -> Option<u16> {
        (usize::from(source.0) < self.texts.files.len()).then_some(source.0)
    }

    /// The source of a file.
    pub(crate) fn source(&self, file: u16) -> Option<SourceId> {
        (usize::from(file) < self.texts.files.len()).then_some(SourceId(file))
    }

    /// A span as the page has it.
    pub(crate) fn at(&self, span: Span) -> Option<At> {
        let file = self.file(span.source)?;
        let at = usize::from(file);
        let (one, places) = (&self.texts.files[at], &self.places[at]);
        let line = places.lines.position(&one.text, span.start).line;
        Some(At {
            file,
            from: places.utf16.of_byte(span.start),
            to: places.utf16.of_byte(span.end),
            name: format!("{}:{line}", one.name),
        })
    }

    /// The same of spans; those that are in no file are left out.
    pub(crate) fn all_at(&self, spans: &[Span]) -> Vec<At> {
        spans.iter().filter_map(|span| self.at(*span)).collect()
    }

    /// A place of an editor, in a source.
    pub(crate) fn byte(&self, file: u16, at: u32) -> Option<(SourceId, u32)> {
        let number = usize::from(file);
        let text = &self.texts.files.get(number)?.text;
        Some((self.source(file)?, self.places[number].utf16.to_byte(text, at)))
    }

    /// Edits as the page has them.
    pub(crate) fn edits(&self, edits: &[redproof_core::finding::Edit]) -> Vec<Edit> {
        let edit = |edit: &redproof_core::finding::Edit| {
            let At { file, from, to, .. } = self.at(edit.span)?;
            Some(Edit { file, from, to, insert: edit.text.clone() })
        };
        edits.iter().filter_map(edit).collect()
    }
}

fn with_input<T>(texts: &Texts, now: i64, look: impl FnOnce(&CheckInput<'_>) -> T) -> T {
    let named: Vec<NamedText> = texts
        .files
        .iter()
        .map(|file| NamedText { name: file.name.clone(), text: file.text.clone() })
        .collect();
    let (name, config, environment) = match named.split_first() {
        Some((config, environment)) => (config.name.as_str(), config.text.as_str(), environment),
        None => ("config.yaml", "", &[][..]),
    };
    look(&CheckInput {
        name,
        text: config,
        environment: &gather(environment, &[], false),
        releases: releases(&texts.litellm, &texts.redis_py).unwrap_or_default(),
        now: Some(now),
    })
}

/// The name of what is in the place of `.env`: it may be a manifest.
fn environment_name(text: &str) -> &'static str {
    match Format::detect("environment", text) {
        Format::Dotenv => ".env",
        Format::Shell | Format::Kubernetes | Format::Compose | Format::Pins => "environment",
    }
}

/// The releases of the page's two choices, either of which may be empty.
///
/// # Errors
/// What is wrong with a release number.
pub(crate) fn releases(litellm: &str, redis_py: &str) -> Result<Releases, String> {
    let asked = |release: &str| (!release.is_empty()).then(|| release.to_owned());
    Releases::parse(asked(litellm).as_deref(), asked(redis_py).as_deref())
        .map_err(|error| error.to_string())
}
