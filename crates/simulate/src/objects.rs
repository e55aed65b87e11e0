//! What LiteLLM's process holds: its caches, their clients, and the arguments that these were made of.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use python::{Kwargs, Value};

use super::outcome::Native;
use super::redis_py::{ClusterClient, Pool, SentinelClient};
use super::trace::Event;

/// An index into `Process::redis_caches`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RedisCacheId(pub(super) usize);

/// `litellm.cache`
#[derive(Clone, Debug)]
pub(super) enum GlobalCache {
    /// A `Cache` around a Redis cache.
    Redis(RedisCacheId),
    /// A `Cache` around another class.
    Other(&'static str),
    /// Something else that the config put there, of this type.
    Junk(Value),
}

/// What the meaning of settings depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    /// How often `environment_variables` has set a variable.
    pub(super) overlaid: usize,
    pub(super) secret_manager: bool,
}

/// A client that LiteLLM built.
#[derive(Clone, Debug)]
pub(super) enum BuiltClient {
    Redis(Pool),
    Cluster(ClusterClient),
    Sentinel(SentinelClient),
}

/// A `RedisCache` or `RedisClusterCache` object.
#[derive(Debug)]
pub(super) struct RedisCache {
    /// `RedisCache` or `RedisClusterCache`.
    pub(super) class: &'static str,
    /// `self.namespace`, of the constructor.
    pub(super) namespace: Option<Value>,
    /// `self.redis_kwargs`
    pub(super) redis_kwargs: Overrides,
    /// `self.redis_client`
    pub(super) client: BuiltClient,
    /// `self.store_settings.redis_kwargs`: what the Rust client is made of.
    pub(super) store_kwargs: Rc<Kwargs>,
    /// The Rust client, once it was made: by whom does not matter to it.
    pub(super) native: OnceCell<Native>,
    /// `self.async_redis_conn_pool`
    pub(super) pool: Option<Pool>,
}

/// The arguments of a cache's clients, and what LiteLLM makes of them: each client asks for it.
#[derive(Debug)]
pub(super) struct Overrides {
    pub(super) kwargs: Kwargs,
    pub(super) merged: RefCell<Option<Known>>,
    pub(super) logic: RefCell<Option<Known>>,
}

/// What came of arguments.
#[derive(Debug)]
pub(super) struct Known {
    /// Of the process.
    pub(super) state: State,
    pub(super) kwargs: Rc<Kwargs>,
    /// What was noted each time.
    pub(super) overridden: Vec<Event>,
}

impl Overrides {
    pub(super) fn new(kwargs: Kwargs) -> Self {
        Self { kwargs, merged: RefCell::default(), logic: RefCell::default() }
    }
}
