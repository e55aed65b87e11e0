//! Values of `litellm_settings` and `general_settings` that have nothing to do with Redis, as far as they stop start-up:
//! `truth/values` has what the real proxy did with each.

use facts::Behaviour;
use python::{Data, Dict, PyResult, Stop, Value, convert};

use super::callbacks;
use super::process::Process;
use super::pydantic::{Problem, validation_error};
use super::redis_py::iterate;

fn raise(value: &Value, class: &str, message: impl Into<String>) -> Stop {
    Stop::raise(class, message).because_of(&value.origin)
}

fn kind(value: &Value) -> &str {
    value.type_name().unwrap_or("object")
}

/// `Class(**value)`, as far as `**` goes.
fn as_keywords(class: &str, value: &Value) -> PyResult<()> {
    match &value.data {
        Data::Dict(_) | Data::Unknown(_) => Ok(()),
        _ => {
            let message =
                format!("{class}() argument after ** must be a mapping, not {}", kind(value));
            Err(raise(value, "TypeError", message))
        }
    }
}

/// `float(value)`
fn as_float(value: &Value) -> PyResult<()> {
    match convert::float(value) {
        Err(stop @ Stop::Raised(_)) => Err(stop),
        _ => Ok(()),
    }
}

/// One of `litellm_settings`, in the order in which they are written.
///
/// # Errors
/// What Python raises for a value of another shape.
pub(super) fn litellm_setting(
    process: &mut Process<'_>,
    name: &str,
    value: &Value,
) -> PyResult<()> {
    let behaves = |behaviour| process.pair.behaves(behaviour);
    let module = &mut process.module;
    match name {
        "fallbacks" => module.fallbacks = Some(value.clone()),
        "content_policy_fallbacks" => module.content_policy_fallbacks = Some(value.clone()),
        "default_fallbacks" => module.default_fallbacks = Some(value.clone()),
        "service_callback" => module.service_callback = Some(value.clone()),
        "max_budget" if behaves(Behaviour::MaxBudgetIsANumber) => as_float(value)?,
        "max_internal_user_budget" | "default_max_internal_user_budget" => as_float(value)?,
        "model_group_settings" if behaves(Behaviour::ModelGroupSettingsAreRead) => {
            as_keywords("litellm.types.router.ModelGroupSettings", value)?;
        }
        "audit_log_callbacks" if behaves(Behaviour::AuditLogCallbacksAreRead) => {
            callbacks::of_outcome(process.pair, value)?;
        }
        "guardrails" => guardrails(value)?,
        "post_call_rules" => callbacks::get_instance_fn(process.pair, value, true)?,
        "budget_reset_time" if behaves(Behaviour::BudgetResetTimeIsRead) => {
            budget_reset_time(value)?;
        }
        _ => {}
    }
    Ok(())
}

/// `initialize_guardrails`: each item is a mapping of mappings.
fn guardrails(value: &Value) -> PyResult<()> {
    if matches!(value.data, Data::Unknown(_)) {
        return Ok(());
    }
    for item in iterate(value)? {
        match &item.data {
            Data::Unknown(_) => {}
            Data::Dict(dict) => {
                for entry in &dict.entries {
                    as_keywords("litellm.types.guardrails.GuardrailItem", &entry.value)?;
                }
            }
            _ => return Err(Stop::no_attribute(&item, "items")),
        }
    }
    Ok(())
}

/// `parse_budget_reset_time`
fn budget_reset_time(value: &Value) -> PyResult<()> {
    let example = "e.g. \"12:00\"";
    let message = match &value.data {
        Data::None | Data::Unknown(_) => return Ok(()),
        Data::Str(text) if is_time(text) => return Ok(()),
        Data::Str(_) => format!("expected a 24-hour 'HH:MM' or 'HH:MM:SS' string, {example}"),
        _ => format!("must be a quoted 24-hour 'HH:MM' string, {example}"),
    };
    let written = convert::repr(value)?;
    Err(raise(value, "ValueError", format!("Invalid budget_reset_time {written}; {message}")))
}

/// `%H:%M` or `%H:%M:%S`, as `datetime.strptime` reads them: one digit will do.
fn is_time(text: &str) -> bool {
    let parts: Vec<&str> = text.split(':').collect();
    let within = |part: &str, most: u8| {
        (1..=2).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse::<u8>().is_ok_and(|number| number <= most)
    };
    match parts[..] {
        [hour, minute] => within(hour, 23) && within(minute, 59),
        [hour, minute, second] => within(hour, 23) && within(minute, 59) && within(second, 61),
        _ => false,
    }
}

