//! Iterators over dicts, and the views `dict_keys`, `dict_values`, `dict_items`.

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Kind, Payload, layout_of};
use crate::op::CmpOp;
use crate::probe::Part;
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::iterators::{reduced, self_iter};
use crate::types::native::{GetSet, NativeDef, getter, method};
use crate::types::set_ops;
use crate::types::set_table::Set;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use std::cell::Cell;

/// What an iterator or a view of a dict shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// The keys.
    Keys,
    /// The values.
    Values,
    /// Both, as tuples.
    Items,
}

/// The payload of the iterators over dicts.
pub struct DictIter {
    /// The dict.
    pub dict: Value,
    /// Forwards: the next entry's index. Backwards: one more than it.
    pub index: Cell<usize>,
    /// The dict's length when the iteration began; [`ENDED`] once it has ended.
    pub used: Cell<usize>,
    /// How many entries are still to come.
    pub left: Cell<usize>,
    /// What it gives.
    pub side: Side,
    /// From the last entry to the first.
    pub backwards: bool,
}

/// `used` of an iterator that has ended, or has raised because the dict changed.
pub const ENDED: usize = usize::MAX;

impl Payload for DictIter {
    const CHANGES: Changes<Self> = Changes::RESTLESS;
    const KIND: Kind = Kind::DictIter;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.dict);
    }
    fn clear(&mut self) {
        self.dict = Value::NONE;
    }
    fn clone_in(&self, c: &mut Cloner) -> DictIter {
        DictIter {
            dict: c.value(&self.dict),
            index: self.index.clone(),
            used: self.used.clone(),
            left: self.left.clone(),
            side: self.side,
            backwards: self.backwards,
        }
    }
}
impl Immutable for DictIter {}

impl DictIter {
    /// What comes next; `None` at the end. RuntimeError where the dict has changed since the iteration began.
    #[inline]
    pub fn step(&self, vm: &mut Vm) -> PyResult<Option<Value>> {
        let Some(i) = self.advance(vm)? else { return Ok(None) };
        let Some((key, value)) = self.dict.borrow::<Dict>(vm).and_then(|d| d.at(i)) else { return Ok(None) };
        match self.side {
            Side::Keys => Ok(Some(key.value.clone())),
            Side::Values => Ok(Some(value.clone())),
            Side::Items => {
                let (key, value) = (key.value.clone(), value.clone());
                Ok(Some(vm.new_pair(key, value)))
            }
        }
    }
    /// The index of the next entry.
    #[inline]
    pub fn advance(&self, vm: &mut Vm) -> PyResult<Option<usize>> {
        vm.touch_read(&self.dict, Part::Whole);
        let Some(d) = self.dict.borrow::<Dict>(vm) else { return Ok(None) };
        if d.len() != self.used.get() {
            return self.changed(vm);
        }
        let i = self.index.get();
        let found = if self.backwards { d.prev_before(i) } else { d.next_from(i) };
        let Some((at, ..)) = found else {
            self.used.set(ENDED);
            return Ok(None);
        };
        if self.left.get() == 0 {
            self.used.set(ENDED);
            return Err(vm.runtime_error("dictionary keys changed during iteration"));
        }
        self.left.set(self.left.get() - 1);
        self.index.set(if self.backwards { at } else { at + 1 });
        Ok(Some(at))
    }
    #[cold]
    fn changed(&self, vm: &mut Vm) -> PyResult<Option<usize>> {
        if self.used.get() == ENDED {
            return Ok(None);
        }
        // from now on it stays so
        self.used.set(ENDED - 1);
        Err(vm.runtime_error("dictionary changed size during iteration"))
    }
}

impl Vm {
    /// An iterator over a dict.
    pub fn new_dict_iter(&mut self, dict: &Value, side: Side, backwards: bool) -> Value {
        self.touch_read(dict, Part::Whole);
        let (len, end) = dict.borrow::<Dict>(self).map_or((0, 0), |d| (d.len(), d.entries()));
        let t = match (side, backwards) {
            (Side::Keys, false) => T::DictKeyIter,
            (Side::Values, false) => T::DictValueIter,
            (Side::Items, false) => T::DictItemIter,
            (Side::Keys, true) => T::DictRevKeyIter,
            (Side::Values, true) => T::DictRevValueIter,
            (Side::Items, true) => T::DictRevItemIter,
        };
        let index = Cell::new(if backwards { end } else { 0 });
        self.new_object(t, DictIter { dict: dict.clone(), index, used: Cell::new(len), left: Cell::new(len), side, backwards })
    }
}

