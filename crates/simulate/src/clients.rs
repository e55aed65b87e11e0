//! `litellm/_redis.py`: the clients that are built from the arguments.

use std::rc::Rc;

use crate::outcome::Api;
use crate::trace::DropReason;
use facts::{Behaviour, Signature};
use python::{Data, Kwargs, Object, Origin, PyResult, Raise, Stop, Value, convert, json, kwargs};

use super::client_logic::{redis_client_logic, redis_kwarg_names, socket_timeout_constant};
use super::objects::{BuiltClient, Overrides};
use super::process::Process;
use super::redis_py::{
    ClusterClient, ClusterNode, ConnectionClass, Pool, SentinelClient, async_cluster,
    blocking_pool, cluster_node, from_url, iterate, redis, sentinel, sync_cluster,
};

/// `get_redis_client(**overrides)`
///
/// # Errors
/// What LiteLLM and redis-py raise.
pub(super) fn redis_client(
    process: &mut Process<'_>,
    overrides: &Overrides,
) -> PyResult<BuiltClient> {
    let redis_kwargs = redis_client_logic(process, overrides)?;
    let cluster_first = process.pair.behaves(Behaviour::StartupNodesBeatUrl);
    if cluster_first && redis_kwargs.contains("startup_nodes") {
        return init_redis_cluster(process, redis_kwargs).map(BuiltClient::Cluster);
    }
    if let Some(url) = redis_kwargs.given("url") {
        let url_kwargs = url_kwargs(process, &redis_kwargs, Api::Sync);
        return from_url(process.pair, Api::Sync, url, &url_kwargs, false).map(BuiltClient::Redis);
    }
    if !cluster_first
        && (redis_kwargs.contains("startup_nodes")
            || process.get_secret("REDIS_CLUSTER_NODES")?.is_some())
    {
        return init_redis_cluster(process, redis_kwargs).map(BuiltClient::Cluster);
    }
    if redis_kwargs.contains("sentinel_nodes") && redis_kwargs.contains("service_name") {
        return init_sentinel(process, &redis_kwargs, Api::Sync).map(BuiltClient::Sentinel);
    }
    redis(process.pair, Api::Sync, &redis_kwargs).map(BuiltClient::Redis)
}

/// `get_redis_async_client(connection_pool=pool, **overrides)`
///
/// # Errors
/// What LiteLLM and redis-py raise.
pub(super) fn redis_async_client(
    process: &mut Process<'_>,
    pool: Option<&Pool>,
    overrides: &Overrides,
) -> PyResult<BuiltClient> {
    if let Some(value) = overrides.kwargs.get("connection_pool") {
        let function = "litellm._redis.get_redis_async_client";
        return Err(kwargs::multiple_values(function, "connection_pool", value));
    }
    let redis_kwargs = redis_client_logic(process, overrides)?;
    let mut redis_kwargs = credential_provider_auth_kwargs(process, redis_kwargs);
    let cluster_first = process.pair.behaves(Behaviour::StartupNodesBeatUrl);
    if cluster_first && redis_kwargs.contains("startup_nodes") {
        return init_async_cluster(process, &redis_kwargs).map(BuiltClient::Cluster);
    }
    if let Some(url) = redis_kwargs.given("url") {
        if process.pair.behaves(Behaviour::UrlUsesBlockingPool)
            && let Some(pool) = pool
        {
            return Ok(BuiltClient::Redis(pool.clone()));
        }
        let url_kwargs = url_kwargs(process, &redis_kwargs, Api::Async);
        return from_url(process.pair, Api::Async, url, &url_kwargs, false).map(BuiltClient::Redis);
    }
    if !cluster_first && redis_kwargs.contains("startup_nodes") {
        return init_async_cluster(process, &redis_kwargs).map(BuiltClient::Cluster);
    }
    if redis_kwargs.contains("sentinel_nodes") && redis_kwargs.contains("service_name") {
        return init_sentinel(process, &redis_kwargs, Api::Async).map(BuiltClient::Sentinel);
    }
    provider_for_async_client(process, &mut redis_kwargs);
    if !process.pair.behaves(Behaviour::AsyncClientTakesSocketTimeout) {
        if let Some(value) = redis_kwargs.get("socket_timeout") {
            let function = "redis.asyncio.client.Redis";
            return Err(kwargs::multiple_values(function, "socket_timeout", value));
        }
        let timeout = Value::int(5, Origin::LitellmDefault("get_redis_async_client"));
        Rc::make_mut(&mut redis_kwargs).insert("socket_timeout", timeout);
    }
    // The client checks its arguments, then connects by the pool that it was given.
    let signature = &process.pair.redis_py_data().async_redis();
    match pool {
        Some(pool) => {
            kwargs::check(signature, &redis_kwargs)?;
            Ok(BuiltClient::Redis(pool.clone()))
        }
        None => redis(process.pair, Api::Async, &redis_kwargs)
            .or_else(|stop| ignore_pool_errors(stop, signature, &redis_kwargs))
            .map(BuiltClient::Redis),
    }
}

