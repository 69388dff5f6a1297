//! What stands around deflated data: zlib's header and checksum (RFC 1950), gzip's (RFC 1952), or nothing.

/// A container.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrap {
    /// Bare deflated data.
    Raw,
    /// zlib's.
    Zlib,
    /// gzip's.
    Gzip,
    /// zlib's or gzip's, as the first byte tells (decompression only).
    Auto,
}

impl Wrap {
    /// The container and the bits of the window that `wbits` stands for; `None` where it stands for nothing.
    pub fn from_bits(wbits: i32, compressing: bool) -> Option<(Wrap, u8)> {
        let least = if compressing { 9 } else { 8 };
        Some(match wbits {
            -15..=-8 if -wbits >= least => (Wrap::Raw, -wbits as u8),
            0 if !compressing => (Wrap::Zlib, 0),
            16 if !compressing => (Wrap::Gzip, 0),
            32 if !compressing => (Wrap::Auto, 0),
            8..=15 if wbits >= least || compressing => (Wrap::Zlib, wbits.max(9) as u8),
            8..=15 => (Wrap::Zlib, wbits as u8),
            24..=31 => (Wrap::Gzip, wbits as u8 - 16),
            40..=47 if !compressing => (Wrap::Auto, wbits as u8 - 32),
            _ => return None,
        })
    }
}

/// The running checksum of a container: Adler-32 or CRC-32.
#[derive(Clone)]
pub enum Check {
    /// None kept.
    Off,
    /// zlib's.
    Adler(adler2::Adler32),
    /// gzip's, with the number of bytes.
    Crc(crc32fast::Hasher, u32),
}

impl Check {
    /// That of a container.
    pub fn new(wrap: Wrap) -> Check {
        match wrap {
            Wrap::Zlib => Check::Adler(adler2::Adler32::new()),
            Wrap::Gzip => Check::Crc(crc32fast::Hasher::new(), 0),
            Wrap::Raw | Wrap::Auto => Check::Off,
        }
    }
    /// Counts plain bytes in.
    pub fn update(&mut self, data: &[u8]) {
        match self {
            Check::Off => {}
            Check::Adler(a) => a.write_slice(data),
            Check::Crc(c, n) => {
                c.update(data);
                *n = n.wrapping_add(data.len() as u32);
            }
        }
    }
    /// The bytes that end the container.
    pub fn trailer(&self) -> Vec<u8> {
        match self {
            Check::Off => Vec::new(),
            Check::Adler(a) => a.checksum().to_be_bytes().to_vec(),
            Check::Crc(c, n) => [c.clone().finalize().to_le_bytes(), n.to_le_bytes()].concat(),
        }
    }
}

/// Adler-32 of some bytes, going on from another.
pub fn adler32(start: u32, data: &[u8]) -> u32 {
    let mut a = adler2::Adler32::from_checksum(start);
    a.write_slice(data);
    a.checksum()
}

/// The header of a container; `dictionary` is the checksum of a preset one.
pub fn header(wrap: Wrap, bits: u8, level: u8, dictionary: Option<u32>) -> Vec<u8> {
    match wrap {
        Wrap::Raw | Wrap::Auto => Vec::new(),
        Wrap::Gzip => vec![
            0x1f,
            0x8b,
            8,
            0,
            0,
            0,
            0,
            0,
            if level == 9 {
                2
            } else if level < 2 {
                4
            } else {
                0
            },
            3,
        ],
        Wrap::Zlib => {
            let strength = match level {
                0 | 1 => 0,
                2..=5 => 1,
                6 => 2,
                _ => 3,
            };
            let first = (u32::from(bits) - 8) << 4 | 8;
            let mut word = first << 8 | strength << 6 | u32::from(dictionary.is_some()) << 5;
            word += 31 - word % 31;
            let mut out = (word as u16).to_be_bytes().to_vec();
            out.extend(dictionary.map(u32::to_be_bytes).into_iter().flatten());
            out
        }
    }
}

/// What a header says.
pub struct Header {
    /// zlib's or gzip's.
    pub wrap: Wrap,
    /// Bytes of it.
    pub len: usize,
    /// The checksum of the dictionary that is needed.
    pub dictionary: Option<u32>,
}

/// Reads a header; `Ok(None)` where bytes are missing. Errors are zlib's texts.
pub fn read_header(wrap: Wrap, bits: u8, data: &[u8]) -> Result<Option<Header>, &'static str> {
    match (wrap, data) {
        (Wrap::Raw, _) => Ok(Some(Header { wrap, len: 0, dictionary: None })),
        (_, [] | [_]) => Ok(None),
        (Wrap::Gzip | Wrap::Auto, [0x1f, 0x8b, ..]) => read_gzip(data),
        (Wrap::Gzip, _) => Err("incorrect header check"),
        (_, [a, b, ..]) => {
            if (u32::from(*a) << 8 | u32::from(*b)) % 31 != 0 {
                return Err("incorrect header check");
            }
            if a & 15 != 8 {
                return Err("unknown compression method");
            }
            if (a >> 4) + 8 > if bits == 0 { 15 } else { bits } {
                return Err("invalid window size");
            }
            if b & 32 == 0 {
                return Ok(Some(Header { wrap: Wrap::Zlib, len: 2, dictionary: None }));
            }
            let id = data.get(2..6).and_then(|d| d.try_into().ok()).map(u32::from_be_bytes);
            Ok(id.map(|id| Header { wrap: Wrap::Zlib, len: 6, dictionary: Some(id) }))
        }
    }
}

fn read_gzip(data: &[u8]) -> Result<Option<Header>, &'static str> {
    let Some([method, flags]) = data.get(2..4) else { return Ok(None) };
    if *method != 8 {
        return Err("unknown compression method");
    }
    if flags & 0xe0 != 0 {
        return Err("unknown header flags set");
    }
    let mut at = 10;
    if flags & 4 != 0 {
        let Some([low, high]) = data.get(at..at + 2) else { return Ok(None) };
        at += 2 + usize::from(*low) + (usize::from(*high) << 8);
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            let Some(end) = data.get(at..).and_then(|d| d.iter().position(|b| *b == 0)) else { return Ok(None) };
            at += end + 1;
        }
    }
    if flags & 2 != 0 {
        at += 2;
    }
    Ok(if at <= data.len() { Some(Header { wrap: Wrap::Gzip, len: at, dictionary: None }) } else { None })
}
