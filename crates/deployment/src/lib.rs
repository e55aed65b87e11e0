//! Files that are deployed, read for the config, the environment and the releases that run.
#![forbid(unsafe_code)]

pub mod environment;
pub mod manifest;
pub mod release_choice;
