//! `atexit`: functions to be called when the process ends, last come first. The machine runs them (`Vm::finish_process`).

use gilbert_vm::error::PyResult;
use gilbert_vm::types::list::List;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

const STATE: &str = "atexit";

static FUNCTIONS: &[NativeDef] = &[
    function("register(func, /, *args, **kwargs)", register).doc("Register a function to be executed upon normal program termination."),
    function("unregister(func, /)", unregister).doc("Unregister an exit function which was previously registered."),
    function("_clear()", clear).doc("Clear the list of previously registered exit functions."),
    function("_run_exitfuncs()", run).doc("Run all registered exit functions."),
    function("_ncallbacks()", |vm, _| {
        let list = callbacks(vm);
        let n = list.borrow::<List>(vm).map_or(0, |l| l.items().len());
        Ok(Value::small_wrap(n as i64))
    }),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    Ok(vm.new_module("atexit", "allow programmer to define multiple exit functions to be executed\nupon normal program termination.", FUNCTIONS))
}

fn callbacks(vm: &mut Vm) -> Value {
    if let Some(l) = vm.iso().state.get(STATE) {
        return l.clone();
    }
    let list = vm.new_list(vec![]);
    vm.iso_mut().state.insert(STATE, list.clone());
    list
}

fn register(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !gilbert_vm::builtins::is_callable(vm, &args[0]) {
        return Err(vm.type_error("the first argument must be callable"));
    }
    let entry = vm.new_tuple(args.to_vec());
    let list = callbacks(vm);
    if let Some(l) = list.borrow_mut::<List>(vm) {
        l.items_mut().push(entry);
    }
    Ok(args[0].clone())
}

fn unregister(vm: &mut Vm, args: &[Value]) -> PyResult {
    let list = callbacks(vm);
    let entries = list.borrow::<List>(vm).map(|l| l.items().to_vec()).unwrap_or_default();
    let mut kept = Vec::new();
    for e in entries {
        let f = e.get::<Tuple>().and_then(|t| t.items().first().cloned()).unwrap_or(Value::NONE);
        if !vm.eq(&f, &args[0])? {
            kept.push(e);
        }
    }
    let old = list.borrow_mut::<List>(vm).map(|l| std::mem::replace(l.items_mut(), kept));
    drop(old);
    Ok(Value::NONE)
}

fn clear(vm: &mut Vm, _: &[Value]) -> PyResult {
    let list = callbacks(vm);
    let old = list.borrow_mut::<List>(vm).map(|l| std::mem::take(l.items_mut()));
    drop(old);
    Ok(Value::NONE)
}

fn run(vm: &mut Vm, _: &[Value]) -> PyResult {
    vm.run_atexit();
    Ok(Value::NONE)
}
