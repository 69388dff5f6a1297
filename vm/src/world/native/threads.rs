//! Native threads: park and unpark, the end of a run, deadlock.
//!
//! # Deadlock by counting
//!
//! `live` counts the threads that are not [`ASLEEP`] (running, or in a wait that a deadline or the outside can end), and the
//! declared outside sources. A thread goes to sleep by first setting its state and then taking itself off the count; whoever
//! wakes it puts it back on the count *before* changing its state. The waker is on the count itself meanwhile, so the count
//! reaches 0 only when nobody is left who could wake anybody, and then stays there: the thread that brings it to 0 reports.
//! An outside source that calls `unpark` must be declared, or it may come too late; it cannot cause a false alarm by being early.

#![allow(clippy::disallowed_methods)] // the world is what may

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex, RwLock};

use super::super::processes::{Ending, Process, Processes, is_ignored_by_default, spend};
use super::super::*;
use super::pool::Pool;
use super::slot::{ASLEEP, DOZING, EMPTY, Slot, TOKEN, Waiting};

/// How long a thread waits awake before it sleeps, if that has paid off lately: longer than it takes to wake a thread.
const SPIN: Ns = 20_000;
/// A wait whose end was announced sooner than this would have been worth it: the other side may have had to wake first.
const SHORT: Ns = 60_000;
/// Short waits in a row that make a thread spin, and how far it remembers them.
const PATIENT: u32 = 3;
const MOST_PATIENT: u32 = 10;

/// The threads of one native machine, and its processes.
pub struct Threads {
    pub processes: Processes,
    slots: RwLock<Vec<Option<Arc<Slot>>>>,
    live: AtomicI64,
    next: AtomicU32,
    stopped: AtomicBool,
    ending: Mutex<RunEnd>,
    changed: Condvar,
    wake_at_end: bool,
    /// Whether there are several processors; asked at the first wait.
    spins: OnceLock<bool>,
    began: Instant,
    pool: Arc<Pool>,
}

#[derive(Default)]
struct RunEnd {
    outcome: Option<Outcome>,
    /// How the first process ended, while others go on.
    first: Option<Outcome>,
    until: Option<Ns>,
}

impl Threads {
    pub fn new(wake_at_end: bool, began: Instant, processes: Processes) -> Arc<Threads> {
        Arc::new(Threads {
            processes,
            slots: RwLock::new(Vec::new()),
            live: AtomicI64::new(0),
            next: AtomicU32::new(0),
            stopped: AtomicBool::new(false),
            ending: Mutex::new(RunEnd::default()),
            changed: Condvar::new(),
            wake_at_end,
            spins: OnceLock::new(),
            began,
            pool: Pool::new(),
        })
    }

    pub fn now(&self) -> Ns {
        self.began.elapsed().as_nanos() as Ns
    }

    pub fn stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    pub(super) fn slot(&self, tid: Tid) -> Option<Arc<Slot>> {
        self.slots.read().get(tid.0 as usize).cloned().flatten()
    }

    // ---- start and end ----

    pub fn run_main(self: &Arc<Threads>, root: &Arc<Process>, body: Body) -> Outcome {
        let (this, process) = (Arc::clone(self), Arc::clone(root));
        let main: Body = Box::new(move |start| {
            body(start);
            this.ending.lock().first.get_or_insert(Outcome::Finished);
            this.end_process(&process, 0);
        });
        if self.spawn(root, "MainThread", false, main).is_err() {
            return Outcome::Panicked { tid: Tid::MAIN, message: "the system has no room for a thread".into() };
        }
        let mut ending = self.ending.lock();
        loop {
            if let Some(outcome) = &ending.outcome {
                return outcome.clone();
            }
            match ending.until {
                None => self.changed.wait(&mut ending),
                Some(at) if self.now() >= at => {
                    drop(ending);
                    self.end(Outcome::Until);
                    ending = self.ending.lock();
                }
                Some(at) => {
                    let left = Duration::from_nanos(at.saturating_sub(self.now()));
                    self.changed.wait_for(&mut ending, left);
                }
            }
        }
    }

    /// A number for a thread that is to be started later.
    pub fn reserve(&self) -> Tid {
        Tid(self.next.fetch_add(1, Ordering::Relaxed))
    }

