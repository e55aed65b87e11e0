//! `litellm/caching/redis_cache.py` and `redis_cluster_cache.py`.

use std::cell::OnceCell;
use std::rc::Rc;

use facts::{Behaviour, DefaultValue, Signature};
use python::{Data, Kwargs, Origin, PyResult, Stop, Value, convert, kwargs};

use super::client_logic::merge_redis_kwargs;
use super::clients::{redis_async_client, redis_client, redis_connection_pool};
use super::json_dump;
use super::native;
use super::objects::{BuiltClient, Overrides, RedisCache, RedisCacheId};
use super::process::Process;

/// What the constructors hand on of their named parameters.
const REDIS_CACHE_NAMED: [&str; 5] =
    ["host", "port", "password", "startup_nodes", "socket_timeout"];

/// Which of the two classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    RedisCache,
    RedisClusterCache,
}

impl Class {
    fn name(self) -> &'static str {
        match self {
            Self::RedisCache => "RedisCache",
            Self::RedisClusterCache => "RedisClusterCache",
        }
    }
}

/// `RedisCache(**arguments)` or `RedisClusterCache(**arguments)`.
///
/// # Errors
/// What the constructor raises: the sync client and the async pool are built at once.
pub(super) fn redis_cache(
    process: &mut Process<'_>,
    class: Class,
    mut arguments: Kwargs,
) -> PyResult<RedisCacheId> {
    let data = process.pair.litellm_data();
    if class == Class::RedisClusterCache
        && let Some(signature) = &data.redis_cluster_cache()
        && signature.names("max_connections")
    {
        arguments.pop("connection_gate");
        // `None` is not handed on.
        if arguments.get("max_connections").is_some_and(Value::is_none) {
            arguments.pop("max_connections");
        }
    }
    let name = class.name();
    if let Some(value) = arguments.get("self") {
        return Err(kwargs::given_twice(&format!("{name}.__init__"), "self", value));
    }
    let mut redis_kwargs = Kwargs::with_room(arguments.len() + REDIS_CACHE_NAMED.len());
    let mut namespace = None;
    let mut rest = arguments;
    if let Some(signature) = &data.redis_cache() {
        let (own, others) = kwargs::bind(signature, rest)?;
        for name in REDIS_CACHE_NAMED {
            let value = match own.arg(name) {
                Some(arg) => Some(arg.clone()),
                None => default(signature, name).map(Into::into),
            };
            if let Some(arg) = value.filter(|arg| !arg.value.is_none()) {
                redis_kwargs.insert(name, arg);
            }
        }
        namespace = own.given("namespace").cloned();
        rest = others;
    }
    redis_kwargs.update(rest);
    let redis_kwargs = Overrides::new(redis_kwargs);
    let client = redis_client(process, &redis_kwargs)?;
    if let BuiltClient::Cluster(cluster) = &client
        && process.cluster_refuses.is_none()
    {
        process.cluster_refuses = match cluster.initialize(process.pair) {
            Err(Stop::Raised(exception)) => Some(exception),
            Err(Stop::Unknown(_)) | Ok(()) => None,
        };
    }
    let pool = redis_connection_pool(process, &redis_kwargs)?;
    let mut store_kwargs = Rc::default();
    if process.pair.behaves(Behaviour::RustClient) {
        store_kwargs = merge_redis_kwargs(process, &redis_kwargs)?;
        // `NativeRedisBreaker.shared(store_kwargs, …)` reads them as JSON.
        store_kwargs.iter().try_for_each(|(_, arg)| native::is_json(&arg.value))?;
    }
    if let Some(ttl) = process.default_redis_ttl.clone()
        && !ttl.is_none()
    {
        convert::int(&ttl)?;
    }
    let built = RedisCache {
        class: name,
        redis_kwargs,
        client,
        store_kwargs,
        namespace,
        native: OnceCell::new(),
        pool,
    };
    process.redis_caches.push(Rc::new(built));
    Ok(RedisCacheId(process.redis_caches.len() - 1))
}

fn default(signature: &Signature, name: &str) -> Option<Value> {
    let origin = Origin::LitellmDefault(signature.qualname);
    let data = match signature.parameter(name)?.default {
        DefaultValue::Bool(value) => Data::Bool(value),
        DefaultValue::Int(value) => Data::Int(value.into()),
        DefaultValue::Float(value) => Data::Float(value),
        DefaultValue::Str(value) => Data::Str(value.into()),
        DefaultValue::None | DefaultValue::Object | DefaultValue::Required => return None,
    };
    Some(Value::new(data, origin))
}

/// `cache.init_async_client()`: the client that serves requests.
///
/// # Errors
/// What building it raises.
pub(super) fn init_async_client(
    process: &mut Process<'_>,
    id: RedisCacheId,
) -> PyResult<BuiltClient> {
    let cache = process.redis_caches[id.0].clone();
    if cache.class == "RedisClusterCache" && !process.pair.behaves(Behaviour::StartupNodesBeatUrl) {
        return redis_async_client(process, cache.pool.as_ref(), &cache.redis_kwargs);
    }
    if cache.class == Class::RedisCache.name()
        && process.pair.behaves(Behaviour::AsyncClientKeyIsJson)
    {
        json_dump::check_sorted(&cache.redis_kwargs.kwargs)?;
    }
    let shared = process.pair.behaves(Behaviour::AsyncClientUnderOneKey);
    if shared
        && let Some((first, client)) = &process.shared_async_client
        && *first != id
    {
        return Ok(client.clone());
    }
    // The constructor has made the same one.
    let pool = if cache.redis_kwargs.notes_again(process) {
        cache.pool.clone()
    } else {
        redis_connection_pool(process, &cache.redis_kwargs)?
    };
    let client = redis_async_client(process, pool.as_ref(), &cache.redis_kwargs)?;
    if shared {
        process.shared_async_client = Some((id, client.clone()));
    }
    Ok(client)
}
