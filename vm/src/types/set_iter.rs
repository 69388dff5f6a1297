//! `set_iterator`.

use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Payload, layout_of};
use crate::probe::Part;
use crate::types::T;
use crate::types::iterators::{reduced, self_iter};
use crate::types::native::method;
use crate::types::set_table::Set;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use std::cell::Cell;

/// The payload of `set_iterator`.
pub struct SetIter {
    /// The set.
    pub set: Value,
    /// The next slot.
    pub index: Cell<usize>,
    /// The set's length when the iteration began; [`ENDED`] once it has ended.
    pub used: Cell<usize>,
    /// How many keys are still to come.
    pub left: Cell<usize>,
}

const ENDED: usize = usize::MAX;

impl Payload for SetIter {
    const CHANGES: Changes<Self> = Changes::RESTLESS;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.set);
    }
    fn clear(&mut self) {
        self.set = Value::NONE;
    }
    fn clone_in(&self, c: &mut Cloner) -> SetIter {
        SetIter { set: c.value(&self.set), index: self.index.clone(), used: self.used.clone(), left: self.left.clone() }
    }
}
impl Immutable for SetIter {}

impl SetIter {
    /// The next key; `None` at the end. RuntimeError where the set has changed its size.
    pub fn step(&self, vm: &mut Vm) -> PyResult<Option<Value>> {
        if self.used.get() == ENDED {
            return Ok(None);
        }
        vm.touch_read(&self.set, Part::Whole);
        let Some(s) = self.set.borrow::<Set>(vm) else { return Ok(None) };
        if s.len() != self.used.get() {
            // from now on it stays so
            self.used.set(ENDED - 1);
            return Err(vm.runtime_error("Set changed size during iteration"));
        }
        match s.next_from(self.index.get()) {
            Some((i, slot)) => {
                let key = slot.key.clone();
                self.index.set(i + 1);
                self.left.set(self.left.get().saturating_sub(1));
                Ok(Some(key))
            }
            None => {
                self.used.set(ENDED);
                Ok(None)
            }
        }
    }
}

impl Vm {
    /// An iterator over a set.
    pub fn new_set_iter(&mut self, set: &Value) -> Value {
        self.touch_read(set, Part::Whole);
        let len = set.borrow::<Set>(self).map_or(0, Set::len);
        self.new_object(T::SetIter, SetIter { set: set.clone(), index: Cell::new(0), used: Cell::new(len), left: Cell::new(len) })
    }
}

fn this(v: &Value) -> &SetIter {
    v.get::<SetIter>().expect("a set_iterator")
}
fn set_iter_next(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(this(&args[0]).step(vm)?.unwrap_or(Value::NULL))
}
fn set_iter_hint(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = this(&args[0]);
    let len = it.set.borrow::<Set>(vm).map_or(0, Set::len);
    Ok(Value::small_wrap(if len == it.used.get() { it.left.get() } else { 0 } as i64))
}
fn set_iter_reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = this(&args[0]);
    // a twin is run to its end, so this one stays where it is
    let twin = SetIter { set: it.set.clone(), index: it.index.clone(), used: it.used.clone(), left: it.left.clone() };
    let mut items = Vec::new();
    while let Some(key) = twin.step(vm)? {
        items.push(key);
    }
    let list = vm.new_list(items);
    reduced(vm, "iter", vec![list], None)
}

/// `set_iterator`
pub static SET_ITER: TypeDef = TypeDef::new("set_iterator", layout_of::<SetIter>()).flags(flags::NO_NEW).methods(&[
    method("__iter__(self, /)", self_iter),
    method("__next__(self, /)", set_iter_next),
    method("__length_hint__(self, /)", set_iter_hint),
    method("__reduce__(self, /)", set_iter_reduce),
]);
