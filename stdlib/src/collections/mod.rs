//! `_collections`: what `collections` has in C (`Modules/_collectionsmodule.c`): `deque`, `defaultdict`, the attributes of named tuples,
//! counting.

mod default_dict;
pub mod deque;
mod tuple_getter;

use gilbert_vm::error::PyResult;
use gilbert_vm::op::BinOp;
use gilbert_vm::types::T;
use gilbert_vm::types::dict::Dict;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const FUNCTIONS: &[NativeDef] =
    &[function("_count_elements(mapping, iterable, /)", count_elements).doc("Count elements in the iterable, updating the mapping")];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_collections", "High performance data structures.", FUNCTIONS);
    for def in [&deque::DEQUE, &deque::ITER, &deque::REV_ITER, &tuple_getter::TUPLE_GETTER, &default_dict::DEFAULT_DICT] {
        vm.module_add_type(&m, def);
    }
    Ok(m)
}

fn count_elements(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (mapping, one) = (&args[0], Value::small_wrap(1));
    let ty = mapping.type_of(vm).clone();
    let dict = vm.ty(T::Dict).clone();
    let same = ["get", "__setitem__"].iter().all(|name| {
        let name = vm.intern(name);
        match (vm.type_lookup(&ty, &name), vm.type_lookup(&dict, &name)) {
            (Some(a), Some(b)) => a.is(&b),
            _ => false,
        }
    });
    if same && mapping.is_a::<Dict>() {
        vm.for_each(&args[1], |vm, item| {
            let n = vm.dict_get(mapping, &item)?.unwrap_or(Value::small_wrap(0));
            let n = vm.binary(BinOp::Add, &n, &one)?;
            vm.dict_set(mapping, &item, n)
        })?;
        return Ok(Value::NONE);
    }
    let get = vm.attr(mapping, "get")?;
    vm.for_each(&args[1], |vm, item| {
        let n = vm.call(&get, &[item.clone(), Value::small_wrap(0)])?;
        let n = vm.binary(BinOp::Add, &n, &one)?;
        vm.set_item(mapping, &item, n)
    })?;
    Ok(Value::NONE)
}
