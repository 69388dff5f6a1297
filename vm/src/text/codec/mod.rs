//! Codecs: text (WTF-8) from and to bytes, with CPython's error handlers and messages.
//!
//! How to use it: [`Codec::find`] a codec by any of its names, then [`Codec::decode`] or [`Codec::encode`] with a
//! [`Handler`]: a built-in [`Policy`], or one of the caller's that runs a registered Python function. For input that
//! comes in pieces there is [`Decoder`].
//!
//! Functions: [`normalize`], [`Codec::find`], [`Codec::name`], [`Codec::decode`], [`Codec::decode_part`],
//! [`Codec::encode`], [`Policy::by_name`], [`Decoder`], [`decode_utf8`], [`encode_utf8`], [`unknown_encoding`],
//! [`unknown_handler`].

mod charmap;
mod errors;
mod escape;
mod multibyte;
mod multibyte_diff;
mod tables;
mod unicode;

pub use charmap::Charmap;
pub use errors::{Fault, Handler, Policy, Replacement, unknown_handler};
pub use unicode::Endian;

use super::wtf8;
use crate::num::err::{PyErr, PyResult, index_error, lookup_error};

/// A codec between text and bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codec {
    /// `utf-8`
    Utf8,
    /// `utf-8-sig`
    Utf8Sig,
    /// `utf-16`; without an endianness there is a byte order mark.
    Utf16(Option<Endian>),
    /// `utf-32`; without an endianness there is a byte order mark.
    Utf32(Option<Endian>),
    /// `latin-1`
    Latin1,
    /// `ascii`
    Ascii,
    /// A single-byte codec with a table.
    Charmap(&'static Charmap),
    /// An East Asian codec, by its Python name.
    Multibyte(&'static str),
    /// `unicode_escape`
    UnicodeEscape,
    /// `raw_unicode_escape`
    RawUnicodeEscape,
}

/// The encoding's name as `encodings.normalize_encoding` and the alias table want it: lower case, runs of other
/// characters than letters, digits and points as one underscore.
pub fn normalize(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut gap = false;
    for c in name.chars() {
        if c.is_ascii_alphanumeric() || c == '.' {
            if gap && !out.is_empty() {
                out.push('_');
            }
            out.push(c.to_ascii_lowercase());
            gap = false;
        } else {
            gap = true;
        }
    }
    out
}

/// "unknown encoding: x".
pub fn unknown_encoding(name: &str) -> PyErr {
    lookup_error(format!("unknown encoding: {name}"))
}

impl Codec {
    /// The codec of a name or alias, in any spelling.
    pub fn find(name: &str) -> Option<Codec> {
        if matches!(name, "utf-8" | "utf8" | "UTF-8" | "utf_8") {
            return Some(Codec::Utf8);
        }
        let name = normalize(name);
        let alias = |n: &str| tables::ALIASES.binary_search_by_key(&n, |(a, _)| *a).ok().map(|i| tables::ALIASES[i].1);
        let module = alias(&name).or_else(|| alias(&name.replace('.', "_")))?;
        Some(match module {
            "utf_8" => Codec::Utf8,
            "utf_8_sig" => Codec::Utf8Sig,
            "utf_16" => Codec::Utf16(None),
            "utf_16_le" => Codec::Utf16(Some(Endian::Little)),
            "utf_16_be" => Codec::Utf16(Some(Endian::Big)),
            "utf_32" => Codec::Utf32(None),
            "utf_32_le" => Codec::Utf32(Some(Endian::Little)),
            "utf_32_be" => Codec::Utf32(Some(Endian::Big)),
            "latin_1" => Codec::Latin1,
            "ascii" => Codec::Ascii,
            "unicode_escape" => Codec::UnicodeEscape,
            "raw_unicode_escape" => Codec::RawUnicodeEscape,
            _ => match charmap::by_module(module) {
                Some(map) => Codec::Charmap(map),
                None => Codec::Multibyte(multibyte::by_module(module)?),
            },
        })
    }

    /// `codecs.lookup(..).name`.
    pub fn name(self) -> &'static str {
        match self {
            Codec::Utf8 => "utf-8",
            Codec::Utf8Sig => "utf-8-sig",
            Codec::Utf16(None) => "utf-16",
            Codec::Utf16(Some(Endian::Little)) => "utf-16-le",
            Codec::Utf16(Some(Endian::Big)) => "utf-16-be",
            Codec::Utf32(None) => "utf-32",
            Codec::Utf32(Some(Endian::Little)) => "utf-32-le",
            Codec::Utf32(Some(Endian::Big)) => "utf-32-be",
            Codec::Latin1 => "iso8859-1",
            Codec::Ascii => "ascii",
            Codec::Charmap(map) => map.name(),
            Codec::Multibyte(name) => name,
            Codec::UnicodeEscape => "unicode-escape",
            Codec::RawUnicodeEscape => "raw-unicode-escape",
        }
    }

    /// Decodes all of `bytes`.
    pub fn decode<H: Handler>(self, bytes: &[u8], handler: &mut H) -> Result<Vec<u8>, H::Error> {
        self.decode_part(bytes, true, handler).map(|(text, _)| text)
    }

    /// Decodes what is complete, and says how many bytes that took. With `last` an incomplete end is an error.
    pub fn decode_part<H: Handler>(self, bytes: &[u8], last: bool, handler: &mut H) -> Result<(Vec<u8>, usize), H::Error> {
        let mut job = Decoding::new(bytes, last);
        match self {
            Codec::Utf8 => unicode::decode_utf8(&mut job, handler)?,
            Codec::Utf8Sig => {
                const BOM: &[u8] = b"\xef\xbb\xbf";
                if !last && bytes.len() < BOM.len() && BOM.starts_with(bytes) {
                    return Ok((Vec::new(), 0));
                }
                if let Some(rest) = bytes.strip_prefix(BOM) {
                    let (text, used) = Codec::Utf8.decode_part(rest, last, handler)?;
                    return Ok((text, used + BOM.len()));
                }
                unicode::decode_utf8(&mut job, handler)?;
            }
            Codec::Utf16(endian) => unicode::decode_utf16(&mut job, endian, handler)?,
            Codec::Utf32(endian) => unicode::decode_utf32(&mut job, endian, handler)?,
            Codec::Latin1 => {
                for b in bytes {
                    wtf8::push(&mut job.out, u32::from(*b));
                }
                job.at = bytes.len();
            }
            Codec::Ascii => charmap::decode_ascii(&mut job, handler)?,
            Codec::Charmap(map) => map.decode(&mut job, handler)?,
            Codec::Multibyte(name) => multibyte::decode(name, &mut job, handler)?,
            Codec::UnicodeEscape => escape::decode(&mut job, handler)?,
            Codec::RawUnicodeEscape => escape::decode_raw(&mut job, handler)?,
        }
        Ok((job.out, job.at))
    }

    /// Encodes `text` (WTF-8).
    pub fn encode<H: Handler>(self, text: &[u8], handler: &mut H) -> Result<Vec<u8>, H::Error> {
        match self {
            Codec::Utf8 => unicode::encode_utf8(text, handler),
            Codec::Utf8Sig => {
                let mut out = b"\xef\xbb\xbf".to_vec();
                out.extend(unicode::encode_utf8(text, handler)?);
                Ok(out)
            }
            Codec::Utf16(endian) => unicode::encode_utf16(text, endian, handler),
            Codec::Utf32(endian) => unicode::encode_utf32(text, endian, handler),
            Codec::Latin1 => charmap::encode_below(text, 0x100, handler),
            Codec::Ascii => charmap::encode_below(text, 0x80, handler),
            Codec::Charmap(map) => map.encode(text, handler),
            Codec::Multibyte(name) => multibyte::encode(name, text, handler),
            Codec::UnicodeEscape => Ok(escape::encode(text)),
            Codec::RawUnicodeEscape => Ok(escape::encode_raw(text)),
        }
    }
}

