//! What the tests of all crates share.
#![forbid(unsafe_code)]

pub mod checking;
pub mod page;
pub mod schema;

use std::path::{Path, PathBuf};

pub use checking::Checking;

/// The checkout.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
