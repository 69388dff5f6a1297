//! The event log's core: what accessors, the GIL, threads and blocking report, and to whom.
//!
//! A plain run has no probe; the accessors then cost one predictable branch. Counters, detectors, the explorer and timelines are
//! sinks behind [`Probe`].

use crate::control::CodeSite;
use crate::value::Value;
use crate::vm::Vm;
use crate::world::{Tid, WaitKind};

/// Which part of an object was touched.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Part {
    /// Everything: the length, an iteration, a bulk change.
    Whole,
    /// An item by index.
    Index(i64),
    /// An item by the hash of its key.
    Hash(i64),
    /// An attribute, by the address of its interned name.
    Name(u64),
}

/// One access to contents that threads share.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct Access {
    /// The object's address (stable for its life); in controlled runs its name (see `control`), the same in every run.
    pub object: u64,
    /// Which part.
    pub part: Part,
    /// Written, or only read.
    pub write: bool,
    /// Where in the code: the instruction that was begun last.
    pub site: CodeSite,
    /// Controlled runs: whether there was a scheduling point at that site.
    pub visible: bool,
    /// Whether it is an operation of a synchronisation object, which asks for its point itself.
    pub sync: bool,
    /// Such an object: whether it let waiters pass before this access.
    pub open: bool,
    /// Such an object: what this access had to wait for.
    pub wait: Wait,
}

/// What an operation on a synchronisation object had to wait for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Wait {
    /// Nothing: it never waits.
    No,
    /// For the object to be open, whoever opened it.
    Open,
    /// For the very access that came before: a notification, the end of a thread.
    Last,
}

/// What can happen.
#[derive(Clone, Debug)]
pub enum Event {
    /// The current instruction touched shared contents.
    Access(Access),
    /// A thread started (by whom) or ended.
    ThreadStart(Tid),
    /// A thread ended.
    ThreadEnd(Tid),
    /// Another process was started.
    ProcessStart,
    /// A thread lost or gave up the GIL, and why ("tick", "io", "block", "exit").
    GilRelease(Tid, &'static str),
    /// A thread got the GIL.
    GilAcquire(Tid),
    /// A thread has got something of a synchronisation object, or gives it.
    Sync {
        /// The object: its address, or where names are given to objects, its name.
        object: u64,
        /// What it is.
        kind: SyncKind,
        /// Acquired, taken, seen, or left; else released, given, set, or arrived at.
        acquired: bool,
        /// Permits and items: how many are there without this one.
        free: usize,
        /// The thread would have waited for ever.
        patient: bool,
    },
    /// The thread has started another.
    Started {
        /// Which.
        tid: Tid,
        /// Its name.
        name: std::sync::Arc<str>,
        /// Whether the process ends without it.
        daemon: bool,
    },
    /// The thread knows that another has ended.
    Joined(Tid),
    /// The thread waits from now on.
    Blocks {
        /// For what.
        kind: WaitKind,
        /// The same in a few words, where the kind does not say enough.
        note: std::borrow::Cow<'static, str>,
    },
    /// The thread goes on after a wait.
    Resumes,
    /// A thread has come to a scheduling point of its own: a hash of its frames' values, and the place.
    Point {
        /// Equal where the thread has come back in the same state; `None` where that cannot be told.
        state: Option<u64>,
        /// How many instructions it has begun.
        begun: u64,
        /// The instruction.
        site: CodeSite,
    },
    /// What the current step does at a visible place, in words, and the value that it writes or compares (empty: none). Only where asked for.
    Told {
        /// The source file.
        file: std::sync::Arc<str>,
        /// The line.
        line: u32,
        /// `STORE_GLOBAL x`, or the type of a synchronisation object.
        what: String,
        /// What is written.
        value: String,
    },
    /// What the visible instruction told of last has read.
    Value(String),
    /// A thread comes to a wait for a synchronisation object to be open: the object's name.
    Waits(u64),
    /// Somebody clears a `threading.Event`: waits for it must be told apart from later ones.
    EventCleared,
    /// Text was written to a standard stream (file descriptor, bytes).
    Output(i32, usize),
}

/// What a synchronisation object is, as far as order goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum SyncKind {
    /// `threading.Lock`
    Lock,
    /// `threading.RLock`; only the outermost acquisition and the last release are told.
    RLock,
    /// Semaphores, those of `multiprocessing` too.
    Semaphore,
    /// `queue.SimpleQueue`
    Queue,
    /// `threading.Event`
    Event,
    /// `threading.Barrier`
    Barrier,
}

/// A sink of events. Called with the GIL held.
pub trait Probe {
    /// `thread` did this.
    fn event(&mut self, thread: Tid, event: &Event);
    /// The same, with a look at the machine, and the object where there is one. What the calling thread runs is `vm.calls()`.
    fn event_in(&mut self, vm: &Vm, event: &Event, _object: Option<&Value>) {
        self.event(vm.tid(), event);
    }
}

/// Several sinks that hear the same.
#[derive(Default)]
pub struct Fan(pub Vec<Box<dyn Probe>>);

impl Probe for Fan {
    fn event(&mut self, thread: Tid, event: &Event) {
        self.0.iter_mut().for_each(|p| p.event(thread, event));
    }
    fn event_in(&mut self, vm: &Vm, event: &Event, object: Option<&Value>) {
        self.0.iter_mut().for_each(|p| p.event_in(vm, event, object));
    }
}

/// The simplest sink: counts.
#[derive(Default, Debug, Clone, PartialEq, Eq)]
pub struct Counters {
    /// Reads of shared contents.
    pub reads: u64,
    /// Writes of shared contents.
    pub writes: u64,
    /// Threads started.
    pub threads: u64,
    /// GIL releases.
    pub releases: u64,
    /// Acquisitions of locks and their like.
    pub acquires: u64,
    /// Writes to standard streams.
    pub outputs: u64,
}

/// A sink that counts and lets others read the counts.
#[derive(Default, Clone)]
pub struct CountingProbe(pub std::rc::Rc<std::cell::RefCell<Counters>>);

impl Probe for CountingProbe {
    fn event(&mut self, _: Tid, event: &Event) {
        let mut c = self.0.borrow_mut();
        match event {
            Event::Access(a) if a.write => c.writes += 1,
            Event::Access(_) => c.reads += 1,
            Event::ThreadStart(_) => c.threads += 1,
            Event::GilRelease(..) => c.releases += 1,
            Event::Sync { acquired: true, .. } => c.acquires += 1,
            Event::Output(..) => c.outputs += 1,
            _ => {}
        }
    }
}
