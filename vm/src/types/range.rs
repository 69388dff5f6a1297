//! `range` and its iterators (`Objects/rangeobject.c`).

use crate::error::{Exc, PyResult};
use crate::image::TypeDef;
use crate::num::Int;
use crate::object::{Changes, Cloner, Immutable, Kind, Payload, layout_of};
use crate::types::T;
use crate::types::iterators::{reduced, self_iter};
use crate::types::native::{GetSet, NativeDef, getter, method, static_method};
use crate::types::seq;
use crate::types::slice::{self, Slice};
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
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
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
    const CHANGES: Changes<Self> = Changes::RESTLESS;
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
    const CHANGES: Changes<Self> = Changes::RESTLESS;
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
pub static RANGE_ITER: TypeDef = TypeDef::new("range_iterator", layout_of::<RangeIter>()).flags(flags::NO_NEW).methods(&[
    method("__iter__(self, /)", self_iter),
    method("__next__(self, /)", range_iter_next),
    method("__length_hint__(self, /)", range_iter_hint),
    method("__reduce__(self, /)", range_iter_reduce),
    method("__setstate__(self, object, /)", range_iter_setstate),
]);
/// `longrange_iterator`
pub static LONG_RANGE_ITER: TypeDef = TypeDef::new("longrange_iterator", layout_of::<LongRangeIter>()).flags(flags::NO_NEW).methods(&[
    method("__iter__(self, /)", self_iter),
    method("__next__(self, /)", long_iter_next),
    method("__length_hint__(self, /)", long_iter_hint),
    method("__reduce__(self, /)", long_iter_reduce),
]);

// --- range --------------------------------------------------------------------------------------------------

fn this(v: &Value) -> &Range {
    v.get::<Range>().expect("a range")
}
impl Range {
    fn ints(&self, vm: &Vm) -> (Int, Int) {
        let int = |v: &Value| vm.int_value(v).unwrap_or(Int::ZERO);
        (int(&self.start), int(&self.step))
    }
    /// The number at an index within the range or just behind it.
    fn nth(&self, vm: &mut Vm, i: &Int) -> PyResult {
        let (start, step) = self.ints(vm);
        let product = i.mul(&step, usize::MAX).map_err(|e| vm.num_err(e))?;
        Ok(vm.new_bigint(start.add(&product)))
    }
    /// The index of an int; `None` where it is not in the range.
    fn place(&self, vm: &mut Vm, i: &Int) -> PyResult<Option<Int>> {
        let (start, step) = self.ints(vm);
        let (at, rest) = i.sub(&start).divmod(&step).map_err(|e| vm.num_err(e))?;
        Ok((rest.is_zero() && !at.is_negative() && at < self.len).then_some(at))
    }
}

