//! `${NAME:-default}` as compose fills it in.

use std::collections::BTreeMap;

use crate::environment::room;

/// What a text becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Filled {
    /// Known.
    Known(String),
    /// It depends on this variable where compose runs; the text where that is not set.
    Depends(String, String),
}

/// Fills in the variables of a text; those of `known` are known.
pub(crate) fn fill(text: &str, known: &BTreeMap<String, String>) -> Filled {
    let mut depends = None;
    let filled = filled(text, known, &mut depends, 0);
    match depends {
        None => Filled::Known(filled),
        Some(name) => Filled::Depends(name, filled),
    }
}

fn filled(
    text: &str,
    known: &BTreeMap<String, String>,
    depends: &mut Option<String>,
    depth: usize,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        out.push_str(&rest[..dollar]);
        rest = &rest[dollar + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
        } else if let Some(inside) = rest.strip_prefix('{') {
            let end = closing(inside);
            let (inside, after) = inside.split_at(end);
            rest = after.strip_prefix('}').unwrap_or(after);
            let name = &inside[..name_end(inside)];
            push(&mut out, &braced(inside, known, depends, depth), depends, name);
        } else {
            let end = name_end(rest);
            let (name, after) = rest.split_at(end);
            rest = after;
            match known.get(name) {
                _ if name.is_empty() => out.push('$'),
                Some(value) => push(&mut out, value, depends, name),
                None => {
                    depends.get_or_insert_with(|| name.to_owned());
                }
            }
        }
    }
    out.push_str(rest);
    out
}

/// Adds what stands for a variable. What would grow too large counts as not known.
fn push(out: &mut String, value: &str, depends: &mut Option<String>, name: &str) {
    if room::push(out, value).is_none() {
        depends.get_or_insert_with(|| name.to_owned());
    }
}

fn braced(
    inside: &str,
    known: &BTreeMap<String, String>,
    depends: &mut Option<String>,
    depth: usize,
) -> String {
    let (name, operation) = inside.split_at(name_end(inside));
    let (colon, operation) = match operation.strip_prefix(':') {
        Some(operation) => (true, operation),
        None => (false, operation),
    };
    let value = known.get(name).filter(|value| !(colon && value.is_empty()));
    if value.is_none() {
        depends.get_or_insert_with(|| name.to_owned());
    }
    // Nesting that deep is nobody's.
    let alternative = |depends: &mut Option<String>| {
        let text = operation.get(1..).unwrap_or("");
        if depth > 8 { String::new() } else { filled(text, known, depends, depth + 1) }
    };
    match (operation.chars().next(), value) {
        (Some('+'), Some(_)) | (Some('-'), None) => alternative(depends),
        (_, None) => String::new(),
        (_, Some(value)) => value.clone(),
    }
}

fn name_end(text: &str) -> usize {
    text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(text.len())
}

/// Where the brace that was opened before this text ends.
fn closing(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return at,
            '}' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{Filled, fill};

    #[test]
    fn as_compose_does() {
        let known = [("A", "a"), ("E", "")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        let known = known.into_iter().collect();
        let is = |text: &str| Filled::Known(text.to_owned());
        let depends = |name: &str, text: &str| Filled::Depends(name.to_owned(), text.to_owned());
        for (text, expected) in [
            ("$A ${A} $$A", is("a a $A")),
            ("${A:-x}${A:+y}", is("ay")),
            ("${E:-x}", depends("E", "x")),
            ("${E-x}", is("")),
            ("${N:-x${A}}/y", depends("N", "xa/y")),
            ("${N:?gone}", depends("N", "")),
            ("a$", is("a$")),
            ("${", depends("", "")),
        ] {
            assert_eq!(fill(text, &known), expected, "{text}");
        }
    }
}
