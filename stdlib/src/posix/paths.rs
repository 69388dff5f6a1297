//! Path arguments, and the functions that act on paths.

use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::gil::Cause;
use gilbert_vm::types::bytes::Bytes;
use gilbert_vm::types::native::{NativeDef, function};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{OsError, OsResult, Tid, World};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

pub static FUNCTIONS: &[NativeDef] = &[
    function("getcwd()", |vm, _| {
        let cwd = vm.iso().process.cwd.clone();
        os_text(vm, cwd.as_os_str(), false)
    })
    .doc("Return a unicode string representing the current working directory."),
    function("getcwdb()", |vm, _| {
        let cwd = vm.iso().process.cwd.clone();
        os_text(vm, cwd.as_os_str(), true)
    }),
    function("chdir(path)", chdir).doc("Change the current working directory to the specified path."),
    function("mkdir(path, mode=511, *, dir_fd=None)", |vm, a| without_dir_fd(vm, a, 2, mkdir)).doc("Create a directory."),
    function("rmdir(path, *, dir_fd=None)", |vm, a| without_dir_fd(vm, a, 1, |vm, a| on_path(vm, &a[0], "rmdir", |w, _, p| w.rmdir(p))))
        .doc("Remove a directory."),
    function("unlink(path, *, dir_fd=None)", |vm, a| without_dir_fd(vm, a, 1, |vm, a| on_path(vm, &a[0], "unlink", |w, _, p| w.unlink(p))))
        .doc("Remove a file (same as remove())."),
    function("remove(path, *, dir_fd=None)", |vm, a| without_dir_fd(vm, a, 1, |vm, a| on_path(vm, &a[0], "remove", |w, _, p| w.unlink(p))))
        .doc("Remove a file (same as unlink())."),
    function("rename(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", |vm, a| {
        without_dir_fd(vm, a, 2, |vm, a| on_two(vm, &a[0], &a[1], |w, x, y| w.rename(x, y)))
    })
    .doc("Rename a file or directory."),
    function("replace(src, dst, *, src_dir_fd=None, dst_dir_fd=None)", |vm, a| {
        without_dir_fd(vm, a, 2, |vm, a| on_two(vm, &a[0], &a[1], |w, x, y| w.rename(x, y)))
    })
    .doc("Rename a file or directory, overwriting the destination."),
    function("link(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)", |vm, a| on_two(vm, &a[0], &a[1], |w, x, y| w.link(x, y))),
    function("symlink(src, dst, target_is_directory=False, *, dir_fd=None)", |vm, a| without_dir_fd(vm, a, 3, symlink))
        .doc("Create a symbolic link pointing to src named dst."),
    function("readlink(path, *, dir_fd=None)", |vm, a| without_dir_fd(vm, a, 1, readlink))
        .doc("Return a string representing the path to which the symbolic link points."),
    function("chmod(path, mode, *, dir_fd=None, follow_symlinks=True)", chmod).doc("Change the access permissions of a file."),
    function("utime(path, times=None, *, ns=NULL, dir_fd=None, follow_symlinks=True)", utime).doc("Set the access and modified time of path."),
    function("truncate(path, length)", truncate).doc("Truncate a file, specified by path, to a specific length."),
    function("access(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)", access).doc("Use the real uid/gid to test for access to a path."),
    function("fspath(path)", |vm, a| vm.fspath(&a[0])).doc("Return the file system path representation of the object."),
];

/// A path argument.
pub struct PathArg {
    /// As the world wants it.
    pub path: PathBuf,
    /// As it was given, for errors.
    pub shown: Value,
    /// Whether it was bytes, and results are too.
    pub bytes: bool,
}

/// The path that an argument names.
pub fn path_arg(vm: &mut Vm, v: &Value) -> PyResult<PathArg> {
    let shown = vm.fspath(v)?;
    let (raw, bytes) = match shown.get::<Bytes>() {
        Some(b) => (b.bytes().to_vec(), true),
        None => (vm.encode(&shown, "utf-8", "surrogateescape")?, false),
    };
    if raw.contains(&0) {
        return Err(vm.value_error("embedded null byte"));
    }
    if raw.is_empty() {
        return Err(vm.os_error(OsError::new(libc::ENOENT), Some(&shown)));
    }
    let path = vm.iso().process.absolute(Path::new(OsStr::from_bytes(&raw)));
    Ok(PathArg { path, shown, bytes })
}

