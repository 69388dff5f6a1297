//! Integers from and to text.
//!
//! Functions:
//! - [`Int::parse`]: `int(text, base)` with Python's whitespace, signs, prefixes, underscores, any script's digits
//! - [`Int::to_decimal`]: `str(int)` with the limit of `sys.set_int_max_str_digits`
//! - [`Int::to_radix`]: digits in base 2..=36, lower case, sign in front, no prefix
//! - [`parse_small`]: the fast path for plain ASCII decimal text
//! - [`DEFAULT_MAX_STR_DIGITS`]

use super::err::{PyErr, PyResult, value_error};
use super::int::Int;
use crate::text::unicode::{decimal_digit, is_space};
use dashu_int::{IBig, UBig};
use std::borrow::Cow;

/// `sys.int_info.default_max_str_digits`.
pub const DEFAULT_MAX_STR_DIGITS: usize = 4300;
/// Texts of up to this many digits are never limited (`sys.int_info.str_digits_check_threshold`).
pub const STR_DIGITS_CHECK_THRESHOLD: usize = 640;

/// Plain ASCII decimal text of up to 18 digits with an optional minus sign, no spaces or underscores.
pub fn parse_small(text: &[u8]) -> Option<i64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    if digits.is_empty() || digits.len() > 18 {
        return None;
    }
    let mut value = 0i64;
    for d in digits {
        if !d.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(d - b'0');
    }
    Some(if negative { -value } else { value })
}

/// Text as a number parser wants it: trimmed, every script's decimal digits as ASCII, other non-ASCII characters
/// as `?`, which no number contains. CPython's `_PyUnicode_TransformDecimalAndSpaceToASCII`, followed by `Py_ISSPACE`
/// at both ends (which, unlike `str.isspace`, does not know 0x1c to 0x1f).
pub(crate) fn ascii_digits(text: &str) -> Cow<'_, str> {
    const SPACES: [char; 6] = [' ', '\t', '\n', '\r', '\x0b', '\x0c'];
    if text.is_ascii() {
        return Cow::Borrowed(text.trim_matches(SPACES));
    }
    let mapped: String = text
        .chars()
        .map(|c| match c {
            c if c.is_ascii() => c,
            c if is_space(c as u32) => ' ',
            c => decimal_digit(c as u32).map_or('?', |d| (b'0' + d) as char),
        })
        .collect();
    Cow::Owned(mapped.trim_matches(SPACES).to_owned())
}

impl Int {
    /// `int(text, base)` for base 0 or 2..=36. `max_digits` is the limit of `sys.set_int_max_str_digits` (0: none),
    /// which holds for bases that are no power of two.
    ///
    /// The error text quotes `text` as `repr` does; for `int(b'..')` use [`Int::parse_quoted`].
    pub fn parse(text: &str, base: u32, max_digits: usize) -> PyResult<Int> {
        Int::parse_quoted(text, base, max_digits, || crate::text::repr::repr_str(text))
    }

    /// As [`Int::parse`], with the quotation of the offending object given by the caller.
    pub fn parse_quoted(text: &str, base: u32, max_digits: usize, quote: impl FnOnce() -> String) -> PyResult<Int> {
        if base == 1 || base > 36 {
            return Err(value_error("int() base must be >= 2 and <= 36, or 0"));
        }
        if base == 10
            && let Some(x) = parse_small(text.as_bytes())
        {
            return Ok(Int::from(x));
        }
        let plain = ascii_digits(text);
        let invalid = || -> PyErr {
            let quoted: String = quote().chars().take(200).collect();
            value_error(format!("invalid literal for int() with base {base}: {quoted}"))
        };
        match parse_ascii(&plain, base, max_digits) {
            Ok(x) => Ok(x),
            Err(Failure::Invalid) => Err(invalid()),
            Err(Failure::TooLong(n)) => Err(parse_limit(max_digits, n)),
        }
    }

