//! Floats from and to text.
//!
//! Functions:
//! - [`repr`]: `repr(float)`, the shortest text that reads back
//! - [`to_text`]: CPython's `PyOS_double_to_string`: types e f g r, precision, alternate form
//! - [`parse`]: Python's `float(text)`
//! - [`hex`], [`fromhex`]: `float.hex()`, `float.fromhex()`
//! - [`decompose`]: mantissa and exponent of a finite value
//!
//! Arithmetic is in `float_ops.rs`.

use super::err::{PyErr, PyResult, overflow_error, value_error};
use super::int_text::ascii_digits;

/// Digits of more places than this are zeros: a double has at most 1074 binary, hence decimal, places.
const MAX_PLACES: usize = 1100;

/// The presentation of [`to_text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `e`: one digit, point, `precision` digits, exponent.
    Exp,
    /// `f`: `precision` digits after the point.
    Fixed,
    /// `g`: `precision` significant digits.
    General,
    /// `repr`: the fewest digits that read back.
    Repr,
}

/// Flags of [`to_text`].
#[derive(Clone, Copy, Debug, Default)]
pub struct TextFlags {
    /// `E`, `INF`, `NAN`.
    pub upper: bool,
    /// `#`: keep the point and, in `g`, trailing zeros.
    pub alternate: bool,
    /// Append `.0` to what looks like an integer.
    pub add_dot_0: bool,
    /// `z`: negative zero (after rounding) becomes zero.
    pub no_neg_0: bool,
}

/// `repr(x)`.
pub fn repr(x: f64) -> String {
    if let Some(text) = repr_fast(x) {
        return text;
    }
    to_text(x, Style::Repr, 0, TextFlags { add_dot_0: true, ..TextFlags::default() })
}

/// ryu's text where Python writes the same: from 0.001 up to 10**16, unless the last digit is a tie.
fn repr_fast(x: f64) -> Option<String> {
    if !(x == 0.0 || (1e-3..1e16).contains(&x.abs())) {
        return None;
    }
    if let Some(text) = short_decimal(x) {
        return Some(text);
    }
    let mut buffer = ryu::Buffer::new();
    let text = buffer.format_finite(x);
    let places = text.len() - text.find('.')? - 1;
    (!may_tie(x.abs(), places as i64)).then(|| text.to_owned())
}

/// The text of a float with up to three decimal places and fewer than 16 digits: the first such decimal that reads
/// back is the shortest, and no other of its length does.
fn short_decimal(x: f64) -> Option<String> {
    for (places, ten) in TENS.iter().enumerate().take(4) {
        let y = (x.abs() * ten).round();
        if y < 1e15 && y / ten == x.abs() {
            let n = if places == 0 { y as u64 * 10 } else { y as u64 };
            return Some(fixed_digits(n, places.max(1), x.is_sign_negative()));
        }
    }
    None
}

/// Whether the exact value of a finite `x` ends just one decimal place after `places`, where it ends in a 5.
fn may_tie(x: f64, places: i64) -> bool {
    let (mantissa, exp) = decompose(x);
    let exact_places = -(i64::from(exp) + i64::from(mantissa.trailing_zeros()));
    mantissa != 0 && exact_places > 1 && places == exact_places - 1
}

/// The text of `x` in a style, as CPython's `PyOS_double_to_string`. `precision` is ignored for [`Style::Repr`].
pub fn to_text(x: f64, style: Style, precision: usize, flags: TextFlags) -> String {
    if !x.is_finite() {
        return special(x, flags.upper).to_owned();
    }
    if style == Style::Fixed
        && let Some(text) = fixed_fast(x, precision, flags)
    {
        return text;
    }
    let precision = if style == Style::General { precision.max(1) } else { precision };
    let (digits, point) = decimal_digits(x.abs(), style, precision);
    let mut negative = x.is_sign_negative();
    if flags.no_neg_0 && digits.iter().all(|d| *d == b'0') {
        negative = false;
    }
    layout(&digits, point, style, precision, flags, negative)
}