/// As [`path_arg`], of a function that says what it wants: TypeError "mkdir: path should be string, bytes or os.PathLike, not int".
pub fn named_path(vm: &mut Vm, v: &Value, function: &str, or_fd: bool) -> PyResult<PathArg> {
    let name = vm.name(gilbert_vm::special::Name::DunderFspath);
    let ty = v.type_of(vm).clone();
    if !v.is_a::<gilbert_vm::types::str::Str>() && !v.is_a::<Bytes>() && vm.type_lookup(&ty, &name).is_none() {
        let (wanted, got) = (
            if function == "listdir" || function == "scandir" {
                "string, bytes, os.PathLike, integer or None"
            } else if or_fd {
                "string, bytes, os.PathLike or integer"
            } else {
                "string, bytes or os.PathLike"
            },
            vm.type_name(v),
        );
        return Err(vm.type_error(format!("{function}: path should be {wanted}, not {got}")));
    }
    path_arg(vm, v)
}

/// A name of the file system as str (undecodable bytes by `surrogateescape`) or bytes.
pub fn os_text(vm: &mut Vm, name: &OsStr, bytes: bool) -> PyResult {
    if bytes { Ok(vm.new_bytes(name.as_bytes().to_vec())) } else { vm.decode(name.as_bytes(), "utf-8", "surrogateescape") }
}

/// Calls into the OS without the GIL; interrupted calls are tried again after the signal's handler.
pub fn os_call<R>(vm: &mut Vm, mut f: impl FnMut(&dyn World, Tid) -> OsResult<R>) -> PyResult<OsResult<R>> {
    loop {
        match vm.without_gil(Cause::Io, |w, me| f(w, me))? {
            Err(e) if e.errno == libc::EINTR => vm.run_signal_handlers()?,
            Err(e) if e.errno == libc::ECANCELED => return Err(Raised::KILLED),
            r => return Ok(r),
        }
    }
}

/// As [`os_call`] on a path; the error names it.
pub fn call_on<R>(vm: &mut Vm, arg: &PathArg, mut f: impl FnMut(&dyn World, Tid, &Path) -> OsResult<R>) -> PyResult<R> {
    vm.may_use_files(&arg.shown)?;
    match os_call(vm, |w, me| f(w, me, &arg.path))? {
        Ok(r) => Ok(r),
        Err(e) => Err(vm.os_error(e, Some(&arg.shown))),
    }
}

fn on_path(vm: &mut Vm, v: &Value, function: &str, f: fn(&dyn World, Tid, &Path) -> OsResult<()>) -> PyResult {
    let arg = named_path(vm, v, function, false)?;
    call_on(vm, &arg, f)?;
    Ok(Value::NONE)
}

fn on_two(vm: &mut Vm, a: &Value, b: &Value, f: fn(&dyn World, &Path, &Path) -> OsResult<()>) -> PyResult {
    let (a, b) = (path_arg(vm, a)?, path_arg(vm, b)?);
    vm.may_use_files(&a.shown)?;
    match os_call(vm, |w, _| f(w, &a.path, &b.path))? {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(two_names(vm, e, &a.shown, &b.shown)),
    }
}

/// An OSError that names two files.
fn two_names(vm: &mut Vm, e: OsError, a: &Value, b: &Value) -> Raised {
    let text = vm.new_str(gilbert_vm::proto::errors::strerror(e.errno));
    let ty = vm.exc_type(gilbert_vm::proto::errors::os_error_type(e.errno)).clone();
    match vm.call(&ty, &[Value::i32(e.errno), text, a.clone(), Value::NONE, b.clone()]) {
        Ok(v) => Raised(v),
        Err(e) => e,
    }
}

/// An argument that other platforms' `os` knows and this one does not: NotImplementedError "dir_fd unavailable on this platform".
pub fn unavailable(vm: &mut Vm, given: bool, what: &str) -> PyResult<()> {
    if given { Err(vm.err(Exc::NotImplementedError, format!("{what} unavailable on this platform"))) } else { Ok(()) }
}

/// As `f`, once none of the arguments from `first` on, all of them `dir_fd`s, is given.
fn without_dir_fd(vm: &mut Vm, args: &[Value], first: usize, f: fn(&mut Vm, &[Value]) -> PyResult) -> PyResult {
    unavailable(vm, args[first..].iter().any(|a| !a.is_none()), "dir_fd")?;
    f(vm, args)
}

