//! `litellm/caching/caching.py`: `Cache.__init__`.

use crate::trace::DropReason;
use facts::Behaviour;
use python::{Data, Kwargs, Origin, PyResult, Raise, Stop, Value, convert, json, kwargs};

use super::objects::GlobalCache;
use super::process::Process;
use super::redis_cache::{Class, redis_cache};
use super::redis_py::from_url;
use crate::outcome::Api;

/// The arguments that Redis caches get by name, not through `**kwargs`.
const REDIS_NAMED: [&str; 4] = ["host", "port", "password", "redis_flush_size"];

/// `Cache(**arguments)`
///
/// # Errors
/// What the constructor of the chosen cache raises.
pub(super) fn cache(process: &mut Process<'_>, arguments: Kwargs) -> PyResult<GlobalCache> {
    let Some(signature) = process.pair.litellm_data().cache() else {
        return Err(Stop::Unknown("this release has no Cache".to_owned()));
    };
    if let Some(value) = arguments.get("self") {
        return Err(kwargs::given_twice(signature.qualname, "self", value));
    }
    let (own, mut rest) = kwargs::bind(&signature, arguments)?;
    let kind = match own.get("type") {
        Some(value) => value.clone(),
        None => Value::str("local", Origin::LitellmDefault("Cache.__init__")),
    };
    if let Data::Unknown(why) = &kind.data {
        return Err(Stop::Unknown(why.to_string()));
    }
    if let Some(backend) = own.given("_backend") {
        check_scope(process, &own)?;
        return Ok(GlobalCache::Other(backend.type_name().unwrap_or("object")));
    }
    let types = process.pair.litellm_data().cache_types();
    let known = kind.as_str().filter(|kind| types.contains(kind)).unwrap_or("");
    let cache = match known {
        "redis" => redis(process, &own, std::mem::take(&mut rest))?,
        "redis-semantic" => redis_semantic(process, &own, &rest)?,
        "valkey-semantic" => valkey_semantic(process, &own, &rest)?,
        "qdrant-semantic" => qdrant_semantic(process, &own)?,
        "local" => GlobalCache::Other("InMemoryCache"),
        "s3" => s3(process, &own, &rest)?,
        "gcs" => {
            path_prefix(&own, "gcs_path")?;
            GlobalCache::Other("GCSCache")
        }
        "azure-blob" => azure_blob(&own)?,
        "disk" if process.has("diskcache") => GlobalCache::Other("DiskCache"),
        "disk" => {
            let message = if process.pair.behaves(Behaviour::DiskCacheNamesItsExtra) {
                "Please install litellm with `litellm[caching]` to use disk caching."
            } else {
                "No module named 'diskcache'"
            };
            let stop = Stop::raise("ModuleNotFoundError", message).because_of(&kind.origin);
            return Err(stop.for_reason(Raise::NoPackage("diskcache")));
        }
        _ => return Err(unsupported_type(process, &kind)?),
    };
    if known != "redis" {
        note_unused(process, known, &own, &rest);
    }
    check_scope(process, &own)?;
    process.cache_arguments = Some(own);
    Ok(cache)
}

fn unsupported_type(process: &Process<'_>, kind: &Value) -> PyResult<Stop> {
    let stop = if process.pair.behaves(Behaviour::UnknownCacheTypeIsRefused) {
        let shown = convert::repr(kind)?;
        let supported = process.pair.litellm_data().cache_types().join(", ");
        let message = format!("Unsupported cache type {shown}. Supported types: {supported}");
        Stop::raise("ValueError", message)
    } else {
        Stop::raise("AttributeError", "'Cache' object has no attribute 'cache'")
    };
    Ok(stop.because_of(&kind.origin).for_reason(Raise::UnknownCacheType))
}

/// `SemanticCacheScope(semantic_cache_scope)`
fn check_scope(process: &Process<'_>, own: &Kwargs) -> PyResult<()> {
    let Some(value) = own.get("semantic_cache_scope") else {
        return Ok(());
    };
    if !process.pair.behaves(Behaviour::TypeCoercion) {
        return Ok(());
    }
    match value.as_str() {
        Some("key" | "end_user") => Ok(()),
        _ => {
            let message = format!("{} is not a valid SemanticCacheScope", convert::repr(value)?);
            Err(Stop::raise("ValueError", message).because_of(&value.origin))
        }
    }
}