/// `redis.asyncio.Redis` is never without LiteLLM's pool: only its signature can refuse.
fn ignore_pool_errors(stop: Stop, signature: &Signature, redis_kwargs: &Kwargs) -> PyResult<Pool> {
    if redis_kwargs.iter().any(|(name, _)| !signature.names(name)) {
        return Err(stop);
    }
    let class_origin = Origin::RedisPyDefault(signature.qualname);
    let (api, class) = (Api::Async, ConnectionClass::Tcp);
    Ok(Pool { api, class, class_origin, kwargs: Kwargs::new().into(), max_connections: None })
}

/// `get_redis_connection_pool(**overrides)`
///
/// # Errors
/// What LiteLLM and redis-py raise.
pub(super) fn redis_connection_pool(
    process: &mut Process<'_>,
    overrides: &Overrides,
) -> PyResult<Option<Pool>> {
    let redis_kwargs = redis_client_logic(process, overrides)?;
    let mut redis_kwargs = credential_provider_auth_kwargs(process, redis_kwargs);
    let pair = process.pair;
    if pair.behaves(Behaviour::StartupNodesBeatUrl) && redis_kwargs.contains("startup_nodes") {
        return Ok(None);
    }
    if let Some(url) = redis_kwargs.given("url").cloned() {
        let mut pool_kwargs = Kwargs::new();
        if pair.behaves(Behaviour::UrlTakesConnectionSettings) {
            pool_kwargs = url_kwargs(process, &redis_kwargs, Api::Async)
                .filter(|name| name != "max_connections");
        }
        if pair.behaves(Behaviour::UrlUsesBlockingPool)
            && let Some(value) = redis_kwargs.get("max_connections")
            && let Ok(number) = convert::int(value)
        {
            pool_kwargs.insert("max_connections", Value::int(number, value.origin.clone()));
        }
        return from_url(pair, Api::Async, &url, &pool_kwargs, true).map(Some);
    }
    provider_for_async_client(process, &mut redis_kwargs);
    let ssl = redis_kwargs.arg("ssl").cloned();
    let plain = Origin::LitellmDefault("get_redis_connection_pool");
    let (class, origin) = match ssl {
        None => (ConnectionClass::Tcp, plain),
        Some(arg) if !pair.behaves(Behaviour::FalsySslMeansPlaintextPool) => {
            let how = "TLS whatever the value: LiteLLM looks only whether the key is there";
            let origin = match convert::truth(&arg.value) {
                Ok(true) => arg.value.origin,
                _ => Origin::computed(how, [arg.value.origin]),
            };
            (ConnectionClass::Ssl, origin)
        }
        Some(arg) => {
            let class = match convert::truth(&arg.value) {
                Ok(false) => ConnectionClass::Tcp,
                Ok(true) => ConnectionClass::Ssl,
                Err(Stop::Unknown(why)) => ConnectionClass::Unknown(why),
                Err(stop) => return Err(stop),
            };
            (class, arg.value.origin)
        }
    };
    let mut redis_kwargs = Rc::unwrap_or_clone(redis_kwargs);
    redis_kwargs.pop("ssl");
    redis_kwargs.pop("startup_nodes");
    blocking_pool(pair, class, origin, redis_kwargs).map(Some)
}

