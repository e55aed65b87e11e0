//! What is not Redis, or not there.

use redproof_probe::ProbeOutcome as O;
use serde_json::json;

use super::pki::Pki;
use super::{Server, Situation, both, plain};
use crate::servers::Stranger;

const HTTP: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";

pub(super) fn situations(pki: &Pki) -> Vec<Situation> {
    let case = |name, start: fn() -> Stranger, client, expected| {
        Situation::new(name, Server::Stranger(start), plain(client), expected)
    };
    let tls = || json!({"ssl": true});
    vec![
        case("silent server", Stranger::silent, json!({}), both(O::Timeout)),
        case("silent server, TLS client", Stranger::silent, tls(), both(O::Timeout)),
        case("HTTP server", || Stranger::saying(HTTP), json!({}), both(O::ProtocolError)),
        case("HTTP server, TLS client", || Stranger::saying(HTTP), tls(), both(O::NotTlsServer)),
        case(
            "garbage",
            || Stranger::saying(b"\x00\x01\x02 what?\r\n"),
            json!({}),
            both(O::ProtocolError),
        ),
        case(
            "garbage, TLS client",
            || Stranger::saying(b"what?\r\n"),
            tls(),
            both(O::NotTlsServer),
        ),
        case(
            "too many clients",
            || Stranger::saying(b"-ERR max number of clients reached\r\n"),
            json!({}),
            both(O::ServerState),
        ),
        case(
            "protected mode",
            || Stranger::saying(b"-DENIED Redis is running in protected mode\r\n"),
            json!({}),
            both(O::ServerState),
        ),
        case("server that closes", Stranger::closing, json!({}), both(O::ProtocolError)),
        case("server without HELLO", Stranger::redis_5, json!({}), [O::Ok, O::ProtocolError]),
        Situation::new("refused", Server::Nothing, plain(json!({})), both(O::Refused)),
        Situation::new(
            "refused, TLS client",
            Server::Nothing,
            pki.client("127.0.0.1", json!({})),
            both(O::Refused),
        ),
        Situation::new(
            "host that does not resolve",
            Server::Nothing,
            plain(json!({"host": "redis.invalid"})),
            both(O::Dns),
        ),
    ]
}
