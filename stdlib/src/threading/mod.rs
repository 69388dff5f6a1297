//! `threading`, as in CPython 3.12 (`Lib/threading.py`), written natively: a thread is one of the world's, and each wait is a park.

pub mod hooks;
pub mod low;
pub mod thread;
mod timer;

use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::sync::{barrier, condition, event, local, lock, rlock, semaphore, timeout};
use gilbert_vm::thread::ident;
use gilbert_vm::types::list::List;
use gilbert_vm::types::native::{Kwargs, NativeDef, function};
use gilbert_vm::types::object_::call_packed;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::Tid;
use thread::{Phase, Thread, new_name, this};

/// The key of the list of callbacks that run before the other threads are waited for.
const ATEXIT: &str = "threading.atexit";

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("threading", "Thread module emulating a subset of Java's threading model.", FUNCTIONS);
    for def in [&lock::DEF, &rlock::DEF, &condition::DEF, &semaphore::DEF, &event::DEF, &barrier::DEF, &thread::DEF] {
        vm.module_add_type(&m, def);
    }
    for (def, base) in [(&semaphore::BOUNDED, &semaphore::DEF), (&timer::DEF, &thread::DEF), (&thread::MAIN, &thread::DEF), (&thread::DUMMY, &thread::DEF)] {
        let base = vm.native_type(base);
        let ty = vm.iso_mut().native_type_with_base(def, &base);
        let name = def.name.rsplit('.').next().unwrap_or(def.name);
        vm.module_set(&m, name, ty);
    }
    let lock_type = vm.native_type(&lock::DEF);
    for name in ["Lock", "_allocate_lock", "_LockType"] {
        vm.module_set(&m, name, lock_type.clone());
    }
    let rlock_type = vm.native_type(&rlock::DEF);
    vm.module_set(&m, "_CRLock", rlock_type.clone());
    vm.module_set(&m, "_RLock", rlock_type);
    let local_type = vm.native_type(&local::DEF);
    vm.module_set(&m, "local", local_type);
    let args = vm.native_type(&hooks::ARGS);
    vm.module_set(&m, "ExceptHookArgs", args);
    let hook = vm.attr(&m, "excepthook")?;
    vm.module_set(&m, "__excepthook__", hook);
    let broken = vm.thread_error_type("BrokenBarrierError")?;
    vm.module_set(&m, "BrokenBarrierError", broken);
    let error = vm.exc_type(Exc::RuntimeError).clone();
    vm.module_set(&m, "ThreadError", error);
    vm.module_set(&m, "TIMEOUT_MAX", Value::float(timeout::TIMEOUT_MAX));
    let active_limbo = vm.new_lock();
    vm.module_set(&m, "_active_limbo_lock", active_limbo);
    let callbacks = vm.new_list(vec![]);
    vm.iso_mut().state.insert(ATEXIT, callbacks);
    vm.iso_mut().threads.on_shutdown = Some(shut_down);
    vm.iso_mut().threads.after_fork = Some(begin_child);
    all_names(vm, &m);
    main_object(vm)?;
    Ok(m)
}

fn all_names(vm: &mut Vm, m: &Value) {
    const ALL: &[&str] = &[
        "get_ident",
        "active_count",
        "Condition",
        "current_thread",
        "enumerate",
        "main_thread",
        "TIMEOUT_MAX",
        "Event",
        "Lock",
        "RLock",
        "Semaphore",
        "BoundedSemaphore",
        "Thread",
        "Barrier",
        "BrokenBarrierError",
        "Timer",
        "ThreadError",
        "setprofile",
        "settrace",
        "local",
        "stack_size",
        "excepthook",
        "ExceptHookArgs",
        "getprofile",
        "gettrace",
        "setprofile_all_threads",
        "settrace_all_threads",
        "get_native_id",
    ];
    let names = ALL.iter().map(|n| vm.intern(n)).collect();
    let names = vm.new_list(names);
    vm.module_set(m, "__all__", names);
}

