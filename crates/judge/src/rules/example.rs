//! A configuration as a rule shows it: texts, and the releases that they run on.

use super::{Context, Memo, Sections};
use base::finding::Finding;
use base::source::{Source, SourceId};
use deployment::Container;
use deployment::environment::{Environment, Gathered, Installed, NamedText, Variable};
use facts::Pair;
use simulate::outcome::Outcome;
use yaml::{Document, ReadError};

/// A configuration of a rule's page or tests. The tests run it.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// `config.yaml`
    pub config: &'static str,
    /// `.env`
    pub env: &'static str,
    /// Variables that are set from a Secret, to values that are not known.
    pub from_secret: &'static [&'static str],
    /// The manifest or compose file that runs it; then that sets the environment.
    pub beside: &'static str,
    /// The LiteLLM release.
    pub litellm: &'static str,
    /// The redis-py release.
    pub redis_py: &'static str,
    /// Nothing says that it is this redis-py release: it is assumed.
    pub assumed: bool,
    /// An editor refuses it: it is not YAML to it, or not what the JSON Schema allows.
    pub refused_by_schema: bool,
}

impl Example {
    /// An example on the newest pair that the rules were written for. A line break before its first
    /// line is not of the text.
    pub const fn new(config: &'static str) -> Self {
        Self {
            config: block(config),
            env: "",
            from_secret: &[],
            beside: "",
            litellm: "1.109.1",
            redis_py: "8.1.0",
            assumed: false,
            refused_by_schema: false,
        }
    }

    /// The same on an older pair.
    pub const fn old(config: &'static str) -> Self {
        Self::new(config).on("1.80.0", "5.3.1")
    }

    /// With these variables.
    #[must_use]
    pub const fn env(self, env: &'static str) -> Self {
        Self { env: block(env), ..self }
    }

    /// With these variables from a Secret.
    #[must_use]
    pub const fn from_secret(self, from_secret: &'static [&'static str]) -> Self {
        Self { from_secret, ..self }
    }

    /// With the manifest or compose file that runs it.
    #[must_use]
    pub const fn beside(self, beside: &'static str) -> Self {
        Self { beside: block(beside), ..self }
    }

    /// The name of the file that runs it.
    pub fn beside_name(&self) -> &'static str {
        match self.beside.split_whitespace().next() {
            Some("services:") => "compose.yaml",
            Some("{") => "task-definition.json",
            Some("[Container]") => "litellm.container",
            Some("docker") => "run.sh",
            Some("job") => "litellm.nomad",
            _ => "deployment.yaml",
        }
    }

    /// What a pair of releases does with it, and what all rules find in that.
    pub fn check(&self, pair: Pair) -> (Outcome, Vec<Finding>) {
        self.read().on(pair, |context| (context.outcome.clone(), super::check(context)))
    }

    /// Reads its texts, for any number of releases.
    pub fn read(&self) -> ReadExample {
        let name = "config.yaml".to_owned();
        let own = Source { id: SourceId::CONFIG, name, text: self.config.to_owned() };
        let runs = self.runs();
        let beside = runs.iter().flat_map(|runs| runs.sources.iter().cloned());
        ReadExample {
            sources: std::iter::once(own).chain(beside).collect(),
            document: yaml::read(SourceId::CONFIG, self.config),
            environment: self.environment(),
            container: runs.and_then(|runs| runs.container),
            assumed: self.assumed,
        }
    }

    /// What the file beside says.
    fn runs(&self) -> Option<Gathered> {
        let file = |name: &str, text: &str| NamedText { name: name.into(), text: text.into() };
        let files = [file("config.yaml", self.config), file(self.beside_name(), self.beside)];
        let found = (!self.beside.is_empty()).then(|| deployment::deployments(&files).found)?;
        found.into_iter().next().map(|one| one.gathered())
    }

    /// The environment, complete.
    pub fn environment(&self) -> Environment {
        if let Some(mut runs) = self.runs() {
            runs.environment.installed = Installed::of(&runs);
            return runs.environment;
        }
        let variables = self.env.lines().filter_map(|line| line.split_once('='));
        let mut environment = Environment::exactly(variables);
        for name in self.from_secret {
            let why = format!("key {name} of the Secret redis");
            environment.set(*name, Variable::unknown(why, None));
        }
        environment
    }

    /// On a redis-py release that is only assumed.
    #[must_use]
    pub const fn assumed(self) -> Self {
        Self { assumed: true, ..self }
    }

    /// An editor that knows the JSON Schema refuses it.
    #[must_use]
    pub const fn refused_by_schema(self) -> Self {
        Self { refused_by_schema: true, ..self }
    }

    /// On these releases.
    #[must_use]
    pub const fn on(self, litellm: &'static str, redis_py: &'static str) -> Self {
        Self { litellm, redis_py, ..self }
    }
}

/// A text that a literal holds from its second line on.
const fn block(text: &str) -> &str {
    match text.as_bytes() {
        [b'\n', ..] => text.split_at(1).1,
        _ => text,
    }
}

/// An [`Example`], read.
pub struct ReadExample {
    sources: Vec<Source>,
    document: Result<Document, ReadError>,
    environment: Environment,
    container: Option<Container>,
    assumed: bool,
}

impl ReadExample {
    /// What rules look at on a pair of releases, handed to `look`.
    pub fn on<T>(&self, pair: Pair, look: impl FnOnce(&Context<'_>) -> T) -> T {
        look(&Context {
            sources: &self.sources,
            config_text: self.sources.first().map_or("", |source| &source.text),
            document: &self.document,
            sections: Sections::of(&self.document),
            environment: &self.environment,
            outcome: &simulate::simulate(&self.document, &self.environment, pair),
            pair,
            redis_py_assumed: self.assumed,
            container: self.container.as_ref(),
            now: None,
            memo: &Memo::default(),
        })
    }
}
