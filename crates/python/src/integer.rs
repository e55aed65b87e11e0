//! Python's `int`: an integer of any size.
//!
//! A general crate of big integers brings fast multiplication and division of huge numbers, 20 kB
//! of the page. A configuration's numbers are read, compared and printed.

use std::cmp::Ordering;
use std::fmt;
use std::ops::{Add, Mul, Neg};
use std::str::FromStr;

use smallvec::SmallVec;

/// The largest power of ten in a limb, and how many digits it stands for.
const CHUNK: (u32, usize) = (1_000_000_000, 9);

/// An integer of any size.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Integer {
    /// Never for zero.
    negative: bool,
    magnitude: Natural,
}

/// A text that is not an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnInteger;

/// What nearly all numbers need lies beside the sign, not elsewhere.
type Limbs = SmallVec<[u32; 4]>;

/// A natural number: its limbs, the least significant first, the last of them not zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct Natural(Limbs);

impl Integer {
    /// 0
    pub const ZERO: Self = Self { negative: false, magnitude: Natural(Limbs::new_const()) };

    fn new(negative: bool, magnitude: Natural) -> Self {
        Self { negative: negative && !magnitude.is_zero(), magnitude }
    }

    /// Reads digits of a base from 2 to 36, without a sign.
    pub fn from_digits(digits: &str, base: u32) -> Option<Self> {
        Natural::from_digits(digits, base).map(|magnitude| Self::new(false, magnitude))
    }

    /// The integer that equals a float, if one does.
    pub fn of_float(number: f64) -> Option<Self> {
        if !number.is_finite() || number.fract() != 0.0 {
            return None;
        }
        let bits = number.to_bits();
        let exponent = u32::try_from(bits >> 52 & 0x7ff).unwrap_or_default();
        let Some(size) = exponent.checked_sub(1023) else {
            return Some(Self::ZERO);
        };
        let fraction = bits & ((1 << 52) - 1) | 1 << 52;
        let mut magnitude = Natural::from(fraction >> 52_u32.saturating_sub(size));
        magnitude.shift_left(size.saturating_sub(52));
        Some(Self::new(number < 0.0, magnitude))
    }

    fn to_i128(&self) -> Option<i128> {
        let magnitude = i128::try_from(self.magnitude.to_u128()?).ok()?;
        Some(if self.negative { -magnitude } else { magnitude })
    }
}

impl Natural {
    pub(crate) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    /// Reads digits of a base from 2 to 36.
    pub(crate) fn from_digits(digits: &str, base: u32) -> Option<Self> {
        if digits.is_empty() {
            return None;
        }
        // As many digits at once as a limb holds.
        let mut at_once = 1;
        while base.checked_pow(at_once + 1).is_some() {
            at_once += 1;
        }
        let mut number = Self::default();
        let (mut part, mut scale) = (0, 1);
        for (at, digit) in digits.chars().enumerate() {
            part = part * base + digit.to_digit(base)?;
            scale *= base;
            if (at + 1) % at_once as usize == 0 {
                number.scale_and_add(scale, part);
                (part, scale) = (0, 1);
            }
        }
        number.scale_and_add(scale, part);
        Some(number)
    }

    /// `self * factor + term`
    pub(crate) fn scale_and_add(&mut self, factor: u32, term: u32) {
        let mut carry = u64::from(term);
        for limb in &mut self.0 {
            carry += u64::from(*limb) * u64::from(factor);
            *limb = low(carry);
            carry >>= 32;
        }
        self.0.push(low(carry));
        self.trim();
    }

    /// Divides, and gives the rest.
    pub(crate) fn divide(&mut self, divisor: u32) -> u32 {
        let mut rest = 0;
        for limb in self.0.iter_mut().rev() {
            let part = rest << 32 | u64::from(*limb);
            *limb = low(part / u64::from(divisor));
            rest = part % u64::from(divisor);
        }
        self.trim();
        low(rest)
    }

