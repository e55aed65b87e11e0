//! How a probe is to go.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::interrupt::Interrupt;
use crate::tokens::Identity;

/// How a probe is to go.
#[derive(Clone, Debug)]
pub struct Options {
    /// The longest that a step may take. A shorter timeout of the configuration holds.
    pub step_timeout: Duration,
    /// The longest that the whole probe may take.
    pub overall_timeout: Duration,
    /// Addresses of hosts, which are then not asked of the resolver: for servers that are reached
    /// from here in another way, such as through a forwarded port.
    pub hosts: Vec<(String, IpAddr)>,
    /// Leave out the commands that write a key.
    pub read_only: bool,
    /// How many times each of PING, SET and GET is timed; 0 leaves it out.
    pub samples: usize,
    /// Which certificate files may be read.
    pub files: FileAccess,
    /// Where tokens for cloud logins come from; without it, none are fetched.
    pub identity: Option<Identity>,
    /// Ends the probe early.
    pub interrupt: Interrupt,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            step_timeout: Duration::from_secs(5),
            overall_timeout: Duration::from_secs(30),
            hosts: Vec::new(),
            read_only: false,
            samples: 0,
            files: FileAccess::All,
            identity: None,
            interrupt: Interrupt::default(),
        }
    }
}

/// Which certificate files a probe may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileAccess {
    /// Any.
    All,
    /// Those under one of these directories.
    Under(Vec<PathBuf>),
}

impl FileAccess {
    /// Whether the file at this path may be read. Links and `..` are followed first, so that
    /// neither leads out of the directories.
    pub fn allows(&self, path: &Path) -> bool {
        match self {
            Self::All => true,
            Self::Under(directories) => path.canonicalize().is_ok_and(|path| {
                directories.iter().any(|directory| {
                    directory.canonicalize().is_ok_and(|directory| path.starts_with(directory))
                })
            }),
        }
    }
}
