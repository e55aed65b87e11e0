//! The JSON Lines form of a simulation: a case in, an outcome out.

use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::outcome::{
    Api, Client, ClientKind, Connection, Consumer, Knowable, Native, Outcome, Role, SecretSetting,
    Setting, Startup, Stores, Tls, Verify,
};
use base::secret::MASK;
use base::source::SourceId;
use deployment::environment::Environment;
use facts::Pair;
use python::{Data, PyException, Value};

/// One case: `{"id", "config", "env", "litellm", "redis_py"}`.
#[derive(Deserialize)]
struct Case {
    #[serde(default)]
    id: Json,
    #[serde(default)]
    config: String,
    #[serde(default)]
    env: std::collections::BTreeMap<String, String>,
    litellm: String,
    redis_py: Option<String>,
}

/// A case that was simulated.
pub struct Simulated {
    /// The config, as PyYAML reads it.
    pub document: Result<yaml::Document, yaml::ReadError>,
    /// The environment.
    pub environment: Environment,
    /// What LiteLLM does.
    pub outcome: Outcome,
    id: Json,
    litellm: String,
    redis_py: String,
}

impl Simulated {
    /// The answer: what was asked, and the fields of the outcome.
    pub fn answer(&self, reveal: bool) -> Map<String, Json> {
        let mut answer = Map::new();
        answer.insert("id".to_owned(), self.id.clone());
        answer.insert("litellm".to_owned(), json!(self.litellm));
        answer.insert("redis_py".to_owned(), json!(self.redis_py));
        answer.extend(outcome_json(&self.outcome, reveal));
        answer
    }
}

/// Simulates the case on one line.
///
/// # Errors
/// The answer `{"id", "error"}` to a line that is not a case, or names a release that is not known.
pub fn simulated(line: &str) -> Result<Simulated, Json> {
    let case: Case = match serde_json::from_str(line) {
        Ok(case) => case,
        Err(error) => {
            let id = serde_json::from_str::<Json>(line)
                .ok()
                .and_then(|json| json.get("id").cloned())
                .unwrap_or(Json::Null);
            return Err(json!({ "id": id, "error": format!("not a case: {error}") }));
        }
    };
    let redis_py = case.redis_py.clone().unwrap_or_else(|| {
        let litellm = facts::Version::parse(&case.litellm);
        litellm.map_or_else(String::new, |version| Pair::image_redis_py(version).0.to_string())
    });
    let pair = match Pair::parse(&case.litellm, &redis_py) {
        Ok(pair) => pair,
        Err(error) => return Err(json!({ "id": case.id, "error": error.to_string() })),
    };
    let environment = Environment::exactly(case.env);
    let document = yaml::read(SourceId::CONFIG, &case.config);
    let outcome = super::simulate(&document, &environment, pair);
    let Case { id, litellm, .. } = case;
    Ok(Simulated { document, environment, outcome, id, litellm, redis_py })
}

/// The fields of an outcome: `startup`, and where it starts the rest.
pub fn outcome_json(outcome: &Outcome, reveal: bool) -> Map<String, Json> {
    let mut fields = Map::new();
    let startup = match &outcome.startup {
        Startup::Ok => json!("ok"),
        Startup::Exception(exception) => exception_json(exception),
        Startup::Unknown(why) => unknown(why),
    };
    fields.insert("startup".to_owned(), startup);
    if outcome.startup == Startup::Ok {
        running(outcome, reveal, &mut fields);
    }
    let answering = when_redis_answers(outcome, &fields, reveal);
    if !answering.is_empty() {
        fields.insert("when_redis_answers".to_owned(), Json::Object(answering));
    }
    fields
}

