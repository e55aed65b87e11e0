//! Decimal digits of every script, which `int()` and `float()` read as they read ASCII's.

use super::unicode::ZEROS;

/// The ASCII digit of the same value, or the character itself.
pub(super) fn to_ascii(c: char) -> char {
    if c.is_ascii() {
        return c;
    }
    let code = u32::from(c);
    let run = ZEROS.partition_point(|zero| *zero <= code).checked_sub(1);
    match run.and_then(|run| char::from_digit(code - ZEROS[run], 10)) {
        Some(digit) => digit,
        None => c,
    }
}

#[cfg(test)]
mod tests {
    use super::to_ascii;

    #[test]
    fn digits_of_other_scripts_have_their_value() {
        let read: String = "٣०９𝟗x³½".chars().map(to_ascii).collect();
        assert_eq!(read, "3099x³½");
    }
}
