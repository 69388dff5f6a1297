//! `_queue`: the native half of `queue`.

mod quick;

use gilbert_vm::error::PyResult;
use gilbert_vm::sync::simple_queue;
use gilbert_vm::vm::Vm;

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m =
        vm.new_module("_queue", "C implementation of the Python queue module.\nThis module is an implementation detail, please do not use it directly.", &[]);
    vm.module_add_type(&m, &simple_queue::DEF);
    vm.module_add_functions(&m, "_queue", quick::FUNCTIONS);
    let empty = vm.thread_error_type("Empty")?;
    vm.module_set(&m, "Empty", empty);
    Ok(m)
}
