//! The two sides of a difference in words.

use base::listed::listed;
use python::{Data, Origin, Value};
use report::display::{Words, auth};
use report::explain::consumer_name;
use simulate::outcome::{
    Api, Client, ClientKind, Connection, Consumer, Knowable, Native, Role, Setting, Startup, Tls,
    Verify,
};

use super::Side;
use super::connection::{has_password, is_nothing};
use super::difference::{Difference, State, Uses};

/// A state in words, with where it comes from.
pub(super) fn side(difference: &Difference<'_>, state: &State<'_>, words: &Words<'_>) -> Side {
    let plain = |text: String| Side { text, origin: String::new(), at: None };
    let with = |text: String, origin: &Origin| Side {
        text,
        origin: origin_of(origin, words),
        at: words.written_at(origin),
    };
    match state {
        State::Startup(Startup::Ok) => plain("starts".to_owned()),
        State::Error(None) => plain("works".to_owned()),
        State::Startup(Startup::Unknown(why)) | State::Error(Some(Knowable::Unknown(why))) => {
            plain(format!("unknown: {why}"))
        }
        State::Startup(Startup::Exception(exception))
        | State::Error(Some(Knowable::Known(exception))) => {
            let text = words.shown(&exception.to_string());
            match exception.origins.first() {
                Some(origin) => with(text, origin),
                None => plain(text),
            }
        }
        State::Uses(uses) if difference.key.aspect == super::Aspect::Sharing => {
            plain(owner(uses).to_owned())
        }
        State::Uses(uses) => plain(users(uses, words)),
        State::Class(class) => plain((*class).to_owned()),
        State::Server(client) => {
            let text = address(client, words);
            let topology = difference.key.aspect == super::Aspect::Topology;
            let text = if topology { format!("{}: {text}", kind(client.kind)) } else { text };
            match address_origins(client) {
                None => plain(text),
                Some((first, second)) => {
                    let mut side = with(text, first);
                    if let Some(second) = second
                        && second.variable() != first.variable()
                    {
                        side.origin =
                            format!("{}, port: {}", side.origin, origin_of(second, words));
                    }
                    side
                }
            }
        }
        State::Value(setting) => {
            let text = value(difference.key.name, setting, words);
            with(text, &setting.value.origin)
        }
        State::Password(setting) => match has_password(setting) {
            true => with(words.secret(setting), &setting.origin),
            false => plain("none".to_owned()),
        },
        State::Auth(method) => plain(auth(method).unwrap_or_else(|| "no IAM".to_owned())),
        State::Tls(Knowable::Unknown(why), origin) => with(format!("unknown: {why}"), origin),
        State::Tls(Knowable::Known(None), origin) => match default_of(origin) {
            Some(_) => {
                let origin = "nothing turns TLS on".to_owned();
                Side { text: "plaintext".to_owned(), origin, at: None }
            }
            None => with("plaintext".to_owned(), origin),
        },
        State::Tls(Knowable::Known(Some(tls)), origin) => {
            with(format!("TLS, {}", trust(tls, words)), origin)
        }
        State::Verify(tls) => {
            let text = match tls.verify {
                Verify::Required => "required",
                Verify::Optional => "optional",
                Verify::None => "none",
            };
            with(text.to_owned(), &tls.verify_origin)
        }
        State::Native(None) => plain("redis-py's client does it".to_owned()),
        State::Native(Some(native)) => plain(rust_client(native, words)),
        State::Honoured(origin) => with("takes effect".to_owned(), origin),
        State::Ignored(origin, _) => with("ignored".to_owned(), origin),
    }
}

/// Where a value comes from. Which function has a default is left out: it differs between clients
/// that have the same default.
fn origin_of(origin: &Origin, words: &Words<'_>) -> String {
    match default_of(origin) {
        Some(Whose::LiteLlm) => "LiteLLM's default".to_owned(),
        Some(Whose::RedisPy) => "redis-py's default".to_owned(),
        None => words.origin(origin),
    }
}

/// Whose default a value is, if it is one.
pub fn default_of(origin: &Origin) -> Option<Whose> {
    match origin {
        Origin::LitellmDefault(_) => Some(Whose::LiteLlm),
        Origin::RedisPyDefault(_) => Some(Whose::RedisPy),
        Origin::Computed(computed) => match computed.from.as_slice() {
            [origin] => default_of(origin),
            _ => None,
        },
        _ => None,
    }
}

/// Whose default a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// LiteLLM's.
    LiteLlm,
    /// redis-py's.
    RedisPy,
}

/// A text among numbers shows its quotes.
fn value(name: &str, setting: &Setting, words: &Words<'_>) -> String {
    let text = words.named_value(name, &setting.value);
    let number =
        matches!(name, "socket_timeout" | "socket_connect_timeout" | "health_check_interval");
    match setting.value.data {
        Data::Str(_) if number => format!("\"{text}\""),
        Data::Int(_) | Data::Float(_) if number => {
            format!("{} s", text.strip_suffix(".0").unwrap_or(&text))
        }
        Data::None if name.ends_with("timeout") => "none: waits without end".to_owned(),
        Data::None if name.starts_with("ssl_ca") => "none: the system's".to_owned(),
        _ => text,
    }
}

fn kind(kind: ClientKind) -> &'static str {
    match kind {
        ClientKind::Redis => "one server",
        ClientKind::RedisCluster => "a cluster",
        ClientKind::Sentinel => "sentinels",
    }
}

