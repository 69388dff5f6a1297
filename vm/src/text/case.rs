//! Case of whole texts (WTF-8), with the full mappings (one character may become several) and the final sigma.
//!
//! Functions: [`lower`], [`upper`], [`title`], [`capitalize`], [`swapcase`], [`casefold`]; [`is_lower`], [`is_upper`],
//! [`is_title`], [`all`] (for `isalpha` and its like: not empty, and every character is); [`push_lower`],
//! [`push_upper`], [`push_title`], [`push_fold`] for one character. The `ascii_*` functions are those of bytes.

use super::unicode::{self, is_case_ignorable, is_cased};
use super::{tables, wtf8};

const CAPITAL_SIGMA: u32 = 0x3a3;
const SMALL_SIGMA: u32 = 0x3c3;
const FINAL_SIGMA: u32 = 0x3c2;

/// The large scripts that have no case: from CJK radicals to Yi, and Hangul.
fn has_no_case(c: u32) -> bool {
    matches!(c, 0x2e80..0xa490 | 0xac00..0xd800)
}

/// Appends the lower case of a character (without regard to the final sigma).
pub fn push_lower(out: &mut Vec<u8>, c: u32) {
    match char::from_u32(c).filter(|_| !has_no_case(c)) {
        Some(ch) => ch.to_lowercase().for_each(|l| wtf8::push(out, l as u32)),
        None => wtf8::push(out, c),
    }
}

/// Characters whose upper case is younger than CPython 3.12's Unicode 15.0.
const WITHOUT_UPPER: [u32; 4] = [0x19b, 0x264, 0xa7d3, 0xa7d5];

/// Appends the upper case of a character.
pub fn push_upper(out: &mut Vec<u8>, c: u32) {
    match char::from_u32(c).filter(|_| !has_no_case(c) && !WITHOUT_UPPER.contains(&c)) {
        Some(ch) => ch.to_uppercase().for_each(|l| wtf8::push(out, l as u32)),
        None => wtf8::push(out, c),
    }
}

