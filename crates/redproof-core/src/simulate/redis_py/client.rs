//! `redis.Redis.__init__` and `redis.asyncio.Redis.__init__`.

use crate::outcome::Api;
use crate::python::{Data, Kwargs, Origin, Outcome, Stop, Value, convert, kwargs};
use crate::releases::{Behaviour, Pair};

use super::connection::ConnectionClass;
use super::pool::{Pool, connection_pool};
use super::{Classes, default_value};

const COMMON: [&str; 14] = [
    "db",
    "username",
    "password",
    "socket_timeout",
    "socket_read_size",
    "encoding",
    "encoding_errors",
    "decode_responses",
    "retry_on_error",
    "max_connections",
    "health_check_interval",
    "client_name",
    "redis_connect_func",
    "credential_provider",
];

/// `Redis(**arguments)`: the pool that it makes for itself.
///
/// # Errors
/// What the constructor raises.
pub(in crate::simulate) fn redis(pair: Pair, api: Api, arguments: &Kwargs) -> Outcome<Pool> {
    let classes = Classes::of(pair, api);
    let signature = classes.redis;
    kwargs::bind(signature, arguments)?;
    let get = |name: &str| match arguments.arg(name) {
        Some(arg) => arg.clone(),
        None => default_value(signature, name).into(),
    };
    let truthy = |name: &str| convert::truth(&get(name).value).unwrap_or(true);
    refuse_objects(arguments)?;

    let mut pool_kwargs = Kwargs::new();
    for name in COMMON {
        if signature.names(name) {
            pool_kwargs.insert(name, get(name));
        }
    }
    pool_kwargs.insert("protocol", get("protocol"));
    if api == Api::Async && !pair.behaves(Behaviour::RetryOnErrorIsCopied) {
        pool_kwargs.insert("retry_on_timeout", get("retry_on_timeout"));
    }
    if let Some(retry) = arguments.arg("retry") {
        pool_kwargs.insert("retry", retry.clone());
    }
    normalise_retry_on_error(pair, arguments, &mut pool_kwargs)?;
    if let Some(path) = arguments.given("unix_socket_path") {
        pool_kwargs.insert("path", path.clone());
        let origin = path.origin.clone();
        return connection_pool(pair, api, ConnectionClass::Unix, origin, pool_kwargs);
    }
    for name in ["host", "port", "socket_connect_timeout", "socket_keepalive"] {
        pool_kwargs.insert(name, get(name));
    }
    let ssl = get("ssl").value;
    let class = match convert::truth(&ssl) {
        Ok(false) => ConnectionClass::Tcp,
        Ok(true) => ConnectionClass::Ssl,
        Err(Stop::Unknown(why)) => ConnectionClass::Unknown(why),
        Err(stop) => return Err(stop),
    };
    if class != ConnectionClass::Tcp {
        for parameter in classes.ssl_connection.parameters {
            if signature.names(parameter.name) {
                pool_kwargs.insert(parameter.name, get(parameter.name));
            }
        }
    }
    let pool = connection_pool(pair, api, class, ssl.origin.clone(), pool_kwargs)?;
    if api == Api::Sync && (truthy("cache_config") || truthy("cache")) {
        return Err(client_side_cache(pair, &get("protocol").value));
    }
    if api == Api::Sync && truthy("single_connection_client") {
        pool.connection(pair)?;
        let why = "single_connection_client connects at start-up".to_owned();
        return Err(Stop::Unknown(why));
    }
    Ok(pool)
}

/// Arguments that must be objects, which no config can hold.
fn refuse_objects(arguments: &Kwargs) -> Outcome<()> {
    for (name, attribute) in [
        ("event_dispatcher", "dispatch"),
        ("connection_pool", "connection_kwargs"),
    ] {
        if let Some(value) = arguments.given(name)
            && !matches!(value.data, Data::Object(_))
            && convert::truth(value).unwrap_or(true)
        {
            let kind = value.type_name().unwrap_or("object");
            let message = format!("'{kind}' object has no attribute '{attribute}'");
            return Err(Stop::raise("AttributeError", message).because_of(&value.origin));
        }
    }
    Ok(())
}

/// `if not retry_on_error: retry_on_error = []`, and `TimeoutError` appended by older releases.
fn normalise_retry_on_error(
    pair: Pair,
    arguments: &Kwargs,
    pool_kwargs: &mut Kwargs,
) -> Outcome<()> {
    let on_error = arguments.get("retry_on_error").cloned();
    let appends = matches!(arguments.get("retry_on_timeout"), Some(value) if matches!(value.data, Data::Bool(true)));
    let appends = appends && !pair.behaves(Behaviour::RetryOnErrorIsCopied);
    let value = match on_error {
        Some(value) if convert::truth(&value).unwrap_or(true) => value,
        other => {
            let origin = other.map_or(Origin::RedisPyDefault("Redis.__init__"), |value| {
                value.origin
            });
            Value::new(Data::List(Vec::new().into()), origin)
        }
    };
    if appends && !matches!(value.data, Data::List(_)) {
        let kind = value.type_name().unwrap_or("object");
        let message = format!("'{kind}' object has no attribute 'append'");
        return Err(Stop::raise("AttributeError", message).because_of(&value.origin));
    }
    pool_kwargs.convert("retry_on_error", value);
    Ok(())
}

fn client_side_cache(pair: Pair, protocol: &Value) -> Stop {
    let resp3 = matches!(convert::int(protocol), Ok(number) if number == 3.into())
        || (protocol.is_none() && pair.behaves(Behaviour::ProtocolErrorIsClean));
    if resp3 {
        return Stop::Unknown("client-side caching needs an object".to_owned());
    }
    Stop::raise(
        "RedisError",
        "Client caching is only supported with RESP version 3",
    )
}
