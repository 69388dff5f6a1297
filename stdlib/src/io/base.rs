//! `_IOBase`, `_RawIOBase`, `_BufferedIOBase`, `_TextIOBase`: what every stream can do by calling its own methods
//! (`Modules/_io/iobase.c`, `bufferedio.c`, `textio.c`).

use super::{BUFFER_SIZE, IoType, room, size_arg, unsupported};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Instance, layout_of};
use gilbert_vm::types::bytes::{ByteArray, Bytes};
use gilbert_vm::types::iterators::self_iter;
use gilbert_vm::types::native::{NativeDef, getter, method};
use gilbert_vm::types::str::Str;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// Where the base notes that a stream was closed: an attribute of the instance, as in CPython.
const CLOSED: &str = "__IOBase_closed";

// --- checks that subclasses share ----------------------------------------------------------------------------------

/// Whether `stream.closed` is true.
pub fn is_closed(vm: &mut Vm, stream: &Value) -> PyResult<bool> {
    let closed = vm.attr(stream, "closed")?;
    vm.truthy(&closed)
}

/// ValueError "I/O operation on closed file." where `stream.closed` is true.
pub fn check_closed(vm: &mut Vm, stream: &Value) -> PyResult<()> {
    if is_closed(vm, stream)? { Err(vm.value_error("I/O operation on closed file.")) } else { Ok(()) }
}

/// UnsupportedOperation "File or stream is not readable." and so on, by the stream's own word.
pub fn check_able(vm: &mut Vm, stream: &Value, what: &str) -> PyResult<()> {
    let able = vm.call_method(stream, what, &[])?;
    if able.is_true() { Ok(()) } else { Err(unsupported(vm, &format!("File or stream is not {what}."))) }
}

/// The base's part of `close`: flushes, and notes that the stream is closed even if that fails.
pub fn base_close(vm: &mut Vm, args: &[Value]) -> PyResult {
    if noted_closed(vm, &args[0]) {
        return Ok(Value::NONE);
    }
    let flushed = vm.call_method(&args[0], "flush", &[]);
    note_closed(vm, &args[0]);
    flushed.map(|_| Value::NONE)
}

fn noted_closed(vm: &mut Vm, stream: &Value) -> bool {
    let key = vm.intern(CLOSED);
    vm.instance_attr(stream, &key).is_some()
}

fn note_closed(vm: &mut Vm, stream: &Value) {
    let key = vm.intern(CLOSED);
    vm.put_attr(stream, &key, Value::TRUE);
}

// --- _IOBase -------------------------------------------------------------------------------------------------------

fn flush(vm: &mut Vm, args: &[Value]) -> PyResult {
    if noted_closed(vm, &args[0]) {
        return Err(vm.value_error("I/O operation on closed file."));
    }
    Ok(Value::NONE)
}

fn tell(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.call_method(&args[0], "seek", &[Value::i32(0), Value::i32(1)])
}

fn check(vm: &mut Vm, args: &[Value], what: &str) -> PyResult {
    check_able(vm, &args[0], what)?;
    Ok(Value::TRUE)
}

fn isatty(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_closed(vm, &args[0])?;
    Ok(Value::FALSE)
}

fn enter(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_closed(vm, &args[0])?;
    Ok(args[0].clone())
}

fn exit(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.call_method(&args[0], "close", &[])
}

/// The bytes that a method of a user's class gave.
fn given_bytes(vm: &mut Vm, v: &Value, what: &str) -> PyResult<Vec<u8>> {
    if v.is_a::<Bytes>() {
        return vm.buffer_bytes(v);
    }
    let name = vm.type_name(v);
    Err(vm.err(Exc::OSError, format!("{what} should have returned a bytes object, not '{name}'")))
}

