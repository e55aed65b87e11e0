//! `.env` files, as python-dotenv reads them for `load_dotenv()`.
//!
//! Follows `dotenv/parser.py` and `dotenv/variables.py`. Older releases read quotes with
//! backslashes, a byte order mark and `KEY= # comment` differently; a value that depends on the
//! release is unknown.

use std::collections::{BTreeSet, HashSet};

use base::source::{SourceId, Span};

use super::{Environment, Lookup, Note, Variable, VariableValue, room};

/// One `KEY=value` of a file; `value` is `None` for a key without `=`, which sets nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// The name.
    pub key: String,
    /// The value, quotes and escapes resolved.
    pub value: Option<String>,
    /// Where the value is; without one, the whole line.
    pub span: Span,
    /// Where the line starts: at `export` or the key.
    pub start: usize,
}

/// What releases of python-dotenv do differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    /// As release 1.0.1, what the official images of older LiteLLM releases ship.
    Old,
    /// As release 1.2.4.
    New,
}

/// Sets what the file sets, in `environment`, where it is not set already: `load_dotenv()` lets
/// the process environment win. Says in `notes` what the file leaves open.
pub(crate) fn load(
    source: SourceId,
    text: &str,
    environment: &mut Environment,
    notes: &mut Vec<Note>,
) {
    let (new, errors) = parse(source, text, Dialect::New);
    let (old, _) = parse(source, text, Dialect::Old);
    let old: HashSet<(String, Option<String>)> =
        old.into_iter().map(|binding| (binding.key, binding.value)).collect();
    for span in errors {
        notes.push(Note {
            span: Some(span),
            text: "python-dotenv can't read this line and skips it".to_owned(),
        });
    }
    // The last binding of a key counts, but each may be referred to by those after it.
    let mut file = Environment::default();
    let mut valueless = BTreeSet::new();
    for binding in &new {
        let Some(value) = &binding.value else {
            file.remove(&binding.key);
            valueless.insert(binding.key.as_str());
            continue;
        };
        valueless.remove(binding.key.as_str());
        let agreed = old.contains(&(binding.key.clone(), binding.value.clone()));
        let variable = if agreed {
            let filled = interpolate(value, binding.span, environment, &file, &valueless);
            if value.contains("${") {
                environment.with_room(&binding.key, filled, notes)
            } else {
                filled
            }
        } else {
            Variable::unknown(
                "a line that releases of python-dotenv read differently",
                Some(binding.span),
            )
        };
        file.set(&binding.key, variable);
    }
    for (name, variable) in file.iter() {
        if environment.get(name).is_none() {
            environment.set(name, variable.clone());
        }
    }
}

/// Fills in `${NAME}` and `${NAME:-default}`; `$NAME` stays as it is.
fn interpolate(
    value: &str,
    span: Span,
    process: &Environment,
    file: &Environment,
    valueless: &BTreeSet<&str>,
) -> Variable {
    let mut filled = String::with_capacity(value.len());
    let mut rest = value;
    while let Some(start) = rest.find("${") {
        let Some((name, default, length)) = reference(&rest[start..]) else {
            filled.push_str(&rest[..start + 2]);
            rest = &rest[start + 2..];
            continue;
        };
        filled.push_str(&rest[..start]);
        rest = &rest[start + length..];
        let found = process.get(name).or_else(|| file.get(name));
        match found.map(|variable| &variable.value) {
            Some(VariableValue::Known(secret)) => {
                if room::push(&mut filled, secret.reveal()).is_none() {
                    return room::too_large(Some(span));
                }
            }
            Some(VariableValue::Unknown(why)) => return Variable::unknown(why, Some(span)),
            None if valueless.contains(name) => {}
            // No variable has the empty name.
            None if name.is_empty() => filled.push_str(default),
            None if matches!(process.lookup(name), Lookup::NotGiven) => {
                return Variable::unknown(
                    format!("the environment variable {name}, which the .env file refers to"),
                    Some(span),
                );
            }
            None => filled.push_str(default),
        }
    }
    filled.push_str(rest);
    Variable::known(&filled, Some(span))
}

/// The name, the default and the length of a `${…}` at the start of `text`.
fn reference(text: &str) -> Option<(&str, &str, usize)> {
    let inside = text.strip_prefix("${")?;
    let name_end = inside.find(['}', ':'])?;
    let (name, rest) = inside.split_at(name_end);
    if rest.starts_with('}') {
        return Some((name, "", 2 + name_end + 1));
    }
    let default = rest.strip_prefix(":-")?;
    let end = default.find('}')?;
    Some((name, &default[..end], 2 + name_end + 2 + end + 1))
}

/// The bindings of a file, as the newest python-dotenv reads them.
pub fn bindings(source: SourceId, text: &str) -> Vec<Binding> {
    parse(source, text, Dialect::New).0
}

