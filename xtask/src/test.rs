//! Everything that must hold before a change goes in, cheapest first.

use crate::shell::{Done, cargo, command, root, run, step};
use crate::{instructions, licences, npm, setup, site, tools, wheel};

/// The page is checked and built for wasm, everything else for this machine.
const ALL_BUT_PAGE: [&str; 3] = ["--workspace", "--exclude", "redproof-web"];
const PAGE: [&str; 10] = [
    "--package",
    "redproof-web",
    "--package",
    "redproof-messages",
    "--package",
    "redproof-engine",
    "--package",
    "redproof-npm",
    "--target",
    "wasm32-unknown-unknown",
];

/// Sets up, then checks and tests everything; words after `test` go to `cargo test`.
pub(crate) fn test(rest: &[String]) -> Done {
    step("formatting", || run(&mut cargo(&["fmt", "--all", "--check"])))?;
    setup::for_page()?;
    setup::for_tests()?;
    step("licences, sources, duplicates", licences::check)?;
    step("types of the editor bridge", || {
        run(command("npm")
            .args(["run", "--silent", "--prefix", "web", "check"])
            .env("PATH", tools::path()?))
    })?;
    step("clippy", || {
        run(cargo(&["clippy", "--quiet", "--locked", "--all-targets"])
            .args(ALL_BUT_PAGE)
            .args(["--", "-D", "warnings"]))?;
        run(cargo(&["clippy", "--quiet", "--locked"]).args(PAGE).args(["--", "-D", "warnings"]))
    })?;
    site::build()?;
    step("build the binary", || {
        // The tests start it as a user would.
        run(&mut cargo(&["build", "--quiet", "--locked", "--package", "redproof"]))
    })?;
    // As it is published, but for the time that its compiler takes.
    wheel::wheel("dev")?;
    npm::npm()?;
    step("instructions", instructions::check)?;
    step("the VS Code extension", || {
        let folder = root().join("web/vscode");
        run(command("npm")
            .args(["ci", "--silent", "--no-audit", "--no-fund"])
            .current_dir(&folder))?;
        run(command("npm").args(["run", "--silent", "package"]).current_dir(&folder))?;
        run(command("npm").args(["test", "--silent"]).current_dir(&folder))
    })?;
    step("tests", || {
        run(cargo(&["test", "--locked", "--no-fail-fast"]).args(ALL_BUT_PAGE).args(rest))
    })
}
