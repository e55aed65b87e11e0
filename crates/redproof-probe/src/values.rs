//! Values of the simulation as the wire needs them: text, numbers, spans of time.

use std::time::Duration;

use redproof_core::outcome::Setting;
use redproof_core::python::{Data, Truth, Value};

use crate::outcome::{Failure, ProbeOutcome};

pub(crate) fn unknown(what: &str, why: &str) -> Failure {
    Failure::new(ProbeOutcome::Other, format!("Can't know {what}: {why}"))
        .help("Give the value, with `--env NAME=VALUE` or `--env-file`.")
}

pub(crate) fn truth(name: &str, value: &Value) -> Result<bool, Failure> {
    match value.truth() {
        Truth::True => Ok(true),
        Truth::False => Ok(false),
        Truth::Unknown => Err(unknown(&format!("`{name}`"), "it is set from out of sight")),
    }
}

/// The text of a value, numbers as Python prints them; `None` for `None`.
pub(crate) fn value_text(name: &str, value: &Value) -> Result<Option<String>, Failure> {
    Ok(Some(match &value.data {
        Data::None => return Ok(None),
        Data::Str(text) => text.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => format!("{number:?}"),
        Data::Bool(flag) => if *flag { "True" } else { "False" }.to_owned(),
        Data::Unknown(why) => return Err(unknown(&format!("`{name}`"), why)),
        _ => {
            return Err(Failure::new(
                ProbeOutcome::InvalidConfig,
                format!(
                    "`{name}` is a {}, which redis-py can't use.",
                    value.type_name().unwrap_or("value")
                ),
            ));
        }
    }))
}

/// The text of a value that redis-py uses only when it is truthy.
pub(crate) fn truthy_text(name: &str, value: &Value) -> Result<Option<String>, Failure> {
    if truth(name, value)? { value_text(name, value) } else { Ok(None) }
}

pub(crate) fn required_text(name: &str, setting: &Setting) -> Result<String, Failure> {
    value_text(name, &setting.value)?
        .ok_or_else(|| Failure::new(ProbeOutcome::InvalidConfig, format!("There is no {name}.")))
}

pub(crate) fn port(setting: &Setting) -> Result<u16, Failure> {
    let text = required_text("port", setting)?;
    text.trim().parse().map_err(|_| {
        Failure::new(
            ProbeOutcome::InvalidConfig,
            format!("`{text}` is not a port: ports go from 1 to 65535."),
        )
    })
}

pub(crate) fn seconds(name: &str, setting: &Setting) -> Result<Option<Duration>, Failure> {
    let Some(text) = value_text(name, &setting.value)? else {
        return Ok(None);
    };
    let invalid = || {
        Failure::new(
            ProbeOutcome::InvalidConfig,
            format!("`{name}` must be a number of seconds above 0."),
        )
    };
    let seconds: f64 = text.parse().map_err(|_| invalid())?;
    if seconds.is_infinite() {
        return Ok(None);
    }
    Duration::try_from_secs_f64(seconds)
        .ok()
        .filter(|duration| !duration.is_zero())
        .map(Some)
        .ok_or_else(invalid)
}
