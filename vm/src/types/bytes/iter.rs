//! `bytes_iterator` and `bytearray_iterator`.

use super::{Bytes, data};
use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Immutable, Payload, layout_of};
use crate::probe::Part;
use crate::types::T;
use crate::types::native::{NativeDef, method};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use std::cell::Cell;

/// The payload of the iterators of bytes and bytearray.
pub struct BytesIter {
    /// The bytes or bytearray.
    pub bytes: Value,
    /// The next index, or [`DONE`].
    pub index: Cell<usize>,
}

/// The position of an iterator that has ended.
pub const DONE: usize = usize::MAX;

impl Payload for BytesIter {
    const CHANGES: Changes<Self> = Changes::RESTLESS;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.bytes);
    }
    fn clear(&mut self) {
        self.bytes = Value::NULL;
    }
    fn clone_in(&self, c: &mut Cloner) -> BytesIter {
        BytesIter { bytes: c.value(&self.bytes), index: self.index.clone() }
    }
}
impl Immutable for BytesIter {}

/// `iter(b)`
pub fn iter(vm: &mut Vm, a: &[Value]) -> PyResult {
    let t = if a[0].is_a::<Bytes>() { T::BytesIter } else { T::ByteArrayIter };
    Ok(vm.new_object(t, BytesIter { bytes: a[0].clone(), index: Cell::new(0) }))
}

fn this(v: &Value) -> &BytesIter {
    v.get::<BytesIter>().expect("a bytes iterator")
}

fn iter_self(_: &mut Vm, a: &[Value]) -> PyResult {
    Ok(a[0].clone())
}

fn next(vm: &mut Vm, a: &[Value]) -> PyResult {
    vm.touch_write(&a[0], Part::Whole);
    let it = this(&a[0]);
    let at = it.index.get();
    super::touch(vm, &it.bytes);
    match data(vm, &it.bytes).get(at) {
        Some(b) => {
            it.index.set(at + 1);
            Ok(Value::small_wrap(i64::from(*b)))
        }
        None => {
            it.index.set(DONE);
            Ok(Value::NULL)
        }
    }
}

fn length_hint(vm: &mut Vm, a: &[Value]) -> PyResult {
    vm.touch_read(&a[0], Part::Whole);
    let it = this(&a[0]);
    let left = data(vm, &it.bytes).len().saturating_sub(it.index.get());
    Ok(Value::small_wrap(left as i64))
}

fn reduce(vm: &mut Vm, a: &[Value]) -> PyResult {
    vm.touch_read(&a[0], Part::Whole);
    let it = this(&a[0]);
    let name = vm.intern("iter");
    let builtins = vm.iso().builtins.clone();
    let iter = vm.dict_get_str(&builtins, &name).unwrap_or(Value::NONE);
    if it.index.get() == DONE {
        let empty = vm.new_tuple(vec![]);
        let args = vm.new_tuple(vec![empty]);
        return Ok(vm.new_tuple(vec![iter, args]));
    }
    let args = vm.new_tuple(vec![it.bytes.clone()]);
    Ok(vm.new_tuple(vec![iter, args, Value::small_wrap(it.index.get() as i64)]))
}

fn set_state(vm: &mut Vm, a: &[Value]) -> PyResult {
    vm.touch_write(&a[0], Part::Whole);
    let i = vm.arg_ssize(&a[1])?.max(0) as usize;
    let it = this(&a[0]);
    if it.index.get() != DONE {
        it.index.set(i.min(data(vm, &it.bytes).len()));
    }
    Ok(Value::NONE)
}

const METHODS: &[NativeDef] = &[
    method("__iter__(self, /)", iter_self),
    method("__next__(self, /)", next),
    method("__length_hint__(self, /)", length_hint).doc("Private method returning an estimate of len(list(it))."),
    method("__reduce__(self, /)", reduce).doc("Return state information for pickling."),
    method("__setstate__(self, object, /)", set_state).doc("Set state information for unpickling."),
];

/// `bytes_iterator`
pub static BYTES_ITER: TypeDef = TypeDef::new("bytes_iterator", layout_of::<BytesIter>()).flags(flags::NO_NEW).methods(METHODS);
/// `bytearray_iterator`
pub static BYTEARRAY_ITER: TypeDef = TypeDef::new("bytearray_iterator", layout_of::<BytesIter>()).flags(flags::NO_NEW).methods(METHODS);