    /// `str(self)`; `max_digits` is the limit of `sys.set_int_max_str_digits` (0: none).
    pub fn to_decimal(&self, max_digits: usize) -> PyResult<String> {
        if let Some(x) = self.to_i64() {
            return Ok(x.to_string());
        }
        if max_digits != 0 && self.exceeds_digits(max_digits) {
            return Err(value_error(format!(
                "Exceeds the limit ({max_digits} digits) for integer string conversion; \
                 use sys.set_int_max_str_digits() to increase the limit"
            )));
        }
        Ok(self.0.to_string())
    }

    /// Whether the decimal text is longer than `max_digits`.
    fn exceeds_digits(&self, max_digits: usize) -> bool {
        let bits = self.bit_length();
        let digits_for = |bits: u64| bits as f64 * std::f64::consts::LOG10_2;
        let (at_least, at_most) = (digits_for(bits.saturating_sub(1)) - 1.0, digits_for(bits) + 2.0);
        if at_most < max_digits as f64 {
            return false;
        }
        if at_least > max_digits as f64 + 1.0 {
            return true;
        }
        let digits = self.0.to_string().trim_start_matches('-').len();
        digits > max_digits
    }

    /// Digits in `radix` (2..=36), lower case, with a leading `-` for negative values and no prefix.
    pub fn to_radix(&self, radix: u32) -> String {
        debug_assert!((2..=36).contains(&radix));
        self.0.in_radix(radix as u8).to_string()
    }
}

/// Why a text is no integer.
enum Failure {
    Invalid,
    /// So many digits, more than allowed.
    TooLong(usize),
}

fn parse_limit(max_digits: usize, n: usize) -> PyErr {
    value_error(format!(
        "Exceeds the limit ({max_digits} digits) for integer string conversion: value has {n} digits; \
         use sys.set_int_max_str_digits() to increase the limit"
    ))
}

/// Parses trimmed ASCII text.
fn parse_ascii(text: &str, base: u32, max_digits: usize) -> Result<Int, Failure> {
    let (negative, rest) = match text.as_bytes() {
        [b'-', ..] => (true, &text[1..]),
        [b'+', ..] => (false, &text[1..]),
        _ => (false, text),
    };
    let (base, digits, old_octal) = split_prefix(rest, base);
    let digits = strip_underscores(digits)?;
    if digits.is_empty() || !digits.bytes().all(|b| digit_value(b) < base) {
        return Err(Failure::Invalid);
    }
    // In base 0 "0" and "00" are zero, "012" is an error.
    if old_octal && digits.bytes().any(|b| b != b'0') {
        return Err(Failure::Invalid);
    }
    if max_digits != 0 && digits.len() > max_digits && digits.len() > STR_DIGITS_CHECK_THRESHOLD && !base.is_power_of_two() {
        return Err(Failure::TooLong(digits.len()));
    }
    let magnitude = UBig::from_str_radix(&digits, base).map_err(|_| Failure::Invalid)?;
    let value = IBig::from(magnitude);
    Ok(Int(if negative { -value } else { value }))
}

/// Takes off `0x`, `0o`, `0b` where the base allows it, with one underscore after it. The last value says that
/// base 0 met a leading zero without prefix.
fn split_prefix(text: &str, base: u32) -> (u32, &str, bool) {
    let bytes = text.as_bytes();
    if bytes.len() >= 2 && bytes[0] == b'0' {
        let prefix_base = match bytes[1] | 0x20 {
            b'x' => 16,
            b'o' => 8,
            b'b' => 2,
            _ => 0,
        };
        if prefix_base != 0 && (base == 0 || base == prefix_base) {
            let digits = &text[2..];
            return (prefix_base, digits.strip_prefix('_').unwrap_or(digits), false);
        }
    }
    if base == 0 { (10, text, bytes.first() == Some(&b'0')) } else { (base, text, false) }
}

/// Removes single underscores between digits; anything else with an underscore is invalid.
fn strip_underscores(digits: &str) -> Result<Cow<'_, str>, Failure> {
    if !digits.contains('_') {
        return Ok(Cow::Borrowed(digits));
    }
    if digits.starts_with('_') || digits.ends_with('_') || digits.contains("__") {
        return Err(Failure::Invalid);
    }
    Ok(Cow::Owned(digits.replace('_', "")))
}

fn digit_value(b: u8) -> u32 {
    (b as char).to_digit(36).unwrap_or(99)
}
