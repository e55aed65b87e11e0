//! The files of a revision of a git repository. The user's own git reads them: it knows the repository's
//! form, its alternates, partial clones and worktrees.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use redproof_core::deployment::{Area, may_hold};

use crate::output::Failure;

/// So many files of a revision are looked at.
const MOST: usize = 50_000;
/// No file of a deployment is larger.
const LARGEST: usize = 2 << 20;

/// What the files of a revision come to, with the names that they have from here; and its submodules, whose
/// files are in other repositories.
///
/// # Errors
/// When git is missing, here is not a repository, or it has no such revision.
pub(super) fn area(folder: &Path, revision: &str) -> Result<(Area, Vec<String>), Failure> {
    // Not an option, whatever it looks like.
    let commit = git(
        folder,
        &[
            "rev-parse",
            "--verify",
            "--quiet",
            "--end-of-options",
            &format!("{revision}^{{commit}}"),
        ],
    )?;
    let commit = commit.trim();
    if commit.is_empty() {
        let shallow = git(folder, &["rev-parse", "--is-shallow-repository"])?;
        let why = match shallow.trim() {
            "true" => {
                ": this clone is shallow, fetch more of it first (`git fetch --unshallow`, or `fetch-depth: 0` of \
                 actions/checkout)"
            }
            _ => "",
        };
        return Err(Failure::Said(format!("git knows no revision {revision}{why}")));
    }
    let here = std::env::current_dir()
        .map_err(|error| Failure::Said(format!("cannot read the current folder: {error}")))?;
    let prefix = git(&here, &["rev-parse", "--show-prefix"])?;
    let listed = git(folder, &["ls-tree", "-r", "-l", "-z", "--full-tree", commit])?;
    let entries = listed.split('\0').filter_map(entry);
    let wanted: Vec<(&str, &str)> = entries
        .filter(|(_, size, path)| *size <= LARGEST && may_hold(path))
        .map(|(hash, _, path)| (hash, path))
        .take(MOST)
        .collect();
    let texts = contents(folder, &wanted)?;
    let here = |path: &str| from_here(prefix.trim_end(), path);
    let modules = listed.split('\0').filter_map(module).map(here).collect();
    let names = wanted.iter().map(|(_, path)| here(path));
    Ok((Area::of_texts(names.zip(texts)), modules))
}

/// The path of a submodule, of a line of `git ls-tree -l`.
fn module(line: &str) -> Option<&str> {
    let (about, path) = line.split_once('\t')?;
    about.starts_with("160000 ").then_some(path)
}

/// Hash, size and path of a line of `git ls-tree -l`.
fn entry(line: &str) -> Option<(&str, usize, &str)> {
    let (about, path) = line.split_once('\t')?;
    let mut words = about.split_whitespace();
    let (mode, kind, hash, size) = (words.next()?, words.next()?, words.next()?, words.next()?);
    // A link's content is a path.
    (kind == "blob" && mode != "120000").then_some((hash, size.parse().ok()?, path))
}

/// A path from the repository's root, as it is named from a folder of it.
fn from_here(prefix: &str, path: &str) -> String {
    let mut up = String::new();
    let mut prefix = prefix;
    loop {
        if let Some(below) = path.strip_prefix(prefix) {
            return format!("{up}{below}");
        }
        up.push_str("../");
        let parent = prefix.trim_end_matches('/').rfind('/').map_or("", |at| &prefix[..=at]);
        prefix = parent;
    }
}

fn started(folder: &Path, arguments: &[&str]) -> Command {
    let mut git = Command::new("git");
    git.arg("-C")
        .arg(if folder.as_os_str().is_empty() { Path::new(".") } else { folder })
        .args(arguments)
        .stderr(Stdio::piped())
        .stdout(Stdio::piped());
    git
}

fn missing(error: &std::io::Error) -> Failure {
    Failure::Said(format!("--base needs git, which can't be run: {error}"))
}

/// What git answers.
fn git(folder: &Path, arguments: &[&str]) -> Result<String, Failure> {
    let output = started(folder, arguments)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| missing(&error))?;
    let said = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() && !said.trim().is_empty() {
        return Err(Failure::Said(format!("git: {}", said.trim())));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The texts of blobs, in their order; those that are not text are empty.
fn contents(folder: &Path, wanted: &[(&str, &str)]) -> Result<Vec<String>, Failure> {
    let mut child = started(folder, &["cat-file", "--batch"])
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| missing(&error))?;
    let asked: String = wanted.iter().map(|(hash, _)| format!("{hash}\n")).collect();
    let stdin = child.stdin.take();
    let mut answer = vec![];
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // git ends early where it fails, and says so.
            let _ = stdin.map(|mut stdin| stdin.write_all(asked.as_bytes()));
        });
        child.stdout.as_mut().map(|stdout| stdout.read_to_end(&mut answer))
    })
    .transpose()
    .map_err(|error| Failure::Said(format!("cannot read what git answers: {error}")))?;
    // It was read to its end.
    let _ = child.wait();
    let mut rest = &answer[..];
    let mut texts = vec![];
    for _ in wanted {
        texts.push(next_blob(&mut rest).unwrap_or_default());
    }
    Ok(texts)
}

/// `<hash> blob <size>`, a line break, the bytes, a line break.
fn next_blob(rest: &mut &[u8]) -> Option<String> {
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    let head = std::str::from_utf8(&rest[..end]).ok()?.to_owned();
    *rest = &rest[end + 1..];
    let size: usize = head.rsplit(' ').next()?.parse().ok()?;
    let bytes = rest.get(..size)?.to_vec();
    *rest = rest.get(size + 1..).unwrap_or(&[]);
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::{entry, from_here, module, next_blob};

    #[test]
    fn paths_are_named_from_here() {
        for (prefix, path, named) in [
            ("", "a/b.yaml", "a/b.yaml"),
            ("a/", "a/b.yaml", "b.yaml"),
            ("a/", "c/b.yaml", "../c/b.yaml"),
            ("a/b/", "a/c.yaml", "../c.yaml"),
            ("a/b/", "d.yaml", "../../d.yaml"),
        ] {
            assert_eq!(from_here(prefix, path), named, "{prefix} {path}");
        }
    }

    #[test]
    fn what_git_answers_is_read() {
        assert_eq!(entry("100644 blob abc    12\ta b.yaml"), Some(("abc", 12, "a b.yaml")));
        assert_eq!(entry("120000 blob abc 4\tlink"), None);
        assert_eq!(entry("160000 commit abc -\tmodule"), None);
        assert_eq!(module("160000 commit abc -\tmodule"), Some("module"));
        assert_eq!(module("100644 blob abc 1\ta"), None);
        let mut rest: &[u8] = b"abc blob 3\na\nb\ndef missing\nghi blob 1\nc\n";
        assert_eq!(next_blob(&mut rest).as_deref(), Some("a\nb"));
        assert_eq!(next_blob(&mut rest), None);
        assert_eq!(next_blob(&mut rest).as_deref(), Some("c"));
        assert_eq!(next_blob(&mut rest), None);
    }
}
