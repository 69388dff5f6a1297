//! Other processes: `wait` and its kin, `kill`, hooks of a fork.

use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::start::Woken;
use gilbert_vm::types::list::List;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::processes::Child;
use gilbert_vm::world::{Blocked, OsError, WaitKind};

pub static FUNCTIONS: &[NativeDef] = &[
    function("kill(pid, signal, /)", kill).doc("Kill a process with a signal."),
    function("killpg(pgid, signal, /)", |vm, _| Err(unavailable(vm, "os.killpg: the processes of a run are one group; use os.kill"))),
    function("waitpid(pid, options, /)", |vm, a| {
        let (pid, options) = (vm.to_i64(&a[0])?, vm.arg_int(&a[1])?);
        wait_for(vm, pid, options)
    })
    .doc("Wait for completion of a given child process.\n\nReturns a tuple of information regarding the child process:\n    (pid, status)"),
    function("wait()", |vm, _| wait_for(vm, -1, 0))
        .doc("Wait for completion of a child process.\n\nReturns a tuple of information about the child process:\n    (pid, status)"),
    function("WIFEXITED(status)", |vm, a| Ok(Value::bool(vm.arg_int(&a[0])? & 0x7F == 0))),
    function("WEXITSTATUS(status)", |vm, a| Ok(Value::i32(vm.arg_int(&a[0])? >> 8 & 0xFF))),
    function("WIFSIGNALED(status)", |vm, a| {
        let s = vm.arg_int(&a[0])? & 0x7F;
        Ok(Value::bool(s != 0 && s != 0x7F))
    }),
    function("WTERMSIG(status)", |vm, a| Ok(Value::i32(vm.arg_int(&a[0])? & 0x7F))),
    function("WIFSTOPPED(status)", |vm, a| Ok(Value::bool(vm.arg_int(&a[0])? & 0xFF == 0x7F))),
    function("WSTOPSIG(status)", |vm, a| Ok(Value::i32(vm.arg_int(&a[0])? >> 8 & 0xFF))),
    function("WIFCONTINUED(status)", |vm, a| Ok(Value::bool(vm.arg_int(&a[0])? == 0xFFFF))),
    function("WCOREDUMP(status, /)", |vm, a| Ok(Value::bool(vm.arg_int(&a[0])? & 0x80 != 0))),
    function("waitstatus_to_exitcode(status)", |vm, a| {
        let s = vm.arg_int(&a[0])?;
        match s & 0x7F {
            0 => Ok(Value::i32(s >> 8 & 0xFF)),
            0x7F => Err(vm.value_error(format!("process stopped by delivery of signal {}", s >> 8 & 0xFF))),
            signum => Ok(Value::i32(-signum)),
        }
    }),
];

fn unavailable(vm: &mut Vm, text: &str) -> Raised {
    vm.err(Exc::NotImplementedError, text)
}

fn kill(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (pid, signal) = (vm.to_i64(&args[0])?, vm.arg_int(&args[1])?);
    let world = vm.iso().world.clone();
    if matches!(signal, libc::SIGSTOP | libc::SIGTSTP | libc::SIGTTIN | libc::SIGTTOU) && world.many_processes() {
        return Err(unavailable(vm, "os.kill: the processes of a run cannot be stopped"));
    }
    if pid == i64::from(world.pid()) && signal != 0 && signal != libc::SIGKILL {
        crate::signals::send_to_self(vm, signal)?;
        return Ok(Value::NONE);
    }
    let targets: Vec<u32> = match pid {
        0 | -1 => world.group(),
        _ => vec![u32::try_from(pid).map_err(|_| vm.os_error(OsError::new(libc::ESRCH), None))?],
    };
    for target in targets {
        world.kill_process(target, signal).map_err(|e| vm.os_error(e, None))?;
    }
    if world.stopped() { Err(Raised::KILLED) } else { Ok(Value::NONE) }
}

/// How `wait` tells an exit: the code in the second byte, or the signal in the first.
fn wait_status(status: i32) -> i32 {
    if status < 0 { -status } else { (status & 0xFF) << 8 }
}

fn wait_for(vm: &mut Vm, pid: i64, options: i32) -> PyResult {
    // 0 and below -1 name process groups: ours are one
    let which = match pid {
        ..=0 => None,
        _ => Some(u32::try_from(pid).map_err(|_| vm.os_error(OsError::new(libc::ECHILD), None))?),
    };
    let (me, world) = (vm.tid(), vm.iso().world.clone());
    let patient = options & libc::WNOHANG == 0;
    vm.gil.clone().sync_clock(&mut vm.turn);
    loop {
        match world.take_ended(which, patient.then_some(me)) {
            Child::Ended(pid, status) => return Ok(pair(vm, pid, wait_status(status))),
            Child::None => return Err(vm.os_error(OsError::new(libc::ECHILD), None)),
            Child::Living if !patient => return Ok(pair(vm, 0, 0)),
            Child::Living => {}
        }
        let why =
            Blocked { note: which.map_or("any child".into(), |pid| pid.to_string().into()), ..Blocked::new(WaitKind::Process, which.unwrap_or(0).into()) };
        let woken: PyResult<Woken> = vm.park(None, why);
        world.wait_no_more(me);
        woken?;
    }
}

fn pair(vm: &mut Vm, pid: u32, status: i32) -> Value {
    let both = vec![Value::small_wrap(i64::from(pid)), Value::i32(status)];
    vm.new_tuple(both)
}

// --- hooks of a fork ----------------------------------------------------------------------------------------------------------

const HOOKS: [&str; 3] = ["posix.before_fork", "posix.after_fork_in_child", "posix.after_fork_in_parent"];

/// `register_at_fork(*, before, after_in_child, after_in_parent)`
pub fn register_at_fork(vm: &mut Vm, args: &[Value]) -> PyResult {
    if args.iter().all(Value::is_null) {
        return Err(vm.type_error("At least one argument is required."));
    }
    for (name, v) in ["before", "after_in_child", "after_in_parent"].iter().zip(args) {
        if !v.is_null() && !gilbert_vm::builtins::is_callable(vm, v) {
            let t = vm.type_name(v);
            return Err(vm.type_error(format!("'{name}' must be callable, not {t}")));
        }
    }
    for (key, v) in HOOKS.iter().zip(args).filter(|(_, v)| !v.is_null()) {
        let list = match vm.iso().state.get(key) {
            Some(list) => list.clone(),
            None => vm.new_list(vec![]),
        };
        if let Some(l) = list.borrow_mut::<List>(vm) {
            l.items_mut().push(v.clone());
        }
        vm.iso_mut().state.insert(key, list);
    }
    Ok(Value::NONE)
}

fn run_hooks(vm: &mut Vm, which: usize, reversed: bool) {
    let Some(list) = vm.iso().state.get(HOOKS[which]).cloned() else { return };
    let mut hooks = list.borrow::<List>(vm).map(|l| l.items().to_vec()).unwrap_or_default();
    if reversed {
        hooks.reverse();
    }
    for hook in hooks {
        match vm.call(&hook, &[]) {
            Err(e) if e.is_killed() => return,
            Err(e) => vm.unraisable(e, &hook),
            Ok(_) => {}
        }
    }
}

/// Runs what was registered for the time before a fork, last come first.
pub fn before_fork(vm: &mut Vm) {
    run_hooks(vm, 0, true);
}
/// Runs what was registered for the child.
pub fn after_fork_in_child(vm: &mut Vm) {
    run_hooks(vm, 1, false);
}
/// Runs what was registered for the parent.
pub fn after_fork_in_parent(vm: &mut Vm) {
    run_hooks(vm, 2, false);
}
