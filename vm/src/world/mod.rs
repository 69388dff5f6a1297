//! The world: everything that a Python process can reach outside its own heap.
//!
//! There are two. [`native::NativeWorld`] is the operating system: a Python thread is an OS thread, the clock is the
//! machine's, files are files. [`sim::SimWorld`] is a seeded discrete-event simulator: all threads are coroutines of one OS
//! thread, the clock is virtual, what is written stays in memory. Whatever blocks is written once, upon [`World::park`] and
//! [`World::unpark`], and runs unchanged in both; so all waiting can be seen, cancelled and blamed.
//!
//! # How an interpreter lives in a world
//!
//! **Start.** `world.run_main(body)` runs `body` as the main thread (`Tid::MAIN`) and returns how the run ended. Other threads
//! come from [`World::spawn`]. Each body gets a [`ThreadStart`]: its [`Tid`] and its [`StackBounds`], which are of the same
//! size in both worlds; re-entries into the interpreter compare [`stack_pointer`] with [`StackBounds::floor`].
//! A body makes a [`crate::gil::Turn`] for itself, acquires the GIL, runs, releases with `Cause::Exit`, and returns.
//!
//! **Block.** A blocking native makes its state visible first (with the GIL held: it enters itself in the lock's list of
//! waiters), then releases the GIL, parks, acquires the GIL, and *looks again*:
//!
//! ```text
//! loop {
//!     if granted { break }                            // GIL held
//!     gil.release(me, Cause::Block, &mut turn);
//!     let wake = world.park(me, deadline, &why);
//!     gil.acquire(me, &mut turn)?;                    // Err(Killed): leave at once, run no `finally`
//!     match wake { Unparked => {}, TimedOut => .., Interrupted => run signal handlers .., Killed => leave }
//! }
//! ```
//!
//! The waker makes the grant visible and then calls `unpark(tid)`. An unpark that comes before the park makes that park return
//! at once: no wake-up is lost. A park may also return `Unparked` for no reason (a token meant for an earlier wait), hence the
//! loop. Nothing may be owned by the native stack across a park except plain data: a simulated run ends by resetting stacks.
//!
//! **Sleep** is a park with a deadline in [`World::now`]'s time; an empty `loop` of parks until it answers `TimedOut`.
//!
//! **End.** When the main body returns, the run is over: threads that remain are dropped. Natively they stay parked for good
//! (unless the options say otherwise); simulated ones are resumed one by one, their parks answer [`Wake::Killed`], and they must
//! leave without running Python.
//!
//! **Readiness.** [`World::poll`] waits for several files at once, a [`Poller`] for thousands; see [`ready`]. Sockets are files like
//! others, whose waits are parks of kind [`WaitKind::Io`].
//!
//! **Processes.** A `World` handle is one process's view of a machine. Threads (`Tid`s are unique in the machine), clock, scheduler,
//! disk and streams belong to the machine; pid, parent, signals, the end and the exit status to the process ([`processes`]).
//! [`World::fork_process`] gives the view of a new process; [`World::start_main`] lets it begin. A process ends by
//! [`World::end_process`]: its threads' parks answer [`Wake::Killed`] from then on. The machine's run is over when its last process has
//! ended.

pub mod files;
pub mod native;
pub mod net;
pub mod poller;
pub mod processes;
pub mod ready;
pub mod shelf;
pub mod sim;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use crate::strategy::ChoicePoint;
pub use files::{DirEntry, File, FileStat, Handle, OsError, OsResult, Whence};
pub use net::{Address, Socket, SocketKind};
pub use poller::{PollMode, Poller};
pub use processes::Process;
pub use ready::{Interest, PollEntry, Watcher, Watchers};
pub use shelf::Shelf;

/// Nanoseconds, of whichever clock the context says.
pub type Ns = u64;

/// Address space of every Python thread's native stack, main thread included, in both worlds. Committed as touched.
pub const THREAD_STACK: usize = 1 << 20;

/// A thread's identity within one world. Never reused within a run.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Tid(pub u32);

