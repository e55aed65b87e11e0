//! `litellm/_redis.py`: `_get_redis_client_logic` and the allow-lists.

mod iam;
mod kwarg_names;

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use crate::trace::{DropReason, Event};
use facts::{Behaviour, DefaultValue};
use python::{Data, Kwargs, Origin, PyResult, Raise, Stop, Value, case, convert, json};

use super::objects::{Known, Overrides};
use super::process::Process;
use iam::resolve_iam;
pub(super) use kwarg_names::{kwargs_from_environment, redis_kwarg_names};

impl Overrides {
    /// Notes what [`redis_client_logic`] notes each time, where it would do the same again.
    pub(super) fn notes_again(&self, process: &mut Process<'_>) -> bool {
        let logic = self.logic.borrow();
        let known = logic.as_ref().filter(|known| known.state == process.state());
        process.trace.extend(known.iter().flat_map(|known| &known.overridden).cloned());
        known.is_some()
    }
}

/// What `work` makes of the arguments, worked out once in each state of the process.
fn once(
    process: &mut Process<'_>,
    known: &RefCell<Option<Known>>,
    work: impl FnOnce(&mut Process<'_>) -> PyResult<Kwargs>,
) -> PyResult<Rc<Kwargs>> {
    let state = process.state();
    if let Some(known) = known.borrow().as_ref().filter(|known| known.state == state) {
        process.trace.extend(known.overridden.iter().cloned());
        return Ok(known.kwargs.clone());
    }
    let noted = process.trace.len();
    let kwargs = Rc::new(work(process)?);
    // What is dropped is noted once.
    let again = process.trace[noted..].iter().filter(|one| matches!(one, Event::Overridden { .. }));
    let overridden = again.cloned().collect();
    *known.borrow_mut() = Some(Known { state, kwargs: kwargs.clone(), overridden });
    Ok(kwargs)
}

/// `_get_redis_client_logic(**overrides)`: the arguments for redis-py.
///
/// # Errors
/// `ValueError` without a target, and what JSON and IAM settings raise.
pub(super) fn redis_client_logic(
    process: &mut Process<'_>,
    overrides: &Overrides,
) -> PyResult<Rc<Kwargs>> {
    once(process, &overrides.logic, |process| work_out(process, overrides))
}

fn work_out(process: &mut Process<'_>, overrides: &Overrides) -> PyResult<Kwargs> {
    let pair = process.pair;
    let mut redis_kwargs = if pair.behaves(Behaviour::RustClient) {
        let mut merged = Rc::unwrap_or_clone(merge_redis_kwargs(process, overrides)?);
        topology_of_merged(&mut merged)?;
        merged
    } else {
        let mut layered = layer(process, &overrides.kwargs)?;
        resolve_topology(process, &mut layered)?;
        layered
    };
    resolve_iam(process, &mut redis_kwargs)?;
    choose_target(process, &mut redis_kwargs)?;
    if pair.behaves(Behaviour::TypeCoercion) {
        coerce_types(process, &mut redis_kwargs);
    }
    if pair.behaves(Behaviour::SocketTimeoutConstantFillsIn)
        && redis_kwargs.given("socket_timeout").is_none()
    {
        let timeout = socket_timeout_constant(process)?;
        redis_kwargs.insert("socket_timeout", timeout);
    }
    Ok(redis_kwargs)
}

/// The settings over those of the environment.
fn layer(process: &mut Process<'_>, overrides: &Kwargs) -> PyResult<Kwargs> {
    let pair = process.pair;
    let mut resolved = Cow::Borrowed(overrides);
    for (name, arg) in overrides.iter() {
        if let Some(text) = arg.value.as_str()
            && text.starts_with("os.environ/")
        {
            let value = process.resolve_reference(text, &arg.value)?;
            resolved.to_mut().convert(name, value);
        }
    }
    let overrides = resolved;
    let mut redis_kwargs = kwargs_from_environment(process);
    if pair.behaves(Behaviour::ConfiguredTargetBeatsEnvironmentUrl) {
        let target = ["host", "startup_nodes", "sentinel_nodes"]
            .iter()
            .find_map(|name| overrides.given(name));
        if let Some(target) = target
            && overrides.given("url").is_none()
            && let Some(url) = redis_kwargs.pop("url")
        {
            let winner = target.origin.clone();
            process.overridden("url", &url.value, &winner);
            process.dropped("REDIS_URL", &url.value, DropReason::ConfiguredTargetReplacesUrl);
        }
    }
    redis_kwargs.update(overrides.into_owned());
    Ok(redis_kwargs)
}

/// How a secret is asked for.
type Ask = for<'p> fn(&'p Process<'_>, &str) -> PyResult<Option<Value>>;

/// `merge_redis_kwargs(overrides)`: what redis-py's clients and the Rust client are made of.
///
/// # Errors
/// What asking for a secret raises.
pub(super) fn merge_redis_kwargs(
    process: &mut Process<'_>,
    overrides: &Overrides,
) -> PyResult<Rc<Kwargs>> {
    once(process, &overrides.merged, |process| merge(process, &overrides.kwargs))
}

fn merge(process: &mut Process<'_>, overrides: &Kwargs) -> PyResult<Kwargs> {
    let secret: Ask = |process, name| process.get_secret(name);
    let words: Ask = |process, name| process.get_secret_str(name);
    let mut merged = layer(process, overrides)?;
    fall_back(process, &mut merged, "startup_nodes", secret, &["REDIS_CLUSTER_NODES"])?;
    fall_back(process, &mut merged, "sentinel_nodes", secret, &["REDIS_SENTINEL_NODES"])?;
    fall_back(process, &mut merged, "sentinel_password", words, &["REDIS_SENTINEL_PASSWORD"])?;
    fall_back(process, &mut merged, "service_name", secret, &["REDIS_SERVICE_NAME"])?;
    if merged.given("credential_provider").is_some() {
        return Ok(merged);
    }
    let account = ["REDIS_GCP_SERVICE_ACCOUNT"];
    let gcp = fall_back(process, &mut merged, "gcp_service_account", words, &account)?;
    fall_back(process, &mut merged, "gcp_ssl_ca_certs", words, &["REDIS_GCP_SSL_CA_CERTS"])?;
    let token =
        fall_back(process, &mut merged, "azure_redis_ad_token", secret, &["REDIS_AZURE_AD_TOKEN"])?;
    let azure = match &token {
        Some(token) => case::lower(&convert::str_of(token)?) == "true",
        None => false,
    };
    if azure && gcp.is_none() {
        fall_back(process, &mut merged, "azure_client_id", words, &["AZURE_CLIENT_ID"])?;
        fall_back(process, &mut merged, "azure_tenant_id", words, &["AZURE_TENANT_ID"])?;
        fall_back(process, &mut merged, "azure_client_secret", words, &["AZURE_CLIENT_SECRET"])?;
    }
    if merged.get("aws_iam_auth").is_some_and(coerces_to_true) && gcp.is_none() && !azure {
        let names = ["AWS_REGION", "AWS_DEFAULT_REGION"];
        fall_back(process, &mut merged, "aws_iam_region", words, &names)?;
    }
    Ok(merged)
}

/// `_or_secrets(kwargs.get(name), read, *variables)`, put back where it is not None.
fn fall_back(
    process: &Process<'_>,
    kwargs: &mut Kwargs,
    name: &'static str,
    ask: Ask,
    variables: &[&str],
) -> PyResult<Option<Value>> {
    if let Some(value) = truthy_arg(kwargs, name)? {
        return Ok(Some(value));
    }
    // The last that was asked counts, empty or not.
    let mut found = kwargs.get(name).cloned();
    for variable in variables {
        found = ask(process, variable)?;
        if let Some(value) = &found
            && convert::truth(value).unwrap_or(true)
        {
            break;
        }
    }
    let found = found.filter(|value| !value.is_none());
    if let Some(value) = &found {
        kwargs.insert(name, value.clone());
    }
    Ok(found)
}

/// `startup_nodes` and `sentinel_nodes` as JSON.
fn topology_of_merged(kwargs: &mut Kwargs) -> PyResult<()> {
    match truthy_arg(kwargs, "startup_nodes")? {
        Some(nodes) => json_text(kwargs, "startup_nodes", &nodes)?,
        None => {
            kwargs.pop("startup_nodes");
        }
    }
    match kwargs.get("sentinel_nodes").cloned() {
        Some(nodes) => json_text(kwargs, "sentinel_nodes", &nodes),
        None => Ok(()),
    }
}

/// `startup_nodes`, `sentinel_nodes`, `sentinel_password` and `service_name`, from the arguments or
/// from the environment.
fn resolve_topology(process: &mut Process<'_>, redis_kwargs: &mut Kwargs) -> PyResult<()> {
    let startup_nodes = or_secret(process, redis_kwargs, "startup_nodes", "REDIS_CLUSTER_NODES")?;
    match startup_nodes {
        Some(nodes) if !nodes.is_none() => json_text(redis_kwargs, "startup_nodes", &nodes)?,
        _ if process.pair.behaves(Behaviour::StartupNodesBeatUrl) => {
            redis_kwargs.pop("startup_nodes");
        }
        _ => {}
    }
    let sentinel_nodes =
        or_secret(process, redis_kwargs, "sentinel_nodes", "REDIS_SENTINEL_NODES")?;
    if let Some(nodes) = sentinel_nodes {
        json_text(redis_kwargs, "sentinel_nodes", &nodes)?;
    }
    let password = match truthy_arg(redis_kwargs, "sentinel_password")? {
        Some(value) => Some(value),
        None => process.get_secret_str("REDIS_SENTINEL_PASSWORD")?,
    };
    if let Some(password) = password.filter(|value| !value.is_none()) {
        redis_kwargs.convert("sentinel_password", password);
    }
    let service_name = or_secret(process, redis_kwargs, "service_name", "REDIS_SERVICE_NAME")?;
    if let Some(service_name) = service_name.filter(|value| !value.is_none()) {
        redis_kwargs.convert("service_name", service_name);
    }
    Ok(())
}

fn truthy_arg(kwargs: &Kwargs, name: &str) -> PyResult<Option<Value>> {
    match kwargs.get(name) {
        Some(value) => match convert::truth(value) {
            // Unknown: set elsewhere, so taken as not empty.
            Ok(true) | Err(Stop::Unknown(_)) => Ok(Some(value.clone())),
            Ok(false) => Ok(None),
            Err(stop) => Err(stop),
        },
        None => Ok(None),
    }
}

/// `kwargs.get(name) or get_secret(variable)`
fn or_secret(
    process: &Process<'_>,
    kwargs: &Kwargs,
    name: &str,
    variable: &str,
) -> PyResult<Option<Value>> {
    match truthy_arg(kwargs, name)? {
        Some(value) => Ok(Some(value)),
        None => process.get_secret(variable),
    }
}

/// `if isinstance(value, str): kwargs[name] = json.loads(value)`
fn json_text(kwargs: &mut Kwargs, name: &'static str, value: &Value) -> PyResult<()> {
    if let Some(text) = value.as_str() {
        kwargs.convert(name, json::loads(text, &value.origin)?);
    } else if let Data::Unknown(_) = value.data {
        kwargs.convert(name, value.clone());
    }
    Ok(())
}

/// `_coerces_to_true`
fn coerces_to_true(value: &Value) -> bool {
    match value.as_str() {
        Some(text) => str_to_bool(text),
        None => convert::truth(value).unwrap_or(true),
    }
}

/// `_str_to_bool`
fn str_to_bool(text: &str) -> bool {
    matches!(case::lower(text).as_str(), "true" | "1" | "yes")
}

/// Which of url, cluster, sentinels and host counts.
fn choose_target(process: &mut Process<'_>, redis_kwargs: &mut Kwargs) -> PyResult<()> {
    if let Some(url) = redis_kwargs.given("url").cloned() {
        let cluster = process.pair.behaves(Behaviour::StartupNodesBeatUrl)
            && truthy_arg(redis_kwargs, "startup_nodes")?.is_some();
        if !cluster {
            for name in ["host", "port", "db", "password"] {
                if let Some(value) = redis_kwargs.replace(name)
                    && !value.is_none()
                {
                    process.overridden(name, &value, &url.origin);
                    process.dropped(name, &value, DropReason::UrlReplacesTarget);
                }
            }
        }
        return Ok(());
    }
    let topology = redis_kwargs.given("startup_nodes").is_some()
        || redis_kwargs.given("sentinel_nodes").is_some();
    if !topology && redis_kwargs.given("host").is_none() {
        let message = "Either 'host' or 'url' must be specified for redis.";
        let stop = Stop::raise("ValueError", message).for_reason(Raise::NoTarget);
        let host = redis_kwargs.get("host").map(|host| host.origin.clone());
        return Err(host.map_or(stop.clone(), |origin| stop.because_of(&origin)));
    }
    Ok(())
}

/// `_coerce_redis_kwargs_types`
fn coerce_types(process: &mut Process<'_>, redis_kwargs: &mut Kwargs) {
    let data = process.pair.redis_py_data();
    let mut signatures = vec![data.redis()];
    if redis_kwargs.get("startup_nodes").is_some_and(|v| convert::truth(v).unwrap_or(true)) {
        signatures.extend([data.redis_cluster(), data.async_redis_cluster()]);
    }
    let names: Vec<_> = redis_kwargs.iter().map(|(name, _)| name.clone()).collect();
    for name in names {
        let Some(value) = redis_kwargs.get(&name).cloned() else {
            continue;
        };
        let Some(text) = value.as_str() else { continue };
        let Some(parameter) = signatures.iter().find_map(|s| s.parameter(&name)) else {
            continue;
        };
        let converted = match (&*name, parameter.default) {
            ("socket_keepalive", _) | (_, DefaultValue::Bool(_)) => {
                Some(Data::Bool(str_to_bool(text)))
            }
            ("max_connections", _) => convert::parse_int(text).map(Data::Int),
            ("socket_timeout" | "socket_connect_timeout", _) | (_, DefaultValue::Float(_)) => {
                convert::parse_float(text).map(Data::Float)
            }
            (_, DefaultValue::Int(_)) => convert::parse_int(text).map(Data::Int),
            _ => continue,
        };
        match converted {
            Some(data) => redis_kwargs.convert(&name, Value::new(data, value.origin)),
            None => {
                redis_kwargs.pop(&name);
                process.dropped(&name, &value, DropReason::NotConvertible);
            }
        }
    }
}

/// `litellm.constants.REDIS_SOCKET_TIMEOUT`, read when LiteLLM is imported.
///
/// # Errors
/// `ValueError` on releases whose import stops at a value that is not a number.
pub(super) fn socket_timeout_constant(process: &Process<'_>) -> PyResult<Value> {
    let fills_in = process.pair.behaves(Behaviour::SocketTimeoutConstantFillsIn);
    let default = Value::new(
        Data::Float(if fills_in { 5.0 } else { 0.1 }),
        Origin::LitellmDefault("REDIS_SOCKET_TIMEOUT"),
    );
    if !process.pair.behaves(Behaviour::ConstantsReadEnvironment) {
        return Ok(default);
    }
    let Some(value) = process.import_environ("REDIS_SOCKET_TIMEOUT") else {
        return Ok(default);
    };
    if let Data::Unknown(_) = value.data {
        return Ok(value);
    }
    match convert::float(&value) {
        Ok(number) => Ok(Value::new(Data::Float(number), value.origin)),
        Err(_) if fills_in => Ok(default),
        Err(stop) => Err(stop),
    }
}
