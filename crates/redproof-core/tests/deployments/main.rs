//! Files to deployments.

mod beside;
mod charts;
mod clusters;
mod common;
mod containers;
mod forms;
mod includes;
mod kept;
mod kustomizations;
mod manifests;
mod programs;
mod torn;
