//! Simulates what a LiteLLM release on a redis-py release does with a Redis configuration, and
//! says what is wrong with it. No I/O, no clock: texts, environment and the time are inputs.
//!
//! Data flows one way: text → [`document`] → [`simulate`] → [`rules`] → report.
#![forbid(unsafe_code)]

pub mod catalogue;
pub mod diagnostic;
pub mod document;
pub mod environment;
pub mod outcome;
pub mod python;
pub mod releases;
pub mod rules;
pub mod secret;
pub mod simulate;
pub mod source;
pub mod trace;