impl Tid {
    /// The thread that [`World::run_main`] runs: the first process's main thread.
    pub const MAIN: Tid = Tid(0);
}

impl fmt::Display for Tid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "T{}", self.0)
    }
}

/// Where a thread's native stack lies. Stacks grow downwards from `base` to `limit`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StackBounds {
    /// Highest address.
    pub base: usize,
    /// Lowest address that may be touched.
    pub limit: usize,
}

impl StackBounds {
    /// The address below which a re-entry must not begin if it wants `reserve` bytes for itself.
    pub fn floor(self, reserve: usize) -> usize {
        self.limit.saturating_add(reserve)
    }
}

/// The caller's stack pointer, near enough for [`StackBounds`].
#[inline(always)]
pub fn stack_pointer() -> usize {
    let here = 0u8;
    std::hint::black_box(&raw const here) as usize
}

/// What a thread's body is given.
#[derive(Clone, Copy, Debug)]
pub struct ThreadStart {
    /// The new thread's identity.
    pub tid: Tid,
    /// Its native stack.
    pub stack: StackBounds,
}

/// A thread's whole life. When it returns, the thread is gone.
pub type Body = Box<dyn FnOnce(ThreadStart) + Send>;

/// Why a thread could not be started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpawnError {
    /// The host has no more threads or memory (Python: `RuntimeError: can't start new thread`).
    Exhausted,
    /// The run has ended.
    Stopped,
}

/// How a [`World::park`] ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// Somebody unparked us, or nobody did: look again.
    Unparked,
    /// The deadline has passed.
    TimedOut,
    /// [`World::interrupt`]: a signal wants the thread's attention. Not delivered to waits for the GIL.
    Interrupted,
    /// The thread or the run is over. For good: leave without running Python.
    Killed,
}

/// What kind of thing a thread waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WaitKind {
    Gil,
    Lock,
    RLock,
    Condition,
    Semaphore,
    Event,
    Barrier,
    Queue,
    Join,
    Process,
    Sleep,
    Io,
    Greenlet,
    Other,
}

/// A place in Python source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// File name as tracebacks show it.
    pub file: Arc<str>,
    /// Line, from 1.
    pub line: u32,
}

/// Why a thread waits; given to [`World::park`], shown by [`World::blocked_threads`] and by deadlock reports.
#[derive(Clone, Debug, PartialEq)]
pub struct Blocked {
    /// What kind of wait.
    pub kind: WaitKind,
    /// Which object: an isolate-wide id that the isolate can turn into a name, an owner and other waiters. 0: none.
    pub object: u64,
    /// A few words where kind and object do not say enough.
    pub note: Cow<'static, str>,
    /// Where in Python, if known.
    pub at: Option<Site>,
    /// Where in the library, if the wait is in a library function that the place called.
    pub within: Option<Site>,
    /// Whether something outside this process could end the wait: standard input, a listening socket. Such a wait is no deadlock.
    pub outside: bool,
}

impl Blocked {
    /// A wait that only threads of this world can end.
    pub const fn new(kind: WaitKind, object: u64) -> Blocked {
        Blocked { kind, object, note: Cow::Borrowed(""), at: None, within: None, outside: false }
    }

    /// A wait that the outside can end, for example for standard input.
    pub const fn outside(kind: WaitKind, note: &'static str) -> Blocked {
        Blocked { kind, object: 0, note: Cow::Borrowed(note), at: None, within: None, outside: true }
    }

    /// The same, with a place in Python.
    pub fn at(mut self, file: Arc<str>, line: u32) -> Blocked {
        self.at = Some(Site { file, line });
        self
    }
}

/// One line of a report on who waits for what.
#[derive(Clone, Debug, PartialEq)]
pub struct BlockedThread {
    /// Who.
    pub tid: Tid,
    /// The process it belongs to: number and name.
    pub process: (u32, Arc<str>),
    /// The thread's name, as given to [`World::spawn`].
    pub name: Arc<str>,
    /// Whether the thread was started as a daemon.
    pub daemon: bool,
    /// Since when, in [`World::now`]'s time.
    pub since: Ns,
    /// Until when, if it gives up by itself.
    pub deadline: Option<Ns>,
    /// For what.
    pub why: Blocked,
    /// Who holds that, where somebody does and it is known.
    pub held_by: Option<Holder>,
}

