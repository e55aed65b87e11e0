//! Files to deployments.

mod clusters;
mod common;
mod forms;
mod torn;
