//! `str.lower()`, and `str.upper()` for comparisons with ASCII words.
//!
//! Rust's own tables are of a later Unicode than Python's, and weigh 25 kB in the page.

use super::unicode::LOWER;

/// `text.lower()`, as Python 3.11 (Unicode 14) has it.
pub fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            'İ' => out.push_str("i\u{307}"),
            'Σ' if ends_word(&text[..at], &text[at + c.len_utf8()..]) => out.push('ς'),
            _ => out.push(lower_char(c)),
        }
    }
    out
}

/// `text.upper()` where that is ASCII; other characters stay as they are.
pub fn upper_word(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'ı' => out.push('I'),
            'ſ' => out.push('S'),
            'ß' => out.push_str("SS"),
            'ﬀ' => out.push_str("FF"),
            'ﬁ' => out.push_str("FI"),
            'ﬂ' => out.push_str("FL"),
            'ﬃ' => out.push_str("FFI"),
            'ﬄ' => out.push_str("FFL"),
            'ﬅ' | 'ﬆ' => out.push_str("ST"),
            _ => out.push(c.to_ascii_uppercase()),
        }
    }
    out
}

fn lower_char(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let code = u32::from(c);
    let at = LOWER.partition_point(|(_, last, _)| *last < code);
    match LOWER.get(at) {
        Some((first, _, distance))
            if *first <= code && (*distance != 1 || (code - first).is_multiple_of(2)) =>
        {
            code.checked_add_signed(*distance).and_then(char::from_u32).unwrap_or(c)
        }
        _ => c,
    }
}

/// Whether a capital sigma ends a word: a letter with case is before it, none after it.
fn ends_word(before: &str, after: &str) -> bool {
    next_is_cased(before.chars().rev()) && !next_is_cased(after.chars())
}

fn next_is_cased(mut chars: impl Iterator<Item = char>) -> bool {
    chars.find(|c| !stands_within_words(*c)).is_some_and(is_cased)
}

/// What does not end a word, of the marks used with Latin and Greek letters.
fn stands_within_words(c: char) -> bool {
    matches!(c, '\'' | '.' | ':' | '^' | '`' | '\u{ad}' | '·' | '’' | '\u{300}'..='\u{36f}')
}

/// Whether a letter is a capital, or has one.
fn is_cased(c: char) -> bool {
    let has_capital = |(_, _, distance): &(u32, u32, i32)| {
        let capital = u32::from(c).checked_add_signed(-distance).and_then(char::from_u32);
        capital.is_some_and(|capital| capital != c && lower_char(capital) == c)
    };
    c.is_ascii_alphabetic() || lower_char(c) != c || c == 'ς' || LOWER.iter().any(has_capital)
}

#[cfg(test)]
mod tests {
    use super::{lower, lower_char, upper_word};
    use crate::printable::is_printable;

    #[test]
    fn letters_are_lowered_as_rust_does() {
        for c in ('\0'..=char::MAX).filter(|c| *c != 'İ') {
            // What Python 3.11 does not print, its Unicode did not have.
            let known = is_printable(c) || c.is_ascii();
            let expected = if known { c.to_lowercase().to_string() } else { c.to_string() };
            assert_eq!(lower_char(c).to_string(), expected, "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn texts_are_lowered_as_rust_does() {
        for text in [
            "TRUE",
            "Ünïcode",
            "İSTANBUL",
            "ΑΘΗΝΑΣ",
            "ΣΑΣ ΣΑΣ.",
            "ΑΣ.ΕΞ",
            "ΑΣ.",
            "Σ",
            "1Σ",
            "aΣ1",
            "ςΣ",
            "\u{212a}ELVIN",
            "É.Σ'Σ",
        ] {
            assert_eq!(lower(text), text.to_lowercase(), "{text}");
        }
    }

    #[test]
    fn what_becomes_ascii_is_known() {
        for c in '\u{80}'..=char::MAX {
            let (upper, expected) = (upper_word(&c.to_string()), c.to_uppercase().to_string());
            assert_eq!(upper.is_ascii(), expected.is_ascii(), "{c}");
            assert!(!upper.is_ascii() || upper == expected, "{c}");
        }
        assert_eq!(upper_word("falſe"), "FALSE");
    }
}
