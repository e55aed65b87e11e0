//! The npm package: `@redproof/engine`, built, packed, and tried as its users install it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use crate::shell::{Done, cargo, command, output, root, run, step, target_dir};
use crate::{site, tools};

const TARGET: &str = "wasm32-unknown-unknown";

/// The same, with the command that its tests hold it against.
pub(crate) fn with_command() -> Done {
    run(&mut cargo(&["build", "--quiet", "--locked", "--package", "redproof"]))?;
    npm()
}

/// Builds and packs the package, and tries it beside the command, which is built.
pub(crate) fn npm() -> Done {
    let mut packed = PathBuf::new();
    step("build the npm package", || {
        packed = pack()?;
        Ok(())
    })?;
    step("install the npm package and use it", || try_it(&packed))
}

/// The package, packed.
fn pack() -> Result<PathBuf, String> {
    let package = target_dir().join("npm/package");
    site::clear(&package)?;
    site::copy(&root().join("npm/package"), &package)?;
    for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(root().join(licence), package.join(licence))
            .map_err(|error| format!("{licence}: {error}"))?;
    }
    run(cargo(&["build", "--quiet", "--locked", "--package", "redproof-npm", "--lib"])
        .args(["--profile", "wasm-release", "--target", TARGET])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", site::without_machine_paths()))?;
    let wasm = target_dir().join(TARGET).join("wasm-release/redproof_npm.wasm");
    run(command(tools::bin().join("wasm-bindgen"))
        .args(["--remove-name-section", "--target", "web", "--out-name", "engine", "--out-dir"])
        .arg(&package)
        .arg(wasm))?;
    types(&package)?;
    version(&package)?;
    let folder = target_dir().join("npm");
    let printed = output(
        command("npm")
            .args(["pack", "--silent", "--pack-destination"])
            .arg(&folder)
            .current_dir(&package),
    )?;
    let name = printed.lines().last().unwrap_or_default();
    let packed = folder.join(name);
    let size = |path: &Path| fs::metadata(path).map_or(0, |data| data.len());
    println!(
        "   {name}: {} bytes packed, {} of wasm",
        size(&packed),
        size(&package.join("engine_bg.wasm"))
    );
    Ok(packed)
}

/// The types, from the JSON Schema of the engine's own.
fn types(package: &Path) -> Done {
    tools_of_npm()?;
    let schema =
        ["run", "--quiet", "--locked", "--package", "redproof-npm", "--bin", "redproof-npm-types"];
    let printed = target_dir().join("npm/schema.json");
    fs::write(&printed, output(&mut cargo(&schema))?)
        .map_err(|error| format!("{}: {error}", printed.display()))?;
    let schema = fs::File::open(&printed).map_err(|error| format!("schema: {error}"))?;
    run(command("node")
        .arg("npm/types.mjs")
        .arg(package.join("documents.d.ts"))
        .stdin(Stdio::from(schema)))
}

/// What writes and checks the types.
fn tools_of_npm() -> Done {
    let install = ["ci", "--silent", "--no-audit", "--no-fund"];
    run(command("npm").args(install).current_dir(root().join("npm")))
}

/// Writes the project's version into the package.
fn version(package: &Path) -> Done {
    let path = package.join("package.json");
    let failed = |error: std::io::Error| format!("{}: {error}", path.display());
    let text = fs::read_to_string(&path).map_err(failed)?;
    let own = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    fs::write(&path, text.replace("\"version\": \"0.0.0\"", &own)).map_err(failed)
}

/// Installs the package into a fresh folder, without a network, and runs its tests there.
fn try_it(packed: &Path) -> Done {
    let folder = target_dir().join("npm/try");
    site::clear(&folder)?;
    site::copy(&root().join("npm/test"), &folder)?;
    let write = |name: &str, text: &str| {
        fs::write(folder.join(name), text).map_err(|error| format!("{name}: {error}"))
    };
    write("package.json", r#"{ "private": true, "type": "module" }"#)?;
    let install = ["install", "--silent", "--offline", "--no-audit", "--no-fund"];
    run(command("npm").args(install).arg(packed).current_dir(&folder))?;
    let strict = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext"];
    run(command("node")
        .arg(root().join("npm/node_modules/typescript/bin/tsc"))
        .args(strict)
        .args(["--noUncheckedIndexedAccess", "types.ts"])
        .current_dir(&folder))?;
    let redproof =
        target_dir().join("debug").join(format!("redproof{}", std::env::consts::EXE_SUFFIX));
    run(command("node")
        .args(["--test", "engine.test.mjs"])
        .env("REDPROOF", redproof)
        .current_dir(&folder))
}
