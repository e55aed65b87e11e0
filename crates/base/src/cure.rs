//! What cures a finding, for a machine to try. The words of a help text come from it.

use std::fmt;

use crate::operation::Operation;

/// One thing to do about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cure {
    /// Changing the config.
    Edit {
        /// In words. An imperative.
        words: String,
        /// The change, one operation after the other.
        operations: Vec<Operation>,
    },
    /// Setting a variable where LiteLLM runs.
    Set {
        /// Its name.
        variable: String,
        /// What is to be in it; `None` where only the owner knows: any text does.
        value: Option<&'static str>,
    },
    /// Unsetting a variable where LiteLLM runs.
    Unset {
        /// Its name.
        variable: String,
    },
    /// Another release, the first on its side that does.
    Release {
        /// `LiteLLM` or `redis-py`.
        software: &'static str,
        /// The release: `1.101.0`.
        release: String,
        /// Whether those after it do too, or those before it.
        newer: bool,
    },
    /// Something outside of the configuration: on the server, or only its owner knows.
    Elsewhere {
        /// In words. An imperative.
        words: &'static str,
    },
}

impl Cure {
    /// A change of the config.
    #[must_use]
    pub fn edit(words: impl Into<String>, operations: Vec<Operation>) -> Self {
        Self::Edit { words: words.into(), operations }
    }
}

impl fmt::Display for Cure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edit { words, .. } => f.write_str(words),
            Self::Set { variable, value: Some(value) } => {
                write!(f, "Set {variable}={value} where LiteLLM runs.")
            }
            Self::Set { variable, value: None } => write!(f, "Set {variable} where LiteLLM runs."),
            Self::Unset { variable } => write!(f, "Unset {variable} where LiteLLM runs."),
            Self::Release { software, release, newer } => {
                let side = if *newer { "newer" } else { "older" };
                write!(f, "Use {software} {release} or {side}.")
            }
            Self::Elsewhere { words } => f.write_str(words),
        }
    }
}