/// A table's text for `c`, if it is listed.
fn listed(table: &[(u32, &'static str)], c: u32) -> Option<&'static str> {
    table.binary_search_by_key(&c, |(key, _)| *key).ok().map(|at| table[at].1)
}

/// Appends the title case of a character.
pub fn push_title(out: &mut Vec<u8>, c: u32) {
    match listed(tables::TITLE, c) {
        Some(text) => out.extend_from_slice(text.as_bytes()),
        None => push_upper(out, c),
    }
}

/// Appends the case folding of a character.
pub fn push_fold(out: &mut Vec<u8>, c: u32) {
    match listed(tables::FOLD, c) {
        Some(text) => out.extend_from_slice(text.as_bytes()),
        None => push_lower(out, c),
    }
}

/// Appends the lower case of the character `c` that stands between `before` and `after`.
fn push_lower_within(out: &mut Vec<u8>, c: u32, before: &[u8], after: &[u8]) {
    if c != CAPITAL_SIGMA {
        return push_lower(out, c);
    }
    let cased = |mut points: Box<dyn Iterator<Item = u32> + '_>| points.find(|c| !is_case_ignorable(*c)).is_some_and(is_cased);
    let ends_word = cased(Box::new(wtf8::code_points(before).rev())) && !cased(Box::new(wtf8::code_points(after)));
    wtf8::push(out, if ends_word { FINAL_SIGMA } else { SMALL_SIGMA });
}

/// Calls `f` with each character and what stands before and after it.
fn each(text: &[u8], mut f: impl FnMut(u32, &[u8], &[u8])) {
    let mut at = 0;
    while let Some((c, n)) = wtf8::first(&text[at..]) {
        f(c, &text[..at], &text[at + n..]);
        at += n;
    }
}

/// `str.lower`.
pub fn lower(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = Vec::with_capacity(text.len());
    each(text, |c, before, after| push_lower_within(&mut out, c, before, after));
    out
}

/// `str.upper`.
pub fn upper(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    let mut out = Vec::with_capacity(text.len());
    each(text, |c, _, _| push_upper(&mut out, c));
    out
}

/// `str.title`.
pub fn title(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut inside = false;
    each(text, |c, before, after| {
        if inside {
            push_lower_within(&mut out, c, before, after);
        } else {
            push_title(&mut out, c);
        }
        inside = is_cased(c);
    });
    out
}

/// `str.capitalize`.
pub fn capitalize(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    each(text, |c, before, after| {
        if before.is_empty() {
            push_title(&mut out, c);
        } else {
            push_lower_within(&mut out, c, before, after);
        }
    });
    out
}

/// `str.swapcase`.
pub fn swapcase(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    each(text, |c, before, after| {
        if unicode::is_upper(c) {
            push_lower_within(&mut out, c, before, after);
        } else if unicode::is_lower(c) {
            push_upper(&mut out, c);
        } else {
            wtf8::push(&mut out, c);
        }
    });
    out
}

/// `str.casefold`.
pub fn casefold(text: &[u8]) -> Vec<u8> {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = Vec::with_capacity(text.len());
    each(text, |c, _, _| push_fold(&mut out, c));
    out
}

/// Not empty, and `test` holds for every character: `isalpha`, `isdigit`, `isspace` and their like.
pub fn all(text: &[u8], test: impl Fn(u32) -> bool) -> bool {
    !text.is_empty() && wtf8::code_points(text).all(test)
}

/// `str.isidentifier`.
pub fn is_identifier(text: &[u8]) -> bool {
    let mut points = wtf8::code_points(text);
    points.next().is_some_and(unicode::is_id_start) && points.all(unicode::is_id_continue)
}

/// `str.islower`: something is lower case, nothing is upper or title case.
pub fn is_lower(text: &[u8]) -> bool {
    let mut seen = false;
    for c in wtf8::code_points(text) {
        if unicode::is_upper(c) || unicode::is_title(c) {
            return false;
        }
        seen |= unicode::is_lower(c);
    }
    seen
}

/// `str.isupper`: something is upper case, nothing is lower or title case.
pub fn is_upper(text: &[u8]) -> bool {
    let mut seen = false;
    for c in wtf8::code_points(text) {
        if unicode::is_lower(c) || unicode::is_title(c) {
            return false;
        }
        seen |= unicode::is_upper(c);
    }
    seen
}

/// `str.istitle`: upper or title case exactly where no cased character stands before.
pub fn is_title(text: &[u8]) -> bool {
    let (mut seen, mut inside) = (false, false);
    for c in wtf8::code_points(text) {
        if unicode::is_upper(c) || unicode::is_title(c) {
            if inside {
                return false;
            }
            (seen, inside) = (true, true);
        } else if unicode::is_lower(c) {
            if !inside {
                return false;
            }
            seen = true;
        } else {
            inside = false;
        }
    }
    seen
}

/// `bytes.title`.
pub fn ascii_title(bytes: &[u8]) -> Vec<u8> {
    let mut inside = false;
    let change = |b: &u8| {
        let c = if inside { b.to_ascii_lowercase() } else { b.to_ascii_uppercase() };
        inside = b.is_ascii_alphabetic();
        c
    };
    bytes.iter().map(change).collect()
}

/// `bytes.capitalize`.
pub fn ascii_capitalize(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_ascii_lowercase();
    if let Some(first) = out.first_mut() {
        first.make_ascii_uppercase();
    }
    out
}

/// `bytes.swapcase`.
pub fn ascii_swapcase(bytes: &[u8]) -> Vec<u8> {
    let change = |b: &u8| {
        if b.is_ascii_lowercase() { b.to_ascii_uppercase() } else { b.to_ascii_lowercase() }
    };
    bytes.iter().map(change).collect()
}

/// `bytes.islower`, `bytes.isupper`.
pub fn ascii_is_case(bytes: &[u8], lower: bool) -> bool {
    let (wanted, other): (ByteTest, ByteTest) =
        if lower { (u8::is_ascii_lowercase, u8::is_ascii_uppercase) } else { (u8::is_ascii_uppercase, u8::is_ascii_lowercase) };
    bytes.iter().any(wanted) && !bytes.iter().any(other)
}

type ByteTest = fn(&u8) -> bool;

/// `bytes.istitle`.
pub fn ascii_is_title(bytes: &[u8]) -> bool {
    let (mut seen, mut inside) = (false, false);
    for b in bytes {
        if b.is_ascii_alphabetic() {
            if b.is_ascii_uppercase() == inside {
                return false;
            }
            (seen, inside) = (true, true);
        } else {
            inside = false;
        }
    }
    seen
}
