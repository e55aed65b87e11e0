//! `Router.__init__`: settings that have nothing to do with Redis, as far as their shape stops
//! start-up.

use facts::Behaviour;
use python::{Data, Kwargs, PyResult, Stop, Value, convert};

use super::process::Process;
use super::redis_py::iterate;

fn is_dict(value: &Value) -> bool {
    matches!(value.data, Data::Dict(_) | Data::Unknown(_))
}

/// A setting that is given and true.
fn truthy<'p>(params: &'p Kwargs, name: &str) -> Option<&'p Value> {
    params.get(name).filter(|value| convert::truth(value).unwrap_or(false))
}

/// `health_check_staleness_threshold`, and `default_litellm_params`, with which `litellm.Chat` is
/// made.
///
/// # Errors
/// What `float()` raises, and `AttributeError` for what is not a mapping.
pub(super) fn default_params(params: &Kwargs) -> PyResult<()> {
    if let Some(seconds) = truthy(params, "health_check_staleness_threshold")
        && let Err(stop @ Stop::Raised(_)) = convert::float(seconds)
    {
        return Err(stop);
    }
    match truthy(params, "default_litellm_params").filter(|value| !is_dict(value)) {
        Some(value) => Err(Stop::no_attribute(value, "get")),
        None => Ok(()),
    }
}

/// What the router in Rust refuses of these: it takes most that is of another shape for nothing.
fn check_in_rust(params: &Kwargs) -> PyResult<()> {
    let groups = truthy(params, "routing_groups").and_then(Value::as_list).unwrap_or_default();
    if let Some(group) = groups.iter().find(|group| !is_dict(group)) {
        return Err(not_a_group(group));
    }
    if let Some(time) =
        params.get("cooldown_time").filter(|time| matches!(time.data, Data::Bool(_)))
    {
        let message = "Router cooldown_time must be a number of seconds, not a bool";
        return Err(Stop::raise("TypeError", message).because_of(&time.origin));
    }
    Ok(())
}

/// What it refuses after it has its Redis.
///
/// # Errors
/// As [`check`].
pub(super) fn check_late(params: &Kwargs) -> PyResult<()> {
    budgets_are_mappings(params)?;
    if let Some(alerts) = params.given("alerting_config")
        && !matches!(alerts.data, Data::Unknown(_))
    {
        return Err(Stop::no_attribute(alerts, "alerting_threshold"));
    }
    if let Some(groups) = params.given("background_health_check_model_groups") {
        iterate(groups)?;
    }
    let affinity = params.get("model_group_affinity_config").and_then(Value::as_dict);
    affinity
        .iter()
        .flat_map(|dict| &dict.entries)
        .try_for_each(|entry| iterate(&entry.value).map(drop))
}

/// `RouterBudgetLimiting`: each provider's budget is a mapping.
fn budgets_are_mappings(params: &Kwargs) -> PyResult<()> {
    let Some(budgets) = params.given("provider_budget_config") else { return Ok(()) };
    if !is_dict(budgets) {
        return Err(Stop::no_attribute(budgets, "items"));
    }
    for entry in budgets.as_dict().iter().flat_map(|dict| &dict.entries) {
        if entry.value.is_none() {
            let (provider, all) = (convert::str_of(&entry.key)?, convert::repr(budgets)?);
            let message = format!(
                "No budget config found for provider {provider}, provider_budget_config: {all}"
            );
            return Err(Stop::raise("ValueError", message).because_of(&entry.value.origin));
        }
        if !is_dict(&entry.value) {
            return Err(Stop::no_attribute(&entry.value, "get"));
        }
    }
    Ok(())
}

/// `plugins`: each names a Python object in a file beside the config, which is taken to be there.
///
/// # Errors
/// `ValueError` for what names none.
pub(super) fn plugins(params: &Kwargs) -> PyResult<()> {
    let listed = params.get("plugins").and_then(Value::as_list).unwrap_or_default();
    listed.iter().try_for_each(|plugin| {
        let message = match &plugin.data {
            Data::Unknown(_) => return Ok(()),
            Data::Str(name) if name.contains('.') => return Ok(()),
            Data::Str(_) => "Empty module name".to_owned(),
            _ => {
                let written = convert::repr(plugin)?;
                format!(
                    "router_settings.plugins entry {written} resolved to {written}, which does not implement \
                     the RoutingPlugin interface (an async `run(context)` method). Fix the referenced module \
                     before starting the proxy."
                )
            }
        };
        Err(Stop::raise("ValueError", message).because_of(&plugin.origin))
    })
}

