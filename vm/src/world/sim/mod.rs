//! The simulated world: one OS thread runs all threads as coroutines, the clock is virtual, every hand-over is a choice of the
//! [`Strategy`], and what is written stays in memory. Same options, same seed: same run, whatever the machine.

mod machine;
mod net;
mod overlay;
mod streams;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::Mutex;

use super::native::{PANICKED, panic_report, panic_text};
use super::processes::{Child, Ending, Processes, Sentinel, is_ignored_by_default};
use super::*;
use crate::coro::{Fiber, Resumed, StackPool, Suspender};
use crate::strategy::{Rng, Strategy, TickFair};
use machine::{Machine, Next, Point};
use overlay::Overlay;
pub use overlay::{FsMode, Seen, fingerprint};
use streams::Streams;
pub use streams::{Input, Output};

/// 2024-01-01T00:00:00Z: where the simulated wall clock begins.
pub const EPOCH_NS: Ns = 1_704_067_200 * 1_000_000_000;

/// A stretch of a schedule: `tid` executed `ticks` instructions while no other thread executed any.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Run {
    pub tid: Tid,
    pub ticks: u64,
}

/// In what order threads that can run do so.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Order {
    /// By their local clocks: what could have happened on a machine of this speed.
    Time,
    /// As the strategy says, whatever the clocks; timers expire when nobody can run.
    Strategy,
    /// As the strategy says, at scheduling points only: see `control`. Needs an isolate without a GIL whose settings name its visible
    /// instructions.
    Controlled,
}

/// What happens to threads that are suspended when the run ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AtEnd {
    /// Each is resumed once; its park answers `Killed`, and it returns from its body. Frees what its stack owns.
    Leave,
    /// Their stacks are reset. Cheaper for very many threads; what their stacks own is leaked.
    Reset,
}

/// Where a machine stands that has done nothing yet but compute: see [`SimWorld::mark`].
#[derive(Clone, Debug, Default)]
pub struct Mark {
    /// Ticks that have been run.
    pub ticks: u64,
    /// The clock, and with it the time that the first thread has used.
    pub clock: Ns,
    /// What has been seen of the disk.
    pub seen: Seen,
    /// Bytes of entropy that were asked for.
    pub entropy: u64,
}

/// Settings of a simulated world.
pub struct SimOptions {
    /// For everything random: schedule, entropy.
    pub seed: u64,
    /// Who goes on; `None`: [`TickFair`] with the seed.
    pub strategy: Option<Box<dyn Strategy>>,
    pub order: Order,
    /// Virtual ns of a tick.
    pub tick_ns: Ns,
    /// Virtual ns of a switch of threads.
    pub switch_ns: Ns,
    /// How many processes make progress at once; what `os.cpu_count` says.
    pub cpu_count: usize,
    /// The whole environment, as bytes.
    pub environ: Vec<(Vec<u8>, Vec<u8>)>,
    /// Where the process starts.
    pub start_dir: PathBuf,
    pub stdin: Input,
    /// Standard output and error.
    pub output: Output,
    pub fs: FsMode,
    /// Whether to keep the schedule for [`SimWorld::take_schedule`].
    pub record: bool,
    /// Ends the run with [`Outcome::TickLimit`] when all threads together have run so many ticks; 0: no limit.
    pub max_ticks: u64,
    pub at_end: AtEnd,
    /// Stacks to be reused by one run after another; `None`: the world's own.
    pub stacks: Option<Arc<StackPool>>,
    /// The run goes on from here.
    pub from: Option<Arc<Mark>>,
}

impl Default for SimOptions {
    fn default() -> SimOptions {
        SimOptions {
            seed: 0,
            strategy: None,
            order: Order::Time,
            tick_ns: 50,
            switch_ns: 5_000,
            cpu_count: 2,
            environ: Vec::new(),
            start_dir: PathBuf::from("/"),
            stdin: Input::Bytes(Vec::new()),
            output: Output::Capture,
            fs: FsMode::Overlay,
            record: false,
            max_ticks: 0,
            at_end: AtEnd::Leave,
            stacks: None,
            from: None,
        }
    }
}

