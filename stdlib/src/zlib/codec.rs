//! Streams of deflated data in their containers. The arithmetic is the crate `miniz_oxide`'s, whose window is always 32 KB.

use super::wrap::{Check, Header, Wrap, adler32, header, read_header};
use miniz_oxide::deflate::core::{CompressorOxide, TDEFLFlush, TDEFLStatus, compress, create_comp_flags_from_zip_params};
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZError, MZFlush, MZStatus};

const BLOCK: usize = 32 * 1024;

/// A stream being compressed.
#[derive(Clone)]
pub struct Packer {
    inner: Box<CompressorOxide>,
    check: Check,
    /// The header, until it is written.
    header: Vec<u8>,
    /// Ended by `Z_FINISH`.
    pub finished: bool,
}

impl Packer {
    /// A fresh stream. `level` is -1 to 9, `strategy` as zlib counts them.
    pub fn new(level: i32, wrap: Wrap, bits: u8, strategy: i32, dictionary: Option<&[u8]>) -> Packer {
        let level = if level < 0 { 6 } else { level };
        let mut inner = Box::new(CompressorOxide::new(create_comp_flags_from_zip_params(level, -15, strategy)));
        if let Some(d) = dictionary {
            // compressed and forgotten, it stays in the window
            let tail = &d[d.len().saturating_sub(BLOCK)..];
            run(&mut inner, tail, TDEFLFlush::Sync);
        }
        let header = header(wrap, bits, level as u8, dictionary.map(|d| adler32(1, d)));
        Packer { inner, check: Check::new(wrap), header, finished: false }
    }
    /// Compresses data; what is ready.
    pub fn compress(&mut self, data: &[u8]) -> Vec<u8> {
        self.check.update(data);
        let mut out = std::mem::take(&mut self.header);
        out.extend(run(&mut self.inner, data, TDEFLFlush::None));
        out
    }
    /// Brings out what is held back, in one of zlib's modes (1 to 5; 4 ends the stream).
    pub fn flush(&mut self, mode: i32) -> Vec<u8> {
        let flush = match mode {
            4 => TDEFLFlush::Finish,
            3 => TDEFLFlush::Full,
            _ => TDEFLFlush::Sync,
        };
        let mut out = std::mem::take(&mut self.header);
        out.extend(run(&mut self.inner, &[], flush));
        if mode == 4 {
            out.extend(self.check.trailer());
            self.finished = true;
        }
        out
    }
}

fn run(inner: &mut CompressorOxide, mut data: &[u8], flush: TDEFLFlush) -> Vec<u8> {
    let mut out = Vec::new();
    let mut block = vec![0; BLOCK];
    loop {
        let (status, used, written) = compress(inner, data, &mut block, flush);
        data = &data[used..];
        out.extend_from_slice(&block[..written]);
        let more = written == block.len() || !data.is_empty();
        if status != TDEFLStatus::Okay || !more {
            return out;
        }
    }
}

