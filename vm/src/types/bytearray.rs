//! What changes a `bytearray`; what it shares with `bytes` is in `types::bytes`.

use super::bytes::{ByteArray, byte_arg, bytearray_items, bytearray_source, methods};
use crate::error::{Exc, PyResult, Raised};
use crate::image::TypeDef;
use crate::object::layout_of;
use crate::probe::Part;
use crate::types::slice::{self, Slice, Span};
use crate::types::str::{MAX_BYTES, Str, ops::repeat};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;

const BYTE_RANGE: &str = "byte must be in range(0, 256)";

fn len(vm: &Vm, v: &Value) -> usize {
    v.borrow::<ByteArray>(vm).map_or(0, |b| b.bytes().len())
}

/// The bytes, to be resized: BufferError while a view looks at them.
fn resizable<'a>(vm: &'a mut Vm, v: &'a Value) -> PyResult<&'a mut Vec<u8>> {
    vm.touch_write(v, Part::Whole);
    // asked first, since the error needs the token that the borrow holds
    let free = v.borrow_mut::<ByteArray>(vm).is_some_and(|b| b.resizable().is_some());
    if !free {
        return Err(locked(vm));
    }
    Ok(v.borrow_mut::<ByteArray>(vm).and_then(ByteArray::resizable).expect("just asked"))
}

fn locked(vm: &mut Vm) -> Raised {
    vm.err(Exc::BufferError, "Existing exports of data: object cannot be re-sized")
}

/// Refuses a size that is not to be allocated.
fn check_size(vm: &mut Vm, size: usize) -> PyResult<()> {
    if size > MAX_BYTES { Err(vm.memory_error()) } else { vm.room_for(size) }
}

pub(crate) fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(vm.new_of(&a[0], ByteArray::default()))
}

pub(crate) fn init(vm: &mut Vm, a: &[Value]) -> PyResult {
    let bytes = bytearray_source(vm, &a[1..])?;
    *resizable(vm, &a[0])? = bytes;
    Ok(Value::NONE)
}

/// A bytearray's index within bounds.
fn place(vm: &mut Vm, v: &Value, index: &Value) -> PyResult<usize> {
    let i = vm.arg_index(index)?;
    let n = len(vm, v) as isize;
    let at = if i < 0 { i + n } else { i };
    if (0..n).contains(&at) { Ok(at as usize) } else { Err(vm.err(Exc::IndexError, "bytearray index out of range")) }
}

fn bad_index(vm: &mut Vm, key: &Value) -> Raised {
    let name = vm.type_name(key);
    vm.type_error(format!("bytearray indices must be integers or slices, not {name}"))
}

pub(crate) fn set_item(vm: &mut Vm, a: &[Value]) -> PyResult {
    if let Some(bounds) = a[1].get::<Slice>() {
        return set_slice(vm, &a[0], bounds, &a[2]);
    }
    if !vm.is_index(&a[1]) {
        return Err(bad_index(vm, &a[1]));
    }
    place(vm, &a[0], &a[1])?;
    let byte = byte_arg(vm, &a[2], BYTE_RANGE)?;
    // the conversion may have run Python
    let at = place(vm, &a[0], &a[1])?;
    vm.touch_write(&a[0], Part::Index(at as i64));
    if let Some(slot) = a[0].borrow_mut::<ByteArray>(vm).and_then(|b| b.bytes_mut().get_mut(at)) {
        *slot = byte;
    }
    Ok(Value::NONE)
}

fn set_slice(vm: &mut Vm, v: &Value, bounds: &Slice, value: &Value) -> PyResult {
    let new = if vm.is_buffer(value) {
        vm.buffer_bytes(value)?
    } else if value.is_a::<Str>() || vm.is_index(value) {
        return Err(vm.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)"));
    } else {
        match bytearray_items(vm, value) {
            Ok(bytes) => bytes,
            Err(e) if vm.is_exc(&e, Exc::TypeError) && vm.special(value, crate::special::Special::Iter).is_none() => {
                return Err(vm.type_error("can assign only bytes, buffers, or iterables of ints in range(0, 256)"));
            }
            Err(e) => return Err(e),
        }
    };
    let raw = slice::unpack(vm, bounds)?;
    let span = slice::adjust(len(vm, v), raw);
    replace_span(vm, v, span, &new)
}

