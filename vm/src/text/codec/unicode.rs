//! UTF-8, UTF-16, UTF-32.

use super::errors::{Fault, Handler};
use super::{Decoding, Report, Rules, encode_each};
use crate::text::wtf8;
use std::str::Utf8Error;

const SURROGATES: &str = "surrogates not allowed";

/// Byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endian {
    /// Low byte first.
    Little,
    /// High byte first.
    Big,
}

/// CPython's account of a UTF-8 error that lies `offset` bytes into the input.
pub(super) fn utf8_fault(rest: &[u8], offset: usize, e: Utf8Error) -> Fault {
    let valid = e.valid_up_to();
    let (n, reason) = match e.error_len() {
        None => (rest.len() - valid, "unexpected end of data"),
        Some(n) if matches!(rest[valid], 0xc2..=0xf4) => (n, "invalid continuation byte"),
        Some(n) => (n, "invalid start byte"),
    };
    Fault { encoding: "utf-8", start: offset + valid, end: offset + valid + n, reason }
}

pub(super) fn decode_utf8<H: Handler>(job: &mut Decoding<'_>, handler: &mut H) -> Result<(), H::Error> {
    loop {
        let rest = job.rest();
        let Err(e) = std::str::from_utf8(rest) else {
            job.out.extend_from_slice(rest);
            job.at += rest.len();
            return Ok(());
        };
        let fault = utf8_fault(rest, job.at, e);
        job.out.extend_from_slice(&rest[..e.valid_up_to()]);
        job.at += e.valid_up_to();
        if e.error_len().is_none() && !job.last {
            return Ok(());
        }
        job.fault(handler, "utf-8", fault.end - fault.start, fault.reason)?;
    }
}

pub(super) fn encode_utf8<H: Handler>(text: &[u8], handler: &mut H) -> Result<Vec<u8>, H::Error> {
    if !wtf8::has_surrogates(text) {
        return Ok(text.to_vec());
    }
    let put = |c: u32, out: &mut Vec<u8>| put_scalar(c, |c| wtf8::push(out, c));
    let rules = Rules { encoding: "utf-8", reason: SURROGATES, report: Report::Runs, unit: 1 };
    encode_each(text, &rules, put, handler, Vec::new())
}

/// Calls `write` unless `c` is a surrogate.
fn put_scalar(c: u32, write: impl FnOnce(u32)) -> bool {
    let scalar = !(0xd800..0xe000).contains(&c);
    if scalar {
        write(c);
    }
    scalar
}

/// Byte order by the mark at the start, and the mark's length. Without one it is little endian.
pub(super) fn byte_order(input: &[u8], unit: usize) -> (Endian, usize) {
    let (little, big): (&[u8], &[u8]) = if unit == 2 { (b"\xff\xfe", b"\xfe\xff") } else { (b"\xff\xfe\0\0", b"\0\0\xfe\xff") };
    if input.starts_with(big) {
        (Endian::Big, unit)
    } else if input.starts_with(little) {
        (Endian::Little, unit)
    } else {
        (Endian::Little, 0)
    }
}

fn unit_16(bytes: &[u8], endian: Endian) -> Option<u32> {
    let pair = [*bytes.first()?, *bytes.get(1)?];
    Some(u32::from(match endian {
        Endian::Little => u16::from_le_bytes(pair),
        Endian::Big => u16::from_be_bytes(pair),
    }))
}

