//! `threading.Timer`: a thread that calls a function after a while.

use super::thread::{Init, Thread, initialize};
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::sync::attr_layout;
use gilbert_vm::types::native::{NativeDef, method};
use gilbert_vm::types::object_::call_packed;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (none, dict) = (vm.new_tuple(vec![]), vm.new_dict());
    initialize(vm, &args[0], Init { name: Value::NULL, target: Value::NONE, args: none, kwargs: dict, daemon: None })?;
    let list = if args[3].is_none() { vm.new_list(vec![]) } else { args[3].clone() };
    let kwargs = if args[4].is_none() { vm.new_dict() } else { args[4].clone() };
    let finished = vm.new_event(false);
    let parts = [("interval", args[1].clone()), ("function", args[2].clone()), ("args", list), ("kwargs", kwargs), ("finished", finished)];
    for (name, value) in parts {
        let name = vm.intern(name);
        vm.set_attr(&args[0], &name, value)?;
    }
    Ok(Value::NONE)
}
fn cancel(vm: &mut Vm, args: &[Value]) -> PyResult {
    let finished = vm.attr(&args[0], "finished")?;
    vm.call_method(&finished, "set", &[])
}
fn run(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (finished, interval) = (vm.attr(&args[0], "finished")?, vm.attr(&args[0], "interval")?);
    vm.call_method(&finished, "wait", &[interval])?;
    let over = vm.call_method(&finished, "is_set", &[])?;
    if !vm.truthy(&over)? {
        let (function, given, kwargs) = (vm.attr(&args[0], "function")?, vm.attr(&args[0], "args")?, vm.attr(&args[0], "kwargs")?);
        let items = vm.collect(&given)?;
        let given = vm.new_tuple(items);
        call_packed(vm, &function, &given, &kwargs)?;
    }
    vm.call_method(&finished, "set", &[])
}

const METHODS: &[NativeDef] = &[
    method("__init__(self, interval, function, args=None, kwargs=None)", init),
    method("cancel(self)", cancel).doc("Stop the timer if it hasn't finished yet."),
    method("run(self)", run),
];

/// `threading.Timer`
pub static DEF: TypeDef = TypeDef::new("threading.Timer", attr_layout::<Thread>())
    .flags(flags::BASE | flags::HAS_DICT)
    .methods(METHODS)
    .doc("Call a function after a specified number of seconds.");
