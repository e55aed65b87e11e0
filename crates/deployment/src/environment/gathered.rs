//! The environment as it was read from files, with their texts.

use crate::container::Container;
use base::source::{Source, SourceId, Span};

use super::{Environment, Image, Pin};

/// A text with the name that the user knows it by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedText {
    /// A path for files.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// Something noticed in reading a file that is not a fault of the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Where.
    pub span: Option<Span>,
    /// What. One sentence, without the full stop.
    pub text: String,
}

/// A file that a config includes, and that is at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Included {
    /// As `include` names it.
    pub name: String,
    /// Its text.
    pub source: SourceId,
}

/// The environment, with the texts that its spans point into.
#[derive(Clone, Debug, Default)]
pub struct Gathered {
    /// What is set.
    pub environment: Environment,
    /// The files, numbered from 1.
    pub sources: Vec<Source>,
    /// LiteLLM's images that the files name.
    pub images: Vec<Image>,
    /// What requirements and lock files say of releases, the one that counts first.
    pub pins: Vec<Pin>,
    /// What the files leave open.
    pub notes: Vec<Note>,
    /// Where the config is in its file, when that was found together with what surrounds it:
    /// then the config's own file is not looked through for it again.
    pub config: Option<ConfigPlace>,
    /// The files beside the config that it includes.
    pub included: Vec<Included>,
    /// What runs the config, where files say so.
    pub container: Option<Container>,
}

/// Where a config stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigPlace {
    /// Its bytes in the file; `None` where the file is the config.
    pub range: Option<std::ops::Range<usize>>,
    /// In words: `the ConfigMap litellm, key config.yaml`.
    pub words: String,
}

impl Gathered {
    /// Says that everything found is in this source.
    pub fn place_in(&mut self, source: SourceId) {
        let place = |span: &mut Option<Span>| {
            if let Some(span) = span {
                span.source = source;
            }
        };
        self.notes.iter_mut().for_each(|note| place(&mut note.span));
        self.images.iter_mut().for_each(|image| place(&mut image.span));
        self.environment.places_mut().for_each(place);
        self.container.iter_mut().flat_map(Container::places_mut).for_each(place);
    }

    /// The same for a text of another length, all of whose changes are within the config; `None` where
    /// the config is the whole file.
    #[must_use]
    pub fn config_grown(&self, before: usize, after: usize) -> Option<Self> {
        let range = self.config.as_ref()?.range.clone()?;
        let mut grown = self.clone();
        let end = (range.end + after).saturating_sub(before).max(range.start);
        if let Some(config) = &mut grown.config {
            config.range = Some(range.start..end);
        }
        Some(grown)
    }

    /// Adds what another gathering found; it wins.
    pub fn extend(&mut self, other: &Self) {
        self.environment.complete |= other.environment.complete;
        self.environment.open.extend_from_slice(&other.environment.open);
        for (name, variable) in other.environment.iter() {
            self.environment.set(name, variable.clone());
        }
        self.sources.extend_from_slice(&other.sources);
        self.included.extend_from_slice(&other.included);
        self.container = other.container.clone().or(self.container.take());
        self.images.splice(0..0, other.images.iter().cloned());
        self.pins.splice(0..0, other.pins.iter().cloned());
        self.notes.extend_from_slice(&other.notes);
    }
}
