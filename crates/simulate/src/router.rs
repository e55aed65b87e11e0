//! `Router.__init__`: the Redis part.

use crate::trace::DropReason;
use facts::Behaviour;
use facts::litellm_names::{GIVEN, MANAGED};
use python::{Data, Entry, Kwargs, Origin, PyResult, Raise, Stop, Value, convert, json, kwargs};

use super::caching;
use super::coordination;
use super::http_clients;
use super::objects::RedisCacheId;
use super::process::Process;
use super::redis_cache::{Class, redis_cache};
use super::redis_py::iterate;
use super::router_settings;

/// The router settings that `Router.__init__` takes.
///
/// # Errors
/// `ValueError` for keys that belong elsewhere, `TypeError` for keys that LiteLLM gives itself.
pub(super) fn router_params(process: &mut Process<'_>, settings: &Value) -> PyResult<Kwargs> {
    let mut params = Kwargs::new();
    params.insert(
        "cache_responses",
        Value::bool(process.cache.is_some(), Origin::LitellmDefault("load_config")),
    );
    let Some(dict) = settings.as_dict() else {
        return Ok(params);
    };
    let Some(signature) = process.pair.litellm_data().router() else {
        return Ok(params);
    };
    let coerces = process.pair.behaves(Behaviour::TypeCoercion);
    let search_tools = process.pair.behaves(Behaviour::RouterGetsSearchTools);
    for entry in &dict.entries {
        let name = entry.key.as_str().unwrap_or("");
        let managed = MANAGED.contains(&name)
            || (name == "search_tools" && search_tools)
            || (coerces && GIVEN.contains(&name));
        if signature.names(name) && !managed {
            params.insert(python::Name::written(name), entry.value.clone());
        } else {
            let misplaced = matches!(name, "health_check_interval" | "health_check_concurrency");
            if misplaced && process.pair.behaves(Behaviour::RouterRefusesHealthCheckInterval) {
                let message = format!(
                    "'{name}' is NOT a valid router_settings parameter. Please move it to 'general_settings'."
                );
                let stop = Stop::raise("ValueError", message).because_of(&entry.key.origin);
                return Err(stop.for_reason(Raise::MisplacedRouterSetting));
            }
            process.dropped(
                &format!("router_settings.{name}"),
                &entry.key,
                DropReason::NotARouterSetting,
            );
        }
    }
    let invalid = process.pair.behaves(Behaviour::RouterIgnoresInvalidDeployments);
    let mut given = GIVEN.iter().filter(|name| invalid || **name != "ignore_invalid_deployments");
    match given.find_map(|name| Some((*name, params.get(name)?))) {
        Some((name, value)) => Err(kwargs::multiple_values("litellm.router.Router", name, value)),
        None => Ok(params),
    }
}

/// What `load_config` hands the router of `general_settings`, where that knows it.
pub(super) fn from_general_settings(
    process: &Process<'_>,
    general: Option<&Value>,
    params: &mut Kwargs,
) {
    let name = "health_check_staleness_threshold";
    let given = general.and_then(Value::as_dict).and_then(|general| general.get(name));
    let known = process.pair.litellm_data().router().is_some_and(|router| router.names(name));
    if let Some(value) = given.filter(|value| known && !value.is_none())
        && params.get(name).is_none()
    {
        params.insert(name, value.clone());
    }
}

