//! The shape of a rule.

use super::{Context, Notes};
use base::diagnostic::{Diagnostic, Label, Severity};
use base::source::{Source, SourceId, Span};
use deployment::environment::{Environment, Variable};
use facts::Pair;
use simulate::outcome::Outcome;
use yaml::{Document, ReadError};

/// A rule: how it is called, what it looks for, and its page.
pub struct Rule {
    /// `RP201`
    pub code: &'static str,
    /// `ignored-router-key`
    pub name: &'static str,
    /// How bad it is, unless a finding says otherwise.
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub summary: &'static str,
    /// Why it matters, and what LiteLLM does. Markdown.
    pub why: &'static str,
    /// A configuration that raises this rule and no other.
    pub failing: Example,
    /// The same, mended: this rule is silent.
    pub mended: Example,
    /// Finds it.
    pub check: fn(&Context<'_>) -> Vec<Diagnostic>,
}

/// A configuration on a rule's page. It is run by the tests.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// `config.yaml`
    pub config: &'static str,
    /// `.env`
    pub env: &'static str,
    /// Variables that are set from a Secret, to values that are not known.
    pub from_secret: &'static [&'static str],
    /// The LiteLLM release.
    pub litellm: &'static str,
    /// The redis-py release.
    pub redis_py: &'static str,
    /// Nothing says that it is this redis-py release: it is assumed.
    pub assumed: bool,
}

impl Example {
    /// An example on the newest pair that the rules were written for.
    pub const fn new(config: &'static str) -> Self {
        Self {
            config,
            env: "",
            from_secret: &[],
            litellm: "1.109.1",
            redis_py: "8.1.0",
            assumed: false,
        }
    }

    /// The same on an older pair.
    pub const fn old(config: &'static str) -> Self {
        Self {
            config,
            env: "",
            from_secret: &[],
            litellm: "1.80.0",
            redis_py: "5.3.1",
            assumed: false,
        }
    }

    /// With these variables.
    #[must_use]
    pub const fn env(self, env: &'static str) -> Self {
        Self { env, ..self }
    }

    /// With these variables from a Secret.
    #[must_use]
    pub const fn from_secret(self, from_secret: &'static [&'static str]) -> Self {
        Self { from_secret, ..self }
    }

    /// What a pair of releases does with it, and what all rules find in that.
    pub fn check(&self, pair: Pair) -> (Outcome, Vec<Diagnostic>) {
        self.read().on(pair, |context| (context.outcome.clone(), super::check(context)))
    }

    /// Reads its texts, for any number of releases.
    pub fn read(&self) -> ReadExample {
        let name = "config.yaml".to_owned();
        ReadExample {
            source: Source { id: SourceId::CONFIG, name, text: self.config.to_owned() },
            document: yaml::read(SourceId::CONFIG, self.config),
            environment: self.environment(),
            assumed: self.assumed,
        }
    }

    /// The environment, complete.
    pub fn environment(&self) -> Environment {
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

    /// On these releases.
    #[must_use]
    pub const fn on(self, litellm: &'static str, redis_py: &'static str) -> Self {
        Self { litellm, redis_py, ..self }
    }
}

/// An [`Example`], read.
pub struct ReadExample {
    source: Source,
    document: Result<Document, ReadError>,
    environment: Environment,
    assumed: bool,
}

impl ReadExample {
    /// What rules look at on a pair of releases, handed to `look`.
    pub fn on<T>(&self, pair: Pair, look: impl FnOnce(&Context<'_>) -> T) -> T {
        look(&Context {
            sources: std::slice::from_ref(&self.source),
            config_text: &self.source.text,
            document: &self.document,
            environment: &self.environment,
            outcome: &simulate::simulate(&self.document, &self.environment, pair),
            pair,
            redis_py_assumed: self.assumed,
            now: None,
            notes: &Notes::default(),
        })
    }
}

impl Rule {
    /// A finding of this rule at a place.
    pub(super) fn at(&self, span: Option<Span>, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code: self.code,
            rule: self.name,
            severity: self.severity,
            message: message.into(),
            path: String::new(),
            primary: Label { span, text: String::new() },
            related: vec![],
            help: None,
            cures: vec![],
            proposal: None,
        }
    }
}
