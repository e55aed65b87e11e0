//! Finding the files that say how a config runs: those of a directory, or those beside a config and
//! above it, up to the repository's root.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use ignore::overrides::{Override, OverrideBuilder};
use redproof_core::NamedText;
use redproof_core::deployment::{Area, matter, may_hold, may_say};

use crate::files::{name, read_found};
use crate::output::Failure;
use crate::stream;

/// No file of a deployment is larger.
const LARGEST: u64 = 2 << 20;
/// So many files around a single config are looked at, and so deep.
const MOST_AROUND: usize = 2_000;
const DEEPEST_AROUND: usize = 3;

/// All files of a directory, with those above it.
pub(crate) fn of_directory(directory: &Path, paths: &[PathBuf]) -> Area {
    let mut reader = Reader::default();
    let read = |path: &PathBuf| Found::read(path).filter(|found| found.says);
    let Ok(()) = stream::in_order(paths, read, |found| {
        if let Some(found) = found {
            reader.keep(found);
        }
        Ok::<(), Infallible>(())
    });
    reader.hidden_beside(paths);
    reader.above(directory);
    Area::of(matter(reader.into_files()))
}

/// The files beside a config, and above it.
pub(crate) fn around(config: &Path) -> Area {
    Area::of(matter(read_around(config)))
}

/// The same for a text that is the config's instead of what is on the disk.
pub(crate) fn around_as(config: &Path, text: &str) -> Area {
    let mut files = read_around(config);
    let own = name(config);
    match files.iter_mut().find(|file| file.name == own) {
        Some(file) => text.clone_into(&mut file.text),
        None => files.insert(0, NamedText { name: own, text: text.to_owned() }),
    }
    Area::of(matter(files))
}

fn read_around(config: &Path) -> Vec<NamedText> {
    let folder = config.parent().unwrap_or(Path::new(""));
    let mut reader = Reader::default();
    if let Some(file_name) = config.file_name() {
        reader.all = true;
        reader.add(&folder.join(file_name));
        reader.all = false;
    }
    if repository(folder).is_some() {
        let all = walk(&shown(folder), None).max_depth(Some(DEEPEST_AROUND)).build();
        let files = all.flatten().filter(|entry| entry.path().is_file()).take(MOST_AROUND);
        let paths: Vec<PathBuf> = files.map(ignore::DirEntry::into_path).collect();
        for path in &paths {
            reader.add(path);
        }
        reader.hidden_beside(&paths);
    } else {
        reader.folder(folder);
    }
    reader.above(folder);
    reader.into_files()
}

/// A config with the files that say how it runs.
pub(crate) fn of_files(config: &Path, files: &[PathBuf]) -> Area {
    let mut reader = Reader { all: true, ..Reader::default() };
    reader.add(config);
    for file in files {
        reader.add(file);
    }
    Area::of_named(reader.into_files())
}

/// The files below a directory, in the order of their names. What `.gitignore` names is left out, and
/// hidden and installed directories. What lies below it and can't be read goes to `unread`.
///
/// # Errors
/// When the directory can't be read.
pub(crate) fn below(
    directory: &Path,
    exclude: &[String],
    unread: &mut Vec<Failure>,
) -> Result<Vec<PathBuf>, Failure> {
    let mut paths = vec![];
    let overrides = excluded(directory, exclude)?;
    for entry in walk(directory, Some(overrides)).build() {
        let entry = match entry {
            Ok(entry) => entry,
            // One folder that can't be read does not keep the others from being checked.
            Err(error) if error.depth() != Some(0) => {
                unread.push(Failure::Said(format!("cannot read {error}")));
                continue;
            }
            Err(error) => {
                return Err(Failure::Said(format!("cannot read {}: {error}", directory.display())));
            }
        };
        let kind = entry.file_type();
        let is_file = kind.is_some_and(|kind| kind.is_file());
        let is_link = kind.is_some_and(|kind| kind.is_symlink());
        if is_file || (is_link && entry.path().is_file()) {
            paths.push(entry.into_path());
        }
    }
    Ok(paths)
}

