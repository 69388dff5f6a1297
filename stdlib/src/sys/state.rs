//! Functions of `sys` that tell or set the interpreter's state.

use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::types::frame_obj::FrameObj;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::type_::{TypeObj, flags};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

pub const FUNCTIONS: &[NativeDef] = &[
    function("exit(status=None, /)", exit).doc("Exit the interpreter by raising SystemExit(status)."),
    function("exc_info()", exc_info).doc("Return current exception information: (type, value, traceback)."),
    function("exception()", |vm, _| Ok(vm.handled_exception())).doc("Return the current exception."),
    function("getrecursionlimit()", |vm, _| Ok(Value::i32(vm.iso().recursion_limit as i32))).doc("Return the current value of the recursion limit."),
    function("setrecursionlimit(limit, /)", set_recursion_limit).doc("Set the maximum depth of the Python interpreter stack to n."),
    function("getrefcount(object, /)", getrefcount).doc("Return the reference count of object."),
    function("getsizeof(object, default=NULL)", getsizeof).doc("getsizeof(object [, default]) -> int\n\nReturn the size of object in bytes."),
    function("_getframe(depth=0, /)", getframe).doc("Return a frame object from the call stack."),
    function("_getframemodulename(depth=0)", getframemodulename).doc("Return the name of the module for a calling frame."),
    function("_current_frames()", current_frames),
    function("intern(string, /)", intern).doc("``Intern'' the given string."),
    function("_is_interned(string, /)", |vm, a| {
        let i = vm.iso_mut().intern_value(&a[0]);
        Ok(Value::bool(i.is(&a[0])))
    }),
    function("_is_gil_enabled()", |_, _| Ok(Value::TRUE)).doc("Return True if the GIL is currently enabled and False if it's disabled."),
    function("getdefaultencoding()", |vm, _| Ok(vm.new_str("utf-8"))).doc("Return the current default encoding used by the Unicode implementation."),
    function("getfilesystemencoding()", |vm, _| Ok(vm.new_str("utf-8"))).doc("Return the encoding used to convert Unicode filenames to OS filenames."),
    function("getfilesystemencodeerrors()", |vm, _| Ok(vm.new_str("surrogateescape"))).doc("Return the error mode used for Unicode to OS filename conversion."),
    function("is_finalizing()", |vm, _| Ok(Value::bool(vm.iso().threads.finalizing))).doc("Return True if Python is exiting."),
    function("get_int_max_str_digits()", |vm, _| {
        let n = vm.iso().int_max_str_digits as i64;
        Ok(vm.new_int(n))
    }),
    function("set_int_max_str_digits(maxdigits)", set_int_max_str_digits),
    function("audit(event, /, *args)", audit),
    function("addaudithook(hook)", |_, _| Ok(Value::NONE)),
    function("settrace(function, /)", |vm, a| {
        vm.set_trace(if a[0].is_none() { Value::NULL } else { a[0].clone() });
        Ok(Value::NONE)
    }),
    function("gettrace()", |vm, _| Ok(or_none(&vm.tracing.trace))),
    function("setprofile(function, /)", |vm, a| {
        vm.set_profile(if a[0].is_none() { Value::NULL } else { a[0].clone() });
        Ok(Value::NONE)
    }),
    function("getprofile()", |vm, _| Ok(or_none(&vm.tracing.profile))),
    function("call_tracing(func, args, /)", |vm, a| {
        let args = vm.collect(&a[1])?;
        vm.call(&a[0], &args)
    }),
    function("_clear_type_cache()", clear_type_cache),
    function("_clear_type_descriptors(type, /)", clear_type_descriptors),
    function("_clear_internal_caches()", clear_type_cache),
    function("getallocatedblocks()", |vm, _| {
        let n = vm.heap().live_objects() as i64;
        Ok(vm.new_int(n))
    }),
    function("activate_stack_trampoline(backend, /)", |vm, _| Err(vm.value_error("perf trampoline not available"))),
    function("is_stack_trampoline_active()", |_, _| Ok(Value::FALSE)),
    function("is_remote_debug_enabled()", |_, _| Ok(Value::FALSE)),
];

fn or_none(v: &Value) -> Value {
    if v.is_null() { Value::NONE } else { v.clone() }
}

fn exit(vm: &mut Vm, args: &[Value]) -> PyResult {
    let ty = vm.exc_type(Exc::SystemExit).clone();
    let list = if args[0].is_none() { vec![] } else { vec![args[0].clone()] };
    let e = vm.call(&ty, &list)?;
    Err(Raised(e))
}

fn exc_info(vm: &mut Vm, _: &[Value]) -> PyResult {
    let e = vm.handled_exception();
    if e.is_none() {
        return Ok(vm.new_tuple(vec![Value::NONE, Value::NONE, Value::NONE]));
    }
    let ty = e.type_of(vm).clone();
    let tb = vm.traceback_of(&e);
    Ok(vm.new_tuple(vec![ty, e, tb]))
}

