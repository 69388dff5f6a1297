//! Who waits for the GIL, in the shape that the hand-over needs.

use std::collections::VecDeque;

use super::Handoff;
use crate::world::{Ns, Tid};

#[derive(Debug, Clone, Copy)]
struct Waiter {
    tid: Tid,
    since: Ns,
}

/// The threads that wait. `Fair` needs an unordered list that can be drawn from in O(1); the others need queues.
#[derive(Debug)]
pub(super) struct Waiters {
    handoff: Handoff,
    /// Fair: in order of arrival until something is drawn from the middle.
    drawn: Vec<Tid>,
    /// Fifo, contend.
    queue: VecDeque<Waiter>,
    /// Contend: those back from IO.
    returned: VecDeque<Waiter>,
    /// Contend: the waiter that was woken ahead of its bound.
    called: Option<Tid>,
    last_was_returned: bool,
}

impl Waiters {
    pub fn new(handoff: Handoff) -> Waiters {
        Waiters { handoff, drawn: Vec::new(), queue: VecDeque::new(), returned: VecDeque::new(), called: None, last_was_returned: false }
    }

    pub fn is_empty(&self) -> bool {
        self.drawn.is_empty() && self.queue.is_empty() && self.returned.is_empty()
    }

    pub fn push(&mut self, tid: Tid, since: Ns, after_io: bool) {
        match self.handoff {
            Handoff::Fair => self.drawn.push(tid),
            Handoff::Contend if after_io => self.returned.push_back(Waiter { tid, since }),
            Handoff::Fifo | Handoff::Contend => self.queue.push_back(Waiter { tid, since }),
        }
    }

    /// Fair: `draw` is shown the waiters (and `me`, last) and gives an index. `None` if that is `me`, or nobody waits.
    pub fn pick_by(&mut self, me: Option<Tid>, draw: impl FnOnce(&[Tid]) -> usize) -> Option<Tid> {
        if self.drawn.is_empty() {
            return None;
        }
        self.drawn.extend(me);
        let index = draw(&self.drawn).min(self.drawn.len() - 1);
        if me.is_some() {
            self.drawn.pop();
        }
        (index < self.drawn.len()).then(|| self.drawn.swap_remove(index))
    }

    pub fn pop_front(&mut self) -> Option<Tid> {
        self.queue.pop_front().map(|waiter| waiter.tid)
    }

    /// Contend: who is back from IO; but not twice in a row while the first of the others is `overdue`.
    pub fn pop_contending(&mut self, overdue: bool) -> Option<Tid> {
        let queue_first = overdue && self.last_was_returned && !self.queue.is_empty();
        let waiter = match self.returned.pop_front_if(|_| !queue_first) {
            Some(waiter) => {
                self.last_was_returned = true;
                waiter
            }
            None => {
                self.last_was_returned = false;
                self.queue.pop_front()?
            }
        };
        if self.called == Some(waiter.tid) {
            self.called = None;
        }
        Some(waiter.tid)
    }

    /// Since when the first of those not back from IO has waited.
    pub fn first_since(&self) -> Option<Ns> {
        self.queue.front().map(|waiter| waiter.since)
    }

    pub fn has_returned(&self) -> bool {
        !self.returned.is_empty()
    }

    pub fn returned(&self) -> u32 {
        self.returned.len() as u32
    }

    /// The first waiter, if it has not been called yet; from now on it has.
    pub fn call_first(&mut self) -> Option<Tid> {
        let first = self.queue.front()?.tid;
        (self.called.replace(first) != Some(first)).then_some(first)
    }

    pub fn is_called(&self, tid: Tid) -> bool {
        self.called == Some(tid)
    }

    pub fn remove(&mut self, tid: Tid) -> bool {
        let before = self.len();
        self.drawn.retain(|&t| t != tid);
        self.queue.retain(|w| w.tid != tid);
        self.returned.retain(|w| w.tid != tid);
        self.len() != before
    }

    fn len(&self) -> usize {
        self.drawn.len() + self.queue.len() + self.returned.len()
    }
}
