//! redis-py: what its constructors make of keyword arguments.

mod client;
mod client_side;
mod cluster;
mod connection;
mod pool;
mod sentinel;
mod socket;
mod url;

pub(super) use client::redis;
pub(super) use cluster::{ClusterClient, ClusterNode, async_cluster, cluster_node, sync_cluster};
pub(super) use connection::ConnectionClass;
pub(super) use pool::{Pool, blocking_pool, from_url};
pub(super) use sentinel::{SentinelClient, iterate, sentinel};
pub(super) use socket::settimeout_refuses;

use crate::outcome::Api;
use facts::{DefaultValue, Pair, Parameter, Signature};
use python::{Data, Origin, Value};

/// The signatures of one API, sync or asyncio.
#[derive(Clone, Copy)]
pub(super) struct Classes {
    pub(super) redis: Signature,
    pub(super) connection: Signature,
    pub(super) ssl_connection: Signature,
    pub(super) unix_connection: Signature,
    pub(super) abstract_connection: Signature,
    pub(super) connection_pool: Signature,
}

impl Classes {
    pub(super) fn of(pair: Pair, api: Api) -> Self {
        let data = pair.redis_py_data();
        match api {
            Api::Sync => Self {
                redis: data.redis(),
                connection: data.connection(),
                ssl_connection: data.ssl_connection(),
                unix_connection: data.unix_connection(),
                abstract_connection: data.abstract_connection(),
                connection_pool: data.connection_pool(),
            },
            Api::Async | Api::Native => Self {
                redis: data.async_redis(),
                connection: data.async_connection(),
                ssl_connection: data.async_ssl_connection(),
                unix_connection: data.async_unix_connection(),
                abstract_connection: data.async_abstract_connection(),
                connection_pool: data.async_connection_pool(),
            },
        }
    }
}

/// The value of a parameter's default.
pub(super) fn default_value(signature: &Signature, name: &str) -> Value {
    default_of(signature, signature.parameter(name))
}

/// The value of a parameter's default, of one of the signature's.
pub(super) fn default_of(signature: &Signature, parameter: Option<&Parameter>) -> Value {
    let origin = Origin::RedisPyDefault(signature.qualname);
    let data = match parameter.map(|parameter| parameter.default) {
        Some(DefaultValue::Bool(value)) => Data::Bool(value),
        Some(DefaultValue::Int(value)) => Data::Int(value.into()),
        Some(DefaultValue::Float(value)) => Data::Float(value),
        Some(DefaultValue::Str(value)) => Data::Str(value.into()),
        Some(DefaultValue::None | DefaultValue::Object | DefaultValue::Required) | None => {
            Data::None
        }
    };
    Value::new(data, origin)
}
