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

/// Whether a key or variable of this name holds a secret.
pub fn is_secret_name(name: &str) -> bool {
    const PARTS: [&str; 9] = [
        "password",
        "passwd",
        "secret",
        "api_key",
        "apikey",
        "access_key",
        "private_key",
        "connection_string",
        "authorization",
    ];
    let name = name.as_bytes();
    let same = |one: &[u8], other: &str| {
        one.len() == other.len()
            && one.iter().zip(other.bytes()).all(|(one, other)| {
                one.to_ascii_lowercase() == other || (*one == b'-' && other == b'_')
            })
    };
    let ends = |end: &str| name.len() >= end.len() && same(&name[name.len() - end.len()..], end);
    let holds = |part: &str| name.windows(part.len()).any(|window| same(window, part));
    PARTS.iter().any(|part| holds(part))
        || ends("_key")
        || ends("token")
        || same(name, "key")
        || same(name, "pass")
}