/// `bytes.decode()`: strict UTF-8.
pub fn decode_utf8(bytes: &[u8]) -> PyResult<&str> {
    std::str::from_utf8(bytes).map_err(|e| unicode::utf8_fault(bytes, 0, e).decode_error(bytes))
}

/// `str.encode()`: strict UTF-8.
pub fn encode_utf8(text: &[u8]) -> PyResult<Vec<u8>> {
    unicode::encode_utf8(text, &mut Policy::Strict)
}

/// A decoding under way.
pub(super) struct Decoding<'a> {
    input: &'a [u8],
    at: usize,
    last: bool,
    out: Vec<u8>,
}

impl<'a> Decoding<'a> {
    fn new(input: &'a [u8], last: bool) -> Decoding<'a> {
        Decoding { input, at: 0, last, out: Vec::with_capacity(input.len()) }
    }

    fn rest(&self) -> &'a [u8] {
        &self.input[self.at..]
    }

    /// Lets the handler deal with the `n` bytes at the current place.
    fn fault<H: Handler>(&mut self, handler: &mut H, encoding: &'static str, n: usize, reason: &'static str) -> Result<(), H::Error> {
        let fault = Fault { encoding, start: self.at, end: self.at + n, reason };
        let (text, next) = handler.decode_fault(&fault, self.input)?;
        if next > self.input.len() {
            return Err(out_of_bounds(next).into());
        }
        self.out.extend_from_slice(&text);
        self.at = next;
        Ok(())
    }
}

fn out_of_bounds(next: usize) -> PyErr {
    index_error(format!("position {next} from error handler out of bounds"))
}

/// Whether an encoder reports neighbouring characters that it cannot encode together.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Report {
    Runs,
    Single,
}

/// How an encoder reports faults.
pub(super) struct Rules {
    encoding: &'static str,
    reason: &'static str,
    report: Report,
    /// Bytes that a handler gives must be a multiple of this.
    unit: usize,
}

