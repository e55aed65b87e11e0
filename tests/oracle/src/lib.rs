//! What the real LiteLLM did with thousands of configurations, and how the simulation compares.
//!
//! The recordings lie beside this crate; its README says how they are made and what they mean.

mod comparison;
mod recordings;
mod replay;

pub use comparison::{Difference, differences, leaves};
pub use recordings::{CASES, Case, Recording, Release, read_all, write_lines};
pub use replay::{Disagreement, Report, replay};
