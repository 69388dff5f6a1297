//! Predicates on code points, as CPython's `unicodectype.c` answers them. All take a `u32` (a code point; lone
//! surrogates are allowed and answer no to everything but being not printable).
//!
//! Functions: [`is_space`], [`is_line_break`], [`is_printable`], [`is_alpha`], [`is_decimal`], [`is_digit`],
//! [`is_numeric`], [`is_alnum`], [`is_lower`], [`is_upper`], [`is_title`], [`is_cased`], [`is_case_ignorable`],
//! [`is_id_start`], [`is_id_continue`], [`decimal_digit`], [`digit_value`].
//!
//! Sources: general categories from `unicode-general-category`, identifiers from `unicode-ident`, case properties
//! from the standard library, digit values from `tables.rs`. For every character of Unicode 15.0 the answers are those
//! of CPython 3.12 (tested); the crates also know younger ones.

use super::tables;
use unicode_general_category::{GeneralCategory as Gc, get_general_category};

/// `str.isspace` of one character: bidirectional class WS, B or S, or category Zs.
pub fn is_space(c: u32) -> bool {
    if c < 0x80 {
        return matches!(c, 9..=13 | 28..=32);
    }
    matches!(c, 0x85 | 0xa0 | 0x1680 | 0x2000..=0x200a | 0x2028 | 0x2029 | 0x202f | 0x205f | 0x3000)
}

/// Whether `str.splitlines` breaks after the character.
pub fn is_line_break(c: u32) -> bool {
    matches!(c, 10..=13 | 28..=30 | 0x85 | 0x2028 | 0x2029)
}

fn category(c: u32) -> Gc {
    char::from_u32(c).map_or(Gc::Surrogate, get_general_category)
}

/// `str.isprintable` of one character.
pub fn is_printable(c: u32) -> bool {
    if c < 0x7f {
        return c >= 0x20;
    }
    if matches!(c, 0x4e00..0xa000 | 0x3041..=0x3096 | 0x30a0..0x3100 | 0xac00..=0xd7a3) {
        return true;
    }
    !matches!(
        category(c),
        Gc::Control | Gc::Format | Gc::Surrogate | Gc::PrivateUse | Gc::Unassigned | Gc::LineSeparator | Gc::ParagraphSeparator | Gc::SpaceSeparator
    )
}

/// `str.isalpha` of one character: category Lu, Ll, Lt, Lm or Lo.
pub fn is_alpha(c: u32) -> bool {
    if c < 0x80 {
        return (c as u8).is_ascii_alphabetic();
    }
    matches!(category(c), Gc::UppercaseLetter | Gc::LowercaseLetter | Gc::TitlecaseLetter | Gc::ModifierLetter | Gc::OtherLetter)
}

/// The value of a decimal digit of any script.
pub fn decimal_digit(c: u32) -> Option<u8> {
    if c < 0x80 {
        return (c as u8).is_ascii_digit().then(|| c as u8 - b'0');
    }
    let at = tables::ZEROS.partition_point(|z| *z <= c);
    let offset = c - tables::ZEROS[at.checked_sub(1)?];
    (offset < 10).then_some(offset as u8)
}

/// The value of a digit: decimal ones and superscripts, circled digits and the like.
pub fn digit_value(c: u32) -> Option<u8> {
    if let Some(d) = decimal_digit(c) {
        return Some(d);
    }
    let at = tables::DIGITS.partition_point(|(first, ..)| *first <= c);
    let (first, last, value) = tables::DIGITS[at.checked_sub(1)?];
    (c <= last).then(|| value + (c - first) as u8)
}

/// `str.isdecimal` of one character.
pub fn is_decimal(c: u32) -> bool {
    decimal_digit(c).is_some()
}

/// `str.isdigit` of one character.
pub fn is_digit(c: u32) -> bool {
    digit_value(c).is_some()
}

/// `str.isnumeric` of one character.
pub fn is_numeric(c: u32) -> bool {
    if c < 0x80 {
        return (c as u8).is_ascii_digit();
    }
    let at = tables::NUMERIC.partition_point(|(first, _)| *first <= c);
    (at > 0 && c <= tables::NUMERIC[at - 1].1) || is_digit(c)
}

/// `str.isalnum` of one character.
pub fn is_alnum(c: u32) -> bool {
    is_alpha(c) || is_numeric(c)
}

/// Whether the character is lower case (the Lowercase property; U+0295 was so until Unicode 15.0).
pub fn is_lower(c: u32) -> bool {
    c == 0x295 || char::from_u32(c).is_some_and(char::is_lowercase)
}

/// Whether the character is upper case (the Uppercase property).
pub fn is_upper(c: u32) -> bool {
    char::from_u32(c).is_some_and(char::is_uppercase)
}

/// Whether the character is title case (category Lt).
pub fn is_title(c: u32) -> bool {
    c >= 0x1c5 && category(c) == Gc::TitlecaseLetter
}

/// Whether the character has case (the Cased property).
pub fn is_cased(c: u32) -> bool {
    is_lower(c) || is_upper(c) || is_title(c)
}

/// The Case_Ignorable property, which decides on the final sigma.
pub fn is_case_ignorable(c: u32) -> bool {
    matches!(category(c), Gc::NonspacingMark | Gc::EnclosingMark | Gc::Format | Gc::ModifierLetter | Gc::ModifierSymbol)
        || matches!(
            c,
            // Word_Break MidLetter, MidNumLet and Single_Quote.
            0x27 | 0x2e | 0x3a | 0xb7 | 0x387 | 0x55f | 0x5f4 | 0x2018 | 0x2019 | 0x2024 | 0x2027 | 0xfe13 | 0xfe52 | 0xfe55 | 0xff07 | 0xff0e | 0xff1a
        )
}

/// Whether an identifier may begin with the character.
pub fn is_id_start(c: u32) -> bool {
    c == '_' as u32 || char::from_u32(c).is_some_and(unicode_ident::is_xid_start)
}

/// Whether an identifier may go on with the character. The four that are excluded came with Unicode 15.1.
pub fn is_id_continue(c: u32) -> bool {
    !matches!(c, 0x200c | 0x200d | 0x30fb | 0xff65) && char::from_u32(c).is_some_and(unicode_ident::is_xid_continue)
}
