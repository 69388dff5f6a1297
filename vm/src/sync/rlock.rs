//! `_thread.RLock`: a lock that its owner may acquire again.

use super::lock::{Patience, no_pickle, patience};
use super::turnstile::{Guarded, Ticket, Turnstile};
use crate::blame::Place;
use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Payload, layout_of};
use crate::types::native::{NativeDef, method, static_method};
use crate::types::tuple::Tuple;
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Tid, WaitKind};

/// The payload. Invariant: `count > 0` exactly where `owner` is somebody.
pub struct RLock {
    turnstile: Turnstile,
    owner: Option<Tid>,
    count: u64,
    /// Where its owner acquired it first, for reports.
    pub place: Place,
}

impl Default for RLock {
    fn default() -> RLock {
        RLock { turnstile: Turnstile::new(1), owner: None, count: 0, place: Place::default() }
    }
}

impl RLock {
    /// Who holds it.
    pub fn owner(&self) -> Option<Tid> {
        self.owner
    }
}

impl Payload for RLock {
    const CHANGES: Changes<Self> = Changes::BY_BORROW_BUT_CACHES;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, c: &mut Cloner) -> RLock {
        RLock { turnstile: Turnstile::new(self.turnstile.free()), owner: self.owner.map(|t| c.thread(t)), count: self.count, place: self.place.clone() }
    }
}

impl Guarded for RLock {
    fn turnstile(&mut self) -> &mut Turnstile {
        &mut self.turnstile
    }
}

