//! Changes of a configuration by path: what a fix does, and what a cure names.

use serde_json::Value as Json;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operation {
    /// Gives a key another name.
    Rename {
        /// The key's path.
        path: String,
        /// Its new name.
        to: String,
    },
    /// Removes a key with its value, or a list's element.
    Remove {
        /// Its path.
        path: String,
    },
    /// Takes a key with its value to another mapping, and the comment lines above it along: the key
    /// that is there, or one that is added with the mappings above it.
    Move {
        /// The key's path.
        path: String,
        /// Its new path.
        to: String,
    },
    /// Replaces the value of a key or list element that is there.
    Replace {
        /// Its path.
        path: String,
        /// The value to write.
        value: Json,
    },
    /// Gives a key a value: replaces it, or adds it with the mappings above it.
    Set {
        /// The key's path.
        path: String,
        /// The value to write.
        value: Json,
    },
    /// Adds an element to a list, and the list where there is none.
    Append {
        /// The list's path.
        path: String,
        /// The element to write.
        value: Json,
    },
}

impl Operation {
    /// The paths that it reads or writes.
    pub fn paths(&self) -> Vec<&str> {
        match self {
            Self::Move { path, to } => vec![path, to],
            Self::Rename { path, .. }
            | Self::Remove { path }
            | Self::Replace { path, .. }
            | Self::Set { path, .. }
            | Self::Append { path, .. } => vec![path],
        }
    }

    /// The path of what it changes.
    pub fn path(&self) -> &str {
        match self {
            Self::Rename { path, .. }
            | Self::Remove { path }
            | Self::Move { path, .. }
            | Self::Replace { path, .. }
            | Self::Set { path, .. }
            | Self::Append { path, .. } => path,
        }
    }
}
