//! Two outcomes, field by field.

use serde_json::Value;

/// A field that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Where: `clients[].connection.port`.
    pub field: String,
    /// What LiteLLM gave; `None` where it has no such field.
    pub real: Option<Value>,
    /// What the simulation gave; `None` where it has no such field.
    pub simulated: Option<Value>,
}

/// Every difference between two outcomes.
///
/// `{"unknown": why}` equals `{"unknown": another reason}` and nothing else.
pub fn differences(real: &Value, simulated: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(String::new(), Some(real), Some(simulated), &mut found);
    found
}

fn compare(
    field: String,
    real: Option<&Value>,
    simulated: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    match (real, simulated) {
        (Some(real), Some(simulated)) if is_unknown(real) && is_unknown(simulated) => {}
        (Some(Value::Object(one)), Some(Value::Object(other))) => {
            let more = other.keys().filter(|key| !one.contains_key(*key));
            for key in one.keys().chain(more) {
                compare(joined(&field, key), one.get(key), other.get(key), found);
            }
        }
        (Some(Value::Array(one)), Some(Value::Array(other))) if one.len() == other.len() => {
            for (real, simulated) in one.iter().zip(other) {
                compare(format!("{field}[]"), Some(real), Some(simulated), found);
            }
        }
        (real, simulated) if real == simulated => {}
        (real, simulated) => {
            found.push(Difference { field, real: real.cloned(), simulated: simulated.cloned() });
        }
    }
}

fn joined(field: &str, key: &str) -> String {
    if field.is_empty() { key.to_owned() } else { format!("{field}.{key}") }
}

fn is_unknown(value: &Value) -> bool {
    value.as_object().is_some_and(|fields| fields.len() == 1 && fields.contains_key("unknown"))
}

/// The fields that an outcome holds, down to single values.
pub fn leaves(value: &Value, mut each: impl FnMut(&str)) {
    fn walk(field: &str, value: &Value, each: &mut dyn FnMut(&str)) {
        match value {
            Value::Object(fields) if !is_unknown(value) => {
                for (key, value) in fields {
                    walk(&joined(field, key), value, each);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for item in items {
                    walk(&format!("{field}[]"), item, each);
                }
            }
            _ => each(field),
        }
    }
    walk("", value, &mut each);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fields(real: &Value, simulated: &Value) -> Vec<String> {
        differences(real, simulated).into_iter().map(|d| d.field).collect()
    }

    #[test]
    fn equal_outcomes_do_not_differ() {
        let outcome = json!({"startup": "ok", "clients": [{"api": "sync", "error": null}]});
        assert_eq!(fields(&outcome, &outcome), Vec::<String>::new());
    }

    #[test]
    fn a_missing_field_and_an_extra_one_differ() {
        assert_eq!(fields(&json!({"a": null}), &json!({"b": null})), ["a", "b"]);
    }

    #[test]
    fn integers_floats_and_text_differ() {
        assert_eq!(fields(&json!({"port": 1}), &json!({"port": "1"})), ["port"]);
        assert_eq!(fields(&json!({"port": 5}), &json!({"port": 5.0})), ["port"]);
    }

    #[test]
    fn lists_of_other_lengths_differ_as_a_whole() {
        assert_eq!(fields(&json!({"nodes": [1]}), &json!({"nodes": [1, 2]})), ["nodes"]);
    }

    #[test]
    fn unknown_equals_only_unknown() {
        let unknown = json!({"port": {"unknown": "no"}});
        assert!(fields(&unknown, &json!({"port": {"unknown": "why"}})).is_empty());
        assert_eq!(fields(&unknown, &json!({"port": 1})), ["port"]);
        assert_eq!(fields(&json!({"port": 1}), &unknown), ["port"]);
    }
}
