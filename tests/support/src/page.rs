//! Committed files that the code writes: a test holds each to what it must be, and writes it again
//! with `REDPROOF_UPDATE=1`.

use std::fs;
use std::path::Path;

use crate::root;

/// Holds committed files, by their paths from the checkout, to what they must be. The failure names the
/// command that writes them again.
#[macro_export]
macro_rules! hold {
    ($files:expr) => {
        $crate::page::hold($files, $crate::update!())
    };
}

/// Holds all files of a folder, by their names in it, and that no other is there.
#[macro_export]
macro_rules! hold_folder {
    ($folder:expr, $files:expr) => {
        $crate::page::hold_folder($folder, $files, $crate::update!())
    };
}

/// The command that writes what this test holds again.
#[macro_export]
macro_rules! update {
    () => {
        concat!(
            "REDPROOF_UPDATE=1 cargo test -p ",
            env!("CARGO_PKG_NAME"),
            " --test ",
            env!("CARGO_CRATE_NAME")
        )
    };
}

/// Whether the files are to be written.
pub fn is_updating() -> bool {
    std::env::var_os("REDPROOF_UPDATE").is_some()
}

/// Holds files to what they must be; [`crate::hold!`] knows the command.
///
/// # Panics
/// When one differs, or can't be written.
pub fn hold<P: AsRef<Path>, T: AsRef<str>>(files: impl IntoIterator<Item = (P, T)>, update: &str) {
    let mut stale = Vec::new();
    for (path, text) in files {
        let (path, text) = (root().join(path.as_ref()), text.as_ref());
        // Git may check files out with line breaks of the system's own.
        let held = fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
        if held == text {
            continue;
        }
        if is_updating() {
            let folder = path.parent().unwrap_or(&path);
            let written = fs::create_dir_all(folder).and_then(|()| fs::write(&path, text));
            written.unwrap_or_else(|error| panic!("cannot write {}: {error}", path.display()));
        } else {
            stale.push(path.file_name().unwrap_or_default().to_string_lossy().into_owned());
        }
    }
    assert!(stale.is_empty(), "stale: {}; run {update}", stale.join(", "));
}

/// Holds a folder to its files; [`crate::hold_folder!`] knows the command.
///
/// # Panics
/// When one differs, can't be written, or is one too many.
pub fn hold_folder<T: AsRef<str>>(folder: &str, files: &[(String, T)], update: &str) {
    let place = Path::new(folder);
    hold(files.iter().map(|(name, text)| (place.join(name), text)), update);
    let there = fs::read_dir(root().join(place)).expect("the folder is there");
    for one in there {
        let name = one.expect("an entry").file_name();
        let known = files.iter().any(|(file, _)| *name == **file);
        assert!(known, "{folder} holds {}, which nothing writes", name.display());
    }
}
