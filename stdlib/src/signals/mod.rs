//! `_signal`, upon which CPython's own `signal.py` stands. A signal's Python handler runs in the main thread between two instructions,
//! and wakes that thread from a wait.

mod timers;

use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{Blocked, WaitKind};

/// The dict from signal numbers to handlers, in the isolate's state.
const HANDLERS: &str = "signal.handlers";
/// The descriptor of `set_wakeup_fd`, in the isolate's state.
const WAKEUP_FD: &str = "signal.wakeup_fd";
/// `SIG_DFL`
const DEFAULT: i64 = 0;
/// `SIG_IGN`
const IGNORE: i64 = 1;
/// `NSIG`
const LIMIT: i32 = 65;

const SIGNALS: &[(&str, i32)] = &[
    ("SIGHUP", libc::SIGHUP),
    ("SIGINT", libc::SIGINT),
    ("SIGQUIT", libc::SIGQUIT),
    ("SIGILL", libc::SIGILL),
    ("SIGTRAP", libc::SIGTRAP),
    ("SIGABRT", libc::SIGABRT),
    ("SIGBUS", libc::SIGBUS),
    ("SIGFPE", libc::SIGFPE),
    ("SIGKILL", libc::SIGKILL),
    ("SIGUSR1", libc::SIGUSR1),
    ("SIGSEGV", libc::SIGSEGV),
    ("SIGUSR2", libc::SIGUSR2),
    ("SIGPIPE", libc::SIGPIPE),
    ("SIGALRM", libc::SIGALRM),
    ("SIGTERM", libc::SIGTERM),
    ("SIGCHLD", libc::SIGCHLD),
    ("SIGCONT", libc::SIGCONT),
    ("SIGSTOP", libc::SIGSTOP),
    ("SIGTSTP", libc::SIGTSTP),
    ("SIGTTIN", libc::SIGTTIN),
    ("SIGTTOU", libc::SIGTTOU),
    ("SIGURG", libc::SIGURG),
    ("SIGXCPU", libc::SIGXCPU),
    ("SIGXFSZ", libc::SIGXFSZ),
    ("SIGVTALRM", libc::SIGVTALRM),
    ("SIGPROF", libc::SIGPROF),
    ("SIGWINCH", libc::SIGWINCH),
    ("SIGIO", libc::SIGIO),
    ("SIGSYS", libc::SIGSYS),
    ("SIGCLD", libc::SIGCHLD),
    ("SIGIOT", libc::SIGABRT),
    ("SIGPOLL", libc::SIGIO),
    ("SIGPWR", 30),
    ("SIGSTKFLT", 16),
    ("SIGRTMIN", 34),
    ("SIGRTMAX", 64),
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_signal", "This module provides mechanisms to use signal handlers in Python.", FUNCTIONS);
    for (name, n) in SIGNALS {
        vm.module_set(&m, name, Value::i32(*n));
    }
    for (name, n) in [("SIG_DFL", 0), ("SIG_IGN", 1), ("NSIG", LIMIT), ("ITIMER_REAL", 0), ("ITIMER_VIRTUAL", 1), ("ITIMER_PROF", 2)] {
        vm.module_set(&m, name, Value::i32(n));
    }
    let error = vm.thread_error_type("itimer_error")?;
    vm.module_set(&m, "ItimerError", error);
    let handlers = vm.new_dict();
    let int_handler = vm.attr(&m, "default_int_handler")?;
    let ignored = vm.iso().world.ignored_signals();
    for n in 1..LIMIT {
        if ignored & 1 << (n - 1) != 0 {
            vm.dict_set(&handlers, &Value::i32(n), Value::i32(IGNORE as i32))?;
        } else if n == libc::SIGINT {
            vm.dict_set(&handlers, &Value::i32(n), int_handler.clone())?;
        }
    }
    for n in [libc::SIGPIPE, libc::SIGXFSZ] {
        vm.dict_set(&handlers, &Value::i32(n), Value::i32(IGNORE as i32))?;
    }
    vm.iso_mut().state.insert(HANDLERS, handlers);
    vm.iso_mut().signal_hook = Some(run_handler);
    Ok(m)
}

fn handler_of(vm: &mut Vm, signum: i32) -> PyResult {
    let Some(handlers) = vm.iso().state.get(HANDLERS).cloned() else { return Ok(Value::i32(0)) };
    Ok(vm.dict_get(&handlers, &Value::i32(signum))?.unwrap_or(Value::i32(0)))
}

