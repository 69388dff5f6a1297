//! What happens where a codec meets what it cannot decode or encode.
//!
//! Functions: [`Policy::by_name`], [`unknown_handler`], the methods of [`Handler`] and [`Fault`].

use crate::num::err::{Kind, PyErr, lookup_error, type_error};
use crate::text::repr::escape;
use crate::text::wtf8;

/// Something that a codec could not decode or encode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The codec's name as the exception has it.
    pub encoding: &'static str,
    /// Where it begins: bytes when decoding, characters when encoding.
    pub start: usize,
    /// One past its end.
    pub end: usize,
    /// Why.
    pub reason: &'static str,
}

impl Fault {
    /// The UnicodeDecodeError.
    pub fn decode_error(&self, input: &[u8]) -> PyErr {
        let Fault { encoding, start, end, reason } = *self;
        let msg = match input.get(start) {
            Some(b) if end == start + 1 => {
                format!("'{encoding}' codec can't decode byte 0x{b:02x} in position {start}: {reason}")
            }
            _ => {
                let last = end as i64 - 1;
                format!("'{encoding}' codec can't decode bytes in position {start}-{last}: {reason}")
            }
        };
        let kind = Kind::UnicodeDecode { encoding: encoding.into(), start, end, reason: reason.into() };
        PyErr::new(kind, msg)
    }

    /// The UnicodeEncodeError.
    pub fn encode_error(&self, text: &[u8]) -> PyErr {
        let Fault { encoding, start, end, reason } = *self;
        let msg = match wtf8::char_at(text, start) {
            Some(c) if end == start + 1 => {
                let mut shown = String::new();
                escape(&mut shown, c);
                format!("'{encoding}' codec can't encode character '{shown}' in position {start}: {reason}")
            }
            _ => {
                let last = end as i64 - 1;
                format!("'{encoding}' codec can't encode characters in position {start}-{last}: {reason}")
            }
        };
        let kind = Kind::UnicodeEncode { encoding: encoding.into(), start, end, reason: reason.into() };
        PyErr::new(kind, msg)
    }
}

/// What an encoder is to write in place of characters that it cannot encode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replacement {
    /// Text (WTF-8), which it must be able to encode.
    Text(Vec<u8>),
    /// Bytes, as they are.
    Bytes(Vec<u8>),
}

/// An error handler. Both methods give the replacement and where to go on (bytes when decoding, characters when
/// encoding; not negative).
pub trait Handler {
    /// What stops the codec.
    type Error: From<PyErr>;
    /// A fault while decoding `input`.
    fn decode_fault(&mut self, fault: &Fault, input: &[u8]) -> Result<(Vec<u8>, usize), Self::Error>;
    /// A fault while encoding `text`.
    fn encode_fault(&mut self, fault: &Fault, text: &[u8]) -> Result<(Replacement, usize), Self::Error>;
}

/// The built-in error handlers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Policy {
    /// `strict`
    Strict,
    /// `ignore`
    Ignore,
    /// `replace`
    Replace,
    /// `backslashreplace`
    BackslashReplace,
    /// `xmlcharrefreplace`
    XmlCharRefReplace,
    /// `namereplace`
    NameReplace,
    /// `surrogateescape`
    SurrogateEscape,
    /// `surrogatepass`
    SurrogatePass,
}

/// "unknown error handler name 'x'".
pub fn unknown_handler(name: &str) -> PyErr {
    lookup_error(format!("unknown error handler name '{name}'"))
}

impl Policy {
    /// The built-in handler of a name.
    pub fn by_name(name: &str) -> Option<Policy> {
        Some(match name {
            "strict" => Policy::Strict,
            "ignore" => Policy::Ignore,
            "replace" => Policy::Replace,
            "backslashreplace" => Policy::BackslashReplace,
            "xmlcharrefreplace" => Policy::XmlCharRefReplace,
            "namereplace" => Policy::NameReplace,
            "surrogateescape" => Policy::SurrogateEscape,
            "surrogatepass" => Policy::SurrogatePass,
            _ => return None,
        })
    }
}

impl Handler for Policy {
    type Error = PyErr;

    fn decode_fault(&mut self, fault: &Fault, input: &[u8]) -> Result<(Vec<u8>, usize), PyErr> {
        let bad = &input[fault.start..fault.end];
        match self {
            Policy::Strict => Err(fault.decode_error(input)),
            Policy::Ignore => Ok((Vec::new(), fault.end)),
            Policy::Replace => Ok(("\u{fffd}".into(), fault.end)),
            Policy::BackslashReplace => {
                let mut out = String::new();
                bad.iter().for_each(|b| escape(&mut out, u32::from(*b)));
                Ok((out.into(), fault.end))
            }
            Policy::SurrogateEscape => escape_bytes(bad).map(|(text, n)| (text, fault.start + n)).ok_or_else(|| fault.decode_error(input)),
            Policy::SurrogatePass => pass_encoded(fault, input).ok_or_else(|| fault.decode_error(input)),
            Policy::XmlCharRefReplace | Policy::NameReplace => Err(type_error("don't know how to handle UnicodeDecodeError in error callback")),
        }
    }