/// Reads up to a newline by `peek` (where there is one) and `read`.
fn readline(vm: &mut Vm, args: &[Value]) -> PyResult {
    let this = &args[0];
    let limit = size_arg(vm, &args[1])?.unwrap_or(usize::MAX);
    let peek = vm.attr_opt(this, "peek")?;
    let mut line = Vec::new();
    while line.len() < limit {
        let mut want = 1;
        if let Some(peek) = &peek {
            let ahead = vm.call(peek, &[Value::i32(1)])?;
            let ahead = given_bytes(vm, &ahead, "peek()")?;
            if !ahead.is_empty() {
                want = ahead.iter().position(|&b| b == b'\n').map_or(ahead.len(), |i| i + 1).min(limit - line.len());
            }
        }
        let got = vm.call_method(this, "read", &[Value::small_wrap(want as i64)])?;
        let got = given_bytes(vm, &got, "read()")?;
        if got.is_empty() {
            break;
        }
        line.extend_from_slice(&got);
        if line.last() == Some(&b'\n') {
            break;
        }
    }
    Ok(vm.new_bytes(line))
}

fn next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let line = vm.call_method(&args[0], "readline", &[])?;
    Ok(if vm.len(&line)? == 0 { Value::NULL } else { line })
}

fn iter(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_closed(vm, &args[0])?;
    self_iter(vm, args)
}

/// `readlines(hint)`: lines until `hint` bytes or characters have come.
pub fn readlines(vm: &mut Vm, args: &[Value]) -> PyResult {
    let hint = size_arg(vm, &args[1])?.filter(|&n| n > 0);
    let it = vm.iter(&args[0])?;
    let (mut lines, mut sum) = (Vec::new(), 0);
    while let Some(line) = vm.next(&it)? {
        let n = vm.len(&line)?;
        lines.push(line);
        if hint.is_some_and(|h| n > h - sum) {
            break;
        }
        sum += n;
    }
    Ok(vm.new_list(lines))
}

fn writelines(vm: &mut Vm, args: &[Value]) -> PyResult {
    check_closed(vm, &args[0])?;
    vm.for_each(&args[1], |vm, line| vm.call_method(&args[0], "write", &[line]).map(drop))?;
    Ok(Value::NONE)
}

/// Whether a stream ends in a descriptor that is closed with it.
fn owns_descriptor(vm: &mut Vm, this: &Value) -> bool {
    let mut v = this.clone();
    for below in ["buffer", "raw"] {
        if let Ok(Some(next)) = vm.attr_opt(&v, below) {
            v = next;
        }
    }
    super::file_io::owns_descriptor(vm, &v)
}

/// `ResourceWarning: unclosed file ..`. As long as nobody has imported `warnings` the filters are the default ones, which ignore it.
fn warn_unclosed(vm: &mut Vm, this: &Value) -> PyResult<()> {
    let (modules, name) = (vm.iso().modules.clone(), vm.intern("warnings"));
    let Some(warnings) = vm.dict_get_str(&modules, &name).filter(|m| !m.is_none()) else { return Ok(()) };
    if !owns_descriptor(vm, this) {
        return Ok(());
    }
    let text = format!("unclosed file {}", vm.repr_text(this)?);
    let args = [vm.new_str(text), vm.exc_type(Exc::ResourceWarning).clone(), Value::i32(1), this.clone()];
    vm.call_method(&warnings, "warn", &args).map(drop)
}

/// Closes what was dropped open, and warns. Nobody hears of errors in closing, as in CPython.
fn del(vm: &mut Vm, args: &[Value]) -> PyResult {
    let open = is_closed(vm, &args[0]).is_ok_and(|c| !c);
    let warned = if open { warn_unclosed(vm, &args[0]) } else { Ok(()) };
    if open
        && let Err(e) = vm.call_method(&args[0], "close", &[])
        && e.is_killed()
    {
        return Err(e);
    }
    warned.map(|()| Value::NONE)
}

