//! How the Rust client reads values: as JSON, each kind by its own rules.

use crate::outcome::Verify;
use python::{Data, Stop, Value, case, convert};

/// Why there is no client.
pub(super) enum Refused {
    /// An exception.
    Raised(Stop),
    /// The state stays in memory, and the log says why.
    Unusable(String),
}

impl From<Stop> for Refused {
    fn from(stop: Stop) -> Self {
        Self::Raised(stop)
    }
}

/// Whether the value is more than null, empty text, an empty list or an empty mapping. NaN and
/// infinity are null in JSON.
pub(super) fn is_set(value: &Value) -> bool {
    match &value.data {
        Data::None => false,
        Data::Float(number) => number.is_finite(),
        Data::Str(text) => !text.is_empty(),
        Data::List(items) | Data::Tuple(items) | Data::Set(items) => !items.is_empty(),
        Data::Dict(dict) => !dict.entries.is_empty(),
        _ => true,
    }
}

/// The text that a setting of text is; lists and mappings are none.
pub(super) fn text(value: &Value) -> Option<String> {
    if !is_set(value) {
        return None;
    }
    scalar(value)
}

/// The text of what is neither a list nor a mapping nor null.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match &value.data {
        Data::Bool(flag) => Some(flag.to_string()),
        Data::Int(number) => Some(number.to_string()),
        Data::Float(number) if number.is_finite() => Some(convert::repr_float(*number)),
        Data::Str(text) => Some(text.to_string()),
        Data::None
        | Data::Float(_)
        | Data::List(_)
        | Data::Tuple(_)
        | Data::Set(_)
        | Data::Dict(_)
        | Data::Unknown(_) => None,
        // What JSON lacks is only known to be there.
        _ => Some("true".to_owned()),
    }
}

/// A flag: `None` where the text is neither yes nor no.
pub(super) fn flag(value: &Value) -> Option<bool> {
    match &value.data {
        Data::Bool(flag) => Some(*flag),
        Data::Int(number) => Some(*number != 0.into()),
        Data::Float(number) if number.is_finite() => Some(*number != 0.0),
        Data::Str(text) => match case::lower(text).as_str() {
            "1" | "true" | "yes" => Some(true),
            "0" | "false" | "no" | "off" | "n" | "f" => Some(false),
            _ => None,
        },
        Data::None
        | Data::Float(_)
        | Data::List(_)
        | Data::Tuple(_)
        | Data::Set(_)
        | Data::Dict(_)
        | Data::Unknown(_) => None,
        _ => Some(true),
    }
}

pub(super) fn invalid(name: &str, expected: &str) -> String {
    format!("invalid Redis setting {name}: expected {expected}")
}

pub(super) fn unusable(name: &str, expected: &str) -> Refused {
    Refused::Unusable(invalid(name, expected))
}

pub(super) fn unknown(value: &Value) -> bool {
    matches!(value.data, Data::Unknown(_))
}

pub(super) const SECONDS: &str = "a non-negative number of seconds";

pub(super) const CERT_REQS: &str = "none, optional, required, null or an ssl.VerifyMode value";

/// Whether Rust's `Duration` holds so many seconds.
pub(super) fn is_duration(seconds: f64) -> bool {
    (0.0..18_446_744_073_709_551_616.0).contains(&seconds)
}

/// `ssl_cert_reqs`
pub(super) fn verify(value: &Value) -> Option<Verify> {
    match &value.data {
        Data::None => Some(Verify::None),
        Data::Str(text) => match &**text {
            "none" => Some(Verify::None),
            "optional" => Some(Verify::Optional),
            "required" | "" => Some(Verify::Required),
            _ => None,
        },
        Data::Int(number) if *number == 0.into() => Some(Verify::None),
        Data::Int(number) if *number == 1.into() => Some(Verify::Optional),
        Data::Int(number) if *number == 2.into() => Some(Verify::Required),
        Data::Unknown(_) => Some(Verify::Required),
        _ if !is_set(value) => Some(Verify::Required),
        _ => None,
    }
}
