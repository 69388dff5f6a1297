//! The Python threads of an isolate: how they start, live and leave.
//!
//! A thread's body makes its own [`Vm`], takes the GIL, runs its entry, and leaves: it forgets its thread-local values, wakes
//! whoever waits for its end, and gives the GIL up for the last time. A killed thread leaves without running Python, and drops what it
//! holds of the heap only with the GIL.

use crate::blame::WaitsFor;
use crate::control::{birth_of, end_of};
use crate::error::{Exc, PyResult, Raised};
use crate::gil::Gil;
use crate::image::Image;
use crate::isolate::{Isolate, Library, Settings};
use crate::limits::Limits;
use crate::probe::{Event, Wait};
use crate::start::Woken;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Blocked, Explain, Ns, Outcome, StackBounds, ThreadStart, Tid, WaitKind, World, stack_pointer};
use std::collections::BTreeMap;
use std::ptr::NonNull;
use std::sync::Arc;

/// What a thread runs: a native that is given the value it was started with.
pub type Entry = fn(&mut Vm, Value);

/// What the isolate knows of a running thread.
pub struct ThreadInfo {
    /// Its identity in the world.
    pub tid: Tid,
    /// Its `threading.Thread` object, or absent.
    pub object: Value,
    /// Whether the process ends without waiting for it.
    pub daemon: bool,
    /// An exception set from outside (`PyThreadState_SetAsyncExc`), or absent.
    pub async_exc: Value,
    /// What it is to run, until it has begun.
    pub start: Option<(Entry, Value)>,
    /// What it waits for, for reports.
    pub waits_for: WaitsFor,
    /// Whether it has begun to run.
    pub begun: bool,
    /// Whether its code has ended, where it is still listed: the main thread at the end of the process.
    pub ended: bool,
    /// Who waits for its beginning or its end.
    pub waiters: Vec<Tid>,
    /// Its machine, while other threads may look at its frames.
    pub(crate) vm: Option<NonNull<Vm>>,
    /// Weak references to the `threading.local` objects that hold values for it.
    pub locals: Vec<Value>,
}

impl ThreadInfo {
    pub(crate) fn new(tid: Tid, daemon: bool, start: Option<(Entry, Value)>) -> ThreadInfo {
        let begun = start.is_none();
        ThreadInfo {
            tid,
            object: Value::NULL,
            daemon,
            async_exc: Value::NULL,
            start,
            waits_for: WaitsFor::Nothing,
            begun,
            ended: false,
            waiters: Vec::new(),
            vm: None,
            locals: Vec::new(),
        }
    }
}

/// The running threads, in the order of their start.
#[derive(Default)]
pub struct Threads {
    /// All that have started and not ended; by `Tid`, which is their order too.
    running: BTreeMap<Tid, ThreadInfo>,
    /// How many of them are no daemons.
    awaited: usize,
    /// How many threads were ever started.
    pub started: u64,
    /// Threads that wait for all non-daemon threads to end (the main thread at exit).
    pub waiting_for_exit: Vec<Tid>,
    /// The last number given to a wait.
    pub tickets: u64,
    /// The last number in a thread's name (`Thread-1`).
    pub names: u64,
    /// What `threading` does when the main thread's code has ended.
    pub on_shutdown: Option<fn(&mut Vm) -> PyResult<()>>,
    /// What `threading` does in a forked child first.
    pub after_fork: Option<fn(&mut Vm)>,
    /// The process ends: `atexit` runs or has run, and no thread may start any more.
    pub finalizing: bool,
    /// What new threads are traced and profiled with (`threading.settrace`), or absent.
    pub trace: Value,
    /// See `trace`.
    pub profile: Value,
}

/// What is counted and set of threads, while none runs.
pub(crate) struct Counts {
    numbers: [u64; 3],
    on_shutdown: Option<fn(&mut Vm) -> PyResult<()>>,
    after_fork: Option<fn(&mut Vm)>,
    hooks: [Value; 2],
}

