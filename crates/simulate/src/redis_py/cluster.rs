//! `redis.cluster.RedisCluster` and `redis.asyncio.cluster.RedisCluster`.

use crate::outcome::{Api, Connection, NodeAddress, Setting};
use facts::{Behaviour, Pair};
use python::{
    Arg, Data, Kwargs, Origin, PyException, PyResult, Raise, Stop, Value, convert, kwargs,
};

use super::connection::ConnectionClass;
use super::pool::{Pool, connection_pool};
use super::url::parse_url;
use super::{client, client_side, default_value, settimeout_refuses};

/// `ClusterNode`: where it is.
#[derive(Clone, Debug)]
pub(crate) struct ClusterNode {
    host: Value,
    port: Value,
}

/// A cluster client: its startup nodes, and how it connects to each node.
#[derive(Clone, Debug)]
pub(crate) struct ClusterClient {
    pub(crate) nodes: Vec<NodeAddress>,
    /// How each node is connected to; an error is raised when the first node is.
    pool: PyResult<Pool>,
    /// What is raised once the nodes are found.
    fails_once_found: Option<Stop>,
}

impl ClusterClient {
    /// What every node's connection holds; host and port are each node's own.
    ///
    /// # Errors
    /// What the node's client or connection raises.
    pub(crate) fn connection(&self, pair: Pair) -> PyResult<Connection> {
        let mut connection = self.pool.clone()?.connection(pair)?;
        for setting in [&mut connection.host, &mut connection.port] {
            setting.value.data = Data::None;
        }
        Ok(connection)
    }

    /// `NodesManager.initialize` where a node answers: it goes through the nodes and keeps what the last
    /// one raised.
    ///
    /// # Errors
    /// What it raises of these settings.
    pub(crate) fn initialize(&self, pair: Pair) -> PyResult<()> {
        let refused = match self.connection(pair) {
            Err(Stop::Raised(refused)) => Some((refused.message, refused.origins)),
            Err(Stop::Unknown(_)) => return Ok(()),
            Ok(Connection { socket_connect_timeout, socket_timeout, .. }) => {
                let refused = |timeout: Setting| {
                    let message = settimeout_refuses(&timeout.value)?;
                    Some((message, vec![timeout.value.origin]))
                };
                refused(socket_connect_timeout).or_else(|| refused(socket_timeout))
            }
        };
        if let Some((refused, origins)) = refused {
            return Err(Stop::Raised(PyException {
                class: "RedisClusterException".to_owned(),
                message: format!(
                    "Redis Cluster cannot be connected. Please provide at least one reachable node: {refused}"
                ),
                origins,
                reason: Raise::Other,
            }));
        }
        self.fails_once_found.clone().map_or(Ok(()), Err)
    }
}

/// `redis.cluster.ClusterNode(**item)`.
///
/// # Errors
/// `TypeError` where the item is not a mapping, or its keys are not the parameters.
pub(crate) fn cluster_node(pair: Pair, item: &Value) -> PyResult<ClusterNode> {
    let signature = &pair.redis_py_data().cluster_node();
    let arguments = match &item.data {
        Data::Dict(dict) => Kwargs::from_dict(dict)?,
        Data::Unknown(why) => return Err(Stop::Unknown(why.to_string())),
        _ => {
            let kind = item.type_name().unwrap_or("object");
            let message = format!(
                "redis.cluster.ClusterNode() argument after ** must be a mapping, not {kind}"
            );
            return Err(Stop::raise("TypeError", message).because_of(&item.origin));
        }
    };
    kwargs::bind(signature, arguments.clone()).map_err(|stop| stop.because_of(&item.origin))?;
    let missing: Vec<&str> =
        ["host", "port"].into_iter().filter(|name| !arguments.contains(name)).collect();
    let raise = |message: String| Err(Stop::raise("TypeError", message).because_of(&item.origin));
    let qualname = signature.qualname;
    match missing.as_slice() {
        [] => {}
        [one] => {
            return raise(format!("{qualname}() missing 1 required positional argument: '{one}'"));
        }
        _ => {
            return raise(format!(
                "{qualname}() missing 2 required positional arguments: 'host' and 'port'"
            ));
        }
    }
    let take = |name: &str| match arguments.get(name) {
        Some(value) => value.clone(),
        None => default_value(signature, name),
    };
    Ok(ClusterNode::of(take("host"), take("port")))
}

