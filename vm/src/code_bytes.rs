//! Compiled code as bytes and back, so that the library need not be compiled anew by every process.
//!
//! The format is this build's own: whoever keeps the bytes must keep them apart for each build. All numbers are little-endian.
//! A table of the strings comes first; code refers to them by number.

use crate::code::{CodeProto, Const, ExcEntry, Pos};
use crate::op::{Instr, Op};
use std::collections::HashMap;
use std::sync::Arc;

/// The bytes of a code object.
pub fn encode(code: &CodeProto) -> Vec<u8> {
    let mut w = Writer::default();
    w.code(code);
    let mut out = Vec::with_capacity(w.body.len() + 4096);
    out.extend([0; 8]);
    out.extend((w.strings.len() as u32).to_le_bytes());
    for s in &w.strings {
        out.extend((s.len() as u32).to_le_bytes());
        out.extend(s.as_bytes());
    }
    out.extend(w.body);
    let sum = checksum(&out[8..]);
    out[..8].copy_from_slice(&sum.to_le_bytes());
    out
}

/// Tells a damaged file from a whole one.
fn checksum(bytes: &[u8]) -> u64 {
    let step = |h: u64, w: u64| (h ^ w).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
    let words = bytes.chunks_exact(8);
    let rest = words.remainder().iter().fold(bytes.len() as u64, |h, b| step(h, *b as u64));
    words.fold(rest, |h, w| step(h, u64::from_le_bytes([w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7]])))
}

/// The code object of these bytes; `None` where they are not what [`encode`] of this build gives.
pub fn decode(bytes: &[u8]) -> Option<CodeProto> {
    let (sum, bytes) = bytes.split_at_checked(8)?;
    if sum != checksum(bytes).to_le_bytes() {
        return None;
    }
    let mut r = Reader { bytes, strings: Vec::new() };
    let n = r.count()?;
    for _ in 0..n {
        let len = r.count()?;
        let text = std::str::from_utf8(r.take(len)?).ok()?;
        r.strings.push(Arc::from(text));
    }
    let code = r.code(0)?;
    r.bytes.is_empty().then_some(code)
}

#[derive(Default)]
struct Writer {
    strings: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, u32>,
    body: Vec<u8>,
}

impl Writer {
    fn u8(&mut self, n: u8) {
        self.body.push(n);
    }
    fn u32(&mut self, n: u32) {
        self.body.extend(n.to_le_bytes());
    }
    fn u64(&mut self, n: u64) {
        self.body.extend(n.to_le_bytes());
    }
    fn text(&mut self, s: &Arc<str>) {
        let next = self.strings.len() as u32;
        let n = *self.numbers.entry(s.clone()).or_insert(next);
        if n == next {
            self.strings.push(s.clone());
        }
        self.u32(n);
    }
    fn texts(&mut self, all: &[Arc<str>]) {
        self.u32(all.len() as u32);
        all.iter().for_each(|s| self.text(s));
    }
    fn bytes(&mut self, b: &[u8]) {
        self.u32(b.len() as u32);
        self.body.extend(b);
    }
    fn code(&mut self, c: &CodeProto) {
        for s in [&c.name, &c.qualname, &c.filename] {
            self.text(s);
        }
        for n in [c.first_line, c.arg_count, c.posonly_count, c.kwonly_count, c.flags, c.stack_size] {
            self.u32(n);
        }
        for all in [&c.names, &c.varnames, &c.cellvars, &c.freevars, &c.slot_names] {
            self.texts(all);
        }
        self.u32(c.instrs.len() as u32);
        for i in &c.instrs {
            self.u8(i.op as u8);
            self.u8(i.c);
            self.body.extend(i.a.to_le_bytes());
            self.u32(i.b);
        }
        self.u32(c.positions.len() as u32);
        for p in &c.positions {
            self.u32(p.line);
            self.u32(p.end_line);
            self.body.extend(p.col.to_le_bytes());
            self.body.extend(p.end_col.to_le_bytes());
        }
        self.u32(c.exc_table.len() as u32);
        for e in &c.exc_table {
            for n in [e.start, e.end, e.target, e.depth, e.lasti as u32] {
                self.u32(n);
            }
        }
        self.consts(&c.consts);
    }
    fn consts(&mut self, all: &[Const]) {
        self.u32(all.len() as u32);
        all.iter().for_each(|c| self.constant(c));
    }
    fn constant(&mut self, c: &Const) {
        match c {
            Const::None => self.u8(0),
            Const::True => self.u8(1),
            Const::False => self.u8(2),
            Const::Ellipsis => self.u8(3),
            Const::Int(i) => {
                self.u8(4);
                self.u64(*i as u64);
            }
            Const::BigInt(digits, radix) => {
                self.u8(5);
                self.text(digits);
                self.u32(*radix);
            }
            Const::Float(f) => {
                self.u8(6);
                self.u64(f.to_bits());
            }
            Const::Imag(f) => {
                self.u8(7);
                self.u64(f.to_bits());
            }
            Const::Complex(re, im) => {
                self.u8(8);
                self.u64(re.to_bits());
                self.u64(im.to_bits());
            }
            Const::Str(s) => {
                self.u8(9);
                self.text(s);
            }
            Const::StrWtf8(b) => {
                self.u8(10);
                self.bytes(b);
            }
            Const::Bytes(b) => {
                self.u8(11);
                self.bytes(b);
            }
            Const::Tuple(items) => {
                self.u8(12);
                self.consts(items);
            }
            Const::FrozenSet(items) => {
                self.u8(13);
                self.consts(items);
            }
            Const::Code(code) => {
                self.u8(14);
                self.code(code);
            }
        }
    }
}

