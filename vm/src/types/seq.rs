//! What `list` and `tuple` share: searching, comparing, representing, indices and sizes.

use crate::error::{Exc, PyResult};
use crate::op::CmpOp;
use crate::proto::compare::{compare_plain, holds};
use crate::special::Special;
use crate::types::int::BigInt;
use crate::types::list::List;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;

/// The items of a list or tuple (or of an instance of a subclass); empty for anything else.
#[inline(always)]
pub fn items<'a>(vm: &'a Vm, v: &'a Value) -> &'a [Value] {
    match v.get::<Tuple>() {
        Some(t) => t.items(),
        None => v.borrow::<List>(vm).map_or(&[], List::items),
    }
}

/// What scanning came to.
enum Scan {
    Equal(usize),
    Ask(usize, Value),
    End,
}

/// Looks from index `i` to before `end` for an item equal to `x`, as far as that needs no Python.
fn scan(items: &[Value], i: usize, end: usize, x: &Value) -> Scan {
    for (i, item) in items.iter().enumerate().take(end).skip(i) {
        if item.is(x) {
            return Scan::Equal(i);
        }
        match compare_plain(CmpOp::Eq, item, x) {
            Some(true) => return Scan::Equal(i),
            Some(false) => {}
            None => return Scan::Ask(i, item.clone()),
        }
    }
    Scan::End
}

/// The first index from `i` on (and before `end`) whose item equals `x`. Comparisons may change the sequence.
pub fn find(vm: &mut Vm, seq: &Value, mut i: usize, end: usize, x: &Value) -> PyResult<Option<usize>> {
    loop {
        match scan(items(vm, seq), i, end, x) {
            Scan::Equal(i) => return Ok(Some(i)),
            Scan::End => return Ok(None),
            Scan::Ask(at, item) => {
                if vm.eq(&item, x)? {
                    return Ok(Some(at));
                }
                i = at + 1;
            }
        }
    }
}

/// How many items equal `x`.
pub fn count(vm: &mut Vm, seq: &Value, x: &Value) -> PyResult<usize> {
    let (mut n, mut i) = (0, 0);
    while let Some(at) = find(vm, seq, i, usize::MAX, x)? {
        n += 1;
        i = at + 1;
    }
    Ok(n)
}

/// The first index at which two sequences of one kind differ; `None` where the shorter is the longer's beginning.
fn first_difference(vm: &mut Vm, a: &Value, b: &Value) -> PyResult<Option<(Value, Value)>> {
    let mut i = 0;
    loop {
        let (x, y) = {
            let (p, q) = (items(vm, a), items(vm, b));
            loop {
                let (Some(x), Some(y)) = (p.get(i), q.get(i)) else {
                    return Ok(None);
                };
                if x.is(y) || compare_plain(CmpOp::Eq, x, y) == Some(true) {
                    i += 1;
                    continue;
                }
                break (x.clone(), y.clone());
            }
        };
        if !vm.eq(&x, &y)? {
            // `__eq__` may have shortened them: then the lengths decide
            let there = i < items(vm, a).len() && i < items(vm, b).len();
            return Ok(there.then_some((x, y)));
        }
        i += 1;
    }
}

/// `a <op> b` for two lists or two tuples: the first difference decides, or else the lengths.
pub fn compare(vm: &mut Vm, op: CmpOp, a: &Value, b: &Value) -> PyResult {
    if matches!(op, CmpOp::Eq | CmpOp::Ne) && items(vm, a).len() != items(vm, b).len() {
        return Ok(Value::bool(op == CmpOp::Ne));
    }
    match first_difference(vm, a, b)? {
        None => Ok(Value::bool(holds(op, items(vm, a).len().cmp(&items(vm, b).len())))),
        Some(_) if op == CmpOp::Eq => Ok(Value::FALSE),
        Some(_) if op == CmpOp::Ne => Ok(Value::TRUE),
        Some((x, y)) => vm.compare(op, &x, &y),
    }
}