impl Counts {
    /// No threads, with these counts.
    pub(crate) fn again(&self) -> Threads {
        let [started, names, tickets] = self.numbers;
        let [trace, profile] = self.hooks.clone();
        Threads { started, names, tickets, on_shutdown: self.on_shutdown, after_fork: self.after_fork, trace, profile, ..Threads::default() }
    }
}

impl Threads {
    /// What is left when all have ended.
    pub(crate) fn counts(&self) -> Counts {
        Counts {
            numbers: [self.started, self.names, self.tickets],
            on_shutdown: self.on_shutdown,
            after_fork: self.after_fork,
            hooks: [self.trace.clone(), self.profile.clone()],
        }
    }
    /// The entry of a thread.
    pub fn get(&self, tid: Tid) -> Option<&ThreadInfo> {
        self.running.get(&tid)
    }
    /// The entry of a thread, to be changed.
    pub fn get_mut(&mut self, tid: Tid) -> Option<&mut ThreadInfo> {
        self.running.get_mut(&tid)
    }
    /// A fork's: only the thread that forked lives on, as the main thread.
    pub(crate) fn clone_in(&self, c: &mut crate::object::Cloner) -> Threads {
        let mut threads = Threads {
            started: self.started,
            names: self.names,
            on_shutdown: self.on_shutdown,
            after_fork: self.after_fork,
            trace: c.value(&self.trace),
            profile: c.value(&self.profile),
            ..Threads::default()
        };
        let forker = self.running.values().find(|t| c.lives_on(t.tid));
        let mut main = ThreadInfo::new(c.threads.1, false, None);
        if let Some(t) = forker {
            main.object = c.value(&t.object);
            main.locals = c.values(&t.locals);
        }
        threads.enter(main);
        threads
    }
    pub(crate) fn enter(&mut self, info: ThreadInfo) {
        self.awaited += usize::from(!info.daemon);
        self.running.insert(info.tid, info);
    }
    fn remove(&mut self, tid: Tid) -> Option<ThreadInfo> {
        let info = self.running.remove(&tid)?;
        self.awaited -= usize::from(!info.daemon);
        Some(info)
    }
    /// All that have started and not ended, in the order of their start.
    pub fn iter(&self) -> impl Iterator<Item = &ThreadInfo> {
        self.running.values()
    }
    /// How many that are.
    pub fn len(&self) -> usize {
        self.running.len()
    }
    /// Whether that is none: never, while a thread looks.
    pub fn is_empty(&self) -> bool {
        self.running.is_empty()
    }
    /// Whether a thread other than `me` keeps the process alive.
    pub fn others_awaited(&self, me: Tid) -> bool {
        let mine = self.get(me).is_some_and(|t| !t.daemon);
        self.awaited > usize::from(mine)
    }
}

/// `threading.get_ident()` of a thread: a number that is not 0 and, unlike CPython's, never used again.
pub fn ident(tid: Tid) -> u64 {
    u64::from(tid.0) + 1
}

/// The thread of an ident.
pub fn of_ident(ident: i64) -> Option<Tid> {
    u32::try_from(ident).ok()?.checked_sub(1).map(Tid)
}