/// The simulated world, as one process sees it.
pub struct SimWorld {
    shared: Arc<Shared>,
    process: Arc<Process>,
}

/// What the processes share.
pub struct Shared {
    core: Arc<Core>,
    /// And how many bytes it has given.
    seed_entropy: Mutex<(Rng, u64)>,
    environ: Vec<(Vec<u8>, Vec<u8>)>,
    start_dir: PathBuf,
    cpu_count: usize,
    at_end: AtEnd,
    streams: Streams,
    files: Overlay,
    shelf: Shelf,
}

/// What threads' stacks refer to.
struct Core {
    processes: Processes,
    machine: Mutex<Machine>,
    strategy: Mutex<Box<dyn Strategy>>,
    network: net::Network,
    stacks: Arc<StackPool>,
    /// Who goes on is the strategy's business alone ([`Order::Strategy`]).
    by_strategy: bool,
    switch_ns: Ns,
    tick_ns: Ns,
    /// Copies of the machine's clock, of when something is due next, and of whether it has stopped, to be read without the lock.
    clock: AtomicU64,
    horizon: AtomicU64,
    stopped: AtomicBool,
    /// How the first process ended, while others go on.
    first: Mutex<Option<Outcome>>,
    controlled: bool,
}

/// The first process's number. Processes and threads share their numbers, as on Linux.
const FIRST_PID: u32 = 4000;

impl std::ops::Deref for SimWorld {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.shared
    }
}

impl SimWorld {
    /// A machine that has not started yet.
    pub fn new(options: SimOptions) -> Arc<SimWorld> {
        let strategy = options.strategy.unwrap_or_else(|| Box::new(TickFair::new(options.seed)));
        let (processes, process) = Processes::new(FIRST_PID, 1);
        let mut machine = Machine::new(options.order, options.tick_ns, options.record, options.cpu_count);
        machine.max_ticks = options.max_ticks;
        let from = options.from.as_deref();
        from.into_iter().for_each(|mark| machine.start_from(mark));
        let core = Arc::new(Core {
            processes,
            machine: Mutex::new(machine),
            strategy: Mutex::new(strategy),
            network: net::Network::default(),
            stacks: options.stacks.unwrap_or_else(|| StackPool::new(THREAD_STACK)),
            by_strategy: options.order == Order::Strategy,
            switch_ns: options.switch_ns,
            clock: AtomicU64::new(from.map_or(0, |mark| mark.clock)),
            horizon: AtomicU64::new(Ns::MAX),
            tick_ns: options.tick_ns.max(1),
            first: Mutex::new(None),
            controlled: options.order == Order::Controlled,
            stopped: AtomicBool::new(false),
        });
        let shared = Shared {
            streams: Streams::new(options.stdin, options.output, Arc::clone(&core)),
            files: Overlay::new(options.fs, Arc::clone(&core), from.map(|mark| &mark.seen)),
            core,
            seed_entropy: Mutex::new((Rng::new(options.seed, 3), 0)),
            environ: options.environ,
            start_dir: options.start_dir,
            cpu_count: options.cpu_count,
            at_end: options.at_end,
            shelf: Shelf::default(),
        };
        Arc::new(SimWorld { shared: Arc::new(shared), process })
    }

    /// What was written to standard output (1) or error (2) since the last call, if it is captured.
    pub fn take_output(&self, n: u32) -> Vec<u8> {
        self.streams.take(n)
    }

    /// Files of the disk that were read so far, in order, with the [`fingerprint`] of their contents.
    pub fn files_read(&self) -> Vec<(PathBuf, u64)> {
        self.files.read()
    }