/// `LiteLLMCacheType.REDIS`
fn redis(process: &mut Process<'_>, own: &Kwargs, rest: Kwargs) -> PyResult<GlobalCache> {
    let mut startup_nodes = own.arg("redis_startup_nodes").cloned();
    let given =
        startup_nodes.as_ref().is_some_and(|arg| convert::truth(&arg.value).unwrap_or(true));
    if !given {
        startup_nodes = None;
        if process.pair.behaves(Behaviour::ClusterNodesVariableMakesClusterCache)
            && let Some(variable) = process.get_secret("REDIS_CLUSTER_NODES")?
        {
            if let Some(text) = variable.as_str() {
                let nodes = json::loads(text, &variable.origin)?;
                if process.pair.behaves(Behaviour::ClusterNodesVariableIsValidated) {
                    check_node_list(&nodes)?;
                }
                if convert::truth(&nodes).unwrap_or(true) {
                    startup_nodes = Some(nodes.into());
                }
            } else if let Data::Unknown(why) = &variable.data {
                return Err(Stop::Unknown(why.to_string()));
            }
        }
    }
    let mut arguments = Kwargs::with_room(rest.len() + REDIS_NAMED.len() + 1);
    for name in REDIS_NAMED {
        if let Some(arg) = own.arg(name) {
            arguments.insert(name, arg.clone());
        }
    }
    let iam = ["gcp_service_account", "gcp_ssl_ca_certs"];
    let class = if !process.pair.behaves(Behaviour::StartupNodesMakeClusterCache) {
        if let Some(value) = rest.get("startup_nodes") {
            let function = "litellm.caching.redis_cache.RedisCache";
            return Err(kwargs::multiple_values(function, "startup_nodes", value));
        }
        if let Some(nodes) = own.arg("redis_startup_nodes") {
            arguments.insert("startup_nodes", nodes.clone());
        }
        arguments.update(rest);
        Class::RedisCache
    } else if let Some(nodes) = startup_nodes {
        if let Some(value) = rest.get("startup_nodes")
            && !process.pair.behaves(Behaviour::ClusterCacheMergesArguments)
        {
            let function = "litellm.caching.redis_cluster_cache.RedisClusterCache";
            return Err(kwargs::multiple_values(function, "startup_nodes", value));
        }
        arguments.insert("startup_nodes", nodes);
        arguments.update(rest);
        for name in iam {
            if let Some(arg) = own.arg(name).filter(|arg| !arg.value.is_none()) {
                arguments.insert(name, arg.clone());
            }
        }
        Class::RedisClusterCache
    } else {
        arguments.update(rest);
        for name in iam {
            if let Some(value) = own.given(name) {
                process.dropped(name, value, DropReason::CacheSwallowsIt);
            }
        }
        Class::RedisCache
    };
    redis_cache(process, class, arguments).map(GlobalCache::Redis)
}

/// `_REDIS_STARTUP_NODES_ADAPTER`: a list of mappings with text keys, strictly.
fn check_node_list(nodes: &Value) -> PyResult<()> {
    let problem = |at: &str, what: &str, kind: &str| {
        format!(
            "{at}  Input should be a valid {what} [type={kind}]\n    For further information visit https://errors.pydantic.dev/2.14/v/{kind}"
        )
    };
    let problems: Vec<String> = match &nodes.data {
        Data::List(items) => {
            let odd = items.iter().enumerate().filter(|(_, item)| item.as_dict().is_none());
            odd.map(|(at, _)| problem(&format!("{at}\n"), "dictionary", "dict_type")).collect()
        }
        _ => vec![problem("", "list", "list_type")],
    };
    let plural = match problems.len() {
        0 => return Ok(()),
        1 => "",
        _ => "s",
    };
    let message = format!(
        "{} validation error{plural} for list[dict[str,any]]\n{}",
        problems.len(),
        problems.join("\n")
    );
    let stop = Stop::raise("ValidationError", message).because_of(&nodes.origin);
    Err(stop.for_reason(Raise::ClusterNodesVariable))
}