fn excluded(directory: &Path, exclude: &[String]) -> Result<Override, Failure> {
    let mut builder = OverrideBuilder::new(directory);
    for pattern in exclude {
        builder
            .add(&format!("!{pattern}"))
            .map_err(|error| Failure::Said(format!("--exclude {pattern}: {error}")))?;
    }
    builder.build().map_err(|error| Failure::Said(format!("--exclude: {error}")))
}

fn walk(directory: &Path, overrides: Option<Override>) -> WalkBuilder {
    let mut builder = WalkBuilder::new(directory);
    builder
        .hidden(false)
        .require_git(false)
        .git_global(false)
        .sort_by_file_name(std::ffi::OsStr::cmp)
        .filter_entry(|entry| {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            let name = entry.file_name().to_string_lossy();
            let hidden = name.starts_with('.')
                && !matches!(&*name, "." | ".." | ".devcontainer" | ".github");
            // The directory that was asked for may have any name.
            !is_folder
                || entry.depth() == 0
                || !(hidden || name == "node_modules" || entry.path().join("pyvenv.cfg").exists())
        });
    if let Some(overrides) = overrides {
        builder.overrides(overrides);
    }
    builder
}

/// The folder as it is opened: the empty path is the current one.
fn shown(folder: &Path) -> PathBuf {
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
}

/// The root of the repository that a folder is in.
fn repository(folder: &Path) -> Option<PathBuf> {
    let folder = fs::canonicalize(shown(folder)).ok()?;
    folder.ancestors().find(|one| one.join(".git").exists()).map(Path::to_owned)
}

/// A file that was read.
struct Found {
    file: NamedText,
    /// It may say something of a deployment.
    says: bool,
}

impl Found {
    /// Reads a file whose name may say something.
    fn read(path: &Path) -> Option<Self> {
        if !may_hold(&path.to_string_lossy()) {
            return None;
        }
        let (name, text) = (name(path), read_found(path, LARGEST).ok()?);
        let says = may_say(&name, &text);
        Some(Self { file: NamedText { name, text }, says })
    }
}

/// Reads files, each once.
#[derive(Default)]
struct Reader {
    /// Somebody names the files: all are kept.
    all: bool,
    known: BTreeSet<String>,
    files: Vec<NamedText>,
}

impl Reader {
    /// Reads a file that may say something.
    fn add(&mut self, path: &Path) {
        if !self.known.contains(&name(path))
            && let Some(found) = Found::read(path)
        {
            self.keep(found);
        }
    }

    /// Keeps a file that may say something.
    fn keep(&mut self, Found { file, says }: Found) {
        if self.known.insert(file.name.clone()) && (self.all || says) {
            self.files.push(file);
        }
    }

    fn into_files(self) -> Vec<NamedText> {
        self.files
    }

    /// The files right in a folder.
    fn folder(&mut self, folder: &Path) {
        let Ok(entries) = fs::read_dir(shown(folder)) else { return };
        let mut names: Vec<_> =
            entries.flatten().map(|entry| entry.file_name()).take(MOST_AROUND).collect();
        names.sort();
        for name in &names {
            self.add(&folder.join(name));
        }
    }

    /// `.env` files, which `.gitignore` names.
    fn hidden_beside(&mut self, paths: &[PathBuf]) {
        let folders: BTreeSet<&Path> = paths.iter().filter_map(|path| path.parent()).collect();
        for folder in folders {
            self.add(&folder.join(".env"));
        }
    }

    /// The files right in the folders above one: up to the repository's root, else up to where the
    /// command runs.
    fn above(&mut self, folder: &Path) {
        let Ok(absolute) = fs::canonicalize(shown(folder)) else { return };
        let here = std::env::current_dir().ok().filter(|here| absolute.starts_with(here));
        let Some(root) = repository(folder).or(here) else { return };
        let mut above = folder.to_owned();
        for ancestor in absolute.ancestors().skip(1) {
            if !ancestor.starts_with(&root) {
                return;
            }
            above = parent(&above);
            self.folder(&above);
        }
    }
}

fn parent(folder: &Path) -> PathBuf {
    let climbs = folder.as_os_str().is_empty()
        || folder.components().all(|part| {
            matches!(part, std::path::Component::ParentDir | std::path::Component::CurDir)
        });
    if climbs {
        folder.join("..")
    } else {
        folder.parent().map_or_else(|| PathBuf::from(".."), Path::to_owned)
    }
}
