//! `pydantic.ValidationError`, as its `str()` shows it.

use std::fmt::Write as _;

use crate::python::{Data, Origin, Stop, Value, convert};

/// One line of a `ValidationError`.
pub(super) struct Problem {
    at: String,
    message: String,
    kind: &'static str,
    input: String,
    input_type: &'static str,
}

/// The pydantic version that the links in its messages name.
const LINKED_VERSION: &str = "2.14";

impl Problem {
    pub(super) fn new(at: &str, message: &str, kind: &'static str, value: &Value) -> Self {
        Self {
            at: at.to_owned(),
            message: message.to_owned(),
            kind,
            input: shown(value),
            input_type: value.type_name().unwrap_or("str"),
        }
    }

    pub(super) fn missing(at: &str, value: &Value) -> Self {
        Self::new(at, "Field required", "missing", value)
    }

    pub(super) fn keys_must_be_strings(key: &Value) -> Self {
        let at = convert::str_of(key).unwrap_or_default();
        Self::new(&at, "Keys should be strings", "invalid_key", key)
    }
}

/// `repr(value)`, its middle cut out past fifty characters.
fn shown(value: &Value) -> String {
    let text = convert::repr(value).unwrap_or_default();
    let chars: Vec<char> = text.chars().collect();
    if chars.len() <= 50 {
        return text;
    }
    let head: String = chars[..25].iter().collect();
    let tail: String = chars[chars.len() - 24..].iter().collect();
    format!("{head}...{tail}")
}

/// The exception with all its lines.
pub(super) fn validation_error(model: &str, problems: &[Problem], origin: &Origin) -> Stop {
    let count = problems.len();
    let plural = if count == 1 { "" } else { "s" };
    let mut message = format!("{count} validation error{plural} for {model}");
    for problem in problems {
        let Problem { at, message: text, kind, input, input_type } = problem;
        if !at.is_empty() {
            write!(message, "\n{at}").unwrap_or_default();
        }
        write!(
            message,
            "\n  {text} [type={kind}, input_value={input}, input_type={input_type}]\n    \
             For further information visit https://errors.pydantic.dev/{LINKED_VERSION}/v/{kind}"
        )
        .unwrap_or_default();
    }
    Stop::raise("ValidationError", message).because_of(origin)
}

/// The first thing in a value that JSON does not have, with its path: pydantic's `JsonValue`.
pub(super) fn not_json(value: &Value) -> Option<&Value> {
    match &value.data {
        Data::Bytes(_) | Data::Date(_) | Data::DateTime(_) | Data::Tuple(_) | Data::Set(_) => {
            Some(value)
        }
        Data::List(items) => items.iter().find_map(not_json),
        Data::Dict(dict) => dict.entries.iter().find_map(|entry| {
            if entry.key.as_str().is_none() { Some(&entry.key) } else { not_json(&entry.value) }
        }),
        _ => None,
    }
}