    /// Where the run stands, if it could as well begin here: one thread, nothing written, no file changed, no process made.
    ///
    /// # Errors
    /// What it has done besides computing.
    pub fn mark(&self) -> Result<Mark, &'static str> {
        let (alone, ticks, clock) = self.core.machine.lock().standing();
        if !alone {
            return Err("a thread was started, or slept");
        }
        if self.processes_were_made() {
            return Err("a process was started");
        }
        if self.streams.were_used() {
            return Err("a standard stream was used");
        }
        if self.files.was_changed() {
            return Err("a file was opened or changed");
        }
        Ok(Mark { ticks, clock, seen: self.files.seen(), entropy: self.seed_entropy.lock().1 })
    }

    fn processes_were_made(&self) -> bool {
        self.core.processes.many() || self.core.processes.list().len() != 1
    }

    /// Ticks that all threads together have run.
    pub fn ticks(&self) -> u64 {
        self.core.machine.lock().ticks()
    }

    /// The schedule so far, if it is recorded.
    pub fn take_schedule(&self) -> Vec<Run> {
        self.core.machine.lock().take_schedule()
    }
}

impl Core {
    /// Gives the OS thread back to the scheduler until the thread of `suspender` is resumed.
    fn suspend(suspender: Suspender) {
        // SAFETY: the machine gives out the suspender of the thread that runs now: its fiber is running and we are on its stack
        // (or on that of a greenlet resumed from it). The fiber itself has entered it, and takes it out when its body returns.
        unsafe { suspender.suspend() }
    }

    fn park(&self, me: Tid, deadline: Option<Ns>, why: &Blocked) -> Wake {
        let begun = self.machine.lock().park(me, deadline, why);
        match begun {
            Ok(suspender) => {
                Core::suspend(suspender);
                self.machine.lock().parked(me)
            }
            Err(at_once) => at_once,
        }
    }

    /// [`World::poll`] where all files are in memory.
    fn poll(&self, me: Tid, files: &mut [PollEntry], deadline: Option<Ns>, why: &Blocked) -> Wake {
        let who = Watcher::Thread(me);
        files.iter().for_each(|entry| entry.file.watch(who.clone(), entry.want));
        let mut wake = Wake::Unparked;
        if !look(files) {
            let mut why = why.clone();
            why.outside |= files.iter().any(|entry| entry.file.outside());
            wake = self.park(me, deadline, &why);
            look(files);
        }
        files.iter().for_each(|entry| entry.file.unwatch(&who));
        wake
    }

    /// As [`World::park_gate`].
    fn park_gate(&self, me: Tid, deadline: Option<Ns>, why: &Blocked, open: bool) -> Wake {
        let begun = {
            let mut strategy = self.strategy.lock();
            self.with(|machine| machine.park_gate(me, deadline, why, open, &mut **strategy))
        };
        match begun {
            Ok(Point::Switch(suspender)) => Core::suspend(suspender),
            Ok(_) => {}
            Err(at_once) => return at_once,
        }
        self.machine.lock().parked(me)
    }

    /// As [`World::point`].
    fn point(&self, me: Tid) -> bool {
        let next = {
            let mut strategy = self.strategy.lock();
            self.with(|machine| machine.point(me, &mut **strategy))
        };
        match next {
            Point::GoOn => true,
            Point::Over => false,
            Point::Switch(suspender) => {
                Core::suspend(suspender);
                !self.machine.lock().is_over_for(me)
            }
        }
    }

    /// Changes the machine.
    fn with<R>(&self, change: impl FnOnce(&mut Machine) -> R) -> R {
        let mut machine = self.machine.lock();
        let result = change(&mut machine);
        self.clock.store(machine.clock, Ordering::Relaxed);
        self.horizon.store(machine.next_event().unwrap_or(Ns::MAX), Ordering::Relaxed);
        if machine.stopped() {
            self.stopped.store(true, Ordering::SeqCst);
        }
        result
    }

    /// Lets time pass for the running thread; others may run before this returns.
    fn pass(&self, advance: impl FnOnce(&mut Machine) -> Option<Suspender>) {
        if let Some(suspender) = self.with(advance) {
            Core::suspend(suspender);
        }
    }

    fn end(&self, outcome: Outcome) {
        self.machine.lock().end(outcome);
        self.stopped.store(true, Ordering::SeqCst);
    }

