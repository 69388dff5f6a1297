//! `slice`, and what a slice means for a sequence of a given length (`Objects/sliceobject.c`).

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::num::Int;
use crate::object::{Changes, Cloner, Immutable, Kind, Payload, layout_of};
use crate::op::CmpOp;
use crate::special::Special;
use crate::types::T;
use crate::types::int::BigInt;
use crate::types::native::{GetSet, NativeDef, getter, method, static_method};
use crate::value::Value;
use crate::vm::Vm;

/// The payload of `slice`.
pub struct Slice {
    /// `start`
    pub start: Value,
    /// `stop`
    pub stop: Value,
    /// `step`
    pub step: Value,
}

impl Payload for Slice {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const KIND: Kind = Kind::Slice;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.start);
        visit(&self.stop);
        visit(&self.step);
    }
    fn clear(&mut self) {
        *self = Slice { start: Value::NONE, stop: Value::NONE, step: Value::NONE };
    }
    fn clone_in(&self, c: &mut Cloner) -> Slice {
        Slice { start: c.value(&self.start), stop: c.value(&self.stop), step: c.value(&self.step) }
    }
}
impl Immutable for Slice {}

/// The items a slice takes from a sequence: `count` of them, from `start` on, `step` apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The first index; within `0..=len` (for negative steps it may be -1 when nothing is taken).
    pub start: isize,
    /// The bound, as `slice.indices` gives it.
    pub stop: isize,
    /// The distance, never 0.
    pub step: isize,
    /// How many items.
    pub count: usize,
}

impl Span {
    /// The indices in order.
    pub fn indices(self) -> impl DoubleEndedIterator<Item = usize> + ExactSizeIterator {
        (0..self.count).map(move |i| (self.start + i as isize * self.step) as usize)
    }
    /// The range of a slice whose step is 1.
    pub fn range(self) -> std::ops::Range<usize> {
        let start = self.start.max(0) as usize;
        start..start + self.count
    }
    /// Copies the items it takes.
    pub fn take(self, items: &[Value]) -> Vec<Value> {
        if self.step == 1 {
            return items[self.range()].to_vec();
        }
        self.indices().map(|i| items[i].clone()).collect()
    }
}

/// The slice's three numbers before the length is known; runs `__index__` of what it holds, so the sequence may change meanwhile.
pub fn unpack(vm: &mut Vm, s: &Slice) -> PyResult<(isize, isize, isize)> {
    let step = match bound(vm, &s.step)? {
        None => 1,
        Some(0) => return Err(vm.value_error("slice step cannot be zero")),
        Some(step) => step.max(-isize::MAX),
    };
    let start = bound(vm, &s.start)?.unwrap_or(if step < 0 { isize::MAX } else { 0 });
    let stop = bound(vm, &s.stop)?.unwrap_or(if step < 0 { isize::MIN } else { isize::MAX });
    Ok((start, stop, step))
}

/// Fits the three numbers to a sequence of `len` items.
pub fn adjust(len: usize, (start, stop, step): (isize, isize, isize)) -> Span {
    let len = len as isize;
    let fit = |i: isize| {
        if i < 0 {
            let i = i.saturating_add(len);
            if i >= 0 { i } else { -((step < 0) as isize) }
        } else if i >= len {
            len - (step < 0) as isize
        } else {
            i
        }
    };
    let (start, stop) = (fit(start), fit(stop));
    let count = if step < 0 {
        if stop < start { (start - stop - 1) / -step + 1 } else { 0 }
    } else if start < stop {
        (stop - start - 1) / step + 1
    } else {
        0
    };
    Span { start, stop, step, count: count as usize }
}

/// What the slice takes from an immutable sequence of `len` items.
pub fn indices(vm: &mut Vm, s: &Slice, len: usize) -> PyResult<Span> {
    let raw = unpack(vm, s)?;
    Ok(adjust(len, raw))
}

/// A bound clamped to machine size; `None` for Python's None.
fn bound(vm: &mut Vm, v: &Value) -> PyResult<Option<isize>> {
    if v.is_none() {
        return Ok(None);
    }
    if let Some(i) = v.as_small_or_bool() {
        return Ok(Some(i as isize));
    }
    check_index(vm, v)?;
    vm.to_isize_clamped(v).map(Some)
}

fn check_index(vm: &mut Vm, v: &Value) -> PyResult<()> {
    if v.is_small() || v.is_bool() || v.is_a::<BigInt>() || vm.special(v, Special::Index).is_some() {
        return Ok(());
    }
    Err(vm.type_error("slice indices must be integers or None or have an __index__ method"))
}

fn long_bound(vm: &mut Vm, v: &Value) -> PyResult<Option<Int>> {
    if v.is_none() {
        return Ok(None);
    }
    check_index(vm, v)?;
    vm.to_int(v).map(Some)
}

/// `slice.indices` for lengths of any size: start, stop, step.
pub fn long_indices(vm: &mut Vm, s: &Slice, len: &Int) -> PyResult<(Int, Int, Int)> {
    let step = long_bound(vm, &s.step)?.unwrap_or(Int::ONE);
    if step.is_zero() {
        return Err(vm.value_error("slice step cannot be zero"));
    }
    let back = step.is_negative();
    let (lower, upper) = if back { (Int::from(-1), len.sub(&Int::ONE)) } else { (Int::ZERO, len.clone()) };
    let fit = |i: Int| {
        if i.is_negative() { i.add(len).max(lower.clone()) } else { i.min(upper.clone()) }
    };
    let start = long_bound(vm, &s.start)?.map_or_else(|| if back { upper.clone() } else { lower.clone() }, fit);
    let stop = long_bound(vm, &s.stop)?.map_or_else(|| if back { lower.clone() } else { upper.clone() }, fit);
    Ok((start, stop, step))
}

