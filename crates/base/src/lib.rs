//! Texts, spans, secrets and findings: what every other crate speaks in.
#![forbid(unsafe_code)]

pub mod aspect;
pub mod base64;
pub mod calendar;
pub mod category;
pub mod cure;
pub mod finding;
pub mod listed;
pub mod needles;
pub mod operation;
pub mod rule;
pub mod secret;
pub mod source;
pub mod spelling;
pub mod visible;
