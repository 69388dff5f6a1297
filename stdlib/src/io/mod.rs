//! `_io`: files and streams (`Modules/_io`).
//!
//! Three floors, as PEP 3116 has them: [`file_io`] upon the process's descriptors, [`buffered`] upon any raw stream, [`text`] upon any
//! buffered one; [`bytes_io`] and [`string_io`] in memory. Each floor calls the one below it directly where that is exactly the native
//! class, and by its Python methods where it is anything else.
//!
//! A call into the OS releases the GIL; what only moves bytes between buffers does not. The buffers of a stream are guarded by a lock of
//! its own while the GIL is away ([`lock`]), so lines of two threads never tear.

pub mod base;
pub mod buffered;
pub mod bytes_io;
pub mod file_io;
mod lock;
mod newline;
mod open;
mod raw;
mod rw_pair;
pub mod stdio;
mod store;
pub mod string_io;
pub mod text;

use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::types::T;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// `io.DEFAULT_BUFFER_SIZE`, in bytes.
pub const BUFFER_SIZE: usize = 8192;

/// A class of the module: its declaration and the class it is derived from.
pub struct IoType {
    /// The declaration.
    pub def: TypeDef,
    /// The base, where it is a class of this module too.
    pub base: Option<&'static IoType>,
}

/// The class itself, made when first asked for.
pub fn class(vm: &mut Vm, t: &'static IoType) -> Value {
    match t.base {
        None => vm.native_type(&t.def),
        Some(base) => {
            let base = class(vm, base);
            vm.iso_mut().native_type_with_base(&t.def, &base)
        }
    }
}

/// Whether the value is exactly of this class: no subclass may have changed what its methods do.
pub fn is_exactly(vm: &mut Vm, v: &Value, t: &'static IoType) -> bool {
    let ty = class(vm, t);
    v.type_of(vm).is(&ty)
}

/// Every class that the module shows.
static CLASSES: &[&IoType] = &[
    &base::IO_BASE,
    &base::RAW_IO_BASE,
    &base::BUFFERED_IO_BASE,
    &base::TEXT_IO_BASE,
    &file_io::FILE_IO,
    &bytes_io::BYTES_IO,
    &string_io::STRING_IO,
    &buffered::READER,
    &buffered::WRITER,
    &buffered::RANDOM,
    &rw_pair::RW_PAIR,
    &text::TEXT_IO_WRAPPER,
    &newline::NEWLINE_DECODER,
];

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_io", DOC, open::FUNCTIONS);
    // the same object as the built-in function
    if let Some(open) = vm.iso().state.get(stdio::OPEN).cloned() {
        vm.module_set(&m, "open", open);
    }
    for t in CLASSES {
        let ty = class(vm, t);
        let name = t.def.name.rsplit('.').next().unwrap_or(t.def.name);
        vm.module_set(&m, name, ty);
    }
    vm.module_set(&m, "DEFAULT_BUFFER_SIZE", Value::small_wrap(BUFFER_SIZE as i64));
    let blocking = vm.exc_type(Exc::BlockingIOError).clone();
    vm.module_set(&m, "BlockingIOError", blocking);
    let unsupported = unsupported_type(vm)?;
    vm.module_set(&m, "UnsupportedOperation", unsupported);
    Ok(m)
}

const DOC: &str = "The io module provides the Python interfaces to stream handling. The\nbuiltin open function is defined in this module.";

/// `io.UnsupportedOperation`: an OSError and a ValueError at once.
pub fn unsupported_type(vm: &mut Vm) -> PyResult {
    const KEY: &str = "io.UnsupportedOperation";
    if let Some(t) = vm.iso().state.get(KEY) {
        return Ok(t.clone());
    }
    let bases = vec![vm.exc_type(Exc::OSError).clone(), vm.exc_type(Exc::ValueError).clone()];
    let (bases, dict, module, name) = (vm.new_tuple(bases), vm.new_dict(), vm.intern("io"), vm.intern("UnsupportedOperation"));
    vm.dict_set_text(&dict, "__module__", module);
    let meta = vm.ty(T::Type).clone();
    let ty = vm.call(&meta, &[name, bases, dict])?;
    vm.iso_mut().state.insert(KEY, ty.clone());
    Ok(ty)
}

