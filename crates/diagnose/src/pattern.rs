//! Texts with holes, and a log made fit to look for them.

/// The longest stretch that a hole may stand for, in bytes.
const LONGEST_HOLE: usize = 400;

/// A log without what hides a text: escape sequences of terminals, JSON's and Python's escapes,
/// control characters, runs of white space; all ASCII in lower case.
pub(crate) struct Plain {
    /// The log; each run of white space is one blank.
    pub(crate) text: String,
    /// Where lines begin in `text`, the first at 0.
    starts: Vec<usize>,
    /// The line of the log that each of these comes from, from 1: a line that holds `\n` gives several.
    numbers: Vec<usize>,
}

impl Plain {
    /// Reads a log.
    pub(crate) fn of(log: &str) -> Self {
        let mut plain =
            Self { text: String::with_capacity(log.len()), starts: vec![0], numbers: vec![1] };
        let mut number = 1;
        let mut chars = log.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '\n' => {
                    number += 1;
                    plain.line(number);
                }
                '\u{1b}' => skip_escape(&mut chars),
                // `\n`, `\"`, `\\"`: texts within JSON and within Python's `repr`.
                '\\' => {
                    while chars.next_if_eq(&'\\').is_some() {}
                    match chars.peek() {
                        Some('n' | 'r') => {
                            chars.next();
                            plain.line(number);
                        }
                        Some('t') => {
                            chars.next();
                            plain.blank();
                        }
                        Some('"' | '\'' | '/') => {}
                        Some('u') => match unicode(&chars) {
                            Some(escaped) => {
                                chars.by_ref().take(5).for_each(drop);
                                plain.character(escaped);
                            }
                            None => plain.text.push('\\'),
                        },
                        _ => plain.text.push('\\'),
                    }
                }
                '&' => match entity(&chars) {
                    Some((named, length)) => {
                        chars.by_ref().take(length).for_each(drop);
                        plain.character(named);
                    }
                    None => plain.text.push('&'),
                },
                c => plain.character(c),
            }
        }
        plain
    }

    fn character(&mut self, c: char) {
        match c {
            c if c.is_whitespace() => self.blank(),
            c if c.is_control() => {}
            // What mail, chats and word processors make of quotes.
            '‘' | '’' | '‚' | '‛' | '´' => self.text.push('\''),
            '“' | '”' | '„' | '‟' | '«' | '»' => self.text.push('"'),
            c => self.text.push(c.to_ascii_lowercase()),
        }
    }

    fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with(' ') {
            self.text.push(' ');
        }
    }

    fn line(&mut self, number: usize) {
        self.blank();
        self.starts.push(self.text.len());
        self.numbers.push(number);
    }

    /// The log's line, from 1, of an offset.
    pub(crate) fn number(&self, offset: usize) -> usize {
        self.numbers[self.index(offset)]
    }

    /// The line of an offset, as text.
    pub(crate) fn line_of(&self, offset: usize) -> &str {
        let at = self.index(offset);
        let end = self.starts.get(at + 1).copied().unwrap_or(self.text.len());
        &self.text[self.starts[at]..end]
    }

    fn index(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Whether a stretch is the last word of its line, and no part of a longer name or of a statement.
    pub(crate) fn is_alone(&self, from: usize, to: usize) -> bool {
        let start = self.starts[self.index(from)];
        let end = self.starts.get(self.index(from) + 1).copied().unwrap_or(self.text.len());
        let before = &self.text[start..from];
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
        let statement = ["raise ", "except ", "import "].iter().any(|word| before.contains(word));
        !statement
            && !before.ends_with(part)
            && to <= end
            && !self.text[to..end].contains(|c: char| c.is_ascii_alphanumeric())
    }

    fn one_line(&self, from: usize, to: usize) -> bool {
        self.index(from) == self.index(to.max(from))
    }
}

/// The character of `u0027`, behind a backslash, as JSON and Python write it.
fn unicode(chars: &std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    let digits: String = chars.clone().skip(1).take(4).collect();
    let whole = digits.len() == 4 && digits.chars().all(|c| c.is_ascii_hexdigit());
    char::from_u32(u32::from_str_radix(&digits, 16).ok().filter(|_| whole)?)
}

/// The character of `#39;`, behind `&`, as pages write it, and how long that is.
fn entity(chars: &std::iter::Peekable<std::str::Chars<'_>>) -> Option<(char, usize)> {
    const NAMES: [(&str, char); 9] = [
        ("#39;", '\''),
        ("#x27;", '\''),
        ("apos;", '\''),
        ("#34;", '"'),
        ("quot;", '"'),
        ("lt;", '<'),
        ("gt;", '>'),
        ("amp;", '&'),
        ("nbsp;", ' '),
    ];
    let rest: String = chars.clone().take(5).collect();
    let found = NAMES.into_iter().find(|(name, _)| rest.starts_with(name))?;
    Some((found.1, found.0.len()))
}

