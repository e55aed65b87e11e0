//! The response cache's own arguments.

use deployment::environment::VariableValue;
use python::{Data, Kwargs, Value};
use report::Report;
use serde_json::Value as Json;

use crate::{Answers, Drift};

/// The arguments of the client that are worth a word where they are set. Which database is used, Redis
/// tells itself.
const CLIENT: [&str; 9] = [
    "host",
    "port",
    "username",
    "ssl",
    "ssl_cert_reqs",
    "ssl_check_hostname",
    "ssl_ca_certs",
    "client_name",
    "service_name",
];

/// The arguments of `Cache` that `/cache/ping` tells, with what holds where none is set.
const OWN: [(&str, Option<&str>); 4] =
    [("namespace", None), ("ttl", None), ("mode", Some("default_on")), ("redis_flush_size", None)];

pub(crate) fn hold(report: &Report, answers: &Answers, drift: &mut Drift) {
    let running = report.outcome.running.as_ref();
    let configured = running.and_then(|running| running.cache.as_ref());
    let Some(told) = answers.cache_type() else {
        let why = if answers.refused("/cache/ping") { "the key is refused" } else { "not asked" };
        drift.untold.push(format!("the response cache's settings (/cache/ping): {why}"));
        return;
    };
    if running.is_none() {
        drift.untold.push("the response cache: these files do not start LiteLLM".to_owned());
        return;
    }
    // `type` is Redis where it is not set.
    let kind =
        configured.map(|kwargs| text(kwargs, "type").unwrap_or_else(|| Some("redis".to_owned())));
    let kind = match kind {
        Some(None) => {
            drift.untold.push("the response cache's type: the files leave it open".to_owned());
            return;
        }
        Some(Some(kind)) => Some(kind),
        None => None,
    };
    drift.hold("response cache: type", kind, told);
    if let (Some(kwargs), Some(params)) = (configured, answers.cache_params()) {
        for (name, default) in OWN {
            let Some(files) = text(kwargs, name).unwrap_or(Some(String::new())) else { continue };
            let files = Some(files).filter(|text| !text.is_empty());
            let files = files.or_else(|| default.map(str::to_owned));
            let proxy = &params[name];
            // An enum, as its parts.
            let proxy = shown(proxy.get("_value_").unwrap_or(proxy));
            drift.hold(format!("response cache: {name}"), files, proxy);
        }
        call_types(kwargs, &params, drift);
    }
    if let (Some(kwargs), Some(client)) = (configured, answers.redis_kwargs()) {
        for name in CLIENT {
            let Some(files) = text(kwargs, name).unwrap_or(Some(String::new())) else { continue };
            let files = Some(files).filter(|text| !text.is_empty());
            let proxy = client.get(name).and_then(shown);
            if files.is_some() || proxy.is_some() {
                drift.hold(format!("response cache: {name}"), files, proxy);
            }
        }
    }
}

fn call_types(kwargs: &Kwargs, params: &Json, drift: &mut Drift) {
    let Some(Data::List(configured)) = kwargs.get("supported_call_types").map(|value| &value.data)
    else {
        return;
    };
    let mut files: Vec<&str> = configured.iter().filter_map(Value::as_str).collect();
    let told = params["supported_call_types"].as_array();
    let mut proxy: Vec<&str> = told.into_iter().flatten().filter_map(Json::as_str).collect();
    files.sort_unstable();
    proxy.sort_unstable();
    let said = |types: &[&str]| Some(types.join(", "));
    drift.hold("response cache: supported_call_types", said(&files), said(&proxy));
}

/// An argument as Python prints it: `None` where it is not given or None, `Some(None)` where the files
/// leave it open.
#[allow(clippy::option_option, reason = "not given, and open, are two things")]
fn text(kwargs: &Kwargs, name: &str) -> Option<Option<String>> {
    let value = kwargs.get(name)?;
    match &value.data {
        Data::Unknown(_) => Some(None),
        Data::Str(text) => Some(Some(text.to_string())),
        Data::Bool(yes) => Some(Some(if *yes { "True" } else { "False" }.to_owned())),
        Data::Int(number) => Some(Some(number.to_string())),
        Data::Float(number) => Some(Some(number.to_string())),
        _ => None,
    }
}

/// A JSON value as Python prints it.
fn shown(value: &Json) -> Option<String> {
    match value {
        Json::Null => None,
        Json::Bool(yes) => Some(if *yes { "True" } else { "False" }.to_owned()),
        // Older releases give some as `str()` does.
        Json::String(text) => (text != "None").then(|| text.clone()),
        other => Some(other.to_string()),
    }
}

/// Whether the database's settings count.
pub(crate) fn stores_models(report: &Report) -> bool {
    let Some(running) = &report.outcome.running else { return false };
    let general = running.config.as_dict().and_then(|config| config.get("general_settings"));
    let set = general.and_then(Value::as_dict).and_then(|all| all.get("store_model_in_db"));
    let variable = report.environment.get("STORE_MODEL_IN_DB");
    let is_off = |value: &VariableValue| match value {
        VariableValue::Known(text) => text.reveal().trim().eq_ignore_ascii_case("false"),
        VariableValue::Unknown(_) => false,
    };
    set.is_some_and(|value| matches!(value.data, Data::Bool(true)))
        || variable.is_some_and(|one| !is_off(&one.value))
}
