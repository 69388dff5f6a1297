//! `unicode_escape` and `raw_unicode_escape`.

use super::Decoding;
use super::errors::Handler;
use crate::text::repr::escape;
use crate::text::wtf8;

const NAME: &str = "unicodeescape";
const RAW_NAME: &str = "rawunicodeescape";

/// How many hexadecimal digits stand at the start, at most `most`, and their value.
fn hex_digits(bytes: &[u8], most: usize) -> (usize, u32) {
    let digits: Vec<u32> = bytes.iter().take(most).map_while(|b| (*b as char).to_digit(16)).collect();
    (digits.len(), digits.iter().fold(0, |v, d| v << 4 | d))
}

/// What an escape stands for.
enum Meaning {
    /// A character, and the bytes of the escape.
    Char(u32, usize),
    /// Nothing, and the bytes of the escape.
    Nothing(usize),
    /// No escape: both characters stand for themselves.
    Unknown,
    /// Malformed: so many bytes, and why.
    Bad(usize, &'static str),
}

/// Reads the escape at the start of `bytes`, which begin with a backslash.
fn read_escape(bytes: &[u8]) -> Meaning {
    let Some(letter) = bytes.get(1) else {
        return Meaning::Bad(1, "\\ at end of string");
    };
    let plain = |c: char| Meaning::Char(c as u32, 2);
    match letter {
        b'\n' => Meaning::Nothing(2),
        b'\\' => plain('\\'),
        b'\'' => plain('\''),
        b'"' => plain('"'),
        b'a' => plain('\x07'),
        b'b' => plain('\x08'),
        b'f' => plain('\x0c'),
        b'n' => plain('\n'),
        b'r' => plain('\r'),
        b't' => plain('\t'),
        b'v' => plain('\x0b'),
        b'0'..=b'7' => {
            let octal = bytes[1..].iter().take(3).take_while(|b| (b'0'..=b'7').contains(b));
            let (n, value) = octal.fold((0, 0), |(n, v), b| (n + 1, v * 8 + u32::from(b - b'0')));
            Meaning::Char(value, 1 + n)
        }
        b'x' => read_hex(bytes, 2, "truncated \\xXX escape"),
        b'u' => read_hex(bytes, 4, "truncated \\uXXXX escape"),
        b'U' => read_hex(bytes, 8, "truncated \\UXXXXXXXX escape"),
        b'N' => read_name(bytes),
        _ => Meaning::Unknown,
    }
}

fn read_hex(bytes: &[u8], digits: usize, truncated: &'static str) -> Meaning {
    let (n, value) = hex_digits(&bytes[2..], digits);
    if n < digits {
        Meaning::Bad(2 + n, truncated)
    } else if value > 0x10_ffff {
        Meaning::Bad(2 + n, "illegal Unicode character")
    } else {
        Meaning::Char(value, 2 + n)
    }
}

fn read_name(bytes: &[u8]) -> Meaning {
    let malformed = "malformed \\N character escape";
    if bytes.get(2) != Some(&b'{') {
        return Meaning::Bad(2, malformed);
    }
    let Some(close) = memchr::memchr(b'}', bytes) else {
        return Meaning::Bad(bytes.len(), malformed);
    };
    if close == 3 {
        return Meaning::Bad(3, malformed);
    }
    match std::str::from_utf8(&bytes[3..close]).ok().and_then(unicode_names2::character) {
        Some(c) => Meaning::Char(c as u32, close + 1),
        None => Meaning::Bad(close + 1, "unknown Unicode character name"),
    }
}

pub(super) fn decode<H: Handler>(job: &mut Decoding<'_>, handler: &mut H) -> Result<(), H::Error> {
    while let Some(b) = job.rest().first() {
        if *b != b'\\' {
            wtf8::push(&mut job.out, u32::from(*b));
            job.at += 1;
            continue;
        }
        match read_escape(job.rest()) {
            Meaning::Char(c, n) => {
                wtf8::push(&mut job.out, c);
                job.at += n;
            }
            Meaning::Nothing(n) => job.at += n,
            Meaning::Unknown => {
                job.out.push(b'\\');
                job.at += 1;
            }
            // An escape that reaches the end may go on in the next piece.
            Meaning::Bad(n, _) if !job.last && job.at + n == job.input.len() => return Ok(()),
            Meaning::Bad(n, reason) => job.fault(handler, NAME, n, reason)?,
        }
    }
    Ok(())
}

pub(super) fn decode_raw<H: Handler>(job: &mut Decoding<'_>, handler: &mut H) -> Result<(), H::Error> {
    while let Some(b) = job.rest().first() {
        let rest = job.rest();
        let digits = match (b, rest.get(1)) {
            (b'\\', Some(b'u')) => 4,
            (b'\\', Some(b'U')) => 8,
            (b'\\', None) if !job.last => return Ok(()),
            (b'\\', Some(second)) => {
                wtf8::push(&mut job.out, u32::from(*b));
                wtf8::push(&mut job.out, u32::from(*second));
                job.at += 2;
                continue;
            }
            _ => {
                wtf8::push(&mut job.out, u32::from(*b));
                job.at += 1;
                continue;
            }
        };
        let (n, value) = hex_digits(&rest[2..], digits);
        if n == digits && value <= 0x10_ffff {
            wtf8::push(&mut job.out, value);
            job.at += 2 + n;
            continue;
        }
        if n < digits && !job.last && 2 + n == rest.len() {
            return Ok(());
        }
        let reason = match (n == digits, digits) {
            (true, _) => "\\Uxxxxxxxx out of range",
            (_, 4) => "truncated \\uXXXX escape",
            _ => "truncated \\UXXXXXXXX escape",
        };
        job.fault(handler, RAW_NAME, 2 + n, reason)?;
    }
    Ok(())
}

pub(super) fn encode(text: &[u8]) -> Vec<u8> {
    let mut out = String::with_capacity(text.len());
    for c in wtf8::code_points(text) {
        match c {
            0x5c => out.push_str("\\\\"),
            0x09 => out.push_str("\\t"),
            0x0a => out.push_str("\\n"),
            0x0d => out.push_str("\\r"),
            0x20..0x7f => out.push(c as u8 as char),
            _ => escape(&mut out, c),
        }
    }
    out.into_bytes()
}

pub(super) fn encode_raw(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for c in wtf8::code_points(text) {
        if c < 0x100 {
            out.push(c as u8);
        } else {
            let mut escaped = String::new();
            escape(&mut escaped, c);
            out.extend_from_slice(escaped.as_bytes());
        }
    }
    out
}
