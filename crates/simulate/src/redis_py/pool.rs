//! Connection pools.

use std::sync::Arc;

use crate::outcome::Api;
use facts::Pair;
use python::{Data, Kwargs, Origin, PyResult, Stop, Value, convert, kwargs};

use super::client_side;
use super::connection::{ConnectionClass, construct};
use super::url::parse_url;
use super::{Classes, default_value};
use crate::outcome::Connection;

/// A pool: it makes each connection as `connection_class(**connection_kwargs)`.
#[derive(Clone, Debug)]
pub(crate) struct Pool {
    pub(crate) api: Api,
    pub(crate) class: ConnectionClass,
    /// Where the choice of the class comes from.
    pub(crate) class_origin: Origin,
    pub(crate) kwargs: Arc<Kwargs>,
    /// What it opens at most.
    pub(crate) max_connections: Option<u64>,
}

impl Pool {
    /// The pool's first connection.
    ///
    /// # Errors
    /// What its constructor raises.
    pub(crate) fn connection(&self, pair: Pair) -> PyResult<Connection> {
        let connection = construct(pair, self.api, &self.class, &self.class_origin, &self.kwargs)?;
        Ok(Connection { max_connections: self.max_connections, ..connection })
    }
}

/// `ConnectionPool(connection_class=class, **arguments)`.
///
/// # Errors
/// `ValueError` for `max_connections`, `RedisError` for client-side caching.
pub(crate) fn connection_pool(
    pair: Pair,
    api: Api,
    class: ConnectionClass,
    class_origin: Origin,
    mut arguments: Kwargs,
) -> PyResult<Pool> {
    let signature = Classes::of(pair, api).connection_pool;
    client_side::check_maint_notifications(&signature, &arguments)?;
    let mut max_connections = default_value(&signature, "max_connections");
    if let Some(arg) = arguments.pop("max_connections") {
        check_max_connections(&arg.value)?;
        max_connections = arg.value;
    }
    let max_connections = match &max_connections.data {
        Data::Int(number) => u64::try_from(number).ok().filter(|number| *number > 0),
        _ => None,
    };
    let mut class = class;
    if let Some(arg) = arguments.pop("connection_class") {
        class = ConnectionClass::NotAClass(arg.value);
    }
    if signature.names("cache_factory") {
        arguments.pop("cache_factory");
    }
    if api == Api::Sync {
        client_side::check_maint_handler(pair, &signature, &arguments)?;
        if signature.names("cache_factory") && client_side::wants_cache(&arguments) {
            let none = Value::none(Origin::RedisPyDefault(signature.qualname));
            client_side::check_cache_protocol(pair, arguments.get("protocol").unwrap_or(&none))?;
            refuse_cache_objects(&arguments)?;
        }
        for name in ["cache", "cache_config"] {
            arguments.pop(name);
        }
    }
    Ok(Pool { api, class, class_origin, kwargs: arguments.into(), max_connections })
}

/// Client-side caching takes objects that no config can hold.
fn refuse_cache_objects(arguments: &Kwargs) -> PyResult<()> {
    match (arguments.given("cache"), arguments.get("cache_config")) {
        (Some(cache), _) => {
            let message = "Cache must implement CacheInterface";
            Err(Stop::raise("ValueError", message).because_of(&cache.origin))
        }
        (None, Some(config)) => Err(client_side::no_cache_class(config)),
        (None, None) => Ok(()),
    }
}

fn check_max_connections(value: &Value) -> PyResult<()> {
    match convert::truth(value) {
        Ok(false) | Err(_) => return Ok(()),
        Ok(true) => {}
    }
    let ok = match &value.data {
        Data::Bool(_) => true,
        Data::Int(number) => *number >= 0.into(),
        _ => false,
    };
    if ok {
        return Ok(());
    }
    let message = "\"max_connections\" must be a positive integer";
    Err(Stop::raise("ValueError", message).because_of(&value.origin))
}

/// `BlockingConnectionPool(timeout=…, **arguments)` of asyncio.
///
/// # Errors
/// `TypeError` when `timeout` comes twice; else as [`connection_pool`].
pub(crate) fn blocking_pool(
    pair: Pair,
    class: ConnectionClass,
    class_origin: Origin,
    mut arguments: Kwargs,
) -> PyResult<Pool> {
    if let Some(value) = arguments.get("timeout") {
        let function = "redis.asyncio.connection.BlockingConnectionPool";
        return Err(kwargs::multiple_values(function, "timeout", value));
    }
    arguments.pop("queue_class");
    if !arguments.contains("max_connections") {
        let signature = &pair.redis_py_data().async_blocking_connection_pool();
        arguments.insert("max_connections", default_value(signature, "max_connections"));
    }
    connection_pool(pair, Api::Async, class, class_origin, arguments)
}

/// `from_url(url, **arguments)` of a pool; `blocking` for asyncio's `BlockingConnectionPool`, which
/// takes `timeout` for itself.
///
/// # Errors
/// What `parse_url` and the pool raise.
pub(crate) fn from_url(
    pair: Pair,
    api: Api,
    url: &Value,
    arguments: &Kwargs,
    blocking: bool,
) -> PyResult<Pool> {
    let (class, options) = parse_url(pair, api, url)?;
    let mut arguments = arguments.clone();
    arguments.update(options);
    if blocking {
        arguments.pop("timeout");
        return blocking_pool(pair, class, url.origin.clone(), arguments);
    }
    connection_pool(pair, api, class, url.origin.clone(), arguments)
}