/// Deeper nesting than any compiler's output has.
const MAX_DEPTH: u32 = 500;

struct Reader<'a> {
    bytes: &'a [u8],
    strings: Vec<Arc<str>>,
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.bytes.split_at_checked(n)?;
        self.bytes = rest;
        Some(head)
    }
    fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }
    fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }
    fn float(&mut self) -> Option<f64> {
        self.u64().map(f64::from_bits)
    }
    /// A number of things to come, each at least a byte long.
    fn count(&mut self) -> Option<usize> {
        let n = self.u32()? as usize;
        (n <= self.bytes.len()).then_some(n)
    }
    fn text(&mut self) -> Option<Arc<str>> {
        let n = self.u32()? as usize;
        self.strings.get(n).cloned()
    }
    fn texts(&mut self) -> Option<Vec<Arc<str>>> {
        let n = self.count()?;
        (0..n).map(|_| self.text()).collect()
    }
    fn instrs(&mut self) -> Option<Vec<Instr>> {
        let n = self.count()?;
        let raw = self.take(n.checked_mul(8)?)?;
        raw.chunks_exact(8)
            .map(|b| {
                let op = *Op::ALL.get(b[0] as usize)?;
                Some(Instr { op, c: b[1], a: u16::from_le_bytes([b[2], b[3]]), b: u32::from_le_bytes([b[4], b[5], b[6], b[7]]) })
            })
            .collect()
    }
    fn positions(&mut self) -> Option<Vec<Pos>> {
        let n = self.count()?;
        let raw = self.take(n.checked_mul(12)?)?;
        let at = |b: &[u8], i: usize| u32::from_le_bytes([b[i], b[i + 1], b[i + 2], b[i + 3]]);
        let pos = |b: &[u8]| Pos { line: at(b, 0), end_line: at(b, 4), col: u16::from_le_bytes([b[8], b[9]]), end_col: u16::from_le_bytes([b[10], b[11]]) };
        Some(raw.chunks_exact(12).map(pos).collect())
    }
    fn handlers(&mut self) -> Option<Vec<ExcEntry>> {
        let n = self.count()?;
        (0..n).map(|_| Some(ExcEntry { start: self.u32()?, end: self.u32()?, target: self.u32()?, depth: self.u32()?, lasti: self.u32()? != 0 })).collect()
    }
    fn code(&mut self, depth: u32) -> Option<CodeProto> {
        if depth > MAX_DEPTH {
            return None;
        }
        Some(CodeProto {
            name: self.text()?,
            qualname: self.text()?,
            filename: self.text()?,
            first_line: self.u32()?,
            arg_count: self.u32()?,
            posonly_count: self.u32()?,
            kwonly_count: self.u32()?,
            flags: self.u32()?,
            stack_size: self.u32()?,
            names: self.texts()?,
            varnames: self.texts()?,
            cellvars: self.texts()?,
            freevars: self.texts()?,
            slot_names: self.texts()?,
            instrs: self.instrs()?,
            positions: self.positions()?,
            exc_table: self.handlers()?,
            consts: self.consts(depth)?,
        })
    }
    fn consts(&mut self, depth: u32) -> Option<Vec<Const>> {
        let n = self.count()?;
        (0..n).map(|_| self.constant(depth)).collect()
    }
    fn constant(&mut self, depth: u32) -> Option<Const> {
        if depth > MAX_DEPTH {
            return None;
        }
        Some(match self.take(1)?[0] {
            0 => Const::None,
            1 => Const::True,
            2 => Const::False,
            3 => Const::Ellipsis,
            4 => Const::Int(self.u64()? as i64),
            5 => Const::BigInt(self.text()?, self.u32()?),
            6 => Const::Float(self.float()?),
            7 => Const::Imag(self.float()?),
            8 => Const::Complex(self.float()?, self.float()?),
            9 => Const::Str(self.text()?),
            10 => {
                let n = self.count()?;
                Const::StrWtf8(self.take(n)?.into())
            }
            11 => {
                let n = self.count()?;
                Const::Bytes(self.take(n)?.into())
            }
            12 => Const::Tuple(self.consts(depth + 1)?.into()),
            13 => Const::FrozenSet(self.consts(depth + 1)?.into()),
            14 => Const::Code(Arc::new(self.code(depth + 1)?)),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compile::{Mode, Options, compile_source};

    const SOURCE: &str = "import a.b\nclass C:\n  x = (1, 2.5, 3j, -1, 10**30, 'é', b'z', None, ..., {1, 2} and 1 in {1, 2})\n  def f(self, *a, k=1):\n    try:\n      return lambda: (self, a)\n    finally:\n      pass\n";

    #[test]
    fn what_is_read_is_what_was_written() {
        let code = compile_source(SOURCE, "x.py", Mode::Exec, &Options::default()).expect("compiles").code;
        let bytes = encode(&code);
        assert_eq!(decode(&bytes).as_ref(), Some(&*code));
        for cut in 0..bytes.len() {
            assert!(decode(&bytes[..cut]).is_none());
        }
    }
}
