//! `_multiprocessing.SemLock`: a semaphore that processes share (`Modules/_multiprocessing/semaphore.c`).
//!
//! The semaphore itself is one for all processes of a machine; each process's object counts for itself how often it holds it and which
//! of its threads acquired it last. Whoever dies while holding it leaves it locked, as POSIX semaphores do.

use super::turnstile::{Ticket, Turnstile};
use crate::error::{Exc, PyResult, Raised};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Payload, layout_of};
use crate::start::Woken;
use crate::types::native::{NativeDef, class_method, getter, method, static_method};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Blocked, Ns, OsError, Site, Tid, WaitKind};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::{Arc, Weak};

/// The most permits a semaphore can have.
const MOST: usize = i32::MAX as usize;
/// `RECURSIVE_MUTEX` in `multiprocessing.synchronize`.
const RECURSIVE: i32 = 0;

/// Who has a lock that processes share.
#[derive(Clone)]
pub struct SharedHolder {
    /// The thread, unique in the machine.
    pub tid: Tid,
    /// Where it acquired the lock.
    pub at: Option<Site>,
}

/// The semaphore, shared by processes.
struct Sem {
    id: u64,
    /// 0: a mutex that its holder may acquire again; 1: a semaphore.
    kind: i32,
    most: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    turnstile: Turnstile,
    tickets: Ticket,
    holder: Option<SharedHolder>,
}

/// The machine's semaphores.
#[derive(Default)]
struct Sems(Mutex<Table>);

#[derive(Default)]
struct Table {
    last: u64,
    by_id: HashMap<u64, Weak<Sem>>,
    /// Those with a name, until it is taken from them.
    named: HashMap<String, Arc<Sem>>,
    tidy_at: usize,
}

impl Table {
    fn add(&mut self, kind: i32, value: usize, most: usize) -> Arc<Sem> {
        if self.by_id.len() >= self.tidy_at {
            self.by_id.retain(|_, sem| sem.strong_count() > 0);
            self.tidy_at = self.by_id.len() * 2 + 64;
        }
        self.last += 1;
        let state = State { turnstile: Turnstile::new(value), ..State::default() };
        let sem = Arc::new(Sem { id: self.last, kind, most, state: Mutex::new(state) });
        self.by_id.insert(sem.id, Arc::downgrade(&sem));
        sem
    }
}

/// The payload: one process's view of a semaphore.
pub struct SemLock {
    sem: Arc<Sem>,
    /// How often this process holds it; below 0 where others acquired what it released.
    count: i64,
    last: Option<Tid>,
    name: Option<String>,
}

impl Payload for SemLock {
    const CHANGES: Changes<Self> = Changes::OUTSIDE;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> SemLock {
        SemLock { sem: Arc::clone(&self.sem), count: self.count, last: self.last, name: self.name.clone() }
    }
}

impl SemLock {
    /// Permits that nobody has.
    pub fn free(&self) -> usize {
        self.sem.state.lock().turnstile.free()
    }
    /// Who holds it, as far as one can hold it.
    pub fn holder(&self) -> Option<SharedHolder> {
        let state = self.sem.state.lock();
        state.holder.clone().filter(|_| self.sem.most == 1 && state.turnstile.free() == 0)
    }
}

fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut SemLock {
    v.borrow_mut::<SemLock>(vm).expect("a native's own instance")
}
fn sems(vm: &Vm) -> Arc<Sems> {
    vm.iso().world.shelf().get::<Sems>()
}
fn is_mine(vm: &mut Vm, v: &Value) -> bool {
    let me = vm.tid();
    let s = this(vm, v);
    s.count > 0 && s.last == Some(me)
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (kind, value, most) = (vm.arg_int(&args[1])?, vm.arg_int(&args[2])?, vm.arg_int(&args[3])?);
    let (name, unlink) = (vm.expect_str(&args[4], "name")?, vm.truthy(&args[5])?);
    let (Ok(value), Ok(most), 0..=1) = (usize::try_from(value), usize::try_from(most), kind) else {
        return Err(vm.value_error("unrecognized kind"));
    };
    let all = sems(vm);
    let mut table = all.0.lock();
    if table.named.contains_key(&name) {
        drop(table);
        return Err(vm.os_error(OsError::new(libc::EEXIST), None));
    }
    let sem = table.add(kind, value, most);
    if !unlink {
        table.named.insert(name.clone(), Arc::clone(&sem));
    }
    drop(table);
    let name = Some(name).filter(|_| !unlink);
    Ok(vm.new_of(&args[0], SemLock { sem, count: 0, last: None, name }))
}
/// `_rebuild(handle, kind, maxvalue, name)`: the semaphore in another process.
fn rebuild(vm: &mut Vm, args: &[Value]) -> PyResult {
    let id = vm.to_i64(&args[1])? as u64;
    let name = if args[4].is_none() { None } else { Some(vm.expect_str(&args[4], "name")?) };
    let all = sems(vm);
    let found = {
        let table = all.0.lock();
        table.by_id.get(&id).and_then(Weak::upgrade)
    };
    match found {
        Some(sem) => Ok(vm.new_of(&args[0], SemLock { sem, count: 0, last: None, name })),
        None => Err(vm.os_error(OsError::new(libc::ENOENT), None)),
    }
}
/// `sem_unlink(name)`: the name is free again; who has the semaphore keeps it.
pub fn sem_unlink(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = vm.expect_str(&args[0], "name")?;
    let all = sems(vm);
    let found = all.0.lock().named.remove(&name);
    match found {
        Some(_) => Ok(Value::NONE),
        None => Err(vm.os_error(OsError::new(libc::ENOENT), None)),
    }
}

/// How long to wait: not at all, or until a time, or for ever.
fn patience(vm: &mut Vm, block: &Value, timeout: &Value) -> PyResult<Option<Option<Ns>>> {
    let block = vm.truthy(block)?;
    let deadline = if block { vm.deadline(timeout)? } else { None };
    Ok(Some(deadline).filter(|_| block))
}
fn acquire(vm: &mut Vm, args: &[Value]) -> PyResult {
    if this(vm, &args[0]).sem.kind == RECURSIVE && is_mine(vm, &args[0]) {
        this(vm, &args[0]).count += 1;
        return Ok(Value::TRUE);
    }
    let patience = patience(vm, &args[1], &args[2])?;
    take(vm, &args[0], patience).map(Value::bool)
}
fn take(vm: &mut Vm, v: &Value, patience: Option<Option<Ns>>) -> PyResult<bool> {
    let sem = Arc::clone(&this(vm, v).sem);
    let mut got = sem.state.lock().turnstile.try_take();
    if !got && let Some(deadline) = patience {
        got = vm.wait_for_sem(v, &sem, deadline)?;
    }
    if got {
        taken(vm, v, &sem);
    }
    Ok(got)
}
fn taken(vm: &mut Vm, v: &Value, sem: &Sem) {
    let me = vm.tid();
    let s = this(vm, v);
    (s.count, s.last) = (s.count + 1, Some(me));
    if sem.most == 1 {
        let at = vm.waiting_place().map(|(place, _)| place);
        sem.state.lock().holder = Some(SharedHolder { tid: me, at });
    }
    vm.sync_event(v, true);
}

impl Vm {
    #[cold]
    fn wait_for_sem(&mut self, v: &Value, sem: &Sem, deadline: Option<Ns>) -> PyResult<bool> {
        let me = self.tid();
        let ticket = {
            let mut state = sem.state.lock();
            state.tickets += 1;
            let ticket = state.tickets;
            state.turnstile.join(ticket, me);
            // it may have been released since we looked
            if state.turnstile.look(ticket) {
                return Ok(true);
            }
            ticket
        };
        let kind = match (sem.kind, sem.most) {
            (RECURSIVE, _) => WaitKind::RLock,
            (_, 1) => WaitKind::Lock,
            _ => WaitKind::Semaphore,
        };
        let why = Blocked { note: "of multiprocessing".into(), ..Blocked::new(kind, self.address_of(v)) };
        self.waits_for(crate::blame::WaitsFor::Object(v.clone()));
        let result = self.queue_for_sem(sem, ticket, deadline, &why);
        if !matches!(&result, Err(e) if e.is_killed()) {
            self.waits_for(crate::blame::WaitsFor::Nothing);
        }
        result
    }
    fn queue_for_sem(&mut self, sem: &Sem, ticket: Ticket, deadline: Option<Ns>, why: &Blocked) -> PyResult<bool> {
        let leave = |vm: &Vm| {
            // others may wait in other processes, also where we are killed
            let next = sem.state.lock().turnstile.leave(ticket);
            if let Some(tid) = next {
                vm.iso().world.unpark(tid);
            }
        };
        loop {
            match self.park(deadline, why.clone()) {
                Err(e) => {
                    leave(self);
                    return Err(e);
                }
                Ok(woken) => {
                    if sem.state.lock().turnstile.look(ticket) {
                        return Ok(true);
                    }
                    if woken == Woken::TimedOut {
                        leave(self);
                        return Ok(false);
                    }
                }
            }
        }
    }
}

