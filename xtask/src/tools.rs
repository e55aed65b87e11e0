//! Trunk and wasm-bindgen, built once into `.tools`.
//!
//! Neither registry that the project uses carries them ready-made, so they are built from
//! source, unoptimised: on two cores trunk takes 2 minutes that way instead of 4.6, wasm-bindgen
//! 1.3. Both merely orchestrate: the time that they run does not show.

use std::path::PathBuf;

use crate::shell::{Done, cargo, output, root, run, step};

/// Newer ones ask for a newer compiler than the pinned toolchain.
const TRUNK: &str = "0.21.14";

/// Where the tools' commands are.
pub(crate) fn bin() -> PathBuf {
    root().join(".tools/bin")
}

/// The search path with the project's own tools first.
pub(crate) fn path() -> Result<std::ffi::OsString, String> {
    let own = [bin(), root().join("web/node_modules/.bin")];
    let outer = std::env::var_os("PATH").unwrap_or_default();
    std::env::join_paths(own.into_iter().chain(std::env::split_paths(&outer)))
        .map_err(|error| format!("PATH: {error}"))
}

/// Builds the tools that are missing or of another version.
pub(crate) fn install() -> Done {
    install_one("trunk", "trunk", TRUNK, "0")?;
    install_one("wasm-bindgen-cli", "wasm-bindgen", &wasm_bindgen_version()?, "1")
}

fn install_one(package: &str, binary: &str, version: &str, opt_level: &str) -> Done {
    let installed = output(std::process::Command::new(bin().join(binary)).arg("--version"))
        .is_ok_and(|text| text.split_whitespace().nth(1) == Some(version));
    if installed {
        return Ok(());
    }
    step(&format!("build {package} {version}"), || {
        let opt_level = format!("profile.dev.opt-level={opt_level}");
        let mut install = cargo(&["install", package, "--version", version, "--bin", binary]);
        install
            .args(["--locked", "--debug", "--no-default-features", "--quiet", "--force"])
            .args(["--config", "profile.dev.debug=false"])
            .args(["--config", "profile.dev.incremental=false"])
            .args(["--config", &opt_level])
            .arg("--root")
            .arg(root().join(".tools"));
        run(&mut install)
    })
}

/// The version in `Cargo.lock`: the command and the crate must be of the same.
fn wasm_bindgen_version() -> Result<String, String> {
    let path = root().join("Cargo.lock");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("Cargo.lock: {error}"))?;
    let mut lines = text.lines();
    lines
        .find(|line| *line == r#"name = "wasm-bindgen""#)
        .and_then(|_| lines.next())
        .and_then(|line| line.strip_prefix("version = \""))
        .and_then(|version| version.strip_suffix('"'))
        .map(str::to_owned)
        .ok_or_else(|| "Cargo.lock: no wasm-bindgen".to_owned())
}
