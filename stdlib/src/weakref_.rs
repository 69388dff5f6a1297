//! `_weakref`: weak references and proxies (`Modules/_weakref.c`); the types are the machine's own.

use gilbert_vm::error::PyResult;
use gilbert_vm::types::T;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::weakref;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

static FUNCTIONS: &[NativeDef] =
    &[function("_remove_dead_weakref(dct, key, /)", remove_dead).doc("Atomically remove key from dict if it points to a dead weakref.")];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_weakref", "Weak-reference support module.", FUNCTIONS);
    vm.module_add_functions(&m, "_weakref", weakref::FUNCTIONS);
    for (name, t) in [("ref", T::WeakRef), ("ReferenceType", T::WeakRef), ("ProxyType", T::WeakProxy), ("CallableProxyType", T::WeakCallableProxy)] {
        let ty = vm.ty(t).clone();
        vm.module_set(&m, name, ty);
    }
    Ok(m)
}

fn remove_dead(vm: &mut Vm, args: &[Value]) -> PyResult {
    if let Some(r) = vm.dict_get(&args[0], &args[1])?
        && vm.weak_target(&r).is_none()
    {
        vm.dict_remove(&args[0], &args[1])?;
    }
    Ok(Value::NONE)
}