impl Vm {
    /// A new `_thread.RLock`.
    pub fn new_rlock(&mut self) -> Value {
        self.new_native(&DEF, RLock::default())
    }
    fn rlock<'a>(&'a mut self, lock: &'a Value) -> &'a mut RLock {
        lock.borrow_mut::<RLock>(self).expect("a native's own instance")
    }
    fn rlock_acquire(&mut self, lock: &Value, patience: Patience) -> PyResult<bool> {
        let me = self.tid();
        let l = self.rlock(lock);
        if l.owner == Some(me) {
            l.count += 1;
            return Ok(true);
        }
        let patient = matches!(patience, Patience::Until(None));
        let got = match patience {
            Patience::None => self.try_permit::<RLock>(lock)?,
            Patience::Until(deadline) => self.take_permit::<RLock>(lock, WaitKind::RLock, deadline)?,
        };
        if got {
            self.rlock_taken(lock, 1, patient);
        }
        Ok(got)
    }
    fn rlock_taken(&mut self, lock: &Value, count: u64, patient: bool) {
        let me = self.tid();
        let l = self.rlock(lock);
        l.owner = Some(me);
        l.count = count;
        if let Some(l) = lock.borrow::<RLock>(self) {
            self.note_place(&l.place);
        }
        if self.is_logged() {
            self.log_sync(lock, true);
        }
        if self.observed {
            self.tell_sync(lock, true, patient);
        }
    }
    fn rlock_release(&mut self, lock: &Value) -> PyResult<()> {
        let me = self.tid();
        let l = self.rlock(lock);
        if l.owner != Some(me) {
            return Err(self.runtime_error("cannot release un-acquired lock"));
        }
        if l.count == 1 {
            self.point()?;
        }
        let l = self.rlock(lock);
        l.count -= 1;
        if l.count == 0 {
            self.rlock_free(lock);
        }
        Ok(())
    }
    fn rlock_free(&mut self, lock: &Value) {
        let l = self.rlock(lock);
        l.count = 0;
        l.owner = None;
        self.sync_event(lock, false);
        self.give_permit::<RLock>(lock);
    }
    /// Whether this thread holds it.
    pub(crate) fn rlock_owned(&mut self, lock: &Value) -> bool {
        let me = self.tid();
        self.rlock(lock).owner == Some(me)
    }
    /// Releases it wholly, for a condition's wait; how often it was held.
    pub(crate) fn rlock_release_all(&mut self, lock: &Value) -> u64 {
        let count = self.rlock(lock).count;
        self.rlock_free(lock);
        count
    }
    /// Acquires it again after a condition's wait. What a signal handler raised meanwhile comes after.
    pub(crate) fn rlock_restore(&mut self, lock: &Value, ticket: Ticket, count: u64) -> PyResult<()> {
        let r = self.insist_on_permit::<RLock>(lock, WaitKind::RLock, ticket);
        if !r.as_ref().is_err_and(|e| e.is_killed()) {
            self.rlock_taken(lock, count, true);
        }
        r
    }
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], RLock::default()))
}
fn init(_: &mut Vm, _: &[Value]) -> PyResult {
    Ok(Value::NONE)
}
fn acquire(vm: &mut Vm, args: &[Value]) -> PyResult {
    let p = patience(vm, &args[1], &args[2])?;
    Ok(Value::bool(vm.rlock_acquire(&args[0], p)?))
}
fn enter(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(vm.rlock_acquire(&args[0], Patience::Until(None))?))
}
fn release(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.rlock_release(&args[0])?;
    Ok(Value::NONE)
}
fn locked(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(vm.rlock(&args[0]).count > 0))
}
fn is_owned(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(vm.rlock_owned(&args[0])))
}
fn recursion_count(vm: &mut Vm, args: &[Value]) -> PyResult {
    let count = if vm.rlock_owned(&args[0]) { vm.rlock(&args[0]).count } else { 0 };
    Ok(vm.new_uint(count))
}
fn release_save(vm: &mut Vm, args: &[Value]) -> PyResult {
    if vm.rlock(&args[0]).count == 0 {
        return Err(vm.runtime_error("cannot release un-acquired lock"));
    }
    let owner = vm.rlock(&args[0]).owner.map_or(0, crate::thread::ident);
    let count = vm.rlock_release_all(&args[0]);
    let saved = vec![vm.new_uint(count), vm.new_uint(owner)];
    Ok(vm.new_tuple(saved))
}
fn acquire_restore(vm: &mut Vm, args: &[Value]) -> PyResult {
    let count = args[1].get::<Tuple>().and_then(|t| t.items().first().and_then(Value::as_small)).unwrap_or(1);
    let ticket = vm.new_ticket();
    vm.rlock_restore(&args[0], ticket, count.max(1) as u64)?;
    Ok(Value::NONE)
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (owner, count) = {
        let l = vm.rlock(&args[0]);
        (l.owner.map_or(0, crate::thread::ident), l.count)
    };
    let (path, at) = (super::type_path_of(vm, &args[0]), vm.address_of(&args[0]));
    let state = if count > 0 { "locked" } else { "unlocked" };
    Ok(vm.new_str(format!("<{state} {path} object owner={owner} count={count} at {at:#x}>")))
}
fn reinit(vm: &mut Vm, args: &[Value]) -> PyResult {
    *vm.rlock(&args[0]) = RLock::default();
    Ok(Value::NONE)
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, *args, **kwargs)", new),
    method("__init__(self, *args, **kwargs)", init),
    method("acquire(self, blocking=True, timeout=-1)", acquire),
    method("release(self, /)", release),
    method("locked(self, /)", locked),
    method("__enter__(self, /)", enter),
    method("__exit__(self, type, value, traceback, /)", release),
    method("__repr__(self, /)", repr),
    method("_is_owned(self, /)", is_owned),
    method("_recursion_count(self, /)", recursion_count),
    method("_release_save(self, /)", release_save),
    method("_acquire_restore(self, state, /)", acquire_restore),
    method("_at_fork_reinit(self, /)", reinit),
    method("__reduce__(self, /)", no_pickle),
];

/// `_thread.RLock`
pub static DEF: TypeDef = TypeDef::new("_thread.RLock", layout_of::<RLock>()).flags(flags::BASE).methods(METHODS);
