//! `stat` and its result.

use super::paths::ask;
use crate::struct_seq::{self, Fields};
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::types::T;
use gilbert_vm::types::native::{GetSet, NativeDef, function, getter, method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::FileStat;

pub static FUNCTIONS: &[NativeDef] = &[
    function("stat(path, *, dir_fd=None, follow_symlinks=True)", |vm, a| {
        let follow = vm.truthy(&a[2])?;
        stat(vm, &a[0], follow)
    }),
    function("lstat(path, *, dir_fd=None)", |vm, a| stat(vm, &a[0], false)),
    function("access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)", access),
];

static FIELDS: Fields = Fields {
    names: &[
        "st_mode", "st_ino", "st_dev", "st_nlink", "st_uid", "st_gid", "st_size", "_atime", "_mtime", "_ctime", "st_atime", "st_mtime", "st_ctime",
        "st_atime_ns", "st_mtime_ns", "st_ctime_ns", "st_blksize", "st_blocks", "st_rdev",
    ],
    visible: 10,
};

static STAT_RESULT: TypeDef = TypeDef::new("os.stat_result", struct_seq::layout)
    .base(Some(T::Tuple))
    .flags(flags::SEQUENCE)
    .methods(&[
        static_method("__new__(cls, sequence, dict=NULL)", |vm, a| struct_seq::construct(vm, &a[0], &a[1], "os.stat_result", &FIELDS)),
        method("__repr__(self, /)", |vm, a| struct_seq::repr(vm, &a[0], "os.stat_result", &FIELDS)),
        method("__reduce__(self, /)", |vm, a| struct_seq::reduce(vm, &a[0])),
    ])
    .getset(GETSET);

static GETSET: &[GetSet] = &[
    getter("st_mode", struct_seq::item::<0>),
    getter("st_ino", struct_seq::item::<1>),
    getter("st_dev", struct_seq::item::<2>),
    getter("st_nlink", struct_seq::item::<3>),
    getter("st_uid", struct_seq::item::<4>),
    getter("st_gid", struct_seq::item::<5>),
    getter("st_size", struct_seq::item::<6>),
];

/// The type.
pub fn stat_result(vm: &mut Vm) -> Value {
    let ty = vm.native_type(&STAT_RESULT);
    struct_seq::describe(vm, &ty, &FIELDS);
    ty
}

fn result(vm: &mut Vm, s: &FileStat) -> Value {
    let ty = vm.native_type(&STAT_RESULT);
    let whole = |ns: i64| ns.div_euclid(1_000_000_000);
    let mut values: Vec<Value> =
        [s.mode as u64, s.ino, s.dev, s.nlink, s.uid as u64, s.gid as u64, s.size].into_iter().map(|n| vm.new_uint(n)).collect();
    let times = [s.atime, s.mtime, s.ctime];
    values.extend(times.iter().map(|&t| Value::small_wrap(whole(t))));
    values.extend(times.iter().map(|&t| Value::float(t as f64 / 1e9)));
    values.extend(times.iter().map(|&t| vm.new_int(t)).collect::<Vec<_>>());
    values.extend([s.blksize, s.blocks, s.rdev].into_iter().map(|n| vm.new_uint(n)).collect::<Vec<_>>());
    struct_seq::new(vm, &ty, &FIELDS, values)
}

fn stat(vm: &mut Vm, path: &Value, follow: bool) -> PyResult {
    let s = ask(vm, path, |w, _, p| w.stat(p, follow))?;
    Ok(result(vm, &s))
}

/// Whether the file exists and its owner's permission bits allow what is asked.
fn access(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mode = vm.to_i64(&args[1])? as u32;
    match ask(vm, &args[0], |w, _, p| w.stat(p, true)) {
        Ok(s) => Ok(Value::bool(vm.iso().world.uid() == 0 && mode & 1 == 0 || (s.mode >> 6) & mode == mode)),
        Err(e) if e.is_killed() || !vm.is_exc(&e, gilbert_vm::error::Exc::OSError) => Err(e),
        Err(_) => Ok(Value::FALSE),
    }
}