/// The reprs of the items, between brackets. The sequence may change meanwhile.
pub fn repr(vm: &mut Vm, seq: &Value, open: &str, close: &str) -> PyResult {
    if !vm.enter_repr(seq) {
        return Ok(vm.new_str(format!("{open}...{close}")));
    }
    let r = repr_items(vm, seq);
    vm.leave_repr(seq);
    let mut bytes = open.as_bytes().to_vec();
    bytes.extend(r?);
    if seq.is_a::<Tuple>() && items(vm, seq).len() == 1 {
        bytes.push(b',');
    }
    bytes.extend_from_slice(close.as_bytes());
    Ok(vm.new_str_wtf8(bytes))
}
fn repr_items(vm: &mut Vm, seq: &Value) -> PyResult<Vec<u8>> {
    let mut out = Vec::new();
    let mut i = 0;
    while let Some(item) = items(vm, seq).get(i).cloned() {
        if i > 0 {
            out.extend_from_slice(b", ");
        }
        push_repr(vm, &mut out, &item)?;
        i += 1;
    }
    Ok(out)
}

/// Appends a value's repr.
pub fn push_repr(vm: &mut Vm, out: &mut Vec<u8>, v: &Value) -> PyResult<()> {
    let r = vm.repr(v)?;
    out.extend_from_slice(r.get::<crate::types::str::Str>().map_or(&[], |s| s.bytes()));
    Ok(())
}

/// Whether the value can stand for an index.
#[inline]
pub fn is_index(vm: &Vm, v: &Value) -> bool {
    v.is_small() || v.is_bool() || v.is_a::<BigInt>() || vm.special(v, Special::Index).is_some()
}

/// The index that a subscript of a `what` ("list", "tuple") names, negative ones still to be resolved.
pub fn subscript(vm: &mut Vm, what: &str, v: &Value) -> PyResult<isize> {
    if let Some(i) = v.as_small_or_bool() {
        return Ok(i as isize);
    }
    if !is_index(vm, v) {
        let name = vm.type_name(v);
        return Err(vm.type_error(format!("{what} indices must be integers or slices, not {name}")));
    }
    vm.to_isize(v)
}

/// Resolves an index from the end; `None` where it is out of range.
#[inline(always)]
pub fn resolve(i: isize, len: usize) -> Option<usize> {
    let i = if i < 0 { i + len as isize } else { i };
    if i >= 0 && (i as usize) < len { Some(i as usize) } else { None }
}

/// The number of a repetition (`seq * n`), negative ones as 0; `None` where the operand is no integer.
pub fn repeat_count(vm: &mut Vm, n: &Value) -> PyResult<Option<usize>> {
    if !is_index(vm, n) {
        return Ok(None);
    }
    let i = vm.to_int(n)?;
    match i.to_i64() {
        Some(i) => Ok(Some(i.max(0) as usize)),
        None => {
            let name = vm.type_name(n);
            Err(vm.err(Exc::OverflowError, format!("cannot fit '{name}' into an index-sized integer")))
        }
    }
}

/// The most bytes that one object may ask for.
const MOST: usize = 1 << 40;

/// An empty vector with room for `n` values, or MemoryError.
pub fn room(vm: &mut Vm, n: Option<usize>) -> PyResult<Vec<Value>> {
    let mut out = Vec::new();
    if let Some(n) = n {
        vm.room_for(n.saturating_mul(size_of::<Value>()))?;
    }
    match n {
        Some(n) if n < MOST / size_of::<Value>() && out.try_reserve_exact(n).is_ok() => Ok(out),
        _ => Err(vm.memory_error()),
    }
}

/// The items of `seq * n`.
pub fn repeated(vm: &mut Vm, seq: &Value, n: usize) -> PyResult<Vec<Value>> {
    let len = items(vm, seq).len();
    let mut out = room(vm, len.checked_mul(n))?;
    match items(vm, seq) {
        [one] => out.resize(n, one.clone()),
        all => (0..n).for_each(|_| out.extend_from_slice(all)),
    }
    Ok(out)
}