/// `redis_semantic_cache.py`: `RedisSemanticCache.__init__`.
fn redis_semantic(process: &mut Process<'_>, own: &Kwargs, rest: &Kwargs) -> PyResult<GlobalCache> {
    let named = process.pair.behaves(Behaviour::SemanticCacheUsesRedisvlCache);
    let second = if named { "index_name" } else { "use_async" };
    given_beside(process, rest, "redis_semantic_cache.RedisSemanticCache", second)?;
    let lazy = process.pair.behaves(Behaviour::SemanticCacheIsLazy);
    if !lazy && process.has("redisvl") {
        // It builds the index: asks the model for a vector's length, and Redis for the index.
        process.starts_if = Some(
            "the answers of the embedding model and of Redis: redisvl builds its index at start-up",
        );
    } else if !lazy {
        // The import of redisvl comes first.
        let stop = Stop::raise("ModuleNotFoundError", "No module named 'redisvl'");
        return Err(stop.for_reason(Raise::NoPackage("redisvl")));
    }
    similarity(own)?;
    if let Some(url) = rest.given("redis_url") {
        process.semantic_url = Some(url.clone());
    } else {
        for (name, variable) in
            [("host", "REDIS_HOST"), ("port", "REDIS_PORT"), ("password", "REDIS_PASSWORD")]
        {
            let given = own.get(name).is_some_and(|v| convert::truth(v).unwrap_or(true));
            if !given && process.environ(variable).is_none() {
                let message = format!(
                    "Missing required Redis configuration: {variable}. Provide {variable} or redis_url."
                );
                let stop = Stop::raise("ValueError", message);
                return Err(stop.for_reason(Raise::NoSemanticTarget));
            }
        }
        let [host, port, password] =
            [("host", "REDIS_HOST"), ("port", "REDIS_PORT"), ("password", "REDIS_PASSWORD")]
                .map(|(name, variable)| first_set(process, own, name, &[variable]));
        process.semantic_url =
            Some(url_of("redis", host.as_ref(), port.as_ref(), password.as_ref(), false));
    }
    Ok(GlobalCache::Other("RedisSemanticCache"))
}

/// `own or os.environ[...]`
fn first_set(process: &Process<'_>, own: &Kwargs, name: &str, variables: &[&str]) -> Option<Value> {
    let set = |value: &Value| convert::truth(value).unwrap_or(true);
    own.get(name)
        .filter(|value| set(value))
        .cloned()
        .or_else(|| variables.iter().find_map(|name| process.environ(name).filter(|v| set(v))))
}

/// `f"redis://:{password}@{host}:{port}"`, and `build_valkey_url`, which quotes the password.
fn url_of(
    scheme: &str,
    host: Option<&Value>,
    port: Option<&Value>,
    password: Option<&Value>,
    quoted: bool,
) -> Value {
    let parts = [password, host, port];
    let origins: Vec<Origin> =
        parts.iter().filter_map(|v| Some(v.as_ref()?.origin.clone())).collect();
    let origin = Origin::computed("the url of the semantic cache", origins);
    let unknown = parts.iter().find_map(|value| match &value.as_ref()?.data {
        Data::Unknown(why) => Some(why.to_string()),
        _ => None,
    });
    if let Some(why) = unknown {
        return Value::new(Data::Unknown(why.into()), origin);
    }
    let text = |value: Option<&Value>| {
        value.and_then(|value| convert::str_of(value).ok()).unwrap_or_default()
    };
    let credentials = match &password {
        Some(_) if quoted => format!(":{}@", quote(&text(password))),
        None if quoted => String::new(),
        _ => format!(":{}@", text(password)),
    };
    Value::str(format!("{scheme}://{credentials}{}:{}", text(host), text(port)), origin)
}

/// `urllib.parse.quote(text, safe='')`
fn quote(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::new(), |mut quoted, byte| {
        if byte.is_ascii_alphanumeric() || b"_.-~".contains(&byte) {
            quoted.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(quoted, "%{byte:02X}");
        }
        quoted
    })
}

