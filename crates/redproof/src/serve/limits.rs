//! How much is asked of the companion: a bucket that requests empty and time fills.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many at once, and one more each time that this span is over.
pub(crate) struct Bucket {
    size: u32,
    refill: Duration,
    /// When it will be full again.
    full_at: Mutex<Instant>,
}

impl Bucket {
    pub(crate) fn new(size: u32, refill: Duration) -> Self {
        Self { size, refill, full_at: Mutex::new(Instant::now()) }
    }

    /// Takes one out.
    ///
    /// # Errors
    /// When it is empty: how long until there is one.
    pub(crate) fn take(&self, now: Instant) -> Result<(), Duration> {
        let mut full_at = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let after = (*full_at).max(now) + self.refill;
        let most = now + self.refill * self.size;
        if after > most {
            return Err(after - most);
        }
        *full_at = after;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::Bucket;

    #[test]
    fn it_empties_and_fills_with_time() {
        let (bucket, start) = (Bucket::new(3, Duration::from_secs(2)), Instant::now());
        for _ in 0..3 {
            assert_eq!(bucket.take(start), Ok(()));
        }
        assert_eq!(bucket.take(start), Err(Duration::from_secs(2)));
        let later = start + Duration::from_secs(2);
        assert_eq!(bucket.take(later), Ok(()));
        assert!(bucket.take(later).is_err());
        let much_later = start + Duration::from_mins(1);
        assert_eq!((0..9).filter(|_| bucket.take(much_later).is_ok()).count(), 3);
    }
}
