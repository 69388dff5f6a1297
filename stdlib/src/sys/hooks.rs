//! `sys.displayhook`, `excepthook`, `unraisablehook`, and the originals behind them.

use gilbert_vm::error::{PyResult, Raised};
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[
    function("displayhook(object, /)", displayhook).doc("Print an object to sys.stdout and also save it in builtins._"),
    function("excepthook(exctype, value, traceback, /)", excepthook).doc("Handle an exception by displaying it with a traceback on sys.stderr."),
    function("unraisablehook(unraisable, /)", unraisablehook).doc("Handle an unraisable exception."),
    function("breakpointhook(*args, **kwargs)", breakpointhook),
];

/// `sys.__displayhook__` and its like.
pub fn add_originals(vm: &mut Vm, dict: &Value) {
    for name in ["displayhook", "excepthook", "unraisablehook", "breakpointhook"] {
        let key = vm.intern(name);
        if let Some(f) = vm.dict_get_str(dict, &key) {
            vm.dict_set_text(dict, &format!("__{name}__"), f);
        }
    }
}

fn displayhook(vm: &mut Vm, args: &[Value]) -> PyResult {
    let v = &args[0];
    if v.is_none() {
        return Ok(Value::NONE);
    }
    let builtins = vm.iso().builtins.clone();
    vm.dict_set_text(&builtins, "_", Value::NONE);
    let text = vm.repr(v)?;
    let print = vm.builtin("print")?;
    vm.call(&print, &[text])?;
    vm.dict_set_text(&builtins, "_", v.clone());
    Ok(Value::NONE)
}

fn excepthook(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.print_exception(&Raised(args[1].clone()));
    Ok(Value::NONE)
}

fn unraisablehook(vm: &mut Vm, args: &[Value]) -> PyResult {
    let u = &args[0];
    let (value, message, object) = (vm.attr(u, "exc_value")?, vm.attr(u, "err_msg")?, vm.attr(u, "object")?);
    let message = if message.is_none() { "Exception ignored in".to_string() } else { vm.str_text(&message)? };
    let head = if object.is_none() {
        format!("{message}:\n")
    } else {
        format!("{message}: {}\n", vm.repr_text(&object).unwrap_or_else(|_| "<object repr() failed>".into()))
    };
    vm.write_stderr(&head);
    if !value.is_none() {
        vm.print_exception(&Raised(value));
    }
    Ok(Value::NONE)
}

fn breakpointhook(vm: &mut Vm, _: &[Value]) -> PyResult {
    let pdb = vm.import("pdb")?;
    let set_trace = vm.attr(&pdb, "set_trace")?;
    vm.call(&set_trace, &[])
}
