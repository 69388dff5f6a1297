//! `stat`, `lstat`, `fstat`, and `os.stat_result`.

use super::paths::{call_on, named_path, os_call, unavailable};
use crate::struct_seq::{self, Fields};
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::types::T;
use gilbert_vm::types::native::{NativeDef, function, getter, method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::FileStat;

pub static FUNCTIONS: &[NativeDef] = &[
    function("stat(path, *, dir_fd=None, follow_symlinks=True)", |vm, a| {
        unavailable(vm, !a[1].is_none(), "dir_fd")?;
        let follow = vm.truthy(&a[2])?;
        stat(vm, &a[0], follow)
    })
    .doc("Perform a stat system call on the given path."),
    function("lstat(path, *, dir_fd=None)", |vm, a| stat(vm, &a[0], false))
        .doc("Perform a stat system call on the given path, without following symbolic links."),
    function("fstat(fd)", |vm, a| fstat(vm, &a[0])).doc("Perform a stat system call on the given file descriptor."),
];

// the times stand twice: as whole seconds in the tuple, as floats by name
static FIELDS: Fields = Fields {
    names: &[
        "st_mode",
        "st_ino",
        "st_dev",
        "st_nlink",
        "st_uid",
        "st_gid",
        "st_size",
        "st_atime",
        "st_mtime",
        "st_ctime",
        "st_atime",
        "st_mtime",
        "st_ctime",
        "st_atime_ns",
        "st_mtime_ns",
        "st_ctime_ns",
        "st_blksize",
        "st_blocks",
        "st_rdev",
    ],
    visible: 10,
};

static STAT_RESULT: TypeDef = TypeDef::new("os.stat_result", struct_seq::layout())
    .base(Some(T::Tuple))
    .flags(flags::SEQUENCE)
    .doc("stat_result: Result from stat, fstat, or lstat.")
    .methods(&[
        static_method("__new__(cls, sequence, dict=NULL)", |vm, a| struct_seq::construct(vm, &a[0], &a[1], "os.stat_result", &FIELDS)),
        method("__repr__(self, /)", |vm, a| struct_seq::repr(vm, &a[0], "os.stat_result", &FIELDS)),
        method("__reduce__(self, /)", |vm, a| struct_seq::reduce(vm, &a[0])),
    ])
    .getset(&[
        getter("st_mode", struct_seq::item::<0>),
        getter("st_ino", struct_seq::item::<1>),
        getter("st_dev", struct_seq::item::<2>),
        getter("st_nlink", struct_seq::item::<3>),
        getter("st_uid", struct_seq::item::<4>),
        getter("st_gid", struct_seq::item::<5>),
        getter("st_size", struct_seq::item::<6>),
    ]);

/// Adds `stat_result`.
pub fn add_types(vm: &mut Vm, module: &Value) {
    let ty = vm.native_type(&STAT_RESULT);
    struct_seq::describe(vm, &ty, &FIELDS);
    vm.module_set(module, "stat_result", ty);
}

/// A stat_result.
pub fn result(vm: &mut Vm, s: &FileStat) -> Value {
    let ty = vm.native_type(&STAT_RESULT);
    let seconds = |ns: i64| Value::small_wrap(ns.div_euclid(1_000_000_000));
    let float = |ns: i64| Value::float(ns.div_euclid(1_000_000_000) as f64 + ns.rem_euclid(1_000_000_000) as f64 * 1e-9);
    let mut values = vec![Value::small_wrap(s.mode as i64)];
    for n in [s.ino, s.dev, s.nlink, s.uid as u64, s.gid as u64, s.size] {
        values.push(vm.new_uint(n));
    }
    let times = [s.atime, s.mtime, s.ctime];
    values.extend(times.map(seconds));
    values.extend(times.map(float));
    for t in times {
        values.push(vm.new_int(t));
    }
    for n in [s.blksize, s.blocks, s.rdev] {
        values.push(vm.new_uint(n));
    }
    struct_seq::new(vm, &ty, &FIELDS, values)
}

fn stat(vm: &mut Vm, path: &Value, follow: bool) -> PyResult {
    if path.is_small() {
        return fstat(vm, path);
    }
    let arg = named_path(vm, path, if follow { "stat" } else { "lstat" }, follow)?;
    let s = call_on(vm, &arg, |w, _, p| w.stat(p, follow))?;
    Ok(result(vm, &s))
}

fn fstat(vm: &mut Vm, fd: &Value) -> PyResult {
    let file = super::fds::handle(vm, fd)?;
    match os_call(vm, |_, _| file.stat())? {
        Ok(s) => Ok(result(vm, &s)),
        Err(e) => Err(vm.os_error(e, None)),
    }
}