    /// The fiber of a thread.
    fn fiber(self: &Arc<Core>, tid: Tid, body: Body, stack: crate::coro::SlabStack) -> Fiber {
        let core = Arc::clone(self);
        let start = ThreadStart { tid, stack: stack.bounds() };
        Fiber::new(stack, move |back| core.live_through(start, body, back))
    }

    fn live_through(&self, start: ThreadStart, body: Body, back: Suspender) {
        self.machine.lock().started(start.tid, back);
        let lived = catch_unwind(AssertUnwindSafe(move || body(start)));
        let process = {
            let mut machine = self.machine.lock();
            machine.gone(start.tid);
            machine.process_of(start.tid)
        };
        match lived {
            Err(panic) if process.main == Tid::MAIN => self.end(Outcome::Panicked { tid: start.tid, message: panic_text(&*panic) }),
            Err(panic) => {
                let text = panic_report(&process, start.tid, &panic_text(&*panic));
                process.leak();
                let _ = rustix::io::write(rustix::stdio::stderr(), text.as_bytes());
                self.end_process(&process, PANICKED);
            }
            Ok(()) if start.tid == Tid::MAIN => {
                self.first.lock().get_or_insert(Outcome::Finished);
                self.end_process(&process, 0);
            }
            Ok(()) => {}
        }
        process.leave(start.tid);
    }

    /// See [`World::end_process`].
    fn end_process(&self, process: &Arc<Process>, status: i32) {
        if process.main == Tid::MAIN {
            let how = if status < 0 { Outcome::Signal(-status) } else { Outcome::Stopped };
            self.first.lock().get_or_insert(how);
        }
        let Some(ending) = self.processes.end(process, status) else { return };
        if ending.last {
            let first = self.first.lock().clone();
            return self.end(first.unwrap_or(Outcome::Stopped));
        }
        let Ending { on_end, gone, threads, wake, sigchld, .. } = ending;
        if let Some(on_end) = on_end {
            on_end();
        }
        self.with(|machine| {
            threads.into_iter().for_each(|tid| machine.kill(tid));
            wake.into_iter().for_each(|tid| machine.unpark(tid));
        });
        process.watchers().wake(Interest::READ, &|tid| self.with(|machine| machine.unpark(tid)));
        if let Some(parent) = sigchld {
            self.deliver(&parent, libc::SIGCHLD);
        }
        if let Some(gone) = gone {
            gone();
        }
    }

    /// A signal reaches a process: its handler is told, or it ends.
    fn deliver(&self, process: &Arc<Process>, signum: i32) {
        match process.arrive(signum) {
            Some(on_signal) => on_signal(signum),
            None if is_ignored_by_default(signum) => {}
            None => self.end_process(process, -signum),
        }
    }

    /// Runs the machine to its end, on the caller's OS thread.
    fn run(self: &Arc<Core>, fibers: &mut Vec<Option<Fiber>>) -> Outcome {
        loop {
            let next = {
                let mut strategy = self.strategy.lock();
                self.with(|machine| machine.dispatch(&mut **strategy))
            };
            let at = match next {
                Next::End(outcome) => return self.explained(outcome),
                Next::Resume(tid) => tid.0 as usize,
                Next::Start(tid, body, stack) => {
                    let at = tid.0 as usize;
                    if fibers.len() <= at {
                        fibers.resize_with(at + 1, || None);
                    }
                    fibers[at] = Some(self.fiber(tid, body, stack));
                    at
                }
            };
            let finished = match &mut fibers[at] {
                Some(fiber) => fiber.resume() == Resumed::Finished,
                None => false,
            };
            if finished {
                fibers[at] = None;
            }
        }
    }

    /// The outcome, with who holds what is waited for.
    fn explained(&self, mut outcome: Outcome) -> Outcome {
        if let Outcome::Deadlock(blocked) | Outcome::Idle(blocked) = &mut outcome {
            explain_all(&self.processes, blocked);
        }
        outcome
    }

