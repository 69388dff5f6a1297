//! `fcntl`: flags of descriptors, as far as they have a meaning here; locks on files are refused with a clear error.

use crate::posix::fds::{enter, handle};
use crate::select_::descriptor;
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::OsError;

const FUNCTIONS: &[NativeDef] = &[
    function("fcntl(fd, cmd, arg=0, /)", fcntl),
    function("ioctl(fd, request, arg=0, mutate_flag=True, /)", |vm, _| refuse(vm, "ioctl")),
    function("flock(fd, operation, /)", |vm, _| refuse(vm, "flock")),
    function("lockf(fd, cmd, len=0, start=0, whence=0, /)", |vm, _| refuse(vm, "lockf")),
];

macro_rules! constants {
    ($($name:ident)*) => { &[$((stringify!($name), libc::$name as i64),)*] };
}

static CONSTANTS: &[(&str, i64)] = constants! {
    F_DUPFD F_DUPFD_CLOEXEC F_GETFD F_SETFD F_GETFL F_SETFL F_GETLK F_SETLK F_SETLKW F_RDLCK F_WRLCK F_UNLCK FD_CLOEXEC LOCK_SH LOCK_EX LOCK_NB LOCK_UN
};

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("fcntl", "This module performs file control and I/O control on file descriptors.", FUNCTIONS);
    for &(name, n) in CONSTANTS {
        vm.module_set(&m, name, Value::small_wrap(n));
    }
    Ok(m)
}

fn refuse(vm: &mut Vm, what: &str) -> PyResult {
    Err(vm.err(Exc::NotImplementedError, format!("Gilbert has no fcntl.{what}; multiprocessing.Lock locks across processes")))
}

fn fcntl(vm: &mut Vm, args: &[Value]) -> PyResult {
    let fd = descriptor(vm, &args[0])?;
    let command = vm.to_i32(&args[1])?;
    let number = Value::i32(fd);
    let file = handle(vm, &number)?;
    match command {
        libc::F_GETFL => {
            let flags = vm.iso().process.fd(fd).map_or(0, |d| d.flags) & !(libc::O_NONBLOCK | libc::O_CLOEXEC);
            Ok(Value::i32(if file.blocking() { flags } else { flags | libc::O_NONBLOCK }))
        }
        libc::F_SETFL => {
            let flags = vm.to_i32(&args[2])?;
            match file.set_blocking(flags & libc::O_NONBLOCK == 0) {
                Ok(()) => Ok(Value::i32(0)),
                Err(e) => Err(vm.os_error(e, None)),
            }
        }
        libc::F_GETFD => Ok(Value::i32(if vm.iso().process.fd(fd).is_some_and(|d| d.inheritable) { 0 } else { libc::FD_CLOEXEC })),
        libc::F_SETFD => {
            let keeps = vm.to_i32(&args[2])? & libc::FD_CLOEXEC == 0;
            vm.iso().process.set_inheritable(fd, keeps);
            Ok(Value::i32(0))
        }
        libc::F_DUPFD | libc::F_DUPFD_CLOEXEC => {
            let flags = vm.iso().process.fd(fd).map_or(0, |d| d.flags);
            Ok(Value::i32(enter(vm, file, flags)?))
        }
        libc::F_GETLK | libc::F_SETLK | libc::F_SETLKW => refuse(vm, "lockf"),
        _ => Err(vm.os_error(OsError::new(libc::EINVAL), None)),
    }
}
