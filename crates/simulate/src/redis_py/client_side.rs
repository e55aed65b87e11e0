//! Client-side caching and maintenance notices: what clients and pools check alike.

use facts::{Behaviour, Pair, Signature};
use python::{Kwargs, Origin, PyResult, Stop, Value, convert};

pub(super) const CLIENT_SIDE_CACHE: [&str; 2] = ["cache", "cache_config"];

/// `cache_config or cache`: whether client-side caching is asked for.
pub(super) fn wants_cache(arguments: &Kwargs) -> bool {
    let set = |value: &Value| convert::truth(value).unwrap_or(true);
    CLIENT_SIDE_CACHE.iter().any(|name| arguments.get(name).is_some_and(set))
}

/// Client-side caching wants RESP 3.
///
/// # Errors
/// `RedisError`.
pub(super) fn check_cache_protocol(pair: Pair, protocol: &Value) -> PyResult<()> {
    if is_resp3(pair, protocol) {
        return Ok(());
    }
    let message = "Client caching is only supported with RESP version 3";
    Err(Stop::raise("RedisError", message))
}

/// `CacheFactory(config).get_cache()` of what is not a `CacheConfig`.
pub(super) fn no_cache_class(config: &Value) -> Stop {
    Stop::no_attribute(config, "get_cache_class")
}

/// `check_protocol_version(protocol, 3)`
pub(super) fn is_resp3(pair: Pair, protocol: &Value) -> bool {
    if protocol.is_none() {
        return pair.behaves(Behaviour::Resp3ByDefault);
    }
    matches!(convert::int(protocol), Ok(number) if number == 3.into())
}

/// `maint_notifications_config and maint_notifications_config.enabled`: no config can hold the object.
pub(super) fn check_maint_notifications(signature: &Signature, arguments: &Kwargs) -> PyResult<()> {
    match arguments.get("maint_notifications_config") {
        Some(value)
            if signature.names("maint_notifications_config")
                && convert::truth(value).unwrap_or(false) =>
        {
            Err(Stop::no_attribute(value, "enabled"))
        }
        _ => Ok(()),
    }
}

/// As [`check_maint_notifications`]; older clients of clusters look at the protocol first.
///
/// # Errors
/// `RedisError` where the protocol has no such notices.
pub(super) fn check_cluster_maint_notifications(
    pair: Pair,
    arguments: &Kwargs,
    protocol: Option<&Value>,
) -> PyResult<()> {
    let signature = &pair.redis_py_data().redis_cluster();
    let none = Value::none(Origin::RedisPyDefault(signature.qualname));
    let wanted = arguments.get("maint_notifications_config");
    let wanted = wanted.filter(|value| convert::truth(value).unwrap_or(false));
    match wanted {
        Some(value)
            if signature.names("maint_notifications_config")
                && !pair.behaves(Behaviour::Resp3ByDefault)
                && !is_resp3(pair, protocol.unwrap_or(&none)) =>
        {
            let message = "Maintenance notifications are only supported with RESP version 3";
            Err(Stop::raise("RedisError", message).because_of(&value.origin))
        }
        _ => check_maint_notifications(signature, arguments),
    }
}

pub(super) const MAINT_HANDLER: &str = "oss_cluster_maint_notifications_handler";

/// With RESP 3, the pool takes part in maintenance notices, and asks the cluster's handler for its
/// settings.
pub(super) fn check_maint_handler(
    pair: Pair,
    pool: &Signature,
    arguments: &Kwargs,
) -> PyResult<()> {
    let none = Value::none(Origin::RedisPyDefault(pool.qualname));
    let protocol = arguments.get("protocol").unwrap_or(&none);
    match arguments.get(MAINT_HANDLER) {
        Some(value)
            if pool.names("maint_notifications_config")
                && is_resp3(pair, protocol)
                && convert::truth(value).unwrap_or(false) =>
        {
            Err(Stop::no_attribute(value, "config"))
        }
        _ => Ok(()),
    }
}
