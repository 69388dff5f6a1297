//! The simulated machine's state: threads, their local clocks, timers, who runs next. Knows nothing of native stacks.
//!
//! A discrete-event simulation. Each thread has a local clock, which its ticks move on. The thread with the least local time
//! runs, until its clock passes that of another thread that can run, or a timer. With a GIL only its holder has ticks to run:
//! the others run just far enough to queue up for it. Without one, as many threads as want to have clocks of their own, as on a
//! machine with enough cores. As soon as there is a second process, cores are counted: a process whose turn it is waits for a core that is
//! free at that time (`Cores`); the threads of one process share its core.
//! Ties go by the order in which threads became ready.

mod controlled;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::super::processes::{Process, spend};
use super::super::{Blocked, BlockedThread, Body, Ns, Outcome, SpawnError, Tid, WaitKind, Wake};
use super::{Order, Run};
use crate::coro::{SlabStack, Suspender};
use crate::strategy::{ChoicePoint, Strategy};
pub use controlled::Point;

/// Where a thread is in its life.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum State {
    /// In `ready`.
    Ready,
    Running,
    Parked,
    Gone,
}

struct SimThread {
    process: Arc<Process>,
    name: Arc<str>,
    daemon: bool,
    state: State,
    /// Local time.
    time: Ns,
    cpu: Ns,
    token: bool,
    interrupted: bool,
    killed: bool,
    /// What the current park will answer.
    wake: Wake,
    /// Counts parks, so that a timer of an earlier park is recognised.
    parks: u32,
    waiting: Option<Waiting>,
    suspender: Option<Suspender>,
    unstarted: Option<(Body, SlabStack)>,
}

