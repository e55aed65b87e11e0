//! The generated pages of the book: rules, settings, precedence.
#![forbid(unsafe_code)]

mod affected_releases;
pub mod changes;
pub mod claims;
pub mod defects;
mod outcome_table;
mod precedence;
pub mod rule_pages;
pub mod settings;
