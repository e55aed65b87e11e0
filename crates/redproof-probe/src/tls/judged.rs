//! What the other era of Python says of a chain, worked out once.

use std::sync::{Mutex, PoisonError};

use super::verification::Objection;
use crate::tls_settings::TlsSettings;

/// Nothing against a chain, or what comes first.
pub(super) type Verdict = Result<(), Objection>;

/// No probe meets more chains than it is worth to remember.
const MOST: usize = 32;

/// What the other era says of the chains that came so far: the nodes of a cluster often share one.
#[derive(Default)]
pub(super) struct Judged(Mutex<Vec<Chain>>);

/// A chain, in DER, and what that era says of it by these settings.
struct Chain {
    settings: TlsSettings,
    sent: Vec<Vec<u8>>,
    verdict: Verdict,
}

impl Judged {
    /// What is known of a chain by these settings, or what `judge` says, which is kept.
    pub(super) fn of(
        &self,
        settings: &TlsSettings,
        chain: &[Vec<u8>],
        judge: impl FnOnce() -> Option<Verdict>,
    ) -> Option<Verdict> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = known()
            .iter()
            .find(|one| one.settings == *settings && one.sent == chain)
            .map(|one| one.verdict.clone());
        if found.is_some() {
            return found;
        }
        let verdict = judge()?;
        let mut known = known();
        if known.len() < MOST {
            let (settings, sent) = (settings.clone(), chain.to_vec());
            known.push(Chain { settings, sent, verdict: verdict.clone() });
        }
        Some(verdict)
    }
}
