//! `Sentinel` and `master_for`, sync and asyncio.

use crate::outcome::{Api, Connection};
use facts::Pair;
use python::{Data, Kwargs, Origin, PyResult, Stop, Value, convert, kwargs};

use super::client::redis;
use super::connection::ConnectionClass;
use super::pool::{Pool, connection_pool};

/// A client of the master that sentinels name.
#[derive(Clone, Debug)]
pub(crate) struct SentinelClient {
    pub(crate) service_name: Value,
    sentinels: Vec<Pool>,
    master: Pool,
}

impl SentinelClient {
    /// The connection to the master; its host and port come from the sentinels.
    ///
    /// # Errors
    /// What its constructor raises.
    pub(crate) fn master(&self, pair: Pair) -> PyResult<Connection> {
        let mut connection = self.master.connection(pair)?;
        for setting in [&mut connection.host, &mut connection.port] {
            setting.value.data = Data::None;
        }
        Ok(connection)
    }

    /// The connection to each sentinel.
    ///
    /// # Errors
    /// What the first constructor that raises does.
    pub(crate) fn sentinels(&self, pair: Pair) -> PyResult<Vec<Connection>> {
        self.sentinels.iter().map(|pool| pool.connection(pair)).collect()
    }
}

/// `Sentinel(nodes, sentinel_kwargs=sentinel_kwargs).master_for(service_name, **master_kwargs)`.
///
/// # Errors
/// What the constructors raise.
pub(crate) fn sentinel(
    pair: Pair,
    api: Api,
    nodes: &Value,
    sentinel_kwargs: &Kwargs,
    service_name: &Value,
    master_kwargs: &Kwargs,
) -> PyResult<SentinelClient> {
    let mut sentinels = Vec::new();
    for item in iterate(nodes)? {
        let (host, port) = unpack_pair(&item)?;
        sentinels.push(sentinel_node(pair, api, host, port, sentinel_kwargs)?);
    }
    let mut pool_kwargs = master_kwargs.clone();
    let ssl = pool_kwargs.pop("ssl").map_or_else(
        || Value::bool(false, Origin::RedisPyDefault("SentinelConnectionPool.__init__")),
        |arg| arg.value,
    );
    let class = match convert::truth(&ssl) {
        Ok(false) => ConnectionClass::Tcp,
        Ok(true) => ConnectionClass::Ssl,
        Err(Stop::Unknown(why)) => ConnectionClass::Unknown(why),
        Err(stop) => return Err(stop),
    };
    for name in ["is_master", "check_connection"] {
        pool_kwargs.pop(name);
    }
    let master = connection_pool(pair, api, class, ssl.origin, pool_kwargs)?;
    Ok(SentinelClient { service_name: service_name.clone(), sentinels, master })
}

/// `Redis(host=host, port=port, **sentinel_kwargs)`
fn sentinel_node(
    pair: Pair,
    api: Api,
    host: Value,
    port: Value,
    sentinel_kwargs: &Kwargs,
) -> PyResult<Pool> {
    let twice = sentinel_kwargs.iter().find(|(name, _)| matches!(&***name, "host" | "port"));
    if let Some((name, arg)) = twice {
        return Err(match api {
            Api::Sync => {
                kwargs::given_twice(pair.redis_py_data().redis().qualname, name, &arg.value)
            }
            Api::Async | Api::Native => {
                kwargs::multiple_values("redis.asyncio.client.Redis", name, &arg.value)
            }
        });
    }
    let mut arguments = Kwargs::new();
    arguments.insert("host", host);
    arguments.insert("port", port);
    arguments.update(sentinel_kwargs.clone());
    redis(pair, api, &arguments)
}

/// The elements of what is looped over: a dict gives its keys, a text its characters.
pub(crate) fn iterate(value: &Value) -> PyResult<Vec<Value>> {
    match &value.data {
        Data::List(items) | Data::Tuple(items) | Data::Set(items) => Ok(items.to_vec()),
        Data::Dict(dict) => Ok(dict.entries.iter().map(|entry| entry.key.clone()).collect()),
        Data::Str(text) => {
            Ok(text.chars().map(|c| Value::str(c.to_string(), value.origin.clone())).collect())
        }
        Data::Unknown(why) => Err(Stop::Unknown(why.to_string())),
        _ => {
            let kind = value.type_name().unwrap_or("object");
            let message = format!("'{kind}' object is not iterable");
            Err(Stop::raise("TypeError", message).because_of(&value.origin))
        }
    }
}

/// `host, port = item`
fn unpack_pair(item: &Value) -> PyResult<(Value, Value)> {
    let raise =
        |class: &str, message: String| Err(Stop::raise(class, message).because_of(&item.origin));
    let items = match iterate(item) {
        Ok(items) => items,
        Err(Stop::Raised(_)) => {
            let kind = item.type_name().unwrap_or("object");
            return raise("TypeError", format!("cannot unpack non-iterable {kind} object"));
        }
        Err(stop) => return Err(stop),
    };
    match items.as_slice() {
        [host, port] => Ok((host.clone(), port.clone())),
        [] | [_] => {
            let got = items.len();
            raise("ValueError", format!("not enough values to unpack (expected 2, got {got})"))
        }
        _ => raise("ValueError", "too many values to unpack (expected 2)".to_owned()),
    }
}
