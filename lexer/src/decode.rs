//! Source bytes to text: byte order mark, coding line, encodings (PEP 263).

use crate::{ErrorEnd, Span, SyntaxError};

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Encodings that a source file may be written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Encoding {
    Utf8,
    Latin1,
    Ascii,
    Cp1252,
    /// Any other that the WHATWG encoding standard knows (`gbk`, `big5`, `shift_jis`, `koi8-r`, ..).
    Other(&'static encoding_rs::Encoding),
}

/// Decodes a source file: UTF-8 (with or without byte order mark) unless a `coding:` comment in one of the
/// first two lines says otherwise. NUL bytes are refused.
///
/// # Errors
/// Bytes that the encoding does not know, unknown encodings, NUL bytes.
pub fn decode_source(bytes: &[u8]) -> Result<String, SyntaxError> {
    decode(bytes, None)
}

/// As [`decode_source`], for messages that name the file as CPython's do.
///
/// # Errors
/// As [`decode_source`].
pub fn decode_file(bytes: &[u8], name: &str) -> Result<String, SyntaxError> {
    decode(bytes, Some(name))
}

fn decode(bytes: &[u8], file: Option<&str>) -> Result<String, SyntaxError> {
    let (body, has_bom) = match bytes.strip_prefix(BOM) {
        Some(rest) => (rest, true),
        None => (bytes, false),
    };
    if body.contains(&0) {
        return Err(refuse("source code cannot contain null bytes".to_owned()));
    }
    let declared = coding_cookie(body);
    let encoding = match declared {
        Some(name) => find_encoding(name).ok_or_else(|| refuse(format!("unknown encoding: {name}")))?,
        None => Encoding::Utf8,
    };
    if has_bom && encoding != Encoding::Utf8 {
        let name = declared.unwrap_or("");
        return Err(refuse(format!("encoding problem: {name} with BOM")));
    }
    match encoding {
        Encoding::Utf8 => decode_utf8(body, declared, file),
        Encoding::Latin1 => Ok(body.iter().map(|&b| b as char).collect()),
        Encoding::Ascii => decode_ascii(body),
        Encoding::Other(other) => decode_other(body, other, declared),
        Encoding::Cp1252 => body.iter().map(|&b| cp1252(b)).collect(),
    }
}

fn refuse(msg: String) -> SyntaxError {
    SyntaxError::new(msg, Span::at(0)).with_end(ErrorEnd::Open(0))
}

fn decode_utf8(body: &[u8], declared: Option<&str>, file: Option<&str>) -> Result<String, SyntaxError> {
    match std::str::from_utf8(body) {
        Ok(text) => Ok(text.to_owned()),
        Err(error) => {
            let at = error.valid_up_to();
            let byte = body[at];
            let msg = match file.filter(|_| declared.is_none()) {
                Some(file) => {
                    let line = 1 + body[..at].iter().filter(|&&b| b == b'\n').count();
                    format!(
                        "Non-UTF-8 code starting with '\\x{byte:02x}' in file {file} on line {line}, but no encoding declared; see \
                         https://peps.python.org/pep-0263/ for details"
                    )
                }
                None => format!("(unicode error) 'utf-8' codec can't decode byte 0x{byte:02x} in position {at}: {}", utf8_reason(body, at)),
            };
            Err(refuse(msg))
        }
    }
}

fn utf8_reason(body: &[u8], at: usize) -> &'static str {
    match body[at] {
        0x80..=0xC1 | 0xF5..=0xFF => "invalid start byte",
        _ if at + 1 >= body.len() => "unexpected end of data",
        _ => "invalid continuation byte",
    }
}

fn decode_ascii(body: &[u8]) -> Result<String, SyntaxError> {
    match body.iter().position(|b| !b.is_ascii()) {
        Some(at) => Err(refuse(format!("'ascii' codec can't decode byte 0x{:02x} in position {at}: ordinal not in range(128)", body[at]))),
        None => Ok(body.iter().map(|&b| b as char).collect()),
    }
}

/// The encoding named by a comment in line 1, or in line 2 when line 1 is blank or a comment.
fn coding_cookie(body: &[u8]) -> Option<&str> {
    let mut rest = body;
    for _ in 0..2 {
        let end = rest.iter().position(|&b| b == b'\n' || b == b'\r').unwrap_or(rest.len());
        let line = rest[..end].trim_ascii_start();
        if let Some(name) = cookie_in_line(line) {
            return Some(name);
        }
        if !(line.is_empty() || line[0] == b'#' || line[0] == 0x0c) {
            return None;
        }
        let skip = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        rest = rest.get(end + skip..)?;
    }
    None
}

/// `coding[:=]\s*([-\w.]+)` in a comment.
fn cookie_in_line(line: &[u8]) -> Option<&str> {
    if line.first() != Some(&b'#') {
        return None;
    }
    let at = line.windows(7).position(|w| &w[..6] == b"coding" && matches!(w[6], b':' | b'='))?;
    let rest = line[at + 7..].trim_ascii_start();
    let len = rest.iter().position(|&b| !(b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))).unwrap_or(rest.len());
    if len == 0 {
        return None;
    }
    std::str::from_utf8(&rest[..len]).ok()
}

fn find_encoding(name: &str) -> Option<Encoding> {
    let plain: String = name.to_ascii_lowercase().replace('_', "-");
    match plain.as_str() {
        "utf-8" | "utf8" | "u8" | "utf-8-sig" | "utf-8-unix" | "utf-8-dos" | "utf-8-mac" | "cp65001" => Some(Encoding::Utf8),
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "8859" | "l1" | "cp819" | "latin" | "iso-latin-1" | "latin-1-unix" | "iso-8859-1-unix" => {
            Some(Encoding::Latin1)
        }
        "ascii" | "us-ascii" | "646" | "ansi-x3.4-1968" => Some(Encoding::Ascii),
        "cp1252" | "windows-1252" | "1252" => Some(Encoding::Cp1252),
        name => encoding_rs::Encoding::for_label(name.as_bytes())
            .filter(|other| other.is_ascii_compatible() && *other != encoding_rs::REPLACEMENT)
            .map(Encoding::Other),
    }
}

fn decode_other(body: &[u8], encoding: &'static encoding_rs::Encoding, declared: Option<&str>) -> Result<String, SyntaxError> {
    match encoding.decode_without_bom_handling_and_without_replacement(body) {
        Some(text) => Ok(text.into_owned()),
        None => {
            let name = declared.unwrap_or(encoding.name());
            Err(refuse(format!("'{name}' codec can't decode bytes: illegal multibyte sequence")))
        }
    }
}

const CP1252_HIGH: [u16; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
];

fn cp1252(byte: u8) -> Result<char, SyntaxError> {
    let code = match byte {
        0x80..=0x9F => u32::from(CP1252_HIGH[usize::from(byte - 0x80)]),
        _ => u32::from(byte),
    };
    match char::from_u32(code) {
        Some(c) if code != 0 => Ok(c),
        _ => Err(refuse(format!("'charmap' codec can't decode byte 0x{byte:02x}: character maps to <undefined>"))),
    }
}
