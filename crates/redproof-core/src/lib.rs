//! Simulates what a LiteLLM release on a redis-py release does with a Redis configuration, and
//! says what is wrong with it. No I/O, no clock: texts, environment and the time are inputs.
//!
//! Data flows one way: text → [`document`] → [`simulate`] → [`rules`] → report.
//!
//! [`check`] is the whole of it: the terminal, the page and the language server show what it says.
#![forbid(unsafe_code)]

#[cfg(feature = "assist")]
pub mod assist;
mod base64;
pub mod calendar;
pub mod catalogue;
#[cfg(feature = "certificates")]
pub mod certificate;
mod choice;
#[cfg(feature = "compare")]
pub mod compare;
pub mod connection_map;
#[cfg(feature = "compare")]
pub mod depends;
pub mod diagnostic;
pub mod document;
pub mod environment;
pub mod explain;
#[cfg(feature = "export")]
pub mod export;
pub mod finding;
pub mod fix;
#[cfg(feature = "guide")]
pub mod guide;
mod manifest;
mod order;
pub mod outcome;
pub mod python;
pub mod redaction;
mod reference;
pub mod releases;
pub mod report;
pub mod rules;
pub mod secret;
pub mod simulate;
pub mod source;
mod spelling;
pub mod trace;
mod words;

pub use choice::{PairOrigin, RedisPyOrigin, Releases};
#[cfg(feature = "compare")]
pub use compare::{Comparison, compare};
pub use connection_map::{ConnectionMap, connection_map};
#[cfg(feature = "compare")]
pub use depends::depends;
pub use environment::{Gathered, NamedText, gather};
pub use explain::{Explanation, explain};
#[cfg(feature = "export")]
pub use export::{Export, export};
pub use fix::{Fixed, fix};
pub use report::{CheckInput, Report, check};