/// `_get_redis_url_kwargs`: what goes beside a `url`.
fn url_kwargs(process: &mut Process<'_>, redis_kwargs: &Kwargs, api: Api) -> Kwargs {
    let data = process.pair.redis_py_data();
    let forwards = process.pair.behaves(Behaviour::UrlTakesConnectionSettings);
    let signatures = match api {
        Api::Sync => [data.connection(), data.abstract_connection()],
        Api::Async | Api::Native => [data.async_connection(), data.async_abstract_connection()],
    };
    let unwrapped = process.pair.behaves(Behaviour::UnwrappedUrlSignatures);
    let names = |name: &str| {
        signatures.iter().any(|s| if unwrapped { s.names(name) } else { s.argspec_names(name) })
    };
    let takes =
        |name: &str| forwards && name != "retry" && (name == "max_connections" || names(name));
    for (name, arg) in redis_kwargs.iter() {
        if **name != *"url" && !takes(name) && !arg.value.is_none() {
            process.dropped(name, &arg.value, DropReason::UrlTakesNoSettings);
        }
    }
    redis_kwargs.filter(takes)
}

/// The provider that stands for a `redis_connect_func` of LiteLLM's own.
fn provider_of(connect: &Value) -> Option<Value> {
    let object = match &connect.data {
        Data::Object(Object::GcpConnectFunc { service_account }) => {
            Object::GcpCredentialProvider { service_account: service_account.clone() }
        }
        Data::Object(Object::AzureConnectFunc(iam)) => Object::AzureCredentialProvider(iam.clone()),
        _ => return None,
    };
    Some(Value::new(Data::Object(object), connect.origin.clone()))
}

/// What `get_redis_async_client` and `get_redis_connection_pool` do with IAM for one server, before
/// `_async_auth_kwargs` does it for all: the provider is next to user name and password.
fn provider_for_async_client(process: &Process<'_>, redis_kwargs: &mut Rc<Kwargs>) {
    let pair = process.pair;
    if !pair.behaves(Behaviour::AsyncCredentialProvider)
        || pair.behaves(Behaviour::AsyncIamReplacesPassword)
    {
        return;
    }
    let redis_kwargs = Rc::make_mut(redis_kwargs);
    let connect = redis_kwargs.pop("redis_connect_func");
    if let Some(provider) = connect.and_then(|arg| provider_of(&arg.value)) {
        redis_kwargs.insert("credential_provider", provider);
    }
}

/// `_async_auth_kwargs`, later `_credential_provider_auth_kwargs`: for async clients (and sync
/// clusters) IAM goes by provider.
fn credential_provider_auth_kwargs(
    process: &mut Process<'_>,
    redis_kwargs: Rc<Kwargs>,
) -> Rc<Kwargs> {
    if !process.pair.behaves(Behaviour::AsyncIamReplacesPassword) {
        return redis_kwargs;
    }
    let explicit = redis_kwargs
        .given("credential_provider")
        .filter(|_| process.pair.behaves(Behaviour::CredentialProvider));
    let provider =
        explicit.cloned().or_else(|| redis_kwargs.get("redis_connect_func").and_then(provider_of));
    let Some(provider) = provider else {
        return redis_kwargs;
    };
    let superseded = ["redis_connect_func", "username", "password"];
    for name in ["username", "password"] {
        if let Some(value) = redis_kwargs.given(name) {
            process.dropped(name, value, DropReason::IamReplacesPassword);
        }
    }
    let mut kept = redis_kwargs.filter(|name| !superseded.contains(&name));
    kept.convert("credential_provider", provider);
    kept.into()
}

