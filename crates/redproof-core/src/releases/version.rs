//! Release numbers.

use std::fmt;

/// A release number such as `1.80.0`. Suffixes (`rc1`, `.post1`) are read and dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u16, pub u16, pub u16);

impl Version {
    /// Reads `1.80.0`, `v1.80.0`, `1.80.0.rc.1`, `1.80`.
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
        Some(Self(next(true)?, next(true)?, next(false)?))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}
