//! `_thread.lock` (`Modules/_threadmodule.c`).

use super::turnstile::{Guarded, Turnstile};
use crate::blame::Place;
use crate::error::{Exc, PyResult};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Payload, layout_of};
use crate::probe::Wait;
use crate::types::native::{NativeDef, method, static_method};
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Ns, Tid, WaitKind};

/// The payload: one permit.
pub struct Lock {
    turnstile: Turnstile,
    /// Who acquired it last, for reports; anyone may release it.
    pub owner: Option<Tid>,
    /// Where it was acquired last, for reports.
    pub place: Place,
    /// Free in a forked child, whoever held it: the holder is not there, and what it guards is whole.
    free_in_child: bool,
}

impl Lock {
    /// Nobody holds it.
    pub fn new() -> Lock {
        Lock { turnstile: Turnstile::new(1), owner: None, place: Place::default(), free_in_child: false }
    }
    /// Whether somebody holds it.
    pub fn locked(&self) -> bool {
        self.turnstile.free() == 0
    }
}

impl Default for Lock {
    fn default() -> Lock {
        Lock::new()
    }
}

impl Payload for Lock {
    const CHANGES: Changes<Self> = Changes::BY_BORROW_BUT_CACHES;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, c: &mut Cloner) -> Lock {
        if self.free_in_child && !c.same_process() {
            return Lock { free_in_child: true, ..Lock::new() };
        }
        // a forked child finds a held lock held, and nobody waits
        let owner = self.owner.map(|t| c.thread(t));
        Lock { turnstile: Turnstile::new(self.turnstile.free()), owner, place: self.place.clone(), free_in_child: self.free_in_child }
    }
}

impl Guarded for Lock {
    fn turnstile(&mut self) -> &mut Turnstile {
        &mut self.turnstile
    }
}

/// How `acquire(blocking, timeout)` shall wait.
pub(crate) enum Patience {
    /// Not at all.
    None,
    /// Until this time, or for ever.
    Until(Option<Ns>),
}

/// Reads the arguments of a lock's `acquire`.
pub(crate) fn patience(vm: &mut Vm, blocking: &Value, timeout: &Value) -> PyResult<Patience> {
    let blocking = vm.truthy(blocking)?;
    if timeout.as_small() == Some(-1) {
        return Ok(if blocking { Patience::Until(None) } else { Patience::None });
    }
    if !timeout.is_float() && vm.special(timeout, crate::special::Special::Index).is_none() && vm.special(timeout, crate::special::Special::Float).is_none() {
        let name = vm.type_name(timeout);
        return Err(vm.type_error(format!("'{name}' object cannot be interpreted as an integer")));
    }
    let seconds = vm.seconds(timeout)?;
    if !blocking && seconds != -1.0 {
        return Err(vm.value_error("can't specify a timeout for a non-blocking call"));
    }
    if seconds < 0.0 && seconds != -1.0 {
        return Err(vm.value_error("timeout value must be positive"));
    }
    match (blocking, seconds == -1.0) {
        (false, _) => Ok(Patience::None),
        (true, true) => Ok(Patience::Until(None)),
        (true, false) => Ok(Patience::Until(Some(vm.after(seconds)))),
    }
}

impl Lock {
    /// Whether it is a stream's own lock.
    pub fn of_stream(&self) -> bool {
        self.free_in_child
    }
}

impl Vm {
    /// A new `_thread.lock`.
    pub fn new_lock(&mut self) -> Value {
        self.new_native(&DEF, Lock::new())
    }
    /// A lock of a stream: held by another thread at a fork, it is free in the child (`_PyIO_Reinit`, bpo-6721).
    pub fn new_stream_lock(&mut self) -> Value {
        self.new_native(&DEF, Lock { free_in_child: true, ..Lock::new() })
    }
    /// Acquires a native lock; false at the deadline.
    pub fn lock_acquire(&mut self, lock: &Value, deadline: Option<Ns>) -> PyResult<bool> {
        let got = self.take_permit::<Lock>(lock, WaitKind::Lock, deadline)?;
        if got {
            self.lock_taken(lock, deadline.is_none());
        }
        Ok(got)
    }
    /// `patient`: it would have been waited for for ever.
    pub(crate) fn lock_taken(&mut self, lock: &Value, patient: bool) {
        let me = self.tid();
        if let Some(l) = lock.borrow_mut::<Lock>(self) {
            l.owner = Some(me);
        }
        if let Some(l) = lock.borrow::<Lock>(self) {
            self.note_place(&l.place);
        }
        if self.is_logged() {
            self.log_sync(lock, true);
        }
        if self.observed {
            self.tell_sync(lock, true, patient);
        }
    }
    /// Releases a native lock; RuntimeError where nobody holds it.
    pub fn lock_release(&mut self, lock: &Value) -> PyResult<()> {
        self.point()?;
        self.lock_release_now(lock)
    }
    /// The same, without a scheduling point of its own.
    pub(crate) fn lock_release_now(&mut self, lock: &Value) -> PyResult<()> {
        let held = lock.borrow_mut::<Lock>(self).is_some_and(|l| {
            l.owner = None;
            l.locked()
        });
        if !held {
            return Err(self.runtime_error("release unlocked lock"));
        }
        self.sync_event(lock, false);
        self.give_permit::<Lock>(lock);
        Ok(())
    }
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], Lock::new()))
}
fn acquire(vm: &mut Vm, args: &[Value]) -> PyResult {
    let got = match patience(vm, &args[1], &args[2])? {
        Patience::Until(deadline) => vm.lock_acquire(&args[0], deadline)?,
        Patience::None => {
            let got = vm.try_permit::<Lock>(&args[0])?;
            if got {
                vm.lock_taken(&args[0], false);
            }
            got
        }
    };
    Ok(Value::bool(got))
}
fn release(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.lock_release(&args[0])?;
    Ok(Value::NONE)
}
fn enter(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(Value::bool(vm.lock_acquire(&args[0], None)?))
}
fn locked(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.point()?;
    let locked = args[0].borrow::<Lock>(vm).is_some_and(Lock::locked);
    vm.sync_access(&args[0], false, !locked, Wait::No);
    Ok(Value::bool(locked))
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let held = args[0].borrow::<Lock>(vm).is_some_and(Lock::locked);
    let path = super::type_path_of(vm, &args[0]);
    let at = vm.address_of(&args[0]);
    Ok(vm.new_str(format!("<{} {path} object at {at:#x}>", if held { "locked" } else { "unlocked" })))
}
fn reinit(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.turnstile::<Lock>(&args[0]).reset(1);
    Ok(Value::NONE)
}
pub(crate) fn no_pickle(vm: &mut Vm, args: &[Value]) -> PyResult {
    let name = super::type_path_of(vm, &args[0]);
    Err(vm.err(Exc::TypeError, format!("cannot pickle '{name}' object")))
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, /)", new),
    method("acquire(self, blocking=True, timeout=-1)", acquire),
    method("acquire_lock(self, blocking=True, timeout=-1)", acquire),
    method("release(self, /)", release),
    method("release_lock(self, /)", release),
    method("locked(self, /)", locked),
    method("locked_lock(self, /)", locked),
    method("__enter__(self, /)", enter),
    method("__exit__(self, type, value, traceback, /)", release),
    method("__repr__(self, /)", repr),
    method("_at_fork_reinit(self, /)", reinit),
    method("__reduce__(self, /)", no_pickle),
];

/// `_thread.lock`
pub static DEF: TypeDef = TypeDef::new("_thread.lock", layout_of::<Lock>()).methods(METHODS).doc("A lock object is a synchronization primitive.");
