//! What a fuzz target does with a server's bytes: what the probe does with replies.

use crate::redis::commands::{Command, Expect};
use crate::redis::known_words::known;
use crate::redis::reply_failure::{judge, server_of, text_of};
use crate::redis::stranger::not_redis;

/// Reads bytes as replies, and says of each what the probe would.
pub fn reply(bytes: &[u8]) {
    known(&String::from_utf8_lossy(bytes));
    let _ = not_redis(bytes);
    let Ok(value) = redis::parse_redis_value(bytes) else { return };
    let _ = text_of(&value);
    let _ = server_of(&value);
    for expect in [
        Expect::Anything,
        Expect::Whatever,
        Expect::NoError,
        Expect::Text("PONG"),
        Expect::Bytes(b"x".to_vec()),
        Expect::Map,
    ] {
        if let Err(failure) = judge(&Command::new("PING", [b"PING"], expect), &value) {
            assert!(failure.detail.len() < 2_000, "{}", failure.detail);
        }
    }
}
