//! The GIL of one isolate, upon a world's park and unpark; the same code natively and simulated.
//!
//! # How the interpreter calls it
//!
//! ```text
//! let mut turn = gil.turn(start.tid);            // a thread's countdown and counters; plain data, owned by the thread
//! gil.acquire(&mut turn)?;                       // Err(Killed): run no Python, drop what is held, gil.exit(turn), return
//!
//! // the loop, each instruction (or each backward jump, call and entry, with `--switch-points loops-and-calls`: subtract
//! // what has been executed since)
//! turn.left -= 1;
//! if turn.left <= 0 {
//!     let pending = gil.tick_expired(&mut turn); // refills `turn.left`; others may have run in between
//!     if pending != 0 { .. }                     // KILL first; then SIGNAL (main thread), ASYNC_EXC, FINALIZE, TRACE
//! }
//!
//! // a blocking native
//! gil.release(&mut turn, Cause::Io);             // Io: a call into the OS, sleep too. Block: a wait for another thread
//! let wake = world.park(..) / file.read(..);
//! gil.acquire(&mut turn)?;
//!
//! // before reading the clock (time.time() and the like): let simulated time catch up
//! gil.sync_clock(&mut turn);
//!
//! gil.exit(turn);                                // the thread's last act with the GIL held
//! ```
//!
//! The loop may keep `left` in a register, and must store it before any of these calls. A lone thread pays the decrement, and
//! at each expiry two relaxed loads. For long intervals the countdown is handed out in chunks of at most [`CHUNK`] ticks, so
//! that pending flags are seen soon; a switch happens only where the interval ends.
//!
//! # The end
//!
//! An isolate that ends calls [`Gil::kill`]. Its threads then leave one by one, each holding the GIL while it unwinds, since what
//! it drops is counted without atomics. If the run ends with it, the main thread keeps the GIL and returns: natively the
//! others never come back; simulated ones are resumed one by one, and told `Killed`.
//!
//! # Hand-over
//!
//! A release with somebody waiting hands the GIL over directly: the holder's word is set to the chosen waiter, so nobody can
//! slip in between, and a caller that returns from IO at once finds itself behind at least one thread that waited then.
//! After ticks, `fair` draws among waiters and releaser, `fifo` takes the first waiter, and `contend` keeps the GIL unless a
//! thread back from IO waits, or it has kept it from a waiter for the bound (1 ms), so most of its releases cost a load and a compare.
//! Natively one waiter at a time may be awake and spinning; a hand-over to it costs no syscall. `contend` calls the first
//! waiter shortly before the bound, so that it is awake when it is handed the GIL, and nobody idles meanwhile.

mod luck;
mod stats;
#[cfg(test)]
mod tests;
mod waiters;

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::{Mutex, MutexGuard};

use luck::Luck;
use stats::{Counters, Register};
pub use stats::{Stats, ThreadStats};
use waiters::Waiters;

use crate::timeline::{Kind, Log, Pen, Record};
use crate::world::{Blocked, ChoicePoint, Ns, Tid, WaitKind, Wake, World};

/// Most ticks between two looks at the pending flags. A prime, so that a loop of a few instructions is not always interrupted at the
/// same one.
pub const CHUNK: u32 = 997;

/// How long others may win the GIL again under [`Handoff::Contend`] while a thread waits: 1 ms.
pub const DEFAULT_BOUND: Ns = 1_000_000;

/// When a switch of threads may happen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Policy {
    /// Every n instructions the holder releases and contends again (CPython 2). n >= 1.
    Ticks(u32),
    /// A waiter that has waited for this long asks; the holder then waits until another has had it (CPython 3). In ns.
    Interval(Ns),
    /// No lock. Simulated only. The number is the mean slice, in ticks, between two chances for others.
    Off(u32),
}

/// Who gets a GIL that is released while others wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Handoff {
    /// Uniformly random; after ticks the releaser takes part.
    Fair,
    /// Who has waited longest.
    Fifo,
    /// The releaser may win again, within a bound; who is back from IO comes first.
    Contend,
}

/// Why the GIL was released.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cause {
    /// The ticks ran out, or the interval.
    Tick = 0,
    /// A call into the operating system, sleep included.
    Io = 1,
    /// A wait for another thread: a lock, a queue, a join.
    Block = 2,
    /// The thread ended.
    Exit = 3,
}

impl Cause {
    fn choice_point(self) -> ChoicePoint {
        match self {
            Cause::Tick => ChoicePoint::Tick,
            Cause::Io => ChoicePoint::Io,
            Cause::Block => ChoicePoint::Block,
            Cause::Exit => ChoicePoint::Exit,
        }
    }

    fn from_u8(n: u8) -> Cause {
        [Cause::Tick, Cause::Io, Cause::Block, Cause::Exit][usize::from(n & 3)]
    }
}

/// The thread or its isolate is over: leave without running Python.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Killed;

impl fmt::Display for Killed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the thread has been killed")
    }
}

