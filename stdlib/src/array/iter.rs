//! Iterators over arrays.

use super::{Array, get};
use crate::payload::payload;
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::types::iterators::self_iter;
use gilbert_vm::types::native::method;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of `arrayiterator`; the array is None once all was seen.
struct ArrayIter {
    array: Value,
    index: usize,
}
payload!(ArrayIter { one: [array], many: [], plain: [index] });

static ARRAY_ITER: TypeDef = TypeDef::new("array.arrayiterator", layout_of::<ArrayIter>()).flags(flags::NO_NEW).methods(&[
    method("__iter__(self, /)", self_iter),
    method("__next__(self, /)", step),
    method("__reduce__(self, /)", reduce).doc("Return state information for pickling."),
    method("__setstate__(self, state, /)", set_state).doc("Set state information for unpickling."),
]);

pub fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(vm.new_native(&ARRAY_ITER, ArrayIter { array: a[0].clone(), index: 0 }))
}
fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut ArrayIter {
    v.borrow_mut::<ArrayIter>(vm).expect("an arrayiterator")
}
fn step(vm: &mut Vm, a: &[Value]) -> PyResult {
    let it = this(vm, &a[0]);
    let (array, index) = (it.array.clone(), it.index);
    if array.is_none() {
        return Ok(Value::NULL);
    }
    match get(vm, &array, index)? {
        Some(v) => {
            this(vm, &a[0]).index += 1;
            Ok(v)
        }
        None => {
            this(vm, &a[0]).array = Value::NONE;
            Ok(Value::NULL)
        }
    }
}
fn reduce(vm: &mut Vm, a: &[Value]) -> PyResult {
    let it = this(vm, &a[0]);
    let (array, index) = (it.array.clone(), it.index);
    let iter = vm.builtin("iter")?;
    if array.is_none() {
        let empty = vm.new_tuple(Vec::new());
        let args = vm.new_tuple(vec![empty]);
        return Ok(vm.new_tuple(vec![iter, args]));
    }
    let args = vm.new_tuple(vec![array]);
    Ok(vm.new_tuple(vec![iter, args, Value::small_wrap(index as i64)]))
}
fn set_state(vm: &mut Vm, a: &[Value]) -> PyResult {
    let index = vm.to_isize(&a[1])?;
    let array = this(vm, &a[0]).array.clone();
    if let Some(len) = array.borrow::<Array>(vm).map(Array::len) {
        this(vm, &a[0]).index = (index.max(0) as usize).min(len);
    }
    Ok(Value::NONE)
}
