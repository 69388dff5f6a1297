//! `range` and its iterators (`Objects/rangeobject.c`).

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::num::Int;
use crate::object::{Cloner, Immutable, Kind, Payload, layout_of};
use crate::types::T;
use crate::types::iterators::{reduced, self_iter};
use crate::types::native::method;
use crate::types::type_::flags;
use crate::value::{SMALL_MAX, SMALL_MIN, Value};
use crate::vm::Vm;
use std::cell::{Cell, RefCell};

/// The payload of `range`.
pub struct Range {
    /// `start`
    pub start: Value,
    /// `stop`
    pub stop: Value,
    /// `step`
    pub step: Value,
    /// How many numbers.
    pub len: Int,
    /// The same in machine numbers, where every number of the range (and the one behind the last) is a small int.
    pub small: Option<SmallRange>,
}

/// A range of small ints.
#[derive(Clone, Copy, Debug)]
pub struct SmallRange {
    /// The first number.
    pub start: i64,
    /// The distance.
    pub step: i64,
    /// How many.
    pub len: u64,
}

impl Payload for Range {
    const KIND: Kind = Kind::Range;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, c: &mut Cloner) -> Range {
        Range { start: c.value(&self.start), stop: c.value(&self.stop), step: c.value(&self.step), len: self.len.clone(), small: self.small }
    }
}
impl Immutable for Range {}

/// The payload of `range_iterator`: only small ints, so a step never allocates.
pub struct RangeIter {
    /// The next number.
    pub next: Cell<i64>,
    /// The distance.
    pub step: i64,
    /// How many are still to come.
    pub left: Cell<u64>,
}

impl RangeIter {
    /// The next number; `None` at the end.
    #[inline(always)]
    pub fn step(&self) -> Option<Value> {
        let left = self.left.get();
        if left == 0 {
            return None;
        }
        let v = self.next.get();
        self.left.set(left - 1);
        self.next.set(v.wrapping_add(self.step));
        Some(Value::small_wrap(v))
    }
}

impl Payload for RangeIter {
    const KIND: Kind = Kind::RangeIter;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> RangeIter {
        RangeIter { next: self.next.clone(), step: self.step, left: self.left.clone() }
    }
}
impl Immutable for RangeIter {}

/// The payload of `longrange_iterator`.
pub struct LongRangeIter {
    next: RefCell<Int>,
    step: Int,
    left: RefCell<Int>,
}

impl Payload for LongRangeIter {
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> LongRangeIter {
        LongRangeIter { next: self.next.clone(), step: self.step.clone(), left: self.left.clone() }
    }
}
impl Immutable for LongRangeIter {}

/// How many numbers `range(start, stop, step)` has.
fn count(start: &Int, stop: &Int, step: &Int) -> Int {
    let (low, high, step) = if step.is_negative() { (stop, start, step.neg()) } else { (start, stop, step.clone()) };
    if low >= high {
        return Int::ZERO;
    }
    let span = high.sub(low).sub(&Int::ONE);
    span.floor_div(&step).map_or(Int::ZERO, |n| n.add(&Int::ONE))
}

fn small_range(start: &Value, stop: &Value, step: &Value) -> Option<SmallRange> {
    let (a, b, s) = (start.as_small()?, stop.as_small()?, step.as_small()?);
    let (low, high) = if s < 0 { (b, a) } else { (a, b) };
    let len = if low < high { (high - low - 1) as u64 / s.unsigned_abs() + 1 } else { 0 };
    let behind = a.checked_add((len as i64).checked_mul(s)?)?;
    (SMALL_MIN..=SMALL_MAX).contains(&behind).then_some(SmallRange { start: a, step: s, len })
}

