//! Strings of JSON text: from after the opening quote to behind the closing one.

use super::scan::fail;
use gilbert_vm::error::PyResult;
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// What a string contains: a piece of the text, or text with its escapes resolved (WTF-8).
pub enum Content<'a> {
    /// Stands in the text as it is.
    Piece(&'a [u8]),
    /// Made of several pieces.
    Own(Vec<u8>),
}

/// What is wrong, and at which byte.
type Fault = (&'static str, usize);

/// Finds the end of the string whose content begins at byte `start`: content and the byte behind the closing quote.
pub fn find(text: &[u8], start: usize, strict: bool) -> Result<(Content<'_>, usize), Fault> {
    let unterminated = ("Unterminated string starting at", start.wrapping_sub(1));
    let mut own: Option<Vec<u8>> = None;
    let mut at = start;
    loop {
        let stop = text[at..].iter().position(|b| *b == b'"' || *b == b'\\' || (strict && *b < 0x20));
        let Some(next) = stop.map(|n| at + n) else { return Err(unterminated) };
        let piece = &text[at..next];
        match text[next] {
            b'"' => {
                let content = match own {
                    None => Content::Piece(piece),
                    Some(mut o) => {
                        o.extend_from_slice(piece);
                        Content::Own(o)
                    }
                };
                return Ok((content, next + 1));
            }
            b'\\' => {
                let out = own.get_or_insert_default();
                out.extend_from_slice(piece);
                at = unescape(text, next, out, unterminated)?;
            }
            _ => return Err(("Invalid control character at", next)),
        }
    }
}

/// Resolves the escape whose backslash is at `at`; the byte behind it.
fn unescape(text: &[u8], at: usize, out: &mut Vec<u8>, unterminated: Fault) -> Result<usize, Fault> {
    let Some(&c) = text.get(at + 1) else { return Err(unterminated) };
    let plain = match c {
        b'"' | b'\\' | b'/' => c,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => {
            let (unit, end) = (unit(text, at)?, at + 6);
            if (0xd800..0xdc00).contains(&unit) && end + 6 < text.len() && text[end..].starts_with(b"\\u") {
                let low = self::unit(text, end)?;
                if (0xdc00..0xe000).contains(&low) {
                    push(out, 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
                    return Ok(end + 6);
                }
            }
            push(out, unit);
            return Ok(end);
        }
        _ => return Err(("Invalid \\escape", at)),
    };
    out.push(plain);
    Ok(at + 2)
}

/// The four hexadecimal digits of the `\u` at `at`.
fn unit(text: &[u8], at: usize) -> Result<u32, Fault> {
    let fault = ("Invalid \\uXXXX escape", at + 1);
    // the string's closing quote must follow somewhere
    let digits = text.get(at + 2..at + 6).filter(|_| at + 6 < text.len()).ok_or(fault)?;
    digits.iter().try_fold(0, |n, d| Some(n << 4 | char::from(*d).to_digit(16)?)).ok_or(fault)
}

/// Appends a code point, lone surrogates too.
fn push(out: &mut Vec<u8>, c: u32) {
    match char::from_u32(c) {
        Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend_from_slice(&[0xe0 | (c >> 12) as u8, 0x80 | (c >> 6 & 0x3f) as u8, 0x80 | (c & 0x3f) as u8]),
    }
}

/// `scanstring(string, end, strict=True)`
pub fn scanstring(vm: &mut Vm, a: &[Value]) -> PyResult {
    let Some(s) = a[0].get::<Str>() else {
        let name = vm.type_name(&a[0]);
        return Err(vm.type_error(format!("first argument must be a string, not {name}")));
    };
    let end = vm.arg_ssize(&a[1])?;
    let strict = vm.truthy(&a[2])?;
    let Some(end) = usize::try_from(end).ok().filter(|e| *e <= s.char_len()) else { return Err(vm.value_error("end is out of bounds")) };
    match find(s.bytes(), s.byte_of(end), strict) {
        Ok((content, next)) => {
            let value = match content {
                Content::Piece(p) => vm.new_str_piece(p),
                Content::Own(o) => vm.new_str_wtf8(o),
            };
            let next = Value::small_wrap(s.char_of(next) as i64);
            Ok(vm.new_tuple(vec![value, next]))
        }
        Err((text, at)) => Err(fail(vm, text, &a[0], at)),
    }
}