// --- who runs ---------------------------------------------------------------------------------------------------

/// The main thread's object.
fn main_object(vm: &mut Vm) -> PyResult {
    let main = vm.iso().main;
    if let Some(t) = vm.iso().threads.get(main)
        && t.object.is_a::<Thread>()
    {
        return Ok(t.object.clone());
    }
    let made = foreign(vm, &thread::MAIN, "MainThread".into(), main, false);
    // the first thread runs for as long as the process does
    vm.iso_mut().state.insert("threading.main", made.clone());
    Ok(made)
}

/// An object for a thread that runs and that `Thread.start()` has not started.
fn foreign(vm: &mut Vm, def: &'static gilbert_vm::image::TypeDef, name: String, tid: Tid, daemon: bool) -> Value {
    let base = vm.native_type(&thread::DEF);
    let ty = vm.iso_mut().native_type_with_base(def, &base);
    let world = vm.iso().world.clone();
    let name = vm.new_str(name);
    let t = Thread { ready: true, name, daemon, tid: Some(tid), native_id: world.native_id(tid), phase: Phase::Started, ..Thread::default() };
    let object = vm.new_of(&ty, t);
    if let Some(info) = vm.iso_mut().threads.get_mut(tid) {
        info.object = object.clone();
    }
    object
}

/// `threading.current_thread()`
pub fn current(vm: &mut Vm) -> PyResult {
    let me = vm.tid();
    if let Some(t) = vm.iso().threads.get(me)
        && t.object.is_a::<Thread>()
    {
        return Ok(t.object.clone());
    }
    if me == vm.iso().main {
        return main_object(vm);
    }
    let name = new_name(vm, "Dummy");
    Ok(foreign(vm, &thread::DUMMY, name, me, true))
}

fn running(vm: &Vm) -> Vec<Value> {
    vm.iso().threads.iter().map(|t| t.object.clone()).filter(|o| o.is_a::<Thread>()).collect()
}
fn current_thread(vm: &mut Vm, _: &[Value]) -> PyResult {
    current(vm)
}
fn current_thread_old(vm: &mut Vm, _: &[Value]) -> PyResult {
    vm.deprecated("currentThread() is deprecated, use current_thread() instead")?;
    current(vm)
}
fn active_count(vm: &mut Vm, _: &[Value]) -> PyResult {
    let n = vm.iso().threads.iter().filter(|t| t.object.is_a::<Thread>()).count();
    Ok(vm.new_int(n as i64))
}
fn active_count_old(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.deprecated("activeCount() is deprecated, use active_count() instead")?;
    active_count(vm, args)
}
fn enumerate(vm: &mut Vm, _: &[Value]) -> PyResult {
    let all = running(vm);
    Ok(vm.new_list(all))
}
fn main_thread(vm: &mut Vm, _: &[Value]) -> PyResult {
    main_object(vm)
}
fn active_dict(vm: &mut Vm) -> Value {
    let dict = vm.new_dict();
    let all: Vec<(Tid, Value)> = vm.iso().threads.iter().map(|t| (t.tid, t.object.clone())).filter(|t| t.1.is_a::<Thread>()).collect();
    for (tid, object) in all {
        let key = vm.new_uint(ident(tid));
        let _ = vm.dict_set(&dict, &key, object);
    }
    dict
}
fn module_getattr(vm: &mut Vm, args: &[Value]) -> PyResult {
    match vm.text(&args[0]).as_str() {
        "_active" => Ok(active_dict(vm)),
        "_limbo" => Ok(vm.new_dict()),
        "_dangling" => {
            let all = running(vm);
            Ok(vm.new_list(all))
        }
        "_main_thread" => main_object(vm),
        name => {
            let text = format!("module 'threading' has no attribute '{name}'");
            Err(vm.err(Exc::AttributeError, text))
        }
    }
}

// --- settings ---------------------------------------------------------------------------------------------------

