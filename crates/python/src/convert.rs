//! `int()`, `float()`, `str()` and `repr()`.

use std::fmt::Write as _;

use super::digits::to_ascii;
use super::exception::{PyResult, Stop};
use super::integer::Integer;
use super::printable::is_printable;
use super::{Data, Truth, Value};

/// `int(value)`.
///
/// # Errors
/// `ValueError` for text that is not a number, `TypeError` for what is not text or a number.
pub fn int(value: &Value) -> PyResult<Integer> {
    let refuse = |name: &str| {
        let expected = "a string, a bytes-like object or a real number";
        Stop::raise("TypeError", format!("int() argument must be {expected}, not '{name}'"))
    };
    match &value.data {
        Data::Int(number) => Ok(number.clone()),
        Data::Bool(flag) => Ok(Integer::from(u8::from(*flag))),
        Data::Float(number) => int_of_float(*number),
        Data::Str(text) => parse_int(text).ok_or_else(|| {
            let shown = repr_str(text);
            Stop::raise("ValueError", format!("invalid literal for int() with base 10: {shown}"))
        }),
        Data::Unknown(why) => Err(Stop::Unknown(why.to_string())),
        _ => Err(refuse(value.type_name().unwrap_or("object"))),
    }
    .map_err(|stop| stop.because_of(&value.origin))
}

fn int_of_float(number: f64) -> PyResult<Integer> {
    if number.is_nan() {
        return Err(Stop::raise("ValueError", "cannot convert float NaN to integer"));
    }
    if number.is_infinite() {
        return Err(Stop::raise("OverflowError", "cannot convert float infinity to integer"));
    }
    Integer::of_float(number.trunc()).ok_or_else(|| Stop::Unknown(format!("int({number})")))
}

/// The digits of a Python number literal in text: blanks around it stripped, single underscores
/// between digits dropped; `None` where underscores are elsewhere.
fn strip_number(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || ('\x1c'..='\x1f').contains(&c));
    let text: String = text.chars().map(to_ascii).collect();
    let bytes = text.as_bytes();
    let digit_at = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    for (at, _) in text.match_indices('_') {
        if at == 0 || !digit_at(at - 1) || !digit_at(at + 1) {
            return None;
        }
    }
    Some(text.replace('_', ""))
}

