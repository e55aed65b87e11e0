//! Files to deployments: which LiteLLM config runs with which environment, release, mounts and
//! neighbours, and where each of these is said.
//!
//! Pure: the texts of files in, [`Deployment`]s out. Reading goes file by file
//! (`forms`: compose, Kubernetes, Helm, ECS …) and gives workloads, configs and the objects that
//! they name; joining follows bind mounts, command lines, `ConfigMap`s and images, and then what lies
//! beside. What can't be read whole is unknown, and says so.

use crate::environment::{ConfigPlace, Gathered, NamedText};
use crate::model::Form;
use crate::{forms, join, paths};

/// One way in which a config runs.
#[derive(Clone, Debug)]
pub struct Deployment {
    /// What runs it: `compose.yaml, service litellm`; empty where nothing says.
    pub name: String,
    /// The form of the file that says so.
    pub form: Option<Form>,
    /// The config's file, an index into the files given.
    pub config: usize,
    /// Where the config stands in its file.
    pub place: ConfigPlace,
    /// Environment, images and lock files, with the texts that spans point into: the config is
    /// [`SourceId::CONFIG`](base::source::SourceId::CONFIG).
    pub gathered: Gathered,
    /// The files that say something of it, apart from the config, indices into the files given.
    pub files: Vec<usize>,
    /// How the config and what runs it were found to belong together.
    pub link: Link,
    /// How many replicas run.
    pub replicas: Option<u64>,
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
    /// Files that hold something for LiteLLM but belong to no config, and why.
    pub unclaimed: Vec<(usize, String)>,
}

/// Reads files, and finds what belongs together.
///
/// Names are paths with `/`, all from the same folder.
pub fn deployments(files: &[NamedText]) -> Deployments {
    let world = forms::read(files);
    join::join(files, &world, false)
}

/// Reads files that somebody says belong together, wherever they lie.
pub fn together(files: &[NamedText]) -> Deployments {
    let world = forms::read(files);
    join::join(files, &world, true)
}

/// Whether a file's text may say something of a deployment: other files need not be given. `names` are
/// what the files given so far refer to.
pub fn may_matter(name: &str, text: &str, names: &[String]) -> bool {
    let file = paths::file_name(name);
    forms::is_always_read(file)
        || ["litellm", "LITELLM", "LiteLLM", "redis", "REDIS", "valkey"]
            .iter()
            .any(|word| text.contains(word))
        || names.iter().any(|name| text.contains(name.as_str()))
}