/// The fields that differ where every Redis answers at start-up.
fn when_redis_answers(
    outcome: &Outcome,
    fields: &Map<String, Json>,
    reveal: bool,
) -> Map<String, Json> {
    let mut answering = Map::new();
    if let Some(exception) = &outcome.cluster_refuses {
        answering.insert("startup".to_owned(), exception_json(exception));
        return answering;
    }
    let Some(fallback) = &outcome.usage_if_reachable else { return answering };
    let mut answer = |name: &str, value: Json| {
        if fields.get(name) != Some(&value) {
            answering.insert(name.to_owned(), value);
        }
    };
    answer("usage_cache", json!(fallback.class));
    if outcome.router_cache.is_none() {
        answer("router_cache", json!("usage"));
    }
    let (response, others): (Vec<&Client>, Vec<&Client>) =
        outcome.clients.iter().partition(|client| client.consumer == Consumer::Response);
    let clients = response.into_iter().chain(&fallback.clients).chain(others);
    answer("clients", clients.map(|client| client_json(client, reveal)).collect());
    if let Some(native) = &fallback.native {
        answer("native", native_json(native, reveal));
        if outcome.router_cache.is_some()
            && let Some(router) = &outcome.native
        {
            answer("router_native", native_json(router, reveal));
        }
    }
    answering
}

/// What a proxy that starts has.
fn running(outcome: &Outcome, reveal: bool, fields: &mut Map<String, Json>) {
    let class = |class: &Option<Knowable<String>>| match class {
        None => Json::Null,
        Some(Knowable::Known(class)) => json!(class),
        Some(Knowable::Unknown(why)) => unknown(why),
    };
    let role = |role: &Option<Knowable<Role>>| match role {
        None => Json::Null,
        Some(Knowable::Known(Role::Shared)) => json!("shared"),
        Some(Knowable::Known(Role::Usage)) => json!("usage"),
        Some(Knowable::Known(Role::Own(class))) => json!(class),
        Some(Knowable::Unknown(why)) => unknown(why),
    };
    fields.insert("response_cache".to_owned(), class(&outcome.response_cache));
    fields.insert("router_cache".to_owned(), role(&outcome.router_cache));
    fields.insert("usage_cache".to_owned(), role(&outcome.usage_cache));
    let clients = outcome.clients.iter().map(|client| client_json(client, reveal)).collect();
    fields.insert("clients".to_owned(), Json::Array(clients));
    let native = |native: &Native| native_json(native, reveal);
    fields.insert("native".to_owned(), outcome.native.as_deref().map_or(Json::Null, native));
    if let Some(router) = &outcome.router_native {
        fields.insert("router_native".to_owned(), native(router));
    }
}

fn unknown(why: &str) -> Json {
    json!({ "unknown": why })
}

fn exception_json(exception: &PyException) -> Json {
    json!({ "exception": exception.class, "message": exception.message })
}

fn native_json(native: &Native, reveal: bool) -> Json {
    let stores = match &native.stores {
        Knowable::Known(Stores::Redis) => json!("redis"),
        Knowable::Known(Stores::Memory) => json!("memory"),
        Knowable::Unknown(why) => unknown(why),
    };
    let reason = match &native.reason {
        None => Json::Null,
        Some(Knowable::Known(reason)) => json!(reason),
        Some(Knowable::Unknown(why)) => unknown(why),
    };
    let connection = native.connection();
    json!({
        "stores": stores,
        "reason": reason,
        "connection": connection.map_or(Json::Null, |one| connection_json(one, reveal)),
        "ignored": native.ignored.iter().map(|one| &one.name).collect::<Vec<_>>(),
    })
}

fn client_json(client: &Client, reveal: bool) -> Json {
    let consumer = match client.consumer {
        Consumer::Response => "response",
        Consumer::Usage => "usage",
        Consumer::Router => "router",
    };
    let api = match client.api {
        Api::Sync => "sync",
        Api::Async => "async",
        Api::Native => "native",
    };
    let kind = match client.kind {
        ClientKind::Redis => "Redis",
        ClientKind::RedisCluster => "RedisCluster",
        ClientKind::Sentinel => "Sentinel",
    };
    let error = match &client.error {
        None => Json::Null,
        Some(Knowable::Known(exception)) => exception_json(exception),
        Some(Knowable::Unknown(why)) => unknown(why),
    };
    let connection = |connection: &Connection| connection_json(connection, reveal);
    let mut fields = Map::new();
    let mut put = |name: &str, value: Json| fields.insert(name.to_owned(), value);
    put("consumer", json!(consumer));
    put("api", json!(api));
    put("client", json!(kind));
    put("error", error);
    put("connection", client.connection.as_ref().map_or(Json::Null, connection));
    if client.kind == ClientKind::RedisCluster {
        let nodes = client.nodes.iter();
        let node = |node: &crate::outcome::NodeAddress| json!({ "host": value_json(&node.host.value), "port": value_json(&node.port.value) });
        put("nodes", nodes.map(node).collect());
    }
    if client.kind == ClientKind::Sentinel {
        put("service_name", client.service_name.as_ref().map_or(Json::Null, value_json));
        put("sentinels", client.sentinels.iter().map(connection).collect());
    }
    Json::Object(fields)
}

