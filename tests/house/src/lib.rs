//! The project's own source, read as text: its crates, modules and what they import.
//!
//! A reader of Rust that knows comments, texts and `use`, no more. It is enough for rules that the compiler does not hold.

mod imports;
mod text;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub use imports::imports;
pub use text::{Code, code};

/// The project's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap_or(Path::new("/"))
}

/// The folders of the crates under `crates/`, in order of their names.
///
/// # Panics
/// When they can't be listed.
pub fn crates() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(root().join("crates"))
        .expect("the crates are there")
        .map(|entry| entry.expect("a readable folder").path())
        .filter(|path| path.join("Cargo.toml").is_file())
        .collect();
    folders.sort();
    folders
}

/// The modules of a crate by path (`["rules", "tls"]`, empty for the root), each with its file.
///
/// # Panics
/// When the source can't be listed.
pub fn modules(source: &Path) -> BTreeMap<Vec<String>, PathBuf> {
    let mut found = BTreeMap::new();
    for file in files(source, "rs") {
        let inside = file.strip_prefix(source).expect("below it").with_extension("");
        let mut path: Vec<String> =
            inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
        if path.last().is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main")) {
            path.pop();
        }
        found.insert(path, file);
    }
    found
}

/// All files below a folder that end so, in order.
///
/// # Panics
/// When a folder can't be listed.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut left = vec![folder.to_owned()];
    while let Some(folder) = left.pop() {
        for entry in fs::read_dir(&folder).expect("a folder of source") {
            let path = entry.expect("a readable folder").path();
            if path.is_dir() {
                // What npm installs is not ours.
                if !path.ends_with("node_modules") {
                    left.push(path);
                }
            } else if path.extension().is_some_and(|end| end == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The text of a file.
///
/// # Panics
/// When it can't be read.
pub fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
