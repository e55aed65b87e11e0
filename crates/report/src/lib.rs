//! What a check knows, and how it is shown: values in words, secrets hidden, connections explained.
#![forbid(unsafe_code)]

pub mod asked;
pub mod connection_map;
pub mod display;
pub mod explain;
pub mod redaction;
mod report;
pub mod served;
pub mod simulated;

pub use report::{CheckInput, Prepared, Proved, Report, Running};
