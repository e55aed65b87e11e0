//! Files to deployments.

mod beside;
mod charts;
mod clusters;
mod common;
mod forms;
mod torn;
