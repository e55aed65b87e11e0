//! `general_settings.coordination_redis`, and coordination from `REDIS_*` alone.

use std::sync::Arc;

use crate::outcome::Consumer;
use crate::trace::DropReason;
use facts::{Behaviour, Pair};
use python::{Data, Dict, Entry, Kwargs, Origin, PyResult, Stop, Value, case, convert, json};

use super::client_logic::kwargs_from_environment;
use super::native;
use super::objects::RedisCacheId;
use super::process::Process;
use super::pydantic::{Problem, validation_error};
use super::redis_cache::{Class, redis_cache};

/// `_init_coordination_redis(config)`: built first, from the section alone.
///
/// # Errors
/// `ValueError` for what is not a mapping or names no target, `ValidationError` for types that pydantic
/// refuses, and what redis-py raises.
pub(super) fn init_coordination_redis(
    process: &mut Process<'_>,
    config: &Value,
) -> PyResult<Option<RedisCacheId>> {
    let section = config.as_dict().and_then(|config| config.get("general_settings"));
    let Some(raw) = section
        .and_then(|settings| settings.as_dict())
        .and_then(|settings| settings.get("coordination_redis"))
        .filter(|value| !value.is_none())
    else {
        return Ok(None);
    };
    if !process.pair.behaves(Behaviour::CoordinationRedis) {
        process.dropped("general_settings.coordination_redis", raw, DropReason::SectionNotKnown);
        return Ok(None);
    }
    let Some(dict) = raw.as_dict() else {
        let message =
            "general_settings.coordination_redis must be a mapping of Redis connection params";
        return Err(Stop::raise("ValueError", message).because_of(&raw.origin));
    };
    let mut params = Vec::new();
    for entry in &dict.entries {
        let value = match entry.value.as_str() {
            Some(text) if text.starts_with("os.environ/") => {
                process.resolve_reference(text, &entry.value)?
            }
            _ => entry.value.clone(),
        };
        params.push((entry.key.clone(), value));
    }
    let params = coordination_params(process.pair, &params, raw)?;
    let target = ["host", "url", "startup_nodes", "sentinel_nodes"];
    if !target.iter().any(|name| params.given(name).is_some()) {
        let message = "general_settings.coordination_redis needs a connection target: \
             set one of host, url, startup_nodes, or sentinel_nodes";
        return Err(Stop::raise("ValueError", message).because_of(&raw.origin));
    }
    let built = build_redis_usage_cache(process, &params)?;
    attach_redis_usage_cache(process, built)?;
    Ok(Some(built))
}

/// `_attach_redis_usage_cache(cache)`
///
/// # Errors
/// What making the Rust client raises.
pub(super) fn attach_redis_usage_cache(process: &Process<'_>, id: RedisCacheId) -> PyResult<()> {
    if process.pair.behaves(Behaviour::RustClient) {
        native::made(process, id, Consumer::Usage)?;
    }
    Ok(())
}

/// The fields of `CoordinationRedisParams`, in its order.
const FIELDS: [(&str, Field); 15] = [
    ("host", Field::Text),
    ("port", Field::Int),
    ("password", Field::Text),
    ("username", Field::Text),
    ("url", Field::Text),
    ("ssl", Field::Bool),
    ("startup_nodes", Field::Nodes),
    ("sentinel_nodes", Field::Pairs),
    ("sentinel_password", Field::Text),
    ("service_name", Field::Text),
    ("aws_iam_auth", Field::BoolOrText),
    ("aws_iam_user_name", Field::Text),
    ("aws_iam_cache_name", Field::Text),
    ("aws_iam_region", Field::Text),
    ("aws_iam_serverless", Field::BoolOrText),
];

#[derive(Clone, Copy)]
enum Field {
    Text,
    Int,
    Bool,
    BoolOrText,
    Nodes,
    Pairs,
}

/// `CoordinationRedisParams.model_validate(raw).model_dump(exclude_none=True)`
fn coordination_params(pair: Pair, raw: &[(Value, Value)], section: &Value) -> PyResult<Kwargs> {
    if !pair.behaves(Behaviour::CoordinationIsValidatedWhole)
        && let Some((key, _)) = raw.iter().find(|(key, _)| key.as_str().is_none())
    {
        return Err(Stop::raise("TypeError", "keywords must be strings").because_of(&key.origin));
    }
    // The fields about AWS came later, and what is not a field is taken as it is.
    let known = if pair.behaves(Behaviour::AwsIam) { &FIELDS[..] } else { &FIELDS[..10] };
    let mut problems = Vec::new();
    let mut params = Kwargs::new();
    for (name, field) in known {
        let given = raw.iter().find(|(key, _)| key.as_str() == Some(*name)).map(|(_, value)| value);
        let Some(value) = given.filter(|value| !value.is_none()) else {
            continue;
        };
        if let Some(value) = field.validate(name, value, &mut problems) {
            params.insert(*name, value);
        }
    }
    for (key, value) in raw {
        match key.as_str() {
            None => problems.push(Problem::keys_must_be_strings(key)),
            Some(name) => {
                if !known.iter().any(|(known, _)| *known == name) && !value.is_none() {
                    params.insert(python::Name::written(name), value.clone());
                }
            }
        }
    }
    if problems.is_empty() {
        return Ok(params);
    }
    Err(validation_error("CoordinationRedisParams", &problems, &section.origin))
}

