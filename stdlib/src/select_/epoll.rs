//! `select.epoll` objects: a standing poller under a descriptor of its own.

use super::poll::{events_of, interest_of};
use super::{descriptor, open_file, wait_for, waiting_for};
use crate::posix::fds::enter;
use gilbert_vm::error::{PyResult, Raised};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload, layout_of};
use gilbert_vm::probe::Part;
use gilbert_vm::types::native::{getter, method, static_method};
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{OsError, OsResult, PollMode, Poller, Wake};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Events by name, as Linux numbers them.
pub static CONSTANTS: &[(&str, i64)] = &[
    ("EPOLLIN", 1),
    ("EPOLLPRI", 2),
    ("EPOLLOUT", 4),
    ("EPOLLERR", 8),
    ("EPOLLHUP", 16),
    ("EPOLLRDNORM", 64),
    ("EPOLLRDBAND", 128),
    ("EPOLLWRNORM", 256),
    ("EPOLLWRBAND", 512),
    ("EPOLLMSG", 1024),
    ("EPOLLRDHUP", 8192),
    ("EPOLLEXCLUSIVE", 1 << 28),
    ("EPOLLWAKEUP", 1 << 29),
    ("EPOLLONESHOT", ONE_SHOT as i64),
    ("EPOLLET", EDGE as i64),
    ("EPOLL_CLOEXEC", libc::EPOLL_CLOEXEC as i64),
];

const ONE_SHOT: u32 = 1 << 30;
const EDGE: u32 = 1 << 31;
/// Events of one wait, if the caller names no number (`FD_SETSIZE - 1`).
const MOST: usize = 1023;

/// The payload of an epoll object.
#[derive(Clone)]
struct Epoll {
    /// `None`: closed.
    poller: Option<Arc<Poller>>,
    fd: i32,
    /// What was asked for, by descriptor: bits that the world does not tell apart come back as they were asked for.
    asked: BTreeMap<i32, u32>,
}

impl Payload for Epoll {
    const CHANGES: Changes<Self> = Changes::OUTSIDE;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Epoll {
        self.clone()
    }
    fn wants_finalizer(&self) -> bool {
        self.poller.is_some()
    }
}

/// `select.epoll`
pub static EPOLL: TypeDef = TypeDef::new("select.epoll", layout_of::<Epoll>())
    .flags(flags::BASE)
    .doc("Returns an epolling object.")
    .methods(&[
        static_method("__new__(cls, sizehint=-1, flags=0)", new),
        static_method("fromfd(fd, /)", fromfd),
        method("__del__(self, /)", close),
        method("__enter__(self, /)", enter_context),
        method("__exit__(self, exc_type=None, exc_value=None, exc_tb=None, /)", close),
        method("close(self, /)", close),
        method("fileno(self, /)", fileno),
        method("register(self, fd, eventmask=7)", register),
        method("modify(self, fd, eventmask)", modify),
        method("unregister(self, fd)", unregister),
        method("poll(self, timeout=None, maxevents=-1)", poll),
    ])
    .getset(&[getter("closed", |vm, v| Ok(Value::bool(v.borrow::<Epoll>(vm).is_none_or(|e| e.poller.is_none()))))]);

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (size, wanted) = (vm.to_i32(&args[1])?, vm.to_i32(&args[2])?);
    if size != -1 && size <= 0 {
        return Err(vm.value_error("negative sizehint"));
    }
    if wanted & !libc::EPOLL_CLOEXEC != 0 {
        return Err(vm.os_error(OsError::new(libc::EINVAL), None));
    }
    let poller = Poller::new();
    let fd = enter(vm, poller.clone(), libc::O_RDWR)?;
    Ok(vm.new_of(&args[0], Epoll { poller: Some(poller), fd, asked: BTreeMap::new() }))
}

/// `epoll.fromfd(fd)`: another object upon a poller that is open already.
fn fromfd(vm: &mut Vm, args: &[Value]) -> PyResult {
    let fd = vm.to_i32(&args[0])?;
    let poller = open_file(vm, fd).and_then(|file| file.as_any().downcast_ref::<Poller>().and_then(Poller::shared));
    let Some(poller) = poller else { return Err(vm.os_error(OsError::new(libc::EBADF), None)) };
    let class = vm.native_type(&EPOLL);
    Ok(vm.new_of(&class, Epoll { poller: Some(poller), fd, asked: BTreeMap::new() }))
}

fn closed(vm: &mut Vm) -> Raised {
    vm.value_error("I/O operation on closed epoll object")
}

fn poller(vm: &mut Vm, v: &Value) -> PyResult<Arc<Poller>> {
    vm.touch_read(v, Part::Whole);
    match v.borrow::<Epoll>(vm).and_then(|e| e.poller.clone()) {
        Some(poller) => Ok(poller),
        None => Err(closed(vm)),
    }
}

