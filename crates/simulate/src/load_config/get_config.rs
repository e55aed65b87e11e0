//! `get_config`: the file's shape, and `os.environ/` references resolved.

use std::collections::HashMap;
use std::sync::Arc;

use facts::Behaviour;
use python::{Data, Dict, PyResult, Raise, Stop, Value};

use crate::json_dump;
use crate::process::Process;
use crate::pydantic::json_settings;
use crate::sections::section;

/// `DEFAULT_MAX_RECURSE_DEPTH`
const MAX_DEPTH: usize = 100;

/// `get_config`: the file's shape, and `os.environ/` references resolved.
pub(super) fn get_config(process: &mut Process<'_>, root: &Value) -> PyResult<Value> {
    let Some(config) = root.as_dict() else {
        return Err(not_a_mapping(process, root));
    };
    if let Some(include) = config.get("include") {
        includes(process, include)?;
    }
    if !process.pair.behaves(Behaviour::ConfigIsNotDumped) {
        json_dump::check(root)?;
    }
    process.secret_manager = process.pair.behaves(Behaviour::CoordinationRedis)
        && section(root, "general_settings")
            .and_then(|settings| settings.as_dict())
            .and_then(|settings| settings.get("key_management_system"))
            .is_some_and(|system| system.as_str().is_some());
    if process.pair.behaves(Behaviour::SettingsMustBeJson) {
        for name in
            ["general_settings", "router_settings", "litellm_settings", "environment_variables"]
        {
            if let Some(value) = config.get(name)
                && let Some(dict) = value.as_dict()
            {
                json_settings(dict)?;
            }
        }
    }
    resolve_references(process, root, 0, &mut Resolved::new())
}

fn not_a_mapping(process: &Process<'_>, root: &Value) -> Stop {
    let stores = process.pair.behaves(Behaviour::IncludesAreReadApart);
    let kind = root.type_name().unwrap_or("object");
    if root.is_none() && process.pair.behaves(Behaviour::EmptyConfigIsRefused) {
        let stop = Stop::raise("Exception", "Config cannot be None or Empty.");
        return stop.because_of(&root.origin).for_reason(Raise::EmptyConfig);
    }
    let (class, message) = match &root.data {
        Data::List(_) | Data::Str(_) | Data::Set(_) if stores => {
            ("AttributeError", format!("'{kind}' object has no attribute 'items'"))
        }
        Data::List(_) => ("TypeError", "pop expected at most 1 argument, got 2".to_owned()),
        Data::Str(_) => ("AttributeError", "'str' object has no attribute 'pop'".to_owned()),
        _ => ("TypeError", format!("argument of type '{kind}' is not iterable")),
    };
    Stop::raise(class, message).because_of(&root.origin)
}

/// `_process_includes`, as far as it goes without the files.
fn includes(process: &Process<'_>, include: &Value) -> PyResult<()> {
    let raise =
        |class: &str, message: String| Err(Stop::raise(class, message).because_of(&include.origin));
    let Some(files) = include.as_list() else {
        return raise("ValueError", "'include' must be a list of file paths".to_owned());
    };
    let texts = files.iter().all(|file| file.as_str().is_some());
    if !texts && process.pair.behaves(Behaviour::IncludesAreReadApart) {
        return raise("ValueError", "'include' must be a list of file paths".to_owned());
    }
    match files.first() {
        None => Ok(()),
        Some(_) if texts => Err(Stop::Unknown("the files that `include` names".to_owned())),
        Some(file) => {
            let kind = file.type_name().unwrap_or("object");
            raise(
                "TypeError",
                format!("join() argument must be str, bytes, or os.PathLike object, not '{kind}'"),
            )
        }
    }
}

/// What collections came to, by identity and depth.
type Resolved = HashMap<(*const (), usize), Value>;

/// `_check_for_os_environ_vars`: dicts, and dicts directly inside lists.
fn resolve_references(
    process: &Process<'_>,
    value: &Value,
    depth: usize,
    known: &mut Resolved,
) -> PyResult<Value> {
    if depth > MAX_DEPTH {
        return Ok(value.clone());
    }
    let place = match &value.data {
        // Only what aliases share can be met again.
        Data::Dict(dict) => (Arc::strong_count(dict) > 1).then(|| Arc::as_ptr(dict).cast()),
        Data::List(items) => (Arc::strong_count(items) > 1).then(|| Arc::as_ptr(items).cast()),
        _ => return Ok(value.clone()),
    };
    let place = place.map(|identity| (identity, depth));
    if let Some(known) = place.and_then(|place| known.get(&place)) {
        return Ok(known.clone());
    }
    let resolved = match &value.data {
        Data::Dict(dict) => resolve_entries(process, value, dict, depth, known)?,
        Data::List(items) if items.iter().any(|item| item.as_dict().is_some()) => {
            let resolve = |item: &Value| match &item.data {
                Data::Dict(_) => resolve_references(process, item, depth + 1, known),
                _ => Ok(item.clone()),
            };
            let new = items.iter().map(resolve).collect::<PyResult<Vec<Value>>>()?;
            let kept =
                |(old, new): (&Value, &Value)| old.as_dict().is_none() || same_object(old, new);
            if items.iter().zip(&new).all(kept) {
                value.clone()
            } else {
                Value::new(Data::List(Arc::new(new)), value.origin.clone())
            }
        }
        _ => value.clone(),
    };
    if let Some(place) = place {
        known.insert(place, resolved.clone());
    }
    Ok(resolved)
}

fn resolve_entries(
    process: &Process<'_>,
    value: &Value,
    dict: &Dict,
    depth: usize,
    known: &mut Resolved,
) -> PyResult<Value> {
    // Most mappings hold no reference, and are not copied.
    let mut changed: Vec<(usize, Value)> = vec![];
    for (at, entry) in dict.entries.iter().enumerate() {
        let new = match &entry.value.data {
            Data::Dict(_) => resolve_references(process, &entry.value, depth + 1, known)?,
            // The items of a list are one deeper, the list itself is not.
            Data::List(_) => resolve_references(process, &entry.value, depth, known)?,
            Data::Str(text) if text.starts_with("os.environ/") => {
                process.resolve_reference(text, &entry.value)?
            }
            _ => continue,
        };
        if !same_object(&new, &entry.value) {
            changed.push((at, new));
        }
    }
    if changed.is_empty() {
        return Ok(value.clone());
    }
    let mut entries = dict.entries.clone();
    for (at, new) in changed {
        if let Some(entry) = entries.get_mut(at) {
            entry.value = new;
        }
    }
    Ok(Value::new(Data::Dict(Arc::new(Dict { entries })), value.origin.clone()))
}

/// Whether two values are one object, so that nothing needs copying.
fn same_object(one: &Value, other: &Value) -> bool {
    match (&one.data, &other.data) {
        (Data::Dict(one), Data::Dict(other)) => Arc::ptr_eq(one, other),
        (Data::List(one), Data::List(other)) => Arc::ptr_eq(one, other),
        _ => false,
    }
}