impl Vm {
    /// Starts a thread that runs `entry(arg)`. With `wait` it has begun when this returns.
    ///
    /// # Errors
    /// RuntimeError where the host has no more threads; what a signal handler raised while waiting.
    pub fn start_thread(&mut self, name: &str, daemon: bool, object: Value, entry: Entry, arg: Value) -> PyResult<Tid> {
        if self.iso().threads.finalizing {
            return Err(self.runtime_error("can't create new thread at interpreter shutdown"));
        }
        let limits = Limits::of(&*self.iso().world);
        if !limits.enter_thread() {
            return Err(self.runtime_error("can't start new thread: there are as many as --max-threads allows"));
        }
        let (ptr, gil) = (IsolatePtr(self.iso_ptr()), Arc::clone(&self.gil));
        let world = Arc::clone(&self.iso().world);
        gil.sync_clock(&mut self.turn);
        let started = world.spawn(name, daemon, Box::new(move |start| live(ptr, gil, start)));
        let Ok(tid) = started else {
            limits.leave_thread();
            return Err(self.runtime_error("can't start new thread"));
        };
        // the new thread finds this when it gets the GIL, which is ours
        let mut info = ThreadInfo::new(tid, daemon, Some((entry, arg)));
        info.object = object;
        let threads = &mut self.iso_mut().threads;
        threads.enter(info);
        threads.started += 1;
        self.event(&Event::ThreadStart(tid));
        if self.observed {
            self.event(&Event::Started { tid, name: name.into(), daemon });
        }
        if self.is_logged() {
            if let Some(log) = self.gil.log() {
                log.name(tid, name);
            }
            self.log_here(crate::timeline::Kind::Start, 0, u64::from(tid.0));
        }
        self.sync_access_at(birth_of(tid), true, false, Wait::No);
        Ok(tid)
    }
    /// Waits until a thread has begun to run, as `Thread.start()` does.
    pub fn await_begin(&mut self, tid: Tid) -> PyResult<()> {
        let gil = Arc::clone(&self.gil);
        if gil.hand_to_newborn(&mut self.turn, tid).is_err() {
            return Err(Raised::KILLED);
        }
        let why = Blocked { note: "the start of a thread".into(), ..Blocked::new(WaitKind::Other, 0) };
        self.await_thread(tid, None, why, birth_of(tid), |t| t.begun).map(drop)
    }
    /// Waits until a thread has ended; false at the deadline.
    pub fn await_end(&mut self, tid: Tid, object: u64, deadline: Option<Ns>) -> PyResult<bool> {
        self.await_thread(tid, deadline, Blocked::new(WaitKind::Join, object), end_of(tid), |t| t.ended)
    }
    fn await_thread(&mut self, tid: Tid, deadline: Option<Ns>, why: Blocked, location: u64, done: fn(&ThreadInfo) -> bool) -> PyResult<bool> {
        self.waits_for(WaitsFor::Thread(tid));
        let result = self.await_until(tid, deadline, why, location, done);
        self.waits_for(WaitsFor::Nothing);
        result
    }
    fn await_until(&mut self, tid: Tid, deadline: Option<Ns>, why: Blocked, location: u64, done: fn(&ThreadInfo) -> bool) -> PyResult<bool> {
        let me = self.tid();
        let mut asked = !self.controlled;
        loop {
            let open = match self.iso_mut().threads.get_mut(tid) {
                None => true,
                Some(t) if done(t) => true,
                Some(t) if !t.waiters.contains(&me) => {
                    t.waiters.push(me);
                    false
                }
                Some(_) => false,
            };
            if open && asked {
                self.sync_access_at(location, false, true, Wait::Last);
                return Ok(true);
            }
            asked = true;
            if self.park_gate(deadline, why.clone(), open)? == Woken::TimedOut {
                let over = self.iso().threads.get(tid).is_none_or(done);
                self.sync_access_at(location, false, over, Wait::No);
                return Ok(over);
            }
        }
    }
    /// The first act of a thread: whoever waits for its beginning goes on.
    fn begin_thread(&mut self) -> Option<(Entry, Value)> {
        let me = self.tid();
        let threads = &mut self.iso_mut().threads;
        let (trace, profile) = (threads.trace.clone(), threads.profile.clone());
        let info = threads.get_mut(me)?;
        info.begun = true;
        self.sync_access_at(birth_of(me), true, false, Wait::Last);
        let threads = &mut self.iso_mut().threads;
        let info = threads.get_mut(me)?;
        let (start, waiters) = (info.start.take(), std::mem::take(&mut info.waiters));
        for tid in waiters {
            self.wake(Some(tid));
        }
        self.set_profile(profile);
        self.set_trace(trace);
        start
    }
    /// The last act of a thread, with the GIL: forgets it and wakes whoever waits for its end.
    pub fn end_thread(&mut self) {
        let me = self.tid();
        // an error says that the run is over
        let _ = self.point();
        self.sync_access_at(end_of(me), true, false, Wait::No);
        let Some(info) = self.iso_mut().threads.remove(me) else { return };
        for weak in &info.locals {
            if let Some(local) = self.weak_target(weak) {
                let values = local.borrow_mut::<crate::sync::local::Local>(self).and_then(|l| l.forget(me));
                drop(values);
            }
        }
        self.event(&Event::ThreadEnd(me));
        if !self.gil.is_killed() {
            let _ = self.run_pending();
        }
        for tid in info.waiters {
            self.wake(Some(tid));
        }
        // main itself is one
        if self.iso().threads.awaited <= 1 {
            self.wake_exit_waiters();
        }
    }
    /// The main thread's code has ended: whoever joins it goes on, and `threading` does what it has to do then.
    pub(crate) fn main_has_ended(&mut self) -> PyResult<()> {
        let hook = self.iso().threads.on_shutdown;
        let result = hook.map_or(Ok(()), |h| h(self));
        let main = self.iso().main;
        if let Some(t) = self.iso_mut().threads.get_mut(main) {
            t.ended = true;
            for tid in std::mem::take(&mut t.waiters) {
                self.wake(Some(tid));
            }
        }
        result
    }
    /// Lets those who wait for all other threads look again.
    pub fn wake_exit_waiters(&mut self) {
        for tid in std::mem::take(&mut self.iso_mut().threads.waiting_for_exit) {
            self.wake(Some(tid));
        }
    }
    /// An exception for another thread, raised at its next check (`PyThreadState_SetAsyncExc`); false: no such thread.
    pub fn set_async_exc(&mut self, tid: Tid, exc: Value) -> bool {
        let Some(t) = self.iso_mut().threads.get_mut(tid) else { return false };
        let old = std::mem::replace(&mut t.async_exc, exc);
        drop(old);
        self.gil.set_pending(crate::gil::pending::ASYNC_EXC);
        true
    }
    /// SystemExit is how a thread may end; anything else it did not catch is reported to `report`.
    pub fn is_thread_exit(&self, e: &Raised) -> bool {
        e.is_killed() || self.is_exc(e, Exc::SystemExit)
    }
    /// Gives back the thread's side of the GIL; the rest is dropped while it is still held.
    pub(crate) fn into_turn(self) -> crate::gil::Turn {
        let Vm { turn, .. } = self;
        turn
    }
}