/// Who has what another thread waits for.
#[derive(Clone, Debug, PartialEq)]
pub struct Holder {
    /// The holder; of a thread that is waited for, that thread itself.
    pub tid: Tid,
    /// Its name; `None` where it has ended.
    pub name: Option<Arc<str>>,
    /// Where it got it.
    pub at: Option<Site>,
}

/// Fills in who holds what the blocked threads wait for, each process for its own.
fn explain_all(processes: &processes::Processes, blocked: &mut [BlockedThread]) {
    blocked.sort_by_key(|t| (t.process.0, t.tid));
    for group in blocked.chunk_by_mut(|a, b| a.process.0 == b.process.0) {
        let explain = group.first().and_then(|t| processes.get(t.process.0)).and_then(|p| p.explain());
        if let Some(explain) = explain {
            explain(group);
        }
    }
    // who waits for a process waits for its main thread
    let mains: Vec<_> = blocked.iter().map(|t| (t.process.0, t.tid, Arc::clone(&t.name))).collect();
    // a lock that processes share may be held in another one
    for holder in blocked.iter_mut().filter_map(|t| t.held_by.as_mut()).filter(|h| h.name.is_none()) {
        holder.name = mains.iter().find(|m| m.1 == holder.tid).map(|m| Arc::clone(&m.2));
    }
    for thread in blocked.iter_mut().filter(|t| t.why.kind == WaitKind::Process && t.held_by.is_none()) {
        let of = processes.get(u32::try_from(thread.why.object).unwrap_or(0));
        thread.held_by = of.map(|p| Holder { tid: p.main, name: mains.iter().find(|m| m.1 == p.main).map(|m| Arc::clone(&m.2)), at: None });
    }
}

/// Fills in [`BlockedThread::held_by`] when nobody can go on.
pub type Explain = Box<dyn Fn(&mut [BlockedThread]) + Send + Sync>;

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The main body returned.
    Finished,
    /// Nobody can ever run again.
    Deadlock(Vec<BlockedThread>),
    /// Simulated only: nobody can run until something outside happens, and nothing outside exists.
    Idle(Vec<BlockedThread>),
    /// The limit set by [`World::set_until`] was reached.
    Until,
    /// Simulated only: the threads have run as many ticks as they may.
    TickLimit,
    /// [`World::stop`] was called.
    Stopped,
    /// Simulated only: a signal came that nobody watches and that ends a process.
    Signal(i32),
    /// A body panicked: a bug in native code.
    Panicked { tid: Tid, message: String },
}

/// What local time is at some moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// Seconds east of UTC.
    pub offset: i32,
    /// Whether summer time is in force.
    pub dst: bool,
    /// The zone's abbreviation, such as `CET`.
    pub zone: String,
}

/// Called when a watched signal arrives: on a thread of the world's own, never inside a signal handler.
pub type OnSignal = Arc<dyn Fn(i32) + Send + Sync>;

/// The outside of a Python process. See the module's page for how to live in one.
///
/// Paths are absolute; the working directory and the descriptor table belong to the isolate.
pub trait World: Send + Sync {
    /// Whether time and scheduling are simulated.
    fn simulated(&self) -> bool;

    // ---- threads ----

    /// Runs `body` as the main thread and returns when the run is over. Once for each world.
    fn run_main(&self, body: Body) -> Outcome;

    /// Starts a thread. `daemon` is only kept for reports: waiting for non-daemon threads is the main body's business.
    fn spawn(&self, name: &str, daemon: bool, body: Body) -> Result<Tid, SpawnError>;

    /// Waits until [`World::unpark`], the deadline ([`World::now`]'s time), an interrupt or the end. Without the GIL, please.
    fn park(&self, me: Tid, deadline: Option<Ns>, why: &Blocked) -> Wake;

    /// Gives `tid` the token that ends its park, now or the next one. No effect on a thread that is gone.
    fn unpark(&self, tid: Tid);

