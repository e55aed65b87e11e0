//! Brings a machine with rustup and node to where the project builds.

use std::fs;

use crate::shell::{Done, command, output, root, run, step, which};
use crate::{system, tools};

const WASM: &str = "wasm32-unknown-unknown";

/// Everything that the page's build needs.
pub(crate) fn for_page() -> Done {
    target(WASM)?;
    npm_packages()?;
    tools::install()
}

/// What the tests need on top.
pub(crate) fn for_tests() -> Done {
    system::install_for_tests()
}

/// A target's standard library.
pub(crate) fn target(target: &str) -> Done {
    let sysroot = output(command("rustc").args(["--print", "sysroot"]))?;
    let library = std::path::Path::new(sysroot.trim()).join("lib/rustlib").join(target);
    if library.is_dir() {
        return Ok(());
    }
    step(&format!("add the target {target}"), || {
        run(command("rustup").args(["target", "add", target]))
    })
}

/// Installs what `web/package-lock.json` names, unless that was done already.
fn npm_packages() -> Done {
    if which("npm").is_none() {
        return Err("npm is missing: install Node.js 20 or newer, with npm".to_owned());
    }
    let lock = fs::read(root().join("web/package-lock.json"))
        .map_err(|error| format!("web/package-lock.json: {error}"))?;
    let stamp = root().join("web/node_modules/.lock-installed");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    step("npm packages of the editor", || {
        run(command("npm").args([
            "ci",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--prefix",
            "web",
        ]))?;
        fs::write(&stamp, &lock).map_err(|error| format!("{}: {error}", stamp.display()))
    })
}
