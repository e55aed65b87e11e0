//! Configs that lie side by side, and that the same runs, have all but their own places in common: of ten
//! thousand, it is worked out and kept once.

use std::collections::{BTreeSet, HashMap};

use base::source::SourceId;

use crate::deployments::{Deployment, Link};
use crate::environment::NamedText;
use crate::intake::source;
use crate::model::Config;
use crate::paths;

/// A deployment as it was put together for one config.
#[derive(Clone, Debug)]
pub(crate) struct Assembled {
    pub(crate) deployment: Deployment,
    /// The files that it names: the config of another deployment may be one of them, and is none here.
    pub(crate) named: BTreeSet<SourceId>,
}

/// What was put together so far: by what runs it, and by the folder of its config.
#[derive(Debug)]
pub(crate) struct Shared<'f> {
    files: &'f [NamedText],
    known: HashMap<(Option<usize>, &'f str), Assembled>,
}

impl<'f> Shared<'f> {
    pub(crate) fn new(files: &'f [NamedText]) -> Self {
        Self { files, known: HashMap::new() }
    }

    /// The deployment of a config which this runs: that of its neighbour, where nothing of it is about the
    /// config. `is_own` says that something is: a mount that brings it, files that it includes.
    pub(crate) fn of(
        &mut self,
        config: &Config,
        (runs, link): (Option<usize>, Link),
        is_own: bool,
        assemble: impl FnOnce(Link) -> Assembled,
    ) -> Deployment {
        let Some(file) = self.files.get(config.file).filter(|_| !is_own && config.range.is_none())
        else {
            return assemble(link).deployment;
        };
        let own = source(config.file);
        let key = (runs, paths::folder(&file.name));
        match self.known.get(&key) {
            Some(one) if !one.named.contains(&own) => {
                let mut deployment = one.deployment.clone();
                deployment.config = config.file;
                deployment.place.words.clone_from(&config.words);
                deployment.link = link;
                deployment
            }
            _ => {
                let one = assemble(link);
                let deployment = one.deployment.clone();
                if !one.named.contains(&own) {
                    self.known.insert(key, one);
                }
                deployment
            }
        }
    }
}
