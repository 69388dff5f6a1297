//! `%` formatting of str and bytes: a parser that yields pieces, and formatters for operands that the caller has
//! already fetched and converted.
//!
//! How to use it: call [`Pieces::next_piece`] until it gives `None`. For a [`Piece::Conversion`] fetch, in this
//! order, the mapping's value or the operands for `width` and `precision` where they are [`Amount::Operand`] (pass
//! them to [`Conversion::set_width`], [`Conversion::set_precision`]), then the operand itself; then switch on
//! `code`, convert, and call one of the formatters. The order matters for which error is seen first.
//!
//! Functions: [`Pieces`], [`format_int`], [`format_float`], [`format_text`], [`format_char`], and the error texts
//! [`not_enough`], [`not_all_str`], [`not_all_bytes`], [`needs_mapping`], [`star_wants_int`], [`unsupported`],
//! [`needs_integer`], [`needs_number`].

use super::wtf8;
use crate::num::err::{PyErr, PyResult, memory_error, overflow_error, type_error, value_error};
use crate::num::float::{self, Style, TextFlags};
use crate::num::int::{DEFAULT_MAX_BYTES, Int};

/// Part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text that stands for itself (with `%%` as one `%`).
    Literal(&'a [u8]),
    /// A conversion.
    Conversion(Conversion<'a>),
}

/// A width or precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// Not given.
    None,
    /// Given in the template.
    Fixed(usize),
    /// `*`: an operand of its own.
    Operand,
}

/// One conversion of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion<'a> {
    /// The key in parentheses.
    pub key: Option<&'a [u8]>,
    /// `-`
    pub left: bool,
    /// `+`
    pub plus: bool,
    /// A space.
    pub blank: bool,
    /// `#`
    pub alternate: bool,
    /// `0`
    pub zero: bool,
    /// Minimum width in characters.
    pub width: Amount,
    /// Precision.
    pub precision: Amount,
    /// The conversion's letter, a code point. Nothing is known about it yet.
    pub code: u32,
    /// Where the letter stands, in characters (bytes for a bytes template).
    pub at: usize,
}

/// The parser. `bytes` says that the template is a bytes object.
pub struct Pieces<'a> {
    template: &'a [u8],
    at: usize,
    bytes: bool,
}

impl<'a> Pieces<'a> {
    /// Begins to parse a str template (WTF-8), or a bytes template.
    pub fn new(template: &'a [u8], bytes: bool) -> Pieces<'a> {
        Pieces { template, at: 0, bytes }
    }

    /// The next piece, `None` at the end.
    pub fn next_piece(&mut self) -> PyResult<Option<Piece<'a>>> {
        let rest = &self.template[self.at..];
        if rest.is_empty() {
            return Ok(None);
        }
        let literal = memchr::memchr(b'%', rest).unwrap_or(rest.len());
        if literal > 0 {
            self.at += literal;
            return Ok(Some(Piece::Literal(&rest[..literal])));
        }
        self.at += 1;
        if rest.get(1) == Some(&b'%') {
            self.at += 1;
            return Ok(Some(Piece::Literal(&rest[1..2])));
        }
        self.conversion().map(|c| Some(Piece::Conversion(c)))
    }

    fn peek(&self) -> Option<u8> {
        self.template.get(self.at).copied()
    }

    fn conversion(&mut self) -> PyResult<Conversion<'a>> {
        let mut conv = Conversion {
            key: None,
            left: false,
            plus: false,
            blank: false,
            alternate: false,
            zero: false,
            width: Amount::None,
            precision: Amount::None,
            code: 0,
            at: 0,
        };
        if self.peek() == Some(b'(') {
            conv.key = Some(self.key()?);
        }
        while let Some(flag) = self.peek() {
            match flag {
                b'-' => conv.left = true,
                b'+' => conv.plus = true,
                b' ' => conv.blank = true,
                b'#' => conv.alternate = true,
                b'0' => conv.zero = true,
                _ => break,
            }
            self.at += 1;
        }
        conv.width = self.amount(isize::MAX as usize, "width too big")?;
        if self.peek() == Some(b'.') {
            self.at += 1;
            let too_big = if self.bytes { "prec too big" } else { "precision too big" };
            conv.precision = match self.amount(i32::MAX as usize, too_big)? {
                Amount::None => Amount::Fixed(0),
                amount => amount,
            };
        }
        // C's length modifiers mean nothing here; one is skipped.
        if matches!(self.peek(), Some(b'h' | b'l' | b'L')) {
            self.at += 1;
        }
        let rest = &self.template[self.at..];
        let first = if self.bytes { rest.first().map(|b| (u32::from(*b), 1)) } else { wtf8::first(rest) };
        let (code, n) = first.ok_or_else(|| value_error("incomplete format"))?;
        conv.code = code;
        conv.at = if self.bytes { self.at } else { wtf8::len(&self.template[..self.at]) };
        self.at += n;
        Ok(conv)
    }

    /// The key up to the matching parenthesis.
    fn key(&mut self) -> PyResult<&'a [u8]> {
        let start = self.at + 1;
        let mut depth = 0usize;
        while let Some(b) = self.peek() {
            match b {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(&self.template[start..self.at - 1]);
            }
        }
        Err(value_error("incomplete format key"))
    }

    /// Digits or a star.
    fn amount(&mut self, most: usize, too_big: &'static str) -> PyResult<Amount> {
        if self.peek() == Some(b'*') {
            self.at += 1;
            return Ok(Amount::Operand);
        }
        let mut value = None;
        while let Some(d @ b'0'..=b'9') = self.peek() {
            let next = value.unwrap_or(0usize).checked_mul(10).and_then(|v| v.checked_add(usize::from(d - b'0'))).filter(|v| *v <= most);
            value = Some(next.ok_or_else(|| value_error(too_big))?);
            self.at += 1;
        }
        Ok(value.map_or(Amount::None, Amount::Fixed))
    }
}

