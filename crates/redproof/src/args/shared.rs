//! What several commands take: the environment, the releases, which findings count.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use redproof_core::finding::Severity;

use super::parsers::release;

/// Which findings are reported.
#[derive(Args, Debug, Default)]
pub(crate) struct SelectionArgs {
    /// Report these rules alone: codes, beginnings of codes, or names, separated by commas
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(crate) select: Vec<String>,
    /// Leave these rules out
    #[arg(long, value_name = "RULES", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,
    /// Leave out what a pattern such as `charts/**` names when directories are gone through
    #[arg(long, value_name = "PATTERN")]
    pub(crate) exclude: Vec<String>,
    /// Leave out the findings that this file lists
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// List today's findings in the file that --baseline names
    #[arg(long, requires = "baseline")]
    pub(crate) update_baseline: bool,
}

/// The environment and the releases.
#[derive(Args, Clone, Debug)]
pub(crate) struct SurroundingsArgs {
    #[command(flatten)]
    pub(crate) environment: EnvironmentArgs,
    /// The LiteLLM release, or an image of it whose tag names one [default: the image tag's, else that
    /// of a requirements or lock file beside the config, else the newest known]
    #[arg(long, value_name = "VERSION", value_parser = release)]
    pub(crate) litellm: Option<String>,
    /// The redis-py release [default: that of a requirements or lock file beside the config, else the
    /// one that LiteLLM's image ships]
    #[arg(long, value_name = "VERSION")]
    pub(crate) redis_py: Option<String>,
}

/// The environment.
#[derive(Args, Clone, Debug)]
#[allow(clippy::struct_excessive_bools)] // Each is a flag of its own.
pub(crate) struct EnvironmentArgs {
    /// A file that sets LiteLLM's environment: .env, shell exports, Kubernetes manifest, Helm
    /// values or compose file; may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) env_file: Vec<PathBuf>,
    /// An environment variable; NAME alone takes the value from this command's own environment, so
    /// that no secret is on a command line; may be given several times, and wins over files
    #[arg(long, value_name = "NAME[=VALUE]")]
    pub(crate) env: Vec<String>,
    /// The environment is this command's own, whole, as in a container that gets what LiteLLM gets
    #[arg(long)]
    pub(crate) own_env: bool,
    /// Take variables that are not given as unset, not as unknown
    #[arg(long)]
    pub(crate) require_env: bool,
    /// Don't look for the files that say how a config runs: compose files, manifests, values, lock
    /// files beside it and above it, up to the repository's root
    #[arg(long)]
    pub(crate) no_discover: bool,
    /// The settings' file [default: redproof.toml in the folder of the config, or above it up to the
    /// repository's root]
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
}

#[derive(
    Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum FailOn {
    /// Errors alone
    Error,
    /// Errors and warnings
    Warning,
    /// Anything
    Hint,
}

impl From<FailOn> for Severity {
    fn from(fail_on: FailOn) -> Self {
        match fail_on {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
            FailOn::Hint => Self::Hint,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// Sets the choice for everything that is printed.
    pub(crate) fn write_global(self) {
        let choice = match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}
