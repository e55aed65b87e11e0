//! What comes of a set of files: deployments, and what belongs to none.

use std::sync::Arc;

use crate::environment::{ConfigPlace, Gathered};
use crate::model::Form;

/// One way in which a config runs.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// What runs it: `compose.yaml, service litellm`; empty where nothing says.
    pub name: String,
    /// The form of the file that says so.
    pub form: Option<Form>,
    /// The config's file, an index into the files given.
    pub config: usize,
    /// Where the config is in its file.
    pub place: ConfigPlace,
    /// Environment, images and lock files, with the texts that spans point into: the config is
    /// [`SourceId::CONFIG`](base::source::SourceId::CONFIG), and its place is not in here. Configs that lie
    /// side by side share it.
    pub around: Arc<Gathered>,
    /// The files that say something of it, apart from the config, indices into the files given.
    pub files: Vec<usize>,
    /// How the config and what runs it were found to belong together.
    pub link: Link,
    /// How many replicas run.
    pub replicas: Option<u64>,
}

impl Deployment {
    /// What its config runs with, and where that is in its file.
    pub fn gathered(&self) -> Gathered {
        Gathered { config: Some(self.place.clone()), ..Gathered::clone(&self.around) }
    }

    /// What runs it; where nothing does, which config of its file it is: empty for the whole file.
    pub fn title(&self) -> &str {
        match &self.place.range {
            Some(_) if self.name.is_empty() => &self.place.words,
            _ => &self.name,
        }
    }
}

/// How a config and what runs it belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// Nothing runs it, as far as the files tell.
    Alone,
    /// It is mounted or copied to where the command line names it, or holds it itself.
    Named(String),
    /// Nothing names it: it lies beside.
    Beside,
}

/// What a set of files gives.
#[derive(Clone, Debug, Default)]
pub struct Deployments {
    /// In the order of the configs' files.
    pub found: Vec<Deployment>,
    /// Files that are part of another config, whose `include` names them.
    pub parts: Vec<usize>,
    /// Files that hold something for LiteLLM but belong to no config, and why.
    pub unclaimed: Vec<(usize, String)>,
}