impl Field {
    /// The value as pydantic's lax mode reads it.
    fn validate(self, at: &str, value: &Value, problems: &mut Vec<Problem>) -> Option<Value> {
        if let Data::Unknown(_) = value.data {
            return Some(value.clone());
        }
        let text_of_bytes = match &value.data {
            Data::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
            _ => None,
        };
        let as_text = text_of_bytes.map(|text| Value::str(text, value.origin.clone()));
        let value = as_text.as_ref().unwrap_or(value);
        match self {
            Self::Text => text(at, value, problems),
            Self::Int => int(at, value, problems),
            Self::Bool => bool_(at, value, problems),
            Self::BoolOrText => match value.data {
                Data::Bool(_) | Data::Str(_) => Some(value.clone()),
                _ => {
                    let before = problems.len();
                    let read = bool_(&format!("{at}.bool"), value, problems);
                    if problems.len() > before {
                        text(&format!("{at}.str"), value, problems);
                    }
                    read
                }
            },
            Self::Nodes => nodes(at, value, problems),
            Self::Pairs => pairs(at, value, problems),
        }
    }
}

fn text(at: &str, value: &Value, problems: &mut Vec<Problem>) -> Option<Value> {
    if value.as_str().is_some() {
        return Some(value.clone());
    }
    problems.push(Problem::new(at, "Input should be a valid string", "string_type", value));
    None
}

pub(super) fn int(at: &str, value: &Value, problems: &mut Vec<Problem>) -> Option<Value> {
    let origin = value.origin.clone();
    let mut refuse = |message: &str, kind: &'static str| {
        problems.push(Problem::new(at, message, kind, value));
        None
    };
    match &value.data {
        Data::Int(_) => Some(value.clone()),
        Data::Bool(flag) => Some(Value::int(u8::from(*flag), origin)),
        Data::Float(number) if number.fract() == 0.0 => {
            convert::int(value).ok().map(|number| Value::int(number, origin))
        }
        Data::Float(number) if number.is_finite() => refuse(
            "Input should be a valid integer, got a number with a fractional part",
            "int_from_float",
        ),
        Data::Float(_) => refuse("Input should be a finite number", "finite_number"),
        Data::Str(text) => {
            // `"6379.0"` is read too, `"6_379"` as well.
            let trimmed = text.trim();
            let whole = trimmed.trim_end_matches('0').strip_suffix('.').unwrap_or(trimmed);
            let parsed = convert::parse_int(trimmed).or_else(|| convert::parse_int(whole));
            match parsed {
                Some(number) => Some(Value::int(number, origin)),
                None => refuse(
                    "Input should be a valid integer, unable to parse string as an integer",
                    "int_parsing",
                ),
            }
        }
        _ => refuse("Input should be a valid integer", "int_type"),
    }
}

fn bool_(at: &str, value: &Value, problems: &mut Vec<Problem>) -> Option<Value> {
    let origin = value.origin.clone();
    let parsed = match &value.data {
        Data::Bool(flag) => Some(*flag),
        Data::Int(number) if *number == 0.into() => Some(false),
        Data::Int(number) if *number == 1.into() => Some(true),
        Data::Float(0.0) => Some(false),
        Data::Float(1.0) => Some(true),
        Data::Str(text) => match case::lower(text).as_str() {
            "0" | "off" | "f" | "false" | "n" | "no" => Some(false),
            "1" | "on" | "t" | "true" | "y" | "yes" => Some(true),
            _ => None,
        },
        _ => None,
    };
    if let Some(flag) = parsed {
        return Some(Value::bool(flag, origin));
    }
    let (message, kind) = match value.data {
        Data::Str(_) | Data::Int(_) | Data::Float(_) => {
            ("Input should be a valid boolean, unable to interpret input", "bool_parsing")
        }
        _ => ("Input should be a valid boolean", "bool_type"),
    };
    problems.push(Problem::new(at, message, kind, value));
    None
}

