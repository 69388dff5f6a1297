//! East Asian codecs. The tables are the WHATWG's from `encoding_rs`, unpacked at first use; Python's are narrower
//! (no vendor extensions) and differ in some signs: [`refuses`] and `multibyte_diff.rs` say where.

use super::errors::Handler;
use super::{Decoding, Report, Rules, encode_each, multibyte_diff};
use crate::text::wtf8;
use encoding_rs::{DecoderResult, EncoderResult, Encoding};
use std::sync::LazyLock;

const ILLEGAL: &str = "illegal multibyte sequence";
const INCOMPLETE: &str = "incomplete multibyte sequence";

/// Module names, which are the codecs' names as well.
const NAMES: [&str; 7] = ["gbk", "gb2312", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"];

/// The codec's name by its module's.
pub(super) fn by_module(module: &str) -> Option<&'static str> {
    NAMES.into_iter().find(|n| *n == module)
}

fn engine(name: &str) -> &'static Encoding {
    match name {
        "gbk" | "gb2312" => encoding_rs::GBK,
        "gb18030" => encoding_rs::GB18030,
        "big5" => encoding_rs::BIG5,
        "shift_jis" => encoding_rs::SHIFT_JIS,
        "euc_jp" => encoding_rs::EUC_JP,
        _ => encoding_rs::EUC_KR,
    }
}

/// Two-byte sequences that the WHATWG's tables have and Python's have not, as far as they lie together.
fn refuses(name: &str, lead: u8, trail: u8, c: u32) -> bool {
    let vendor = (0xe000..0xf900).contains(&c) && name != "gb18030";
    vendor
        || match name {
            "gb2312" => !(0xa1..=0xf7).contains(&lead) || trail < 0xa1,
            "gbk" | "gb18030" => lead < 0x81,
            "euc_kr" => lead < 0xa1 || trail < 0xa1,
            "shift_jis" => matches!(lead, 0x80 | 0xa0 | 0x87 | 0xed | 0xee | 0xf0..),
            "big5" => !(0xa1..=0xf9).contains(&lead),
            _ => matches!(lead, 0xad | 0xf9..=0xfc),
        }
}

/// The characters of a codec's two-byte sequences, and EUC-JP's three-byte ones after 0x8f.
struct Table {
    name: &'static str,
    /// By `(lead - 0x80) * 256 + trail`; 0 is undefined.
    two: Vec<u32>,
    /// The same for the bytes after 0x8f; empty for other codecs.
    three: Vec<u32>,
    /// By character up to U+FFFF: bytes from the highest; 0 where there are none.
    back: Vec<u32>,
    /// The same for other characters, sorted.
    back_high: Vec<(u32, u32)>,
    /// Characters that are refused although GB18030 would have four bytes for them.
    refused: Vec<u32>,
}

/// The tables never change once they are unpacked, so sharing them between isolates is harmless.
static TABLES: [LazyLock<Table>; 7] = [
    LazyLock::new(|| unpack(NAMES[0])),
    LazyLock::new(|| unpack(NAMES[1])),
    LazyLock::new(|| unpack(NAMES[2])),
    LazyLock::new(|| unpack(NAMES[3])),
    LazyLock::new(|| unpack(NAMES[4])),
    LazyLock::new(|| unpack(NAMES[5])),
    LazyLock::new(|| unpack(NAMES[6])),
];

fn table(name: &str) -> &'static Table {
    let at = NAMES.iter().position(|n| *n == name).unwrap_or(0);
    &TABLES[at]
}

fn unpack(name: &'static str) -> Table {
    let mut two = vec![0; 0x8000];
    for at in 0..0x8000u16 {
        let [lead, trail] = (at + 0x8000).to_be_bytes();
        let c = decode_one(name, &[lead, trail]).unwrap_or(0);
        if !refuses(name, lead, trail, c) {
            two[usize::from(at)] = c;
        }
    }
    let mut three = Vec::new();
    if name == "euc_jp" {
        three = vec![0; 0x8000];
        for at in 0..0x8000u16 {
            let [b, c] = (at + 0x8000).to_be_bytes();
            three[usize::from(at)] = decode_one(name, &[0x8f, b, c]).unwrap_or(0);
        }
    }
    for (_, bytes, c) in multibyte_diff::DECODE.iter().filter(|(n, ..)| *n == name) {
        match bytes {
            0x8f_0000.. => three[(bytes - 0x8f_8000) as usize] = *c,
            _ => two[(bytes - 0x8000) as usize] = *c,
        }
    }
    let pairs = invert(name, &two, &three);
    let mut back = vec![0; 0x1_0000];
    let mut back_high = Vec::new();
    for (c, bytes) in &pairs {
        match back.get_mut(*c as usize) {
            Some(slot) => *slot = *bytes,
            None => back_high.push((*c, *bytes)),
        }
    }
    let refused = pairs.iter().filter(|(_, bytes)| *bytes == 0).map(|(c, _)| *c).collect();
    Table { name, two, three, back, back_high, refused }
}

/// The way back: of several sequences for one character the first one counts, unless listed otherwise.
fn invert(name: &str, two: &[u32], three: &[u32]) -> Vec<(u32, u32)> {
    let rows = |table: &[u32], offset: u32| -> Vec<(u32, u32)> { table.iter().zip(offset..).filter(|(c, _)| **c != 0).map(|(c, bytes)| (*c, bytes)).collect() };
    let mut back: Vec<(u32, u32)> = multibyte_diff::ENCODE.iter().filter(|(n, ..)| *n == name).map(|(_, c, bytes)| (*c, *bytes)).collect();
    back.extend(rows(two, 0x8000));
    back.extend(rows(three, 0x8f_8000));
    back.sort_by_key(|(c, _)| *c);
    back.dedup_by_key(|(c, _)| *c);
    back
}

