//! The special methods of `str`: making, operators, comparison, items.

use super::{MAX_BYTES, Str, codec, this};
use crate::error::{Exc, PyResult};
use crate::op::CmpOp;
use crate::proto::compare::{holds, str_hash};
use crate::special::Special;
use crate::text::{repr, search, wtf8};
use crate::types::T;
use crate::types::slice::{self, Slice};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use compact_str::CompactString;

/// `str.__new__(cls, object, encoding, errors)`
pub fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    let text = if a[1].is_null() {
        vm.new_str_piece(b"")
    } else if a[2].is_null() && a[3].is_null() {
        vm.str(&a[1])?
    } else {
        codec::decode_argument(vm, &a[1], &a[2], &a[3])?
    };
    if a[0].is(vm.ty(T::Str)) {
        return Ok(text);
    }
    let copy = this(&text).copy();
    Ok(vm.new_of(&a[0], copy))
}

pub fn repr(vm: &mut Vm, a: &[Value]) -> PyResult {
    let text = repr::repr_wtf8(this(&a[0]).bytes());
    Ok(vm.new_str(text))
}

pub fn str(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(vm.exact_str(&a[0]))
}

pub fn hash(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(vm.new_int(str_hash(this(&a[0]))))
}

pub fn len(_: &mut Vm, a: &[Value]) -> PyResult {
    Ok(Value::small_wrap(this(&a[0]).char_len() as i64))
}

fn compare(op: CmpOp, a: &[Value]) -> PyResult {
    let Some(other) = a[1].get::<Str>() else { return Ok(Value::NOT_IMPLEMENTED) };
    Ok(Value::bool(holds(op, this(&a[0]).bytes().cmp(other.bytes()))))
}
pub fn lt(_: &mut Vm, a: &[Value]) -> PyResult {
    compare(CmpOp::Lt, a)
}
pub fn le(_: &mut Vm, a: &[Value]) -> PyResult {
    compare(CmpOp::Le, a)
}
pub fn eq(_: &mut Vm, a: &[Value]) -> PyResult {
    let Some(other) = a[1].get::<Str>() else { return Ok(Value::NOT_IMPLEMENTED) };
    Ok(Value::bool(this(&a[0]).bytes() == other.bytes()))
}
pub fn ne(_: &mut Vm, a: &[Value]) -> PyResult {
    let Some(other) = a[1].get::<Str>() else { return Ok(Value::NOT_IMPLEMENTED) };
    Ok(Value::bool(this(&a[0]).bytes() != other.bytes()))
}
pub fn gt(_: &mut Vm, a: &[Value]) -> PyResult {
    compare(CmpOp::Gt, a)
}
pub fn ge(_: &mut Vm, a: &[Value]) -> PyResult {
    compare(CmpOp::Ge, a)
}

/// `a + b` of two strs: one allocation.
pub fn concat(vm: &mut Vm, left: &Value, right: &Value) -> PyResult {
    let (x, y) = (this(left), this(right));
    if y.char_len() == 0 {
        return Ok(vm.exact_str(left));
    }
    if x.char_len() == 0 {
        return Ok(vm.exact_str(right));
    }
    let size = x.bytes().len() + y.bytes().len();
    if size > MAX_BYTES {
        return Err(vm.memory_error());
    }
    vm.room_for(size)?;
    let joined = match (x.as_str(), y.as_str()) {
        (Some(s), Some(t)) => {
            let mut text = CompactString::with_capacity(size);
            text.push_str(s);
            text.push_str(t);
            Str::with_len(text, x.char_len() + y.char_len())
        }
        _ => Str::from_wtf8([x.bytes(), y.bytes()].concat()),
    };
    Ok(vm.new_object(T::Str, joined))
}

pub fn add(vm: &mut Vm, a: &[Value]) -> PyResult {
    if a[1].is_a::<Str>() { concat(vm, &a[0], &a[1]) } else { Ok(Value::NOT_IMPLEMENTED) }
}

/// `s * n`
pub fn mul(vm: &mut Vm, a: &[Value]) -> PyResult {
    if multiplies_itself(vm, &a[1]) { Ok(Value::NOT_IMPLEMENTED) } else { rmul(vm, a) }
}

