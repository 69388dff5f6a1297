//! `BytesIO`: a binary stream in memory (`Modules/_io/bytesio.c`). The bytes lie in a bytearray, so that `getbuffer` can lend them.

use super::base::BUFFERED_IO_BASE;
use super::{IoType, size_arg};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload};
use gilbert_vm::probe::Part;
use gilbert_vm::sync::attr_layout;
use gilbert_vm::types::bytes::{ByteArray, Bytes};
use gilbert_vm::types::native::{NativeDef, getter, method, static_method};
use gilbert_vm::types::str::MAX_BYTES;
use gilbert_vm::types::tuple::Tuple;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;

/// The payload of `BytesIO`.
pub struct BytesIo {
    /// A bytearray; absent when closed.
    data: Value,
    pos: usize,
    /// An instance of a class written in Python, whose `close` is its own.
    derived: bool,
}

impl Payload for BytesIo {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.data);
    }
    fn clone_in(&self, c: &mut Cloner) -> BytesIo {
        BytesIo { data: c.value(&self.data), pos: self.pos, derived: self.derived }
    }
    fn wants_finalizer(&self) -> bool {
        self.derived
    }
}

fn this_mut<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut BytesIo {
    v.borrow_mut::<BytesIo>(vm).expect("a BytesIO")
}

/// The bytearray and the position; ValueError when closed.
fn state(vm: &mut Vm, v: &Value) -> PyResult<(Value, usize)> {
    vm.touch_read(v, Part::Whole);
    let b = this_mut(vm, v);
    let (data, pos) = (b.data.clone(), b.pos);
    if data.is_null() { Err(vm.value_error("I/O operation on closed file.")) } else { Ok((data, pos)) }
}

fn bytes<'a>(vm: &'a Vm, data: &'a Value) -> &'a [u8] {
    data.borrow::<ByteArray>(vm).map_or(&[], ByteArray::bytes)
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let native = super::class(vm, &BYTES_IO);
    let data = vm.new_bytearray(Vec::new());
    Ok(vm.new_of(&args[0], BytesIo { data, pos: 0, derived: !args[0].is(&native) }))
}

fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (old, _) = state(vm, &args[0])?;
    check_exports(vm, &old)?;
    let initial = match args[1].is_none() {
        true => Vec::new(),
        false => vm.buffer_bytes(&args[1])?,
    };
    let data = vm.new_bytearray(initial);
    vm.touch_write(&args[0], Part::Whole);
    let b = this_mut(vm, &args[0]);
    b.pos = 0;
    let old = std::mem::replace(&mut b.data, data);
    drop(old);
    Ok(Value::NONE)
}

/// BufferError where `getbuffer` has lent the bytes.
fn check_exports(vm: &mut Vm, data: &Value) -> PyResult<()> {
    match data.borrow_mut::<ByteArray>(vm).is_some_and(|b| b.resizable().is_some()) {
        true => Ok(()),
        false => Err(vm.err(Exc::BufferError, "Existing exports of data: object cannot be re-sized")),
    }
}

/// Takes the next `n` bytes, or all that is left.
fn take(vm: &mut Vm, v: &Value, n: Option<usize>) -> PyResult<Vec<u8>> {
    let (data, pos) = state(vm, v)?;
    let all = bytes(vm, &data);
    let rest = all.get(pos..).unwrap_or(&[]);
    let part = rest[..n.unwrap_or(rest.len()).min(rest.len())].to_vec();
    this_mut(vm, v).pos += part.len();
    Ok(part)
}

fn read(vm: &mut Vm, args: &[Value]) -> PyResult {
    state(vm, &args[0])?;
    let n = size_arg(vm, &args[1])?;
    let part = take(vm, &args[0], n)?;
    Ok(vm.new_bytes(part))
}

fn readinto(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (data, pos) = state(vm, &args[0])?;
    let room = super::room(vm, &args[1], "readinto")?;
    let rest = bytes(vm, &data).get(pos..).unwrap_or(&[]);
    let part = rest[..room.min(rest.len())].to_vec();
    super::base::copy_into(vm, &args[1], &part)?;
    this_mut(vm, &args[0]).pos += part.len();
    Ok(Value::small_wrap(part.len() as i64))
}