/// Flags that anyone may set and that [`Gil::tick_expired`] returns (the "eval breaker").
pub mod pending {
    /// A signal has arrived; the main thread runs its handler.
    pub const SIGNAL: u32 = 1;
    /// The isolate is over. Sticky.
    pub const KILL: u32 = 2;
    /// Somebody has set an exception for a thread.
    pub const ASYNC_EXC: u32 = 4;
    /// Finalisers are queued.
    pub const FINALIZE: u32 = 8;
    /// A trace or profile function was set for all threads.
    pub const TRACE: u32 = 16;
    /// The run shall stop and report (limits of the lab).
    pub const STOP: u32 = 32;
    /// Free for the interpreter's own purposes.
    pub const USER: u32 = 64;
    /// A waiter asks the holder to drop the GIL (interval policy). Never returned.
    pub(super) const DROP: u32 = 1 << 31;
}

/// A thread's side of the GIL: its countdown and counters.
#[derive(Debug)]
pub struct Turn {
    /// Ticks left before [`Gil::tick_expired`] must be called; may go below 0 where switch points are rare.
    pub left: i32,
    granted: i32,
    until_switch: i64,
    tid: Tid,
    holds: bool,
    after_io: bool,
    /// When the GIL was taken, if that was measured (after a switch).
    taken_at: Option<Ns>,
    unwatched: u32,
    counters: Arc<Counters>,
    /// Ticks that have been run and reported.
    total: u64,
    /// Looks at others who wait, since the GIL was taken, after which it was kept.
    kept: u64,
    /// When the thread came back from what it was blocked on, until it has the GIL; where that is logged.
    woken_at: Option<Ns>,
    pen: Option<Box<Pen>>,
}

impl Turn {
    /// The thread.
    pub fn tid(&self) -> Tid {
        self.tid
    }

    /// Whether the thread holds the GIL.
    pub fn holds(&self) -> bool {
        self.holds
    }

    /// Lets the countdown expire now; ticks that have not been run are not counted.
    pub fn expire_now(&mut self) {
        self.granted -= self.left;
        self.left = 0;
    }

    /// Ticks that the thread has run.
    pub fn ticks(&self) -> u64 {
        self.total + u64::from(self.unpaid())
    }

    /// Where its events are written, if anywhere.
    #[inline(always)]
    pub(crate) fn pen(&self) -> Option<&Pen> {
        self.pen.as_deref()
    }

    #[inline(always)]
    pub(crate) fn pen_mut(&mut self) -> Option<&mut Pen> {
        self.pen.as_deref_mut()
    }

    /// The world's time, without moving a simulated clock.
    pub(crate) fn logged_time(&self, world: &dyn World) -> Ns {
        let unpaid = self.pen.as_ref().map_or(0, |p| p.tick_ns()) * u64::from(self.unpaid());
        world.now() + unpaid
    }

    /// Writes with this pen from now on.
    pub(crate) fn take_pen(&mut self, pen: Box<Pen>) {
        self.pen = Some(pen);
    }

    #[inline]
    fn mark(&mut self, kind: Kind, at: Ns, aux: u8, arg: u64) {
        let ticks = self.ticks();
        if let Some(pen) = &mut self.pen {
            pen.push(Record { at, ticks, arg, line: 0, file: 0, kind, aux });
        }
    }

    /// Writes that the thread is back from what it was blocked on, before it goes for the GIL.
    #[inline]
    pub(crate) fn mark_woken(&mut self, world: &dyn World) {
        if let Some(pen) = &mut self.pen {
            match world.stopped() {
                true => pen.close(),
                false => {
                    let now = world.now();
                    self.woken_at = Some(now);
                    self.mark(Kind::Woken, now, 0, 0);
                }
            }
        }
    }

    fn unpaid(&self) -> u32 {
        self.granted.saturating_sub(self.left).max(0) as u32
    }

    /// Takes `ticks` instructions out of the count.
    pub fn give_back(&mut self, ticks: u32) {
        self.left += ticks as i32;
    }

    /// Ticks until others compete, as far as they have been counted.
    pub fn until_switch(&self) -> i64 {
        self.until_switch
    }

    fn take_consumed(&mut self) -> u32 {
        let used = self.unpaid();
        self.granted = self.left;
        self.until_switch -= i64::from(used);
        self.total += u64::from(used);
        used
    }
}

/// The lock. One for each isolate.
pub struct Gil {
    world: Arc<dyn World>,
    /// 0: free; else the holder's `Tid` + 1.
    holder: AtomicU32,
    /// Threads in `waiters`. The holder's only look at an idle GIL.
    waiting: AtomicU32,
    /// Of those, how many are back from IO (contend).
    returned: AtomicU32,
    pending: AtomicU32,
    /// Ticks between switches; 0 under the interval policy.
    ticks: AtomicU32,
    /// The interval policy's interval in ns.
    interval: AtomicU64,
    off: bool,
    handoff: Handoff,
    bound: Ns,
    /// Whether the world wants to hear of ticks.
    simulated: bool,
    /// Whether waiters may spin: several native processors.
    spins: OnceLock<bool>,
    /// The one waiter that is awake and looks at `holder`, + 1; 0: none.
    spinning: AtomicU32,
    /// Whether it pays to spin: at tick expiries and blocks, and after IO.
    luck: [Luck; 2],
    /// Set by a waiter that was called before its bound and is awake now.
    ready: AtomicBool,
    waiters: Mutex<Waiters>,
    /// Who held it last (+ 1) and why it was released; written by the holder.
    last: AtomicU32,
    last_cause: AtomicU8,
    /// Whether the switch that is under way has been counted by who gave the GIL up.
    counted: AtomicBool,
    switches: AtomicU64,
    register: Mutex<Register>,
    /// Where threads write what happens, if anywhere.
    log: OnceLock<Arc<Log>>,
    /// Ticks that the machine's threads may still run, if that is limited natively.
    allowance: OnceLock<Arc<AtomicI64>>,
}

