//! The texts of the page and the releases asked for, with what a check says of them.

use redproof_core::environment::Format;
use redproof_core::source::{LineIndex, SourceId, Span, Utf16Index};
use redproof_core::{CheckInput, Gathered, NamedText, Releases, Report, check, gather};
use redproof_messages::{At, Edit, Texts};

use crate::joined::{Joined, join};

/// The texts, checked.
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) texts: Texts,
    pub(crate) report: Report,
    /// Seconds since 1970.
    pub(crate) now: i64,
    /// By the numbers of the files.
    places: Vec<Places>,
    /// What the files besides the config set.
    gathered: Gathered,
    /// What a folder's files come to.
    pub(crate) joined: Option<Joined>,
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
        if !texts.folder {
            for file in texts.files.iter_mut().filter(|file| file.name == ".env") {
                environment_name(&file.text).clone_into(&mut file.name);
            }
        }
        let joined = texts.folder.then(|| join(&texts));
        let gathered = joined.as_ref().map_or_else(|| given(&texts), |one| one.gathered.clone());
        let mut report = with_input(&texts, &gathered, now, check);
        if texts.is_blank() {
            // Nothing is written yet: LiteLLM would refuse it, and nobody asks it to take it.
            report.diagnostics.clear();
        }
        let places = texts.files.iter().map(|file| Places {
            lines: LineIndex::new(&file.text),
            utf16: Utf16Index::new(&file.text),
        });
        Self { places: places.collect(), texts, report, now, gathered, joined }
    }

    /// What a check looks at, handed to `look`.
    pub(crate) fn with_input<T>(&self, look: impl FnOnce(&CheckInput<'_>) -> T) -> T {
        with_input(&self.texts, &self.gathered, self.now, look)
    }

    /// The file of a source.
    pub(crate) fn file(&self, source: SourceId) -> Option<u16> {
        match &self.joined {
            Some(joined) => joined.read.get(usize::from(source.0)).copied(),
            None => (usize::from(source.0) < self.texts.files.len()).then_some(source.0),
        }
    }

    /// The source of a file; none where the check does not read it.
    pub(crate) fn source(&self, file: u16) -> Option<SourceId> {
        let Some(joined) = &self.joined else {
            return (usize::from(file) < self.texts.files.len()).then_some(SourceId(file));
        };
        let at = joined.read.iter().position(|read| *read == file)?;
        u16::try_from(at).ok().map(SourceId)
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

/// What the files besides the first set, where they are given for that.
fn given(texts: &Texts) -> Gathered {
    let files = texts.files.iter().skip(1);
    let named = files.map(|file| NamedText { name: file.name.clone(), text: file.text.clone() });
    gather(&named.collect::<Vec<_>>(), &[], false)
}

fn with_input<T>(
    texts: &Texts,
    environment: &Gathered,
    now: i64,
    look: impl FnOnce(&CheckInput<'_>) -> T,
) -> T {
    let (name, text) = match texts.files.first() {
        Some(config) => (config.name.as_str(), config.text.as_str()),
        None => ("config.yaml", ""),
    };
    let releases = releases(&texts.litellm, &texts.redis_py).unwrap_or_default();
    look(&CheckInput { name, text, environment, releases, now: Some(now) })
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
