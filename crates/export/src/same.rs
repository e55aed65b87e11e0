//! Whether two outcomes are the same, wherever their values were written.

use serde_json::{Value as Json, json};

use python::convert;
use simulate::json::{outcome_json, value_json};
use simulate::outcome::{Client, Connection, Knowable, Outcome};

/// Whether LiteLLM builds the same clients with the same settings, secrets included.
pub(super) fn same(one: &Outcome, other: &Outcome) -> bool {
    settings(one) == settings(other)
}

/// All that two outcomes can differ in. Never shown: it holds secrets.
pub(super) fn settings(outcome: &Outcome) -> Json {
    let fallback = outcome
        .usage_if_reachable
        .as_ref()
        .map(|fallback| Outcome { clients: fallback.clients.clone(), ..Outcome::nothing() });
    let own = |outcome: &Outcome| {
        let clients: Vec<Json> = outcome.redis_py_clients().map(client).collect();
        json!({ "plain": outcome_json(&without_passwords(outcome), true), "more": clients })
    };
    json!([own(outcome), fallback.as_ref().map(own)])
}

/// What the machine's interface leaves out.
fn client(client: &Client) -> Json {
    let connections = client.connection.iter().chain(&client.sentinels);
    connections.map(connection).collect()
}

fn connection(connection: &Connection) -> Json {
    let others = match &connection.tls {
        Knowable::Known(Some(tls)) => {
            let others = tls.others.iter();
            others.map(|(name, setting)| json!([name, value_json(&setting.value)])).collect()
        }
        _ => Json::Null,
    };
    // A password of digits alone is a number in the config and text in a variable. redis-py sends
    // the same bytes.
    let password = match &connection.password.value {
        Knowable::Known(None) => Json::Null,
        Knowable::Known(Some(_)) => json!([convert::str_of(&connection.password.held).ok()]),
        Knowable::Unknown(why) => json!({ "unknown": why }),
    };
    json!({
        "password": password,
        "path": connection.path.as_ref().map(|path| value_json(&path.value)),
        "max_connections": connection.max_connections,
        "auth": format!("{:?}", connection.auth),
        "tls": others,
    })
}

fn without_passwords(outcome: &Outcome) -> Outcome {
    let mut outcome = outcome.clone();
    for client in outcome.clients.iter_mut().chain(&mut outcome.semantic) {
        for connection in client.connection.iter_mut().chain(&mut client.sentinels) {
            connection.password.value = Knowable::Known(None);
        }
    }
    outcome
}