/// What a semantic cache is given by name already: `cache_params` of the same name come a second
/// time, through `**kwargs`.
fn given_beside(process: &Process<'_>, rest: &Kwargs, class: &str, second: &str) -> PyResult<()> {
    let limits = process.pair.behaves(Behaviour::SemanticCacheLimitsEmbedding);
    let named = |name: &str| match name {
        "embedding_model" => true,
        "embedding_max_input_tokens" | "embedding_timeout" => limits,
        other => other == second,
    };
    let twice = rest.iter().find(|(name, _)| named(name));
    match twice {
        Some((name, arg)) => {
            Err(kwargs::multiple_values(&format!("litellm.caching.{class}"), name, &arg.value))
        }
        None => Ok(()),
    }
}

/// `similarity_threshold`: given, and a number that 1 can be reduced by.
fn similarity(own: &Kwargs) -> PyResult<()> {
    let Some(value) = own.given("similarity_threshold") else {
        let message = "similarity_threshold must be provided, passed None";
        return Err(Stop::raise("ValueError", message));
    };
    match &value.data {
        Data::Int(_) | Data::Float(_) | Data::Bool(_) | Data::Unknown(_) => Ok(()),
        _ => {
            let kind = value.type_name().unwrap_or("object");
            let message = format!("unsupported operand type(s) for -: 'int' and '{kind}'");
            Err(Stop::raise("TypeError", message).because_of(&value.origin))
        }
    }
}

/// `valkey_semantic_cache.py`: `ValkeySemanticCache.__init__`.
fn valkey_semantic(
    process: &mut Process<'_>,
    own: &Kwargs,
    rest: &Kwargs,
) -> PyResult<GlobalCache> {
    if process.pair.behaves(Behaviour::SearchModuleRenamed) {
        let message = "No module named 'redis.commands.search.indexDefinition'";
        return Err(Stop::raise("ModuleNotFoundError", message));
    }
    given_beside(process, rest, "valkey_semantic_cache.ValkeySemanticCache", "index_name")?;
    if own.given("similarity_threshold").is_none() {
        let message = "similarity_threshold must be provided, passed None";
        return Err(Stop::raise("ValueError", message));
    }
    if let Some(nodes) = own.get("redis_startup_nodes")
        && convert::truth(nodes).unwrap_or(true)
    {
        let message = "valkey-semantic does not support cluster-mode-enabled (multi-shard) \
            endpoints. The async cluster client cannot route the FT.* search \
            commands reliably. Point it at a cluster-mode-disabled endpoint \
            instead (a primary with replicas is fine; only horizontal sharding \
            is unsupported), or pass a single redis_url. On AWS, vector search \
            needs ElastiCache for Valkey 8.2+ on a node-based cluster.";
        return Err(Stop::raise("ValueError", message).because_of(&nodes.origin));
    }
    let url = match rest.get("redis_url").filter(|v| convert::truth(v).unwrap_or(true)) {
        Some(url) => Some(url.clone()),
        None => {
            let host = first_set(process, own, "host", &["VALKEY_HOST", "REDIS_HOST"]);
            let port = first_set(process, own, "port", &["VALKEY_PORT", "REDIS_PORT"]);
            if host.is_none() || port.is_none() {
                let message = "Missing required Valkey configuration. Provide host and port \
                    (or VALKEY_HOST/VALKEY_PORT), or pass redis_url.";
                return Err(Stop::raise("ValueError", message));
            }
            let variables = ["VALKEY_PASSWORD", "REDIS_PASSWORD"];
            let password = first_set(process, own, "password", &variables);
            let ssl = rest.get("ssl").is_some_and(|ssl| convert::truth(ssl).unwrap_or(false));
            let scheme = if ssl { "rediss" } else { "redis" };
            process.semantic_url =
                Some(url_of(scheme, host.as_ref(), port.as_ref(), password.as_ref(), true));
            None
        }
    };
    if let Some(url) = url {
        for api in [Api::Sync, Api::Async] {
            from_url(process.pair, api, &url, &Kwargs::new(), false)?;
        }
        process.semantic_url = Some(url);
    }
    Ok(GlobalCache::Other("ValkeySemanticCache"))
}