fn chdir(vm: &mut Vm, args: &[Value]) -> PyResult {
    let arg = named_path(vm, &args[0], "chdir", true)?;
    let stat = call_on(vm, &arg, |w, _, p| w.stat(p, true))?;
    if !stat.is_dir() {
        return Err(vm.os_error(OsError::new(libc::ENOTDIR), Some(&arg.shown)));
    }
    // `..` and `.` go away, as the kernel would have it; symbolic links are kept as named
    let mut cwd = PathBuf::new();
    for part in arg.path.components() {
        match part {
            std::path::Component::ParentDir => {
                cwd.pop();
            }
            std::path::Component::CurDir => {}
            p => cwd.push(p),
        }
    }
    vm.iso_mut().process.cwd = cwd;
    Ok(Value::NONE)
}

fn mkdir(vm: &mut Vm, args: &[Value]) -> PyResult {
    let arg = named_path(vm, &args[0], "mkdir", false)?;
    let mode = vm.to_i64(&args[1])? as u32 & !vm.iso().process.umask;
    call_on(vm, &arg, |w, _, p| w.mkdir(p, mode))?;
    Ok(Value::NONE)
}

fn symlink(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (target, link) = (path_arg(vm, &args[0])?, path_arg(vm, &args[1])?);
    // the target's text is kept as it is
    let raw = match target.shown.get::<Bytes>() {
        Some(b) => b.bytes().to_vec(),
        None => vm.encode(&target.shown, "utf-8", "surrogateescape")?,
    };
    match os_call(vm, |w, _| w.symlink(Path::new(OsStr::from_bytes(&raw)), &link.path))? {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(two_names(vm, e, &target.shown, &link.shown)),
    }
}

fn readlink(vm: &mut Vm, args: &[Value]) -> PyResult {
    let arg = path_arg(vm, &args[0])?;
    let target = call_on(vm, &arg, |w, _, p| w.readlink(p))?;
    os_text(vm, target.as_os_str(), arg.bytes)
}

fn chmod(vm: &mut Vm, args: &[Value]) -> PyResult {
    unavailable(vm, !args[2].is_none(), "dir_fd")?;
    let follow = vm.truthy(&args[3])?;
    unavailable(vm, !follow, "chmod: follow_symlinks")?;
    let arg = path_arg(vm, &args[0])?;
    let mode = vm.to_i64(&args[1])? as u32;
    call_on(vm, &arg, |w, _, p| w.chmod(p, mode))?;
    Ok(Value::NONE)
}

fn utime(vm: &mut Vm, args: &[Value]) -> PyResult {
    unavailable(vm, !args[3].is_none(), "dir_fd")?;
    let follow = vm.truthy(&args[4])?;
    unavailable(vm, !follow, "utime: follow_symlinks")?;
    let arg = path_arg(vm, &args[0])?;
    let (times, ns) = (&args[1], &args[2]);
    if !times.is_none() && !ns.is_null() {
        return Err(vm.value_error("utime: you may specify either 'times' or 'ns' but not both"));
    }
    let (atime, mtime) = if !ns.is_null() {
        let items = pair(vm, ns, "ns")?;
        (vm.to_i64(&items[0])?, vm.to_i64(&items[1])?)
    } else if !times.is_none() {
        let items = pair(vm, times, "times")?;
        ((vm.to_f64(&items[0])? * 1e9) as i64, (vm.to_f64(&items[1])? * 1e9) as i64)
    } else {
        let now = vm.iso().world.wall() as i64;
        (now, now)
    };
    call_on(vm, &arg, |w, _, p| w.utime(p, atime, mtime))?;
    Ok(Value::NONE)
}

fn pair(vm: &mut Vm, v: &Value, what: &str) -> PyResult<Vec<Value>> {
    let items = vm.collect(v)?;
    let wanted = if what == "times" { "either a tuple of two ints or None" } else { "a tuple of two ints" };
    if items.len() == 2 { Ok(items) } else { Err(vm.type_error(format!("utime: '{what}' must be {wanted}"))) }
}

fn truncate(vm: &mut Vm, args: &[Value]) -> PyResult {
    if gilbert_vm::builtins::is_int(&args[0]) {
        return super::fds::ftruncate(vm, args);
    }
    let arg = path_arg(vm, &args[0])?;
    let len = vm.to_i64(&args[1])?;
    if len < 0 {
        return Err(vm.os_error(OsError::new(libc::EINVAL), Some(&arg.shown)));
    }
    call_on(vm, &arg, |w, _, p| w.truncate(p, len as u64))?;
    Ok(Value::NONE)
}

fn access(vm: &mut Vm, args: &[Value]) -> PyResult {
    let arg = path_arg(vm, &args[0])?;
    let mode = vm.to_i64(&args[1])? as u32;
    let ok = os_call(vm, |w, _| w.access(&arg.path, mode))?.is_ok();
    Ok(Value::bool(ok))
}
