//! `threading.Barrier`.

use super::turnstile::Ticket;
use super::{attr_layout, type_path_of};
use crate::error::{PyResult, Raised};
use crate::image::TypeDef;
use crate::object::{Changes, Cloner, Payload};
use crate::probe::Wait;
use crate::start::Woken;
use crate::types::native::{NativeDef, getter, method, static_method};
use crate::types::type_::flags;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Ns, Tid, WaitKind};

/// Where a barrier stands.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum State {
    /// Threads arrive.
    #[default]
    Filling,
    /// All have arrived and the last one runs the action; new ones wait outside.
    Acting,
    /// Until it is reset.
    Broken,
}

/// What has become of a waiter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Waiting,
    /// Waits for the action of the round before to end.
    Outside,
    Released,
    Broken,
}

/// The payload.
#[derive(Default)]
pub struct Barrier {
    parties: usize,
    action: Value,
    timeout: Value,
    state: State,
    count: usize,
    waiters: Vec<(Ticket, Tid, Fate)>,
}

impl Payload for Barrier {
    const CHANGES: Changes<Self> = Changes::BY_BORROW;
    fn traverse(&self, visit: &mut dyn FnMut(&Value)) {
        visit(&self.action);
        visit(&self.timeout);
    }
    fn clear(&mut self) {
        self.action = Value::NULL;
    }
    fn clone_in(&self, c: &mut Cloner) -> Barrier {
        let (action, timeout) = (c.value(&self.action), c.value(&self.timeout));
        Barrier { parties: self.parties, action, timeout, state: self.state, count: 0, waiters: Vec::new() }
    }
}

impl Barrier {
    fn decide(&mut self, from: Fate, to: Fate) -> Vec<Tid> {
        self.waiters
            .iter_mut()
            .filter(|w| w.2 == from)
            .map(|w| {
                w.2 = to;
                w.1
            })
            .collect()
    }
    fn fate(&self, ticket: Ticket) -> Fate {
        self.waiters.iter().find(|w| w.0 == ticket).map_or(Fate::Broken, |w| w.2)
    }
}

fn this<'a>(vm: &'a mut Vm, v: &'a Value) -> &'a mut Barrier {
    v.borrow_mut::<Barrier>(vm).expect("a native's own instance")
}

impl Vm {
    fn broken_barrier(&mut self) -> Raised {
        match self.thread_error_type("BrokenBarrierError").and_then(|ty| self.call(&ty, &[])) {
            Ok(e) => Raised(e),
            Err(e) => e,
        }
    }
    fn barrier_decide(&mut self, barrier: &Value, from: Fate, to: Fate) {
        for tid in this(self, barrier).decide(from, to) {
            self.wake(Some(tid));
        }
    }
    fn barrier_break(&mut self, barrier: &Value) {
        self.sync_access(barrier, true, false, Wait::No);
        let b = this(self, barrier);
        b.state = State::Broken;
        b.count = 0;
        self.barrier_decide(barrier, Fate::Waiting, Fate::Broken);
        self.barrier_decide(barrier, Fate::Outside, Fate::Broken);
    }
    /// Waits until the fate of a new waiter is no longer `from`.
    fn barrier_await(&mut self, barrier: &Value, from: Fate, deadline: Option<Ns>) -> PyResult<Option<Fate>> {
        let (ticket, me) = (self.new_ticket(), self.tid());
        this(self, barrier).waiters.push((ticket, me, from));
        let why = self.blocked_on(WaitKind::Barrier, barrier);
        let result = loop {
            let woken = self.park(deadline, why.clone());
            let fate = this(self, barrier).fate(ticket);
            match woken {
                Err(e) => break Err(e),
                _ if fate != from => break Ok(Some(fate)),
                Ok(Woken::TimedOut) => break Ok(None),
                Ok(_) => {}
            }
        };
        this(self, barrier).waiters.retain(|w| w.0 != ticket);
        result
    }
    /// Waits until the barrier fills.
    fn barrier_enter(&mut self, barrier: &Value, deadline: Option<Ns>) -> PyResult<()> {
        loop {
            match this(self, barrier).state {
                State::Filling => return Ok(()),
                State::Broken => return Err(self.broken_barrier()),
                State::Acting => match self.barrier_await(barrier, Fate::Outside, deadline)? {
                    Some(_) => {}
                    None => {
                        self.barrier_break(barrier);
                        return Err(self.broken_barrier());
                    }
                },
            }
        }
    }
    /// `barrier.wait(timeout)`: the index of arrival.
    fn barrier_wait(&mut self, barrier: &Value, deadline: Option<Ns>) -> PyResult<usize> {
        self.point()?;
        self.barrier_enter(barrier, deadline)?;
        self.sync_access(barrier, true, false, Wait::No);
        let b = this(self, barrier);
        let index = b.count;
        b.count += 1;
        let last = b.count == b.parties;
        self.sync_event(barrier, false);
        if last {
            self.barrier_release(barrier)?;
        } else {
            match self.barrier_await(barrier, Fate::Waiting, deadline) {
                Ok(Some(Fate::Released)) => self.sync_access(barrier, false, false, Wait::Last),
                Ok(Some(_)) => {
                    self.sync_access(barrier, false, false, Wait::Last);
                    return Err(self.broken_barrier());
                }
                Ok(None) => {
                    self.barrier_break(barrier);
                    return Err(self.broken_barrier());
                }
                Err(e) if e.is_killed() => return Err(e),
                Err(e) => {
                    self.barrier_break(barrier);
                    return Err(e);
                }
            }
        }
        self.sync_event(barrier, true);
        Ok(index)
    }
    /// The last one has come: runs the action, lets all go.
    fn barrier_release(&mut self, barrier: &Value) -> PyResult<()> {
        let b = this(self, barrier);
        b.state = State::Acting;
        let action = b.action.clone();
        if !action.is_none()
            && let Err(e) = self.call(&action, &[])
        {
            if !e.is_killed() {
                self.barrier_break(barrier);
            }
            return Err(e);
        }
        if this(self, barrier).state != State::Acting {
            return Err(self.broken_barrier());
        }
        let b = this(self, barrier);
        b.state = State::Filling;
        b.count = 0;
        self.barrier_decide(barrier, Fate::Waiting, Fate::Released);
        self.barrier_decide(barrier, Fate::Outside, Fate::Released);
        Ok(())
    }
}