fn special(x: f64, upper: bool) -> &'static str {
    match (x.is_nan(), x < 0.0, upper) {
        (true, _, false) => "nan",
        (true, _, true) => "NAN",
        (_, false, false) => "inf",
        (_, false, true) => "INF",
        (_, true, false) => "-inf",
        (_, true, true) => "-INF",
    }
}

/// Significant digits without trailing zeros (at least one) and the position of the point: the value is
/// `0.DIGITS * 10**point`.
fn decimal_digits(x: f64, style: Style, precision: usize) -> (Vec<u8>, i64) {
    match style {
        Style::Repr => shortest_digits(x),
        Style::Exp => split_exp(&format!("{x:.*e}", precision.min(MAX_PLACES))),
        Style::General => split_exp(&format!("{x:.*e}", (precision - 1).min(MAX_PLACES))),
        Style::Fixed => split_fixed(&format!("{x:.*}", precision.min(MAX_PLACES))),
    }
}

/// `|x| * 10**places`, rounded, where that is below 10**12 and so clearly nearer to one integer that the error of the
/// multiplication (less than 0.0002) cannot matter.
pub(super) fn scaled(x: f64, places: usize) -> Option<u64> {
    if places > 15 {
        return None;
    }
    let y = x.abs() * TENS[places];
    let rounded = y.round();
    let clear = y < 1e12 && (y - rounded).abs() < 0.499;
    clear.then_some(rounded as u64)
}

/// Powers of ten, all exact.
pub(super) static TENS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// The common case of [`Style::Fixed`], by integer arithmetic.
fn fixed_fast(x: f64, precision: usize, flags: TextFlags) -> Option<String> {
    let n = scaled(x, precision)?;
    let minus = x.is_sign_negative() && !(flags.no_neg_0 && n == 0);
    let mut text = fixed_digits(n, precision, minus);
    if precision == 0 && flags.alternate {
        text.push('.');
    }
    Some(text)
}

/// `n / 10**places`, with that many places.
fn fixed_digits(mut n: u64, places: usize, minus: bool) -> String {
    let mut buffer = [0u8; 48];
    let mut at = buffer.len();
    let mut put = |b: u8| {
        at -= 1;
        buffer[at] = b;
    };
    for _ in 0..places {
        put(b'0' + (n % 10) as u8);
        n /= 10;
    }
    if places > 0 {
        put(b'.');
    }
    loop {
        put(b'0' + (n % 10) as u8);
        n /= 10;
        if n == 0 {
            break;
        }
    }
    if minus {
        put(b'-');
    }
    String::from_utf8_lossy(&buffer[at..]).into_owned()
}

/// The fewest digits that read back. Where two candidates are equally near, CPython takes the even one.
fn shortest_digits(x: f64) -> (Vec<u8>, i64) {
    let mut buffer = ryu::Buffer::new();
    let (digits, point) = split_ryu(buffer.format_finite(x));
    if may_tie(x, digits.len() as i64 - point) {
        let even = format!("{x:.*e}", digits.len() - 1);
        // below a power of two the floats lie closer, and the even one may read back as the next
        if even.parse() == Ok(x) {
            return split_exp(&even);
        }
    }
    (digits, point)
}

/// Takes apart what ryu writes: `123.0`, `0.00123` or `1.23e-7`.
fn split_ryu(text: &str) -> (Vec<u8>, i64) {
    let (mantissa, exp) = text.split_once('e').unwrap_or((text, "0"));
    let (digits, point) = split_fixed(mantissa);
    if digits == b"0" { (digits, point) } else { (digits, point + exp.parse().unwrap_or(0)) }
}

/// Takes `d.ddde-x` apart.
fn split_exp(text: &str) -> (Vec<u8>, i64) {
    let (mantissa, exp) = text.split_once('e').unwrap_or((text, "0"));
    let mut digits: Vec<u8> = mantissa.bytes().filter(|b| *b != b'.').collect();
    trim_zeros(&mut digits);
    let exp: i64 = exp.parse().unwrap_or(0);
    if digits == b"0" { (digits, 1) } else { (digits, exp + 1) }
}

