//! `redis.Redis.__init__` and `redis.asyncio.Redis.__init__`.

use crate::outcome::Api;
use facts::{Behaviour, Pair};
use python::{Data, Kwargs, Origin, PyResult, Stop, Value, convert, kwargs};

use super::client_side::{
    CLIENT_SIDE_CACHE, MAINT_HANDLER, check_cache_protocol, check_maint_notifications, is_resp3,
    wants_cache,
};
use super::connection::ConnectionClass;
use super::pool::{Pool, connection_pool};
use super::{Classes, default_of, default_value};

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
pub(crate) fn redis(pair: Pair, api: Api, arguments: &Kwargs) -> PyResult<Pool> {
    let classes = Classes::of(pair, api);
    let signature = classes.redis;
    kwargs::check(&signature, arguments)?;
    let get = |name: &str| match arguments.arg(name) {
        Some(arg) => arg.clone(),
        None => default_value(&signature, name).into(),
    };
    let truthy = |name: &str| convert::truth(&get(name).value).unwrap_or(true);
    refuse_objects(arguments)?;
    check_maint_notifications(&signature, arguments)?;
    super::connection::check_driver_info(&signature, arguments.given("driver_info"))?;

    let mut pool_kwargs = Kwargs::with_room(40);
    for name in COMMON {
        if let Some(parameter) = signature.parameter(name) {
            let given = arguments.arg(name).cloned();
            let default = || default_of(&signature, Some(parameter)).into();
            pool_kwargs.append(name, given.unwrap_or_else(default));
        }
    }
    pool_kwargs.append("protocol", get("protocol"));
    let protocol = get("protocol").value;
    let cached = wants_cache(arguments);
    if api == Api::Async && !pair.behaves(Behaviour::RetryOnTimeoutIsDeprecated) {
        pool_kwargs.insert("retry_on_timeout", get("retry_on_timeout"));
    }
    if let Some(retry) = arguments.arg("retry") {
        pool_kwargs.insert("retry", retry.clone());
    }
    normalise_retry_on_error(pair, arguments, &mut pool_kwargs)?;
    if api == Api::Sync
        && let Some(handler) = arguments.arg(MAINT_HANDLER)
    {
        pool_kwargs.insert(MAINT_HANDLER, handler.clone());
    }
    let (class, class_origin) = match arguments.given("unix_socket_path") {
        Some(path) => {
            pool_kwargs.insert("path", path.clone());
            (ConnectionClass::Unix, path.origin.clone())
        }
        None => {
            for name in ["host", "port", "socket_connect_timeout", "socket_keepalive"] {
                pool_kwargs.append(name, get(name));
            }
            let ssl = get("ssl").value;
            let class = ConnectionClass::of(&ssl)?;
            if !matches!(class, ConnectionClass::Tcp) {
                for parameter in classes.ssl_connection.parameters() {
                    if let Some(own) = signature.parameter(parameter.name) {
                        let given = arguments.arg(parameter.name).cloned();
                        let default = || default_of(&signature, Some(own)).into();
                        pool_kwargs.insert(parameter.name, given.unwrap_or_else(default));
                    }
                }
            }
            if cached && is_resp3(pair, &protocol) {
                for name in CLIENT_SIDE_CACHE {
                    pool_kwargs.insert(name, get(name));
                }
            }
            (class, ssl.origin)
        }
    };
    let pool = connection_pool(pair, api, class, class_origin, pool_kwargs)?;
    if let Some(value) = arguments.given("event_dispatcher") {
        return Err(Stop::no_attribute(value, "dispatch"));
    }
    if cached {
        check_cache_protocol(pair, &protocol)?;
    }
    if api == Api::Sync && truthy("single_connection_client") {
        pool.connection(pair)?;
        let why = "single_connection_client connects at start-up".to_owned();
        return Err(Stop::Unknown(why));
    }
    Ok(pool)
}

/// Arguments that must be objects, which no config can hold.
fn refuse_objects(arguments: &Kwargs) -> PyResult<()> {
    match arguments.given("connection_pool") {
        Some(value) if convert::truth(value).unwrap_or(true) => {
            Err(Stop::no_attribute(value, "connection_kwargs"))
        }
        _ => Ok(()),
    }
}

/// `if not retry_on_error: retry_on_error = []`, and `TimeoutError` appended by older releases.
fn normalise_retry_on_error(
    pair: Pair,
    arguments: &Kwargs,
    pool_kwargs: &mut Kwargs,
) -> PyResult<()> {
    let on_error = arguments.get("retry_on_error").cloned();
    let appends = matches!(arguments.get("retry_on_timeout"), Some(value) if matches!(value.data, Data::Bool(true)));
    let appends = appends && !pair.behaves(Behaviour::RetryOnTimeoutIsDeprecated);
    let value = match on_error {
        Some(value) if convert::truth(&value).unwrap_or(true) => value,
        other => {
            let origin =
                other.map_or(Origin::RedisPyDefault("Redis.__init__"), |value| value.origin);
            Value::new(Data::List(Vec::new().into()), origin)
        }
    };
    if appends && !matches!(value.data, Data::List(_)) {
        return Err(Stop::no_attribute(&value, "append"));
    }
    pool_kwargs.convert("retry_on_error", value);
    Ok(())
}
