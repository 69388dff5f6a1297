//! `_traceback`: the marks under a source line, for `traceback`, as the machine's own reports have them.

use gilbert_vm::error::PyResult;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const FUNCTIONS: &[NativeDef] =
    &[function("marks(line, start, end, /)", marks).doc("The marks under the part of a line between two byte offsets; None where they would say nothing.")];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    Ok(vm.new_module("_traceback", "what traceback needs of the machine", FUNCTIONS))
}

fn marks(vm: &mut Vm, args: &[Value]) -> PyResult {
    let line = vm.expect_str(&args[0], "line")?;
    let start = vm.to_usize(&args[1])?;
    let end = if args[2].is_none() { None } else { Some(vm.to_usize(&args[2])?) };
    Ok(match gilbert_vm::traceback::marks(&line, start, end) {
        Some(m) => vm.new_str(m),
        None => Value::NONE,
    })
}
