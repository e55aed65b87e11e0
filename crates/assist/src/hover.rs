//! Documentation of what is at a place.

use std::ops::Range;

use base::secret::MASK;
use base::secret::is_secret_name;
use base::source::{SourceId, Span};
use deployment::environment::{Lookup, VariableValue};
use facts::bearing::bearing;
use facts::catalogue::{self, Section};
use report::Report;
use report::display::Words;

use super::documentation::Documentation;
use super::effective::{self, Effective};
use super::outline::{EntryId, Outline, Spot};
use super::place::{self, Keys};
use super::{File, Form};

/// What is to be said of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// The name that it is about.
    pub span: Span,
    /// What the name is.
    pub documentation: Documentation,
    /// What the environment makes of a variable: `REDIS_HOST (.env:3:1) is redis.internal`. A
    /// sentence without the full stop.
    pub environment: Option<String>,
    /// What it comes to in the clients that LiteLLM builds.
    pub effective: Vec<Effective>,
}

/// Documentation of the key or variable at an offset (in bytes) of a source.
pub fn hover(report: &Report, source: SourceId, offset: u32) -> Option<Hover> {
    let file = File::new(report, source)?;
    let offset = file.offset(offset);
    if let Some(hover) = file.variable_at(offset) {
        return Some(hover);
    }
    match file.form {
        Form::Config | Form::Manifest => file.key_at(offset),
        Form::Dotenv | Form::Shell => None,
    }
}

impl File<'_> {
    /// A variable by its name, wherever that stands; a name that the config refers to may be any.
    fn variable_at(&self, offset: usize) -> Option<Hover> {
        let word = word(&self.text, offset);
        let name = self.text.get(word.clone())?;
        let referred = self.text[..word.start].ends_with("os.environ/");
        let documentation = match Documentation::of_variable(name, self.report.pair) {
            Some(documentation) => documentation,
            None if referred && !name.is_empty() => Documentation {
                name: name.to_owned(),
                place: "environment".to_owned(),
                meaning: "A variable that the config refers to.".to_owned(),
                secret: is_secret_name(name),
                ..Documentation::default()
            },
            None => return None,
        };
        let environment = self.environment(&documentation);
        let effective = effective::of_variable(self.report, name);
        Some(Hover {
            span: self.span(word),
            documentation,
            environment: Some(environment),
            effective,
        })
    }

    /// What the environment holds for a variable. A variable that Redproof does not know by its
    /// name may hold anything: its value is not told.
    fn environment(&self, documentation: &Documentation) -> String {
        let words = Words::new(self.report, false);
        let name = &documentation.name;
        match self.report.environment.lookup(name) {
            Lookup::Absent => format!("{name} is not set"),
            Lookup::NotGiven => format!("{name} is not set in the files given"),
            Lookup::Set(variable) => {
                let told = words.variable(name);
                let known = catalogue::find_variable(name).is_some();
                match &variable.value {
                    VariableValue::Unknown(_) => format!("{told} is set, its value is not known"),
                    VariableValue::Known(value) if value.reveal().is_empty() => {
                        format!("{told} is empty")
                    }
                    VariableValue::Known(_) if documentation.secret => format!("{told} is {MASK}"),
                    VariableValue::Known(value) if known => {
                        format!("{told} is `{}`", words.held(value.reveal(), bearing(name)))
                    }
                    VariableValue::Known(_) => format!("{told} is set"),
                }
            }
        }
    }

    /// The key at a place, or the key whose value is there.
    fn key_at(&self, offset: usize) -> Option<Hover> {
        let outline = Outline::new(&self.text);
        let (entry, range) = match outline.spot(offset)? {
            Spot::Key(entry) => (entry, outline.entries[entry].key.clone()),
            Spot::Value(entry, value) if !value.range.is_empty() => {
                (keyed(&outline, entry), value.range)
            }
            Spot::Value(..) | Spot::Gap(..) => return None,
        };
        let name = outline.entries[entry].key_name()?;
        let (documentation, effective) =
            match place::keys(&outline, outline.entries[entry].parent, self.form)? {
                Keys::Section(Section::Environment) => {
                    (Documentation::of_variable(name, self.report.pair)?, vec![])
                }
                Keys::Section(section) => {
                    let field = catalogue::find(name, section)?;
                    let documentation = Documentation::of_field(field, section, self.report.pair);
                    let written = self.written(&outline, entry);
                    let effective = effective::of_field(self.report, field, section, written);
                    (documentation, effective)
                }
                Keys::Config => (named(Documentation::of_config(), name)?, vec![]),
                Keys::Node => (named(Documentation::of_node(), name)?, vec![]),
                Keys::ContainerVariable => return None,
            };
        Some(Hover { span: self.span(range), documentation, environment: None, effective })
    }

    /// Where the value of an entry is written.
    fn written(&self, outline: &Outline<'_>, entry: EntryId) -> Option<Span> {
        let value = outline.entries[entry].value.as_ref()?;
        Some(self.span(value.range.clone()))
    }
}

/// The key to which an entry belongs: its own, or that of its list.
fn keyed(outline: &Outline<'_>, entry: EntryId) -> EntryId {
    outline.ancestors(entry).find(|id| !outline.entries[*id].is_item()).unwrap_or(entry)
}

fn named(mut all: impl Iterator<Item = Documentation>, name: &str) -> Option<Documentation> {
    all.find(|documentation| documentation.name == name)
}

/// The word of letters, digits and underscores around a place.
fn word(text: &str, offset: usize) -> Range<usize> {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let (before, after) = text.as_bytes().split_at(offset);
    let start = offset - before.iter().rev().take_while(|byte| is_part(byte)).count();
    start..offset + after.iter().take_while(|byte| is_part(byte)).count()
}