impl ClusterNode {
    /// `ClusterNode.__init__`: `localhost` is an address.
    fn of(host: Value, port: Value) -> Self {
        if host.as_str() != Some("localhost") {
            return Self { host, port };
        }
        let origin = Origin::computed("localhost, resolved by redis-py", [host.origin.clone()]);
        Self { host: Value::str("127.0.0.1", origin), port }
    }
}

fn cluster_exception(message: &str) -> Stop {
    Stop::raise("RedisClusterException", message).for_reason(Raise::ClusterRefuses)
}

/// `{node.name: node for node in nodes}`: the last of the same name counts.
fn addresses(nodes: &[ClusterNode]) -> Vec<NodeAddress> {
    let mut named: Vec<(String, NodeAddress)> = Vec::new();
    for node in nodes {
        let name = match (convert::str_of(&node.host), convert::str_of(&node.port)) {
            (Ok(host), Ok(port)) => format!("{host}:{port}"),
            // Unknown parts never make two nodes one.
            _ => format!("node {}", named.len()),
        };
        let plain = |value: &Value| Setting { value: value.clone(), overrode: vec![] };
        let address = NodeAddress { host: plain(&node.host), port: plain(&node.port) };
        match named.iter_mut().find(|(known, _)| *known == name) {
            Some((_, slot)) => *slot = address,
            None => named.push((name, address)),
        }
    }
    named.into_iter().map(|(_, address)| address).collect()
}

/// `redis.RedisCluster(startup_nodes=nodes, **arguments)`.
///
/// # Errors
/// What the constructor raises, short of connecting.
pub(crate) fn sync_cluster(
    pair: Pair,
    mut nodes: Vec<ClusterNode>,
    arguments: &Kwargs,
) -> PyResult<ClusterClient> {
    let data = pair.redis_py_data();
    let (own, mut rest) = kwargs::bind(&data.redis_cluster(), arguments.clone())?;
    if rest.contains("db") {
        return Err(cluster_exception("Argument 'db' is not possible to use in cluster mode"));
    }
    let mut url_class = None;
    if let Some(url) = own.given("url") {
        let (class, options) = parse_url(pair, Api::Sync, url)?;
        if options.contains("path") {
            let message = "RedisCluster does not currently support Unix Domain Socket connections";
            return Err(cluster_exception(message));
        }
        if options.get("db").is_some_and(|db| !matches!(&db.data, Data::Int(n) if *n == 0.into())) {
            let message = "A ``db`` querystring option can only be 0 in cluster mode";
            return Err(cluster_exception(message));
        }
        rest.update(options);
        let take = |name| match rest.get(name) {
            Some(value) => value.clone(),
            None => default_value(&data.redis_cluster(), name),
        };
        nodes.push(ClusterNode::of(take("host"), take("port")));
        url_class = Some((class, url.origin.clone()));
    } else if nodes.is_empty() {
        return Err(cluster_exception(
            "RedisCluster requires at least one node to discover the cluster. Please provide one of the followings:\n\
             1. host and port, for example:\n \
             RedisCluster(host='localhost', port=6379)\n\
             2. list of startup nodes, for example:\n \
             RedisCluster(startup_nodes=[ClusterNode('localhost', 6379), ClusterNode('localhost', 6378)])",
        ));
    }
    if client_side::wants_cache(&own) {
        let none = Value::none(Origin::RedisPyDefault(data.redis_cluster().qualname));
        client_side::check_cache_protocol(pair, rest.get("protocol").unwrap_or(&none))?;
    }
    client_side::check_cluster_maint_notifications(pair, &own, rest.get("protocol"))?;
    let node_cache = own.get("cache").filter(|value| convert::truth(value).unwrap_or(true));
    let mut fails_once_found = None;
    if let Some(config) = own.given("cache_config") {
        let fails = client_side::no_cache_class(config);
        if pair.behaves(Behaviour::ClusterMakesItsCacheAtOnce) {
            if node_cache.is_none() {
                return Err(fails);
            }
        } else if own.given("cache").is_none() {
            fails_once_found = Some(fails);
        }
    }
    let mut kept = rest.filter(|name| data.cluster_allows(name) && !data.cluster_disables(name));
    if let Some(cache) = node_cache {
        kept.insert("cache", cache.clone());
    }
    let nodes = addresses(&nodes);
    let pool = match url_class {
        Some((class, origin)) => connection_pool(
            pair,
            Api::Sync,
            class,
            origin,
            kept.filter(|name| name != "connection_class"),
        ),
        None => node_client(pair, &nodes, kept),
    };
    Ok(ClusterClient { nodes, pool, fails_once_found })
}