    /// Whether nothing but the strategy decides who goes on (see [`sim::Order::Controlled`]).
    fn controlled(&self) -> bool {
        false
    }

    /// Controlled: a scheduling point of the running thread; others may run before this returns. False: the run or the thread is
    /// over, leave. Else: nothing.
    fn point(&self, _me: Tid) -> bool {
        true
    }

    /// A park for something that may be there already (`open`). Controlled: a scheduling point, at which the thread is enabled as long
    /// as it is open, that is, from then or its unpark on until [`World::unwake`]. Else: as [`World::park`].
    fn park_gate(&self, me: Tid, deadline: Option<Ns>, why: &Blocked, _open: bool) -> Wake {
        self.park(me, deadline, why)
    }

    /// Controlled: takes an [`World::unpark`] back that has not taken effect: another thread has what `tid` was woken for. Else: nothing.
    fn unwake(&self, _tid: Tid) {}

    /// Takes the token away, if there is one: the GIL's doing, when the hand-over that a token announced has been noticed
    /// without it. Whoever has the GIL looks again before it parks, so nothing is lost.
    fn forget_unpark(&self, me: Tid);

    /// Makes the current or next interruptible park of `tid` answer `Interrupted`, once.
    fn interrupt(&self, tid: Tid);

    /// Forgets an [`World::interrupt`] that no park has answered yet.
    fn clear_interrupt(&self, me: Tid);

    /// Makes every park of `tid` answer `Killed` from now on; but not a wait for the GIL, in which it needs its turn to leave.
    fn kill(&self, tid: Tid);

    /// Ends the run of the whole machine: [`World::run_main`] returns `Stopped` (unless it has an outcome already) and every park
    /// answers `Killed`.
    fn stop(&self);

    // ---- processes ----

    /// What the machine knows of this process.
    fn process(&self) -> &Arc<processes::Process>;

    /// A new process, this one's child, that has not begun; [`World::start_main`] lets it, or [`World::abandon`] forgets it. Its main
    /// thread has its `Tid` already ([`processes::Process::main`]).
    fn fork_process(&self, name: &str) -> Result<Arc<dyn World>, SpawnError>;

    /// Starts the main thread of a process that [`World::fork_process`] has made.
    fn start_main(&self, body: Body) -> Result<(), SpawnError>;

    /// Forgets this process, which has never begun.
    fn abandon(&self);

    /// Ends this process: `status` is its exit code, or minus the number of the signal that ended it; the first one counts. Its threads
    /// leave, those that wait for its end are woken. Where it is the machine's last process the run is over.
    fn end_process(&self, status: i32);

    /// Takes note of the end of a child, this one or any: see [`processes::Processes::take_ended`].
    fn take_ended(&self, which: Option<u32>, wait: Option<Tid>) -> processes::Child;

    /// Who has called [`World::take_ended`] with itself to be woken waits no more.
    fn wait_no_more(&self, me: Tid);

    /// A file that becomes readable when the process of this number has ended; `ESRCH`.
    fn sentinel(&self, pid: u32) -> OsResult<Handle>;

    /// Sends a signal to a process of this machine (or, natively, of the host); 0 only looks. `ESRCH`, `EINVAL`, `EPERM`.
    fn kill_process(&self, pid: u32, signum: i32) -> OsResult<()>;

    /// What the machine knows of a process of this number.
    fn find_process(&self, pid: u32) -> Option<Arc<processes::Process>>;

    /// The numbers of all processes that have not ended, this one last.
    fn group(&self) -> Vec<u32>;

    /// Whether this machine has, or has had, more than one process.
    fn many_processes(&self) -> bool;

    /// For a thread that has seen the end of the run and must not touch anything shared: natively never returns, since the
    /// others may be running; simulated returns, since nobody else is.
    fn retire(&self, me: Tid);

    /// Whether the run is over, or this process.
    fn stopped(&self) -> bool;

    /// Ends the run with [`Outcome::Until`] when [`World::now`] reaches `at`.
    fn set_until(&self, at: Option<Ns>);