struct Waiting {
    why: Blocked,
    since: Ns,
    deadline: Option<Ns>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct ReadyAt {
    time: Ns,
    seq: u64,
    tid: Tid,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Timer {
    at: Ns,
    seq: u64,
    tid: Tid,
    park: u32,
}

/// The virtual cores: which process had each last, and from when on it is free for another.
struct Cores {
    list: Vec<(u32, Ns)>,
    /// Whether they are counted: there is more than one process.
    counted: bool,
}

impl Cores {
    /// Gives a process a core at time `at`, or says when one will be free.
    fn claim(&mut self, pid: u32, at: Ns) -> Result<(), Ns> {
        if self.list.iter().any(|core| core.0 == pid) {
            return Ok(());
        }
        let free = self.list.iter_mut().filter(|core| core.1 <= at).min_by_key(|core| core.1);
        match free {
            Some(core) => {
                *core = (pid, at);
                Ok(())
            }
            None => Err(self.list.iter().map(|core| core.1).min().unwrap_or(at)),
        }
    }

    /// A thread of the process has run until `until`.
    fn used(&mut self, pid: u32, until: Ns) {
        if let Some(core) = self.list.iter_mut().find(|core| core.0 == pid) {
            core.1 = core.1.max(until);
        }
    }
}

/// What the scheduler does next.
pub enum Next {
    /// Resume this thread.
    Resume(Tid),
    /// Start this thread on this stack.
    Start(Tid, Body, SlabStack),
    /// The run is over.
    End(Outcome),
}

/// The machine.
pub struct Machine {
    threads: Vec<SimThread>,
    ready: BinaryHeap<Reverse<ReadyAt>>,
    timers: BinaryHeap<Reverse<Timer>>,
    seq: u64,
    /// Local time of the thread that runs, or ran last.
    pub clock: Ns,
    /// Where it began.
    begun: Ns,
    until: Option<Ns>,
    pub outcome: Option<Outcome>,
    order: Order,
    tick_ns: Ns,
    schedule: Option<Vec<Run>>,
    choices: Vec<Tid>,
    cores: Cores,
    /// Ticks of all threads so far, and how many there may be; 0: any number.
    ticks: u64,
    pub max_ticks: u64,
    /// The thread that runs has not executed anything since it was chosen.
    fresh: bool,
    /// The thread that has come to a scheduling point and might go on.
    undecided: Option<Tid>,
    /// Controlled: who is enabled, in order; and whom a point has chosen, until it runs.
    runnable: Vec<Tid>,
    chosen: Option<Tid>,
    /// Controlled: timers, in `base`'s time, which only timers move on.
    alarms: Vec<Timer>,
    base: Ns,
    /// Controlled: ticks of the running thread since its last scheduling point, and whether that is why it is asked who goes on.
    since_point: u64,
    tired: bool,
}

impl Machine {
    pub fn new(order: Order, tick_ns: Ns, record: bool, cores: usize) -> Machine {
        let cores = Cores { list: vec![(0, 0); cores.max(1)], counted: false };
        Machine {
            threads: Vec::new(),
            ready: BinaryHeap::new(),
            timers: BinaryHeap::new(),
            seq: 0,
            clock: 0,
            begun: 0,
            until: None,
            outcome: None,
            order,
            tick_ns,
            schedule: record.then(Vec::new),
            choices: Vec::new(),
            cores,
            ticks: 0,
            max_ticks: 0,
            fresh: false,
            undecided: None,
            runnable: Vec::new(),
            chosen: None,
            alarms: Vec::new(),
            base: 0,
            since_point: 0,
            tired: false,
        }
    }

    /// Whether nothing but the strategy decides who goes on.
    pub fn controlled(&self) -> bool {
        self.order == Order::Controlled
    }

    fn thread(&mut self, tid: Tid) -> &mut SimThread {
        &mut self.threads[tid.0 as usize]
    }

    pub fn stopped(&self) -> bool {
        self.outcome.is_some()
    }

    /// Whether the thread must leave.
    pub fn is_over_for(&self, me: Tid) -> bool {
        self.stopped() || self.threads[me.0 as usize].killed
    }

    pub fn set_until(&mut self, at: Option<Ns>) {
        self.until = at;
    }

    pub fn end(&mut self, outcome: Outcome) {
        self.outcome.get_or_insert(outcome);
    }

    // ---- threads ----

    /// The number that the next thread will have.
    pub fn next_tid(&self) -> Result<Tid, SpawnError> {
        Ok(Tid(u32::try_from(self.threads.len()).map_err(|_| SpawnError::Exhausted)?))
    }

    /// A number for the main thread of a process that is to be started later.
    pub fn reserve(&mut self, process: impl FnOnce(Tid) -> Arc<Process>) -> Result<Arc<Process>, SpawnError> {
        if self.stopped() {
            return Err(SpawnError::Stopped);
        }
        let tid = self.next_tid()?;
        let process = process(tid);
        self.count_cores(process.ppid());
        self.add(&process, "MainThread", false, None);
        self.thread(tid).state = State::Gone;
        Ok(process)
    }

    /// A second process begins: from now on cores are counted. The one that runs has the first.
    fn count_cores(&mut self, running: u32) {
        if !std::mem::replace(&mut self.cores.counted, true)
            && let Some(core) = self.cores.list.first_mut()
        {
            *core = (running, self.clock);
        }
    }

    /// Starts the thread of a reserved number.
    pub fn start_reserved(&mut self, tid: Tid, body: Body, stack: SlabStack) -> Result<(), SpawnError> {
        if self.stopped() || !self.threads[tid.0 as usize].process.enter(tid) {
            return Err(SpawnError::Stopped);
        }
        let thread = self.thread(tid);
        thread.state = State::Parked;
        thread.unstarted = Some((body, stack));
        self.make_ready(tid, self.clock);
        Ok(())
    }

    pub fn spawn(&mut self, process: &Arc<Process>, name: &str, daemon: bool, body: Body, stack: SlabStack) -> Result<Tid, SpawnError> {
        let tid = self.next_tid()?;
        if self.stopped() || !process.enter(tid) {
            return Err(SpawnError::Stopped);
        }
        self.add(process, name, daemon, Some((body, stack)));
        self.make_ready(tid, self.clock);
        Ok(tid)
    }

    fn add(&mut self, process: &Arc<Process>, name: &str, daemon: bool, unstarted: Option<(Body, SlabStack)>) {
        self.threads.push(SimThread {
            process: Arc::clone(process),
            name: Arc::from(name),
            daemon,
            state: State::Parked,
            time: self.clock,
            cpu: if self.threads.is_empty() { self.begun } else { 0 },
            token: false,
            interrupted: false,
            killed: false,
            wake: Wake::Unparked,
            parks: 0,
            waiting: None,
            suspender: None,
            unstarted,
        });
    }

    /// Whose thread that is.
    pub fn process_of(&self, tid: Tid) -> Arc<Process> {
        Arc::clone(&self.threads[tid.0 as usize].process)
    }

    pub fn started(&mut self, tid: Tid, suspender: Suspender) {
        self.thread(tid).suspender = Some(suspender);
    }

    pub fn suspender(&self, tid: Tid) -> Option<Suspender> {
        self.threads[tid.0 as usize].suspender
    }

    pub fn gone(&mut self, tid: Tid) {
        let thread = self.thread(tid);
        thread.state = State::Gone;
        thread.suspender = None;
        thread.waiting = None;
        let (pid, until) = (thread.process.pid, thread.time);
        self.cores.used(pid, until);
    }

    /// Threads that have started and not ended.
    pub fn remaining(&self) -> Vec<Tid> {
        let tids = (0..self.threads.len()).map(|i| Tid(i as u32));
        tids.filter(|tid| self.suspender(*tid).is_some()).collect()
    }

    /// Takes what was never started, to be dropped outside the lock.
    pub fn take_unstarted(&mut self) -> Vec<(Body, SlabStack)> {
        self.threads.iter_mut().filter_map(|thread| thread.unstarted.take()).collect()
    }

    pub fn blocked(&self) -> Vec<BlockedThread> {
        let parked = self.threads.iter().enumerate();
        let parked = parked.filter(|(_, t)| !t.process.is_dead());
        let parked = parked.filter_map(|(i, t)| t.waiting.as_ref().map(|waiting| (i, t, waiting)));
        parked
            .map(|(i, thread, waiting)| BlockedThread {
                tid: Tid(i as u32),
                process: (thread.process.pid, thread.process.name()),
                name: Arc::clone(&thread.name),
                daemon: thread.daemon,
                since: waiting.since,
                deadline: waiting.deadline,
                why: waiting.why.clone(),
                held_by: None,
            })
            .collect()
    }

    // ---- park and unpark ----

    /// Begins a park.
    ///
    /// # Errors
    /// What the park answers, if it is over at once. Otherwise the thread must suspend.
    pub fn park(&mut self, me: Tid, deadline: Option<Ns>, why: &Blocked) -> Result<Suspender, Wake> {
        if why.kind != WaitKind::Gil {
            let mut told = Vec::new();
            self.thread(me).process.pause(|tid| told.push(tid));
            told.into_iter().for_each(|tid| self.unpark(tid));
        }
        let (stopped, clock) = (self.stopped(), self.clock);
        let thread = self.thread(me);
        let over = stopped || (thread.killed && why.kind != WaitKind::Gil);
        let Some(suspender) = thread.suspender.filter(|_| !over) else {
            return Err(Wake::Killed);
        };
        if why.kind != WaitKind::Gil && std::mem::take(&mut thread.interrupted) {
            return Err(Wake::Interrupted);
        }
        if std::mem::take(&mut thread.token) {
            return Err(Wake::Unparked);
        }
        thread.state = State::Parked;
        thread.parks = thread.parks.wrapping_add(1);
        let (pid, until) = (thread.process.pid, thread.time);
        thread.waiting = Some(Waiting { why: why.clone(), since: clock, deadline });
        let park = thread.parks;
        self.cores.used(pid, until);
        if let Some(at) = deadline {
            let timer = Timer { at, seq: self.next_seq(), tid: me, park };
            self.set_alarm(timer);
        }
        Ok(suspender)
    }

    /// What the park that has just ended answers.
    pub fn parked(&mut self, me: Tid) -> Wake {
        let stopped = self.stopped();
        let thread = self.thread(me);
        let for_gil = thread.waiting.take().is_some_and(|waiting| waiting.why.kind == WaitKind::Gil);
        // Whoever is woken looks again: one wake-up stands for all that came before it.
        thread.token = false;
        match thread.wake {
            _ if stopped || (thread.killed && !for_gil) => Wake::Killed,
            Wake::Killed => Wake::Unparked,
            wake => wake,
        }
    }

    pub fn unpark(&mut self, tid: Tid) {
        self.wake(tid, Wake::Unparked);
    }

    pub fn interrupt(&mut self, tid: Tid) {
        let Some(thread) = self.threads.get_mut(tid.0 as usize) else {
            return;
        };
        let uninterruptible = thread.waiting.as_ref().is_some_and(|w| w.why.kind == WaitKind::Gil);
        if thread.state == State::Parked && !uninterruptible {
            self.wake(tid, Wake::Interrupted);
        } else {
            thread.interrupted = true;
        }
    }

    pub fn clear_interrupt(&mut self, me: Tid) {
        self.thread(me).interrupted = false;
    }

    pub fn kill(&mut self, tid: Tid) {
        if let Some(thread) = self.threads.get_mut(tid.0 as usize) {
            thread.killed = true;
            self.wake(tid, Wake::Killed);
        }
    }

    fn wake(&mut self, tid: Tid, wake: Wake) {
        let clock = self.clock;
        let Some(thread) = self.threads.get_mut(tid.0 as usize) else {
            return;
        };
        match thread.state {
            State::Parked => {
                thread.wake = wake;
                self.make_ready(tid, clock);
            }
            State::Ready | State::Running => thread.token = true,
            State::Gone => {}
        }
    }

    // ---- time ----

    /// Lets `ns` pass for `me`. `Some`: somebody else is due first, `me` must suspend.
    pub fn pass(&mut self, me: Tid, ns: Ns) -> Option<Suspender> {
        let thread = self.thread(me);
        thread.time = thread.time.saturating_add(ns);
        thread.cpu = thread.cpu.saturating_add(ns);
        let time = thread.time;
        spend(&thread.process, ns);
        if self.controlled() {
            self.clock = self.clock.saturating_add(ns);
            return None;
        }
        self.clock = time;
        if self.stopped() || self.next_event().is_none_or(|at| at > time) {
            return None;
        }
        let pid = self.threads[me.0 as usize].process.pid;
        self.cores.used(pid, time);
        self.make_ready(me, time);
        self.suspender(me)
    }

    /// Notes that `me` has run `ticks`, and lets their time pass.
    pub fn run_ticks(&mut self, me: Tid, ticks: u32) -> Option<Suspender> {
        if let Some(schedule) = &mut self.schedule {
            match schedule.last_mut() {
                Some(run) if run.tid == me => run.ticks += u64::from(ticks),
                _ => schedule.push(Run { tid: me, ticks: u64::from(ticks) }),
            }
        }
        self.ticks += u64::from(ticks);
        self.fresh &= ticks == 0;
        if self.max_ticks != 0 && self.ticks >= self.max_ticks {
            self.end(Outcome::TickLimit);
        }
        let due = self.pass(me, Ns::from(ticks) * self.tick_ns);
        if self.controlled() { self.rest(me, ticks) } else { due }
    }

    /// The run goes on from where another stood.
    pub fn start_from(&mut self, mark: &super::Mark) {
        (self.ticks, self.clock, self.begun) = (mark.ticks, mark.clock, mark.clock);
    }

    /// Whether there has only been one thread, which has never waited; how many ticks it has run, and the clock.
    pub fn standing(&self) -> (bool, u64, Ns) {
        let busy = self.threads.first().is_some_and(|main| main.parks == 0 && main.cpu == self.clock);
        (self.threads.len() == 1 && busy && self.timers.is_empty(), self.ticks, self.clock)
    }

    /// How many ticks all threads together have run.
    pub fn ticks(&self) -> u64 {
        self.ticks
    }

    /// Order by strategy: `me` has come to a scheduling point. `Some`: others could go on, `me` must suspend until it is chosen.
    pub fn scheduling_point(&mut self, me: Tid) -> Option<Suspender> {
        if self.order == Order::Time || self.fresh || self.stopped() || self.ready.is_empty() {
            return None;
        }
        let time = self.thread(me).time;
        self.make_ready(me, time);
        self.undecided = Some(me);
        self.suspender(me)
    }

    pub fn thread_cpu(&self, me: Tid) -> Ns {
        self.threads.get(me.0 as usize).map_or(0, |thread| thread.cpu)
    }

    pub fn take_schedule(&mut self) -> Vec<Run> {
        self.schedule.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// When a timer or another thread is due. Where the strategy decides, clocks make nobody wait.
    pub fn next_event(&self) -> Option<Ns> {
        let timed = self.order == Order::Time;
        let ready = self.ready.peek().filter(|_| timed).map(|r| r.0.time);
        let timer = self.timers.peek().filter(|_| timed).map(|t| t.0.at);
        let until = self.until;
        [ready, timer, until].into_iter().flatten().min()
    }

    fn next_seq(&mut self) -> u64 {
        self.seq += 1;
        self.seq
    }

    fn make_ready(&mut self, tid: Tid, at: Ns) {
        if self.controlled() {
            self.enable(tid);
            return;
        }
        let seq = self.next_seq();
        let thread = self.thread(tid);
        thread.state = State::Ready;
        thread.time = thread.time.max(at);
        let entry = ReadyAt { time: thread.time, seq, tid };
        self.ready.push(Reverse(entry));
    }

    // ---- the scheduler ----

    /// Decides who runs next, and moves the clock there.
    pub fn dispatch(&mut self, strategy: &mut dyn Strategy) -> Next {
        if let Some(outcome) = &self.outcome {
            return Next::End(outcome.clone());
        }
        let next = match self.controlled() {
            true => self.next_controlled(strategy).map(|tid| (tid, self.clock)),
            false => self.next_ready(strategy),
        };
        if self.stopped() {
            return Next::End(self.outcome.clone().unwrap_or(Outcome::Stopped));
        }
        let Some((tid, now)) = next else {
            return Next::End(self.nobody_left());
        };
        if self.until.is_some_and(|until| now >= until) {
            self.end(Outcome::Until);
            return Next::End(Outcome::Until);
        }
        self.clock = now;
        self.fresh = true;
        let thread = self.thread(tid);
        thread.time = now;
        thread.state = State::Running;
        match thread.unstarted.take() {
            Some((body, stack)) => Next::Start(tid, body, stack),
            None => Next::Resume(tid),
        }
    }

    /// Who runs next, and when.
    fn next_ready(&mut self, strategy: &mut dyn Strategy) -> Option<(Tid, Ns)> {
        loop {
            self.fire_timers();
            let mut entry = self.take_ready(strategy)?;
            match self.core_for(&entry) {
                Ok(()) => {
                    let now = if self.order == Order::Time { entry.time } else { self.clock.max(entry.time) };
                    return Some((entry.tid, now));
                }
                // it keeps its place in the queue of those that are due then
                Err(free_at) => {
                    entry.time = free_at;
                    self.ready.push(Reverse(entry));
                }
            }
        }
    }

    /// Makes those ready whose deadlines are not after the next ready thread's time.
    fn fire_timers(&mut self) {
        while let Some(Reverse(timer)) = self.timers.peek() {
            let due = self.ready.peek().is_none_or(|r| self.order == Order::Time && timer.at <= r.0.time);
            if !due && !self.is_stale(timer) {
                return;
            }
            let Some(Reverse(timer)) = self.timers.pop() else {
                return;
            };
            if !self.is_stale(&timer) {
                let thread = self.thread(timer.tid);
                thread.wake = Wake::TimedOut;
                self.make_ready(timer.tid, timer.at);
            }
        }
    }

    fn is_stale(&self, timer: &Timer) -> bool {
        let thread = &self.threads[timer.tid.0 as usize];
        thread.state != State::Parked || thread.parks != timer.park
    }

    /// Takes a core for a thread that is due, where they are counted; or says when one will be free.
    fn core_for(&mut self, entry: &ReadyAt) -> Result<(), Ns> {
        if !self.cores.counted || self.order != Order::Time || self.until.is_some_and(|until| entry.time >= until) {
            return Ok(());
        }
        let pid = self.threads[entry.tid.0 as usize].process.pid;
        self.cores.claim(pid, entry.time)
    }

    fn take_ready(&mut self, strategy: &mut dyn Strategy) -> Option<ReadyAt> {
        let current = self.undecided.take();
        if self.order == Order::Time || self.ready.len() < 2 {
            return self.ready.pop().map(|r| r.0);
        }
        let mut all: Vec<ReadyAt> = std::mem::take(&mut self.ready).into_iter().map(|r| r.0).collect();
        all.sort_by_key(|entry| entry.tid);
        self.choices.clear();
        self.choices.extend(all.iter().map(|entry| entry.tid));
        let index = strategy.choose(&self.choices, current, ChoicePoint::Slice).min(all.len() - 1);
        let chosen = all.swap_remove(index);
        self.ready = all.into_iter().map(Reverse).collect();
        Some(chosen)
    }

    /// Nobody can run and no timer is set.
    fn nobody_left(&mut self) -> Outcome {
        let blocked = self.blocked();
        let outcome = match blocked.iter().any(|thread| thread.why.outside) {
            true => Outcome::Idle(blocked),
            false => Outcome::Deadlock(blocked),
        };
        self.end(outcome.clone());
        outcome
    }
}
