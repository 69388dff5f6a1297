//! The class `_socket.socket`: its life, its names, connections; and the one way in which its calls wait.

use super::address::{from_python, to_python};
use super::{options, transfer};
use crate::posix::fds::enter;
use gilbert_vm::error::{Exc, PyResult, Raised};
use gilbert_vm::gil::Cause;
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload, layout_of};
use gilbert_vm::probe::Part;
use gilbert_vm::types::native::{NativeDef, getter, method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::net::{self, Patience, Stop};
use gilbert_vm::world::{Address, Blocked, Handle, Interest, Ns, OsError, OsResult, Socket, SocketKind, WaitKind};

/// The default timeout of new sockets, in the isolate's state.
const DEFAULT_TIMEOUT: &str = "socket.default_timeout";

/// The payload of `_socket.socket`.
#[derive(Clone)]
pub struct Sock {
    /// The descriptor; -1 when closed.
    fd: i32,
    family: i32,
    kind: i32,
    proto: i32,
    /// ns; `None`: waits for ever; 0: never.
    timeout: Option<Ns>,
}

impl Payload for Sock {
    const CHANGES: Changes<Self> = Changes::OUTSIDE;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Sock {
        self.clone()
    }
    fn wants_finalizer(&self) -> bool {
        self.fd >= 0
    }
}

const CLOSED: Sock = Sock { fd: -1, family: -1, kind: -1, proto: -1, timeout: None };

pub fn this<'a>(vm: &'a Vm, v: &'a Value) -> &'a Sock {
    v.borrow::<Sock>(vm).expect("a socket")
}

/// The open file behind a socket object; EBADF.
pub fn handle(vm: &mut Vm, v: &Value) -> PyResult<Handle> {
    vm.touch_read(v, Part::Whole);
    let fd = this(vm, v).fd;
    match vm.iso().process.fd(fd) {
        Some(d) => Ok(d.file.clone()),
        None => Err(vm.os_error(OsError::new(libc::EBADF), None)),
    }
}

/// The socket of an open file; ENOTSOCK.
pub fn socket_of(file: &Handle) -> OsResult<&dyn Socket> {
    file.socket().ok_or(OsError::new(libc::ENOTSOCK))
}

/// The socket's domain, as it was made.
pub fn domain(vm: &Vm, v: &Value) -> i32 {
    this(vm, v).family
}

// ---- waiting ----

/// Until when a call waits that begins now.
pub fn patience(vm: &mut Vm, v: &Value, flags: i32) -> PyResult<Patience> {
    let timeout = this(vm, v).timeout;
    Ok(match timeout {
        _ if flags & libc::MSG_DONTWAIT != 0 => Patience::None,
        Some(0) => Patience::None,
        Some(ns) => Patience::Until(Some(vm.now().saturating_add(ns))),
        None if !handle(vm, v)?.blocking() => Patience::None,
        None => Patience::Until(None),
    })
}

/// What a wait is for, in reports.
fn describe(file: &Handle, want: Interest) -> String {
    let Some(socket) = file.socket() else { return "a socket".to_owned() };
    let shown = |address: OsResult<Address>| address.map(|a| a.shown()).unwrap_or_default();
    match (socket.peer(), want.contains(Interest::READ)) {
        (Ok(Address::Unix(path)), true) if path.is_empty() => "data in a local socket".to_owned(),
        (Ok(Address::Unix(path)), false) if path.is_empty() => "room in a local socket".to_owned(),
        (Ok(peer), true) => format!("data from {}", peer.shown()),
        (Ok(peer), false) => format!("room for data to {}", peer.shown()),
        (Err(_), true) if file.outside() => format!("a connection to {}", shown(socket.local())),
        (Err(_), true) => format!("data at {}", shown(socket.local())),
        (Err(_), false) => "a connection".to_owned(),
    }
}

/// Runs a call of the network without the GIL, waiting as often as it answers `EAGAIN`; a signal's handler runs in between. The inner
/// result is the system's error.
pub fn attempt<R>(
    vm: &mut Vm,
    file: &Handle,
    want: Interest,
    patience: Patience,
    mut step: impl FnMut(&dyn Socket) -> OsResult<R>,
) -> PyResult<Result<R, Stop>> {
    let here = vm.at_this_place(Blocked::new(WaitKind::Io, 0));
    loop {
        let result = vm.without_gil(Cause::Io, |world, me| {
            let why = || Blocked { note: describe(file, want).into(), ..here.clone() };
            net::until_ready(world, me, file, want, patience, &why, || step(socket_of(file)?))
        })?;
        match result {
            Err(Stop::Error(e)) if e.errno == libc::EINTR => vm.run_signal_handlers()?,
            Err(Stop::Error(e)) if e.errno == libc::ECANCELED => return Err(Raised::KILLED),
            result => return Ok(result),
        }
    }
}

/// The exception for why a call came to nothing.
pub fn stopped(vm: &mut Vm, stop: Stop) -> Raised {
    match stop {
        Stop::TimedOut => vm.err(Exc::TimeoutError, "timed out"),
        Stop::Error(e) => vm.os_error(e, None),
    }
}

/// [`attempt`] with the socket's own timeout; errors are raised.
pub fn call<R>(vm: &mut Vm, v: &Value, want: Interest, flags: i32, step: impl FnMut(&dyn Socket) -> OsResult<R>) -> PyResult<R> {
    let file = handle(vm, v)?;
    let patience = patience(vm, v, flags)?;
    match attempt(vm, &file, want, patience, step)? {
        Ok(r) => Ok(r),
        Err(stop) => Err(stopped(vm, stop)),
    }
}

/// A call that never waits.
fn at_once<R>(vm: &mut Vm, v: &Value, step: impl FnMut(&dyn Socket) -> OsResult<R>) -> PyResult<R> {
    let file = handle(vm, v)?;
    match attempt(vm, &file, Interest::NONE, Patience::None, step)? {
        Ok(r) => Ok(r),
        Err(stop) => Err(stopped(vm, stop)),
    }
}

// ---- life ----

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let timeout = default_timeout(vm)?;
    Ok(vm.new_of(&args[0], Sock { timeout, ..CLOSED }))
}

