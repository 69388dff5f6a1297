//! The special methods that `bytes` and `bytearray` share.

use super::{ByteArray, Bytes, data, touch};
use crate::error::{Exc, PyResult};
use crate::op::CmpOp;
use crate::probe::Part;
use crate::proto::compare::holds;
use crate::text::{repr, search};
use crate::types::T;
use crate::types::slice::{self, Slice};
use crate::types::str::ops::{multiplies_itself, repeat};
use crate::types::str::percent;
use crate::value::Value;
use crate::vm::Vm;

/// A new object of the exact type, bytes or bytearray, that `like` derives from.
pub fn same_type(vm: &mut Vm, like: &Value, bytes: Vec<u8>) -> Value {
    if like.is_a::<Bytes>() { vm.new_bytes(bytes) } else { vm.new_bytearray(bytes) }
}

/// The value itself where it is exact bytes, else a copy of the exact type.
pub fn exact(vm: &mut Vm, v: &Value) -> Value {
    if v.type_of(vm).is(vm.ty(T::Bytes)) {
        return v.clone();
    }
    let copy = data(vm, v).to_vec();
    same_type(vm, v, copy)
}

pub fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    touch(vm, &a[0]);
    let bytes = data(vm, &a[0]);
    let text = if a[0].is_a::<Bytes>() {
        repr::repr_bytes(bytes)
    } else {
        let (name, inner) = (vm.type_name(&a[0]), repr::repr_bytes(bytes));
        // unlike bytes, a bytearray escapes single quotes between double ones too
        let inner = if inner.starts_with("b\"") { inner.replace('\'', "\\'") } else { inner };
        format!("{name}({inner})")
    };
    Ok(vm.new_str(text))
}

pub fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    let h = a[0].get::<Bytes>().map_or(0, Bytes::hash);
    Ok(vm.new_int(h))
}

pub fn len(vm: &mut Vm, a: &[Value]) -> PyResult {
    touch(vm, &a[0]);
    Ok(Value::small_wrap(data(vm, &a[0]).len() as i64))
}

fn compare(vm: &mut Vm, op: CmpOp, a: &[Value]) -> PyResult {
    touch(vm, &a[0]);
    if a[1].is_a::<Bytes>() || a[1].is_a::<ByteArray>() {
        touch(vm, &a[1]);
        return Ok(Value::bool(holds(op, data(vm, &a[0]).cmp(data(vm, &a[1])))));
    }
    // bytes leave other exporters to them; a bytearray asks for their buffer
    if a[0].is_a::<Bytes>() || !vm.is_buffer(&a[1]) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let other = match vm.buffer_bytes(&a[1]) {
        Ok(b) => b,
        Err(_) => return Ok(Value::NOT_IMPLEMENTED),
    };
    Ok(Value::bool(holds(op, data(vm, &a[0]).cmp(&other))))
}
pub fn lt(vm: &mut Vm, a: &[Value]) -> PyResult {
    compare(vm, CmpOp::Lt, a)
}
pub fn le(vm: &mut Vm, a: &[Value]) -> PyResult {
    compare(vm, CmpOp::Le, a)
}
pub fn eq(vm: &mut Vm, a: &[Value]) -> PyResult {
    compare(vm, CmpOp::Eq, a)
}
pub fn ne(vm: &mut Vm, a: &[Value]) -> PyResult {
    compare(vm, CmpOp::Ne, a)
}
pub fn gt(vm: &mut Vm, a: &[Value]) -> PyResult {
    compare(vm, CmpOp::Gt, a)
}
pub fn ge(vm: &mut Vm, a: &[Value]) -> PyResult {
    compare(vm, CmpOp::Ge, a)
}

/// `a + b`; the right side may be any bytes-like object.
pub fn add(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !vm.is_buffer(&a[1]) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    touch(vm, &a[0]);
    let right = super::buffer_arg(vm, &a[1])?;
    let left = data(vm, &a[0]);
    if right.is_empty() {
        return Ok(exact(vm, &a[0]));
    }
    if left.is_empty() && a[0].is_a::<Bytes>() && a[1].type_of(vm).is(vm.ty(T::Bytes)) {
        return Ok(a[1].clone());
    }
    let joined = [left, &right].concat();
    Ok(same_type(vm, &a[0], joined))
}

/// `a * n`
pub fn mul(vm: &mut Vm, a: &[Value]) -> PyResult {
    if multiplies_itself(vm, &a[1]) { Ok(Value::NOT_IMPLEMENTED) } else { rmul(vm, a) }
}

