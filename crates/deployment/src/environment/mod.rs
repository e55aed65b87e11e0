//! The environment that LiteLLM will run in, as far as it is known.
//!
//! [`gather`] reads it from the files that set it: `.env`, shell exports, Kubernetes manifests,
//! compose files.

mod compose;
pub(crate) mod dotenv;
mod gather;
mod gathered;
mod image;
mod installed;
pub mod kubernetes;
mod pin;
pub(crate) mod room;
pub(crate) mod shell;
pub(crate) mod verbatim;

use std::collections::{BTreeMap, BTreeSet};

pub use dotenv::{Binding, bindings};
pub use gather::{Format, gather};
pub use gathered::{ConfigPlace, Gathered, Included, NamedText, Note};
pub use image::Image;
pub use installed::Installed;
pub use pin::{PIN_FILES, Package, Pin, Requirement, pins, requirement};

use base::listed::listed;
use base::secret::Secret;
use base::source::Span;

/// Environment variables: each absent, known, or set to something unknown.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, Variable>,
    /// Known not to be set.
    absent: BTreeSet<String>,
    /// Whether the variables given, and what `open` may set, are all there are. When not, a variable
    /// that the config references by name is unknown rather than unset.
    pub complete: bool,
    /// What may set more variables than are known: a Secret whose keys are not given.
    pub open: Vec<OpenSource>,
    /// No file is there that a configuration names: so it is where recordings are made.
    pub has_no_files: bool,
    /// The packages beside LiteLLM.
    pub installed: Installed,
    /// What values came to, in bytes, once what they refer to was filled in.
    filled: usize,
}

/// Something that sets variables which are not known here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSource {
    /// What it is: `the Secret litellm-redis`.
    pub what: String,
    /// What the names of its variables start with.
    pub prefix: String,
    /// Where it is named.
    pub span: Option<Span>,
}

/// A variable that is set.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its value.
    pub value: VariableValue,
    /// Where it is set (`.env` line, Kubernetes env entry); `None` for the process environment
    /// and `--env`.
    pub span: Option<Span>,
    /// What Kubernetes takes the value from.
    pub value_from: Option<ValueFrom>,
}

/// A `valueFrom` of a container's `env`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueFrom {
    /// `secretKeyRef`
    Secret {
        /// The Secret.
        name: String,
        /// Its key.
        key: String,
    },
    /// `configMapKeyRef`
    ConfigMap {
        /// The `ConfigMap`.
        name: String,
        /// Its key.
        key: String,
    },
    /// `fieldRef`, the path of a field of the pod.
    Field(String),
}

/// The value of a variable that is set.
#[derive(Clone, Debug)]
pub enum VariableValue {
    /// Known. Any variable may hold a secret, so none prints.
    Known(Secret),
    /// Set, but its value is elsewhere; the text says where: `the Secret redis-secrets, key password`.
    Unknown(String),
}

/// The answer to a look-up.
#[derive(Clone, Debug)]
pub enum Lookup<'a> {
    /// Not set.
    Absent,
    /// Set.
    Set(&'a Variable),
    /// Not among the variables given, and those may not be all.
    NotGiven,
}

impl Environment {
    /// An environment of exactly these variables.
    pub fn exactly<K: Into<String>, V: AsRef<str>>(
        variables: impl IntoIterator<Item = (K, V)>,
    ) -> Self {
        let mut environment = Self { complete: true, ..Self::default() };
        for (name, value) in variables {
            environment.set(name, Variable::known(value.as_ref(), None));
        }
        environment
    }

    /// Sets a variable, over any earlier value.
    pub fn set(&mut self, name: impl Into<String>, variable: Variable) {
        self.variables.insert(name.into(), variable);
    }

    /// Says that a variable is not set.
    pub fn set_absent(&mut self, name: &str) {
        self.variables.remove(name);
        self.absent.insert(name.to_owned());
    }

    /// Forgets a variable.
    pub(crate) fn remove(&mut self, name: &str) {
        self.variables.remove(name);
    }

    /// A variable that is set.
    pub fn get(&self, name: &str) -> Option<&Variable> {
        self.variables.get(name)
    }

    /// What is known of a variable that the config names.
    pub fn lookup(&self, name: &str) -> Lookup<'_> {
        match self.variables.get(name) {
            Some(variable) => Lookup::Set(variable),
            None if self.absent.contains(name) => Lookup::Absent,
            None if self.complete && !self.may_be_set(name) => Lookup::Absent,
            None => Lookup::NotGiven,
        }
    }

    /// Whether one of the sources that can't be read may set a variable.
    fn may_be_set(&self, name: &str) -> bool {
        self.open.iter().any(|source| name.starts_with(&source.prefix))
    }

    /// Why a variable that is not given may be set all the same, to follow its name: `which the
    /// Secret redis may set`.
    pub fn whence(&self, name: &str) -> String {
        let mut sources: Vec<&str> = vec![];
        for source in self.open.iter().filter(|source| name.starts_with(&source.prefix)) {
            if !sources.contains(&source.what.as_str()) {
                sources.push(&source.what);
            }
        }
        match sources.as_slice() {
            [] => "which is not given here".to_owned(),
            sources => format!("which {} may set", listed(sources, "or")),
        }
    }

    /// The places of variables and of what may set more.
    pub fn places_mut(&mut self) -> impl Iterator<Item = &mut Option<Span>> {
        let open = self.open.iter_mut().map(|source| &mut source.span);
        self.variables.values_mut().map(|variable| &mut variable.span).chain(open)
    }

    /// All variables that are set, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Variable)> {
        self.variables.iter().map(|(name, variable)| (name.as_str(), variable))
    }
}

impl Variable {
    /// A variable with a known value.
    pub fn known(value: &str, span: Option<Span>) -> Self {
        Self { value: VariableValue::Known(Secret::new(value)), span, value_from: None }
    }

    /// A variable that is set from somewhere out of sight.
    pub fn unknown(why: impl Into<String>, span: Option<Span>) -> Self {
        Self { value: VariableValue::Unknown(why.into()), span, value_from: None }
    }
}
