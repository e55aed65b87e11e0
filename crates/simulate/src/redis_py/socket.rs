//! Python's `socket`.

use python::{Data, Value};

/// The seconds that fit 64 bits of nanoseconds.
const LONGEST: i64 = 9_223_372_036;

/// What `socket.settimeout` says of a value that it does not take.
pub(crate) fn settimeout_refuses(timeout: &Value) -> Option<String> {
    let negative = || Some("Timeout value out of range".to_owned());
    match &timeout.data {
        Data::Int(seconds) if *seconds > LONGEST.into() || *seconds < (-LONGEST).into() => {
            Some("timestamp too large to convert to C _PyTime_t".to_owned())
        }
        Data::Int(seconds) if *seconds < 0.into() => negative(),
        Data::Float(seconds) if seconds.is_nan() => {
            Some("Invalid value NaN (not a number)".to_owned())
        }
        #[expect(clippy::cast_precision_loss, reason = "the bound is ten digits")]
        Data::Float(seconds) if seconds.abs() > LONGEST as f64 => {
            Some("timestamp out of range for platform time_t".to_owned())
        }
        Data::Float(seconds) if *seconds < 0.0 => negative(),
        Data::None | Data::Bool(_) | Data::Int(_) | Data::Float(_) | Data::Unknown(_) => None,
        _ => {
            let kind = timeout.type_name().unwrap_or("object");
            Some(format!("'{kind}' object cannot be interpreted as an integer"))
        }
    }
}
