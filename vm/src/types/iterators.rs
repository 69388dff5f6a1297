//! The iterators of sequences: `list_iterator`, `tuple_iterator`, `iterator` (of anything with `__getitem__`), `callable_iterator`, and
//! their reversed kin.
//!
//! The loop steps the common ones itself; so they are immutable payloads whose position lies in a `Cell`. An iterator that has come
//! to its end stays there: its position is [`DONE`].

use crate::error::{Exc, PyResult};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Kind, Payload, layout_of};
use crate::probe::Part;
use crate::types::T;
use crate::types::list::List;
use crate::types::native::{method, static_method};
use crate::types::tuple::Tuple;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use std::cell::Cell;

/// The position of an iterator that has ended.
pub const DONE: usize = usize::MAX;

/// The payload of `list_iterator`.
pub struct ListIter {
    /// The list.
    pub list: Value,
    /// The next index, or [`DONE`].
    pub index: Cell<usize>,
}

/// The payload of `list_reverseiterator`: `index` counts the items that are still to come.
pub struct ListRevIter {
    /// The list.
    pub list: Value,
    /// One more than the next index; 0 at the end.
    pub index: Cell<usize>,
}

/// The payload of `tuple_iterator`.
pub struct TupleIter {
    /// The tuple.
    pub tuple: Value,
    /// The next index, or [`DONE`].
    pub index: Cell<usize>,
}

/// The payload of `iterator`: asks `seq[0]`, `seq[1]` .. until IndexError.
pub struct SeqIter {
    /// The sequence.
    pub seq: Value,
    /// The next index, or [`DONE`].
    pub index: Cell<usize>,
}

/// The payload of `reversed` for a sequence without `__reversed__`.
pub struct SeqRevIter {
    /// The sequence.
    pub seq: Value,
    /// One more than the next index; 0 at the end.
    pub index: Cell<usize>,
}

/// The payload of `callable_iterator`: calls until the result equals the sentinel.
pub struct CallableIter {
    /// What is called.
    pub callable: Value,
    /// The result that ends the iteration.
    pub sentinel: Value,
    /// Has it ended?
    pub done: Cell<bool>,
}

macro_rules! sequence_iter {
    ($ty:ident, $field:ident, $kind:ident) => {
        impl Payload for $ty {
            const CHANGES: Changes<Self> = Changes::RESTLESS;
            const KIND: Kind = Kind::$kind;
            fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
                visit(&self.$field);
            }
            fn clear(&mut self) {
                self.$field = Value::NONE;
            }
            fn clone_in(&self, c: &mut Cloner) -> $ty {
                $ty { $field: c.value(&self.$field), index: self.index.clone() }
            }
        }
        impl Immutable for $ty {}
    };
}
sequence_iter!(ListIter, list, ListIter);
sequence_iter!(ListRevIter, list, Other);
sequence_iter!(TupleIter, tuple, TupleIter);
sequence_iter!(SeqIter, seq, Other);
sequence_iter!(SeqRevIter, seq, Other);

impl Payload for CallableIter {
    const CHANGES: Changes<Self> = Changes::RESTLESS;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.callable);
        visit(&self.sentinel);
    }
    fn clear(&mut self) {
        self.callable = Value::NONE;
        self.sentinel = Value::NONE;
        self.done.set(true);
    }
    fn clone_in(&self, c: &mut Cloner) -> CallableIter {
        CallableIter { callable: c.value(&self.callable), sentinel: c.value(&self.sentinel), done: self.done.clone() }
    }
}
impl Immutable for CallableIter {}

impl ListIter {
    /// The next item; `None` at the end. Reports nothing: the caller has told the probe.
    #[inline(always)]
    pub fn step(&self, vm: &Vm) -> Option<Value> {
        let i = self.index.get();
        match self.list.borrow::<List>(vm).and_then(|l| l.items().get(i)) {
            Some(v) => {
                self.index.set(i + 1);
                Some(v.clone())
            }
            None => {
                self.index.set(DONE);
                None
            }
        }
    }
}

impl TupleIter {
    /// The next item; `None` at the end.
    #[inline(always)]
    pub fn step(&self) -> Option<Value> {
        let i = self.index.get();
        match self.tuple.get::<Tuple>().and_then(|t| t.items().get(i)) {
            Some(v) => {
                self.index.set(i + 1);
                Some(v.clone())
            }
            None => {
                self.index.set(DONE);
                None
            }
        }
    }
}

