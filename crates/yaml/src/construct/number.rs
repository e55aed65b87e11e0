//! `!!bool`, `!!int` and `!!float`.

use super::Raised;
use python::convert::{parse_float, repr_str};
use python::{Integer, case};

/// The most decimal digits that Python's `int()` takes.
pub(crate) const MAX_DIGITS: usize = 4300;

/// What `int()` says of more.
pub(crate) fn too_many_digits(count: usize) -> String {
    format!(
        "Exceeds the limit ({MAX_DIGITS} digits) for integer string conversion: value has {count} \
         digits; use sys.set_int_max_str_digits() to increase the limit"
    )
}

pub(super) fn boolean(text: &str) -> Result<bool, Raised> {
    let lower = case::lower(text);
    match lower.as_str() {
        "yes" | "true" | "on" => Ok(true),
        "no" | "false" | "off" => Ok(false),
        _ => Err(("KeyError", repr_str(&lower))),
    }
}

/// `value[0]` of an empty text.
fn out_of_range() -> Raised {
    ("IndexError", "string index out of range".to_owned())
}

/// A text without its first character, if that is a sign; and whether it is a minus.
fn split_sign(text: &str) -> Result<(bool, &str), Raised> {
    match text.as_bytes().first() {
        None => Err(out_of_range()),
        Some(b'-') => Ok((true, &text[1..])),
        Some(b'+') => Ok((false, &text[1..])),
        Some(_) => Ok((false, text)),
    }
}

pub(super) fn int(text: &str) -> Result<Integer, Raised> {
    // Nearly all are written so.
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with('0');
    if let Some(number) = text.parse::<u32>().ok().filter(|_| plain) {
        return Ok(number.into());
    }
    let text = text.replace('_', "");
    let (negative, text) = split_sign(&text)?;
    let number = if text == "0" {
        Integer::ZERO
    } else if let Some(digits) = text.strip_prefix("0b") {
        python_int(digits, 2)?
    } else if let Some(digits) = text.strip_prefix("0x") {
        python_int(digits, 16)?
    } else if text.is_empty() {
        return Err(out_of_range());
    } else if text.starts_with('0') {
        python_int(text, 8)?
    } else if text.contains(':') {
        let mut number = Integer::ZERO;
        for part in text.split(':') {
            number = number * 60 + python_int(part, 10)?;
        }
        number
    } else {
        python_int(text, 10)?
    };
    Ok(if negative { -number } else { number })
}

/// Python's `int(text, base)` of a text without underscores.
fn python_int(text: &str, base: u32) -> Result<Integer, Raised> {
    let is_space = |c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c);
    let trimmed = text.trim_matches(is_space);
    let (negative, digits) = match trimmed.strip_prefix(['-', '+']) {
        Some(digits) => (trimmed.starts_with('-'), digits),
        None => (false, trimmed),
    };
    let prefix = match base {
        2 => ["0b", "0B"],
        8 => ["0o", "0O"],
        16 => ["0x", "0X"],
        _ => ["", ""],
    };
    let unprefixed = prefix.iter().find_map(|prefix| digits.strip_prefix(prefix));
    let digits = unprefixed.unwrap_or(digits);
    if base == 10 && digits.len() > MAX_DIGITS && digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(("ValueError", too_many_digits(digits.len())));
    }
    let valid = !digits.is_empty() && digits.chars().all(|c| c.is_digit(base));
    let number = valid.then(|| Integer::from_digits(digits, base)).flatten();
    let Some(number) = number else {
        let shown: String = repr_str(text).chars().take(200).collect();
        let problem = format!("invalid literal for int() with base {base}: {shown}");
        return Err(("ValueError", problem));
    };
    Ok(if negative { -number } else { number })
}

pub(super) fn float(text: &str) -> Result<f64, Raised> {
    let text = case::lower(&text.replace('_', ""));
    let (negative, text) = split_sign(&text)?;
    let number = match text {
        ".inf" => f64::INFINITY,
        ".nan" => return Ok(f64::NAN),
        _ if text.contains(':') => {
            let parts = text.split(':').map(python_float);
            sum_of_sixtieths(&parts.collect::<Result<Vec<_>, _>>()?)?
        }
        _ => python_float(text)?,
    };
    Ok(if negative { -number } else { number })
}

/// Adds up from the last part, as PyYAML does: floats are not exact.
fn sum_of_sixtieths(parts: &[f64]) -> Result<f64, Raised> {
    let mut base = Integer::from(1);
    let mut number = 0.0;
    for part in parts.iter().rev() {
        let factor = base.to_string().parse().unwrap_or(f64::INFINITY);
        if factor.is_infinite() {
            let problem = "int too large to convert to float";
            return Err(("OverflowError", problem.to_owned()));
        }
        number += part * factor;
        base = base * 60;
    }
    Ok(number)
}

fn python_float(text: &str) -> Result<f64, Raised> {
    parse_float(text).ok_or_else(|| {
        let problem = format!("could not convert string to float: {}", repr_str(text));
        ("ValueError", problem)
    })
}
