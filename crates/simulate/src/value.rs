//! Python values as JSON.

use python::{Data, Value};
use serde_json::{Value as Json, json};

/// More values in one are not printed: aliases let a few lines of text stand for any number.
const MAX_VALUES: usize = 1 << 16;

/// A Python value as JSON; numbers that JSON lacks are `nan`, `inf` and `-inf`.
pub fn value_json(value: &Value) -> Json {
    let mut left = MAX_VALUES;
    bounded_json(value, &mut left)
        .unwrap_or_else(|| json!({ "unknown": "a value that is too large to print" }))
}

/// `None` when more values are in it than are `left`.
fn bounded_json(value: &Value, left: &mut usize) -> Option<Json> {
    *left = left.checked_sub(1)?;
    Some(match &value.data {
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
        Data::Str(text) | Data::Date(text) => json!(&**text),
        Data::Bytes(_) | Data::DateTime(_) => {
            json!(python::convert::str_of(value).unwrap_or_default())
        }
        Data::List(items) | Data::Tuple(items) | Data::Set(items) => {
            items.iter().map(|item| bounded_json(item, left)).collect::<Option<_>>()?
        }
        Data::Dict(dict) => {
            let key = |value: &Value| python::convert::str_of(value).unwrap_or_default();
            let entries = dict.entries.iter();
            let entries = entries.map(|e| Some((key(&e.key), bounded_json(&e.value, left)?)));
            Json::Object(entries.collect::<Option<_>>()?)
        }
        Data::Recursive => json!("[...]"),
        Data::Object(object) => json!(object.type_name()),
        Data::Unknown(why) => json!({ "unknown": &**why }),
    })
}