    /// Everybody who is parked, in order of `Tid`.
    fn blocked_threads(&self) -> Vec<BlockedThread>;

    /// What to ask for the holders of what this process's threads wait for, in a [`Outcome::Deadlock`] or [`Outcome::Idle`].
    fn on_stuck(&self, explain: Explain) {
        self.process().set_explain(explain);
    }

    /// Declares (`+1`) or withdraws (`-1`) a standing source of wake-ups from outside, such as a Python signal handler or a
    /// helper OS thread: while there is one, nothing is a deadlock.
    fn outside_sources(&self, change: i32);

    /// The operating system's number for a thread (`threading.get_native_id`); a stable made-up one when simulated.
    fn native_id(&self, tid: Tid) -> u64;

    // ---- the machine ----

    /// What the processes of this machine share by name; the same for all of them.
    fn shelf(&self) -> &Shelf;

    // ---- scheduling ----

    /// Asks who of `choices` (never empty, in order of arrival) goes on, by index. `current` is the thread that runs now, if it
    /// is among them.
    fn choose(&self, choices: &[Tid], current: Option<Tid>, why: ChoicePoint) -> usize;

    /// Reports that `me` has executed `ticks` instructions since the last report. Simulated: time passes, others may run
    /// before this returns. Native: nothing.
    fn charge(&self, me: Tid, ticks: u32);

    /// Reports work of `ns` nanoseconds that is not counted in ticks. Native: nothing.
    fn charge_ns(&self, me: Tid, ns: Ns);

    /// Reports that `me` has just been handed a GIL by another thread: a switch of the virtual processor. Native: nothing.
    fn charge_switch(&self, me: Tid);

    /// How many ticks `me` may run, at most `want`, before it must [`charge`](World::charge) them, so that timers are exact.
    /// At least 1. Native: `want`.
    fn slice(&self, me: Tid, want: u32) -> u32;

    /// Without a GIL: how many ticks `me` may run before another thread may, when the tick interval is `interval`.
    fn preempt_after(&self, me: Tid, interval: u32) -> u32;

    // ---- clock ----

    /// Monotonic time since the world began. Simulated callers first [`charge`](World::charge) what they have run.
    fn now(&self) -> Ns;

    /// Time since 1970-01-01T00:00:00Z. Simulated: a fixed epoch (2024-01-01T00:00:00Z) plus [`World::now`].
    fn wall(&self) -> Ns;

    /// Processor time of one thread (native: only of the calling one).
    fn thread_cpu(&self, me: Tid) -> Ns;

    /// Processor time of the whole process.
    fn process_cpu(&self) -> Ns;

    /// Local time at `wall_seconds` since 1970. Simulated: UTC.
    fn local_time(&self, wall_seconds: i64) -> LocalTime;

    // ---- identity ----

    /// Fills `buf` with random bytes; simulated: from the seed.
    fn entropy(&self, buf: &mut [u8]);

    /// Process id.
    fn pid(&self) -> u32 {
        self.process().pid
    }

    /// Parent's process id.
    fn ppid(&self) -> u32 {
        self.process().ppid()
    }

    /// The process's main thread.
    fn main_tid(&self) -> Tid {
        self.process().main
    }

    /// Real user id.
    fn uid(&self) -> u32;

    /// Real group id.
    fn gid(&self) -> u32;

    /// Processors that this process can use.
    fn cpu_count(&self) -> usize;

    /// Name of the machine.
    fn hostname(&self) -> String;

    /// What the operating system calls itself: name, the machine's name, release, version, architecture. Simulated: always the same.
    fn uname(&self) -> [String; 5];

    /// Processes that ran or wanted to, on average over 1, 5 and 15 minutes. Simulated: 0.
    fn load_average(&self) -> OsResult<[f64; 3]>;

    /// The environment at the start, as bytes. Simulated: only what was passed.
    fn environ(&self) -> Vec<(Vec<u8>, Vec<u8>)>;

    // ---- signals ----

