//! Permits and the queue of those who wait for one: what locks, semaphores and queues are made of.
//!
//! All of it is plain data guarded by the GIL. A permit that is given back while others wait is free for whoever comes first, and the first
//! waiter is called once: so a thread that takes and releases a contended lock in a loop does not switch each time. A waiter that was
//! called and came too late is handed the next permit directly; nobody is passed over twice, and the order is first come, first served.

use crate::blame::WaitsFor;
use crate::error::{PyResult, Raised};
use crate::gil::Cause;
use crate::object::Payload;
use crate::probe::{Event, SyncKind, Wait};
use crate::start::Woken;
use crate::sync::barrier::Barrier;
use crate::sync::lock::Lock;
use crate::sync::rlock::RLock;
use crate::sync::sem_lock::SemLock;
use crate::sync::semaphore::Semaphore;
use crate::sync::simple_queue::SimpleQueue;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Blocked, Ns, Tid, WaitKind};
use std::collections::VecDeque;

/// A wait's number, unique in its isolate: one thread may wait twice at once (in a signal handler, in a greenlet).
pub type Ticket = u64;

struct Waiter {
    ticket: Ticket,
    tid: Tid,
    /// It has been unparked for a free permit and has not come yet.
    called: bool,
    /// It came and found nothing: the next permit is its own.
    missed: bool,
    /// It owns a permit that it has not taken yet.
    granted: bool,
}

/// See the module's page.
#[derive(Default)]
pub struct Turnstile {
    free: usize,
    queue: VecDeque<Waiter>,
}

impl Turnstile {
    /// With so many permits.
    pub fn new(free: usize) -> Turnstile {
        Turnstile { free, queue: VecDeque::new() }
    }
    /// Permits that nobody has.
    #[inline]
    pub fn free(&self) -> usize {
        self.free
    }
    /// Takes a permit, if one is free.
    #[inline]
    pub fn try_take(&mut self) -> bool {
        let some = self.free > 0;
        self.free -= usize::from(some);
        some
    }
    /// Gives a permit back and calls everybody: in a controlled run the strategy decides who gets it.
    fn give_openly(&mut self) -> Vec<Tid> {
        self.free += 1;
        self.queue.iter().map(|w| w.tid).collect()
    }
    /// Who waits.
    fn queued(&self) -> Vec<Tid> {
        self.queue.iter().map(|w| w.tid).collect()
    }
    /// Gives a permit back; whom to unpark. A lone thread's release is this and no more.
    #[inline]
    #[must_use]
    pub fn give(&mut self) -> Option<Tid> {
        if self.queue.is_empty() {
            self.free += 1;
            return None;
        }
        self.give_to_waiters()
    }
    #[cold]
    fn give_to_waiters(&mut self) -> Option<Tid> {
        match self.queue.iter_mut().find(|w| !w.granted) {
            Some(w) if w.missed => {
                w.granted = true;
                Some(w.tid)
            }
            _ => {
                self.free += 1;
                self.call_next()
            }
        }
    }
    /// Calls waiters as long as there are more free permits than callees on their way.
    fn call_next(&mut self) -> Option<Tid> {
        let on_their_way = self.queue.iter().filter(|w| w.called && !w.granted).take(self.free).count();
        if on_their_way >= self.free {
            return None;
        }
        let next = self.queue.iter_mut().find(|w| !w.called && !w.granted)?;
        next.called = true;
        Some(next.tid)
    }
    /// More free permits, while nobody waits for one.
    pub fn add(&mut self, n: usize) {
        self.free = self.free.saturating_add(n);
    }
    /// Queues up. Nothing where the ticket is queued already.
    pub fn join(&mut self, ticket: Ticket, tid: Tid) {
        if !self.queue.iter().any(|w| w.ticket == ticket) {
            self.queue.push_back(Waiter { ticket, tid, called: false, missed: false, granted: false });
        }
    }
    /// A waiter looks: true where it has a permit now and has left the queue.
    pub fn look(&mut self, ticket: Ticket) -> bool {
        let Some(at) = self.queue.iter().position(|w| w.ticket == ticket) else { return false };
        let w = &mut self.queue[at];
        if !w.granted {
            if self.free == 0 {
                w.missed |= w.called;
                w.called = false;
                return false;
            }
            self.free -= 1;
        }
        self.queue.remove(at);
        true
    }
    /// A waiter gives up; what it was given or called for goes to the next: whom to unpark.
    #[must_use]
    pub fn leave(&mut self, ticket: Ticket) -> Option<Tid> {
        let at = self.queue.iter().position(|w| w.ticket == ticket)?;
        let w = self.queue.remove(at)?;
        match w.granted {
            true => self.give(),
            false => self.call_next(),
        }
    }
    /// How many wait.
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }
    /// Forgets waiters and permits: the lock of a forked child.
    pub fn reset(&mut self, free: usize) {
        *self = Turnstile::new(free);
    }
}

