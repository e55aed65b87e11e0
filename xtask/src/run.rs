//! Builds the editor and serves it with live probes, on a throw-away TLS Redis where one can run.

use std::process::Command;

use crate::shell::{Done, cargo, run as run_command, step, target_dir};
use crate::{setup, site};

/// Sets up, builds, and serves until interrupted. Words after `run` go to `redproof serve`.
pub(crate) fn run(rest: &[String]) -> Done {
    setup::for_page()?;
    site::build()?;
    step("build the binary", || {
        run_command(&mut cargo(&["build", "--quiet", "--locked", "--package", "redproof"]))
    })?;
    let mut serve = Command::new(target_dir().join("debug/redproof"));
    serve.arg("serve").arg("--site").arg(site::dist());
    serve.args(rest);
    run_command(&mut serve)
}