/// `socket(family=-1, type=-1, proto=-1, fileno=None)`
fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [family, kind, proto] = [vm.to_i32(&args[1])?, vm.to_i32(&args[2])?, vm.to_i32(&args[3])?];
    let made = match args[4].is_none() {
        true => {
            let pick = |given: i32, default: i32| if given == -1 { default } else { given };
            open(vm, pick(family, libc::AF_INET), pick(kind, libc::SOCK_STREAM), pick(proto, 0))?
        }
        false => adopt(vm, &args[4], family, kind, proto)?,
    };
    vm.touch_write(&args[0], Part::Whole);
    if let Some(sock) = args[0].borrow_mut::<Sock>(vm) {
        *sock = made;
    }
    Ok(Value::NONE)
}

fn open(vm: &mut Vm, family: i32, kind: i32, proto: i32) -> PyResult<Sock> {
    let plain = kind & !(libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC);
    let wanted = SocketKind { domain: family, kind: plain, protocol: proto };
    vm.may_use_network()?;
    let made: OsResult<Handle> = vm.without_gil(Cause::Io, |world, _| world.socket(wanted))?;
    let file = made.map_err(|e| vm.os_error(e, None))?;
    let timeout = if kind & libc::SOCK_NONBLOCK != 0 { Some(0) } else { default_timeout(vm)? };
    let _ = file.set_blocking(timeout.is_none());
    let fd = enter(vm, file, libc::O_RDWR)?;
    Ok(Sock { fd, family, kind: plain, proto, timeout })
}

/// A socket object for a descriptor that is open already.
fn adopt(vm: &mut Vm, fileno: &Value, family: i32, kind: i32, proto: i32) -> PyResult<Sock> {
    if fileno.is_float() {
        return Err(vm.type_error("integer argument expected, got float"));
    }
    let fd = vm.to_i32(fileno)?;
    if fd < 0 {
        return Err(vm.value_error("negative file descriptor"));
    }
    let Some(file) = vm.iso().process.fd(fd).map(|d| d.file.clone()) else { return Err(vm.os_error(OsError::new(libc::EBADF), None)) };
    let own = match socket_of(&file) {
        Ok(socket) => socket.kind(),
        Err(e) => return Err(vm.os_error(e, None)),
    };
    let pick = |given: i32, own: i32| if given == -1 { own } else { given };
    let timeout = if file.blocking() { default_timeout(vm)? } else { Some(0) };
    let kind = pick(kind, own.kind) & !(libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC);
    Ok(Sock { fd, family: pick(family, own.domain), kind, proto: pick(proto, own.protocol), timeout })
}

