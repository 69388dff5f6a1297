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
    if let Some(t) = &target
        && t.class(vm).has(flags::HEAP)
    {
        write_parts(vm, t, items, &sep, &end)?;
        if flush {
            vm.call_method(t, "flush", &[])?;
        }
        return Ok(Value::NONE);
    }
    let line = joined(vm, items, &sep, &end)?;
    match (target, vm.iso().stdout.write) {
        (Some(t), Some(write)) if t.is(&vm.iso().stdout.object) => {
            write(vm, &t, &line)?;
            if flush {
                vm.call_method(&t, "flush", &[])?;
            }
        }
        (Some(t), _) => {
            let text = vm.new_str_wtf8(line);
            vm.call_method(&t, "write", &[text])?;
            if flush {
                vm.call_method(&t, "flush", &[])?;
            }
        }
        // before there is a sys.stdout, and in the machine's own tests
        (None, _) => vm.write_all(1, line)?,
    }
    Ok(Value::NONE)
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

fn joined(vm: &mut Vm, items: &[Value], sep: &[u8], end: &[u8]) -> PyResult<Vec<u8>> {
    let mut line = Vec::with_capacity(64);
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            line.extend_from_slice(sep);
        }
        let text = vm.str(item)?;
        line.extend_from_slice(text.get::<Str>().expect("str gives a str").bytes());
    }
    line.extend_from_slice(end);
    Ok(line)
}

impl Vm {
    /// Writes all of `data` to a standard stream, without the GIL.
    pub fn write_all(&mut self, stream: u32, data: Vec<u8>) -> PyResult<()> {
        let mut rest = 0;
        while rest < data.len() {
            let r: OsResult<usize> = self.without_gil(Cause::Io, |world, me| world.stdio(stream).write(me, &data[rest..]))?;
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