fn set_recursion_limit(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = i64::from(vm.arg_int(&args[0])?);
    if n < 1 {
        return Err(vm.value_error("recursion limit must be greater or equal than 1"));
    }
    if vm.recursion_depth() as i64 >= n {
        let depth = vm.recursion_depth();
        return Err(vm.err(Exc::RecursionError, format!("cannot set the recursion limit to {n} at the recursion depth {depth}: the limit is too low")));
    }
    vm.iso_mut().recursion_limit = n as u32;
    Ok(Value::NONE)
}

fn getrefcount(vm: &mut Vm, args: &[Value]) -> PyResult {
    // the argument's own reference counts, as in CPython
    let n = args[0].header().map_or(u32::MAX as i64, |h| h.ref_count() as i64);
    Ok(vm.new_int(n))
}

fn getsizeof(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.intern("__sizeof__");
    let ty = args[0].type_of(vm).clone();
    let result = match vm.type_lookup(&ty, &name) {
        Some(f) => vm.descriptor_get(&f, &args[0], &ty).and_then(|f| vm.call(&f, &[])),
        None => {
            let t = vm.type_name(&args[0]);
            Err(vm.type_error(format!("Type {t} doesn't define __sizeof__")))
        }
    };
    match result {
        Err(e) if !args[1].is_null() && vm.is_exc(&e, Exc::TypeError) => Ok(args[1].clone()),
        Ok(v) => {
            let n = vm.to_i64(&v)?;
            if n < 0 {
                return Err(vm.value_error("__sizeof__() should return >= 0"));
            }
            Ok(v)
        }
        e => e,
    }
}

fn getframe(vm: &mut Vm, args: &[Value]) -> PyResult {
    let depth = vm.to_i64(&args[0])?.max(0);
    match vm.frame_object(depth as usize) {
        Some(f) => Ok(f),
        None => Err(vm.value_error("call stack is not deep enough")),
    }
}

fn getframemodulename(vm: &mut Vm, args: &[Value]) -> PyResult {
    let depth = vm.to_i64(&args[0])?.max(0);
    let Some(f) = vm.frame_object(depth as usize) else { return Ok(Value::NONE) };
    let globals = f.borrow::<FrameObj>(vm).map(|f| f.globals.clone()).unwrap_or_default();
    let key = vm.intern("__name__");
    Ok(vm.dict_get_str(&globals, &key).unwrap_or(Value::NONE))
}

fn current_frames(vm: &mut Vm, _: &[Value]) -> PyResult {
    let dict = vm.new_dict();
    for (ident, frame) in vm.current_frames() {
        let ident = vm.new_uint(ident);
        vm.dict_set(&dict, &ident, frame)?;
    }
    Ok(dict)
}

fn intern(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[0].is_a::<Str>() {
        let t = vm.type_name(&args[0]);
        return Err(vm.type_error(format!("intern() argument must be str, not {t}")));
    }
    if !args[0].type_of(vm).is(vm.ty(gilbert_vm::types::T::Str)) {
        let t = vm.type_name(&args[0]);
        return Err(vm.type_error(format!("can't intern {t}")));
    }
    Ok(vm.iso_mut().intern_value(&args[0]))
}

fn set_int_max_str_digits(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.arg_int(&args[0])?;
    if n != 0 && n < 640 {
        return Err(vm.value_error("maxdigits must be 0 or larger than 640"));
    }
    vm.iso_mut().int_max_str_digits = n as usize;
    Ok(Value::NONE)
}

fn audit(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !args[0].is_a::<Str>() {
        let t = vm.type_name(&args[0]);
        return Err(vm.type_error(format!("expected str for argument 'event', not {t}")));
    }
    Ok(Value::NONE)
}

/// A class that is about to be made anew gives its descriptors of `__dict__` and `__weakref__` away.
fn clear_type_descriptors(vm: &mut Vm, args: &[Value]) -> PyResult {
    if !vm.is_type(&args[0]) {
        let got = vm.type_name(&args[0]);
        return Err(vm.type_error(format!("argument must be a type, not {got}")));
    }
    for key in ["__dict__", "__weakref__"] {
        let key = vm.intern(key);
        let old = args[0].borrow_mut::<TypeObj>(vm).filter(|t| t.has(flags::HEAP)).and_then(|t| t.dict.remove_str(&key));
        drop(old);
    }
    clear_type_cache(vm, &[])
}

fn clear_type_cache(vm: &mut Vm, _: &[Value]) -> PyResult {
    vm.iso_mut().clear_lookups();
    Ok(Value::NONE)
}
