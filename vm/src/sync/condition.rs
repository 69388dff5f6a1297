//! `threading.Condition` (`Lib/threading.py`), upon the native locks or any object with `acquire` and `release`.
//!
//! Who is notified is moved into the native lock's own queue: it wakes when the notifier releases the lock, not before.

use super::lock::Lock;
use super::rlock::RLock;
use super::turnstile::{Guarded, Ticket};
use super::{attr_layout, type_path_of};
use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Payload};
use crate::probe::Wait;
use crate::start::Woken;
use crate::types::native::{NativeDef, getset, getter, method, static_method};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Ns, Tid, WaitKind};
use std::collections::VecDeque;

/// The payload.
#[derive(Default)]
pub struct Condition {
    lock: Value,
    /// Who waits and has not been notified, in order.
    waiters: VecDeque<(Ticket, Tid)>,
}

impl Condition {
    /// Whether this is the lock that it belongs to.
    pub fn is_upon(&self, lock: &Value) -> bool {
        self.lock.is(lock)
    }
    /// Whether somebody waits and has not been notified.
    pub fn has_waiters(&self) -> bool {
        !self.waiters.is_empty()
    }
}

impl Payload for Condition {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.lock);
    }
    fn clear(&mut self) {
        self.lock = Value::NULL;
    }
    fn clone_in(&self, c: &mut Cloner) -> Condition {
        Condition { lock: c.value(&self.lock), waiters: VecDeque::new() }
    }
}

/// What a condition's lock is.
enum Kind {
    Lock,
    RLock,
    Foreign,
}

/// How a released lock is to be acquired again.
enum Saved {
    Lock,
    RLock(u64),
    Foreign(Option<Value>),
}

fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Condition {
    v.borrow_mut::<Condition>(vm).expect("a native's own instance")
}

fn lock_of(vm: &mut Vm, cond: &Value) -> PyResult {
    let lock = this(vm, cond).lock.clone();
    if lock.is_null() {
        return Err(vm.runtime_error("Condition.__init__() not called"));
    }
    Ok(lock)
}