/// The integer that `int(text)` gives, if it gives one.
pub fn parse_int(text: &str) -> Option<Integer> {
    let text = strip_number(text)?;
    let digits = text.strip_prefix(['+', '-']).unwrap_or(&text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.strip_prefix('+').unwrap_or(&text).parse().ok()
}

/// `float(value)`.
///
/// # Errors
/// As [`int`].
pub fn float(value: &Value) -> PyResult<f64> {
    match &value.data {
        Data::Float(number) => Ok(*number),
        Data::Bool(flag) => Ok(f64::from(u8::from(*flag))),
        Data::Int(number) => number
            .to_string()
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
            .ok_or_else(|| Stop::raise("OverflowError", "int too large to convert to float")),
        Data::Str(text) => parse_float(text).ok_or_else(|| {
            let shown = repr_str(text);
            Stop::raise("ValueError", format!("could not convert string to float: {shown}"))
        }),
        Data::Unknown(why) => Err(Stop::Unknown(why.to_string())),
        _ => {
            let name = value.type_name().unwrap_or("object");
            let message =
                format!("float() argument must be a string or a real number, not '{name}'");
            Err(Stop::raise("TypeError", message))
        }
    }
    .map_err(|stop| stop.because_of(&value.origin))
}

/// The float that `float(text)` gives, if it gives one.
pub fn parse_float(text: &str) -> Option<f64> {
    let text = strip_number(text)?;
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(&text);
    match unsigned.to_ascii_lowercase().as_str() {
        "inf" | "infinity" | "nan" => {}
        // Rust reads nothing that Python refuses but these words; both take `1.`, `.5`, `1e5`.
        other if other.starts_with(|c: char| c.is_ascii_digit() || c == '.') => {}
        _ => return None,
    }
    text.parse().ok()
}

/// `str(value)`.
///
/// # Errors
/// [`Stop::Unknown`] when the value can't be known.
pub fn str_of(value: &Value) -> PyResult<String> {
    match &value.data {
        Data::Str(text) | Data::Date(text) => Ok(text.to_string()),
        Data::DateTime(text) => Ok(text.replacen('T', " ", 1)),
        _ => repr(value),
    }
}

/// `repr(value)`.
///
/// # Errors
/// [`Stop::Unknown`] when the value can't be known.
pub fn repr(value: &Value) -> PyResult<String> {
    let mut text = String::new();
    write_repr(&mut text, value)?;
    Ok(text)
}

/// `repr` of a `datetime.datetime`, of its `isoformat()`: no seconds and microseconds where there are none after
/// them.
fn repr_datetime(iso: &str) -> String {
    let whole = |text: &str| text.parse::<i64>().unwrap_or_default();
    let (date, rest) = iso.split_once('T').unwrap_or((iso, ""));
    let (time, zone) = match rest.find(['+', '-']) {
        Some(at) => (&rest[..at], Some(&rest[at..])),
        None => (rest, None),
    };
    let (time, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut parts: Vec<i64> = date.split('-').chain(time.split(':')).map(whole).collect();
    parts.push(whole(fraction));
    for least in [6, 5] {
        if parts.len() == least + 1 && parts[least] == 0 {
            parts.pop();
        }
    }
    let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
    let zone = zone.map(|zone| {
        let sign = if zone.starts_with('-') { -1 } else { 1 };
        let clock = zone[1..].split(':').map(whole);
        let seconds =
            sign * clock.zip([3600, 60, 1]).map(|(count, unit)| count * unit).sum::<i64>();
        match (seconds.div_euclid(86_400), seconds.rem_euclid(86_400)) {
            (0, 0) => ", tzinfo=datetime.timezone.utc".to_owned(),
            (days, seconds) => {
                let named = [("days", days), ("seconds", seconds)].into_iter();
                let named = named.filter(|(_, count)| *count != 0);
                let named: Vec<String> =
                    named.map(|(name, count)| format!("{name}={count}")).collect();
                let named = named.join(", ");
                format!(", tzinfo=datetime.timezone(datetime.timedelta({named}))")
            }
        }
    });
    format!("datetime.datetime({}{})", parts.join(", "), zone.unwrap_or_default())
}

/// A collection whose `repr` is longer, in bytes, is not printed: aliases let a few lines of text stand for a value of any
/// size. Linux has no longer environment variable.
const MAX_REPR: usize = 1 << 17;

fn write_repr(out: &mut String, value: &Value) -> PyResult<()> {
    if out.len() > MAX_REPR {
        return Err(Stop::Unknown("the text of a value that is too large to print".to_owned()));
    }
    match &value.data {
        Data::None => out.push_str("None"),
        Data::Bool(flag) => out.push_str(if *flag { "True" } else { "False" }),
        Data::Int(number) => write!(out, "{number}").unwrap_or_default(),
        Data::Float(number) => out.push_str(&repr_float(*number)),
        Data::Str(text) => out.push_str(&repr_str(text)),
        Data::Bytes(bytes) => out.push_str(&repr_bytes(bytes)),
        Data::Date(text) => out.push_str(&repr_date(text)),
        Data::DateTime(text) => out.push_str(&repr_datetime(text)),
        Data::List(items) => write_items(out, "[", items, "]")?,
        Data::Tuple(items) if items.len() == 1 => write_items(out, "(", items, ",)")?,
        Data::Tuple(items) => write_items(out, "(", items, ")")?,
        Data::Set(items) if items.is_empty() => out.push_str("set()"),
        Data::Set(items) => write_items(out, "{", items, "}")?,
        Data::Dict(dict) => {
            out.push('{');
            for (at, entry) in dict.entries.iter().enumerate() {
                out.push_str(if at == 0 { "" } else { ", " });
                write_repr(out, &entry.key)?;
                out.push_str(": ");
                write_repr(out, &entry.value)?;
            }
            out.push('}');
        }
        Data::Recursive => out.push_str("[...]"),
        Data::Object(object) => write!(out, "<{}>", object.type_name()).unwrap_or_default(),
        Data::Unknown(why) => return Err(Stop::Unknown(why.to_string())),
    }
    Ok(())
}

fn write_items(out: &mut String, open: &str, items: &[Value], close: &str) -> PyResult<()> {
    out.push_str(open);
    for (at, item) in items.iter().enumerate() {
        out.push_str(if at == 0 { "" } else { ", " });
        write_repr(out, item)?;
    }
    out.push_str(close);
    Ok(())
}

/// `repr` of a `str`.
pub fn repr_str(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if is_printable(c) => out.push(c),
            c => match u32::from(c) {
                code @ ..=0xff => write!(out, "\\x{code:02x}"),
                code @ 0x100..=0xffff => write!(out, "\\u{code:04x}"),
                code => write!(out, "\\U{code:08x}"),
            }
            .unwrap_or_default(),
        }
    }
    out.push(quote);
    out
}