const BASE_METHODS: &[NativeDef] = &[
    method("seek(self, offset, whence=0, /)", |vm, _| Err(unsupported(vm, "seek"))).doc("Change the stream position to the given byte offset."),
    method("tell(self, /)", tell).doc("Return current stream position."),
    method("truncate(self, size=None, /)", |vm, _| Err(unsupported(vm, "truncate"))).doc("Truncate file to size bytes."),
    method("flush(self, /)", flush).doc("Flush write buffers, if applicable."),
    method("close(self, /)", base_close).doc("Flush and close the IO object."),
    method("seekable(self, /)", |_, _| Ok(Value::FALSE)).doc("Return whether object supports random access."),
    method("readable(self, /)", |_, _| Ok(Value::FALSE)).doc("Return whether object was opened for reading."),
    method("writable(self, /)", |_, _| Ok(Value::FALSE)).doc("Return whether object was opened for writing."),
    method("_checkClosed(self, msg=None, /)", |vm, a| check_closed(vm, &a[0]).map(|()| Value::NONE)),
    method("_checkSeekable(self, msg=None, /)", |vm, a| check(vm, a, "seekable")),
    method("_checkReadable(self, msg=None, /)", |vm, a| check(vm, a, "readable")),
    method("_checkWritable(self, msg=None, /)", |vm, a| check(vm, a, "writable")),
    method("fileno(self, /)", |vm, _| Err(unsupported(vm, "fileno"))).doc("Return underlying file descriptor if one exists."),
    method("isatty(self, /)", isatty).doc("Return whether this is an 'interactive' stream."),
    method("__enter__(self, /)", enter),
    method("__exit__(self, /, *args)", exit),
    method("__iter__(self, /)", iter),
    method("__next__(self, /)", next),
    method("readline(self, size=-1, /)", readline).doc("Read and return a line from the stream."),
    method("readlines(self, hint=-1, /)", readlines).doc("Return a list of lines from the stream."),
    method("writelines(self, lines, /)", writelines).doc("Write a list of lines to stream."),
    method("__del__(self, /)", del),
];

/// `_io._IOBase`
pub static IO_BASE: IoType = IoType {
    def: TypeDef::new("_io._IOBase", layout_of::<Instance>())
        .flags(flags::BASE | flags::HAS_DICT)
        .doc("The abstract base class for all I/O classes.")
        .methods(BASE_METHODS)
        .getset(&[getter("closed", |vm, v| Ok(Value::bool(noted_closed(vm, v))))]),
    base: None,
};

// --- _RawIOBase ----------------------------------------------------------------------------------------------------

fn raw_read(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = if args[1].is_none() { -1 } else { vm.arg_ssize(&args[1])? };
    if n < 0 {
        return vm.call_method(&args[0], "readall", &[]);
    }
    let mut room = Vec::new();
    if room.try_reserve_exact(n as usize).is_err() {
        return Err(vm.memory_error());
    }
    room.resize(n as usize, 0);
    let buffer = vm.new_bytearray(room);
    let got = vm.call_method(&args[0], "readinto", &[buffer.clone()])?;
    if got.is_none() {
        return Ok(got);
    }
    let got = vm.arg_ssize(&got)?;
    let bytes = buffer.borrow::<ByteArray>(vm).map(|b| b.bytes().to_vec()).unwrap_or_default();
    match usize::try_from(got).ok().and_then(|n| bytes.get(..n)) {
        Some(part) => Ok(vm.new_bytes(part.to_vec())),
        None => Err(vm.value_error(format!("readinto returned {got} outside buffer size {}", bytes.len()))),
    }
}

fn raw_readall(vm: &mut Vm, args: &[Value]) -> PyResult {
    let mut all = Vec::new();
    loop {
        let got = vm.call_method(&args[0], "read", &[Value::small_wrap(BUFFER_SIZE as i64)])?;
        if got.is_none() {
            return if all.is_empty() { Ok(got) } else { Ok(vm.new_bytes(all)) };
        }
        if !got.is_a::<Bytes>() {
            return Err(vm.type_error("read() should return bytes"));
        }
        let part = vm.buffer_bytes(&got)?;
        if part.is_empty() {
            return Ok(vm.new_bytes(all));
        }
        all.extend_from_slice(&part);
    }
}

