//! What the published wheels say on both sides of changes that start-up does not show.

use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;

use crate::recordings::bad;

/// A pattern in a file of the wheels, on both sides of a change: `truth/wheels/recording.json`.
#[derive(Clone, Debug, Deserialize)]
pub struct Reading {
    /// The change's short name.
    pub name: String,
    /// `litellm` or `redis`.
    pub project: String,
    /// The last release without the change.
    pub before: Side,
    /// The first release with it.
    pub after: Side,
}

/// One side of a change.
#[derive(Clone, Debug, Deserialize)]
pub struct Side {
    /// The release.
    pub release: String,
    /// What the pattern finds, in order; `None` where the wheel lacks the file.
    pub found: Option<Vec<String>>,
}

/// The recorded readings.
///
/// # Errors
/// On an unreadable file.
pub fn readings(path: &Path) -> io::Result<Vec<Reading>> {
    let text = fs::read_to_string(path).map_err(|error| bad(path, &error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| bad(path, &error.to_string()))
}
