//! The text of string and bytes literals: escapes, newlines, surrogates.

use gilbert_lexer::{Span, Warning, WarningKind};

use crate::ast::StrLit;

/// A string under construction: UTF-8, save for lone surrogates.
#[derive(Default)]
pub(crate) struct Text {
    bytes: Vec<u8>,
    has_surrogate: bool,
}

/// What is wrong with an escape.
pub(crate) struct EscapeError {
    /// The message in parentheses included.
    pub msg: String,
}

impl Text {
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub fn append(&mut self, other: &Text) {
        self.bytes.extend_from_slice(&other.bytes);
        self.has_surrogate |= other.has_surrogate;
    }

    pub fn push_str(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn push_char(&mut self, c: char) {
        self.push_str(c.encode_utf8(&mut [0; 4]));
    }

    /// Adds a code point up to 0x10FFFF; surrogates take three bytes.
    fn push_code(&mut self, code: u32) {
        match char::from_u32(code) {
            Some(c) => self.push_char(c),
            None => {
                self.has_surrogate = true;
                let low = |shift: u32| 0x80 | (code >> shift & 0x3F) as u8;
                self.bytes.extend_from_slice(&[0xE0 | (code >> 12) as u8, low(6), low(0)]);
            }
        }
    }

    pub fn finish(self) -> StrLit {
        if self.has_surrogate {
            return StrLit::Wtf8(self.bytes.into());
        }
        match String::from_utf8(self.bytes) {
            Ok(text) => StrLit::Utf8(text.into()),
            Err(error) => StrLit::Wtf8(error.into_bytes().into()),
        }
    }
}

/// Reads the body of one literal.
pub(crate) struct Decoder<'a> {
    pub body: &'a str,
    /// Byte offset of the body in the source.
    pub at: u32,
    pub raw: bool,
    /// Part of an f-string: doubled braces stand for one.
    pub braces: bool,
    pub warnings: &'a mut Vec<Warning>,
    /// An escape of this literal has been complained of.
    pub warned: bool,
}

type Decode<T> = Result<T, EscapeError>;