/// `n * s`
pub fn rmul(vm: &mut Vm, a: &[Value]) -> PyResult {
    if !vm.is_index(&a[1]) {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let n = vm.arg_repeat(&a[1])?;
    let s = this(&a[0]);
    if n <= 0 || s.char_len() == 0 {
        return Ok(vm.new_str_piece(b""));
    }
    if n == 1 {
        return Ok(vm.exact_str(&a[0]));
    }
    vm.room_for(s.bytes().len().saturating_mul(n as usize))?;
    let bytes = repeat(s.bytes(), n as usize).ok_or_else(|| vm.memory_error())?;
    Ok(vm.new_str_wtf8(bytes))
}

/// Whether a class that is no int has a `__rmul__`, which goes before the repetition of a sequence.
pub fn multiplies_itself(vm: &Vm, v: &Value) -> bool {
    vm.int_value(v).is_none() && !v.class(vm).special(Special::RMul).is_null()
}

/// `bytes` repeated `n` times; `None` where that would be too large.
pub fn repeat(bytes: &[u8], n: usize) -> Option<Vec<u8>> {
    let size = bytes.len().checked_mul(n).filter(|size| *size <= MAX_BYTES)?;
    if size == 0 {
        return Some(Vec::new());
    }
    let mut out: Vec<u8> = Vec::new();
    out.try_reserve_exact(size).ok()?;
    if let [b] = bytes {
        out.resize(size, *b);
        return Some(out);
    }
    out.extend_from_slice(bytes);
    while out.len() * 2 <= size {
        out.extend_from_within(..);
    }
    out.extend_from_within(..size - out.len());
    Some(out)
}

pub fn contains(vm: &mut Vm, a: &[Value]) -> PyResult {
    match a[1].get::<Str>() {
        Some(needle) => Ok(Value::bool(search::contains(this(&a[0]).bytes(), needle.bytes()))),
        None => {
            let name = vm.type_name(&a[1]);
            Err(vm.type_error(format!("'in <string>' requires string as left operand, not {name}")))
        }
    }
}

/// `s[i]`, `s[i:j:k]`
pub fn get_item(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(&a[0]);
    if let Some(i) = a[1].as_small_or_bool() {
        return item(vm, s, i as isize);
    }
    if let Some(bounds) = a[1].get::<Slice>() {
        return get_slice(vm, &a[0], bounds);
    }
    if !vm.is_index(&a[1]) {
        let name = vm.type_name(&a[1]);
        return Err(vm.type_error(format!("string indices must be integers, not '{name}'")));
    }
    let i = vm.arg_index(&a[1])?;
    item(vm, s, i)
}

#[inline]
fn item(vm: &mut Vm, s: &Str, i: isize) -> PyResult {
    let len = s.char_len() as isize;
    let at = if i < 0 { i + len } else { i };
    if at < 0 || at >= len {
        return Err(vm.err(Exc::IndexError, "string index out of range"));
    }
    Ok(vm.str_item(s, at as usize))
}

fn get_slice(vm: &mut Vm, v: &Value, bounds: &Slice) -> PyResult {
    let s = this(v);
    let span = slice::indices(vm, bounds, s.char_len())?;
    if span.step == 1 {
        let range = span.range();
        if range.len() == s.char_len() {
            return Ok(vm.exact_str(v));
        }
        let piece = &s.bytes()[s.byte_of(range.start)..s.byte_of(range.end)];
        return Ok(vm.new_str_piece(piece));
    }
    if span.count == 0 {
        return Ok(vm.new_str_piece(b""));
    }
    let bytes = s.bytes();
    let picked = if s.is_ascii() {
        span.indices().map(|i| bytes[i]).collect()
    } else if span.step.unsigned_abs() > 32 {
        wtf8::from_code_points(span.indices().filter_map(|i| s.char_at(i)))
    } else {
        // a walk from the first (or, backwards, to the last) character, found by the index
        let from = s.byte_of(span.start as usize);
        let mut out = Vec::with_capacity(span.count);
        let stride = span.step.unsigned_abs();
        if span.step > 0 {
            wtf8::code_points(&bytes[from..]).step_by(stride).take(span.count).for_each(|c| wtf8::push(&mut out, c));
        } else {
            let end = from + wtf8::first(&bytes[from..]).map_or(0, |(_, n)| n);
            wtf8::code_points(&bytes[..end]).rev().step_by(stride).take(span.count).for_each(|c| wtf8::push(&mut out, c));
        }
        out
    };
    Ok(vm.new_str_wtf8(picked))
}

pub fn get_new_args(vm: &mut Vm, a: &[Value]) -> PyResult {
    let copy = this(&a[0]).copy();
    let text = vm.new_object(T::Str, copy);
    Ok(vm.new_tuple(vec![text]))
}

/// What CPython 3.12 reports, which scripts print: by the widest character.
pub fn size_of(vm: &mut Vm, a: &[Value]) -> PyResult {
    let s = this(&a[0]);
    let n = s.char_len();
    let widest = if s.is_ascii() { 0 } else { wtf8::code_points(s.bytes()).max().unwrap_or(0) };
    let size = match widest {
        0..0x80 => 40 + n + 1,
        0x80..0x100 => 56 + n + 1,
        0x100..0x10000 => 56 + 2 * (n + 1),
        _ => 56 + 4 * (n + 1),
    };
    Ok(vm.new_int(size as i64))
}

pub fn format(vm: &mut Vm, a: &[Value]) -> PyResult {
    let spec = super::str_arg(vm, &a[1], "__format__() argument")?;
    if spec.char_len() == 0 {
        return vm.str(&a[0]);
    }
    match crate::num::format_num::format_str(this(&a[0]).bytes(), spec.bytes()) {
        Ok(text) => Ok(vm.new_str_wtf8(text)),
        Err(e) => Err(vm.num_err(e)),
    }
}

/// Whether the value is an instance of a subclass written in Python.
pub fn is_subclass(vm: &Vm, v: &Value) -> bool {
    v.class(vm).has(flags::HEAP)
}
