//! Where a value came from.

use std::borrow::Cow;
use std::sync::Arc;

use base::source::Span;

/// Where a value came from, so that every answer can be traced to a line, a variable or a default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Written in the config file (or one that it includes).
    Config(Span),
    /// `os.environ/NAME` written in the config, resolved from the environment.
    Reference {
        /// The reference in the config.
        at: Span,
        /// The variable that it names.
        variable: Arc<str>,
    },
    /// An environment variable that LiteLLM reads by itself.
    Environment(Arc<str>),
    /// A default in LiteLLM's code; the text names the place, as `RedisCache.__init__`.
    LitellmDefault(&'static str),
    /// A default in redis-py's code; the text names the place, as `Connection.__init__`.
    RedisPyDefault(&'static str),
    /// Worked out from other values.
    Computed(Arc<Computed>),
}

/// A value worked out from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    /// How, in a few words: `the host of the url`.
    pub how: Cow<'static, str>,
    /// What it was worked out from.
    pub from: Vec<Origin>,
    /// It is a part of a password, and must not be shown.
    pub secret: bool,
}

impl Origin {
    /// An origin worked out from one other.
    pub fn computed(how: impl Into<Cow<'static, str>>, from: impl Into<Vec<Origin>>) -> Self {
        Self::Computed(Arc::new(Computed { how: how.into(), from: from.into(), secret: false }))
    }

    /// A part of a password that is taken for something else: the host of a URL whose password
    /// holds a `/`.
    pub fn out_of_a_password(how: impl Into<Cow<'static, str>>, from: Origin) -> Self {
        Self::Computed(Arc::new(Computed { how: how.into(), from: vec![from], secret: true }))
    }

    /// Whether the value is a part of a password, and must not be shown.
    pub fn is_secret(&self) -> bool {
        match self {
            Self::Computed(computed) => {
                computed.secret || computed.from.iter().any(Origin::is_secret)
            }
            _ => false,
        }
    }

    /// The place in a config text, if this value comes from one.
    pub fn span(&self) -> Option<Span> {
        match self {
            Self::Config(span) | Self::Reference { at: span, .. } => Some(*span),
            Self::Computed(computed) => computed.from.iter().find_map(Origin::span),
            Self::Environment(_) | Self::LitellmDefault(_) | Self::RedisPyDefault(_) => None,
        }
    }

    /// The environment variable that this value comes from, directly or by reference.
    pub fn variable(&self) -> Option<&str> {
        match self {
            Self::Environment(name) | Self::Reference { variable: name, .. } => Some(name),
            Self::Computed(computed) => computed.from.iter().find_map(Origin::variable),
            Self::Config(_) | Self::LitellmDefault(_) | Self::RedisPyDefault(_) => None,
        }
    }
}
