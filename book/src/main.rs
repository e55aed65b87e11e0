//! Writes the site's `docs/` and `schemas/` into a folder: what `cargo xtask site` calls.

use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(site) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("Usage: redproof-book SITE");
        return ExitCode::from(2);
    };
    match redproof_book::write(&site) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}