/// `create_redis_node`: `Redis(host=…, port=…, **kwargs)`.
fn node_client(pair: Pair, nodes: &[NodeAddress], mut kept: Kwargs) -> PyResult<Pool> {
    if let Some(node) = nodes.first() {
        kept.insert("host", node.host.value.clone());
        kept.insert("port", node.port.value.clone());
    }
    client::redis(pair, Api::Sync, &kept)
}

/// The settings that asyncio's `RedisCluster` hands to each node's connection.
const ASYNC_CONNECTION: [&str; 14] = [
    "credential_provider",
    "username",
    "password",
    "client_name",
    "encoding",
    "encoding_errors",
    "decode_responses",
    "health_check_interval",
    "socket_connect_timeout",
    "socket_keepalive",
    "socket_keepalive_options",
    "socket_read_size",
    "socket_timeout",
    "protocol",
];

/// `redis.asyncio.RedisCluster(startup_nodes=nodes, **arguments)`.
///
/// # Errors
/// What the constructor raises.
pub(crate) fn async_cluster(
    pair: Pair,
    nodes: &[ClusterNode],
    arguments: &Kwargs,
) -> PyResult<ClusterClient> {
    let data = pair.redis_py_data();
    let signature = &data.async_redis_cluster();
    let (own, _) = kwargs::bind(signature, arguments.clone())?;
    let truthy = |name| own.get(name).is_some_and(|v| convert::truth(v).unwrap_or(true));
    if truthy("db") {
        let stop = cluster_exception("Argument 'db' must be 0 or None in cluster mode");
        return Err(own.get("db").map_or(stop.clone(), |db| stop.because_of(&db.origin)));
    }
    if truthy("path") {
        return Err(cluster_exception("Unix domain socket is not supported in cluster mode"));
    }
    if nodes.is_empty() {
        return Err(cluster_exception(
            "RedisCluster requires at least one node to discover the cluster.\n\
             Please provide one of the following or use RedisCluster.from_url:\n   \
             - host and port: RedisCluster(host=\"localhost\", port=6379)\n   \
             - startup_nodes: RedisCluster(startup_nodes=[ClusterNode(\"localhost\", 6379), ClusterNode(\"localhost\", 6380)])",
        ));
    }
    super::connection::check_driver_info(signature, own.given("driver_info"))?;
    client_side::check_maint_notifications(signature, &own)?;
    if let Some(value) = own.get("retry_on_error")
        && convert::truth(value).unwrap_or(true)
    {
        super::connection::exception_classes(value)?;
    }
    if let Some(value) = own.given("max_connections") {
        check_deque_length(value)?;
    }
    let get = |name: &str| -> Arg {
        own.arg(name).cloned().unwrap_or_else(|| default_value(signature, name).into())
    };
    let mut connection_kwargs = Kwargs::new();
    for name in ASYNC_CONNECTION {
        if signature.names(name) {
            connection_kwargs.append(name, get(name));
        }
    }
    let ssl = get("ssl").value;
    let class = ConnectionClass::of(&ssl)?;
    if !matches!(class, ConnectionClass::Tcp) {
        for parameter in data.async_ssl_connection().parameters() {
            if signature.names(parameter.name) {
                connection_kwargs.insert(parameter.name, get(parameter.name));
            }
        }
    }
    let nodes = addresses(nodes);
    if let Some(node) = nodes.first() {
        connection_kwargs.insert("host", node.host.value.clone());
        connection_kwargs.insert("port", node.port.value.clone());
    }
    let pool = Pool {
        api: Api::Async,
        class,
        class_origin: ssl.origin,
        kwargs: connection_kwargs.into(),
        max_connections: None,
    };
    Ok(ClusterClient { nodes, pool: Ok(pool), fails_once_found: None })
}

/// `collections.deque(maxlen=max_connections)`
fn check_deque_length(value: &Value) -> PyResult<()> {
    let raise =
        |class: &str, message: String| Err(Stop::raise(class, message).because_of(&value.origin));
    match &value.data {
        Data::Int(number) if *number < 0.into() => {
            raise("ValueError", "maxlen must be non-negative".to_owned())
        }
        Data::Int(_) | Data::Bool(_) | Data::Unknown(_) => Ok(()),
        _ => raise("TypeError", "an integer is required".to_owned()),
    }
}
