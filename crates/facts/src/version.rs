//! Release numbers.

use std::fmt;

/// A final release's number, such as `1.80.0` or `1.67.0.post1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    major: u16,
    minor: u16,
    patch: u16,
    post: u16,
}

/// A release number: short, since the generated tables hold hundreds.
pub(super) const fn v(major: u16, minor: u16, patch: u16, post: u16) -> Version {
    Version { major, minor, patch, post }
}

impl Version {
    /// The major version: 5 of 5.3.1.
    pub fn major(self) -> u16 {
        self.major
    }

    /// The release of these numbers.
    pub(crate) const fn new(major: u16, minor: u16, patch: u16) -> Self {
        v(major, minor, patch, 0)
    }

    /// Reads `1.80.0`, `v1.80.0`, `1.80`, `1.67.0.post1`; `rc1`, `-stable`, `+local` and the like
    /// are dropped.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix('v').unwrap_or(text);
        let mut parts = text.split(['.', '-', '+']);
        let mut next = |required| match parts.next() {
            Some(part) => {
                let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
                part[..digits].parse().ok()
            }
            None if required => None,
            None => Some(0),
        };
        let (major, minor, patch) = (next(true)?, next(true)?, next(false)?);
        let post = parts.find_map(|part| part.strip_prefix("post")?.parse().ok());
        Some(v(major, minor, patch, post.unwrap_or(0)))
    }

    /// The release line: `1.80` of `1.80.0`.
    pub fn line(self) -> (u16, u16) {
        (self.major, self.minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if self.post > 0 { write!(f, ".post{}", self.post) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::Version;

    #[test]
    fn reads_what_tags_and_packages_are_called() {
        for (text, release) in [
            ("1.80.0", "1.80.0"),
            ("v1.80.0", "1.80.0"),
            ("1.80", "1.80.0"),
            ("v1.80.0-stable", "1.80.0"),
            ("v1.80.0.rc.1", "1.80.0"),
            ("1.80.0rc1", "1.80.0"),
            ("1.67.0.post1", "1.67.0.post1"),
        ] {
            assert_eq!(Version::parse(text).map(|v| v.to_string()).as_deref(), Some(release));
        }
        assert_eq!(Version::parse("latest"), None);
        assert_eq!(Version::parse("99999999.1"), None);
    }

    #[test]
    fn releases_are_in_order() {
        let order = ["1.67.0", "1.67.0.post1", "1.67.1", "1.100.0"].map(Version::parse);
        assert!(order.is_sorted() && order[0].is_some());
    }
}
