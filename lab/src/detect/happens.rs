//! Happens-before: what each synchronisation object passes on from the thread that releases to the one that acquires.
//!
//! - A lock: from each release to all later acquisitions.
//! - Permits (semaphores, queues): the k-th release happens before the (k + n)-th acquisition, n being the permits there at first. So
//!   two threads inside a semaphore of two are not ordered by it, and an item of a queue orders its own put and get only. (The rule
//!   of buffered channels, <https://go.dev/ref/mem#chan>.)
//! - An event: from every `set` to whoever sees it set. A barrier: from each arrival to every departure of that round.
//! - A thread: from its start to its first step, and from its end to whoever has joined it.
//!
//! A condition needs nothing of its own: who is notified takes the lock that the notifier has released.

use super::clock::{Clock, Epoch};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// What an operation of a synchronisation object does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Act {
    /// A lock is held from now on.
    Acquire,
    /// It is free from now on.
    Release,
    /// A permit or an item was taken; so many are left.
    Take(usize),
    /// A permit or an item is about to be given; so many are there.
    Give(usize),
    /// An event is set.
    Set,
    /// An event was seen set.
    Seen,
    /// A thread comes to a barrier.
    Arrive,
    /// A thread leaves it.
    Leave,
}

#[derive(Default)]
struct Barrier {
    gathered: Clock,
    here: Vec<u32>,
    /// What those may leave with that have not left yet.
    leaving: HashMap<u32, Arc<Clock>>,
}

#[derive(Default)]
struct Permits {
    /// Permits that were there from the beginning and come from nobody.
    blank: usize,
    given: VecDeque<Arc<Clock>>,
    known: bool,
}

enum Object {
    Clock(Clock),
    Permits(Permits),
    Barrier(Box<Barrier>),
}

/// The order of all that threads have done so far.
pub struct Happens {
    threads: Vec<Arc<Clock>>,
    ended: HashMap<u32, Arc<Clock>>,
    objects: HashMap<u64, Object>,
    /// Whether locks order anything. In a graph of lock orders they must not: there one asks what another run might do.
    locks: bool,
}

