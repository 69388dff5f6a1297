//! Files and directories by path.

use gilbert_vm::error::PyResult;
use gilbert_vm::gil::Cause;
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::types::str::Str;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{OsResult, Tid, World};
use std::ffi::OsStr;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

pub static FUNCTIONS: &[NativeDef] = &[
    function("getcwd()", |vm, _| {
        let cwd = cwd(vm).into_os_string().into_vec();
        Ok(vm.new_str_wtf8(cwd))
    }),
    function("chdir(path)", chdir),
    function("listdir(path=None)", listdir),
    function("mkdir(path, mode=511, *, dir_fd=None)", |vm, a| {
        let mode = vm.to_i64(&a[1])? as u32;
        on_path(vm, &a[0], move |w, p| w.mkdir(p, mode))
    }),
    function("rmdir(path, *, dir_fd=None)", |vm, a| on_path(vm, &a[0], |w, p| w.rmdir(p))),
    function("unlink(path, *, dir_fd=None)", |vm, a| on_path(vm, &a[0], |w, p| w.unlink(p))),
    function("remove(path, *, dir_fd=None)", |vm, a| on_path(vm, &a[0], |w, p| w.unlink(p))),
    function("rename(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", rename),
    function("replace(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", rename),
    function("fspath(path)", |vm, a| fspath(vm, &a[0])),
    function("strerror(code, /)", |vm, a| {
        let n = vm.to_i32(&a[0])?;
        Ok(vm.new_str(gilbert_vm::proto::errors::strerror(n)))
    }),
];

/// The isolate's working directory.
pub fn cwd(vm: &mut Vm) -> PathBuf {
    match vm.iso().state.get("posix.cwd").and_then(|v| v.get::<Str>().map(|s| s.bytes().to_vec())) {
        Some(bytes) => PathBuf::from(OsStr::from_bytes(&bytes)),
        None => vm.iso().world.start_dir(),
    }
}

/// `os.fspath`
pub fn fspath(vm: &mut Vm, v: &Value) -> PyResult {
    if v.is_a::<Str>() || v.is_a::<Bytes>() {
        return Ok(v.clone());
    }
    let ty = v.type_of(vm).clone();
    let name = vm.intern("__fspath__");
    let Some(f) = vm.type_lookup(&ty, &name) else {
        let n = vm.type_name(v);
        return Err(vm.type_error(format!("expected str, bytes or os.PathLike object, not {n}")));
    };
    let r = vm.call_special(&f, &[v.clone()])?;
    if r.is_a::<Str>() || r.is_a::<Bytes>() {
        return Ok(r);
    }
    let (n, got) = (vm.type_name(v), vm.type_name(&r));
    Err(vm.type_error(format!("expected {n}.__fspath__() to return str or bytes, not {got}")))
}

/// A path argument as an absolute path.
pub fn path(vm: &mut Vm, v: &Value) -> PyResult<PathBuf> {
    let v = fspath(vm, v)?;
    let bytes = match v.get::<Str>() {
        Some(s) => s.bytes().to_vec(),
        None => v.get::<Bytes>().map(|b| b.bytes().to_vec()).unwrap_or_default(),
    };
    if bytes.contains(&0) {
        return Err(vm.value_error("embedded null byte"));
    }
    if bytes.is_empty() {
        return Ok(PathBuf::new());
    }
    Ok(cwd(vm).join(OsStr::from_bytes(&bytes)))
}

/// Calls the world about a path, without the GIL.
pub fn ask<R>(vm: &mut Vm, v: &Value, f: impl FnOnce(&dyn World, Tid, &Path) -> OsResult<R>) -> PyResult<R> {
    let p = path(vm, v)?;
    let r = if p.as_os_str().is_empty() {
        Err(gilbert_vm::world::OsError { errno: libc::ENOENT })
    } else {
        vm.without_gil(Cause::Io, |w, me| f(w, me, &p))?
    };
    r.map_err(|e| vm.os_error(e, Some(v)))
}

fn on_path(vm: &mut Vm, v: &Value, f: impl FnOnce(&dyn World, &Path) -> OsResult<()>) -> PyResult {
    ask(vm, v, |w, _, p| f(w, p)).map(|_| Value::NONE)
}

fn chdir(vm: &mut Vm, args: &[Value]) -> PyResult {
    let st = ask(vm, &args[0], |w, _, p| w.stat(p, true))?;
    if !st.is_dir() {
        return Err(vm.os_error(gilbert_vm::world::OsError { errno: libc::ENOTDIR }, Some(&args[0])));
    }
    let p = normal(&path(vm, &args[0])?);
    let v = vm.new_str_wtf8(p.into_os_string().into_vec());
    vm.iso_mut().state.insert("posix.cwd", v);
    Ok(Value::NONE)
}

/// Without `.` and `..`.
fn normal(p: &Path) -> PathBuf {
    let mut out = PathBuf::from("/");
    for part in p.components() {
        match part {
            std::path::Component::ParentDir => {
                out.pop();
            }
            std::path::Component::Normal(n) => out.push(n),
            _ => {}
        }
    }
    out
}

fn listdir(vm: &mut Vm, args: &[Value]) -> PyResult {
    let dot = vm.new_str(".");
    let v = if args[0].is_none() { &dot } else { &args[0] };
    let entries = ask(vm, v, |w, _, p| w.listdir(p))?;
    let names = entries.into_iter().map(|e| vm.new_str_wtf8(e.name.into_vec())).collect();
    Ok(vm.new_list(names))
}

fn rename(vm: &mut Vm, args: &[Value]) -> PyResult {
    let to = path(vm, &args[1])?;
    ask(vm, &args[0], |w, _, from| w.rename(from, &to)).map(|_| Value::NONE)
}
