//! TLS as redis-py speaks it, through OpenSSL, and what its failures mean.

mod asked;
mod certificate;
mod context;
mod eras;
mod failure;
mod file;
mod handshake;
pub(crate) mod mounted;
mod roots;
pub(crate) mod scan;
mod trust;
mod verification;

pub(crate) use certificate::hex;
pub(crate) use failure::after_handshake;
pub(crate) use handshake::{Attempt, Greeting, connect, speaks_tls};
pub(crate) use roots::DefaultRoots;
pub(crate) use trust::{Roots, Trust};