/// Decodes exactly one character that takes all of `bytes`.
fn decode_one(name: &str, bytes: &[u8]) -> Option<u32> {
    let mut text = String::with_capacity(16);
    let mut decoder = engine(name).new_decoder_without_bom_handling();
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    let mut chars = text.chars();
    let c = chars.next()?;
    let alone = chars.next().is_none() && read == bytes.len() && result == DecoderResult::InputEmpty;
    alone.then_some(c as u32)
}

/// Four-byte sequences of GB18030.
fn encode_four(c: char) -> Option<Vec<u8>> {
    let mut source = [0; 4];
    let source = c.encode_utf8(&mut source);
    let mut bytes = [0; 8];
    let mut encoder = encoding_rs::GB18030.new_encoder();
    match encoder.encode_from_utf8_without_replacement(source, &mut bytes, true) {
        (EncoderResult::InputEmpty, _, 4) => Some(bytes[..4].to_vec()),
        _ => None,
    }
}

/// The character of a four-byte sequence, 0 if there is none.
fn decode_four(bytes: &[u8]) -> u32 {
    let number = bytes.iter().fold(0, |n, b| n << 8 | u32::from(*b));
    let listed = multibyte_diff::ENCODE.iter().find(|(n, _, b)| *b == number && *n == "gb18030");
    listed.map_or_else(|| decode_one("gb18030", bytes).unwrap_or(0), |(_, c, _)| *c)
}

/// What stands at the start of the input.
enum Sequence {
    Char(u32, usize),
    Illegal,
    Incomplete,
}

impl Table {
    fn read(&self, bytes: &[u8]) -> Sequence {
        let lead = bytes[0];
        let at = |table: &[u32], hi: u8, lo: u8| table[usize::from(hi - 0x80) * 256 + usize::from(lo)];
        let found = |c: u32, n: usize| {
            if c == 0 { Sequence::Illegal } else { Sequence::Char(c, n) }
        };
        match (self.name, lead, bytes) {
            ("shift_jis", 0xa1..=0xdf, _) => Sequence::Char(0xff61 + u32::from(lead - 0xa1), 1),
            ("shift_jis", 0x80 | 0xa0 | 0xeb.., _) => Sequence::Illegal,
            ("euc_jp", 0x8f, [_, b @ 0x80..=0xff, c, ..]) => found(at(&self.three, *b, *c), 3),
            ("euc_jp", 0x8f, [_, _, _, ..]) => Sequence::Illegal,
            ("euc_jp", 0x8f, _) => Sequence::Incomplete,
            ("gb18030", _, [_, b'0'..=b'9', ..]) => match bytes.get(..4) {
                Some(four) => found(decode_four(four), 4),
                None => Sequence::Incomplete,
            },
            (_, _, [_, trail, ..]) => found(at(&self.two, lead, *trail), 2),
            _ => Sequence::Incomplete,
        }
    }

    fn write(&self, c: u32, out: &mut Vec<u8>) -> bool {
        if c < 0x80 {
            out.push(c as u8);
            return true;
        }
        if self.name == "shift_jis" && (0xff61..=0xff9f).contains(&c) {
            out.push((c - 0xff61) as u8 + 0xa1);
            return true;
        }
        let high = || self.back_high.binary_search_by_key(&c, |(k, _)| *k).ok().map(|at| self.back_high[at].1);
        let number = self.back.get(c as usize).copied().or_else(high).unwrap_or(0);
        if number != 0 {
            out.extend(number.to_be_bytes().iter().skip_while(|b| **b == 0));
            return true;
        }
        if self.refused.contains(&c) {
            return false;
        }
        if self.name != "gb18030" {
            return false;
        }
        let four = char::from_u32(c).and_then(encode_four);
        four.inspect(|bytes| out.extend_from_slice(bytes)).is_some()
    }
}

pub(super) fn decode<H: Handler>(name: &'static str, job: &mut Decoding<'_>, handler: &mut H) -> Result<(), H::Error> {
    let table = table(name);
    loop {
        let rest = job.rest();
        let plain = rest.iter().position(|b| *b >= 0x80).unwrap_or(rest.len());
        job.out.extend_from_slice(&rest[..plain]);
        job.at += plain;
        let rest = &rest[plain..];
        if rest.is_empty() {
            return Ok(());
        }
        match table.read(rest) {
            Sequence::Char(c, n) => {
                wtf8::push(&mut job.out, c);
                job.at += n;
            }
            Sequence::Illegal => job.fault(handler, name, 1, ILLEGAL)?,
            Sequence::Incomplete if !job.last => return Ok(()),
            Sequence::Incomplete => job.fault(handler, name, rest.len(), INCOMPLETE)?,
        }
    }
}

pub(super) fn encode<H: Handler>(name: &'static str, text: &[u8], handler: &mut H) -> Result<Vec<u8>, H::Error> {
    if text.is_ascii() {
        return Ok(text.to_vec());
    }
    let table = table(name);
    let rules = Rules { encoding: name, reason: ILLEGAL, report: Report::Single, unit: 1 };
    encode_each(text, &rules, |c, out| table.write(c, out), handler, Vec::with_capacity(text.len()))
}
