//! `atexit`: functions called when the process ends, last registered first.

use gilbert_vm::error::PyResult;
use gilbert_vm::types::list::List;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

static FUNCTIONS: &[NativeDef] = &[
    function("register(func, /, *args, **kwargs)", register).doc("Register a function to be executed upon normal program termination"),
    function("unregister(func, /)", unregister).doc("Unregister an exit function which was previously registered using atexit.register"),
    function("_clear()", |vm, _| {
        let list = callbacks(vm);
        let old = list.borrow_mut::<List>(vm).map(|l| std::mem::take(l.items_mut()));
        drop(old);
        Ok(Value::NONE)
    }),
    function("_ncallbacks()", |vm, _| {
        let list = callbacks(vm);
        Ok(Value::small_wrap(list.borrow::<List>(vm).map_or(0, |l| l.items().len()) as i64))
    }),
];

/// The list of (function, args, kwargs) that the end of the process looks at.
fn callbacks(vm: &mut Vm) -> Value {
    if let Some(v) = vm.iso().state.get("atexit") {
        return v.clone();
    }
    let list = vm.new_list(vec![]);
    vm.iso_mut().state.insert("atexit", list.clone());
    list
}

fn register(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.special(&args[0], gilbert_vm::special::Special::Call).is_none() {
        return Err(vm.type_error("the first argument must be callable"));
    }
    let entry = vm.new_tuple(args.to_vec());
    let list = callbacks(vm);
    list.borrow_mut::<List>(vm).expect("a list").items_mut().push(entry);
    Ok(args[0].clone())
}

fn unregister(vm: &mut Vm, args: &[Value]) -> PyResult {
    let list = callbacks(vm);
    let entries = list.borrow::<List>(vm).expect("a list").items().to_vec();
    let mut kept = Vec::new();
    for e in entries {
        let f = e.get::<Tuple>().and_then(|t| t.items().first().cloned()).unwrap_or_default();
        if !vm.eq(&f, &args[0])? {
            kept.push(e);
        }
    }
    let old = std::mem::replace(list.borrow_mut::<List>(vm).expect("a list").items_mut(), kept);
    drop(old);
    Ok(Value::NONE)
}

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    Ok(vm.new_module("atexit", "allow programmer to define multiple exit functions to be executed\nupon normal program termination.", FUNCTIONS))
}
