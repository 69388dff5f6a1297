//! The format mini-language: `[[fill]align][sign][z][#][0][width][grouping][.precision][type]`.
//!
//! Functions:
//! - [`Spec::parse`]: a specification's text to [`Spec`], with CPython's errors (`formatter_unicode.c`)
//! - [`unknown_code`]: the error for a type letter that an object does not know
//! - [`Spec::pad`]: puts fill around a finished text
//!
//! What numbers and strings make of a `Spec` is in `format_num.rs`.

use super::err::{PyErr, PyResult, memory_error, value_error};
use super::int::DEFAULT_MAX_BYTES;
use crate::text::wtf8;

/// A parsed specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spec {
    /// The fill character, a code point.
    pub fill: u32,
    /// One of `<`, `>`, `^`, `=`.
    pub align: u8,
    /// `+`, `-` or a space, if given.
    pub sign: Option<u8>,
    /// `z`: negative zero becomes zero.
    pub no_neg_0: bool,
    /// `#`.
    pub alternate: bool,
    /// Minimum width in characters.
    pub width: Option<usize>,
    /// The separator of thousands.
    pub grouping: Grouping,
    /// Digits after the point, or the most characters of a string.
    pub precision: Option<usize>,
    /// The type letter (a code point); the default where none was given, 0 where there is no default.
    pub ty: u32,
}

/// The separator of thousands, and how many digits stand between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grouping {
    /// None.
    No,
    /// `,` every three digits.
    Comma,
    /// `_` every three digits.
    Underscore,
    /// `_` every four digits (b, o, x, X).
    UnderscoreFour,
}

impl Grouping {
    /// Separator and distance.
    pub fn parts(self) -> Option<(u8, usize)> {
        match self {
            Grouping::No => None,
            Grouping::Comma => Some((b',', 3)),
            Grouping::Underscore => Some((b'_', 3)),
            Grouping::UnderscoreFour => Some((b'_', 4)),
        }
    }
}

/// A type letter as the error texts show it.
fn shown(ty: u32) -> String {
    match char::from_u32(ty) {
        Some(c) if (33..128).contains(&ty) => c.to_string(),
        _ => format!("\\x{ty:x}"),
    }
}

/// "Unknown format code 'q' for object of type 'int'".
pub fn unknown_code(ty: u32, type_name: &str) -> PyErr {
    value_error(format!("Unknown format code '{}' for object of type '{type_name}'", shown(ty)))
}

/// A cursor over the code points of a specification.
struct Cursor<'a> {
    chars: &'a [u32],
    at: usize,
}

impl Cursor<'_> {
    fn peek(&self) -> Option<u32> {
        self.chars.get(self.at).copied()
    }

    fn take(&mut self, c: char) -> bool {
        let hit = self.peek() == Some(c as u32);
        self.at += usize::from(hit);
        hit
    }

    fn take_align(&mut self, offset: usize) -> Option<u8> {
        let c = *self.chars.get(self.at + offset)?;
        let align = u8::try_from(c).ok().filter(|b| b"<>=^".contains(b))?;
        self.at += offset + 1;
        Some(align)
    }

    /// A run of decimal digits, `None` if there is none.
    fn number(&mut self) -> PyResult<Option<usize>> {
        let start = self.at;
        let mut value = 0usize;
        while let Some(d) = self.peek().and_then(crate::text::unicode::decimal_digit) {
            value = value
                .checked_mul(10)
                .and_then(|v| v.checked_add(usize::from(d)))
                .filter(|v| *v <= isize::MAX as usize)
                .ok_or_else(|| value_error("Too many decimal digits in format string"))?;
            self.at += 1;
        }
        Ok((self.at > start).then_some(value))
    }
}

