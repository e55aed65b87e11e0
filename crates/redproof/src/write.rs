//! Putting a new text in a file's place, so that whoever reads it sees the old or the new, and all
//! else of the file stays: owner, mode, links to it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

#[cfg(unix)]
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, fchown};

/// How a text came to its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum How {
    /// In one step.
    Replaced,
    /// Over the old one, for this reason.
    InPlace(&'static str),
}

/// Puts a new text in a file's place. The file that a link leads to is written, not the link; with
/// `within`, only if that is below it.
///
/// In one step where that keeps everything. Where it does not (other names of the file, an owner that
/// we can't give, a single file that is mounted, a folder that can't be written) the old text is
/// written over, and kept beside until the new one is whole.
///
/// # Errors
/// When the file can't be written; it has its old text then, or the error says where that is.
pub(crate) fn replace(path: &Path, text: &str, within: Option<&Path>) -> io::Result<How> {
    let path = fs::canonicalize(path)?;
    if let Some(within) = within
        && !path.starts_with(fs::canonicalize(within)?)
    {
        let why = format!(
            "it is a link to {}, out of {}: name that file to fix it",
            path.display(),
            within.display()
        );
        return Err(io::Error::other(why));
    }
    let old = fs::metadata(&path)?;
    if !old.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    if old.permissions().readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let beside = Beside::of(&path)?;
    beside.clear()?;
    #[cfg(unix)]
    if old.nlink() > 1 {
        return over(&path, text, &beside).map(|()| How::InPlace("it has other names"));
    }
    let why = match staged(&beside.new, text, &old) {
        Ok(()) => match fs::rename(&beside.new, &path) {
            Ok(()) => return Ok(How::Replaced),
            Err(_) => "it is mounted, or its folder can't be changed",
        },
        Err(why) => why,
    };
    // It may not be there.
    let _ = fs::remove_file(&beside.new);
    over(&path, text, &beside).map(|()| How::InPlace(why))
}

/// The names beside a file that are ours: always the same, so that what a run left behind that was
/// killed is found by the next one.
struct Beside {
    new: PathBuf,
    old: PathBuf,
}

impl Beside {
    fn of(path: &Path) -> io::Result<Self> {
        let name = path.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
        let named = |end: &str| path.with_file_name(format!(".{name}.redproof-{end}"));
        Ok(Self { new: named("new"), old: named("old") })
    }

    /// Removes what a run left behind. An old text that was kept is not ours to remove: it may be the
    /// only whole one.
    fn clear(&self) -> io::Result<()> {
        if self.old.symlink_metadata().is_ok() {
            let why = format!(
                "{} is left from a run that was interrupted: it holds the text from before; compare \
                 the two, and remove it",
                self.old.display()
            );
            return Err(io::Error::other(why));
        }
        let file = match File::open(&self.new) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        match file.try_lock() {
            Ok(()) => fs::remove_file(&self.new),
            Err(TryLockError::WouldBlock) => {
                Err(io::Error::other("another `redproof fix` is writing it"))
            }
            Err(TryLockError::Error(error)) => Err(error),
        }
    }
}

/// The new text in a file beside, with the owner and the mode of the old one; or why there is none.
fn staged(beside: &Path, text: &str, old: &fs::Metadata) -> Result<(), &'static str> {
    let folder = |_| "its folder can't be written";
    let mut file = create(beside).map_err(folder)?;
    // The system gives the lock back when the process ends.
    file.lock().map_err(folder)?;
    file.write_all(text.as_bytes()).map_err(folder)?;
    #[cfg(unix)]
    {
        let new = file.metadata().map_err(folder)?;
        if (new.uid(), new.gid()) != (old.uid(), old.gid()) {
            fchown(&file, Some(old.uid()), Some(old.gid()))
                .map_err(|_| "its owner is another user")?;
        }
    }
    // After the owner: a change of owner takes some bits away.
    file.set_permissions(old.permissions()).map_err(folder)?;
    file.sync_all().map_err(folder)
}

/// A new file that only its owner reads.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    options.open(path)
}