/// The Redis part of `Router.__init__(**params)`: the router's own Redis, if it gets one.
///
/// # Errors
/// What building it raises.
pub(super) fn router_cache(
    process: &mut Process<'_>,
    loaded: &Value,
    params: &Kwargs,
) -> PyResult<Option<RedisCacheId>> {
    process.module.service_logging()?;
    let (url, host, port) =
        (params.arg("redis_url"), params.arg("redis_host"), params.arg("redis_port"));
    let given = |arg: Option<&kwargs::Arg>| arg.is_some_and(|arg| !arg.value.is_none());
    let mut cache_type = "local";
    let mut config = Kwargs::new();
    let mut own = None;
    let rust = process.pair.behaves(Behaviour::RustRouter);
    // `load_config` resolves them before it makes the router.
    router_settings::plugins(params)?;
    if rust {
        // `build_router_config`, before anything is made.
        check_routing(process, params)?;
        router_settings::check(process, params)?;
    }
    if given(url) || (given(host) && given(port)) {
        cache_type = "redis";
        for (name, arg) in [("url", url), ("host", host)] {
            if let Some(arg) = arg.filter(|arg| !arg.value.is_none()) {
                config.insert(name, arg.clone());
            }
        }
        if let Some(arg) = port.filter(|arg| !arg.value.is_none()) {
            config.insert("port", as_text(&arg.value)?);
        }
        if let Some(arg) = params.arg("redis_password").filter(|arg| !arg.value.is_none()) {
            config.insert("password", arg.clone());
        }
        if let Some(db) = params.given("redis_db") {
            config.insert("db", as_text(db)?);
        }
        if let Some(extra) = params.get("cache_kwargs") {
            update_config(process, &mut config, extra)?;
        }
        if !rust {
            own = Some(create_redis_cache(process, &config)?);
        }
    } else {
        for name in ["redis_host", "redis_port", "redis_password", "redis_db", "cache_kwargs"] {
            if let Some(value) = params.given(name)
                && convert::truth(value).unwrap_or(true)
            {
                process.dropped(
                    &format!("router_settings.{name}"),
                    value,
                    DropReason::RouterHasNoTarget,
                );
            }
        }
    }
    let responses = params.get("cache_responses");
    let responses = responses.is_some_and(|value| convert::truth(value).unwrap_or(true));
    if responses && process.cache.is_none() {
        if let Some(value) = config.get("type") {
            let function = "litellm.caching.caching.Cache";
            return Err(kwargs::multiple_values(function, "type", value));
        }
        let mut arguments = Kwargs::new();
        arguments.insert("type", Value::str(cache_type, Origin::LitellmDefault("Router.__init__")));
        arguments.update(config.clone());
        process.cache = Some(caching::cache(process, arguments)?);
    }
    if rust {
        if cache_type == "redis" {
            let built = create_redis_cache(process, &config)?;
            coordination::attach_redis_usage_cache(process, built)?;
            own = Some(built);
        }
        router_settings::tiers(process)?;
        if let Some(shared) = process.usage_cache.filter(|_| own.is_none()) {
            coordination::attach_redis_usage_cache(process, shared)?;
        }
        router_settings::check_late(params)?;
        return Ok(own);
    }
    http_clients::of_models(process, loaded)?;
    router_settings::default_params(params)?;
    check_routing(process, params)?;
    router_settings::check(process, params)?;
    Ok(own)
}

/// `VALID_ROUTING_STRATEGIES`
const STRATEGIES: [&str; 8] = [
    "simple-shuffle",
    "lar1",
    "least-busy",
    "latency-based-routing",
    "cost-based-routing",
    "usage-based-routing-v2",
    "usage-based-routing",
    "provider-budget-routing",
];

/// The fallbacks, and `validate_routing_strategy`.
fn check_routing(process: &Process<'_>, params: &Kwargs) -> PyResult<()> {
    let module = &process.module;
    validate_fallbacks(process, params.get("fallbacks"), module.fallbacks.as_ref())?;
    if process.pair.behaves(Behaviour::FallbackTargetsAreChecked) {
        let own = params.get("default_fallbacks");
        let own = own.filter(|value| convert::truth(value).unwrap_or(false));
        if let Some(given) = own.or(module.default_fallbacks.as_ref())
            && given.as_str().is_some()
        {
            let shown = convert::str_of(given)?;
            let message = format!(
                "default_fallbacks must be a list of model names, got '{shown}'. Use ['{shown}']"
            );
            return Err(Stop::raise("TypeError", message).because_of(&given.origin));
        }
    }
    let module = module.content_policy_fallbacks.as_ref();
    validate_fallbacks(process, params.get("content_policy_fallbacks"), module)?;
    let lar1 = process.pair.behaves(Behaviour::RoutingStrategyLar1);
    let strategies: Vec<&str> =
        STRATEGIES.into_iter().filter(|name| lar1 || *name != "lar1").collect();
    if process.pair.behaves(Behaviour::RoutingStrategyIsChecked)
        && let Some(strategy) = params.given("routing_strategy")
        && !matches!(strategy.data, Data::Unknown(_))
        && !strategy.as_str().is_some_and(|name| strategies.contains(&name))
    {
        let message = format!(
            "Invalid routing_strategy: '{}'. Valid options: ['{}']. \
             Check 'router_settings.routing_strategy' in your config.yaml \
             or the 'routing_strategy' parameter if using the Router SDK directly.",
            convert::str_of(strategy)?,
            strategies.join("', '"),
        );
        let stop = Stop::raise("ValueError", message).because_of(&strategy.origin);
        return Err(stop.for_reason(Raise::RoutingStrategy));
    }
    Ok(())
}

