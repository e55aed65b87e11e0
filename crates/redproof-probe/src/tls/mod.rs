//! TLS as redis-py speaks it, through OpenSSL, and as LiteLLM's Rust client does, through rustls; what its failures mean.

mod asked;
mod attempt;
mod certificate;
mod client;
mod context;
mod eras;
mod failure;
mod file;
mod handshake;
mod judged;
pub(crate) mod mounted;
mod roots;
mod rust_chains;
mod rust_client;
mod rust_files;
pub(crate) mod scan;
mod trust;
mod verification;

pub(crate) use attempt::Attempt;
pub(crate) use certificate::hex;
pub(crate) use client::{Context, connect};
pub(crate) use failure::after_handshake;
pub(crate) use handshake::{Greeting, speaks_tls};
pub(crate) use roots::DefaultRoots;
pub(crate) use trust::{Roots, Trust};