/// The bindings of a file, and the places that hold none.
fn parse(source: SourceId, text: &str, dialect: Dialect) -> (Vec<Binding>, Vec<Span>) {
    let start = match dialect {
        Dialect::New if text.starts_with('\u{feff}') => '\u{feff}'.len_utf8(),
        Dialect::New | Dialect::Old => 0,
    };
    let mut reader = Reader { text, at: start, dialect };
    let mut bindings = Vec::new();
    let mut errors = Vec::new();
    while reader.at < text.len() {
        reader.skip(is_space);
        let start = reader.at;
        match reader.binding() {
            Ok(Some((key, value))) => bindings.push(Binding {
                key,
                start,
                value: value.as_ref().map(|(value, _)| value.clone()),
                span: value
                    .map_or(Span::new(source, start, reader.line_end(start)), |(_, range)| {
                        Span::new(source, range.start, range.end)
                    }),
            }),
            Ok(None) => {}
            Err(Unreadable) => {
                errors.push(Span::new(source, start, reader.line_end(reader.at)));
                reader.rest_of_line();
            }
        }
    }
    (bindings, errors)
}

/// Python's `\s`.
fn is_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

fn is_blank(c: char) -> bool {
    is_space(c) && c != '\r' && c != '\n'
}

type Valued = (String, std::ops::Range<usize>);

/// python-dotenv's `Error`: no binding can be read here.
struct Unreadable;

struct Reader<'t> {
    text: &'t str,
    at: usize,
    dialect: Dialect,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip(&mut self, accept: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest.find(|c| !accept(c)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn line_end(&self, from: usize) -> usize {
        let rest = &self.text[from..];
        from + rest.find(['\r', '\n']).unwrap_or(rest.len())
    }

    /// `parse_binding`: `None` for a comment or the end.
    fn binding(&mut self) -> Result<Option<(String, Option<Valued>)>, Unreadable> {
        if self.at >= self.text.len() {
            return Ok(None);
        }
        if let Some(after) = self.rest().strip_prefix("export")
            && after.starts_with(is_blank)
        {
            self.at += "export".len();
            self.skip(is_blank);
        }
        let key = self.key()?;
        self.skip(is_blank);
        let value = if self.peek() == Some('=') {
            self.at += 1;
            let gap = self.skip(is_blank);
            if self.dialect == Dialect::New && !gap.is_empty() && self.peek() == Some('#') {
                Some((String::new(), self.at..self.at))
            } else {
                Some(self.value()?)
            }
        } else {
            None
        };
        self.comment();
        self.end_of_line()?;
        Ok(key.map(|key| (key, value)))
    }

    /// `parse_key`: `None` for a comment.
    fn key(&mut self) -> Result<Option<String>, Unreadable> {
        match self.peek() {
            Some('#') => Ok(None),
            Some('\'') => {
                let inside = &self.rest()[1..];
                let end = inside.find('\'').filter(|end| *end > 0).ok_or(Unreadable)?;
                self.at += end + 2;
                Ok(Some(inside[..end].to_owned()))
            }
            _ => {
                let key = self.skip(|c| c != '=' && c != '#' && !is_space(c));
                if key.is_empty() { Err(Unreadable) } else { Ok(Some(key.to_owned())) }
            }
        }
    }

    fn value(&mut self) -> Result<Valued, Unreadable> {
        let start = self.at;
        let Some(quote @ ('\'' | '"')) = self.peek() else {
            let part = self.skip(|c| c != '\r' && c != '\n');
            let value = strip_comment(part).trim_end_matches(is_space);
            return Ok((value.to_owned(), start..start + value.len()));
        };
        let inside = &self.rest()[1..];
        let end = self.closing_quote(inside, quote).ok_or(Unreadable)?;
        self.at += end + 2;
        // The file is opened with universal newlines.
        let inside = inside[..end].replace("\r\n", "\n").replace('\r', "\n");
        Ok((decode_escapes(&inside, quote), start..self.at))
    }

    /// Where the quoted text ends.
    fn closing_quote(&self, inside: &str, quote: char) -> Option<usize> {
        let mut escaped_quote = None;
        let mut chars = inside.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            if c == quote {
                return Some(at);
            }
            if c == '\\' {
                match (self.dialect, chars.peek()) {
                    (Dialect::New, _) => {
                        chars.next();
                    }
                    (Dialect::Old, Some((quote_at, next))) if *next == quote => {
                        escaped_quote = Some(*quote_at);
                        chars.next();
                    }
                    (Dialect::Old, _) => {}
                }
            }
        }
        // The old expression goes back to the last `\'` when no other quote closes the text.
        escaped_quote
    }

    fn comment(&mut self) {
        let rest = self.rest();
        if rest.trim_start_matches(is_blank).starts_with('#') {
            self.skip(|c| c != '\r' && c != '\n');
        }
    }

    fn end_of_line(&mut self) -> Result<(), Unreadable> {
        self.skip(is_blank);
        let rest = self.rest();
        let length =
            ["\r\n", "\n", "\r"].iter().find(|end| rest.starts_with(**end)).map(|end| end.len());
        match length {
            Some(length) => self.at += length,
            None if rest.is_empty() => {}
            None => return Err(Unreadable),
        }
        Ok(())
    }

    fn rest_of_line(&mut self) {
        self.skip(|c| c != '\r' && c != '\n');
        if self.peek().is_some() {
            self.at += 1;
        }
    }
}