    /// `self * 2^bits`
    pub(crate) fn shift_left(&mut self, bits: u32) {
        self.scale_and_add(1 << (bits % 32), 0);
        if !self.is_zero() {
            self.0.insert_many(0, (0..bits / 32).map(|_| 0));
        }
    }

    /// The number, if it is below 2^128.
    pub(crate) fn to_u128(&self) -> Option<u128> {
        let fits = self.0.len() <= 4;
        fits.then(|| self.0.iter().rev().fold(0, |sum, limb| sum << 32 | u128::from(*limb)))
    }

    fn compare(&self, other: &Self) -> Ordering {
        let by_size = self.0.len().cmp(&other.0.len());
        by_size.then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }

    fn plus(&self, other: &Self) -> Self {
        let limb = |number: &Self, at: usize| number.0.get(at).copied().map_or(0, u64::from);
        let mut carry = 0;
        let mut limbs = Limbs::new();
        for at in 0..=self.0.len().max(other.0.len()) {
            carry += limb(self, at) + limb(other, at);
            limbs.push(low(carry));
            carry >>= 32;
        }
        Self::of(limbs)
    }

    /// `self - other`, which is not larger.
    fn minus(&self, other: &Self) -> Self {
        let mut borrow = false;
        let mut limbs = Limbs::new();
        for (at, limb) in self.0.iter().enumerate() {
            let (less, below) = limb.overflowing_sub(other.0.get(at).copied().unwrap_or(0));
            let (less, further) = less.overflowing_sub(u32::from(borrow));
            borrow = below || further;
            limbs.push(less);
        }
        Self::of(limbs)
    }

    fn of(limbs: Limbs) -> Self {
        let mut number = Self(limbs);
        number.trim();
        number
    }

    fn trim(&mut self) {
        while self.0.last() == Some(&0) {
            self.0.pop();
        }
    }
}

/// The lowest 32 bits.
#[expect(clippy::cast_possible_truncation, reason = "the rest is carried over")]
fn low(number: u64) -> u32 {
    number as u32
}

impl From<u64> for Natural {
    fn from(number: u64) -> Self {
        Self::of(Limbs::from_slice(&[low(number), low(number >> 32)]))
    }
}

impl fmt::Display for Integer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Ok(small) = i64::try_from(self) {
            return write!(f, "{small}");
        }
        let mut rest = self.magnitude.clone();
        let mut chunks = vec![];
        while !rest.is_zero() {
            chunks.push(rest.divide(CHUNK.0));
        }
        let first = chunks.pop().unwrap_or(0);
        write!(f, "{}{first}", if self.negative { "-" } else { "" })?;
        chunks.iter().rev().try_for_each(|chunk| write!(f, "{chunk:0>0$}", CHUNK.1))
    }
}

impl FromStr for Integer {
    type Err = NotAnInteger;

    /// Reads decimal digits, with a minus or without.
    fn from_str(text: &str) -> Result<Self, NotAnInteger> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let magnitude = Natural::from_digits(digits, 10).ok_or(NotAnInteger)?;
        Ok(Self::new(text.starts_with('-'), magnitude))
    }
}

impl Ord for Integer {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude.compare(&other.magnitude),
            (true, true) => other.magnitude.compare(&self.magnitude),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Integer {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Neg for Integer {
    type Output = Self;

    fn neg(self) -> Self {
        Self::new(!self.negative, self.magnitude)
    }
}

impl Mul<u32> for Integer {
    type Output = Self;

    fn mul(mut self, factor: u32) -> Self {
        self.magnitude.scale_and_add(factor, 0);
        Self::new(self.negative, self.magnitude)
    }
}

impl Add for Integer {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        if self.negative == other.negative {
            return Self::new(self.negative, self.magnitude.plus(&other.magnitude));
        }
        match self.magnitude.compare(&other.magnitude) {
            Ordering::Less => Self::new(other.negative, other.magnitude.minus(&self.magnitude)),
            _ => Self::new(self.negative, self.magnitude.minus(&other.magnitude)),
        }
    }
}

macro_rules! convert {
    ($($number:ty),*) => { $(
        impl From<$number> for Integer {
            fn from(number: $number) -> Self {
                let number = i64::from(number);
                Self::new(number < 0, Natural::from(number.unsigned_abs()))
            }
        }

        impl TryFrom<&Integer> for $number {
            type Error = NotAnInteger;

            fn try_from(number: &Integer) -> Result<Self, NotAnInteger> {
                number.to_i128().and_then(|number| Self::try_from(number).ok()).ok_or(NotAnInteger)
            }
        }
    )* };
}

convert!(u8, u16, u32, i32, i64);

impl TryFrom<&Integer> for u64 {
    type Error = NotAnInteger;