/// `socketpair(family, type, proto)`
pub fn socketpair(vm: &mut Vm, args: &[Value]) -> PyResult {
    let [family, kind, proto] = [vm.to_i32(&args[0])?, vm.to_i32(&args[1])?, vm.to_i32(&args[2])?];
    let plain = kind & !(libc::SOCK_NONBLOCK | libc::SOCK_CLOEXEC);
    let wanted = SocketKind { domain: family, kind: plain, protocol: proto };
    let made: OsResult<(Handle, Handle)> = vm.without_gil(Cause::Io, |world, _| world.socket_pair(wanted))?;
    let (a, b) = made.map_err(|e| vm.os_error(e, None))?;
    let class = vm.native_type(&SOCKET);
    let mut both = Vec::new();
    for file in [a, b] {
        let timeout = default_timeout(vm)?;
        let _ = file.set_blocking(timeout.is_none());
        let fd = enter(vm, file, libc::O_RDWR)?;
        both.push(vm.new_of(&class, Sock { fd, family, kind: plain, proto, timeout }));
    }
    Ok(vm.new_tuple(both))
}

/// Takes the descriptor out of the object.
fn give_up(vm: &mut Vm, v: &Value) -> i32 {
    vm.touch_write(v, Part::Whole);
    v.borrow_mut::<Sock>(vm).map_or(-1, |sock| std::mem::replace(&mut sock.fd, -1))
}

/// Closes a descriptor; the last handle's end is a call into the OS.
fn close_number(vm: &mut Vm, fd: i32) -> PyResult<bool> {
    let mut last = vm.iso_mut().process.close(fd);
    let was_open = last.is_some();
    vm.without_gil(Cause::Io, |_, _| drop(last.take()))?;
    Ok(was_open)
}

fn close(vm: &mut Vm, args: &[Value]) -> PyResult {
    let fd = give_up(vm, &args[0]);
    if fd >= 0 && !close_number(vm, fd)? {
        return Err(vm.os_error(OsError::new(libc::EBADF), None));
    }
    Ok(Value::NONE)
}

fn finalize(vm: &mut Vm, args: &[Value]) -> PyResult {
    if this(vm, &args[0]).fd < 0 {
        return Ok(Value::NONE);
    }
    warn_unclosed(vm, &args[0])?;
    let fd = give_up(vm, &args[0]);
    close_number(vm, fd)?;
    Ok(Value::NONE)
}

fn warn_unclosed(vm: &mut Vm, v: &Value) -> PyResult<()> {
    let text = vm.repr_text(v)?;
    let Ok(warn) = vm.import("warnings").and_then(|m| vm.attr(&m, "warn")) else { return Ok(()) };
    let args = [vm.new_str(format!("unclosed {text}")), vm.exc_type(Exc::ResourceWarning).clone(), Value::i32(1), v.clone()];
    match vm.call(&warn, &args) {
        Err(e) if e.is_killed() => Err(e),
        // a filter that makes an error of it cannot be obeyed here
        _ => Ok(()),
    }
}

/// `_socket.close(fd)`
pub fn close_fd(vm: &mut Vm, args: &[Value]) -> PyResult {
    let fd = vm.to_i32(&args[0])?;
    if close_number(vm, fd)? { Ok(Value::NONE) } else { Err(vm.os_error(OsError::new(libc::EBADF), None)) }
}

/// `_socket.dup(fd)`
pub fn dup_fd(vm: &mut Vm, args: &[Value]) -> PyResult {
    let fd = vm.to_i32(&args[0])?;
    match vm.iso().process.fd(fd).map(|d| d.file.clone()) {
        Some(file) if file.socket().is_some() => Ok(Value::i32(enter(vm, file, libc::O_RDWR)?)),
        Some(_) => Err(vm.os_error(OsError::new(libc::ENOTSOCK), None)),
        None => Err(vm.os_error(OsError::new(libc::EBADF), None)),
    }
}

fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let s = this(vm, &args[0]);
    let text = format!("<socket object, fd={}, family={}, type={}, proto={}>", s.fd, s.family, s.kind, s.proto);
    Ok(vm.new_str(text))
}

// ---- timeouts ----

fn parse_timeout(vm: &mut Vm, v: &Value) -> PyResult<Option<Ns>> {
    if v.is_none() {
        return Ok(None);
    }
    if !v.is_float() && vm.to_f64(v).is_err() || !v.is_float() && !vm.is_index(v) && !gilbert_vm::builtins::is_int(v) {
        let t = vm.type_name(v);
        return Err(vm.type_error(format!("'{t}' object cannot be interpreted as an integer")));
    }
    let seconds = vm.seconds(v)?;
    if seconds < 0.0 { Err(vm.value_error("Timeout value out of range")) } else { Ok(Some((seconds * 1e9).ceil() as Ns)) }
}

