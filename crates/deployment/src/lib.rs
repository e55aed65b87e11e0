//! Files that are deployed, read for the config, the environment and the releases that run.
//!
//! [`deployments`] takes any set of files and says what runs; [`environment::gather`] reads files that
//! are named as the environment.
#![forbid(unsafe_code)]

mod area;
mod assemble;
mod bring;
mod chart;
mod choice;
mod container;
mod deployments;
mod describe;
pub mod environment;
mod fault;
mod forms;
mod heredoc;
pub mod include;
mod intake;
mod interpolate;
mod join;
mod listed;
mod literals;
pub mod manifest;
mod model;
mod network;
mod paths;
mod reached;
mod read;
pub mod release_choice;
mod settings;
mod shared;
mod tree;
mod words;
mod worked;

pub use area::{Area, Given, Run, Runs, looks_like_config};
pub use choice::{matter, may_hold, may_say};
pub use container::{
    CHART_REDIS, ConfigFrom, ConfigMount, Container, Mounted, MountedFile, RedisServer,
};
pub use deployments::{Deployment, Deployments, Link};
pub use fault::{Fault, Mode};
pub use model::{Chart, Form, MountFrom, Patience, Values};
pub use network::{Localhost, Network, Reach, Service};
pub use paths::extension;
pub use read::{deployments, together};
pub use worked::gather;
