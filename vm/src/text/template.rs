//! Templates of `str.format`: a parser for literal text and replacement fields, and for field names.
//!
//! How to use it: call [`Pieces::next_piece`] until it gives `None`. For a [`Field`], resolve `name` with
//! [`parse_name`] and [`AutoNumber`], apply the steps of the path one by one ([`Path::next_step`]), convert by
//! `conversion`, and format with `spec`, which is itself a template when `nested` (allowed to the depth of 2:
//! [`recursion_error`]).
//!
//! Functions: [`Pieces`], [`parse_name`], [`AutoNumber`], [`Path`], [`unknown_conversion`], [`recursion_error`],
//! [`index_error_for`], [`has_positional`].

use super::unicode::decimal_digit;
use super::wtf8;
use crate::num::err::{PyErr, PyResult, index_error, value_error};

/// Part of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Text that stands for itself.
    Literal(&'a [u8]),
    /// A replacement field.
    Field(Field<'a>),
}

/// A replacement field `{name!conversion:spec}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// The name with its path.
    pub name: &'a [u8],
    /// The code point after `!`, if any.
    pub conversion: Option<u32>,
    /// The format specification; empty when there is none.
    pub spec: &'a [u8],
    /// Whether the specification contains fields itself.
    pub nested: bool,
    /// Whether there was a `:` or `!` (for `string.Formatter`).
    pub has_spec: bool,
}

/// The parser.
pub struct Pieces<'a> {
    text: &'a [u8],
    at: usize,
    pending: bool,
}

impl<'a> Pieces<'a> {
    /// Begins to parse a template (WTF-8).
    pub fn new(text: &'a [u8]) -> Pieces<'a> {
        Pieces { text, at: 0, pending: false }
    }

    /// The next piece, `None` at the end. An escaped brace ends a literal, so literals may follow each other.
    pub fn next_piece(&mut self) -> PyResult<Option<Piece<'a>>> {
        if self.pending {
            self.pending = false;
            return self.field().map(|f| Some(Piece::Field(f)));
        }
        let rest = &self.text[self.at..];
        if rest.is_empty() {
            return Ok(None);
        }
        let Some(brace) = memchr::memchr2(b'{', b'}', rest) else {
            self.at = self.text.len();
            return Ok(Some(Piece::Literal(rest)));
        };
        let next = rest.get(brace + 1);
        if next == Some(&rest[brace]) {
            self.at += brace + 2;
            return Ok(Some(Piece::Literal(&rest[..=brace])));
        }
        if rest[brace] == b'}' {
            return Err(value_error("Single '}' encountered in format string"));
        }
        if next.is_none() {
            return Err(value_error("Single '{' encountered in format string"));
        }
        self.at += brace + 1;
        if brace == 0 {
            return self.field().map(|f| Some(Piece::Field(f)));
        }
        self.pending = true;
        Ok(Some(Piece::Literal(&rest[..brace])))
    }

    fn take(&mut self) -> Option<u8> {
        let b = self.text.get(self.at).copied()?;
        self.at += 1;
        Some(b)
    }

    /// Everything after `{` up to the matching `}`.
    fn field(&mut self) -> PyResult<Field<'a>> {
        let start = self.at;
        let end = loop {
            match self.take() {
                None => return Err(value_error("expected '}' before end of string")),
                Some(b'{') => return Err(value_error("unexpected '{' in field name")),
                Some(b'[') => {
                    let rest = &self.text[self.at..];
                    self.at += memchr::memchr(b']', rest).unwrap_or(rest.len());
                }
                Some(b @ (b'}' | b':' | b'!')) => break b,
                Some(_) => {}
            }
        };
        let name = &self.text[start..self.at - 1];
        let mut field = Field { name, conversion: None, spec: b"", nested: false, has_spec: end != b'}' };
        if end == b'}' {
            return Ok(field);
        }
        if end == b'!' {
            let (c, n) = wtf8::first(&self.text[self.at..]).ok_or_else(|| value_error("end of string while looking for conversion specifier"))?;
            field.conversion = Some(c);
            self.at += n;
            match self.take() {
                Some(b'}') => return Ok(field),
                None | Some(b':') => {}
                Some(_) => return Err(value_error("expected ':' after conversion specifier")),
            }
        }
        self.spec(&mut field)?;
        Ok(field)
    }

    /// The specification up to the matching `}`.
    fn spec(&mut self, field: &mut Field<'a>) -> PyResult<()> {
        let start = self.at;
        let mut depth = 1;
        loop {
            match self.take() {
                None => return Err(value_error("unmatched '{' in format spec")),
                Some(b'{') => {
                    field.nested = true;
                    depth += 1;
                }
                Some(b'}') => depth -= 1,
                Some(_) => {}
            }
            if depth == 0 {
                field.spec = &self.text[start..self.at - 1];
                return Ok(());
            }
        }
    }
}