fn replace_span(vm: &mut Vm, v: &Value, span: Span, new: &[u8]) -> PyResult {
    if span.step != 1 {
        if new.len() != span.count {
            let text = format!("attempt to assign bytes of size {} to extended slice of size {}", new.len(), span.count);
            return Err(vm.value_error(text));
        }
        vm.touch_write(v, Part::Whole);
        if let Some(b) = v.borrow_mut::<ByteArray>(vm) {
            for (i, byte) in span.indices().zip(new) {
                b.bytes_mut()[i] = *byte;
            }
        }
        return Ok(Value::NONE);
    }
    let range = span.range();
    if range.len() == new.len() {
        vm.touch_write(v, Part::Whole);
        if let Some(b) = v.borrow_mut::<ByteArray>(vm) {
            b.bytes_mut()[range].copy_from_slice(new);
        }
        return Ok(Value::NONE);
    }
    check_size(vm, len(vm, v) + new.len())?;
    resizable(vm, v)?.splice(range, new.iter().copied());
    Ok(Value::NONE)
}

pub(crate) fn del_item(vm: &mut Vm, a: &[Value]) -> PyResult {
    if let Some(bounds) = a[1].get::<Slice>() {
        let raw = slice::unpack(vm, bounds)?;
        let span = slice::adjust(len(vm, &a[0]), raw);
        if span.step == 1 {
            return replace_span(vm, &a[0], span, &[]);
        }
        if span.count == 0 {
            return Ok(Value::NONE);
        }
        let bytes = resizable(vm, &a[0])?;
        let mut dropped = vec![false; bytes.len()];
        span.indices().for_each(|i| dropped[i] = true);
        let mut at = 0;
        bytes.retain(|_| {
            at += 1;
            !dropped[at - 1]
        });
        return Ok(Value::NONE);
    }
    if !vm.is_index(&a[1]) {
        return Err(bad_index(vm, &a[1]));
    }
    let at = place(vm, &a[0], &a[1])?;
    resizable(vm, &a[0])?.remove(at);
    Ok(Value::NONE)
}

pub(crate) fn append(vm: &mut Vm, a: &[Value]) -> PyResult {
    let byte = byte_arg(vm, &a[1], BYTE_RANGE)?;
    check_size(vm, len(vm, &a[0]) + 1)?;
    resizable(vm, &a[0])?.push(byte);
    Ok(Value::NONE)
}

pub(crate) fn extend(vm: &mut Vm, a: &[Value]) -> PyResult {
    let more = if vm.is_buffer(&a[1]) {
        vm.buffer_bytes(&a[1])?
    } else if vm.special(&a[1], crate::special::Special::Iter).is_none() && vm.special(&a[1], crate::special::Special::GetItem).is_none() {
        let name = vm.type_name(&a[1]);
        return Err(vm.type_error(format!("can't extend bytearray with {name}")));
    } else {
        bytearray_items(vm, &a[1])?
    };
    check_size(vm, len(vm, &a[0]) + more.len())?;
    resizable(vm, &a[0])?.extend_from_slice(&more);
    Ok(Value::NONE)
}

pub(crate) fn insert(vm: &mut Vm, a: &[Value]) -> PyResult {
    let i = vm.arg_ssize(&a[1])?;
    let byte = byte_arg(vm, &a[2], BYTE_RANGE)?;
    let n = len(vm, &a[0]) as isize;
    let at = if i < 0 { (i.saturating_add(n)).max(0) } else { i.min(n) };
    check_size(vm, n as usize + 1)?;
    resizable(vm, &a[0])?.insert(at as usize, byte);
    Ok(Value::NONE)
}

pub(crate) fn pop(vm: &mut Vm, a: &[Value]) -> PyResult {
    let i = vm.arg_ssize(&a[1])?;
    let n = len(vm, &a[0]) as isize;
    if n == 0 {
        return Err(vm.err(Exc::IndexError, "pop from empty bytearray"));
    }
    let at = if i < 0 { i.saturating_add(n) } else { i };
    if !(0..n).contains(&at) {
        return Err(vm.err(Exc::IndexError, "pop index out of range"));
    }
    let byte = resizable(vm, &a[0])?.remove(at as usize);
    Ok(Value::small_wrap(i64::from(byte)))
}

