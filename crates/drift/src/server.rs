//! The Redis that is really used.

use python::{Data, Value};
use report::Report;
use serde_json::Value as Json;
use simulate::outcome::{Api, Consumer, Knowable, Role};

use crate::{Answers, Drift};

pub(crate) fn hold(report: &Report, answers: &Answers, drift: &mut Drift) {
    match answers.body("/cache/redis/info") {
        Some(info) => used(report, info, drift),
        None => drift.untold.push(
            "the server that the response cache uses (/cache/redis/info): it answers an admin alone, and where \
             the cache is a Redis that answers"
                .to_owned(),
        ),
    }
    coordination(report, answers, drift);
}

/// What `/cache/redis/info` says of the response cache's own connection.
fn used(report: &Report, info: &Json, drift: &mut Drift) {
    drift.run_id = info["info"]["run_id"].as_str().map(str::to_owned);
    // It is the client that asks for the list.
    let clients = info["clients"].as_array();
    let own = clients.into_iter().flatten().find(|client| {
        client["cmd"].as_str().is_some_and(|cmd| cmd.replace('|', " ") == "client list")
    });
    let Some(own) = own else {
        drift.untold.push("the proxy's own connection: Redis shows none".to_owned());
        return;
    };
    if own["lib-name"].as_str().is_some_and(|name| name.starts_with("redis-py")) {
        drift.redis_py = own["lib-ver"].as_str().map(str::to_owned);
    }
    let clients = report.outcome.clients.iter();
    let mut ours = clients.filter(|one| one.consumer == Consumer::Response && one.api == Api::Sync);
    let Some(connection) = ours.next().and_then(|client| client.connection.as_ref()) else {
        return;
    };
    let told = |name: &str| own[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned);
    if let Some(db) = text(&connection.db.value) {
        drift.hold("Redis: database", Some(db.unwrap_or_else(|| "0".to_owned())), told("db"));
    }
    if let (Some(user), Some(is)) = (text(&connection.username.value), told("user")) {
        drift.hold("Redis: user", Some(user.unwrap_or_else(|| "default".to_owned())), Some(is));
    }
    if let Some(name) = text(&connection.client_name.value) {
        drift.hold("Redis: client name", name, told("name"));
    }
}

/// Where the coordination Redis comes from: LiteLLM's `_get_coordination_redis_source`.
fn coordination(report: &Report, answers: &Answers, drift: &mut Drift) {
    let Some(told) = answers.body("/coordination_redis/settings") else { return };
    let Some(proxy) = told.get("source") else { return };
    let source = match &report.outcome.usage_cache {
        None if report.outcome.usage_if_reachable.is_some() => Some("environment"),
        None => None,
        Some(Knowable::Known(Role::Shared)) => Some("cache_backend"),
        Some(Knowable::Known(_)) => Some("coordination_redis"),
        Some(Knowable::Unknown(_)) => return,
    };
    drift.hold(
        "coordination Redis: comes from",
        source.map(str::to_owned),
        proxy.as_str().map(str::to_owned),
    );
    let clients = report.outcome.clients.iter();
    let mut ours = clients.filter(|one| one.consumer == Consumer::Usage);
    let Some(connection) = ours.next().and_then(|client| client.connection.as_ref()) else {
        return;
    };
    let values = &told["values"];
    for (name, setting) in [("host", &connection.host), ("port", &connection.port)] {
        let told = match &values[name] {
            Json::Null => continue,
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        if let Some(files) = text(&setting.value) {
            drift.hold(format!("coordination Redis: {name}"), files, Some(told));
        }
    }
}

/// A value as text; `None` where it can't be known, `Some(None)` for Python's None.
#[allow(clippy::option_option, reason = "unknown, and None, are two things")]
fn text(value: &Value) -> Option<Option<String>> {
    match &value.data {
        Data::None => Some(None),
        Data::Str(text) => Some(Some(text.to_string())),
        Data::Int(number) => Some(Some(number.to_string())),
        _ => None,
    }
}
