//! What a server's replies, and what is not a reply, say of it.

use redis::Value;

use crate::diagnosis::retry_plaintext::Look;
use crate::outcome::{Failure, ProbeOutcome};
use crate::redis::commands::{Command, Expect, error_text};
use crate::redis::known_words::known;
use crate::report::IGNORED;

/// Whether a reply is what the command wants, and what a step's line then says.
pub(crate) fn judge(command: &Command, value: &Value) -> Result<String, Failure> {
    if let Value::ServerError(error) = value {
        let text = crate::redis::reply::presentable(&error_text(error));
        // It answers what a balancer sent before the client: every reply after it is another command's.
        if text.to_ascii_lowercase().contains("unknown command 'proxy'") {
            return Err(crate::redis::reply::failure(command.label, &text));
        }
        return match command.expect {
            Expect::Anything if crate::redis::reply::is_passed_over(&text) => {
                Ok(IGNORED.to_owned())
            }
            Expect::Search if text.to_ascii_lowercase().contains("unknown command") => {
                Err(no_search_module())
            }
            Expect::Permission if !text.starts_with("NOPERM") => {
                Ok(format!("not answered: {}", known(&text)))
            }
            Expect::Search | Expect::Whatever => Ok(format!("not answered: {}", known(&text))),
            _ => Err(crate::redis::reply::failure(command.label, &text)),
        };
    }
    let text = text_of(value);
    let as_expected = match &command.expect {
        Expect::Anything
        | Expect::Whatever
        | Expect::Search
        | Expect::Permission
        | Expect::NoError => true,
        Expect::Text(expected) => text.as_deref() == Some(expected),
        Expect::Bytes(expected) => {
            matches!(value, Value::BulkString(bytes) if bytes == expected)
        }
        Expect::Map => matches!(value, Value::Map(_)),
    };
    if as_expected {
        Ok("ok".to_owned())
    } else {
        Err(Failure::new(
            ProbeOutcome::ProtocolError,
            format!("{}: the server's reply is not what Redis answers.", command.label),
        ))
    }
}

fn no_search_module() -> Failure {
    Failure::new(
        ProbeOutcome::ServerState,
        "No search module: the server does not know `FT._LIST`, and a semantic cache keeps its vectors in \
         a search index.",
    )
    .presented("a server without a search module")
    .expected("Redis 8, Redis Stack, or Valkey with valkey-search")
    .help(
        "Use a server with the search module (Redis 8, Redis Stack; valkey-search for \
         `valkey-semantic`), or `type: redis`, which needs none.",
    )
}

/// The text of a simple or bulk string.
pub(crate) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Okay => Some("OK".to_owned()),
        Value::BulkString(bytes) => Some(String::from_utf8_lossy(bytes).into_owned()),
        Value::SimpleString(text) | Value::VerbatimString { text, .. } => Some(text.clone()),
        _ => None,
    }
}

/// `redis 7.0.15 standalone` from HELLO's map.
pub(crate) fn server_of(hello: &Value) -> Option<String> {
    let Value::Map(entries) = hello else {
        return None;
    };
    let get = |wanted: &str| {
        entries
            .iter()
            .find(|(key, _)| text_of(key).as_deref() == Some(wanted))
            .and_then(|(_, value)| text_of(value))
    };
    let words: Vec<String> = ["server", "version", "mode"]
        .into_iter()
        .filter_map(get)
        .map(|word| if is_name(&word) { word } else { "…".to_owned() })
        .collect();
    Some(words.join(" "))
}

/// What servers call themselves, their releases and their modes.
fn is_name(word: &str) -> bool {
    const NAMES: [&str; 9] = [
        "redis",
        "valkey",
        "keydb",
        "dragonfly",
        "garnet",
        "kvrocks",
        "standalone",
        "cluster",
        "sentinel",
    ];
    let release = word.len() <= 16 && word.chars().all(|c| c.is_ascii_digit() || c == '.');
    NAMES.contains(&word) || (release && word.contains('.'))
}

/// The first word of ROLE: a master that lost its role refuses writes.
pub(crate) fn check_role(reply: Option<&Value>) -> Result<(), Failure> {
    let role = match reply {
        Some(Value::Array(parts)) => parts.first().and_then(text_of),
        // The user may not ask, or the server does not know ROLE: the write tells.
        _ => None,
    };
    match role.as_deref() {
        None | Some("master") => Ok(()),
        Some(role) => Err(Failure::new(
            ProbeOutcome::ServerState,
            format!("The sentinels name this server as master, but its ROLE is {role}."),
        )
        .presented(format!("ROLE {role}"))
        .expected("ROLE master")
        .help(
            "Wait until the failover is over; if it stays, reset the sentinels (`SENTINEL RESET`).",
        )),
    }
}

pub(crate) fn not_tls(look: &Look) -> Failure {
    let failure = |detail: &str| Failure::new(ProbeOutcome::NotTlsServer, detail);
    match look {
        Look::Redis => failure(
            "The server speaks Redis without TLS on this port, and the client asks for TLS.",
        )
        .presented("plaintext Redis")
        .expected("a TLS server"),
        Look::Other(seen) => {
            let named = crate::redis::stranger::not_redis(seen);
            let mut failure = failure(&format!("No TLS on this port. {}", named.detail));
            failure.presented = named.presented;
            failure.expected("a TLS server").help(
                "Correct host and port: what answers there is neither TLS nor Redis. Leave TLS on.",
            )
        }
        // Nothing that was seen says that the server speaks plaintext.
        Look::Silent => Failure::new(
            ProbeOutcome::ProtocolError,
            "The server closes the connection at the TLS greeting, without an answer, and says nothing \
             in plaintext either.",
        )
        .presented("a connection that is closed at once")
        .expected("a TLS server")
        .help(
            "Look in this order: does a Redis run behind the load balancer, forwarded port or mesh; is the \
             server at its `maxclients`; does the proxy in front want the PROXY protocol; does an \
             allow-list turn this address away? Leave TLS on: nothing that was seen is plaintext Redis.",
        ),
    }
}

pub(crate) fn tls_required() -> Failure {
    Failure::new(
        ProbeOutcome::TlsRequired,
        "The server speaks TLS on this port, and the client plaintext.",
    )
    .presented("a TLS server")
    .expected("plaintext Redis")
}