fn line(vm: &mut Vm, v: &Value, limit: Option<usize>) -> PyResult<Vec<u8>> {
    let (data, pos) = state(vm, v)?;
    let rest = bytes(vm, &data).get(pos..).unwrap_or(&[]);
    let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |i| i + 1);
    take(vm, v, Some(end.min(limit.unwrap_or(end))))
}

fn readline(vm: &mut Vm, args: &[Value]) -> PyResult {
    state(vm, &args[0])?;
    let limit = size_arg(vm, &args[1])?;
    let part = line(vm, &args[0], limit)?;
    Ok(vm.new_bytes(part))
}

fn next(vm: &mut Vm, args: &[Value]) -> PyResult {
    let part = line(vm, &args[0], None)?;
    Ok(if part.is_empty() { Value::NULL } else { vm.new_bytes(part) })
}

fn readlines(vm: &mut Vm, args: &[Value]) -> PyResult {
    state(vm, &args[0])?;
    let most = size_arg(vm, &args[1])?.filter(|&n| n > 0).unwrap_or(usize::MAX);
    let (mut lines, mut sum) = (Vec::new(), 0);
    while sum < most {
        let part = line(vm, &args[0], None)?;
        if part.is_empty() {
            break;
        }
        sum += part.len();
        lines.push(vm.new_bytes(part));
    }
    Ok(vm.new_list(lines))
}

fn write(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = match args[1].get::<Bytes>() {
        Some(b) => put(vm, &args[0], b.bytes())?,
        None => {
            state(vm, &args[0])?;
            let new = vm.buffer_bytes(&args[1])?;
            put(vm, &args[0], &new)?
        }
    };
    Ok(Value::small_wrap(n as i64))
}

fn put(vm: &mut Vm, v: &Value, new: &[u8]) -> PyResult<usize> {
    let (data, pos) = state(vm, v)?;
    check_exports(vm, &data)?;
    if new.is_empty() {
        return Ok(0);
    }
    vm.touch_write(v, Part::Whole);
    let Some(end) = pos.checked_add(new.len()).filter(|&n| n <= MAX_BYTES) else { return Err(vm.memory_error()) };
    let Some(held) = data.borrow_mut::<ByteArray>(vm).and_then(ByteArray::resizable) else { return Ok(0) };
    if end > held.len() {
        let more = end - held.len();
        if held.try_reserve(more).is_err() {
            return Err(vm.memory_error());
        }
        held.resize(pos.max(held.len()), 0);
    }
    let over = (held.len() - pos).min(new.len());
    held[pos..pos + over].copy_from_slice(&new[..over]);
    held.extend_from_slice(&new[over..]);
    this_mut(vm, v).pos = end;
    Ok(new.len())
}

fn seek(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (data, pos) = state(vm, &args[0])?;
    let (offset, whence) = (vm.arg_ssize(&args[1])? as i64, vm.arg_int(&args[2])?);
    if offset < 0 && whence == 0 {
        return Err(vm.value_error(format!("negative seek value {offset}")));
    }
    let from = match whence {
        0 => 0,
        1 => pos as i64,
        2 => bytes(vm, &data).len() as i64,
        _ => return Err(vm.value_error(format!("invalid whence ({whence}, should be 0, 1 or 2)"))),
    };
    let Some(at) = from.checked_add(offset) else { return Err(vm.err(Exc::OverflowError, "new position too large")) };
    let at = at.max(0);
    vm.touch_write(&args[0], Part::Whole);
    this_mut(vm, &args[0]).pos = at as usize;
    Ok(vm.new_int(at))
}

fn truncate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (data, pos) = state(vm, &args[0])?;
    check_exports(vm, &data)?;
    let size = if args[1].is_none() { pos as isize } else { vm.arg_ssize(&args[1])? };
    if size < 0 {
        return Err(vm.value_error(format!("negative size value {size}")));
    }
    vm.touch_write(&args[0], Part::Whole);
    if let Some(held) = data.borrow_mut::<ByteArray>(vm).and_then(ByteArray::resizable) {
        held.truncate(size as usize);
    }
    Ok(vm.new_int(size as i64))
}

