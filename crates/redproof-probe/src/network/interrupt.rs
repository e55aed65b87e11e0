//! Ending a probe before its time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

/// Ends a probe early: what it has begun it cleans up, and the report says so.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    set: AtomicBool,
    waiting: Notify,
}

impl Interrupt {
    /// Ends the probes that were given this.
    pub fn set(&self) {
        self.shared.set.store(true, Ordering::SeqCst);
        self.shared.waiting.notify_waiters();
    }

    /// Whether the probe is to end.
    pub fn is_set(&self) -> bool {
        self.shared.set.load(Ordering::SeqCst)
    }

    /// Waits until it is set.
    pub async fn wait(&self) {
        let waiting = self.shared.waiting.notified();
        tokio::pin!(waiting);
        // From here on no notification is missed.
        waiting.as_mut().enable();
        if !self.is_set() {
            waiting.await;
        }
    }
}