/// `qdrant_semantic_cache.py`: checks, then asks the Qdrant server.
fn qdrant_semantic(process: &Process<'_>, own: &Kwargs) -> PyResult<GlobalCache> {
    for (name, shown) in [
        ("qdrant_collection_name", "collection_name"),
        ("similarity_threshold", "similarity_threshold"),
    ] {
        if own.given(name).is_none() {
            let message = format!("{shown} must be provided, passed None");
            return Err(Stop::raise("Exception", message));
        }
    }
    let base = own.given("qdrant_api_base").cloned();
    let set = |value: &Value| convert::truth(value).unwrap_or(true);
    let base = base.filter(set).or_else(|| {
        ["QDRANT_URL", "QDRANT_API_BASE"].iter().find_map(|name| process.environ(name).filter(set))
    });
    if base.is_none() {
        return Err(Stop::raise("ValueError", "Qdrant url must be provided"));
    }
    Err(Stop::Unknown("the Qdrant server is asked at start-up".to_owned()))
}

/// `path.rstrip("/")` of a path that is set.
fn path_prefix(own: &Kwargs, name: &str) -> PyResult<()> {
    match own.get(name) {
        Some(path) if path.as_str().is_none() && convert::truth(path).unwrap_or(false) => {
            Err(Stop::no_attribute(path, "rstrip"))
        }
        _ => Ok(()),
    }
}

/// What LiteLLM gives `boto3.client("s3", …)` by name.
const BOTO3_GIVEN: [&str; 9] = [
    "region_name",
    "endpoint_url",
    "api_version",
    "use_ssl",
    "verify",
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "config",
];

/// `s3_cache.py`: `S3Cache.__init__`; what it does not know goes to boto3.
fn s3(process: &Process<'_>, own: &Kwargs, rest: &Kwargs) -> PyResult<GlobalCache> {
    let known = process.pair.litellm_data().s3_cache();
    let rest = rest.filter(|name| known.is_none_or(|signature| !signature.names(name)));
    path_prefix(own, "s3_path")?;
    if let Some(region) = own.get("s3_region_name")
        && !matches!(region.data, Data::None | Data::Str(_) | Data::Unknown(_))
    {
        let kind = region.type_name().unwrap_or("object");
        let message = format!("expected string or bytes-like object, got '{kind}'");
        return Err(Stop::raise("TypeError", message).because_of(&region.origin));
    }
    for (name, arg) in rest.iter() {
        if BOTO3_GIVEN.contains(&&**name) {
            return Err(kwargs::multiple_values("boto3.client", name, &arg.value));
        }
    }
    match rest.iter().find(|(name, _)| &***name != "aws_account_id") {
        // Its first argument is "s3", which `boto3.client` passes on by place.
        Some((name, arg)) if &**name == "service_name" => {
            let message = "Session.client() got multiple values for argument 'service_name'";
            Err(Stop::raise("TypeError", message).because_of(&arg.value.origin))
        }
        Some((name, arg)) => Err(kwargs::unexpected("Session.client", name, &arg.value)),
        None => Ok(GlobalCache::Other("S3Cache")),
    }
}

/// `azure_blob_cache.py`: makes the container at start-up.
fn azure_blob(own: &Kwargs) -> PyResult<GlobalCache> {
    match own.given("azure_account_url") {
        Some(url) if url.as_str().is_some() || matches!(url.data, Data::Unknown(_)) => {
            Err(Stop::Unknown("the Azure storage account is asked at start-up".to_owned()))
        }
        _ => Err(Stop::raise("ValueError", "Account URL must be a string.")),
    }
}

/// Redis settings beside a cache that does not use them.
fn note_unused(process: &mut Process<'_>, kind: &str, own: &Kwargs, rest: &Kwargs) {
    let semantic = matches!(kind, "redis-semantic" | "valkey-semantic");
    for (name, arg) in own.iter().chain(rest.iter()) {
        let target = matches!(&**name, "host" | "port" | "password" | "redis_startup_nodes");
        let known = own.contains(name);
        let used = match kind {
            "redis-semantic" => &**name == "redis_url",
            "valkey-semantic" => matches!(&**name, "redis_url" | "ssl"),
            "s3" => true,
            _ => false,
        };
        let unused = if known { target && !semantic && kind != "s3" } else { !used };
        if unused && !arg.value.is_none() {
            process.dropped(name, &arg.value, DropReason::NotForThisCacheType);
        }
    }
}
