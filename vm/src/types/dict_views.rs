//! Iterators over dicts, and the views `dict_keys`, `dict_values`, `dict_items`.

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Cloner, Immutable, Kind, Payload, layout_of};
use crate::probe::Part;
use crate::types::T;
use crate::types::dict::Dict;
use crate::types::iterators::{reduced, self_iter};
use crate::types::native::{NativeDef, method};
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
    /// The next entry; `None` at the end. RuntimeError where the dict has changed since the iteration began.
    #[inline]
    pub fn step(&self, vm: &mut Vm) -> PyResult<Option<(Value, Value)>> {
        vm.touch_read(&self.dict, Part::Whole);
        let Some(d) = self.dict.borrow::<Dict>(vm) else {
            return Ok(None);
        };
        if d.len() != self.used.get() {
            return self.changed(vm);
        }
        let i = self.index.get();
        let found = if self.backwards { d.prev_before(i) } else { d.next_from(i) };
        let Some((at, key, value)) = found else {
            self.used.set(ENDED);
            return Ok(None);
        };
        if self.left.get() == 0 {
            self.used.set(ENDED);
            return Err(vm.runtime_error("dictionary keys changed during iteration"));
        }
        let entry = (key.value.clone(), value.clone());
        self.left.set(self.left.get() - 1);
        self.index.set(if self.backwards { at } else { at + 1 });
        Ok(Some(entry))
    }
    #[cold]
    fn changed(&self, vm: &mut Vm) -> PyResult<Option<(Value, Value)>> {
        if self.used.get() == ENDED {
            return Ok(None);
        }
        // from now on it stays so
        self.used.set(ENDED - 1);
        Err(vm.runtime_error("dictionary changed size during iteration"))
    }
    /// What the iterator gives for an entry.
    #[inline]
    pub fn shown(&self, vm: &mut Vm, (key, value): (Value, Value)) -> Value {
        match self.side {
            Side::Keys => key,
            Side::Values => value,
            Side::Items => vm.new_tuple(vec![key, value]),
        }
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
    let it = dict_iter(&args[0]);
    match it.step(vm)? {
        Some(entry) => Ok(it.shown(vm, entry)),
        None => Ok(Value::NULL),
    }
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
    while let Some(entry) = twin.step(vm)? {
        items.push(twin.shown(vm, entry));
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
    TypeDef::new(name, layout_of::<DictIter>).flags(flags::NO_NEW).methods(ITER_METHODS)
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
