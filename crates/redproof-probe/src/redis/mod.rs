//! What is said over a connection: redis-py's commands, the replies, and what they tell of the server.

pub(crate) mod channels;
pub(crate) mod commands;
pub(crate) mod health;
pub(crate) mod known_words;
pub(crate) mod latency;
pub(crate) mod permissions;
pub(crate) mod reply;
pub(crate) mod reply_failure;
pub(crate) mod stranger;
