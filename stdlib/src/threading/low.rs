//! `_thread`: what the library uses below `threading`.

use super::{call_with, hooks};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::sync::{local, lock, rlock, timeout};
use gilbert_vm::thread::ident;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_thread", "This module provides primitive operations to write multi-threaded programs.", FUNCTIONS);
    let types = [("lock", &lock::DEF), ("LockType", &lock::DEF), ("allocate_lock", &lock::DEF), ("allocate", &lock::DEF), ("RLock", &rlock::DEF)];
    for (name, def) in types.into_iter().chain([("_local", &local::DEF), ("_ExceptHookArgs", &hooks::ARGS)]) {
        let ty = vm.native_type(def);
        vm.module_set(&m, name, ty);
    }
    let error = vm.exc_type(Exc::RuntimeError).clone();
    vm.module_set(&m, "error", error);
    vm.module_set(&m, "TIMEOUT_MAX", Value::float(timeout::TIMEOUT_MAX));
    Ok(m)
}

/// Runs `(function, args, kwargs)`.
fn life(vm: &mut Vm, start: Value) {
    let parts = start.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
    let [f, args, kwargs] = parts.as_slice() else { return };
    let kwargs = if kwargs.is_none() { Value::NULL } else { kwargs.clone() };
    let Err(e) = call_with(vm, f, args, &kwargs) else { return };
    if vm.is_thread_exit(&e) {
        return;
    }
    vm.note_uncaught(&e);
    let place = vm.repr_text(f).unwrap_or_default();
    vm.write_stderr(&format!("Exception ignored in thread started by: {place}\n"));
    vm.print_exception(&e);
}

fn start_new_thread(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.special(&args[0], gilbert_vm::special::Special::Call).is_none() {
        return Err(vm.type_error("first arg must be callable"));
    }
    if !args[1].is_a::<Tuple>() {
        return Err(vm.type_error("2nd arg must be a tuple"));
    }
    if !args[2].is_null() && !args[2].is_a::<gilbert_vm::types::dict::Dict>() {
        return Err(vm.type_error("optional 3rd arg must be a dictionary"));
    }
    let kwargs = if args[2].is_null() { Value::NONE } else { args[2].clone() };
    let start = vm.new_tuple(vec![args[0].clone(), args[1].clone(), kwargs]);
    // the process does not wait for such threads
    let tid = vm.start_thread("_thread", true, Value::NULL, life, start)?;
    Ok(vm.new_uint(ident(tid)))
}
/// `get_ident()`
pub fn get_ident(vm: &mut Vm, _: &[Value]) -> PyResult {
    let me = vm.tid();
    Ok(vm.new_uint(ident(me)))
}
/// `get_native_id()`
pub fn get_native_id(vm: &mut Vm, _: &[Value]) -> PyResult {
    let (world, me) = (vm.iso().world.clone(), vm.tid());
    Ok(vm.new_uint(world.native_id(me)))
}
/// `stack_size([size])`: checked as CPython does and remembered; every thread's stack is of the same size in both worlds.
pub fn stack_size(vm: &mut Vm, args: &[Value]) -> PyResult {
    let size = vm.to_isize(&args[0])?;
    if size < 0 {
        return Err(vm.value_error("size must be 0 or a positive value"));
    }
    if size != 0 && size < 32_768 {
        return Err(vm.value_error(format!("size not valid: {size} bytes")));
    }
    let new = vm.new_int(size as i64);
    let old = vm.iso_mut().state.insert("threading.stack_size", new);
    Ok(old.unwrap_or(Value::i32(0)))
}
fn count(vm: &mut Vm, _: &[Value]) -> PyResult {
    let n = vm.iso().threads.len().saturating_sub(1);
    Ok(vm.new_int(n as i64))
}
fn exit(vm: &mut Vm, _: &[Value]) -> PyResult {
    Err(vm.err_args(Exc::SystemExit, vec![]))
}
fn interrupt_main(vm: &mut Vm, args: &[Value]) -> PyResult {
    let signum = vm.to_i32(&args[0])?;
    if !(1..=64).contains(&signum) {
        return Err(vm.value_error("signal number out of range"));
    }
    vm.simulate_signal(signum);
    Ok(Value::NONE)
}
fn daemon_allowed(_: &mut Vm, _: &[Value]) -> PyResult {
    Ok(Value::TRUE)
}
fn main_ident(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(vm.new_uint(ident(vm.iso().main)))
}
fn is_main(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(Value::bool(vm.tid() == vm.iso().main))
}

const FUNCTIONS: &[NativeDef] = &[
    function("start_new_thread(function, args, kwargs=NULL, /)", start_new_thread),
    function("start_new(function, args, kwargs=NULL, /)", start_new_thread),
    function("get_ident()", get_ident),
    function("get_native_id()", get_native_id),
    function("stack_size(size=0, /)", stack_size),
    function("_count()", count),
    function("exit()", exit),
    function("exit_thread()", exit),
    function("interrupt_main(signum=2, /)", interrupt_main),
    function("daemon_threads_allowed()", daemon_allowed),
    function("_get_main_thread_ident()", main_ident),
    function("_is_main_interpreter()", is_main),
    function("_excepthook(args, /)", hooks::excepthook),
];