impl Vm {
    /// A range of these ints; `step` is not 0.
    pub fn new_range(&mut self, start: Value, stop: Value, step: Value) -> Value {
        let small = small_range(&start, &stop, &step);
        let len = match &small {
            Some(r) => Int::from(r.len),
            None => {
                let int = |v: &Value| self.int_value(v).unwrap_or(Int::ZERO);
                count(&int(&start), &int(&stop), &int(&step))
            }
        };
        self.new_object(T::Range, Range { start, stop, step, len, small })
    }
    /// An iterator over a range object.
    #[inline]
    pub fn new_range_iter(&mut self, range: &Value) -> Value {
        let r = range.get::<Range>().expect("a range");
        match r.small {
            Some(s) => self.new_small_range_iter(s.start, s.step, s.len),
            None => {
                let (start, step) = (self.int_value(&r.start).unwrap_or(Int::ZERO), self.int_value(&r.step).unwrap_or(Int::ONE));
                self.new_long_range_iter(start, step, r.len.clone())
            }
        }
    }
    fn new_small_range_iter(&mut self, start: i64, step: i64, len: u64) -> Value {
        self.new_object(T::RangeIter, RangeIter { next: Cell::new(start), step, left: Cell::new(len) })
    }
    fn new_long_range_iter(&mut self, start: Int, step: Int, len: Int) -> Value {
        self.new_object(T::LongRangeIter, LongRangeIter { next: RefCell::new(start), step, left: RefCell::new(len) })
    }
}

fn range_iter(v: &Value) -> &RangeIter {
    v.get::<RangeIter>().expect("a range_iterator")
}
fn range_iter_next(_: &mut Vm, args: &[Value]) -> PyResult {
    Ok(range_iter(&args[0]).step().unwrap_or(Value::NULL))
}
fn range_iter_hint(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_uint(range_iter(&args[0]).left.get()))
}
fn range_iter_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = range_iter(&args[0]);
    let (next, step, left) = (it.next.get(), it.step, it.left.get());
    let stop = next + left as i64 * step;
    let parts = [vm.new_int(next), vm.new_int(stop), vm.new_int(step)];
    let [a, b, c] = parts;
    let range = vm.new_range(a, b, c);
    reduced(vm, "iter", vec![range], Some(Value::NONE))
}
fn range_iter_setstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args[1].is_none() {
        return Ok(Value::NONE);
    }
    let n = vm.to_i64(&args[1])?.max(0) as u64;
    let it = range_iter(&args[0]);
    let n = n.min(it.left.get());
    it.left.set(it.left.get() - n);
    it.next.set(it.next.get() + n as i64 * it.step);
    Ok(Value::NONE)
}

fn long_iter(v: &Value) -> &LongRangeIter {
    v.get::<LongRangeIter>().expect("a longrange_iterator")
}
fn long_iter_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = long_iter(&args[0]);
    if it.left.borrow().is_zero() {
        return Ok(Value::NULL);
    }
    let left = it.left.borrow().sub(&Int::ONE);
    it.left.replace(left);
    let next = it.next.borrow().add(&it.step);
    let v = it.next.replace(next);
    Ok(vm.new_bigint(v))
}
fn long_iter_hint(vm: &mut Vm, args: &[Value]) -> PyResult {
    let left = long_iter(&args[0]).left.borrow().clone();
    Ok(vm.new_bigint(left))
}
fn long_iter_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = long_iter(&args[0]);
    let (next, left) = (it.next.borrow().clone(), it.left.borrow().clone());
    let stop = left.mul(&it.step, usize::MAX).map_err(|e| vm.num_err(e))?.add(&next);
    let (a, b, c) = (vm.new_bigint(next), vm.new_bigint(stop), vm.new_bigint(it.step.clone()));
    let range = vm.new_range(a, b, c);
    reduced(vm, "iter", vec![range], Some(Value::NONE))
}

/// `range_iterator`
pub static RANGE_ITER: TypeDef = TypeDef::new("range_iterator", layout_of::<RangeIter>).flags(flags::NO_NEW).methods(&[
    method("__iter__(self, /)", self_iter),
    method("__next__(self, /)", range_iter_next),
    method("__length_hint__(self, /)", range_iter_hint),
    method("__reduce__(self, /)", range_iter_reduce),
    method("__setstate__(self, object, /)", range_iter_setstate),
]);
/// `longrange_iterator`
pub static LONG_RANGE_ITER: TypeDef = TypeDef::new("longrange_iterator", layout_of::<LongRangeIter>).flags(flags::NO_NEW).methods(&[
    method("__iter__(self, /)", self_iter),
    method("__next__(self, /)", long_iter_next),
    method("__length_hint__(self, /)", long_iter_hint),
    method("__reduce__(self, /)", long_iter_reduce),
]);

/// `range`
pub static DEF: TypeDef = TypeDef::new("range", layout_of::<Range>).flags(flags::SEQUENCE);
