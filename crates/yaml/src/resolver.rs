//! What a plain scalar's text makes it: PyYAML's `resolver.py`, YAML 1.1's patterns by hand.

use super::node::Tag;

/// The tag of an untagged scalar whose text may tell.
///
/// Python's `$` also matches before a line break at the end, which `! "yes\n"` can reach.
pub(super) fn resolve<'t>(text: &str) -> Tag<'t> {
    let Some(first) = text.bytes().next() else {
        return Tag::Null;
    };
    let text = text.strip_suffix('\n').unwrap_or(text);
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' if is_bool(text) => {
            Tag::Bool
        }
        b'n' | b'N' | b'~' if matches!(text, "~" | "null" | "Null" | "NULL") => Tag::Null,
        b'<' if text == "<<" => Tag::Merge,
        b'=' if text == "=" => Tag::Value,
        b'-' | b'+' | b'0'..=b'9' | b'.' if is_float(text) => Tag::Float,
        b'-' | b'+' | b'0'..=b'9' if is_int(text) => Tag::Int,
        b'0'..=b'9' if is_timestamp(text) => Tag::Timestamp,
        b'!' | b'&' | b'*' if text.len() == 1 => {
            Tag::Other(std::borrow::Cow::Borrowed("tag:yaml.org,2002:yaml"))
        }
        _ => Tag::Str,
    }
}

/// Whether an untagged plain scalar of this text is a string that reads back as itself.
pub(super) fn is_str(text: &str) -> bool {
    resolve(text) == Tag::Str
}

fn is_bool(text: &str) -> bool {
    matches!(
        text,
        "yes"
            | "Yes"
            | "YES"
            | "no"
            | "No"
            | "NO"
            | "true"
            | "True"
            | "TRUE"
            | "false"
            | "False"
            | "FALSE"
            | "on"
            | "On"
            | "ON"
            | "off"
            | "Off"
            | "OFF"
    )
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

fn is_digit_or_underscore(c: char) -> bool {
    c.is_ascii_digit() || c == '_'
}

/// Some of these, and nothing else.
fn all(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.chars().all(allowed)
}

/// `[0-9][0-9_]*`
fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit()) && all(text, is_digit_or_underscore)
}

/// `[0-5]?[0-9]`
fn is_sixtieth(text: &str) -> bool {
    match text.as_bytes() {
        [digit] | [b'0'..=b'5', digit] => digit.is_ascii_digit(),
        _ => false,
    }
}

fn is_int(text: &str) -> bool {
    let text = unsigned(text);
    let prefixed = |prefix, allowed: fn(char) -> bool| {
        text.strip_prefix(prefix).is_some_and(|rest: &str| all(rest, allowed))
    };
    if text == "0"
        || prefixed("0b", |c| matches!(c, '0' | '1' | '_'))
        || prefixed("0x", |c| c.is_ascii_hexdigit() || c == '_')
        || prefixed("0", |c| matches!(c, '0'..='7' | '_'))
    {
        return true;
    }
    if text.starts_with('0') {
        return false;
    }
    let mut parts = text.split(':');
    parts.next().is_some_and(is_number) && parts.all(is_sixtieth)
}

fn is_float(text: &str) -> bool {
    let magnitude = unsigned(text);
    if matches!(magnitude, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let Some((whole, fraction)) = magnitude.split_once('.') else {
        return false;
    };
    if let Some((first, rest)) = whole.split_once(':') {
        let sixtieths = rest.split(':').all(is_sixtieth);
        return is_number(first) && sixtieths && fraction.chars().all(is_digit_or_underscore);
    }
    let (digits, exponent) = match fraction.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, Some(exponent)),
        None => (fraction, None),
    };
    let exponent_fits = exponent.is_none_or(|exponent| {
        let number = exponent.strip_prefix(['-', '+']);
        number.is_some_and(|number| all(number, |c| c.is_ascii_digit()))
    });
    let digits_fit = if whole.is_empty() {
        // `.5` has no sign, says the pattern.
        magnitude.len() == text.len() && is_number(digits)
    } else {
        is_number(whole) && digits.chars().all(is_digit_or_underscore)
    };
    digits_fit && exponent_fits
}

fn is_timestamp(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits = |text: &[u8]| text.iter().all(u8::is_ascii_digit);
    let is_date = matches!(
        bytes,
        [y @ .., b'-', m1, m2, b'-', d1, d2] if y.len() == 4 && digits(y) && digits(&[*m1, *m2, *d1, *d2])
    );
    is_date || super::timestamp::parse(text).is_some_and(|parts| parts.hour.is_some())
}
