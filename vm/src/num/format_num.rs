//! What the format mini-language makes of int, float, complex and str: the `__format__` of the built-in types.
//!
//! Functions, each from a value and the specification's text (WTF-8) to WTF-8:
//! - [`format_int`], [`format_small`] (an `i64`), [`format_float`], [`format_complex`], [`format_str`]
//!
//! An empty specification means `str(value)`; the caller must do that for subclasses that override `__str__`.

use super::err::{PyResult, overflow_error, value_error};
use super::float::{self, Style, TextFlags};
use super::format_spec::{Grouping, Spec, push_fill, unknown_code};
use super::int::Int;
use crate::text::wtf8;

/// `format(s, spec)` for a str, WTF-8.
pub fn format_str(s: &[u8], spec: &[u8]) -> PyResult<Vec<u8>> {
    if spec.is_empty() {
        return Ok(s.to_vec());
    }
    let spec = Spec::parse(spec, b's', b'<', "str")?;
    if spec.ty != 's' as u32 {
        return Err(unknown_code(spec.ty, "str"));
    }
    let refuse = |what: &'static str| Err(value_error(what));
    match spec.sign {
        Some(b' ') => return refuse("Space not allowed in string format specifier"),
        Some(_) => return refuse("Sign not allowed in string format specifier"),
        None => {}
    }
    if spec.no_neg_0 {
        return refuse("Negative zero coercion (z) not allowed in string format specifier");
    }
    if spec.alternate {
        return refuse("Alternate form (#) not allowed in string format specifier");
    }
    if spec.align == b'=' {
        return refuse("'=' alignment not allowed in string format specifier");
    }
    let (text, chars) = match spec.precision {
        Some(most) => wtf8::prefix(s, most),
        None => (s, wtf8::len(s)),
    };
    Ok(spec.pad(text, chars))
}

/// `format(x, spec)` for a small int.
pub fn format_small(x: i64, spec: &[u8]) -> PyResult<Vec<u8>> {
    if spec.is_empty() || spec == b"d" {
        return Ok(x.to_string().into_bytes());
    }
    format_int(&Int::from(x), spec, 0)
}

/// `format(x, spec)` for an int; `max_digits` is the limit of `sys.set_int_max_str_digits` (0: none).
pub fn format_int(x: &Int, spec: &[u8], max_digits: usize) -> PyResult<Vec<u8>> {
    if spec.is_empty() {
        return Ok(x.to_decimal(max_digits)?.into_bytes());
    }
    let spec = Spec::parse(spec, b'd', b'>', "int")?;
    let ty = char::from_u32(spec.ty).unwrap_or('\u{fffd}');
    match ty {
        'b' | 'c' | 'd' | 'o' | 'x' | 'X' | 'n' => format_as_int(x, &spec, ty, max_digits),
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%' => format_as_float(x.to_f64()?, &spec, ty),
        _ => Err(unknown_code(spec.ty, "int")),
    }
}