/// A thread's whole life.
fn live(ptr: IsolatePtr, gil: Arc<Gil>, start: ThreadStart) {
    let Some(mut vm) = born(&ptr, &gil, start) else { return };
    vm.show_frames();
    if let Some((entry, arg)) = vm.begin_thread() {
        entry(&mut vm, arg);
    }
    vm.end_thread();
    let limits = Limits::of(&*vm.iso().world);
    gil.exit(vm.into_turn());
    limits.leave_thread();
}

pub(crate) fn born(ptr: &IsolatePtr, gil: &Arc<Gil>, start: ThreadStart) -> Option<Vm> {
    let mut turn = gil.turn(start.tid);
    if gil.acquire_first(&mut turn).is_err() {
        gil.exit(turn);
        return None;
    }
    let bounds: StackBounds = start.stack;
    // SAFETY: this thread holds the GIL; the isolate outlives its threads.
    Some(unsafe { Vm::new(ptr.0, turn, bounds) })
}

/// What closes the first process where others go on without it.
pub(crate) fn end_of_first(ptr: &IsolatePtr, gil: &Arc<Gil>) -> crate::world::processes::Once {
    // SAFETY: the isolate has just been made and nobody runs in it yet.
    let fds = unsafe { ptr.0.as_ref() }.process.fds.clone();
    let gil = gil.clone();
    Box::new(move || {
        gil.kill();
        fds.close_all();
    })
}

/// The main thread of an isolate begins.
pub(crate) fn begin_main(ptr: &IsolatePtr, gil: &Arc<Gil>, start: ThreadStart) -> Option<Vm> {
    let mut vm = born(ptr, gil, start)?;
    let info = vm.iso().main_again(start.tid);
    vm.iso_mut().threads.enter(info);
    Some(vm)
}

