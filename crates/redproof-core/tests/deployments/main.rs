//! Files to deployments.

mod beside;
mod clusters;
mod common;
mod forms;
mod torn;
