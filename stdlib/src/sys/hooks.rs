//! `sys.displayhook`, `excepthook`, `unraisablehook`, and the originals behind them.

use crate::struct_seq::{self, Fields};
use gilbert_vm::error::{PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::types::T;
use gilbert_vm::types::async_gen::{FINALIZER, FIRST_ITER};
use gilbert_vm::types::native::{NativeDef, function, getter, method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[
    function("displayhook(object, /)", displayhook).doc("Print an object to sys.stdout and also save it in builtins._"),
    function("excepthook(exctype, value, traceback, /)", excepthook).doc("Handle an exception by displaying it with a traceback on sys.stderr."),
    function("unraisablehook(unraisable, /)", unraisablehook).doc("Handle an unraisable exception."),
    function("breakpointhook(*args, **kwargs)", breakpointhook),
    function("get_coroutine_origin_tracking_depth()", |vm, _| Ok(vm.iso().state.get(ORIGIN_DEPTH).cloned().unwrap_or(Value::i32(0))))
        .doc("Check status of origin tracking for coroutine objects in this thread."),
    function("set_coroutine_origin_tracking_depth(depth)", set_origin_depth).doc("Enable or disable origin tracking for coroutine objects in this thread."),
    function("get_asyncgen_hooks()", get_asyncgen_hooks).doc("Return the installed asynchronous generators hooks."),
    function("set_asyncgen_hooks(firstiter=NULL, finalizer=NULL)", set_asyncgen_hooks).doc("Set a finalizer for async generators objects."),
];

static ARGS_FIELDS: Fields = Fields { names: &["exc_type", "exc_value", "exc_traceback", "err_msg", "object"], visible: 5 };
static ARGS: TypeDef = TypeDef::new("UnraisableHookArgs", struct_seq::layout())
    .base(Some(T::Tuple))
    .flags(flags::SEQUENCE)
    .doc("Type used to pass arguments to sys.unraisablehook.")
    .methods(&[
        static_method("__new__(cls, sequence, dict=NULL)", |vm, a| struct_seq::construct(vm, &a[0], &a[1], "UnraisableHookArgs", &ARGS_FIELDS)),
        method("__repr__(self, /)", |vm, a| struct_seq::repr(vm, &a[0], "UnraisableHookArgs", &ARGS_FIELDS)),
        method("__reduce__(self, /)", |vm, a| struct_seq::reduce(vm, &a[0])),
    ])
    .getset(&[
        getter("exc_type", struct_seq::item::<0>),
        getter("exc_value", struct_seq::item::<1>),
        getter("exc_traceback", struct_seq::item::<2>),
        getter("err_msg", struct_seq::item::<3>),
        getter("object", struct_seq::item::<4>),
    ]);

/// `sys.__displayhook__` and its like.
pub fn add_originals(vm: &mut Vm, dict: &Value) {
    let args = vm.native_type(&ARGS);
    struct_seq::describe(vm, &args, &ARGS_FIELDS);
    vm.dict_set_text(dict, "UnraisableHookArgs", args);
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
    let object = if object.is_none() { Value::NULL } else { object };
    if !value.is_none() {
        vm.write_unraisable(&message, &Raised(value), &object);
    }
    Ok(Value::NONE)
}

static ASYNC_FIELDS: Fields = Fields { names: &["firstiter", "finalizer"], visible: 2 };
static ASYNC_HOOKS: TypeDef = TypeDef::new("asyncgen_hooks", struct_seq::layout())
    .base(Some(T::Tuple))
    .flags(flags::SEQUENCE | flags::NO_NEW)
    .methods(&[
        method("__repr__(self, /)", |vm, a| struct_seq::repr(vm, &a[0], "asyncgen_hooks", &ASYNC_FIELDS)),
        method("__reduce__(self, /)", |vm, a| struct_seq::reduce(vm, &a[0])),
    ])
    .getset(&[getter("firstiter", struct_seq::item::<0>), getter("finalizer", struct_seq::item::<1>)]);

/// The depth that was asked for, in the isolate's state. Coroutines do not remember where they were made: `cr_origin` stays None.
const ORIGIN_DEPTH: &str = "sys.coroutine_origin_tracking_depth";

fn set_origin_depth(vm: &mut Vm, args: &[Value]) -> PyResult {
    let depth = vm.to_i32(&args[0])?;
    if depth < 0 {
        return Err(vm.value_error("depth must be >= 0"));
    }
    vm.iso_mut().state.insert(ORIGIN_DEPTH, Value::i32(depth));
    Ok(Value::NONE)
}

fn get_asyncgen_hooks(vm: &mut Vm, _: &[Value]) -> PyResult {
    let ty = vm.native_type(&ASYNC_HOOKS);
    let hook = |vm: &Vm, key: &str| vm.iso().state.get(key).cloned().unwrap_or(Value::NONE);
    let values = vec![hook(vm, FIRST_ITER), hook(vm, FINALIZER)];
    Ok(struct_seq::new(vm, &ty, &ASYNC_FIELDS, values))
}

fn set_asyncgen_hooks(vm: &mut Vm, args: &[Value]) -> PyResult {
    for (hook, name) in args.iter().zip(["firstiter", "finalizer"]) {
        if !hook.is_null() && !hook.is_none() && !gilbert_vm::builtins::is_callable(vm, hook) {
            let t = vm.type_name(hook);
            return Err(vm.type_error(format!("callable {name} expected, got {t}")));
        }
    }
    for (hook, key) in args.iter().zip([FIRST_ITER, FINALIZER]) {
        if !hook.is_null() {
            let old = vm.iso_mut().state.insert(key, hook.clone());
            drop(old);
        }
    }
    Ok(Value::NONE)
}

fn breakpointhook(vm: &mut Vm, _: &[Value]) -> PyResult {
    let pdb = vm.import("pdb")?;
    let set_trace = vm.attr(&pdb, "set_trace")?;
    vm.call(&set_trace, &[])
}
