//! Files that a configuration or the surroundings name: certificates, keys, tokens.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// No certificate, key or token is larger, and no bundle of CAs.
pub(crate) const LARGEST: u64 = 8 << 20;

/// Checks that a file is one that ends: a pipe would hold the probe beyond its deadline, a device
/// fill the memory. Directories pass, where a path may be one.
///
/// # Errors
/// When it is something else, or too large, or not there.
pub(crate) fn check(path: &Path) -> io::Result<()> {
    let found = fs::metadata(path)?;
    if found.is_dir() {
        return Ok(());
    }
    if !found.is_file() {
        return Err(io::Error::other("it is a pipe, a socket or a device, no regular file"));
    }
    if found.len() > LARGEST {
        return Err(io::Error::other(format!("it holds more than {} MiB", LARGEST >> 20)));
    }
    Ok(())
}

/// Reads a regular file.
///
/// # Errors
/// When it is none, or too large, or can't be read.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    check(path)?;
    let mut bytes = vec![];
    File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a regular file's text.
///
/// # Errors
/// As [`read`], and when it is not UTF-8.
pub(crate) fn read_text(path: &Path) -> io::Result<String> {
    String::from_utf8(read(path)?).map_err(|_| io::Error::other("it is not UTF-8"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::read;

    #[test]
    fn what_never_ends_is_not_read() {
        for path in ["/dev/zero", "/dev/stdin"] {
            let path = Path::new(path);
            // Standard input may be a file.
            if path.exists() && !path.is_file() {
                let error = read(path).expect_err("it is not a regular file");
                assert!(error.to_string().contains("no regular file"), "{error}");
            }
        }
        assert!(read(Path::new("/dev")).is_err(), "a directory is not text");
    }
}
