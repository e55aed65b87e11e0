//! TLS as redis-py speaks it, through OpenSSL, and what its failures mean.

mod certificate;
mod context;
mod failure;
mod file;
mod handshake;
mod verification;

pub(crate) use certificate::hex;
pub(crate) use context::trust_system_roots;
pub(crate) use failure::after_handshake;
pub(crate) use handshake::{Attempt, connect, speaks_tls};

pub(crate) use context::{Roots, build as context};
