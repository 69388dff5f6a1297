//! Errors of the libraries below and of the world as Python exceptions.

use crate::error::{Exc, Raised};
use crate::num::{Kind, PyErr};
use crate::value::Value;
use crate::vm::Vm;
use crate::world::OsError;

/// An error of `num` or `text`.
#[cold]
pub fn from_num(vm: &mut Vm, e: PyErr) -> Raised {
    match e.kind {
        Kind::Value => vm.err(Exc::ValueError, e.msg),
        Kind::Overflow => vm.err(Exc::OverflowError, e.msg),
        Kind::Type => vm.err(Exc::TypeError, e.msg),
        Kind::ZeroDivision => vm.err(Exc::ZeroDivisionError, e.msg),
        Kind::Memory => vm.err_args(Exc::MemoryError, vec![]),
        _ => crate::proto::errors::from_text(vm, e),
    }
}

impl Vm {
    /// The OSError subclass that an errno stands for, with `errno`, `strerror` and `filename` set.
    #[cold]
    pub fn os_error(&mut self, e: OsError, filename: Option<&Value>) -> Raised {
        let text = crate::proto::errors::strerror(e.errno);
        let mut args = vec![Value::i32(e.errno), self.new_str(text)];
        args.extend(filename.cloned());
        let ty = self.exc_type(os_error_type(e.errno)).clone();
        match self.call(&ty, &args) {
            Ok(v) => Raised(v),
            Err(e) => e,
        }
    }
    /// `MemoryError()`
    #[cold]
    pub fn memory_error(&mut self) -> Raised {
        self.err_args(Exc::MemoryError, vec![])
    }
    /// `StopIteration(value)`
    #[cold]
    pub fn stop_iteration(&mut self, value: Value) -> Raised {
        let args = if value.is_none() { vec![] } else { vec![value] };
        self.err_args(Exc::StopIteration, args)
    }
}

/// Which subclass of OSError an errno stands for (PEP 3151).
pub fn os_error_type(errno: i32) -> Exc {
    match errno {
        libc::EAGAIN | libc::EALREADY | libc::EINPROGRESS => Exc::BlockingIOError,
        libc::ECHILD => Exc::ChildProcessError,
        libc::EPIPE | libc::ESHUTDOWN => Exc::BrokenPipeError,
        libc::ECONNABORTED => Exc::ConnectionAbortedError,
        libc::ECONNREFUSED => Exc::ConnectionRefusedError,
        libc::ECONNRESET => Exc::ConnectionResetError,
        libc::EEXIST => Exc::FileExistsError,
        libc::ENOENT => Exc::FileNotFoundError,
        libc::EINTR => Exc::InterruptedError,
        libc::EISDIR => Exc::IsADirectoryError,
        libc::ENOTDIR => Exc::NotADirectoryError,
        libc::EACCES | libc::EPERM => Exc::PermissionError,
        libc::ESRCH => Exc::ProcessLookupError,
        libc::ETIMEDOUT => Exc::TimeoutError,
        _ => Exc::OSError,
    }
}

/// The platform's text for an errno.
pub fn strerror(errno: i32) -> String {
    let text = std::io::Error::from_raw_os_error(errno).to_string();
    match text.find(" (os error") {
        Some(i) => text[..i].to_string(),
        None => text,
    }
}

/// An error of a codec, or of a lookup.
#[cold]
pub fn from_text(vm: &mut Vm, e: PyErr) -> Raised {
    match e.kind {
        Kind::Index => vm.err(Exc::IndexError, e.msg),
        Kind::Lookup => vm.err(Exc::LookupError, e.msg),
        _ => vm.err(Exc::UnicodeError, e.msg),
    }
}

/// A SyntaxError of the front end.
#[cold]
pub fn from_syntax(vm: &mut Vm, e: &gilbert_parser::SyntaxError, source: &str, filename: &str) -> Raised {
    use gilbert_parser::{ErrorKind, Stage};
    let d = e.details(&gilbert_parser::LineIndex::new(source), source);
    let kind = match e.kind {
        ErrorKind::Indentation => Exc::IndentationError,
        ErrorKind::Tab => Exc::TabError,
        ErrorKind::TooHigh => return vm.err(Exc::RecursionError, e.msg.clone()),
        ErrorKind::TooDeep => return vm.err(Exc::MemoryError, e.msg.clone()),
        _ => Exc::SyntaxError,
    };
    let text = match e.stage {
        Stage::Code => vm.source_line(filename, d.lineno).map(|t| format!("{t}\n")),
        Stage::Tokens => Some(d.text.trim_end_matches(['\n', '\r']).to_string()),
        Stage::Tree => Some(d.text).filter(|t| !t.is_empty()),
    };
    let text = text.map_or(Value::NONE, |t| vm.new_str(t));
    let place = vec![
        vm.new_str(filename),
        Value::small_wrap(d.lineno as i64),
        Value::small_wrap(d.offset as i64),
        text,
        Value::small_wrap(d.end_lineno as i64),
        Value::small_wrap(d.end_offset as i64),
    ];
    let args = vec![vm.new_str(e.msg.clone()), vm.new_tuple(place)];
    let ty = vm.exc_type(kind).clone();
    match vm.call(&ty, &args) {
        Ok(v) => Raised(v),
        Err(e) => e,
    }
}
