//! The machine under [`Order::Controlled`](crate::world::sim::Order::Controlled): a *controlled* run, in which nothing but the strategy decides who goes on.
//!
//! A thread runs unpreempted from one scheduling point to the next; at each, the strategy chooses among all who are enabled, one or
//! many. Who waits for something is not among them. Whoever is woken for what is then taken by another is disabled again without ever
//! having run ([`Machine::unwake`]), so that a step of a waiter always succeeds.
//!
//! Time: timers are ordered among themselves and not against instructions. So there are two clocks: `clock`, which ticks move on and
//! scripts see, and `base`, which only timers do. A sleeper may wake when no timer is due before its own; a wait with a time limit
//! may be over by then, which is a choice of its own, made by the thread's *alarm*: a number that stands for it among the choices.

use super::{Machine, Reverse, State, Timer};
use crate::coro::Suspender;
use crate::strategy::{ChoicePoint, Strategy, alarm_of, whose_alarm};
use crate::world::{Blocked, Ns, Outcome, Tid, WaitKind, Wake};

/// Most ticks of a thread between two questions to the strategy.
const MOST_TICKS: u64 = 50_000;

/// What a scheduling point says.
pub enum Point {
    /// The same thread goes on.
    GoOn,
    /// Another does: suspend.
    Switch(Suspender),
    /// The run is over, or the thread is.
    Over,
}

impl Machine {
    /// A scheduling point of the running thread.
    pub fn point(&mut self, me: Tid, strategy: &mut dyn Strategy) -> Point {
        if self.stopped() || self.thread(me).killed {
            return Point::Over;
        }
        if self.threads.len() == 1 {
            return Point::GoOn;
        }
        self.enable(me);
        self.go_on(me, strategy)
    }

    /// The running thread is among the enabled ones: who goes on?
    fn go_on(&mut self, me: Tid, strategy: &mut dyn Strategy) -> Point {
        match self.pick(strategy, Some(me)) {
            Some(next) if next == me => {
                self.disable(me);
                self.since_point = 0;
                self.thread(me).state = State::Running;
                Point::GoOn
            }
            next => {
                self.chosen = next;
                self.suspender(me).map_or(Point::Over, Point::Switch)
            }
        }
    }

    /// A park that ends when the strategy says so, if `open`; else when somebody unparks the thread. See [`Machine::park`].
    pub fn park_gate(&mut self, me: Tid, deadline: Option<Ns>, why: &Blocked, open: bool, strategy: &mut dyn Strategy) -> Result<Point, Wake> {
        let suspender = self.park(me, deadline, why)?;
        if !open {
            return Ok(Point::Switch(suspender));
        }
        self.thread(me).wake = Wake::Unparked;
        self.enable(me);
        Ok(self.go_on(me, strategy))
    }

    /// Takes a wake-up back: what the thread was woken for is gone before it has run.
    pub fn unwake(&mut self, tid: Tid) {
        let thread = self.thread(tid);
        if thread.state == State::Ready && thread.waiting.is_some() && thread.wake == Wake::Unparked {
            thread.state = State::Parked;
            self.disable(tid);
        }
    }

    /// A thread that runs for very long without a scheduling point, perhaps waiting for another in a loop that is not known to be
    /// visible, lets the strategy choose all the same; it is told so by [`ChoicePoint::Slice`].
    pub(super) fn rest(&mut self, me: Tid, ticks: u32) -> Option<Suspender> {
        self.since_point += u64::from(ticks);
        if self.since_point < MOST_TICKS || self.stopped() || self.threads.len() == 1 || self.thread(me).state != State::Running {
            return None;
        }
        self.tired = true;
        self.enable(me);
        self.suspender(me)
    }

    pub(super) fn enable(&mut self, tid: Tid) {
        self.thread(tid).state = State::Ready;
        if let Err(at) = self.runnable.binary_search(&tid) {
            self.runnable.insert(at, tid);
        }
    }

    fn disable(&mut self, tid: Tid) {
        if let Ok(at) = self.runnable.binary_search(&tid) {
            self.runnable.remove(at);
        }
    }

    /// Who goes on; it stays in `runnable`. `None`: nobody can, or the strategy has ended the run.
    fn pick(&mut self, strategy: &mut dyn Strategy, current: Option<Tid>) -> Option<Tid> {
        loop {
            let why = if std::mem::take(&mut self.tired) { ChoicePoint::Slice } else { ChoicePoint::Point };
            let due = self.due();
            let mut choices = std::mem::take(&mut self.choices);
            choices.clear();
            choices.extend_from_slice(&self.runnable);
            choices.extend(due.iter().map(|t| self.name_of(t)));
            let chosen = match choices.is_empty() {
                true => None,
                false => choices.get(strategy.choose(&choices, current, why)).copied(),
            };
            let nobody = choices.is_empty();
            self.choices = choices;
            let Some(chosen) = chosen else {
                if !nobody {
                    self.end(Outcome::Stopped);
                }
                return None;
            };
            let tid = whose_alarm(chosen).unwrap_or(chosen);
            if let Some(timer) = due.iter().find(|t| t.tid == tid && self.name_of(t) == chosen) {
                self.expire(timer.tid, timer.at);
            }
            if chosen == tid {
                return Some(tid);
            }
        }
    }

    /// Who runs next.
    pub(super) fn next_controlled(&mut self, strategy: &mut dyn Strategy) -> Option<Tid> {
        let next = match self.chosen.take() {
            Some(next) => Some(next),
            None => self.pick(strategy, None),
        };
        if let Some(tid) = next {
            self.disable(tid);
            self.since_point = 0;
        }
        next
    }

    /// The timers that may go off now: no other is due earlier.
    fn due(&mut self) -> Vec<Alarm> {
        if self.alarms.is_empty() {
            return Vec::new();
        }
        let threads = &self.threads;
        self.alarms.retain(|t| {
            let thread = &threads[t.tid.0 as usize];
            thread.parks == t.park && thread.waiting.is_some() && !matches!(thread.state, State::Running | State::Gone)
        });
        let pending = self.alarms.iter().filter(|t| threads[t.tid.0 as usize].wake != Wake::TimedOut || threads[t.tid.0 as usize].state == State::Parked);
        let Some(first) = pending.clone().map(|t| t.at).min() else { return Vec::new() };
        let mut due: Vec<Alarm> = pending.filter(|t| t.at == first).map(|t| Alarm { tid: t.tid, at: t.at }).collect();
        due.sort_by_key(|t| t.tid);
        due
    }

    /// Under which number a due timer stands among the choices: a sleeper under its own, which cannot be there otherwise.
    fn name_of(&self, alarm: &Alarm) -> Tid {
        let waiting = self.threads[alarm.tid.0 as usize].waiting.as_ref();
        match waiting.is_some_and(|w| w.why.kind == WaitKind::Sleep) {
            true => alarm.tid,
            false => alarm_of(alarm.tid),
        }
    }

    fn expire(&mut self, tid: Tid, at: Ns) {
        if at > self.base {
            self.clock = self.clock.saturating_add(at - self.base);
            self.base = at;
        }
        self.thread(tid).wake = Wake::TimedOut;
        self.enable(tid);
    }

    /// Sets a timer for a park of this thread, given the time that scripts see.
    pub(super) fn set_alarm(&mut self, timer: Timer) {
        let at = timer.at.saturating_sub(self.clock).saturating_add(self.base);
        match self.controlled() {
            true => self.alarms.push(Timer { at, ..timer }),
            false => self.timers.push(Reverse(timer)),
        }
    }
}

/// A timer that is due.
struct Alarm {
    tid: Tid,
    at: Ns,
}
