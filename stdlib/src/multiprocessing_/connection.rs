//! `multiprocessing.connection.Connection`: one end of a pipe (`Lib/multiprocessing/connection.py`), native.
//!
//! A connection is a number in the process's descriptor table. Behind it lies an end of a message channel, or any other open file, which
//! then carries messages as a stream of bytes ([`super::stream`]).

use super::channel::{self, Channel, End, Found, Message, Tag, why};
use super::stream;
use crate::pickle;
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload};
use gilbert_vm::start::Woken;
use gilbert_vm::sync::attr_layout;
use gilbert_vm::types::native::{NativeDef, getset, getter, method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{Handle, Ns, OsError};
use std::sync::Arc;

/// The payload.
#[derive(Clone)]
pub struct Connection {
    /// The descriptor; negative when closed.
    fd: i32,
    readable: bool,
    writable: bool,
}

impl Payload for Connection {
    const CHANGES: Changes<Self> = Changes::OUTSIDE;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Connection {
        self.clone()
    }
    fn wants_finalizer(&self) -> bool {
        self.fd >= 0
    }
}

fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Connection {
    v.borrow_mut::<Connection>(vm).expect("a Connection")
}

/// A connection upon a descriptor.
pub fn make(vm: &mut Vm, fd: i32, readable: bool, writable: bool) -> Value {
    let ty = vm.native_type(&DEF);
    vm.new_of(&ty, Connection { fd, readable, writable })
}

// ---- the descriptor -----------------------------------------------------------------------------------------------------

fn os_text(vm: &mut Vm, text: &str) -> Raised {
    vm.err(Exc::OSError, text)
}
/// The descriptor; OSError "handle is closed".
pub fn descriptor(vm: &mut Vm, v: &Value) -> PyResult<i32> {
    match this(vm, v).fd {
        fd if fd < 0 => Err(os_text(vm, "handle is closed")),
        fd => Ok(fd),
    }
}
fn handle(vm: &mut Vm, v: &Value) -> PyResult<Handle> {
    let fd = descriptor(vm, v)?;
    match vm.iso().process.fd(fd) {
        Some(d) => Ok(d.file.clone()),
        None => Err(vm.os_error(OsError::new(libc::EBADF), None)),
    }
}
fn check_readable(vm: &mut Vm, v: &Value) -> PyResult<()> {
    descriptor(vm, v)?;
    if this(vm, v).readable { Ok(()) } else { Err(os_text(vm, "connection is write-only")) }
}
fn check_writable(vm: &mut Vm, v: &Value) -> PyResult<()> {
    descriptor(vm, v)?;
    if this(vm, v).writable { Ok(()) } else { Err(os_text(vm, "connection is read-only")) }
}

/// What lies behind a connection.
enum Way {
    Channel(Arc<Channel>),
    Stream(Handle),
}

fn way(vm: &mut Vm, v: &Value, to_read: bool) -> PyResult<Way> {
    let file = handle(vm, v)?;
    let Some(end) = End::of(&file) else { return Ok(Way::Stream(file)) };
    let channel = if to_read { end.reads() } else { end.writes() };
    match channel {
        Ok(c) => Ok(Way::Channel(Arc::clone(c))),
        Err(e) => Err(vm.os_error(e, None)),
    }
}

/// Whether this process itself holds the other end, for reports: under which number.
fn other_end(vm: &mut Vm, v: &Value, to_read: bool) -> Option<i32> {
    let file = handle(vm, v).ok()?;
    let mine = End::of(&file)?;
    let process = &vm.iso().process;
    process.numbers().into_iter().find(|n| {
        let Some(other) = process.fd(*n) else { return false };
        End::of(&other.file).is_some_and(|o| if to_read { mine.receives_from(o) } else { mine.sends_to(o) })
    })
}

// ---- receiving --------------------------------------------------------------------------------------------------------------

/// Takes a message; `None` at the deadline (`Some(None)`: waits for ever; `None`: not at all).
fn receive(vm: &mut Vm, v: &Value, channel: &Channel, patience: Option<Option<Ns>>) -> PyResult<Option<Message>> {
    loop {
        match channel.take() {
            Found::Message(m) => return Ok(Some(noted(vm, channel, m))),
            Found::End => return Err(vm.err_args(Exc::EOFError, vec![])),
            Found::Nothing => {}
        }
        let Some(deadline) = patience else { return Ok(None) };
        if wait_to_read(vm, v, channel, deadline)? == Woken::TimedOut && !channel.has_something() {
            return Ok(None);
        }
    }
}
/// The process that takes a task has it from that moment on.
fn noted(vm: &mut Vm, channel: &Channel, m: Message) -> Message {
    if let Some(tag) = m.tag {
        channel.note_taken(vm.iso().world.pid(), tag);
    }
    m
}
#[cold]
fn wait_to_read(vm: &mut Vm, v: &Value, channel: &Channel, deadline: Option<Ns>) -> PyResult<Woken> {
    let me = vm.tid();
    let note = match other_end(vm, v, true) {
        Some(fd) => format!("a message; the process itself holds the sending end too, as descriptor {fd}, so no end of file can come"),
        None => "a message from a pipe".to_string(),
    };
    channel.enlist_reader(me);
    let woken = if channel.has_something() { Ok(Woken::Unparked) } else { vm.park(deadline, why(note)) };
    let called = channel.leave_readers(me);
    if called && !matches!(woken, Ok(Woken::Unparked)) {
        // at a timeout we look once more ourselves, but only for one message
        channel.pass_on();
    }
    woken
}

/// A message's bytes; EOFError at the end.
fn receive_bytes(vm: &mut Vm, v: &Value) -> PyResult<Vec<u8>> {
    match way(vm, v, true)? {
        Way::Channel(c) => match receive(vm, v, &c, Some(None))? {
            Some(m) => Ok(m.bytes.into_vec()),
            None => Ok(Vec::new()),
        },
        Way::Stream(file) => match stream::receive(vm, &file, None)? {
            Some(bytes) => Ok(bytes),
            None => Ok(Vec::new()),
        },
    }
}
fn recv(vm: &mut Vm, a: &[Value]) -> PyResult {
    check_readable(vm, &a[0])?;
    let bytes = receive_bytes(vm, &a[0])?;
    pickle::loads_vec(vm, bytes)
}
fn recv_bytes(vm: &mut Vm, a: &[Value]) -> PyResult {
    check_readable(vm, &a[0])?;
    let most = match &a[1] {
        v if v.is_none() => None,
        v => match usize::try_from(vm.to_isize(v)?) {
            Ok(n) => Some(n),
            Err(_) => return Err(vm.value_error("negative maxlength")),
        },
    };
    let bytes = match way(vm, &a[0], true)? {
        Way::Channel(c) => {
            let m = receive(vm, &a[0], &c, Some(None))?.map(|m| m.bytes);
            m.filter(|b| most.is_none_or(|most| b.len() <= most))
        }
        Way::Stream(file) => stream::receive(vm, &file, most)?.map(Vec::into_boxed_slice),
    };
    match bytes {
        Some(bytes) => Ok(vm.new_bytes(bytes)),
        None => Err(bad_length(vm, &a[0])),
    }
}
/// A message was too long for who asked for it: nothing sensible can be read any more.
fn bad_length(vm: &mut Vm, v: &Value) -> Raised {
    if this(vm, v).writable {
        this(vm, v).readable = false;
    } else if let Err(e) = close(vm, v) {
        return e;
    }
    os_text(vm, "bad message length")
}
fn recv_bytes_into(vm: &mut Vm, a: &[Value]) -> PyResult {
    check_readable(vm, &a[0])?;
    let offset = vm.to_isize(&a[2])?;
    let room = vm.with_buffer_mut(&a[1], |b| b.len())?;
    let Ok(offset) = usize::try_from(offset) else { return Err(vm.value_error("negative offset")) };
    if offset > room {
        return Err(vm.value_error("offset too large"));
    }
    let bytes = receive_bytes(vm, &a[0])?;
    let fits = vm.with_buffer_mut(&a[1], |b| match b.get_mut(offset..offset + bytes.len()) {
        Some(to) => {
            to.copy_from_slice(&bytes);
            true
        }
        None => false,
    })?;
    if !fits {
        let context = vm.import("multiprocessing.context")?;
        let (ty, bytes) = (vm.attr(&context, "BufferTooShort")?, vm.new_bytes(bytes));
        return Err(Raised(vm.call(&ty, &[bytes])?));
    }
    Ok(vm.new_int(bytes.len() as i64))
}
fn poll(vm: &mut Vm, a: &[Value]) -> PyResult {
    check_readable(vm, &a[0])?;
    let zero = a[1].is_float() && a[1].as_float() == Some(0.0);
    if let Way::Channel(c) = way(vm, &a[0], true)?
        && (zero || c.has_something())
    {
        return Ok(Value::bool(c.has_something()));
    }
    let deadline = vm.deadline(&a[1])?;
    let file = handle(vm, &a[0])?;
    super::wait::wait(vm, &[file], deadline).map(|ready| Value::bool(!ready.is_empty()))
}

// ---- sending ----------------------------------------------------------------------------------------------------------------

fn broken(vm: &mut Vm) -> Raised {
    vm.os_error(OsError::new(libc::EPIPE), None)
}
/// Sends; returns when what does not fit into the pipe has been received.
fn transmit(vm: &mut Vm, v: &Value, channel: &Channel, bytes: Box<[u8]>, tag: Option<Tag>) -> PyResult<()> {
    loop {
        if !channel.has_reader() {
            return Err(broken(vm));
        }
        if channel.has_room() {
            break;
        }
        wait_to_write(vm, v, channel, None, |c| c.has_room())?;
    }
    let end = channel.push(bytes, tag);
    while !channel.is_drained(end) {
        if !channel.has_reader() {
            return Err(broken(vm));
        }
        wait_to_write(vm, v, channel, None, |c| c.is_drained(end))?;
    }
    Ok(())
}
#[cold]
fn wait_to_write(vm: &mut Vm, v: &Value, channel: &Channel, note: Option<&str>, done: impl Fn(&Channel) -> bool) -> PyResult<()> {
    let me = vm.tid();
    let note = match other_end(vm, v, false) {
        _ if note.is_some() => note.unwrap_or_default().to_string(),
        Some(fd) => format!("room in a pipe; the process itself holds the receiving end too, as descriptor {fd}"),
        None => "room in a pipe".to_string(),
    };
    channel.enlist_writer(me);
    let woken = if done(channel) || !channel.has_reader() { Ok(Woken::Unparked) } else { vm.park(None, why(note)) };
    channel.leave_writers(me);
    woken.map(drop)
}
fn send_any(vm: &mut Vm, v: &Value, bytes: Vec<u8>, tag: Option<Tag>) -> PyResult<()> {
    match way(vm, v, false)? {
        Way::Channel(c) => transmit(vm, v, &c, bytes.into_boxed_slice(), tag),
        Way::Stream(file) => stream::send(vm, &file, &bytes),
    }
}
fn send(vm: &mut Vm, a: &[Value]) -> PyResult {
    check_writable(vm, &a[0])?;
    let bytes = super::forking::dumps(vm, &a[1])?;
    send_any(vm, &a[0], bytes, None)?;
    Ok(Value::NONE)
}
fn send_bytes(vm: &mut Vm, a: &[Value]) -> PyResult {
    check_writable(vm, &a[0])?;
    if !vm.is_buffer(&a[1]) {
        let name = vm.type_name(&a[1]);
        return Err(vm.type_error(format!("memoryview: a bytes-like object is required, not '{name}'")));
    }
    let len = vm.buffer_len(&a[1])?;
    let Ok(offset) = usize::try_from(vm.to_isize(&a[2])?) else { return Err(vm.value_error("offset is negative")) };
    if len < offset {
        return Err(vm.value_error("buffer length < offset"));
    }
    let size = match &a[3] {
        v if v.is_none() => len - offset,
        v => match usize::try_from(vm.to_isize(v)?) {
            Err(_) => return Err(vm.value_error("size is negative")),
            Ok(n) if offset.saturating_add(n) > len => return Err(vm.value_error("buffer length < offset + size")),
            Ok(n) => n,
        },
    };
    let bytes = vm.with_buffer(&a[1], |b| b.get(offset..offset + size).unwrap_or_default().to_vec())?;
    send_any(vm, &a[0], bytes, None)?;
    Ok(Value::NONE)
}

// ---- for queues and pools ---------------------------------------------------------------------------------------------------

/// `_push(data)`: sends without waiting for room, as a queue's buffer does; the position up to which the pipe is to be drained for the
/// message to lie in it.
fn push(vm: &mut Vm, a: &[Value]) -> PyResult {
    check_writable(vm, &a[0])?;
    let Way::Channel(c) = way(vm, &a[0], false)? else { return Err(vm.os_error(OsError::new(libc::EOPNOTSUPP), None)) };
    if !c.has_reader() {
        return Err(broken(vm));
    }
    let bytes = vm.buffer_bytes(&a[1])?;
    let end = c.push(bytes.into_boxed_slice(), None);
    Ok(vm.new_uint(end))
}
/// `_await_drained(position)`: returns when what was pushed lies in the pipe, or nobody can receive it any more.
fn await_drained(vm: &mut Vm, a: &[Value]) -> PyResult {
    let end = vm.to_i64(&a[1])? as u64;
    loop {
        // closed by somebody else: what is in there stays in there
        if this(vm, &a[0]).fd < 0 {
            return Ok(Value::NONE);
        }
        let Way::Channel(c) = way(vm, &a[0], false)? else { return Ok(Value::NONE) };
        if c.is_drained(end) || !c.has_reader() {
            return Ok(Value::NONE);
        }
        wait_to_write(vm, &a[0], &c, Some("somebody to receive what this process has put into a queue"), |c| c.is_drained(end))?;
    }
}
/// `_is_drained(position)`: whether what was pushed lies in the pipe.
fn is_drained(vm: &mut Vm, a: &[Value]) -> PyResult {
    let end = vm.to_i64(&a[1])? as u64;
    match way(vm, &a[0], false)? {
        Way::Channel(c) => Ok(Value::bool(c.is_drained(end))),
        Way::Stream(_) => Ok(Value::TRUE),
    }
}
/// `_take(nothing, block, timeout)`: a pickle, or `nothing` where none came in time.
fn take(vm: &mut Vm, a: &[Value]) -> PyResult {
    check_readable(vm, &a[0])?;
    let patience = match vm.truthy(&a[2])? {
        false => None,
        true => Some(vm.deadline(&a[3])?),
    };
    let Way::Channel(c) = way(vm, &a[0], true)? else { return Err(vm.os_error(OsError::new(libc::EOPNOTSUPP), None)) };
    match receive(vm, &a[0], &c, patience)? {
        Some(m) => Ok(vm.new_bytes(m.bytes)),
        None => Ok(a[1].clone()),
    }
}
/// `_send_task(task)`: sends a pool's task, so that it is known which one a worker has. Its first two items are job and index.
fn send_task(vm: &mut Vm, a: &[Value]) -> PyResult {
    check_writable(vm, &a[0])?;
    let tag = match a[1].get::<gilbert_vm::types::tuple::Tuple>().map(|t| t.items()) {
        Some([job, index, ..]) => job.as_small().zip(index.as_small()),
        _ => None,
    };
    let bytes = super::forking::dumps(vm, &a[1])?;
    send_any(vm, &a[0], bytes, tag)?;
    Ok(Value::NONE)
}
/// `_send_result(result, tasks)`: sends a result; from then on this process has no task of the connection `tasks` any more.
fn send_result(vm: &mut Vm, a: &[Value]) -> PyResult {
    check_writable(vm, &a[0])?;
    let bytes = super::forking::dumps(vm, &a[1])?;
    send_any(vm, &a[0], bytes, None)?;
    let pid = vm.iso().world.pid();
    // nothing comes between: a process dies between instructions or while it waits
    if let Way::Channel(c) = way(vm, &a[2], true)? {
        c.settle(pid);
    }
    Ok(Value::NONE)
}
/// `_lost(pid)`: the task `(job, index)` that a process had when it died, or None.
fn lost(vm: &mut Vm, a: &[Value]) -> PyResult {
    let pid = vm.to_i64(&a[1])? as u32;
    let Way::Channel(c) = way(vm, &a[0], true)? else { return Ok(Value::NONE) };
    match c.settle(pid) {
        Some((job, index)) => Ok(vm.new_tuple(vec![Value::small_wrap(job), Value::small_wrap(index)])),
        None => Ok(Value::NONE),
    }
}

// ---- the object -------------------------------------------------------------------------------------------------------------

fn new(vm: &mut Vm, a: &[Value]) -> PyResult {
    Ok(vm.new_of(&a[0], Connection { fd: -1, readable: true, writable: true }))
}
fn init(vm: &mut Vm, a: &[Value]) -> PyResult {
    let handle = vm.call_method(&a[1], "__index__", &[])?;
    let fd = vm.arg_int(&handle)?;
    if fd < 0 {
        return Err(vm.value_error("invalid handle"));
    }
    let (readable, writable) = (vm.truthy(&a[2])?, vm.truthy(&a[3])?);
    if !readable && !writable {
        return Err(vm.value_error("at least one of `readable` and `writable` must be True"));
    }
    *this(vm, &a[0]) = Connection { fd, readable, writable };
    Ok(Value::NONE)
}
fn close(vm: &mut Vm, v: &Value) -> PyResult<()> {
    let fd = std::mem::replace(&mut this(vm, v).fd, -1);
    if fd < 0 {
        return Ok(());
    }
    match vm.iso_mut().process.close(fd) {
        Some(_) => Ok(()),
        None => Err(vm.os_error(OsError::new(libc::EBADF), None)),
    }
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, /, *args, **kwargs)", new),
    method("__init__(self, handle, readable=True, writable=True)", init),
    method("send(self, obj)", send).doc("Send a (picklable) object"),
    method("send_bytes(self, buf, offset=0, size=None)", send_bytes).doc("Send the bytes data from a bytes-like object"),
    method("recv(self)", recv).doc("Receive a (picklable) object"),
    method("recv_bytes(self, maxlength=None)", recv_bytes).doc("Receive bytes data as a bytes object."),
    method("recv_bytes_into(self, buf, offset=0)", recv_bytes_into)
        .doc("Receive bytes data into a writeable bytes-like object.\nReturn the number of bytes read."),
    method("poll(self, timeout=0.0)", poll).doc("Whether there is any input available to be read"),
    method("fileno(self)", |vm, a| Ok(Value::i32(descriptor(vm, &a[0])?))).doc("File descriptor or handle of the connection"),
    method("close(self)", |vm, a| close(vm, &a[0]).map(|()| Value::NONE)).doc("Close the connection"),
    method("_detach(self)", |vm, a| {
        this(vm, &a[0]).fd = -1;
        Ok(Value::NONE)
    })
    .doc("Stop managing the underlying file descriptor or handle."),
    method("_check_closed(self)", |vm, a| descriptor(vm, &a[0]).map(|_| Value::NONE)),
    method("_push(self, data, /)", push),
    method("_await_drained(self, position, /)", await_drained),
    method("_is_drained(self, position, /)", is_drained),
    method("_take(self, nothing, block, timeout, /)", take),
    method("_send_task(self, task, /)", send_task),
    method("_send_result(self, result, tasks, /)", send_result),
    method("_lost(self, pid, /)", lost),
    method("__enter__(self)", |_, a| Ok(a[0].clone())),
    method("__exit__(self, exc_type, exc_value, exc_tb)", |vm, a| close(vm, &a[0]).map(|()| Value::NONE)),
    method("__del__(self)", |vm, a| {
        // another's business where somebody has closed the descriptor behind our back
        let _ = close(vm, &a[0]);
        Ok(Value::NONE)
    }),
];

