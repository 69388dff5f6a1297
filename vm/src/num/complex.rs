//! Complex numbers as pairs of floats.
//!
//! Functions: [`repr`], [`parse`], [`mul`], [`div`], [`pow`], [`abs`]. Addition and subtraction are by parts.

use super::err::{PyResult, overflow_error, value_error, zero_division};
use super::float::{self, Style, TextFlags};
use super::int_text::ascii_digits;
use super::math::MathLib;

/// Real and imaginary part.
pub type Complex = (f64, f64);

/// `repr(complex(re, im))`: `(1+2j)`, or `2j` when the real part is a positive zero.
pub fn repr(re: f64, im: f64) -> String {
    let part = |x: f64| float::to_text(x, Style::Repr, 0, TextFlags::default());
    if re == 0.0 && re.is_sign_positive() {
        return format!("{}j", part(im));
    }
    let imaginary = part(im);
    let plus = if imaginary.starts_with('-') { "" } else { "+" };
    format!("({}{plus}{imaginary}j)", part(re))
}

/// `a * b`.
pub fn mul(a: Complex, b: Complex) -> Complex {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// `a / b`, by Smith's method as in CPython.
pub fn div(a: Complex, b: Complex) -> PyResult<Complex> {
    if b == (0.0, 0.0) {
        return Err(zero_division("complex division by zero"));
    }
    if b.0.abs() >= b.1.abs() {
        let ratio = b.1 / b.0;
        let denominator = b.0 + b.1 * ratio;
        Ok(((a.0 + a.1 * ratio) / denominator, (a.1 - a.0 * ratio) / denominator))
    } else if b.1.abs() >= b.0.abs() {
        let ratio = b.0 / b.1;
        let denominator = b.0 * ratio + b.1;
        Ok(((a.0 * ratio + a.1) / denominator, (a.1 * ratio - a.0) / denominator))
    } else {
        // A part of b is NaN.
        Ok((f64::NAN, f64::NAN))
    }
}

/// `a ** b`.
pub fn pow(a: Complex, b: Complex, lib: &MathLib) -> PyResult<Complex> {
    let zero_base = || zero_division("0.0 to a negative or complex power");
    let small_integer = b.1 == 0.0 && b.0 == b.0.floor() && b.0.abs() <= 100.0;
    let result = if small_integer {
        let power = integer_power(a, b.0.abs() as u32);
        if b.0 > 0.0 { power } else { div((1.0, 0.0), power).map_err(|_| zero_base())? }
    } else if a == (0.0, 0.0) {
        if b.1 != 0.0 || b.0 < 0.0 {
            return Err(zero_base());
        }
        (0.0, 0.0)
    } else {
        polar_power(a, b, lib).ok_or_else(zero_base)?
    };
    if result.0.is_infinite() || result.1.is_infinite() {
        return Err(overflow_error("complex exponentiation"));
    }
    Ok(result)
}

fn integer_power(a: Complex, n: u32) -> Complex {
    let (mut result, mut square) = ((1.0, 0.0), a);
    let mut rest = n;
    while rest > 0 {
        if rest & 1 == 1 {
            result = mul(result, square);
        }
        square = mul(square, square);
        rest >>= 1;
    }
    result
}

/// `None` for an infinite angle, whose cosine is a domain error, which CPython reports as a division by zero.
fn polar_power(a: Complex, b: Complex, lib: &MathLib) -> Option<Complex> {
    let size = (lib.hypot)(a.0, a.1);
    let angle = (lib.atan2)(a.1, a.0);
    let mut length = (lib.pow)(size, b.0);
    let mut phase = angle * b.0;
    if b.1 != 0.0 {
        length /= (lib.exp)(angle * b.1);
        phase += b.1 * (lib.log)(size);
    }
    (!phase.is_infinite()).then(|| (length * (lib.cos)(phase), length * (lib.sin)(phase)))
}

/// `abs(a)`.
pub fn abs(a: Complex, lib: &MathLib) -> PyResult<f64> {
    let size = (lib.hypot)(a.0, a.1);
    if size.is_infinite() && a.0.is_finite() && a.1.is_finite() {
        return Err(overflow_error("absolute value too large"));
    }
    Ok(size)
}

/// `complex(text)`.
pub fn parse(text: &str) -> PyResult<Complex> {
    let plain = ascii_digits(text);
    if !plain.contains('_') {
        return parse_ascii(&plain).ok_or_else(|| value_error("complex() arg is a malformed string"));
    }
    let bytes = plain.as_bytes();
    let digit = |i: usize| bytes.get(i).is_some_and(u8::is_ascii_digit);
    let stray = bytes.iter().enumerate().any(|(i, b)| *b == b'_' && !(i > 0 && digit(i - 1) && digit(i + 1)));
    if stray {
        let quoted = crate::text::repr::repr_str(text);
        return Err(value_error(format!("could not convert string to complex: {quoted}")));
    }
    parse_ascii(&plain.replace('_', "")).ok_or_else(|| value_error("complex() arg is a malformed string"))
}

/// `<float>`, `<float>j`, `<float><signed float>j`, with `1` understood before a bare `j`; in parentheses or not.
fn parse_ascii(text: &str) -> Option<Complex> {
    let spaces = [' ', '\t', '\n', '\r', '\x0b', '\x0c'];
    let text = match text.strip_prefix('(') {
        Some(inner) => inner.strip_suffix(')')?.trim_matches(spaces),
        None => text,
    };
    let is_j = |s: &str| s == "j" || s == "J";
    let unit = |s: &str| -> Option<(f64, usize)> {
        match s.as_bytes().first()? {
            b'+' => Some((1.0, 1)),
            b'-' => Some((-1.0, 1)),
            _ => None,
        }
    };
    let Some((x, n)) = float_prefix(text) else {
        let (y, n) = unit(text).unwrap_or((1.0, 0));
        return is_j(&text[n..]).then_some((0.0, y));
    };
    let rest = &text[n..];
    if rest.is_empty() {
        return Some((x, 0.0));
    }
    if is_j(rest) {
        return Some((0.0, x));
    }
    unit(rest)?;
    let (y, n) = float_prefix(rest).or_else(|| unit(rest))?;
    is_j(&rest[n..]).then_some((x, y))
}

/// The longest float at the start of ASCII text, and its length.
fn float_prefix(text: &str) -> Option<(f64, usize)> {
    let bytes = text.as_bytes();
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    let digits_from = |at: usize| bytes[at..].iter().take_while(|b| b.is_ascii_digit()).count();
    for word in ["infinity", "inf", "nan"] {
        if bytes.len() >= sign + word.len() && bytes[sign..sign + word.len()].eq_ignore_ascii_case(word.as_bytes()) {
            let end = sign + word.len();
            return Some((float::parse_opt(&text[..end])?, end));
        }
    }
    let whole = digits_from(sign);
    let mut end = sign + whole;
    let mut fraction = 0;
    if bytes.get(end) == Some(&b'.') {
        fraction = digits_from(end + 1);
        end += 1 + fraction;
    }
    if whole + fraction == 0 {
        return None;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let exp_sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exp_at = end + 1 + exp_sign;
        if exp_at <= bytes.len() && digits_from(exp_at) > 0 {
            end = exp_at + digits_from(exp_at);
        }
    }
    Some((float::parse_opt(&text[..end])?, end))
}
