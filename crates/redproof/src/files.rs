//! Reads the files that are named or found, within bounds.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use crate::output::Failure;

/// No file that is read is larger.
const LARGEST: u64 = 256 << 20;

/// The name of a file in what is printed.
pub(crate) fn name(path: &Path) -> String {
    if is_stdin(path) {
        return "<stdin>".to_owned();
    }
    // `check .` names files as people do.
    let below = path.strip_prefix(".").ok().filter(|below| !below.as_os_str().is_empty());
    below.unwrap_or(path).display().to_string()
}

/// Whether a path stands for standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Reads a text file, or standard input for `-`.
///
/// # Errors
/// When it can't be read, or is not UTF-8.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let bytes = read_bytes(path)?;
    if is_utf16(&bytes) {
        return Err(unreadable(path, &"it is UTF-16; save it as UTF-8"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        unreadable(path, &format!("byte {at} is not UTF-8"))
    })
}

/// Whether a text is UTF-16, as some editors and PowerShell's `>` write it.
fn is_utf16(bytes: &[u8]) -> bool {
    let wide = |at: usize| bytes.chunks_exact(2).take(32).all(|pair| pair[at] == 0);
    bytes.starts_with(&[0xff, 0xfe])
        || bytes.starts_with(&[0xfe, 0xff])
        || (bytes.len() >= 8 && (wide(0) || wide(1)))
}

/// Reads a file, or standard input for `-`.
///
/// # Errors
/// When it can't be read.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = vec![];
    let read = if is_stdin(path) {
        std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|file| {
            bytes.reserve_exact(size(&file.metadata()?, LARGEST));
            file.take(LARGEST + 1).read_to_end(&mut bytes)
        })
    };
    read.map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > LARGEST {
        return Err(unreadable(path, &format!("it holds more than {} MiB", LARGEST >> 20)));
    }
    Ok(bytes)
}

/// Reads a text that was looked for, not named: a regular file of at most so many bytes. Whatever
/// lies beside a config may be a pipe that never ends.
pub(crate) fn read_found(path: &Path, most: u64) -> io::Result<String> {
    let about = fs::metadata(path)?;
    if !about.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    // No more than that: thousands of such texts are kept.
    let mut text = String::with_capacity(size(&about, most));
    fs::File::open(path)?.take(most + 1).read_to_string(&mut text)?;
    if text.len() as u64 > most {
        return Err(io::Error::other("it is too large"));
    }
    Ok(text)
}

/// How many bytes a file has, of so many that are read.
fn size(about: &fs::Metadata, most: u64) -> usize {
    usize::try_from(about.len().min(most)).unwrap_or(0)
}

fn unreadable(path: &Path, why: &dyn std::fmt::Display) -> Failure {
    Failure::Said(format!("cannot read {}: {why}", name(path)))
}

/// Seconds since 1970.
pub(crate) fn now() -> Option<i64> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.ok().and_then(|since| i64::try_from(since.as_secs()).ok())
}