    /// Lets every suspended thread leave: its park answers `Killed`, nothing makes it wait again.
    fn dismiss(&self, fibers: &mut [Option<Fiber>]) {
        let remaining = self.machine.lock().remaining();
        for tid in remaining {
            if let Some(fiber) = &mut fibers[tid.0 as usize] {
                fiber.resume();
            }
            fibers[tid.0 as usize] = None;
        }
    }
}

/// Fills in what is ready; whether anything is.
fn look(files: &mut [PollEntry]) -> bool {
    files.iter_mut().for_each(|entry| entry.got = entry.file.ready(entry.want));
    files.iter().any(|entry| !entry.got.is_empty())
}

impl World for SimWorld {
    fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    fn simulated(&self) -> bool {
        true
    }

    fn run_main(&self, body: Body) -> Outcome {
        if self.spawn("MainThread", false, body) != Ok(Tid::MAIN) {
            return Outcome::Stopped;
        }
        let mut fibers = Vec::new();
        let outcome = self.core.run(&mut fibers);
        self.core.stopped.store(true, Ordering::SeqCst);
        let unstarted = self.core.machine.lock().take_unstarted();
        drop(unstarted);
        if self.at_end == AtEnd::Leave {
            self.core.dismiss(&mut fibers);
            self.core.processes.list().iter().for_each(|process| process.free());
        }
        outcome
    }

    fn spawn(&self, name: &str, daemon: bool, body: Body) -> Result<Tid, SpawnError> {
        let stack = self.core.stacks.take().map_err(|_| SpawnError::Exhausted)?;
        self.core.with(|machine| machine.spawn(&self.process, name, daemon, body, stack))
    }

    fn process(&self) -> &Arc<Process> {
        &self.process
    }

    fn fork_process(&self, name: &str) -> Result<Arc<dyn World>, SpawnError> {
        if self.stopped() {
            return Err(SpawnError::Stopped);
        }
        let processes = &self.core.processes;
        let process = self.core.machine.lock().reserve(|tid| processes.fork(&self.process, tid, name, FIRST_PID + tid.0, |_| false))?;
        Ok(Arc::new(SimWorld { shared: Arc::clone(&self.shared), process }))
    }

    fn start_main(&self, body: Body) -> Result<(), SpawnError> {
        let stack = self.core.stacks.take().map_err(|_| SpawnError::Exhausted)?;
        self.core.with(|machine| machine.start_reserved(self.process.main, body, stack))
    }

    fn abandon(&self) {
        self.core.processes.forget(&self.process);
    }

    fn end_process(&self, status: i32) {
        self.core.end_process(&self.process, status);
    }

    fn take_ended(&self, which: Option<u32>, wait: Option<Tid>) -> Child {
        self.core.processes.take_ended(&self.process, which, wait)
    }

    fn wait_no_more(&self, me: Tid) {
        self.core.processes.wait_no_more(&self.process, me);
    }

    fn sentinel(&self, pid: u32) -> OsResult<Handle> {
        let process = self.core.processes.get(pid).ok_or(OsError::new(libc::ESRCH))?;
        Ok(Sentinel::handle(process))
    }

    fn kill_process(&self, pid: u32, signum: i32) -> OsResult<()> {
        if !(0..=64).contains(&signum) {
            return Err(OsError::new(libc::EINVAL));
        }
        let process = self.core.processes.get(pid).ok_or(OsError::new(libc::ESRCH))?;
        match signum {
            0 => {}
            _ if process.is_dead() => {}
            libc::SIGKILL => self.core.end_process(&process, -signum),
            _ => self.core.deliver(&process, signum),
        }
        Ok(())
    }

    fn find_process(&self, pid: u32) -> Option<Arc<Process>> {
        self.core.processes.get(pid)
    }

    fn group(&self) -> Vec<u32> {
        self.core.processes.group(&self.process)
    }

    fn many_processes(&self) -> bool {
        self.core.processes.many()
    }

    fn park(&self, me: Tid, deadline: Option<Ns>, why: &Blocked) -> Wake {
        self.core.park(me, deadline, why)
    }

    fn unpark(&self, tid: Tid) {
        self.core.with(|machine| machine.unpark(tid));
    }

