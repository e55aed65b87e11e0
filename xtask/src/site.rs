//! The site: the page, built by trunk into `web/dist` and weighed; the book; the JSON Schemas.

use std::fs;
use std::path::{Path, PathBuf};

use crate::shell::{Done, cargo, command, output, root, run, step, target_dir};
use crate::tools;

/// What a browser fetches before it paints the first time: HTML, CSS and the editor, packed by brotli.
pub(crate) const FIRST_PAINT: usize = 180_000;

/// All of the page before its first verdict: with its wasm and the engine.
pub(crate) const IN_ALL: usize = 800_000;

/// Where the built page is.
pub(crate) fn dist() -> PathBuf {
    root().join("web/dist")
}

/// Where the whole site is: a folder for any host of files, to be served under any path.
pub(crate) fn folder() -> PathBuf {
    target_dir().join("site")
}

/// Builds the site as it is published.
pub(crate) fn build() -> Done {
    page()?;
    step("write the book", || {
        let site = folder();
        if site.exists() {
            fs::remove_dir_all(&site).map_err(|error| format!("{}: {error}", site.display()))?;
        }
        copy(&dist(), &site)?;
        let book = ["run", "--quiet", "--locked", "--package", "redproof-book", "--"];
        run(cargo(&book).arg(&site))
    })?;
    println!("   the site is in {}", folder().display());
    Ok(())
}

/// Makes a folder, empty.
pub(crate) fn clear(folder: &Path) -> Done {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(failed)?;
    }
    fs::create_dir_all(folder).map_err(failed)
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) -> Done {
    let failed = |error: std::io::Error| format!("{} to {}: {error}", from.display(), to.display());
    fs::create_dir_all(to).map_err(failed)?;
    for entry in fs::read_dir(from).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target).map_err(failed)?;
        }
    }
    Ok(())
}

/// Builds the page.
fn page() -> Done {
    step("draw the first example", || {
        let drawn =
            output(&mut cargo(&["run", "--quiet", "--locked", "-p", "redproof-prerender"]))?;
        let place = root().join("web/opening.html");
        fs::write(&place, drawn).map_err(|error| format!("{}: {error}", place.display()))
    })?;
    step("build the page", || {
        run(command(tools::bin().join("trunk"))
            .args(["build", "--release", "--locked", "--offline", "--skip-version-check"])
            .env("PATH", tools::path()?)
            .env("NO_COLOR", "true")
            .env("RUST_BACKTRACE", "0")
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", without_machine_paths()))
    })?;
    weigh()
}

/// Panics name source files: by their place in the project or the registry, not on this machine.
pub(crate) fn without_machine_paths() -> String {
    let home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    let registry = home.map(|home| home.join("registry/src")).unwrap_or_default();
    let indexes = fs::read_dir(&registry).into_iter().flatten().filter_map(Result::ok);
    let mut flags: Vec<String> =
        indexes.map(|index| format!("--remap-path-prefix={}=", index.path().display())).collect();
    flags.push(format!("--remap-path-prefix={}=", root().display()));
    flags.join(" ")
}

/// Fails when the first load is over one of its budgets.
fn weigh() -> Done {
    let files = sizes()?;
    for File { name, size, .. } in &files {
        println!("   {size:>8} {name}");
    }
    let early: usize = files.iter().filter(|file| file.early).map(|file| file.size).sum();
    let all: usize = files.iter().map(|file| file.size).sum();
    for (what, total, budget) in
        [("before the first paint", early, FIRST_PAINT), ("in all", all, IN_ALL)]
    {
        println!("   {total:>8} bytes by brotli {what}, of {budget}");
        if total > budget {
            return Err(format!("the page's first load is {total} bytes {what}, over {budget}"));
        }
    }
    Ok(())
}

/// A file of the page's first load.
pub(crate) struct File {
    pub(crate) name: String,
    /// As a server sends it, in bytes.
    pub(crate) size: usize,
    /// Whether the first paint waits for it.
    pub(crate) early: bool,
}

/// The files of the page's first load.
pub(crate) fn sizes() -> Result<Vec<File>, String> {
    let mut sizes = vec![];
    for path in files(&dist())? {
        let extension = path.extension().and_then(|extension| extension.to_str());
        let name = path.file_name().unwrap_or_default().display().to_string();
        // What editing needs beyond the first load is fetched when an editor is first used, what a folder needs
        // with the first of them, the rest of the engine after the first verdict, the service worker last.
        let later = ["assist-", "folder-", "redproof-engine_rest", "sw.js"];
        let later = later.iter().any(|start| name.starts_with(start));
        if !later && matches!(extension, Some("html" | "css" | "js" | "wasm" | "svg")) {
            // The page's wasm and the engine come while the example is there already.
            let early = extension != Some("wasm") && !name.starts_with("redproof-");
            sizes.push(File { size: packed(&path)?, name, early });
        }
    }
    Ok(sizes)
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    Ok(files)
}

/// The size that a server sends: what brotli makes of it.
fn packed(path: &Path) -> Result<usize, String> {
    let script = "const { brotliCompressSync, constants } = require('node:zlib');
        const params = { [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS };
        console.log(brotliCompressSync(require('node:fs').readFileSync(process.argv[1]), { params }).length);";
    let printed = output(command("node").args(["-e", script]).arg(path))?;
    printed.trim().parse().map_err(|error| format!("size of {}: {error}", path.display()))
}