fn dict_iter(v: &Value) -> &DictIter {
    v.get::<DictIter>().expect("an iterator over a dict")
}
fn dict_iter_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(dict_iter(&args[0]).step(vm)?.unwrap_or(Value::NULL))
}
fn dict_iter_hint(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = dict_iter(&args[0]);
    let len = it.dict.borrow::<Dict>(vm).map_or(0, Dict::len);
    Ok(Value::small_wrap(if len == it.used.get() { it.left.get() } else { 0 } as i64))
}
fn dict_iter_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = dict_iter(&args[0]);
    // a copy of the iterator is run to its end, so this one stays where it is
    let twin =
        DictIter { dict: it.dict.clone(), index: it.index.clone(), used: it.used.clone(), left: it.left.clone(), side: it.side, backwards: it.backwards };
    let mut items = Vec::new();
    while let Some(item) = twin.step(vm)? {
        items.push(item);
    }
    let list = vm.new_list(items);
    reduced(vm, "iter", vec![list], None)
}

const ITER_METHODS: &[NativeDef] = &[
    method("__iter__(self, /)", self_iter),
    method("__next__(self, /)", dict_iter_next),
    method("__length_hint__(self, /)", dict_iter_hint),
    method("__reduce__(self, /)", dict_iter_reduce),
];

const fn iter_type(name: &'static str) -> TypeDef {
    TypeDef::new(name, layout_of::<DictIter>()).flags(flags::NO_NEW).methods(ITER_METHODS)
}
/// `dict_keyiterator`
pub static KEY_ITER: TypeDef = iter_type("dict_keyiterator");
/// `dict_valueiterator`
pub static VALUE_ITER: TypeDef = iter_type("dict_valueiterator");
/// `dict_itemiterator`
pub static ITEM_ITER: TypeDef = iter_type("dict_itemiterator");
/// `dict_reversekeyiterator`
pub static REV_KEY_ITER: TypeDef = iter_type("dict_reversekeyiterator");
/// `dict_reversevalueiterator`
pub static REV_VALUE_ITER: TypeDef = iter_type("dict_reversevalueiterator");
/// `dict_reverseitemiterator`
pub static REV_ITEM_ITER: TypeDef = iter_type("dict_reverseitemiterator");

// --- views --------------------------------------------------------------------------------------------------

/// The payload of `dict_keys`, `dict_values` and `dict_items`.
pub struct DictView {
    /// The dict.
    pub dict: Value,
    /// What it shows.
    pub side: Side,
}

impl Payload for DictView {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.dict);
    }
    fn clone_in(&self, c: &mut Cloner) -> DictView {
        DictView { dict: c.value(&self.dict), side: self.side }
    }
}
impl Immutable for DictView {}

impl Vm {
    /// A view of a dict.
    pub fn new_dict_view(&mut self, dict: &Value, side: Side) -> Value {
        let t = match side {
            Side::Keys => T::DictKeys,
            Side::Values => T::DictValues,
            Side::Items => T::DictItems,
        };
        self.new_object(t, DictView { dict: dict.clone(), side })
    }
}

fn view(v: &Value) -> &DictView {
    v.get::<DictView>().expect("a view of a dict")
}
/// A view with set operations: of keys or items.
fn set_view(v: &Value) -> Option<&DictView> {
    v.get::<DictView>().filter(|v| v.side != Side::Values)
}
fn len(vm: &mut Vm, v: &DictView) -> usize {
    vm.touch_read(&v.dict, Part::Whole);
    v.dict.borrow::<Dict>(vm).map_or(0, Dict::len)
}
fn holds(vm: &mut Vm, v: &DictView, item: &Value) -> PyResult<bool> {
    if v.side == Side::Keys {
        return vm.dict_contains(&v.dict, item);
    }
    let Some([key, value]) = item.get::<Tuple>().map(Tuple::items) else { return Ok(false) };
    match vm.dict_get(&v.dict, key)? {
        Some(found) => vm.eq(&found, value),
        None => Ok(false),
    }
}

