//! The process: its ids, environment, umask, end; and facts of the machine.

use super::paths::os_call;
use crate::struct_seq::{self, Fields};
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::types::T;
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::native::{NativeDef, function, getter, method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::OsError;

pub static FUNCTIONS: &[NativeDef] = &[
    function("sysconf(name, /)", sysconf).doc("Return an integer-valued system configuration variable."),
    function("getpid()", |vm, _| Ok(vm.new_uint(vm.iso().world.pid() as u64))).doc("Return the current process id."),
    function("getppid()", |vm, _| Ok(vm.new_uint(vm.iso().world.ppid() as u64))).doc("Return the parent's process id."),
    function("getuid()", |vm, _| Ok(vm.new_uint(vm.iso().world.uid() as u64))),
    function("geteuid()", |vm, _| Ok(vm.new_uint(vm.iso().world.uid() as u64))),
    function("getgid()", |vm, _| Ok(vm.new_uint(vm.iso().world.gid() as u64))),
    function("getegid()", |vm, _| Ok(vm.new_uint(vm.iso().world.gid() as u64))),
    function("cpu_count()", |vm, _| Ok(Value::small_wrap(vm.iso().world.cpu_count() as i64))).doc("Return the number of logical CPUs in the system."),
    function("getlogin()", |vm, _| Err(vm.os_error(OsError::new(libc::ENXIO), None))),
    function("urandom(size, /)", urandom).doc("Return a bytes object containing random bytes suitable for cryptographic use."),
    function("getrandom(size, flags=0)", urandom),
    function("umask(mask, /)", |vm, a| {
        let new = vm.to_i64(&a[0])? as u32 & 0o777;
        let old = std::mem::replace(&mut vm.iso_mut().process.umask, new);
        Ok(Value::small_wrap(old as i64))
    })
    .doc("Set the current numeric umask and return the previous umask."),
    function("strerror(code, /)", |vm, a| {
        let n = vm.arg_int(&a[0])?;
        Ok(vm.new_str(gilbert_vm::proto::errors::strerror(n)))
    })
    .doc("Translate an error code to a message string."),
    function("putenv(name, value, /)", putenv).doc("Change or add an environment variable."),
    function("unsetenv(name, /)", unsetenv).doc("Delete an environment variable."),
    function("_exit(status)", |vm, a| {
        let code = vm.arg_int(&a[0])?;
        vm.iso_mut().exit_now(code & 0xFF);
        Err(Raised::KILLED)
    })
    .doc("Exit to the system with specified status, without normal exit processing."),
    function("abort()", |vm, _| {
        vm.iso_mut().exit_now(-libc::SIGABRT);
        Err(Raised::KILLED)
    }),
    function("fork()", |vm, _| {
        Err(vm.err(
            Exc::NotImplementedError,
            "os.fork is not there: gilbert's processes share one OS process. Use multiprocessing.Process, whose start() has fork's meaning",
        ))
    }),
    function("register_at_fork(*, before=NULL, after_in_child=NULL, after_in_parent=NULL)", super::children::register_at_fork)
        .doc("Register callables to be called when forking a new process."),
    function("times()", times).doc("Return a collection containing process timing information."),
    function("uname()", uname).doc("Return an object identifying the current operating system."),
    function("get_terminal_size(fd=1, /)", terminal_size).doc("Return the size of the terminal window as (columns, lines)."),
    function("sched_yield()", |vm, _| {
        vm.without_gil(gilbert_vm::gil::Cause::Io, |_, _| ())?;
        Ok(Value::NONE)
    }),
    function("getloadavg()", getloadavg).doc("Return average recent system load information."),
    function("device_encoding(fd)", |vm, a| {
        let n = vm.arg_int(&a[0])?;
        let tty = vm.iso().process.fd(n).is_some_and(|d| d.file.isatty());
        Ok(if tty { vm.new_str("utf-8") } else { Value::NONE })
    }),
];

/// Declares a struct sequence of `os`.
macro_rules! record {
    ($fields:ident, $def:ident, $name:literal, [$($i:literal $field:literal,)*]) => {
        static $fields: Fields = Fields { names: &[$($field,)*], visible: [$($field,)*].len() };
        static $def: TypeDef = TypeDef::new($name, struct_seq::layout())
            .base(Some(T::Tuple))
            .flags(flags::SEQUENCE)
            .methods(&[
                static_method("__new__(cls, sequence, dict=NULL)", |vm, a| struct_seq::construct(vm, &a[0], &a[1], $name, &$fields)),
                method("__repr__(self, /)", |vm, a| struct_seq::repr(vm, &a[0], $name, &$fields)),
                method("__reduce__(self, /)", |vm, a| struct_seq::reduce(vm, &a[0])),
            ])
            .getset(&[$(getter($field, struct_seq::item::<$i>),)*]);
    };
}

record!(TIMES_FIELDS, TIMES, "posix.times_result", [0 "user", 1 "system", 2 "children_user", 3 "children_system", 4 "elapsed",]);
record!(UNAME_FIELDS, UNAME, "posix.uname_result", [0 "sysname", 1 "nodename", 2 "release", 3 "version", 4 "machine",]);
record!(SIZE_FIELDS, SIZE, "os.terminal_size", [0 "columns", 1 "lines",]);

/// Adds the result types.
pub fn add_types(vm: &mut Vm, module: &Value) {
    for (name, def, fields) in [("times_result", &TIMES, &TIMES_FIELDS), ("uname_result", &UNAME, &UNAME_FIELDS), ("terminal_size", &SIZE, &SIZE_FIELDS)] {
        let ty = vm.native_type(def);
        struct_seq::describe(vm, &ty, fields);
        vm.module_set(module, name, ty);
    }
}

/// The environment at the start, as bytes.
pub fn environ(vm: &mut Vm) -> PyResult {
    let dict = vm.new_dict();
    for (k, v) in vm.iso().process.environ.clone() {
        let (k, v) = (vm.new_bytes(k), vm.new_bytes(v));
        vm.dict_set(&dict, &k, v)?;
    }
    Ok(dict)
}

fn urandom(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.to_i64(&args[0])?;
    if n < 0 {
        return Err(vm.value_error("negative argument not allowed"));
    }
    let mut bytes = Vec::new();
    if n > 1 << 32 || bytes.try_reserve_exact(n as usize).is_err() {
        return Err(vm.memory_error());
    }
    bytes.resize(n as usize, 0);
    vm.iso().world.entropy(&mut bytes);
    Ok(vm.new_bytes(bytes))
}

fn times(vm: &mut Vm, _: &[Value]) -> PyResult {
    let world = vm.iso().world.clone();
    let (cpu, now) = (world.process_cpu() as f64 / 1e9, world.now() as f64 / 1e9);
    let ty = vm.native_type(&TIMES);
    Ok(struct_seq::new(vm, &ty, &TIMES_FIELDS, vec![Value::float(cpu), Value::float(0.0), Value::float(0.0), Value::float(0.0), Value::float(now)]))
}

/// A name or value of the environment, as bytes.
fn environ_text(vm: &mut Vm, v: &Value) -> PyResult<Vec<u8>> {
    let v = vm.fspath(v)?;
    let bytes = match v.get::<Bytes>() {
        Some(b) => b.bytes().to_vec(),
        None => vm.encode(&v, "utf-8", "surrogateescape")?,
    };
    if bytes.contains(&0) { Err(vm.value_error("embedded null byte")) } else { Ok(bytes) }
}

fn environ_name(vm: &mut Vm, v: &Value) -> PyResult<Vec<u8>> {
    let name = environ_text(vm, v)?;
    if name.contains(&b'=') { Err(vm.value_error("illegal environment variable name")) } else { Ok(name) }
}

fn putenv(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (name, value) = (environ_name(vm, &args[0])?, environ_text(vm, &args[1])?);
    vm.iso_mut().process.environ.insert(name, value);
    Ok(Value::NONE)
}

fn unsetenv(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = environ_name(vm, &args[0])?;
    if name.is_empty() {
        return Err(vm.os_error(OsError::new(libc::EINVAL), None));
    }
    vm.iso_mut().process.environ.remove(&name);
    Ok(Value::NONE)
}

fn getloadavg(vm: &mut Vm, _: &[Value]) -> PyResult {
    match os_call(vm, |w, _| w.load_average())? {
        Ok(loads) => Ok(vm.new_tuple(loads.map(Value::float).to_vec())),
        Err(_) => Err(vm.err(Exc::OSError, "Load averages are unobtainable")),
    }
}

fn uname(vm: &mut Vm, _: &[Value]) -> PyResult {
    let values: Vec<Value> = vm.iso().world.uname().into_iter().map(|s| vm.new_str(s)).collect();
    let ty = vm.native_type(&UNAME);
    Ok(struct_seq::new(vm, &ty, &UNAME_FIELDS, values))
}

fn terminal_size(vm: &mut Vm, args: &[Value]) -> PyResult {
    let file = super::fds::handle(vm, &args[0])?;
    match file.terminal_size() {
        Ok((w, h)) => {
            let ty = vm.native_type(&SIZE);
            Ok(struct_seq::new(vm, &ty, &SIZE_FIELDS, vec![Value::i32(w as i32), Value::i32(h as i32)]))
        }
        Err(e) => Err(vm.os_error(e, None)),
    }
}

/// What `sysconf` knows: name, number as on Linux, value (`None`: the processors).
const SYSCONF: &[(&str, i32, Option<i64>)] = &[
    ("SC_ARG_MAX", 0, Some(2_097_152)),
    ("SC_CLK_TCK", 2, Some(100)),
    ("SC_OPEN_MAX", 4, Some(gilbert_vm::process::MAX_FDS as i64)),
    ("SC_PAGESIZE", 30, Some(4096)),
    ("SC_PAGE_SIZE", 30, Some(4096)),
    ("SC_IOV_MAX", 60, Some(1024)),
    ("SC_NPROCESSORS_CONF", 83, None),
    ("SC_NPROCESSORS_ONLN", 84, None),
];

/// `sysconf(name)`
fn sysconf(vm: &mut Vm, args: &[Value]) -> PyResult {
    let named = args[0].get::<gilbert_vm::types::str::Str>().map(|s| s.lossy().into_owned());
    let found = match &named {
        Some(name) => SYSCONF.iter().find(|(n, ..)| n == name),
        None => {
            let number = vm.to_i32(&args[0])?;
            SYSCONF.iter().find(|(_, n, _)| *n == number)
        }
    };
    match found {
        Some((.., value)) => {
            let processors = vm.iso().world.cpu_count() as i64;
            Ok(vm.new_int(value.unwrap_or(processors)))
        }
        None if named.is_some() => Err(vm.value_error("unrecognized configuration name")),
        None => Err(vm.os_error(gilbert_vm::world::OsError::new(libc::EINVAL), None)),
    }
}

/// `sysconf_names`
pub fn sysconf_names(vm: &mut Vm) -> PyResult {
    let names = vm.new_dict();
    for (name, number, _) in SYSCONF {
        vm.dict_set_text(&names, name, Value::i32(*number));
    }
    Ok(names)
}