/// A payload with a turnstile.
pub trait Guarded: Payload {
    /// The turnstile.
    fn turnstile(&mut self) -> &mut Turnstile;
}

/// How a wait for a permit ended badly: the exception, or `None` at the deadline.
pub(crate) type Waited = PyResult<bool>;

impl Vm {
    /// A number for a wait.
    pub fn new_ticket(&mut self) -> Ticket {
        let t = &mut self.iso_mut().threads.tickets;
        *t += 1;
        *t
    }
    /// The turnstile of an object that is known to have one.
    pub(crate) fn turnstile<'a, P: Guarded>(&'a mut self, object: &'a Value) -> &'a mut Turnstile {
        object.borrow_mut::<P>(self).expect("a native's own instance").turnstile()
    }
    /// Ends the wait of a thread, if there is one to wake.
    #[inline]
    pub fn wake(&mut self, tid: Option<Tid>) {
        if let Some(tid) = tid {
            self.iso().world.unpark(tid);
        }
    }
    /// Waits for a permit of `object`; false at the deadline.
    pub(crate) fn take_permit<P: Guarded>(&mut self, object: &Value, kind: WaitKind, deadline: Option<Ns>) -> Waited {
        if !self.controlled && self.turnstile::<P>(object).try_take() {
            return Ok(true);
        }
        let (ticket, me) = (self.new_ticket(), self.tid());
        self.turnstile::<P>(object).join(ticket, me);
        self.wait_permit::<P>(object, kind, ticket, deadline)
    }
    /// Waits for a permit in whose queue the ticket stands.
    #[cold]
    pub(crate) fn wait_permit<P: Guarded>(&mut self, object: &Value, kind: WaitKind, ticket: Ticket, deadline: Option<Ns>) -> Waited {
        self.waits_for(WaitsFor::Object(object.clone()));
        let result = self.wait_in_queue::<P>(object, Blocked::new(kind, self.address_of(object)), ticket, deadline);
        self.waits_for(WaitsFor::Nothing);
        result
    }
    fn wait_in_queue<P: Guarded>(&mut self, object: &Value, why: Blocked, ticket: Ticket, deadline: Option<Ns>) -> Waited {
        loop {
            let woken = match self.controlled {
                true => {
                    self.report_wait(object);
                    let open = self.turnstile::<P>(object).free() > 0;
                    self.park_gate(deadline, why.clone(), open)
                }
                false => self.park_as(deadline, why.clone(), Cause::Block),
            };
            match woken {
                // all go: nobody is to be called
                Err(e) if e.is_killed() && self.gil.is_killed() => return Err(e),
                Err(e) => {
                    let next = self.turnstile::<P>(object).leave(ticket);
                    self.wake(next);
                    return Err(e);
                }
                Ok(w) => {
                    // at its time limit a waiter only looks: it has not waited for what it sees
                    let wait = if w == Woken::TimedOut { Wait::No } else { Wait::Open };
                    if self.look_for_permit::<P>(object, ticket, wait) {
                        return Ok(true);
                    }
                    if w == Woken::TimedOut {
                        self.sync_access(object, false, false, Wait::No);
                        let next = self.turnstile::<P>(object).leave(ticket);
                        self.wake(next);
                        return Ok(false);
                    }
                }
            }
        }
    }
    /// Waits for a permit whatever happens meanwhile; what a signal handler raised comes after.
    pub(crate) fn insist_on_permit<P: Guarded>(&mut self, object: &Value, kind: WaitKind, ticket: Ticket) -> PyResult<()> {
        let mut later: Option<Raised> = None;
        let me = self.tid();
        loop {
            self.turnstile::<P>(object).join(ticket, me);
            if self.look_for_permit::<P>(object, ticket, Wait::Open) {
                break;
            }
            match self.wait_permit::<P>(object, kind, ticket, None) {
                Ok(_) => break,
                Err(e) if e.is_killed() => return Err(e),
                Err(e) => later = Some(e),
            }
        }
        later.map_or(Ok(()), Err)
    }
    /// A waiter looks: true where it has a permit now. In a controlled run, whoever was called for the last permit is called back.
    fn look_for_permit<P: Guarded>(&mut self, object: &Value, ticket: Ticket, wait: Wait) -> bool {
        let taken = self.turnstile::<P>(object).look(ticket);
        if taken && self.controlled {
            self.permit_taken::<P>(object, wait);
        }
        taken
    }
    fn permit_taken<P: Guarded>(&mut self, object: &Value, wait: Wait) {
        let t = self.turnstile::<P>(object);
        let losers = if t.free() == 0 { t.queued() } else { Vec::new() };
        for tid in losers {
            self.iso().world.unwake(tid);
        }
        self.sync_access(object, true, true, wait);
    }
    /// Takes a permit if one is free; asks for a scheduling point first.
    pub(crate) fn try_permit<P: Guarded>(&mut self, object: &Value) -> PyResult<bool> {
        self.point()?;
        let got = self.turnstile::<P>(object).try_take();
        match got {
            true if self.controlled => self.permit_taken::<P>(object, Wait::No),
            false => self.sync_access(object, false, false, Wait::No),
            true => {}
        }
        Ok(got)
    }
    /// Gives a permit of `object` back.
    #[inline]
    pub(crate) fn give_permit<P: Guarded>(&mut self, object: &Value) {
        if self.controlled {
            let t = self.turnstile::<P>(object);
            let open = t.free() > 0;
            for tid in t.give_openly() {
                self.wake(Some(tid));
            }
            self.sync_access(object, true, open, Wait::No);
            return;
        }
        let next = self.turnstile::<P>(object).give();
        self.wake(next);
    }
    /// Tells the probe that a synchronisation object was acquired or released.
    #[inline]
    pub(crate) fn sync_event(&mut self, object: &Value, acquired: bool) {
        if self.is_logged() {
            self.log_sync(object, acquired);
        }
        if self.observed {
            self.tell_sync(object, acquired, true);
        }
    }
    /// The same; `patient`: whether the thread would have waited for ever.
    #[cold]
    pub(crate) fn tell_sync(&mut self, object: &Value, acquired: bool, patient: bool) {
        if object.borrow::<Lock>(self).is_some_and(Lock::of_stream) {
            // a stream's own business; it orders nothing that a script may rely on
            return;
        }
        let (kind, free) = if object.is_a::<Lock>() {
            (SyncKind::Lock, 0)
        } else if object.is_a::<RLock>() {
            (SyncKind::RLock, 0)
        } else if object.is_a::<Semaphore>() {
            (SyncKind::Semaphore, self.turnstile::<Semaphore>(object).free())
        } else if object.is_a::<SimpleQueue>() {
            (SyncKind::Queue, self.turnstile::<SimpleQueue>(object).free())
        } else if object.is_a::<Barrier>() {
            (SyncKind::Barrier, 0)
        } else if let Some(shared) = object.borrow::<SemLock>(self) {
            (SyncKind::Semaphore, shared.free())
        } else {
            (SyncKind::Event, 0)
        };
        let name = self.location(object);
        self.event_of(&Event::Sync { object: name, kind, acquired, free, patient }, Some(object));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permit_is_never_lost() {
        let mut t = Turnstile::new(1);
        assert!(t.try_take() && !t.try_take());
        t.join(1, Tid(1));
        t.join(2, Tid(2));
        assert_eq!(t.give(), Some(Tid(1)));
        // a third thread is quicker
        assert!(t.try_take());
        assert!(!t.look(1));
        // the first waiter has missed one: the next is its own, and nobody else's
        assert_eq!(t.give(), Some(Tid(1)));
        assert!(!t.try_take() && !t.look(2));
        // it gives up after the grant: the second gets it
        assert_eq!(t.leave(1), Some(Tid(2)));
        assert!(t.look(2) && t.waiting() == 0 && t.free() == 0);
        assert_eq!(t.give(), None);
        assert_eq!(t.free(), 1);
    }

    #[test]
    fn a_call_that_crosses_a_timeout_is_passed_on() {
        let mut t = Turnstile::new(0);
        t.join(1, Tid(1));
        t.join(2, Tid(2));
        assert_eq!(t.give(), Some(Tid(1)));
        assert_eq!(t.leave(1), Some(Tid(2)));
        assert!(t.look(2));
    }

    #[test]
    fn as_many_are_called_as_there_are_permits() {
        let mut t = Turnstile::new(0);
        for i in 1..=3 {
            t.join(i, Tid(i as u32));
        }
        assert_eq!((t.give(), t.give()), (Some(Tid(1)), Some(Tid(2))));
        assert!(t.look(2) && t.look(1) && !t.look(3));
        assert_eq!(t.give(), Some(Tid(3)));
    }
}