/// `_io._RawIOBase`
pub static RAW_IO_BASE: IoType = IoType {
    def: TypeDef::new("_io._RawIOBase", layout_of::<Instance>()).flags(flags::BASE).doc("Base class for raw binary I/O.").methods(&[
        method("read(self, size=-1, /)", raw_read),
        method("readall(self, /)", raw_readall).doc("Read until EOF, using multiple read() call."),
        method("readinto(self, buffer, /)", |vm, _| Err(vm.err_args(Exc::NotImplementedError, vec![]))),
        method("write(self, b, /)", |vm, _| Err(vm.err_args(Exc::NotImplementedError, vec![]))),
    ]),
    base: Some(&IO_BASE),
};

// --- _BufferedIOBase -----------------------------------------------------------------------------------------------

fn readinto(vm: &mut Vm, args: &[Value], how: &str) -> PyResult {
    let room = room(vm, &args[1], if how == "read" { "readinto" } else { "readinto1" })?;
    let got = vm.call_method(&args[0], how, &[Value::small_wrap(room as i64)])?;
    if !got.is_a::<Bytes>() {
        return Err(vm.type_error(format!("{how}() should return bytes")));
    }
    let bytes = vm.buffer_bytes(&got)?;
    if bytes.len() > room {
        return Err(vm.value_error(format!("{how}() returned too much data: {room} bytes requested, {} returned", bytes.len())));
    }
    copy_into(vm, &args[1], &bytes)?;
    Ok(Value::small_wrap(bytes.len() as i64))
}

/// Copies bytes to the start of a writable buffer; BufferError where it has shrunk meanwhile.
pub fn copy_into(vm: &mut Vm, buffer: &Value, bytes: &[u8]) -> PyResult<()> {
    let fits = vm.with_buffer_mut(buffer, |b| b.get_mut(..bytes.len()).map(|to| to.copy_from_slice(bytes)).is_some())?;
    if fits { Ok(()) } else { Err(vm.err(Exc::BufferError, "the buffer was resized while it was read into")) }
}

/// `_io._BufferedIOBase`
pub static BUFFERED_IO_BASE: IoType = IoType {
    def: TypeDef::new("_io._BufferedIOBase", layout_of::<Instance>()).flags(flags::BASE).doc("Base class for buffered IO objects.").methods(&[
        method("detach(self, /)", |vm, _| Err(unsupported(vm, "detach"))),
        method("read(self, size=-1, /)", |vm, _| Err(unsupported(vm, "read"))),
        method("read1(self, size=-1, /)", |vm, _| Err(unsupported(vm, "read1"))),
        method("write(self, b, /)", |vm, _| Err(unsupported(vm, "write"))),
        method("readinto(self, buffer, /)", |vm, a| readinto(vm, a, "read")),
        method("readinto1(self, buffer, /)", |vm, a| readinto(vm, a, "read1")),
    ]),
    base: Some(&IO_BASE),
};

// --- _TextIOBase ---------------------------------------------------------------------------------------------------

/// `_io._TextIOBase`
pub static TEXT_IO_BASE: IoType = IoType {
    def: TypeDef::new("_io._TextIOBase", layout_of::<Instance>())
        .flags(flags::BASE)
        .doc("Base class for text I/O.")
        .methods(&[
            method("detach(self, /)", |vm, _| Err(unsupported(vm, "detach"))),
            method("read(self, size=-1, /)", |vm, _| Err(unsupported(vm, "read"))),
            method("readline(self, size=-1, /)", |vm, _| Err(unsupported(vm, "readline"))),
            method("write(self, s, /)", |vm, a| match a[1].is_a::<Str>() {
                true => Err(unsupported(vm, "write")),
                false => Err(vm.must_be_str("write() argument 1", &a[1])),
            }),
        ])
        .getset(&[getter("encoding", |_, _| Ok(Value::NONE)), getter("newlines", |_, _| Ok(Value::NONE)), getter("errors", |_, _| Ok(Value::NONE))]),
    base: Some(&IO_BASE),
};

/// The text of a value that the caller knows to be a str.
pub fn str_bytes(v: &Value) -> &[u8] {
    v.get::<Str>().map_or(&[], Str::bytes)
}
