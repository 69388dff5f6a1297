//! `sys`: the interpreter's own facts and hooks. Its namespace is the isolate's.

mod facts;
mod hooks;
mod monitoring;
mod state;

use gilbert_vm::error::PyResult;
use gilbert_vm::types::T;
use gilbert_vm::types::module::Module;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let dict = vm.iso().sys.clone();
    let module = vm.new_object(T::Module, Module::new(dict.clone()));
    let name = vm.intern("sys");
    for (key, value) in [("__name__", name), ("__package__", Value::NONE), ("__loader__", Value::NONE), ("__spec__", Value::NONE)] {
        vm.dict_set_text(&dict, key, value);
    }
    let doc = vm.new_str(
        "This module provides access to some objects used or maintained by the\ninterpreter and to functions that interact strongly with the interpreter.",
    );
    vm.dict_set_text(&dict, "__doc__", doc);
    vm.add_functions(&dict, "sys", hooks::FUNCTIONS);
    vm.add_functions(&dict, "sys", state::FUNCTIONS);
    vm.add_functions(&dict, "sys", gilbert_vm::sync::settings::FUNCTIONS);
    facts::add(vm, &dict)?;
    monitoring::add(vm, &dict)?;
    hooks::add_originals(vm, &dict);
    crate::io::stdio::add(vm, &dict)?;
    Ok(module)
}