impl Vm {
    /// An iterator over `v[0]`, `v[1]` .. until IndexError.
    pub fn new_seq_iter(&mut self, v: &Value) -> Value {
        self.new_object(T::SeqIter, SeqIter { seq: v.clone(), index: Cell::new(0) })
    }
    /// An iterator over a list.
    #[inline]
    pub fn new_list_iter(&mut self, list: &Value) -> Value {
        self.new_object(T::ListIter, ListIter { list: list.clone(), index: Cell::new(0) })
    }
    /// An iterator over a tuple.
    #[inline]
    pub fn new_tuple_iter(&mut self, tuple: &Value) -> Value {
        self.new_object(T::TupleIter, TupleIter { tuple: tuple.clone(), index: Cell::new(0) })
    }
    /// A member of the builtins module, as it stands there now.
    pub fn builtin(&mut self, name: &str) -> PyResult {
        let key = self.intern(name);
        let builtins = self.iso().builtins.clone();
        match self.dict_get_str(&builtins, &key) {
            Some(v) => Ok(v),
            None => Err(self.err(Exc::NameError, format!("name '{name}' is not defined"))),
        }
    }
}

/// `__iter__` of every iterator.
pub fn self_iter(_: &mut Vm, args: &[Value]) -> PyResult {
    Ok(args[0].clone())
}

/// An index as `__length_hint__` and `__setstate__` have it.
fn new_index(i: usize) -> Value {
    Value::small_wrap(i as i64)
}

/// `(name of builtins, (arguments))` and a state if there is one: what `__reduce__` of iterators returns.
pub(crate) fn reduced(vm: &mut Vm, name: &str, args: Vec<Value>, state: Option<Value>) -> PyResult {
    let f = vm.builtin(name)?;
    let args = vm.new_tuple(args);
    let mut all = vec![f, args];
    all.extend(state);
    Ok(vm.new_tuple(all))
}

// --- list ---------------------------------------------------------------------------------------------------

fn list_iter(v: &Value) -> &ListIter {
    v.get::<ListIter>().expect("a list_iterator")
}
fn list_len(vm: &mut Vm, list: &Value) -> usize {
    vm.touch_read(list, Part::Whole);
    list.borrow::<List>(vm).map_or(0, |l| l.items().len())
}
fn list_iter_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = list_iter(&args[0]);
    vm.touch_read(&it.list, Part::Index(it.index.get() as i64));
    Ok(it.step(vm).unwrap_or(Value::NULL))
}
fn list_iter_hint(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = list_iter(&args[0]);
    let left = list_len(vm, &it.list).saturating_sub(it.index.get());
    Ok(new_index(left))
}
fn list_iter_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = list_iter(&args[0]);
    if it.index.get() == DONE {
        let empty = vm.new_list(Vec::new());
        return reduced(vm, "iter", vec![empty], None);
    }
    reduced(vm, "iter", vec![it.list.clone()], Some(new_index(it.index.get())))
}
fn list_iter_setstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let i = vm.to_isize(&args[1])?.max(0) as usize;
    let it = list_iter(&args[0]);
    if it.index.get() != DONE {
        it.index.set(i.min(list_len(vm, &it.list)));
    }
    Ok(Value::NONE)
}

fn list_rev(v: &Value) -> &ListRevIter {
    v.get::<ListRevIter>().expect("a list_reverseiterator")
}
fn list_rev_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = list_rev(&args[0]);
    let Some(i) = it.index.get().checked_sub(1) else {
        return Ok(Value::NULL);
    };
    vm.touch_read(&it.list, Part::Index(i as i64));
    let item = it.list.borrow::<List>(vm).and_then(|l| l.items().get(i).cloned());
    it.index.set(if item.is_some() { i } else { 0 });
    Ok(item.unwrap_or(Value::NULL))
}
fn list_rev_hint(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = list_rev(&args[0]);
    let left = if list_len(vm, &it.list) < it.index.get() { 0 } else { it.index.get() };
    Ok(new_index(left))
}
fn list_rev_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = list_rev(&args[0]);
    if it.index.get() == 0 {
        let empty = vm.new_list(Vec::new());
        return reduced(vm, "iter", vec![empty], None);
    }
    reduced(vm, "reversed", vec![it.list.clone()], Some(Value::small_wrap(it.index.get() as i64 - 1)))
}
fn list_rev_setstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let i = vm.to_isize(&args[1])?;
    let it = list_rev(&args[0]);
    if it.index.get() != 0 {
        let len = list_len(vm, &it.list) as isize;
        it.index.set(i.saturating_add(1).clamp(0, len) as usize);
    }
    Ok(Value::NONE)
}

