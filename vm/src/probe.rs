//! The event log's core: what accessors, the GIL, threads and blocking report, and to whom.
//!
//! A plain run has no probe; the accessors then cost one predictable branch. Counters, detectors, the explorer and timelines are
//! sinks behind [`Probe`].

use crate::control::CodeSite;
use crate::world::Tid;

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
    /// A thread lost or gave up the GIL, and why ("tick", "io", "block", "exit").
    GilRelease(Tid, &'static str),
    /// A thread got the GIL.
    GilAcquire(Tid),
    /// A synchronisation object was acquired (true) or released (false).
    Sync(Tid, u64, bool),
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

/// A sink of events. Called with the GIL held.
pub trait Probe {
    /// `thread` did this.
    fn event(&mut self, thread: Tid, event: &Event);
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
            Event::Sync(_, _, true) => c.acquires += 1,
            Event::Output(..) => c.outputs += 1,
            _ => {}
        }
    }
}
