//! Items of arrays: type codes, from values to bytes and back.

use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The type codes, in CPython's order.
pub const CODES: &str = "bBuhHiIlLqQfd";

/// Bytes of an item; `None` where there is no such type code.
pub fn size(code: u8) -> Option<usize> {
    Some(match code {
        b'b' | b'B' => 1,
        b'h' | b'H' => 2,
        b'u' | b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'd' => 8,
        _ => return None,
    })
}

/// What a view says of the items, in letters of `struct`.
pub fn format(code: u8) -> &'static str {
    if code == b'u' {
        return "w";
    }
    CODES.find(char::from(code)).map_or("B", |i| &CODES[i..i + 1])
}

/// The value of an item.
pub fn unpack(vm: &mut Vm, code: u8, raw: &[u8]) -> PyResult {
    let mut word = [0; 8];
    word[..raw.len()].copy_from_slice(raw);
    let word = u64::from_le_bytes(word);
    Ok(match code {
        b'b' => Value::i32(i32::from(word as i8)),
        b'h' => Value::i32(i32::from(word as i16)),
        b'i' => Value::i32(word as i32),
        b'l' | b'q' => vm.new_int(word as i64),
        b'f' => Value::float(f64::from(f32::from_bits(word as u32))),
        b'd' => Value::float(f64::from_bits(word)),
        b'u' if word > 0x10ffff => return Err(vm.value_error(format!("character U+{word:x} is not in range [U+0000; U+10ffff]"))),
        b'u' => vm.new_char(word as u32),
        _ => vm.new_uint(word),
    })
}

/// The bytes of a value as an item: the first `size(code)` of the result. Runs Python (`__index__`, `__float__`).
pub fn pack(vm: &mut Vm, code: u8, v: &Value) -> PyResult<[u8; 8]> {
    Ok(match code {
        b'd' => vm.to_f64(v)?.to_le_bytes(),
        b'f' => u64::from((vm.to_f64(v)? as f32).to_bits()).to_le_bytes(),
        b'u' => match v.get::<Str>() {
            Some(s) if s.char_len() == 1 => u64::from(s.char_at(0).unwrap_or(0)).to_le_bytes(),
            _ => return Err(vm.type_error("array item must be unicode character")),
        },
        b'I' | b'L' | b'Q' => unsigned(vm, code, v)?.to_le_bytes(),
        _ => signed(vm, code, v)?.to_le_bytes(),
    })
}

/// Ranges that are checked one after the other, each with its name.
fn ranges(code: u8) -> &'static [(&'static str, i64, i64)] {
    const SHORT: (&str, i64, i64) = ("signed short integer", i16::MIN as i64, i16::MAX as i64);
    const INT: (&str, i64, i64) = ("signed integer", i32::MIN as i64, i32::MAX as i64);
    match code {
        b'b' => &[SHORT, ("signed char", -128, 127)],
        b'B' => &[("unsigned byte integer", 0, 255)],
        b'h' => &[SHORT],
        b'H' => &[INT, ("unsigned short", 0, 65535)],
        b'i' => &[INT],
        _ => &[],
    }
}

fn signed(vm: &mut Vm, code: u8, v: &Value) -> PyResult<i64> {
    let i = match v.as_small() {
        Some(i) => i,
        None => match vm.to_int(v)?.to_i64() {
            Some(i) => i,
            None if code == b'q' => return Err(vm.err(Exc::OverflowError, "int too big to convert")),
            None => return Err(vm.err(Exc::OverflowError, "Python int too large to convert to C long")),
        },
    };
    for (name, least, most) in ranges(code) {
        if i < *least {
            return Err(vm.err(Exc::OverflowError, format!("{name} is less than minimum")));
        }
        if i > *most {
            return Err(vm.err(Exc::OverflowError, format!("{name} is greater than maximum")));
        }
    }
    Ok(i)
}

fn unsigned(vm: &mut Vm, code: u8, v: &Value) -> PyResult<u64> {
    let i = vm.to_int(v)?;
    if i.is_negative() {
        let text = if code == b'Q' { "can't convert negative int to unsigned" } else { "can't convert negative value to unsigned int" };
        return Err(vm.err(Exc::OverflowError, text));
    }
    match i.to_u64() {
        Some(i) if code == b'I' && i > u64::from(u32::MAX) => Err(vm.err(Exc::OverflowError, "unsigned int is greater than maximum")),
        Some(i) => Ok(i),
        None if code == b'Q' => Err(vm.err(Exc::OverflowError, "int too big to convert")),
        None => Err(vm.err(Exc::OverflowError, "Python int too large to convert to C unsigned long")),
    }
}