/// Takes `ddd.ddd` apart.
fn split_fixed(text: &str) -> (Vec<u8>, i64) {
    let whole = text.find('.').unwrap_or(text.len()) as i64;
    let mut digits: Vec<u8> = text.bytes().filter(|b| *b != b'.').collect();
    let leading = digits.iter().take_while(|d| **d == b'0').count();
    if leading == digits.len() {
        return (b"0".to_vec(), 1);
    }
    digits.drain(..leading);
    trim_zeros(&mut digits);
    (digits, whole - leading as i64)
}

fn trim_zeros(digits: &mut Vec<u8>) {
    while digits.len() > 1 && digits.last() == Some(&b'0') {
        digits.pop();
    }
}

/// Puts sign, digits, point and exponent together by CPython's rules (`format_float_short`).
fn layout(digits: &[u8], point: i64, style: Style, precision: usize, flags: TextFlags, negative: bool) -> String {
    let prec = precision as i64;
    let use_exp = match style {
        Style::Exp => true,
        Style::Fixed => false,
        Style::General => point <= -4 || point > prec - i64::from(flags.add_dot_0),
        Style::Repr => point <= -4 || point > 16,
    };
    // How far digits go, counted from the first one.
    let wanted = match style {
        Style::Exp => prec + 1,
        Style::Fixed => point + prec,
        Style::General if flags.alternate => prec,
        _ => digits.len() as i64,
    };
    let shown_point = if use_exp { 1 } else { point };
    let end = wanted.max(if !use_exp && flags.add_dot_0 { shown_point + 1 } else { shown_point });

    let mut out = String::with_capacity(end.max(0) as usize + 8);
    if negative {
        out.push('-');
    }
    if shown_point <= 0 {
        out.push_str("0.");
        let gap = (-shown_point).min(end - shown_point).max(0);
        out.extend(std::iter::repeat_n('0', gap as usize));
        push_digits(&mut out, digits, 0, end.max(0));
    } else {
        push_digits(&mut out, digits, 0, shown_point);
        out.push('.');
        push_digits(&mut out, digits, shown_point, end);
    }
    if out.ends_with('.') && !flags.alternate {
        out.pop();
    }
    if use_exp {
        push_exponent(&mut out, point - 1, flags.upper);
    }
    out
}

/// Digits `from..to`, zeros past the last one.
fn push_digits(out: &mut String, digits: &[u8], from: i64, to: i64) {
    let have = digits.len() as i64;
    for d in digits.iter().take(to.clamp(0, have) as usize).skip(from.max(0) as usize) {
        out.push(*d as char);
    }
    let zeros = to - from.max(have);
    if zeros > 0 {
        out.extend(std::iter::repeat_n('0', zeros as usize));
    }
}

fn push_exponent(out: &mut String, exp: i64, upper: bool) {
    out.push(if upper { 'E' } else { 'e' });
    out.push(if exp < 0 { '-' } else { '+' });
    let magnitude = exp.unsigned_abs();
    if magnitude < 10 {
        out.push('0');
    }
    out.push_str(&magnitude.to_string());
}

/// `float(text)`: surrounding whitespace, underscores between digits, any script's digits, inf and nan.
pub fn parse(text: &str) -> PyResult<f64> {
    parse_quoted(text, || crate::text::repr::repr_str(text))
}

/// As [`parse`], with the quotation of the offending object given by the caller (for `float(b'..')`).
pub fn parse_quoted(text: &str, quote: impl FnOnce() -> String) -> PyResult<f64> {
    parse_opt(text).ok_or_else(|| value_error(format!("could not convert string to float: {}", quote())))
}

/// `float(text)` without the error text.
pub fn parse_opt(text: &str) -> Option<f64> {
    let plain = ascii_digits(text);
    if !plain.contains('_') {
        return parse_ascii(&plain);
    }
    // An underscore must stand between two digits.
    let bytes = plain.as_bytes();
    for (i, b) in bytes.iter().enumerate() {
        if *b == b'_' {
            let before = i > 0 && bytes[i - 1].is_ascii_digit();
            let after = bytes.get(i + 1).is_some_and(u8::is_ascii_digit);
            if !before || !after {
                return None;
            }
        }
    }
    parse_ascii(&plain.replace('_', ""))
}

