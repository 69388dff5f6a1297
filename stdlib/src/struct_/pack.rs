//! Items of a struct: from values to bytes and back.

use super::ERROR;
use super::format::{Item, Layout, Mode};
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::num::int::Order;
use gilbert_vm::num::pack;
use gilbert_vm::types::bytes::{ByteArray, Bytes};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

fn order(mode: Mode) -> Order {
    if mode.big { Order::Big } else { Order::Little }
}

/// Packs values into `out`, which is as long as the layout says and zeroed. On an error what was packed before stays there.
pub fn pack_all(vm: &mut Vm, layout: &Layout, values: &[Value], out: &mut [u8]) -> PyResult<()> {
    let mut values = values.iter();
    for item in &layout.items {
        for (i, v) in values.by_ref().take(item.repeat).enumerate() {
            let at = item.offset + i * item.size;
            pack_one(vm, item, layout.mode, v, &mut out[at..at + item.size])?;
        }
    }
    Ok(())
}

fn pack_one(vm: &mut Vm, item: &Item, mode: Mode, v: &Value, out: &mut [u8]) -> PyResult<()> {
    match item.letter {
        b'?' => out[0] = u8::from(vm.truthy(v)?),
        b'c' => match v.get::<Bytes>().map(Bytes::bytes) {
            Some([b]) => out[0] = *b,
            _ => return Err(ERROR.raise(vm, "char format requires a bytes object of length 1")),
        },
        b's' | b'p' => pack_text(vm, item.letter, v, out)?,
        b'e' | b'f' | b'd' => pack_float(vm, item.letter, mode, v, out)?,
        letter => {
            let mut raw = pack_int(vm, letter, out.len(), v)?.to_le_bytes();
            let size = out.len();
            if mode.big {
                raw[..size].reverse();
            }
            out.copy_from_slice(&raw[..size]);
        }
    }
    Ok(())
}

fn pack_text(vm: &mut Vm, letter: u8, v: &Value, out: &mut [u8]) -> PyResult<()> {
    if !v.is_a::<Bytes>() && !v.is_a::<ByteArray>() {
        return Err(ERROR.raise(vm, format!("argument for '{}' must be a bytes object", char::from(letter))));
    }
    vm.with_buffer(v, |bytes| {
        let room = match letter {
            b's' => out,
            _ => {
                let Some((len, rest)) = out.split_first_mut() else { return };
                *len = bytes.len().min(rest.len()).min(255) as u8;
                rest
            }
        };
        let n = bytes.len().min(room.len());
        room[..n].copy_from_slice(&bytes[..n]);
    })
}

fn pack_float(vm: &mut Vm, letter: u8, mode: Mode, v: &Value, out: &mut [u8]) -> PyResult<()> {
    let f = match vm.to_f64(v) {
        Ok(f) => f,
        Err(e) if e.is_killed() => return Err(e),
        Err(_) => return Err(ERROR.raise(vm, "required argument is not a float")),
    };
    let order = order(mode);
    let packed = match letter {
        b'd' => {
            out.copy_from_slice(&pack::pack_f64(f, order));
            Ok(())
        }
        // a C float takes what does not fit as infinity
        b'f' if mode.native => {
            out.copy_from_slice(&(f as f32).to_le_bytes());
            Ok(())
        }
        b'f' => pack::pack_f32(f, order).map(|b| out.copy_from_slice(&b)),
        _ => pack::pack_f16(f, order).map(|b| out.copy_from_slice(&b)),
    };
    packed.map_err(|e| if vm.int_value(v).is_some() { too_large(vm) } else { vm.num_err(e) })
}

fn too_large(vm: &mut Vm) -> Raised {
    ERROR.raise(vm, "int too large to convert")
}

/// The bits of an integer of `size` bytes, two's complement.
fn pack_int(vm: &mut Vm, letter: u8, size: usize, v: &Value) -> PyResult<u64> {
    let signed = matches!(letter, b'b' | b'h' | b'i' | b'l' | b'q' | b'n');
    let bits = size as u32 * 8;
    if let Some(i) = v.as_small_or_bool() {
        let fits = if signed { bits == 64 || (i >> (bits - 1)) == 0 || (i >> (bits - 1)) == -1 } else { i >= 0 && (bits == 64 || i >> bits == 0) };
        return if fits || letter == b'P' { Ok(i as u64) } else { Err(out_of_range(vm, letter, signed, bits)) };
    }
    if !vm.is_index(v) {
        return Err(ERROR.raise(vm, "required argument is not an integer"));
    }
    let i = vm.to_int(v)?;
    let wide = i.to_i128();
    if letter == b'P' {
        return match wide {
            Some(w) if w >= i128::from(i64::MIN) && w <= i128::from(u64::MAX) => Ok(w as u64),
            _ => Err(too_large(vm)),
        };
    }
    let (low, high) = bounds(signed, bits);
    match wide {
        Some(w) if (low..=high).contains(&w) => Ok(w as u64),
        _ => Err(out_of_range(vm, letter, signed, bits)),
    }
}