pub(super) fn decode_utf16<H: Handler>(job: &mut Decoding<'_>, endian: Option<Endian>, handler: &mut H) -> Result<(), H::Error> {
    let endian = endian.unwrap_or_else(|| {
        let (endian, mark) = byte_order(job.input, 2);
        job.at = mark;
        endian
    });
    let encoding = if endian == Endian::Little { "utf-16-le" } else { "utf-16-be" };
    while !job.rest().is_empty() {
        let rest = job.rest();
        let (n, reason, complete) = match (unit_16(rest, endian), unit_16(rest.get(2..).unwrap_or(b""), endian)) {
            (None, _) => (1, "truncated data", false),
            (Some(high @ 0xd800..0xdc00), Some(low @ 0xdc00..0xe000)) => {
                wtf8::push(&mut job.out, 0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00));
                job.at += 4;
                continue;
            }
            (Some(0xd800..0xdc00), None) => (rest.len(), "unexpected end of data", false),
            (Some(0xd800..0xdc00), Some(_)) => (2, "illegal UTF-16 surrogate", true),
            (Some(0xdc00..0xe000), _) => (2, "illegal encoding", true),
            (Some(c), _) => {
                wtf8::push(&mut job.out, c);
                job.at += 2;
                continue;
            }
        };
        if !complete && !job.last {
            return Ok(());
        }
        job.fault(handler, encoding, n, reason)?;
    }
    Ok(())
}

pub(super) fn decode_utf32<H: Handler>(job: &mut Decoding<'_>, endian: Option<Endian>, handler: &mut H) -> Result<(), H::Error> {
    let endian = endian.unwrap_or_else(|| {
        let (endian, mark) = byte_order(job.input, 4);
        job.at = mark;
        endian
    });
    let encoding = if endian == Endian::Little { "utf-32-le" } else { "utf-32-be" };
    while !job.rest().is_empty() {
        let rest = job.rest();
        let Some(unit) = rest.first_chunk::<4>() else {
            if !job.last {
                return Ok(());
            }
            job.fault(handler, encoding, rest.len(), "truncated data")?;
            continue;
        };
        let c = match endian {
            Endian::Little => u32::from_le_bytes(*unit),
            Endian::Big => u32::from_be_bytes(*unit),
        };
        if (0xd800..0xe000).contains(&c) {
            let reason = "code point in surrogate code point range(0xd800, 0xe000)";
            job.fault(handler, encoding, 4, reason)?;
        } else if c > 0x10_ffff {
            job.fault(handler, encoding, 4, "code point not in range(0x110000)")?;
        } else {
            wtf8::push(&mut job.out, c);
            job.at += 4;
        }
    }
    Ok(())
}

pub(super) fn encode_utf16<H: Handler>(text: &[u8], endian: Option<Endian>, handler: &mut H) -> Result<Vec<u8>, H::Error> {
    let (encoding, start): (_, &[u8]) = match endian {
        None => ("utf-16", b"\xff\xfe"),
        Some(Endian::Little) => ("utf-16-le", b""),
        Some(Endian::Big) => ("utf-16-be", b""),
    };
    let write = |unit: u16, out: &mut Vec<u8>| match endian {
        Some(Endian::Big) => out.extend(unit.to_be_bytes()),
        _ => out.extend(unit.to_le_bytes()),
    };
    let put = |c: u32, out: &mut Vec<u8>| {
        put_scalar(c, |c| {
            let mut units = [0; 2];
            let ch = char::from_u32(c).unwrap_or('\u{fffd}');
            ch.encode_utf16(&mut units).iter().for_each(|u| write(*u, out));
        })
    };
    let rules = Rules { encoding, reason: SURROGATES, report: Report::Single, unit: 2 };
    encode_each(text, &rules, put, handler, start.to_vec())
}

pub(super) fn encode_utf32<H: Handler>(text: &[u8], endian: Option<Endian>, handler: &mut H) -> Result<Vec<u8>, H::Error> {
    let (encoding, start): (_, &[u8]) = match endian {
        None => ("utf-32", b"\xff\xfe\0\0"),
        Some(Endian::Little) => ("utf-32-le", b""),
        Some(Endian::Big) => ("utf-32-be", b""),
    };
    let put = |c: u32, out: &mut Vec<u8>| {
        put_scalar(c, |c| match endian {
            Some(Endian::Big) => out.extend(c.to_be_bytes()),
            _ => out.extend(c.to_le_bytes()),
        })
    };
    let rules = Rules { encoding, reason: SURROGATES, report: Report::Single, unit: 4 };
    encode_each(text, &rules, put, handler, start.to_vec())
}
