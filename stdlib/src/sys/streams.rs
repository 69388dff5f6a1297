//! `sys.stdin`, `sys.stdout`, `sys.stderr`: text streams straight upon the process's own buffer and descriptors, so that a run which
//! prints and nothing else loads no `io`. Text is UTF-8.

use crate::payload::payload;
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::gil::Cause;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::layout_of;
use gilbert_vm::types::native::{getter, method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

struct Stream {
    fd: u32,
    closed: bool,
    /// Bytes read and not given out yet.
    pending: Vec<u8>,
}
payload!(Stream { one: [], many: [], plain: [fd, closed, pending] });

/// Adds the three streams and their originals.
pub fn add(vm: &mut Vm, dict: &Value) {
    for (fd, name) in [(0, "stdin"), (1, "stdout"), (2, "stderr")] {
        let s = vm.new_native(&STREAM, Stream { fd, closed: false, pending: Vec::new() });
        if fd == 1 {
            vm.iso_mut().stdout.object = s.clone();
        }
        vm.dict_set_text(dict, name, s.clone());
        vm.dict_set_text(dict, &format!("__{name}__"), s);
    }
}

fn fd(vm: &Vm, v: &Value) -> u32 {
    v.borrow::<Stream>(vm).map_or(2, |s| s.fd)
}

fn open_fd(vm: &mut Vm, v: &Value) -> PyResult<u32> {
    if v.borrow::<Stream>(vm).is_some_and(|s| s.closed) {
        return Err(vm.value_error("I/O operation on closed file."));
    }
    Ok(fd(vm, v))
}

fn unsupported(vm: &mut Vm, text: &str) -> Raised {
    match vm.import("io").and_then(|io| vm.attr(&io, "UnsupportedOperation")) {
        Ok(ty) => {
            let text = vm.new_str(text);
            vm.call(&ty, &[text]).map_or_else(|e| e, Raised)
        }
        Err(_) => vm.err(Exc::OSError, text),
    }
}

fn write(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = open_fd(vm, &args[0])?;
    if !args[1].is_a::<Str>() {
        let t = vm.type_name(&args[1]);
        return Err(vm.type_error(format!("write() argument must be str, not {t}")));
    }
    let len = vm.len(&args[1])?;
    match n {
        0 => return Err(unsupported(vm, "not writable")),
        1 => {
            let bytes = vm.encode(&args[1], "utf-8", "strict")?;
            vm.write_stdout(&bytes)?;
        }
        _ => {
            let bytes = vm.encode(&args[1], "utf-8", "backslashreplace")?;
            vm.write_all(n, bytes)?;
        }
    }
    Ok(Value::small_wrap(len as i64))
}

fn writelines(vm: &mut Vm, args: &[Value]) -> PyResult {
    for line in vm.collect(&args[1])? {
        write(vm, &[args[0].clone(), line])?;
    }
    Ok(Value::NONE)
}

fn flush(vm: &mut Vm, args: &[Value]) -> PyResult {
    if open_fd(vm, &args[0])? == 1 {
        vm.flush_stdout()?;
    }
    Ok(Value::NONE)
}

/// Reads more into `pending`; false at the end.
fn fill(vm: &mut Vm, this: &Value) -> PyResult<bool> {
    let n = open_fd(vm, this)?;
    if n != 0 {
        return Err(unsupported(vm, "not readable"));
    }
    loop {
        let mut block = vec![0; 8192];
        match vm.without_gil(Cause::Io, |w, me| w.stdio(n).read(me, &mut block))? {
            Ok(got) => {
                if let Some(s) = this.borrow_mut::<Stream>(vm) {
                    s.pending.extend_from_slice(&block[..got]);
                }
                return Ok(got > 0);
            }
            Err(e) if e.errno == libc::EINTR => vm.run_signal_handlers()?,
            Err(e) if e.errno == libc::ECANCELED => return Err(Raised::KILLED),
            Err(e) => return Err(vm.os_error(e, None)),
        }
    }
}

fn take(vm: &mut Vm, this: &Value, n: usize) -> PyResult {
    let bytes: Vec<u8> = this.borrow_mut::<Stream>(vm).map(|s| s.pending.drain(..n).collect()).unwrap_or_default();
    let text = vm.decode(&bytes, "utf-8", "surrogateescape")?;
    let lines = vm.text(&text);
    // universal newlines
    if lines.contains('\r') { Ok(vm.new_str(lines.replace("\r\n", "\n").replace('\r', "\n"))) } else { Ok(text) }
}

fn readline(vm: &mut Vm, args: &[Value]) -> PyResult {
    loop {
        let (end, len) = args[0].borrow::<Stream>(vm).map_or((None, 0), |s| (s.pending.iter().position(|&b| b == b'\n'), s.pending.len()));
        if let Some(i) = end {
            return take(vm, &args[0], i + 1);
        }
        if !fill(vm, &args[0])? {
            return take(vm, &args[0], len);
        }
    }
}

fn read(vm: &mut Vm, args: &[Value]) -> PyResult {
    let limit = if args[1].is_none() { -1 } else { vm.to_i64(&args[1])? };
    loop {
        // where the wanted number of characters ends
        let (end, len) = args[0].borrow::<Stream>(vm).map_or((None, 0), |s| {
            let starts = s.pending.iter().enumerate().filter(|(_, b)| **b & 0xC0 != 0x80).map(|(i, _)| i);
            (if limit < 0 { None } else { starts.into_iter().nth(limit as usize) }, s.pending.len())
        });
        if let Some(i) = end {
            return take(vm, &args[0], i);
        }
        if !fill(vm, &args[0])? {
            return take(vm, &args[0], len);
        }
    }
}

fn next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let line = readline(vm, args)?;
    Ok(if vm.len(&line)? == 0 { Value::NULL } else { line })
}

