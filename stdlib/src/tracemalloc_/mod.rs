//! `_tracemalloc`: allocations are not traced, and `tracemalloc.start()` says so.

use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const FUNCTIONS: &[NativeDef] = &[
    function("start(nframe=1, /)", |vm, _| Err(vm.err(Exc::NotImplementedError, "Gilbert does not trace allocations"))),
    function("stop()", |_, _| Ok(Value::NONE)),
    function("is_tracing()", |_, _| Ok(Value::FALSE)),
    function("clear_traces()", |_, _| Ok(Value::NONE)),
    function("reset_peak()", |_, _| Ok(Value::NONE)),
    function("get_traceback_limit()", |_, _| Ok(Value::i32(1))),
    function("get_traced_memory()", |vm, _| Ok(vm.new_tuple(vec![Value::i32(0), Value::i32(0)]))),
    function("get_tracemalloc_memory()", |_, _| Ok(Value::i32(0))),
    function("_get_traces()", |vm, _| Ok(vm.new_list(vec![]))),
    function("_get_object_traceback(obj, /)", |_, _| Ok(Value::NONE)),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    Ok(vm.new_module("_tracemalloc", "Debug module to trace memory blocks allocated by Python.", FUNCTIONS))
}
