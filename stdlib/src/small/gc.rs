//! `gc`: the cycle collector.

use gilbert_vm::error::PyResult;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    function("collect(generation=2)", |vm, _| Ok(Value::small_wrap(vm.collect_garbage() as i64))).doc("Run the garbage collector."),
    function("enable()", |vm, _| switch(vm, true)),
    function("disable()", |vm, _| switch(vm, false)),
    function("isenabled()", |vm, _| Ok(Value::bool(vm.iso().heap.gc_enabled))),
    function("get_count()", |vm, _| {
        let n = vm.iso().heap.live_objects() as i64;
        Ok(vm.new_tuple(vec![Value::small_wrap(n), Value::i32(0), Value::i32(0)]))
    }),
    function("get_objects(generation=None)", |vm, _| {
        let all = vm.iso().heap.objects();
        Ok(vm.new_list(all))
    }),
    function("is_tracked(obj, /)", |vm, a| {
        let tracked = a[0].is_object() && a[0].class(vm).layout().gc;
        Ok(Value::bool(tracked))
    }),
    function("freeze()", |_, _| Ok(Value::NONE)),
    function("unfreeze()", |_, _| Ok(Value::NONE)),
];

fn switch(vm: &mut Vm, on: bool) -> PyResult {
    vm.heap().gc_enabled = on;
    Ok(Value::NONE)
}

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("gc", "This module provides access to the garbage collector for reference cycles.", FUNCTIONS);
    let (garbage, callbacks) = (vm.new_list(vec![]), vm.new_list(vec![]));
    vm.module_set(&m, "garbage", garbage);
    vm.module_set(&m, "callbacks", callbacks);
    Ok(m)
}