/// A signal has arrived.
fn run_handler(vm: &mut Vm, signum: i32) -> PyResult<()> {
    let handler = handler_of(vm, signum)?;
    if handler.as_small_or_bool().is_some() || handler.is_none() {
        return Ok(());
    }
    wake_up(vm, signum)?;
    let frame = vm.frame_object(0).unwrap_or(Value::NONE);
    vm.call(&handler, &[Value::i32(signum), frame]).map(drop)
}

fn number(vm: &mut Vm, v: &Value) -> PyResult<i32> {
    let n = vm.to_i32(v)?;
    if !(1..LIMIT).contains(&n) {
        return Err(vm.value_error("signal number out of range"));
    }
    Ok(n)
}

/// `signal(signalnum, handler, /)`
fn signal(vm: &mut Vm, args: &[Value]) -> PyResult {
    let signum = vm.to_i32(&args[0])?;
    if vm.tid() != vm.iso().main {
        return Err(vm.value_error("signal only works in main thread of the main interpreter"));
    }
    let signum = number(vm, &Value::i32(signum))?;
    let plain = args[1].as_small_or_bool();
    let callable = plain.is_none() && vm.special(&args[1], gilbert_vm::special::Special::Call).is_some();
    if !callable && !matches!(plain, Some(DEFAULT | IGNORE)) {
        return Err(vm.type_error("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object"));
    }
    if matches!(signum, libc::SIGKILL | libc::SIGSTOP) {
        return Err(vm.os_error(gilbert_vm::world::OsError { errno: libc::EINVAL }, None));
    }
    if plain == Some(DEFAULT) {
        let world = vm.iso().world.clone();
        world.unwatch_signal(signum);
    } else {
        vm.watch_signal(signum, callable)?;
    }
    let old = handler_of(vm, signum)?;
    if let Some(handlers) = vm.iso().state.get(HANDLERS).cloned() {
        vm.dict_set(&handlers, &Value::i32(signum), args[1].clone())?;
    }
    Ok(old)
}
fn getsignal(vm: &mut Vm, args: &[Value]) -> PyResult {
    let signum = number(vm, &args[0])?;
    handler_of(vm, signum)
}
fn default_int_handler(vm: &mut Vm, _: &[Value]) -> PyResult {
    Err(vm.err_args(Exc::KeyboardInterrupt, vec![]))
}
fn raise_signal(vm: &mut Vm, args: &[Value]) -> PyResult {
    let signum = number(vm, &args[0])?;
    send_to_self(vm, signum)?;
    Ok(Value::NONE)
}
/// Sends this process a signal. A Python handler has run when this returns, if the main thread calls it; a detour through the system would
/// let it come later.
pub fn send_to_self(vm: &mut Vm, signum: i32) -> PyResult<()> {
    let handler = handler_of(vm, signum)?;
    if handler.as_small_or_bool() == Some(IGNORE) {
        // on the way through the system it might meet the next handler
        return Ok(());
    }
    if handler.as_small_or_bool().is_some() || handler.is_none() {
        let world = vm.iso().world.clone();
        world.raise_signal(signum).map_err(|e| vm.os_error(e, None))?;
        // simulated, the process may have ended by it
        return if world.stopped() { Err(Raised::KILLED) } else { Ok(()) };
    }
    if vm.tid() == vm.iso().main {
        return run_handler(vm, signum);
    }
    vm.simulate_signal(signum);
    Ok(())
}
/// `pause()`: waits for a signal whose handler returns.
fn pause(vm: &mut Vm, _: &[Value]) -> PyResult {
    let why = Blocked::outside(WaitKind::Other, "a signal");
    while vm.park(None, why.clone())? != gilbert_vm::start::Woken::Interrupted {}
    Ok(Value::NONE)
}
/// `pthread_kill(thread_id, signalnum, /)`: handlers run in the main thread whichever thread gets the signal.
fn pthread_kill(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (ident, signum) = (vm.to_i64(&args[0])?, vm.to_i32(&args[1])?);
    if gilbert_vm::thread::of_ident(ident).is_none_or(|tid| vm.iso().threads.get(tid).is_none()) {
        return Err(vm.os_error(gilbert_vm::world::OsError { errno: libc::ESRCH }, None));
    }
    if signum != 0 {
        let signum = number(vm, &Value::i32(signum))?;
        send_to_self(vm, signum)?;
    }
    Ok(Value::NONE)
}
fn strsignal(vm: &mut Vm, args: &[Value]) -> PyResult {
    let signum = number(vm, &args[0])?;
    let text = match signum {
        libc::SIGHUP => "Hangup",
        libc::SIGINT => "Interrupt",
        libc::SIGQUIT => "Quit",
        libc::SIGILL => "Illegal instruction",
        libc::SIGABRT => "Aborted",
        libc::SIGFPE => "Floating point exception",
        libc::SIGKILL => "Killed",
        libc::SIGSEGV => "Segmentation fault",
        libc::SIGPIPE => "Broken pipe",
        libc::SIGALRM => "Alarm clock",
        libc::SIGTERM => "Terminated",
        libc::SIGUSR1 => "User defined signal 1",
        libc::SIGUSR2 => "User defined signal 2",
        libc::SIGCHLD => "Child exited",
        libc::SIGCONT => "Continued",
        libc::SIGSTOP => "Stopped (signal)",
        libc::SIGTSTP => "Stopped",
        _ => return Ok(Value::NONE),
    };
    Ok(vm.new_str(text))
}
fn valid_signals(vm: &mut Vm, _: &[Value]) -> PyResult {
    let all = (1..LIMIT).filter(|n| !matches!(n, 32 | 33)).map(Value::i32).collect();
    let list = vm.new_list(all);
    let set = vm.ty(gilbert_vm::types::T::Set).clone();
    vm.call(&set, &[list])
}
fn siginterrupt(vm: &mut Vm, args: &[Value]) -> PyResult {
    number(vm, &args[0])?;
    Ok(Value::NONE)
}
/// `set_wakeup_fd(fd, *, warn_on_full_buffer=True)`: a byte of the signal's number is written there before its handler runs.
fn set_wakeup_fd(vm: &mut Vm, args: &[Value]) -> PyResult {
    let fd = vm.to_i32(&args[0])?;
    if vm.tid() != vm.iso().main {
        return Err(vm.value_error("set_wakeup_fd only works in main thread of the main interpreter"));
    }
    if fd != -1 {
        let Some(blocking) = vm.iso().process.fd(fd).map(|d| d.file.blocking()) else {
            return Err(vm.os_error(gilbert_vm::world::OsError { errno: libc::EBADF }, None));
        };
        if blocking {
            return Err(vm.value_error(format!("the fd {fd} must be in non-blocking mode")));
        }
    }
    let old = vm.iso_mut().state.insert(WAKEUP_FD, Value::i32(fd));
    Ok(old.unwrap_or(Value::i32(-1)))
}