/// An int of exact type int.
fn exact_int(vm: &mut Vm, v: &Value) -> PyResult {
    if v.is_small() {
        return Ok(v.clone());
    }
    let i = vm.to_int(v)?;
    Ok(vm.new_bigint(i))
}
fn range_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (first, second) = (&args[1], &args[2]);
    if second.is_null() {
        let stop = exact_int(vm, first)?;
        return Ok(vm.new_range(Value::i32(0), stop, Value::i32(1)));
    }
    let (start, stop, step) = (exact_int(vm, first)?, exact_int(vm, second)?, exact_int(vm, &args[3])?);
    if step.as_small() == Some(0) {
        return Err(vm.value_error("range() arg 3 must not be zero"));
    }
    Ok(vm.new_range(start, stop, step))
}
fn range_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let r = this(&args[0]);
    let (start, stop) = (vm.repr_text(&r.start)?, vm.repr_text(&r.stop)?);
    if r.step.as_small() == Some(1) {
        return Ok(vm.new_str(format!("range({start}, {stop})")));
    }
    let step = vm.repr_text(&r.step)?;
    Ok(vm.new_str(format!("range({start}, {stop}, {step})")))
}
fn range_len(vm: &mut Vm, args: &[Value]) -> PyResult {
    match this(&args[0]).len.to_i64() {
        Some(n) => Ok(vm.new_int(n)),
        None => Err(vm.err(Exc::OverflowError, "Python int too large to convert to C ssize_t")),
    }
}
fn range_bool(_: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(!this(&args[0]).len.is_zero()))
}
fn range_getitem(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (r, key) = (this(&args[0]), &args[1]);
    if let Some(s) = key.get::<Slice>() {
        return range_slice(vm, r, s);
    }
    if !seq::is_index(vm, key) {
        let name = vm.type_name(key);
        return Err(vm.type_error(format!("range indices must be integers or slices, not {name}")));
    }
    if let (Some(s), Some(i)) = (r.small, key.as_small()) {
        let at = if i < 0 { i + s.len as i64 } else { i };
        if at >= 0 && (at as u64) < s.len {
            return Ok(Value::small_wrap(s.start + at * s.step));
        }
    }
    let i = vm.to_int(key)?;
    let at = if i.is_negative() { i.add(&r.len) } else { i };
    if at.is_negative() || at >= r.len {
        return Err(vm.err(Exc::IndexError, "range object index out of range"));
    }
    r.nth(vm, &at)
}
fn range_slice(vm: &mut Vm, r: &Range, s: &Slice) -> PyResult {
    let (start, stop, step) = slice::long_indices(vm, s, &r.len)?;
    let new_step = r.ints(vm).1.mul(&step, usize::MAX).map_err(|e| vm.num_err(e))?;
    let (a, b, c) = (r.nth(vm, &start)?, r.nth(vm, &stop)?, vm.new_bigint(new_step));
    Ok(vm.new_range(a, b, c))
}
/// An exact int or bool, which ranges find without comparing.
fn plain_int(vm: &Vm, v: &Value) -> Option<Int> {
    let exact = v.is_small() || v.is_bool() || v.type_of(vm).is(vm.ty(T::Int));
    if exact { vm.int_value(v) } else { None }
}
fn range_contains(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (r, x) = (this(&args[0]), &args[1]);
    if let (Some(s), Some(i)) = (r.small, x.as_small()) {
        let away = i - s.start;
        let inside = away % s.step == 0 && away / s.step >= 0 && ((away / s.step) as u64) < s.len;
        return Ok(Value::bool(inside));
    }
    match plain_int(vm, x) {
        Some(i) => Ok(Value::bool(r.place(vm, &i)?.is_some())),
        None => Ok(Value::bool(search(vm, &args[0], x)?.is_some())),
    }
}
/// Looks for an equal number one by one.
fn search(vm: &mut Vm, range: &Value, x: &Value) -> PyResult<Option<u64>> {
    let it = vm.new_range_iter(range);
    let mut i = 0;
    while let Some(v) = vm.next(&it)? {
        if vm.eq(&v, x)? {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}
fn range_index(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (r, x) = (this(&args[0]), &args[1]);
    match plain_int(vm, x) {
        Some(i) => match r.place(vm, &i)? {
            Some(at) => Ok(vm.new_bigint(at)),
            None => {
                let shown = vm.repr_text(x)?;
                Err(vm.value_error(format!("{shown} is not in range")))
            }
        },
        None => match search(vm, &args[0], x)? {
            Some(at) => Ok(vm.new_uint(at)),
            None => Err(vm.value_error("sequence.index(x): x not in sequence")),
        },
    }
}
fn range_count(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (r, x) = (this(&args[0]), &args[1]);
    if let Some(i) = plain_int(vm, x) {
        return Ok(Value::i32(r.place(vm, &i)?.is_some() as i32));
    }
    let it = vm.new_range_iter(&args[0]);
    let mut n = 0;
    while let Some(v) = vm.next(&it)? {
        n += vm.eq(&v, x)? as u64;
    }
    Ok(vm.new_uint(n))
}
fn range_iter_of(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_range_iter(&args[0]))
}
fn range_reversed(vm: &mut Vm, args: &[Value]) -> PyResult {
    let r = this(&args[0]);
    if let Some(s) = r.small {
        let last = s.start + (s.len as i64 - 1) * s.step;
        // one behind the last number of the reversed range is one step before the first
        if s.len == 0 || (SMALL_MIN..=SMALL_MAX).contains(&(s.start - s.step)) {
            return Ok(vm.new_small_range_iter(last, -s.step, s.len));
        }
    }
    let last = r.nth(vm, &r.len.sub(&Int::ONE))?;
    let (last, step) = (vm.int_value(&last).unwrap_or(Int::ZERO), r.ints(vm).1.neg());
    Ok(vm.new_long_range_iter(last, step, r.len.clone()))
}
/// What two equal ranges share: the length, the first number if there is one, the step if there are two.
fn essence(vm: &mut Vm, r: &Range) -> [Value; 3] {
    let len = vm.new_bigint(r.len.clone());
    if r.len.is_zero() {
        [len, Value::NONE, Value::NONE]
    } else if r.len == Int::ONE {
        [len, r.start.clone(), Value::NONE]
    } else {
        [len, r.start.clone(), r.step.clone()]
    }
}
fn equal(vm: &mut Vm, args: &[Value]) -> PyResult<Option<bool>> {
    let Some(other) = args[1].get::<Range>() else { return Ok(None) };
    let (a, b) = (essence(vm, this(&args[0])), essence(vm, other));
    for (x, y) in a.iter().zip(&b) {
        if !vm.eq(x, y)? {
            return Ok(Some(false));
        }
    }
    Ok(Some(true))
}
fn range_eq(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(equal(vm, args)?.map_or(Value::NOT_IMPLEMENTED, Value::bool))
}
fn range_ne(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(equal(vm, args)?.map_or(Value::NOT_IMPLEMENTED, |e| Value::bool(!e)))
}
fn range_hash(vm: &mut Vm, args: &[Value]) -> PyResult {
    let parts = essence(vm, this(&args[0]));
    let parts = vm.new_tuple_of(&parts);
    let h = vm.hash(&parts)?;
    Ok(vm.new_int(h))
}
fn range_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let r = this(&args[0]);
    let parts = vm.new_tuple_of(&[r.start.clone(), r.stop.clone(), r.step.clone()]);
    let class = args[0].type_of(vm).clone();
    Ok(vm.new_pair(class, parts))
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, start, stop=NULL, step=1, /)", range_new),
    method("__repr__(self, /)", range_repr),
    method("__len__(self, /)", range_len),
    method("__bool__(self, /)", range_bool),
    method("__getitem__(self, key, /)", range_getitem),
    method("__contains__(self, key, /)", range_contains),
    method("__iter__(self, /)", range_iter_of),
    method("__reversed__(self, /)", range_reversed).doc("Return a reverse iterator."),
    method("__eq__(self, value, /)", range_eq),
    method("__ne__(self, value, /)", range_ne),
    method("__hash__(self, /)", range_hash),
    method("__reduce__(self, /)", range_reduce),
    method("index(self, value, /)", range_index)
        .doc("rangeobject.index(value) -> integer -- return index of value.\nRaise ValueError if the value is not present."),
    method("count(self, value, /)", range_count).doc("rangeobject.count(value) -> integer -- return number of occurrences of value"),
];
const GETSET: &[GetSet] =
    &[getter("start", |_, v| Ok(this(v).start.clone())), getter("stop", |_, v| Ok(this(v).stop.clone())), getter("step", |_, v| Ok(this(v).step.clone()))];

/// `range`
pub static DEF: TypeDef = TypeDef::new("range", layout_of::<Range>()).flags(flags::SEQUENCE).methods(METHODS).getset(GETSET).doc(
    "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\n\
    Return an object that produces a sequence of integers from start (inclusive)\nto stop (exclusive) by step.",
);