/// `n * a`
pub fn rmul(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !vm.is_index(&a[1]) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let n = vm.arg_repeat(&a[1])?.max(0) as usize;
    touch(vm, &a[0]);
    if n == 1 {
        return Ok(exact(vm, &a[0]));
    }
    vm.room_for(data(vm, &a[0]).len().saturating_mul(n))?;
    match repeat(data(vm, &a[0]), n) {
        Some(bytes) => Ok(same_type(vm, &a[0], bytes)),
        None => Err(vm.memory_error()),
    }
}

/// `a % operand`
pub fn modulo(vm: &mut Vm, a: &[Value]) -> PyResult {
    touch(vm, &a[0]);
    let template = data(vm, &a[0]).to_vec();
    let bytes = percent::format(vm, &template, &a[1], percent::Kind::Bytes)?;
    Ok(same_type(vm, &a[0], bytes))
}
pub fn rmod(vm: &mut Vm, a: &[Value]) -> PyResult {
    let same = a[0].is_a::<Bytes>() == a[1].is_a::<Bytes>() && (a[1].is_a::<Bytes>() || a[1].is_a::<ByteArray>());
    if same { modulo(vm, &[a[1].clone(), a[0].clone()]) } else { Ok(Value::NOT_IMPLEMENTED) }
}

/// `item in a`
pub fn contains(vm: &mut Vm, a: &[Value]) -> PyResult {
    if vm.is_index(&a[1]) {
        let b = super::byte_arg(vm, &a[1], "byte must be in range(0, 256)")?;
        touch(vm, &a[0]);
        return Ok(Value::bool(search::contains(data(vm, &a[0]), &[b])));
    }
    let needle = super::buffer_arg(vm, &a[1])?;
    touch(vm, &a[0]);
    Ok(Value::bool(search::contains(data(vm, &a[0]), &needle)))
}

/// `a[i]`, `a[i:j:k]`
pub fn get_item(vm: &mut Vm, a: &[Value]) -> PyResult {
    if let Some(bounds) = a[1].get::<Slice>() {
        let raw = slice::unpack(vm, bounds)?;
        touch(vm, &a[0]);
        let bytes = data(vm, &a[0]);
        let span = slice::adjust(bytes.len(), raw);
        if span.step == 1 && span.count == bytes.len() {
            return Ok(exact(vm, &a[0]));
        }
        let picked = if span.step == 1 { bytes[span.range()].to_vec() } else { span.indices().map(|i| bytes[i]).collect() };
        return Ok(same_type(vm, &a[0], picked));
    }
    if !vm.is_index(&a[1]) {
        let (what, got) = (if a[0].is_a::<Bytes>() { "byte" } else { "bytearray" }, vm.type_name(&a[1]));
        return Err(vm.type_error(format!("{what} indices must be integers or slices, not {got}")));
    }
    let i = vm.arg_index(&a[1])?;
    let bytes = data(vm, &a[0]);
    let at = if i < 0 { i + bytes.len() as isize } else { i };
    match usize::try_from(at).ok().and_then(|at| bytes.get(at).copied()) {
        Some(b) => {
            if !a[0].is_a::<Bytes>() {
                vm.touch_read(&a[0], Part::Index(at as i64));
            }
            Ok(Value::small_wrap(i64::from(b)))
        }
        None => {
            let text = if a[0].is_a::<Bytes>() { "index out of range" } else { "bytearray index out of range" };
            Err(vm.err(Exc::IndexError, text))
        }
    }
}

/// `bytes.__bytes__`
pub fn to_bytes(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(exact(vm, &a[0]))
}

pub fn get_new_args(vm: &mut Vm, a: &[Value]) -> PyResult {
    let copy = data(vm, &a[0]).to_vec();
    let bytes = vm.new_bytes(copy);
    Ok(vm.new_tuple(vec![bytes]))
}

pub fn size_of(vm: &mut Vm, a: &[Value]) -> PyResult {
    let n = data(vm, &a[0]).len();
    let size = if a[0].is_a::<Bytes>() { 33 + n } else { 56 + if n == 0 { 0 } else { n + 1 } };
    Ok(vm.new_int(size as i64))
}

/// `str()` of bytes is their repr.
pub fn str(vm: &mut Vm, a: &[Value]) -> PyResult {
    repr(vm, a)
}

/// A view upon the object, as `__buffer__(flags)` gives it.
pub fn buffer(vm: &mut Vm, a: &[Value]) -> PyResult {
    crate::types::memoryview::of_flags(vm, &a[0], &a[1])
}