fn connection_json(connection: &Connection, reveal: bool) -> Json {
    let mut fields = Map::new();
    let mut put = |name: &str, value: Json| fields.insert(name.to_owned(), value);
    let setting = |setting: &Setting| value_json(&setting.value);
    put("host", setting(&connection.host));
    put("port", setting(&connection.port));
    put("db", setting(&connection.db));
    put("username", setting(&connection.username));
    put("password", secret_json(&connection.password, reveal));
    match &connection.tls {
        Knowable::Known(None) => {
            put("tls", json!(false));
        }
        Knowable::Unknown(why) => {
            put("tls", unknown(why));
        }
        Knowable::Known(Some(Tls {
            verify,
            check_hostname,
            ca_certs,
            ca_path,
            certfile,
            keyfile,
            ..
        })) => {
            put("tls", json!(true));
            let verify = match verify {
                Verify::Required => "required",
                Verify::Optional => "optional",
                Verify::None => "none",
            };
            put("verify", json!(verify));
            put("check_hostname", setting(check_hostname));
            put("ca_certs", setting(ca_certs));
            put("ca_path", setting(ca_path));
            put("certfile", setting(certfile));
            put("keyfile", setting(keyfile));
        }
    }
    put("socket_timeout", setting(&connection.socket_timeout));
    put("socket_connect_timeout", setting(&connection.socket_connect_timeout));
    put("health_check_interval", setting(&connection.health_check_interval));
    put("client_name", setting(&connection.client_name));
    Json::Object(fields)
}

fn secret_json(secret: &SecretSetting, reveal: bool) -> Json {
    match &secret.value {
        Knowable::Known(None) => Json::Null,
        Knowable::Known(Some(_)) if reveal => value_json(&secret.held),
        Knowable::Known(Some(_)) => json!(MASK),
        Knowable::Unknown(why) => unknown(why),
    }
}

/// More values in one are not printed: aliases let a few lines of text stand for any number.
const MAX_VALUES: usize = 1 << 16;

/// A Python value as JSON; numbers that JSON lacks are `nan`, `inf` and `-inf`.
pub fn value_json(value: &Value) -> Json {
    let mut left = MAX_VALUES;
    bounded_json(value, &mut left).unwrap_or_else(|| unknown("a value that is too large to print"))
}

/// `None` when more values are in it than are `left`.
fn bounded_json(value: &Value, left: &mut usize) -> Option<Json> {
    *left = left.checked_sub(1)?;
    Some(match &value.data {
        Data::None => Json::Null,
        Data::Bool(flag) => json!(flag),
        Data::Int(number) => {
            let text = number.to_string();
            text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number))
        }
        Data::Float(number) => match serde_json::Number::from_f64(*number) {
            Some(number) => Json::Number(number),
            None => json!(python::convert::repr_float(*number)),
        },
        Data::Str(text) | Data::Date(text) | Data::DateTime(text) => json!(&**text),
        Data::Bytes(_) => json!(python::convert::repr(value).unwrap_or_default()),
        Data::List(items) | Data::Tuple(items) | Data::Set(items) => {
            items.iter().map(|item| bounded_json(item, left)).collect::<Option<_>>()?
        }
        Data::Dict(dict) => {
            let key = |value: &Value| python::convert::str_of(value).unwrap_or_default();
            let entries = dict.entries.iter();
            let entries = entries.map(|e| Some((key(&e.key), bounded_json(&e.value, left)?)));
            Json::Object(entries.collect::<Option<_>>()?)
        }
        Data::Recursive => json!("[...]"),
        Data::Object(object) => json!(object.type_name()),
        Data::Unknown(why) => unknown(why),
    })
}