/// What went wrong in decompressing.
#[derive(Debug)]
pub enum Fault {
    /// zlib's error -3 with its text.
    Data(&'static str),
    /// zlib's error 2: a preset dictionary is needed.
    NeedsDictionary,
    /// The preset dictionary is another.
    WrongDictionary,
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Header,
    Body,
    Trailer,
    End,
}

/// A stream being decompressed.
#[derive(Clone)]
pub struct Unpacker {
    inner: Box<InflateState>,
    wrap: Wrap,
    bits: u8,
    check: Check,
    stage: Stage,
    /// Bytes of an unfinished header or trailer.
    held: Vec<u8>,
    dictionary: Option<Vec<u8>>,
}

impl Unpacker {
    /// A fresh stream.
    pub fn new(wrap: Wrap, bits: u8, dictionary: Option<Vec<u8>>) -> Unpacker {
        let mut new =
            Unpacker { inner: InflateState::new_boxed(DataFormat::Raw), wrap, bits, check: Check::Off, stage: Stage::Header, held: Vec::new(), dictionary };
        if wrap == Wrap::Raw {
            new.stage = Stage::Body;
            new.prime();
        }
        new
    }
    /// Whether the stream has ended.
    pub fn ended(&self) -> bool {
        self.stage == Stage::End
    }
    /// Puts the dictionary into the window, as a stored block.
    fn prime(&mut self) {
        let Some(d) = &self.dictionary else { return };
        let tail = &d[d.len().saturating_sub(BLOCK - 1)..];
        let len = tail.len() as u16;
        let mut block = vec![0];
        block.extend(len.to_le_bytes());
        block.extend((!len).to_le_bytes());
        block.extend_from_slice(tail);
        let mut forgotten = vec![0; BLOCK];
        inflate(&mut self.inner, &block, &mut forgotten, MZFlush::None);
    }
    /// Decompresses, at most `most` bytes: what came out and how much was used.
    pub fn decompress(&mut self, data: &[u8], most: usize) -> Result<(Vec<u8>, usize), Fault> {
        let mut out = Vec::new();
        let mut used = 0;
        loop {
            let before = (used, out.len(), self.stage);
            match self.stage {
                Stage::Header => used += self.header(&data[used..])?,
                Stage::Body => used += self.body(&data[used..], most, &mut out)?,
                Stage::Trailer => used += self.trailer(&data[used..])?,
                Stage::End => return Ok((out, used)),
            }
            if (used, out.len(), self.stage) == before || (self.stage == Stage::Body && out.len() >= most) {
                return Ok((out, used));
            }
        }
    }
    fn header(&mut self, data: &[u8]) -> Result<usize, Fault> {
        let held = self.held.len();
        self.held.extend_from_slice(data);
        let Some(Header { wrap, len, dictionary }) = read_header(self.wrap, self.bits, &self.held).map_err(Fault::Data)? else {
            return Ok(data.len());
        };
        if let Some(id) = dictionary {
            let Some(own) = &self.dictionary else {
                self.held.truncate(held);
                return Err(Fault::NeedsDictionary);
            };
            if adler32(1, own) != id {
                return Err(Fault::WrongDictionary);
            }
            self.prime();
        }
        self.held = Vec::new();
        self.check = Check::new(wrap);
        self.stage = Stage::Body;
        Ok(len.saturating_sub(held))
    }
    fn body(&mut self, data: &[u8], most: usize, out: &mut Vec<u8>) -> Result<usize, Fault> {
        let mut block = vec![0; BLOCK.min(most - out.len()).max(1)];
        let room = block.len().min(most - out.len());
        let r = inflate(&mut self.inner, data, &mut block[..room], MZFlush::None);
        self.check.update(&block[..r.bytes_written]);
        out.extend_from_slice(&block[..r.bytes_written]);
        match r.status {
            Ok(MZStatus::StreamEnd) => {
                self.stage = Stage::Trailer;
                Ok(r.bytes_consumed)
            }
            Ok(_) | Err(MZError::Buf) => Ok(r.bytes_consumed),
            Err(_) => Err(Fault::Data(if data.first().is_some_and(|b| b & 6 == 6) { "invalid block type" } else { "invalid deflate data" })),
        }
    }
    fn trailer(&mut self, data: &[u8]) -> Result<usize, Fault> {
        let wanted = self.check.trailer();
        let take = (wanted.len() - self.held.len()).min(data.len());
        self.held.extend_from_slice(&data[..take]);
        if self.held.len() < wanted.len() {
            return Ok(take);
        }
        if self.held != wanted {
            let sum_differs = self.held.get(..4) != wanted.get(..4);
            return Err(Fault::Data(if sum_differs { "incorrect data check" } else { "incorrect length check" }));
        }
        self.stage = Stage::End;
        Ok(take)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips_through_every_container_byte_by_byte() {
        let data: Vec<u8> = (0..70_000u32).map(|i| (i.wrapping_mul(i) >> 7) as u8).collect();
        for wrap in [Wrap::Raw, Wrap::Zlib, Wrap::Gzip] {
            for dictionary in [None, Some(&data[100..200])] {
                let mut p = Packer::new(6, wrap, 15, 0, dictionary.filter(|_| wrap != Wrap::Gzip));
                let mut packed = p.compress(&data);
                packed.extend(p.flush(4));
                let mut u = Unpacker::new(wrap, 15, dictionary.map(<[u8]>::to_vec));
                let mut out = Vec::new();
                let mut at = 0;
                while !u.ended() {
                    let (got, used) = u.decompress(&packed[at..(at + 1).min(packed.len())], 100).unwrap();
                    out.extend(got);
                    at += used;
                }
                assert!(out == data && at == packed.len(), "{wrap:?}");
            }
        }
    }
}
