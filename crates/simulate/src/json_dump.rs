//! Python's `json.dumps`, as far as it refuses.

use python::{Data, Met, PyResult, Stop, Value};

/// What `json.dumps(value)` raises.
///
/// # Errors
/// `TypeError` for what JSON has no form for, `ValueError` for what contains itself.
pub(super) fn check(value: &Value) -> PyResult<()> {
    check_once(value, &mut Met::default())
}

fn check_once(value: &Value, met: &mut Met) -> PyResult<()> {
    if !met.is_first(value) {
        return Ok(());
    }
    let refused = |kind: &str| {
        let message = format!("Object of type {kind} is not JSON serializable");
        Err(Stop::raise("TypeError", message).because_of(&value.origin))
    };
    match &value.data {
        Data::List(items) | Data::Tuple(items) => {
            items.iter().try_for_each(|item| check_once(item, met))
        }
        Data::Dict(dict) => dict.entries.iter().try_for_each(|entry| {
            check_key(&entry.key)?;
            check_once(&entry.value, met)
        }),
        Data::Date(_) => refused("date"),
        Data::DateTime(_) => refused("datetime"),
        Data::Bytes(_) => refused("bytes"),
        Data::Set(_) => refused("set"),
        Data::Recursive => {
            Err(Stop::raise("ValueError", "Circular reference detected").because_of(&value.origin))
        }
        _ => Ok(()),
    }
}

fn check_key(key: &Value) -> PyResult<()> {
    let kind = match &key.data {
        Data::Date(_) => "date",
        Data::DateTime(_) => "datetime",
        Data::Bytes(_) => "bytes",
        Data::Tuple(_) => "tuple",
        _ => return Ok(()),
    };
    let message = format!("keys must be str, int, float, bool or None, not {kind}");
    Err(Stop::raise("TypeError", message).because_of(&key.origin))
}
