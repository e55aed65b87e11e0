//! From a host name to a stream: resolving, connecting, waiting, reading and writing.

pub(crate) mod connect;
pub(crate) mod interrupt;
pub(crate) mod socket;
pub(crate) mod timeout;
pub(crate) mod wire;
