//! Python values as JSON.

use python::{Data, Value};
use serde_json::{Value as Json, json};

/// A Python value as JSON; numbers that JSON lacks are `nan`, `inf` and `-inf`.
pub fn value_json(value: &Value) -> Json {
    match &value.data {
        Data::None => Json::Null,
        Data::Bool(flag) => json!(flag),
        Data::Int(number) => {
            let text = number.to_string();
            text.parse::<i64>().map_or_else(|_| json!(text), |number| json!(number))
        }
        Data::Float(number) => match serde_json::Number::from_f64(*number) {
            Some(number) => Json::Number(number),
            None => json!(python::convert::repr_float(*number)),
        },
        Data::Str(text) | Data::Date(text) | Data::DateTime(text) => json!(&**text),
        Data::Bytes(_) => json!(python::convert::repr(value).unwrap_or_default()),
        Data::List(items) | Data::Tuple(items) | Data::Set(items) => {
            items.iter().map(value_json).collect()
        }
        Data::Dict(dict) => {
            let key = |value: &Value| python::convert::str_of(value).unwrap_or_default();
            let entries = dict.entries.iter();
            Json::Object(entries.map(|e| (key(&e.key), value_json(&e.value))).collect())
        }
        Data::Recursive => json!("[...]"),
        Data::Object(object) => json!(object.type_name()),
        Data::Unknown(why) => json!({ "unknown": &**why }),
    }
}