fn bounds(signed: bool, bits: u32) -> (i128, i128) {
    if signed { (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1) } else { (0, (1i128 << bits) - 1) }
}

#[cold]
fn out_of_range(vm: &mut Vm, letter: u8, signed: bool, bits: u32) -> Raised {
    let (low, high) = bounds(signed, bits);
    ERROR.raise(vm, format!("'{}' format requires {low} <= number <= {high}", char::from(letter)))
}

/// The values of a struct's bytes.
pub fn unpack_all(vm: &mut Vm, layout: &Layout, bytes: &[u8]) -> Vec<Value> {
    let mut values = Vec::with_capacity(layout.values);
    for item in &layout.items {
        for i in 0..item.repeat {
            let at = item.offset + i * item.size;
            values.push(unpack_one(vm, item.letter, layout.mode, &bytes[at..at + item.size]));
        }
    }
    values
}

fn unpack_one(vm: &mut Vm, letter: u8, mode: Mode, raw: &[u8]) -> Value {
    match letter {
        b'?' => Value::bool(raw[0] != 0),
        b'c' | b's' => vm.new_bytes(raw),
        b'p' => {
            let (len, rest) = raw.split_first().map_or((0, raw), |(n, rest)| (usize::from(*n), rest));
            vm.new_bytes(&rest[..len.min(rest.len())])
        }
        _ => {
            let mut word = [0; 8];
            word[..raw.len()].copy_from_slice(raw);
            if mode.big {
                word[..raw.len()].reverse();
            }
            unpack_number(vm, letter, u64::from_le_bytes(word), raw.len() as u32 * 8)
        }
    }
}

fn unpack_number(vm: &mut Vm, letter: u8, word: u64, bits: u32) -> Value {
    match letter {
        b'd' => Value::float(f64::from_bits(word)),
        b'f' => Value::float(f64::from(f32::from_bits(word as u32))),
        b'e' => Value::float(pack::unpack_f16((word as u16).to_le_bytes(), Order::Little)),
        b'b' | b'h' | b'i' | b'l' | b'q' | b'n' => {
            let unused = 64 - bits;
            vm.new_int((word << unused) as i64 >> unused)
        }
        _ => vm.new_uint(word),
    }
}

/// Where `offset` (negative: from the end) lies in a buffer that is to hold `size` bytes from there on.
pub fn place(vm: &mut Vm, packing: bool, offset: isize, size: usize, len: usize) -> PyResult<usize> {
    let (from, what) = (offset, if packing { "packing" } else { "unpacking" });
    let mut at = offset;
    if from < 0 {
        if from + size as isize > 0 {
            let text = if packing { "no space to pack" } else { "not enough data to unpack" };
            return Err(ERROR.raise(vm, format!("{text} {size} bytes at offset {from}")));
        }
        at += len as isize;
        if at < 0 {
            return Err(ERROR.raise(vm, format!("offset {from} out of range for {len}-byte buffer")));
        }
    }
    let at = at as usize;
    if len < at || len - at < size {
        let name = if packing { "pack_into" } else { "unpack_from" };
        let needed = at.saturating_add(size);
        let text = format!("{name} requires a buffer of at least {needed} bytes for {what} {size} bytes at offset {at} (actual buffer size is {len})");
        return Err(ERROR.raise(vm, text));
    }
    Ok(at)
}

/// Zeroed room for a struct, or MemoryError.
pub fn room(vm: &mut Vm, size: usize) -> PyResult<Vec<u8>> {
    let mut out = Vec::new();
    if size > gilbert_vm::types::arith::max_bytes(vm) || out.try_reserve_exact(size).is_err() {
        return Err(vm.err(Exc::MemoryError, ""));
    }
    out.resize(size, 0);
    Ok(out)
}
