//! Files that are not LiteLLM's own, but hold its config or set its environment: Kubernetes
//! manifests, Helm values and templates, compose files.

pub(crate) mod embedded;
mod foreign;
pub(crate) mod operator;
mod quoted;
mod template;

use crate::heredoc;
use std::ops::Range;

pub use embedded::SECTIONS;
pub(crate) use template::blank_outside;
pub use template::substitute;

use crate::environment::{self, ConfigPlace, Gathered, NamedText, Note};
use base::source::{Source, SourceId, Span};
use python::{Data, Value};
use yaml::{Document, ReadError};

/// One YAML document of a file that may hold several, and Helm templates.
#[derive(Clone, Debug)]
pub struct Doc<'t> {
    /// What was read, templates replaced; its spans count from the document's start.
    pub root: Value,
    source: SourceId,
    text: &'t str,
    start: usize,
    templates: Vec<Range<usize>>,
}

/// A config, and what the file that it is in tells about its environment.
#[derive(Clone, Debug)]
pub struct ConfigRead {
    /// The config, as PyYAML reads it.
    pub document: Result<Document, ReadError>,
    /// What the file says of the environment and the releases.
    pub surroundings: Gathered,
    /// Where the config is inside another file.
    pub embedded: Option<Embedded>,
}

/// A config inside another file.
#[derive(Clone, Debug)]
pub struct Embedded {
    /// The file's text with white space in place of all else, and words in place of templates:
    /// places in it are places in the file.
    pub text: String,
    range: Range<usize>,
    templates: Vec<Range<usize>>,
}

impl Embedded {
    /// Where the config is in the file.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// Whether it is in quotes: no part of it may be changed.
    pub fn is_quoted(&self) -> bool {
        self.templates.first() == Some(&self.range)
    }

    /// Whether the text of a span may be changed: it is the config's, and no template is in it.
    pub fn may_edit(&self, span: Span) -> bool {
        let range = span.range();
        let apart =
            |template: &Range<usize>| template.end <= range.start || range.end <= template.start;
        self.range.start <= range.start
            && range.end <= self.range.end
            && self.templates.iter().all(apart)
    }
}

impl<'t> Doc<'t> {
    /// A document that is the whole of a text, read by other means.
    pub fn of(source: SourceId, text: &'t str, root: Value) -> Self {
        Self { root, source, text, start: 0, templates: vec![] }
    }

    /// Which file it is in.
    pub fn source(&self) -> SourceId {
        self.source
    }

    /// Where it is in the file.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Whether it is JSON.
    pub(crate) fn is_json(&self) -> bool {
        self.text.trim_start().starts_with(['{', '['])
    }

    /// Whether templates are in it.
    pub fn has_templates(&self) -> bool {
        !self.templates.is_empty()
    }

    /// Where the text of a `|` scalar is in the file: the only form whose text is the file's own.
    pub fn literal(&self, value: &Value) -> Option<Range<usize>> {
        embedded::literal_content(self, self.span(value)?.range())
    }

    /// Where the text of a scalar that holds a config is in the file: a `|` scalar, or the inside of a
    /// double-quoted one, which `read_config` unquotes.
    pub(crate) fn config(&self, value: &Value) -> Option<Range<usize>> {
        embedded::config_content(self, self.span(value)?.range())
    }

    /// Where a value is written, in the whole file.
    pub fn span(&self, value: &Value) -> Option<Span> {
        let span = value.span()?;
        Some(Span::new(
            self.source,
            self.start + span.start as usize,
            self.start + span.end as usize,
        ))
    }

    /// Whether a template fills in the value, or a part of it.
    pub fn is_template(&self, value: &Value) -> bool {
        let Some(span) = value.span() else {
            return false;
        };
        let range = span.range();
        let after = self.templates.partition_point(|template| template.end <= range.start);
        self.templates.get(after).is_some_and(|template| template.start < range.end)
    }

