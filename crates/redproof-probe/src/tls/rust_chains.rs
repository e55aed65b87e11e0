//! Chains as LiteLLM's Rust client judges them: each is verified once, for a thousand nodes may send the same, and what is
//! trusted is read once, for a machine has more than a hundred roots.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use redproof_core::certificate::{RustlsChain, RustlsTrust};
use rustls::Error;

/// What came of each chain, by its certificates in DER.
type Known<T> = Mutex<HashMap<Vec<Vec<u8>>, T>>;

/// The chains that came so far.
#[derive(Default)]
pub(super) struct Chains {
    trust: OnceLock<RustlsTrust>,
    judged: Known<Option<Arc<RustlsChain>>>,
    /// By rustls itself, whatever the server's name.
    verified: Known<Result<(), Error>>,
}

impl Chains {
    /// A chain in DER, the server's own certificate first; `None` where that can't be read. `trusted` gives what the client
    /// trusts, `now` is in seconds since 1970.
    pub(super) fn of<'t>(
        &self,
        sent: &[Vec<u8>],
        trusted: impl FnOnce() -> &'t [Vec<u8>],
        now: i64,
    ) -> Option<Arc<RustlsChain>> {
        look_up(&self.judged, sent, || {
            let trust = self.trust.get_or_init(|| RustlsTrust::new(trusted()));
            trust.chain(sent, now).map(Arc::new)
        })
    }

    /// Whether a chain leads to what the client trusts, by rustls' own word, which `verify` asks for.
    pub(super) fn verified(
        &self,
        sent: &[Vec<u8>],
        verify: impl FnOnce() -> Result<(), Error>,
    ) -> Result<(), Error> {
        look_up(&self.verified, sent, verify)
    }
}

/// What is known of a chain, or what `judge` says, which is kept.
fn look_up<T: Clone>(known: &Known<T>, sent: &[Vec<u8>], judge: impl FnOnce() -> T) -> T {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = known.get(sent) {
        return found.clone();
    }
    let judged = judge();
    known.insert(sent.to_vec(), judged.clone());
    judged
}

impl fmt::Debug for Chains {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.judged.lock().unwrap_or_else(PoisonError::into_inner);
        write!(f, "{} chains", known.len())
    }
}
