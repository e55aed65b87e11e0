//! What the simulation noticed on its way, for rules and explanations.

use crate::python::{Origin, Value};
use crate::source::Span;

/// Something that a reader of the config would not expect.
#[derive(Clone, Debug)]
pub enum Event {
    /// A key of the config that LiteLLM reads past.
    KeyIgnored {
        /// Path of the key: `router_settings.redis_ssl`.
        path: String,
        /// Where the key stands.
        span: Span,
        /// Why, in a few words.
        because: &'static str,
    },
    /// A value that lost to another one.
    Overridden {
        /// redis-py's name of the setting.
        setting: String,
        /// What was dropped.
        loser: Value,
        /// What won.
        winner: Origin,
    },
}