    /// Starts to watch `signum`: from now on it does not end the process but is queued for [`World::take_signals`], and
    /// `on_signal` is called. `outside`: whether it counts as a source of wake-ups (see [`World::outside_sources`]).
    fn watch_signal(&self, signum: i32, outside: bool, on_signal: OnSignal) -> OsResult<()>;

    /// Stops watching; the signal has its default effect again.
    fn unwatch_signal(&self, signum: i32);

    /// The signals this process watches, and whether each counts as an outside source.
    fn watched_signals(&self) -> Vec<(i32, bool)> {
        self.process().watched()
    }

    /// Signals that have come since the last call, in order.
    fn take_signals(&self) -> Vec<i32> {
        self.process().take_arrived()
    }

    /// The signals that have been ignored since the process was started, by its parent's wish: bit n - 1 for signal n.
    fn ignored_signals(&self) -> u64;

    /// Raises a signal in this process (`signal.raise_signal`, `os.kill` of oneself).
    fn raise_signal(&self, signum: i32) -> OsResult<()>;

    // ---- streams and files ----

    /// Waits until one of `files` is ready for what is wanted of it, and says so in `got`; the deadline; an interrupt; the end. Without
    /// the GIL. `Unparked` with nothing in any `got`: somebody unparked the thread for another reason; look again. The wait counts as
    /// one for the outside if `why` says so or one of the files does.
    fn poll(&self, me: Tid, files: &mut [PollEntry], deadline: Option<Ns>, why: &Blocked) -> Wake;

    /// Standard input (0), output (1) or error (2).
    fn stdio(&self, n: u32) -> Handle;

    /// The directory in which the process was started.
    fn start_dir(&self) -> PathBuf;

    /// Opens a file; `flags` are the platform's `O_*`, `mode` the permissions of a new file (umask already applied).
    fn open(&self, me: Tid, path: &Path, flags: i32, mode: u32) -> OsResult<Handle>;

    /// A pipe: (read end, write end).
    fn pipe(&self) -> OsResult<(Handle, Handle)>;

    /// A new socket.
    fn socket(&self, kind: SocketKind) -> OsResult<Handle>;

    /// Two sockets that are connected with each other.
    fn socket_pair(&self, kind: SocketKind) -> OsResult<(Handle, Handle)>;

    /// The addresses of a host's name; none where it is unknown. May take long: without the GIL. Simulated: loopback only.
    fn resolve(&self, name: &str) -> Vec<std::net::IpAddr>;

    /// What is known about a path; `follow` symbolic links or not.
    fn stat(&self, path: &Path, follow: bool) -> OsResult<FileStat>;

    /// Names in a directory without `.` and `..`. Simulated: sorted.
    fn listdir(&self, path: &Path) -> OsResult<Vec<DirEntry>>;

    /// Makes a directory (umask already applied).
    fn mkdir(&self, path: &Path, mode: u32) -> OsResult<()>;

    /// Removes an empty directory.
    fn rmdir(&self, path: &Path) -> OsResult<()>;

    /// Removes a file or a symbolic link.
    fn unlink(&self, path: &Path) -> OsResult<()>;

    /// Renames; replaces an existing file.
    fn rename(&self, from: &Path, to: &Path) -> OsResult<()>;

    /// Makes a second name for a file.
    fn link(&self, original: &Path, link: &Path) -> OsResult<()>;

    /// Makes a symbolic link at `link` with the text `target`.
    fn symlink(&self, target: &Path, link: &Path) -> OsResult<()>;

    /// The text of a symbolic link.
    fn readlink(&self, path: &Path) -> OsResult<PathBuf>;

    /// Sets permissions.
    fn chmod(&self, path: &Path, mode: u32) -> OsResult<()>;

    /// Sets access and modification time, ns since 1970.
    fn utime(&self, path: &Path, atime: i64, mtime: i64) -> OsResult<()>;

    /// Sets a file's length.
    fn truncate(&self, path: &Path, len: u64) -> OsResult<()>;

    /// Whether the process may do `mode` (`F_OK` 0, or a sum of `R_OK` 4, `W_OK` 2, `X_OK` 1) to `path`.
    fn access(&self, path: &Path, mode: u32) -> OsResult<()>;
}
