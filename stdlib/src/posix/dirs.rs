//! `listdir`, `scandir` and `os.DirEntry`.

use super::paths::{PathArg, call_on, named_path, os_call, os_text};
use crate::payload::payload;
use gilbert_vm::error::PyResult;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Immutable, layout_of};
use gilbert_vm::types::generic_alias::class_getitem;
use gilbert_vm::types::native::{NativeDef, class_method, function, getter, method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{DirEntry, FileStat};
use std::path::PathBuf;

pub static FUNCTIONS: &[NativeDef] = &[
    function("listdir(path=None)", listdir).doc("Return a list containing the names of the files in the directory."),
    function("scandir(path=None)", scandir).doc("Return an iterator of DirEntry objects for given path."),
];

fn entries(vm: &mut Vm, path: &Value, function: &str) -> PyResult<(PathArg, Vec<DirEntry>)> {
    let path = if path.is_none() { vm.new_str(".") } else { path.clone() };
    let arg = named_path(vm, &path, function, true)?;
    let list = call_on(vm, &arg, |w, _, p| w.listdir(p))?;
    Ok((arg, list))
}

fn listdir(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (arg, list) = entries(vm, &args[0], "listdir")?;
    let mut names = Vec::with_capacity(list.len());
    for e in list {
        names.push(os_text(vm, &e.name, arg.bytes)?);
    }
    Ok(vm.new_list(names))
}

struct Entry {
    name: Value,
    path: Value,
    full: PathBuf,
    file_type: u32,
    ino: u64,
}
payload!(Entry { one: [name, path], many: [], plain: [full, file_type, ino] });
impl Immutable for Entry {}

struct Scan {
    left: Vec<Value>,
}
payload!(Scan { one: [], many: [left], plain: [] });

fn scandir(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (arg, list) = entries(vm, &args[0], "scandir")?;
    let mut left = Vec::with_capacity(list.len());
    let folder = if args[0].is_none() { PathBuf::from(".") } else { shown_path(vm, &arg)? };
    for e in list {
        let name = os_text(vm, &e.name, arg.bytes)?;
        let path = os_text(vm, folder.join(&e.name).as_os_str(), arg.bytes)?;
        let body = Entry { name, path, full: arg.path.join(&e.name), file_type: e.file_type, ino: e.ino };
        left.push(vm.new_native(&DIR_ENTRY, body));
    }
    left.reverse();
    Ok(vm.new_native(&SCANDIR, Scan { left }))
}

fn shown_path(vm: &mut Vm, arg: &PathArg) -> PyResult<PathBuf> {
    use std::os::unix::ffi::OsStringExt;
    let raw = match arg.shown.get::<gilbert_vm::types::bytes::Bytes>() {
        Some(b) => b.bytes().to_vec(),
        None => vm.encode(&arg.shown, "utf-8", "surrogateescape")?,
    };
    Ok(PathBuf::from(std::ffi::OsString::from_vec(raw)))
}

fn entry(v: &Value) -> &Entry {
    v.get::<Entry>().expect("a DirEntry")
}

fn kind(vm: &mut Vm, v: &Value, follow: bool) -> PyResult<u32> {
    let e = entry(v);
    let known = e.file_type & libc::S_IFMT;
    if known != 0 && (known != libc::S_IFLNK || !follow) {
        return Ok(known);
    }
    let full = e.full.clone();
    match os_call(vm, |w, _| w.stat(&full, follow))? {
        Ok(s) => Ok(s.mode & libc::S_IFMT),
        Err(e) if e.errno == libc::ENOENT => Ok(0),
        Err(e) => {
            let path = entry(v).path.clone();
            Err(vm.os_error(e, Some(&path)))
        }
    }
}

fn entry_stat(vm: &mut Vm, args: &[Value]) -> PyResult {
    let follow = vm.truthy(&args[1])?;
    let (full, path) = (entry(&args[0]).full.clone(), entry(&args[0]).path.clone());
    let r: Result<FileStat, _> = os_call(vm, |w, _| w.stat(&full, follow))?;
    match r {
        Ok(s) => Ok(super::stat::result(vm, &s)),
        Err(e) => Err(vm.os_error(e, Some(&path))),
    }
}

static DIR_ENTRY: TypeDef = TypeDef::new("posix.DirEntry", layout_of::<Entry>())
    .flags(flags::NO_NEW)
    .methods(&[
        method("is_dir(self, /, *, follow_symlinks=True)", |vm, a| {
            let follow = vm.truthy(&a[1])?;
            Ok(Value::bool(kind(vm, &a[0], follow)? == libc::S_IFDIR))
        }),
        method("is_file(self, /, *, follow_symlinks=True)", |vm, a| {
            let follow = vm.truthy(&a[1])?;
            Ok(Value::bool(kind(vm, &a[0], follow)? == libc::S_IFREG))
        }),
        method("is_symlink(self, /)", |vm, a| Ok(Value::bool(kind(vm, &a[0], false)? == libc::S_IFLNK))),
        method("is_junction(self, /)", |_, _| Ok(Value::FALSE)),
        method("stat(self, /, *, follow_symlinks=True)", entry_stat),
        method("inode(self, /)", |vm, a| Ok(vm.new_uint(entry(&a[0]).ino))),
        method("__fspath__(self, /)", |_, a| Ok(entry(&a[0]).path.clone())),
        method("__repr__(self, /)", |vm, a| {
            let name = entry(&a[0]).name.clone();
            let name = vm.repr_text(&name)?;
            Ok(vm.new_str(format!("<DirEntry {name}>")))
        }),
        class_method("__class_getitem__(cls, item, /)", class_getitem),
    ])
    .getset(&[getter("name", |_, v| Ok(entry(v).name.clone())), getter("path", |_, v| Ok(entry(v).path.clone()))]);

fn close(vm: &mut Vm, args: &[Value]) -> PyResult {
    let old = args[0].borrow_mut::<Scan>(vm).map(|s| std::mem::take(&mut s.left));
    drop(old);
    Ok(Value::NONE)
}

static SCANDIR: TypeDef = TypeDef::new("posix.ScandirIterator", layout_of::<Scan>()).flags(flags::NO_NEW).methods(&[
    method("__iter__(self, /)", |_, a| Ok(a[0].clone())),
    method("__next__(self, /)", |vm, a| Ok(a[0].borrow_mut::<Scan>(vm).and_then(|s| s.left.pop()).unwrap_or(Value::NULL))),
    method("__enter__(self, /)", |_, a| Ok(a[0].clone())),
    method("__exit__(self, /, *args)", close),
    method("close(self, /)", close),
]);

/// Adds `DirEntry`.
pub fn add_types(vm: &mut Vm, module: &Value) {
    vm.module_add_type(module, &DIR_ENTRY);
}
