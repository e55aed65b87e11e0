//! `litellm/proxy/proxy_server.py`: `ProxyConfig.load_config`.

mod environment_variables;
mod get_config;

use crate::trace::DropReason;
use facts::catalogue::Kind;
use facts::{Behaviour, constants};
use python::{Data, Dict, Kwargs, Origin, PyResult, Raise, Stop, Value, convert, kwargs};

use super::caching;
use super::callbacks;
use super::coordination::{self, init_coordination_redis, usage_cache_from_environment};
use super::http_clients;
use super::objects::{GlobalCache, RedisCacheId};
use super::process::Process;
use super::pydantic::{Problem, validation_error};
use super::router;
use super::sections::{self, section};
use super::settings;
use environment_variables::load_environment_variables;
use get_config::get_config;

/// What `load_config` leaves behind.
pub(super) struct Loaded {
    /// The router's own Redis.
    pub(super) router_cache: Option<RedisCacheId>,
    /// Coordination from `REDIS_*` alone: used only where that Redis answers at start-up.
    pub(super) usage_if_reachable: Option<RedisCacheId>,
    /// The config, its references resolved.
    pub(super) config: Value,
    /// `Router.cache_responses`, where the config sets it.
    pub(super) cache_responses: Option<Value>,
}

/// Loads a config that was read from YAML.
///
/// # Errors
/// What stops the proxy.
pub(super) fn load_config(process: &mut Process<'_>, root: &Value) -> PyResult<Loaded> {
    import_constants(process)?;
    http_clients::imported(process)?;
    let config = get_config(process, root)?;
    load_environment_variables(process, &config)?;
    if process.pair.behaves(Behaviour::ConfigNamesMustBeText) {
        names_are_text(&config)?;
        if let Some(settings) = section(&config, "general_settings")
            && convert::truth(settings).unwrap_or(false)
        {
            names_are_text(settings)?;
        }
    }
    let coordination = init_coordination_redis(process, &config)?;
    process.usage_cache = coordination;
    litellm_settings(process, &config)?;
    let mut usage_if_reachable = None;
    if process.usage_cache.is_none()
        && process.pair.behaves(Behaviour::CoordinationFromEnvironmentAlone)
    {
        // A failure here is logged and forgotten.
        let refuses = process.cluster_refuses.take();
        usage_if_reachable = usage_cache_from_environment(process).unwrap_or(None);
        // What it raises is caught.
        if process.cluster_refuses.take().is_some() {
            usage_if_reachable = None;
        }
        process.cluster_refuses = refuses;
    }
    general_settings(process, &config)?;
    model_list(process, &config)?;
    for (name, shown) in [("finetune_settings", "fine_tuning"), ("files_settings", "files")] {
        if let Some(value) = section(&config, name)
            && !value.is_none()
            && value.as_list().is_none()
        {
            let message = format!("invalid {shown} config, expected a list is not a list");
            return Err(Stop::raise("ValueError", message).because_of(&value.origin));
        }
    }
    sections::assistant_settings(&config)?;
    let settings = section(&config, "router_settings");
    let empty = Value::none(Origin::LitellmDefault("load_config"));
    let settings = settings.filter(|value| router::is_filled_dict(value)).unwrap_or(&empty);
    let mut params = router::router_params(process, settings)?;
    router::from_general_settings(process, section(&config, "general_settings"), &mut params);
    let router_cache = router::router_cache(process, &config, &params)?;
    sections::default_vertex_config(&config)?;
    if process.pair.behaves(Behaviour::RouterGetsSearchTools) {
        sections::search_tools(&config)?;
    }
    sections::guardrails(process, &config)?;
    if process.pair.behaves(Behaviour::CredentialListIsRead) {
        sections::credential_list(process, &config)?;
    }
    if let Some(GlobalCache::Junk(value)) = &process.cache {
        return Err(Stop::no_attribute(value, "cache").for_reason(Raise::NotACache));
    }
    let cache_responses = params.get("cache_responses").cloned();
    Ok(Loaded { router_cache, usage_if_reachable, config, cache_responses })
}

