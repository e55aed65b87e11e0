//! What is wrong though the connection works: findings with codes, as `check` has them.
//!
//! Their numbers go from 50 on within each hundred, so that the rules of `check` keep theirs.

mod rules;

use redproof_core::finding::{FindingRule, table};

pub use rules::FINDING_RULES;
pub(crate) use rules::*;

/// A kind's page, in Markdown.
pub fn finding_page(rule: &FindingRule) -> String {
    rule.page("Found by `redproof probe` on the live server.")
}

/// The table of all live findings, in Markdown.
pub fn findings_index() -> String {
    format!(
        "# Live findings\n\nWhat `redproof probe` finds on servers that work. `redproof rule CODE` \
         prints a page. [What `redproof check` finds](../rules/README.md) stands elsewhere.\n\n{}",
        table(FINDING_RULES)
    )
}