/// `list_iterator`
pub static LIST_ITER: TypeDef = TypeDef::new("list_iterator", layout_of::<ListIter>()).flags(flags::NO_NEW).methods(&[
    method("__iter__(self, /)", self_iter),
    method("__next__(self, /)", list_iter_next),
    method("__length_hint__(self, /)", list_iter_hint),
    method("__reduce__(self, /)", list_iter_reduce),
    method("__setstate__(self, object, /)", list_iter_setstate),
]);
/// `list_reverseiterator`
pub static LIST_REV_ITER: TypeDef = TypeDef::new("list_reverseiterator", layout_of::<ListRevIter>()).flags(flags::NO_NEW).methods(&[
    method("__iter__(self, /)", self_iter),
    method("__next__(self, /)", list_rev_next),
    method("__length_hint__(self, /)", list_rev_hint),
    method("__reduce__(self, /)", list_rev_reduce),
    method("__setstate__(self, object, /)", list_rev_setstate),
]);

// --- tuple --------------------------------------------------------------------------------------------------

fn tuple_iter(v: &Value) -> &TupleIter {
    v.get::<TupleIter>().expect("a tuple_iterator")
}
fn tuple_len(t: &Value) -> usize {
    t.get::<Tuple>().map_or(0, |t| t.items().len())
}
fn tuple_iter_next(_: &mut Vm, args: &[Value]) -> PyResult {
    Ok(tuple_iter(&args[0]).step().unwrap_or(Value::NULL))
}
fn tuple_iter_hint(_: &mut Vm, args: &[Value]) -> PyResult {
    let it = tuple_iter(&args[0]);
    Ok(new_index(tuple_len(&it.tuple).saturating_sub(it.index.get())))
}
fn tuple_iter_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = tuple_iter(&args[0]);
    if it.index.get() == DONE {
        let empty = vm.new_tuple(Vec::new());
        return reduced(vm, "iter", vec![empty], None);
    }
    reduced(vm, "iter", vec![it.tuple.clone()], Some(new_index(it.index.get())))
}
fn tuple_iter_setstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let i = vm.to_isize(&args[1])?.max(0) as usize;
    let it = tuple_iter(&args[0]);
    if it.index.get() != DONE {
        it.index.set(i.min(tuple_len(&it.tuple)));
    }
    Ok(Value::NONE)
}

/// `tuple_iterator`
pub static TUPLE_ITER: TypeDef = TypeDef::new("tuple_iterator", layout_of::<TupleIter>()).flags(flags::NO_NEW).methods(&[
    method("__iter__(self, /)", self_iter),
    method("__next__(self, /)", tuple_iter_next),
    method("__length_hint__(self, /)", tuple_iter_hint),
    method("__reduce__(self, /)", tuple_iter_reduce),
    method("__setstate__(self, object, /)", tuple_iter_setstate),
]);

// --- anything with __getitem__ ------------------------------------------------------------------------------

fn seq_iter(v: &Value) -> &SeqIter {
    v.get::<SeqIter>().expect("an iterator")
}
/// The item, or `None` where IndexError or StopIteration says that there is none.
fn seq_item(vm: &mut Vm, seq: &Value, i: usize) -> PyResult<Option<Value>> {
    match vm.get_item(seq, &new_index(i)) {
        Ok(v) => Ok(Some(v)),
        Err(e) if vm.is_exc(&e, Exc::IndexError) || vm.is_exc(&e, Exc::StopIteration) => Ok(None),
        Err(e) => Err(e),
    }
}
fn seq_iter_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = seq_iter(&args[0]);
    let i = it.index.get();
    if i == DONE {
        return Ok(Value::NULL);
    }
    let item = seq_item(vm, &it.seq, i)?;
    it.index.set(if item.is_some() { i + 1 } else { DONE });
    Ok(item.unwrap_or(Value::NULL))
}
fn seq_iter_hint(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = seq_iter(&args[0]);
    if it.index.get() == DONE {
        return Ok(Value::i32(0));
    }
    if vm.special(&it.seq, crate::special::Special::Len).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let left = vm.len(&it.seq)?.saturating_sub(it.index.get());
    Ok(new_index(left))
}
fn seq_iter_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = seq_iter(&args[0]);
    if it.index.get() == DONE {
        let empty = vm.new_tuple(Vec::new());
        return reduced(vm, "iter", vec![empty], None);
    }
    reduced(vm, "iter", vec![it.seq.clone()], Some(new_index(it.index.get())))
}
fn seq_iter_setstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let i = vm.to_isize(&args[1])?.max(0) as usize;
    let it = seq_iter(&args[0]);
    if it.index.get() != DONE {
        it.index.set(i);
    }
    Ok(Value::NONE)
}

/// `iterator`
pub static SEQ_ITER: TypeDef = TypeDef::new("iterator", layout_of::<SeqIter>()).flags(flags::NO_NEW).methods(&[
    method("__iter__(self, /)", self_iter),
    method("__next__(self, /)", seq_iter_next),
    method("__length_hint__(self, /)", seq_iter_hint),
    method("__reduce__(self, /)", seq_iter_reduce),
    method("__setstate__(self, object, /)", seq_iter_setstate),
]);

