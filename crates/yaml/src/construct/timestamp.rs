//! `!!timestamp`: dates and times, checked and printed as Python's `datetime` does.

use std::fmt::Write as _;

use super::Raised;
use crate::timestamp::{Parts, Zone, days_in_month, parse};
use python::Data;

/// `construct_yaml_timestamp`
pub(super) fn construct(text: &str) -> Result<Data, Raised> {
    let Some(parts) = parse(text) else {
        let problem = "'NoneType' object has no attribute 'groupdict'";
        return Err(("AttributeError", problem.to_owned()));
    };
    let value_error = |problem: &str| Err(("ValueError", problem.to_owned()));
    let Parts { year, month, day, minute, second, micros, .. } = parts;
    let offset = match (&parts.hour, &parts.zone) {
        (Some(_), Zone::Offset { negative, hours, minutes }) => {
            Some(check_offset(*negative, *hours, *minutes)?)
        }
        (Some(_), Zone::Utc) => Some(0),
        _ => None,
    };
    if year == 0 {
        return value_error("year 0 is out of range");
    }
    if !(1..=12).contains(&month) {
        return value_error("month must be in 1..12");
    }
    if !(1..=days_in_month(year, month)).contains(&day) {
        return value_error("day is out of range for month");
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    let Some(hour) = parts.hour else {
        return Ok(Data::Date(date.into()));
    };
    if hour > 23 {
        return value_error("hour must be in 0..23");
    }
    if minute > 59 {
        return value_error("minute must be in 0..59");
    }
    if second > 59 {
        return value_error("second must be in 0..59");
    }
    let mut iso = format!("{date}T{hour:02}:{minute:02}:{second:02}");
    if micros != 0 {
        write!(iso, ".{micros:06}").unwrap_or_default();
    }
    if let Some(offset) = offset {
        let sign = if offset < 0 { '-' } else { '+' };
        let size = offset.unsigned_abs();
        write!(iso, "{sign}{:02}:{:02}", size / 60, size % 60).unwrap_or_default();
    }
    Ok(Data::DateTime(iso.into()))
}

/// The offset in minutes: `timezone()` takes less than a day.
fn check_offset(negative: bool, hours: u32, minutes: u32) -> Result<i64, Raised> {
    let size = i64::from(hours * 60 + minutes);
    let offset = if negative { -size } else { size };
    if size < 24 * 60 {
        return Ok(offset);
    }
    let (days, seconds) = (offset.div_euclid(24 * 60), offset.rem_euclid(24 * 60) * 60);
    let seconds = match seconds {
        0 => String::new(),
        _ => format!(", seconds={seconds}"),
    };
    let problem = format!(
        "offset must be a timedelta strictly between -timedelta(hours=24) and \
         timedelta(hours=24), not datetime.timedelta(days={days}{seconds})."
    );
    Err(("ValueError", problem))
}
