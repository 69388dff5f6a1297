//! `greenlet`: coroutines with stacks of their own. The type and the machinery are the machine's (`gilbert_vm::greenlet`); the module
//! adds the exceptions and the functions of the package of that name.

use crate::exceptions::ExcDef;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::greenlet::DEF;
use gilbert_vm::interp::greenlet::{ERROR, EXIT};
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The version of the package whose documentation we follow.
const VERSION: &str = "3.2.4";

static EXIT_CLASS: ExcDef = ExcDef { full_name: EXIT, base: Exc::BaseException };
static ERROR_CLASS: ExcDef = ExcDef { full_name: ERROR, base: Exc::Exception };

static FUNCTIONS: &[NativeDef] = &[
    function("getcurrent()", |vm, _| {
        vm.end_doomed_greenlets();
        Ok(vm.current_greenlet())
    })
    .doc("The greenlet that calls."),
    function("settrace(callback, /)", set_trace)
        .doc("Sets what is called at every switch of this thread, as callback(event, (origin, target)); returns the old one."),
    function("gettrace()", |vm, _| Ok(vm.weave().tracer.clone().opt().unwrap_or(Value::NONE))).doc("What settrace has set, or None."),
    function("enable_optional_cleanup(enabled, /)", |_, _| Ok(Value::NONE)).doc("Does nothing: what a thread leaves behind is always cleaned up."),
    function("get_clocks_used_doing_optional_cleanup()", |_, _| Ok(Value::i32(0))).doc("Always 0."),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("greenlet", "Coroutines with stacks of their own, switched by hand.", FUNCTIONS);
    let (exit, error) = (EXIT_CLASS.class(vm)?, ERROR_CLASS.class(vm)?);
    let ty = vm.module_add_type(&m, &DEF);
    for (name, value) in [("GreenletExit", &exit), ("error", &error)] {
        vm.module_set(&m, name, value.clone());
        vm.native_type_set(&ty, name, value.clone());
    }
    let version = vm.new_str(VERSION);
    vm.module_set(&m, "__version__", version);
    for name in ["GREENLET_USE_GC", "GREENLET_USE_TRACING", "GREENLET_USE_CONTEXT_VARS"] {
        vm.module_set(&m, name, Value::TRUE);
    }
    vm.module_set(&m, "CLOCKS_PER_SEC", Value::i32(1_000_000));
    let all = ["__version__", "GreenletExit", "error", "getcurrent", "greenlet", "gettrace", "settrace"].map(|n| vm.intern(n));
    let all = vm.new_list(all.to_vec());
    vm.module_set(&m, "__all__", all);
    // `greenlet.greenlet.getcurrent()` and the like
    for def in &FUNCTIONS[..3] {
        let f = vm.new_function(def, "greenlet");
        let f = vm.call(&vm.ty(gilbert_vm::types::T::StaticMethod).clone(), &[f])?;
        vm.native_type_set(&ty, def.name(), f);
    }
    Ok(m)
}

fn set_trace(vm: &mut Vm, args: &[Value]) -> PyResult {
    let new = if args[0].is_none() { Value::NULL } else { args[0].clone() };
    let old = std::mem::replace(&mut vm.weave().tracer, new);
    Ok(old.opt().unwrap_or(Value::NONE))
}
