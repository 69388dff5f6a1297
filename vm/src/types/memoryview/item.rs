//! Items of a view: from bytes to values and back, by the native letters of the `struct` module.

use crate::error::{Exc, PyResult, Raised};
use crate::types::bytes::Bytes;
use crate::value::Value;
use crate::vm::Vm;

/// Bytes of an item of a native format letter (`@` before it allowed); `None` for other formats.
pub fn native_size(format: &str) -> Option<usize> {
    Some(match letter(format)? {
        b'c' | b'b' | b'B' | b'?' => 1,
        b'h' | b'H' | b'e' => 2,
        b'i' | b'I' | b'f' => 4,
        b'l' | b'L' | b'q' | b'Q' | b'n' | b'N' | b'd' | b'P' => 8,
        _ => return None,
    })
}

/// The letter of a native format.
pub fn letter(format: &str) -> Option<u8> {
    match format.as_bytes() {
        [c] | [b'@', c] => Some(*c),
        _ => None,
    }
}

fn padded(raw: &[u8]) -> [u8; 8] {
    let mut out = [0; 8];
    out[..raw.len().min(8)].copy_from_slice(&raw[..raw.len().min(8)]);
    out
}

/// The value of an item.
pub fn unpack(vm: &mut Vm, format: &str, raw: &[u8]) -> PyResult {
    let bits = u64::from_le_bytes(padded(raw));
    Ok(match letter(format) {
        Some(b'B' | b'H' | b'I' | b'L' | b'Q' | b'N' | b'P') => vm.new_uint(bits),
        Some(b'b') => vm.new_int(i64::from(bits as i8)),
        Some(b'h') => vm.new_int(i64::from(bits as i16)),
        Some(b'i') => vm.new_int(i64::from(bits as i32)),
        Some(b'l' | b'q' | b'n') => vm.new_int(bits as i64),
        Some(b'?') => Value::bool(bits != 0),
        Some(b'c') => vm.new_bytes(raw.to_vec()),
        Some(b'f') => Value::float(f64::from(f32::from_bits(bits as u32))),
        Some(b'd') => Value::float(f64::from_bits(bits)),
        Some(b'e') => Value::float(half_to_f64(bits as u16)),
        _ => return Err(vm.err(Exc::NotImplementedError, format!("memoryview: format {format} not supported"))),
    })
}

/// The bytes of a value as an item.
pub fn pack(vm: &mut Vm, format: &str, v: &Value) -> PyResult<Vec<u8>> {
    let Some(c) = letter(format) else {
        return Err(vm.err(Exc::NotImplementedError, format!("memoryview: format {format} not supported")));
    };
    match c {
        b'c' => match v.get::<Bytes>().map(Bytes::bytes) {
            Some([b]) => Ok(vec![*b]),
            Some(_) => Err(bad_value(vm, format)),
            None => Err(bad_type(vm, format)),
        },
        b'?' => Ok(vec![u8::from(vm.truthy(v)?)]),
        b'f' | b'd' | b'e' => pack_float(vm, format, c, v),
        b'b' | b'h' | b'i' | b'l' | b'q' | b'n' | b'B' | b'H' | b'I' | b'L' | b'Q' | b'N' | b'P' => pack_int(vm, format, c, v),
        _ => Err(vm.err(Exc::NotImplementedError, format!("memoryview: format {format} not supported"))),
    }
}

fn bad_value(vm: &mut Vm, format: &str) -> Raised {
    vm.value_error(format!("memoryview: invalid value for format '{format}'"))
}
fn bad_type(vm: &mut Vm, format: &str) -> Raised {
    vm.type_error(format!("memoryview: invalid type for format '{format}'"))
}

fn pack_int(vm: &mut Vm, format: &str, c: u8, v: &Value) -> PyResult<Vec<u8>> {
    let i = match vm.to_int(v) {
        Ok(i) => i,
        Err(e) if vm.is_exc(&e, Exc::TypeError) => return Err(bad_type(vm, format)),
        Err(e) => return Err(e),
    };
    let size = native_size(format).unwrap_or(1);
    let wide = i.to_i128();
    let (low, high) = if c.is_ascii_lowercase() { (-(1i128 << (size * 8 - 1)), (1i128 << (size * 8 - 1)) - 1) } else { (0, (1i128 << (size * 8)) - 1) };
    match wide {
        Some(w) if (low..=high).contains(&w) => Ok(w.to_le_bytes()[..size].to_vec()),
        _ => Err(bad_value(vm, format)),
    }
}

fn pack_float(vm: &mut Vm, format: &str, c: u8, v: &Value) -> PyResult<Vec<u8>> {
    let f = match vm.to_f64(v) {
        Ok(f) => f,
        Err(e) if vm.is_exc(&e, Exc::TypeError) => return Err(bad_type(vm, format)),
        Err(e) => return Err(e),
    };
    match c {
        b'd' => Ok(f.to_le_bytes().to_vec()),
        b'f' => Ok((f as f32).to_le_bytes().to_vec()),
        _ => match f64_to_half(f) {
            Some(h) => Ok(h.to_le_bytes().to_vec()),
            None => Err(vm.err(Exc::OverflowError, "float too large to pack with e format")),
        },
    }
}

/// IEEE 754 binary16 to double.
pub fn half_to_f64(h: u16) -> f64 {
    let (sign, exponent, fraction) = (if h >> 15 == 1 { -1.0 } else { 1.0 }, i32::from(h >> 10 & 31), f64::from(h & 0x3ff));
    match exponent {
        31 if fraction != 0.0 => f64::NAN,
        31 => sign * f64::INFINITY,
        0 => sign * fraction * 2f64.powi(-24),
        _ => sign * (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    }
}

/// Double to IEEE 754 binary16, rounded half to even; `None` where it overflows.
pub fn f64_to_half(f: f64) -> Option<u16> {
    let sign = if f.is_sign_negative() { 0x8000 } else { 0 };
    if f.is_nan() {
        return Some(sign | 0x7e00);
    }
    if f.is_infinite() {
        return Some(sign | 0x7c00);
    }
    let magnitude = f.abs();
    // numbers of 11 bits, counted in units of the last place
    let exponent = if magnitude < 2f64.powi(-14) { -14 } else { ((magnitude.to_bits() >> 52) as i32) - 1023 };
    let units = (magnitude * 2f64.powi(10 - exponent)).round_ties_even() as u32;
    let bits = if magnitude < 2f64.powi(-14) { units } else { units - 1024 + ((exponent + 15) as u32) * 1024 };
    if bits >= 0x7c00 { None } else { Some(sign | bits as u16) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_survive_the_way_to_doubles_and_back() {
        for h in 0..=u16::MAX {
            let f = half_to_f64(h);
            if !f.is_nan() {
                assert_eq!(f64_to_half(f), Some(h), "{h:#x} {f}");
            }
        }
        assert_eq!(f64_to_half(65520.0), None);
        assert_eq!(f64_to_half(65519.0), Some(0x7bff));
    }
}