/// `validate_fallbacks(given or litellm.fallbacks)`: what the module has is looked at although it be false.
fn validate_fallbacks(
    process: &Process<'_>,
    given: Option<&Value>,
    module: Option<&Value>,
) -> PyResult<()> {
    let rust = process.pair.behaves(Behaviour::RustRouter);
    let truthy = |value: &&Value| convert::truth(value).unwrap_or(false);
    let given = given.filter(truthy).filter(|value| !rust || value.as_list().is_some());
    let module = module.filter(|value| !value.is_none()).filter(|value| !rust || truthy(value));
    let Some(given) = given.or(module).filter(|value| !matches!(value.data, Data::Unknown(_)))
    else {
        return Ok(());
    };
    for item in iterate(given)? {
        let shown = || convert::str_of(&item);
        let message = match &item.data {
            Data::Dict(dict) if dict.entries.len() == 1 => {
                if process.pair.behaves(Behaviour::FallbackTargetsAreChecked) {
                    check_targets(&dict.entries[0])?;
                }
                continue;
            }
            Data::Unknown(_) => continue,
            Data::Dict(dict) => format!(
                "Dictionary '{}' must have exactly one key, but has {} keys.",
                shown()?,
                dict.entries.len()
            ),
            _ => format!("Item '{}' is not a dictionary.", shown()?),
        };
        return Err(Stop::raise("ValueError", message).because_of(&item.origin));
    }
    Ok(())
}

/// A fallback's targets are a list, or one fallback of another form: a mapping that names a model.
fn check_targets(fallback: &Entry) -> PyResult<()> {
    let targets = &fallback.value;
    if matches!(targets.data, Data::List(_) | Data::Unknown(_))
        || fallback.key.as_str() == Some("model")
    {
        return Ok(());
    }
    let (group, shown) = (convert::str_of(&fallback.key)?, convert::str_of(targets)?);
    let message = format!(
        "Fallbacks for '{group}' must be a list of model names, got '{shown}'. Use {{'{group}': ['{shown}']}}"
    );
    Err(Stop::raise("TypeError", message).because_of(&targets.origin))
}

/// `str(value)`, which is how the router hands on its port and db.
fn as_text(value: &Value) -> PyResult<Value> {
    match convert::str_of(value) {
        Ok(text) => Ok(Value::str(text, value.origin.clone())),
        Err(Stop::Unknown(_)) => Ok(value.clone()),
        Err(stop) => Err(stop),
    }
}

/// `cache_config.update(cache_kwargs)`
fn update_config(process: &Process<'_>, config: &mut Kwargs, extra: &Value) -> PyResult<()> {
    if process.pair.behaves(Behaviour::RustRouter) {
        // `if isinstance(extra, dict)`, names as text.
        for entry in extra.as_dict().iter().flat_map(|dict| &dict.entries) {
            config.insert(convert::str_of(&entry.key)?, entry.value.clone());
        }
        return Ok(());
    }
    let mut pairs = Vec::new();
    kwargs::dict_update(&mut pairs, extra)?;
    for (key, value) in pairs {
        let Data::Str(name) = key.data else {
            return Err(
                Stop::raise("TypeError", "keywords must be strings").because_of(&key.origin)
            );
        };
        config.insert(name, value);
    }
    Ok(())
}

/// `Router._create_redis_cache`
fn create_redis_cache(process: &mut Process<'_>, config: &Kwargs) -> PyResult<RedisCacheId> {
    let mut config = config.clone();
    let nodes = config.get("startup_nodes");
    let mut cluster = nodes.is_some_and(|nodes| convert::truth(nodes).unwrap_or(true))
        && process.pair.behaves(Behaviour::RouterStartupNodesMakeClusterCache);
    if !cluster
        && process.pair.behaves(Behaviour::ClusterNodesVariableMakesClusterCache)
        && let Some(variable) = process.get_secret("REDIS_CLUSTER_NODES")?
        && let Some(text) = variable.as_str()
    {
        let nodes = json::loads(text, &variable.origin)?;
        if convert::truth(&nodes).unwrap_or(true) {
            config.insert("startup_nodes", nodes);
            cluster = true;
        }
    }
    let class = if cluster { Class::RedisClusterCache } else { Class::RedisCache };
    redis_cache(process, class, config)
}

/// Whether a section is a mapping that holds anything.
pub(super) fn is_filled_dict(value: &Value) -> bool {
    matches!(&value.data, Data::Dict(dict) if !dict.entries.is_empty())
}
