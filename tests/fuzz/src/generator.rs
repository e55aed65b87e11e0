//! Inputs from a seed: those of a corpus, changed. The same seed gives the same inputs everywhere.

/// Makes inputs.
pub struct Generator<'a> {
    corpus: &'a [Vec<u8>],
    words: &'a [&'a str],
    state: u64,
}

/// No input is longer.
const LONGEST: usize = 2048;

impl<'a> Generator<'a> {
    /// From a corpus, words that make inputs interesting, and a seed.
    pub fn new(corpus: &'a [Vec<u8>], words: &'a [&'a str], seed: u64) -> Self {
        Self { corpus, words, state: seed | 1 }
    }

    /// A number below `limit`; 0 for none. (xorshift64*)
    fn below(&mut self, limit: usize) -> usize {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        let number = self.state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33;
        usize::try_from(number).unwrap_or(0).checked_rem(limit).unwrap_or(0)
    }

    /// The next input.
    pub fn input(&mut self) -> Vec<u8> {
        let at = self.below(self.corpus.len());
        let mut bytes = self.corpus.get(at).cloned().unwrap_or_default();
        for _ in 0..=self.below(6) {
            self.change(&mut bytes);
        }
        bytes.truncate(LONGEST);
        bytes
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len() + 1);
        let length = self.below(24).min(bytes.len() - at);
        match self.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << self.below(8),
            1 => drop(bytes.drain(at..at + length)),
            2 => {
                let copy = bytes[at..at + length].to_vec();
                let to = self.below(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
            3 => {
                let other = self.below(self.corpus.len());
                let other = self.corpus.get(other).cloned().unwrap_or_default();
                let from = self.below(other.len() + 1);
                bytes.truncate(at);
                bytes.extend_from_slice(&other[from..]);
            }
            4 => bytes.truncate(at),
            _ => {
                let word = self.below(self.words.len());
                let word = self.words.get(word).copied().unwrap_or("");
                bytes.splice(at..at + length.min(self.below(2) * length), word.bytes());
            }
        }
    }
}