impl Vm {
    /// A new `threading.Condition` upon `lock`.
    pub fn new_condition(&mut self, lock: Value) -> Value {
        self.new_native(&DEF, Condition { lock, waiters: VecDeque::new() })
    }
    fn lock_kind(&self, lock: &Value) -> Kind {
        if lock.class(self).has(flags::HEAP) {
            return Kind::Foreign;
        }
        match (lock.is_a::<Lock>(), lock.is_a::<RLock>()) {
            (true, _) => Kind::Lock,
            (_, true) => Kind::RLock,
            _ => Kind::Foreign,
        }
    }
    /// Whether the lock is held by this thread, as far as can be told.
    fn lock_is_owned(&mut self, lock: &Value) -> PyResult<bool> {
        match self.lock_kind(lock) {
            Kind::Lock => Ok(lock.borrow::<Lock>(self).is_some_and(Lock::locked)),
            Kind::RLock => Ok(self.rlock_owned(lock)),
            Kind::Foreign => {
                if let Some(f) = self.attr_opt(lock, "_is_owned")? {
                    let owned = self.call(&f, &[])?;
                    return self.truthy(&owned);
                }
                let got = self.call_method(lock, "acquire", &[Value::FALSE])?;
                if self.truthy(&got)? {
                    self.call_method(lock, "release", &[])?;
                    return Ok(false);
                }
                Ok(true)
            }
        }
    }
    fn lock_give_up(&mut self, lock: &Value) -> PyResult<Saved> {
        match self.lock_kind(lock) {
            Kind::Lock => self.lock_release_now(lock).map(|()| Saved::Lock),
            Kind::RLock => Ok(Saved::RLock(self.rlock_release_all(lock))),
            Kind::Foreign => match self.attr_opt(lock, "_release_save")? {
                Some(f) => Ok(Saved::Foreign(Some(self.call(&f, &[])?))),
                None => self.call_method(lock, "release", &[]).map(|_| Saved::Foreign(None)),
            },
        }
    }
    fn lock_take_again(&mut self, lock: &Value, saved: Saved, ticket: Ticket) -> PyResult<()> {
        match saved {
            Saved::Lock => {
                let r = self.insist_on_permit::<Lock>(lock, WaitKind::Lock, ticket);
                if !r.as_ref().is_err_and(|e| e.is_killed()) {
                    self.lock_taken(lock, true);
                }
                r
            }
            Saved::RLock(count) => self.rlock_restore(lock, ticket, count),
            Saved::Foreign(Some(state)) => self.call_method(lock, "_acquire_restore", &[state]).map(drop),
            Saved::Foreign(None) => self.call_method(lock, "acquire", &[]).map(drop),
        }
    }
    /// `cond.wait(timeout)`: false at the deadline.
    pub fn condition_wait(&mut self, cond: &Value, deadline: Option<Ns>) -> PyResult<bool> {
        let lock = lock_of(self, cond)?;
        if !self.lock_is_owned(&lock)? {
            return Err(self.runtime_error("cannot wait on un-acquired lock"));
        }
        self.point()?;
        let (ticket, me) = (self.new_ticket(), self.tid());
        this(self, cond).waiters.push_back((ticket, me));
        self.sync_access(cond, true, false, Wait::No);
        let saved = match self.lock_give_up(&lock) {
            Ok(s) => s,
            Err(e) => {
                forget(self, cond, ticket);
                return Err(e);
            }
        };
        let outcome = self.await_notify(cond, ticket, deadline);
        if outcome.as_ref().is_err_and(|e| e.is_killed()) {
            self.leave_condition(cond, &lock, ticket);
            return outcome;
        }
        // a notification; or the time limit, after which none will come
        let notified = matches!(outcome, Ok(true));
        self.sync_access(cond, !notified, false, if notified { Wait::Last } else { Wait::No });
        self.lock_take_again(&lock, saved, ticket)?;
        if let Err(e) = outcome {
            // notified, and unable to act on it: somebody else shall
            if !forget(self, cond, ticket) {
                self.condition_notify(cond, 1)?;
            }
            return Err(e);
        }
        outcome
    }
    /// A waiter is killed: it leaves the condition's queue, or the lock's, into which a notification has moved it. That goes to another.
    fn leave_condition(&mut self, cond: &Value, lock: &Value, ticket: Ticket) {
        if forget(self, cond, ticket) {
            return;
        }
        let next = match self.lock_kind(lock) {
            Kind::Lock => self.turnstile::<Lock>(lock).leave(ticket),
            Kind::RLock => self.turnstile::<RLock>(lock).leave(ticket),
            Kind::Foreign => None,
        };
        self.wake(next);
        self.notify_one(cond, lock);
    }
    fn await_notify(&mut self, cond: &Value, ticket: Ticket, deadline: Option<Ns>) -> PyResult<bool> {
        let why = self.blocked_on(WaitKind::Condition, cond);
        loop {
            let woken = self.park(deadline, why.clone())?;
            let waiting = this(self, cond).waiters.iter().any(|w| w.0 == ticket);
            if !waiting {
                return Ok(true);
            }
            if woken == Woken::TimedOut {
                forget(self, cond, ticket);
                return Ok(false);
            }
        }
    }
    /// `cond.notify(n)`
    pub fn condition_notify(&mut self, cond: &Value, n: usize) -> PyResult<()> {
        let lock = lock_of(self, cond)?;
        if !self.lock_is_owned(&lock)? {
            return Err(self.runtime_error("cannot notify on un-acquired lock"));
        }
        self.point()?;
        self.sync_access(cond, true, false, Wait::No);
        for _ in 0..n {
            if !self.notify_one(cond, &lock) {
                break;
            }
        }
        Ok(())
    }
    /// Notifies the first waiter; false where nobody waits.
    fn notify_one(&mut self, cond: &Value, lock: &Value) -> bool {
        let Some((ticket, tid)) = this(self, cond).waiters.pop_front() else { return false };
        match self.lock_kind(lock) {
            Kind::Lock => self.queue_for::<Lock>(lock, ticket, tid),
            Kind::RLock => self.queue_for::<RLock>(lock, ticket, tid),
            Kind::Foreign => self.wake(Some(tid)),
        }
        true
    }
    /// Moves a notified waiter into the lock's queue; wakes it at once where nobody will release the lock.
    fn queue_for<P: Guarded>(&mut self, lock: &Value, ticket: Ticket, tid: Tid) {
        let t = self.turnstile::<P>(lock);
        t.join(ticket, tid);
        if t.free() > 0 {
            self.wake(Some(tid));
        }
    }
}

