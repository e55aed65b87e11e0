//! What a handshake came to.

use redproof_core::finding::Finding;

use crate::network::wire::Stream;
use crate::outcome::Failure;
use crate::report::{Strict, TlsReport};

/// What a handshake came to.
pub(crate) struct Attempt {
    /// The stream, or why the client would not go on; `Err(None)` when what came was not TLS.
    pub(crate) stream: Result<Stream, Option<Failure>>,
    /// What was seen of the server.
    pub(crate) report: Option<TlsReport>,
    /// The verdict of a strict client, once there was a certificate.
    pub(crate) strict: Option<Strict>,
    /// redis-py's client verifies, and does not check the name that the strict one refuses.
    pub(crate) passes_over_name: bool,
    /// Whether more trusted roots might have made a difference.
    pub(crate) depends_on_roots: bool,
    /// Another Python would say otherwise of the chain.
    pub(crate) other_python: Option<Finding>,
}

impl Attempt {
    /// One that depends on neither more roots nor Python's release.
    pub(super) fn of(
        stream: Result<Stream, Option<Failure>>,
        report: Option<TlsReport>,
        strict: Option<Strict>,
    ) -> Self {
        Self {
            stream,
            report,
            strict,
            passes_over_name: false,
            depends_on_roots: false,
            other_python: None,
        }
    }
}