fn not_a_group(group: &Value) -> Stop {
    let kind = group.type_name().unwrap_or("object");
    let class = "litellm.types.router.RoutingGroup";
    let message = format!("{class}() argument after ** must be a mapping, not {kind}");
    Stop::raise("TypeError", message).because_of(&group.origin)
}

/// What a value is once LiteLLM has read its settings as JSON: a set is a list.
pub(super) fn json_type(value: &Value) -> &'static str {
    match value.data {
        Data::Set(_) => "list",
        _ => value.type_name().unwrap_or("object"),
    }
}

/// `router_tiers()`: times that the router's stores take from `litellm_settings`.
///
/// # Errors
/// `ValueError` for what is not a number.
pub(super) fn tiers(process: &Process<'_>) -> PyResult<()> {
    let ttl = process.default_in_memory_ttl.as_ref().filter(|ttl| !ttl.is_none());
    let expiry = process.default_redis_batch_cache_expiry.as_ref();
    let expiry = expiry.filter(|expiry| convert::truth(expiry).unwrap_or(false));
    for (name, value) in [("usage_redis_read_interval", expiry), ("default_in_memory_ttl", ttl)] {
        let Some(value) = value else { continue };
        let seconds = match &value.data {
            Data::Unknown(_) => continue,
            Data::Bool(_) | Data::Int(_) | Data::Float(_) => convert::float(value).ok(),
            _ => None,
        };
        if !seconds.is_some_and(|seconds| seconds >= 0.0) {
            let kind = json_type(value);
            let message = format!(
                "router_tiers.{name}: expected a non-negative number of seconds, got {kind}"
            );
            return Err(Stop::raise("ValueError", message).because_of(&value.origin));
        }
    }
    Ok(())
}

/// Groups, budgets, retry policy, checks before a call and alerts, in the order of the constructor; then
/// the aliases, which the list of models reads.
///
/// # Errors
/// What Python raises for a setting of another shape.
pub(super) fn check(process: &Process<'_>, params: &Kwargs) -> PyResult<()> {
    if process.pair.behaves(Behaviour::RustRouter) {
        return check_in_rust(params);
    }
    let groups = truthy(params, "routing_groups").map(iterate).transpose()?;
    for group in groups.unwrap_or_default() {
        if !is_dict(&group) {
            return Err(not_a_group(&group));
        }
    }
    let budgets = params.given("provider_budget_config");
    let checks = params.given("optional_pre_call_checks");
    if budgets.is_some()
        && let Some(checks) = checks
        && !matches!(checks.data, Data::List(_) | Data::Unknown(_))
    {
        return Err(Stop::no_attribute(checks, "append"));
    }
    if !process.pair.behaves(Behaviour::OddRetryPolicyIsIgnored) {
        for name in ["retry_policy", "allowed_fails_policy"] {
            if let Some(policy) = params.given(name).filter(|value| !is_dict(value)) {
                let message = "'NoneType' object has no attribute 'model_dump'";
                return Err(Stop::raise("AttributeError", message).because_of(&policy.origin));
            }
        }
    }
    if let Some(checks) = checks {
        let searched = process.pair.behaves(Behaviour::OptionalChecksAreSearched);
        if searched && matches!(checks.data, Data::Bool(_) | Data::Int(_) | Data::Float(_)) {
            let kind = checks.type_name().unwrap_or("object");
            let message = format!("argument of type '{kind}' is not iterable");
            return Err(Stop::raise("TypeError", message).because_of(&checks.origin));
        }
        iterate(checks)?;
    }
    budgets_are_mappings(params)?;
    if let Some(alerts) = params.given("alerting_config")
        && !matches!(alerts.data, Data::Unknown(_))
    {
        return Err(Stop::no_attribute(alerts, "alerting_threshold"));
    }
    if let Some(plugins) = truthy(params, "plugins") {
        iterate(plugins)?;
    }
    if let Some(groups) = params.given("background_health_check_model_groups") {
        iterate(groups)?;
    }
    let mapping = |name| match truthy(params, name) {
        Some(value) if !is_dict(value) => Err(Stop::no_attribute(value, "items")),
        given => Ok(given.and_then(Value::as_dict)),
    };
    for entry in mapping("model_group_affinity_config")?.iter().flat_map(|dict| &dict.entries) {
        iterate(&entry.value)?;
    }
    mapping("model_group_alias").map(drop)
}