fn close(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.touch_write(&args[0], Part::Whole);
    let open = args[0].borrow_mut::<Epoll>(vm).and_then(|e| e.poller.take().map(|poller| (poller, e.fd)));
    if let Some((poller, fd)) = open {
        let closed = vm.iso_mut().process.close(fd);
        drop((closed, poller));
    }
    Ok(Value::NONE)
}

fn enter_context(vm: &mut Vm, args: &[Value]) -> PyResult {
    poller(vm, &args[0])?;
    Ok(args[0].clone())
}

fn fileno(vm: &mut Vm, args: &[Value]) -> PyResult {
    poller(vm, &args[0])?;
    Ok(Value::i32(args[0].borrow::<Epoll>(vm).map_or(-1, |e| e.fd)))
}

fn mode(events: u32) -> PollMode {
    PollMode { edge: events & EDGE != 0, once: events & ONE_SHOT != 0 }
}

fn events_arg(vm: &mut Vm, v: &Value) -> PyResult<u32> {
    let n = vm.to_i64(v)?;
    match u32::try_from(n) {
        Ok(n) => Ok(n),
        Err(_) if n < 0 => Err(vm.value_error("value must be positive")),
        Err(_) => Err(vm.err(gilbert_vm::error::Exc::OverflowError, "Python int too large to convert to C unsigned int")),
    }
}

fn note(vm: &mut Vm, v: &Value, fd: i32, events: u32) {
    vm.touch_write(v, Part::Whole);
    if let Some(e) = v.borrow_mut::<Epoll>(vm) {
        e.asked.insert(fd, events);
    }
}

fn done(vm: &mut Vm, result: OsResult<()>) -> PyResult {
    match result {
        Ok(()) => Ok(Value::NONE),
        Err(e) => Err(vm.os_error(e, None)),
    }
}

fn register(vm: &mut Vm, args: &[Value]) -> PyResult {
    let poller = poller(vm, &args[0])?;
    let (fd, events) = (descriptor(vm, &args[1])?, events_arg(vm, &args[2])?);
    let result = match open_file(vm, fd) {
        Some(file) => poller.add(fd as u64, &file, interest_of(events), mode(events)),
        None => Err(OsError::new(libc::EBADF)),
    };
    if result.is_ok() {
        note(vm, &args[0], fd, events);
    }
    done(vm, result)
}

fn modify(vm: &mut Vm, args: &[Value]) -> PyResult {
    let poller = poller(vm, &args[0])?;
    let (fd, events) = (descriptor(vm, &args[1])?, events_arg(vm, &args[2])?);
    let result = match open_file(vm, fd) {
        Some(_) => poller.modify(fd as u64, interest_of(events), mode(events)),
        None => Err(OsError::new(libc::EBADF)),
    };
    if result.is_ok() {
        note(vm, &args[0], fd, events);
    }
    done(vm, result)
}

fn unregister(vm: &mut Vm, args: &[Value]) -> PyResult {
    let poller = poller(vm, &args[0])?;
    let fd = descriptor(vm, &args[1])?;
    let result = match open_file(vm, fd) {
        Some(_) => poller.remove(fd as u64),
        None => Err(OsError::new(libc::EBADF)),
    };
    done(vm, result)
}

/// `poll(timeout=None, maxevents=-1)`
fn poll(vm: &mut Vm, args: &[Value]) -> PyResult {
    let poller = poller(vm, &args[0])?;
    let deadline = match args[1].is_none() {
        true => None,
        false => {
            let seconds = vm.seconds(&args[1])?;
            (seconds >= 0.0).then(|| vm.after(seconds))
        }
    };
    let most = match vm.to_i64(&args[2])? {
        -1 => MOST,
        n if n <= 0 => return Err(vm.value_error(format!("maxevents must be greater than 0, got {n}"))),
        n => n.min(1 << 16) as usize,
    };
    let why = waiting_for(vm, poller.len());
    let mut failed = None;
    let found = wait_for(vm, deadline, |world, me| match poller.wait(world, me, deadline, most, &why) {
        Ok((wake, found)) => (wake, (!found.is_empty()).then_some(found)),
        Err(e) => {
            failed = Some(e);
            (Wake::TimedOut, None)
        }
    })?;
    if let Some(e) = failed {
        return Err(vm.os_error(e, None));
    }
    let mut pairs = Vec::new();
    for (key, got) in found.unwrap_or_default() {
        let fd = key as i32;
        let asked = args[0].borrow::<Epoll>(vm).and_then(|e| e.asked.get(&fd).copied()).unwrap_or(0x1f | 8192);
        let events = events_of(got, asked);
        pairs.push(vm.new_tuple(vec![Value::i32(fd), Value::i32(events as i32)]));
    }
    Ok(vm.new_list(pairs))
}
