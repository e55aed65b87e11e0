//! What the real LiteLLM did with thousands of configurations, and how the simulation compares.
//!
//! The recordings are in `truth/litellm`, whose README says how they are made and what they mean.

mod comparison;
mod evidence;
mod fidelity;
mod outside;
mod readings;
mod recordings;
mod release;
mod replay;

pub use comparison::{Difference, differences, leaves};
pub use evidence::{Differing, Evidence, ROWS, Row, Step, evidence};
pub use fidelity::{Judges, page};
pub use outside::{Outside, excuse, outside};
pub use readings::{Reading, Side, readings};
pub use recordings::{Case, Recorded, Written, pairs, visit, write};
pub use release::Release;
pub use replay::{Counts, Disagreement, Network, Report, Share, Wanted, replay};
