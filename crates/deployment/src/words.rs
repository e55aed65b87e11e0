//! A shell's words, with their places.

use std::ops::Range;

/// A word without its quotes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) range: Range<usize>,
    /// The shell puts something in its place or into it.
    pub(crate) expands: bool,
}

/// The words of a line.
pub(crate) fn split(text: &str) -> Vec<Word> {
    commands(text).into_iter().flatten().collect()
}

/// The commands of a script, each its words. A backslash at the end of a line continues it.
pub(crate) fn commands(text: &str) -> Vec<Vec<Word>> {
    let mut commands = vec![vec![]];
    let mut chars = text.char_indices().peekable();
    while let Some(&(start, c)) = chars.peek() {
        match c {
            '\n' | ';' | '|' | '&' => {
                chars.next();
                if commands.last().is_some_and(|words| !words.is_empty()) {
                    commands.push(vec![]);
                }
            }
            c if c.is_whitespace() => {
                chars.next();
            }
            '#' => while chars.next_if(|(_, c)| *c != '\n').is_some() {},
            _ => {
                let word = word(text, start, &mut chars);
                if !(word.text.is_empty() && text[word.range.clone()].starts_with('\\'))
                    && let Some(words) = commands.last_mut()
                {
                    words.push(word);
                }
            }
        }
    }
    commands.retain(|words| !words.is_empty());
    commands
}

fn word(
    text: &str,
    start: usize,
    chars: &mut std::iter::Peekable<std::str::CharIndices<'_>>,
) -> Word {
    let mut word = Word { text: String::new(), range: start..text.len(), expands: false };
    let mut quote = None;
    while let Some(&(at, c)) = chars.peek() {
        match (quote, c) {
            (None, '\n' | ';' | '|' | '&') => {
                word.range.end = at;
                return word;
            }
            (None, c) if c.is_whitespace() => {
                word.range.end = at;
                return word;
            }
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), c) if c == open => quote = None,
            (None | Some('"'), '\\') => {
                chars.next();
                if let Some(&(_, next)) = chars.peek()
                    && next != '\n'
                {
                    if quote.is_some() && !matches!(next, '"' | '\\' | '$' | '`') {
                        word.text.push('\\');
                    }
                    word.text.push(next);
                }
            }
            (None | Some('"'), '$' | '`') => {
                word.expands = true;
                word.text.push(c);
            }
            (_, c) => word.text.push(c),
        }
        chars.next();
    }
    word
}

#[cfg(test)]
mod tests {
    use super::{commands, split};

    #[test]
    fn words_lose_their_quotes() {
        let words: Vec<_> = split("a 'b c' \"d\\\"e\" f\\ g").into_iter().map(|w| w.text).collect();
        assert_eq!(words, ["a", "b c", "d\"e", "f g"]);
        let found = commands("docker run \\\n  -e A=$B x # c\nnext; last\n");
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].len(), 5, "{found:?}");
        assert!(found[0][3].expands);
        for text in ["'", "\"\\", "a\\", "\\\u{1F600}", "$("] {
            split(text);
        }
    }
}
