//! Many texts looked for in one text, in time that does not depend on how many they are.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// A text shorter than this is not looked for.
pub const SHORTEST: usize = 4;

/// Whether what is found at this place of the text counts.
type Counts = fn(&str, Range<usize>) -> bool;

/// Texts to look for.
#[derive(Clone, Default)]
pub struct Needles {
    texts: HashSet<Box<[u8]>>,
    /// How long those are that start with these bytes, the longest first. Thousands may start alike,
    /// but few lengths differ.
    starts: HashMap<[u8; SHORTEST], Vec<usize>>,
}

/// It may hold secrets: only their number prints.
impl std::fmt::Debug for Needles {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} texts", self.texts.len())
    }
}

impl Needles {
    /// The texts to look for; what is shorter than [`SHORTEST`] bytes is left out.
    pub fn new(texts: impl IntoIterator<Item = String>) -> Self {
        let texts: HashSet<Box<[u8]>> = texts
            .into_iter()
            .filter(|text| text.len() >= SHORTEST)
            .map(|text| text.into_bytes().into())
            .collect();
        let mut starts: HashMap<[u8; SHORTEST], Vec<usize>> = HashMap::new();
        for text in &texts {
            if let Some(start) = text.first_chunk() {
                starts.entry(*start).or_default().push(text.len());
            }
        }
        for lengths in starts.values_mut() {
            lengths.sort_unstable_by(|one, other| other.cmp(one));
            lengths.dedup();
        }
        Self { texts, starts }
    }

    /// The first and longest of them in `text` that counts there.
    fn next(&self, text: &str, from: usize, counts: Counts) -> Option<Range<usize>> {
        let bytes = text.as_bytes();
        let mut at = from;
        while let Some(start) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
            let lengths = self.starts.get(start).into_iter().flatten();
            for length in lengths {
                if let Some(part) = bytes.get(at..at + length)
                    && self.texts.contains(part)
                    && counts(text, at..at + length)
                {
                    return Some(at..at + length);
                }
            }
            at += 1;
        }
        None
    }

    /// Whether one of them is in `text`.
    pub fn are_in(&self, text: &str) -> bool {
        self.replaced(text, "").is_some()
    }

    /// `text` with `by` in the place of each; `None` where none is in it.
    pub fn replaced(&self, text: &str, by: &str) -> Option<String> {
        self.replaced_where(text, by, |_, _| true)
    }

    /// `text` with `by` in the place of each that counts where it is; `None` where none does.
    pub fn replaced_where(&self, text: &str, by: &str, counts: Counts) -> Option<String> {
        if self.starts.is_empty() {
            return None;
        }
        let mut found = self.next(text, 0, counts)?;
        let (mut replaced, mut at) = (String::with_capacity(text.len()), 0);
        loop {
            replaced.push_str(&text[at..found.start]);
            replaced.push_str(by);
            at = found.end;
            match self.next(text, at, counts) {
                Some(next) => found = next,
                None => break,
            }
        }
        replaced.push_str(&text[at..]);
        Some(replaced)
    }
}

#[cfg(test)]
mod tests {
    use super::Needles;

    #[test]
    fn each_is_replaced_the_longest_first() {
        let needles = Needles::new(["hunter2", "hunter22", "abc", "é€é€"].map(str::to_owned));
        let replaced = |text: &str| needles.replaced(text, "*");
        assert_eq!(replaced("hunter22 hunter2 abc").as_deref(), Some("* * abc"));
        assert_eq!(replaced("xé€é€x").as_deref(), Some("x*x"));
        assert_eq!(replaced("hunter"), None);
        assert!(needles.are_in("a hunter2") && !needles.are_in("abc"));
        assert!(!Needles::default().are_in("hunter2"));
    }
}
