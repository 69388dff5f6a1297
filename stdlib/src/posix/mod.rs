//! `posix`: what CPython's `os.py` stands on, upon the world. The working directory belongs to the isolate.

mod paths;
mod process;
mod stat;

use gilbert_vm::error::PyResult;
use gilbert_vm::types::native::NativeDef;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("posix", "This module provides access to operating system functionality that is\nstandardized by the C Standard and the POSIX standard.", paths::FUNCTIONS);
    let more: [&'static [NativeDef]; 2] = [process::FUNCTIONS, stat::FUNCTIONS];
    if let Some(ns) = vm.instance_dict(&m) {
        for f in more {
            vm.add_functions(&ns, "posix", f);
        }
    }
    let error = vm.exc_type(gilbert_vm::error::Exc::OSError).clone();
    vm.module_set(&m, "error", error);
    let environ = process::environ(vm)?;
    vm.module_set(&m, "environ", environ);
    let none = vm.new_list(vec![]);
    vm.module_set(&m, "_have_functions", none);
    let ty = stat::stat_result(vm);
    vm.module_set(&m, "stat_result", ty);
    for (name, n) in CONSTANTS {
        vm.module_set(&m, name, Value::small_wrap(*n as i64));
    }
    Ok(m)
}

const CONSTANTS: &[(&str, i32)] = &[
    ("F_OK", libc::F_OK),
    ("R_OK", libc::R_OK),
    ("W_OK", libc::W_OK),
    ("X_OK", libc::X_OK),
    ("O_RDONLY", libc::O_RDONLY),
    ("O_WRONLY", libc::O_WRONLY),
    ("O_RDWR", libc::O_RDWR),
    ("O_CREAT", libc::O_CREAT),
    ("O_EXCL", libc::O_EXCL),
    ("O_TRUNC", libc::O_TRUNC),
    ("O_APPEND", libc::O_APPEND),
    ("O_NONBLOCK", libc::O_NONBLOCK),
    ("O_CLOEXEC", libc::O_CLOEXEC),
    ("O_NOFOLLOW", libc::O_NOFOLLOW),
    ("O_DIRECTORY", libc::O_DIRECTORY),
    ("EX_OK", 0),
];