fn repr_bytes(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') { '"' } else { '\'' };
    let mut out = format!("b{quote}");
    for byte in bytes {
        match byte {
            b'\\' => out.push_str("\\\\"),
            b'\'' if quote == '\'' => out.push_str("\\'"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x20..=0x7e => out.push(char::from(*byte)),
            _ => write!(out, "\\x{byte:02x}").unwrap_or_default(),
        }
    }
    out.push(quote);
    out
}

fn repr_date(text: &str) -> String {
    let numbers: Vec<&str> = text.split('-').map(|part| part.trim_start_matches('0')).collect();
    format!("datetime.date({})", numbers.join(", "))
}

/// `repr` of a `float`: the shortest digits that read back, an exponent below 1e-4 and from 1e16.
pub fn repr_float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let magnitude = number.abs();
    if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        let text = format!("{number:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, size) = match exponent.strip_prefix('-') {
            Some(size) => ('-', size),
            None => ('+', exponent),
        };
        return format!("{digits}e{sign}{size:0>2}");
    }
    let text = format!("{number}");
    if text.contains('.') { text } else { format!("{text}.0") }
}

/// `bool(value)`.
///
/// # Errors
/// [`Stop::Unknown`] when the value can't be known.
pub fn truth(value: &Value) -> PyResult<bool> {
    match (value.truth(), &value.data) {
        (Truth::True, _) => Ok(true),
        (Truth::False, _) => Ok(false),
        (Truth::Unknown, Data::Unknown(why)) => Err(Stop::Unknown(why.to_string())),
        (Truth::Unknown, _) => Err(Stop::Unknown("a value that is not known".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::{repr_bytes, repr_datetime};

    /// As Python 3.11 prints them.
    #[test]
    fn times_and_bytes_are_shown_as_python_shows_them() {
        for (iso, shown) in [
            ("2001-12-14T21:59:43", "datetime.datetime(2001, 12, 14, 21, 59, 43)"),
            ("2001-12-14T21:59:00", "datetime.datetime(2001, 12, 14, 21, 59)"),
            ("2001-12-14T00:00:00.000100", "datetime.datetime(2001, 12, 14, 0, 0, 0, 100)"),
            (
                "2001-12-14T21:59:43+00:00",
                "datetime.datetime(2001, 12, 14, 21, 59, 43, tzinfo=datetime.timezone.utc)",
            ),
            (
                "2001-12-14T21:59:43.100000-05:00",
                "datetime.datetime(2001, 12, 14, 21, 59, 43, 100000, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=68400)))",
            ),
            (
                "2001-12-14T21:59:43+05:30",
                "datetime.datetime(2001, 12, 14, 21, 59, 43, tzinfo=datetime.timezone(datetime.timedelta(seconds=19800)))",
            ),
        ] {
            assert_eq!(repr_datetime(iso), shown, "{iso}");
        }
        assert_eq!(repr_bytes(b"it's"), "b\"it's\"");
        assert_eq!(repr_bytes(b"a'\"\\\xff"), "b'a\\'\"\\\\\\xff'");
    }
}