/// Where a client connects to.
fn address(client: &Client, words: &Words<'_>) -> String {
    let pair = |host: &Value, port: &Value| {
        if let (Data::Unknown(host), Data::Unknown(port)) = (&host.data, &port.data)
            && host == port
        {
            return format!("unknown: {host}");
        }
        format!("{}:{}", part(host, words), part(port, words))
    };
    let of = |connection: &Connection| match &connection.path {
        Some(path) => words.value(&path.value),
        None => pair(&connection.host.value, &connection.port.value),
    };
    let list = |all: Vec<String>| all.join(", ");
    match client.kind {
        ClientKind::Redis => client.connection.as_ref().map_or("unknown".to_owned(), of),
        ClientKind::RedisCluster => {
            let nodes = client.nodes.iter();
            list(nodes.map(|node| pair(&node.host.value, &node.port.value)).collect())
        }
        ClientKind::Sentinel => {
            let name =
                client.service_name.as_ref().map_or("?".to_owned(), |name| words.value(name));
            let sentinels = client.sentinels.iter();
            format!("{name}, asked of {}", list(sentinels.map(of).collect()))
        }
    }
}

fn part(value: &Value, words: &Words<'_>) -> String {
    match &value.data {
        Data::Unknown(why) => format!("({why})"),
        _ => words.value(value),
    }
}

/// Where an address was written, and its port, if elsewhere.
fn address_origins(client: &Client) -> Option<(&Origin, Option<&Origin>)> {
    match client.kind {
        ClientKind::Redis => {
            let connection = client.connection.as_ref()?;
            if let Some(path) = &connection.path {
                return Some((&path.value.origin, None));
            }
            Some((&connection.host.value.origin, Some(&connection.port.value.origin)))
        }
        ClientKind::RedisCluster => Some((&client.nodes.first()?.host.value.origin, None)),
        ClientKind::Sentinel => Some((&client.sentinels.first()?.host.value.origin, None)),
    }
}

/// A use of Redis in words.
fn users(uses: &Uses<'_>, words: &Words<'_>) -> String {
    let Some(client) = uses.serving.or(uses.sync) else {
        return "no Redis".to_owned();
    };
    let whose = match uses.role {
        Some(Knowable::Known(Role::Shared)) => "the response cache's, ",
        Some(Knowable::Known(Role::Usage)) => "the coordination Redis, ",
        _ => "",
    };
    let mut text = format!("{whose}{}", address(client, words));
    if let Some(connection) = &client.connection {
        match &connection.tls {
            Knowable::Known(None) => text.push_str(", plaintext"),
            Knowable::Known(Some(_)) => text.push_str(", TLS"),
            Knowable::Unknown(_) => text.push_str(", TLS unknown"),
        }
    }
    if client.api == Api::Sync {
        text.push_str(", sync only");
    }
    if uses.only_if_reachable {
        text.push_str(", only if it answers at start-up");
    }
    text
}

/// Where a Rust client keeps its state.
fn rust_client(native: &Native, words: &Words<'_>) -> String {
    let Some(client) = &native.client else {
        return "in each process, not in Redis".to_owned();
    };
    let tls = match client.connection.as_ref().map(|connection| &connection.tls) {
        Some(Knowable::Known(None)) => ", plaintext",
        Some(Knowable::Known(Some(_))) => ", TLS",
        Some(Knowable::Unknown(_)) | None => "",
    };
    format!("a Rust client, {}{tls}", address(client, words))
}

/// Whose connections they are.
fn owner(uses: &Uses<'_>) -> &'static str {
    match uses.role {
        Some(Knowable::Known(Role::Shared)) => "the response cache's",
        Some(Knowable::Known(Role::Usage)) => "the coordination Redis'",
        Some(Knowable::Known(Role::Own(_))) | None => "its own",
        Some(Knowable::Unknown(_)) => "unknown",
    }
}

/// How far a TLS connection trusts the server.
fn trust(tls: &Tls, words: &Words<'_>) -> String {
    if tls.verify == Verify::None {
        return "certificate not verified".to_owned();
    }
    let authorities = if is_nothing(&tls.ca_certs.value) {
        String::new()
    } else {
        format!(" by {}", words.value(&tls.ca_certs.value))
    };
    let host = match super::connection::is_true(&tls.check_hostname.value) {
        Some(true) => ", host name checked",
        Some(false) => ", host name not checked",
        None => ", host name check unknown",
    };
    format!("certificate verified{authorities}{host}")
}

/// Clients in words: `response cache and router, sync and async client`.
pub(super) fn clients(clients: &[(Consumer, Api)]) -> String {
    let apis = |consumer: Consumer| -> Vec<Api> {
        clients.iter().filter(|(other, _)| *other == consumer).map(|(_, api)| *api).collect()
    };
    let mut groups: Vec<(Vec<&str>, Vec<Api>)> = vec![];
    for consumer in [Consumer::Response, Consumer::Usage, Consumer::Router, Consumer::Semantic] {
        let apis = apis(consumer);
        if apis.is_empty() {
            continue;
        }
        match groups.iter_mut().find(|(_, other)| *other == apis) {
            Some((consumers, _)) => consumers.push(consumer_name(consumer)),
            None => groups.push((vec![consumer_name(consumer)], apis)),
        }
    }
    let groups = groups.iter().map(|(consumers, apis)| {
        let apis = match apis.as_slice() {
            [Api::Sync] => "sync client",
            [Api::Async] => "async client",
            [Api::Native] => "Rust client",
            [Api::Sync, Api::Async, Api::Native] => "sync, async and Rust client",
            [_, Api::Native] => "redis-py's and Rust client",
            _ => "sync and async client",
        };
        format!("{}, {apis}", listed(consumers, "and"))
    });
    groups.collect::<Vec<_>>().join("; ")
}
