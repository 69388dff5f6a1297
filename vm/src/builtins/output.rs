//! `print`, and the process's standard output beneath it.
//!
//! A `print` is one write: the whole line is made first, and handed over at once, so that lines of two threads never tear.

use crate::error::{PyResult, Raised};
use crate::gil::Cause;
use crate::special::Name;
use crate::types::native::{NativeDef, function};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::OsResult;

pub const FUNCTIONS: &[NativeDef] =
    &[function("print(*args, sep=' ', end='\n', file=None, flush=False)", print).doc("Prints the values to a stream, or to sys.stdout by default.")];

/// Writes a text (WTF-8) to a stream.
pub type WriteText = fn(&mut Vm, &Value, &[u8]) -> PyResult<()>;

/// The process's standard output, as the layer above has made it.
#[derive(Default)]
pub struct Output {
    /// The object that `sys.stdout` was at the start; `print` to it needs no str object and no lookup.
    pub object: Value,
    /// Writes to that object.
    pub write: Option<WriteText>,
}

fn print(vm: &mut Vm, args: &[Value]) -> PyResult {
    let items = args[0].get::<Tuple>().expect("bound").items();
    let (sep, end, file, flush) = (&args[1], &args[2], &args[3], &args[4]);
    let target = if file.is_none() {
        let (sys, key) = (vm.iso().sys.clone(), vm.name(Name::Stdout));
        vm.dict_get_str(&sys, &key)
    } else {
        Some(file.clone())
    };
    if target.as_ref().is_some_and(Value::is_none) {
        return Ok(Value::NONE);
    }
    let (sep, end) = (separator(vm, sep, "sep", b" ")?, separator(vm, end, "end", b"\n")?);
    let flush = vm.truthy(flush)?;
    let Some(target) = target else {
        if vm.iso().stdout.write.is_some() {
            return Err(vm.runtime_error("lost sys.stdout"));
        }
        // in the machine's own tests there is no sys.stdout
        let (line, failed) = joined(vm, items, &sep, &end);
        vm.write_all(1, line)?;
        return failed.map(|()| Value::NONE);
    };
    if target.class(vm).has(flags::HEAP) {
        write_parts(vm, &target, items, &sep, &end)?;
    } else {
        let (line, failed) = joined(vm, items, &sep, &end);
        write_line(vm, &target, line)?;
        failed?;
    }
    if flush {
        vm.call_method(&target, "flush", &[])?;
    }
    Ok(Value::NONE)
}

/// Hands a whole line to a stream of a native class, at once.
fn write_line(vm: &mut Vm, stream: &Value, line: Vec<u8>) -> PyResult<()> {
    match vm.iso().stdout.write {
        Some(write) if stream.is(&vm.iso().stdout.object) => write(vm, stream, &line),
        _ => {
            let text = vm.new_str_wtf8(line);
            vm.call_method(stream, "write", &[text]).map(drop)
        }
    }
}

/// A stream of a class written in Python gets the parts one by one, as in CPython: it may look at them.
fn write_parts(vm: &mut Vm, stream: &Value, items: &[Value], sep: &[u8], end: &[u8]) -> PyResult<()> {
    let write = vm.attr(stream, "write")?;
    let (sep, end) = (vm.new_str_wtf8(sep.to_vec()), vm.new_str_wtf8(end.to_vec()));
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            vm.call(&write, &[sep.clone()])?;
        }
        let text = vm.str(item)?;
        vm.call(&write, &[text])?;
    }
    vm.call(&write, &[end]).map(drop)
}

fn separator(vm: &mut Vm, v: &Value, what: &str, default: &[u8]) -> PyResult<Vec<u8>> {
    if v.is_none() {
        return Ok(default.to_vec());
    }
    match v.get::<Str>() {
        Some(s) => Ok(s.bytes().to_vec()),
        None => {
            let name = vm.type_name(v);
            Err(vm.type_error(format!("{what} must be None or a string, not {name}")))
        }
    }
}

/// The line, or as much of it as there is before an item that has no text, and that item's error.
fn joined(vm: &mut Vm, items: &[Value], sep: &[u8], end: &[u8]) -> (Vec<u8>, PyResult<()>) {
    let mut line = Vec::with_capacity(64);
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            line.extend_from_slice(sep);
        }
        match vm.str(item) {
            Ok(text) => line.extend_from_slice(text.get::<Str>().expect("str gives a str").bytes()),
            Err(e) => return (line, Err(e)),
        }
    }
    line.extend_from_slice(end);
    (line, Ok(()))
}

impl Vm {
    /// Writes all of `data` to a standard stream, without the GIL.
    pub fn write_all(&mut self, stream: u32, data: Vec<u8>) -> PyResult<()> {
        if self.gil.is_killed() {
            return Err(Raised::KILLED);
        }
        let mut rest = 0;
        while rest < data.len() {
            let until = rest + self.may_write(stream as i32, data.len() - rest)?;
            let r: OsResult<usize> = self.without_gil(Cause::Io, |world, me| world.stdio(stream).write(me, &data[rest..until]))?;
            match r {
                Ok(n) => rest += n,
                Err(e) if e.errno == libc::EINTR => self.run_signal_handlers()?,
                Err(e) if e.errno == libc::ECANCELED => return Err(Raised(Value::NULL)),
                Err(e) => return Err(self.os_error(e, None)),
            }
        }
        Ok(())
    }
}