/// `general_settings`, in the order in which `load_config` reads them.
///
/// # Errors
/// What Python raises for a value of another shape.
pub(super) fn general_settings(process: &Process<'_>, settings: &Dict) -> PyResult<()> {
    let given = |name| settings.get(name).filter(|value| !value.is_none());
    let behaves = |behaviour| process.pair.behaves(behaviour);
    if let Some(groups) = given("background_health_check_model_groups")
        && !is_texts(groups)
        && behaves(Behaviour::HealthChecksByModelGroup)
    {
        let message = "general_settings.background_health_check_model_groups must be a list of model group names";
        return Err(raise(groups, "ValueError", message));
    }
    if let Some(value) = given("key_management_settings") {
        let module = if behaves(Behaviour::KeyManagementSettingsMoved) {
            "litellm.types.secret_managers.main"
        } else {
            "litellm.proxy._types"
        };
        as_keywords(&format!("{module}.KeyManagementSettings"), value)?;
    }
    if let Some(alerting) = given("alerting") {
        let searched = behaves(Behaviour::AlertingIsSearched);
        if searched && matches!(alerting.data, Data::Bool(_) | Data::Int(_) | Data::Float(_)) {
            let message = format!("argument of type '{}' is not iterable", kind(alerting));
            return Err(raise(alerting, "TypeError", message));
        }
        if !matches!(alerting.data, Data::Unknown(_)) {
            iterate(alerting)?;
        }
    }
    if let Some(url) = given("database_url")
        && convert::truth(url).unwrap_or(false)
        && !matches!(url.data, Data::Str(_) | Data::Unknown(_))
    {
        return Err(Stop::no_attribute(url, "startswith"));
    }
    Ok(())
}

/// What `load_config` reads after the master key and the times of the key cache.
///
/// # Errors
/// What Python raises for a value of another shape.
pub(super) fn late_general_settings(process: &Process<'_>, settings: &Dict) -> PyResult<()> {
    let given = |name| settings.get(name).filter(|value| !value.is_none());
    if let Some(fields) = given("spend_logs_metadata_fields")
        && process.pair.behaves(Behaviour::SpendLogsFieldsAreChecked)
    {
        spend_logs_fields(fields)?;
    }
    for name in ["custom_auth", "custom_key_generate", "custom_sso"] {
        if let Some(value) = given(name) {
            callbacks::get_instance_fn(process.pair, value, true)?;
        }
    }
    Ok(())
}

/// `SpendLogsMetadataFields`: exactly one of two lists.
fn spend_logs_fields(fields: &Value) -> PyResult<()> {
    let name = "spend_logs_metadata_fields";
    let problem = |at: &str, message: &str, kind, value: &Value| {
        let problem = Problem::new(at, message, kind, value);
        Err(validation_error("ConfigGeneralSettings", &[problem], &fields.origin))
    };
    let dict = match &fields.data {
        Data::Unknown(_) => return Ok(()),
        Data::Dict(dict) => dict,
        _ => {
            let message =
                "Input should be a valid dictionary or instance of SpendLogsMetadataFields";
            return problem(name, message, "model_type", fields);
        }
    };
    let known = |key: &Value| matches!(key.as_str(), Some("include" | "exclude"));
    let extra: Vec<Problem> = dict
        .entries
        .iter()
        .filter(|entry| !known(&entry.key))
        .map(|entry| {
            let at = format!("{name}.{}", convert::str_of(&entry.key).unwrap_or_default());
            Problem::new(&at, "Extra inputs are not permitted", "extra_forbidden", &entry.value)
        })
        .collect();
    if !extra.is_empty() {
        return Err(validation_error("ConfigGeneralSettings", &extra, &fields.origin));
    }
    let given =
        ["include", "exclude"].map(|name| dict.get(name).is_some_and(|list| !list.is_none()));
    if given[0] == given[1] {
        let message = "Value error, set exactly one of 'include' or 'exclude'";
        return problem(name, message, "value_error", fields);
    }
    Ok(())
}

fn is_texts(value: &Value) -> bool {
    match &value.data {
        Data::Unknown(_) => true,
        Data::List(items) => {
            items.iter().all(|item| matches!(item.data, Data::Str(_) | Data::Unknown(_)))
        }
        _ => false,
    }
}