/// What sends a thread's pointer to its isolate to another OS thread.
pub(crate) struct IsolatePtr(pub NonNull<Isolate>);
impl IsolatePtr {
    /// The isolate, to be dropped.
    ///
    /// # Safety
    /// It was leaked from a box, and nobody else reaches it any more.
    pub(crate) unsafe fn into_box(self) -> Box<Isolate> {
        // SAFETY: the caller's promise.
        unsafe { Box::from_raw(self.0.as_ptr()) }
    }
}
// SAFETY: the isolate is reached through the pointer only by whoever holds its GIL (H1 of the heap), and outlives its threads.
unsafe impl Send for IsolatePtr {}
// SAFETY: the same.
unsafe impl Sync for IsolatePtr {}

/// What tells, when nobody can go on, who holds what is waited for. It looks only if the GIL is free, and has it meanwhile.
pub(crate) fn explainer(ptr: IsolatePtr, gil: &Arc<Gil>) -> Explain {
    let gil = Arc::downgrade(gil);
    Box::new(move |blocked| {
        let ptr = &ptr;
        let (Some(gil), Some(first)) = (gil.upgrade(), blocked.first().map(|t| t.tid)) else { return };
        gil.while_free(|| {
            let here = stack_pointer();
            let bounds = StackBounds { base: here, limit: here.saturating_sub(STACK_TO_EXPLAIN) };
            // SAFETY: nobody else has the GIL while this runs; the isolate is freed only after its run has ended.
            unsafe { Vm::new(ptr.0, gil.turn(first), bounds) }.blame(blocked);
        });
    })
}

/// Stack that the reporting thread surely has left.
const STACK_TO_EXPLAIN: usize = 64 << 10;

/// Runs `main` as the main thread of a new isolate in `world`, and says how the run ended. The isolate is discarded whole.
pub fn run_isolate(
    image: Arc<Image>,
    world: Arc<dyn World>,
    gil: Arc<Gil>,
    library: Arc<dyn Library>,
    settings: Settings,
    main: impl FnOnce(&mut Vm) + Send + 'static,
) -> Outcome {
    let isolate = Box::leak(Isolate::new(image, world.clone(), gil.clone(), library, settings));
    let ptr = IsolatePtr(NonNull::from(isolate));
    let for_drop = ptr.0;
    world.on_stuck(explainer(IsolatePtr(ptr.0), &gil));
    world.process().at_end(end_of_first(&ptr, &gil), None);
    let outcome = world.run_main(Box::new(move |start| {
        let ptr = ptr;
        let Some(mut vm) = begin_main(&ptr, &gil, start) else { return };
        vm.show_frames();
        crate::builtins::init(&mut vm);
        main(&mut vm);
        gil.end_of_main(&mut vm.turn);
        gil.kill();
    }));
    if !matches!(outcome, Outcome::Panicked { .. }) && world.simulated() {
        // SAFETY: simulated threads share this OS thread and have been dropped; nobody else reaches the isolate.
        drop(unsafe { Box::from_raw(for_drop.as_ptr()) });
    }
    outcome
}

/// Runs `f` on the main thread of a fresh isolate in a simulated world and gives back what it says: for tests of natives.
#[doc(hidden)]
pub fn with_vm<R: Send + 'static>(f: impl FnOnce(&mut Vm) -> R + Send + 'static) -> R {
    with_library(Arc::new(crate::isolate::NoLibrary), f)
}

/// As [`with_vm`], with modules.
#[doc(hidden)]
pub fn with_library<R: Send + 'static>(library: Arc<dyn Library>, f: impl FnOnce(&mut Vm) -> R + Send + 'static) -> R {
    use crate::gil::{DEFAULT_BOUND, Handoff, Policy};
    use crate::world::sim::{SimOptions, SimWorld};
    let world: Arc<dyn World> = SimWorld::new(SimOptions::default());
    let gil = Arc::new(Gil::new(Policy::Ticks(100), Handoff::Fair, world.clone(), DEFAULT_BOUND).expect("settings of a test"));
    let result = Arc::new(parking_lot::Mutex::new(None));
    let slot = result.clone();
    let outcome = run_isolate(Image::new(), world, gil, library, Settings::default(), move |vm| {
        let r = f(vm);
        *slot.lock() = Some(r);
    });
    let r = result.lock().take();
    r.unwrap_or_else(|| panic!("the run ended with {outcome:?}"))
}
