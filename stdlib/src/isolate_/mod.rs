//! `_isolate`: processes, as `multiprocessing` needs them.
//!
//! - `fork(callable, name='', /) -> (pid, sentinel)`: a child process that is a clone of this one and calls `callable()`. An int that it
//!   returns is the exit code, None is 0; what it does not catch is printed and gives 1; SystemExit as in CPython. Standard output and error
//!   are flushed in the parent before, and in the child at its end; nothing else of a program's end happens there: no `atexit`, no waiting
//!   for threads. `sentinel` is a descriptor that becomes readable when the child has ended; `os.waitpid(pid, 0)` tells how, and has to be
//!   called once for each child.
//! - `spawn(source, data=b'', fds=(), name='', argv=(), /) -> (pid, sentinel)`: a fresh child process that runs `source` as `__main__`, with
//!   imports of its own, to the end that a program has (`atexit` included). `data()` gives it the bytes. Of the parent's descriptors it has
//!   the standard streams and `fds`, under the same numbers. `sys.argv` is `argv`, or `['-c']`; `sys.path` is the parent's.
//! - `data() -> bytes`: what `spawn` was given for this process.
//! - `set_name(name, /)`, `name()`: what this process is called in reports.
//! - `is_child() -> bool`: whether this is not the run's first process.

use crate::posix::children;
use crate::posix::fds;
use gilbert_vm::error::PyResult;
use gilbert_vm::isolate::Settings;
use gilbert_vm::start::Program;
use gilbert_vm::types::T;
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::Tid;
use std::sync::Arc;

static FUNCTIONS: &[NativeDef] = &[
    function("fork(callable, name='', /)", fork),
    function("spawn(source, data=NULL, fds=NULL, name='', argv=NULL, /)", spawn),
    function("data()", |vm, _| match vm.iso().state.get(DATA).cloned() {
        Some(v) => Ok(v),
        None => Ok(vm.new_bytes(Vec::new())),
    }),
    function("set_name(name, /)", |vm, a| {
        let name = vm.expect_str(&a[0], "name")?;
        vm.iso().world.process().set_name(&name);
        Ok(Value::NONE)
    }),
    function("name()", |vm, _| {
        let name = vm.iso().world.process().name();
        Ok(vm.new_str(&*name))
    }),
    function("is_child()", |vm, _| Ok(Value::bool(vm.iso().main != Tid::MAIN))),
];

/// What `spawn` was given, in the isolate's state.
const DATA: &str = "_isolate.data";

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    Ok(vm.new_module("_isolate", "Processes of the same machine.", FUNCTIONS))
}

/// A child's number and a descriptor that tells its end.
fn told(vm: &mut Vm, pid: u32) -> PyResult {
    let world = vm.iso().world.clone();
    let file = world.sentinel(pid).map_err(|e| vm.os_error(e, None))?;
    let fd = fds::enter(vm, file, libc::O_RDONLY)?;
    let both = vec![Value::small_wrap(i64::from(pid)), Value::i32(fd)];
    Ok(vm.new_tuple(both))
}

fn fork(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.expect_str(&args[1], "name")?;
    vm.flush_stdio();
    children::before_fork(vm);
    let forked = vm.fork(&name, run_forked, &args[0]);
    children::after_fork_in_parent(vm);
    told(vm, forked?)
}

/// The life of a forked child.
fn run_forked(vm: &mut Vm, callable: Value) -> i32 {
    children::after_fork_in_child(vm);
    let code = match vm.call(&callable, &[]) {
        Ok(v) => v.as_small_or_bool().map_or(0, |i| (i & 0xFF) as i32),
        Err(e) if e.is_killed() || vm.gil.is_killed() => return 0,
        Err(e) => ended_by(vm, e),
    };
    vm.flush_stdio();
    code
}

/// What nobody caught: the status of the process.
fn ended_by(vm: &mut Vm, e: gilbert_vm::error::Raised) -> i32 {
    let code = vm.report_uncaught(e);
    match vm.iso().settings.exit.signal() {
        0 => code,
        signum => -signum,
    }
}

fn spawn(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (source, name) = (vm.expect_str(&args[0], "source")?, vm.expect_str(&args[3], "name")?);
    let data = match args[1].get::<Bytes>() {
        Some(b) => b.bytes().to_vec(),
        None if args[1].is_null() => Vec::new(),
        None => return Err(vm.type_error("data must be bytes")),
    };
    let mut keep = Vec::new();
    for fd in all_of(vm, &args[2])? {
        keep.push(vm.arg_int(&fd)?);
    }
    let mut argv = Vec::new();
    for word in all_of(vm, &args[4])? {
        argv.push(vm.expect_str(&word, "argv")?);
    }
    if argv.is_empty() {
        argv.push("-c".to_string());
    }
    let path = search_path(vm)?;
    let settings = Settings { argv, path, exit: Arc::default(), ..vm.iso().settings.clone() };
    vm.flush_stdio();
    let make = |child: &mut gilbert_vm::isolate::Isolate| {
        let (text, bytes, tuple) = (child.image.ty(T::Str).clone(), child.image.ty(T::Bytes).clone(), child.image.ty(T::Tuple).clone());
        let source = child.heap.new_object(&text, Str::new(source));
        let data = child.heap.new_object(&bytes, Bytes::new(data));
        child.heap.new_object(&tuple, Tuple::new(vec![source, data]))
    };
    let pid = vm.spawn(&name, run_spawned, make, settings, &keep)?;
    told(vm, pid)
}

/// The items of an argument that may be absent.
fn all_of(vm: &mut Vm, v: &Value) -> PyResult<Vec<Value>> {
    if v.is_null() { Ok(Vec::new()) } else { vm.collect(v) }
}

/// The parent's `sys.path`, but for the library's own entries.
fn search_path(vm: &mut Vm) -> PyResult<Vec<String>> {
    let sys = vm.iso().sys.clone();
    let key = vm.intern("path");
    let Some(list) = vm.dict_get_str(&sys, &key) else { return Ok(Vec::new()) };
    let mut path = Vec::new();
    for entry in vm.collect(&list)? {
        let text = vm.text(&entry);
        if entry.is_a::<Str>() && !text.starts_with("<lib>") {
            path.push(text);
        }
    }
    Ok(path)
}

/// The life of a spawned child.
fn run_spawned(vm: &mut Vm, given: Value) -> i32 {
    let Some([source, data]) = given.get::<Tuple>().map(Tuple::items) else { return 1 };
    vm.iso_mut().state.insert(DATA, data.clone());
    let text = vm.text(source);
    let code = vm.run_program(&Program::Source { text, name: "<string>".into(), file: false });
    match vm.iso().settings.exit.signal() {
        0 => code,
        signum => -signum,
    }
}