fn timeout_value(timeout: Option<Ns>) -> Value {
    timeout.map_or(Value::NONE, |ns| Value::float(ns as f64 / 1e9))
}

fn default_timeout(vm: &mut Vm) -> PyResult<Option<Ns>> {
    match vm.iso().state.get(DEFAULT_TIMEOUT).cloned() {
        Some(v) => parse_timeout(vm, &v),
        None => Ok(None),
    }
}

pub fn getdefaulttimeout(vm: &mut Vm, _: &[Value]) -> PyResult {
    Ok(timeout_value(default_timeout(vm)?))
}

pub fn setdefaulttimeout(vm: &mut Vm, args: &[Value]) -> PyResult {
    let timeout = parse_timeout(vm, &args[0])?;
    vm.iso_mut().state.insert(DEFAULT_TIMEOUT, timeout_value(timeout));
    Ok(Value::NONE)
}

fn set_timeout(vm: &mut Vm, v: &Value, timeout: Option<Ns>) -> PyResult {
    let file = handle(vm, v)?;
    let _ = file.set_blocking(timeout.is_none());
    vm.touch_write(v, Part::Whole);
    if let Some(sock) = v.borrow_mut::<Sock>(vm) {
        sock.timeout = timeout;
    }
    Ok(Value::NONE)
}

// ---- names and connections ----

fn bind(vm: &mut Vm, args: &[Value]) -> PyResult {
    let family = domain(vm, &args[0]);
    let to = from_python(vm, &args[1], family, "bind")?;
    if let Address::Unix(path) = &to
        && path.first().is_some_and(|b| *b != 0)
        && vm.iso().world.simulated()
    {
        make_node(vm, path)?;
    }
    at_once(vm, &args[0], |s| s.bind(&to))?;
    Ok(Value::NONE)
}

/// In the simulated world the name of a local socket is a file of the overlay; its being there is what tells that it is in use.
fn make_node(vm: &mut Vm, path: &[u8]) -> PyResult<()> {
    use std::os::unix::ffi::OsStrExt;
    let path = vm.iso().process.absolute(std::path::Path::new(std::ffi::OsStr::from_bytes(path)));
    let mode = 0o777 & !vm.iso().process.umask;
    let made = vm.without_gil(Cause::Io, |world, me| world.open(me, &path, libc::O_CREAT | libc::O_EXCL | libc::O_RDWR, mode).map(drop))?;
    made.map_err(|e| {
        let errno = if e.errno == libc::EEXIST { libc::EADDRINUSE } else { e.errno };
        vm.os_error(OsError::new(errno), None)
    })
}

fn listen(vm: &mut Vm, args: &[Value]) -> PyResult {
    let backlog = vm.to_i32(&args[1])?.max(0);
    at_once(vm, &args[0], |s| s.listen(backlog))?;
    Ok(Value::NONE)
}

fn accept(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (file, from) = call(vm, &args[0], Interest::READ, 0, |s| s.accept())?;
    let fd = enter(vm, file, libc::O_RDWR)?;
    let parts = vec![Value::i32(fd), to_python(vm, &from)?];
    Ok(vm.new_tuple(parts))
}

/// Connects: the first call begins it, the next ones tell how it went.
fn connect_to(vm: &mut Vm, v: &Value, to: &Address) -> PyResult<Result<(), Stop>> {
    let file = handle(vm, v)?;
    let patience = patience(vm, v, 0)?;
    let waits = patience != Patience::None;
    let mut begun = false;
    attempt(vm, &file, Interest::WRITE, patience, |s| match s.connect(to) {
        Err(e) if begun && e.errno == libc::EISCONN => Ok(()),
        Err(e) if waits && matches!(e.errno, libc::EINPROGRESS | libc::EALREADY) => {
            begun = true;
            Err(OsError::new(libc::EAGAIN))
        }
        result => result,
    })
}

fn target(vm: &mut Vm, args: &[Value], caller: &str) -> PyResult<Address> {
    let family = domain(vm, &args[0]);
    from_python(vm, &args[1], family, caller)
}

fn connect(vm: &mut Vm, args: &[Value]) -> PyResult {
    let to = target(vm, args, "connect")?;
    match connect_to(vm, &args[0], &to)? {
        Ok(()) => Ok(Value::NONE),
        Err(stop) => Err(stopped(vm, stop)),
    }
}