    pub fn spawn(self: &Arc<Threads>, process: &Arc<Process>, name: &str, daemon: bool, body: Body) -> Result<Tid, SpawnError> {
        let tid = self.reserve();
        self.spawn_as(tid, process, name, daemon, body)
    }

    /// Starts the thread of a number.
    pub fn spawn_as(self: &Arc<Threads>, tid: Tid, process: &Arc<Process>, name: &str, daemon: bool, body: Body) -> Result<Tid, SpawnError> {
        if self.stopped() {
            return Err(SpawnError::Stopped);
        }
        let slot = Arc::new(Slot::new(tid, Arc::clone(process), name, daemon));
        self.enter(&slot);
        if !process.enter(tid) {
            self.leave(&slot);
            return Err(SpawnError::Stopped);
        }
        let this = Arc::clone(self);
        let job_slot = Arc::clone(&slot);
        let started = self.pool.run(Box::new(move |stack| this.live_through(&job_slot, body, stack)));
        if started.is_err() {
            self.leave(&slot);
            return Err(SpawnError::Exhausted);
        }
        Ok(tid)
    }

    /// A thread's whole life, on its OS thread.
    fn live_through(self: &Arc<Threads>, slot: &Slot, body: Body, stack: StackBounds) {
        let _ = slot.thread.set(std::thread::current());
        slot.native_id.store(os_thread_id(), Ordering::Relaxed);
        let began = super::thread_clock();
        let start = ThreadStart { tid: slot.tid, stack };
        if let Err(panic) = catch_unwind(AssertUnwindSafe(move || body(start))) {
            self.panicked(slot, panic_text(&*panic));
        }
        spend(&slot.process, super::thread_clock().saturating_sub(began));
        self.leave(slot);
    }

    /// A bug in native code ends its process; where that is the first one, the run.
    fn panicked(self: &Arc<Threads>, slot: &Slot, message: String) {
        let process = &slot.process;
        if process.main == Tid::MAIN {
            return self.end(Outcome::Panicked { tid: slot.tid, message });
        }
        let text = panic_report(process, slot.tid, &message);
        process.leak();
        let _ = rustix::io::write(rustix::stdio::stderr(), text.as_bytes());
        self.end_process(process, PANICKED);
    }

    fn enter(&self, slot: &Arc<Slot>) {
        self.live.fetch_add(1, Ordering::SeqCst);
        let at = slot.tid.0 as usize;
        let mut slots = self.slots.write();
        if slots.len() <= at {
            slots.resize(at + 1, None);
        }
        slots[at] = Some(Arc::clone(slot));
    }

    fn leave(&self, slot: &Slot) {
        // first: what is freed here may wake others
        slot.process.leave(slot.tid);
        self.slots.write()[slot.tid.0 as usize] = None;
        self.uncount();
    }

    // ---- processes ----

    /// See [`World::end_process`].
    pub fn end_process(&self, process: &Arc<Process>, status: i32) {
        if process.main == Tid::MAIN {
            self.ending.lock().first.get_or_insert(Outcome::Stopped);
        }
        let Some(ending) = self.processes.end(process, status) else { return };
        if ending.last {
            let first = self.ending.lock().first.clone();
            return self.end(first.unwrap_or(Outcome::Stopped));
        }
        let Ending { on_end, gone, threads, wake, outside, sigchld, .. } = ending;
        if let Some(on_end) = on_end {
            on_end();
        }
        for tid in threads {
            self.kill(tid);
        }
        for tid in wake {
            self.unpark(tid);
        }
        process.watchers().wake(Interest::READ, &|tid| self.unpark(tid));
        if let Some(parent) = sigchld {
            self.deliver(&parent, libc::SIGCHLD);
        }
        if let Some(gone) = gone {
            gone();
        }
        self.outside_sources(-outside);
    }

    /// A signal reaches a process: its handler is told, or it ends.
    pub fn deliver(&self, process: &Arc<Process>, signum: i32) {
        match process.arrive(signum) {
            Some(on_signal) => on_signal(signum),
            None if is_ignored_by_default(signum) || process.is_dead() => {}
            None if process.main == Tid::MAIN => drop(signal_hook::low_level::emulate_default_handler(signum)),
            None => self.end_process(process, -signum),
        }
    }

