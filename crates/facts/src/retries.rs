//! How often redis-py's clients try again. Pools that are made by hand, and those of a URL, do not:
//! `Connection.__init__` without `retry`.

use crate::{Behaviour, Pair};

/// The `retry` that `redis.Redis` and `redis.asyncio.Redis` give their connections.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Retries {
    /// Attempts after the first.
    pub count: u32,
    /// `ExponentialWithJitterBackoff`: before attempt n, up to `base` × 2ⁿ seconds pass.
    base: f64,
    /// And never more than this, in seconds.
    cap: f64,
    /// Whatever failed is tried again; before, only a TCP connection that timed out, and by the sync
    /// client alone.
    pub whole: bool,
}

impl Retries {
    /// No second attempt.
    pub const NONE: Self = Self { count: 0, base: 0.0, cap: 0.0, whole: false };

    /// How long the pauses take in all, in seconds: the mean.
    pub fn pauses(self) -> f64 {
        let pause = |attempt: u32| {
            let most = self.step(attempt);
            if most <= self.cap { most / 2.0 } else { self.cap * (1.0 - self.cap / (2.0 * most)) }
        };
        (1..=self.count).map(pause).sum()
    }

    /// How long the pauses take in all, in seconds, at most.
    pub fn longest_pauses(self) -> f64 {
        (1..=self.count).map(|attempt| self.step(attempt).min(self.cap)).sum()
    }

    /// What the pause before an attempt grows to.
    fn step(self, attempt: u32) -> f64 {
        self.base * f64::from(2_u32.saturating_pow(attempt.min(31)))
    }
}

impl Pair {
    /// How often redis-py's clients try again.
    pub fn client_retries(&self) -> Retries {
        let whole = self.behaves(Behaviour::ConnectIsRetried);
        if self.behaves(Behaviour::ClientsRetryTenTimes) {
            Retries { count: 10, base: 0.01, cap: 1.0, whole }
        } else if self.behaves(Behaviour::ClientsRetryConnecting) {
            Retries { count: 3, base: 1.0, cap: 10.0, whole }
        } else {
            Retries::NONE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Retries;

    /// Means of what was measured: 7 s, and 4 s.
    #[test]
    fn pauses_add_up() {
        let pauses = |count, base, cap| Retries { count, base, cap, whole: true }.pauses();
        assert!((pauses(3, 1.0, 10.0) - 7.0).abs() < 0.01);
        assert!((pauses(10, 0.01, 1.0) - 3.9).abs() < 0.05);
        assert!(Retries::NONE.pauses().abs() < f64::EPSILON);
    }
}