/// What a field's name begins with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Root<'a> {
    /// No name: the next positional argument.
    Auto,
    /// A positional argument.
    Index(usize),
    /// A keyword argument.
    Key(&'a [u8]),
}

/// A step from a value into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// `.name`
    Attribute(&'a [u8]),
    /// `[5]`
    Index(usize),
    /// `[text]`
    Key(&'a [u8]),
}

/// Takes a field's name apart into its root and the path that follows.
pub fn parse_name(name: &[u8]) -> PyResult<(Root<'_>, Path<'_>)> {
    let end = memchr::memchr2(b'.', b'[', name).unwrap_or(name.len());
    let (first, rest) = name.split_at(end);
    let root = match whole_number(first)? {
        _ if first.is_empty() => Root::Auto,
        Some(i) => Root::Index(i),
        None => Root::Key(first),
    };
    Ok((root, Path { rest }))
}

/// The attributes and indexes of a field's name.
#[derive(Clone, Debug)]
pub struct Path<'a> {
    rest: &'a [u8],
}

impl<'a> Path<'a> {
    /// The next step, `None` at the end.
    pub fn next_step(&mut self) -> PyResult<Option<Step<'a>>> {
        let empty = || value_error("Empty attribute in format string");
        match self.rest.split_first() {
            None => Ok(None),
            Some((b'.', rest)) => {
                let end = memchr::memchr2(b'.', b'[', rest).unwrap_or(rest.len());
                let (name, rest) = rest.split_at(end);
                self.rest = rest;
                if name.is_empty() { Err(empty()) } else { Ok(Some(Step::Attribute(name))) }
            }
            Some((b'[', rest)) => {
                let end = memchr::memchr(b']', rest).ok_or_else(|| value_error("Missing ']' in format string"))?;
                self.rest = &rest[end + 1..];
                let key = &rest[..end];
                if key.is_empty() {
                    return Err(empty());
                }
                Ok(Some(whole_number(key)?.map_or(Step::Key(key), Step::Index)))
            }
            Some(_) => Err(value_error("Only '.' or '[' may follow ']' in format field specifier")),
        }
    }
}

/// Decimal digits of any script and nothing else.
fn whole_number(text: &[u8]) -> PyResult<Option<usize>> {
    let mut value = 0usize;
    for c in wtf8::code_points(text) {
        let Some(d) = decimal_digit(c) else {
            return Ok(None);
        };
        value = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(usize::from(d)))
            .filter(|v| *v <= isize::MAX as usize)
            .ok_or_else(|| value_error("Too many decimal digits in format string"))?;
    }
    Ok((!text.is_empty()).then_some(value))
}

/// Numbers empty fields, and refuses to mix them with numbered ones. One for a whole template with its nested
/// specifications.
#[derive(Clone, Debug, Default)]
pub struct AutoNumber {
    manual: Option<bool>,
    next: usize,
}

impl AutoNumber {
    /// The positional index of a root, `None` for a key.
    pub fn resolve(&mut self, root: &Root<'_>) -> PyResult<Option<usize>> {
        let manual = match root {
            Root::Key(_) => return Ok(None),
            Root::Auto => false,
            Root::Index(_) => true,
        };
        if *self.manual.get_or_insert(manual) != manual {
            return Err(value_error(if manual {
                "cannot switch from automatic field numbering to manual field specification"
            } else {
                "cannot switch from manual field specification to automatic field numbering"
            }));
        }
        if let Root::Index(i) = root {
            return Ok(Some(*i));
        }
        self.next += 1;
        Ok(Some(self.next - 1))
    }
}

/// A conversion other than `r`, `s` and `a`.
pub fn unknown_conversion(c: u32) -> PyErr {
    match char::from_u32(c) {
        Some(ch) if (33..127).contains(&c) => value_error(format!("Unknown conversion specifier {ch}")),
        _ => value_error(format!("Unknown conversion specifier \\x{c:x}")),
    }
}

/// Specifications nested deeper than 2.
pub fn recursion_error() -> PyErr {
    value_error("Max string recursion exceeded")
}

/// A positional argument that is not there.
pub fn index_error_for(index: usize) -> PyErr {
    index_error(format!("Replacement index {index} out of range for positional args tuple"))
}

/// `str.format_map` met a positional field.
pub fn has_positional() -> PyErr {
    value_error("Format string contains positional fields")
}