fn connect_ex(vm: &mut Vm, args: &[Value]) -> PyResult {
    let to = target(vm, args, "connect_ex")?;
    let errno = match connect_to(vm, &args[0], &to)? {
        Ok(()) => 0,
        Err(Stop::TimedOut) => libc::EAGAIN,
        Err(Stop::Error(e)) => e.errno,
    };
    Ok(Value::i32(errno))
}

fn getsockname(vm: &mut Vm, args: &[Value]) -> PyResult {
    let address = at_once(vm, &args[0], |s| s.local())?;
    to_python(vm, &address)
}

fn getpeername(vm: &mut Vm, args: &[Value]) -> PyResult {
    let address = at_once(vm, &args[0], |s| s.peer())?;
    to_python(vm, &address)
}

fn shutdown(vm: &mut Vm, args: &[Value]) -> PyResult {
    let how = vm.to_i32(&args[1])?;
    at_once(vm, &args[0], |s| s.shutdown(how))?;
    Ok(Value::NONE)
}

fn setblocking(vm: &mut Vm, args: &[Value]) -> PyResult {
    let on = vm.truthy(&args[1])?;
    set_timeout(vm, &args[0], if on { None } else { Some(0) })
}

fn settimeout(vm: &mut Vm, args: &[Value]) -> PyResult {
    let timeout = parse_timeout(vm, &args[1])?;
    set_timeout(vm, &args[0], timeout)
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, /, *args, **kwargs)", new),
    method("__init__(self, family=-1, type=-1, proto=-1, fileno=None)", init),
    method("__repr__(self, /)", repr),
    method("__del__(self, /)", finalize),
    method("_accept(self, /)", accept),
    method("bind(self, address, /)", bind),
    method("close(self, /)", close),
    method("connect(self, address, /)", connect),
    method("connect_ex(self, address, /)", connect_ex),
    method("detach(self, /)", |vm, a| Ok(Value::i32(give_up(vm, &a[0])))),
    method("fileno(self, /)", |vm, a| Ok(Value::i32(this(vm, &a[0]).fd))),
    method("getpeername(self, /)", getpeername),
    method("getsockname(self, /)", getsockname),
    method("getsockopt(self, level, option, buffersize=0, /)", options::getsockopt),
    method("setsockopt(self, level, option, value, optlen=NULL, /)", options::setsockopt),
    method("listen(self, backlog=128, /)", listen),
    method("shutdown(self, how, /)", shutdown),
    method("setblocking(self, flag, /)", setblocking),
    method("getblocking(self, /)", |vm, a| Ok(Value::bool(this(vm, &a[0]).timeout != Some(0)))),
    method("settimeout(self, timeout, /)", settimeout),
    method("gettimeout(self, /)", |vm, a| Ok(timeout_value(this(vm, &a[0]).timeout))),
    method("recv(self, buffersize, flags=0, /)", transfer::recv),
    method("recv_into(self, buffer, nbytes=0, flags=0)", transfer::recv_into),
    method("recvfrom(self, buffersize, flags=0, /)", transfer::recvfrom),
    method("recvfrom_into(self, buffer, nbytes=0, flags=0)", transfer::recvfrom_into),
    method("recvmsg(self, bufsize, ancbufsize=0, flags=0, /)", transfer::recvmsg),
    method("recvmsg_into(self, buffers, ancbufsize=0, flags=0, /)", transfer::recvmsg_into),
    method("send(self, data, flags=0, /)", transfer::send),
    method("sendall(self, data, flags=0, /)", transfer::sendall),
    method("sendto(self, /, *args)", transfer::sendto),
    method("sendmsg(self, buffers, ancdata=None, flags=0, address=None, /)", transfer::sendmsg),
];

/// `_socket.socket`
pub static SOCKET: TypeDef = TypeDef::new("_socket.socket", layout_of::<Sock>())
    .flags(flags::BASE)
    .doc("socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object")
    .methods(METHODS)
    .getset(&[
        getter("family", |vm, v| Ok(Value::i32(this(vm, v).family))),
        getter("type", |vm, v| Ok(Value::i32(this(vm, v).kind))),
        getter("proto", |vm, v| Ok(Value::i32(this(vm, v).proto))),
        getter("timeout", |vm, v| Ok(timeout_value(this(vm, v).timeout))),
    ]);
