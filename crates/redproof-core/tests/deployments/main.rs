//! Files to deployments.

mod beside;
mod charts;
mod clusters;
mod common;
mod containers;
mod forms;
mod includes;
mod torn;