/// `list[CoordinationRedisNode]`, dumped as dicts.
fn nodes(at: &str, value: &Value, problems: &mut Vec<Problem>) -> Option<Value> {
    let Some(items) = value.as_list() else {
        problems.push(Problem::new(at, "Input should be a valid list", "list_type", value));
        return None;
    };
    let mut read = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let at = format!("{at}.{index}");
        let Some(dict) = item.as_dict() else {
            let message = "Input should be a valid dictionary or instance of CoordinationRedisNode";
            problems.push(Problem::new(&at, message, "model_type", item));
            continue;
        };
        let mut node = Dict::default();
        for (name, field) in [("host", Field::Text), ("port", Field::Int)] {
            match dict.entry(name) {
                Some(entry) => {
                    let value = field.validate(&format!("{at}.{name}"), &entry.value, problems);
                    if let Some(value) = value {
                        node.entries.push(Entry { value, ..entry.clone() });
                    }
                }
                None => problems.push(Problem::missing(&format!("{at}.{name}"), item)),
            }
        }
        read.push(Value::new(Data::Dict(Arc::new(node)), item.origin.clone()));
    }
    Some(Value::new(Data::List(Arc::new(read)), value.origin.clone()))
}

/// `list[list[str | int]]`
fn pairs(at: &str, value: &Value, problems: &mut Vec<Problem>) -> Option<Value> {
    let Some(items) = value.as_list() else {
        problems.push(Problem::new(at, "Input should be a valid list", "list_type", value));
        return None;
    };
    for (index, item) in items.iter().enumerate() {
        let at = format!("{at}.{index}");
        let Some(parts) = item.as_list() else {
            problems.push(Problem::new(&at, "Input should be a valid list", "list_type", item));
            continue;
        };
        for (index, part) in parts.iter().enumerate() {
            if !matches!(part.data, Data::Str(_) | Data::Int(_) | Data::Unknown(_)) {
                let at = format!("{at}.{index}");
                text(&format!("{at}.str"), part, problems);
                int(&format!("{at}.int"), part, problems);
            }
        }
    }
    Some(value.clone())
}

/// `build_redis_usage_cache(params)`
///
/// # Errors
/// What JSON in the environment and redis-py raise.
fn build_redis_usage_cache(process: &mut Process<'_>, params: &Kwargs) -> PyResult<RedisCacheId> {
    let mut startup_nodes = params.arg("startup_nodes").cloned();
    if startup_nodes.as_ref().is_none_or(|arg| arg.value.is_none())
        && let Some(variable) = process.get_secret_str("REDIS_CLUSTER_NODES")?
    {
        startup_nodes = match variable.as_str() {
            Some(text) => Some(json::loads(text, &variable.origin)?.into()),
            None => return Err(Stop::Unknown("REDIS_CLUSTER_NODES".to_owned())),
        };
    }
    let mut arguments = params.filter(|name| name != "startup_nodes");
    let given = startup_nodes.filter(|arg| convert::truth(&arg.value).unwrap_or(true));
    let class = match given {
        Some(nodes) => {
            let mut with_nodes = Kwargs::new();
            with_nodes.insert("startup_nodes", nodes);
            with_nodes.update(arguments);
            arguments = with_nodes;
            Class::RedisClusterCache
        }
        None => Class::RedisCache,
    };
    redis_cache(process, class, arguments)
}

/// `_build_redis_usage_cache_from_environment()`
///
/// # Errors
/// What building it raises; for a configured cache of another kind that stops start-up.
pub(super) fn usage_cache_from_environment(
    process: &mut Process<'_>,
) -> PyResult<Option<RedisCacheId>> {
    let kwargs = kwargs_from_environment(process);
    let target = kwargs.contains("host")
        || kwargs.contains("url")
        || process.get_secret_str("REDIS_CLUSTER_NODES")?.is_some()
        || process.get_secret_str("REDIS_SENTINEL_NODES")?.is_some();
    if !target {
        return Ok(None);
    }
    build_redis_usage_cache(process, &kwargs).map(Some)
}

/// The variables that name a Redis for coordination.
pub(super) const TARGET_VARIABLES: [&str; 4] =
    ["REDIS_HOST", "REDIS_URL", "REDIS_CLUSTER_NODES", "REDIS_SENTINEL_NODES"];

/// Where a target in the environment comes from, for messages.
pub(super) fn environment_target(process: &Process<'_>) -> Option<Origin> {
    TARGET_VARIABLES.iter().find_map(|name| process.environ(name)).map(|value| value.origin)
}
