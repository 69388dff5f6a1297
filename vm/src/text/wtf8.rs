//! Strings as WTF-8: UTF-8 in which lone surrogates may stand too, encoded as UTF-8 would encode them.
//!
//! Unlike strict WTF-8 a high surrogate directly followed by a low one stays a pair of characters, as in Python:
//! so joining texts is joining bytes, and order and equality of texts are those of their bytes.
//!
//! Functions: [`code_points`], [`first`], [`push`], [`len`], [`prefix`], [`byte_of`], [`char_of`], [`char_at`],
//! [`slice()`], [`slice_step`], [`has_surrogates`], [`to_str`], [`from_code_points`], [`reverse`], and [`Crumbs`],
//! an index into long texts that are not ASCII.

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
        _ => ((lead32 & 7) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4),
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
    // Written so that the compiler counts many bytes at a time.
    text.chunks(192).map(|c| c.iter().map(|b| u8::from(!is_continuation(*b))).sum::<u8>() as usize).sum()
}

/// Byte offset of the `i`-th code point (the end if there are fewer), by a walk from the start.
pub fn byte_of(text: &[u8], i: usize) -> usize {
    let mut left = i;
    let mut base = 0;
    for chunk in text.chunks(128) {
        let n = len(chunk);
        if n > left {
            break;
        }
        left -= n;
        base += chunk.len();
    }
    for (at, b) in text[base..].iter().enumerate() {
        if !is_continuation(*b) {
            if left == 0 {
                return base + at;
            }
            left -= 1;
        }
    }
    text.len()
}

/// How many code points begin before byte offset `at`.
pub fn char_of(text: &[u8], at: usize) -> usize {
    len(&text[..at.min(text.len())])
}

/// The `i`-th code point.
pub fn char_at(text: &[u8], i: usize) -> Option<u32> {
    first(&text[byte_of(text, i)..]).map(|(c, _)| c)
}

/// Code points `start..stop`, by a walk.
pub fn slice(text: &[u8], start: usize, stop: usize) -> &[u8] {
    let from = byte_of(text, start);
    let rest = &text[from..];
    &rest[..byte_of(rest, stop.saturating_sub(start))]
}

/// `count` code points from `start` on, `step` apart (which may be negative, never 0).
pub fn slice_step(text: &[u8], start: usize, step: isize, count: usize) -> Vec<u8> {
    if count == 0 {
        return Vec::new();
    }
    let stride = step.unsigned_abs();
    let mut out = Vec::with_capacity(count);
    let from = byte_of(text, start);
    if step > 0 {
        for c in code_points(&text[from..]).step_by(stride).take(count) {
            push(&mut out, c);
        }
    } else {
        let end = from + first(&text[from..]).map_or(0, |(_, n)| n);
        for c in code_points(&text[..end]).rev().step_by(stride).take(count) {
            push(&mut out, c);
        }
    }
    out
}

/// The text backwards.
pub fn reverse(text: &[u8]) -> Vec<u8> {
    slice_step(text, len(text).saturating_sub(1), -1, len(text))
}

/// Whether lone surrogates occur, so that the text is no UTF-8.
pub fn has_surrogates(text: &[u8]) -> bool {
    memchr::memchr_iter(0xed, text).any(|at| text.get(at + 1).is_some_and(|b| *b >= 0xa0))
}

/// The text as `str`, unless lone surrogates occur.
pub fn to_str(text: &[u8]) -> Option<&str> {
    std::str::from_utf8(text).ok()
}

/// The text of code points.
pub fn from_code_points(points: impl IntoIterator<Item = u32>) -> Vec<u8> {
    let mut out = Vec::new();
    for c in points {
        push(&mut out, c);
    }
    out
}

/// Where each 32nd code point of a text begins, so that indexing a long text takes constant time. Worth building
/// for texts that are not ASCII and longer than a few hundred bytes, when they are indexed more than once.
#[derive(Clone, Debug)]
pub struct Crumbs {
    offsets: Box<[usize]>,
    len: usize,
}

/// Code points between two crumbs.
const APART: usize = 32;

impl Crumbs {
    /// Walks through `text` once.
    pub fn new(text: &[u8]) -> Crumbs {
        let mut offsets = Vec::with_capacity(text.len() / APART / 2 + 1);
        let mut n = 0;
        for (at, b) in text.iter().enumerate() {
            if !is_continuation(*b) {
                if n % APART == 0 {
                    offsets.push(at);
                }
                n += 1;
            }
        }
        Crumbs { offsets: offsets.into(), len: n }
    }

    /// Length in code points.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes that the index takes.
    pub fn heap_bytes(&self) -> usize {
        self.offsets.len() * size_of::<usize>()
    }

    /// Byte offset of the `i`-th code point of the text that the index was built for.
    pub fn byte_of(&self, text: &[u8], i: usize) -> usize {
        if i >= self.len {
            return text.len();
        }
        let base = self.offsets[i / APART];
        base + byte_of(&text[base..], i % APART)
    }

    /// How many code points begin before byte offset `at`.
    pub fn char_of(&self, text: &[u8], at: usize) -> usize {
        let crumb = self.offsets.partition_point(|o| *o <= at).saturating_sub(1);
        let base = self.offsets.get(crumb).copied().unwrap_or(0);
        crumb * APART + len(&text[base..at.clamp(base, text.len())])
    }

    /// The `i`-th code point.
    pub fn char_at(&self, text: &[u8], i: usize) -> Option<u32> {
        first(&text[self.byte_of(text, i)..]).map(|(c, _)| c)
    }

    /// Code points `start..stop`.
    pub fn slice<'a>(&self, text: &'a [u8], start: usize, stop: usize) -> &'a [u8] {
        let from = self.byte_of(text, start);
        &text[from..self.byte_of(text, stop).max(from)]
    }
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
