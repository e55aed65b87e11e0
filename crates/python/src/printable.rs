//! `str.isprintable()` of one character: what `repr()` shows as it is.

use super::unicode::NOT_PRINTABLE;

/// Whether Python 3.11 (Unicode 14) prints a character as it is.
pub(super) fn is_printable(c: char) -> bool {
    let code = u32::from(c);
    if code < 0x80 {
        return (0x20..0x7f).contains(&code);
    }
    let at = NOT_PRINTABLE.partition_point(|(_, last)| *last < code);
    NOT_PRINTABLE.get(at).is_none_or(|(first, _)| code < *first)
}
