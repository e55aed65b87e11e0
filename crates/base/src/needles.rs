//! Many texts looked for in one text, in time that does not depend on how many they are.

use std::collections::HashMap;
use std::ops::Range;

/// A text shorter than this is not looked for.
pub const SHORTEST: usize = 4;

/// Texts to look for.
#[derive(Clone, Default)]
pub struct Needles {
    /// The texts, the longest first.
    texts: Vec<Box<str>>,
    /// Those that start with these bytes, in their order.
    starts: HashMap<[u8; SHORTEST], Vec<u32>>,
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
        let mut texts: Vec<Box<str>> =
            texts.into_iter().filter(|text| text.len() >= SHORTEST).map(Into::into).collect();
        texts.sort_unstable_by(|one, other| other.len().cmp(&one.len()).then(one.cmp(other)));
        texts.dedup();
        let mut starts: HashMap<[u8; SHORTEST], Vec<u32>> = HashMap::new();
        for (at, text) in (0..).zip(&texts) {
            if let Some(start) = text.as_bytes().first_chunk() {
                starts.entry(*start).or_default().push(at);
            }
        }
        Self { texts, starts }
    }

    /// The first and longest of them in `text`.
    fn next(&self, text: &str, from: usize) -> Option<Range<usize>> {
        let bytes = text.as_bytes();
        let mut at = from;
        while let Some(start) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
            let found = self.starts.get(start).into_iter().flatten();
            for one in found.filter_map(|one| self.texts.get(*one as usize)) {
                if bytes[at..].starts_with(one.as_bytes()) {
                    return Some(at..at + one.len());
                }
            }
            at += 1;
        }
        None
    }

    /// Whether one of them is in `text`.
    pub fn are_in(&self, text: &str) -> bool {
        !self.starts.is_empty() && self.next(text, 0).is_some()
    }

    /// `text` with `by` in the place of each; `None` where none is in it.
    pub fn replaced(&self, text: &str, by: &str) -> Option<String> {
        if self.starts.is_empty() {
            return None;
        }
        let mut found = self.next(text, 0)?;
        let (mut replaced, mut at) = (String::with_capacity(text.len()), 0);
        loop {
            replaced.push_str(&text[at..found.start]);
            replaced.push_str(by);
            at = found.end;
            match self.next(text, at) {
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