/// Cuts at the first `#` after white space.
fn strip_comment(part: &str) -> &str {
    let mut space = None;
    for (at, c) in part.char_indices() {
        if is_space(c) {
            space = space.or(Some(at));
        } else if let (Some(space), '#') = (space, c) {
            return &part[..space];
        } else {
            space = None;
        }
    }
    part
}

fn decode_escapes(text: &str, quote: char) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let escape = (c == '\\').then(|| chars.peek().copied()).flatten();
        let plain = match (escape, quote) {
            (Some(plain @ ('\\' | '\'')), _) => plain,
            (Some('"'), '"') => '"',
            (Some('a'), '"') => '\u{7}',
            (Some('b'), '"') => '\u{8}',
            (Some('f'), '"') => '\u{c}',
            (Some('n'), '"') => '\n',
            (Some('r'), '"') => '\r',
            (Some('t'), '"') => '\t',
            (Some('v'), '"') => '\u{b}',
            _ => {
                decoded.push(c);
                continue;
            }
        };
        chars.next();
        decoded.push(plain);
    }
    decoded
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::{Dialect, load, parse};
    use crate::environment::{Environment, VariableValue};
    use base::source::{SourceId, Span};

    #[derive(Deserialize)]
    struct Case {
        text: String,
        /// What each python-dotenv release reads, before interpolation.
        parsed: BTreeMap<String, Vec<(String, Option<String>)>>,
        /// What `load_dotenv()` leaves in an empty environment.
        loaded: BTreeMap<String, BTreeMap<String, String>>,
    }

    fn cases() -> Vec<Case> {
        serde_json::from_str(include_str!("../../../../truth/dotenv/recording.json"))
            .expect("the recording")
    }

    #[test]
    fn reads_as_python_dotenv_does() {
        for case in cases() {
            for (release, expected) in &case.parsed {
                let dialect = if release.starts_with("1.2") { Dialect::New } else { Dialect::Old };
                let (bindings, _) = parse(SourceId(1), &case.text, dialect);
                let read: Vec<_> = bindings.into_iter().map(|b| (b.key, b.value)).collect();
                assert_eq!(&read, expected, "{:?} on {release}", case.text);
            }
        }
    }

    #[test]
    fn fills_in_as_python_dotenv_does() {
        for case in cases() {
            let mut environment = Environment { complete: true, ..Environment::default() };
            load(SourceId(1), &case.text, &mut environment, &mut vec![]);
            let newest = &case.loaded["1.2.4"];
            let differ = case.loaded.values().any(|loaded| loaded != newest);
            assert_eq!(environment.iter().count(), newest.len(), "{:?}", case.text);
            for (name, variable) in environment.iter() {
                match &variable.value {
                    VariableValue::Known(value) => {
                        assert_eq!(
                            Some(value.reveal()),
                            newest.get(name).map(|v| &**v),
                            "{:?}",
                            case.text
                        );
                    }
                    VariableValue::Unknown(why) => assert!(differ, "{:?}: {why}", case.text),
                }
            }
        }
    }

    #[test]
    fn the_process_environment_wins() {
        let mut environment = Environment::exactly([("HOST", "process"), ("NAME", "process")]);
        load(SourceId(1), "HOST=file\nURL=${NAME}\nNAME=file\n", &mut environment, &mut vec![]);
        let known = |name: &str| match &environment.get(name).expect("set").value {
            VariableValue::Known(value) => value.reveal().to_owned(),
            VariableValue::Unknown(why) => panic!("{why}"),
        };
        assert_eq!(known("HOST"), "process");
        assert_eq!(known("URL"), "process");
    }

    #[test]
    fn a_reference_that_may_be_set_elsewhere_is_unknown() {
        let mut environment = Environment::default();
        load(SourceId(1), "URL=redis://${SOMEWHERE}\n", &mut environment, &mut vec![]);
        let url = &environment.get("URL").expect("set").value;
        assert!(matches!(url, VariableValue::Unknown(_)));
    }

    #[test]
    fn spans_point_at_values() {
        let text = "# c\nexport HOST = 'a b' # x\nPORT=6379 # y\n";
        let (bindings, errors) = parse(SourceId(1), text, Dialect::New);
        let of = |span: Span| &text[span.range()];
        assert_eq!(of(bindings[0].span), "'a b'");
        assert_eq!(of(bindings[1].span), "6379");
        assert_eq!(errors, []);
    }

    #[test]
    fn a_line_without_a_key_is_noted() {
        let (bindings, errors) = parse(SourceId(1), "=x\nA='open\nB=2\n", Dialect::New);
        assert_eq!(errors.len(), 2);
        assert_eq!(bindings.len(), 1);
    }
}
