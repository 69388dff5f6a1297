//! `_queue`: the native half of `queue`.

use gilbert_vm::error::PyResult;
use gilbert_vm::sync::simple_queue;
use gilbert_vm::vm::Vm;

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m =
        vm.new_module("_queue", "C implementation of the Python queue module.\nThis module is an implementation detail, please do not use it directly.", &[]);
    vm.module_add_type(&m, &simple_queue::DEF);
    let empty = vm.thread_error_type("Empty")?;
    vm.module_set(&m, "Empty", empty);
    Ok(m)
}
