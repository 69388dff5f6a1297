//! `gc`: the cycle collector's handle.

use gilbert_vm::error::PyResult;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    function("collect(generation=2)", collect).doc("Run the garbage collector. Returns the number of unreachable objects."),
    function("enable()", |vm, _| set_enabled(vm, true)).doc("Enable automatic garbage collection."),
    function("disable()", |vm, _| set_enabled(vm, false)).doc("Disable automatic garbage collection."),
    function("isenabled()", |vm, _| Ok(Value::bool(is_enabled(vm)))).doc("Returns true if automatic garbage collection is enabled."),
    function("get_objects(generation=None)", |vm, _| {
        let all = vm.heap().objects();
        Ok(vm.new_list(all))
    })
    .doc("Return a list of objects tracked by the collector (excluding the list returned)."),
    function("get_count()", |vm, _| Ok(vm.new_tuple(vec![Value::i32(0), Value::i32(0), Value::i32(0)]))),
    function("get_threshold()", |vm, _| Ok(vm.new_tuple(vec![Value::i32(2000), Value::i32(10), Value::i32(0)]))),
    function("set_threshold(threshold0, threshold1=NULL, threshold2=NULL, /)", set_threshold),
    function("freeze()", |_, _| Ok(Value::NONE)),
    function("unfreeze()", |_, _| Ok(Value::NONE)),
    function("get_freeze_count()", |_, _| Ok(Value::i32(0))),
    function("get_debug()", |_, _| Ok(Value::i32(0))),
    function("set_debug(flags, /)", |_, _| Ok(Value::NONE)),
    function("is_tracked(obj, /)", |_, a| Ok(Value::bool(a[0].header().is_some()))),
];

const DISABLED: &str = "gc.disabled";

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("gc", "This module provides access to the garbage collector for reference cycles.", FUNCTIONS);
    for name in ["garbage", "callbacks"] {
        let list = vm.new_list(vec![]);
        vm.module_set(&m, name, list);
    }
    for (name, n) in [("DEBUG_STATS", 1), ("DEBUG_COLLECTABLE", 2), ("DEBUG_UNCOLLECTABLE", 4), ("DEBUG_SAVEALL", 32), ("DEBUG_LEAK", 38)] {
        vm.module_set(&m, name, Value::i32(n));
    }
    Ok(m)
}

fn collect(vm: &mut Vm, args: &[Value]) -> PyResult {
    let generation = vm.to_i64(&args[0])?;
    if !(0..=2).contains(&generation) {
        return Err(vm.value_error("invalid generation"));
    }
    let n = vm.collect_garbage();
    vm.run_pending()?;
    Ok(Value::small_wrap(n as i64))
}

fn is_enabled(vm: &Vm) -> bool {
    !vm.iso().state.contains_key(DISABLED)
}

/// While disabled the threshold is out of reach.
fn set_enabled(vm: &mut Vm, on: bool) -> PyResult {
    if on {
        vm.iso_mut().state.remove(DISABLED);
        vm.heap().set_threshold(10_000);
    } else {
        vm.iso_mut().state.insert(DISABLED, Value::TRUE);
        vm.heap().set_threshold(usize::MAX / 2);
    }
    Ok(Value::NONE)
}

fn set_threshold(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.to_i64(&args[0])?;
    if is_enabled(vm) {
        vm.heap().set_threshold(if n <= 0 { usize::MAX / 2 } else { n as usize });
    }
    Ok(Value::NONE)
}
