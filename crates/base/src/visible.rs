//! Characters that do something to a terminal, or can't be seen, made visible.

use std::borrow::Cow;

/// Whether a character does something to a terminal, or to the order of a text, or can't be seen:
/// controls, marks of direction, joiners and blanks without width.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{180e}' | '\u{3164}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The text with its hidden characters as signs: `␛` for escape, `\u{202e}` for a mark of direction.
/// Line breaks are signs too.
pub fn visible(text: &str) -> Cow<'_, str> {
    shown(text, |_| false)
}

/// As [`visible`], but line breaks and tabs stay.
pub fn visible_lines(text: &str) -> Cow<'_, str> {
    shown(text, |c| matches!(c, '\n' | '\t'))
}

fn shown(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    let hidden = |c: char| is_hidden(c) && !stays(c);
    // Most are plain.
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || !text.contains(hidden) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        if hidden(c) {
            push_sign(c, &mut shown);
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Adds the sign of a hidden character.
pub fn push_sign(c: char, to: &mut String) {
    match u32::from(c) {
        // The control pictures of Unicode.
        code @ 0..0x20 => to.push(char::from_u32(0x2400 + code).unwrap_or('\u{fffd}')),
        0x7f => to.push('\u{2421}'),
        _ => to.extend(c.escape_unicode()),
    }
}

#[cfg(test)]
mod tests {
    use super::{visible, visible_lines};

    #[test]
    fn what_acts_or_hides_becomes_a_sign() {
        assert_eq!(visible("a\u{1b}[2J\u{7}\nb\u{202e}c\u{7f}"), "a␛[2J␇␊b\\u{202e}c␡");
        assert_eq!(visible_lines("a\n\tb\r"), "a\n\tb␍");
        assert!(matches!(visible("ünï 🔑 שלום"), std::borrow::Cow::Borrowed(_)));
    }
}