fn getvalue(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (data, _) = state(vm, &args[0])?;
    let all = bytes(vm, &data).to_vec();
    Ok(vm.new_bytes(all))
}

fn getbuffer(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (data, _) = state(vm, &args[0])?;
    vm.new_memoryview(&data)
}

fn close(vm: &mut Vm, args: &[Value]) -> PyResult {
    if let Ok((data, _)) = state(vm, &args[0]) {
        check_exports(vm, &data)?;
    }
    vm.touch_write(&args[0], Part::Whole);
    let old = this_mut(vm, &args[0]).data.take();
    drop(old);
    Ok(Value::NONE)
}

/// The open stream is able.
fn yes(vm: &mut Vm, args: &[Value]) -> PyResult {
    state(vm, &args[0])?;
    Ok(Value::TRUE)
}

fn getstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (value, (_, pos)) = (getvalue(vm, args)?, state(vm, &args[0])?);
    let dict = vm.instance_dict(&args[0]).map_or(Ok(Value::NONE), |d| vm.call_method(&d, "copy", &[]))?;
    Ok(vm.new_tuple(vec![value, Value::small_wrap(pos as i64), dict]))
}

fn setstate(vm: &mut Vm, args: &[Value]) -> PyResult {
    let items = args[1].get::<Tuple>().map(|t| t.items().to_vec()).unwrap_or_default();
    let [value, pos, dict] = items.as_slice() else {
        let (ty, got) = (vm.type_name(&args[0]), vm.type_name(&args[1]));
        return Err(vm.type_error(format!("{ty}.__setstate__ argument should be 3-tuple, got {got}")));
    };
    init(vm, &[args[0].clone(), value.clone()])?;
    let at = vm.arg_ssize(pos)?;
    if at < 0 {
        return Err(vm.value_error("position value cannot be negative"));
    }
    this_mut(vm, &args[0]).pos = at as usize;
    if !dict.is_none()
        && let Some(own) = vm.instance_dict(&args[0])
    {
        vm.dict_update(&own, dict)?;
    }
    Ok(Value::NONE)
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, /, *args, **kwargs)", new),
    method("__init__(self, initial_bytes=None)", init),
    method("readable(self, /)", yes),
    method("writable(self, /)", yes),
    method("seekable(self, /)", yes),
    method("flush(self, /)", |vm, a| state(vm, &a[0]).map(|_| Value::NONE)),
    method("isatty(self, /)", |vm, a| state(vm, &a[0]).map(|_| Value::FALSE)),
    method("tell(self, /)", |vm, a| state(vm, &a[0]).map(|(_, pos)| Value::small_wrap(pos as i64))),
    method("read(self, size=-1, /)", read).doc("Read at most size bytes, returned as a bytes object."),
    method("read1(self, size=-1, /)", read),
    method("readinto(self, buffer, /)", readinto),
    method("readline(self, size=-1, /)", readline),
    method("readlines(self, size=None, /)", readlines),
    method("__next__(self, /)", next),
    method("write(self, b, /)", write).doc("Write bytes to file."),
    method("seek(self, pos, whence=0, /)", seek).doc("Change stream position."),
    method("truncate(self, size=None, /)", truncate).doc("Truncate the file to at most size bytes."),
    method("getvalue(self, /)", getvalue).doc("Retrieve the entire contents of the BytesIO object."),
    method("getbuffer(self, /)", getbuffer).doc("Get a read-write view over the contents of the BytesIO object."),
    method("close(self, /)", close).doc("Disable all I/O operations."),
    method("__getstate__(self, /)", getstate),
    method("__setstate__(self, state, /)", setstate),
];

/// `_io.BytesIO`
pub static BYTES_IO: IoType = IoType {
    def: TypeDef::new("_io.BytesIO", attr_layout::<BytesIo>())
        .flags(flags::BASE)
        .doc("Buffered I/O implementation using an in-memory bytes buffer.")
        .methods(METHODS)
        .getset(&[getter("closed", |vm, v| Ok(Value::bool(this_mut(vm, v).data.is_null())))]),
    base: Some(&BUFFERED_IO_BASE),
};