/// `multiprocessing.connection.Connection`
pub static DEF: TypeDef = TypeDef::new("multiprocessing.connection.Connection", attr_layout::<Connection>())
    .flags(flags::BASE | flags::HAS_DICT)
    .methods(METHODS)
    .getset(&[
        getter("closed", |vm, v| Ok(Value::bool(this(vm, v).fd < 0))),
        getter("readable", |vm, v| Ok(Value::bool(this(vm, v).readable))),
        getter("writable", |vm, v| Ok(Value::bool(this(vm, v).writable))),
        getset(
            "_handle",
            |vm, v| match this(vm, v).fd {
                fd if fd < 0 => Ok(Value::NONE),
                fd => Ok(Value::i32(fd)),
            },
            |vm, v, new| {
                this(vm, v).fd = if new.is_none() { -1 } else { vm.arg_int(&new)? };
                Ok(())
            },
        ),
        getter("__dict__", gilbert_vm::types::object_::get_dict),
    ])
    .doc("Connection class based on an arbitrary file descriptor (Unix only), or\na socket handle (Windows).");

/// `pipe(duplex)`: two connections.
pub fn pipe(vm: &mut Vm, a: &[Value]) -> PyResult {
    let duplex = vm.truthy(&a[0])?;
    let world = Arc::clone(&vm.iso().world);
    let (one, two) = if duplex { channel::duplex(&world) } else { channel::pipe(&world) };
    let (flags_one, flags_two) = if duplex { (libc::O_RDWR, libc::O_RDWR) } else { (libc::O_RDONLY, libc::O_WRONLY) };
    let one = crate::posix::fds::enter(vm, one, flags_one)?;
    let one = make(vm, one, true, duplex);
    let two = crate::posix::fds::enter(vm, two, flags_two)?;
    let two = make(vm, two, duplex, true);
    Ok(vm.new_tuple(vec![one, two]))
}