/// Parses `[sign] (inf | infinity | nan | decimal [exponent])`, nothing around it.
fn parse_ascii(text: &str) -> Option<f64> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let negative = text.starts_with('-');
    let first = *unsigned.as_bytes().first()?;
    if first.is_ascii_digit() || first == b'.' {
        return text.parse().ok();
    }
    let magnitude = if unsigned.eq_ignore_ascii_case("inf") || unsigned.eq_ignore_ascii_case("infinity") {
        f64::INFINITY
    } else if unsigned.eq_ignore_ascii_case("nan") {
        f64::NAN
    } else {
        return None;
    };
    Some(if negative { -magnitude } else { magnitude })
}

/// Mantissa and exponent of a finite non-negative `x`: `x == mantissa * 2**exponent`, exactly.
pub fn decompose(x: f64) -> (u64, i32) {
    let bits = x.to_bits();
    let exp = ((bits >> 52) & 0x7ff) as i32;
    let fraction = bits & ((1 << 52) - 1);
    if exp == 0 { (fraction, -1074) } else { (fraction | 1 << 52, exp - 1075) }
}

/// `x.hex()`.
pub fn hex(x: f64) -> String {
    if !x.is_finite() {
        return special(x, false).to_owned();
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    let (mantissa, exp) = decompose(x.abs());
    if mantissa == 0 {
        return format!("{sign}0x0.0p+0");
    }
    let (lead, fraction) = (mantissa >> 52, mantissa & ((1 << 52) - 1));
    format!("{sign}0x{lead}.{fraction:013x}p{:+}", exp + 52)
}

/// `float.fromhex(text)`.
pub fn fromhex(text: &str) -> PyResult<f64> {
    let invalid = || value_error("invalid hexadecimal floating-point string");
    if !text.is_ascii() {
        return Err(invalid());
    }
    let text = text.trim_matches([' ', '\t', '\n', '\r', '\x0b', '\x0c']);
    let negative = text.starts_with('-');
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let magnitude = if body.eq_ignore_ascii_case("inf") || body.eq_ignore_ascii_case("infinity") {
        f64::INFINITY
    } else if body.eq_ignore_ascii_case("nan") {
        f64::NAN
    } else {
        hex_magnitude(body).ok_or_else(invalid)??
    };
    Ok(if negative { -magnitude } else { magnitude })
}

/// The unsigned part `[0x] digits [. digits] [p exponent]`; `None` when malformed.
fn hex_magnitude(body: &str) -> Option<Result<f64, PyErr>> {
    let body = body.strip_prefix("0x").or_else(|| body.strip_prefix("0X")).unwrap_or(body);
    let (mantissa, exp) = match body.find(['p', 'P']) {
        Some(at) => (&body[..at], hex_exponent(&body[at + 1..])?),
        None => (body, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.len() + fraction.len() == 0 || fraction.contains('.') {
        return None;
    }
    if !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let digits: Vec<u64> = whole.chars().chain(fraction.chars()).map(|c| u64::from(c.to_digit(16).unwrap_or(0))).skip_while(|d| *d == 0).collect();
    if digits.is_empty() {
        return Some(Ok(0.0));
    }
    // Keep 15 digits (at least 57 bits) and remember whether anything followed.
    let mut value = 0u64;
    for d in digits.iter().take(15) {
        value = value * 16 + d;
    }
    let rest = digits.len().saturating_sub(15);
    if digits.iter().skip(15).any(|d| *d != 0) {
        value |= 1;
    }
    let scale = exp.saturating_add(4 * (rest as i64 - fraction.len() as i64));
    let x = super::int::round_scaled(value, scale.clamp(-100_000, 100_000));
    if x.is_infinite() {
        return Some(Err(overflow_error("hexadecimal value too large to represent as a float")));
    }
    Some(Ok(x))
}

/// A decimal exponent with optional sign, saturated far outside the range of a double.
fn hex_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let magnitude = digits.parse::<i64>().unwrap_or(i64::MAX / 8).min(i64::MAX / 8);
    Some(if text.starts_with('-') { -magnitude } else { magnitude })
}
