//! Which collections a walk has met: aliases let a few lines of YAML hold one collection a billion times.

use std::collections::HashSet;

use super::value::Value;

/// The collections that a walk has met, by identity.
#[derive(Debug, Default)]
pub struct Met(HashSet<*const ()>);

impl Met {
    /// Whether a value is to be walked: what is not a collection always is, a collection once.
    pub fn is_first(&mut self, value: &Value) -> bool {
        value.identity().is_none_or(|identity| self.0.insert(identity))
    }
}
