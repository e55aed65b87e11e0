//! Values as YAML text that PyYAML reads back as the same values.

use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::resolver;

/// A value in flow style, on one line.
pub fn flow(value: &Json) -> String {
    match value {
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(flow).collect();
            format!("[{}]", items.join(", "))
        }
        Json::Object(map) => {
            let entry = |(key, value): (&String, &Json)| format!("{}: {}", text(key), flow(value));
            let entries: Vec<String> = map.iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
        value => scalar(value),
    }
}

/// Whether a value is better written on lines of its own.
pub(super) fn wants_lines(value: &Json) -> bool {
    match value {
        Json::Object(map) => !map.is_empty(),
        Json::Array(items) => items.iter().any(wants_lines),
        _ => false,
    }
}

/// The lines of a block mapping or sequence, the first one not indented.
pub fn lines(value: &Json, indent: usize, step: usize) -> Vec<String> {
    let pad = |depth: usize| " ".repeat(depth);
    let mut out = Vec::new();
    match value {
        Json::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                let key = text(key);
                if wants_lines(value) {
                    out.push(format!("{}{key}:", pad(indent)));
                    out.extend(lines(value, indent + step, step));
                } else {
                    out.push(format!("{}{key}: {}", pad(indent), flow(value)));
                }
            }
        }
        Json::Array(items) if wants_lines(value) => {
            for item in items {
                let item = lines(item, indent + 2, step);
                for (at, line) in item.into_iter().enumerate() {
                    let dash = format!("{}- {}", pad(indent), line.trim_start());
                    out.push(if at == 0 { dash } else { line });
                }
            }
        }
        value => out.push(format!("{}{}", pad(indent), flow(value))),
    }
    out
}

fn scalar(value: &Json) -> String {
    match value {
        Json::String(value) => text(value),
        Json::Number(number) if number.is_f64() => float(&number.to_string()),
        value => value.to_string(),
    }
}

/// YAML 1.1 floats have a point, and a sign in the exponent.
fn float(number: &str) -> String {
    let Some((digits, exponent)) = number.split_once('e') else {
        return number.to_owned();
    };
    let point = if digits.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['-', '+']) { "" } else { "+" };
    format!("{digits}{point}e{sign}{exponent}")
}

/// A string: plain where nothing could take it for something else, else in double quotes.
pub fn text(value: &str) -> String {
    if is_plain(value) {
        return value.to_owned();
    }
    quoted(value)
}

/// A string in double quotes, whatever it holds: a string to YAML 1.1 and 1.2 alike.
pub fn quoted(value: &str) -> String {
    let mut out = String::from('"');
    for c in value.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            ' '..='~'
            | '\u{a1}'..='\u{1fff}'
            | '\u{2070}'..='\u{d7ff}'
            | '\u{1f300}'..='\u{1faff}' => out.push(c),
            c => match u32::from(c) {
                code @ ..=0xff => write!(out, "\\x{code:02x}"),
                code @ 0x100..=0xffff => write!(out, "\\u{code:04x}"),
                code => write!(out, "\\U{code:08x}"),
            }
            .unwrap_or_default(),
        }
    }
    out.push('"');
    out
}

fn is_plain(value: &str) -> bool {
    let first = value.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '_'));
    let rest = value.chars().all(|c| c.is_ascii_alphanumeric() || "/_.-:@+$%=~".contains(c));
    // `y` and `n` are strings to PyYAML and booleans to YAML 1.1.
    let word = matches!(value, "y" | "Y" | "n" | "N");
    first && rest && !word && !value.ends_with(':') && resolver::is_str(value)
}