impl Decoder<'_> {
    /// Whether the body stands for itself.
    pub fn is_plain(body: &str, raw: bool, braces: bool) -> bool {
        !body.bytes().any(|b| b == b'\r' || (b == b'\\' && !raw) || (braces && (b == b'{' || b == b'}')))
    }

    pub fn text(&mut self) -> Decode<Text> {
        let mut out = Text::default();
        let body = self.body;
        let bytes = body.as_bytes();
        let (mut pos, mut run) = (0, 0);
        while pos < bytes.len() {
            let next = bytes.get(pos + 1).copied().unwrap_or(0);
            match bytes[pos] {
                b'\\' if !self.raw => {
                    out.push_str(&body[run..pos]);
                    pos = self.escape(&mut out, pos)?;
                    run = pos;
                }
                b'\r' => {
                    out.push_str(&body[run..pos]);
                    out.push_char('\n');
                    pos += if next == b'\n' { 2 } else { 1 };
                    run = pos;
                }
                b @ (b'{' | b'}') if self.braces && next == b => {
                    out.push_str(&body[run..=pos]);
                    pos += 2;
                    run = pos;
                }
                _ => pos += 1,
            }
        }
        out.push_str(&body[run..]);
        Ok(out)
    }

    /// The escape at `pos`; returns the offset behind it.
    fn escape(&mut self, out: &mut Text, pos: usize) -> Decode<usize> {
        let Some(c) = self.body[pos + 1..].chars().next() else {
            out.push_char('\\');
            return Ok(pos + 1);
        };
        let after = pos + 1 + c.len_utf8();
        match c {
            '\n' => {}
            '\r' => return Ok(after + usize::from(self.body[after..].starts_with('\n'))),
            '0'..='7' => {
                let (code, end) = self.octal(pos);
                out.push_code(code);
                return Ok(end);
            }
            'x' => return self.hex(out, pos, 2, "\\xXX"),
            'u' => return self.hex(out, pos, 4, "\\uXXXX"),
            'U' => return self.hex(out, pos, 8, "\\UXXXXXXXX"),
            'N' => return self.named(out, pos),
            _ => match simple_escape(c) {
                Some(byte) => out.push_char(byte as char),
                None => {
                    self.warn_escape(pos, c);
                    out.push_char('\\');
                    return Ok(pos + 1 + usize::from(self.take_after_backslash(out, c)));
                }
            },
        }
        Ok(after)
    }

    /// Keeps an ASCII character behind an unknown escape's backslash; braces of f-strings are looked at again.
    fn take_after_backslash(&self, out: &mut Text, c: char) -> bool {
        let take = c.is_ascii() && !(self.braces && (c == '{' || c == '}'));
        if take {
            out.push_char(c);
        }
        take
    }

    fn warn_escape(&mut self, pos: usize, c: char) {
        // one of each literal, as in CPython
        if c.is_ascii() && !self.warned {
            self.warned = true;
            self.warn(pos, 2, format!("invalid escape sequence '\\{c}'"));
        }
    }

    fn warn(&mut self, pos: usize, len: usize, msg: String) {
        let start = self.at + pos as u32;
        self.warnings.push(Warning { kind: WarningKind::Syntax, msg, span: Span::new(start, start + len as u32) });
    }

    /// Up to three octal digits behind the backslash at `pos`.
    fn octal(&mut self, pos: usize) -> (u32, usize) {
        let digits = self.body.as_bytes()[pos + 1..].iter().take(3);
        let digits = digits.take_while(|b| (b'0'..=b'7').contains(*b));
        let (code, count) = digits.fold((0, 0), |(code, count), b| (code * 8 + u32::from(b - b'0'), count + 1));
        if code > 0o377 {
            self.warn(pos, 4, format!("invalid octal escape sequence '\\{code:o}'"));
        }
        (code, pos + 1 + count)
    }

    fn hex_digits(&self, pos: usize, max: usize) -> (u32, usize) {
        let digits = self.body.as_bytes()[pos..].iter().take(max);
        let digits = digits.map_while(|&b| char::from(b).to_digit(16));
        digits.fold((0, 0), |(code, count), digit| (code << 4 | digit, count + 1))
    }

    fn hex(&mut self, out: &mut Text, pos: usize, width: usize, form: &str) -> Decode<usize> {
        let (code, count) = self.hex_digits(pos + 2, width);
        if count < width {
            return Err(self.unicode_error(pos, 2 + count, &format!("truncated {form} escape")));
        }
        if code > 0x10FFFF {
            return Err(self.unicode_error(pos, 2 + count, "illegal Unicode character"));
        }
        out.push_code(code);
        Ok(pos + 2 + count)
    }

    fn named(&mut self, out: &mut Text, pos: usize) -> Decode<usize> {
        let rest = &self.body[pos + 2..];
        let Some(inner) = rest.strip_prefix('{') else {
            return Err(self.unicode_error(pos, 2, "malformed \\N character escape"));
        };
        let Some(len) = inner.find('}') else {
            return Err(self.unicode_error(pos, 2 + rest.len(), "malformed \\N character escape"));
        };
        if len == 0 {
            return Err(self.unicode_error(pos, 3, "malformed \\N character escape"));
        }
        match named_character(&inner[..len]) {
            Some(c) => out.push_char(c),
            None => return Err(self.unicode_error(pos, len + 4, "unknown Unicode character name")),
        }
        Ok(pos + len + 4)
    }

    /// CPython counts positions in a copy where every character beyond ASCII is written as ten bytes.
    fn unicode_error(&self, pos: usize, len: usize, reason: &str) -> EscapeError {
        let width = |text: &str| text.chars().map(|c| if c.is_ascii() { 1 } else { 10 }).sum::<usize>();
        let start = width(&self.body[..pos]);
        let end = start + width(&self.body[pos..pos + len]) - 1;
        EscapeError { msg: format!("(unicode error) 'unicodeescape' codec can't decode bytes in position {start}-{end}: {reason}") }
    }

    /// The body of a bytes literal, known to be ASCII.
    pub fn bytes(&mut self) -> Decode<Vec<u8>> {
        let bytes = self.body.as_bytes();
        let mut out = Vec::with_capacity(bytes.len());
        let mut pos = 0;
        while pos < bytes.len() {
            let next = bytes.get(pos + 1).copied().unwrap_or(0);
            match bytes[pos] {
                b'\\' if !self.raw => pos = self.bytes_escape(&mut out, pos)?,
                b'\r' => {
                    out.push(b'\n');
                    pos += if next == b'\n' { 2 } else { 1 };
                }
                b => {
                    out.push(b);
                    pos += 1;
                }
            }
        }
        Ok(out)
    }

    fn bytes_escape(&mut self, out: &mut Vec<u8>, pos: usize) -> Decode<usize> {
        let bytes = self.body.as_bytes();
        let Some(&c) = bytes.get(pos + 1) else {
            out.push(b'\\');
            return Ok(pos + 1);
        };
        match c {
            b'\n' => {}
            b'\r' => return Ok(pos + 2 + usize::from(bytes.get(pos + 2) == Some(&b'\n'))),
            b'0'..=b'7' => {
                let (code, end) = self.octal(pos);
                out.push(code as u8);
                return Ok(end);
            }
            b'x' => {
                let (code, count) = self.hex_digits(pos + 2, 2);
                if count < 2 {
                    let msg = format!("(value error) invalid \\x escape at position {pos}");
                    return Err(EscapeError { msg });
                }
                out.push(code as u8);
                return Ok(pos + 4);
            }
            _ => match simple_escape(c as char) {
                Some(byte) => out.push(byte),
                None => {
                    self.warn_escape(pos, c as char);
                    out.extend_from_slice(&[b'\\', c]);
                }
            },
        }
        Ok(pos + 2)
    }
}

/// Escapes of one character for one byte.
fn simple_escape(c: char) -> Option<u8> {
    Some(match c {
        '\\' | '\'' | '"' => c as u8,
        'a' => 7,
        'b' => 8,
        't' => b'\t',
        'n' => b'\n',
        'v' => 11,
        'f' => 12,
        'r' => b'\r',
        _ => return None,
    })
}

/// The character of a Unicode name or alias, in any case, as `\N{..}` takes it. The library matches loosely (UAX #44); Python minds
/// spaces and hyphens.
fn named_character(name: &str) -> Option<char> {
    let bytes = name.as_bytes();
    let allowed = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b' ' | b'-');
    if !bytes.first()?.is_ascii_alphanumeric() || !bytes.iter().all(allowed) {
        return None;
    }
    let found = unicode_names2::character(name)?;
    let own = unicode_names2::name(found).map(|name| name.to_string()).unwrap_or_default();
    let loose = |text: &str| -> String {
        let kept = text.chars().filter(|c| c.is_ascii_alphanumeric());
        kept.map(|c| c.to_ascii_uppercase()).collect()
    };
    let by_own_name = loose(&own) == loose(name);
    (!by_own_name || own.eq_ignore_ascii_case(name)).then_some(found)
}