fn readlines(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut lines = Vec::new();
    loop {
        let line = next(vm, args)?;
        if line.is_null() {
            return Ok(vm.new_list(lines));
        }
        lines.push(line);
    }
}

fn close(vm: &mut Vm, args: &[Value]) -> PyResult {
    if fd(vm, &args[0]) == 1 {
        vm.flush_stdout()?;
    }
    if let Some(s) = args[0].borrow_mut::<Stream>(vm) {
        s.closed = true;
    }
    Ok(Value::NONE)
}

fn shown_name(n: u32) -> &'static str {
    ["<stdin>", "<stdout>", "<stderr>"][n.min(2) as usize]
}

/// The type of the standard streams.
static STREAM: TypeDef = TypeDef::new("_io.TextIOWrapper", layout_of::<Stream>)
    .flags(flags::NO_NEW)
    .methods(&[
        method("write(self, text, /)", write),
        method("writelines(self, lines, /)", writelines),
        method("flush(self, /)", flush),
        method("read(self, size=-1, /)", read),
        method("readline(self, size=-1, /)", readline),
        method("readlines(self, hint=-1, /)", readlines),
        method("close(self, /)", close),
        method("fileno(self, /)", |vm, a| Ok(Value::small_wrap(fd(vm, &a[0]) as i64))),
        method("isatty(self, /)", |vm, a| {
            let n = fd(vm, &a[0]);
            Ok(Value::bool(vm.iso().world.stdio(n).isatty()))
        }),
        method("readable(self, /)", |vm, a| Ok(Value::bool(fd(vm, &a[0]) == 0))),
        method("writable(self, /)", |vm, a| Ok(Value::bool(fd(vm, &a[0]) != 0))),
        method("seekable(self, /)", |_, _| Ok(Value::FALSE)),
        method("reconfigure(self, /, *, encoding=None, errors=None, newline=None, line_buffering=None, write_through=None)", |vm, a| {
            flush(vm, &a[..1]).or(Ok(Value::NONE))
        }),
        method("__iter__(self, /)", |_, a| Ok(a[0].clone())),
        method("__next__(self, /)", next),
        method("__enter__(self, /)", |_, a| Ok(a[0].clone())),
        method("__exit__(self, /, *args)", close),
        method("__repr__(self, /)", |vm, a| {
            let n = fd(vm, &a[0]);
            let mode = if n == 0 { "r" } else { "w" };
            Ok(vm.new_str(format!("<_io.TextIOWrapper name='{}' mode='{mode}' encoding='utf-8'>", shown_name(n))))
        }),
    ])
    .getset(&[
        getter("encoding", |vm, _| Ok(vm.new_str("utf-8"))),
        getter("errors", |vm, v| {
            let n = fd(vm, v);
            Ok(vm.new_str(if n == 2 { "backslashreplace" } else { "strict" }))
        }),
        getter("name", |vm, v| {
            let n = fd(vm, v);
            Ok(vm.new_str(shown_name(n)))
        }),
        getter("mode", |vm, v| {
            let n = fd(vm, v);
            Ok(vm.new_str(if n == 0 { "r" } else { "w" }))
        }),
        getter("closed", |vm, v| Ok(Value::bool(v.borrow::<Stream>(vm).is_some_and(|s| s.closed)))),
        getter("line_buffering", |vm, v| {
            let n = fd(vm, v);
            Ok(Value::bool(n == 2 || vm.iso().world.stdio(n).isatty()))
        }),
        getter("newlines", |_, _| Ok(Value::NONE)),
    ]);