/// How long a waiter looks at the holder's word before it parks: longer than it takes to wake a thread, so that two threads that
/// hand the GIL to and fro stay awake.
const SPIN: Ns = 20_000;
/// How long a waiter that was called before its bound waits awake: longer than the rest of the bound.
const CALLED_SPIN: Ns = 200_000;
/// How long before the bound the first waiter is called.
const CALL_EARLY: Ns = 60_000;
/// Ticks between two looks at the clock under contention.
const WATCH_EVERY: u32 = 400;

impl Gil {
    /// A free GIL. `bound_ns` limits [`Handoff::Contend`] (see [`DEFAULT_BOUND`]).
    ///
    /// # Errors
    /// `Policy::Off` in a native world, or an interval of 0 ticks.
    pub fn new(policy: Policy, handoff: Handoff, world: Arc<dyn World>, bound_ns: Ns) -> Result<Gil, &'static str> {
        let (ticks, interval) = settings(policy)?;
        let off = matches!(policy, Policy::Off(_));
        if off && !world.simulated() {
            return Err("running without a GIL needs the simulated world");
        }
        let simulated = world.simulated();
        Ok(Gil {
            holder: AtomicU32::new(0),
            waiting: AtomicU32::new(0),
            returned: AtomicU32::new(0),
            pending: AtomicU32::new(0),
            ticks: AtomicU32::new(ticks),
            interval: AtomicU64::new(interval),
            off,
            handoff,
            bound: bound_ns,
            simulated,
            spins: OnceLock::new(),
            spinning: AtomicU32::new(0),
            luck: [Luck::new(), Luck::new()],
            ready: AtomicBool::new(false),
            waiters: Mutex::new(Waiters::new(handoff)),
            last: AtomicU32::new(0),
            last_cause: AtomicU8::new(0),
            counted: AtomicBool::new(false),
            switches: AtomicU64::new(0),
            register: Mutex::new(Register::default()),
            log: OnceLock::new(),
            allowance: OnceLock::new(),
            world,
        })
    }

    /// A free GIL for another process, set like this one.
    pub fn again(&self, world: Arc<dyn World>) -> Gil {
        let gil = Gil::new(self.policy(), self.handoff, world, self.bound).expect("settings that are in force here");
        gil.interval.store(self.interval(), Ordering::Relaxed);
        if let Some(log) = self.log.get() {
            gil.write_to(log.clone());
        }
        if let Some(allowance) = self.allowance.get() {
            let _ = gil.allowance.set(allowance.clone());
        }
        gil
    }

    /// Lets the threads that come from now on write what happens to a log.
    pub fn write_to(&self, log: Arc<Log>) {
        let _ = self.log.set(log);
    }

    /// Ends the run when the threads of the machine have run so many ticks; a native world's, a simulated one counts by itself.
    pub fn limit_ticks(&self, ticks: u64) {
        let _ = self.allowance.set(Arc::new(AtomicI64::new(i64::try_from(ticks).unwrap_or(i64::MAX))));
    }

    /// Whether the ticks that [`Gil::limit_ticks`] allowed are used up.
    pub fn out_of_ticks(&self) -> bool {
        self.allowance.get().is_some_and(|a| a.load(Ordering::Relaxed) < 0)
    }

    /// The log, if there is one.
    pub fn log(&self) -> Option<&Arc<Log>> {
        self.log.get()
    }

    /// The side of the GIL that belongs to thread `tid`; once for each thread.
    pub fn turn(&self, tid: Tid) -> Turn {
        let counters = self.register.lock().enter(tid);
        let pen = self.log.get().map(|log| Pen::new(log.tape(self.world.pid(), tid)));
        Turn {
            left: 0,
            granted: 0,
            until_switch: 0,
            tid,
            holds: false,
            after_io: false,
            taken_at: None,
            unwatched: 0,
            counters,
            total: 0,
            kept: 0,
            woken_at: None,
            pen,
        }
    }

    // ---- taking and giving ----

    /// Waits for the GIL and takes it.
    ///
    /// # Errors
    /// [`Killed`]: the isolate is over. The thread has the GIL all the same, so that it can give up what it refers to while nobody
    /// else runs, and passes it on with [`Gil::exit`]. (At the end of a simulated run it does not have it: threads are then
    /// sent home one by one. At the end of a native run a thread that would have to wait never comes back.)
    pub fn acquire(&self, turn: &mut Turn) -> Result<(), Killed> {
        debug_assert!(!turn.holds, "{} acquires the GIL twice", turn.tid);
        if self.off {
            turn.until_switch = 0;
            self.mark_now(turn, Kind::Acquire, 0, 0);
        } else {
            let free = self.waiting.load(Ordering::SeqCst) == 0 && self.try_take(turn.tid);
            if free {
                self.account_taken(turn, None);
            } else {
                self.enqueue_and_wait(turn)?;
            }
        }
        turn.holds = true;
        turn.after_io = false;
        bump(&turn.counters.acquisitions);
        self.refill(turn);
        if self.is_killed() { Err(Killed) } else { Ok(()) }
    }

    /// As [`Gil::acquire`], for a thread's first time: it may have been given the GIL already (see [`Gil::hand_to_newborn`]).
    ///
    /// # Errors
    /// [`Killed`], as `acquire`.
    pub fn acquire_first(&self, turn: &mut Turn) -> Result<(), Killed> {
        if self.off || !self.is_mine(turn.tid) {
            return self.acquire(turn);
        }
        self.world.forget_unpark(turn.tid);
        self.account_taken(turn, None);
        turn.holds = true;
        bump(&turn.counters.acquisitions);
        self.refill(turn);
        if self.is_killed() { Err(Killed) } else { Ok(()) }
    }

    /// Gives the GIL to a thread that has been started and has not come for it yet, and waits until it comes back: the starter is woken
    /// once, not once for the beginning and once for the GIL. False, and nothing done, where others wait (they come first), in a
    /// simulated world (where waking is free and the strategy decides), or where there is no GIL.
    ///
    /// # Errors
    /// [`Killed`], as [`Gil::acquire`].
    pub fn hand_to_newborn(&self, turn: &mut Turn, newborn: Tid) -> Result<bool, Killed> {
        if self.off || self.simulated || self.waiting.load(Ordering::SeqCst) != 0 {
            return Ok(false);
        }
        let waiters = self.waiters.lock();
        if !waiters.is_empty() {
            return Ok(false);
        }
        bump(&turn.counters.releases[Cause::Block as usize]);
        self.give_way_for(turn, newborn, waiters, Cause::Block)?;
        self.refill(turn);
        Ok(true)
    }

    /// Gives the GIL up, to a waiter if there is one. Charges the ticks that were run. Does nothing for a killed thread, which
    /// has it no more.
    pub fn release(&self, turn: &mut Turn, cause: Cause) {
        self.sync_clock(turn);
        if !turn.holds {
            return;
        }
        turn.holds = false;
        turn.after_io = cause == Cause::Io;
        bump(&turn.counters.releases[cause as usize]);
        self.mark_now(turn, Kind::Release, cause as u8, turn.kept);
        turn.kept = 0;
        if self.off {
            return;
        }
        self.last_cause.store(cause as u8, Ordering::Relaxed);
        if self.waiting.load(Ordering::SeqCst) == 0 {
            turn.taken_at = None;
            self.holder.store(0, Ordering::SeqCst);
            if self.waiting.load(Ordering::SeqCst) != 0 {
                self.grant_if_free(cause);
            }
            return;
        }
        self.account_hold(turn);
        let mut waiters = self.waiters.lock();
        match self.pick(&mut waiters, None, cause) {
            Some(next) => self.hand_to(next, turn, cause, waiters),
            None => {
                // The waiters have left (killed) since we looked.
                self.holder.store(0, Ordering::SeqCst);
                drop(waiters);
                if self.waiting.load(Ordering::SeqCst) != 0 {
                    self.grant_if_free(cause);
                }
            }
        }
    }

    /// The main thread returns, with the GIL, which nobody gets any more: for the log.
    pub(crate) fn end_of_main(&self, turn: &mut Turn) {
        let now = turn.logged_time(&*self.world);
        turn.mark(Kind::Release, now, Cause::Exit as u8, turn.kept);
        turn.mark(Kind::End, now, 0, 0);
    }

    #[inline]
    fn mark_now(&self, turn: &mut Turn, kind: Kind, aux: u8, arg: u64) {
        if turn.pen.is_some() {
            turn.mark(kind, self.world.now(), aux, arg);
        }
    }

    /// The end of a thread: releases, and closes its counters.
    pub fn exit(&self, mut turn: Turn) {
        self.mark_now(&mut turn, Kind::End, 0, 0);
        if turn.holds {
            self.release(&mut turn, Cause::Exit);
        }
        self.register.lock().leave(turn.tid);
    }

    /// The short way of [`Gil::tick_expired`] for a native thread that nobody waits for, where nothing is pending and the countdown that
    /// is used up was a whole interval: how many ticks are left now. 0, and nothing done, where that is not so.
    #[inline(always)]
    pub fn tick_alone(&self, turn: &mut Turn) -> i32 {
        let ticks = self.ticks.load(Ordering::Relaxed) as i32;
        let whole = turn.granted == ticks && turn.until_switch == i64::from(ticks);
        let company = self.pending.load(Ordering::Relaxed) | self.waiting.load(Ordering::Relaxed) != 0;
        if !whole || company || self.simulated || self.allowance.get().is_some() {
            return 0;
        }
        bump(&turn.counters.releases[Cause::Tick as usize]);
        turn.unwatched = WATCH_EVERY;
        turn.total += ticks as u64;
        ticks
    }

    /// To be called when `turn.left` has reached 0 (or less): lets others compete when the interval is over, refills the
    /// countdown, and returns the [`pending`] flags. With `KILL` among them: leave, as after `Killed`.
    pub fn tick_expired(&self, turn: &mut Turn) -> u32 {
        let used = turn.take_consumed();
        self.world_charge(turn.tid, used);
        let mut flags = self.pending.load(Ordering::Relaxed);
        if turn.until_switch <= 0 || flags & pending::DROP != 0 {
            if self.switch_point(turn, used, flags).is_err() {
                return self.pending.load(Ordering::Relaxed) & !pending::DROP | pending::KILL;
            }
            flags = self.pending.load(Ordering::Relaxed);
        }
        self.refill(turn);
        flags & !pending::DROP
    }

    /// Makes the thread call [`Gil::tick_expired`] again before the next instruction: something is pending that cannot be done here.
    pub fn look_again(&self, turn: &mut Turn) {
        self.sync_clock(turn);
        turn.left = 0;
        turn.granted = 0;
    }

    /// Goes on in the middle of an interval, `until_switch` ticks before others compete. Without a GIL intervals begin anew.
    pub fn go_on(&self, turn: &mut Turn, until_switch: i64) {
        if !self.off {
            self.sync_clock(turn);
            turn.until_switch = until_switch;
            self.refill(turn);
        }
    }

    /// Charges the ticks run since the last report, so that the simulated clock is right.
    pub fn sync_clock(&self, turn: &mut Turn) {
        let used = turn.take_consumed();
        if used != 0 {
            self.world_charge(turn.tid, used);
        }
    }

    // ---- settings and flags ----

    /// The policy in force.
    pub fn policy(&self) -> Policy {
        let ticks = self.ticks.load(Ordering::Relaxed);
        match (self.off, ticks) {
            (true, n) => Policy::Off(n),
            (false, 0) => Policy::Interval(self.interval()),
            (false, n) => Policy::Ticks(n),
        }
    }

    /// The tick interval; 0 under the interval policy.
    pub fn ticks(&self) -> u32 {
        self.ticks.load(Ordering::Relaxed)
    }

    /// The last interval set, in ns, whatever the policy.
    pub fn interval(&self) -> Ns {
        self.interval.load(Ordering::Relaxed)
    }

    /// Who gets the GIL.
    pub fn handoff(&self) -> Handoff {
        self.handoff
    }

    /// Changes the interval; `turn` is the caller's, for whom it counts at once; for others from their next turn on.
    ///
    /// # Errors
    /// An interval of 0 ticks, or a change to or from [`Policy::Off`].
    pub fn set_policy(&self, policy: Policy, turn: &mut Turn) -> Result<(), &'static str> {
        if matches!(policy, Policy::Off(_)) != self.off {
            return Err("the GIL cannot be switched on or off while threads run");
        }
        let (ticks, interval) = settings(policy)?;
        self.sync_clock(turn);
        self.ticks.store(ticks, Ordering::Relaxed);
        if ticks == 0 {
            self.interval.store(interval, Ordering::Relaxed);
        }
        turn.until_switch = self.interval_ticks();
        self.refill(turn);
        Ok(())
    }

    /// Sets [`pending`] flags; the holder sees them within [`CHUNK`] ticks.
    pub fn set_pending(&self, flags: u32) {
        self.pending.fetch_or(flags, Ordering::SeqCst);
    }

    /// Takes [`pending`] flags away; says which of them were set. `KILL` stays.
    pub fn clear_pending(&self, flags: u32) -> u32 {
        let flags = flags & !pending::KILL;
        self.pending.fetch_and(!flags, Ordering::SeqCst) & flags
    }

    /// The [`pending`] flags.
    pub fn pending(&self) -> u32 {
        self.pending.load(Ordering::Relaxed) & !pending::DROP
    }

    /// Ends the isolate: who gets the GIL from now on is told `Killed`, who holds it sees `KILL` at its next expiry. Threads that
    /// are blocked elsewhere are the caller's to wake, with [`World::kill`].
    pub fn kill(&self) {
        self.set_pending(pending::KILL);
    }

    /// Whether [`Gil::kill`] was called.
    pub fn is_killed(&self) -> bool {
        self.pending.load(Ordering::Relaxed) & pending::KILL != 0
    }

    /// Runs `f` while nobody can take the GIL; not at all where somebody has it.
    pub fn while_free(&self, f: impl FnOnce()) {
        if self.holder.compare_exchange(0, u32::MAX, Ordering::SeqCst, Ordering::Relaxed).is_err() {
            return;
        }
        f();
        self.holder.store(0, Ordering::SeqCst);
        if self.waiting.load(Ordering::SeqCst) != 0 {
            self.grant_if_free(Cause::Block);
        }
    }

    /// Who holds it now.
    pub fn holder(&self) -> Option<Tid> {
        self.holder.load(Ordering::Relaxed).checked_sub(1).map(Tid)
    }

    /// What has been counted so far; threads in order of `Tid`.
    pub fn stats(&self) -> Stats {
        self.register.lock().snapshot()
    }

    // ---- switch points ----

    /// The end of an interval, or a waiter's request.
    fn switch_point(&self, turn: &mut Turn, used: u32, flags: u32) -> Result<(), Killed> {
        bump(&turn.counters.releases[Cause::Tick as usize]);
        if self.off {
            // `refill` asks how long the next slice is
            turn.until_switch = 0;
            return Ok(());
        }
        turn.until_switch = self.interval_ticks();
        if self.waiting.load(Ordering::Relaxed) == 0 {
            turn.unwatched = WATCH_EVERY;
            return Ok(());
        }
        if self.ticks.load(Ordering::Relaxed) == 0 {
            return match flags & pending::DROP {
                0 => Ok(()),
                _ => self.drop_on_request(turn),
            };
        }
        match self.handoff {
            Handoff::Contend => self.contend(turn, used),
            Handoff::Fair | Handoff::Fifo => self.compete(turn),
        }
    }

    /// Fair and fifo after ticks.
    fn compete(&self, turn: &mut Turn) -> Result<(), Killed> {
        let mut waiters = self.waiters.lock();
        match self.pick(&mut waiters, Some(turn.tid), Cause::Tick) {
            Some(next) => self.give_way(turn, next, waiters),
            None => {
                turn.kept += 1;
                Ok(())
            }
        }
    }

    /// Interval: somebody has waited long enough; another must have it before us.
    fn drop_on_request(&self, turn: &mut Turn) -> Result<(), Killed> {
        self.pending.fetch_and(!pending::DROP, Ordering::Relaxed);
        let mut waiters = self.waiters.lock();
        match self.pick(&mut waiters, None, Cause::Tick) {
            Some(next) => self.give_way(turn, next, waiters),
            None => Ok(()),
        }
    }

    /// Contend: usually we win at once. A thread back from IO gets it; so does the first waiter, when it has been called and is awake,
    /// or has waited for the bound. The clock is looked at every few hundred ticks.
    fn contend(&self, turn: &mut Turn, used: u32) -> Result<(), Killed> {
        let returned = self.returned.load(Ordering::Relaxed) != 0;
        let ready = self.ready.load(Ordering::Relaxed);
        turn.unwatched = turn.unwatched.saturating_add(used.max(1));
        turn.kept += 1;
        if !returned && !ready && turn.unwatched < WATCH_EVERY {
            return Ok(());
        }
        turn.unwatched = 0;
        let now = self.world.now();
        let mut waiters = self.waiters.lock();
        let first = waiters.first_since();
        let overdue = first.is_some_and(|since| now.saturating_sub(since) >= self.bound);
        // Many waiters are always overdue: what is bounded is how long we keep it while somebody waits.
        let kept = first.map_or(0, |since| now.saturating_sub(since.max(turn.taken_at.unwrap_or(0))));
        if returned || ready || kept >= self.bound {
            return match self.pick_contending(&mut waiters, overdue) {
                Some(next) => self.give_way(turn, next, waiters),
                None => Ok(()),
            };
        }
        if self.spins()
            && kept + CALL_EARLY >= self.bound
            && let Some(first) = waiters.call_first()
        {
            drop(waiters);
            self.world.unpark(first);
        }
        Ok(())
    }

    /// Chooses a waiter and takes it out. With `me`, the releaser competes; `None`: the releaser keeps the GIL, or nobody waits.
    fn pick(&self, waiters: &mut Waiters, me: Option<Tid>, cause: Cause) -> Option<Tid> {
        let next = match self.handoff {
            Handoff::Fair => {
                let world = &self.world;
                waiters.pick_by(me, |choices| world.choose(choices, me, cause.choice_point()))
            }
            Handoff::Fifo => waiters.pop_front(),
            Handoff::Contend => {
                let overdue = waiters.first_since().is_some_and(|since| waiters.has_returned() && self.world.now().saturating_sub(since) >= self.bound);
                return self.pick_contending(waiters, overdue);
            }
        };
        if next.is_some() {
            self.waiting.fetch_sub(1, Ordering::SeqCst);
        }
        next
    }

    fn pick_contending(&self, waiters: &mut Waiters, overdue: bool) -> Option<Tid> {
        let next = waiters.pop_contending(overdue)?;
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        self.returned.store(waiters.returned(), Ordering::Relaxed);
        self.ready.store(false, Ordering::Relaxed);
        Some(next)
    }

    /// Hands the GIL to `next`, queues up, and waits for it to come back.
    fn give_way(&self, turn: &mut Turn, next: Tid, waiters: MutexGuard<'_, Waiters>) -> Result<(), Killed> {
        self.give_way_for(turn, next, waiters, Cause::Tick)
    }

    fn give_way_for(&self, turn: &mut Turn, next: Tid, mut waiters: MutexGuard<'_, Waiters>, cause: Cause) -> Result<(), Killed> {
        self.account_hold(turn);
        turn.holds = false;
        let since = self.world.now();
        turn.mark(Kind::Release, since, cause as u8, turn.kept);
        turn.kept = 0;
        turn.mark(Kind::Wait, since, 0, 0);
        waiters.push(turn.tid, since, false);
        self.waiting.fetch_add(1, Ordering::SeqCst);
        self.hand_to(next, turn, cause, waiters);
        self.wait(turn, since)?;
        turn.holds = true;
        bump(&turn.counters.acquisitions);
        Ok(())
    }

    // ---- waiting ----

    /// Asked when somebody waits for the first time: finding out costs a lone thread's start thirty calls into the system.
    fn spins(&self) -> bool {
        *self.spins.get_or_init(|| !self.simulated && self.world.cpu_count() > 1)
    }

    fn try_take(&self, me: Tid) -> bool {
        self.holder.compare_exchange(0, me.0 + 1, Ordering::SeqCst, Ordering::Relaxed).is_ok()
    }

    fn is_mine(&self, me: Tid) -> bool {
        self.holder.load(Ordering::SeqCst) == me.0 + 1
    }

    fn enqueue_and_wait(&self, turn: &mut Turn) -> Result<(), Killed> {
        let since = self.world.now();
        turn.mark(Kind::Wait, since, 0, 0);
        {
            let mut waiters = self.waiters.lock();
            if self.is_mine(turn.tid) {
                // its starter was quicker: see `hand_to_newborn`
                drop(waiters);
                self.world.forget_unpark(turn.tid);
                self.account_taken(turn, None);
                return Ok(());
            }
            waiters.push(turn.tid, since, turn.after_io);
            self.waiting.fetch_add(1, Ordering::SeqCst);
            self.returned.store(waiters.returned(), Ordering::Relaxed);
        }
        // A release that did not see us in the count has left the word free, and we see that; one that saw us serves us.
        if self.holder.load(Ordering::SeqCst) == 0 {
            self.grant_if_free(Cause::from_u8(self.last_cause.load(Ordering::Relaxed)));
        }
        self.wait(turn, since)
    }

    /// Gives a free GIL to a waiter. Whoever finds it free with waiters may call this.
    fn grant_if_free(&self, cause: Cause) {
        let mut waiters = self.waiters.lock();
        // Nobody takes a free word by the fast path while the count is not 0, except one that looked before; it then serves the queue.
        if waiters.is_empty() || self.holder.compare_exchange(0, u32::MAX, Ordering::SeqCst, Ordering::Relaxed).is_err() {
            return;
        }
        match self.pick(&mut waiters, None, cause) {
            Some(next) => self.publish(next, waiters),
            None => self.holder.store(0, Ordering::SeqCst),
        }
    }

    /// Hands the GIL over directly, and counts the switch.
    fn hand_to(&self, next: Tid, turn: &Turn, cause: Cause, waiters: MutexGuard<'_, Waiters>) {
        self.last_cause.store(cause as u8, Ordering::Relaxed);
        self.counted.store(true, Ordering::Relaxed);
        bump(&turn.counters.switches[cause as usize]);
        self.publish(next, waiters);
    }

    /// Makes `next` the holder and wakes it unless it is awake.
    fn publish(&self, next: Tid, waiters: MutexGuard<'_, Waiters>) {
        self.holder.store(next.0 + 1, Ordering::SeqCst);
        drop(waiters);
        if self.spinning.load(Ordering::SeqCst) != next.0 + 1 {
            self.world.unpark(next);
        }
    }

    /// Waits until the word names us. We are in the queue.
    fn wait(&self, turn: &mut Turn, since: Ns) -> Result<(), Killed> {
        let me = turn.tid;
        let why = Blocked::new(WaitKind::Gil, 0);
        let mut spin = SPIN;
        let mut seen = self.switches.load(Ordering::Relaxed);
        let mut woken = false;
        loop {
            if self.spin_for(turn, spin) || self.is_mine(me) {
                break;
            }
            if woken {
                self.mark_now(turn, Kind::InVain, 0, 0);
            }
            let interval = self.interval_policy();
            let deadline = interval.map(|ns| self.world.now() + ns);
            let wake = self.world.park(me, deadline, &why);
            if self.is_mine(me) && wake != Wake::Killed {
                break;
            }
            match wake {
                Wake::Killed => {
                    self.world.retire(me);
                    return self.leave_queue(me);
                }
                Wake::TimedOut => {
                    let now = self.switches.load(Ordering::Relaxed);
                    if now == seen {
                        self.set_pending(pending::DROP);
                        self.mark_now(turn, Kind::Asks, 0, 0);
                    }
                    seen = now;
                }
                Wake::Unparked | Wake::Interrupted => {}
            }
            woken = wake == Wake::Unparked;
            spin = if self.waiters.lock().is_called(me) { CALLED_SPIN } else { 0 };
        }
        // The grant may have come with a token that we did not need.
        self.world.forget_unpark(me);
        self.account_taken(turn, Some(since));
        Ok(())
    }

    /// Looks at the word for a while without sleeping, if no other waiter does and it has paid off lately. True: it names us.
    fn spin_for(&self, turn: &Turn, ns: Ns) -> bool {
        let called = ns == CALLED_SPIN;
        let luck = &self.luck[usize::from(turn.after_io)];
        if ns == 0 || !self.spins() || !(called || luck.try_it()) || !self.claim_spin(turn.tid) {
            return false;
        }
        if called {
            self.ready.store(true, Ordering::Relaxed);
        }
        let word = turn.tid.0 + 1;
        let until = self.world.now() + ns;
        let mut mine = false;
        while !mine && self.world.now() < until {
            for _ in 0..8 {
                std::hint::spin_loop();
                mine |= self.holder.load(Ordering::Acquire) == word;
            }
        }
        // After this a granter wakes us; before it, we see the grant in the caller's second look.
        let _ = self.spinning.compare_exchange(word, 0, Ordering::SeqCst, Ordering::SeqCst);
        if !called {
            luck.learn(mine);
        }
        mine
    }

    /// Becomes the one waiter that is awake: if there is none, or it has just become the holder and is about to notice.
    fn claim_spin(&self, me: Tid) -> bool {
        loop {
            let awake = self.spinning.load(Ordering::SeqCst);
            if awake != 0 && awake != self.holder.load(Ordering::SeqCst) {
                return false;
            }
            let claim = self.spinning.compare_exchange(awake, me.0 + 1, Ordering::SeqCst, Ordering::Relaxed);
            if claim.is_ok() {
                return true;
            }
        }
    }

    /// The run is over: a waiter goes. If it was just handed the GIL, it passes it on.
    fn leave_queue(&self, me: Tid) -> Result<(), Killed> {
        let handed = {
            let mut waiters = self.waiters.lock();
            if waiters.remove(me) {
                self.waiting.fetch_sub(1, Ordering::SeqCst);
                self.returned.store(waiters.returned(), Ordering::Relaxed);
            }
            self.is_mine(me)
        };
        if handed {
            self.holder.store(0, Ordering::SeqCst);
            if self.waiting.load(Ordering::SeqCst) != 0 {
                self.grant_if_free(Cause::Exit);
            }
        }
        Err(Killed)
    }

    // ---- countdown and accounts ----

    fn world_charge(&self, me: Tid, ticks: u32) {
        if self.simulated {
            self.world.charge(me, ticks);
            if self.world.stopped() {
                self.set_pending(pending::KILL);
            }
        } else if let Some(allowance) = self.allowance.get() {
            let left = allowance.fetch_sub(i64::from(ticks), Ordering::Relaxed) - i64::from(ticks);
            if left < 0 || self.world.stopped() {
                self.world.stop();
                self.kill();
            }
        }
    }

    fn interval_policy(&self) -> Option<Ns> {
        (!self.off && self.ticks.load(Ordering::Relaxed) == 0).then(|| self.interval.load(Ordering::Relaxed).max(1))
    }

    fn interval_ticks(&self) -> i64 {
        match self.ticks.load(Ordering::Relaxed) {
            0 => i64::from(CHUNK),
            n => i64::from(n),
        }
    }

    fn refill(&self, turn: &mut Turn) {
        if turn.until_switch <= 0 {
            turn.until_switch = self.interval_ticks();
            if self.off {
                turn.until_switch = i64::from(self.world.preempt_after(turn.tid, self.ticks()));
            }
        }
        let mut chunk = turn.until_switch.min(i64::from(CHUNK)) as u32;
        if self.simulated {
            chunk = self.world.slice(turn.tid, chunk).clamp(1, chunk);
        }
        turn.left = chunk as i32;
        turn.granted = turn.left;
    }

    /// After the GIL was taken: was it a switch, and how long did we wait?
    fn account_taken(&self, turn: &mut Turn, since: Option<Ns>) {
        let last = self.last.load(Ordering::Relaxed);
        if last != turn.tid.0 + 1 {
            self.last.store(turn.tid.0 + 1, Ordering::Relaxed);
            turn.until_switch = 0;
            turn.left = 0;
            turn.granted = 0;
            if last != 0 {
                bump(&self.switches);
                if !self.counted.load(Ordering::Relaxed) {
                    let cause = self.last_cause.load(Ordering::Relaxed);
                    self.register.lock().switched(Tid(last - 1), cause);
                }
            }
        }
        self.counted.store(false, Ordering::Relaxed);
        if let Some(since) = since {
            if last != turn.tid.0 + 1 {
                self.world.charge_switch(turn.tid);
            }
            let now = self.world.now();
            bump(&turn.counters.waits);
            add(&turn.counters.wait_ns, now.saturating_sub(since));
            turn.taken_at = Some(now);
            turn.mark(Kind::Acquire, now, 0, 0);
        } else if turn.pen.is_some() {
            // free: no time has passed worth a look at the clock
            let at = turn.woken_at.unwrap_or_else(|| self.world.now());
            turn.mark(Kind::Acquire, at, 0, 0);
        }
        turn.woken_at = None;
    }

    fn account_hold(&self, turn: &mut Turn) {
        if let Some(taken_at) = turn.taken_at.take() {
            let held = self.world.now().saturating_sub(taken_at);
            if held > turn.counters.longest_hold_ns.load(Ordering::Relaxed) {
                turn.counters.longest_hold_ns.store(held, Ordering::Relaxed);
            }
        }
    }
}

fn settings(policy: Policy) -> Result<(u32, Ns), &'static str> {
    match policy {
        Policy::Ticks(0) | Policy::Off(0) => Err("the tick interval must be at least 1"),
        Policy::Ticks(n) | Policy::Off(n) => Ok((n, 5_000_000)),
        Policy::Interval(ns) => Ok((0, ns)),
    }
}

/// Adds 1 to a counter that only one thread at a time writes: no read-modify-write instruction.
fn bump(counter: &AtomicU64) {
    add(counter, 1);
}

fn add(counter: &AtomicU64, n: u64) {
    counter.store(counter.load(Ordering::Relaxed) + n, Ordering::Relaxed);
}
