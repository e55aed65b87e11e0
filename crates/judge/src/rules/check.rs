//! How a rule finds what is wrong in a configuration, and what shows that it does.

use super::{Case, Context, Example};
use base::finding::Finding;
use base::rule::Rule;

/// A rule's check, with the configurations of its page and of its tests.
pub struct Check {
    /// The rule.
    pub rule: &'static Rule,
    /// A configuration that raises this rule and no other.
    pub failing: Example,
    /// The same, fixed: no rule finds anything in it.
    pub fixed: Example,
    /// Its edges: configurations that raise it, and that it is silent on.
    pub cases: &'static [Case],
    /// Finds it.
    pub check: fn(&Context<'_>) -> Vec<Finding>,
}
