//! Makes an authority and a certificate for `localhost`: `throw-away-certificates DIRECTORY`.

use std::error::Error;
use std::path::PathBuf;

use redproof_tests::certificates::{Identity, Wish};

fn main() -> Result<(), Box<dyn Error>> {
    let directory = PathBuf::from(std::env::args_os().nth(1).ok_or("which directory?")?);
    std::fs::create_dir_all(&directory)?;
    let authority = Identity::new(&Wish::authority("Redproof's throw-away authority"), None)?;
    authority.write(&directory, "ca", &[])?;
    Identity::new(&Wish::server(), Some(&authority))?.write(&directory, "redis", &[])?;
    Ok(())
}
