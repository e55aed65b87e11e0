//! Python's `json.dumps`, as far as it refuses.

use python::{Data, Kwargs, Met, PyResult, Stop, Value};

/// What `json.dumps(value)` raises.
///
/// # Errors
/// `TypeError` for what JSON has no form for, `ValueError` for what contains itself.
pub(super) fn check(value: &Value) -> PyResult<()> {
    Dump { sorts_keys: false, met: Met::default() }.check(value)
}

/// What `json.dumps(sorted(kwargs.items()), sort_keys=True)` raises.
///
/// # Errors
/// As [`check`], and `TypeError` for keys that can't be sorted.
pub(super) fn check_sorted(kwargs: &Kwargs) -> PyResult<()> {
    let mut items: Vec<_> = kwargs.iter().collect();
    items.sort_unstable_by(|(one, _), (other, _)| str::cmp(one, other));
    let mut dump = Dump { sorts_keys: true, met: Met::default() };
    items.into_iter().try_for_each(|(_, arg)| dump.check(&arg.value))
}

struct Dump {
    sorts_keys: bool,
    met: Met,
}

impl Dump {
    fn check(&mut self, value: &Value) -> PyResult<()> {
        if !self.met.is_first(value) {
            return Ok(());
        }
        let refused = |kind: &str| {
            let message = format!("Object of type {kind} is not JSON serializable");
            Err(Stop::raise("TypeError", message).because_of(&value.origin))
        };
        match &value.data {
            Data::List(items) | Data::Tuple(items) => {
                items.iter().try_for_each(|item| self.check(item))
            }
            Data::Dict(dict) => {
                let mut entries: Vec<_> = dict.entries.iter().collect();
                if self.sorts_keys {
                    entries.windows(2).try_for_each(|two| ordered(&two[1].key, &two[0].key))?;
                    entries.sort_by(|one, other| one.key.as_str().cmp(&other.key.as_str()));
                }
                entries.into_iter().try_for_each(|entry| {
                    check_key(&entry.key)?;
                    self.check(&entry.value)
                })
            }
            Data::Date(_) => refused("date"),
            Data::DateTime(_) => refused("datetime"),
            Data::Bytes(_) => refused("bytes"),
            Data::Set(_) => refused("set"),
            Data::Recursive => {
                let message = "Circular reference detected";
                Err(Stop::raise("ValueError", message).because_of(&value.origin))
            }
            _ => Ok(()),
        }
    }
}

/// `one < other`, which Python has among texts and among numbers.
fn ordered(one: &Value, other: &Value) -> PyResult<()> {
    let kind = |value: &Value| match value.data {
        Data::Bool(_) | Data::Int(_) | Data::Float(_) => "number",
        _ => value.type_name().unwrap_or("object"),
    };
    let unknown = |value: &Value| matches!(value.data, Data::Unknown(_));
    let same = kind(one) == kind(other) && !one.is_none();
    if same || unknown(one) || unknown(other) {
        return Ok(());
    }
    let [one_type, other_type] =
        [one, other].map(|value| value.type_name().unwrap_or("object").to_owned());
    let message = format!("'<' not supported between instances of '{one_type}' and '{other_type}'");
    Err(Stop::raise("TypeError", message).because_of(&one.origin))
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