/// Writes over the old text, which is kept until the new one is whole: beside it, or where temporary
/// files are.
fn over(path: &Path, text: &str, beside: &Beside) -> io::Result<()> {
    let old = fs::read(path)?;
    let mut file = OpenOptions::new().write(true).open(path)?;
    let kept = match create(&beside.old) {
        Ok(kept) => Some((kept, beside.old.clone())),
        Err(_) => tempfile::Builder::new()
            .prefix("redproof-old-")
            .tempfile()
            .ok()
            .and_then(|kept| kept.keep().ok()),
    };
    let Some((mut kept, kept_at)) = kept else {
        return Err(io::Error::other("there is no place to keep its text while it is written"));
    };
    let forget = || {
        // It was there a moment ago.
        let _ = fs::remove_file(&kept_at);
    };
    if let Err(error) = kept.write_all(&old).and_then(|()| kept.sync_all()) {
        forget();
        return Err(error);
    }
    let mut write = |bytes: &[u8]| -> io::Result<()> {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(bytes)?;
        file.set_len(bytes.len() as u64)?;
        file.sync_all()
    };
    match write(text.as_bytes()) {
        Ok(()) => {
            forget();
            Ok(())
        }
        Err(error) if write(&old).is_ok() => {
            forget();
            Err(error)
        }
        Err(error) => Err(io::Error::other(format!(
            "{error}; its text from before is in {}",
            kept_at.display()
        ))),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};

    use super::{Beside, How, over, replace};

    #[test]
    fn owner_mode_and_links_stay() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("config.yaml");
        fs::write(&file, "old").expect("write");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("a mode");
        // Only root gives files away.
        let given = chown(&file, Some(1234), Some(1234)).is_ok();
        let link = folder.path().join("link.yaml");
        symlink(&file, &link).expect("a link");
        assert_eq!(replace(&link, "new", Some(folder.path())).expect("written"), How::Replaced);
        let now = fs::metadata(&file).expect("there");
        assert_eq!(fs::read_to_string(&file).expect("read"), "new");
        assert_eq!(now.mode() & 0o777, 0o640);
        assert!(!given || (now.uid(), now.gid()) == (1234, 1234));
        assert!(link.is_symlink());
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2, "nothing is left");
    }

    #[test]
    fn other_names_keep_the_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let [one, other] = ["a.yaml", "b.yaml"].map(|name| folder.path().join(name));
        fs::write(&one, "a longer old text").expect("write");
        fs::hard_link(&one, &other).expect("a hard link");
        let how = replace(&one, "new", None).expect("written");
        assert_eq!(how, How::InPlace("it has other names"));
        assert_eq!(fs::read_to_string(&other).expect("read"), "new");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 2, "nothing is left");
    }

    #[test]
    fn links_do_not_lead_out_of_what_was_named() {
        let [named, outside] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        let file = outside.path().join("prod.yaml");
        fs::write(&file, "old").expect("write");
        let link = named.path().join("x.yaml");
        symlink(&file, &link).expect("a link");
        let error = replace(&link, "new", Some(named.path())).expect_err("out of the folder");
        assert!(error.to_string().contains("name that file"), "{error}");
        assert_eq!(fs::read_to_string(&file).expect("read"), "old");
        replace(&link, "new", None).expect("a link that was named itself");
        assert_eq!(fs::read_to_string(&file).expect("read"), "new");
    }

    #[test]
    fn what_a_killed_run_left_is_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("config.yaml");
        fs::write(&file, "old").expect("write");
        let beside = Beside::of(&file).expect("a name");
        fs::write(&beside.new, "half").expect("write");
        replace(&file, "new", None).expect("written");
        assert!(!beside.new.exists());
        fs::write(&beside.old, "whole").expect("write");
        let error = replace(&file, "newer", None).expect_err("an old text is there");
        assert!(error.to_string().contains("interrupted"), "{error}");
        assert_eq!(fs::read_to_string(&file).expect("read"), "new");
    }

    #[test]
    fn a_file_is_written_over_where_it_must_be() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("config.yaml");
        fs::write(&file, "a longer old text").expect("write");
        let beside = Beside::of(&file).expect("a name");
        over(&file, "new", &beside).expect("written");
        assert_eq!(fs::read_to_string(&file).expect("read"), "new");
        assert!(!beside.old.exists());
    }
}