/// `TypeAdapter(dict[str, Any]).validate_python(value)`
fn names_are_text(value: &Value) -> PyResult<()> {
    let problems: Vec<Problem> = match &value.data {
        Data::Unknown(_) => vec![],
        Data::Dict(dict) => {
            let keys = dict.entries.iter().map(|entry| &entry.key);
            keys.filter(|key| key.as_str().is_none()).map(Problem::key_is_no_text).collect()
        }
        _ => {
            vec![Problem::new("", "Input should be a valid dictionary", "dict_type", value)]
        }
    };
    if problems.is_empty() {
        return Ok(());
    }
    Err(validation_error("dict[str,any]", &problems, &value.origin))
}

/// Constants that are read from the environment when LiteLLM is imported.
///
/// # Errors
/// `ValueError` for what is not a number, on releases that want one.
pub(super) fn import_constants(process: &Process<'_>) -> PyResult<()> {
    // Releases that ignore a bad `REDIS_SOCKET_TIMEOUT` ignore every bad number.
    if process.pair.behaves(Behaviour::SocketTimeoutConstantFillsIn)
        || !process.pair.behaves(Behaviour::ConstantsReadEnvironment)
    {
        return Ok(());
    }
    for constant in constants().filter(|one| one.known_to(process.pair)) {
        if let Some(value) = process.import_environ(constant.name)
            && value.as_str().is_some()
        {
            if constant.kind == Kind::Int {
                convert::int(&value)?;
            } else {
                convert::float(&value)?;
            }
        }
    }
    Ok(())
}

/// The loop over `litellm_settings`.
fn litellm_settings(process: &mut Process<'_>, config: &Value) -> PyResult<()> {
    let Some(settings) = section(config, "litellm_settings") else {
        return Ok(());
    };
    if settings.is_none() || !convert::truth(settings)? {
        return Ok(());
    }
    let Some(dict) = settings.as_dict() else {
        return Err(litellm_settings_shape(process, settings));
    };
    for entry in &dict.entries {
        match (entry.key.as_str(), &entry.value.data) {
            (Some("cache"), Data::Bool(true)) => {
                let params = cache_params(process, dict.get("cache_params"))?;
                init_cache(process, params)?;
            }
            (Some("cache"), Data::Bool(false)) => {}
            (Some("cache"), Data::Unknown(why)) => return Err(Stop::Unknown(why.to_string())),
            (Some("cache"), Data::None) => process.cache = None,
            (Some("cache"), _) => process.cache = Some(GlobalCache::Junk(entry.value.clone())),
            (Some("default_redis_ttl"), _) => {
                process.default_redis_ttl = Some(entry.value.clone());
            }
            (Some("default_in_memory_ttl"), _) => {
                process.default_in_memory_ttl = Some(entry.value.clone());
            }
            (Some("default_redis_batch_cache_expiry"), _) => {
                process.default_redis_batch_cache_expiry = Some(entry.value.clone());
            }
            (Some("ssl_verify"), _) => process.ssl_verify = Some(entry.value.clone()),
            (Some("ssl_certificate"), _) => process.ssl_certificate = Some(entry.value.clone()),
            (Some("callbacks"), _) => callbacks::callbacks(process.pair, &entry.value)?,
            (Some("success_callback" | "failure_callback"), _) => {
                callbacks::of_outcome(process.pair, &entry.value)?;
            }
            (Some("default_team_settings"), _) => default_team_settings(&entry.value)?,
            (Some("upperbound_key_generate_params"), data)
                if !matches!(data, Data::Dict(_) | Data::Unknown(_)) =>
            {
                let written = convert::str_of(&entry.value)?;
                let message = format!(
                    "Invalid value set for upperbound_key_generate_params - value={written}"
                );
                return Err(Stop::raise("Exception", message).because_of(&entry.value.origin));
            }
            (None, _) => {
                // `setattr(litellm, key, value)`
                let kind = entry.key.type_name().unwrap_or("object");
                let message = format!("attribute name must be string, not '{kind}'");
                return Err(Stop::raise("TypeError", message).because_of(&entry.key.origin));
            }
            (Some(name), _) => settings::litellm_setting(process, name, &entry.value)?,
        }
    }
    let on = matches!(dict.get("cache").map(|cache| &cache.data), Some(Data::Bool(true)));
    if !on && let Some(entry) = dict.entry("cache_params") {
        process.dropped("litellm_settings.cache_params", &entry.key, DropReason::CacheIsOff);
    }
    Ok(())
}