impl Conversion<'_> {
    /// Sets the width from its operand; a negative one also means `-`.
    pub fn set_width(&mut self, width: &Int) -> PyResult<()> {
        let width = width.to_i64().ok_or_else(|| overflow_error("Python int too large to convert to C ssize_t"))?;
        self.left |= width < 0;
        self.width = Amount::Fixed(width.unsigned_abs() as usize);
        Ok(())
    }

    /// Sets the precision from its operand; a negative one counts as 0.
    pub fn set_precision(&mut self, precision: &Int) -> PyResult<()> {
        let precision = precision.to_i64().and_then(|p| i32::try_from(p).ok()).ok_or_else(|| overflow_error("Python int too large to convert to C int"))?;
        self.precision = Amount::Fixed(precision.max(0) as usize);
        Ok(())
    }

    fn fixed(amount: Amount) -> Option<usize> {
        match amount {
            Amount::Fixed(n) => Some(n),
            Amount::None | Amount::Operand => None,
        }
    }

    fn width(&self) -> usize {
        Self::fixed(self.width).unwrap_or(0)
    }

    /// The precision, once operands are set.
    pub fn precision(&self) -> Option<usize> {
        Self::fixed(self.precision)
    }
    /// Neither flags nor width nor precision?
    pub fn is_bare(&self) -> bool {
        !(self.left | self.plus | self.blank | self.alternate | self.zero) && self.width == Amount::None && self.precision == Amount::None
    }

    /// The letter as a character; U+FFFD for a lone surrogate.
    pub fn letter(&self) -> char {
        char::from_u32(self.code).unwrap_or('\u{fffd}')
    }

    /// Refuses what could not be allocated.
    fn check(&self) -> PyResult<()> {
        let large = |a: Amount| Self::fixed(a).is_some_and(|n| n > DEFAULT_MAX_BYTES);
        if large(self.width) || large(self.precision) { Err(memory_error()) } else { Ok(()) }
    }

    /// Sign, prefix, digits, padded.
    fn assemble(&self, negative: bool, prefix: &str, digits: &str) -> Vec<u8> {
        let sign = match (negative, self.plus, self.blank) {
            (true, ..) => "-",
            (_, true, _) => "+",
            (_, _, true) => " ",
            _ => "",
        };
        let total = sign.len() + prefix.len() + digits.len();
        let padding = self.width().saturating_sub(total);
        let (spaces, zeros, after) = match (self.left, self.zero) {
            (true, _) => (0, 0, padding),
            (false, true) => (0, padding, 0),
            (false, false) => (padding, 0, 0),
        };
        let mut out = Vec::with_capacity(total + padding);
        out.resize(spaces, b' ');
        out.extend_from_slice(sign.as_bytes());
        out.extend_from_slice(prefix.as_bytes());
        out.resize(out.len() + zeros, b'0');
        out.extend_from_slice(digits.as_bytes());
        out.resize(out.len() + after, b' ');
        out
    }
}

/// `%d %i %u %o %x %X` of an int; `max_digits` is the limit of `sys.set_int_max_str_digits` (0: none).
pub fn format_int(conv: &Conversion<'_>, x: &Int, max_digits: usize) -> PyResult<Vec<u8>> {
    conv.check()?;
    let (mut text, prefix) = match conv.letter() {
        'o' => (x.to_radix(8), "0o"),
        'x' => (x.to_radix(16), "0x"),
        'X' => (x.to_radix(16).to_uppercase(), "0X"),
        _ => (x.to_decimal(max_digits)?, ""),
    };
    if x.is_negative() {
        text.remove(0);
    }
    let zeros = conv.precision().unwrap_or(0).saturating_sub(text.len());
    if zeros > 0 {
        text.insert_str(0, &"0".repeat(zeros));
    }
    Ok(conv.assemble(x.is_negative(), if conv.alternate { prefix } else { "" }, &text))
}

