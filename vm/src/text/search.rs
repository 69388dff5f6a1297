//! Searching and replacing in text (WTF-8) and bytes.
//!
//! Offsets are in bytes; `wtf8::char_of` makes characters of them. The caller has cut the haystack to
//! `start..end` already; mind Python's rule that an empty needle is not found when `start` is past the end.
//!
//! Functions: [`find`], [`rfind`], [`count`], [`replace`], [`contains`]; [`Unit`] says whether the text's characters
//! are code points or bytes, which matters only for empty needles.

use super::wtf8;
use crate::num::err::{PyResult, memory_error};
use memchr::memmem;

/// What the characters of a text are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Code points: a str.
    Chars,
    /// Bytes: bytes, bytearray, or a str that is ASCII.
    Bytes,
}

impl Unit {
    /// Length of `text` in its unit.
    pub fn len(self, text: &[u8]) -> usize {
        match self {
            Unit::Chars => wtf8::len(text),
            Unit::Bytes => text.len(),
        }
    }

    /// Bytes of the first character; 0 at the end.
    fn first(self, text: &[u8]) -> usize {
        match self {
            Unit::Chars => wtf8::first(text).map_or(0, |(_, n)| n),
            Unit::Bytes => text.len().min(1),
        }
    }
}

/// Offset of the first occurrence.
pub fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(0),
        [b] => memchr::memchr(*b, text),
        _ => memmem::find(text, needle),
    }
}

/// Offset of the last occurrence.
pub fn rfind(text: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => Some(text.len()),
        [b] => memchr::memrchr(*b, text),
        _ => memmem::rfind(text, needle),
    }
}

/// Whether `needle` occurs.
pub fn contains(text: &[u8], needle: &[u8]) -> bool {
    find(text, needle).is_some()
}

/// Occurrences that do not overlap; an empty needle occurs around every character.
pub fn count(text: &[u8], needle: &[u8], unit: Unit) -> usize {
    match needle {
        [] => unit.len(text) + 1,
        [b] => memchr::memchr_iter(*b, text).count(),
        _ => memmem::find_iter(text, needle).count(),
    }
}

/// Replaces the first `most` occurrences (all for `None`); `Ok(None)` when nothing changes, MemoryError when the
/// result would exceed `max_bytes`.
pub fn replace(text: &[u8], old: &[u8], new: &[u8], most: Option<usize>, unit: Unit, max_bytes: usize) -> PyResult<Option<Vec<u8>>> {
    let hits = count(text, old, unit).min(most.unwrap_or(usize::MAX));
    if hits == 0 || old == new {
        return Ok(None);
    }
    let size = new.len().checked_mul(hits).and_then(|n| n.checked_add(text.len() - old.len() * hits)).filter(|n| *n <= max_bytes).ok_or_else(memory_error)?;
    let mut out = Vec::with_capacity(size);
    let mut rest = text;
    if old.is_empty() {
        for _ in 0..hits {
            out.extend_from_slice(new);
            let (head, tail) = rest.split_at(unit.first(rest));
            out.extend_from_slice(head);
            rest = tail;
        }
    } else {
        let finder = memmem::Finder::new(old);
        for _ in 0..hits {
            let Some(at) = finder.find(rest) else { break };
            out.extend_from_slice(&rest[..at]);
            out.extend_from_slice(new);
            rest = &rest[at + old.len()..];
        }
    }
    out.extend_from_slice(rest);
    Ok(Some(out))
}