    fn controlled(&self) -> bool {
        self.core.controlled
    }

    fn point(&self, me: Tid) -> bool {
        self.core.point(me)
    }

    fn park_gate(&self, me: Tid, deadline: Option<Ns>, why: &Blocked, open: bool) -> Wake {
        self.core.park_gate(me, deadline, why, open)
    }

    fn unwake(&self, tid: Tid) {
        self.core.with(|machine| machine.unwake(tid));
    }

    /// A park that ends uses up every token that came before its thread runs again, so there is none here.
    fn forget_unpark(&self, _me: Tid) {}

    fn interrupt(&self, tid: Tid) {
        self.core.with(|machine| machine.interrupt(tid));
    }

    fn clear_interrupt(&self, me: Tid) {
        self.core.machine.lock().clear_interrupt(me);
    }

    fn kill(&self, tid: Tid) {
        self.core.with(|machine| machine.kill(tid));
    }

    fn stop(&self) {
        self.core.end(Outcome::Stopped);
    }

    fn retire(&self, _me: Tid) {}

    fn stopped(&self) -> bool {
        self.core.stopped.load(Ordering::Relaxed) || self.process.is_dead()
    }

    fn set_until(&self, at: Option<Ns>) {
        self.core.with(|machine| machine.set_until(at));
    }

    fn blocked_threads(&self) -> Vec<BlockedThread> {
        self.core.machine.lock().blocked()
    }

    fn outside_sources(&self, _change: i32) {}

    fn native_id(&self, tid: Tid) -> u64 {
        u64::from(FIRST_PID) + u64::from(tid.0)
    }

    fn choose(&self, choices: &[Tid], current: Option<Tid>, why: ChoicePoint) -> usize {
        self.core.strategy.lock().choose(choices, current, why)
    }

    fn charge(&self, me: Tid, ticks: u32) {
        if self.core.by_strategy {
            self.core.strategy.lock().ran(me, ticks);
        }
        self.core.pass(|machine| machine.run_ticks(me, ticks));
    }

    fn charge_ns(&self, me: Tid, ns: Ns) {
        self.core.pass(|machine| machine.pass(me, ns));
    }

    fn charge_switch(&self, me: Tid) {
        self.charge_ns(me, self.core.switch_ns);
    }

    fn slice(&self, _me: Tid, want: u32) -> u32 {
        if self.core.controlled {
            return want;
        }
        let horizon = self.core.horizon.load(Ordering::Relaxed);
        let ticks = horizon.saturating_sub(self.now()).div_ceil(self.core.tick_ns);
        u32::try_from(ticks).unwrap_or(u32::MAX).clamp(1, want)
    }

    fn preempt_after(&self, me: Tid, interval: u32) -> u32 {
        if self.core.controlled {
            return u32::MAX >> 1;
        }
        self.core.pass(|machine| machine.scheduling_point(me));
        self.core.strategy.lock().preempt_after(me, interval).max(1)
    }

    fn now(&self) -> Ns {
        self.core.clock.load(Ordering::Relaxed)
    }

    fn wall(&self) -> Ns {
        EPOCH_NS.saturating_add(self.now())
    }

    fn thread_cpu(&self, me: Tid) -> Ns {
        self.core.machine.lock().thread_cpu(me)
    }

    fn process_cpu(&self) -> Ns {
        self.process.spent.load(Ordering::Relaxed)
    }

    fn local_time(&self, _wall_seconds: i64) -> LocalTime {
        LocalTime { offset: 0, dst: false, zone: "UTC".to_owned() }
    }

    fn entropy(&self, buf: &mut [u8]) {
        let (rng, given) = &mut *self.seed_entropy.lock();
        *given += buf.len() as u64;
        for chunk in buf.chunks_mut(8) {
            chunk.copy_from_slice(&rng.next_u64().to_le_bytes()[..chunk.len()]);
        }
    }

    fn uid(&self) -> u32 {
        overlay::OWNER
    }

    fn gid(&self) -> u32 {
        overlay::OWNER
    }