fn store(v: &Value) -> Value {
    if v.is_none() { Value::NULL } else { v.clone() }
}
fn show(v: &Value) -> Value {
    if v.is_null() { Value::NONE } else { v.clone() }
}
fn settrace(vm: &mut Vm, args: &[Value]) -> PyResult {
    let old = std::mem::replace(&mut vm.iso_mut().threads.trace, store(&args[0]));
    drop(old);
    Ok(Value::NONE)
}
fn gettrace(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(show(&vm.iso().threads.trace))
}
fn setprofile(vm: &mut Vm, args: &[Value]) -> PyResult {
    let old = std::mem::replace(&mut vm.iso_mut().threads.profile, store(&args[0]));
    drop(old);
    Ok(Value::NONE)
}
fn getprofile(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(show(&vm.iso().threads.profile))
}

// --- the end ----------------------------------------------------------------------------------------------------

fn register_atexit(vm: &mut Vm, args: &[Value]) -> PyResult {
    let Some(list) = vm.iso().state.get(ATEXIT).cloned() else {
        return Err(vm.runtime_error("can't register atexit after shutdown"));
    };
    let entry = vm.new_tuple(args.to_vec());
    if let Some(l) = list.borrow_mut::<List>(vm) {
        l.items_mut().push(entry);
    }
    Ok(Value::NONE)
}

/// The main thread's code has ended: its object says so, and the callbacks run, the last one first.
fn shut_down(vm: &mut Vm) -> PyResult<()> {
    if let Some(main) = vm.iso().state.get("threading.main").cloned() {
        this(vm, &main).phase = Phase::Stopped;
    }
    let Some(list) = vm.iso_mut().state.remove(ATEXIT) else { return Ok(()) };
    while let Some(entry) = list.borrow_mut::<List>(vm).and_then(|l| l.items_mut().pop()) {
        let parts = entry.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
        let [f, args, kwargs] = parts.as_slice() else { continue };
        call_packed(vm, f, args, kwargs)?;
    }
    Ok(())
}
fn shutdown(vm: &mut Vm, _: &[Value]) -> PyResult {
    shut_down(vm)?;
    vm.wait_for_threads()?;
    Ok(Value::NONE)
}
/// What a forked child does first: the thread that forked is its main thread.
fn begin_child(vm: &mut Vm) {
    let me = vm.tid();
    let id = vm.iso().world.native_id(me);
    let Ok(object) = current(vm) else { return };
    let t = this(vm, &object);
    (t.tid, t.native_id, t.daemon) = (Some(me), id, false);
    vm.iso_mut().state.insert("threading.main", object);
}
fn after_fork(vm: &mut Vm, _: &[Value]) -> PyResult {
    begin_child(vm);
    Ok(Value::NONE)
}
/// `warnings.warn`-free helper of natives that take a callable and its arguments.
pub fn call_with(vm: &mut Vm, f: &Value, args: &Value, kwargs: &Value) -> PyResult {
    if kwargs.is_null() {
        let items = args.get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
        return vm.call_kw(f, &items, Kwargs::NONE);
    }
    call_packed(vm, f, args, kwargs)
}

const FUNCTIONS: &[NativeDef] = &[
    function("active_count()", active_count),
    function("activeCount()", active_count_old),
    function("current_thread()", current_thread),
    function("currentThread()", current_thread_old),
    function("enumerate()", enumerate),
    function("main_thread()", main_thread),
    function("get_ident()", low::get_ident),
    function("get_native_id()", low::get_native_id),
    function("stack_size(size=0, /)", low::stack_size),
    function("excepthook(args, /)", hooks::excepthook),
    function("settrace(func)", settrace),
    function("gettrace()", gettrace),
    function("settrace_all_threads(func)", settrace),
    function("setprofile(func)", setprofile),
    function("getprofile()", getprofile),
    function("setprofile_all_threads(func)", setprofile),
    function("_register_atexit(func, *arg, **kwargs)", register_atexit),
    function("_shutdown()", shutdown),
    function("_after_fork()", after_fork),
    function("__getattr__(name, /)", module_getattr),
];
