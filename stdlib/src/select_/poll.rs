//! `select.poll` objects.

use super::{descriptor, open_file, poll_files};
use gilbert_vm::error::{Exc, PyResult};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload, layout_of};
use gilbert_vm::probe::Part;
use gilbert_vm::types::native::method;
use gilbert_vm::types::type_::flags;
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::{Interest, OsError, PollEntry};
use std::collections::BTreeMap;

/// Events by name; the same bits as the interests of the world, as Linux numbers them.
pub static CONSTANTS: &[(&str, i64)] = &[
    ("POLLIN", 1),
    ("POLLPRI", 2),
    ("POLLOUT", 4),
    ("POLLERR", 8),
    ("POLLHUP", 16),
    ("POLLNVAL", 32),
    ("POLLRDNORM", 64),
    ("POLLRDBAND", 128),
    ("POLLWRNORM", 256),
    ("POLLWRBAND", 512),
    ("POLLMSG", 1024),
    ("POLLRDHUP", 8192),
];

const PAIRS: [(u32, Interest); 6] = [
    (1 | 64, Interest::READ),
    (2 | 128, Interest::PRIORITY),
    (4 | 256, Interest::WRITE),
    (8, Interest::ERROR),
    (16, Interest::HANG_UP),
    (8192, Interest::PEER_CLOSED),
];

/// What a mask of events asks for.
pub fn interest_of(events: u32) -> Interest {
    PAIRS.iter().fold(Interest::NONE, |all, (bits, interest)| all | interest.when(events & bits != 0))
}

/// The mask of what came, of those bits that were asked for.
pub fn events_of(got: Interest, asked: u32) -> u32 {
    PAIRS.iter().filter(|(_, interest)| got.contains(*interest)).fold(0, |all, (bits, _)| all | bits & (asked | 8 | 16))
}

/// The payload of a poll object.
#[derive(Clone, Default)]
struct Poll {
    /// Events asked for, by descriptor.
    asked: BTreeMap<i32, u32>,
    running: bool,
}

impl Payload for Poll {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Poll {
        self.clone()
    }
}

static POLL: TypeDef = TypeDef::new("select.poll", layout_of::<Poll>()).flags(flags::NO_NEW).doc("Returns a polling object.").methods(&[
    method("register(self, fd, eventmask=7, /)", register),
    method("modify(self, fd, eventmask, /)", modify),
    method("unregister(self, fd, /)", unregister),
    method("poll(self, timeout=None, /)", poll),
]);

/// `select.poll()`
pub fn new(vm: &mut Vm, _: &[Value]) -> PyResult {
    let class = vm.native_type(&POLL);
    Ok(vm.new_of(&class, Poll::default()))
}

fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Poll {
    vm.touch_write(v, Part::Whole);
    v.borrow_mut::<Poll>(vm).expect("a poll object")
}

fn mask(vm: &mut Vm, v: &Value) -> PyResult<u32> {
    let n = vm.to_i64(v)?;
    match u16::try_from(n) {
        Ok(n) => Ok(u32::from(n)),
        Err(_) if n < 0 => Err(vm.value_error("value must be positive")),
        Err(_) => Err(vm.err(Exc::OverflowError, "Python int too large to convert to C unsigned short")),
    }
}

fn register(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (fd, events) = (descriptor(vm, &args[1])?, mask(vm, &args[2])?);
    this(vm, &args[0]).asked.insert(fd, events);
    Ok(Value::NONE)
}

fn modify(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (fd, events) = (descriptor(vm, &args[1])?, mask(vm, &args[2])?);
    match this(vm, &args[0]).asked.get_mut(&fd) {
        Some(asked) => {
            *asked = events;
            Ok(Value::NONE)
        }
        None => Err(vm.os_error(OsError::new(libc::ENOENT), None)),
    }
}

fn unregister(vm: &mut Vm, args: &[Value]) -> PyResult {
    let fd = descriptor(vm, &args[1])?;
    match this(vm, &args[0]).asked.remove(&fd) {
        Some(_) => Ok(Value::NONE),
        None => Err(vm.key_error(&Value::i32(fd))),
    }
}

fn poll(vm: &mut Vm, args: &[Value]) -> PyResult {
    let deadline = match args[1].is_none() {
        true => None,
        false => {
            let ms = vm.to_f64(&args[1])?;
            if ms > f64::from(i32::MAX) {
                return Err(vm.err(Exc::OverflowError, "timeout is too large"));
            }
            (ms >= 0.0).then(|| vm.after(ms.ceil() / 1000.0))
        }
    };
    if this(vm, &args[0]).running {
        return Err(vm.err(Exc::RuntimeError, "concurrent poll() invocation"));
    }
    let asked = this(vm, &args[0]).asked.clone();
    this(vm, &args[0]).running = true;
    let result = poll_these(vm, &asked, deadline);
    this(vm, &args[0]).running = false;
    let ready = result?;
    let pairs = ready.into_iter().map(|(fd, events)| vm.new_tuple(vec![Value::i32(fd), Value::i32(events as i32)])).collect();
    Ok(vm.new_list(pairs))
}

fn poll_these(vm: &mut Vm, asked: &BTreeMap<i32, u32>, deadline: Option<u64>) -> PyResult<Vec<(i32, u32)>> {
    let (mut entries, mut ready) = (Vec::new(), Vec::new());
    for (&fd, &events) in asked {
        match open_file(vm, fd) {
            Some(file) => entries.push((fd, PollEntry::new(file, interest_of(events)))),
            // POLLNVAL
            None => ready.push((fd, 32)),
        }
    }
    let deadline = if ready.is_empty() { deadline } else { Some(vm.now()) };
    let mut files: Vec<PollEntry> = entries.iter().map(|(_, entry)| entry.clone()).collect();
    poll_files(vm, &mut files, deadline)?;
    for ((fd, _), entry) in entries.iter().zip(&files) {
        let events = events_of(entry.got, asked[fd]);
        if events != 0 {
            ready.push((*fd, events));
        }
    }
    ready.sort_unstable();
    Ok(ready)
}