/// `UnsupportedOperation(text)`
#[cold]
pub fn unsupported(vm: &mut Vm, text: &str) -> Raised {
    let ty = match unsupported_type(vm) {
        Ok(ty) => ty,
        Err(e) => return e,
    };
    let text = vm.new_str(text);
    match vm.call(&ty, &[text]) {
        Ok(e) => Raised(e),
        Err(e) => e,
    }
}

/// Closes what is still open at the end of the process: text first, since it hands on what waits to the buffers below.
fn close_files(vm: &mut Vm) {
    let open = vm.heap().finalizable();
    for text in [true, false] {
        for v in &open {
            let due = if text { text::is_text(vm, v) } else { buffered::is_buffered(vm, v) };
            // the standard streams stay open to the last
            if due && !stdio::is_standard(vm, v) {
                let _ = vm.call_method(v, "close", &[]);
            }
        }
    }
}

/// "cannot pickle 'FileIO' instances"
pub fn no_pickle(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.short_type_name(&args[0]);
    Err(vm.type_error(format!("cannot pickle '{name}' instances")))
}

/// How much room a writable buffer argument has; TypeError "readinto() argument must be read-write bytes-like object, not bytes".
pub fn room(vm: &mut Vm, buffer: &Value, function: &str) -> PyResult<usize> {
    match vm.with_buffer_mut(buffer, |b| b.len()) {
        Err(e) if !e.is_killed() && vm.is_exc(&e, Exc::TypeError) => {
            let name = vm.type_name(buffer);
            Err(vm.type_error(format!("{function}() argument must be read-write bytes-like object, not {name}")))
        }
        r => r,
    }
}

/// A size argument: None and negative numbers mean "all".
pub fn size_arg(vm: &mut Vm, v: &Value) -> PyResult<Option<usize>> {
    if v.is_none() || v.is_null() {
        return Ok(None);
    }
    if !gilbert_vm::builtins::is_int(v) && vm.special(v, gilbert_vm::special::Special::Index).is_none() {
        let name = vm.type_name(v);
        return Err(vm.type_error(format!("argument should be integer or None, not '{name}'")));
    }
    Ok(usize::try_from(vm.arg_ssize(v)?).ok())
}

/// Both ended in an error: the first becomes the context of the second (`_PyErr_ChainExceptions1`).
pub fn chain(vm: &mut Vm, first: PyResult<()>, second: PyResult<()>) -> PyResult<()> {
    match (first, second) {
        (Ok(()), r) => r,
        (Err(e), Ok(())) => Err(e),
        (Err(e), _) if e.is_killed() => Err(e),
        (Err(_), Err(e)) if e.is_killed() => Err(e),
        (Err(first), Err(second)) => {
            if !first.0.is(&second.0)
                && let Some(x) = second.0.borrow_mut::<gilbert_vm::types::exception::Exception>(vm)
            {
                let old = std::mem::replace(&mut x.context, first.0.clone());
                drop(old);
            }
            Err(second)
        }
    }
}

/// The stream's repr: `<_io.BufferedReader name='x'>`, without a name where there is none.
pub fn repr_with_name(vm: &mut Vm, this: &Value) -> PyResult {
    let ty = vm.type_name(this);
    let name = match vm.attr_opt(this, "name") {
        Ok(n) => n,
        Err(e) if vm.is_exc(&e, Exc::ValueError) => None,
        Err(e) => return Err(e),
    };
    let Some(name) = name else { return Ok(vm.new_str(format!("<{ty}>"))) };
    if !vm.enter_repr(this) {
        return Err(vm.runtime_error(format!("reentrant call inside {ty}.__repr__")));
    }
    let text = vm.repr_text(&name);
    vm.leave_repr(this);
    Ok(vm.new_str(format!("<{ty} name={}>", text?)))
}
