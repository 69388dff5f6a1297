//! `_functools`: what `functools` has in C (`Modules/_functoolsmodule.c`): `partial`, `reduce`, `cmp_to_key`, the wrapper of `lru_cache`.

mod key;
mod lru;
mod partial;

pub use partial::class_getitem;

use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const FUNCTIONS: &[NativeDef] = &[
    function("cmp_to_key(mycmp)", key::cmp_to_key).doc("Convert a cmp= function into a key= function."),
    function("reduce(function, iterable, /, initial=NULL)", reduce)
        .doc("Apply a function of two arguments cumulatively to the items of an iterable, from left to right."),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_functools", "Tools that operate on functions.", FUNCTIONS);
    vm.module_add_type(&m, &partial::PARTIAL);
    vm.module_add_type(&m, &lru::LRU_CACHE);
    let ty = vm.module_add_type(&m, &partial::PLACEHOLDER_TYPE);
    let placeholder = partial::placeholder(vm);
    vm.module_set(&m, "Placeholder", placeholder);
    vm.module_set(&m, "_PlaceholderType", ty);
    Ok(m)
}

fn reduce(vm: &mut Vm, args: &[Value]) -> PyResult {
    let it = match vm.iter(&args[1]) {
        Err(e) if vm.is_exc(&e, Exc::TypeError) => return Err(vm.type_error("reduce() arg 2 must support iteration")),
        it => it?,
    };
    let mut total = args[2].clone();
    if total.is_null() {
        match vm.next(&it)? {
            Some(first) => total = first,
            None => return Err(vm.type_error("reduce() of empty iterable with no initial value")),
        }
    }
    while let Some(item) = vm.next(&it)? {
        total = vm.call(&args[0], &[total, item])?;
    }
    Ok(total)
}
