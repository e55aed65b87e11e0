//! What runs a config.

use redproof_core::deployment::{Form, Link};

/// What runs a config.
#[derive(Clone, Debug)]
pub(crate) struct Runs {
    /// `compose.yaml, service litellm`
    pub(crate) name: String,
    pub(crate) form: Option<Form>,
    pub(crate) link: Link,
    /// The files that were read for it.
    pub(crate) files: Vec<String>,
    pub(crate) replicas: Option<u64>,
}
