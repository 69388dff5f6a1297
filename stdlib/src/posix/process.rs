//! The process: ids, environment, entropy, its end.

use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

pub static FUNCTIONS: &[NativeDef] = &[
    function("getpid()", |vm, _| Ok(Value::small_wrap(vm.iso().world.pid() as i64))),
    function("getppid()", |vm, _| Ok(Value::small_wrap(vm.iso().world.ppid() as i64))),
    function("getuid()", |vm, _| Ok(Value::small_wrap(vm.iso().world.uid() as i64))),
    function("getgid()", |vm, _| Ok(Value::small_wrap(vm.iso().world.gid() as i64))),
    function("cpu_count()", |vm, _| Ok(Value::small_wrap(vm.iso().world.cpu_count() as i64))),
    function("urandom(size, /)", urandom),
    function("_exit(status)", exit),
    function("fork()", |vm, _| {
        Err(vm.err(Exc::NotImplementedError, "os.fork() is not there: a process is an isolate with threads of its own; use multiprocessing"))
    }),
    function("register_at_fork(*, before=None, after_in_child=None, after_in_parent=None)", |_, _| Ok(Value::NONE)),
    function("putenv(name, value, /)", |_, _| Ok(Value::NONE)),
    function("unsetenv(name, /)", |_, _| Ok(Value::NONE)),
];

/// The environment as `os.py` takes it: bytes to bytes.
pub fn environ(vm: &mut Vm) -> PyResult {
    let dict = vm.new_dict();
    for (k, v) in vm.iso().world.environ() {
        let (k, v) = (vm.new_bytes(k), vm.new_bytes(v));
        vm.dict_set(&dict, &k, v)?;
    }
    Ok(dict)
}

fn urandom(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.to_isize(&args[0])?;
    if n < 0 {
        return Err(vm.value_error("negative argument not allowed"));
    }
    if n > 1 << 30 {
        return Err(vm.memory_error());
    }
    let mut buf = vec![0; n as usize];
    vm.iso().world.entropy(&mut buf);
    Ok(vm.new_bytes(buf))
}

fn exit(vm: &mut Vm, args: &[Value]) -> PyResult {
    let code = vm.to_i32(&args[0])?;
    vm.iso_mut().exit_now(code & 0xFF);
    Err(Raised::KILLED)
}
