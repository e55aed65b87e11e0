//! `json.loads`.

use std::sync::Arc;

use super::exception::{PyResult, Stop};
use super::integer::Integer;
use super::{Data, Dict, Entry, Origin, Value};

/// How deep arrays and objects may nest; CPython's recursion limit stops near this.
const MAX_DEPTH: usize = 990;

/// `json.loads(text)`; every value gets `origin`.
///
/// # Errors
/// `JSONDecodeError` with Python's message.
pub fn loads(text: &str, origin: &Origin) -> PyResult<Value> {
    let chars: Vec<char> = text.chars().collect();
    let mut decoder = Decoder { chars: &chars, origin };
    if chars.first() == Some(&'\u{feff}') {
        return decoder.fail("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0);
    }
    let start = decoder.skip_blanks(0);
    let (value, end) = decoder.value(start, 0)?;
    let end = decoder.skip_blanks(end);
    if end != chars.len() {
        return decoder.fail("Extra data", end);
    }
    Ok(value)
}

struct Decoder<'a> {
    chars: &'a [char],
    origin: &'a Origin,
}

impl Decoder<'_> {
    fn at(&self, index: usize) -> Option<char> {
        self.chars.get(index).copied()
    }

    fn skip_blanks(&self, mut index: usize) -> usize {
        while matches!(self.at(index), Some(' ' | '\t' | '\n' | '\r')) {
            index += 1;
        }
        index
    }

    fn fail<T>(&self, message: &str, index: usize) -> PyResult<T> {
        let before = &self.chars[..index.min(self.chars.len())];
        let line = before.iter().filter(|c| **c == '\n').count() + 1;
        let line_start = before.iter().rposition(|c| *c == '\n').map_or(0, |at| at + 1);
        let column = index - line_start + 1;
        let message = format!("{message}: line {line} column {column} (char {index})");
        Err(Stop::raise("JSONDecodeError", message).because_of(self.origin))
    }

    fn make(&self, data: Data) -> Value {
        Value::new(data, self.origin.clone())
    }

    fn word(&self, index: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(at, c)| self.at(index + at) == Some(c))
    }

    fn value(&mut self, index: usize, depth: usize) -> PyResult<(Value, usize)> {
        if depth > MAX_DEPTH {
            let message = "maximum recursion depth exceeded while decoding a JSON array from a unicode string";
            return Err(Stop::raise("RecursionError", message));
        }
        let words: [(&str, Data); 6] = [
            ("null", Data::None),
            ("true", Data::Bool(true)),
            ("false", Data::Bool(false)),
            ("NaN", Data::Float(f64::NAN)),
            ("Infinity", Data::Float(f64::INFINITY)),
            ("-Infinity", Data::Float(f64::NEG_INFINITY)),
        ];
        match self.at(index) {
            Some('"') => {
                let (text, end) = self.string(index + 1)?;
                Ok((self.make(Data::Str(text.into())), end))
            }
            Some('{') => self.object(index + 1, depth),
            Some('[') => self.array(index + 1, depth),
            _ => {
                for (word, data) in words {
                    if self.word(index, word) {
                        return Ok((self.make(data), index + word.len()));
                    }
                }
                self.number(index)
            }
        }
    }

    fn number(&self, index: usize) -> PyResult<(Value, usize)> {
        let mut end = index + usize::from(self.at(index) == Some('-'));
        let digits = |mut at: usize| {
            while self.at(at).is_some_and(|c| c.is_ascii_digit()) {
                at += 1;
            }
            at
        };
        let whole = match self.at(end) {
            Some('0') => end + 1,
            Some('1'..='9') => digits(end),
            _ => return self.fail("Expecting value", index),
        };
        end = whole;
        let mut is_float = false;
        if self.at(end) == Some('.') && digits(end + 1) > end + 1 {
            end = digits(end + 1);
            is_float = true;
        }
        if matches!(self.at(end), Some('e' | 'E')) {
            let sign = usize::from(matches!(self.at(end + 1), Some('+' | '-')));
            let stop = digits(end + 1 + sign);
            if stop > end + 1 + sign {
                end = stop;
                is_float = true;
            }
        }
        let text: String = self.chars[index..end].iter().collect();
        let data = if is_float {
            Data::Float(text.parse().unwrap_or(f64::NAN))
        } else {
            Data::Int(text.parse().unwrap_or(Integer::ZERO))
        };
        Ok((self.make(data), end))
    }

    /// Reads from behind the opening quote.
    fn string(&self, start: usize) -> PyResult<(String, usize)> {
        let mut text = String::new();
        let mut at = start;
        loop {
            match self.at(at) {
                None => return self.fail("Unterminated string starting at", start - 1),
                Some('"') => return Ok((text, at + 1)),
                Some('\\') => at = self.escape(&mut text, at, start)?,
                Some(c) if u32::from(c) < 0x20 => {
                    return self.fail("Invalid control character at", at);
                }
                Some(c) => {
                    text.push(c);
                    at += 1;
                }
            }
        }
    }

    /// Reads an escape whose backslash is at `at`; gives the index behind it.
    fn escape(&self, text: &mut String, at: usize, start: usize) -> PyResult<usize> {
        let plain = match self.at(at + 1) {
            None => return self.fail("Unterminated string starting at", start - 1),
            Some('u') => return self.unicode_escape(text, at),
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some(_) => return self.fail("Invalid \\escape", at),
        };
        text.push(plain);
        Ok(at + 2)
    }

    fn unicode_escape(&self, text: &mut String, at: usize) -> PyResult<usize> {
        let Some(first) = self.hex4(at + 2) else {
            return self.fail("Invalid \\uXXXX escape", at + 1);
        };
        let pair = (0xd800..0xdc00).contains(&first) && self.at(at + 6) == Some('\\');
        if pair
            && self.at(at + 7) == Some('u')
            && let Some(second) = self.hex4(at + 8)
            && (0xdc00..0xe000).contains(&second)
        {
            let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            text.push(char::from_u32(code).unwrap_or('\u{fffd}'));
            return Ok(at + 12);
        }
        // Python keeps a lone surrogate; no host or password has one, so a stand-in does.
        text.push(char::from_u32(first).unwrap_or('\u{fffd}'));
        Ok(at + 6)
    }

    fn hex4(&self, at: usize) -> Option<u32> {
        (0..4).try_fold(0, |code, offset| Some(code * 16 + self.at(at + offset)?.to_digit(16)?))
    }

    /// Reads from behind the opening bracket.
    fn array(&mut self, start: usize, depth: usize) -> PyResult<(Value, usize)> {
        let mut items = Vec::new();
        let mut at = self.skip_blanks(start);
        if self.at(at) == Some(']') {
            return Ok((self.make(Data::List(Arc::new(items))), at + 1));
        }
        loop {
            let (item, end) = self.value(at, depth + 1)?;
            items.push(item);
            at = self.skip_blanks(end);
            match self.at(at) {
                Some(']') => return Ok((self.make(Data::List(Arc::new(items))), at + 1)),
                Some(',') => at = self.skip_blanks(at + 1),
                _ => return self.fail("Expecting ',' delimiter", at),
            }
        }
    }

    /// Reads from behind the opening brace.
    fn object(&mut self, start: usize, depth: usize) -> PyResult<(Value, usize)> {
        let mut dict = Dict::default();
        let mut at = self.skip_blanks(start);
        if self.at(at) == Some('}') {
            return Ok((self.make(Data::Dict(Arc::new(dict))), at + 1));
        }
        loop {
            if self.at(at) != Some('"') {
                let message = "Expecting property name enclosed in double quotes";
                return self.fail(message, at);
            }
            let (key, end) = self.string(at + 1)?;
            at = self.skip_blanks(end);
            if self.at(at) != Some(':') {
                return self.fail("Expecting ':' delimiter", at);
            }
            at = self.skip_blanks(at + 1);
            let (value, end) = self.value(at, depth + 1)?;
            match dict.entries.iter_mut().find(|entry| entry.key.as_str() == Some(&key)) {
                Some(entry) => entry.value = value,
                None => dict.entries.push(Entry {
                    key: self.make(Data::Str(key.into())),
                    value,
                    overwritten: vec![],
                    merged: None,
                }),
            }
            at = self.skip_blanks(end);
            match self.at(at) {
                Some('}') => return Ok((self.make(Data::Dict(Arc::new(dict))), at + 1)),
                Some(',') => at = self.skip_blanks(at + 1),
                _ => return self.fail("Expecting ',' delimiter", at),
            }
        }
    }
}
