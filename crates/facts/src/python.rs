//! Releases of Python: its `ssl` module decides how certificates are judged.

use std::fmt;

/// A release line of Python, such as 3.13.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Python {
    major: u16,
    minor: u16,
}

impl Python {
    /// From here on `ssl.create_default_context()`, which redis-py uses as it is, sets
    /// `VERIFY_X509_STRICT` and `VERIFY_X509_PARTIAL_CHAIN` (python/cpython#112389).
    pub const FIRST_STRICT: Self = Self { major: 3, minor: 13 };

    /// What LiteLLM's official images run. Each supported release was built on it: from
    /// `python:3.13.1-slim` since December 2024 (BerriAI/litellm#7388), then from Wolfi's Python 3.13
    /// (BerriAI/litellm#17294, #39024).
    pub const OF_IMAGES: Self = Self { major: 3, minor: 13 };

    /// Reads `3.13` or `3.13.1`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split('.');
        let (major, minor) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
        let patch = numbers.all(|number| number.parse::<u16>().is_ok());
        (major == Self::FIRST_STRICT.major && patch).then_some(Self { major, minor })
    }

    /// Whether it verifies certificates as RFC 5280 wants them, and takes a chain that ends at any
    /// trusted certificate.
    pub fn verifies_strictly(self) -> bool {
        self >= Self::FIRST_STRICT
    }
}

impl fmt::Display for Python {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)
    }
}

#[cfg(test)]
mod tests {
    use super::Python;

    #[test]
    fn releases_are_read() {
        for (text, strict) in [("3.9", false), ("3.12.1", false), ("3.13", true), ("3.14.0", true)]
        {
            let python = Python::parse(text).expect("a release");
            assert_eq!(python.verifies_strictly(), strict, "{text}");
        }
        for text in ["", "3", "2.7", "three", "3.13-slim", "3.x"] {
            assert_eq!(Python::parse(text), None, "{text}");
        }
    }
}
