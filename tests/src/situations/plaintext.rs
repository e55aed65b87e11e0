//! Plaintext servers: logins, databases, permissions, the server's state.

use redproof_probe::ProbeOutcome as O;
use serde_json::{Value, json};

use super::{Server, Situation, both, plain};

fn redis(arguments: &[&str]) -> Server {
    let arguments = [&["--port", "{port}"], arguments].concat();
    Server::Redis(arguments.into_iter().map(str::to_owned).collect())
}

/// A server whose only user is this one.
fn acl(user: &str) -> Server {
    let words: Vec<&str> =
        ["--user"].into_iter().chain(user.split(' ')).chain(["--user", "default", "off"]).collect();
    redis(&words)
}

pub(super) fn situations() -> Vec<Situation> {
    let case = |name, server: Server, client: Value, expected| {
        Situation::new(name, server, plain(client), expected)
    };
    let locked = || redis(&["--requirepass", "secret"]);
    let app = || json!({"username": "app", "password": "secret"});
    let lone_node = ["--cluster-enabled", "yes", "--cluster-config-file", "lone-node.conf"];
    vec![
        case("plain", redis(&[]), json!({}), both(O::Ok)),
        case("plain, db 3", redis(&[]), json!({"db": 3}), both(O::Ok)),
        case("plain, db 99", redis(&[]), json!({"db": 99}), both(O::WrongDb)),
        case("password right", locked(), json!({"password": "secret"}), both(O::Ok)),
        case("password wrong", locked(), json!({"password": "guess"}), both(O::AuthFailed)),
        case("password missing", locked(), json!({}), both(O::AuthRequired)),
        case(
            "password that the server does not need",
            redis(&[]),
            json!({"password": "secret"}),
            [O::AuthFailed, O::Ok],
        ),
        case("ACL user", acl("app on >secret ~* +@all"), app(), both(O::Ok)),
        case(
            "ACL user unknown",
            acl("app on >secret ~* +@all"),
            json!({"username": "nobody", "password": "secret"}),
            both(O::AuthFailed),
        ),
        case("ACL user off", acl("app off >secret ~* +@all"), app(), both(O::AuthFailed)),
        case("ACL without SET", acl("app on >secret ~* +@all -set"), app(), both(O::NoPermission)),
        case(
            "ACL with keys of another name",
            acl("app on >secret ~other:* +@all"),
            app(),
            both(O::NoPermission),
        ),
        case(
            "ACL without SELECT",
            acl("app on >secret ~* +@all -select"),
            json!({"username": "app", "password": "secret", "db": 1}),
            both(O::NoPermission),
        ),
        case(
            "ACL without PING",
            acl("app on >secret ~* +@all -ping"),
            app(),
            both(O::NoPermission),
        ),
        case("ACL without CLIENT", acl("app on >secret ~* +@all -client"), app(), both(O::Ok)),
        case(
            "out of memory",
            redis(&["--maxmemory", "1", "--maxmemory-policy", "noeviction"]),
            json!({}),
            both(O::ServerState),
        ),
        case(
            "read-only replica",
            redis(&["--replicaof", "127.0.0.1", "1"]),
            json!({}),
            both(O::ServerState),
        ),
        case(
            "replica without its master, which serves no stale data",
            redis(&["--replicaof", "127.0.0.1", "1", "--replica-serve-stale-data", "no"]),
            json!({}),
            both(O::ServerState),
        ),
        case(
            "too few replicas to write",
            redis(&["--min-replicas-to-write", "1"]),
            json!({}),
            both(O::ServerState),
        ),
        case(
            "SET renamed",
            redis(&["--rename-command", "SET", "HIDDEN"]),
            json!({}),
            both(O::ServerState),
        ),
        case(
            "PING renamed",
            redis(&["--rename-command", "PING", "HIDDEN"]),
            json!({}),
            both(O::ServerState),
        ),
        case("cluster node without slots", redis(&lone_node), json!({}), both(O::ClusterDown)),
        case(
            "TLS client, plaintext server",
            redis(&[]),
            json!({"ssl": true}),
            both(O::NotTlsServer),
        ),
    ]
}
