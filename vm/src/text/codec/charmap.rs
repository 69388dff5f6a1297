//! ASCII, Latin-1 and single-byte codecs with a table.

use super::errors::Handler;
use super::{Decoding, Report, Rules, encode_each, tables};
use crate::text::wtf8;
use std::sync::LazyLock;

/// What the tables have for bytes without meaning.
const UNDEFINED: char = '\u{fffe}';

/// A single-byte codec: ASCII below 128, a table above.
#[derive(Debug)]
pub struct Charmap {
    module: &'static str,
    name: &'static str,
    upper: [char; 128],
    /// Character and byte, sorted by character.
    back: Vec<(char, u8)>,
}

impl PartialEq for Charmap {
    fn eq(&self, other: &Charmap) -> bool {
        self.module == other.module
    }
}

impl Eq for Charmap {}

/// The tables never change once they are unpacked, so sharing them between isolates is harmless.
static MAPS: LazyLock<Vec<Charmap>> = LazyLock::new(|| tables::CHARMAPS.iter().map(unpack).collect());

fn unpack((module, name, text): &(&'static str, &'static str, &'static str)) -> Charmap {
    let mut upper = [UNDEFINED; 128];
    for (slot, c) in upper.iter_mut().zip(text.chars()) {
        *slot = c;
    }
    let mut back: Vec<(char, u8)> = upper.iter().zip(128..=255).filter(|(c, _)| **c != UNDEFINED).map(|(c, b)| (*c, b)).collect();
    // Of two bytes for one character the higher one counts, as in CPython.
    back.sort_by_key(|(c, b)| (*c, std::cmp::Reverse(*b)));
    back.dedup_by_key(|(c, _)| *c);
    Charmap { module, name, upper, back }
}

/// The codec of a Python module's name.
pub(super) fn by_module(module: &str) -> Option<&'static Charmap> {
    MAPS.iter().find(|m| m.module == module)
}

impl Charmap {
    /// `codecs.lookup(..).name`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn decode<H: Handler>(&self, job: &mut Decoding<'_>, handler: &mut H) -> Result<(), H::Error> {
        while let Some(b) = job.rest().first() {
            let c = if *b < 0x80 { char::from(*b) } else { self.upper[usize::from(*b - 0x80)] };
            if c == UNDEFINED {
                job.fault(handler, "charmap", 1, "character maps to <undefined>")?;
            } else {
                wtf8::push(&mut job.out, c as u32);
                job.at += 1;
            }
        }
        Ok(())
    }

    pub(super) fn encode<H: Handler>(&self, text: &[u8], handler: &mut H) -> Result<Vec<u8>, H::Error> {
        let put = |c: u32, out: &mut Vec<u8>| {
            let byte = match c {
                0..0x80 => Some(c as u8),
                _ => self.back.binary_search_by_key(&c, |(k, _)| *k as u32).ok().map(|i| self.back[i].1),
            };
            out.extend(byte);
            byte.is_some()
        };
        let reason = "character maps to <undefined>";
        let rules = Rules { encoding: "charmap", reason, report: Report::Runs, unit: 1 };
        encode_each(text, &rules, put, handler, Vec::new())
    }
}

pub(super) fn decode_ascii<H: Handler>(job: &mut Decoding<'_>, handler: &mut H) -> Result<(), H::Error> {
    loop {
        let rest = job.rest();
        let plain = rest.iter().position(|b| *b >= 0x80).unwrap_or(rest.len());
        job.out.extend_from_slice(&rest[..plain]);
        job.at += plain;
        if plain == rest.len() {
            return Ok(());
        }
        job.fault(handler, "ascii", 1, "ordinal not in range(128)")?;
    }
}

/// ASCII (`limit` 128) or Latin-1 (256).
pub(super) fn encode_below<H: Handler>(text: &[u8], limit: u32, handler: &mut H) -> Result<Vec<u8>, H::Error> {
    if text.is_ascii() {
        return Ok(text.to_vec());
    }
    let (encoding, reason) = if limit == 0x80 { ("ascii", "ordinal not in range(128)") } else { ("latin-1", "ordinal not in range(256)") };
    let put = |c: u32, out: &mut Vec<u8>| {
        if c < limit {
            out.push(c as u8);
        }
        c < limit
    };
    let rules = Rules { encoding, reason, report: Report::Runs, unit: 1 };
    encode_each(text, &rules, put, handler, Vec::with_capacity(text.len()))
}
