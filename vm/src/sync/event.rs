//! `threading.Event`.

use super::turnstile::Ticket;
use super::{attr_layout, type_path_of};
use crate::error::PyResult;
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Payload};
use crate::probe::{Event as Event_, Wait};
use crate::start::Woken;
use crate::types::native::{NativeDef, getset, getter, method, static_method};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Ns, Tid, WaitKind};
use std::collections::VecDeque;

/// The payload.
#[derive(Default)]
pub struct Event {
    set: bool,
    /// Who waits; `set()` takes everybody out.
    waiters: VecDeque<(Ticket, Tid)>,
}

impl Payload for Event {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    const GC: bool = false;
    fn traverse(&self, _: &mut dyn FnMut(&Value)) {}
    fn clone_in(&self, _: &mut Cloner) -> Event {
        Event { set: self.set, waiters: VecDeque::new() }
    }
}

fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Event {
    v.borrow_mut::<Event>(vm).expect("a native's own instance")
}

impl Vm {
    /// A new `threading.Event`.
    pub fn new_event(&mut self, set: bool) -> Value {
        self.new_native(&DEF, Event { set, waiters: VecDeque::new() })
    }
    /// Whether the event is set.
    pub fn event_is_set(&mut self, event: &Value) -> bool {
        this(self, event).set
    }
    /// `event.set()`
    ///
    /// # Errors
    /// As [`Vm::point`].
    pub fn event_set(&mut self, event: &Value) -> PyResult<()> {
        self.point()?;
        self.sync_event(event, false);
        let e = this(self, event);
        let open = std::mem::replace(&mut e.set, true);
        for (_, tid) in std::mem::take(&mut e.waiters) {
            self.wake(Some(tid));
        }
        self.sync_access(event, true, open, Wait::No);
        Ok(())
    }
    /// `event.wait()`: false at the deadline. Who waited when it was set has seen it, also if it has been cleared since.
    pub fn event_wait(&mut self, event: &Value, deadline: Option<Ns>) -> PyResult<bool> {
        if self.controlled {
            return self.event_wait_controlled(event, deadline);
        }
        if !this(self, event).set {
            let (ticket, me) = (self.new_ticket(), self.tid());
            this(self, event).waiters.push_back((ticket, me));
            let seen = self.await_set(event, ticket, deadline);
            if !seen.as_ref().is_err_and(|e| e.is_killed()) || !self.gil.is_killed() {
                this(self, event).waiters.retain(|w| w.0 != ticket);
            }
            if !seen? {
                return Ok(false);
            }
        }
        self.sync_event(event, true);
        Ok(true)
    }
    /// Where nobody clears events, a wait is one step, enabled while the event is set; else its beginning is a step too.
    fn event_wait_controlled(&mut self, event: &Value, deadline: Option<Ns>) -> PyResult<bool> {
        let apart = self.iso().settings.visible.as_ref().is_some_and(|s| s.events_are_cleared);
        if apart {
            self.point()?;
        }
        let set = this(self, event).set;
        if apart && set {
            self.sync_access(event, false, true, Wait::No);
        } else {
            if apart {
                self.sync_access(event, true, false, Wait::No);
            }
            let (ticket, me) = (self.new_ticket(), self.tid());
            this(self, event).waiters.push_back((ticket, me));
            let waited = self.await_open(event, ticket, deadline, set);
            this(self, event).waiters.retain(|w| w.0 != ticket);
            let (seen, woken) = waited?;
            let wait = match woken {
                Woken::TimedOut => Wait::No,
                _ if apart => Wait::Last,
                _ => Wait::Open,
            };
            self.sync_access(event, !seen, seen, wait);
            if !seen {
                return Ok(false);
            }
        }
        self.sync_event(event, true);
        Ok(true)
    }
    fn await_open(&mut self, event: &Value, ticket: Ticket, deadline: Option<Ns>, open: bool) -> PyResult<(bool, Woken)> {
        let why = self.blocked_on(WaitKind::Event, event);
        let mut open = open;
        loop {
            self.report_wait(event);
            let woken = self.park_gate(deadline, why.clone(), std::mem::take(&mut open))?;
            let e = this(self, event);
            if e.set || !e.waiters.iter().any(|w| w.0 == ticket) {
                return Ok((true, woken));
            }
            if woken == Woken::TimedOut {
                return Ok((false, woken));
            }
        }
    }
    fn await_set(&mut self, event: &Value, ticket: Ticket, deadline: Option<Ns>) -> PyResult<bool> {
        let why = self.blocked_on(WaitKind::Event, event);
        loop {
            let woken = self.park(deadline, why.clone())?;
            if !this(self, event).waiters.iter().any(|w| w.0 == ticket) {
                return Ok(true);
            }
            if woken == Woken::TimedOut {
                return Ok(false);
            }
        }
    }
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], Event::default()))
}
fn init(_: &mut Vm, _: &[Value]) -> PyResult {
    Ok(Value::NONE)
}
fn is_set(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.point()?;
    let set = vm.event_is_set(&args[0]);
    vm.sync_access(&args[0], false, set, Wait::No);
    if set {
        vm.sync_event(&args[0], true);
    }
    Ok(Value::bool(set))
}
fn is_set_old(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.deprecated("isSet() is deprecated, use is_set() instead")?;
    is_set(vm, args)
}
fn set(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.event_set(&args[0])?;
    Ok(Value::NONE)
}
fn clear(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.point()?;
    let open = std::mem::replace(&mut this(vm, &args[0]).set, false);
    vm.sync_access(&args[0], true, open, Wait::No);
    if vm.observed {
        vm.event(&Event_::EventCleared);
    }
    Ok(Value::NONE)
}
fn wait(vm: &mut Vm, args: &[Value]) -> PyResult {
    let deadline = vm.deadline(&args[1])?;
    Ok(Value::bool(vm.event_wait(&args[0], deadline)?))
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let state = if this(vm, &args[0]).set { "set" } else { "unset" };
    let (path, at) = (type_path_of(vm, &args[0]), vm.address_of(&args[0]));
    Ok(vm.new_str(format!("<{path} at {at:#x}: {state}>")))
}
fn reinit(vm: &mut Vm, args: &[Value]) -> PyResult {
    this(vm, &args[0]).waiters.clear();
    Ok(Value::NONE)
}
fn get_flag(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(Value::bool(vm.event_is_set(v)))
}
fn set_flag(vm: &mut Vm, v: &Value, value: Value) -> PyResult<()> {
    let set = vm.truthy(&value)?;
    this(vm, v).set = set;
    Ok(())
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, *args, **kwargs)", new),
    method("__init__(self)", init),
    method("is_set(self)", is_set),
    method("isSet(self)", is_set_old),
    method("set(self)", set),
    method("clear(self)", clear),
    method("wait(self, timeout=None)", wait),
    method("__repr__(self)", repr),
    method("_at_fork_reinit(self)", reinit),
    method("__reduce__(self)", super::lock::no_pickle),
];

/// `threading.Event`
pub static DEF: TypeDef = TypeDef::new("threading.Event", attr_layout::<Event>())
    .flags(flags::BASE | flags::HAS_DICT)
    .methods(METHODS)
    .getset(&[getset("_flag", get_flag, set_flag), getter("__dict__", crate::types::object_::get_dict)])
    .doc("Class implementing event objects.");
