//! How a probe is to go.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use redproof_core::Running;
use redproof_core::environment::Environment;
use redproof_core::redaction::Redaction;
use redproof_core::releases::Python;

use crate::login::Identity;
use crate::network::interrupt::Interrupt;
use crate::outcome::{Failure, ProbeOutcome};

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
    /// Try each TLS version and the weak ciphers on each TLS server.
    pub tls_scan: bool,
    /// Which files may be opened.
    pub files: FileAccess,
    /// What must not be told, whatever a server or a file says: the redaction of the check.
    pub redaction: Redaction,
    /// Where tokens for cloud logins come from; without it, none are fetched.
    pub identity: Option<Identity>,
    /// What LiteLLM runs with: it decides which commands are sent, and so what an ACL must allow.
    pub environment: Environment,
    /// The Python that LiteLLM runs on, where it is known: it decides how certificates are verified.
    pub python: Option<Python>,
    /// How many processes run LiteLLM, where files say so: each has pools of its own.
    pub running: Option<Running>,
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
            tls_scan: false,
            files: FileAccess::All,
            redaction: Redaction::default(),
            identity: None,
            environment: Environment::default(),
            python: None,
            running: None,
            interrupt: Interrupt::default(),
        }
    }
}

/// Which certificate files a probe may read, and which Unix sockets it may open.
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

    /// Fails for a path, named by this setting, that is out of bounds.
    pub(crate) fn check(&self, name: &str, path: &Path) -> Result<(), Failure> {
        if self.allows(path) {
            return Ok(());
        }
        Err(Failure::new(
            ProbeOutcome::Other,
            format!("`{name}` names {}, which this companion may not read.", path.display()),
        )
        .help("Start it with `--allow-files DIRECTORY`, or run `redproof probe` in a terminal."))
    }
}
