//! `select` (`Modules/selectmodule.c`): `select`, `poll` and `epoll` upon the world's readiness.

mod epoll;
mod poll;

use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::gil::Cause;
use gilbert_vm::types::list::List;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{Blocked, Handle, Interest, Ns, OsError, PollEntry, WaitKind, Wake, World};

const FUNCTIONS: &[NativeDef] = &[function("select(rlist, wlist, xlist, timeout=None, /)", select), function("poll()", poll::new)];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("select", "This module supports asynchronous I/O on multiple file descriptors.", FUNCTIONS);
    let error = vm.exc_type(Exc::OSError).clone();
    vm.module_set(&m, "error", error);
    vm.module_set(&m, "PIPE_BUF", Value::i32(4096));
    for &(name, n) in poll::CONSTANTS.iter().chain(epoll::CONSTANTS) {
        vm.module_set(&m, name, Value::small_wrap(n));
    }
    vm.module_add_type(&m, &epoll::EPOLL);
    Ok(m)
}

/// A descriptor's number: an int, or what an object's `fileno()` says.
pub fn descriptor(vm: &mut Vm, v: &Value) -> PyResult<i32> {
    let number = if gilbert_vm::builtins::is_int(v) {
        v.clone()
    } else {
        match vm.attr_opt(v, "fileno")? {
            Some(fileno) => {
                let n = vm.call(&fileno, &[])?;
                if !gilbert_vm::builtins::is_int(&n) {
                    return Err(vm.type_error("fileno() returned a non-integer"));
                }
                n
            }
            None => return Err(vm.type_error("argument must be an int, or have a fileno() method.")),
        }
    };
    let n = vm.arg_int(&number)?;
    if n < 0 {
        return Err(vm.value_error(format!("file descriptor cannot be a negative integer ({n})")));
    }
    Ok(n)
}

/// The open file of a number.
pub fn open_file(vm: &Vm, fd: i32) -> Option<Handle> {
    vm.iso().process.fd(fd).map(|d| d.file.clone())
}

/// What a wait on these files is for, in reports.
pub fn waiting_for(vm: &Vm, n: usize) -> Blocked {
    let mut why = vm.at_this_place(Blocked::new(WaitKind::Io, 0));
    why.note = match n {
        1 => "a file to be ready".into(),
        n => format!("one of {n} files to be ready").into(),
    };
    why
}

/// Waits without the GIL by `wait` until it has something, the deadline, or the end; runs the handlers of signals in between.
pub fn wait_for<R>(vm: &mut Vm, deadline: Option<Ns>, mut wait: impl FnMut(&dyn World, gilbert_vm::world::Tid) -> (Wake, Option<R>)) -> PyResult<Option<R>> {
    loop {
        let (wake, got) = vm.without_gil(Cause::Io, |world, me| {
            let answer = wait(world, me);
            world.charge_ns(me, gilbert_vm::world::net::CALL_NS);
            answer
        })?;
        match (wake, got) {
            (Wake::Killed, _) => return Err(Raised::KILLED),
            (_, Some(got)) => return Ok(Some(got)),
            (Wake::Interrupted, None) => vm.run_signal_handlers()?,
            (Wake::TimedOut, None) => return Ok(None),
            (Wake::Unparked, None) => {}
        }
        if deadline.is_some_and(|at| vm.now() >= at) {
            return Ok(None);
        }
    }
}

/// Waits until one of the files is ready. At a deadline that has passed it only looks.
pub fn poll_files(vm: &mut Vm, entries: &mut [PollEntry], deadline: Option<Ns>) -> PyResult<()> {
    let why = waiting_for(vm, entries.len());
    wait_for(vm, deadline, |world, me| {
        let wake = world.poll(me, entries, deadline, &why);
        (wake, entries.iter().any(|entry| !entry.got.is_empty()).then_some(()))
    })?;
    Ok(())
}

fn collected(vm: &mut Vm, v: &Value) -> PyResult {
    match vm.collect(v) {
        Ok(items) => Ok(vm.new_list(items)),
        Err(e) if e.is_killed() => Err(e),
        Err(_) => Err(vm.type_error("arguments 1-3 must be sequences")),
    }
}

/// One of the three lists: the objects and their descriptors.
fn listed(vm: &mut Vm, v: &Value) -> PyResult<Vec<(Value, i32)>> {
    // a list is read as it is: a `fileno` may change it
    let list = if v.is_a::<List>() { v.clone() } else { collected(vm, v)? };
    let mut all = Vec::new();
    while let Some(item) = list.borrow::<List>(vm).and_then(|l| l.items().get(all.len()).cloned()) {
        let fd = descriptor(vm, &item)?;
        if fd >= 1024 {
            return Err(vm.value_error("filedescriptor out of range in select()"));
        }
        all.push((item, fd));
    }
    Ok(all)
}

/// `select(rlist, wlist, xlist[, timeout])`
fn select(vm: &mut Vm, args: &[Value]) -> PyResult {
    let deadline = match args[3].is_none() {
        true => None,
        false => {
            if !args[3].is_float() && !gilbert_vm::builtins::is_int(&args[3]) && vm.special(&args[3], gilbert_vm::special::Special::Index).is_none() {
                return Err(vm.type_error("timeout must be a float or None"));
            }
            let seconds = vm.seconds(&args[3])?;
            if seconds < 0.0 {
                return Err(vm.value_error("timeout must be non-negative"));
            }
            Some(vm.after(seconds))
        }
    };
    let wants = [Interest::READ, Interest::WRITE, Interest::PRIORITY];
    // what of each list counts as ready
    let counts = [Interest::READ | Interest::ALWAYS, Interest::WRITE | Interest::ERROR, Interest::PRIORITY];
    let mut lists = Vec::new();
    for v in &args[..3] {
        lists.push(listed(vm, v)?);
    }
    let mut entries: Vec<PollEntry> = Vec::new();
    let mut places: std::collections::BTreeMap<i32, usize> = Default::default();
    for (list, want) in lists.iter().zip(wants) {
        for (_, fd) in list {
            let Some(file) = open_file(vm, *fd) else { return Err(vm.os_error(OsError::new(libc::EBADF), None)) };
            let at = *places.entry(*fd).or_insert_with(|| {
                entries.push(PollEntry::new(file, Interest::NONE));
                entries.len() - 1
            });
            entries[at].want |= want;
        }
    }
    poll_files(vm, &mut entries, deadline)?;
    let mut results = Vec::new();
    for (list, counts) in lists.into_iter().zip(counts) {
        let ready = list.into_iter().filter(|(_, fd)| entries[places[fd]].got.meets(counts)).map(|(v, _)| v).collect();
        results.push(vm.new_list(ready));
    }
    Ok(vm.new_tuple(results))
}
