//! A reading as JSON that keeps Python's types apart; `truth/pyyaml/canonical.py` is its twin.

use redproof_core::document::read;
use redproof_core::python::convert::repr_float;
use redproof_core::python::{Data, Value};
use redproof_core::source::SourceId;
use serde_json::{Value as Json, json};

/// `{"value": …}` or `{"error": {…}}`.
pub(crate) fn canonical(text: &str) -> Json {
    match read(SourceId::CONFIG, text) {
        Ok(document) => json!({ "value": value(&document.root) }),
        Err(error) if error.exception == "RecursionError" => {
            json!({ "error": { "class": error.exception } })
        }
        Err(error) => {
            let marked = error.mark.filter(|_| error.exception != "ReaderError");
            json!({ "error": {
                "class": error.exception,
                "message": error.message_with_snippet(text),
                "line": marked.map(|mark| mark.line + 1),
                "column": marked.map(|mark| mark.column + 1),
            } })
        }
    }
}

fn value(value: &Value) -> Json {
    let list = |items: &[Value]| items.iter().map(self::value).collect::<Vec<_>>();
    match &value.data {
        Data::None => Json::Null,
        Data::Bool(flag) => json!(flag),
        Data::Int(number) => {
            let number: num_bigint::BigInt = number.to_string().parse().expect("an integer");
            let sign = if number.sign() == num_bigint::Sign::Minus { "-" } else { "" };
            json!(["i", format!("{sign}0x{}", number.magnitude().to_str_radix(16))])
        }
        Data::Float(number) => json!(["f", repr_float(*number)]),
        Data::Str(text) => json!(**text),
        Data::Bytes(bytes) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            json!(["b", hex])
        }
        Data::Date(iso) => json!(["D", **iso]),
        Data::DateTime(iso) => json!(["T", **iso]),
        Data::List(items) => json!(["l", list(items)]),
        Data::Tuple(items) => json!(["t", list(items)]),
        Data::Set(items) => {
            let mut items = list(items);
            items.sort_by_key(Json::to_string);
            json!(["s", items])
        }
        Data::Dict(dict) => {
            let pairs = dict.entries.iter();
            let pairs: Vec<Json> = pairs
                .map(|entry| json!([self::value(&entry.key), self::value(&entry.value)]))
                .collect();
            json!(["d", pairs])
        }
        Data::Recursive => json!(["r"]),
        Data::Unknown(_) => json!(["u"]),
        Data::Object(object) => json!(["o", object.type_name()]),
    }
}