    /// A value as it is written.
    pub(crate) fn written(&self, value: &Value) -> Option<&str> {
        self.text.get(value.span()?.range())
    }

    /// The document's whole text.
    pub(crate) fn written_whole(&self) -> &str {
        self.text
    }

    /// What is written in a range of the file.
    pub(crate) fn written_at(&self, range: &Range<usize>) -> Option<&str> {
        let start = range.start.checked_sub(self.start)?;
        self.text.get(start..range.end.checked_sub(self.start)?)
    }

    /// A scalar as text: what is written, for numbers and booleans.
    pub fn raw_text(&self, value: &Value) -> String {
        match (&value.data, value.span()) {
            (Data::Str(_), Some(span)) if self.is_template(value) => {
                self.text.get(span.range()).unwrap_or("").to_owned()
            }
            (Data::Str(text), _) => text.to_string(),
            (Data::None, _) | (_, None) => String::new(),
            (_, Some(span)) => self.text.get(span.range()).unwrap_or("").trim().to_owned(),
        }
    }
}

/// What is said of a document that can't be read.
pub(crate) const NOT_YAML: &str = "this is not YAML and was left out";

/// The YAML documents of a file. One that can't be read is noted and left out.
pub fn documents<'t>(
    source: SourceId,
    name: &str,
    text: &'t str,
    notes: &mut Vec<Note>,
) -> Vec<Doc<'t>> {
    let substituted = template::substitute(name, text);
    if let Some((_, templates)) = &substituted
        && let Some(first) = templates.first()
    {
        notes.push(Note {
            span: Some(Span::new(source, first.start, first.end)),
            text: "the file holds templates: what they fill in is unknown".to_owned(),
        });
    }
    let mut docs = vec![];
    for range in split(text) {
        let readable = match &substituted {
            Some((readable, _)) => &readable[range.clone()],
            None => &text[range.clone()],
        };
        match yaml::read(source, readable) {
            Ok(document) if document.root.is_none() => {}
            Ok(document) => docs.push(Doc {
                root: document.root,
                source,
                text: &text[range.clone()],
                start: range.start,
                templates: template::within(
                    substituted.as_ref().map(|(_, ranges)| &ranges[..]),
                    &range,
                ),
            }),
            Err(error) => notes.push(Note {
                span: Some(Span::new(
                    source,
                    range.start + error.span.start as usize,
                    range.start + error.span.end as usize,
                )),
                text: format!("{NOT_YAML}: {}", error.problem),
            }),
        }
    }
    docs
}

/// The byte ranges between the `---` lines.
fn split(text: &str) -> Vec<Range<usize>> {
    let mut ranges = vec![];
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        let marker = line.strip_prefix("---");
        if marker.is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace)) {
            ranges.push(start..at);
            // Content may follow on the marker's own line.
            start = at + 3;
        }
        at += line.len();
    }
    ranges.push(start..text.len());
    ranges.retain(|range| !text[range.clone()].trim().is_empty());
    ranges
}

/// A config's first `---` is none where it is indented: white space takes its place.
fn without_marker(mut text: String, start: usize) -> String {
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let content = line.trim();
        if content.starts_with("---") && content[3..].trim_start_matches([' ', '\t']).is_empty() {
            let marker = at + line.find('-').unwrap_or(0);
            text.replace_range(marker..marker + 3, "   ");
            break;
        }
        if !content.is_empty() && !content.starts_with('#') {
            break;
        }
        at += line.len();
    }
    text
}