    /// A signal has come to the host's process. What a terminal sends goes to all processes, as they are its foreground group.
    pub fn deliver_from_host(&self, signum: i32) {
        let mut all = self.processes.list();
        if !matches!(signum, libc::SIGINT | libc::SIGQUIT) {
            all.retain(|p| p.main == Tid::MAIN);
        }
        // the first process last: without a handler it takes the others along
        for process in all.iter().rev() {
            self.deliver(process, signum);
        }
    }

    /// Processor time of a process, in ns.
    pub fn process_cpu(&self, process: &Process) -> Ns {
        let living: Ns = self.slots.read().iter().flatten().filter(|slot| slot.process.pid == process.pid).map(|slot| slot.cpu()).sum();
        process.spent.load(Ordering::Relaxed) + living
    }

    /// Ends the run with `outcome`, unless it has ended.
    pub fn end(&self, outcome: Outcome) {
        {
            let mut ending = self.ending.lock();
            if ending.outcome.is_some() {
                return;
            }
            ending.outcome = Some(outcome);
            self.stopped.store(true, Ordering::SeqCst);
        }
        self.changed.notify_all();
        if self.wake_at_end {
            let slots: Vec<_> = self.slots.read().iter().flatten().cloned().collect();
            slots.iter().for_each(|slot| self.give_token(slot));
        }
    }

    pub fn set_until(&self, at: Option<Ns>) {
        self.ending.lock().until = at;
        self.changed.notify_all();
    }

    // ---- the count ----