pub(crate) fn remove(vm: &mut Vm, a: &[Value]) -> PyResult {
    let byte = byte_arg(vm, &a[1], BYTE_RANGE)?;
    vm.touch_read(&a[0], Part::Whole);
    let at = a[0].borrow::<ByteArray>(vm).and_then(|b| memchr::memchr(byte, b.bytes()));
    match at {
        Some(at) => {
            resizable(vm, &a[0])?.remove(at);
            Ok(Value::NONE)
        }
        None => Err(vm.value_error("value not found in bytearray")),
    }
}

pub(crate) fn reverse(vm: &mut Vm, a: &[Value]) -> PyResult {
    vm.touch_write(&a[0], Part::Whole);
    if let Some(b) = a[0].borrow_mut::<ByteArray>(vm) {
        b.bytes_mut().reverse();
    }
    Ok(Value::NONE)
}

pub(crate) fn clear(vm: &mut Vm, a: &[Value]) -> PyResult {
    *resizable(vm, &a[0])? = Vec::new();
    Ok(Value::NONE)
}

pub(crate) fn copy(vm: &mut Vm, a: &[Value]) -> PyResult {
    let bytes = vm.buffer_bytes(&a[0])?;
    Ok(vm.new_bytearray(bytes))
}

pub(crate) fn iadd(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !vm.is_buffer(&a[1]) {
        let (other, this) = (vm.type_name(&a[1]), vm.type_name(&a[0]));
        return Err(vm.type_error(format!("can't concat {other} to {this}")));
    }
    let more = vm.buffer_bytes(&a[1])?;
    check_size(vm, len(vm, &a[0]) + more.len())?;
    if !more.is_empty() {
        resizable(vm, &a[0])?.extend_from_slice(&more);
    }
    Ok(a[0].clone())
}

pub(crate) fn imul(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !vm.is_index(&a[1]) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let n = vm.arg_repeat(&a[1])?.max(0) as usize;
    if n == 1 {
        return Ok(a[0].clone());
    }
    vm.touch_read(&a[0], Part::Whole);
    let Some(new) = repeat(a[0].borrow::<ByteArray>(vm).map_or(&[][..], ByteArray::bytes), n) else {
        return Err(vm.memory_error());
    };
    *resizable(vm, &a[0])? = new;
    Ok(a[0].clone())
}

pub(crate) fn alloc(vm: &mut Vm, a: &[Value]) -> PyResult {
    let n = len(vm, &a[0]);
    Ok(Value::small_wrap(if n == 0 { 0 } else { n as i64 + 1 }))
}

/// Rebuilt from Latin-1 text up to protocol 2, from bytes from protocol 3 on.
fn reduce_as(vm: &mut Vm, v: &Value, protocol: i64) -> PyResult {
    let bytes = vm.buffer_bytes(v)?;
    let args = if protocol < 3 {
        let latin = crate::text::wtf8::from_code_points(bytes.iter().map(|b| u32::from(*b)));
        vec![vm.new_str_wtf8(latin), vm.new_str("latin-1")]
    } else if bytes.is_empty() {
        vec![]
    } else {
        vec![vm.new_bytes(bytes)]
    };
    let args = vm.new_tuple(args);
    let class = v.type_of(vm).clone();
    let name = vm.name(crate::special::Name::DunderDict);
    let state = vm.get_attr_opt(v, &name)?.unwrap_or(Value::NONE);
    Ok(vm.new_tuple(vec![class, args, state]))
}

pub(crate) fn reduce(vm: &mut Vm, a: &[Value]) -> PyResult {
    reduce_as(vm, &a[0], 2)
}

pub(crate) fn reduce_ex(vm: &mut Vm, a: &[Value]) -> PyResult {
    let protocol = vm.arg_int(&a[1])?;
    reduce_as(vm, &a[0], i64::from(protocol))
}

/// `bytearray`
pub static DEF: TypeDef =
    TypeDef::new("bytearray", layout_of::<ByteArray>()).flags(flags::BASE | flags::MATCH_SELF).methods(methods::BYTEARRAY_METHODS).doc(DOC);

const DOC: &str = "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> bytearray\n\
bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\nbytearray(int) -> bytes array of size given by the parameter initialized with null bytes\n\
bytearray() -> empty bytes array\n\nConstruct a mutable bytearray object from:\n  - an iterable yielding integers in range(256)\n\
  - a text string encoded using the specified encoding\n  - a bytes or a buffer object\n  - any object implementing the buffer API.\n  - an integer";
