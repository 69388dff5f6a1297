//! `print`, and the process's standard output beneath it.
//!
//! A `print` is one write: the whole line is made first, and handed over at once, so that lines of two threads never tear.

use crate::error::{PyResult, Raised};
use crate::gil::Cause;
use crate::special::Name;
use crate::types::native::{NativeDef, function};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::OsResult;

pub const FUNCTIONS: &[NativeDef] =
    &[function("print(*args, sep=' ', end='\n', file=None, flush=False)", print).doc("Prints the values to a stream, or to sys.stdout by default.")];

/// The buffer of standard output: a file or a pipe gets blocks, a terminal (and the simulated world, which stands for one) lines.
#[derive(Default)]
pub struct Output {
    by_lines: Option<bool>,
    /// The object that `sys.stdout` was at the start; `print` to it goes straight to the buffer.
    pub object: Value,
}

/// Bytes that are written at once.
const BLOCK: usize = 8192;

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
    let line = joined(vm, items, &sep, &end)?;
    let flush = vm.truthy(flush)?;
    match target {
        Some(t) if !t.is(&vm.iso().stdout.object) => {
            let text = vm.new_str_wtf8(line);
            vm.call_method(&t, "write", &[text])?;
            if flush {
                vm.call_method(&t, "flush", &[])?;
            }
        }
        _ => {
            let line = if crate::text::wtf8::has_surrogates(&line) { crate::text::codec::encode_utf8(&line).map_err(|e| vm.num_err(e))? } else { line };
            vm.write_stdout(&line)?;
            if flush {
                vm.flush_stdout()?;
            }
        }
    }
    Ok(Value::NONE)
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
    /// Writes to the process's standard output: into its buffer, and on to the world when a block is full or, on a terminal,
    /// a line has ended.
    pub fn write_stdout(&mut self, data: &[u8]) -> PyResult<()> {
        self.event(&crate::probe::Event::Output(1, data.len()));
        let world = &self.iso().world;
        let by_lines = match self.iso().stdout.by_lines {
            Some(b) => b,
            None => world.simulated() || world.stdio(1).isatty() || self.iso().settings.unbuffered,
        };
        self.iso_mut().stdout.by_lines = Some(by_lines);
        let full = {
            let mut buffer = self.iso().settings.exit.unwritten.lock();
            buffer.extend_from_slice(data);
            buffer.len() >= BLOCK
        };
        if full || (by_lines && data.contains(&b'\n')) { self.flush_stdout() } else { Ok(()) }
    }
    /// Hands what is buffered to the world, without the GIL.
    pub fn flush_stdout(&mut self) -> PyResult<()> {
        let data = self.iso().settings.exit.take_unwritten();
        self.write_all(1, data)
    }
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
