//! A config inside a double-quoted scalar, as `kubectl get -o json` and `-o yaml` print `ConfigMaps`: its
//! text, and where each byte of it is written.

use std::ops::Range;

use base::source::Span;
use python::Rebuild;
use yaml::ReadError;

/// The text that a quoted scalar stands for.
pub(super) struct Unquoted {
    pub(super) text: String,
    /// Where each byte of `text`, and its end, is written in the file.
    places: Vec<usize>,
}

/// Whether a range of a file is the inside of a double-quoted scalar.
pub(super) fn is_quoted(text: &str, range: &Range<usize>) -> bool {
    text[..range.start].ends_with('"') && text[range.end..].starts_with('"')
}

impl Unquoted {
    /// What is in `range`, the inside of a double-quoted scalar.
    pub(super) fn of(file: &str, range: &Range<usize>) -> Self {
        let mut unquoted = Self { text: String::new(), places: vec![] };
        let mut rest = &file[range.clone()];
        let at = |rest: &str| range.end - rest.len();
        while let Some(c) = rest.chars().next() {
            let place = at(rest);
            if c == '\\' {
                let (said, left) = escape(&rest[1..]);
                rest = left;
                if let Some(said) = said {
                    unquoted.push(said, place);
                }
            } else if matches!(c, '\n' | '\r' | ' ' | '\t') {
                // Blanks around a line break are not content; the break is a blank, each further one a break.
                let blanks = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
                let breaks = rest[..blanks].matches('\n').count();
                match breaks {
                    0 => rest[..blanks].char_indices().for_each(|(offset, blank)| {
                        unquoted.push(blank, place + offset);
                    }),
                    1 => unquoted.push(' ', place),
                    more => (1..more).for_each(|_| unquoted.push('\n', place)),
                }
                rest = &rest[blanks..];
            } else {
                unquoted.push(c, place);
                rest = &rest[c.len_utf8()..];
            }
        }
        unquoted.places.push(range.end);
        unquoted
    }

    fn push(&mut self, c: char, place: usize) {
        self.text.push(c);
        self.places.extend(std::iter::repeat_n(place, c.len_utf8()));
    }

    /// Where a stretch of the text is written.
    fn place(&self, span: Span) -> Span {
        let last = self.places.last().copied().unwrap_or(0);
        let at = |offset: usize| self.places.get(offset).copied().unwrap_or(last);
        let range = span.range();
        Span::new(span.source, at(range.start), at(range.end))
    }

    /// An error, at its place in the file.
    pub(super) fn error(&self, error: ReadError) -> ReadError {
        ReadError {
            span: self.place(error.span),
            context_span: error.context_span.map(|span| self.place(span)),
            ..error
        }
    }
}

/// A value's places are those in the file.
impl Rebuild for Unquoted {
    fn span(&self, span: Span) -> Span {
        self.place(span)
    }
}

/// What an escape stands for, and what follows it: nothing for a line break, with the blanks after it.
fn escape(rest: &str) -> (Option<char>, &str) {
    let Some(c) = rest.chars().next() else { return (None, rest) };
    let after = &rest[c.len_utf8()..];
    let known = match c {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        '\n' | '\r' => return (None, after.trim_start_matches(['\n', ' ', '\t'])),
        'x' => return code(after, 2),
        'u' => return code(after, 4),
        'U' => return code(after, 8),
        other => other,
    };
    (Some(known), after)
}

/// A character by its number; two halves of one, as JSON writes it, too.
fn code(rest: &str, digits: usize) -> (Option<char>, &str) {
    let read = |text: &str| text.get(..digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let Some(number) = read(rest) else { return (Some(char::REPLACEMENT_CHARACTER), rest) };
    let after = &rest[digits..];
    if let Some(c) = char::from_u32(number) {
        return (Some(c), after);
    }
    let low = after.strip_prefix("\\u").and_then(|after| Some((read(after)?, &after[digits..])));
    match low {
        Some((low, after)) if (0xd800..0xdc00).contains(&number) && low & 0xfc00 == 0xdc00 => {
            let c = char::from_u32(0x1_0000 + ((number - 0xd800) << 10) + (low - 0xdc00));
            (Some(c.unwrap_or(char::REPLACEMENT_CHARACTER)), after)
        }
        _ => (Some(char::REPLACEMENT_CHARACTER), after),
    }
}

#[cfg(test)]
mod tests {
    use base::source::SourceId;
    use python::Data;

    use super::{Unquoted, is_quoted};

    /// What PyYAML makes of the same scalar is what is unquoted here.
    #[test]
    fn quoted_scalars_are_unquoted_as_yaml_does() {
        for file in [
            "a: \"x\\ny: \\\"z\\\" \\\\ \\u00e9\\U0001F600\\x41 \\t|\"\n",
            "a: \"one\n  two\n\n  three\\\n  \\  four  \n   five\"\n",
            "{\"a\": \"host: r\\n\\u003cb\\u003e \\/\"}",
            "a: \"\"\n",
            "a: \"\\\r\n  x \r\n y\"\n",
        ] {
            let document = yaml::read(SourceId::CONFIG, file).expect("YAML");
            let value = document.root.as_dict().and_then(|root| root.get("a")).expect("a");
            let Data::Str(expected) = &value.data else { panic!("text") };
            let span = value.span().expect("a place").range();
            let range = span.start + 1..span.end - 1;
            assert!(is_quoted(file, &range));
            let unquoted = Unquoted::of(file, &range);
            assert_eq!(unquoted.text, expected.as_ref(), "{file}");
            assert_eq!(unquoted.places.len(), unquoted.text.len() + 1);
            assert!(unquoted.places.iter().all(|place| file.is_char_boundary(*place)));
            assert!(unquoted.places.is_sorted());
        }
    }

    #[test]
    fn halves_of_characters_are_joined_as_in_json() {
        let of = |file: &str| Unquoted::of(file, &(0..file.len())).text;
        assert_eq!(of(r"\ud83d\ude00"), "\u{1f600}");
        assert_eq!(of(r"\ud83dx\u12"), "\u{fffd}x\u{fffd}12");
        assert_eq!(of("\\"), "");
    }
}
