//! Strings as JSON writes them.

use gilbert_vm::error::PyResult;
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// For each byte of the text: 0 stands for itself; 1 needs a look in both modes; 2 only where the result is to be ASCII.
static CLASS: [u8; 256] = {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        table[i] = if i < 0x20 || i == b'"' as usize || i == b'\\' as usize {
            1
        } else if i >= 0x7f {
            2
        } else {
            0
        };
        i += 1;
    }
    table
};

/// Appends the text between quotes; `ascii`: with nothing but ASCII.
pub fn push(out: &mut Vec<u8>, text: &[u8], ascii: bool) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    let least = if ascii { 1 } else { 0 };
    let plain = |b: u8| match CLASS[usize::from(b)] {
        0 => true,
        1 => false,
        _ => least == 0,
    };
    let mut rest = text;
    while let Some(at) = rest.iter().position(|b| !plain(*b)) {
        out.extend_from_slice(&rest[..at]);
        let used = push_escape(out, &rest[at..]);
        rest = &rest[at + used..];
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

/// Appends the escape for the first character; how many bytes that is.
fn push_escape(out: &mut Vec<u8>, text: &[u8]) -> usize {
    let short = match text[0] {
        b'"' => b'"',
        b'\\' => b'\\',
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        0x08 => b'b',
        0x0c => b'f',
        _ => 0,
    };
    if short != 0 {
        out.extend_from_slice(&[b'\\', short]);
        return 1;
    }
    let (c, used) = decode(text);
    if c < 0x10000 {
        push_unit(out, c);
    } else {
        push_unit(out, 0xd800 + ((c - 0x10000) >> 10));
        push_unit(out, 0xdc00 + ((c - 0x10000) & 0x3ff));
    }
    used
}

fn push_unit(out: &mut Vec<u8>, c: u32) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let digit = |shift: u32| HEX[(c >> shift) as usize & 15];
    out.extend_from_slice(&[b'\\', b'u', digit(12), digit(8), digit(4), digit(0)]);
}

/// The first code point of WTF-8 text and how many bytes it has.
fn decode(text: &[u8]) -> (u32, usize) {
    let at = |i: usize| u32::from(text.get(i).copied().unwrap_or(0) & 0x3f);
    match text[0] {
        b @ 0..=0x7f => (u32::from(b), 1),
        b @ 0xc0..=0xdf => (u32::from(b & 0x1f) << 6 | at(1), 2),
        b @ 0xe0..=0xef => (u32::from(b & 0x0f) << 12 | at(1) << 6 | at(2), 3),
        b => (u32::from(b & 0x07) << 18 | at(1) << 12 | at(2) << 6 | at(3), 4),
    }
}

fn encode(vm: &mut Vm, v: &Value, ascii: bool) -> PyResult {
    let Some(s) = v.get::<Str>() else {
        let name = vm.type_name(v);
        return Err(vm.type_error(format!("first argument must be a string, not {name}")));
    };
    let mut out = Vec::new();
    push(&mut out, s.bytes(), ascii);
    Ok(vm.new_str_wtf8(out))
}
/// `encode_basestring_ascii(string)`
pub fn encode_ascii(vm: &mut Vm, a: &[Value]) -> PyResult {
    encode(vm, &a[0], true)
}
/// `encode_basestring(string)`
pub fn encode_plain(vm: &mut Vm, a: &[Value]) -> PyResult {
    encode(vm, &a[0], false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pushed(text: &str, ascii: bool) -> String {
        let mut out = Vec::new();
        push(&mut out, text.as_bytes(), ascii);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn escapes() {
        assert_eq!(pushed("a\"\\\n\u{1}é😀\u{7f}", true), "\"a\\\"\\\\\\n\\u0001\\u00e9\\ud83d\\ude00\\u007f\"");
        assert_eq!(pushed("é\u{1}", false), "\"é\\u0001\"");
    }
}