impl Vm {
    /// `slice(start, stop, step)`
    pub fn new_slice(&mut self, start: Value, stop: Value, step: Value) -> Value {
        self.new_object(T::Slice, Slice { start, stop, step })
    }
}

fn slice_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (a, b, c) = (args[1].clone(), args[2].clone(), args[3].clone());
    if b.is_null() {
        return Ok(vm.new_slice(Value::NONE, a, Value::NONE));
    }
    Ok(vm.new_slice(a, b, c))
}

fn this(v: &Value) -> &Slice {
    v.get::<Slice>().expect("a slice")
}

fn slice_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let s = this(&args[0]);
    let (start, stop, step) = (vm.repr_text(&s.start)?, vm.repr_text(&s.stop)?, vm.repr_text(&s.step)?);
    Ok(vm.new_str(format!("slice({start}, {stop}, {step})")))
}

fn parts(vm: &mut Vm, v: &Value) -> Value {
    let s = this(v);
    let parts = vec![s.start.clone(), s.stop.clone(), s.step.clone()];
    vm.new_tuple(parts)
}

fn compare(vm: &mut Vm, op: CmpOp, args: &[Value]) -> PyResult {
    if !args[1].is_a::<Slice>() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (a, b) = (parts(vm, &args[0]), parts(vm, &args[1]));
    vm.compare(op, &a, &b)
}
fn slice_lt(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Lt, args)
}
fn slice_le(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Le, args)
}
fn slice_eq(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Eq, args)
}
fn slice_ne(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Ne, args)
}
fn slice_gt(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Gt, args)
}
fn slice_ge(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Ge, args)
}

fn slice_hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    let parts = parts(vm, &args[0]);
    let h = vm.hash(&parts)?;
    Ok(vm.new_int(h))
}

fn slice_indices(vm: &mut Vm, args: &[Value]) -> PyResult {
    let len = vm.to_int(&args[1])?;
    if len.is_negative() {
        return Err(vm.value_error("length should not be negative"));
    }
    let (start, stop, step) = long_indices(vm, this(&args[0]), &len)?;
    let items = vec![vm.new_bigint(start), vm.new_bigint(stop), vm.new_bigint(step)];
    Ok(vm.new_tuple(items))
}

fn slice_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let class = args[0].type_of(vm).clone();
    let parts = parts(vm, &args[0]);
    Ok(vm.new_tuple(vec![class, parts]))
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, start, stop=NULL, step=None, /)", slice_new),
    method("__repr__(self, /)", slice_repr),
    method("__lt__(self, other, /)", slice_lt),
    method("__le__(self, other, /)", slice_le),
    method("__eq__(self, other, /)", slice_eq),
    method("__ne__(self, other, /)", slice_ne),
    method("__gt__(self, other, /)", slice_gt),
    method("__ge__(self, other, /)", slice_ge),
    method("__hash__(self, /)", slice_hash),
    method("indices(self, object, /)", slice_indices).doc("S.indices(len) -> (start, stop, stride)"),
    method("__reduce__(self, /)", slice_reduce),
];

const GETSET: &[GetSet] =
    &[getter("start", |_, v| Ok(this(v).start.clone())), getter("stop", |_, v| Ok(this(v).stop.clone())), getter("step", |_, v| Ok(this(v).step.clone()))];

/// `slice`
pub static DEF: TypeDef = TypeDef::new("slice", layout_of::<Slice>())
    .methods(METHODS)
    .getset(GETSET)
    .doc("slice(stop)\nslice(start, stop[, step])\n\nCreate a slice object.  This is used for extended slicing (e.g. a[0:10:2]).");

#[cfg(test)]
mod tests {
    use super::*;

    /// The items by definition, one step at a time, as Python's reference describes it.
    fn model(len: isize, start: Option<isize>, stop: Option<isize>, step: isize) -> Vec<isize> {
        let clamp = |i: isize, low: isize, high: isize| (if i < 0 { i + len } else { i }).clamp(low, high);
        let (low, high) = if step < 0 { (-1, len - 1) } else { (0, len) };
        let mut i = start.map_or(if step < 0 { high } else { low }, |i| clamp(i, low, high));
        let end = stop.map_or(if step < 0 { low } else { high }, |i| clamp(i, low, high));
        let mut out = Vec::new();
        while if step < 0 { i > end } else { i < end } {
            out.push(i);
            i += step;
        }
        out
    }

    #[test]
    fn adjusting_agrees_with_the_definition() {
        let bounds: Vec<Option<isize>> = std::iter::once(None).chain((-8..=8).map(Some)).collect();
        for len in 0..6 {
            for step in [-7, -3, -2, -1, 1, 2, 3, 7] {
                for &start in &bounds {
                    for &stop in &bounds {
                        let raw =
                            (start.unwrap_or(if step < 0 { isize::MAX } else { 0 }), stop.unwrap_or(if step < 0 { isize::MIN } else { isize::MAX }), step);
                        let got: Vec<isize> = adjust(len as usize, raw).indices().map(|i| i as isize).collect();
                        assert_eq!(got, model(len, start, stop, step), "{len} {start:?} {stop:?} {step}");
                    }
                }
            }
        }
    }
}