/// Tells whoever watches the wake-up descriptor that a signal has come.
fn wake_up(vm: &mut Vm, signum: i32) -> PyResult<()> {
    let Some(fd) = vm.iso().state.get(WAKEUP_FD).and_then(|v| v.as_small()).filter(|fd| *fd >= 0) else { return Ok(()) };
    if let Some(file) = vm.iso().process.fd(fd as i32).map(|d| d.file.clone()) {
        // a full buffer holds a wake-up already
        let _ = vm.without_gil(gilbert_vm::gil::Cause::Io, |_, me| file.write(me, &[signum as u8]))?;
    }
    Ok(())
}

const FUNCTIONS: &[NativeDef] = &[
    function("signal(signalnum, handler, /)", signal),
    function("getsignal(signalnum, /)", getsignal),
    function("default_int_handler(signalnum, frame, /)", default_int_handler),
    function("raise_signal(signalnum, /)", raise_signal),
    function("pause()", pause),
    function("pthread_kill(thread_id, signalnum, /)", pthread_kill),
    function("strsignal(signalnum, /)", strsignal),
    function("valid_signals()", valid_signals),
    function("siginterrupt(signalnum, flag, /)", siginterrupt),
    function("set_wakeup_fd(fd, /, *, warn_on_full_buffer=True)", set_wakeup_fd),
    function("alarm(seconds, /)", timers::alarm),
    function("setitimer(which, seconds, interval=0.0, /)", timers::setitimer),
    function("getitimer(which, /)", timers::getitimer),
];
