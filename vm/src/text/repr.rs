//! `repr` and `ascii` of text and bytes.
//!
//! Functions: [`repr_str`], [`repr_wtf8`], [`ascii_wtf8`], [`ascii_of`] (escapes what is not ASCII in a finished
//! repr), [`repr_bytes`], [`repr_bytearray`].

use super::unicode::is_printable;
use super::wtf8;
use std::fmt::Write;

/// `repr(str)`.
pub fn repr_str(text: &str) -> String {
    repr_wtf8(text.as_bytes())
}

/// `repr(str)` of a WTF-8 text. Lone surrogates come out as escapes, so the result is UTF-8.
pub fn repr_wtf8(text: &[u8]) -> String {
    quoted(text, is_printable)
}

/// `ascii(str)`.
pub fn ascii_wtf8(text: &[u8]) -> String {
    quoted(text, |c| (0x20..0x7f).contains(&c))
}

/// `ascii(obj)` from the text that `repr(obj)` gave.
pub fn ascii_of(repr: &[u8]) -> String {
    let mut out = String::with_capacity(repr.len());
    for c in wtf8::code_points(repr) {
        match c {
            0..0x80 => out.push(c as u8 as char),
            _ => escape(&mut out, c),
        }
    }
    out
}

/// The quote that CPython takes: single ones unless only those occur inside.
fn quote_for(text: &[u8]) -> char {
    let has = |q: u8| memchr::memchr(q, text).is_some();
    if has(b'\'') && !has(b'"') { '"' } else { '\'' }
}

fn quoted(text: &[u8], printable: impl Fn(u32) -> bool) -> String {
    let quote = quote_for(text);
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in wtf8::code_points(text) {
        match char::from_u32(c) {
            Some(ch) if ch == quote || ch == '\\' => {
                out.push('\\');
                out.push(ch);
            }
            Some('\t') => out.push_str("\\t"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some(ch) if printable(c) => out.push(ch),
            _ => escape(&mut out, c),
        }
    }
    out.push(quote);
    out
}

/// `\x..`, `\u....` or `\U........`.
pub(crate) fn escape(out: &mut String, c: u32) {
    // Writing to a String cannot fail.
    let _ = match c {
        0..=0xff => write!(out, "\\x{c:02x}"),
        0x100..=0xffff => write!(out, "\\u{c:04x}"),
        _ => write!(out, "\\U{c:08x}"),
    };
}

/// `repr(bytes)`.
pub fn repr_bytes(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + 3);
    out.push('b');
    push_bytes(&mut out, bytes, quote_for(bytes));
    out
}

/// `repr(bytearray)`: `bytearray(b'..')`.
pub fn repr_bytearray(bytes: &[u8]) -> String {
    format!("bytearray({})", repr_bytes(bytes))
}

fn push_bytes(out: &mut String, bytes: &[u8], quote: char) {
    out.push(quote);
    for b in bytes {
        match *b {
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b if b as char == quote || b == b'\\' => {
                out.push('\\');
                out.push(b as char);
            }
            b @ 0x20..0x7f => out.push(b as char),
            b => escape(out, u32::from(b)),
        }
    }
    out.push(quote);
}
