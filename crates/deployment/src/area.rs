//! Files that were read together, and how the configs among them run.

use crate::choice::matter;
use crate::deployments::{Deployment, Deployments, Link};
use crate::environment::{Gathered, NamedText, Note, Variable};
use crate::model::Form;
use crate::paths::file_name;
use crate::read::{deployments, together};

/// Files that were looked at together, and what they come to.
#[derive(Debug, Default)]
pub struct Area {
    files: Vec<NamedText>,
    found: Deployments,
    /// The deployments, in the order of their configs' names.
    by_config: Vec<usize>,
    /// The parts of other configs, in the order of their names.
    parts: Vec<usize>,
}

/// What is given beside the files.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Variables, which win over those of the files.
    pub variables: Vec<(String, String)>,
    /// What nothing sets is not set: otherwise it is not known.
    pub complete: bool,
}

/// One way in which a config runs.
#[derive(Clone, Debug)]
pub struct Run {
    /// What it runs with.
    pub environment: Gathered,
    /// What runs it, where files say so.
    pub deployment: Option<Runs>,
}

/// What runs a config.
#[derive(Clone, Debug)]
pub struct Runs {
    /// `compose.yaml, service litellm`
    pub name: String,
    /// The form of the file that says so.
    pub form: Option<Form>,
    /// How it is known that the config runs there.
    pub link: Link,
    /// The files that were read for it.
    pub files: Vec<String>,
    /// How many replicas run.
    pub replicas: Option<u64>,
}

impl Run {
    /// What runs the config; empty where nothing says.
    pub fn name(&self) -> &str {
        self.deployment.as_ref().map_or("", |one| &one.name)
    }
}

impl Area {
    /// What these files come to.
    pub fn of(files: Vec<NamedText>) -> Self {
        let found = deployments(&files);
        Self::with(files, found)
    }

    /// What these files come to, of which somebody says that they belong together; the first is the config.
    pub fn of_named(files: Vec<NamedText>) -> Self {
        let found = together(&files);
        Self::with(files, found)
    }

    /// What texts with these names come to.
    pub fn of_texts(texts: impl Iterator<Item = (String, String)>) -> Self {
        let files = texts.map(|(name, text)| NamedText { name, text }).collect();
        Self::of(matter(files))
    }

    fn with(files: Vec<NamedText>, found: Deployments) -> Self {
        let name = |file: usize| files.get(file).map_or("", |file| file.name.as_str());
        let config = |at: usize| found.found.get(at).map_or("", |one| name(one.config));
        let mut by_config: Vec<usize> = (0..found.found.len()).collect();
        by_config.sort_by(|one, other| config(*one).cmp(config(*other)));
        let mut parts = found.parts.clone();
        parts.sort_by(|one, other| name(*one).cmp(name(*other)));
        Self { files, found, by_config, parts }
    }

    /// All deployments.
    pub fn deployments(&self) -> &[Deployment] {
        &self.found.found
    }

    /// A file's text.
    pub fn text(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |file| &file.text)
    }

    /// The deployments of a config.
    pub fn of_config(&self, config: &str) -> impl Iterator<Item = &Deployment> {
        let name = |at: &usize| self.found.found.get(*at).map(|one| self.name(one.config));
        let first = self.by_config.partition_point(|at| name(at) < Some(config));
        let own = self.by_config[first..].iter().take_while(move |at| name(at) == Some(config));
        own.filter_map(|at| self.found.found.get(*at))
    }

    /// Whether a file may be a config of its own, and no part of another; `below` is its path below the
    /// folder that is gone through.
    pub fn may_be_config(&self, name: &str, below: &str) -> bool {
        let parts = file_name(name).rsplit_once('.');
        let yaml =
            parts.is_some_and(|(stem, end)| !stem.is_empty() && matches!(end, "yaml" | "yml"));
        // A workflow may write a config: it is none.
        let hidden = below.split(['/', '\\']).any(|part| part.starts_with('.'));
        let part = self.parts.binary_search_by(|part| self.name(*part).cmp(name)).is_ok();
        yaml && !hidden && !part || self.of_config(name).next().is_some()
    }

    /// A file's name.
    pub fn name(&self, file: usize) -> &str {
        self.files.get(file).map_or("", |file| &file.name)
    }

    /// Files that hold something for LiteLLM but belong to no config, and why.
    pub fn unclaimed(&self) -> impl Iterator<Item = (&str, &str)> {
        self.found.unclaimed.iter().map(|(file, why)| (self.name(*file), why.as_str()))
    }

    /// The names of the files that were read.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.name.as_str())
    }

    /// How a deployment runs, with what is given beside the files.
    pub fn run(&self, one: &Deployment, given: &Given) -> Run {
        let mut environment = one.gathered();
        for (name, value) in &given.variables {
            environment.environment.set(name.clone(), Variable::known(value, None));
        }
        if given.complete {
            environment.environment.complete = true;
            environment.environment.open.clear();
        }
        let runs = Runs {
            name: one.name.clone(),
            form: one.form,
            link: one.link.clone(),
            files: one.files.iter().map(|file| self.name(*file).to_owned()).collect(),
            replicas: one.replicas,
        };
        let says = !(runs.files.is_empty() && runs.name.is_empty());
        let deployment = says.then_some(runs);
        if let Some(Runs { name, files, .. }) =
            deployment.as_ref().filter(|one| !one.name.is_empty())
        {
            let read = if files.is_empty() {
                String::new()
            } else {
                format!("; read: {}", files.join(", "))
            };
            let text = format!("{name} runs it{read}");
            environment.notes.insert(0, Note { span: None, text });
        }
        Run { environment, deployment }
    }
}

/// Whether a text names a section or key that only a LiteLLM config has.
pub fn looks_like_config(text: &str) -> bool {
    const KEYS: [&str; 5] =
        ["litellm_settings", "router_settings", "model_list", "cache_params", "coordination_redis"];
    text.lines().any(|line| {
        let key = line.trim_start().trim_start_matches(['"', '\'']);
        KEYS.iter().any(|known| {
            key.strip_prefix(known)
                .is_some_and(|rest| rest.trim_start_matches(['"', '\'', ' ']).starts_with(':'))
        })
    })
}