fn release(vm: &mut Vm, args: &[Value]) -> PyResult {
    give(vm, &args[0])?;
    Ok(Value::NONE)
}
fn give(vm: &mut Vm, v: &Value) -> PyResult<()> {
    let mine = is_mine(vm, v);
    let s = this(vm, v);
    let sem = Arc::clone(&s.sem);
    if sem.kind == RECURSIVE {
        if !mine {
            return Err(vm.err(Exc::AssertionError, "attempt to release recursive lock not owned by thread"));
        }
        if s.count > 1 {
            s.count -= 1;
            return Ok(());
        }
    }
    let next = {
        let mut state = sem.state.lock();
        if state.turnstile.free() >= sem.most {
            drop(state);
            return Err(too_often(vm));
        }
        state.holder = None;
        state.turnstile.give()
    };
    this(vm, v).count -= 1;
    vm.sync_event(v, false);
    vm.wake(next);
    Ok(())
}
#[cold]
fn too_often(vm: &mut Vm) -> Raised {
    vm.value_error("semaphore or lock released too many times")
}
fn enter(vm: &mut Vm, args: &[Value]) -> PyResult {
    acquire(vm, &[args[0].clone(), Value::TRUE, Value::NONE])
}
fn value_of(vm: &mut Vm, v: &Value) -> usize {
    this(vm, v).sem.state.lock().turnstile.free()
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, kind, value, maxvalue, name, unlink)", new),
    method("acquire(self, /, block=True, timeout=None)", acquire).doc("Acquire the semaphore/lock."),
    method("release(self, /)", release).doc("Release the semaphore/lock."),
    method("__enter__(self, /)", enter),
    method("__exit__(self, exc_type=None, exc_value=None, exc_tb=None, /)", release),
    method("_count(self, /)", |vm, a| {
        let n = this(vm, &a[0]).count;
        Ok(vm.new_int(n))
    })
    .doc("Num of `acquire()`s minus num of `release()`s for this process."),
    method("_is_mine(self, /)", |vm, a| Ok(Value::bool(is_mine(vm, &a[0])))).doc("Whether the lock is owned by this thread."),
    method("_get_value(self, /)", |vm, a| {
        let n = value_of(vm, &a[0]);
        Ok(vm.new_int(n as i64))
    })
    .doc("Get the value of the semaphore."),
    method("_is_zero(self, /)", |vm, a| Ok(Value::bool(value_of(vm, &a[0]) == 0))).doc("Return whether semaphore has value zero."),
    method("_after_fork(self, /)", |vm, a| {
        this(vm, &a[0]).count = 0;
        Ok(Value::NONE)
    })
    .doc("Rezero the net acquisition count after fork()."),
    class_method("_rebuild(cls, handle, kind, maxvalue, name, /)", rebuild),
];

/// `_multiprocessing.SemLock`
pub static DEF: TypeDef = TypeDef::new("_multiprocessing.SemLock", layout_of::<SemLock>())
    .flags(flags::BASE)
    .methods(METHODS)
    .getset(&[
        getter("handle", |vm, v| {
            let id = this(vm, v).sem.id;
            Ok(vm.new_uint(id))
        }),
        getter("kind", |vm, v| Ok(Value::i32(this(vm, v).sem.kind))),
        getter("maxvalue", |vm, v| {
            let n = this(vm, v).sem.most;
            Ok(vm.new_int(n as i64))
        }),
        getter("name", |vm, v| match this(vm, v).name.clone() {
            Some(name) => Ok(vm.new_str(name)),
            None => Ok(Value::NONE),
        }),
    ])
    .doc("Semaphore/Mutex type");

/// `SemLock.SEM_VALUE_MAX`
pub const SEM_VALUE_MAX: usize = MOST;
