//! `_gevent`: what the hub of `gevent` (written in Python, `stdlib/python/lib/gevent`) needs of the machine: a wait for thousands of
//! descriptors, a deadline and a call from another thread at once.

use gilbert_vm::error::{PyResult, Raised};
use gilbert_vm::gil::{Cause, pending};
use gilbert_vm::image::TypeDef;
use gilbert_vm::object::{Changes, Cloner, Payload, layout_of};
use gilbert_vm::types::native::{NativeDef, getter, method, static_method};
use gilbert_vm::value::Value;
use gilbert_vm::vm::Vm;
use gilbert_vm::world::ready::Interest;
use gilbert_vm::world::{Blocked, File, OsError, PollMode, Poller, Tid, WaitKind, Wake};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Events taken from the poller at once.
const AT_ONCE: usize = 1024;

/// Makes the module.
pub fn init(vm: &mut Vm) -> PyResult {
    let m = vm.new_module("_gevent", "The machine's part of gevent.", &[]);
    vm.module_add_type(&m, &DEF);
    for (name, bit) in [("READ", Interest::READ), ("WRITE", Interest::WRITE)] {
        vm.module_set(&m, name, Value::i32(i32::from(bit.0)));
    }
    Ok(m)
}

/// The payload of `_gevent.Events`.
struct Events {
    poller: Arc<Poller>,
    /// The thread whose hub waits.
    owner: Tid,
    /// What each descriptor is watched for.
    watched: BTreeMap<i32, Interest>,
    /// The owner is in [`wait`] now.
    waiting: bool,
}

impl Payload for Events {
    const CHANGES: Changes<Self> = Changes::OUTSIDE;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Events {
        // a forked process begins with a hub of its own
        Events { poller: Poller::new(), owner: self.owner, watched: BTreeMap::new(), waiting: false }
    }
}

static METHODS: &[NativeDef] = &[
    static_method("__new__(cls, /)", |vm, a| {
        let owner = vm.tid();
        Ok(vm.new_of(&a[0], Events { poller: Poller::new(), owner, watched: BTreeMap::new(), waiting: false }))
    }),
    method("watch(self, fd, events, /)", watch).doc("Watches a descriptor for READ, WRITE or both; 0 ends it."),
    method("wait(self, timeout=None, /)", wait)
        .doc("Waits for events, `timeout` seconds, or wake(); a list of (descriptor, events). None waits for good, 0 only looks."),
    method("wake(self, /)", wake).doc("Ends the wait of the thread that made this, now or the next one."),
    method("__len__(self, /)", |vm, a| Ok(Value::small_wrap(this(vm, &a[0]).watched.len() as i64))),
];

/// `_gevent.Events`
static DEF: TypeDef = TypeDef::new("_gevent.Events", layout_of::<Events>())
    .doc("Descriptors to be watched, and the wait for them.")
    .methods(METHODS)
    .getset(&[getter("outside", |vm, e| Ok(Value::bool(this(vm, e).poller.outside())))]);

fn this<'a>(vm: &'a mut Vm, e: &'a Value) -> &'a mut Events {
    e.borrow_mut::<Events>(vm).expect("a native's own instance")
}

fn watch(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (fd, bits) = (vm.to_i64(&args[1])?, vm.to_i64(&args[2])?);
    let fd = i32::try_from(fd).unwrap_or(-1);
    let want = Interest(bits as u8) & (Interest::READ | Interest::WRITE);
    let file = vm.iso().process.fd(fd).map(|d| d.file.clone());
    let e = this(vm, &args[0]);
    let poller = e.poller.clone();
    let known = e.watched.contains_key(&fd);
    if want.is_empty() {
        e.watched.remove(&fd);
        // a closed one is no entry any more
        let _ = poller.remove(fd as u64);
        return Ok(Value::NONE);
    }
    let Some(file) = file else {
        e.watched.remove(&fd);
        return Err(vm.os_error(OsError::new(libc::EBADF), None));
    };
    e.watched.insert(fd, want);
    let mode = PollMode::default();
    let changed = if known { poller.modify(fd as u64, want, mode) } else { Err(OsError::new(libc::ENOENT)) };
    let result = match changed {
        Err(e) if e.errno == libc::ENOENT => poller.add(fd as u64, &file, want, mode),
        r => r,
    };
    if let Err(error) = result {
        this(vm, &args[0]).watched.remove(&fd);
        return Err(vm.os_error(error, None));
    }
    Ok(Value::NONE)
}

fn wait(vm: &mut Vm, args: &[Value]) -> PyResult {
    let deadline = if args[1].is_none() {
        None
    } else {
        let seconds = vm.to_f64(&args[1])?;
        // what does not fit is beyond anybody's patience
        Some(vm.now().saturating_add((seconds.max(0.0) * 1e9) as u64))
    };
    let poller = this(vm, &args[0]).poller.clone();
    let now = args[1].as_small() == Some(0);
    let found = if now { poller.collect(AT_ONCE).map(|found| (Wake::Unparked, found)) } else { wait_long(vm, &args[0], &poller, deadline)? };
    match found {
        Ok((Wake::Killed, _)) => Err(Raised::KILLED),
        Ok((Wake::Interrupted, _)) => {
            vm.gil.clear_pending(pending::SIGNAL);
            vm.run_signal_handlers()?;
            Ok(vm.new_list(Vec::new()))
        }
        Ok((_, found)) => {
            let pairs = found.into_iter().map(|(fd, got)| vm.new_tuple(vec![Value::small_wrap(fd as i64), Value::i32(i32::from(got.0))])).collect();
            Ok(vm.new_list(pairs))
        }
        Err(e) => Err(vm.os_error(e, None)),
    }
}

type Found = Result<(Wake, Vec<(u64, Interest)>), OsError>;

fn wait_long(vm: &mut Vm, events: &Value, poller: &Arc<Poller>, deadline: Option<u64>) -> PyResult<Found> {
    let mut why = Blocked { note: "what its gevent hub waits for".into(), outside: poller.outside(), ..Blocked::new(WaitKind::Greenlet, 0) };
    (why.at, why.within) = vm.main_greenlet_place();
    this(vm, events).waiting = true;
    let poller = poller.clone();
    let result = vm.without_gil(Cause::Io, move |world, me| poller.wait(world, me, deadline, AT_ONCE, &why));
    this(vm, events).waiting = false;
    result
}

fn wake(vm: &mut Vm, args: &[Value]) -> PyResult {
    let e = this(vm, &args[0]);
    // whoever does not wait looks before it does
    let owner = e.waiting.then_some(e.owner);
    vm.wake(owner);
    Ok(Value::NONE)
}
