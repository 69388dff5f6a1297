//! Strings as WTF-8: UTF-8 in which lone surrogates may stand too, encoded as UTF-8 would encode them.
//!
//! Functions: [`code_points`], [`push`], [`len`], [`prefix`].

/// The code points of a text.
pub fn code_points(text: &[u8]) -> CodePoints<'_> {
    CodePoints { rest: text }
}

/// Iterates over code points; made by [`code_points`].
#[derive(Clone, Debug)]
pub struct CodePoints<'a> {
    rest: &'a [u8],
}

impl CodePoints<'_> {
    /// What has not been read yet.
    pub fn as_bytes(&self) -> &[u8] {
        self.rest
    }
}

impl Iterator for CodePoints<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let (c, n) = first(self.rest)?;
        self.rest = &self.rest[n..];
        Some(c)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.rest.len().div_ceil(4), Some(self.rest.len()))
    }
}

impl DoubleEndedIterator for CodePoints<'_> {
    fn next_back(&mut self) -> Option<u32> {
        let mut at = self.rest.len().checked_sub(1)?;
        while at > 0 && is_continuation(self.rest[at]) {
            at -= 1;
        }
        let (c, _) = first(&self.rest[at..])?;
        self.rest = &self.rest[..at];
        Some(c)
    }
}

/// Whether the byte continues a character.
pub(crate) fn is_continuation(b: u8) -> bool {
    b & 0xc0 == 0x80
}

/// The first code point and the bytes it takes. A truncated sequence (never in a well-formed text) reads as far
/// as it goes.
pub fn first(text: &[u8]) -> Option<(u32, usize)> {
    let lead = *text.first()?;
    let tail = |i: usize| u32::from(text.get(i).copied().unwrap_or(0) & 0x3f);
    let lead32 = u32::from(lead);
    let (c, n) = match lead {
        0..=0xbf => (lead32, 1),
        0xc0..=0xdf => ((lead32 & 0x1f) << 6 | tail(1), 2),
        0xe0..=0xef => ((lead32 & 0x0f) << 12 | tail(1) << 6 | tail(2), 3),
        _ => (
            (lead32 & 7) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3),
            4,
        ),
    };
    Some((c, n.min(text.len())))
}

/// Appends a code point (also a surrogate).
pub fn push(out: &mut Vec<u8>, c: u32) {
    let tail = |shift: u32| 0x80 | (c >> shift & 0x3f) as u8;
    match c {
        0..=0x7f => out.push(c as u8),
        0x80..=0x7ff => out.extend([0xc0 | (c >> 6) as u8, tail(0)]),
        0x800..=0xffff => out.extend([0xe0 | (c >> 12) as u8, tail(6), tail(0)]),
        _ => out.extend([0xf0 | (c >> 18) as u8, tail(12), tail(6), tail(0)]),
    }
}

/// Length in code points.
pub fn len(text: &[u8]) -> usize {
    text.iter().filter(|b| !is_continuation(**b)).count()
}

/// The first `most` code points and how many they are.
pub fn prefix(text: &[u8], most: usize) -> (&[u8], usize) {
    let mut n = 0;
    for (at, b) in text.iter().enumerate() {
        if !is_continuation(*b) {
            if n == most {
                return (&text[..at], n);
            }
            n += 1;
        }
    }
    (text, n)
}