    fn encode_fault(&mut self, fault: &Fault, text: &[u8]) -> Result<(Replacement, usize), PyErr> {
        let bad = || wtf8::code_points(wtf8::slice(text, fault.start, fault.end));
        let refuse = || fault.encode_error(text);
        let replacement = match self {
            Policy::Strict => return Err(refuse()),
            Policy::Ignore => Replacement::Bytes(Vec::new()),
            Policy::Replace => Replacement::Text(vec![b'?'; fault.end - fault.start]),
            Policy::BackslashReplace => written(bad(), escape),
            Policy::XmlCharRefReplace => written(bad(), |out, c| out.push_str(&format!("&#{c};"))),
            Policy::NameReplace => written(bad(), |out, c| match char::from_u32(c).and_then(unicode_names2::name) {
                Some(name) => out.push_str(&format!("\\N{{{name}}}")),
                None => escape(out, c),
            }),
            Policy::SurrogateEscape => return escaped_run(fault, bad()).ok_or_else(refuse),
            Policy::SurrogatePass => {
                return surrogate_bytes(fault.encoding, bad()).map(|bytes| (Replacement::Bytes(bytes), fault.end)).ok_or_else(refuse);
            }
        };
        Ok((replacement, fault.end))
    }
}

/// ASCII text made of each character.
fn written(points: impl Iterator<Item = u32>, write: impl Fn(&mut String, u32)) -> Replacement {
    let mut out = String::new();
    points.for_each(|c| write(&mut out, c));
    Replacement::Text(out.into())
}

/// Up to four bytes that are not ASCII, as surrogates U+DC80 to U+DCFF.
fn escape_bytes(bad: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut out = Vec::new();
    let n = bad.iter().take(4).take_while(|b| **b >= 0x80).count();
    for b in &bad[..n] {
        wtf8::push(&mut out, 0xdc00 + u32::from(*b));
    }
    (n > 0).then_some((out, n))
}

/// The bytes of escaped surrogates, and where to go on. Other characters in the run are a failure; the codecs that
/// CPython has handlers built into write the surrogates before them and complain about the rest.
fn escaped_run(fault: &Fault, points: impl Iterator<Item = u32>) -> Option<(Replacement, usize)> {
    let bytes: Vec<u8> = points.map_while(|c| (0xdc80..=0xdcff).contains(&c).then(|| (c - 0xdc00) as u8)).collect();
    let next = fault.start + bytes.len();
    let partial = !bytes.is_empty() && matches!(fault.encoding, "ascii" | "latin-1" | "utf-8");
    (partial || next == fault.end).then_some((Replacement::Bytes(bytes), next))
}

/// How a codec writes surrogates: unit size and whether the high byte comes first; `None` if it is no UTF codec.
enum Form {
    Utf8,
    Units { size: usize, big: bool },
}

fn form(encoding: &str) -> Option<Form> {
    let big = encoding.ends_with("be");
    if encoding.starts_with("utf-8") {
        Some(Form::Utf8)
    } else if encoding.starts_with("utf-16") {
        Some(Form::Units { size: 2, big })
    } else if encoding.starts_with("utf-32") {
        Some(Form::Units { size: 4, big })
    } else {
        None
    }
}

/// Surrogates in the codec's own form.
fn surrogate_bytes(encoding: &str, points: impl Iterator<Item = u32>) -> Option<Vec<u8>> {
    let form = form(encoding)?;
    let mut out = Vec::new();
    for c in points {
        if !(0xd800..0xe000).contains(&c) {
            return None;
        }
        match form {
            Form::Utf8 => wtf8::push(&mut out, c),
            Form::Units { size, big: true } => out.extend_from_slice(&c.to_be_bytes()[4 - size..]),
            Form::Units { size, big: false } => out.extend_from_slice(&c.to_le_bytes()[..size]),
        }
    }
    Some(out)
}

/// One surrogate in the codec's own form at the fault's start.
fn pass_encoded(fault: &Fault, input: &[u8]) -> Option<(Vec<u8>, usize)> {
    let rest = &input[fault.start..];
    let (c, n) = match form(fault.encoding)? {
        Form::Utf8 => match rest {
            [a @ 0xe0..=0xef, b @ 0x80..=0xbf, c @ 0x80..=0xbf, ..] => (u32::from(a & 15) << 12 | u32::from(b & 63) << 6 | u32::from(c & 63), 3),
            _ => return None,
        },
        Form::Units { size, big } => {
            let mut unit = rest.get(..size)?.to_vec();
            if big {
                unit.reverse();
            }
            unit.resize(4, 0);
            (u32::from_le_bytes(unit.try_into().ok()?), size)
        }
    };
    (0xd800..0xe000).contains(&c).then(|| (wtf8::from_code_points([c]), fault.start + n))
}
