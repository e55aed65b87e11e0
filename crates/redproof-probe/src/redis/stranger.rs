//! What answers where no Redis does, by its first bytes.

use crate::outcome::Failure;
use crate::outcome::ProbeOutcome;
use crate::redis::known_words::known;

/// Who greets or answers so, and what to do where that is known.
fn named(seen: &[u8]) -> Option<(&'static str, Option<&'static str>)> {
    const HTTP: &str = "Correct host and port: HTTP is spoken there. The REST address of a service (Upstash) and a console \
        are not its Redis endpoint: take the address that the service shows with `redis://` or `rediss://`.";
    const MEMCACHED: &str = "Give LiteLLM a Redis or Valkey: memcached answers there (usually port 11211), and LiteLLM has \
        no cache for it. ElastiCache has clusters of either kind.";
    let begins = |word: &[u8]| seen.starts_with(word);
    Some(if begins(b"HTTP/") {
        ("an HTTP server", Some(HTTP))
    } else if is_http_2(seen) {
        ("an HTTP/2 or gRPC server", Some(HTTP))
    } else if begins(b"SSH-") {
        ("an SSH server", None)
    } else if is_mysql(seen) {
        ("a MySQL or MariaDB server", None)
    } else if begins(b"ERROR\r\n") {
        ("memcached", Some(MEMCACHED))
    } else if begins(b"AMQP") {
        ("a RabbitMQ or other AMQP server", None)
    } else if begins(b"INFO {") {
        ("a NATS server", None)
    } else if begins(b"220") {
        ("a mail or FTP server", None)
    } else {
        return None;
    })
}

/// A packet's length in three bytes, its number, then protocol 10 or an error.
fn is_mysql(seen: &[u8]) -> bool {
    matches!(seen, [_, _, 0, 0, 10 | 0xff, ..])
}

/// A SETTINGS frame on stream 0: six bytes for each setting.
fn is_http_2(seen: &[u8]) -> bool {
    matches!(seen, [0, 0, length, 4, _, 0, 0, 0, 0, ..] if length % 6 == 0)
}

/// Bytes that are not RESP, named.
pub(crate) fn not_redis(seen: &[u8]) -> Failure {
    let shown = known(&String::from_utf8_lossy(&seen[..seen.len().min(60)]));
    let (what, help) = named(seen).unwrap_or(("something that is not Redis", None));
    // Where only its own words are left out, its name is all there is to show.
    let presented = if shown == "…" { what.to_owned() } else { format!("`{shown}`") };
    Failure::new(ProbeOutcome::ProtocolError, format!("{} answers there.", capital(what)))
        .presented(presented)
        .expected("a Redis server's replies")
        .help_or(help.map(str::to_owned))
        .response()
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::not_redis;

    /// The first bytes that these send, by their protocols.
    #[test]
    fn who_answers_is_named() {
        for (seen, name) in [
            (&b"HTTP/1.1 400 Bad Request\r\n"[..], "An HTTP server"),
            (b"J\0\0\0\n8.0.36\0", "A MySQL"),
            (b"E\0\0\0\xffj\x04Host '10.0.0.1' is not allowed", "A MySQL"),
            (b"ERROR\r\nERROR\r\n", "Memcached"),
            (b"AMQP\0\0\x09\x01", "A RabbitMQ"),
            (b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80", "An HTTP/2"),
            (b"INFO {\"server_id\":\"N\"}", "A NATS"),
            (b"SSH-2.0-OpenSSH_9.2p1", "An SSH server"),
            (b"\x01\x02", "Something that is not Redis"),
        ] {
            let failure = not_redis(seen);
            assert!(failure.detail.starts_with(name), "{}", failure.detail);
            assert!(failure.presented.is_some_and(|shown| shown != "`…`"), "{name}");
        }
    }
}