    fn try_from(number: &Integer) -> Result<Self, NotAnInteger> {
        number.to_i128().and_then(|number| Self::try_from(number).ok()).ok_or(NotAnInteger)
    }
}

#[cfg(test)]
mod tests {
    use num_bigint::BigInt;

    use super::Integer;

    const NUMBERS: [&str; 15] = [
        "0",
        "-0",
        "7",
        "-1",
        "999999999",
        "1000000000",
        "-4294967295",
        "4294967296",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "340282366920938463463374607431768211455",
        "-340282366920938463463374607431768211456",
        "1000000000000000000000000000000000000000000000000000000000001",
        "-79228162514264337593543950336",
    ];

    fn read(text: &str) -> (Integer, BigInt) {
        (text.parse().expect("an integer"), text.parse().expect("an integer to num-bigint"))
    }

    #[test]
    fn numbers_are_what_num_bigint_says() {
        for text in NUMBERS {
            let (number, judge) = read(text);
            assert_eq!(number.to_string(), judge.to_string());
            assert_eq!(i64::try_from(&number).ok(), i64::try_from(&judge).ok(), "{text}");
            assert_eq!(u64::try_from(&number).ok(), u64::try_from(&judge).ok(), "{text}");
            assert_eq!(u8::try_from(&number).ok(), u8::try_from(&judge).ok(), "{text}");
            assert_eq!((-number.clone()).to_string(), (-judge.clone()).to_string());
            assert_eq!((number.clone() * 60).to_string(), (judge.clone() * 60_u32).to_string());
            for other in NUMBERS {
                let (other, second) = read(other);
                let sum = number.clone() + other.clone();
                assert_eq!(sum.to_string(), (&judge + &second).to_string(), "{text} + {other}");
                assert_eq!(number.cmp(&other), judge.cmp(&second), "{text} and {other}");
                assert_eq!(number == other, judge == second, "{text} and {other}");
            }
        }
    }

    #[test]
    fn digits_of_any_base_are_read() {
        for (digits, base) in [("0", 2), ("1011", 2), ("777", 8), ("deadBEEFdeadbeef00", 16)] {
            let judge = BigInt::parse_bytes(digits.as_bytes(), base).expect("digits");
            let number = Integer::from_digits(digits, base).map(|number| number.to_string());
            assert_eq!(number, Some(judge.to_string()), "{digits}");
        }
        for (digits, base) in [("", 10), ("12a", 10), ("-1", 10), ("2", 2), ("1 ", 10)] {
            assert_eq!(Integer::from_digits(digits, base), None, "{digits:?}");
        }
        let long = "9".repeat(4300);
        assert_eq!(long.parse::<Integer>().map(|number| number.to_string()), Ok(long));
    }

    #[test]
    fn whole_floats_have_their_integer() {
        for number in
            [0.0, -0.0, 1.0, -3.0, 4_503_599_627_370_497.0, 1e22, -1e300, f64::MAX, 2e-310]
        {
            let whole = f64::fract(number) == 0.0;
            let found = Integer::of_float(number).map(|number| number.to_string());
            let expected = if number == 0.0 { "0".to_owned() } else { format!("{number:.0}") };
            assert_eq!(found, whole.then_some(expected), "{number}");
        }
        assert_eq!(Integer::of_float(1.5), None);
        assert_eq!(Integer::of_float(f64::INFINITY), None);
        assert_eq!(Integer::of_float(f64::NAN), None);
    }
}
