//! Which characters may stand in names, and what is said of those that may stand nowhere.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Whether `c` may begin a name.
pub fn is_identifier_start(c: char) -> bool {
    c == '_' || unicode_ident::is_xid_start(c)
}

/// Whether `c` may continue a name.
pub fn is_identifier_continue(c: char) -> bool {
    unicode_ident::is_xid_continue(c)
}

/// The name in NFKC, as Python compares names; `None` when it already is.
pub fn normalize_identifier(name: &str) -> Option<String> {
    if name.is_ascii() || is_nfkc_quick(name.chars()) == IsNormalized::Yes {
        return None;
    }
    Some(name.nfkc().collect())
}

/// The text of the error for a character that begins no token.
pub(crate) fn invalid_character(c: char) -> String {
    let code = c as u32;
    if is_printable(c) { format!("invalid character '{c}' (U+{code:04X})") } else { format!("invalid non-printable character U+{code:04X}") }
}

/// Close to `str.isprintable` for characters that are in no name: controls, separators, format characters, private use.
fn is_printable(c: char) -> bool {
    let format = matches!(c as u32,
        0xAD | 0x600..=0x605 | 0x61C | 0x6DD | 0x70F | 0x890..=0x891 | 0x8E2 | 0x180E | 0x200B..=0x200F | 0x2028..=0x202E
        | 0x2060..=0x206F | 0xFEFF | 0xFFF0..=0xFFFB | 0x110BD | 0x110CD | 0x13430..=0x1343F | 0x1BCA0..=0x1BCA3
        | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF);
    let private = matches!(c as u32, 0xE000..=0xF8FF | 0xF0000..);
    let noncharacter = (c as u32) & 0xFFFE == 0xFFFE || matches!(c as u32, 0xFDD0..=0xFDEF);
    !(c.is_control() || (c.is_whitespace() && c != ' ') || format || private || noncharacter)
}