/// The loop over `default_team_settings`: each team is a mapping with its id.
fn default_team_settings(value: &Value) -> PyResult<()> {
    let raise =
        |class: &str, message: String| Err(Stop::raise(class, message).because_of(&value.origin));
    let without_id = |passed: String| {
        raise(
            "Exception",
            format!(
                "team_id missing from default_team_settings at index=0\npassed in value={passed}"
            ),
        )
    };
    match &value.data {
        Data::None | Data::Bool(_) | Data::Int(_) | Data::Float(_) => {
            let kind = value.type_name().unwrap_or("object");
            raise("TypeError", format!("'{kind}' object is not iterable"))
        }
        Data::Str(text) if !text.is_empty() => without_id("<class 'str'>".to_owned()),
        Data::Dict(dict) if !dict.entries.is_empty() => {
            let kind = dict.entries[0].key.type_name().unwrap_or("object");
            without_id(format!("<class '{kind}'>"))
        }
        Data::List(items) => items.iter().enumerate().try_for_each(|(at, item)| {
            let kind = match &item.data {
                Data::Dict(_) | Data::Unknown(_) => return Ok(()),
                _ => item.type_name().unwrap_or("object"),
            };
            let message = format!(
                "team_id missing from default_team_settings at index={at}\npassed in value=<class '{kind}'>"
            );
            Err(Stop::raise("Exception", message).because_of(&item.origin))
        }),
        _ => Ok(()),
    }
}

/// `litellm_settings` that is not a mapping.
fn litellm_settings_shape(process: &Process<'_>, settings: &Value) -> Stop {
    // Settings are searched for those whose types are coerced.
    let searched = process.pair.behaves(Behaviour::TypeCoercion)
        && !matches!(settings.data, Data::List(_) | Data::Str(_) | Data::Set(_) | Data::Bytes(_));
    if !process.pair.behaves(Behaviour::SettingsAreValidatedAsJson) && !searched {
        return Stop::no_attribute(settings, "items");
    }
    let kind = settings.type_name().unwrap_or("object");
    match settings.data {
        Data::List(_) | Data::Str(_) | Data::Set(_) => {
            let problem =
                Problem::new("", "Input should be a valid dictionary", "dict_type", settings);
            validation_error("StartupOutputSettings", &[problem], &settings.origin)
        }
        _ => {
            let message = format!("argument of type '{kind}' is not iterable");
            Stop::raise("TypeError", message).because_of(&settings.origin)
        }
    }
}

/// `cache_params`, filled from `REDIS_*` where the config gives none.
fn cache_params(process: &mut Process<'_>, written: Option<&Value>) -> PyResult<Kwargs> {
    let mut pairs = Vec::new();
    if let Some(written) = written {
        kwargs::dict_update(&mut pairs, written)?;
    }
    let mut params = Kwargs::with_room(pairs.len());
    if pairs.is_empty() {
        let origin = || Origin::LitellmDefault("load_config");
        params.insert("type", Value::str("redis", origin()));
        for (name, variable) in
            [("host", "REDIS_HOST"), ("port", "REDIS_PORT"), ("password", "REDIS_PASSWORD")]
        {
            match process.get_secret(variable)? {
                Some(value) => params.insert(name, value),
                None if name == "password" => {}
                None => params.insert(name, Value::none(origin())),
            }
        }
        return Ok(params);
    }
    for (key, value) in pairs {
        let Data::Str(name) = key.data else {
            return Err(
                Stop::raise("TypeError", "keywords must be strings").because_of(&key.origin)
            );
        };
        let value = match value.as_str() {
            Some(text) if text.starts_with("os.environ/") => {
                process.resolve_reference(text, &value)?
            }
            _ => value,
        };
        params.insert(name, value);
    }
    Ok(params)
}

