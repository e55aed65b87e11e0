//! Python exceptions, and the other reason why a simulation stops: not knowing.

use std::fmt;

use super::{Origin, Value};

/// An exception that LiteLLM, redis-py or Python raises.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PyException {
    /// The class name: `ValueError`.
    pub class: String,
    /// `str(exception)`.
    pub message: String,
    /// The settings that it depends on.
    pub origins: Vec<Origin>,
    /// What it was raised for.
    pub reason: Raise,
}

/// What an exception was raised for, as far as anybody asks: its message is for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Raise {
    /// Nobody asks.
    #[default]
    Other,
    /// The text is not YAML.
    NotYaml,
    /// The config is empty.
    EmptyConfig,
    /// A call got an argument of this name, which the function does not take.
    UnexpectedArgument(String),
    /// A call got the argument of this name twice.
    RepeatedArgument(String),
    /// Redis is asked for, and there is no host, url or nodes.
    NoTarget,
    /// The semantic cache has neither all of host, port and password nor a url.
    NoSemanticTarget,
    /// The cache type is not one of the release's.
    UnknownCacheType,
    /// What is not a cache is used as one.
    NotACache,
    /// redis-py's cluster client refuses its arguments.
    ClusterRefuses,
    /// What `REDIS_CLUSTER_NODES` holds is not a list of nodes.
    ClusterNodesVariable,
    /// A URL has a port that is not a number.
    UrlPort,
    /// A package is imported that LiteLLM does not bring.
    NoPackage(&'static str),
    /// The router does not know its routing strategy.
    RoutingStrategy,
    /// The router's settings hold one that belongs elsewhere.
    MisplacedRouterSetting,
}

/// As the last line of a traceback.
impl fmt::Display for PyException {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.class)?;
        if self.message.is_empty() { Ok(()) } else { write!(f, ": {}", self.message) }
    }
}

/// Why a call does not return a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It raises.
    Raised(PyException),
    /// What it does depends on a value that can't be known; the text says on what.
    Unknown(String),
}

/// What a simulated call gives.
pub type PyResult<T> = Result<T, Stop>;

impl Stop {
    /// A raised exception.
    pub fn raise(class: impl Into<String>, message: impl Into<String>) -> Self {
        Self::Raised(PyException {
            class: class.into(),
            message: message.into(),
            origins: vec![],
            reason: Raise::Other,
        })
    }

    /// Notes what the exception is raised for.
    #[must_use]
    pub fn for_reason(mut self, reason: Raise) -> Self {
        if let Self::Raised(exception) = &mut self {
            exception.reason = reason;
        }
        self
    }

    /// What Python raises for `value.name` where the value's class has no such attribute.
    pub fn no_attribute(value: &Value, name: &str) -> Self {
        let kind = value.type_name().unwrap_or("object");
        let message = format!("'{kind}' object has no attribute '{name}'");
        Self::raise("AttributeError", message).because_of(&value.origin)
    }

    /// Notes a setting that the exception depends on.
    #[must_use]
    pub fn because_of(mut self, origin: &Origin) -> Self {
        if let Self::Raised(exception) = &mut self
            && !exception.origins.contains(origin)
        {
            exception.origins.push(origin.clone());
        }
        self
    }
}
