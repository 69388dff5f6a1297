//! `posix`: what `os` and `posixpath` stand upon (`Modules/posixmodule.c`), by the world's files and the isolate's own working
//! directory, umask and descriptors.

pub(crate) mod children;
mod dirs;
pub(crate) mod fds;
pub(crate) mod paths;
mod process;
mod stat;

use gilbert_vm::error::PyResult;
use gilbert_vm::types::native::NativeDef;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

static FUNCTIONS: &[&[NativeDef]] = &[paths::FUNCTIONS, fds::FUNCTIONS, process::FUNCTIONS, children::FUNCTIONS, dirs::FUNCTIONS, stat::FUNCTIONS];

macro_rules! constants {
    ($($name:ident)*) => { &[$((stringify!($name), libc::$name as i64),)*] };
}

static CONSTANTS: &[(&str, i64)] = constants! {
    O_RDONLY O_WRONLY O_RDWR O_NDELAY O_NONBLOCK O_APPEND O_DSYNC O_RSYNC O_SYNC O_NOCTTY O_CREAT O_EXCL O_TRUNC O_DIRECTORY O_NOFOLLOW O_CLOEXEC
    O_ACCMODE F_OK R_OK W_OK X_OK WNOHANG WUNTRACED WCONTINUED WEXITED WNOWAIT P_ALL P_PID P_PGID SEEK_DATA SEEK_HOLE PRIO_PROCESS
};

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module(
        "posix",
        "This module provides access to operating system functionality that is\nstandardized by the C Standard and the POSIX standard.",
        &[],
    );
    for f in FUNCTIONS {
        vm.module_add_functions(&m, "posix", f);
    }
    for &(name, n) in CONSTANTS {
        vm.module_set(&m, name, Value::small_wrap(n));
    }
    vm.module_set(&m, "EX_OK", Value::i32(0));
    let error = vm.exc_type(gilbert_vm::error::Exc::OSError).clone();
    vm.module_set(&m, "error", error);
    let names = process::sysconf_names(vm)?;
    vm.module_set(&m, "sysconf_names", names);
    let environ = process::environ(vm)?;
    vm.module_set(&m, "environ", environ);
    let have: Vec<Value> = ["HAVE_LSTAT", "HAVE_FTRUNCATE"].iter().map(|s| vm.intern(s)).collect();
    let have = vm.new_list(have);
    vm.module_set(&m, "_have_functions", have);
    stat::add_types(vm, &m);
    dirs::add_types(vm, &m);
    process::add_types(vm, &m);
    Ok(m)
}
