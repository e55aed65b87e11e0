//! Chains as LiteLLM's Rust client judges them: each is verified once, for a thousand nodes may send the same, and what is
//! trusted is read once, for a machine has more than a hundred roots.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use redproof_core::certificate::{RustlsChain, RustlsTrust};

/// What came of each chain, by its certificates in DER.
type Known = HashMap<Vec<Vec<u8>>, Option<Arc<RustlsChain>>>;

/// The chains that came so far.
#[derive(Default)]
pub(super) struct Chains {
    trust: OnceLock<RustlsTrust>,
    known: Mutex<Known>,
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
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(chain) = known.get(sent) {
            return chain.clone();
        }
        let trust = self.trust.get_or_init(|| RustlsTrust::new(trusted()));
        let chain = trust.chain(sent, now).map(Arc::new);
        known.insert(sent.to_vec(), chain.clone());
        chain
    }
}

impl fmt::Debug for Chains {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        write!(f, "{} chains", known.len())
    }
}