/// `_init_cache`
fn init_cache(process: &mut Process<'_>, params: Kwargs) -> PyResult<()> {
    if let Some(ttl) = params.get("default_redis_ttl") {
        if process.pair.behaves(Behaviour::DefaultRedisTtlIsRead) {
            process.default_redis_ttl = Some(ttl.clone());
        } else {
            let missing = || Stop::raise("KeyError", "'default_in_redis_ttl'");
            let other = params.get("default_in_redis_ttl");
            let ttl = other.ok_or_else(|| missing().because_of(&ttl.origin))?;
            process.default_redis_ttl = Some(ttl.clone());
        }
    }
    if let Some(ttl) = params.get("default_in_memory_ttl") {
        process.default_in_memory_ttl = Some(ttl.clone());
    }
    let cache = caching::cache(process, params)?;
    process.cache = Some(cache.clone());
    match cache {
        _ if process.usage_cache.is_some() => {}
        GlobalCache::Redis(id) => process.usage_cache = Some(id),
        _ if process.pair.behaves(Behaviour::CoordinationRedis) => {
            process.usage_cache = usage_cache_from_environment(process)?;
        }
        _ => {}
    }
    match process.usage_cache {
        Some(id) => coordination::attach_redis_usage_cache(process, id),
        None => Ok(()),
    }
}

/// `general_settings`, as far as its shape stops start-up.
fn general_settings(process: &mut Process<'_>, config: &Value) -> PyResult<()> {
    let Some(settings) = section(config, "general_settings") else {
        return Ok(());
    };
    if let Some(settings) = settings.as_dict() {
        settings::general_settings(process, settings)?;
        sections::general_settings(settings)?;
        key_cache_size(process, settings)?;
        return settings::late_general_settings(process, settings);
    }
    if settings.is_none() {
        return Ok(());
    }
    if !convert::truth(settings)? && !process.pair.behaves(Behaviour::CoordinationRedis) {
        return Ok(());
    }
    Err(Stop::no_attribute(settings, "get"))
}

/// `ConfigGeneralSettings.model_validate({"user_api_key_cache_max_size": …})`
fn key_cache_size(process: &Process<'_>, settings: &Dict) -> PyResult<()> {
    let name = "user_api_key_cache_max_size";
    let given = settings.get(name).filter(|value| !value.is_none());
    let Some(value) = given.filter(|_| process.pair.behaves(Behaviour::AuthCacheSize)) else {
        return Ok(());
    };
    let mut problems = Vec::new();
    if !matches!(value.data, Data::Unknown(_)) {
        let size = coordination::int(name, value, &mut problems);
        if matches!(size.map(|size| size.data), Some(Data::Int(size)) if size <= 0.into()) {
            let message = "Input should be greater than 0";
            problems.push(Problem::new(name, message, "greater_than", value));
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(validation_error("ConfigGeneralSettings", &problems, &value.origin))
}

/// The loop over `model_list`: each entry needs `litellm_params` with a `model`.
fn model_list(process: &Process<'_>, config: &Value) -> PyResult<()> {
    let Some(models) = section(config, "model_list") else {
        return Ok(());
    };
    if models.is_none() || !convert::truth(models)? {
        return Ok(());
    }
    for model in super::redis_py::iterate(models)? {
        let raise = |class: &str, message: String| {
            Err(Stop::raise(class, message).because_of(&model.origin))
        };
        let Some(dict) = model.as_dict() else {
            let kind = model.type_name().unwrap_or("object");
            let no_get = process.pair.behaves(Behaviour::AwsIam);
            return match model.data {
                _ if no_get => Err(Stop::no_attribute(&model, "get")),
                Data::Str(_) => {
                    raise("TypeError", "string indices must be integers, not 'str'".to_owned())
                }
                Data::List(_) => raise(
                    "TypeError",
                    "list indices must be integers or slices, not str".to_owned(),
                ),
                _ => raise("TypeError", format!("'{kind}' object is not subscriptable")),
            };
        };
        let Some(params) = dict.get("litellm_params") else {
            return raise("KeyError", "'litellm_params'".to_owned());
        };
        match &params.data {
            Data::Dict(params) if params.get("model").is_none() => {
                return raise("KeyError", "'model'".to_owned());
            }
            Data::Dict(params)
                if dict.get("model_name").is_none()
                    && params.get("model").is_some_and(|model| model.as_str().is_some()) =>
            {
                return raise("KeyError", "'model_name'".to_owned());
            }
            Data::None => {
                let message = "'NoneType' object has no attribute 'items'";
                return raise("AttributeError", message.to_owned());
            }
            _ => {}
        }
    }
    Ok(())
}