/// Goes past an escape sequence: `ESC [ … letter`, `ESC ] … BEL`, or `ESC` and one character.
fn skip_escape(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    match chars.next() {
        Some('[') => {
            while chars.next_if(|c| !('@'..='~').contains(c) && *c != '\n').is_some() {}
            chars.next_if(|c| *c != '\n');
        }
        Some(']') => {
            while chars.next_if(|c| !matches!(c, '\u{7}' | '\u{1b}' | '\n')).is_some() {}
            chars.next_if(|c| *c == '\u{7}');
        }
        _ => {}
    }
}

/// The literal pieces of a text with holes, in lower case.
#[derive(Debug)]
pub(crate) struct Pattern {
    /// The first piece: where to look.
    pub(crate) first: String,
    rest: Vec<String>,
    /// How many bytes are literal: the more, the more a match tells.
    pub(crate) weight: usize,
}

impl Pattern {
    pub(crate) fn of(says: &str) -> Self {
        let says = says.to_ascii_lowercase();
        let mut pieces = says.split("{}").map(str::to_owned).filter(|piece| !piece.is_empty());
        let first = pieces.next().unwrap_or_default();
        let rest: Vec<_> = pieces.collect();
        let weight = first.len() + rest.iter().map(String::len).sum::<usize>();
        Self { first, rest, weight }
    }

    /// Where a match ends whose first piece ends at `from`: each piece follows the one before within
    /// a line and [`LONGEST_HOLE`].
    pub(crate) fn end(&self, plain: &Plain, from: usize) -> Option<usize> {
        let mut at = from;
        for piece in &self.rest {
            let mut limit = (at + LONGEST_HOLE + piece.len()).min(plain.text.len());
            while !plain.text.is_char_boundary(limit) {
                limit -= 1;
            }
            let found = at + plain.text[at..limit].find(piece.as_str())?;
            if !plain.one_line(at, found) {
                return None;
            }
            at = found + piece.len();
        }
        Some(at)
    }
}

#[cfg(test)]
mod tests {
    use super::{Pattern, Plain};

    #[test]
    fn what_hides_a_text_is_taken_away() {
        let cases = [
            ("a  b\tc", "a b c"),
            ("\u{1b}[31mERROR\u{1b}[0m x", "error x"),
            ("\u{1b}]0;title\u{7}x", "x"),
            ("{\"m\": \"a \\\"b\\\"\\nc\"}", "{\"m\": \"a \"b\" c\"}"),
            ("\\\\\\\"x\\\\\\\"", "\"x\""),
            ("a\u{0}\u{8}b", "ab"),
            ("C:\\dir", "c:\\dir"),
            ("C:\\users", "c:\\users"),
            ("unknown command ‘SCRIPT’, „x“", "unknown command 'script', \"x\""),
            ("a\\u0027b\\u0020c", "a'b c"),
            ("&#39;x&#39; &lt;y&gt; a&b &unknown;", "'x' <y> a&b &unknown;"),
        ];
        for (log, plain) in cases {
            assert_eq!(Plain::of(log).text, plain, "{log:?}");
        }
    }

    #[test]
    fn lines_are_those_of_the_log() {
        let plain = Plain::of("a\n{\"m\": \"b\\nc\"}\nd");
        let number = |piece: &str| plain.number(plain.text.find(piece).expect("there"));
        assert_eq!(["a", "b", "c\"", "d"].map(number), [1, 2, 2, 3]);
        assert_eq!(plain.line_of(plain.text.find("c\"").expect("there")), "c\"} ");
    }

    #[test]
    fn holes_stay_within_a_line() {
        let pattern = Pattern::of("Error {} connecting to {}. Refused");
        let end = |log: &str| {
            let plain = Plain::of(log);
            let at = plain.text.find(&pattern.first)?;
            pattern.end(&plain, at + pattern.first.len())
        };
        assert!(end("error 111 connecting to h:1. refused").is_some());
        // A blank of a text may be the end of a line, as where a terminal broke it.
        assert!(end("error 111\nconnecting to h:1. refused").is_some());
        assert!(end("error 1\n11 connecting to h:1. refused").is_none());
        assert!(end(&format!("error {} connecting to h. refused", "x".repeat(500))).is_none());
        assert!(end(&format!("error {} ", "ü".repeat(500))).is_none());
    }
}