    fn cpu_count(&self) -> usize {
        self.cpu_count
    }

    fn hostname(&self) -> String {
        "gilbert".to_owned()
    }

    fn uname(&self) -> [String; 5] {
        ["Linux", "gilbert", "6.0.0-simulated", "#1 SMP", "x86_64"].map(str::to_owned)
    }

    fn load_average(&self) -> OsResult<[f64; 3]> {
        Ok([0.0; 3])
    }

    fn environ(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        self.environ.clone()
    }

    fn watch_signal(&self, signum: i32, _outside: bool, on_signal: OnSignal) -> OsResult<()> {
        if !(1..=64).contains(&signum) || signum == libc::SIGKILL || signum == libc::SIGSTOP {
            return Err(OsError::new(libc::EINVAL));
        }
        self.process.watch(signum, false, on_signal);
        Ok(())
    }

    fn unwatch_signal(&self, signum: i32) {
        self.process.unwatch(signum);
    }

    fn ignored_signals(&self) -> u64 {
        0
    }

    /// A signal that nobody watches ends the process, unless its default is to be ignored.
    fn raise_signal(&self, signum: i32) -> OsResult<()> {
        if !(1..=64).contains(&signum) {
            return Err(OsError::new(libc::EINVAL));
        }
        self.core.deliver(&self.process, signum);
        Ok(())
    }

    fn poll(&self, me: Tid, files: &mut [PollEntry], deadline: Option<Ns>, why: &Blocked) -> Wake {
        self.core.poll(me, files, deadline, why)
    }

    fn stdio(&self, n: u32) -> Handle {
        self.streams.handle(n)
    }

    fn start_dir(&self) -> PathBuf {
        self.start_dir.clone()
    }

    fn open(&self, _me: Tid, path: &Path, flags: i32, mode: u32) -> OsResult<Handle> {
        self.files.open(path, flags, mode)
    }

    fn pipe(&self) -> OsResult<(Handle, Handle)> {
        Ok(streams::pipe(Arc::clone(&self.core)))
    }

    fn socket(&self, kind: SocketKind) -> OsResult<Handle> {
        net::socket(&self.core, kind)
    }

    fn socket_pair(&self, kind: SocketKind) -> OsResult<(Handle, Handle)> {
        net::pair(&self.core, kind)
    }

    fn resolve(&self, name: &str) -> Vec<std::net::IpAddr> {
        net::resolve(name, &self.hostname())
    }

    fn stat(&self, path: &Path, follow: bool) -> OsResult<FileStat> {
        self.files.stat(path, follow)
    }

    fn listdir(&self, path: &Path) -> OsResult<Vec<DirEntry>> {
        self.files.listdir(path)
    }

    fn mkdir(&self, path: &Path, mode: u32) -> OsResult<()> {
        self.files.mkdir(path, mode)
    }

    fn rmdir(&self, path: &Path) -> OsResult<()> {
        self.files.rmdir(path)
    }

    fn unlink(&self, path: &Path) -> OsResult<()> {
        self.files.unlink(path)
    }

    fn rename(&self, from: &Path, to: &Path) -> OsResult<()> {
        self.files.rename(from, to)
    }

    fn link(&self, original: &Path, link: &Path) -> OsResult<()> {
        self.files.link(original, link)
    }

    fn symlink(&self, target: &Path, link: &Path) -> OsResult<()> {
        self.files.symlink(target, link)
    }

    fn readlink(&self, path: &Path) -> OsResult<PathBuf> {
        self.files.readlink(path)
    }

    fn chmod(&self, path: &Path, mode: u32) -> OsResult<()> {
        self.files.chmod(path, mode)
    }

    fn utime(&self, path: &Path, atime: i64, mtime: i64) -> OsResult<()> {
        self.files.utime(path, atime, mtime)
    }

    fn truncate(&self, path: &Path, len: u64) -> OsResult<()> {
        self.files.truncate(path, len)
    }

    fn access(&self, path: &Path, mode: u32) -> OsResult<()> {
        self.files.access(path, mode)
    }
}
