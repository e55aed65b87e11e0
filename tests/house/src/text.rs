//! Source apart into what is compiled and what is not.

/// A file of Rust without comments, and without the tests inside it.
#[derive(Debug, Default)]
pub struct Code {
    /// The code; each text is `""`, lines are kept.
    pub bare: String,
    /// Each text with the number of its first line, as it is written.
    pub texts: Vec<(usize, String)>,
}

/// Reads a file up to its `#[cfg(test)] mod tests`, which stands last.
pub fn code(source: &str) -> Code {
    let end = source.find("#[cfg(test)]\nmod tests").unwrap_or(source.len());
    let mut code = Code::default();
    let mut rest = &source[..end];
    let mut line = 1;
    while !rest.is_empty() {
        let taken = match Piece::first(rest) {
            Piece::Comment(length) => length,
            Piece::Text(length, inside) => {
                code.texts.push((line, inside.to_owned()));
                code.bare.push_str("\"\"");
                length
            }
            Piece::Other(length) => {
                code.bare.push_str(&rest[..length]);
                length
            }
        };
        let lines = rest[..taken].matches('\n').count();
        if !matches!(Piece::first(rest), Piece::Other(_)) {
            code.bare.extend(std::iter::repeat_n('\n', lines));
        }
        line += lines;
        rest = &rest[taken..];
    }
    code
}

/// What source begins with.
enum Piece<'a> {
    Comment(usize),
    Text(usize, &'a str),
    Other(usize),
}

impl<'a> Piece<'a> {
    fn first(source: &'a str) -> Self {
        if source.starts_with("//") {
            return Self::Comment(source.find('\n').unwrap_or(source.len()));
        }
        if source.starts_with("/*") {
            return Self::Comment(source.find("*/").map_or(source.len(), |end| end + 2));
        }
        if let Some(inside) = source.strip_prefix('"') {
            let end = quoted(inside, '"');
            return Self::Text(end + 2, &inside[..end]);
        }
        if let Some(raw) = source.strip_prefix('r')
            && let Some((hashes, inside)) = raw.split_once('"')
            && hashes.chars().all(|c| c == '#')
        {
            let close = format!("\"{hashes}");
            let end = inside.find(&close).unwrap_or(inside.len());
            return Self::Text(1 + hashes.len() + 1 + end + close.len(), &inside[..end]);
        }
        if let Some(inside) = source.strip_prefix('\'') {
            // A lifetime has no second quote after one character.
            let end = quoted(inside, '\'');
            let character = inside.starts_with('\\') || inside.chars().nth(1) == Some('\'');
            return Self::Other(if character { end + 2 } else { 1 });
        }
        let word = source.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(source.len());
        let first = source.chars().next().map_or(0, char::len_utf8);
        Self::Other(if word == 0 { first } else { word })
    }
}

/// Where a quote ends that a backslash can keep open.
fn quoted(inside: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            c if c == quote => return at,
            _ => {}
        }
    }
    inside.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn comments_and_texts_are_taken_out() {
        let read =
            code("use a::b; // \"no\"\nlet x = \"a\\\"b\";\nlet y = r#\"c\"d\"#;\nlet z = '\"';");
        assert_eq!(read.bare, "use a::b; \nlet x = \"\";\nlet y = \"\";\nlet z = '\"';");
        assert_eq!(read.texts, [(2, "a\\\"b".to_owned()), (3, "c\"d".to_owned())]);
    }

    #[test]
    fn lifetimes_open_no_quote() {
        assert_eq!(code("fn f<'a>(x: &'a str) {} // c").bare, "fn f<'a>(x: &'a str) {} ");
    }

    #[test]
    fn tests_inside_are_left_out() {
        assert_eq!(code("a\n#[cfg(test)]\nmod tests { b }").bare, "a\n");
    }
}