/// Reads a config: the one in this place, else the file itself, or the config that a manifest or Helm
/// values file holds.
pub fn read_config(source: &Source, place: Option<&ConfigPlace>) -> ConfigRead {
    if let Some(ConfigPlace { range, words }) = place {
        let Some(range) = range.clone().filter(|range| source.text.get(range.clone()).is_some())
        else {
            return plain(yaml::read(source.id, &source.text));
        };
        let note = format!("the config is the one in {words}");
        let mut read = embedded_at(source, range);
        read.surroundings.notes.push(Note { span: None, text: note });
        return read;
    }
    let document = yaml::read(source.id, &source.text);
    let own = match &document {
        Ok(document) => {
            embedded::is_litellm_config(&document.root)
                || !embedded::may_hold_config(&document.root)
        }
        Err(_) => false,
    };
    if own {
        return plain(document);
    }
    read_embedded(source).unwrap_or_else(|| plain(document))
}

fn plain(document: Result<Document, ReadError>) -> ConfigRead {
    ConfigRead { document, surroundings: Gathered::default(), embedded: None }
}

fn read_embedded(source: &Source) -> Option<ConfigRead> {
    let mut notes = vec![];
    let docs = documents(source.id, &source.name, &source.text, &mut notes);
    let found = docs.iter().find_map(embedded::find)?;
    let mut read = embedded_at(source, found.range);
    let file = NamedText { name: source.name.clone(), text: source.text.clone() };
    let mut surroundings = environment::gather(&[file], &[], false);
    // The file is the config itself, not one beside it.
    surroundings.sources.clear();
    surroundings.place_in(source.id);
    surroundings
        .notes
        .insert(0, Note { span: None, text: format!("the config is the one in {}", found.place) });
    read.surroundings = surroundings;
    Some(read)
}

/// Reads the config that stands here in another file.
fn embedded_at(source: &Source, range: Range<usize>) -> ConfigRead {
    if quoted::is_quoted(&source.text, &range) {
        return quoted_at(source, range);
    }
    if let Some(foreign::Written { text, unknown }) =
        foreign::written(&source.name, &source.text, &range)
    {
        return made_at(source, range, text, &unknown);
    }
    if let Some(text) = operator::config(&source.text, &range) {
        return made_at(source, range, text, &[]);
    }
    // Everything else becomes white space, so that places in the config are places in the file.
    let readable = match heredoc::filled(&source.name, &source.text, &range) {
        Some(filled) => Some((template::replaced(&source.text, &filled), filled)),
        None => template::substitute(&source.name, &source.text),
    };
    let templates = readable.as_ref().map(|(_, ranges)| ranges.as_slice());
    let text = readable.as_ref().map_or(source.text.as_str(), |(text, _)| text);
    let masked = blank_outside(text, &range);
    let masked = without_marker(masked, range.start);
    let document = yaml::read(source.id, &masked).map(|document| Document {
        root: template::mark_unknown(document.root, templates.unwrap_or(&[])),
    });
    let templates = readable.map_or(vec![], |(_, templates)| templates);
    let embedded = Some(Embedded { text: masked, range, templates });
    ConfigRead { document, surroundings: Gathered::default(), embedded }
}

/// Reads a config that is made of what is in the file, word for word at its place. No part of it can
/// be edited.
fn made_at(
    source: &Source,
    range: Range<usize>,
    text: String,
    unknown: &[Range<usize>],
) -> ConfigRead {
    let document = yaml::read(source.id, &text)
        .map(|document| Document { root: template::mark_unknown(document.root, unknown) });
    let embedded = Some(Embedded { text, templates: vec![range.clone()], range });
    ConfigRead { document, surroundings: Gathered::default(), embedded }
}

/// Reads the config that a double-quoted scalar stands for. No part of it can be edited.
fn quoted_at(source: &Source, range: Range<usize>) -> ConfigRead {
    let unquoted = quoted::Unquoted::of(&source.text, &range);
    let document = yaml::read(source.id, &unquoted.text)
        .map(|document| Document { root: document.root.rebuilt(&unquoted) })
        .map_err(|error| unquoted.error(error));
    let text = blank_outside(&source.text, &range);
    let embedded = Some(Embedded { text, templates: vec![range.clone()], range });
    ConfigRead { document, surroundings: Gathered::default(), embedded }
}