impl Spec {
    /// Parses `text` (WTF-8) for an object whose type is called `type_name`; `default_ty` is the type letter to
    /// assume (0 for none) and `default_align` is `<` or `>`.
    pub fn parse(text: &[u8], default_ty: u8, default_align: u8, type_name: &str) -> PyResult<Spec> {
        let chars: Vec<u32> = wtf8::code_points(text).collect();
        let mut cur = Cursor { chars: &chars, at: 0 };
        let mut spec = Spec {
            fill: ' ' as u32,
            align: default_align,
            sign: None,
            no_neg_0: false,
            alternate: false,
            width: None,
            grouping: Grouping::No,
            precision: None,
            ty: u32::from(default_ty),
        };
        let first = cur.peek();
        let (mut fill_given, mut align_given) = (false, false);
        if let Some(align) = cur.take_align(1) {
            spec.align = align;
            spec.fill = first.unwrap_or(' ' as u32);
            (fill_given, align_given) = (true, true);
        } else if let Some(align) = cur.take_align(0) {
            spec.align = align;
            align_given = true;
        }
        if let Some(sign) = cur.peek().and_then(|c| u8::try_from(c).ok()).filter(|b| b"+- ".contains(b)) {
            spec.sign = Some(sign);
            cur.at += 1;
        }
        spec.no_neg_0 = cur.take('z');
        spec.alternate = cur.take('#');
        if !fill_given && cur.take('0') {
            spec.fill = '0' as u32;
            if !align_given && default_align == b'>' {
                spec.align = b'=';
            }
        }
        spec.width = cur.number()?;
        spec.grouping = take_grouping(&mut cur)?;
        if cur.take('.') {
            spec.precision = Some(cur.number()?.ok_or_else(|| value_error("Format specifier missing precision"))?);
        }
        match chars.len() - cur.at {
            0 => {}
            1 => spec.ty = chars[cur.at],
            _ => {
                return Err(value_error(format!("Invalid format specifier '{}' for object of type '{type_name}'", String::from_utf8_lossy(text))));
            }
        }
        spec.check_grouping()?;
        spec.check_width()?;
        Ok(spec)
    }

    /// Grouping is allowed only with some type letters, and decides their distance.
    fn check_grouping(&mut self) -> PyResult<()> {
        let Some((separator, _)) = self.grouping.parts() else {
            return Ok(());
        };
        let ty = char::from_u32(self.ty).unwrap_or('\u{fffd}');
        match ty {
            'd' | 'e' | 'f' | 'g' | 'E' | 'G' | '%' | 'F' | '\0' => Ok(()),
            'b' | 'o' | 'x' | 'X' if self.grouping == Grouping::Underscore => {
                self.grouping = Grouping::UnderscoreFour;
                Ok(())
            }
            _ => Err(value_error(format!("Cannot specify '{}' with '{}'.", separator as char, shown(self.ty)))),
        }
    }

    /// Refuses a width that could not be allocated.
    fn check_width(&self) -> PyResult<()> {
        let fill_len = 4;
        match self.width {
            Some(w) if w > DEFAULT_MAX_BYTES / fill_len => Err(memory_error()),
            _ => Ok(()),
        }
    }

    /// Puts fill around `text` of `chars` characters, by alignment (`=` counts as `>`).
    pub fn pad(&self, text: &[u8], chars: usize) -> Vec<u8> {
        let total = self.width.unwrap_or(0).saturating_sub(chars);
        let left = match self.align {
            b'<' => 0,
            b'^' => total / 2,
            _ => total,
        };
        let mut out = Vec::with_capacity(text.len() + total);
        push_fill(&mut out, self.fill, left);
        out.extend_from_slice(text);
        push_fill(&mut out, self.fill, total - left);
        out
    }
}

fn take_grouping(cur: &mut Cursor<'_>) -> PyResult<Grouping> {
    let both = || value_error("Cannot specify both ',' and '_'.");
    let comma = cur.take(',');
    let underscore = cur.take('_');
    match (comma, underscore) {
        (true, true) => Err(both()),
        (false, true) if cur.peek() == Some(',' as u32) => Err(both()),
        (true, false) => Ok(Grouping::Comma),
        (false, true) => Ok(Grouping::Underscore),
        (false, false) => Ok(Grouping::No),
    }
}

/// Appends `n` times the code point `fill`.
pub(crate) fn push_fill(out: &mut Vec<u8>, fill: u32, n: usize) {
    if fill < 0x80 {
        out.resize(out.len() + n, fill as u8);
        return;
    }
    for _ in 0..n {
        wtf8::push(out, fill);
    }
}
