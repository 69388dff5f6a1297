//! Splitting, stripping and padding of text (WTF-8) and bytes. Results are slices of the input.
//!
//! Functions: [`split`], [`rsplit`], [`split_space`], [`rsplit_space`], [`split_lines`], [`partition`],
//! [`rpartition`], [`strip_space`], [`strip_chars`], [`expand_tabs`], [`zfill`], [`justify`], [`is_space_at`].
//!
//! [`Kind::Str`] and [`Kind::Bytes`] differ in what is whitespace and what ends a line.

use super::search::{find, rfind};
use super::unicode::{is_line_break, is_space};
use super::wtf8;
use crate::num::err::{PyResult, memory_error, overflow_error};

/// Whether whitespace and line ends are those of str or of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Unicode's.
    Str,
    /// ASCII's.
    Bytes,
}

/// Bytes of the whitespace character at the start of `text`, 0 if there is none.
pub fn is_space_at(text: &[u8], kind: Kind) -> usize {
    match (text.first(), kind) {
        (None, _) => 0,
        (Some(9..=13 | 32), _) => 1,
        (Some(28..=31), Kind::Str) => 1,
        (Some(0..0xc0), _) | (_, Kind::Bytes) => 0,
        _ => wtf8::first(text).filter(|(c, _)| is_space(*c)).map_or(0, |(_, n)| n),
    }
}

/// Bytes of the last character.
fn last_len(text: &[u8], kind: Kind) -> usize {
    let mut at = text.len().saturating_sub(1);
    if kind == Kind::Str {
        while at > 0 && wtf8::is_continuation(text[at]) {
            at -= 1;
        }
    }
    text.len() - at
}

/// Bytes of the whitespace character at the end of `text`, 0 if there is none.
fn space_before(text: &[u8], kind: Kind) -> usize {
    is_space_at(&text[text.len() - last_len(text, kind)..], kind)
}

/// `text.split(sep, most)` with a separator that is not empty; `most` of `None` is without limit.
pub fn split<'a>(text: &'a [u8], sep: &[u8], most: Option<usize>) -> Vec<&'a [u8]> {
    let most = most.unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    let mut rest = text;
    if let [b] = sep {
        while parts.len() < most
            && let Some(at) = memchr::memchr(*b, rest)
        {
            parts.push(&rest[..at]);
            rest = &rest[at + 1..];
        }
    } else {
        let finder = memchr::memmem::Finder::new(sep);
        while parts.len() < most
            && let Some(at) = finder.find(rest)
        {
            parts.push(&rest[..at]);
            rest = &rest[at + sep.len()..];
        }
    }
    parts.push(rest);
    parts
}

/// `text.rsplit(sep, most)` with a separator that is not empty.
pub fn rsplit<'a>(text: &'a [u8], sep: &[u8], most: Option<usize>) -> Vec<&'a [u8]> {
    let most = most.unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    let mut rest = text;
    while parts.len() < most
        && let Some(at) = rfind(rest, sep)
    {
        parts.push(&rest[at + sep.len()..]);
        rest = &rest[..at];
    }
    parts.push(rest);
    parts.reverse();
    parts
}

/// `text.split(None, most)`.
pub fn split_space(text: &[u8], most: Option<usize>, kind: Kind) -> Vec<&[u8]> {
    let most = most.unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    let mut rest = strip_space(text, true, false, kind);
    while !rest.is_empty() {
        if parts.len() == most {
            parts.push(rest);
            break;
        }
        let end = word_end(rest, kind);
        parts.push(&rest[..end]);
        rest = strip_space(&rest[end..], true, false, kind);
    }
    parts
}

/// Offset of the first whitespace.
fn word_end(text: &[u8], kind: Kind) -> usize {
    let mut at = 0;
    while at < text.len() && is_space_at(&text[at..], kind) == 0 {
        at += 1;
    }
    at
}

/// `text.rsplit(None, most)`.
pub fn rsplit_space(text: &[u8], most: Option<usize>, kind: Kind) -> Vec<&[u8]> {
    let most = most.unwrap_or(usize::MAX);
    let mut parts = Vec::new();
    let mut rest = strip_space(text, false, true, kind);
    while !rest.is_empty() {
        if parts.len() == most {
            parts.push(rest);
            break;
        }
        let mut start = rest.len();
        while start > 0 && space_before(&rest[..start], kind) == 0 {
            start -= last_len(&rest[..start], kind);
        }
        parts.push(&rest[start..]);
        rest = strip_space(&rest[..start], false, true, kind);
    }
    parts.reverse();
    parts
}

/// `text.splitlines(keep_ends)`.
pub fn split_lines(text: &[u8], keep_ends: bool, kind: Kind) -> Vec<&[u8]> {
    let mut lines = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while at < text.len() {
        at += text[at..].iter().take_while(|b| !MAY_END_LINE[usize::from(**b)]).count();
        let n = line_end_at(&text[at..], kind);
        if n == 0 {
            at += 1;
            continue;
        }
        lines.push(&text[start..if keep_ends { at + n } else { at }]);
        at += n;
        start = at;
    }
    if start < text.len() {
        lines.push(&text[start..]);
    }
    lines
}

/// First bytes of line ends.
static MAY_END_LINE: [bool; 256] = {
    let mut table = [false; 256];
    let first = [b'\n', 0x0b, 0x0c, b'\r', 0x1c, 0x1d, 0x1e, 0xc2, 0xe2];
    let mut i = 0;
    while i < first.len() {
        table[first[i] as usize] = true;
        i += 1;
    }
    table
};

