//! Places in a list, as bits.

use std::fmt;

/// Releases of one package, by their places in the list of all.
#[derive(Clone, PartialEq, Eq)]
pub struct Places(pub(super) [u64; PLACE_WORDS]);

pub(super) const PLACE_WORDS: usize = 8;

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries((0..64 * PLACE_WORDS).filter(|place| self.has(*place))).finish()
    }
}

impl Places {
    /// None.
    pub fn none() -> Self {
        Self([0; PLACE_WORDS])
    }

    pub(super) fn all() -> Self {
        Self([u64::MAX; PLACE_WORDS])
    }

    /// Whether the release at this place is one of them.
    pub fn has(&self, place: usize) -> bool {
        self.0.get(place / 64).is_some_and(|word| word & (1 << (place % 64)) != 0)
    }

    /// Adds others.
    pub fn add(&mut self, others: &Self) {
        for (word, other) in self.0.iter_mut().zip(others.0) {
            *word |= other;
        }
    }

    /// The first place below `end` that is not one of them.
    pub fn first_gap(&self, end: usize) -> Option<usize> {
        let (at, word) = self.0.iter().enumerate().find(|(_, word)| **word != u64::MAX)?;
        let place = 64 * at + word.trailing_ones() as usize;
        (place < end).then_some(place)
    }

    pub(super) fn add_range(&mut self, from: usize, to: usize) {
        for (at, word) in self.0.iter_mut().enumerate() {
            let (low, high) = (from.max(64 * at), to.min(64 * at + 64));
            if low < high {
                *word |= (u64::MAX >> (64 - (high - low))) << (low - 64 * at);
            }
        }
    }

    pub(super) fn keep(&mut self, others: &Self) {
        for (word, other) in self.0.iter_mut().zip(others.0) {
            *word &= other;
        }
    }
}
