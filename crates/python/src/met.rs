//! Which collections a walk has met: aliases let a few lines of YAML hold one collection a billion times.

use std::collections::HashSet;

use smallvec::SmallVec;

use super::value::Value;

/// The collections that a walk has met, by identity.
#[derive(Debug, Default)]
pub struct Met {
    /// The first: most configs have no more.
    few: SmallVec<[*const (); FEW]>,
    more: HashSet<*const ()>,
}

/// So many are looked through faster than hashed.
const FEW: usize = 16;

impl Met {
    /// Whether a value is to be walked: what is not a collection always is, a collection once.
    pub fn is_first(&mut self, value: &Value) -> bool {
        let Some(identity) = value.identity() else { return true };
        if self.few.contains(&identity) {
            return false;
        }
        if self.few.len() < FEW {
            self.few.push(identity);
            return true;
        }
        self.more.insert(identity)
    }
}
