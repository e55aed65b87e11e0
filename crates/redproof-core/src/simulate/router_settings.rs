//! `Router.__init__`: settings that have nothing to do with Redis, as far as their shape stops
//! start-up.

use crate::python::{Data, Kwargs, Outcome, Stop, Value, convert};

use crate::releases::Behaviour;

use super::process::Process;
use super::redis_py::iterate;

fn no_attribute(value: &Value, name: &str) -> Stop {
    let kind = value.type_name().unwrap_or("object");
    let message = format!("'{kind}' object has no attribute '{name}'");
    Stop::raise("AttributeError", message).because_of(&value.origin)
}

fn is_dict(value: &Value) -> bool {
    matches!(value.data, Data::Dict(_) | Data::Unknown(_))
}

/// `health_check_staleness_threshold`, and `default_litellm_params`, with which `litellm.Chat` is
/// made.
///
/// # Errors
/// What `float()` raises, and `AttributeError` for what is no mapping.
pub(super) fn default_params(params: &Kwargs) -> Outcome<()> {
    if let Some(seconds) = params.given("health_check_staleness_threshold")
        && convert::truth(seconds).unwrap_or(false)
        && let Err(stop @ Stop::Raised(_)) = convert::float(seconds)
    {
        return Err(stop);
    }
    let given = params.get("default_litellm_params");
    match given.filter(|value| convert::truth(value).unwrap_or(false) && !is_dict(value)) {
        Some(value) => Err(no_attribute(value, "get")),
        None => Ok(()),
    }
}

/// Budgets, retry policy, checks before a call and alerts, in the order of the constructor; then
/// the aliases, which the list of models reads.
///
/// # Errors
/// What Python raises for a setting of another shape.
pub(super) fn check(process: &Process<'_>, params: &Kwargs) -> Outcome<()> {
    let budgets = params.given("provider_budget_config");
    let checks = params.given("optional_pre_call_checks");
    if budgets.is_some()
        && let Some(checks) = checks
        && !matches!(checks.data, Data::List(_) | Data::Unknown(_))
    {
        return Err(no_attribute(checks, "append"));
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
    if let Some(budgets) = budgets.filter(|value| !is_dict(value)) {
        return Err(no_attribute(budgets, "items"));
    }
    if let Some(alerts) = params.given("alerting_config")
        && !matches!(alerts.data, Data::Unknown(_))
    {
        return Err(no_attribute(alerts, "alerting_threshold"));
    }
    let groups = params.given("routing_groups");
    let groups = groups.filter(|value| convert::truth(value).unwrap_or(false));
    for group in groups.map(iterate).transpose()?.unwrap_or_default() {
        if !is_dict(&group) {
            let kind = group.type_name().unwrap_or("object");
            let class = "litellm.types.router.RoutingGroup";
            let message = format!("{class}() argument after ** must be a mapping, not {kind}");
            return Err(Stop::raise("TypeError", message).because_of(&group.origin));
        }
    }
    let plugins = params.given("plugins");
    if let Some(plugins) = plugins.filter(|value| convert::truth(value).unwrap_or(false)) {
        iterate(plugins)?;
    }
    if let Some(groups) = params.given("background_health_check_model_groups") {
        iterate(groups)?;
    }
    for name in ["model_group_affinity_config", "model_group_alias"] {
        let given = params.get(name).filter(|value| convert::truth(value).unwrap_or(false));
        if let Some(value) = given.filter(|value| !is_dict(value)) {
            return Err(no_attribute(value, "items"));
        }
        if let Some(dict) = given.and_then(Value::as_dict)
            && name == "model_group_affinity_config"
        {
            dict.entries.iter().try_for_each(|entry| iterate(&entry.value).map(drop))?;
        }
    }
    Ok(())
}
