//! `_weakref`: references that do not keep their target alive. The types are the machine's.

use gilbert_vm::error::PyResult;
use gilbert_vm::types::T;
use gilbert_vm::types::dict::Dict;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::weakref::{CALLABLE_PROXY, FUNCTIONS, PROXY};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

static MORE: &[NativeDef] = &[function("_remove_dead_weakref(dct, key, /)", remove_dead)];

/// Removes a key whose value is a dead weak reference: one step, so that no thread sees it half done.
fn remove_dead(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[0].is_a::<Dict>() {
        return Err(vm.type_error("_remove_dead_weakref() argument 1 must be dict"));
    }
    if let Some(v) = vm.dict_get(&args[0], &args[1])?
        && vm.weak_target(&v).is_none()
    {
        vm.dict_remove(&args[0], &args[1])?;
    }
    Ok(Value::NONE)
}

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_weakref", "Weak-reference support module.", FUNCTIONS);
    if let Some(ns) = vm.instance_dict(&m) {
        vm.add_functions(&ns, "_weakref", MORE);
    }
    let ty = vm.ty(T::WeakRef).clone();
    vm.module_set(&m, "ref", ty.clone());
    vm.module_set(&m, "ReferenceType", ty);
    let proxy = proxy_type(vm, &PROXY);
    vm.module_set(&m, "ProxyType", proxy);
    let callable = proxy_type(vm, &CALLABLE_PROXY);
    vm.module_set(&m, "CallableProxyType", callable);
    Ok(m)
}

fn proxy_type(vm: &mut Vm, def: &'static gilbert_vm::image::TypeDef) -> Value {
    let core = gilbert_vm::types::ALL.iter().position(|d| std::ptr::eq(*d, def));
    match core {
        Some(i) => vm.iso().image.types()[i].clone(),
        None => vm.native_type(def),
    }
}