/// Takes a waiter out; whether it was still waiting.
fn forget(vm: &mut Vm, cond: &Value, ticket: Ticket) -> bool {
    let c = this(vm, cond);
    let n = c.waiters.len();
    c.waiters.retain(|w| w.0 != ticket);
    c.waiters.len() != n
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    let c = vm.new_of(&args[0], Condition::default());
    Ok(c)
}
fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let lock = if args[1].is_none() { vm.new_rlock() } else { args[1].clone() };
    if matches!(vm.lock_kind(&lock), Kind::Foreign) {
        vm.attr(&lock, "acquire")?;
        vm.attr(&lock, "release")?;
    }
    let old = std::mem::replace(&mut this(vm, &args[0]).lock, lock);
    drop(old);
    Ok(Value::NONE)
}
fn acquire(vm: &mut Vm, args: &[Value]) -> PyResult {
    let lock = lock_of(vm, &args[0])?;
    let f = vm.attr(&lock, "acquire")?;
    crate::types::object_::call_packed(vm, &f, &args[1], &args[2])
}
fn release(vm: &mut Vm, args: &[Value]) -> PyResult {
    let lock = lock_of(vm, &args[0])?;
    match vm.lock_kind(&lock) {
        Kind::Lock => vm.lock_release(&lock).map(|()| Value::NONE),
        _ => vm.call_method(&lock, "release", &[]),
    }
}
fn enter(vm: &mut Vm, args: &[Value]) -> PyResult {
    let lock = lock_of(vm, &args[0])?;
    match vm.lock_kind(&lock) {
        Kind::Lock => Ok(Value::bool(vm.lock_acquire(&lock, None)?)),
        _ => vm.call_method(&lock, "__enter__", &[]),
    }
}
fn exit(vm: &mut Vm, args: &[Value]) -> PyResult {
    let lock = lock_of(vm, &args[0])?;
    match vm.lock_kind(&lock) {
        Kind::Lock => vm.lock_release(&lock).map(|()| Value::NONE),
        _ => vm.call_method(&lock, "__exit__", &args[1..4]),
    }
}
fn wait(vm: &mut Vm, args: &[Value]) -> PyResult {
    let deadline = vm.deadline(&args[1])?;
    Ok(Value::bool(vm.condition_wait(&args[0], deadline)?))
}
fn wait_for(vm: &mut Vm, args: &[Value]) -> PyResult {
    let deadline = vm.deadline(&args[2])?;
    loop {
        let result = vm.call(&args[1], &[])?;
        if vm.truthy(&result)? || deadline.is_some_and(|d| vm.now() >= d) {
            return Ok(result);
        }
        vm.condition_wait(&args[0], deadline)?;
    }
}
fn notify(vm: &mut Vm, args: &[Value]) -> PyResult {
    let n = vm.to_isize_clamped(&args[1])?;
    vm.condition_notify(&args[0], n.max(0) as usize)?;
    Ok(Value::NONE)
}
fn notify_all(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.condition_notify(&args[0], usize::MAX)?;
    Ok(Value::NONE)
}
fn notify_all_old(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.deprecated("notifyAll() is deprecated, use notify_all() instead")?;
    notify_all(vm, args)
}
fn is_owned(vm: &mut Vm, args: &[Value]) -> PyResult {
    let lock = lock_of(vm, &args[0])?;
    Ok(Value::bool(vm.lock_is_owned(&lock)?))
}
fn release_save(vm: &mut Vm, args: &[Value]) -> PyResult {
    let lock = lock_of(vm, &args[0])?;
    match vm.lock_kind(&lock) {
        Kind::Lock => vm.lock_release(&lock).map(|()| Value::NONE),
        _ => vm.call_method(&lock, "_release_save", &[]),
    }
}
fn acquire_restore(vm: &mut Vm, args: &[Value]) -> PyResult {
    let lock = lock_of(vm, &args[0])?;
    match vm.lock_kind(&lock) {
        Kind::Lock => vm.lock_acquire(&lock, None).map(|_| Value::NONE),
        _ => vm.call_method(&lock, "_acquire_restore", &args[1..2]),
    }
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let lock = lock_of(vm, &args[0])?;
    let (text, n) = (vm.repr_text(&lock)?, this(vm, &args[0]).waiters.len());
    Ok(vm.new_str(format!("<Condition({text}, {n})>")))
}
fn get_lock(vm: &mut Vm, v: &Value) -> PyResult {
    lock_of(vm, v)
}
fn set_lock(vm: &mut Vm, v: &Value, lock: Value) -> PyResult<()> {
    let old = std::mem::replace(&mut this(vm, v).lock, lock);
    drop(old);
    Ok(())
}
fn get_waiters(vm: &mut Vm, v: &Value) -> PyResult {
    let tids: Vec<Tid> = this(vm, v).waiters.iter().map(|w| w.1).collect();
    let idents = tids.into_iter().map(|t| vm.new_uint(crate::thread::ident(t))).collect();
    Ok(vm.new_list(idents))
}
fn reinit(vm: &mut Vm, args: &[Value]) -> PyResult {
    let lock = lock_of(vm, &args[0])?;
    this(vm, &args[0]).waiters.clear();
    vm.call_method(&lock, "_at_fork_reinit", &[])
}
fn no_pickle(vm: &mut Vm, args: &[Value]) -> PyResult {
    let path = type_path_of(vm, &args[0]);
    Err(vm.type_error(format!("cannot pickle '{path}' object")))
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, *args, **kwargs)", new),
    method("__init__(self, lock=None)", init),
    method("acquire(self, *args, **kwargs)", acquire),
    method("release(self)", release),
    method("__enter__(self)", enter),
    method("__exit__(self, type, value, traceback)", exit),
    method("wait(self, timeout=None)", wait),
    method("wait_for(self, predicate, timeout=None)", wait_for),
    method("notify(self, n=1)", notify),
    method("notify_all(self)", notify_all),
    method("notifyAll(self)", notify_all_old),
    method("__repr__(self)", repr),
    method("_is_owned(self)", is_owned),
    method("_release_save(self)", release_save),
    method("_acquire_restore(self, state)", acquire_restore),
    method("_at_fork_reinit(self)", reinit),
    method("__reduce__(self)", no_pickle),
];

/// `threading.Condition`
pub static DEF: TypeDef = TypeDef::new("threading.Condition", attr_layout::<Condition>())
    .flags(flags::BASE | flags::HAS_DICT)
    .methods(METHODS)
    .getset(&[getset("_lock", get_lock, set_lock), getter("_waiters", get_waiters), getter("__dict__", crate::types::object_::get_dict)])
    .doc("Class that implements a condition variable.");
