//! The float nearest to a decimal number, as `float(text)` rounds it.
//!
//! Rust's own reader does the same, natively. It brings 14 kB of tables and code that hardly
//! compress, more than any other function of the page, so that wasm goes by the integers of any
//! size, which are there anyway.

use super::integer::Natural;

/// With this many significant digits and a mark for what follows, rounding is decided: no half-way
/// point between two floats has more than 767.
const MOST_DIGITS: usize = 800;

/// The nearest float to `[+-]digits[.digits][e[+-]digits]`, `inf`, `infinity` or `nan`.
pub fn parse(text: &str) -> Option<f64> {
    if cfg!(target_arch = "wasm32") { nearest(text) } else { text.parse().ok() }
}

fn nearest(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let magnitude = match unsigned.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => f64::INFINITY,
        "nan" => f64::NAN,
        number => magnitude(number)?,
    };
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}

fn magnitude(number: &str) -> Option<f64> {
    let (decimal, exponent) = match number.split_once('e') {
        Some((decimal, exponent)) => (decimal, Some(exponent)),
        None => (number, None),
    };
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let exponent = exponent.map_or(Some(0), parse_exponent)?;
    let digits: String = whole.chars().chain(fraction.chars()).collect();
    let leading = digits.len() - digits.trim_start_matches('0').len();
    let mut significant = digits[leading..].to_owned();
    // The exponent of the last digit.
    let mut last = exponent.saturating_sub(size(fraction.len()));
    if significant.len() > MOST_DIGITS {
        let rest = significant.split_off(MOST_DIGITS);
        last = last.saturating_add(size(rest.len()));
        if rest.bytes().any(|byte| byte != b'0') {
            significant.push('1');
            last = last.saturating_sub(1);
        }
    }
    let order = last.saturating_add(size(significant.len()));
    if significant.is_empty() || order < -400 {
        return Some(0.0);
    }
    if order > 400 {
        return Some(f64::INFINITY);
    }
    Some(scaled_by_tens(Natural::from_digits(&significant, 10)?, last))
}

fn size(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// An exponent; one too large for a number saturates.
fn parse_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let size = digits.parse().unwrap_or(i64::MAX / 4).min(i64::MAX / 4);
    Some(if text.starts_with('-') { -size } else { size })
}

/// The float nearest to `number * 10^exponent`, ties to even.
fn scaled_by_tens(mut number: Natural, exponent: i64) -> f64 {
    for _ in 0..exponent {
        number.scale_and_add(10, 0);
    }
    // Scaled so that the result has more bits than any rounding looks at, and fits: a factor of
    // ten takes less than four.
    let room = 72 + 4 * usize::try_from(-exponent).unwrap_or(0);
    let before = room.saturating_sub(number.bits());
    number.shift_left(u32::try_from(before).unwrap_or(0));
    let mut exact = true;
    for _ in exponent..0 {
        exact &= number.divide(10) == 0;
    }
    let behind = number.bits().saturating_sub(72);
    let (whole, lost) = number.shift_right(behind);
    let shift = size(before) - size(behind);
    let Some(whole) = whole.to_u128() else {
        return f64::NAN;
    };
    let exact = exact && !lost;
    // A last bit stands for everything that the division left.
    let scaled = whole << 1 | u128::from(!exact);
    let shift = shift + 1;
    let top = i64::from(scaled.ilog2());
    // Floats below 2^-1022 have fewer bits, down to none.
    let kept = 53.min(53 + (top - shift) + 1022);
    if kept < 0 {
        return 0.0;
    }
    let dropped = top + 1 - kept;
    let mantissa = scaled >> dropped;
    let half = 1 << (dropped - 1);
    let rest = scaled & ((1 << dropped) - 1);
    let up = rest > half || (rest == half && mantissa & 1 == 1);
    #[expect(clippy::cast_precision_loss, reason = "at most 2^53")]
    let mantissa = (mantissa + u128::from(up)) as f64;
    mantissa * power_of_two(dropped - shift)
}

/// `2^exponent`, from the smallest float there is.
fn power_of_two(exponent: i64) -> f64 {
    if exponent > 1023 {
        f64::INFINITY
    } else if exponent >= -1022 {
        f64::from_bits((exponent + 1023).unsigned_abs() << 52)
    } else {
        f64::from_bits(1 << (exponent + 1074).max(0))
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    fn same(text: &str) {
        let expected: f64 = text.parse().expect("a number to Rust");
        let found = nearest(text).unwrap_or_else(|| panic!("{text} is a number"));
        assert_eq!(found.to_bits(), expected.to_bits(), "{text}: {found:e} for {expected:e}");
    }

    #[test]
    fn rounds_as_rust_does() {
        for text in [
            "0",
            "-0",
            "1",
            "1.",
            ".5",
            "0.1",
            "1e3",
            "1E-3",
            "123456789.125",
            "1e23",
            "8.5e15",
            "9007199254740993",
            "9007199254740992.5",
            "9007199254740991.5",
            "4.9e-324",
            "2.4e-324",
            "2.5e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "1e-400",
            "1e400",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "1.7976931348623157e308",
            "1.7976931348623158e308",
            "1.7976931348623159e308",
            "1e99999999999999999999",
            "inf",
            "0e99999999999999999999",
            "1e-99999999999999999999",
            "-infinity",
            "6.02214076e23",
        ] {
            same(text);
        }
        let half_way = format!("9007199254740993.{}1", "0".repeat(900));
        same(&half_way);
        assert!(nearest("nan").is_some_and(f64::is_nan));
        for text in ["", ".", "e5", "1e", "1e+", "1x", "1.2.3", "+-1"] {
            assert_eq!(nearest(text), None, "{text}");
        }
    }

    #[test]
    fn rounds_random_numbers_as_rust_does() {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        for _ in 0..20_000 {
            let exponent = i64::try_from(next() % 700).unwrap_or(0) - 360;
            same(&format!("{}.{}e{exponent}", next() % 1000, next()));
            let float = f64::from_bits(next());
            if float.is_finite() {
                same(&format!("{float:e}"));
            }
        }
    }
}