    fn uncount(&self) {
        if self.live.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.report_deadlock();
        }
    }

    pub fn outside_sources(&self, change: i32) {
        let before = self.live.fetch_add(i64::from(change), Ordering::SeqCst);
        if before + i64::from(change) == 0 && change < 0 {
            self.report_deadlock();
        }
    }

    #[cold]
    fn report_deadlock(&self) {
        if self.stopped() {
            return;
        }
        let mut blocked = self.blocked();
        if !blocked.is_empty() {
            explain_all(&self.processes, &mut blocked);
            self.end(Outcome::Deadlock(blocked));
        }
    }

    pub fn blocked(&self) -> Vec<BlockedThread> {
        self.slots.read().iter().flatten().filter(|slot| !slot.process.is_dead()).filter_map(|slot| slot.report()).collect()
    }

    pub fn native_id(&self, tid: Tid) -> u64 {
        self.slot(tid).map_or(0, |slot| slot.native_id.load(Ordering::Relaxed))
    }

    // ---- park and unpark ----

    pub fn park(&self, me: Tid, deadline: Option<Ns>, why: &Blocked) -> Wake {
        let Some(slot) = self.slot(me) else {
            return Wake::Killed;
        };
        let patient = why.kind != WaitKind::Gil;
        if patient {
            slot.process.pause(|tid| self.unpark(tid));
        }
        if let Some(wake) = self.answer_at_once(&slot, patient) {
            return wake;
        }
        let began = self.now();
        let spins = patient && deadline.is_none();
        if spins && self.spin(&slot, began) {
            self.learn(&slot, self.now().saturating_sub(began));
            return self.answer_token(&slot, patient);
        }
        *slot.waiting.lock() = Some(Waiting { why: why.clone(), since: began, deadline });
        let wake = self.sleep(&slot, deadline, why);
        *slot.waiting.lock() = None;
        if spins {
            // not our own waking up, which takes much longer than a short wait
            self.learn(&slot, slot.roused_at.load(Ordering::Relaxed).saturating_sub(began));
        }
        wake
    }

    /// Whether a park answers `Killed`. A killed thread may wait for its GIL, which is what cannot be interrupted.
    fn is_over(&self, slot: &Slot, interruptible: bool) -> bool {
        self.stopped() || (interruptible && slot.killed.load(Ordering::Acquire))
    }

    /// What a park answers without waiting.
    pub(super) fn answer_at_once(&self, slot: &Slot, interruptible: bool) -> Option<Wake> {
        if self.is_over(slot, interruptible) {
            return Some(Wake::Killed);
        }
        if interruptible && slot.interrupted.swap(false, Ordering::SeqCst) {
            return Some(Wake::Interrupted);
        }
        slot.take_token().then_some(Wake::Unparked)
    }

    /// What a token that was just used up means.
    fn answer_token(&self, slot: &Slot, interruptible: bool) -> Wake {
        if self.is_over(slot, interruptible) {
            Wake::Killed
        } else if interruptible && slot.interrupted.swap(false, Ordering::SeqCst) {
            Wake::Interrupted
        } else {
            Wake::Unparked
        }
    }

    /// Waits awake for a short while, if waits have been short lately. True: there was a token, now used up.
    fn spin(&self, slot: &Slot, began: Ns) -> bool {
        let spins = || *self.spins.get_or_init(|| std::thread::available_parallelism().is_ok_and(|n| n.get() > 1));
        if slot.patience.load(Ordering::Relaxed) < PATIENT || !spins() {
            return false;
        }
        while self.now() < began + SPIN {
            for _ in 0..8 {
                std::hint::spin_loop();
                if slot.state.load(Ordering::Relaxed) == TOKEN && slot.take_token() {
                    return true;
                }
            }
        }
        false
    }

    /// Remembers whether it pays to wait awake, from how long it took until the wait's end was announced.
    fn learn(&self, slot: &Slot, took: Ns) {
        let patience = slot.patience.load(Ordering::Relaxed);
        let now = match took < SHORT {
            true => (patience + 1).min(MOST_PATIENT),
            false => patience / 2,
        };
        slot.patience.store(now, Ordering::Relaxed);
    }

    fn sleep(&self, slot: &Slot, deadline: Option<Ns>, why: &Blocked) -> Wake {
        let interruptible = why.kind != WaitKind::Gil;
        let counted_out = deadline.is_none() && !why.outside;
        let state = if counted_out { ASLEEP } else { DOZING };
        if slot.state.compare_exchange(EMPTY, state, Ordering::SeqCst, Ordering::SeqCst).is_err() {
            slot.state.store(EMPTY, Ordering::SeqCst);
            return self.answer_token(slot, interruptible);
        }
        if counted_out {
            self.uncount();
        }
        loop {
            if slot.take_token() {
                return self.answer_token(slot, interruptible);
            }
            let Some(at) = deadline else {
                std::thread::park();
                continue;
            };
            let now = self.now();
            if now < at {
                std::thread::park_timeout(Duration::from_nanos(at - now));
            } else if slot.state.compare_exchange(DOZING, EMPTY, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
                return Wake::TimedOut;
            }
        }
    }

    pub fn unpark(&self, tid: Tid) {
        let slots = self.slots.read();
        if let Some(Some(slot)) = slots.get(tid.0 as usize) {
            let slot = Arc::clone(slot);
            drop(slots);
            self.give_token(&slot);
        }
    }

    fn give_token(&self, slot: &Slot) {
        loop {
            let was = slot.state.load(Ordering::SeqCst);
            if was == TOKEN {
                return;
            }
            if was == ASLEEP {
                self.live.fetch_add(1, Ordering::SeqCst);
            }
            if slot.state.compare_exchange(was, TOKEN, Ordering::SeqCst, Ordering::SeqCst).is_ok() {
                if was != EMPTY {
                    slot.roused_at.store(self.now(), Ordering::Relaxed);
                    slot.rouse(was);
                }
                return;
            }
            if was == ASLEEP {
                self.uncount();
            }
        }
    }

    pub fn forget_unpark(&self, me: Tid) {
        if let Some(slot) = self.slot(me) {
            slot.take_token();
        }
    }

    pub fn interrupt(&self, tid: Tid) {
        if let Some(slot) = self.slot(tid) {
            slot.interrupted.store(true, Ordering::SeqCst);
            self.give_token(&slot);
        }
    }

    pub fn clear_interrupt(&self, me: Tid) {
        if let Some(slot) = self.slot(me) {
            slot.interrupted.store(false, Ordering::SeqCst);
        }
    }

    pub fn kill(&self, tid: Tid) {
        if let Some(slot) = self.slot(tid) {
            slot.killed.store(true, Ordering::SeqCst);
            self.give_token(&slot);
        }
    }
}

fn os_thread_id() -> u64 {
    rustix::thread::gettid().as_raw_nonzero().get() as u64
}

/// The exit code of a process other than the first that ended by a bug of ours.
pub const PANICKED: i32 = 70;

/// What is said then.
pub fn panic_report(process: &Process, tid: Tid, message: &str) -> String {
    let name = process.name();
    format!("gilbert: a bug of gilbert's own, not of the script: thread {tid} of process {} ({name}) panicked: {message}\n", process.pid)
}

/// The words of a panic.
pub fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "panic".to_owned())
}