fn format_as_int(x: &Int, spec: &Spec, ty: char, max_digits: usize) -> PyResult<Vec<u8>> {
    let refuse = |what: &'static str| Err(value_error(what));
    if spec.precision.is_some() {
        return refuse("Precision not allowed in integer format specifier");
    }
    if spec.no_neg_0 {
        return refuse("Negative zero coercion (z) not allowed in integer format specifier");
    }
    if ty == 'c' {
        if spec.sign.is_some() {
            return refuse("Sign not allowed with integer format specifier 'c'");
        }
        if spec.alternate {
            return refuse("Alternate form (#) not allowed with integer format specifier 'c'");
        }
        let code = x.to_i64().ok_or_else(|| overflow_error("Python int too large to convert to C long"))?;
        if !(0..0x11_0000).contains(&code) {
            return Err(overflow_error("%c arg not in range(0x110000)"));
        }
        let mut text = Vec::new();
        wtf8::push(&mut text, code as u32);
        let number = Number { negative: false, prefix: "", digits: b"", point: false, rest: &text };
        return Ok(number.render(spec));
    }
    let (radix, prefix) = match ty {
        'b' => (2, "0b"),
        'o' => (8, "0o"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let mut text = if radix == 10 { x.to_decimal(max_digits)? } else { x.to_radix(radix) };
    if ty == 'X' {
        text.make_ascii_uppercase();
    }
    let number = Number {
        negative: x.is_negative(),
        prefix: if spec.alternate { prefix } else { "" },
        digits: text.trim_start_matches('-').as_bytes(),
        point: false,
        rest: b"",
    };
    Ok(number.render(spec))
}

/// `format(x, spec)` for a float.
pub fn format_float(x: f64, spec: &[u8]) -> PyResult<Vec<u8>> {
    if spec.is_empty() {
        return Ok(float::repr(x).into_bytes());
    }
    let spec = Spec::parse(spec, 0, b'>', "float")?;
    let ty = char::from_u32(spec.ty).unwrap_or('\u{fffd}');
    match ty {
        '\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%' => format_as_float(x, &spec, ty),
        _ => Err(unknown_code(spec.ty, "float")),
    }
}

fn format_as_float(x: f64, spec: &Spec, ty: char) -> PyResult<Vec<u8>> {
    let mut text = if ty == '%' { float_text(x * 100.0, spec, 'f', ty == '\0')? } else { float_text(x, spec, ty, ty == '\0')? };
    if ty == '%' {
        text.push('%');
    }
    Ok(Number::split(&text).render(spec))
}

/// The digits of a float for a type letter; without letter it is `repr`, or `g` when a precision is given.
fn float_text(x: f64, spec: &Spec, ty: char, add_dot_0: bool) -> PyResult<String> {
    let precision = spec.precision.unwrap_or(6);
    if precision > i32::MAX as usize {
        return Err(value_error("precision too big"));
    }
    if precision > super::int::DEFAULT_MAX_BYTES {
        return Err(super::err::memory_error());
    }
    let style = match ty {
        'e' | 'E' => Style::Exp,
        'f' | 'F' => Style::Fixed,
        '\0' if spec.precision.is_none() => Style::Repr,
        _ => Style::General,
    };
    let flags = TextFlags { upper: ty.is_ascii_uppercase(), alternate: spec.alternate, add_dot_0, no_neg_0: spec.no_neg_0 };
    Ok(float::to_text(x, style, precision, flags))
}

/// `format(re + im j, spec)`.
pub fn format_complex(re: f64, im: f64, spec: &[u8]) -> PyResult<Vec<u8>> {
    if spec.is_empty() {
        return Ok(super::complex::repr(re, im).into_bytes());
    }
    let spec = Spec::parse(spec, 0, b'>', "complex")?;
    let ty = char::from_u32(spec.ty).unwrap_or('\u{fffd}');
    if !matches!(ty, '\0' | 'e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n') {
        return Err(unknown_code(spec.ty, "complex"));
    }
    if spec.fill == '0' as u32 {
        return Err(value_error("Zero padding is not allowed in complex format specifier"));
    }
    if spec.align == b'=' {
        return Err(value_error("'=' alignment flag is not allowed in complex format specifier"));
    }
    // Like str() when no letter is given: no ".0", and a positive zero real part is left out.
    let skip_re = ty == '\0' && re == 0.0 && re.is_sign_positive();
    let parens = ty == '\0' && !skip_re;
    let mut part = Spec { width: None, fill: 0, align: b'<', ..spec.clone() };
    let mut text = Vec::new();
    if parens {
        text.push(b'(');
    }
    if !skip_re {
        text.extend(Number::split(&float_text(re, &spec, ty, false)?).render(&part));
        part.sign = Some(b'+');
    }
    text.extend(Number::split(&float_text(im, &spec, ty, false)?).render(&part));
    text.push(b'j');
    if parens {
        text.push(b')');
    }
    let chars = text.len();
    Ok(spec.pad(&text, chars))
}

/// A number's text taken apart: sign, prefix, digits that may be grouped, point, and what follows.
struct Number<'a> {
    negative: bool,
    prefix: &'static str,
    digits: &'a [u8],
    point: bool,
    rest: &'a [u8],
}

impl<'a> Number<'a> {
    /// Takes a float's text apart.
    fn split(text: &'a str) -> Number<'a> {
        let (negative, body) = match text.strip_prefix('-') {
            Some(body) => (true, body.as_bytes()),
            None => (false, text.as_bytes()),
        };
        let whole = body.iter().take_while(|b| b.is_ascii_digit()).count();
        let (digits, tail) = body.split_at(whole);
        let point = tail.first() == Some(&b'.');
        Number { negative, prefix: "", digits, point, rest: if point { &tail[1..] } else { tail } }
    }

    /// Sign, prefix, grouping and padding as the specification says.
    fn render(&self, spec: &Spec) -> Vec<u8> {
        let sign = match (self.negative, spec.sign) {
            (true, _) => Some(b'-'),
            (false, Some(b'+')) => Some(b'+'),
            (false, Some(b' ')) => Some(b' '),
            (false, _) => None,
        };
        let rest_chars = wtf8::len(self.rest);
        let around = usize::from(sign.is_some()) + self.prefix.len() + usize::from(self.point) + rest_chars;
        let width = spec.width.unwrap_or(0);
        let zero_pad = spec.fill == '0' as u32 && spec.align == b'=';
        let min_digits = if zero_pad { width.saturating_sub(around) } else { 0 };
        let digits = if self.digits.is_empty() { Vec::new() } else { group(self.digits, spec.grouping, min_digits) };
        let padding = width.saturating_sub(around + digits.len());
        let (left, inner, right) = match spec.align {
            b'<' => (0, 0, padding),
            b'^' => (padding / 2, 0, padding - padding / 2),
            b'=' => (0, padding, 0),
            _ => (padding, 0, 0),
        };
        let mut out = Vec::with_capacity(width.max(around + digits.len()));
        push_fill(&mut out, spec.fill, left);
        out.extend(sign);
        out.extend_from_slice(self.prefix.as_bytes());
        push_fill(&mut out, spec.fill, inner);
        out.extend_from_slice(&digits);
        if self.point {
            out.push(b'.');
        }
        out.extend_from_slice(self.rest);
        push_fill(&mut out, spec.fill, right);
        out
    }
}

/// Digits with separators, filled with zeros on the left until digits and separators take `min_width`; a
/// separator never comes first, so the text may grow one wider than asked.
fn group(digits: &[u8], grouping: Grouping, min_width: usize) -> Vec<u8> {
    let zeros = |n: usize| std::iter::repeat_n(b'0', n);
    let Some((separator, every)) = grouping.parts() else {
        return zeros(min_width.saturating_sub(digits.len())).chain(digits.iter().copied()).collect();
    };
    let mut reversed = Vec::with_capacity(min_width.max(digits.len() + digits.len() / every));
    let mut source = digits.iter().rev().copied();
    let mut left = digits.len();
    loop {
        let room = min_width.saturating_sub(reversed.len());
        let n = every.min(left.max(room).max(1));
        for _ in 0..n {
            reversed.push(source.next().unwrap_or(b'0'));
        }
        left = left.saturating_sub(n);
        if left == 0 && reversed.len() >= min_width {
            break;
        }
        reversed.push(separator);
    }
    reversed.reverse();
    reversed
}