// --- reversed(sequence) -------------------------------------------------------------------------------------

fn seq_rev(v: &Value) -> &SeqRevIter {
    v.get::<SeqRevIter>().expect("a reversed")
}
fn reversed_new(vm: &mut Vm, args: &[Value]) -> PyResult {
    use crate::special::Special;
    let (cls, seq) = (&args[0], &args[1]);
    if let Some(f) = vm.special(seq, Special::Reversed) {
        if f.is_none() {
            let name = vm.type_name(seq);
            return Err(vm.type_error(format!("'{name}' object is not reversible")));
        }
        return vm.call_special(&f, &[seq.clone()]);
    }
    if vm.special(seq, Special::GetItem).is_none() || seq.class(vm).has(flags::MAPPING) {
        let name = vm.type_name(seq);
        return Err(vm.type_error(format!("'{name}' object is not reversible")));
    }
    let n = vm.len(seq)?;
    Ok(vm.new_of(cls, SeqRevIter { seq: seq.clone(), index: Cell::new(n) }))
}
fn seq_rev_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = seq_rev(&args[0]);
    let Some(i) = it.index.get().checked_sub(1) else {
        return Ok(Value::NULL);
    };
    let item = seq_item(vm, &it.seq, i)?;
    it.index.set(if item.is_some() { i } else { 0 });
    Ok(item.unwrap_or(Value::NULL))
}
fn seq_rev_hint(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = seq_rev(&args[0]);
    if it.index.get() == 0 {
        return Ok(Value::i32(0));
    }
    let len = vm.len(&it.seq)?;
    Ok(new_index(if len < it.index.get() { 0 } else { it.index.get() }))
}
fn seq_rev_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = seq_rev(&args[0]);
    let class = args[0].type_of(vm).clone();
    let i = it.index.get();
    let seq = if i == 0 { vm.new_tuple(Vec::new()) } else { it.seq.clone() };
    let seq = vm.new_tuple(vec![seq]);
    let mut all = vec![class, seq];
    if i > 0 {
        all.push(new_index(i - 1));
    }
    Ok(vm.new_tuple(all))
}
fn seq_rev_setstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let i = vm.to_isize(&args[1])?;
    let it = seq_rev(&args[0]);
    if it.index.get() != 0 {
        let len = vm.len(&it.seq)? as isize;
        it.index.set(i.saturating_add(1).clamp(0, len) as usize);
    }
    Ok(Value::NONE)
}

/// `reversed`
pub static REVERSED: TypeDef = TypeDef::new("reversed", layout_of::<SeqRevIter>())
    .flags(flags::BASE)
    .methods(&[
        static_method("__new__(cls, sequence, /)", reversed_new),
        method("__iter__(self, /)", self_iter),
        method("__next__(self, /)", seq_rev_next),
        method("__length_hint__(self, /)", seq_rev_hint),
        method("__reduce__(self, /)", seq_rev_reduce),
        method("__setstate__(self, object, /)", seq_rev_setstate),
    ])
    .doc("Return a reverse iterator over the values of the given sequence.");

// --- iter(callable, sentinel) -------------------------------------------------------------------------------

fn callable_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = args[0].get::<CallableIter>().expect("a callable_iterator");
    if it.done.get() {
        return Ok(Value::NULL);
    }
    let v = match vm.call(&it.callable, &[]) {
        Ok(v) => v,
        Err(e) if vm.is_exc(&e, Exc::StopIteration) => {
            it.done.set(true);
            return Ok(Value::NULL);
        }
        Err(e) => return Err(e),
    };
    // the call may have stepped this very iterator to its end
    if it.done.get() {
        return Ok(Value::NULL);
    }
    if vm.eq(&it.sentinel, &v)? {
        it.done.set(true);
        return Ok(Value::NULL);
    }
    Ok(v)
}
fn callable_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = args[0].get::<CallableIter>().expect("a callable_iterator");
    if it.done.get() {
        let empty = vm.new_tuple(Vec::new());
        return reduced(vm, "iter", vec![empty], None);
    }
    reduced(vm, "iter", vec![it.callable.clone(), it.sentinel.clone()], None)
}

/// `callable_iterator`
pub static CALLABLE_ITER: TypeDef = TypeDef::new("callable_iterator", layout_of::<CallableIter>()).flags(flags::NO_NEW).methods(&[
    method("__iter__(self, /)", self_iter),
    method("__next__(self, /)", callable_next),
    method("__reduce__(self, /)", callable_reduce),
]);
