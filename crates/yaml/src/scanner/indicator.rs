//! Directives, anchors, aliases and tags.

use std::borrow::Cow;

use super::{Scan, Scanner};
use crate::character::{is_blank_or_end, is_break_or_end};
use crate::error::{Mark, repr};
use crate::token::{Directive, TokenKind};

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_')
}

fn is_uri(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-;/?:@&=+$,_.!~*'()[]%".contains(c)
}

/// What may follow a name or number of a directive, or a tag. Not a tab: PyYAML has it so.
fn is_space_or_end(c: char) -> bool {
    c == ' ' || is_break_or_end(c)
}

impl<'t> Scanner<'t> {
    pub(super) fn scan_directive(&mut self) -> Scan<()> {
        let start = self.mark();
        self.reader.forward(1);
        let directive = match self.scan_directive_name(start)? {
            "YAML" => Directive::Yaml { compatible: self.scan_yaml_directive_value(start)? },
            "TAG" => {
                let (handle, prefix) = self.scan_tag_directive_value(start)?;
                Directive::Tag(handle, prefix)
            }
            _ => Directive::Other,
        };
        let other = matches!(directive, Directive::Other);
        self.push(TokenKind::Directive(directive), start);
        if other {
            self.reader.skip_line();
        }
        self.scan_directive_ignored_line(start)
    }

    fn fail_directive(&self, start: Mark, expected: &str) -> Box<super::ReadError> {
        let found = repr(self.reader.peek());
        let problem = format!("expected {expected}, but found {found}");
        self.fail_while("while scanning a directive", start, problem)
    }

