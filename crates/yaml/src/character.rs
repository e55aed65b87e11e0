//! The characters that end something, as PyYAML has them.
#![expect(
    clippy::inline_always,
    reason = "asked for each character: calls of them took a tenth of a check in the page, whose wasm is built for size"
)]

/// What follows the last character, as in PyYAML: the text itself can't hold it.
pub(super) const END: char = '\0';

/// The line breaks of YAML 1.1: CR, LF, NEL, LS and PS.
#[inline(always)]
pub(super) fn is_break(c: char) -> bool {
    matches!(c, '\r' | '\n' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// A line break or the end.
#[inline(always)]
pub(super) fn is_break_or_end(c: char) -> bool {
    c == END || is_break(c)
}

/// A blank, a line break or the end: what may follow an indicator.
#[inline(always)]
pub(super) fn is_blank_or_end(c: char) -> bool {
    c == ' ' || c == '\t' || is_break_or_end(c)
}