fn view_len(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::small_wrap(len(vm, view(&args[0])) as i64))
}
fn view_contains(vm: &mut Vm, args: &[Value]) -> PyResult {
    holds(vm, view(&args[0]), &args[1]).map(Value::bool)
}
fn view_iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = view(&args[0]);
    Ok(vm.new_dict_iter(&v.dict, v.side, false))
}
fn view_reversed(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = view(&args[0]);
    Ok(vm.new_dict_iter(&v.dict, v.side, true))
}
fn view_repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !vm.enter_repr(&args[0]) {
        return Ok(vm.new_str("..."));
    }
    let r = vm.collect(&args[0]).and_then(|items| {
        let list = vm.new_list(items);
        vm.repr(&list)
    });
    vm.leave_repr(&args[0]);
    let name = vm.type_name(&args[0]);
    let mut out = format!("{name}(").into_bytes();
    out.extend_from_slice(r?.get::<Str>().map_or(&[], Str::bytes));
    out.push(b')');
    Ok(vm.new_str_wtf8(out))
}

/// Whether every item of `a` is in `b`.
fn all_in(vm: &mut Vm, a: &Value, b: &Value) -> PyResult<bool> {
    let it = vm.iter(a)?;
    while let Some(item) = vm.next(&it)? {
        if !vm.contains(b, &item)? {
            return Ok(false);
        }
    }
    Ok(true)
}
fn compare(vm: &mut Vm, op: CmpOp, args: &[Value]) -> PyResult {
    let (a, b) = (&args[0], &args[1]);
    if !b.is_a::<Set>() && set_view(b).is_none() {
        return Ok(Value::NOT_IMPLEMENTED);
    }
    let (x, y) = (vm.len(a)?, vm.len(b)?);
    let r = match op {
        CmpOp::Eq => x == y && all_in(vm, a, b)?,
        CmpOp::Ne => !(x == y && all_in(vm, a, b)?),
        CmpOp::Lt => x < y && all_in(vm, a, b)?,
        CmpOp::Le => x <= y && all_in(vm, a, b)?,
        CmpOp::Gt => x > y && all_in(vm, b, a)?,
        CmpOp::Ge => x >= y && all_in(vm, b, a)?,
    };
    Ok(Value::bool(r))
}
fn view_lt(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Lt, args)
}
fn view_le(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Le, args)
}
fn view_eq(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Eq, args)
}
fn view_ne(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Ne, args)
}
fn view_gt(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Gt, args)
}
fn view_ge(vm: &mut Vm, args: &[Value]) -> PyResult {
    compare(vm, CmpOp::Ge, args)
}