/// Bytes of the line end at the start of `text`, 0 if there is none.
fn line_end_at(text: &[u8], kind: Kind) -> usize {
    match text {
        [b'\r', b'\n', ..] => 2,
        [b'\n' | b'\r', ..] => 1,
        [0x0b | 0x0c | 0x1c..=0x1e, ..] if kind == Kind::Str => 1,
        [0xc2 | 0xe2, ..] if kind == Kind::Str => wtf8::first(text).filter(|(c, _)| is_line_break(*c)).map_or(0, |(_, n)| n),
        _ => 0,
    }
}

/// `text.partition(sep)` (`sep` not empty): the parts around the first occurrence, if there is one.
pub fn partition<'a>(text: &'a [u8], sep: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    find(text, sep).map(|at| (&text[..at], &text[at + sep.len()..]))
}

/// `text.rpartition(sep)` (`sep` not empty): the parts around the last occurrence, if there is one.
pub fn rpartition<'a>(text: &'a [u8], sep: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    rfind(text, sep).map(|at| (&text[..at], &text[at + sep.len()..]))
}

/// Strips whitespace at the chosen ends.
pub fn strip_space(text: &[u8], left: bool, right: bool, kind: Kind) -> &[u8] {
    let mut rest = text;
    if left {
        loop {
            let n = is_space_at(rest, kind);
            if n == 0 {
                break;
            }
            rest = &rest[n..];
        }
    }
    if right {
        while !rest.is_empty() {
            let n = space_before(rest, kind);
            if n == 0 {
                break;
            }
            rest = &rest[..rest.len() - n];
        }
    }
    rest
}

/// Strips the characters in `chars` at the chosen ends.
pub fn strip_chars<'a>(text: &'a [u8], chars: &[u8], left: bool, right: bool, kind: Kind) -> &'a [u8] {
    if kind == Kind::Bytes || chars.is_ascii() {
        let mut set = [false; 256];
        for b in chars {
            set[usize::from(*b)] = true;
        }
        let hit = |b: &&u8| set[usize::from(**b)];
        let start = if left { text.iter().take_while(hit).count() } else { 0 };
        let rest = &text[start..];
        let end = if right { rest.iter().rev().take_while(hit).count() } else { 0 };
        return &rest[..rest.len() - end];
    }
    let set: Vec<u32> = wtf8::code_points(chars).collect();
    let mut rest = text;
    while left
        && let Some((c, n)) = wtf8::first(rest)
        && set.contains(&c)
    {
        rest = &rest[n..];
    }
    while right
        && let Some(c) = wtf8::code_points(rest).next_back()
        && set.contains(&c)
    {
        rest = &rest[..rest.len() - last_len(rest, kind)];
    }
    rest
}

/// `text.expandtabs(size)`; OverflowError "result too long" when it would exceed `max_bytes`.
pub fn expand_tabs(text: &[u8], size: usize, kind: Kind, max_bytes: usize) -> PyResult<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut column = 0;
    for b in text {
        match b {
            b'\t' => {
                let n = if size == 0 { 0 } else { size - column % size };
                if n > max_bytes.saturating_sub(out.len()) {
                    return Err(overflow_error("result too long"));
                }
                out.resize(out.len() + n, b' ');
                column += n;
            }
            b => {
                out.push(*b);
                match b {
                    b'\n' | b'\r' => column = 0,
                    b if kind == Kind::Str && wtf8::is_continuation(*b) => {}
                    _ => column += 1,
                }
            }
        }
    }
    Ok(out)
}

/// `text.zfill(width)` for a text of `chars` characters.
pub fn zfill(text: &[u8], chars: usize, width: usize, max_bytes: usize) -> PyResult<Vec<u8>> {
    let zeros = width.saturating_sub(chars);
    if zeros > max_bytes {
        return Err(memory_error());
    }
    let sign = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    let mut out = Vec::with_capacity(text.len() + zeros);
    out.extend_from_slice(&text[..sign]);
    out.resize(sign + zeros, b'0');
    out.extend_from_slice(&text[sign..]);
    Ok(out)
}

/// Where [`justify`] puts the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `ljust`
    Left,
    /// `center`
    Center,
    /// `rjust`
    Right,
}

/// `ljust`, `center` and `rjust` of a text of `chars` characters; `fill` is one character. The odd space of
/// `center` goes left only when the width is odd.
pub fn justify(text: &[u8], chars: usize, width: usize, fill: &[u8], side: Side, max_bytes: usize) -> PyResult<Vec<u8>> {
    let padding = width.saturating_sub(chars);
    if padding.saturating_mul(fill.len().max(1)) > max_bytes {
        return Err(memory_error());
    }
    let left = match side {
        Side::Left => 0,
        Side::Right => padding,
        Side::Center => padding / 2 + (padding & width & 1),
    };
    let mut out = Vec::with_capacity(text.len() + padding * fill.len());
    let repeat = |out: &mut Vec<u8>, n: usize| match fill {
        [b] => out.resize(out.len() + n, *b),
        _ => (0..n).for_each(|_| out.extend_from_slice(fill)),
    };
    repeat(&mut out, left);
    out.extend_from_slice(text);
    repeat(&mut out, padding - left);
    Ok(out)
}
