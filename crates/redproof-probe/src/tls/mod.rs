//! TLS as redis-py speaks it, through OpenSSL, and as LiteLLM's Rust client does, through rustls; what its failures mean.

mod asked;
mod certificate;
mod context;
mod eras;
mod failure;
mod file;
mod handshake;
mod roots;
mod rust_client;
mod rust_files;
mod trust;
mod verification;

pub(crate) use certificate::hex;
pub(crate) use failure::after_handshake;
pub(crate) use handshake::{Attempt, Context, connect, speaks_tls};
pub(crate) use roots::DefaultRoots;
pub(crate) use trust::{Roots, Trust};