fn new(vm: &mut Vm, args: &[Value]) -> PyResult {
    Ok(vm.new_of(&args[0], Barrier { parties: 1, action: Value::NONE, timeout: Value::NONE, ..Barrier::default() }))
}
fn init(vm: &mut Vm, args: &[Value]) -> PyResult {
    let parties = vm.to_isize(&args[1])?;
    if parties < 1 {
        // as CPython from 3.13 on; before, such a barrier could only hang
        return Err(vm.value_error("parties must be >= 1"));
    }
    let (action, timeout) = (args[2].clone(), args[3].clone());
    *this(vm, &args[0]) = Barrier { parties: parties as usize, action, timeout, ..Barrier::default() };
    Ok(Value::NONE)
}
fn wait(vm: &mut Vm, args: &[Value]) -> PyResult {
    let timeout = if args[1].is_none() { this(vm, &args[0]).timeout.clone() } else { args[1].clone() };
    let deadline = vm.deadline(&timeout)?;
    let index = vm.barrier_wait(&args[0], deadline)?;
    Ok(vm.new_int(index as i64))
}
fn reset(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.point()?;
    vm.sync_access(&args[0], true, false, Wait::No);
    vm.barrier_decide(&args[0], Fate::Waiting, Fate::Broken);
    let b = this(vm, &args[0]);
    b.count = 0;
    b.state = State::Filling;
    vm.barrier_decide(&args[0], Fate::Outside, Fate::Released);
    Ok(Value::NONE)
}
fn abort(vm: &mut Vm, args: &[Value]) -> PyResult {
    vm.point()?;
    vm.barrier_break(&args[0]);
    Ok(Value::NONE)
}
fn repr(vm: &mut Vm, args: &[Value]) -> PyResult {
    let (path, at) = (type_path_of(vm, &args[0]), vm.address_of(&args[0]));
    let b = this(vm, &args[0]);
    let (n, parties, broken) = (waiting(b), b.parties, b.state == State::Broken);
    let state = if broken { "broken".to_string() } else { format!("waiters={n}/{parties}") };
    Ok(vm.new_str(format!("<{path} at {at:#x}: {state}>")))
}
fn waiting(b: &Barrier) -> usize {
    if b.state == State::Filling { b.count } else { 0 }
}
fn get_parties(vm: &mut Vm, v: &Value) -> PyResult {
    let n = this(vm, v).parties;
    Ok(vm.new_int(n as i64))
}
fn get_waiting(vm: &mut Vm, v: &Value) -> PyResult {
    let n = waiting(this(vm, v));
    Ok(vm.new_int(n as i64))
}
fn get_broken(vm: &mut Vm, v: &Value) -> PyResult {
    Ok(Value::bool(this(vm, v).state == State::Broken))
}

const METHODS: &[NativeDef] = &[
    static_method("__new__(cls, *args, **kwargs)", new),
    method("__init__(self, parties, action=None, timeout=None)", init),
    method("wait(self, timeout=None)", wait),
    method("reset(self)", reset),
    method("abort(self)", abort),
    method("__repr__(self)", repr),
    method("__reduce__(self)", super::lock::no_pickle),
];

/// `threading.Barrier`
pub static DEF: TypeDef = TypeDef::new("threading.Barrier", attr_layout::<Barrier>())
    .flags(flags::BASE | flags::HAS_DICT)
    .methods(METHODS)
    .getset(&[
        getter("parties", get_parties),
        getter("n_waiting", get_waiting),
        getter("broken", get_broken),
        getter("__dict__", crate::types::object_::get_dict),
    ])
    .doc("Implements a Barrier.");