/// A new set of what an operand holds.
fn to_set(vm: &mut Vm, v: &Value) -> PyResult {
    let set = vm.new_set(&[])?;
    let source = match v.get::<DictView>() {
        Some(keys) if keys.side == Side::Keys => &keys.dict,
        _ => v,
    };
    vm.set_update(&set, if vm.is_plain_dict(source) { source } else { v })?;
    Ok(set)
}
fn and(vm: &mut Vm, a: &Value, b: &Value) -> PyResult {
    let (mut this, mut other) = if set_view(a).is_some() { (a, b) } else { (b, a) };
    let n = len(vm, view(this));
    if other.type_of(vm).is(vm.ty(T::Set)) || other.type_of(vm).is(vm.ty(T::FrozenSet)) {
        if n <= vm.len(other)? {
            return set_ops::intersection(vm, other, this);
        }
    } else if set_view(other).is_some() && vm.len(other)? > n {
        std::mem::swap(&mut this, &mut other);
    }
    let result = vm.new_set(&[])?;
    let it = vm.iter(other)?;
    while let Some(item) = vm.next(&it)? {
        if holds(vm, view(this), &item)? {
            vm.set_add(&result, &item)?;
        }
    }
    Ok(result)
}
fn or(vm: &mut Vm, a: &Value, b: &Value) -> PyResult {
    let set = to_set(vm, a)?;
    vm.set_update(&set, b)?;
    Ok(set)
}
fn sub(vm: &mut Vm, a: &Value, b: &Value) -> PyResult {
    let set = to_set(vm, a)?;
    set_ops::difference_update(vm, &set, b)?;
    Ok(set)
}
fn xor(vm: &mut Vm, a: &Value, b: &Value) -> PyResult {
    let set = to_set(vm, a)?;
    set_ops::symmetric_difference_update(vm, &set, b)?;
    Ok(set)
}
macro_rules! operators {
    ($($forward:ident $reflected:ident $op:ident;)*) => { $(
        fn $forward(vm: &mut Vm, args: &[Value]) -> PyResult {
            $op(vm, &args[0], &args[1])
        }
        fn $reflected(vm: &mut Vm, args: &[Value]) -> PyResult {
            $op(vm, &args[1], &args[0])
        }
    )* };
}
operators! {
    view_and view_rand and;
    view_or view_ror or;
    view_sub view_rsub sub;
    view_xor view_rxor xor;
}
fn view_isdisjoint(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (mut this, mut other) = (&args[0], &args[1]);
    if this.is(other) {
        return Ok(Value::bool(len(vm, view(this)) == 0));
    }
    if (other.is_a::<Set>() || set_view(other).is_some()) && vm.len(other)? > len(vm, view(this)) {
        std::mem::swap(&mut this, &mut other);
    }
    let it = vm.iter(other)?;
    while let Some(item) = vm.next(&it)? {
        if vm.contains(this, &item)? {
            return Ok(Value::FALSE);
        }
    }
    Ok(Value::TRUE)
}
fn view_mapping(vm: &mut Vm, v: &Value) -> PyResult {
    let proxy = vm.ty(T::MappingProxy).clone();
    vm.call(&proxy, &[view(v).dict.clone()])
}

const SET_VIEW: &[NativeDef] = &[
    method("__len__(self, /)", view_len),
    method("__contains__(self, key, /)", view_contains),
    method("__iter__(self, /)", view_iter),
    method("__reversed__(self, /)", view_reversed),
    method("__repr__(self, /)", view_repr),
    method("__lt__(self, value, /)", view_lt),
    method("__le__(self, value, /)", view_le),
    method("__eq__(self, value, /)", view_eq),
    method("__ne__(self, value, /)", view_ne),
    method("__gt__(self, value, /)", view_gt),
    method("__ge__(self, value, /)", view_ge),
    method("__and__(self, value, /)", view_and),
    method("__rand__(self, value, /)", view_rand),
    method("__or__(self, value, /)", view_or),
    method("__ror__(self, value, /)", view_ror),
    method("__sub__(self, value, /)", view_sub),
    method("__rsub__(self, value, /)", view_rsub),
    method("__xor__(self, value, /)", view_xor),
    method("__rxor__(self, value, /)", view_rxor),
    method("isdisjoint(self, other, /)", view_isdisjoint).doc("Return True if the view and the given iterable have a null intersection."),
];
const VALUES_VIEW: &[NativeDef] = &[
    method("__len__(self, /)", view_len),
    method("__iter__(self, /)", view_iter),
    method("__reversed__(self, /)", view_reversed),
    method("__repr__(self, /)", view_repr),
];
const MAPPING: &[GetSet] = &[getter("mapping", view_mapping)];

const fn view_type(name: &'static str, methods: &'static [NativeDef]) -> TypeDef {
    TypeDef::new(name, layout_of::<DictView>()).flags(flags::NO_NEW).methods(methods).getset(MAPPING)
}
/// `dict_keys`
pub static KEYS: TypeDef = view_type("dict_keys", SET_VIEW);
/// `dict_values`
pub static VALUES: TypeDef = view_type("dict_values", VALUES_VIEW);
/// `dict_items`
pub static ITEMS: TypeDef = view_type("dict_items", SET_VIEW);
