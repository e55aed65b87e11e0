//! `redproof check --watch`: checks again whenever a file that may matter changes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use notify::{Event, RecommendedWatcher, RecursiveMode, Watcher};
use redproof_core::deployment::may_hold;

use crate::Ending;
use crate::files::is_stdin;
use crate::output::{self, Failure};
use crate::settings;

/// An editor that saves, and a checkout, change several files: the check waits until so long nothing has
/// changed.
const QUIET: Duration = Duration::from_millis(100);

/// Checks, and does so again after each change, until Ctrl-C ends the process.
///
/// # Errors
/// When nothing can be watched.
pub(crate) fn run(
    paths: &[PathBuf],
    named: &[PathBuf],
    mut check: impl FnMut() -> Result<Ending, Failure>,
) -> Result<Ending, Failure> {
    if paths.iter().any(|path| is_stdin(path)) {
        return Err(Failure::Said("standard input can't be watched".to_owned()));
    }
    let (sender, changes) = mpsc::channel();
    let failed = |error: &notify::Error| Failure::Said(format!("cannot watch: {error}"));
    // It is there before the first check: what changes during that is not missed.
    let mut watcher: RecommendedWatcher =
        notify::recommended_watcher(sender).map_err(|error| failed(&error))?;
    for (folder, mode) in folders(paths, named) {
        watcher.watch(&folder, mode).map_err(|error| failed(&error))?;
    }
    loop {
        match check() {
            Ok(_) => {}
            Err(Failure::ReaderGone) => return Err(Failure::ReaderGone),
            // It may be right after the next change.
            Err(error) => output::complain(&error),
        }
        output::note("waiting for a change; Ctrl-C ends");
        if !changed(&changes, named) {
            return Ok(Ending::Clean);
        }
    }
}

/// The folders to watch: those that are named with all below, those of files, where files that are read
/// beside them lie too.
fn folders(paths: &[PathBuf], named: &[PathBuf]) -> BTreeSet<(PathBuf, RecursiveMode)> {
    let beside = |path: &Path| match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    };
    let mut folders: BTreeSet<(PathBuf, RecursiveMode)> = BTreeSet::new();
    for path in paths {
        if path.is_dir() {
            folders.insert((path.clone(), RecursiveMode::Recursive));
        } else {
            folders.insert((beside(path), RecursiveMode::NonRecursive));
        }
    }
    folders.extend(named.iter().map(|path| (beside(path), RecursiveMode::NonRecursive)));
    folders
}

/// Waits for a change of a file that may matter, and until nothing changes; false where nothing is
/// watched any more.
fn changed(changes: &Receiver<notify::Result<Event>>, named: &[PathBuf]) -> bool {
    loop {
        match changes.recv() {
            Ok(event) if matters(&event, named) => break,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
    loop {
        match changes.recv_timeout(QUIET) {
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

/// Whether an event is the change of a file that a check may read.
fn matters(event: &notify::Result<Event>, named: &[PathBuf]) -> bool {
    // What was missed may have mattered.
    let Ok(event) = event else { return true };
    let reads = |path: &PathBuf| {
        let file = path.file_name();
        may_hold(&path.to_string_lossy())
            || file.is_some_and(|file| file == settings::NAME)
            || named.iter().any(|one| one.file_name() == file)
    };
    !event.kind.is_access() && event.paths.iter().any(reads)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use notify::event::{AccessKind, CreateKind};
    use notify::{Event, EventKind};

    use super::matters;

    #[test]
    fn only_changes_of_files_that_are_read_matter() {
        let event =
            |kind: EventKind, path: &str| Ok(Event::new(kind).add_path(PathBuf::from(path)));
        let create = EventKind::Create(CreateKind::File);
        let named = [PathBuf::from("etc/prod.vars")];
        for path in ["a/config.yaml", ".env", "redproof.toml", "x/prod.vars", "Dockerfile"] {
            assert!(matters(&event(create, path), &named), "{path}");
            assert!(!matters(&event(EventKind::Access(AccessKind::Any), path), &named), "{path}");
        }
        for path in ["out.sarif", "notes.md", "a.txt", ".config.yaml.swp"] {
            assert!(!matters(&event(create, path), &named), "{path}");
        }
    }
}
