//! How arrays are pickled: machine formats, as `_array_reconstructor` reads them.

use super::{Array, item};
use gilbert_vm::error::PyResult;
use gilbert_vm::num::Int;
use gilbert_vm::num::int::Order;
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::str::Str;
use gilbert_vm::types::type_::TypeObj;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// A machine format: bytes of an item, whether signed, whether big-endian.
struct Machine {
    size: usize,
    signed: bool,
    big: bool,
}

const LAST_INT: i64 = 13;
const LAST: i64 = 21;

fn machine(code: i64) -> Machine {
    match code {
        0 | 1 => Machine { size: 1, signed: code == 1, big: false },
        2..=13 => Machine { size: 2 << ((code - 2) / 4), signed: (code - 2) % 4 >= 2, big: code % 2 == 1 },
        14 | 15 => Machine { size: 4, signed: false, big: code == 15 },
        16 | 17 => Machine { size: 8, signed: false, big: code == 17 },
        18 | 19 => Machine { size: 2, signed: false, big: code == 19 },
        _ => Machine { size: 4, signed: false, big: code == 21 },
    }
}

/// The machine format of a type code, on this machine.
pub fn format_of(code: u8) -> i64 {
    match code {
        b'B' => 0,
        b'b' => 1,
        b'H' => 2,
        b'h' => 4,
        b'I' => 6,
        b'i' => 8,
        b'L' | b'Q' => 10,
        b'l' | b'q' => 12,
        b'f' => 14,
        b'd' => 16,
        _ => 20,
    }
}

/// `_array_reconstructor(arraytype, typecode, mformat_code, items)`
pub fn reconstruct(vm: &mut Vm, a: &[Value]) -> PyResult {
    let base = vm.native_type(&super::ARRAY);
    match a[0].borrow::<TypeObj>(vm) {
        None => {
            let name = vm.type_name(&a[0]);
            return Err(vm.type_error(format!("first argument must be a type object, not {name}")));
        }
        Some(t) if !t.is_subtype_of(&base) => {
            let name = t.short_name();
            return Err(vm.type_error(format!("{name} is not a subtype of array.array")));
        }
        Some(_) => {}
    }
    let code = a[1].get::<Str>().filter(|s| s.char_len() == 1).and_then(|s| s.char_at(0)).and_then(|c| u8::try_from(c).ok());
    let Some(code) = code.filter(|c| item::size(*c).is_some()) else { return Err(vm.value_error("second argument must be a valid type code")) };
    let format = i64::from(vm.arg_int(&a[2])?);
    if !(0..=LAST).contains(&format) {
        return Err(vm.value_error("third argument must be a valid machine format code."));
    }
    if !a[3].is_a::<Bytes>() {
        let name = vm.type_name(&a[3]);
        return Err(vm.type_error(format!("fourth argument should be bytes, not {name}")));
    }
    let bytes = vm.buffer_bytes(&a[3])?;
    let m = machine(format);
    if bytes.len() % m.size != 0 {
        return Err(vm.value_error("string length not a multiple of item size"));
    }
    if format == format_of(code) {
        return Ok(vm.new_of(&a[0], Array::new(code, bytes)));
    }
    convert(vm, &a[0], code, format, &m, &bytes)
}

/// Items of another machine's format, one by one.
fn convert(vm: &mut Vm, cls: &Value, code: u8, format: i64, m: &Machine, bytes: &[u8]) -> PyResult {
    let mut out = Vec::new();
    let code = if format <= LAST_INT { fitting(code, m) } else { code };
    let size = item::size(code).expect("checked");
    for raw in bytes.chunks_exact(m.size) {
        let order = if m.big { Order::Big } else { Order::Little };
        let mut little = raw.to_vec();
        if m.big {
            little.reverse();
        }
        let v = match format {
            0..=LAST_INT => vm.new_bigint(Int::from_bytes(raw, order, m.signed)),
            14 | 15 => item::unpack(vm, b'f', &little)?,
            16 | 17 => item::unpack(vm, b'd', &little)?,
            _ => item::unpack(vm, b'u', &little)?,
        };
        out.extend_from_slice(&item::pack(vm, code, &v)?[..size]);
    }
    Ok(vm.new_of(cls, Array::new(code, out)))
}

/// The integer type code whose items are like the machine format's; `code` where there is none.
fn fitting(code: u8, m: &Machine) -> u8 {
    match (m.size, m.signed) {
        (1, true) => b'b',
        (1, false) => b'B',
        (2, true) => b'h',
        (2, false) => b'H',
        (4, true) => b'i',
        (4, false) => b'I',
        (8, true) => b'q',
        (8, false) => b'Q',
        _ => code,
    }
}