    fn scan_directive_name(&mut self, start: Mark) -> Scan<&'t str> {
        let expected = "alphabetic or numeric character";
        let name = self.reader.take(is_word);
        if name.is_empty() || !is_space_or_end(self.reader.peek()) {
            return Err(self.fail_directive(start, expected));
        }
        Ok(name)
    }

    /// Whether the major version is 1.
    fn scan_yaml_directive_value(&mut self, start: Mark) -> Scan<bool> {
        self.reader.take(|c| c == ' ');
        let major = self.scan_yaml_directive_number(start)?;
        if self.reader.peek() != '.' {
            return Err(self.fail_directive(start, "a digit or '.'"));
        }
        self.reader.forward(1);
        self.scan_yaml_directive_number(start)?;
        if !is_space_or_end(self.reader.peek()) {
            return Err(self.fail_directive(start, "a digit or ' '"));
        }
        Ok(major.trim_start_matches('0') == "1")
    }

    fn scan_yaml_directive_number(&mut self, start: Mark) -> Scan<&'t str> {
        let number = self.reader.run(|c| c.is_ascii_digit());
        if number.is_empty() {
            return Err(self.fail_directive(start, "a digit"));
        }
        if number.len() > crate::construct::MAX_DIGITS {
            let problem = crate::construct::too_many_digits(number.len());
            let span = self.span_at(self.mark());
            return Err(Box::new(super::ReadError::plain("ValueError", problem, span)));
        }
        self.reader.skip(number);
        Ok(number)
    }

    fn scan_tag_directive_value(&mut self, start: Mark) -> Scan<(&'t str, Cow<'t, str>)> {
        self.reader.take(|c| c == ' ');
        let handle = self.scan_tag_handle("directive", start)?;
        if self.reader.peek() != ' ' {
            return Err(self.fail_directive(start, "' '"));
        }
        self.reader.take(|c| c == ' ');
        let prefix = self.scan_tag_uri("directive", start)?;
        if !is_space_or_end(self.reader.peek()) {
            return Err(self.fail_directive(start, "' '"));
        }
        Ok((handle, prefix))
    }

    fn scan_directive_ignored_line(&mut self, start: Mark) -> Scan<()> {
        self.reader.take(|c| c == ' ');
        if self.reader.peek() == '#' {
            self.reader.skip_line();
        }
        if !is_break_or_end(self.reader.peek()) {
            return Err(self.fail_directive(start, "a comment or a line break"));
        }
        self.reader.line_break();
        Ok(())
    }

    /// `*name` or `&name`.
    pub(super) fn scan_anchor(&mut self) -> Scan<()> {
        let start = self.mark();
        let is_alias = self.reader.peek() == '*';
        self.reader.forward(1);
        let value = self.reader.take(is_word);
        let next = self.reader.peek();
        let may_follow = is_blank_or_end(next) || "?:,]}%@`".contains(next);
        if value.is_empty() || !may_follow {
            let context =
                format!("while scanning an {}", if is_alias { "alias" } else { "anchor" });
            let found = repr(next);
            let problem = format!("expected alphabetic or numeric character, but found {found}");
            return Err(self.fail_while(context, start, problem));
        }
        let kind = if is_alias { TokenKind::Alias(value) } else { TokenKind::Anchor(value) };
        self.push(kind, start);
        Ok(())
    }

    pub(super) fn scan_tag(&mut self) -> Scan<()> {
        let start = self.mark();
        let next = self.reader.peek_at(1);
        let (handle, suffix) = if next == '<' {
            self.reader.forward(2);
            let suffix = self.scan_tag_uri("tag", start)?;
            if self.reader.peek() != '>' {
                let found = repr(self.reader.peek());
                let problem = format!("expected '>', but found {found}");
                return Err(self.fail_while("while parsing a tag", start, problem));
            }
            self.reader.forward(1);
            (None, suffix)
        } else if is_blank_or_end(next) {
            self.reader.forward(1);
            (None, Cow::Borrowed("!"))
        } else {
            let word = &self.reader.run(|c| !is_space_or_end(c))[1..];
            let handle = if word.contains('!') {
                self.scan_tag_handle("tag", start)?
            } else {
                self.reader.forward(1);
                "!"
            };
            (Some(handle), self.scan_tag_uri("tag", start)?)
        };
        let next = self.reader.peek();
        if !is_space_or_end(next) {
            let problem = format!("expected ' ', but found {}", repr(next));
            return Err(self.fail_while("while scanning a tag", start, problem));
        }
        self.push(TokenKind::Tag(handle, suffix), start);
        Ok(())
    }

    fn scan_tag_handle(&mut self, name: &str, start: Mark) -> Scan<&'t str> {
        let rest = self.reader.rest();
        if self.reader.peek() != '!' {
            return Err(self.expected_exclamation(name, start));
        }
        let word = rest[1..].find(|c| !is_word(c)).unwrap_or(rest.len() - 1);
        let mut length = 1;
        if !rest[1..].starts_with(' ') {
            length += word;
            if !rest[length..].starts_with('!') {
                self.reader.skip(&rest[..length]);
                return Err(self.expected_exclamation(name, start));
            }
            length += 1;
        }
        let handle = &rest[..length];
        self.reader.skip(handle);
        Ok(handle)
    }

    fn expected_exclamation(&self, name: &str, start: Mark) -> Box<super::ReadError> {
        let found = repr(self.reader.peek());
        let context = format!("while scanning a {name}");
        self.fail_while(context, start, format!("expected '!', but found {found}"))
    }

    fn scan_tag_uri(&mut self, name: &str, start: Mark) -> Scan<Cow<'t, str>> {
        let mut uri = Cow::Borrowed(self.reader.take(|c| is_uri(c) && c != '%'));
        while self.reader.peek() == '%' {
            let escaped = self.scan_uri_escapes(name, start)?;
            let run = self.reader.take(|c| is_uri(c) && c != '%');
            let uri = uri.to_mut();
            uri.push_str(&escaped);
            uri.push_str(run);
            // An escape always yields something, so that the text is not empty below.
        }
        if uri.is_empty() {
            let problem = format!("expected URI, but found {}", repr(self.reader.peek()));
            return Err(self.fail_while(format!("while parsing a {name}"), start, problem));
        }
        Ok(uri)
    }

    fn scan_uri_escapes(&mut self, name: &str, start: Mark) -> Scan<String> {
        let context = || format!("while scanning a {name}");
        let mark = self.mark();
        let mut codes = Vec::new();
        while self.reader.peek() == '%' {
            self.reader.forward(1);
            let digits: String = self.reader.rest().chars().take(2).collect();
            for at in 0..2 {
                let c = self.reader.peek_at(at);
                if !c.is_ascii_hexdigit() {
                    let problem = format!(
                        "expected URI escape sequence of 2 hexadecimal numbers, but found {}",
                        repr(c)
                    );
                    return Err(self.fail_while(context(), start, problem));
                }
            }
            codes.push(u8::from_str_radix(&digits, 16).unwrap_or_default());
            self.reader.forward(2);
        }
        String::from_utf8(codes).map_err(|error| {
            let mut error = self.fail_while(context(), start, utf8_problem(&error));
            error.mark = Some(mark);
            error.span = self.span_at(mark);
            error
        })
    }
}

/// `str(UnicodeDecodeError)` of bytes that are not UTF-8.
fn utf8_problem(error: &std::string::FromUtf8Error) -> String {
    let bytes = error.as_bytes();
    let at = error.utf8_error().valid_up_to();
    let first = bytes[at];
    let reason = match error.utf8_error().error_len() {
        None => "unexpected end of data",
        Some(_) if matches!(first, 0xc2..=0xf4) => "invalid continuation byte",
        Some(_) => "invalid start byte",
    };
    let length = error.utf8_error().error_len().unwrap_or(bytes.len() - at);
    if length == 1 {
        format!("'utf-8' codec can't decode byte 0x{first:02x} in position {at}: {reason}")
    } else {
        let end = at + length - 1;
        format!("'utf-8' codec can't decode bytes in position {at}-{end}: {reason}")
    }
}