impl Happens {
    /// With or without the order that locks make.
    pub fn new(locks: bool) -> Happens {
        Happens { threads: Vec::new(), ended: HashMap::new(), objects: HashMap::new(), locks }
    }
    fn thread(&mut self, thread: u32) -> &mut Arc<Clock> {
        let at = thread as usize;
        while self.threads.len() <= at {
            let mut clock = Clock::default();
            clock.tick(self.threads.len() as u32);
            self.threads.push(Arc::new(clock));
        }
        &mut self.threads[at]
    }
    /// How many threads there have been.
    pub fn threads(&self) -> usize {
        self.threads.len()
    }
    /// What the thread has seen.
    pub fn clock(&mut self, thread: u32) -> &Arc<Clock> {
        self.thread(thread)
    }
    /// Now, for this thread.
    pub fn now(&mut self, thread: u32) -> Epoch {
        Epoch { thread, time: self.thread(thread).get(thread) }
    }
    /// The thread's clock, to be passed on; what it does from now on is later.
    fn send(&mut self, thread: u32) -> Arc<Clock> {
        let clock = self.thread(thread);
        let sent = clock.clone();
        Arc::make_mut(clock).tick(thread);
        sent
    }
    /// What the thread does from now on is later than what it has done.
    pub fn tick(&mut self, thread: u32) {
        Arc::make_mut(self.thread(thread)).tick(thread);
    }
    /// The thread has seen what `sent` has.
    pub fn receive(&mut self, thread: u32, sent: &Clock) {
        let clock = self.thread(thread);
        if !sent.within(clock) {
            Arc::make_mut(clock).join(sent);
        }
    }
    /// A thread starts another. A number that is used again is another thread.
    pub fn start(&mut self, parent: u32, child: u32) {
        let sent = self.send(parent);
        self.receive(child, &sent);
        Arc::make_mut(self.thread(child)).tick(child);
    }
    /// A thread ends.
    pub fn end(&mut self, thread: u32) {
        let sent = self.send(thread);
        self.ended.insert(thread, sent);
    }
    /// A thread knows of another's end.
    pub fn joined(&mut self, thread: u32, other: u32) {
        if let Some(sent) = self.ended.get(&other).cloned() {
            self.receive(thread, &sent);
        }
    }
    /// An operation of a synchronisation object.
    pub fn act(&mut self, thread: u32, object: u64, act: Act) {
        match act {
            Act::Acquire | Act::Release if !self.locks => {}
            Act::Acquire | Act::Seen => {
                if let Some(Object::Clock(sent)) = self.objects.get(&object) {
                    let sent = sent.clone();
                    self.receive(thread, &sent);
                }
            }
            Act::Release | Act::Set => {
                let sent = self.send(thread);
                match self.objects.get_mut(&object) {
                    Some(Object::Clock(clock)) => clock.join(&sent),
                    _ => drop(self.objects.insert(object, Object::Clock((*sent).clone()))),
                }
            }
            Act::Take(left) => {
                let permits = self.permits(object, left + 1);
                if permits.blank > 0 {
                    permits.blank -= 1;
                } else if let Some(sent) = permits.given.pop_front() {
                    self.receive(thread, &sent);
                }
            }
            Act::Give(there) => {
                let sent = self.send(thread);
                self.permits(object, there).given.push_back(sent);
            }
            Act::Arrive => {
                let sent = self.send(thread);
                let barrier = self.barrier(object);
                barrier.gathered.join(&sent);
                barrier.here.push(thread);
            }
            Act::Leave => {
                let barrier = self.barrier(object);
                if !barrier.leaving.contains_key(&thread) {
                    // the first one to leave ends the round
                    let all = Arc::new(std::mem::take(&mut barrier.gathered));
                    for t in std::mem::take(&mut barrier.here) {
                        barrier.leaving.insert(t, all.clone());
                    }
                }
                if let Some(all) = barrier.leaving.remove(&thread) {
                    self.receive(thread, &all);
                }
            }
        }
    }
    fn permits(&mut self, object: u64, there: usize) -> &mut Permits {
        let entry = self.objects.entry(object).or_insert_with(|| Object::Permits(Permits::default()));
        if !matches!(entry, Object::Permits(_)) {
            *entry = Object::Permits(Permits::default());
        }
        let Object::Permits(permits) = entry else { unreachable!("just made one") };
        if !permits.known {
            permits.known = true;
            permits.blank = there;
        }
        permits
    }
    fn barrier(&mut self, object: u64) -> &mut Barrier {
        let entry = self.objects.entry(object).or_insert_with(|| Object::Barrier(Box::default()));
        if !matches!(entry, Object::Barrier(_)) {
            *entry = Object::Barrier(Box::default());
        }
        let Object::Barrier(barrier) = entry else { unreachable!("just made one") };
        barrier
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two() -> Happens {
        let mut h = Happens::new(true);
        h.start(0, 1);
        h.start(0, 2);
        h
    }

    #[test]
    fn start_and_join_order_and_siblings_do_not() {
        let mut h = Happens::new(true);
        let before = h.now(0);
        h.start(0, 1);
        let between = h.now(0);
        h.start(0, 2);
        let (one, two) = (h.now(1), h.now(2));
        assert!(before.before(h.clock(1)) && before.before(h.clock(2)));
        assert!(between.before(h.clock(2)) && !between.before(h.clock(1)));
        assert!(!one.before(h.clock(2)) && !two.before(h.clock(1)) && !one.before(h.clock(0)));
        h.end(1);
        h.joined(0, 1);
        assert!(one.before(h.clock(0)) && !two.before(h.clock(0)));
    }

    #[test]
    fn a_lock_orders_unless_it_is_not_to() {
        for locks in [true, false] {
            let mut h = Happens::new(locks);
            h.start(0, 1);
            h.start(0, 2);
            let one = h.now(1);
            h.act(1, 7, Act::Acquire);
            h.act(1, 7, Act::Release);
            let later = h.now(1);
            h.act(2, 7, Act::Acquire);
            assert_eq!(one.before(h.clock(2)), locks);
            assert!(!locks || !later.before(h.clock(2)));
        }
    }

    #[test]
    fn a_semaphore_of_two_does_not_order_its_first_two_guests() {
        let mut h = two();
        h.start(0, 3);
        h.act(1, 7, Act::Take(1));
        let first = h.now(1);
        h.act(1, 7, Act::Give(1));
        h.act(2, 7, Act::Take(1));
        assert!(!first.before(h.clock(2)));
        h.act(2, 7, Act::Give(1));
        // the third guest comes after the first
        h.act(3, 7, Act::Take(1));
        assert!(first.before(h.clock(3)));
    }

    #[test]
    fn an_item_orders_its_own_put_and_get() {
        let mut h = two();
        let put = h.now(1);
        h.act(1, 7, Act::Give(0));
        let after = h.now(1);
        h.act(1, 7, Act::Give(1));
        h.act(2, 7, Act::Take(1));
        assert!(put.before(h.clock(2)) && !after.before(h.clock(2)));
    }

    #[test]
    fn an_event_orders_all_who_see_it() {
        let mut h = two();
        let set = h.now(1);
        h.act(1, 7, Act::Set);
        h.act(2, 7, Act::Seen);
        h.act(0, 7, Act::Seen);
        assert!(set.before(h.clock(2)) && set.before(h.clock(0)));
    }

    #[test]
    fn a_barrier_orders_both_ways_and_rounds_apart() {
        let mut h = two();
        let (one, two) = (h.now(1), h.now(2));
        h.act(1, 7, Act::Arrive);
        h.act(2, 7, Act::Arrive);
        h.act(2, 7, Act::Leave);
        let second_round = h.now(2);
        h.act(2, 7, Act::Arrive);
        h.act(1, 7, Act::Leave);
        assert!(one.before(h.clock(2)) && two.before(h.clock(1)));
        assert!(!second_round.before(h.clock(1)));
    }
}
