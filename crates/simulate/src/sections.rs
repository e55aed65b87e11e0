//! Settings that have nothing to do with Redis, as far as their shape stops start-up.

use facts::Behaviour;
use python::{Data, Dict, PyResult, Stop, Value, convert};

use super::process::Process;
use super::redis_py::iterate;

/// A section at the top of the config.
pub(super) fn section<'v>(config: &'v Value, name: &str) -> Option<&'v Value> {
    config.as_dict().and_then(|config| config.get(name))
}

fn raise(value: &Value, class: &str, message: impl Into<String>) -> Stop {
    Stop::raise(class, message).because_of(&value.origin)
}

fn kind(value: &Value) -> &str {
    value.type_name().unwrap_or("object")
}

/// A section that is neither absent nor empty.
fn filled<'v>(config: &'v Value, name: &str) -> Option<&'v Value> {
    section(config, name).filter(|value| convert::truth(value).unwrap_or(false))
}

/// `KeyManagementSystem`
const KEY_MANAGEMENT_SYSTEMS: [&str; 8] = [
    "google_kms",
    "azure_key_vault",
    "aws_secret_manager",
    "google_secret_manager",
    "hashicorp_vault",
    "cyberark",
    "aws_kms",
    "custom",
];

/// `initialize_secret_manager`, `master_key` and `user_api_key_cache_ttl`, in `load_config`.
///
/// # Errors
/// `ValueError` for an unknown system, `AttributeError` for a key that is not text, what `float()`
/// raises for the time.
pub(super) fn general_settings(settings: &Dict) -> PyResult<()> {
    if let Some(system) = settings.get("key_management_system")
        && let Some(name) = system.as_str()
        && !name.starts_with("os.environ/")
        && !KEY_MANAGEMENT_SYSTEMS.contains(&name)
    {
        return Err(raise(system, "ValueError", "Invalid Key Management System selected"));
    }
    if let Some(key) = settings.get("master_key")
        && !matches!(key.data, Data::Str(_) | Data::Unknown(_))
        && convert::truth(key).unwrap_or(false)
    {
        return Err(Stop::no_attribute(key, "startswith"));
    }
    if let Some(ttl) = settings.get("user_api_key_cache_ttl").filter(|ttl| !ttl.is_none())
        && let Err(stop @ Stop::Raised(_)) = convert::float(ttl)
    {
        return Err(stop);
    }
    Ok(())
}

/// `assistant_settings["litellm_params"].items()`, in `load_config`.
///
/// # Errors
/// What Python raises for a section of another shape.
pub(super) fn assistant_settings(config: &Value) -> PyResult<()> {
    let Some(settings) = filled(config, "assistant_settings") else {
        return Ok(());
    };
    let dict = match &settings.data {
        Data::Dict(dict) => dict,
        Data::Unknown(_) => return Ok(()),
        Data::Str(_) => {
            let message = "string indices must be integers, not 'str'";
            return Err(raise(settings, "TypeError", message));
        }
        Data::List(_) => {
            let message = "list indices must be integers or slices, not str";
            return Err(raise(settings, "TypeError", message));
        }
        _ => {
            let message = format!("'{}' object is not subscriptable", kind(settings));
            return Err(raise(settings, "TypeError", message));
        }
    };
    match dict.get("litellm_params") {
        None => Err(raise(settings, "KeyError", "'litellm_params'")),
        Some(params) if matches!(params.data, Data::Dict(_) | Data::Unknown(_)) => Ok(()),
        Some(params) => Err(Stop::no_attribute(params, "items")),
    }
}

/// `PassthroughEndpointRouter.set_default_vertex_config`
///
/// # Errors
/// `TypeError` for what `**` does not take.
pub(super) fn default_vertex_config(config: &Value) -> PyResult<()> {
    let Some(given) = section(config, "default_vertex_config") else {
        return Ok(());
    };
    match &given.data {
        Data::None | Data::Unknown(_) => Ok(()),
        Data::Dict(dict) => match dict.entries.iter().find(|entry| entry.key.as_str().is_none()) {
            Some(entry) => Err(raise(&entry.key, "TypeError", "keywords must be strings")),
            None => Ok(()),
        },
        _ => {
            let class =
                "litellm.types.passthrough_endpoints.vertex_ai.VertexPassThroughCredentials";
            let kind = kind(given);
            let message = format!("{class}() argument after ** must be a mapping, not {kind}");
            Err(raise(given, "TypeError", message))
        }
    }
}

/// `search_tools`, whose entries are asked for their settings.
///
/// # Errors
/// What Python raises for a section of another shape.
pub(super) fn search_tools(config: &Value) -> PyResult<()> {
    let Some(list) = filled(config, "search_tools") else {
        return Ok(());
    };
    for tool in iterate(list)? {
        if !matches!(tool.data, Data::Dict(_) | Data::Unknown(_)) {
            return Err(Stop::no_attribute(&tool, "get"));
        }
    }
    Ok(())
}

/// `init_guardrails_v2`: what each guardrail is asked for first.
///
/// # Errors
/// What Python raises for a section of another shape.
pub(super) fn guardrails(process: &Process<'_>, config: &Value) -> PyResult<()> {
    let Some(list) = filled(config, "guardrails") else {
        return Ok(());
    };
    let newer = process.pair.behaves(Behaviour::SettingsAreValidatedAsJson);
    for guardrail in iterate(list)? {
        match &guardrail.data {
            Data::Unknown(_) => {}
            Data::Dict(dict) => {
                let names = ["guardrail_name", "litellm_params"];
                let missing = names[usize::from(!newer)..].iter().find(|n| dict.get(n).is_none());
                if let Some(name) = missing {
                    return Err(raise(&guardrail, "KeyError", format!("'{name}'")));
                }
            }
            _ => {
                return Err(Stop::no_attribute(&guardrail, "get"));
            }
        }
    }
    Ok(())
}

/// `ProxyConfig.load_credential_list`
///
/// # Errors
/// `TypeError` for what is not a list of mappings.
pub(super) fn credential_list(process: &Process<'_>, config: &Value) -> PyResult<()> {
    let Some(list) = filled(config, "credential_list") else {
        return Ok(());
    };
    for credential in iterate(list)? {
        if matches!(credential.data, Data::Dict(_) | Data::Unknown(_)) {
            continue;
        }
        let kind = kind(&credential);
        let message = if process.pair.behaves(Behaviour::CredentialListIsChecked) {
            format!("'{kind}' object is not a mapping")
        } else {
            let class = if process.pair.behaves(Behaviour::CredentialItemMoved) {
                "litellm.models.credentials.CredentialItem"
            } else {
                "litellm.types.utils.CredentialItem"
            };
            format!("{class}() argument after ** must be a mapping, not {kind}")
        };
        return Err(raise(&credential, "TypeError", message));
    }
    Ok(())
}