/// The names that `_get_redis_cluster_kwargs` adds to the client's own.
fn cluster_extra_names(process: &Process<'_>) -> Vec<&'static str> {
    let mut names = vec!["password", "username", "ssl"];
    if process.pair.behaves(Behaviour::ClusterTakesCertificateSettings) {
        names.extend(["ssl_cert_reqs", "ssl_check_hostname", "ssl_ca_certs"]);
    }
    if process.pair.behaves(Behaviour::GcpIam) {
        names.extend(["redis_connect_func", "gcp_service_account", "gcp_ssl_ca_certs"]);
    }
    if process.pair.behaves(Behaviour::ClusterTakesMaxConnections) {
        names.push("max_connections");
    }
    if process.pair.behaves(Behaviour::AzureAd) {
        names.extend([
            "azure_redis_ad_token",
            "azure_client_id",
            "azure_tenant_id",
            "azure_client_secret",
        ]);
    }
    if process.pair.behaves(Behaviour::ClusterTakesTimeouts) {
        names.extend(["socket_timeout", "socket_connect_timeout"]);
    }
    if process.pair.behaves(Behaviour::ClusterTakesHealthCheck) {
        names.extend(["health_check_interval", "socket_keepalive"]);
    }
    if process.pair.behaves(Behaviour::AsyncIamReplacesPassword) {
        names.push("credential_provider");
    }
    names
}

/// The arguments on the cluster client's allow-list.
fn cluster_kwargs(process: &mut Process<'_>, redis_kwargs: &Kwargs, api: Api) -> Kwargs {
    const NEVER: [&str; 5] = ["connection_pool", "retry", "host", "port", "startup_nodes"];
    let data = process.pair.redis_py_data();
    let unwrapped = process.pair.behaves(Behaviour::UnwrappedSignatures);
    let own = match api {
        Api::Async if unwrapped => data.async_redis_cluster(),
        _ => data.redis_cluster(),
    };
    let extra = cluster_extra_names(process);
    let takes = |name: &str| {
        let named = if unwrapped { own.names(name) } else { own.argspec_names(name) };
        (named && !NEVER.contains(&name)) || extra.contains(&name)
    };
    let why = match api {
        Api::Sync => DropReason::NotForSyncCluster,
        Api::Async | Api::Native => DropReason::NotForAsyncCluster,
    };
    for (name, arg) in redis_kwargs.iter() {
        if !takes(name) && **name != *"startup_nodes" && !arg.value.is_none() {
            let why = match &**name {
                "host" | "port" => DropReason::ClusterReplacesTarget,
                _ => why,
            };
            process.dropped(name, &arg.value, why);
        }
    }
    redis_kwargs.filter(takes)
}

fn cluster_nodes(process: &Process<'_>, redis_kwargs: &Kwargs) -> PyResult<Vec<ClusterNode>> {
    let Some(nodes) = redis_kwargs.get("startup_nodes") else {
        return Err(Stop::raise("KeyError", "'startup_nodes'"));
    };
    iterate(nodes)?.iter().map(|item| cluster_node(process.pair, item)).collect()
}

/// `init_redis_cluster`
fn init_redis_cluster(
    process: &mut Process<'_>,
    mut redis_kwargs: Rc<Kwargs>,
) -> PyResult<ClusterClient> {
    if let Some(value) = process.get_secret("REDIS_CLUSTER_NODES")? {
        let nodes = match &value.data {
            Data::Str(text) => json::loads(text, &value.origin).map_err(|stop| match stop {
                Stop::Raised(exception) if exception.class == "JSONDecodeError" => Stop::raise(
                    "ValueError",
                    "REDIS_CLUSTER_NODES environment variable is not valid JSON. Please ensure it's properly formatted.",
                )
                .because_of(&value.origin)
                .for_reason(Raise::ClusterNodesVariable),
                stop => stop,
            })?,
            Data::Unknown(why) => return Err(Stop::Unknown(why.to_string())),
            _ => {
                let message = "the JSON object must be str, bytes or bytearray, not bool";
                return Err(Stop::raise("TypeError", message).because_of(&value.origin));
            }
        };
        Rc::make_mut(&mut redis_kwargs).insert("startup_nodes", nodes);
    }
    let auth_kwargs = if process.pair.behaves(Behaviour::SyncClusterCredentialProvider) {
        credential_provider_auth_kwargs(process, redis_kwargs)
    } else {
        redis_kwargs
    };
    let cluster_kwargs = cluster_kwargs(process, &auth_kwargs, Api::Sync);
    let nodes = cluster_nodes(process, &auth_kwargs)?;
    let allowed = process.pair.redis_py_data();
    for (name, arg) in cluster_kwargs.iter() {
        let kept = allowed.redis_cluster().names(name) || allowed.cluster_allows(name);
        if !kept && !arg.value.is_none() {
            process.dropped(name, &arg.value, DropReason::ClusterClientDropsIt);
        }
    }
    sync_cluster(process.pair, nodes, &cluster_kwargs)
}

/// The async cluster branch of `get_redis_async_client`.
fn init_async_cluster(process: &mut Process<'_>, redis_kwargs: &Kwargs) -> PyResult<ClusterClient> {
    let mut cluster_kwargs = cluster_kwargs(process, redis_kwargs, Api::Async);
    let connect = cluster_kwargs.pop("redis_connect_func");
    if let Some(arg) = connect {
        cluster_authentication(process, &arg.value, &mut cluster_kwargs);
    }
    if process.pair.behaves(Behaviour::ClusterTakesHealthCheck) {
        let default = Origin::LitellmDefault("get_redis_async_client");
        if !cluster_kwargs.contains("health_check_interval") {
            cluster_kwargs.insert("health_check_interval", Value::int(25, default.clone()));
        }
        if !cluster_kwargs.contains("socket_keepalive") {
            cluster_kwargs.insert("socket_keepalive", Value::bool(true, default));
        }
    }
    let nodes = cluster_nodes(process, redis_kwargs)?;
    async_cluster(process.pair, &nodes, &cluster_kwargs)
}

/// What an async cluster client does with a `redis_connect_func` that is still there.
fn cluster_authentication(process: &Process<'_>, connect: &Value, cluster_kwargs: &mut Kwargs) {
    if process.pair.behaves(Behaviour::AsyncClusterCredentialProvider) {
        let azure = matches!(connect.data, Data::Object(Object::AzureConnectFunc(_)));
        if let Some(provider) = provider_of(connect)
            && (!azure || process.pair.behaves(Behaviour::AzureAd))
        {
            cluster_kwargs.insert("credential_provider", provider);
        }
    } else if let Data::Object(Object::GcpConnectFunc { service_account }) = &connect.data
        && !service_account.is_empty()
    {
        // A token is fetched here and now and serves as the password.
        let token = Data::Unknown("a token that Google's IAM service gives".into());
        cluster_kwargs.insert("password", Value::new(token, connect.origin.clone()));
    }
}

/// `_init_redis_sentinel` and `_init_async_redis_sentinel`
fn init_sentinel(
    process: &mut Process<'_>,
    redis_kwargs: &Kwargs,
    api: Api,
) -> PyResult<SentinelClient> {
    let none = || Value::none(Origin::LitellmDefault("_init_redis_sentinel"));
    let get = |name| redis_kwargs.get(name).cloned().unwrap_or_else(none);
    let (nodes, service_name, password) =
        (get("sentinel_nodes"), get("service_name"), get("sentinel_password"));
    let given = |value: &Value| convert::truth(value).unwrap_or(true);
    if !given(&nodes) || !given(&service_name) {
        let message = "Both 'sentinel_nodes' and 'service_name' are required for Redis Sentinel.";
        return Err(Stop::raise("ValueError", message).because_of(&nodes.origin));
    }
    if !process.pair.behaves(Behaviour::SentinelGetsRedisSettings) {
        let used = ["sentinel_nodes", "service_name", "sentinel_password"];
        for (name, arg) in redis_kwargs.iter() {
            if !used.contains(&&**name) && !arg.value.is_none() {
                process.dropped(name, &arg.value, DropReason::NotForSentinel);
            }
        }
        let timeout = socket_timeout_constant(process)?;
        let mut sentinel_kwargs = Kwargs::new();
        sentinel_kwargs.insert("socket_timeout", timeout);
        let mut master_kwargs = sentinel_kwargs.clone();
        if api == Api::Async || process.pair.behaves(Behaviour::SyncSentinelSendsPassword) {
            master_kwargs.insert("password", password);
        }
        return sentinel(
            process.pair,
            api,
            &nodes,
            &sentinel_kwargs,
            &service_name,
            &master_kwargs,
        );
    }
    let mapped = redis_kwarg_names(process.pair);
    let pair = process.pair;
    let is_mapped = |name: &str| mapped.has(pair, name);
    let used = ["sentinel_nodes", "service_name", "sentinel_password"];
    for (name, arg) in redis_kwargs.iter() {
        if !is_mapped(name) && !used.contains(&&**name) && !arg.value.is_none() {
            process.dropped(name, &arg.value, DropReason::NotForSentinel);
        }
    }
    let mut master_kwargs = redis_kwargs.filter(is_mapped);
    if !process.pair.behaves(Behaviour::SocketTimeoutConstantFillsIn)
        && !master_kwargs.contains("socket_timeout")
    {
        master_kwargs.insert("socket_timeout", socket_timeout_constant(process)?);
    }
    let spared = match api {
        Api::Sync => Behaviour::CredentialProvider,
        Api::Async | Api::Native => Behaviour::AsyncIamReplacesPassword,
    };
    let mut sentinel_kwargs = if process.pair.behaves(spared) {
        master_kwargs.filter(|name| name != "credential_provider")
    } else {
        master_kwargs.clone()
    };
    sentinel_kwargs.convert("password", password);
    sentinel(process.pair, api, &nodes, &sentinel_kwargs, &service_name, &master_kwargs)
}
