//! Values that must not be printed by accident.

use std::fmt;
use std::sync::Arc;

/// What stands in place of a secret in everything that is shown.
pub const MASK: &str = "•••";

/// A password, token or key. It prints as `•••`, whatever formats it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Secret(Arc<str>);

impl Secret {
    /// Wraps a secret value.
    pub fn new(value: impl Into<Arc<str>>) -> Self {
        Self(value.into())
    }

    /// The value itself: to authenticate with, to compare, or because the user asked with
    /// `--reveal-secrets`.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}