/// `%e %E %f %F %g %G` of a float.
pub fn format_float(conv: &Conversion<'_>, x: f64) -> PyResult<Vec<u8>> {
    conv.check()?;
    let letter = conv.letter();
    let style = match letter.to_ascii_lowercase() {
        'e' => Style::Exp,
        'f' => Style::Fixed,
        _ => Style::General,
    };
    let flags = TextFlags { upper: letter.is_ascii_uppercase(), alternate: conv.alternate, ..TextFlags::default() };
    let text = float::to_text(x, style, conv.precision().unwrap_or(6), flags);
    let digits = text.trim_start_matches('-');
    Ok(conv.assemble(digits.len() < text.len(), "", digits))
}

/// `%s %r %a` of a str's WTF-8 (already `str()`, `repr()` or `ascii()` of the operand).
pub fn format_text(conv: &Conversion<'_>, text: &[u8]) -> PyResult<Vec<u8>> {
    conv.check()?;
    let (text, chars) = match conv.precision() {
        Some(most) => wtf8::prefix(text, most),
        None if conv.width() == 0 => return Ok(text.to_vec()),
        None => (text, wtf8::len(text)),
    };
    Ok(pad(conv, text, chars))
}

/// `%s %b %r %a` in a bytes template, from the operand's bytes.
pub fn format_bytes(conv: &Conversion<'_>, bytes: &[u8]) -> PyResult<Vec<u8>> {
    conv.check()?;
    let text = &bytes[..conv.precision().unwrap_or(usize::MAX).min(bytes.len())];
    Ok(pad(conv, text, text.len()))
}

fn pad(conv: &Conversion<'_>, text: &[u8], chars: usize) -> Vec<u8> {
    let padding = conv.width().saturating_sub(chars);
    let before = if conv.left { 0 } else { padding };
    let mut out = vec![b' '; before];
    out.extend_from_slice(text);
    out.resize(out.len() + padding - before, b' ');
    out
}

/// `%c` of an int operand in a str template. For a one-character str use [`format_text`] without precision.
pub fn format_char(conv: &Conversion<'_>, code: &Int) -> PyResult<Vec<u8>> {
    conv.check()?;
    let code = code.to_i64().filter(|c| (0..0x11_0000).contains(c)).ok_or_else(|| overflow_error("%c arg not in range(0x110000)"))?;
    let mut text = Vec::new();
    wtf8::push(&mut text, code as u32);
    Ok(pad(conv, &text, 1))
}

/// `%c` of an int operand in a bytes template.
pub fn format_byte(conv: &Conversion<'_>, code: &Int) -> PyResult<Vec<u8>> {
    conv.check()?;
    let code = code.to_i64().and_then(|c| u8::try_from(c).ok()).ok_or_else(|| overflow_error("%c arg not in range(256)"))?;
    Ok(pad(conv, &[code], 1))
}

/// There is no operand left.
pub fn not_enough() -> PyErr {
    type_error("not enough arguments for format string")
}

/// Operands of a str template are left over.
pub fn not_all_str() -> PyErr {
    type_error("not all arguments converted during string formatting")
}

/// Operands of a bytes template are left over.
pub fn not_all_bytes() -> PyErr {
    type_error("not all arguments converted during bytes formatting")
}

/// A key was given, the right operand is no mapping.
pub fn needs_mapping() -> PyErr {
    type_error("format requires a mapping")
}

/// The operand for `*` is no int.
pub fn star_wants_int() -> PyErr {
    type_error("* wants int")
}

/// No such conversion letter.
pub fn unsupported(conv: &Conversion<'_>) -> PyErr {
    let shown = if (31..127).contains(&conv.code) { conv.letter() } else { '?' };
    value_error(format!("unsupported format character '{shown}' (0x{:x}) at index {}", conv.code, conv.at))
}

/// `%x` or `%o` of something that is no int.
pub fn needs_integer(conv: &Conversion<'_>, type_name: &str) -> PyErr {
    type_error(format!("%{} format: an integer is required, not {type_name}", conv.letter()))
}

/// `%d` of something that is no number.
pub fn needs_number(conv: &Conversion<'_>, type_name: &str) -> PyErr {
    type_error(format!("%{} format: a real number is required, not {type_name}", conv.letter()))
}