/// Encodes character by character with `put`, which says whether it could.
fn encode_each<H: Handler>(
    text: &[u8],
    rules: &Rules,
    mut put: impl FnMut(u32, &mut Vec<u8>) -> bool,
    handler: &mut H,
    mut out: Vec<u8>,
) -> Result<Vec<u8>, H::Error> {
    let (mut byte, mut index) = (0, 0);
    while let Some((c, n)) = wtf8::first(&text[byte..]) {
        if put(c, &mut out) {
            byte += n;
            index += 1;
            continue;
        }
        let (mut end, mut after) = (index + 1, byte + n);
        let mut scratch = Vec::new();
        while rules.report == Report::Runs
            && let Some((c, n)) = wtf8::first(&text[after..])
            && !put(c, &mut scratch)
        {
            end += 1;
            after += n;
        }
        let fault = Fault { encoding: rules.encoding, start: index, end, reason: rules.reason };
        let (replacement, next) = handler.encode_fault(&fault, text)?;
        match replacement {
            Replacement::Bytes(bytes) if bytes.len() % rules.unit != 0 => {
                return Err(fault.encode_error(text).into());
            }
            Replacement::Bytes(bytes) => out.extend_from_slice(&bytes),
            Replacement::Text(new) => {
                for c in wtf8::code_points(&new) {
                    if !put(c, &mut out) {
                        return Err(fault.encode_error(text).into());
                    }
                }
            }
        }
        if next == end {
            byte = after;
        } else {
            byte = wtf8::byte_of(text, next);
            if next > index && byte == text.len() && next > wtf8::len(text) {
                return Err(out_of_bounds(next).into());
            }
        }
        index = next;
    }
    Ok(out)
}

/// Decodes input that comes in pieces: keeps incomplete ends and the byte order.
#[derive(Clone, Debug)]
pub struct Decoder {
    codec: Codec,
    pending: Vec<u8>,
    started: bool,
    /// The byte order is the input's business, not the codec's.
    marked: bool,
}

impl Decoder {
    /// A decoder at the start of its input.
    pub fn new(codec: Codec) -> Decoder {
        let marked = matches!(codec, Codec::Utf16(None) | Codec::Utf32(None));
        Decoder { codec, pending: Vec::new(), started: false, marked }
    }

    /// A decoder in the middle of its input, in a state that [`Decoder::state`] told.
    pub fn resumed(codec: Codec, state: u64) -> Decoder {
        let endian = if state & 1 != 0 { Endian::Big } else { Endian::Little };
        let mut d = Decoder::new(codec);
        match codec {
            Codec::Utf16(None) if state < 2 => d.codec = Codec::Utf16(Some(endian)),
            Codec::Utf32(None) if state < 2 => d.codec = Codec::Utf32(Some(endian)),
            Codec::Utf8Sig if state == 0 => d.codec = Codec::Utf8,
            Codec::Utf16(None) | Codec::Utf32(None) | Codec::Utf8Sig => return d,
            _ => {}
        }
        d.started = true;
        d
    }

    /// What `getstate()[1]` of CPython's incremental decoders is: whether a byte order mark is still due, and what it said.
    pub fn state(&self) -> u64 {
        match self.codec {
            Codec::Utf8Sig => 1,
            Codec::Utf16(None) | Codec::Utf32(None) => 2,
            Codec::Utf16(Some(Endian::Big)) | Codec::Utf32(Some(Endian::Big)) if self.marked => 1,
            _ => 0,
        }
    }

    /// Decodes the next piece; `last` says that nothing follows.
    pub fn feed<H: Handler>(&mut self, bytes: &[u8], last: bool, handler: &mut H) -> Result<Vec<u8>, H::Error> {
        self.pending.extend_from_slice(bytes);
        let first = !self.started;
        if first && !self.settle(last) {
            return Ok(Vec::new());
        }
        let (text, used) = self.codec.decode_part(&self.pending, last, handler)?;
        self.pending.drain(..used);
        Ok(text)
    }

    /// Bytes that wait for more.
    pub fn pending(&self) -> &[u8] {
        &self.pending
    }

    /// Reads the byte order mark, once enough bytes are there.
    fn settle(&mut self, last: bool) -> bool {
        let (need, fixed): (usize, fn(Endian) -> Codec) = match self.codec {
            Codec::Utf16(None) => (2, |e| Codec::Utf16(Some(e))),
            Codec::Utf32(None) => (4, |e| Codec::Utf32(Some(e))),
            Codec::Utf8Sig => (3, |_| Codec::Utf8),
            _ => {
                self.started = true;
                return true;
            }
        };
        let undecided = match self.codec {
            Codec::Utf8Sig => b"\xef\xbb\xbf".starts_with(&self.pending),
            _ => true,
        };
        if self.pending.len() < need && undecided && !last {
            return false;
        }
        self.started = true;
        if self.codec == Codec::Utf8Sig {
            if self.pending.starts_with(b"\xef\xbb\xbf") {
                self.pending.drain(..3);
            }
            self.codec = Codec::Utf8;
            return true;
        }
        let (endian, mark) = unicode::byte_order(&self.pending, need);
        self.pending.drain(..mark);
        self.codec = fixed(endian);
        true
    }
}
