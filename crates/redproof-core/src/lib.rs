//! Says what a LiteLLM release on a redis-py release does with a Redis configuration, and what is
//! wrong with it. No I/O, no clock: texts, environment and the time are inputs.
//!
//! The face of the crates beside it: one function for each question. The terminal, the page and
//! the companion show what [`check`] says.
#![forbid(unsafe_code)]

/// What an upgrade changes.
pub mod compare {
    pub use ::compare::*;
    pub use difference::{Aspect, Cause, Change, Side, Upgrade, Verdict};

    /// What is different from what a report says to another outcome of the same configuration.
    pub fn between(report: &crate::Report, after: &crate::outcome::Outcome) -> Vec<Change> {
        let words = report::display::Words::new(report, false);
        difference::between(&report.outcome, after, &words)
    }
}

/// Error texts, and what causes them.
pub mod diagnose {
    pub use ::diagnose::*;
}

/// The configuration in the forms that it is deployed in.
pub mod export {
    pub use ::export::*;
}

pub use ::drift;
pub use assist;
pub use base::{calendar, cure, finding, operation, rule, secret, source, spelling, visible};
pub use certificate;
pub use deployment;
pub use deployment::environment;
pub use difference::unknown_variables as depends;
pub use facts as releases;
pub use facts::catalogue;
pub use guide;
pub use judge::{defects, fix, rules, together};
pub use python;
pub use reference;
pub use report::{asked, connection_map, explain, redaction, served, simulated};
pub use simulate;
pub use simulate::{outcome, trace};
pub use yaml as document;

pub use ::compare::{AllReleases, Comparison, compare, compare_revisions, releases};
pub use ::diagnose::diagnose;
pub use ::export::{Export, export};
pub use deployment::environment::{Gathered, NamedText, gather};
pub use deployment::release_choice::{PairOrigin, RedisPyOrigin, Releases, image_python};
pub use difference::unknown_variables::depends;
pub use judge::fix::{Applied, Fixed, Selection, fix};
pub use judge::{check, offered};
pub use report::asked::asked;
pub use report::connection_map::{ConnectionMap, connection_map};
pub use report::explain::{Explanation, explain};
pub use report::{CheckInput, Report, Running};
